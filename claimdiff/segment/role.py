"""Which blocks of a document are its headline, its body and its boilerplate.

Each line is judged by its own words first, then by where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claimdiff.model import Block, BlockKind, Boilerplate, Role
from claimdiff.segment.furniture import MAX_SHORT, TERMINAL, WORD, hits, is_credit, is_furniture, is_note
from claimdiff.segment.page import is_lone, is_prose, spread
from claimdiff.segment.phrase import NONE, compiled
from claimdiff.segment.sentence import sentences

_MAX_HEADLINE = 220
_TOP = 3  # how far below the first line that is no furniture a heading is still the headline
_KICKER_WORDS = 3
_TITLE_WORDS = 4

_PERIOD = re.compile(r"[.;,][\"'”’»)\]]*+\Z")


@dataclass(frozen=True, slots=True)
class Roles:
    """The role of a block; `whole` says that it is one statement, `note` that it is an editor's note.
    Single statements of a body block may still be boilerplate."""

    role: Role
    whole: bool = False
    note: bool = False

    def of(self, text: str) -> Role:
        if self.role is Role.BODY and (hits(text, "statement") or self.is_note(text)):
            return Role.BOILERPLATE
        return self.role

    def is_note(self, text: str) -> bool:
        """Is this statement an editor's note, or a part of one?"""
        return self.note or (self.role is Role.BODY and is_note(text))


def assign(blocks: Sequence[Block], own: Boilerplate = NONE) -> tuple[Roles, ...]:
    """The roles of a document's blocks, in order; `own` tells further boilerplate."""
    texts = [block.text.strip() for block in blocks]
    phrases = compiled(own)
    marked = [is_furniture(block, texts[at], at == 0, phrases) for at, block in enumerate(blocks)]
    headline = _headline(blocks, texts, marked)
    spread(blocks, texts, marked, headline)
    return tuple(
        Roles(Role.HEADLINE, whole=True) if at == headline
        else Roles(Role.BOILERPLATE, whole=_is_credit_line(text), note=is_note(text)) if marked[at]
        else Roles(Role.BODY)
        for at, text in enumerate(texts)
    )  # fmt: skip


def _headline(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool]) -> int | None:
    """The first heading, or the first line that reads like one; None in a text of one block.

    What stands above it is marked: the names of sections, a kicker.
    """
    first = next((at for at, hit in enumerate(marked) if not hit), None)
    if first is None or len(blocks) < 2:
        return None
    top = next((at for at, own in enumerate(blocks[: first + _TOP]) if own.kind is BlockKind.HEADING), None)
    if top is not None and not hits(texts[top], "line"):
        for at in range(top):
            marked[at] |= is_lone(blocks[at], texts[at]) and len(texts[at]) <= MAX_SHORT
        marked[top] = False
        return top
    at = _below_kickers(blocks, texts, marked, first)
    text = texts[at]
    if blocks[at].kind is not BlockKind.PARAGRAPH or len(text) > _MAX_HEADLINE or _PERIOD.search(text):
        return None
    if TERMINAL.search(text) and len(sentences(text)[0]) > 1:
        return None
    marked[first:at] = [True] * (at - first)
    return at


def _below_kickers(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool], first: int) -> int:
    """The first line below one or two words that only name a section or shout; `first` if there is none."""
    for at in range(first, len(blocks)):
        if marked[at] or _is_kicker(texts[at]):
            continue
        if is_prose(blocks[at], texts[at]) or not is_lone(blocks[at], texts[at]):
            return first
        return at if len(WORD.findall(texts[at])) >= _TITLE_WORDS else first
    return first


def _is_kicker(text: str) -> bool:
    tokens = WORD.findall(text) if len(text) <= MAX_SHORT else []
    named = all(not token[:1].islower() for token in tokens)
    return 0 < len(tokens) <= _KICKER_WORDS and (len(tokens) < _KICKER_WORDS or named or text.isupper())


def _is_credit_line(text: str) -> bool:
    """ "Text by A. Pictures by B": the period parts credits, it ends no sentence."""
    return len(text) <= MAX_SHORT and not TERMINAL.search(text) and is_credit(text)

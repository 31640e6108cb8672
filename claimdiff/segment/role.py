"""Which blocks of a document are its headline, its body and its boilerplate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from claimdiff.lexicon import words
from claimdiff.model import Block, BlockKind, Role
from claimdiff.segment.sentence import sentences

_MAX_HEADLINE = 220
_MAX_LINE = 320  # a boilerplate line that is told by its beginning
_MAX_FURNITURE = 120
_TRAILING = 3  # blocks at the end in which weaker signs count
_LABEL_WORDS = 4  # a heading of fewer words names a section, one of more makes a claim

_LONE = (BlockKind.PARAGRAPH, BlockKind.HEADING)

_PERIOD = re.compile(r"[.;,][\"'”’»)\]]*+\Z")
_TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*+\Z")
_ASKS = re.compile(r"(?:how|what|when|where|who|why)\b[^?]*\Z", re.IGNORECASE)  # "What the trials found"
_SAYS = re.compile(r"\d|: ?\w")  # a figure or a value after a label: "Verdict: guilty"
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_NAMES = re.compile(
    r"(?:[A-ZÀ-Þ][\w.'’-]*+(?: (?:[A-ZÀ-Þ][\w.'’-]*+|de|la|van|von|der|den|bin|al|el|da|di|dos)){1,3}+)"
    r"(?:(?:,| and| &|, and) [A-ZÀ-Þ][\w.'’-]*+(?: [A-ZÀ-Þ][\w.'’-]*+){1,3}+)*+\Z"
)
_CREDIT_END = re.compile(r"\b(?:by|and|with|from)\s*+\Z|[,&:]\s*+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Roles:
    """The role of a block; `whole` says that it is one statement. Single statements of a body block
    may still be boilerplate."""

    role: Role
    whole: bool = False

    def of(self, text: str) -> Role:
        if self.role is Role.BODY and _hits(text, "statement"):
            return Role.BOILERPLATE
        return self.role


def assign(blocks: Sequence[Block]) -> tuple[Roles, ...]:
    """The roles of a document's blocks, in order."""
    texts = [block.text.strip() for block in blocks]
    marked = [_is_furniture(at, block, texts[at]) for at, block in enumerate(blocks)]
    _spread(blocks, texts, marked)
    headline = _headline(blocks, texts, marked)
    return tuple(
        Roles(Role.HEADLINE, whole=True) if at == headline
        else Roles(Role.BOILERPLATE, whole=_is_credit_line(texts[at])) if marked[at]
        else Roles(Role.BODY)
        for at in range(len(blocks))
    )  # fmt: skip


def _headline(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool]) -> int | None:
    """The first heading, or the first line that reads like one; None in a text of one block."""
    first = next((at for at, hit in enumerate(marked) if not hit), None)
    if first is None or len(blocks) < 2:
        return None
    top = next((at for at, block in enumerate(blocks[: first + 3]) if block.kind is BlockKind.HEADING), None)
    if top is not None and not _hits(texts[top], "line"):
        marked[top] = False
        return top
    text = texts[first]
    if blocks[first].kind is not BlockKind.PARAGRAPH or len(text) > _MAX_HEADLINE or _PERIOD.search(text):
        return None
    return None if _TERMINAL.search(text) and len(sentences(text)[0]) > 1 else first


def _is_credit_line(text: str) -> bool:
    """ "Text by A. Pictures by B": the period parts credits, it ends no sentence."""
    return len(text) <= _MAX_FURNITURE and not _TERMINAL.search(text) and _hits(text, "credit")


def _is_furniture(at: int, block: Block, text: str) -> bool:
    if not _WORD.search(text):
        return True
    if block.kind is BlockKind.CELL:
        return False
    if len(text) <= _MAX_LINE and (_hits(text, "line") or (at and _hits(text, "teaser"))):
        return True
    return len(text) <= _MAX_FURNITURE and _hits(text, "whole")


def _spread(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool]) -> None:
    """Mark the lines after the first that are boilerplate for where they stand."""
    last = len(blocks) - 1
    about = False
    for at in range(1, len(blocks)):
        if marked[at]:
            continue
        text, left = texts[at], last - at
        count = len(_WORD.findall(text)) if len(text) <= _MAX_FURNITURE else _MAX_FURNITURE
        lone = blocks[at].kind in _LONE and not _TERMINAL.search(text)
        label = lone and _is_label(text, count)
        signed = marked[at - 1] and _NAMES.match(text) is not None and _credit(texts[at - 1])
        closing = at > 1 and left < _TRAILING and _hits(text, "trailing")
        about = _about(about, blocks[at], text, count, left)
        marked[at] = label or signed or closing or (about and not lone)


def _is_label(text: str, count: int) -> bool:
    """A lone line that names what follows: "Background", "What the ruling says:"."""
    if text.endswith(":"):
        return count <= _LABEL_WORDS + 1
    if _ASKS.match(text) and count <= _LABEL_WORDS + 2:
        return True
    return count < _LABEL_WORDS and not _SAYS.search(text)


def _about(about: bool, block: Block, text: str, count: int, left: int) -> bool:
    """Are we below an "About the company" line near the end of a release?"""
    if count <= 8 and left <= _TRAILING and _hits(text, "about"):
        return True
    return about and block.kind is not BlockKind.HEADING


def _credit(text: str) -> bool:
    return _CREDIT_END.search(text) is not None or _hits(text, "credit")


def _hits(text: str, group: str) -> bool:
    """Does a pattern of this group of the data match the text at its start?"""
    return _pattern(group).match(text) is not None


@cache
def _pattern(group: str) -> re.Pattern[str]:
    """The group's patterns as one; (?i) at the start of one holds for that one only."""
    parts = sorted(words("boilerplate", group, "patterns"))
    scoped = (f"(?i:{part[4:]})" if part.startswith("(?i)") else f"(?:{part})" for part in parts)
    return re.compile("|".join(scoped))

"""Which blocks of a document are its headline, its body and its boilerplate."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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

_PERIOD = re.compile(r"[.;,][\"'”’»)\]]*+\Z")
_TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*+\Z")
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
    marked = [_is_furniture(block, text) for block, text in zip(blocks, texts, strict=True)]
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
    """"Text by A. Pictures by B": the period parts credits, it ends no sentence."""
    return len(text) <= _MAX_FURNITURE and not _TERMINAL.search(text)


def _is_furniture(block: Block, text: str) -> bool:
    if not _WORD.search(text):
        return True
    if block.kind is BlockKind.CELL:
        return False
    if len(text) <= _MAX_LINE and _hits(text, "line"):
        return True
    return len(text) <= _MAX_FURNITURE and _hits(text, "whole")


def _spread(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool]) -> None:
    """Mark the lines that are boilerplate for where they stand."""
    last = len(blocks) - 1
    about = False
    for at, (block, text) in enumerate(zip(blocks, texts, strict=True)):
        previous = texts[at - 1] if at else ""
        if marked[at]:
            continue
        count = len(_WORD.findall(text)) if len(text) <= _MAX_FURNITURE else _MAX_FURNITURE
        lone = block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and not _TERMINAL.search(text)
        if at and lone and count < _LABEL_WORDS and not _SAYS.search(text):
            marked[at] = True
        elif at and marked[at - 1] and _NAMES.match(text) and _credit(previous):
            marked[at] = True
        elif lone and text.endswith(":") and count <= _LABEL_WORDS + 1 and at:
            marked[at] = True
        elif at > 1 and last - at < _TRAILING and _hits(text, "trailing"):
            marked[at] = True
        about = _about(about, block, text, count, last - at)
        marked[at] = marked[at] or (about and not lone)


def _about(about: bool, block: Block, text: str, count: int, left: int) -> bool:
    """Are we below an "About the company" line near the end of a release?"""
    if count <= 8 and left <= _TRAILING and _hits(text, "about"):
        return True
    return about and block.kind is not BlockKind.HEADING


def _credit(text: str) -> bool:
    return _CREDIT_END.search(text) is not None or _hits(text, "credit")


def _hits(text: str, group: str) -> bool:
    """Does a pattern of this group of the data match the text at its start?"""
    return any(match(text) for match in _patterns(group))


@cache
def _patterns(group: str) -> tuple[Callable[[str], object], ...]:
    return tuple(re.compile(pattern).match for pattern in sorted(words("boilerplate", group, "patterns")))

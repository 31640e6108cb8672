"""Plain text -> blocks: paragraphs, lone lines and list items.

A blank line always ends a block. A single line break may be a soft one, put there to wrap the
text at a width, or a hard one between two lines that have nothing to do with each other (headline,
byline, credit). A line is wrapped when the next word would not have fitted on it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from claimdiff.model import Block, BlockKind
from claimdiff.read.view import view

# Texts are mostly wrapped at 60 to 100 columns; a lone line of this length could be a wrapped one, and
# narrower columns show in a text as a whole.
_MIN_WRAP = 50
_NARROW = 20
_MAX_WRAP = 130
# How far a wrapped line may end before its width (wrapping tools differ in counting).
_SLACK = 6
# Share of the inner lines that must be full for a text to count as wrapped.
_FULL = 0.75

_BULLET = re.compile(r"[ \t]*+(?:[-*•‣◦▪●·]|\d{1,2}[.)])[ \t\u00a0]++(?=[^\n]*\w)")
_NUMBERED = re.compile(r"[ \t]*+\d")
_ENDS = re.compile(r"[.!?…:][\"'”’»)\]]*+\s*+\Z")
_WORD = re.compile(r"\S+")


class _Line(NamedTuple):
    start: int
    end: int  # without trailing white space
    text: str


def plain_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a plain text, in order; each visible character is in one, list marks apart."""
    groups = _groups(text)
    width = _wrap_width(groups)
    blocks = []
    for group in groups:
        first = group[0]
        for line, following in zip(group, [*group[1:], None], strict=True):
            if following and _soft(line, following, width):
                continue
            block = _block(text, first, line)
            if block:
                blocks.append(block)
            first = following or first
    return tuple(blocks)


def _groups(text: str) -> list[list[_Line]]:
    """Runs of lines without a blank line between them."""
    groups: list[list[_Line]] = [[]]
    start = 0
    for raw in text.split("\n"):
        stripped = raw.rstrip()
        if stripped:
            groups[-1].append(_Line(start, start + len(stripped), stripped))
        elif groups[-1]:
            groups.append([])
        start += len(raw) + 1
    return [group for group in groups if group]


def _wrap_width(groups: list[list[_Line]]) -> int | None:
    """The width at which the text is wrapped, or None when it is not."""
    inner = [len(line.text) for group in groups for line in group[:-1]]
    if len(inner) < 3:
        return None
    width = max(inner)
    full = sum(length >= width * 0.8 for length in inner)
    return width if _NARROW <= width <= _MAX_WRAP and full >= _FULL * len(inner) else None


def _soft(line: _Line, following: _Line, width: int | None) -> bool:
    """Is the break between two lines only a wrap?"""
    ends = _ENDS.search(line.text) is not None
    bullet = _BULLET.match(following.text)
    if bullet and not (width and not ends and _NUMBERED.match(following.text)):
        return False
    indent, hang = _indent(line.text), _indent(following.text)
    if hang >= indent + 2 and not _BULLET.match(line.text) and ends:
        return False
    word = _WORD.search(following.text)
    first = word.group() if word else ""
    lower = first.lstrip("\"'“‘(")[:1].islower()
    if lower and not ends:
        return True
    if width:
        return len(line.text) + 1 + len(first) > width - _SLACK
    if ends:
        return False
    if not _ENDS.search(following.text):
        return False  # a headline above a byline or a credit
    return _MIN_WRAP <= len(line.text) <= _MAX_WRAP and len(following.text) <= len(line.text) * 1.3


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _block(text: str, first: _Line, last: _Line) -> Block | None:
    bullet = _BULLET.match(first.text)
    start = first.start + (bullet.end() if bullet else _indent(first.text))
    shown, pieces = view(text, ((start, last.end, None),))
    if not shown.strip():
        return None
    return Block(BlockKind.ITEM if bullet else BlockKind.PARAGRAPH, shown, pieces)

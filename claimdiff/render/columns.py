"""Lines and columns of a text, in the unit that a reader of a report counts in.

Inside, a place is a range of code points. Other programs count lines and columns, both from 1, and
mean different things by a column. All of them stand here; nothing else converts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import Enum
from typing import NamedTuple

from claimdiff.model import Span

BOM = "\ufeff"  # where a text has kept it, no reader counts it


class Unit(Enum):
    """What a column counts."""

    CODE_POINT = "code point"
    UTF16 = "UTF-16 code unit"
    UTF8 = "UTF-8 byte"


class Breaks(Enum):
    """What ends a line. Editors end one at a CR of its own, git and what builds on it do not."""

    EDITOR = r"\r\n?|\n"
    GIT = r"\n"


class Spot(NamedTuple):
    """A place between two characters: a line and a column, both from 1."""

    line: int
    column: int


class Region(NamedTuple):
    """From one spot to another; the end is the first column outside."""

    start: Spot
    end: Spot

    @property
    def one_line(self) -> bool:
        return self.start.line == self.end.line


class Columns:
    """Where offsets of a text lie. A CR and its LF are one break: an offset between them is the end of
    the line."""

    def __init__(self, text: str, unit: Unit = Unit.CODE_POINT, breaks: Breaks = Breaks.EDITOR) -> None:
        self._text = text
        self._unit = unit
        found = [match.span() for match in re.finditer(breaks.value, text)]
        self._ends = [end - 1 for _, end in found]
        self._starts = [int(text.startswith(BOM)), *(end for _, end in found)]

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect_left(self._ends, offset) + 1

    def spot(self, offset: int) -> Spot:
        offset = min(offset, len(self._text))
        line = self.line(offset)
        before = self._text[self._starts[line - 1] : offset]
        if before.endswith("\r") and self._text.startswith("\n", offset):
            before = before[:-1]
        return Spot(line, length(before, self._unit) + 1)

    def region(self, span: Span) -> Region:
        """The region of a span; one that ends with a line's break ends before it."""
        start = self.spot(span.start)
        end = span.end
        while end > span.start and self._text[end - 1 : end] in ("\n", "\r"):
            end -= 1
        return Region(start, self.spot(end))


def length(text: str, unit: Unit) -> int:
    """How long a text is in a unit; a lone surrogate counts as what stands for it when written."""
    if unit is Unit.CODE_POINT or text.isascii():
        return len(text)
    if unit is Unit.UTF16:
        return len(text) + sum(char > "\uffff" for char in text)
    return len(text.encode("utf-8", "surrogatepass"))

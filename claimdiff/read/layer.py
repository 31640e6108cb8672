"""A text made from another one, run by run, and the way back through it.

A JSON string without its escapes, HTML that stood escaped in a feed, a file with its line breaks
made one: a reader works in the inner text, and `Layer.lift` takes its blocks to the outer one.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from claimdiff.model import Block, Piece
from claimdiff.read.view import Run

_RETURN = re.compile(r"\r\n?")


class Layer:
    """The inner text of some runs of an outer text; a replaced run is never longer than what it replaces."""

    def __init__(self, outer: str, runs: Iterable[Run]) -> None:
        parts: list[str] = []
        self._at, self._start, self._end = array("q"), array("q"), array("q")
        size = 0
        for start, end, instead in runs:
            part = outer[start:end] if instead is None else instead
            if not part:
                continue
            self._at.append(size)
            self._start.append(start)
            self._end.append(end)
            parts.append(part)
            size += len(part)
        self._at.append(size)
        self.text = "".join(parts)

    def lift(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """Blocks of the inner text as blocks of the outer one."""
        return tuple(
            Block(block.kind, block.text, tuple(own for piece in block.pieces for own in self._lift(piece)))
            for block in blocks
        )

    def _lift(self, piece: Piece) -> Iterator[Piece]:
        view, at, left = piece
        if not left:
            yield Piece(view, self._after(at), 0)
            return
        run = bisect_right(self._at, at) - 1
        while left:
            size, span = self._at[run + 1] - self._at[run], self._end[run] - self._start[run]
            skip = at - self._at[run]
            count = min(left, size - skip)
            yield Piece(view, self._start[run] + skip, count)
            view, at, left, run = view + count, at + count, left - count, run + 1
            if size < span and skip + count == size:
                yield Piece(view - 1, self._end[run - 1], 0)

    def _after(self, at: int) -> int:
        """Where in the outer text the inner character before `at` ends."""
        if not at:
            return self._start[0] if self._start else 0
        run = bisect_right(self._at, at - 1) - 1
        whole = at == self._at[run + 1]
        return self._end[run] if whole else self._start[run] + at - self._at[run]


def one_newline(text: str) -> Layer:
    """The text with every line break as LF."""
    return Layer(text, _newlines(text))


def _newlines(text: str) -> Iterator[Run]:
    at = 0
    for found in _RETURN.finditer(text):
        yield at, found.start(), None
        yield found.start(), found.end(), "\n"
        at = found.end()
    yield at, len(text), None

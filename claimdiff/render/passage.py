"""Words of an article with the changed ones marked, before any format dresses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from claimdiff.model import Edit, Piece, Place, Span, Statement

MOST_MARKED = 0.8  # share of a passage, by eye: above it what is not marked is a few small words
CONTEXT = 60  # characters kept before the first mark of a passage that is cut


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and the spans of it that are marked, in order and apart from each other."""

    text: str
    marks: tuple[Span, ...] = ()

    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text in runs, each with whether it is marked; together they are the text."""
        at = 0
        for mark in self.marks:
            if at < mark.start:
                yield self.text[at : mark.start], False
            yield mark.of(self.text), True
            at = mark.end
        if at < len(self.text):
            yield self.text[at:], False

    def sober(self) -> Passage:
        """The passage, without its marks where nearly all of it is marked: there they say nothing."""
        marked = sum(mark.end - mark.start for mark in self.marks)
        return Passage(self.text) if marked > MOST_MARKED * len(self.text) else self

    def map(self, change: Callable[[str], str]) -> Passage:
        """The passage with a change made to each of its runs."""
        text, marks = "", []
        for run, marked in self.parts():
            start = len(text)
            text += change(run)
            if marked:
                marks.append(Span(start, len(text)))
        return Passage(text, tuple(marks))

    def clip(self, limit: int) -> Passage:
        """The passage cut to about `limit` characters around its first mark, saying what is gone."""
        if len(self.text) <= limit:
            return self
        first = self.marks[0].start if self.marks and self.marks[0].end > limit else 0
        start = self.text.rfind(" ", 0, max(1, first - CONTEXT)) + 1 if first > CONTEXT else 0
        end = self.text.rfind(" ", start + limit // 2, start + limit)
        end = min(len(self.text), end if end > 0 else start + limit)
        before = f"… ({start:,} characters left out) " if start else ""
        after = f" … ({len(self.text) - end:,} characters left out)" if end < len(self.text) else ""
        shift = len(before) - start
        kept = (Span(max(mark.start, start), min(mark.end, end)) for mark in self.marks)
        marks = tuple(mark.shift(shift) for mark in kept if mark.start < mark.end)
        return Passage(before + self.text[start:end] + after, marks)


def of_place(statement: Statement, place: Place) -> Passage:
    """A statement with a place in it marked; a place that is all of it marks nothing."""
    text = statement.text
    mark = to_view(statement.pieces, place.span)
    while mark.start < mark.end and text[mark.start].isspace():
        mark = Span(mark.start + 1, mark.end)
    while mark.start < mark.end and text[mark.end - 1].isspace():
        mark = Span(mark.start, mark.end - 1)
    if mark.start >= mark.end or not (text[: mark.start] + text[mark.end :]).strip(" .!?\"'“”‘’"):
        return Passage(text)
    return Passage(text, (mark,))


def to_view(pieces: Sequence[Piece], span: Span) -> Span:
    """Map a span of the document's text to the span of the plain text that shows it."""
    shown: Span | None = None
    for piece in pieces:
        start = max(span.start, piece.raw) - piece.raw
        end = min(span.end, piece.raw + piece.length) - piece.raw
        if start < end:
            part = Span(piece.view + start, piece.view + end)
            shown = part if shown is None else shown.join(part)
    return shown or Span(0, 0)


def of_edits(edits: Sequence[Edit]) -> tuple[Passage, Passage]:
    """The two linked texts, the source's with its deleted words marked and the derivative's with its
    inserted ones."""
    old, new = _Side(), _Side()
    for edit in edits:
        old.add(edit.old, changed=not edit.new)
        new.add(edit.new, changed=not edit.old)
    return old.passage(), new.passage()


class _Side:
    def __init__(self) -> None:
        self.text = ""
        self.marks: list[Span] = []

    def add(self, text: str, *, changed: bool) -> None:
        start = len(self.text) + len(text) - len(text.lstrip())
        end = len(self.text) + len(text.rstrip())
        self.text += text
        if not changed or start >= end:
            return
        if self.marks and not self.text[self.marks[-1].end : start].strip():
            start = self.marks.pop().start
        self.marks.append(Span(start, end))

    def passage(self) -> Passage:
        return Passage(self.text, tuple(self.marks))

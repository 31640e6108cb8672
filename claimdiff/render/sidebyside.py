"""The two articles in two columns of a terminal: a derivative statement beside what it rests on, and what
was left out standing where it would have been."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from claimdiff.model import Span, Statement, Status
from claimdiff.render import words
from claimdiff.render.passage import Passage, of_edits
from claimdiff.render.rows import Alignment, Line, folds
from claimdiff.render.text import SEVERITY, Page, columns

NUMBER = 6  # columns of a line number and the space after it
FOLD = 3  # neighbouring rows that need no words share a line from this many on
LEGEND = "Between them: | changed, ~ in other words, < left out, > added, ^ moved away; numbers are lines"
SEVERAL = "2:5 is line 5 of the second source"
SIGNS = {Status.DISTORTED: "|", Status.PARAPHRASE: "~", Status.ADDED: ">", Status.OMITTED: "<"}
FOLDED = {
    "unchanged": ("statement", "unchanged"),
    "boilerplate": ("line", "of boilerplate, not compared"),
}
CODES = re.compile("\x1b\\[[0-9;]*m")


def lines(page: Page, verbose: bool = False) -> Iterator[str]:
    """The columns, with each finding below the row that it speaks of."""
    aligned = Alignment(page.comparison)
    sheet = _Sheet(page, (page.width - 3) // 2, verbose)
    yield from sheet.head()
    for name, own in groupby(aligned.lines(), key=lambda line: folds(line, aligned.moved)):
        rows = list(own)
        if name in FOLDED and len(rows) >= FOLD and not verbose:
            noun, comment = FOLDED[name]
            yield f"{'':<{NUMBER}}... {words.count(len(rows), noun)} {comment} ..."
        else:
            for row in rows:
                yield from sheet.row(row)


class _Sheet:
    """Two columns of the same width with a sign between them."""

    def __init__(self, page: Page, column: int, verbose: bool) -> None:
        self.page = page
        self.column = column
        self.verbose = verbose
        self.sources = [own.id for own in page.comparison.sources]

    def head(self) -> Iterator[str]:
        several = f", {SEVERAL}" if len(self.sources) > 1 else ""
        yield from self.page.wrap(Passage(f"{LEGEND}{several}."), "")
        names = " and ".join(own.name or own.id for own in self.page.comparison.sources)
        derivative = self.page.comparison.derivative.name or "the derivative"
        old, new = (self._cell(Passage(name), "", "") for name in (names, derivative))
        yield from self._both(old, new, " ")
        yield f"{'-' * self.column}-+-{'-' * self.column}"

    def row(self, row: Line) -> Iterator[str]:
        """A row and the findings that belong to it."""
        old, new = self._passages(row)
        left = self._cell(old, self._number(row.sources), "source")
        right = self._cell(new, self._number((row.derivative,) if row.derivative else ()), "derivative")
        own = row.derivative or row.sources[0]
        sign = "^" if row.moved else SIGNS.get(own.status or Status.BOILERPLATE, " ")
        yield from self._both(left, right, sign)
        for finding in row.findings:
            word = finding.severity.upper()
            told = f"{self.page.title(finding)} ({self.page.evidence(finding, self.verbose)})"
            marked = Passage(told, (Span(0, len(word)),))
            yield from self.page.wrap(marked, " " * (NUMBER + 2), codes=SEVERITY[finding.severity])

    def _passages(self, row: Line) -> tuple[Passage, Passage]:
        if row.link and row.link.edits and row.link.relation.value != Status.VERBATIM:
            old, new = (side.sober() for side in of_edits(row.link.edits))
        else:
            old = Passage(" ".join(own.text for own in row.sources))
            new = Passage(row.derivative.text if row.derivative else "")
        return old.clip(self.page.clip), new.clip(self.page.clip)

    def _number(self, statements: Sequence[Statement]) -> str:
        """The line of the first statement, behind the number of its source where there are several."""
        if not statements:
            return ""
        first = statements[0]
        line = self.page.lines.of(first.place())
        told = len(self.sources) > 1 and first.document in self.sources
        return f"{self.sources.index(first.document) + 1}:{line}" if told else str(line)

    def _cell(self, passage: Passage, number: str, side: str) -> list[str]:
        label = f"{number:>{NUMBER - 1}} "
        return list(self.page.wrap(passage, label, side=side, width=self.column)) if passage.text else []

    def _both(self, left: Sequence[str], right: Sequence[str], sign: str) -> Iterator[str]:
        for old, new in zip_longest(left, right, fillvalue=""):
            gap = " " * (self.column - columns(CODES.sub("", old)))
            yield f"{old}{gap} {sign} {new}".rstrip()
            sign = " "

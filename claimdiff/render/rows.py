"""The aligned text: which statement stands beside which, and in what order."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from claimdiff.model import Comparison, Finding, Link, Role, Statement, Status
from claimdiff.render import words


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a derivative statement with the source statements it rests on, or source statements
    alone. `moved` marks the place that the sources of a moved statement had."""

    derivative: Statement | None
    sources: tuple[Statement, ...]
    link: Link | None = None
    findings: tuple[Finding, ...] = ()
    moved: bool = False


class Alignment:
    """A comparison in rows. Findings are numbered from 1: those first that stop the text, then major ones."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.findings = sorted(comparison.findings, key=words.Ruling(comparison).rank)
        self.statements = {own.id: own for side in comparison.documents() for own in side.statements}
        self.links = {link.derivative: link for link in comparison.links}
        self._index = {
            own.id: at for side in comparison.sources for at, own in enumerate(side.statements)
        }  # within its document

    @cached_property
    def home(self) -> dict[str, str]:
        """For each linked source statement the first derivative statement that rests on it."""
        found: dict[str, str] = {}
        for own in self.comparison.derivative.statements:
            for source in self.links[own.id].sources if own.id in self.links else ():
                found.setdefault(source, own.id)
        return found

    @cached_property
    def carriers(self) -> dict[str, list[str]]:
        """For each linked source statement all derivative statements that rest on it."""
        found: dict[str, list[str]] = defaultdict(list)
        for own in self.comparison.derivative.statements:
            for source in self.links[own.id].sources if own.id in self.links else ():
                found[source].append(own.id)
        return found

    @cached_property
    def of(self) -> dict[str, list[Finding]]:
        """The findings of each row, by the statement that it is named for."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            if finding.derivative:
                found[finding.derivative.statement].append(finding)
            elif finding.source:
                own = finding.source.statement
                found[self.home.get(own, own)].append(finding)
        return found

    @cached_property
    def moved(self) -> frozenset[str]:
        """The derivative statements that break the order of a source: those outside a longest run that
        keeps it. Headlines sum up what follows, and have no place in that order."""
        gone: set[str] = set()
        for document in self.comparison.sources:
            order: list[tuple[str, int]] = []
            for own in self.comparison.derivative.statements:
                link = self.links.get(own.id)
                if link is None or own.role is Role.HEADLINE:
                    continue
                places = [
                    self._index[id]
                    for id in link.sources
                    if self.statements[id].document == document.id
                    and self.statements[id].role is not Role.HEADLINE
                ]
                if places:
                    order.append((own.id, min(places)))
            kept = _longest_run([place for _, place in order])
            gone.update(id for at, (id, _) in enumerate(order) if at not in kept)
        return frozenset(gone)

    def lines(self) -> Iterator[Line]:
        """Every row in the derivative's order, with what it lacks standing where it would have stood."""
        waiting = self._waiting()
        yield from waiting.get("", ())
        for own in self.comparison.derivative.statements:
            link = self.links.get(own.id)
            sources = tuple(self.statements[id] for id in link.sources) if link else ()
            yield Line(own, sources, link, tuple(self.of.get(own.id, ())))
            yield from waiting.get(own.id, ())

    def _waiting(self) -> dict[str, list[Line]]:
        """The rows of source statements alone, by the derivative statement that they stand after."""
        after = {own.source.statement: own.after or "" for own in self.findings
                 if own.source and own.after is not None}  # fmt: skip
        known = {own.id for own in self.comparison.derivative.statements}
        found: dict[str, list[Line]] = defaultdict(list)
        for document in self.comparison.sources:
            anchor = ""
            for own in document.statements:
                home = self.home.get(own.id)
                if home is None:
                    where = after.get(own.id, anchor)
                    line = Line(None, (own,), findings=tuple(self.of.get(own.id, ())))
                    found[where if where in known else ""].append(line)
                elif home not in self.moved:
                    anchor = home
                elif self._leads(own, home):
                    found[anchor].append(Line(None, (own,), moved=True))
        return found

    def _leads(self, statement: Statement, home: str) -> bool:
        """Whether a moved statement is told to come from here: from the first of its sources."""
        return self.links[home].sources[0] == statement.id and statement.role is not Role.HEADLINE


def _longest_run(values: Sequence[int]) -> frozenset[int]:
    """The indices of a longest subsequence that never falls."""
    tails: list[int] = []
    ends: list[int] = []  # index in `values` of each tail
    before: list[int] = []
    for at, value in enumerate(values):
        rank = bisect_right(tails, value)
        before.append(ends[rank - 1] if rank else -1)
        tails[rank : rank + 1] = [value]
        ends[rank : rank + 1] = [at]
    kept, at = set(), ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return frozenset(kept)


def folds(line: Line, moved: frozenset[str]) -> str:
    """Under what name neighbouring rows fold together; "" for a row that is shown."""
    if line.findings or line.moved:
        return ""
    own = line.derivative or line.sources[0]
    if own.status is Status.BOILERPLATE:
        return "boilerplate"
    if own.status is Status.VERBATIM and own.id not in moved:
        return "unchanged"
    return "omitted" if line.derivative is None else ""

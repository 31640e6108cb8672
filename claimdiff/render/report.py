"""What a report says, before any format dresses it: its findings, rows and lists, with their passages,
at one level of detail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from claimdiff.model import Comparison, Document, Finding, Kind, Place, Severity, Statement, Status
from claimdiff.render import link, words
from claimdiff.render.passage import Passage, of_edits, of_place

# Statements that need no row each, and how several of them are called.
FOLDED = {
    Status.VERBATIM: ("statement", "unchanged"),
    Status.BOILERPLATE: ("line", "of boilerplate, not compared"),
}
NAME = 200  # characters of a name or a note
MESSAGE = 600


@dataclass(frozen=True, slots=True)
class Detail:
    """How much a report shows: characters of a statement, and entries of each of its parts."""

    clip: int
    findings: int
    rows: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Quote:
    """One article's words in a finding."""

    label: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as its section shows it; `stood` says where something omitted would have been."""

    number: int
    title: str
    message: str
    quotes: tuple[Quote, ...]
    stood: str
    rule: str
    page: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Section:
    """Findings under a heading; `listed` are the numbers of those that "Left out" shows instead."""

    title: str
    entries: tuple[Entry, ...]
    listed: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of statements; `folded` speaks for several whose words it does not show."""

    id: str
    status: str
    source: Passage | None = None
    origin: str = ""
    derivative: Passage | None = None
    folded: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A source statement that nothing carries, and its finding where it has one."""

    stood: str
    passage: Passage
    place: str
    finding: int = 0
    severity: str = ""
    rule: str = ""
    page: str = ""
    confidence: str = ""


class Report:
    """A comparison at one level of detail. Findings are numbered: those first that stop the text, where
    there is a verdict, then major ones; `docs` is where the pages of their rules are."""

    def __init__(self, comparison: Comparison, detail: Detail, docs: str = link.DOCS) -> None:
        self.comparison = comparison
        self.detail = detail
        self.docs = docs
        self.ruling = words.Ruling(comparison)
        self.findings = list(enumerate(sorted(comparison.findings, key=self.ruling.rank), 1))
        self._lines = words.Lines(comparison)
        self._statements = {own.id: own for side in comparison.documents() for own in side.statements}
        self._links = {own.derivative: own for own in comparison.links}
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._omissions: dict[str, tuple[int, Finding]] = {}
        for number, finding in self.findings:
            if finding.derivative:
                self._numbers[finding.derivative.statement].append(number)
            elif finding.source and self._statements[finding.source.statement].status is Status.OMITTED:
                self._omissions.setdefault(finding.source.statement, (number, finding))
        pardons = comparison.verdict.pardons if comparison.verdict else ()
        self._pardoned = {own.finding.source.statement: own.finding for own in pardons if own.finding.source}

    def least(self) -> int:
        """A length that the report cannot be below: that of the statements in its table and lists."""
        shown = [own for group in self.groups()[: self.detail.rows] for own in group if not self._folds(own)]
        shown += self.omitted()[: self.detail.left_out]
        return sum(min(len(own.text), self.detail.clip // 2) for own in shown)

    def document(self, document: Document) -> str:
        """A document in a line: its name, its id and what it holds."""
        judged = sum(own.status is not Status.BOILERPLATE for own in document.statements)
        dull = len(document.statements) - judged
        aside = f", {words.count(dull, 'line')} of boilerplate" if dull else ""
        return f"{cut(document.name or 'unnamed')} ({document.id}), {words.count(judged, 'statement')}{aside}"

    def sections(self) -> Iterator[Section]:
        """The findings by what they mean for the text, or by severity without a verdict."""
        for heading, same in groupby(self.findings[: self.detail.findings], key=self._heading):
            own = tuple(same)
            listed = [number for number, finding in own if self._is_listed(finding)]
            yield Section(
                title=heading,
                entries=tuple(self.entry(*entry) for entry in own if entry[0] not in listed),
                listed=ranges(listed),
            )

    def _heading(self, numbered: tuple[int, Finding]) -> str:
        finding = numbered[1]
        if not self.ruling.given:
            return f"{finding.severity.capitalize()} findings"
        return "What stops the text" if self.ruling.stops(finding) else "For information"

    def _is_listed(self, finding: Finding) -> bool:
        """Whether "Left out" says all that there is to say."""
        if finding.severity is Severity.MAJOR or finding.kind is not Kind.OMISSION or not finding.source:
            return False
        listed = self._omissions.get(finding.source.statement, (0, None))[1] is finding
        return listed and not self.ruling.stops(finding)

    def entry(self, number: int, finding: Finding) -> Entry:
        """A finding with both articles' words."""
        sides = (("Source", finding.source), ("Derivative", finding.derivative))
        return Entry(
            number=number,
            title=(named(finding) if self.ruling.given else words.what(finding)).capitalize(),
            message=cut(finding.message, MESSAGE),
            quotes=tuple(self._quote(side, place) for side, place in sides if place),
            stood=self._stood(finding),
            rule=finding.rule,
            page=link.page(finding.rule, self.docs),
            confidence=self.ruling.sure(finding),
        )

    def _quote(self, side: str, place: Place) -> Quote:
        passage = of_place(self._statements[place.statement], place)
        return Quote(f"{side} ({self.where(place)})", passage.clip(self.detail.clip))

    def where(self, place: Place) -> str:
        """A statement and its line."""
        return f"{place.statement}, line {self._lines.of(place)}"

    def _stood(self, finding: Finding) -> str:
        if finding.after is None:
            return ""
        if not finding.after:
            return "at the beginning"
        return f"after {finding.after} (line {self._lines.of(self._statements[finding.after].place())})"

    def groups(self) -> list[tuple[Statement, ...]]:
        """The derivative's statements by rows: one each, but neighbours that need no words share one."""
        groups: list[tuple[Statement, ...]] = []
        for status, same in groupby(self.comparison.derivative.statements, key=self._folds):
            group = tuple(same)
            groups += [group] if status else [(own,) for own in group]
        return groups

    def row(self, group: Sequence[Statement]) -> Row:
        """A row with a statement and what it rests on, or one for several that need no words."""
        status = self._folds(group[0])
        if status is None:
            return self._row(group[0])
        noun, comment = FOLDED[status]
        first, last = group[0].id, group[-1].id
        return Row(
            id=first if first == last else f"{first} – {last}",
            status=status.value,
            folded=f"{words.count(len(group), noun)} {comment}",
        )

    def _folds(self, statement: Statement) -> Status | None:
        return statement.status if statement.status in FOLDED and not self._numbers[statement.id] else None

    def _row(self, statement: Statement) -> Row:
        own = self._links.get(statement.id)
        origin = own.sources if own else ()
        old, new = Passage(" ".join(self._statements[id].text for id in origin)), Passage(statement.text)
        if own and own.edits:
            old, new = (side.sober() for side in of_edits(own.edits))
        numbers = ranges(self._numbers[statement.id])
        return Row(
            id=statement.id,
            status=f"{statement.status}: {numbers}" if numbers else str(statement.status),
            source=old.clip(self.detail.clip) if own else None,
            origin=", ".join(origin),
            derivative=new.clip(self.detail.clip),
        )

    def omitted(self) -> list[Statement]:
        """The source statements that nothing carries, in the sources' order."""
        every = (own for document in self.comparison.sources for own in document.statements)
        return [own for own in every if own.status is Status.OMITTED]

    def left_out(self, statement: Statement) -> LeftOut:
        """What to say of an omitted statement."""
        passage, where = Passage(statement.text).clip(self.detail.clip), self.where(statement.place())
        if statement.id not in self._omissions:
            pardoned = self._pardoned.get(statement.id)
            stood = self._stood(pardoned).capitalize() if pardoned else ""
            return LeftOut(stood or "Somewhere", passage, f"{where}; not counted" if stood else where)
        number, finding = self._omissions[statement.id]
        return LeftOut(
            stood=self._stood(finding).capitalize() or "Somewhere",
            passage=passage,
            place=where,
            finding=number,
            severity=finding.severity.value,
            rule=finding.rule,
            page=link.page(finding.rule, self.docs),
            confidence=self.ruling.sure(finding),
        )


def named(finding: Finding) -> str:
    """A finding in a few words: "major distortion (number)"."""
    return f"{finding.severity} {words.what(finding)}"


def cut(text: str, limit: int = NAME) -> str:
    """A name, a note or a message, at a length that suits it."""
    return Passage(text).clip(limit).text


def ranges(values: Sequence[int]) -> str:
    """Rising numbers as a reader writes them: "1, 3–5"."""
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)

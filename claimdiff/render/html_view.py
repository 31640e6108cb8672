"""What the HTML page shows of a comparison: cards, rows and strips, without any markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from claimdiff.model import (
    Comparison,
    Document,
    Finding,
    Kind,
    Place,
    Role,
    Severity,
    Span,
    Statement,
    Status,
)
from claimdiff.render import link, words
from claimdiff.render.criteria import criterion
from claimdiff.render.html_parts import Card, Cell, Fold, Goto, Row, Run, Said, Strip
from claimdiff.render.passage import Passage, of_edits, of_place
from claimdiff.render.rows import Alignment, Line, folds

CLIP = 900  # characters of a statement in a card; its row shows all of it
HINT = 90  # characters of a statement in a cell of the map
FEW = 3  # statements left out that no finding names fold together from here on

KINDS = {Kind.DISTORTION: ("distorted", "≠"), Kind.ADDITION: ("added", "+"), Kind.OMISSION: ("omitted", "−")}
# What became of a statement: how the page calls it in a class, in words and by a sign.
STATES = {
    Status.VERBATIM: ("kept", "Unchanged", "="),
    Status.PARAPHRASE: ("kept", "Reworded", "≈"),
    Status.COVERED: ("kept", "Carried", "="),
    Status.DISTORTED: ("distorted", "Distorted", "≠"),
    Status.ADDED: ("added", "Added", "+"),
    Status.OMITTED: ("omitted", "Left out", "−"),
    Status.BOILERPLATE: ("dull", "Boilerplate", "·"),
}
MOVED = ("moved", "Moved", "↕")


class View:
    """The parts of the page for one comparison."""

    def __init__(self, comparison: Comparison, docs: str = link.DOCS) -> None:
        self.comparison = comparison
        self._docs = docs
        self._ruling = words.Ruling(comparison)
        self._lines = words.Lines(comparison)
        self._all = Alignment(comparison)
        self._names = _names(comparison)
        self.cards = [self._card(number, own) for number, own in enumerate(self._all.findings, 1)]
        self._cards = {own.finding.id: own for own in self.cards}

    def line(self, statement: Statement) -> int:
        return self._lines.of(statement.place())

    def _where(self, statement: Statement, line: int) -> str:
        """The line, with the document's name where there are several of that side."""
        name = self._names.get(statement.document, "")
        return f"{name}, line {line:,}" if name else f"line {line:,}"

    def home(self, id: str) -> str:
        """The statement that the row of this one is named for."""
        return self._all.home.get(id, id)

    def sections(self) -> Iterator[tuple[str, str, list[Card]]]:
        """The cards by severity, or by what they mean for the text where a policy has judged it, the graver
        first: an id, a title and the cards of each."""
        for id, title in (("stops", "What stops the text"), ("informs", "For information")):
            own = [card for card in self.cards if card.ruling and card.stops == (id == "stops")]
            if own:
                yield id, title, own
        for severity in Severity:
            own = [card for card in self.cards if not card.ruling and card.finding.severity is severity]
            if own:
                yield severity.value, severity.capitalize(), own

    def _card(self, number: int, finding: Finding) -> Card:
        state, sign = KINDS[finding.kind]
        types = finding.types or (None,)
        criteria = dict.fromkeys(criterion(finding.kind, (type,) if type else ()) for type in types)
        home = finding.derivative or finding.source
        named = home.statement if home else ""
        return Card(
            id=anchor(finding.id),
            number=number,
            finding=finding,
            state=state,
            sign=sign,
            title=f"{finding.kind.capitalize()}{': ' if finding.types else ''}{', '.join(finding.types)}",
            confidence=_sure(finding),
            criteria=", ".join(criteria),
            source=self._quote(finding.source, state),
            derivative=self._quote(finding.derivative, state),
            stood=self._stood(finding),
            row=anchor(f"row-{self.home(named)}"),
            beside=() if finding.source else tuple(self._beside(finding)),
            page=link.page(finding.rule, self._docs),
            ruling=self._ruling.said(finding),
            stops=self._ruling.stops(finding),
        )

    def _beside(self, finding: Finding) -> Iterator[Said]:
        """What the finding's statement rests on, where the finding itself names no words of it."""
        named = finding.derivative.statement if finding.derivative else ""
        for id in self._all.links[named].sources if named in self._all.links else ():
            statement = self._all.statements[id]
            passage = Passage(statement.text).clip(CLIP)
            yield Said(self._where(statement, self.line(statement)), (Run(passage.text),))

    def _quote(self, place: Place | None, state: str) -> Said | None:
        if place is None:
            return None
        statement = self._all.statements[place.statement]
        passage = of_place(statement, place).clip(CLIP)
        runs = tuple(Run(text, state=state if marked else "") for text, marked in passage.parts())
        return Said(self._where(statement, self._lines.of(place)), runs)

    def _stood(self, finding: Finding) -> Goto | None:
        if finding.after is None:
            return None
        if not finding.after:
            return Goto("text", "at the beginning")
        line = self.line(self._all.statements[finding.after])
        return Goto(anchor(f"row-{finding.after}"), f"after line {line:,}")

    def folds(self) -> Iterator[Fold]:
        """The aligned text: rows that are shown, each alone, and those that fold."""
        for key, same in groupby(self._all.lines(), key=lambda own: folds(own, self._all.moved)):
            rows = tuple(self._row(line) for line in same)
            if not key or (key == "omitted" and len(rows) < FEW):
                yield from (Fold("", (row,)) for row in rows)
                continue
            label = {
                "unchanged": f"{words.count(len(rows), 'statement')} unchanged",
                "boilerplate": f"{words.count(len(rows), 'line')} of boilerplate, not compared",
                "omitted": f"{words.count(len(rows), 'statement')} left out, none of them flagged",
            }[key]
            yield Fold(label, rows)

    def _row(self, line: Line) -> Row:
        own = line.derivative or line.sources[0]
        state, label, sign = STATES[own.status or Status.BOILERPLATE]
        if line.moved:
            return self._ghost(own)
        moved = None
        if own.id in self._all.moved and line.link:
            first = line.sources[0]
            moved = Goto(anchor(f"from-{first.id}"), f"Moved from line {self.line(first):,}")
        old, new = self._passages(line)
        derivative = line.derivative
        return Row(
            id=anchor(f"row-{own.id}"),
            state=state,
            label=label,
            sign=sign,
            sources=tuple(self._sources(line, old)),
            derivative=self._said(derivative, new, line.findings) if derivative else None,
            chips=tuple(self._cards[finding.id] for finding in line.findings),
            moved=moved,
        )

    def _ghost(self, statement: Statement) -> Row:
        home = self._all.home[statement.id]
        line = self.line(self._all.statements[home])
        there = Goto(anchor(f"row-{home}"), f"Line {self.line(statement):,} moved to line {line:,}")
        return Row(anchor(f"from-{statement.id}"), *MOVED, (), None, (), there)

    def _passages(self, line: Line) -> tuple[Passage, Passage]:
        """Both sides of a row with the words marked that only one of them has."""
        plain = Passage(" ".join(own.text for own in line.sources))
        new = Passage(line.derivative.text if line.derivative else "")
        if line.link is None or not line.link.edits:
            return plain, new
        old, made = of_edits(line.link.edits)
        # A stored comparison may hold edits that tell another text: its statements are what counts.
        old = old.sober() if old.text == plain.text else plain
        return old, made.sober() if made.text == new.text else new

    def _sources(self, line: Line, passage: Passage) -> Iterator[Said]:
        at = 0
        for statement in line.sources:
            span = Span(at, at + len(statement.text))
            marks = (Span(max(own.start, at), min(own.end, span.end)) for own in passage.marks)
            inside = tuple(own.shift(-at) for own in marks if own.start < own.end)
            yield self._said(statement, Passage(statement.text, inside), line.findings)
            at = span.end + 1

    def _said(self, statement: Statement, passage: Passage, findings: Sequence[Finding]) -> Said:
        """A statement with the words of each finding in it marked as well; the graver one shows."""
        shown: list[tuple[Span, Finding]] = []
        for finding in findings:
            for place in (finding.source, finding.derivative):
                if place and place.statement == statement.id:
                    shown += [(mark, finding) for mark in of_place(statement, place).marks]
        edges = {0, len(passage.text), *(edge for mark in passage.marks for edge in mark)}
        edges.update(edge for mark, _ in shown for edge in mark)
        bounds = sorted(edges)
        runs = []
        for start, end in pairwise(bounds):
            span = Span(start, end)
            card = next((self._cards[own.id] for mark, own in shown if mark.covers(span)), None)
            changed = any(mark.covers(span) for mark in passage.marks)
            state, target = (card.state, card.id) if card else ("", "")
            runs.append(Run(span.of(passage.text), changed, state, target))
        where = self._where(statement, self.line(statement))
        return Said(where, tuple(runs), statement.role is Role.HEADLINE)

    def strips(self) -> list[Strip]:
        """The map: a strip for each document, a cell for each statement."""
        sides = [
            *(("Source", own) for own in self.comparison.sources),
            ("Derivative", self.comparison.derivative),
        ]
        return [
            Strip(side, own.name or own.id, tuple(self._cell(statement) for statement in own.statements))
            for side, own in sides
        ]

    def _cell(self, statement: Statement) -> Cell:
        id, alignment = statement.id, self._all
        carriers = [alignment.statements[own] for own in alignment.carriers.get(id, ())]
        state, label, sign = STATES[statement.status or Status.BOILERPLATE]
        findings = [own for carrier in carriers for own in alignment.of.get(carrier.id, ())
                    if own.source and own.source.statement == id] or alignment.of.get(id, [])  # fmt: skip
        if any(own.status is Status.DISTORTED for own in carriers) and findings:
            state, label, sign = STATES[Status.DISTORTED]
        elif state == "kept":
            moved = {own.id for own in carriers} | {id}
            sign = ""
            if moved <= alignment.moved | {id} and moved & alignment.moved:
                state, label, sign = MOVED
        weight = min((own.severity for own in findings), key=list(Severity).index, default="")
        told = f"{weight} finding, " if weight else ""
        hint = f"Line {self.line(statement):,}, {told}{label.lower()}: {_short(statement.text)}"
        return Cell(state, weight, sign, hint, anchor(f"row-{self.home(id)}"))


def anchor(id: str) -> str:
    """An id that a link can name, whatever a stored comparison says."""
    return re.sub(r"[^\w.-]", "-", id)


def _short(text: str) -> str:
    return text if len(text) <= HINT else text[:HINT].rsplit(" ", 1)[0] + " …"


def _names(comparison: Comparison) -> dict[str, str]:
    """What to call the sources where there are several: the file's name if that is enough."""
    if len(comparison.sources) < 2:
        return {}
    full = {own.id: own.name or own.id for own in comparison.sources}
    last = {id: name.replace("\\", "/").rsplit("/", 1)[-1] for id, name in full.items()}
    return last if len(set(last.values())) == len(full) else full


def document(document: Document) -> str:
    """What a document holds."""
    dull = sum(own.status is Status.BOILERPLATE for own in document.statements)
    aside = f", {words.count(dull, 'line')} of boilerplate" if dull else ""
    return f"{words.count(len(document.statements) - dull, 'statement')}{aside}"


def _sure(finding: Finding) -> str:
    told = f"{words.confidence(finding)} ({finding.confidence:.2f})"
    return ", ".join(filter(None, (told, words.opinion(finding))))

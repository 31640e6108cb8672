"""What reports for other programs share: the order of findings, where each is shown, and its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from claimdiff.model import Comparison, Document, Finding, Place, Span, Statement
from claimdiff.render import words
from claimdiff.render.columns import Breaks, Columns, Region, Unit
from claimdiff.render.link import path
from claimdiff.render.passage import Passage

# What a terminal that shows the JSON would obey, and a lone surrogate, which has no UTF-8 form.
ACTING = re.compile(
    "[\x7f-\x9f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\U000e0000-\U000e007f]"
)
CLIP = 400  # characters of a statement in a message


def dump(data: Any) -> str:
    """JSON with a final newline. A character that acts instead of being read is escaped; it reads back
    as it was."""
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    return ACTING.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"


class Places:
    """Where the findings of a comparison lie, as one kind of reader counts."""

    def __init__(
        self,
        comparison: Comparison,
        unit: Unit = Unit.CODE_POINT,
        breaks: Breaks = Breaks.EDITOR,
        root: str = "",
    ) -> None:
        self.comparison = comparison
        self.root = root
        self.ruling = words.Ruling(comparison)
        self.documents = {document.id: document for document in comparison.documents()}
        self.statements = {own.id: own for side in comparison.documents() for own in side.statements}
        self._columns = {id: Columns(own.text, unit, breaks) for id, own in self.documents.items()}

    def findings(self) -> Iterator[Finding]:
        """All findings: those that stop the text first where there is a verdict, then major ones."""
        yield from sorted(self.comparison.findings, key=self.ruling.rank)

    def target(self, finding: Finding) -> Place:
        """The finding's place in the derivative: its own, or the point where what is omitted would have
        stood."""
        if finding.derivative:
            return finding.derivative
        derivative = self.comparison.derivative
        if finding.after:
            end = self.statements[finding.after].span.end
            return Place(derivative.id, finding.after, Span(end, end))
        first = derivative.statements[0] if derivative.statements else None
        start = first.span.start if first else 0
        return Place(derivative.id, first.id if first else "", Span(start, start))

    def region(self, place: Place) -> Region:
        return self._columns[place.document].region(place.span)

    def line(self, place: Place) -> int:
        return self._columns[place.document].line(place.span.start)

    def document(self, place: Place) -> Document:
        return self.documents[place.document]

    def path(self, place: Place) -> str:
        return path(self.documents[place.document], self.root)

    def words(self, place: Place) -> str:
        """The document's own words at a place."""
        return place.span.of(self.documents[place.document].text)

    def message(self, finding: Finding) -> str:
        """The finding in a few lines: its message, the source's statement, the rule and how sure it is,
        and what it means for the text where there is a verdict."""
        lines = [words.plain(finding.message)]
        if finding.source:
            said = shown(self.statements[finding.source.statement])
            lines.append(
                f"Source ({words.plain(self.path(finding.source))}:{self.line(finding.source)}): {said}"
            )
        lines.append(f"Rule {words.plain(finding.rule)}, {_sure(finding)}.")
        if self.ruling.given:
            lines[-1] += " This stops the text." if self.ruling.stops(finding) else " For information."
        return "\n".join(lines)


def shown(statement: Statement, limit: int = CLIP) -> str:
    """A statement's words on one line, at a length that suits a message."""
    return Passage(words.plain(statement.text)).clip(limit).text


def title(finding: Finding) -> str:
    """The finding in a few words: "Major distortion (number): number-changed"."""
    return f"{finding.severity.capitalize()} {words.what(finding)}: {words.plain(finding.rule)}"


def _sure(finding: Finding) -> str:
    return ", ".join(filter(None, (words.confidence(finding), words.opinion(finding))))

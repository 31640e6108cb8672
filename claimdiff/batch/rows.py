"""A judged comparison as rows of the output: one of the pair, one for each finding and each statement.

Rows are JSON objects on a line. They hold no time and no place on the machine, so that the same input
gives the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from claimdiff.batch.row import LENGTH, Kind, Row, clean
from claimdiff.model import Comparison, Document, Finding, Outcome, Place, Severity

TABLES = ("comparisons", "findings", "statements")
ERROR = "error"
STOP = "stop"  # in place of an outcome: the run cannot go on, for this reason


@dataclass(frozen=True, slots=True)
class Maker:
    """What made the rows; each pair's row says it."""

    version: str
    engine: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A source that was found in the archive: what it is called there, the share of the text that it carries,
    and a digest of its bytes."""

    name: str
    score: float
    digest: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a row: lines of each of TABLES, and what the run counts."""

    number: int
    lines: tuple[bytes, bytes, bytes]
    outcome: str
    kind: str = ""
    reason: str = ""

    @property
    def size(self) -> int:
        return sum(map(len, self.lines))


def judged(row: Row, comparison: Comparison, maker: Maker, traced: Sequence[Traced] | None = None) -> Done:
    """The rows of a comparison that has its verdict; `traced` are its sources where they had to be found."""
    verdict, summary = comparison.verdict, comparison.summary
    if verdict is None:
        raise ValueError("the comparison has no verdict")
    counts = summary.counts
    major = sum(own.severity is Severity.MAJOR for own in comparison.findings)
    data = _head(row, verdict.outcome.value) | {
        "drift": summary.drift,
        "coverage": summary.coverage,
        "support": summary.support,
        "covered_held": summary.covered.held,
        "covered_total": summary.covered.total,
        "supported_held": summary.supported.held,
        "supported_total": summary.supported.total,
        "findings": len(comparison.findings),
        "major": major,
        "minor": len(comparison.findings) - major,
        "distortions": counts.distortion,
        "additions": counts.addition,
        "omissions": counts.omission,
        "types": _types(comparison),
        "failures": [f"{own.message} ({own.setting}, {own.origin})" for own in verdict.failures],
        "pardoned": len(verdict.pardons),
        "warnings": list(verdict.warnings),
        "notes": list(comparison.notes),
        "trouble": None,
        "reason": None,
        "traced": _traced(traced),
    }
    lines = (
        line(data | _tail(row, maker)),
        b"".join(map(line, _findings(row, comparison))),
        b"".join(map(line, _statements(row, comparison))),
    )
    return Done(row.number, lines, verdict.outcome.value)


def error(row: Row, kind: Kind, reason: str, maker: Maker, traced: Sequence[Traced] | None = None) -> Done:
    """The row of a pair that was not judged."""
    data: dict[str, Any] = _head(row, ERROR) | dict.fromkeys(NUMBERS)
    data |= {"types": {}, "failures": [], "pardoned": None, "warnings": [], "notes": []}
    data |= {"trouble": kind.value, "reason": clean(reason), "traced": _traced(traced)}
    return Done(row.number, (line(data | _tail(row, maker)), b"", b""), ERROR, kind.value, reason)


def stop(row: Row, reason: str) -> Done:
    """No rows: whatever came of this one would be of another run."""
    return Done(row.number, (b"", b"", b""), STOP, reason=reason)


NUMBERS = (
    "drift", "coverage", "support", "covered_held", "covered_total", "supported_held", "supported_total",
    "findings", "major", "minor", "distortions", "additions", "omissions",
)  # fmt: skip


def _head(row: Row, outcome: str) -> dict[str, Any]:
    return {"row": row.number, "pair": row.id, "outcome": outcome}


def _tail(row: Row, maker: Maker) -> dict[str, Any]:
    return {
        "columns": dict(row.columns),
        "input": row.stamp,
        "version": maker.version,
        "engine": maker.engine[:LENGTH],
    }


def _traced(found: Sequence[Traced] | None) -> list[dict[str, Any]] | None:
    return None if found is None else [asdict(own) for own in found]


def _types(comparison: Comparison) -> dict[str, int]:
    """How many findings are of each type; an addition or omission counts as what it is."""
    names = (name.value for own in comparison.findings for name in own.types or (own.kind,))
    return dict(sorted(Counter(names).items()))


def line(data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return clean(text).encode("utf-8") + b"\n"


# --- findings -------------------------------------------------------------------------------------


def _findings(row: Row, comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Those that count, then those that were pardoned."""
    verdict = comparison.verdict
    failures = verdict.failures if verdict else ()
    stopping = {id for failure in failures for id in failure.findings}
    texts = {own.id: own.text for own in comparison.documents()}
    for own in comparison.findings:
        yield _finding(row, own, texts, stops=own.id in stopping, by=None)
    for pardon in verdict.pardons if verdict else ():
        yield _finding(row, pardon.finding, texts, stops=False, by=pardon.by)


def _finding(
    row: Row, own: Finding, texts: Mapping[str, str], *, stops: bool, by: str | None
) -> dict[str, Any]:
    return {
        "row": row.number,
        "pair": row.id,
        "finding": own.id,
        "kind": own.kind.value,
        "types": [type.value for type in own.types],
        "rule": own.rule,
        "severity": own.severity.value,
        "confidence": own.confidence,
        "message": own.message,
        "stops": stops,
        "pardoned": by,
        **_place("derivative", own.derivative, texts),
        **_place("source", own.source, texts),
        "after": own.after,
    }


def _place(side: str, place: Place | None, texts: Mapping[str, str]) -> dict[str, Any]:
    keys = ("document", "statement", "start", "end", "words")
    values: tuple[Any, ...] = (None,) * len(keys)
    if place:
        words = place.span.of(texts[place.document])
        values = (place.document, place.statement, place.span.start, place.span.end, words)
    return {f"{side}_{key}": value for key, value in zip(keys, values, strict=True)}


# --- statements -----------------------------------------------------------------------------------


def _statements(row: Row, comparison: Comparison) -> Iterator[dict[str, Any]]:
    links = {own.derivative: own for own in comparison.links}
    for document in comparison.documents():
        for own in _of(document):
            link = links.get(own["statement"]) if document is comparison.derivative else None
            yield {
                "row": row.number,
                "pair": row.id,
                **own,
                "sources": list(link.sources) if link else [],
                "score": link.score if link else None,
            }


def _of(document: Document) -> Iterator[dict[str, Any]]:
    for own in document.statements:
        yield {
            "document": document.id,
            "name": document.name,
            "statement": own.id,
            "role": own.role.value,
            "status": own.status.value if own.status else None,
            "start": own.span.start,
            "end": own.span.end,
            "text": own.text,
        }


OUTCOMES = (*(own.value for own in Outcome), ERROR)

"""What a run found, counted from its partitions alone, so that the same partitions give the same summary.

Memory grows with the values of the columns that are counted by, up to a limit, and with nothing else.
"""

from __future__ import annotations

import heapq
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from claimdiff.batch.parts import Parts
from claimdiff.batch.row import Kind
from claimdiff.batch.rows import ERROR, OUTCOMES, TABLES
from claimdiff.model import Outcome

PARTS = {
    "year": re.compile(r"\d{4}"),
    "month": re.compile(r"\d{4}-\d\d"),
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
}
BINS, FINE = 20, 1000  # of the drift, to be shown and for its quantiles
MOST_VALUES = 10_000  # of a column; those that come first count apart
WORST = 20
GAP = "The verifier did not judge "  # begins a warning of what has no second opinion
OTHERS, NONE, NO_DATE = "(others)", "(none)", "(no date)"


@dataclass(frozen=True, slots=True)
class By:
    """A column to count by, or the year, month or day of the date in it."""

    column: str
    part: str = ""

    @property
    def name(self) -> str:
        return f"{self.column}:{self.part}" if self.part else self.column

    def value(self, columns: Mapping[str, Any]) -> str:
        """What a row counts under."""
        found = columns.get(self.column)
        if found is None or found == "":
            return NONE
        text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        if not self.part:
            return text
        date = PARTS[self.part].match(text)
        return date[0] if date else NO_DATE


def by(text: str) -> By:
    """What --by says: COLUMN or COLUMN:PART."""
    column, _, part = text.rpartition(":")
    return By(column, part) if column and part in PARTS else By(text)


@dataclass(slots=True)
class Tally:
    """Counts of some pairs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)

    def add(self, row: Mapping[str, Any]) -> None:
        self.outcomes[row["outcome"]] += 1
        if row["outcome"] == ERROR:
            return
        for name in SUMMED:
            self.sums[name] += _millionths(row[name]) if name in SHARES else row[name]
        for name, number in row["types"].items():
            self.types[name] += number

    @property
    def pairs(self) -> int:
        return sum(self.outcomes.values())

    @property
    def judged(self) -> int:
        return self.pairs - self.outcomes[ERROR]

    def mean(self, name: str) -> float | None:
        if not self.judged:
            return None
        value = self.sums[name] / self.judged
        return round(value / 1e6 if name in SHARES else value, 4)

    def data(self) -> dict[str, Any]:
        return {
            "pairs": self.pairs,
            "judged": self.judged,
            "outcomes": {own: self.outcomes[own] for own in OUTCOMES},
            "drift": self.mean("drift"),
            "coverage": self.mean("coverage"),
            "support": self.mean("support"),
            **{name: self.sums[name] for name in SUMMED if name not in SHARES},
            "types": dict(sorted(self.types.items(), key=lambda own: (-own[1], own[0]))),
        }


SHARES = ("drift", "coverage", "support")
SUMMED = (*SHARES, "findings", "major", "minor", "distortions", "additions", "omissions", "pardoned")


def _millionths(share: float) -> int:
    """A share as a whole number, so that a sum does not depend on how it is put together."""
    return round(share * 1_000_000)


@dataclass(slots=True)
class Summary:
    """All counts of a run."""

    groups: tuple[By, ...]
    whole: Tally = field(default_factory=Tally)
    kinds: Counter[str] = field(default_factory=Counter)
    drifts: Counter[int] = field(default_factory=Counter)
    most: float = 0.0
    traced: int = 0
    gaps: int = 0
    values: dict[str, dict[str, Tally]] = field(default_factory=dict)
    worst: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: Mapping[str, Any]) -> None:
        self.whole.add(row)
        for own in self.groups:
            values = self.values.setdefault(own.name, {})
            value = own.value(row["columns"])
            if value not in values and len(values) >= MOST_VALUES:
                value = OTHERS
            values.setdefault(value, Tally()).add(row)
        self.traced += row["traced"] is not None
        self.gaps += any(own.startswith(GAP) for own in row["warnings"])
        if row["outcome"] == ERROR:
            self.kinds[row["trouble"]] += 1
        else:
            self.drifts[min(FINE - 1, int(row["drift"] * FINE))] += 1
            self.most = max(self.most, row["drift"])

    def quantile(self, share: float) -> float | None:
        """The drift below which this share of the pairs lies, in thousandths."""
        left = share * self.whole.judged
        for at in sorted(self.drifts):
            left -= self.drifts[at]
            if left <= 0:
                return min(self.most, (at + 1) / FINE)
        return None

    def histogram(self) -> list[int]:
        bins = [0] * BINS
        for at, number in self.drifts.items():
            bins[at * BINS // FINE] += number
        return bins


def _rank(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What sorts the worst pair first: the highest drift, then what stops it and the most major findings."""
    return -row["drift"], row["outcome"] != Outcome.BLOCK.value, -row["major"], row["row"]


def summarise(parts: Parts, groups: Iterable[By], *, worst: int = WORST) -> Summary:
    """The counts of all partitions, with the rows of the worst pairs and of the first without a verdict."""
    summary = Summary(tuple(groups))
    kept: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    for number in range(parts.count()):
        found = []
        for line, row in enumerate(parts.pairs(number), 1):
            summary.add(row)
            row |= {"file": parts.path(TABLES[0], number).name, "line": line}
            if row["outcome"] != ERROR and row["findings"]:
                found.append((_rank(row), row))
            elif row["outcome"] == ERROR and len(summary.errors) < worst:
                summary.errors.append(row)
        kept = heapq.nsmallest(worst, [*kept, *found], key=lambda own: own[0])
    summary.worst = [row for _, row in kept]
    return summary


def data(summary: Summary, pages: Mapping[int, str]) -> dict[str, Any]:
    """The summary as JSON holds it; `pages` are the reports of rows."""
    bins = summary.histogram()
    return {
        "form": "claimdiff batch summary 1",
        **summary.whole.data(),
        "errors": dict(sorted(summary.kinds.items())),
        "traced": {"pairs": summary.traced, "without_source": summary.kinds[Kind.NO_SOURCE.value]},
        **({"verifier_gaps": summary.gaps} if summary.gaps else {}),
        "drift_quantiles": {
            "median": summary.quantile(0.5),
            "p90": summary.quantile(0.9),
            "p99": summary.quantile(0.99),
            "most": summary.most if summary.whole.judged else None,
        },
        "drift_histogram": [
            {"from": at / BINS, "to": (at + 1) / BINS, "pairs": number} for at, number in enumerate(bins)
        ],
        "by": {
            name: [{"value": value, **tally.data()} for value, tally in ordered(name, values)]
            for name, values in summary.values.items()
        },
        "worst": [_bad(row, pages) for row in summary.worst],
        "first_errors": [
            {key: row[key] for key in ("row", "pair", "trouble", "reason", "file", "line")}
            for row in summary.errors
        ],
    }


def _bad(row: Mapping[str, Any], pages: Mapping[int, str]) -> dict[str, Any]:
    names = ("row", "pair", "outcome", "drift", "findings", "major", "types", "file", "line")
    return {key: row[key] for key in names} | {"report": pages.get(row["row"])}


def ordered(name: str, values: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    """Dates in their order; other values the one of most pairs first."""
    if by(name).part:
        return sorted(values.items())
    return sorted(values.items(), key=lambda own: (-own[1].pairs, own[0]))

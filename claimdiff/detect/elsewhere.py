"""Figures and times of whole articles, each value once, those near a value found without looking at all."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from claimdiff.detect.once import once
from claimdiff.detect.value import CONVERTED, SAME_MONEY, bounds
from claimdiff.model import Bound, Facts, Moment, Quantity, Span

_NOWHERE = Span(0, 0)
_FRACTION = 1.5  # percentage points that a share may lie off the fraction that words name
_EDGES = (1e-6, 1e-3, CONVERTED)  # how far values may differ and still count as one figure

Key = tuple[float, float, str, Bound, bool, int]
_Part = int | None
Time = tuple[_Part, _Part, _Part, _Part, _Part, _Part, float | None, _Part, str, str]


class Row(NamedTuple):
    """Single values of one sort, in order: what they come to in the base of their dimension."""

    values: list[float]
    figures: list[Quantity]


class Figures(NamedTuple):
    """All figures of some statements: how often each stands there, rows by dimension, single values by
    what is written, and ranges and scores, which no order helps to find."""

    counts: Counter[Key]
    rows: dict[str, list[Row]]
    written: dict[float, list[Quantity]]
    others: list[Quantity]

    def near(self, new: Quantity) -> Iterator[Quantity]:
        """Figures among which is one that carries `new` if any does: the next ones to each place where
        what counts as the same figure, or as a rounding or a bound of it, may end."""
        dimension, value, _ = bounds(new)
        yield from self.others
        if new.low != new.high or dimension in ("score", "pound", "mass"):
            for rows in self.rows.values():
                for row in rows:
                    yield from row.figures
            return
        low = new.low
        # Millions for metres, and percentages for multiples, are figures of another size.
        for told in {low, 1e6 * low, low / 1e6, 100 * low, 100 * (low - 1), low / 100, low / 100 + 1}:
            yield from self.written.get(told, ())
        like = {dimension}.union(*(group for group in SAME_MONEY if dimension in group))
        for name in sorted(like & self.rows.keys()):
            for row in self.rows[name]:
                yield from _around(row, value, _FRACTION if name == "percent" else 0.0)


def _around(row: Row, value: float, reach: float) -> Iterator[Quantity]:
    """Those of a row within reach of a value, and the next two on each side of every edge."""
    edges = [edge for s in _EDGES for edge in (value * (1 - s), value / (1 - s))]
    found: set[int] = set()
    for edge in (value, *edges):
        at = bisect_left(row.values, edge)
        found.update(range(max(0, at - 2), min(len(row.values), at + 3)))
    if reach:
        found.update(range(bisect_left(row.values, value - reach), bisect_left(row.values, value + reach)))
    return (row.figures[at] for at in sorted(found))


def key(quantity: Quantity) -> Key:
    """All of a figure that its value rests on."""
    q = quantity
    return q.low, q.high, q.unit, q.bound, q.ordinal, q.digits


@once
def figures_of(lines: tuple[Facts, ...]) -> Figures:
    """The figures of some statements."""
    first: dict[Key, Quantity] = {}
    counts: Counter[Key] = Counter()
    for quantity in (quantity for facts in lines for quantity in facts.quantities):
        counts[key(quantity)] += 1
        first.setdefault(key(quantity), quantity)
    sorts: dict[tuple[str, str, Bound, bool, int], list[tuple[float, Quantity]]] = {}
    written: dict[float, list[Quantity]] = {}
    others = []
    for quantity in first.values():
        dimension, low, high = bounds(quantity)
        if low != high or quantity.low != quantity.high or quantity.unit == "score":
            others.append(quantity)
            continue
        sort = (dimension, quantity.unit, quantity.bound, quantity.ordinal, quantity.digits)
        sorts.setdefault(sort, []).append((low, quantity))
        written.setdefault(quantity.low, []).append(quantity)
    rows: dict[str, list[Row]] = {}
    for sort, entries in sorts.items():
        entries.sort(key=lambda entry: entry[0])
        rows.setdefault(sort[0], []).append(Row([v for v, _ in entries], [q for _, q in entries]))
    return Figures(counts, rows, written, others)


def figures_but(lines: tuple[Facts, ...], linked: Sequence[Facts], new: Quantity) -> Iterator[Quantity]:
    """The figures near `new` of some statements that stand not only in the linked ones."""
    figures = figures_of(lines)
    here = Counter(key(quantity) for facts in linked for quantity in facts.quantities)
    return (q for q in figures.near(new) if figures.counts[key(q)] > here[key(q)])


@once
def _times(lines: tuple[Facts, ...]) -> tuple[Counter[Time], tuple[tuple[Time, Moment], ...]]:
    counts = Counter([_time(m) for facts in lines for m in facts.moments])
    return counts, tuple([(time, Moment(_NOWHERE, *time)) for time in counts])


def times_but(lines: tuple[Facts, ...], linked: Sequence[Facts]) -> tuple[Moment, ...]:
    """The times of some statements that stand not only in the linked ones, each once, without its place."""
    counts, every = _times(lines)
    here = Counter([_time(m) for facts in linked for m in facts.moments])
    return tuple([m for time, m in every if counts[time] > here[time]])


def _time(m: Moment) -> Time:
    """All of a moment but its place."""
    return m.year, m.month, m.day, m.weekday, m.hour, m.minute, m.duration, m.relative, m.unit, m.order

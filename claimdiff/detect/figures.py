"""A pair as the number rules see it: its figures, which of them hold, and how a signal is made."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from itertools import islice
from typing import NamedTuple

from claimdiff.detect.elsewhere import figures_but
from claimdiff.detect.seen import edges
from claimdiff.detect.value import alike, bounds, cost, is_money
from claimdiff.lexicon import load, words
from claimdiff.model import Facts, Pair, Quantity, Severity, Signal, Span, Type

HELD = 0.95  # a cost below this: the figure is there, if perhaps with another bound
FOUND = 0.3  # a cost up to this: the figure stands in another statement
MOST = 60  # figures of one statement that are looked at
LONGEST = 300  # tokens; a longer statement is a list or a table, whose words tell nothing of a figure
PER_UNIT = 0.015  # rounding of a price that was converted to another unit
WINDOW = 5  # tokens on either side that tell what a figure is about


class Old(NamedTuple):
    """A quantity of a linked source statement."""

    statement: int
    quantity: Quantity


class View:
    """A pair with what the rules ask of it again and again."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.news = pair.derivative.quantities[:MOST]
        self.olds = tuple(Old(i, q) for i, facts in enumerate(pair.sources) for q in facts.quantities[:MOST])

    def elsewhere(self, new: Quantity) -> bool:
        """Whether a source statement that the pair does not rest on carries a figure."""
        near = figures_but(self.pair.context.sources, self.pair.sources, new)
        return any(cost(old, new) <= FOUND for old in near)

    @cached_property
    def others(self) -> tuple[Quantity, ...]:
        """The first figures of the source statements that the pair does not rest on."""
        linked = {facts.statement.id for facts in self.pair.sources}
        found = (
            quantity
            for facts in self.pair.context.sources
            if facts.statement.id not in linked
            for quantity in facts.quantities
        )
        return tuple(islice(found, MOST))

    @cached_property
    def held(self) -> tuple[tuple[Old, ...], ...]:
        """For each derivative quantity the source quantities that carry it, the best first."""
        rows = []
        for new in self.news:
            costs = [(cost(old.quantity, new), k) for k, old in enumerate(self.olds)]
            rows.append(tuple([self.olds[k] for c, k in sorted(costs) if c < HELD]))
        return tuple(rows)

    def per_unit(self, new: Quantity) -> bool:
        """Whether an amount of money is one of the source's per another unit: $2.01 a pound, $4.43 a kilo."""
        price = _money(new)
        mine = _measures(self.pair.derivative, new.span) if price else []
        return any(
            size == other and abs(_money(old.quantity) * factor / known - price) <= PER_UNIT * price
            for size, factor in mine[:1] for old in self.olds
            for other, known in _measures(self.pair.sources[old.statement], None)
            if _money(old.quantity) and alike(old.quantity, new)
        )  # fmt: skip

    @cached_property
    def figures(self) -> tuple[Quantity, ...]:
        """All that one can reckon with: the source's figures, and its spans of time as plain numbers."""
        seconds = load("time")["unit"]
        counts = (
            Quantity(m.span, m.duration / seconds[m.unit], m.duration / seconds[m.unit])
            for facts in self.pair.sources for m in facts.moments if m.duration and m.order != "every"
        )  # fmt: skip
        scores = (old.quantity for old in self.olds if old.quantity.unit == "score")
        parts = (Quantity(q.span, number, number) for q in scores for number in (q.low, q.high))
        ones = (
            Quantity(t.span, 1.0, 1.0) for facts in self.pair.sources for t in facts.tokens if t.norm == "one"
        )
        return (*(old.quantity for old in self.olds), *counts, *tuple(ones)[:1], *parts)

    def text(self, old: Old) -> str:
        return old.quantity.span.of(self.pair.sources[old.statement].statement.text)

    def overlap(self, new: Quantity, old: Old) -> int:
        """How many words around a derivative's figure have their match around a source's."""
        facts = self.pair.sources[old.statement]
        if max(len(facts.tokens), len(self.pair.derivative.tokens)) > LONGEST:
            return 0
        mine, theirs = _around(self.pair.derivative, new.span), _around(facts, old.quantity.span)
        near = (m for m in self.pair.matches if m.statement == old.statement and m.relation != "antonym")
        return sum(m.derivative in mine and m.source in theirs for m in near)

    def shared(self, new: Quantity, old: Old) -> int:
        """How many words of a derivative figure's own clause have their match in a source figure's."""
        facts = self.pair.sources[old.statement]
        mine = _clause(self.pair.derivative, new.span)
        theirs = _clause(facts, old.quantity.span) if mine else mine
        if not theirs:
            return 0
        near = (m for m in self.pair.matches if m.statement == old.statement and m.relation != "antonym")
        return sum(m.derivative in mine and m.source in theirs for m in near)

    def signal(self, rule: str, strength: float, new: Quantity, old: Old | None, message: str = "") -> Signal:
        # A bound that was lost is minor unless the figure then claims more than the source.
        major = 0.6 if rule == "number-bound" else 0.5
        here = new.span.of(self.pair.derivative.statement.text)
        there = self.text(old) if old else ""
        message = message or (
            f"{there} in the source, {here} here." if old else f"The source does not give {here}."
        )
        return Signal(
            rule, (Type.NUMBER,), Severity.MAJOR if strength >= major else Severity.MINOR, strength, message,
            new.span, (old.statement, old.quantity.span) if old else None, there, here,
        )  # fmt: skip


@cache
def _measure_words() -> dict[str, tuple[str, float]]:
    """Units by which things are sold: dimension and factor by word."""
    return {
        word: (entry["dimension"], entry["factor"])
        for entry in load("number")["unit"].values()
        if entry.get("dimension") in ("mass", "volume", "area", "length")
        for word in entry["words"]
    } | {"pound": _pound(), "pounds": _pound()}  # fmt: skip


def _pound() -> tuple[str, float]:
    entry = load("number")["unit"]["pound weight"]
    return entry["dimension"], entry["factor"]


def _measures(facts: Facts, span: Span | None) -> list[tuple[str, float]]:
    """The units of measure that a statement names, from the end of a span on where there is one."""
    known = _measure_words()
    near = facts.tokens
    if span is not None:
        start = edges(facts).behind(span)
        near = near[start : start + 2]
        near = near[1:] if near and near[0].norm in ("a", "an", "per", "each", "/", "the") else ()
    return [known[token.norm] for token in near if token.norm in known]


def _money(quantity: Quantity) -> float:
    """The value of an exact amount of money, or 0."""
    dimension, low, high = bounds(quantity)
    return low if low == high and is_money(dimension) else 0.0


def _clause(facts: Facts, span: Span) -> frozenset[int]:
    """The content words around a figure up to a mark or "and"; none where another figure is there."""
    if len(facts.tokens) > LONGEST:
        return frozenset()
    inside = edges(facts).touched(span)
    marks = words("number", "words", "edge")
    start, end = inside[0], inside[-1] + 1
    while start > 0 and facts.tokens[start - 1].norm not in marks:
        start -= 1
    while end < len(facts.tokens) and facts.tokens[end].norm not in marks:
        end += 1
    clause = Span(facts.tokens[start].span.start, facts.tokens[end - 1].span.end)
    alone = sum(quantity.span.overlaps(clause) for quantity in facts.quantities) == 1
    return _content(facts, [k for k in range(start, end) if k not in inside]) if alone else frozenset()


def _content(facts: Facts, indices: Iterable[int]) -> frozenset[int]:
    stop, tokens = words("number", "words", "stop"), facts.tokens
    return frozenset([k for k in indices if tokens[k].norm[0].isalpha() and tokens[k].norm not in stop])


def _around(facts: Facts, span: Span) -> frozenset[int]:
    """The content words near a figure, by index, without figures."""
    inside = edges(facts).touched(span)
    if not inside:
        return frozenset()
    return _content(facts, range(max(0, inside[0] - WINDOW), min(len(facts.tokens), inside[-1] + WINDOW + 1)))

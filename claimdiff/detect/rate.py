"""How often something happens: "every six hours" and "four times a day" are one rate."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from claimdiff.detect.moments import CLOSE
from claimdiff.detect.once import once
from claimdiff.detect.seen import edges
from claimdiff.model import Facts, Moment, Quantity

GAP = 3  # tokens between a count and its unit of time: "four tower inspections a year"
LONGEST = 300  # tokens; a longer statement is a list


class Rate(NamedTuple):
    """Times per second, with the count and the time that tell it."""

    often: float
    counted: Quantity | None
    moment: Moment


@once
def rates(facts: Facts) -> tuple[Rate, ...]:
    """The rates that a statement gives."""
    if len(facts.tokens) > LONGEST:
        return ()
    found = []
    for moment in facts.moments:
        if moment.order != "every" or not moment.duration:
            continue
        count = _count(facts, moment)
        found.append(Rate((count.low if count else 1.0) / moment.duration, count, moment))
    return tuple(found)


def _count(facts: Facts, moment: Moment) -> Quantity | None:
    for quantity in facts.quantities:
        if quantity.span.end > moment.span.start or quantity.unit not in ("", "times") or quantity.ordinal:
            continue
        places = edges(facts)
        between = facts.tokens[places.behind(quantity.span) : bisect_left(places.starts, moment.span.start)]
        if (
            len(between) <= GAP
            and quantity.low == quantity.high > 0
            and all(t.norm[0].isalpha() for t in between)
        ):
            return quantity
    return None


def same_rate(new: Rate, sources: Sequence[Facts]) -> bool:
    """Whether a source statement gives a rate in other words."""
    return any(abs(old.often - new.often) <= CLOSE * new.often for facts in sources for old in rates(facts))

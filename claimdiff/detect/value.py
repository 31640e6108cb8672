"""How well a derivative's quantity rests on a source's: the arithmetic, without any words around it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from claimdiff.lexicon import load
from claimdiff.model import Bound, Quantity

# What "about" allows: 45 for 40 to 50, 900 for 887, a third for 35%; not 300 for 250.
ABOUT = 0.125
# Two units that say the same length after rounding: 350 km and 217 miles.
CONVERTED = 0.06
# "over 900" is fair for 950 and even 1,150, not for 1,800.
BEYOND = 1.35
# A plain number from here on may be money whose unit was said before: "2.4 billion crowns, over 2.1 billion".
MANY = 10_000
MOST = 60  # figures that are looked at

SAME_MONEY = (
    {"dollar", "aud", "bnd", "cad", "hkd", "nad", "nzd", "sgd", "ttd", "twd", "usd"},
    {"pound", "gbp", "pound weight"}, {"yen", "jpy", "cny"}, {"franc", "chf"}, {"krone", "nok", "sek", "dkk"},
    {"crown", "czk"}, {"peso", "php"}, {"degree", "celsius"}, {"degree", "fahrenheit"}, {"point", "points"},
)  # fmt: skip


@cache
def _units() -> dict[str, Any]:
    return dict(load("number")["unit"])


def measure(quantity: Quantity) -> tuple[str, float]:
    """The dimension of a quantity and the factor to its base; a unit without one is its own."""
    if quantity.ordinal:
        return "ordinal", 1.0
    entry = _units().get(quantity.unit, {})
    return entry.get("dimension", quantity.unit), entry.get("factor", 1.0)


def bounds(quantity: Quantity) -> tuple[str, float, float]:
    """Dimension, low and high in its base; halves and other shares are percentages."""
    dimension, factor = measure(quantity)
    low, high = quantity.low * factor, quantity.high * factor
    if dimension == "times" and high < 1:
        return "percent", 100 * low, 100 * high
    if dimension == "fahrenheit":
        return "celsius", (low - 32) / 1.8, (high - 32) / 1.8
    return dimension, low, high


def alike(old: Quantity, new: Quantity) -> bool:
    """Whether two quantities measure the same kind of thing, so that their values can be compared."""
    if old.unit == new.unit == "" and old.ordinal == new.ordinal:
        return True  # so it is with most figures
    first, second = bounds(old)[0], bounds(new)[0]
    return first == second or second in _moneys().get(first, ())


@cache
def _moneys() -> dict[str, frozenset[str]]:
    """{dimension: the dimensions in one of the groups that it belongs to}."""
    every = {name for group in SAME_MONEY for name in group}
    return {name: frozenset().union(*(group for group in SAME_MONEY if name in group)) for name in every}


def is_money(unit: str) -> bool:
    """Whether a unit is a currency."""
    return bool(unit) and unit in _currencies()


@cache
def _currencies() -> frozenset[str]:
    table = load("number")["currency"]
    return frozenset((*table["names"].values(), *table["signs"].values()))


def near(old: float, new: float, share: float) -> bool:
    return abs(old - new) <= share * max(abs(old), abs(new)) + 1e-9


def cost(old: Quantity, new: Quantity) -> float:
    """0 where the source's quantity carries the derivative's, 1 where it does not; between them how much
    is lost or claimed beyond it: a bound, a rounding that nothing announces."""
    if new.unit == "score" or old.unit == "score":
        return _score_cost(old, new)
    if "designator" in (old.unit, new.unit):
        return 0.0 if (old.low, old.ordinal) == (new.low, new.ordinal) else 1.0
    if "pound" in (old.unit, new.unit) and "mass" in (measure(old)[0], measure(new)[0]):
        old, new = _weighed(old), _weighed(new)
    if not alike(old, new):
        return 0.0 if _same_otherwise(old, new) else 1.0
    _, low, high = bounds(old)
    _, new_low, new_high = bounds(new)
    slack = 1e-6 if old.unit == new.unit else CONVERTED
    if old.unit != new.unit and "times" in (old.unit, new.unit):
        slack = 1e-3
    if near(low, new_low, slack) and near(high, new_high, slack):
        return _bound_cost(old.bound, new.bound)
    if low == high and new_low == new_high:
        return _point_cost(old, new, low, new_low)
    return _range_cost(old, new, (low, high), (new_low, new_high))


def _weighed(quantity: Quantity) -> Quantity:
    """A quantity with its pounds as pounds of weight."""
    return quantity._replace(unit="pound weight") if quantity.unit == "pound" else quantity


def _score_cost(old: Quantity, new: Quantity) -> float:
    if {old.low, old.high} == {new.low, new.high}:
        return 0.0
    part = new.unit == "" and new.low == new.high and new.low in (old.low, old.high, abs(old.low - old.high))
    return 0.0 if part and not new.ordinal else 1.0


def _same_otherwise(old: Quantity, new: Quantity) -> bool:
    """Doubled and twice and up 100% and 200%; an age with or without its words."""
    units = {old.unit, new.unit}
    if units == {"times", "percent"}:
        times, percent = (old, new) if old.unit == "times" else (new, old)
        return percent.low in (100 * times.low, 100 * (times.low - 1))
    if units == {"", "metre"}:  # "200m" may be read as millions
        return near(max(old.low, new.low), 1e6 * min(old.low, new.low), 1e-9)
    if "" in units and old.low == new.low >= 1000 and is_money(max(units)):
        return True
    plain = units <= {"", "age", "designator", "share", "times"} or units == {"degree", "celsius"}
    return plain and (old.low, old.high, old.ordinal) == (new.low, new.high, new.ordinal)


# What it costs to say the second bound of the same figure where the source has the first.
_BOUND_COST = {
    (Bound.EXACT, Bound.ABOUT): 0.0, (Bound.EXACT, Bound.NEARLY): 0.3, (Bound.EXACT, Bound.OVER): 0.55,
    (Bound.EXACT, Bound.UNDER): 0.45, (Bound.EXACT, Bound.AT_LEAST): 0.4, (Bound.EXACT, Bound.AT_MOST): 0.4,
    (Bound.ABOUT, Bound.EXACT): 0.15, (Bound.ABOUT, Bound.NEARLY): 0.2, (Bound.ABOUT, Bound.OVER): 0.45,
    (Bound.ABOUT, Bound.UNDER): 0.45, (Bound.ABOUT, Bound.AT_LEAST): 0.4, (Bound.ABOUT, Bound.AT_MOST): 0.4,
    (Bound.NEARLY, Bound.EXACT): 0.2, (Bound.NEARLY, Bound.ABOUT): 0.0, (Bound.NEARLY, Bound.OVER): 0.85,
    (Bound.NEARLY, Bound.UNDER): 0.0, (Bound.NEARLY, Bound.AT_LEAST): 0.75,
    (Bound.NEARLY, Bound.AT_MOST): 0.1,
    (Bound.OVER, Bound.EXACT): 0.3, (Bound.OVER, Bound.ABOUT): 0.15, (Bound.OVER, Bound.NEARLY): 0.8,
    (Bound.OVER, Bound.UNDER): 0.9, (Bound.OVER, Bound.AT_LEAST): 0.05, (Bound.OVER, Bound.AT_MOST): 0.9,
    (Bound.UNDER, Bound.EXACT): 0.45, (Bound.UNDER, Bound.ABOUT): 0.3, (Bound.UNDER, Bound.NEARLY): 0.2,
    (Bound.UNDER, Bound.OVER): 0.9, (Bound.UNDER, Bound.AT_LEAST): 0.9, (Bound.UNDER, Bound.AT_MOST): 0.05,
    (Bound.AT_LEAST, Bound.EXACT): 0.6, (Bound.AT_LEAST, Bound.ABOUT): 0.3,
    (Bound.AT_LEAST, Bound.NEARLY): 0.8,
    (Bound.AT_LEAST, Bound.OVER): 0.2, (Bound.AT_LEAST, Bound.UNDER): 0.9,
    (Bound.AT_LEAST, Bound.AT_MOST): 0.9,
    (Bound.AT_MOST, Bound.EXACT): 0.6, (Bound.AT_MOST, Bound.ABOUT): 0.55, (Bound.AT_MOST, Bound.NEARLY): 0.5,
    (Bound.AT_MOST, Bound.OVER): 0.9, (Bound.AT_MOST, Bound.UNDER): 0.1, (Bound.AT_MOST, Bound.AT_LEAST): 0.9,
}  # fmt: skip


def _bound_cost(old: Bound, new: Bound) -> float:
    return 0.0 if old is new else _BOUND_COST[old, new]


def rounds(value: float, to: float, digits: int) -> bool:
    """Whether `to`, written with so many digits, is `value` rounded or cut."""
    if value == 0 or to == 0:
        return value == to
    step = 10.0 ** (_power(to) - digits + 1)
    return abs(value - to) <= step / 2 + 1e-9


def _power(value: float) -> int:
    return int(f"{abs(value):e}".split("e")[1])


def _point_cost(old: Quantity, new: Quantity, low: float, value: float) -> float:
    """Two different figures: does the derivative's bound or rounding reach the source's?"""
    bound = new.bound
    if bound is Bound.ABOUT:
        return 0.1 if near(low, value, ABOUT) else 1.0
    if bound is Bound.NEARLY:
        return 0.1 if value * 0.9 <= low < value else 1.0
    if bound in (Bound.OVER, Bound.AT_LEAST):
        return 0.1 if value < low <= value * BEYOND else 0.4 if value < low <= 2 * value else 1.0
    if bound in (Bound.UNDER, Bound.AT_MOST):
        return 0.1 if value > low >= value / BEYOND else 0.4 if value > low >= value / 2 else 1.0
    if new.unit == "percent" and _is_fraction(value) and abs(low - value) <= 1.4:
        return 0.1
    if old.unit == "percent" and _is_fraction(low) and abs(low - value) <= 1.4:
        return 0.2
    if old.unit != new.unit and new.digits <= 2 and near(low, value, CONVERTED):
        return 0.1
    rounded = new.digits < old.digits and rounds(low, value, new.digits) and near(low, value, 0.06)
    return 0.3 if rounded else 1.0


def _is_fraction(value: float) -> bool:
    """A share that words name: a half, third, quarter, fifth or tenth."""
    return any(near(value * part / 100, round(value * part / 100), 1e-6) for part in (3, 4, 5, 8, 10))


def _range_cost(
    old: Quantity, new: Quantity, before: tuple[float, float], after: tuple[float, float]
) -> float:
    """A range on one side or on both."""
    low, high = before
    vague = old.high > 3 * old.low or new.high > 3 * new.low
    if after[0] < after[1]:
        if low < high and near(low, after[0], 0.01) != near(high, after[1], 0.01) and not vague:
            other = (high, after[1]) if near(low, after[0], 0.01) else (low, after[0])
            if not near(*other, ABOUT):
                return 1.0
        inside = after[0] * 0.8 <= low and high <= after[1] * 1.2
        return (0.1 if vague else 0.35) if inside else 1.0
    value = after[0]
    if new.bound in (Bound.ABOUT, Bound.NEARLY):
        return 0.1 if low * 0.95 <= value <= high * 1.05 else 1.0
    if new.bound in (Bound.OVER, Bound.AT_LEAST):
        return 0.1 if value * 0.99 <= low else 1.0
    if new.bound in (Bound.UNDER, Bound.AT_MOST):
        return 0.1 if high <= value * 1.01 else 1.0
    return 1.0


def computed(new: Quantity, olds: Sequence[Quantity]) -> bool:
    """Whether simple arithmetic on two or three of the source's quantities gives the derivative's: a sum,
    a difference, a share, a multiple, the rest to a hundred."""
    dimension, value, high = bounds(new)
    if value != high or new.ordinal:
        return False
    points = [
        (bounds(old)[0], bounds(old)[1], old) for old in olds[:24] if old.low == old.high and not old.ordinal
    ]
    if dimension == "percent":
        results = _shares(new, [(d, x) for d, x, _ in points])
        return any(_reaches(result, new, value, 1.5 / max(value, 1.5)) for result in results)
    same = [
        x
        for d, x, old in points
        if not old.unit
        or alike(old, new)
        or (not new.unit and is_money(d) and value >= MANY)
        or (dimension.startswith("point") and d == "percent")
    ]
    if dimension == "times":
        same = [x for d, x, _ in points if d != "percent"]
        return any(b and near(a / b, value, 0.06) for a in same for b in same)
    factors = [x / 100 if d == "percent" else x for d, x, _ in points if d in ("percent", "times")]
    results = _sums(same) + [r for a in same for f in factors if f for r in (a * f, a / f, a * (1 - f))]
    return any(_reaches(result, new, value, 0.002) for result in results)


def across(new: Quantity, linked: Sequence[Quantity], others: Sequence[Quantity]) -> bool:
    """Whether an amount with a unit is the sum or the difference of one of the linked statements' and
    one that stands elsewhere in the source."""
    dimension, value, high = bounds(new)
    if value != high or new.ordinal or not new.unit or dimension in ("percent", "times", "designator"):
        return False
    here, there = (
        [bounds(old)[1] for old in olds[:MOST] if old.low == old.high and not old.ordinal and alike(old, new)]
        for olds in (linked, others)
    )
    return any(_reaches(r, new, value, 0.002) for a in here for b in there for r in (a + b, abs(a - b)))


def _reaches(result: float, new: Quantity, value: float, slack: float) -> bool:
    """Whether a computed figure is the one written, within what its bound allows."""
    if near(result, value, slack):
        return True
    if new.bound is Bound.ABOUT:
        return near(result, value, ABOUT)
    if new.bound in (Bound.NEARLY, Bound.UNDER, Bound.AT_MOST):
        return value / BEYOND <= result <= value * 1.02
    return new.bound in (Bound.OVER, Bound.AT_LEAST) and value * 0.98 <= result <= value * BEYOND


def _sums(values: list[float]) -> list[float]:
    results = [r for i, a in enumerate(values) for b in values[i + 1 :] for r in (a + b, abs(a - b))]
    if 2 < len(values) <= 6:
        results += [sum(values), abs(2 * max(values) - sum(values))]
        results += [
            abs(a - b - c) for a in values for i, b in enumerate(values) for c in values[i + 1 :] if a > b + c
        ]
    return results


def _shares(new: Quantity, points: list[tuple[str, float]]) -> list[float]:
    percents = [x for d, x in points if d == "percent"]
    steps = [x for d, x in points if d in ("point", "points")]
    results = [100 - x for x in percents] + [r for x in percents for p in steps for r in (x + p, x - p)]
    results += [100 * a / b for a in percents for b in percents if 0 < a < b]
    for i, (dimension, a) in enumerate(points):
        for other, b in points[i + 1 :]:
            if dimension == other != "percent" and a > 0 and b > 0:
                small, big = sorted((a, b))
                if new.change or new.bound is not Bound.EXACT:
                    results += [100 * (1 - small / big), 100 * (big / small - 1)]
                if not new.change:
                    results.append(100 * small / big)
    return results

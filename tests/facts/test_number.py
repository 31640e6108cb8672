"""Quantities: what a phrase means, one row a phrase."""

from __future__ import annotations

import pytest

from claimdiff.facts.amount import singular
from claimdiff.facts.number import find_quantities
from claimdiff.facts.token import tokenize
from claimdiff.model import Bound, Quantity


def find(text: str) -> tuple[Quantity, ...]:
    return find_quantities(text, tokenize(text))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("They sold 4,300 lamps.", 4300, ""),
        ("They sold twenty-three lamps.", 23, ""),
        ("They sold two hundred and fifty-six thousand lamps.", 256_000, ""),
        ("They sold a dozen lamps.", 12, ""),
        ("They sold half a dozen lamps.", 6, ""),
        ("They sold half a million lamps.", 500_000, ""),
        ("They sold a quarter of a million lamps.", 250_000, ""),
        ("They sold 1.2 million lamps.", 1_200_000, ""),
        ("They sold 6.2m lamps.", 6_200_000, ""),
        ("They sold 200\u00a0000 lamps.", 200_000, ""),
        ("It cost $1.2bn.", 1.2e9, "dollar"),
        ("It cost €28m.", 28e6, "eur"),
        ("It cost A$5.", 5, "aud"),
        ("It cost 412 billion won.", 412e9, "krw"),
        ("It cost 500 Swiss francs.", 500, "franc"),
        ("It rose 12 per cent.", 12, "percent"),
        ("It rose 25 basis points.", 25, "basis point"),
        ("It rose half a percentage point.", 0.5, "percentage point"),
        ("A quarter of them left.", 25, "percent"),
        ("Two-thirds of them left.", 200 / 3, "percent"),
        ("Seven in ten of them left.", 70, "percent"),
        ("19 of every 20 left.", 95, "percent"),
        ("It doubled.", 2, "times"),
        ("It halved.", 0.5, "times"),
        ("It is 350 km long.", 350, "kilometre"),
        ("It is 30m tall.", 30, "metre"),
        ("It was minus 27.1C.", -27.1, "celsius"),
        ("It blew at 119mph.", 119, "mile an hour"),
        ("A 45-year-old man fled.", 45, "age"),
        ("Flight 272 left.", 272, "designator"),
        ("The F-16 left.", 16, "designator"),
        ("It owns 0.482 shares.", 0.482, "share"),
    ],
)
def test_value_and_unit(text: str, value: float, unit: str) -> None:
    (quantity,) = find(text)
    assert (quantity.low, quantity.high, quantity.unit) == (pytest.approx(value), pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("Between 40 and 50 ships sank.", 40, 50, ""),
        ("40-50 ships sank.", 40, 50, ""),
        ("From 7 to 9 ships sank.", 7, 9, ""),
        ("It lost 30 to 40 percent.", 30, 40, "percent"),
        ("It needs $3-4 million.", 3e6, 4e6, "dollar"),
        ("Tens of thousands of people came.", 20_000, 99_000, ""),
        ("They won 2-1.", 2, 1, "score"),
        ("It passed by nine judges to two.", 9, 2, "score"),
    ],
)
def test_ranges_and_results(text: str, low: float, high: float, unit: str) -> None:
    (quantity,) = find(text)
    assert (quantity.low, quantity.high, quantity.unit) == (low, high, unit)


@pytest.mark.parametrize(
    ("phrase", "bound"),
    [
        ("about 900", Bound.ABOUT),
        ("some 900", Bound.ABOUT),
        ("900-odd", Bound.ABOUT),
        ("900 or so", Bound.ABOUT),
        ("nearly 900", Bound.NEARLY),
        ("just under 900", Bound.NEARLY),
        ("more than 900", Bound.OVER),
        ("upwards of 900", Bound.OVER),
        ("fewer than 900", Bound.UNDER),
        ("at least 900", Bound.AT_LEAST),
        ("no fewer than 900", Bound.AT_LEAST),
        ("up to 900", Bound.AT_MOST),
        ("as many as 900", Bound.AT_MOST),
        ("900", Bound.EXACT),
    ],
)
def test_bounds(phrase: str, bound: Bound) -> None:
    (quantity,) = find(f"He counted {phrase} geese.")
    assert (quantity.bound, quantity.low, quantity.counted) == (bound, 900, "goose")


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Profit rose 12%.", 1),
        ("Profit fell by 12%.", -1),
        ("Profit is up 12%.", 1),
        ("A 12% drop.", -1),
        ("Profit was 12% higher.", 1),
        ("Profit rose to 12%.", 0),
        ("They make up 12% of it.", 0),
    ],
)
def test_change(text: str, change: int) -> None:
    assert find(text)[0].change == change


@pytest.mark.parametrize(
    "text",
    [
        "No one knew.",
        "One of the guards knew.",
        "In 2008 it closed.",
        "It closed on Oct. 3.",
        "It closed at 6:40 a.m.",
        "It closed for 18 months.",
        "The 60-day strike ended.",
        "It closed in the 1990s.",
    ],
)
def test_no_quantity(text: str) -> None:
    assert find(text) == ()


def test_ordinals_and_fractions_differ() -> None:
    assert [q.ordinal for q in find("A third suspect fled with a third of the cash.")] == [True, False]


def test_change_from_one_to_another_is_no_range() -> None:
    assert [q.low for q in find("Sales rose from 27 to 41.")] == [27, 41]


@pytest.mark.parametrize(
    ("plural", "one"), [("people", "person"), ("families", "family"), ("boxes", "box"), ("staff", "staff")]
)
def test_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


@pytest.mark.parametrize(
    "text", ["A" * 9, "1" * 5000, "one " * 2000, "$ " * 2000, "1-" * 2000, "½ of 0.0 and ¾"]
)
def test_odd_text(text: str) -> None:
    for quantity in find(text):
        assert quantity.span.of(text)

"""What facts take of memory, and how figures are found. For work see test_growth.py."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator

import pytest

from claimdiff.detect.elsewhere import figures_of
from claimdiff.detect.value import cost
from claimdiff.facts import read_facts
from claimdiff.model import Bound, Facts, Quantity, Role, Span, Statement
from claimdiff.read import read_text
from claimdiff.segment import segment

NOUNS = (
    "bridge",
    "council",
    "budget",
    "ferry",
    "harbour",
    "museum",
    "river",
    "school",
    "tunnel",
    "union",
    "vote",
)
VERBS = ("approve", "close", "delay", "fund", "inspect", "open", "repair", "replace", "sell", "survey")
FIRST, LAST = ("Mara", "Jonas", "Petra", "Tomas", "Ines"), ("Koller", "Brandt", "Osei", "Varga", "Lind")
BYTES = 60  # traced bytes that the facts of a text may take for each of its bytes


def sentences(draw: random.Random) -> Iterator[str]:
    """Sentences of invented news, each a little different."""
    while True:
        noun, other, verb = draw.choice(NOUNS), draw.choice(NOUNS), draw.choice(VERBS)
        name = f"{draw.choice(FIRST)} {draw.choice(LAST)}{draw.choice('aeiou')}n"
        number = draw.randrange(2, 9000)
        yield draw.choice(
            (
                f"The {noun} will {verb} its {other} in March, {name} said on Tuesday.",
                f"Nearly {number} people did not see the {noun} before the {other} could {verb} it.",
                f"“We {verb} every {noun} because of the {other},” said {name}.",
                f"{name} spent ${number} on the {noun} in {1950 + number % 70}.",
            )
        )


def article(count: int, seed: int = 1) -> str:
    found = sentences(random.Random(seed))
    return "\n\n".join(next(found) for _ in range(count))


def test_facts_are_lean() -> None:
    documents = [segment(read_text(article(600, seed), id="s"), "s") for seed in (1, 2)]
    for own in documents:
        read_facts(own)  # what is kept of words is kept
    tracemalloc.start()
    try:
        facts = read_facts(documents[1])
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert facts
    assert taken <= BYTES * len(documents[1].text.encode())


UNITS = (
    "",
    "",
    "percent",
    "times",
    "metre",
    "mile",
    "usd",
    "pound",
    "kilogram",
    "designator",
    "score",
    "age",
)


def quantity(draw: random.Random) -> Quantity:
    values = (draw.randrange(1, 40), draw.randrange(1, 400) / 10, draw.randrange(1, 60) * 1e6, 0.5, -3)
    low = float(draw.choice(values))
    high = low if draw.random() < 0.85 else low * draw.choice((1.05, 1.3, 4))
    bound = draw.choice(tuple(Bound)) if draw.random() < 0.5 else Bound.EXACT
    return Quantity(Span(0, 1), low, high, draw.choice(UNITS), bound, digits=draw.randrange(1, 5))


@pytest.mark.parametrize("seed", range(5))
def test_figures_found_by_their_order_are_those_found_by_looking_at_all(seed: int) -> None:
    draw = random.Random(seed)
    statement = Statement("s.1", "s", Span(0, 1), Role.BODY, "x", ())
    for size in (3, 30, 200):
        olds = tuple(quantity(draw) for _ in range(size))
        figures = figures_of((Facts(statement, quantities=olds),))
        for new in (quantity(draw) for _ in range(100)):
            found = any(cost(old, new) <= 0.3 for old in figures.near(new))
            assert found == any(cost(old, new) <= 0.3 for old in olds), new

"""What a comparison costs: work and memory grow with the text. Calls are counted, not seconds."""

from __future__ import annotations

import random
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import claimdiff
from claimdiff.detect.elsewhere import figures_of
from claimdiff.detect.value import cost
from claimdiff.errors import NotComparableError
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
GROWTH = 1.2  # exponent: three times the text may take 3.7 times the calls
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


TEXTS: dict[str, Callable[[int], tuple[str, str]]] = {
    "the same text": lambda n: (article(n), article(n)),
    "another text": lambda n: (article(n), article(n, 2)),
    "numbers changed": lambda n: (article(n), article(n).replace("1", "3")),
    "one word a line": lambda n: tuple("\n\n".join(f"{w}{i}." for i in range(n)) for w in ("Dock", "Pier")),  # type: ignore[dict-item, return-value]
    "one long sentence": lambda n: (article(n).replace(".", ""), article(n, 2).replace(".", "")),
    "short lines": lambda n: (
        "\n\n".join(f"Harbour ferry {i * 7}" for i in range(n)),
        "\n\n".join(f"Harbour ferry {i * 7 + i % 2}" for i in range(n)),
    ),
}


def calls(source: str, derivative: str) -> int:
    """How many functions a comparison calls."""
    count = 0

    def counting(frame: Any, event: str, _: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        claimdiff.compare(source, derivative)
    except NotComparableError:
        pass
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", TEXTS)
def test_work_grows_with_the_text(name: str) -> None:
    small, large = 40, 120
    calls(*TEXTS[name](large))  # what is read once is read
    assert calls(*TEXTS[name](large)) <= (large / small) ** GROWTH * calls(*TEXTS[name](small))


def test_facts_are_lean() -> None:
    documents = [segment(read_text(article(600, seed), id="s"), "s") for seed in (1, 2)]
    read_facts(documents[0])  # what is read once is read
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

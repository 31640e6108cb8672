"""Quotation marks told from apostrophes, in all the ways in which newspapers set them."""

from __future__ import annotations

import time

import pytest

from claimdiff.facts.quotation import find_quotations

PLAIN = [
    ('He said "we won" and "they lost".', ["we won", "they lost"]),
    ("“One,” she said. “Two.”", ["One,", "Two."]),
    ("‘We were late,’ she said. ‘It’s the workers’ fault,’ he added.",
     ["We were late,", "It’s the workers’ fault,"]),
    ("'We shall see,' said the workers' leader, 'but it isn't over.'",
     ["We shall see,", "but it isn't over."]),
    ("“He told me ‘go home’ and I did,” she said.", ["He told me ‘go home’ and I did,", "go home"]),
    ("„Nein“, sagte er", ["Nein"]),
    ("»Ja«, sagte er", ["Ja"]),
    ("« Non », dit-il", [" Non "]),
    ("”Kanske”, sade han", ["Kanske"]),
]  # fmt: skip
NONE = [
    "the workers’ demands in the ‘90s, don't ask",
    "the workers' demands and the owners' replies",
    "He wanted 'til morning rock 'n' roll",
    'a 5" pipe and a 6" one',
    "‘Tis the season for it",
    "",
]


@pytest.mark.parametrize(("text", "inner"), PLAIN)
def test_marks_enclose_words(text: str, inner: list[str]) -> None:
    found = find_quotations(text)
    assert [one.inner.of(text) for one in found] == inner
    assert all(one.opened and one.closed and one.span.covers(one.inner) for one in found)


@pytest.mark.parametrize("text", NONE)
def test_apostrophes_open_nothing(text: str) -> None:
    assert find_quotations(text) == ()


def test_an_open_quotation_runs_to_the_end() -> None:
    text = "“First part (the rest follows)"
    (one,) = find_quotations(text)
    assert one.opened and not one.closed and one.inner.of(text) == text[1:]


def test_a_quotation_opened_earlier() -> None:
    text = "and that is that,” he said."
    (one,) = find_quotations(text, inside=True)
    assert not one.opened and one.closed and one.inner.of(text) == "and that is that,"
    (whole,) = find_quotations("That's life.", inside=True)
    assert not whole.opened and not whole.closed and whole.inner.of("That's life.") == "That's life."


def test_a_paragraph_that_opens_its_quotation_again() -> None:
    (one,) = find_quotations("“We came back,” she said.", inside=True)
    assert one.opened and one.closed


@pytest.mark.parametrize("unit", ["'", '"', "“", " 'a", "’ s", "“‘", "”", "» «", "s' "])
def test_cost_is_linear(unit: str) -> None:
    began = time.perf_counter()
    find_quotations(unit * 20_000)
    find_quotations(unit * 20_000, inside=True)
    assert time.perf_counter() - began < 5

"""Terms: what is one and the same, whatever the spelling, and that any text has some or none."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import FERRY

from claimdiff.trace.terms import FORM, Sort, digest, fingerprint, lines, terms


def of(text: str, *sorts: Sort) -> list[str]:
    return [term.text for term in terms(text)[0] if not sorts or term.sort in sorts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2 million berths", "1,200,000 berths"),
        ("$3bn", "3 billion"),
        ("twelve boats", "12 boats"),
        ("twenty-five boats", "25 boats"),
        ("two thousand boats", "2,000 boats"),
        ("The 4th", "the 4"),
        ("Zoë's café", "zoe cafe"),
        ("boats sailing", "boat sails"),
        ("Tove Lind", "TOVE LIND"),
    ],
)
def test_spellings_of_the_same(one: str, other: str) -> None:
    assert [own for own in of(one) if own not in ("th",)] == of(other)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("one of them", []),
        ("6:40 in the morning", ["n6c40"]),
        ("9.5%", ["n9d5"]),
        ("a 12-million plan", ["n12000000"]),
        ("version 1.2.3", ["n1d2d3"]),
        ("٣ boats", ["n663"]),
        ("1" * 5000, ["n" + "1" * 24]),
    ],
)
def test_figures(text: str, figures: list[str]) -> None:
    assert of(text, Sort.FIGURE) == figures


def test_capitals_count_within_a_sentence_and_neighbours_are_a_name() -> None:
    found = terms("Boats of Tove Lind came to Vik. Boats went.")[0]
    assert [term.text for term in found if term.sort is Sort.CAPITAL] == ["tove", "lind", "vik"]
    name = next(term for term in found if term.sort is Sort.NAME)
    assert (name.text, name.start, name.end) == ("tove0lind", 9, 18)


def test_words_in_quotation_marks_make_shingles_whatever_the_marks() -> None:
    curly = of("“We shall not sell it,” she said.", Sort.QUOTED)
    assert curly == of('"we shall not sell it" was heard', Sort.QUOTED)
    assert len(curly) == 2
    assert of("We shall not sell it, she said.", Sort.QUOTED) == []
    assert of("it said: “We", Sort.QUOTED) == []
    assert terms("“We shall not sell", False)[1] and not terms("it ever,” she said", True)[1]


def test_the_form_is_raised_when_terms_change() -> None:
    made = digest("\n".join(lines(FERRY.split("\n\n"))).encode()).hex()
    assert (FORM, made) == (1, "a617b51e6062a34bd43ba2e49c59c6fc"), (
        "terms changed: raise FORM, so that indexes are made anew"
    )


def test_a_fingerprint_is_of_words_alone() -> None:
    assert fingerprint(["One “two”.", "Three"]) == fingerprint(["one", '"Two", three!'])
    assert fingerprint(["One two"]) != fingerprint(["Onetwo"])


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_has_terms_that_the_index_gives_back(text: str) -> None:
    found = {term for line in lines([text]) for term in line.split(" ")}
    with closing(sqlite3.connect(":memory:")) as own:
        own.execute("CREATE VIRTUAL TABLE words USING fts5 (terms, detail = none, tokenize = 'ascii')")
        own.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row)")
        own.execute("INSERT INTO words (terms) VALUES (?)", ("\n".join(lines([text])),))
        assert {row[0] for row in own.execute("SELECT term FROM vocabulary")} == found

"""Which source statements a derivative statement rests on: cases (links.toml), properties, and cost."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.align import align, statement, terms
from claimdiff.facts import read_facts
from claimdiff.model import Facts, Role, Span, Statement, Tag, Token
from claimdiff.read import read_text
from claimdiff.segment import lead, segment

CASES = tomllib.loads((Path(__file__).parent / "links.toml").read_text(encoding="utf-8"))["case"]
NAMES = st.sampled_from(["Ana Ruiz", "Kelda", "the council", "she", "it", "the ECB", "NATO", "officials"])
VERBS = st.sampled_from(["approved", "turned down", "said", "has not seen", "may buy", "blamed"])
THINGS = st.sampled_from(["the bridge", "12 boats", "a budget of $3 million", "it", "Kelda", "the rain"])


def facts_of(text: str, id: str) -> tuple[Facts, ...]:
    return read_facts(segment(read_text(text, id=id), id), lead=lead)


def paragraphs(lines: Sequence[str], id: str) -> tuple[Facts, ...]:
    found = facts_of("\n\n".join(lines), id)
    assert [facts.statement.text for facts in found] == list(lines), "one paragraph is one statement here"
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_links(case: dict[str, Any]) -> None:
    sources = paragraphs(case["source"], "s1")
    if "other" in case:
        sources += paragraphs(case["other"], "s2")
    derivative = paragraphs([own[0] for own in case["derivative"]], "d")
    found = align(sources, derivative)
    wrong = [
        f"{derivative[own.derivative].statement.text!r} is linked to {sorted(own.sources)}, not to {wanted}"
        for own, (_, *wanted) in zip(found, case["derivative"], strict=True)
        if sorted(own.sources) != sorted(wanted)
    ]
    if "missed" in case:
        assert wrong, "this case is right now: take its `missed` away"
        pytest.xfail(case["missed"])
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_the_derivative_against_itself(case: dict[str, Any]) -> None:
    lines = [own[0] for own in case["derivative"]]
    old, new = paragraphs(lines, "s"), paragraphs(lines, "d")
    for own in align(old, new):
        there = [lines[j] for j in own.sources]
        assert there == (
            [] if new[own.derivative].statement.role is Role.BOILERPLATE else [lines[own.derivative]]
        )


def test_case_names_are_unique() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_equal_words_are_exact_whatever_the_typography() -> None:
    old = paragraphs(
        ["“It’s over, we won,” said Bo Lind.", "Two cranes were sold to Spain.", "It rained."], "s"
    )
    new = paragraphs(
        ['"It\'s over, we won," said Bo Lind.', "Two cranes were sold by Spain.", "It rained."], "d"
    )
    found = align(old, new)
    assert [own.sources for own in found] == [(0,), (1,), (2,)]
    assert [own.exact for own in found] == [True, False, True]
    assert [own.score for own in found if own.exact] == [1.0, 1.0]


def test_empty_sides() -> None:
    some = paragraphs(["The dock closed on Monday."], "s")
    assert align((), ()) == ()
    assert align(some, ()) == ()
    (alone,) = align((), some)
    assert (alone.sources, alone.score, alone.exact) == ((), 0.0, False)


sentences = st.builds("{} {} {}.".format, NAMES, VERBS, THINGS).map(lambda text: text[0].upper() + text[1:])
texts = st.lists(sentences, min_size=1, max_size=8).map("\n\n".join)


@settings(max_examples=40, deadline=None)
@given(texts, texts)
def test_indices_are_valid_and_the_answer_is_the_same_twice(source: str, derivative: str) -> None:
    old, new = facts_of(source, "s"), facts_of(derivative, "d")
    found = align(old, new)
    assert found == align(old, new)
    assert [own.derivative for own in found] == list(range(len(new)))
    for own in found:
        assert len(set(own.sources)) == len(own.sources)
        assert all(0 <= j < len(old) for j in own.sources)
        assert 0.0 <= own.score <= 1.0
        assert bool(own.score) == bool(own.sources)


@settings(max_examples=40, deadline=None)
@given(texts)
def test_identical_texts_align_one_to_one(text: str) -> None:
    old, new = facts_of(text, "s"), facts_of(text, "d")
    found = align(old, new)
    assert [own.sources for own in found] == [(i,) for i in range(len(new))]
    assert all(own.exact for own in found)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gets_an_answer(source: str, derivative: str) -> None:
    old, new = facts_of(source, "s"), facts_of(derivative, "d")
    assert len(align(old, new)) == len(new)


# --- cost: what is counted is work, since seconds depend on the machine ---------------------------


def bare(number: int, words: Sequence[str], side: str) -> Facts:
    """A statement of these nouns."""
    at, tokens = 0, []
    for word in words:
        tokens.append(Token(Span(at, at + len(word)), word, word, word, word, Tag.NOUN, True))
        at += len(word) + 1
    return Facts(
        Statement(f"{side}.{number}", side, Span(0, at), Role.BODY, " ".join(words), ()), tuple(tokens)
    )


def overlaps_computed(
    monkeypatch: pytest.MonkeyPatch, lines: Callable[[int], Sequence[str]], size: int
) -> int:
    """How many pairs of statements are weighed against each other, for `size` statements a side."""
    count = 0
    real = statement._overlap

    def counting(derivative: float, source: float) -> Any:
        nonlocal count
        count += 1
        return real(derivative, source)

    monkeypatch.setattr(statement, "_overlap", counting)
    old = [bare(i, lines(i), "s") for i in range(size)]
    new = [bare(i, [*lines(i), "new"], "d") for i in range(size)]
    found = statement.align(old, new, {})
    assert len(found) == size
    return count


@pytest.mark.parametrize(
    "lines",
    [
        lambda i: [f"word{i}"],
        lambda i: [f"word{i}", "shared"],
        lambda i: ["shared", f"block{i // 10}"],
        lambda i: ["shared"],
        pytest.param(
            lambda i: [f"word{i}", f"tenth{i % 10}"],
            marks=pytest.mark.xfail(
                reason="what counts as a common word is a share of the text, so its cost is quadratic",
                strict=True,
            ),
        ),
    ],
    ids=["one word each", "and one shared by all", "blocks of ten", "all alike", "one shared by a tenth"],
)
def test_pairs_weighed_grow_with_the_text(
    monkeypatch: pytest.MonkeyPatch, lines: Callable[[int], Sequence[str]]
) -> None:
    small, large = (overlaps_computed(monkeypatch, lines, size) for size in (500, 2000))
    assert large <= 6 * max(small, 500)


def test_terms_are_read_once_a_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0
    real = terms.raw_terms

    def counting(facts: Facts) -> Any:
        nonlocal count
        count += 1
        return real(facts)

    monkeypatch.setattr(terms, "raw_terms", counting)
    old = [bare(i, [f"word{i}", "shared"], "s") for i in range(200)]
    statement.align(old, old, {})
    assert count == 400

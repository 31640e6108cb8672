"""Which words stand for which: cases (words.toml), properties, and cost."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.align import match_words, word
from claimdiff.facts import read_facts
from claimdiff.model import Facts, Match, Role, Span, Statement, Tag, Token
from claimdiff.read import read_text
from claimdiff.segment import segment

CASES = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))["case"]


def facts_of(text: str, id: str) -> tuple[Facts, ...]:
    return read_facts(segment(read_text(text, id=id), id))


def indices(facts: Sequence[Facts], words: str) -> set[tuple[int, int]]:
    """The tokens (statement, index) of these words; "word#2" is their second occurrence."""
    words, _, nth = words.partition("#")
    skip = int(nth or 1) - 1
    for k, own in enumerate(facts):
        text, at = own.statement.text, -1
        while (at := text.find(words, at + 1)) >= 0:
            if skip == 0:
                span = Span(at, at + len(words))
                return {(k, n) for n, token in enumerate(own.tokens) if span.covers(token.span)}
            skip -= 1
    raise AssertionError(f"{words!r} stands nowhere")


def problems(case: dict[str, Any]) -> list[str]:
    old = facts_of("\n\n".join(case["source"]), "s")
    (new,) = facts_of(case["derivative"], "d")
    found = match_words(new, old)
    out = []
    for there, here, *relation in ((old_, new_, *rest) for new_, old_, *rest in case["match"]):
        mine, theirs = {n for _, n in indices([new], here)}, indices(old, there)
        hits = [m for m in found if m.derivative in mine and (m.statement, m.source) in theirs]
        strays = [m for m in found if (m.derivative in mine) != ((m.statement, m.source) in theirs)]
        if not hits or strays:
            out.append(f"{here!r} must match {there!r} alone: {_told(new, old, [*hits, *strays])}")
        elif relation and {m.relation for m in hits} != set(relation):
            out.append(f"{here!r} matches {there!r} as {hits[0].relation}, not {relation[0]}")
    for words in case.get("alone", ()):
        mine = {n for _, n in indices([new], words)}
        if strays := [m for m in found if m.derivative in mine]:
            out.append(f"{words!r} must match nothing: {_told(new, old, strays)}")
    return out


def _told(new: Facts, old: Sequence[Facts], found: Sequence[Match]) -> str:
    return ", ".join(
        f"{new.tokens[m.derivative].text} = {old[m.statement].tokens[m.source].text} ({m.relation})"
        for m in found
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_matches(case: dict[str, Any]) -> None:
    wrong = problems(case)
    if "missed" in case:
        assert wrong, "this case is right now: take its `missed` away"
        pytest.xfail(case["missed"])
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_every_word_matches_itself(case: dict[str, Any]) -> None:
    (facts,) = facts_of(case["derivative"], "d")
    found = match_words(facts, (facts,))
    assert {(m.derivative, m.source) for m in found if facts.tokens[m.derivative].content} == {
        (n, n) for n, token in enumerate(facts.tokens) if token.content
    }


def check(new: Facts, old: Sequence[Facts]) -> None:
    found = match_words(new, old)
    assert list(found) == sorted(found)
    assert found == match_words(new, old)
    for match in found:
        assert 0 <= match.statement < len(old)
        assert 0 <= match.source < len(old[match.statement].tokens)
        assert 0 <= match.derivative < len(new.tokens)
        assert 0.0 < match.score <= 1.0
    # Only the words of a phrase share a partner.
    for side in ([m.derivative for m in found], [(m.statement, m.source) for m in found]):
        shared = {own for own, count in Counter(side).items() if count > 1}
        for own in shared:
            related = {m.relation for m in found if own in (m.derivative, (m.statement, m.source))}
            assert related == {"synonym"}


WORDS = st.sampled_from(
    ["the", "council", "mayor", "turned", "down", "rejected", "bridge", "12", "40", "Kelda", "Ana", "Ruiz",
     "she", "not", "rose", "fell", "called", "off", "said", "“", "”", ",", "of"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(WORDS, min_size=1, max_size=15).map(" ".join),
    st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=3).map("\n\n".join),
)
def test_matches_are_valid(derivative: str, source: str) -> None:
    for new in facts_of(derivative, "d"):
        check(new, facts_of(source, "s"))


def test_no_source_no_match() -> None:
    (new,) = facts_of("The mayor resigned.", "d")
    assert match_words(new, ()) == ()


def nouns(words: Sequence[str], id: str) -> Facts:
    tokens = tuple(Token(Span(n, n + 1), own, own, own, own, Tag.NOUN, True) for n, own in enumerate(words))
    return Facts(Statement(id, id[0], Span(0, len(words)), Role.BODY, "x" * len(words), ()), tokens)


WORK = 300_000  # relations looked up and candidates weighed: a second or so


def matched_within_budget(monkeypatch: pytest.MonkeyPatch, new: Facts, old: Facts) -> int:
    """The number of matches; fails as soon as more relations or candidates are looked at than WORK."""
    count = 0
    real = word._context

    def more(number: int) -> None:
        nonlocal count
        count += number
        assert count <= WORK, "too much is compared"

    def counting(*args: Any) -> Any:
        more(1)
        return real(*args)

    def unrelated(_: str, others: Collection[str]) -> dict[str, tuple[str, float]]:
        more(len(others))
        return {}

    monkeypatch.setattr(word, "_context", counting)
    return len(word.match_words(new, (old,), unrelated, {}))


@pytest.mark.parametrize("size", [300, 3_000])
def test_different_words_are_affordable(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    new, old = (nouns([f"{side}{n}" for n in range(size)], f"{side}.1") for side in "ds")
    assert matched_within_budget(monkeypatch, new, old) == 0


@pytest.mark.parametrize("size", [400, 3_000])
def test_one_word_many_times_is_affordable(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    new, old = nouns(["bank"] * size, "d.1"), nouns(["bank"] * size, "s.1")
    assert matched_within_budget(monkeypatch, new, old) == size

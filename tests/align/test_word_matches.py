"""Which words stand for which: cases (words.toml), properties, and cost."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
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


WORK = 2_000_000  # comparisons of two words: a second or two


def matched_within_budget(monkeypatch: pytest.MonkeyPatch, new: Facts, old: Facts) -> None:
    """Fails as soon as more words are compared than WORK."""
    count = 0
    real = word._relation

    def counting(*args: Any) -> Any:
        nonlocal count
        count += 1
        assert count <= WORK, "too many words are compared"
        return real(*args)

    monkeypatch.setattr(word, "_relation", counting)
    word.match_words(new, (old,), lambda *_: None, {})


def test_a_long_sentence_is_affordable(monkeypatch: pytest.MonkeyPatch) -> None:
    new, old = (nouns([f"{side}{n}" for n in range(300)], f"{side}.1") for side in "ds")
    matched_within_budget(monkeypatch, new, old)


@pytest.mark.xfail(reason="every word is compared with every other, however many there are", strict=True)
def test_a_statement_of_three_thousand_words_is_affordable(monkeypatch: pytest.MonkeyPatch) -> None:
    new, old = (nouns([f"{side}{n}" for n in range(3_000)], f"{side}.1") for side in "ds")
    matched_within_budget(monkeypatch, new, old)


@pytest.mark.xfail(reason="the company of every candidate is looked up among all candidates", strict=True)
def test_one_word_many_times_is_affordable(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    class Counted(set[int]):
        def __iter__(self) -> Any:
            nonlocal count
            for own in super().__iter__():
                count += 1
                assert count <= WORK, "too many candidates are looked at"
                yield own

    monkeypatch.setattr(word, "set", Counted, raising=False)
    new, old = nouns(["bank"] * 400, "d.1"), nouns(["bank"] * 400, "s.1")
    assert len(word.match_words(new, (old,), lambda *_: None, {})) == 400

"""Tokens, lemmas and tags, driven by tables: tagged.txt, lemmas.toml and the lists below."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.facts.reading import lemma
from claimdiff.facts.token import fold, is_title_case, tokenize
from claimdiff.model import Tag

HERE = Path(__file__).parent
LEMMAS = tomllib.loads((HERE / "lemmas.toml").read_text(encoding="utf-8"))
LETTERS = {
    "n": Tag.NOUN, "p": Tag.NAME, "v": Tag.VERB, "x": Tag.AUXILIARY, "m": Tag.MODAL, "a": Tag.ADJECTIVE,
    "r": Tag.ADVERB, "o": Tag.PRONOUN, "d": Tag.DETERMINER, "i": Tag.PREPOSITION, "c": Tag.CONJUNCTION,
    "t": Tag.PARTICLE, "#": Tag.NUMBER,
}  # fmt: skip
MIN_ACCURACY = 0.96  # of the hand-tagged words; 0.981 when this was written
GLUE = (
    (" n't", "n't"), (" 's", "'s"), (" 've", "'ve"), (" %", "%"), ("$ ", "$"), (" ,", ","), (" .", "."),
    (" - ", "-"), ("can not", "cannot"),
)  # fmt: skip


def sentences() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for line in (HERE / "tagged.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            continue
        words = [word.rpartition("/")[::2] if "/" in word else (word, "") for word in line.split()]
        text = " ".join(word for word, _ in words)
        for apart, together in GLUE:
            text = text.replace(apart, together)
        yield text, words


def test_the_tagger_reaches_its_accuracy() -> None:
    right = wrong = 0
    for text, words in sentences():
        tokens = tokenize(text)
        assert [token.text for token in tokens] == [word for word, _ in words], text
        for token, (_, letters) in zip(tokens, words, strict=True):
            if letters:
                hit = token.tag in [LETTERS[letter] for letter in letters]
                right, wrong = right + hit, wrong + (not hit)
    assert right + wrong > 400
    assert right / (right + wrong) >= MIN_ACCURACY


@pytest.mark.parametrize(
    "kind, classes", [("verbs", "V VS VD VN VG"), ("nouns", "N NS"), ("adjectives", "J")]
)
def test_lemmas(kind: str, classes: str) -> None:
    for entry in LEMMAS[kind]:
        form, expected = entry.split()
        assert expected in {lemma(form, name) for name in classes.split()}, entry


def test_there_are_enough_lemmas() -> None:
    assert sum(len(LEMMAS[kind]) for kind in ("verbs", "nouns", "adjectives")) >= 180
    for kind in ("verbs", "nouns", "adjectives"):
        assert LEMMAS[kind] == sorted(set(LEMMAS[kind]))


@pytest.mark.parametrize("text, word, expected", LEMMAS["contexts"])
def test_lemmas_in_context(text: str, word: str, expected: str) -> None:
    assert [token.lemma for token in tokenize(text) if token.text == word] == [expected]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("can't won’t cannot", "ca n't wo n’t can not"),
        ("they're he'd we'll I'm you've it's", "they 're he 'd we 'll I 'm you 've it 's"),
        ("DON'T", "DO N'T"),
        ("the farmers' groups", "the farmers ' groups"),
        ("O'Brien at six o'clock", "O'Brien at six o'clock"),
        ("the U.S. at 5 p.m.", "the U.S. at 5 p.m."),
        ("J.Smith, Ph.D.", "J . Smith , Ph.D."),
        ("long-term", "long - term"),
        ("yes—no -- 1–2", "yes — no -- 1 – 2"),
        ("wait... wait…", "wait ... wait …"),
        ("1,200 9.5% 3rd 6:40 $3bn", "1,200 9.5 % 3rd 6:40 $ 3 bn"),
        ("the G7's MH370", "the G7 's MH370"),
        ("Q3 Rs500 COVID19", "Q3 Rs 500 COVID 19"),
        ("snake_case", "snake _ case"),
        ("see www.example.org/a.", "see www.example.org/a ."),
        ("“Why?” he asked", "“ Why ? ” he asked"),
        ("", ""),
        (" \n\t", ""),
    ],
)
def test_cuts(text: str, expected: str) -> None:
    assert " ".join(token.text for token in tokenize(text)) == expected


def test_norms_are_folded() -> None:
    norms = [token.norm for token in tokenize("He’s “Out” — co\u00adoperate e\u0301tude …")]
    assert norms == ["he", "'s", '"', "out", '"', "–", "cooperate", "étude", "..."]
    assert len(fold("“a”—…\u00a0b")) == len("“a”—…\u00a0b")


@pytest.mark.parametrize(
    "text, content",
    [
        ("The bank has not been able to pay its debts, however.", "bank able pay debts"),
        ("It is very likely that she will go there again.", "likely go"),
        ("According to Reuters, sales rose 4 percent.", "Reuters sales rose 4 percent"),
        ("They have two dogs and own a car.", "two dogs own car"),
        ("He backed the plan.", "backed plan"),
    ],
)
def test_content(text: str, content: str) -> None:
    assert [token.text for token in tokenize(text) if token.content] == content.split()


@pytest.mark.parametrize(
    "text, tag, words",
    [
        ("The company has to pay and has paid before.", Tag.AUXILIARY, "has has"),
        ("He has a plan and does business here.", Tag.AUXILIARY, ""),
        ("Has the minister resigned?", Tag.AUXILIARY, "Has"),
        ("The planned merger of the two leading banks failed.", Tag.VERB, "failed"),
        ("The deal was approved by regulators.", Tag.VERB, "approved"),
        (
            "Mr. Dale met Prime Minister Anna Keller in St. Louis.",
            Tag.NAME,
            "Mr Dale Prime Minister Anna Keller St Louis",
        ),
        ("Mayor Says City To Cut Bus Routes", Tag.VERB, "Says Cut"),
        ("MINISTER QUITS OVER EMAILS", Tag.VERB, "QUITS"),
    ],
)
def test_tags(text: str, tag: Tag, words: str) -> None:
    assert [token.text for token in tokenize(text) if token.tag is tag] == words.split()


def test_title_case() -> None:
    assert is_title_case(tokenize("Mayor Says City To Cut Bus Routes"))
    assert not is_title_case(tokenize("The mayor of Leeds says the city will cut bus routes"))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_every_visible_character_is_in_one_token(text: str) -> None:
    tokens = tokenize(text)
    covered = [at for token in tokens for at in range(*token.span)]
    assert covered == sorted(set(covered))
    assert {at for at, char in enumerate(text) if not char.isspace()} <= set(covered)
    assert all(token.text == token.span.of(text) and token.text for token in tokens)


@pytest.mark.parametrize("unit", ["a", "'", "a'", "n't", "a.", "1,", "\u00ad", "https://", "-", "'s "])
def test_long_runs_are_cheap(unit: str) -> None:
    """Nothing here may take quadratic time: a hang shows as a stuck test."""
    tokens = tokenize(unit * 20_000)
    assert tokens

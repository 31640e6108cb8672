"""The entity detector by its minimal pairs, on facts that are built here."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from claimdiff.align import match_words
from claimdiff.detect import entity
from claimdiff.facts.name import find_names, resolve
from claimdiff.facts.token import tokenize
from claimdiff.model import Context, Facts, Pair, Piece, Role, Signal, Span, Statement

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "entity.toml").read_text("utf-8"))["case"]
REPORTED = 0.5
_SENTENCE = re.compile(r"(?<=[a-z]\.)(?<!Inc\.)(?<!Dr\.) (?=[A-Z])")


def unmarked(text: str) -> tuple[str, tuple[Span, ...]]:
    """A case's text without its [[marks]], and where they stood."""
    marks, out = [], ""
    for part in re.split(r"(\[\[.*?\]\])", text):
        word = part[2:-2] if part.startswith("[[") else part
        if word != part:
            marks.append(Span(len(out), len(out) + len(word)))
        out += word
    return out, tuple(marks)


def facts(document: str, sentences: list[str]) -> tuple[Facts, ...]:
    tokens = tuple(tokenize(sentence) for sentence in sentences)
    found = tuple(find_names(sentence, line) for sentence, line in zip(sentences, tokens, strict=True))
    return tuple(
        Facts(
            Statement(
                f"{document}{i}", document, Span(0, len(text)), Role.BODY, text, (Piece(0, 0, len(text)),)
            ),
            line,
            names=names,
        )
        for i, (text, line, names) in enumerate(zip(sentences, tokens, resolve(found, tokens), strict=True))
    )


def pair(source: str, derivative: str, rest: tuple[str, ...] = ()) -> Pair:
    sentences = _SENTENCE.split(source)
    every = facts("s", [*sentences, *rest])
    olds = every[: len(sentences)]
    new = facts("d", [derivative])[0]
    return Pair(new, olds, match_words(new, olds), Context(every if rest else olds, (new,)))


def reported(given: Pair) -> list[Signal]:
    return [signal for signal in entity.detect(given) if signal.strength >= REPORTED]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, object]) -> None:
    source, old_marks = unmarked(str(case["source"]))
    derivative, marks = unmarked(str(case["derivative"]))
    given = pair(source, derivative)
    signals = reported(given)
    assert sorted({signal.rule for signal in signals}) == case["expect"]
    for mark in marks if case["expect"] else ():
        assert any(signal.derivative.overlaps(mark) for signal in signals)
    if case["expect"] and old_marks:
        words = {mark.of(source) for mark in old_marks}
        assert any(
            signal.old and (signal.old in words or signal.old in " ".join(words)) for signal in signals
        )


def test_enough_cases() -> None:
    firing = sum(bool(case["expect"]) for case in CASES)
    assert firing >= 35
    assert len(CASES) - firing >= 35


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_source_against_itself_is_silent(case: dict[str, object]) -> None:
    source, _ = unmarked(str(case["source"]))
    for sentence in _SENTENCE.split(source):
        assert not list(entity.detect(pair(source, sentence)))


@pytest.mark.parametrize("rule", entity.RULES, ids=[rule.id for rule in entity.RULES])
def test_example_and_twin_of_a_rule(rule: object) -> None:
    example, twin = rule.example, rule.twin  # type: ignore[attr-defined]
    found = {signal.rule for signal in entity.detect(pair(*example))}
    if rule.id != "entity-elsewhere":  # type: ignore[attr-defined]
        assert rule.id in found  # type: ignore[attr-defined]
    assert not reported(pair(*twin))


def test_elsewhere_in_the_source_is_weak() -> None:
    given = pair("The talks were opened on Monday.", "Brandt opened the talks on Monday.",
                 ("Envoys praised Anna Brandt for her patience.",))  # fmt: skip
    (signal,) = entity.detect(given)
    assert signal.rule == "entity-elsewhere"
    assert signal.strength < REPORTED


def test_values_and_spans() -> None:
    given = pair("Talks resume in Quito on Monday.", "Talks resume in La Paz on Monday.")
    (signal,) = reported(given)
    assert signal.derivative.of(given.derivative.statement.text) == signal.new == "La Paz"
    assert signal.source is not None
    assert signal.source[1].of(given.sources[signal.source[0]].statement.text) == signal.old == "Quito"
    assert "Quito" in signal.message and "La Paz" in signal.message

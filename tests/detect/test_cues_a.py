"""Negation, modality and causality: the minimal pairs, the rules' own examples, and some hard input."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from claimdiff.detect import causality, modality, negation
from claimdiff.detect.cueview import opposite
from claimdiff.facts.cue import find_cues
from claimdiff.facts.token import tokenize
from claimdiff.model import Context, Facts, Match, Pair, Role, Rule, Signal, Span, Statement, Token

CASES = Path(__file__).parents[1] / "cases"
DETECTORS = {"negation": negation, "modality": modality, "causality": causality}
REPORTED = 0.5
SYNONYMS = {frozenset({"drop", "fall"}), frozenset({"happen", "occur"})}
RULES = [(name, rule) for name, module in DETECTORS.items() for rule in module.RULES]


def facts(id: str, text: str) -> Facts:
    tokens = tokenize(text)
    return Facts(
        Statement(id, id[0], Span(0, len(text)), Role.BODY, text, ()), tokens, cues=find_cues(text, tokens)
    )


def alike(one: Token, other: Token) -> str:
    if one.norm == other.norm:
        return "exact"
    if one.stem == other.stem or one.lemma == other.lemma:
        return "stem"
    if opposite(one, other):
        return "antonym"
    return "synonym" if frozenset({one.lemma, other.lemma}) in SYNONYMS else ""


def matches(derivative: Facts, sources: tuple[Facts, ...]) -> tuple[Match, ...]:
    found: dict[int, Match] = {}
    used: set[tuple[int, int]] = set()
    for wanted in ("exact", "stem", "synonym", "antonym"):
        for index, token in enumerate(derivative.tokens):
            if not token.content or index in found:
                continue
            for number, source in enumerate(sources):
                places = [
                    at
                    for at, other in enumerate(source.tokens)
                    if other.content and (number, at) not in used and alike(token, other) == wanted
                ]
                if places:
                    used.add((number, places[0]))
                    found[index] = Match(index, number, places[0], wanted, 1.0)
                    break
    return tuple(sorted(found.values()))


def pair(source: str, derivative: str) -> Pair:
    sentences = re.split(r"(?<=[.?]) (?=[A-Z])", source)
    sources = tuple(facts(f"s{number}", sentence) for number, sentence in enumerate(sentences, 1))
    new = facts("d1", derivative)
    return Pair(new, sources, matches(new, sources), Context(sources, (new,)))


def marked(text: str) -> tuple[str, list[Span]]:
    """The text without its marks, and where they were."""
    plain, spans = "", []
    for piece in re.split(r"(\[\[.*?\]\])", text):
        bare = piece[2:-2] if piece.startswith("[[") else piece
        if bare is not piece:
            spans.append(Span(len(plain), len(plain) + len(bare)))
        plain += bare
    return plain, spans


def cases() -> list[Any]:
    return [
        pytest.param(name, case, id=f"{name}: {case['name']}")
        for name in DETECTORS
        for case in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
        if not case.get("aligned")  # those need the aligner's word relations: tests/test_cases.py runs them
    ]


def reported(name: str, pairing: Pair) -> list[Signal]:
    return [signal for signal in DETECTORS[name].detect(pairing) if signal.strength >= REPORTED]


@pytest.mark.parametrize(("name", "case"), cases())
def test_case(name: str, case: dict[str, Any]) -> None:
    source, old_marks = marked(case["source"])
    derivative, new_marks = marked(case["derivative"])
    pairing = pair(source, derivative)
    signals = reported(name, pairing)
    assert sorted({signal.rule for signal in signals}) == case["expect"], [s.message for s in signals]
    for signal in signals:
        assert any(signal.derivative.overlaps(mark) for mark in new_marks)
        assert signal.source is not None
        number, span = signal.source
        offset = source.index(pairing.sources[number].statement.text)
        assert any(span.shift(offset).overlaps(mark) for mark in old_marks)


@pytest.mark.parametrize(("name", "case"), cases())
def test_a_text_holds_against_itself(name: str, case: dict[str, Any]) -> None:
    for side in ("source", "derivative"):
        text = marked(case[side])[0]
        assert not [s.message for s in reported(name, pair(text, text))]


@pytest.mark.parametrize(
    ("name", "rule"), RULES, ids=lambda value: value.id if isinstance(value, Rule) else ""
)
def test_examples_of_the_rules(name: str, rule: Rule) -> None:
    found = list(DETECTORS[name].detect(pair(*rule.example)))
    assert rule.id in {signal.rule for signal in found}
    assert rule.id not in {signal.rule for signal in reported(name, pair(*rule.twin))}


def test_every_type_has_thirty_cases_of_each_sort() -> None:
    for name in DETECTORS:
        found = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
        firing = sum(bool(case["expect"]) for case in found)
        assert firing >= 32 and len(found) - firing >= 32


@pytest.mark.parametrize(
    "text", ["", " ", "not", "not " * 500, "no, " * 500 + "may", '" " "', "because", "§ ¶", "A" * 3000]
)
def test_nothing_crashes(text: str) -> None:
    for name in DETECTORS:
        reported(name, pair(text, "It may not have closed because of rain."))
        reported(name, pair("It may not have closed because of rain.", text))

"""Quantifier, intensity and qualifier: the minimal pairs, the lexicons behind them, and some hard input."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from claimdiff.detect import intensity, qualifier, quantifier
from claimdiff.facts.cue import find_cues
from claimdiff.facts.quotation import find_quotations
from claimdiff.facts.token import tokenize
from claimdiff.lexicon import load
from claimdiff.model import Context, CueKind, Facts, Match, Pair, Role, Signal, Span, Statement, Token

CASES = Path(__file__).parents[1] / "cases"
DETECTORS = {"quantifier": quantifier, "intensity": intensity, "qualifier": qualifier}
LEXICONS = ("quantifier", "intensity", "condition")
REPORTED = 0.5


def facts(id: str, text: str) -> Facts:
    tokens = tokenize(text)
    statement = Statement(id, id[0], Span(0, len(text)), Role.BODY, text, ())
    return Facts(statement, tokens, cues=find_cues(text, tokens), quotations=find_quotations(text))


@cache
def rung_of() -> dict[str, set[tuple[str, str, str]]]:
    """The rungs on which a single word of the intensity and quantifier lexicons stands."""
    found: dict[str, set[tuple[str, str, str]]] = {}
    for name in ("intensity", "quantifier"):
        for scales in load(name).values():
            for scale, rungs in scales.items():
                for rung, entries in rungs.items():
                    for entry in entries:
                        found.setdefault(entry.removeprefix("="), set()).add((name, scale, rung))
    return found


def alike(one: Token, other: Token) -> str:
    if one.norm == other.norm:
        return "exact"
    if one.stem == other.stem or one.lemma == other.lemma:
        return "stem"
    shared = rung_of().get(one.lemma, set()) & rung_of().get(other.lemma, set())
    return "synonym" if shared else ""


def matches(derivative: Facts, sources: tuple[Facts, ...]) -> tuple[Match, ...]:
    found: list[Match] = []
    used: set[tuple[int, int]] = set()
    for wanted in ("exact", "stem", "synonym"):
        for index, token in enumerate(derivative.tokens):
            if not token.content or any(match.derivative == index for match in found):
                continue
            for number, source in enumerate(sources):
                places = (
                    at
                    for at, other in enumerate(source.tokens)
                    if other.content and (number, at) not in used and alike(token, other) == wanted
                )
                place = next(places, None)
                if place is not None:
                    used.add((number, place))
                    found.append(Match(index, number, place, wanted, 1.0 if wanted == "exact" else 0.9))
                    break
    return tuple(sorted(found))


def build(source: str, derivative: str) -> Pair:
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z“])", source)
    sources = tuple(facts(f"s{number}", text) for number, text in enumerate(sentences))
    new = facts("d0", derivative)
    return Pair(new, sources, matches(new, sources), Context(sources, (new,)))


def unmark(text: str) -> tuple[str, list[Span]]:
    plain, spans = "", []
    for number, part in enumerate(re.split(r"\[\[|\]\]", text)):
        if number % 2:
            spans.append(Span(len(plain), len(plain) + len(part)))
        plain += part
    return plain, spans


def cases(name: str) -> list[Any]:
    table = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(name, case, id=f"{name}: {case['name']}") for case in table]


def run(name: str, source: str, derivative: str) -> list[Signal]:
    return [s for s in DETECTORS[name].detect(build(source, derivative)) if s.strength >= REPORTED]


@pytest.mark.parametrize(("name", "case"), [case for name in DETECTORS for case in cases(name)])
def test_case(name: str, case: dict[str, Any]) -> None:
    source, old_marks = unmark(case["source"])
    derivative, new_marks = unmark(case["derivative"])
    signals = run(name, source, derivative)
    fired = {signal.rule for signal in signals}  # one change may be seen from several sides
    assert fired >= set(case["expect"]), [s.message for s in signals]
    assert bool(fired) == bool(case["expect"]), [s.message for s in signals]
    for mark in new_marks:
        assert any(signal.derivative.overlaps(mark) for signal in signals)
    if old_marks and any(signal.source for signal in signals):
        assert any(s.source and s.source[0] == 0 and s.source[1].overlaps(old_marks[0]) for s in signals)


@pytest.mark.parametrize(("name", "case"), [case for name in DETECTORS for case in cases(name)])
def test_a_text_against_itself_is_silent(name: str, case: dict[str, Any]) -> None:
    for text in (unmark(case["source"])[0], unmark(case["derivative"])[0]):
        assert run(name, text, text) == []


@pytest.mark.parametrize(("name", "case"), [case for name in DETECTORS for case in cases(name)])
def test_offsets_hold_behind_a_prefix(name: str, case: dict[str, Any]) -> None:
    source, _ = unmark(case["source"])
    derivative, _ = unmark(case["derivative"])
    head = "— "
    plain = run(name, source, derivative)
    shifted = run(name, source, head + derivative)
    assert [s.derivative.shift(len(head)) for s in plain] == [s.derivative for s in shifted]


@pytest.mark.parametrize("name", DETECTORS)
def test_enough_cases_and_every_rule_has_one(name: str) -> None:
    table = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    assert sum(1 for case in table if case["expect"]) >= 32
    assert sum(1 for case in table if not case["expect"]) >= 32
    expected = {rule for case in table for rule in case["expect"]}
    assert expected <= {rule.id for rule in DETECTORS[name].RULES}
    texts = [(case["source"], case["derivative"]) for case in table]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("name", DETECTORS)
def test_the_example_of_a_rule_fires_and_its_twin_does_not(name: str) -> None:
    for rule in DETECTORS[name].RULES:
        hits = [s for s in DETECTORS[name].detect(build(*rule.example)) if s.rule == rule.id]
        assert any(s.strength >= 0.4 for s in hits), rule.id
        assert not [s for s in run(name, *rule.twin) if s.rule == rule.id], rule.id


@pytest.mark.parametrize("name", LEXICONS)
def test_lexicon_is_sorted_and_says_nothing_twice(name: str) -> None:
    for kind, scales in load(name).items():
        CueKind(kind)
        for scale, rungs in scales.items():
            assert list(rungs) == sorted(rungs, key=float), scale
            entries = [entry for rung in rungs.values() for entry in rung]
            assert len(entries) == len(set(entries)), (
                scale,
                sorted(e for e in entries if entries.count(e) > 1),
            )
            for rung in rungs.values():
                assert rung == sorted(rung), scale
                assert all(entry == " ".join(entry.split()) and entry for entry in rung)


def test_lexicon_is_large() -> None:
    scales = load("intensity")["intensity"]
    assert len(scales) >= 150
    assert sum(len(entries) for rungs in scales.values() for entries in rungs.values()) >= 1500


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize(
    "text", ["", "…", "All", "if", "“", "all " * 400, "if only unless some most never " * 200]
)
def test_no_text_breaks_a_detector(name: str, text: str) -> None:
    list(DETECTORS[name].detect(build(text, "Some of it fell if all agreed.")))
    list(DETECTORS[name].detect(build("Some of it fell if all agreed.", text)))

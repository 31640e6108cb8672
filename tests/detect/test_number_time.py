"""Number and time: the minimal pairs of both case files, against these two detectors alone."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from claimdiff.facts.moment import find_moments
from claimdiff.facts.number import find_quantities
from claimdiff.facts.token import tokenize
from claimdiff.model import Context, Facts, Match, Pair, Piece, Role, Signal, Span, Statement

CASES = Path(__file__).parents[1] / "cases"
REPORTED = 0.5
SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "the",
        "to",
        "was",
        "were",
        "with",
    ]
)


def cases() -> list[Any]:
    rows = []
    for name in ("number", "time"):
        for case in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]:
            rows.append(pytest.param(case, id=f"{name}: {case['name']}"))
    return rows


def unmark(text: str) -> tuple[str, list[Span]]:
    """The text without its marks, and the spans that they enclosed."""
    plain, spans = "", []
    for part in re.split(r"(\[\[.*?\]\])", text):
        inner = part[2:-2] if part.startswith("[[") else part
        if part.startswith("[["):
            spans.append(Span(len(plain), len(plain) + len(inner)))
        plain += inner
    return plain, spans


def facts(id: str, text: str) -> Facts:
    tokens = tokenize(text)
    statement = Statement(id, id, Span(0, len(text)), Role.BODY, text, (Piece(0, 0, len(text)),))
    return Facts(statement, tokens, find_quantities(text, tokens), find_moments(text, tokens))


def matches(derivative: Facts, source: Facts) -> tuple[Match, ...]:
    """Words with the same stem, each source word once, in order."""
    places: dict[str, list[int]] = {}
    for index, token in enumerate(source.tokens):
        places.setdefault(token.stem, []).append(index)
    found = []
    for index, token in enumerate(derivative.tokens):
        if token.norm[0].isalpha() and token.norm not in SMALL_WORDS and places.get(token.stem):
            found.append(Match(index, 0, places[token.stem].pop(0), "stem", 1.0))
    return tuple(found)


def compare(source: str, derivative: str) -> list[Signal]:
    old, new = facts("source", source), facts("derivative", derivative)
    pair = Pair(new, (old,), matches(new, old), Context((old,), (new,)))
    modules = [importlib.import_module(f"claimdiff.detect.{name}") for name in ("number", "time")]
    return [signal for module in modules for signal in module.detect(pair)]


def reported(source: str, derivative: str) -> list[Signal]:
    return [signal for signal in compare(source, derivative) if signal.strength >= REPORTED]


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    source, old_marks = unmark(case["source"])
    derivative, new_marks = unmark(case["derivative"])
    signals = reported(source, derivative)
    assert sorted({signal.rule for signal in signals}) == sorted(case["expect"]), signals
    for mark in new_marks:
        assert any(signal.derivative.overlaps(mark) for signal in signals)
    for mark in old_marks:
        assert any(signal.source and signal.source[1].overlaps(mark) for signal in signals)


@pytest.mark.parametrize("case", cases())
def test_spans_and_messages(case: dict[str, Any]) -> None:
    """Every signal, weak ones too, lies in its texts and names what it saw."""
    source, derivative = unmark(case["source"])[0], unmark(case["derivative"])[0]
    for signal in compare(source, derivative):
        assert 0 <= signal.strength <= 1
        assert signal.new == signal.derivative.of(derivative) != ""
        assert signal.source is None or signal.old == signal.source[1].of(source) != ""
        assert signal.message.endswith(".")


@pytest.mark.parametrize("case", cases())
def test_identical_texts_are_silent(case: dict[str, Any]) -> None:
    for text in (unmark(case["source"])[0], unmark(case["derivative"])[0]):
        assert reported(text, text) == []


@pytest.mark.parametrize("name", ["number", "time"])
def test_rules_hold_on_their_own_examples(name: str) -> None:
    for rule in importlib.import_module(f"claimdiff.detect.{name}").RULES:
        assert rule.id in {signal.rule for signal in reported(*rule.example)}, rule.id
        assert reported(*rule.twin) == [], rule.id


@pytest.mark.parametrize("name", ["number", "time"])
def test_enough_cases(name: str) -> None:
    rows = [case.values[0] for case in cases() if case.id.startswith(name)]
    assert sum(bool(row["expect"]) for row in rows) >= 32
    assert sum(not row["expect"] for row in rows) >= 32
    rules = {rule.id for rule in importlib.import_module(f"claimdiff.detect.{name}").RULES}
    assert rules == {rule for row in rows for rule in row["expect"]}


def test_figure_elsewhere_in_the_source_is_weak() -> None:
    linked, other = facts("s0", "The mill employs people."), facts("s1", "In all 340 people work there.")
    new = facts("d", "The mill employs 340 people.")
    pair = Pair(new, (linked,), (), Context((linked, other), (new,)))
    signals = list(importlib.import_module("claimdiff.detect.number").detect(pair))
    assert all(signal.strength < REPORTED for signal in signals)


@pytest.mark.parametrize(
    "text", ["", "7", "1 " * 3000, "12% and " * 800, "Tuesday before " * 800, "million " * 2000]
)
def test_odd_texts_end(text: str) -> None:
    assert isinstance(reported(text, text + "9"), list)

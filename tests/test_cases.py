"""The minimal pairs of tests/cases: what must fire, where, and what must stay silent.

A case is one source text, one derivative statement and the rules that must fire; `[[...]]` marks where the
evidence must lie. Pairs are built directly, so that the aligner has no part in them. Each case runs as it
is, behind other text (offsets), and source against itself. A silent case holds for all detectors together.
A case that the program gets wrong says why in `missed`; it fails as soon as the program gets it right.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from claimdiff.align import match_words
from claimdiff.detect import DETECTORS, RULES, judge, signals
from claimdiff.facts import read_facts
from claimdiff.model import Context, Facts, Pair, Role, Signal, Span
from claimdiff.read import read_text
from claimdiff.segment import lead, segment

FOLDER = Path(__file__).parent / "cases"
MARK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
PREFIX = "Nothing else was settled at the hearing in the old town hall.\n\n"
REPORTED = 0.5
KNOWN = {rule.id for rule in RULES}
# Weak evidence by design: these add to what others see and are never reported alone.
SUPPORTING = {"causality-weakened", "negation-gained", "negation-lost", "qualifier-group"}


def _cases() -> list[Any]:
    out = []
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            out.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return out


CASES = _cases()


def _strip(text: str) -> tuple[str, list[Span]]:
    """The text without marks, and where they stood."""
    plain, spans, at = "", [], 0
    for match in MARK.finditer(text):
        plain += text[at : match.start()]
        spans.append(Span(len(plain), len(plain) + len(match.group(1))))
        plain += match.group(1)
        at = match.end()
    return plain + text[at:], spans


@cache
def _facts(text: str, id: str, *, strip_lead: bool = False) -> tuple[Facts, ...]:
    return read_facts(segment(read_text(text, id=id), id), lead=lead if strip_lead else None)


def _pairs(source: str, derivative: str) -> list[Pair]:
    """One pair for each statement of the derivative, against all statements of the source."""
    old = _facts(source, "s")
    new = _facts(derivative, "d", strip_lead=True)
    return [Pair(facts, old, match_words(facts, old), Context(old, new)) for facts in new]


def _own(pairs: list[Pair], prefix: str) -> list[Pair]:
    return [pair for pair in pairs if pair.derivative.statement.span.start >= len(prefix)]


def _places(pair: Pair, signal: Signal) -> tuple[Span, Span | None]:
    """The document spans of a signal on both sides."""
    there = None
    if signal.source is not None:
        there = pair.sources[signal.source[0]].statement.place(signal.source[1]).span
    return pair.derivative.statement.place(signal.derivative).span, there


def _check(case: dict[str, Any], prefix: str) -> list[str]:
    source, old_marks = _strip(prefix + case["source"])
    derivative, new_marks = _strip(prefix + case["derivative"])
    pairs = _own(_pairs(source, derivative), prefix)
    problems = []
    if not case["expect"]:
        for pair in pairs:
            for signal in judge(pair).signals:
                problems.append(f"must stay silent, but {signal.rule} ({signal.strength}): {signal.message}")
    fired = [(p, s) for p in pairs for s in signals(p) if s.strength >= REPORTED]
    for rule in case["expect"]:
        hits = [_places(pair, signal) for pair, signal in fired if signal.rule == rule]
        if not hits:
            problems.append(f"{rule} must fire; fired: {sorted({s.rule for _, s in fired}) or 'nothing'}")
        elif new_marks and not any(mark.overlaps(here) for here, _ in hits for mark in new_marks):
            problems.append(f"{rule} fired outside the derivative's marks: {[here for here, _ in hits]}")
        elif old_marks and not any(there and mark.overlaps(there) for _, there in hits for mark in old_marks):
            problems.append(f"{rule} fired outside the source's marks: {[there for _, there in hits]}")
    return problems


def _hold(case: dict[str, Any], problems: list[str]) -> None:
    if "missed" in case:
        assert problems, "this case is right now: take its `missed` away"
        pytest.xfail(case["missed"])
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    _hold(case, _check(case, ""))


@pytest.mark.parametrize("case", [case for case in CASES if "missed" not in case.values[0]])
def test_case_behind_other_text(case: dict[str, Any]) -> None:
    problems = _check(case, PREFIX)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("case", CASES)
def test_source_against_itself_is_silent(case: dict[str, Any]) -> None:
    source, _ = _strip(case["source"])
    facts = _facts(source, "s")
    for item in facts:
        pair = Pair(item, (item,), match_words(item, (item,)), Context(facts, facts))
        found = [s for s in judge(pair).signals if item.statement.role is not Role.BOILERPLATE]
        assert not found, f"{found[0].rule}: {found[0].message}"


@pytest.mark.parametrize("case", CASES)
def test_swapped_sides_do_not_crash(case: dict[str, Any]) -> None:
    source, _ = _strip(case["source"])
    derivative, _ = _strip(case["derivative"])
    for pair in _pairs(derivative, source):
        for signal in signals(pair):
            assert 0 <= signal.strength <= 1
            assert signal.rule in KNOWN
            assert Span(0, len(pair.derivative.statement.text)).covers(signal.derivative)


def test_every_rule_has_a_firing_case() -> None:
    fired = {rule for case in CASES for rule in case.values[0]["expect"] if "missed" not in case.values[0]}
    detectors = {rule.id for module in DETECTORS for rule in module.RULES}
    assert sorted(detectors - fired - SUPPORTING) == []
    assert sorted(SUPPORTING & fired) == [], "a rule that fires by itself supports no others"


def test_every_file_belongs_to_a_detector_and_names_are_unique() -> None:
    modules = {module.__name__.rsplit(".", 1)[-1] for module in DETECTORS}
    assert {path.stem for path in FOLDER.glob("*.toml")} <= modules
    names = Counter(case.id for case in CASES)
    assert [name for name, count in names.items() if count > 1] == []


def test_rule_ids_are_unique_and_told() -> None:
    assert [id for id, count in Counter(rule.id for rule in RULES).items() if count > 1] == []
    for rule in RULES:
        assert rule.summary and rule.why and all(rule.example) and all(rule.twin), rule.id


@pytest.mark.parametrize("rule", [r for m in DETECTORS for r in m.RULES], ids=lambda r: r.id)
def test_the_example_of_a_rule_fires_and_its_twin_is_silent(rule: Any) -> None:
    fired = {s.rule for pair in _pairs(*rule.example) for s in signals(pair) if s.strength >= 0.1}
    assert rule.id in fired
    twin = [s for pair in _pairs(*rule.twin) for s in judge(pair).signals]
    assert not twin, f"{twin[0].rule}: {twin[0].message}"

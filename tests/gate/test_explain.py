"""The account of a verdict: nothing that judged is left out."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from claimdiff.gate import config as configuration
from claimdiff.gate.config import Value
from claimdiff.gate.explain import JUDGING, explain
from claimdiff.gate.judge import judge
from claimdiff.gate.policy import Policy, policy
from claimdiff.gate.setting import BY_NAME
from claimdiff.model import Comparison, Pardon


def made(text: str = "", **given: Any) -> Policy:
    config = configuration._Reader(Path("claimdiff.toml"), text, ()).config(tomllib.loads(text))
    return policy(config, "d.md", {n: Value(v, "command line") for n, v in given.items()}, rules=tuple)


def test_what_judges_is_known() -> None:
    assert set(JUDGING) <= BY_NAME.keys()


def test_all_is_accounted_for(pair: Comparison) -> None:
    own = made(
        'profile = "strict"\nlimits = [{at-most = 1}, {at-most = 0, of = "omission"}]\nmin-support = 0.2'
    )
    first, *_, last = pair.findings
    judged = judge(
        pair,
        own,
        [
            lambda _: ([Pardon(first, "waiver", "agreed with the desk", "AE", "2026-12-31")], ["it lapsed"]),
            lambda _: ([Pardon(last, "baseline")], []),
        ],
    )
    lines = explain(judged, own, "d.md").split("\n")
    assert lines == [
        "",
        "d.md: block",
        '  profile = "strict" (claimdiff.toml:1)',
        '  fail-on = "minor" (profile strict): stops the text, 2 major findings and 1 minor finding',
        "  exact-quotations = true (profile strict): holds",
        "  sourced-numbers = true (profile strict): holds",
        '  limits = [{ at-most = 1, of = "all" }, { at-most = 0, of = "omission" }] (claimdiff.toml:2): '
        "stops the text, 3 findings; 1 omission",
        "  min-coverage = 0.8 (profile strict): stops the text, 60% of the source's statements are carried",
        "  min-support = 0.2 (claimdiff.toml:3): holds",
        "  max-drift = 1 (default): holds",
        '  unused-waivers = "fail" (profile strict): stops the text, 1 waiver has lapsed or matched nothing',
        *(
            f"  {found.id} {found.rule}, {found.severity}, confidence {found.confidence:.2f}: "
            'stops the text by fail-on = "minor" and limits: at most 1 finding'
            + (" and limits: at most 0 omissions" if found.kind == "omission" else "")
            for found in judged.findings
        ),
        f"  {first.id} plan-as-done, major, confidence 0.90: does not count, waiver by AE, until 2026-12-31: "
        "agreed with the desk",
        f"  {last.id} omission-rule, minor, confidence 0.50: does not count, baseline",
        "  it lapsed",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fail-confidence = 0.95", "confidence 0.90: reported; it is less certain than 0.95"),
        ('severity.all = "minor"', 'confidence 0.90: reported; fail-on = "major" lets it pass'),
        ('fail-on = "none"', 'confidence 0.90: reported; fail-on = "none" lets it pass'),
        ('fail-on = "none"\nconfidence.time = 0.95', 'confidence 0.90: reported; fail-on = "none" lets it'),
    ],
)
def test_why_a_finding_stops_nothing(pair: Comparison, text: str, says: str) -> None:
    own = made(text)
    assert says in explain(judge(pair, own), own, "d.md")


def test_without_a_verdict_there_is_nothing_to_explain(pair: Comparison) -> None:
    with pytest.raises(ValueError, match="without a verdict"):
        explain(pair, made(), "d.md")

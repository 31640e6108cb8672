"""The verdict: each setting alone at its threshold, what is pardoned, and what is left when findings go."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff import compare, store
from claimdiff.gate import config as configuration
from claimdiff.gate.judge import Pardoner, judge
from claimdiff.gate.policy import Policy, policy
from claimdiff.gate.setting import PROFILES
from claimdiff.model import Comparison, Finding, Kind, Outcome, Pardon, Relation, Severity, Status, Type
from claimdiff.read import read_text
from claimdiff.score import restate

QUIET = 'fail-on = "none"\n'
SOURCE = """Orchard scheme grows

The council of Elmstead will plant 400 apple trees by 2031, its head gardener Tove Lind said on Monday.

“We are short of hands,” Lind said. The work may cost 90,000 crowns. Nobody has been hired yet.

Residents were not asked about the plan. The trees come from a nursery in Vik.
"""
BENT = """Orchard scheme grows

The council of Elmstead will plant 600 apple trees by 2031, its head gardener Tove Lind said on Monday.

“We are short on hands,” Lind said. The work will cost 90,000 crowns. Nobody has been hired yet.

Residents were asked about the plan. A rival club in Norway has sued the council over the orchard.
"""
DETAIL = SOURCE.replace("nursery in Vik.", "nursery in Vik, eager to avoid hecklers.").replace(
    "Residents were", "Residents, more worried than ever, were"
)
SHORT = SOURCE.split("\n")[2] + "\n"


def made(text: str = "", **given: Any) -> Policy:
    config = configuration._Reader(Path("claimdiff.toml"), text, ()).config(tomllib.loads(text))
    layer = {name.replace("_", "-"): configuration.Value(own, "command line") for name, own in given.items()}
    return policy(config, "derivative.md", layer, rules=lambda: ("number-changed", "plan-as-done"))


@cache
def engine(source: str, derivative: str, *, everything: bool = False) -> Comparison:
    asked = ("quotations", "numbers") if everything else ()
    return compare(source, derivative, min_confidence=0.0 if everything else 0.25, require=asked)


def failed(comparison: Comparison, own: Policy, *pardoners: Pardoner) -> list[str]:
    verdict = judge(comparison, own, pardoners).verdict
    assert verdict is not None
    assert (verdict.outcome is Outcome.BLOCK) is bool(verdict.failures)
    return [failure.setting for failure in verdict.failures]


def pardoning(by: str, *findings: Finding, warnings: tuple[str, ...] = ()) -> Pardoner:
    return lambda comparison: ([Pardon(own, by, f"says {by}") for own in findings], warnings)


# --- each setting -----------------------------------------------------------------------------------


# The pair has findings of 0.9, 0.7 and 0.9 that are major, and of 0.6 and 0.5 that are minor.
@pytest.mark.parametrize(
    ("text", "setting", "ids"),
    [
        (QUIET, None, ()),
        ('fail-on = "major"', 'fail-on = "major"', (0, 1, 3)),
        ('fail-on = "minor"', 'fail-on = "minor"', (0, 1, 2, 3, 4)),
        ('fail-on = "major"\nfail-confidence = 0.7', 'fail-on = "major"', (0, 1, 3)),
        ('fail-on = "major"\nfail-confidence = 0.71', 'fail-on = "major"', (0, 3)),
        ('fail-on = "major"\nfail-confidence = 0.9', 'fail-on = "major"', (0, 3)),
        ('fail-on = "major"\nfail-confidence = 0.91', None, ()),
        ('fail-on = "minor"\nfail-confidence = 0.6', 'fail-on = "minor"', (0, 1, 2, 3)),
        ('fail-on = "major"\nconfidence.number = 0.7\nconfidence.all = 1', 'fail-on = "major"', (1,)),
        ('fail-on = "major"\nconfidence.number = 0.701\nconfidence.all = 1', None, ()),
        # what is a modality and a time stops by the one of which nothing is said
        ('fail-on = "major"\nconfidence.time = 1\nconfidence.all = 1', 'fail-on = "major"', (0,)),
        ('fail-on = "major"\nfail-confidence = 1\nconfidence.time = 0.9', 'fail-on = "major"', (0,)),
        ('fail-on = "major"\nseverity.all = "minor"', None, ()),
        (
            'fail-on = "major"\nseverity.all = "minor"\nseverity.addition = "major"',
            'fail-on = "major"',
            (2,),
        ),
        ('fail-on = "minor"\nignore = ["distortion", "omission"]', 'fail-on = "minor"', (2,)),
        ('fail-on = "minor"\nselect = "number"', 'fail-on = "minor"', (1,)),
        ('fail-on = "minor"\nmin-confidence = 0.7\nfail-confidence = 0', 'fail-on = "minor"', (0, 1, 3)),
        (QUIET + "limits = [{at-most = 5}]", None, ()),
        (QUIET + "limits = [{at-most = 4}]", "limits: at most 4 findings", (0, 1, 2, 3, 4)),
        (QUIET + 'limits = [{at-most = 2, of = "omission"}]', None, ()),
        (
            QUIET + 'limits = [{at-most = 1, of = "omission"}]',
            "limits: at most 1 omission",
            (3, 4),
        ),
        (
            QUIET + 'limits = [{at-most = 0, of = "omission", severity = "minor"}]',
            "limits: at most 0 minor omissions",
            (4,),
        ),
        (QUIET + 'limits = [{at-most = 0, of = "quote"}]', None, ()),
        (QUIET + "min-coverage = 0.6", None, ()),
        (QUIET + "min-coverage = 0.61", "min-coverage = 0.61", ()),
        (QUIET + "min-support = 0.25", None, ()),
        (QUIET + "min-support = 0.26", "min-support = 0.26", ()),
        (QUIET + "max-drift = 0.6154", None, ()),
        (QUIET + "max-drift = 0.6153", "max-drift = 0.6153", ()),
        (QUIET + "exact-quotations = true\nsourced-numbers = true", None, ()),
        (QUIET + 'unused-waivers = "fail"', None, ()),
    ],
)
def test_one_setting(pair: Comparison, text: str, setting: str | None, ids: tuple[int, ...]) -> None:
    verdict = judge(pair, made(text)).verdict
    assert verdict is not None
    if setting is None:
        assert verdict.failures == ()
        assert verdict.outcome is Outcome.REVIEW
    else:
        (failure,) = verdict.failures
        assert verdict.outcome is Outcome.BLOCK
        assert failure.setting == setting
        assert failure.findings == tuple(pair.findings[at].id for at in ids)
        assert failure.origin.startswith("claimdiff.toml:")


@pytest.mark.parametrize(
    ("setting", "changes", "message"),
    [
        ("exact-quotations", {"types": (Type.QUOTE,)}, "1 quotation is not as the source has them"),
        ("exact-quotations", {"types": (Type.NUMBER, Type.QUOTE)}, "1 quotation is not as"),
        ("sourced-numbers", {"rule": "number-unsourced"}, "1 figure stands in no source"),
    ],
)
def test_what_must_be_in_the_source(
    pair: Comparison, setting: str, changes: dict[str, Any], message: str
) -> None:
    findings = list(pair.findings)
    findings[2] = replace(findings[2], severity=Severity.MINOR, confidence=0.3, **changes)
    changed = replace(pair, findings=tuple(findings))
    assert failed(changed, made(QUIET)) == []
    verdict = judge(changed, made(f"{QUIET}{setting} = true")).verdict
    assert verdict is not None
    (failure,) = verdict.failures
    assert (failure.setting, failure.findings) == (f"{setting} = true", (findings[2].id,))
    assert failure.message.startswith(message)
    assert failed(changed, made(f"{QUIET}{setting} = true"), pardoning("waiver", findings[2])) == []


def test_lapsed_waivers(pair: Comparison) -> None:
    lapsed = pardoning("waiver", warnings=("one", "two"))
    for text, expected in (("warn", []), ("fail", ['unused-waivers = "fail"'])):
        own = made(f'{QUIET}unused-waivers = "{text}"')
        judged = judge(pair, own, [lapsed])
        assert failed(pair, own, lapsed) == expected
        assert judged.verdict is not None and judged.verdict.warnings == ("one", "two")


def test_every_setting_that_fails_is_named(pair: Comparison) -> None:
    text = 'profile = "strict"\nmin-support = 0.9\nmax-drift = 0.1\nlimits = [{at-most = 1}]'
    verdict = judge(pair, made(text)).verdict
    assert verdict is not None
    assert [(own.setting, own.origin, own.message) for own in verdict.failures] == [
        ('fail-on = "minor"', "profile strict", "3 major findings and 2 minor findings"),
        ("limits: at most 1 finding", "claimdiff.toml:4", "5 findings"),
        ("min-coverage = 0.8", "profile strict", "60% of the source's statements are carried"),
        ("min-support = 0.9", "claimdiff.toml:2", "25% of the derivative's statements are supported"),
        ("max-drift = 0.1", "claimdiff.toml:3", "the drift is 0.62"),
    ]


def test_a_severity_of_the_policy_is_shown(pair: Comparison) -> None:
    judged = judge(pair, made('severity.omission = "minor"'))
    assert [own.severity for own in judged.findings if own.kind is Kind.OMISSION] == [Severity.MINOR] * 2


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("text", [SOURCE, SHORT, "No.\n"])
def test_identical_texts_pass(profile: str, text: str) -> None:
    own = made(profile=profile)
    verdict = judge(compare(text, text, **own.engine), own).verdict
    assert verdict is not None
    assert (verdict.outcome, verdict.failures, verdict.warnings) == (Outcome.PASS, (), ())


@pytest.mark.parametrize(
    ("profile", "derivative", "outcome", "failing"),
    [
        ("strict", BENT, Outcome.BLOCK, {"fail-on", "exact-quotations", "sourced-numbers"}),
        ("rewrite", BENT, Outcome.BLOCK, {"fail-on"}),
        ("summary", BENT, Outcome.BLOCK, {"fail-on"}),
        ("strict", SHORT, Outcome.BLOCK, {"fail-on", "min-coverage"}),
        ("summary", SHORT, Outcome.PASS, set()),
    ],
)
def test_profiles(profile: str, derivative: str, outcome: Outcome, failing: set[str]) -> None:
    own = made(profile=profile)
    verdict = judge(compare(SOURCE, derivative, **own.engine), own).verdict
    assert verdict is not None
    assert verdict.outcome is outcome
    assert {failure.setting.split(" ")[0] for failure in verdict.failures} == failing


# --- pardons ----------------------------------------------------------------------------------------


def test_a_finding_is_pardoned_once_and_by_the_first(pair: Comparison) -> None:
    first, second, *_, last = pair.findings
    judged = judge(
        pair,
        made(),
        [pardoning("waiver", last), pardoning("comment", first, last), pardoning("baseline", *pair.findings)],
    )
    assert judged.verdict is not None
    assert judged.findings == ()
    assert [own.finding.id for own in judged.verdict.pardons] == [own.id for own in pair.findings]
    assert [own.by for own in judged.verdict.pardons] == ["comment", *["baseline"] * 3, "waiver"]
    assert second.id in {own.finding.id for own in judged.verdict.pardons}
    assert judged.verdict.outcome is Outcome.PASS
    assert judged.summary.counts.distortion == judged.summary.counts.addition == 0


def test_a_pardoner_sees_what_the_policy_asks_for(pair: Comparison) -> None:
    seen: list[list[Kind]] = []

    def watching(comparison: Comparison) -> tuple[tuple[()], tuple[()]]:
        seen.append([own.kind for own in comparison.findings])
        return (), ()

    judge(pair, made('ignore = ["omission", "addition"]'), [watching, watching])
    assert seen == [[Kind.DISTORTION] * 2] * 2


def test_pardons_touch_no_threshold_but_their_own(pair: Comparison) -> None:
    """Coverage tells what the text holds, whoever has forgiven what it leaves out."""
    omissions = [own for own in pair.findings if own.kind is Kind.OMISSION]
    assert failed(pair, made(QUIET + "min-coverage = 0.7"), pardoning("waiver", *omissions)) == [
        "min-coverage = 0.7"
    ]
    bent = [own for own in pair.findings if own.kind is Kind.DISTORTION]
    assert failed(pair, made(QUIET + "min-support = 0.75"), pardoning("waiver", *bent[:1])) == [
        "min-support = 0.75"
    ]
    assert failed(pair, made(QUIET + "min-support = 0.75"), pardoning("waiver", *bent)) == []


@pytest.mark.parametrize("heading", ["Our view", "our  VIEW"])
def test_sections_of_our_own(heading: str) -> None:
    text = f"{SOURCE}\n## {heading}\n\nThe council has 14 similar orchards in Norway and should sell them.\n"
    derivative = read_text(text, id="d", name="d.md", markdown=True)
    comparison = compare(SOURCE, derivative)
    assert failed(comparison, made()) == ['fail-on = "major"']
    own = made('expected-sections = ["Their view", "Our view"]')
    judged = judge(comparison, own)
    assert judged.verdict is not None
    assert judged.verdict.outcome is not Outcome.BLOCK
    assert {(p.by, p.reason, p.finding.kind) for p in judged.verdict.pardons} == {
        ("expected", "stands under “Our view”", Kind.ADDITION)
    }
    assert failed(comparison, made('expected-sections = ["Our"]')) == ['fail-on = "major"']


def test_a_section_of_our_own_may_not_bend() -> None:
    text = SOURCE.replace("\n“We", "\n## Our view\n\n“We").replace("may cost 90,000", "may cost 150,000")
    derivative = read_text(text, id="d", name="d.md", markdown=True)
    assert failed(compare(SOURCE, derivative), made('expected-sections = "Our view"')) == [
        'fail-on = "major"'
    ]


# --- fewer findings ---------------------------------------------------------------------------------

PAIRS = [(SOURCE, BENT), (SOURCE, DETAIL), (SOURCE, SHORT), (SHORT, SOURCE), (SOURCE, SOURCE), (BENT, SOURCE)]


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize(("source", "derivative"), PAIRS)
def test_all_findings_leave_it_as_it_is(source: str, derivative: str, everything: bool) -> None:
    comparison = engine(source, derivative, everything=everything)
    assert restate(comparison, comparison.findings) == comparison


def test_a_detail_alone_keeps_its_statement_distorted() -> None:
    comparison = engine(
        "The choir sold 900 tickets in Brill.",
        "The choir, more popular than ever, sold 900 tickets in Brill.",
    )
    assert {own.kind for own in comparison.findings} == {Kind.ADDITION}
    assert [own.relation for own in comparison.links] == [Relation.DISTORTED]
    assert restate(comparison, comparison.findings) == comparison
    assert [own.relation for own in restate(comparison, ()).links] == [Relation.PARAPHRASE]


@pytest.mark.parametrize(("source", "derivative"), PAIRS)
def test_without_findings_nothing_is_distorted(source: str, derivative: str) -> None:
    left = restate(engine(source, derivative, everything=True), ())
    assert Status.DISTORTED not in {own.status for own in left.derivative.statements}
    assert Relation.DISTORTED not in {own.relation for own in left.links}
    assert store.from_json(left.to_json()).to_json() == left.to_json()


@settings(max_examples=40, deadline=None)
@given(data=st.data(), which=st.sampled_from(PAIRS[:3]))
def test_what_is_left_holds_together(data: st.DataObject, which: tuple[str, str]) -> None:
    comparison = engine(*which, everything=True)
    findings = [own for own in comparison.findings if data.draw(st.booleans())]
    left = restate(comparison, findings)
    status = {own.id: own.status for own in left.derivative.statements}
    before = {own.id: own.status for own in comparison.derivative.statements}
    held = {own.derivative.statement for own in findings if own.derivative}
    for link in left.links:
        assert status[link.derivative] == Status(link.relation.value)
    for id, own in status.items():
        if own is Status.DISTORTED:
            assert id in held
        assert own == before[id] or before[id] is Status.DISTORTED
    counts = left.summary.counts
    assert counts.addition + counts.omission + counts.distortion == len(findings)
    assert left.summary.support >= comparison.summary.support
    assert left.summary.coverage == comparison.summary.coverage
    assert left.summary.drift <= comparison.summary.drift
    assert restate(left, left.findings) == left


@settings(max_examples=40, deadline=None)
@given(
    least=st.floats(0, 1),
    fail=st.sampled_from(["major", "minor", "none"]),
    forgiven=st.sets(st.integers(0, 30)),
    cap=st.integers(0, 5),
)
def test_a_verdict_holds_together(least: float, fail: str, forgiven: set[int], cap: int) -> None:
    comparison = engine(SOURCE, BENT, everything=True)
    own = made(
        f"limits = [{{at-most = {cap}}}]", fail_on=fail, fail_confidence=least, min_confidence=least / 2
    )
    chosen = [finding for at, finding in enumerate(comparison.findings) if at in forgiven]

    def pardoner(asked: Comparison) -> tuple[list[Pardon], tuple[()]]:
        ids = {finding.id for finding in chosen}
        return [Pardon(finding, "baseline") for finding in asked.findings if finding.id in ids], ()

    judged = judge(comparison, own, [pardoner])
    verdict = judged.verdict
    assert verdict is not None
    counting, pardoned = [f.id for f in judged.findings], [p.finding.id for p in verdict.pardons]
    assert not set(counting) & set(pardoned)
    assert all(set(failure.findings) <= set(counting) for failure in verdict.failures)
    assert (verdict.outcome is Outcome.PASS) is (not counting and not verdict.failures)
    again: Callable[..., Comparison] = store.from_json
    assert again(judged.to_json()).verdict == verdict

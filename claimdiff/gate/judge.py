"""The verdict: a policy, with what was pardoned, says of a comparison whether its text may go out.

`judge` never looks at a text or a clock; what it is not given it does not forgive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import floor

from claimdiff.gate.policy import NUMBERS, Policy, is_of
from claimdiff.gate.setting import FAIL
from claimdiff.model import (
    Comparison,
    Failure,
    Finding,
    Kind,
    Outcome,
    Pardon,
    Type,
    Verdict,
)
from claimdiff.score import restate

# What pardons findings: given a comparison with the findings that the policy asks for, what it forgives and
# which of its entries have lapsed or match nothing.
Pardoner = Callable[[Comparison], tuple[Sequence[Pardon], Sequence[str]]]


def judge(comparison: Comparison, policy: Policy, pardoners: Sequence[Pardoner] = ()) -> Comparison:
    """The comparison as the policy sees it: with the findings that count, in the severity that it gives
    them, scores that follow from these, and the verdict. A finding is pardoned by the first that does."""
    asked = _asked(comparison, policy)
    pardons: dict[str, Pardon] = {own.finding.id: own for own in _expected(asked, policy)}
    warnings: list[str] = []
    for pardoner in pardoners:
        forgiven, told = pardoner(asked)
        for pardon in forgiven:
            pardons.setdefault(pardon.finding.id, pardon)
        warnings += told
    left = restate(asked, [own for own in asked.findings if own.id not in pardons])
    failures = tuple(_failures(left, policy, warnings))
    warnings += comparison.opinion.gaps() if comparison.opinion else ()
    outcome = Outcome.BLOCK if failures else Outcome.REVIEW if left.findings else Outcome.PASS
    order = {finding.id: at for at, finding in enumerate(asked.findings)}
    forgiven = sorted(pardons.values(), key=lambda own: order[own.finding.id])
    return replace(left, verdict=Verdict(outcome, failures, tuple(forgiven), tuple(warnings)))


def _asked(comparison: Comparison, policy: Policy) -> Comparison:
    """With the findings alone that the policy wants to hear of, in its severity."""
    findings = []
    for finding in comparison.findings:
        if policy.wants(finding) and policy.reports(finding):
            findings.append(replace(finding, severity=policy.severity(finding)))
    return replace(comparison, findings=tuple(findings))


def _expected(comparison: Comparison, policy: Policy) -> Iterator[Pardon]:
    """Additions in sections that are the house's own."""
    headings = {_plain(own): own for own in policy.get("expected-sections")}
    if not headings:
        return
    sections = {own.id: own.section for own in comparison.derivative.statements}
    for finding in comparison.findings:
        if finding.kind is Kind.ADDITION and finding.derivative:
            section = _plain(sections[finding.derivative.statement])
            if section in headings:
                yield Pardon(finding, "expected", f"stands under “{headings[section]}”")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


# --- what stops a text ------------------------------------------------------------------------------


def _failures(left: Comparison, policy: Policy, warnings: Sequence[str]) -> Iterator[Failure]:
    findings, summary = left.findings, left.summary
    if stopping := [own for own in findings if policy.stops(own)]:
        yield _failure(policy, "fail-on", _count(stopping), stopping)
    if policy.get("exact-quotations") and (altered := [own for own in findings if Type.QUOTE in own.types]):
        yield _failure(
            policy,
            "exact-quotations",
            _many(altered, "quotation is", "quotations are") + " not as the source has them",
            altered,
        )
    if policy.get("sourced-numbers") and (new := [own for own in findings if own.rule == NUMBERS]):
        yield _failure(
            policy, "sourced-numbers", _many(new, "figure stands", "figures stand") + " in no source", new
        )
    if policy.get("require-verifier") and (missing := _unverified(left)):
        yield _failure(policy, "require-verifier", missing, ())
    for limit in policy.get("limits"):
        counted = [own for own in findings if is_of(own, limit)]
        if len(counted) > limit.most:
            told = f"limits: at most {limit.count(limit.most)}"
            ids = tuple(own.id for own in counted)
            yield Failure(told, policy.origin("limits"), limit.count(len(counted)), ids)
    for name, value, what in (
        ("min-coverage", summary.coverage, "of the source's statements are carried"),
        ("min-support", summary.support, "of the derivative's statements are supported"),
    ):
        if value < policy.get(name):
            yield _failure(policy, name, f"{_percent(value)} {what}", ())
    if summary.drift > policy.get("max-drift"):
        yield _failure(policy, "max-drift", f"the drift is {summary.drift:.2f}", ())
    if warnings and policy.get("unused-waivers") == FAIL:
        yield _failure(
            policy,
            "unused-waivers",
            _many(warnings, "waiver has", "waivers have") + " lapsed or matched nothing",
            (),
        )


def _unverified(comparison: Comparison) -> str:
    """What there is no second opinion of, in words; "" when there is nothing."""
    opinion = comparison.opinion
    if opinion is None:
        return "no verifier was asked"
    if not opinion.unjudged:
        return ""
    return f"{_many(opinion.unjudged, 'statement was', 'statements were')} not judged by the verifier"


def _percent(share: float) -> str:
    """A share that is too low, never rounded up to one that is not."""
    return f"{floor(1000 * share) / 10:g}%"


def _failure(policy: Policy, setting: str, message: str, findings: Sequence[Finding]) -> Failure:
    return Failure(policy.said(setting), policy.origin(setting), message, tuple(own.id for own in findings))


def _count(findings: Sequence[Finding]) -> str:
    """How many of which severity."""
    parts = []
    for severity in dict.fromkeys(own.severity for own in findings):
        number = sum(own.severity is severity for own in findings)
        parts.append(f"{number} {severity} {'finding' if number == 1 else 'findings'}")
    return " and ".join(sorted(parts, key=lambda part: "minor" in part))


def _many(of: Sequence[object], one: str, more: str) -> str:
    return f"{len(of)} {one if len(of) == 1 else more}"

"""Why a verdict is what it is: every setting that judges, and every finding with what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.gate.policy import Policy
from claimdiff.model import Comparison, Finding, Verdict

JUDGING = (
    "fail-on", "exact-quotations", "sourced-numbers", "require-verifier", "limits", "min-coverage",
    "min-support", "max-drift", "unused-waivers",
)  # fmt: skip


def explain(comparison: Comparison, policy: Policy, name: str) -> str:
    """The account of a judged comparison, in lines; control characters are the caller's to make visible."""
    verdict = comparison.verdict
    if verdict is None:
        raise ValueError("a comparison without a verdict cannot be explained")
    settings, findings = _settings(verdict, policy), _findings(comparison, verdict, policy)
    return "\n".join(["", f"{name}: {verdict.outcome}", *settings, *findings, ""])


def _settings(verdict: Verdict, policy: Policy) -> Iterator[str]:
    yield f"  {policy.said('profile')} ({policy.origin('profile')})"
    for setting in JUDGING:
        if setting == "require-verifier" and not policy.get(setting):
            continue
        said = policy.said(setting)
        stopped = [own for own in verdict.failures if own.setting.split(" ")[0].rstrip(":") == setting]
        told = "; ".join(own.message for own in stopped)
        yield f"  {said} ({policy.origin(setting)}): " + (f"stops the text, {told}" if stopped else "holds")


def _findings(comparison: Comparison, verdict: Verdict, policy: Policy) -> Iterator[str]:
    for finding in comparison.findings:
        by = [own.setting for own in verdict.failures if finding.id in own.findings]
        yield f"  {_named(finding)}: " + (
            f"stops the text by {' and '.join(by)}" if by else _harmless(finding, policy)
        )
    for pardon in verdict.pardons:
        who = f" by {pardon.who}" if pardon.who else ""
        until = f", until {pardon.until}" if pardon.until else ""
        yield f"  {_named(pardon.finding)}: does not count, {pardon.by}{who}{until}" + (
            f": {pardon.reason}" if pardon.reason else ""
        )
    yield from (f"  {warning}" for warning in verdict.warnings)


def _named(finding: Finding) -> str:
    return f"{finding.id} {finding.rule}, {finding.severity}, confidence {finding.confidence:.2f}"


def _harmless(finding: Finding, policy: Policy) -> str:
    least = policy.threshold(finding)
    if finding.confidence < least:
        return f"reported; it is less certain than {least:g}"
    return f"reported; {policy.said('fail-on')} lets it pass"

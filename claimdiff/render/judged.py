"""What a report says of a policy's verdict: why the text was stopped, and which findings do not count."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from claimdiff.model import Pardon
from claimdiff.render import link, words
from claimdiff.render.report import MESSAGE, Report, cut, named, ranges


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text was stopped, with the numbers of the findings behind it: "finding 3", "findings 1–3"."""

    message: str
    findings: str


@dataclass(frozen=True, slots=True)
class Pardoned:
    """A finding that does not count, and why."""

    title: str
    where: str
    message: str
    why: str
    rule: str
    page: str


def reasons(report: Report) -> list[Reason]:
    """Why the text was stopped, in the policy's order."""
    verdict = report.comparison.verdict
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, finding in report.findings:
        numbers[finding.id].append(number)
    made = []
    for own in verdict.failures if verdict else ():
        found = sorted({number for id in own.findings for number in numbers[id]})
        noun = "finding" if len(found) == 1 else "findings"
        made.append(Reason(cut(words.failure(own), MESSAGE), f"{noun} {cut(ranges(found))}" if found else ""))
    return made


def pardoned(report: Report, pardon: Pardon) -> Pardoned:
    """What to say of a finding that does not count."""
    finding = pardon.finding
    place = finding.derivative or finding.source
    return Pardoned(
        title=named(finding).capitalize(),
        where=report.where(place) if place else "",
        message=cut(finding.message),
        why=cut(words.pardon(pardon), MESSAGE),
        rule=finding.rule,
        page=link.page(finding.rule, report.docs),
    )

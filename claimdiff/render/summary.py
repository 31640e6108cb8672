"""The report in brief, as Markdown for a comment or a ticket: the verdict, the counts and the few worst
findings. It is readable as it is, too."""

from __future__ import annotations

from claimdiff.model import Comparison, Finding, Kind, Severity
from claimdiff.render import criteria, judged, link, words
from claimdiff.render.report import Detail, Report, cut, named
from claimdiff.render.template import environment

WORST = 5
NOTES = 2
DETAIL = Detail(clip=240, findings=WORST, rows=0, left_out=0)
MESSAGE = 300  # characters
ORDER = tuple(Kind)  # gravest first


def render(comparison: Comparison, *, title: str | None = None, docs: str = link.DOCS) -> str:
    """About forty lines, never more than a comment takes: statements are cut, and what there is no room
    for is counted. Rules are linked to their pages in `docs`."""
    report = Report(comparison, DETAIL, docs)
    findings = sorted(report.findings, key=lambda own: (not report.ruling.stops(own[1]), *_gravity(own[1])))
    left = len(findings) - WORST
    verdict, reasons = comparison.verdict, judged.reasons(report)
    pardons, warnings = (verdict.pardons, verdict.warnings) if verdict else ((), ())
    template = environment().get_template("summary.md.jinja")
    return template.render(
        title=cut(title or words.title(comparison)),
        verdict=words.verdict(comparison),
        decision=words.headline(comparison),
        reasons=[own.message for own in reasons[:WORST]],
        other_reasons=words.count(len(reasons) - WORST, "more reason") if len(reasons) > WORST else "",
        notes=[cut(note) for note in words.notes(comparison)[:NOTES]],
        warnings=[cut(warning) for warning in warnings[:NOTES]],
        other_warnings=words.count(len(warnings) - NOTES, "more warning") if len(warnings) > NOTES else "",
        counts=words.table(comparison.findings) if findings else [],
        criteria=", ".join(
            f"{name} {major + minor}" for name, _, major, minor in criteria.table(comparison.findings)
        ),
        entries=[
            (_what(report, own), cut(own.message, MESSAGE), report.entry(number, own))
            for number, own in findings[:WORST]
        ],
        more=words.count(left, "more finding") if left > 0 else "",
        pardons=words.pardons(verdict),
        pardoned=[judged.pardoned(report, own) for own in pardons[:WORST]],
    )


def _what(report: Report, finding: Finding) -> str:
    """The finding in a few words, with what it means for the text where there is a verdict."""
    said = report.ruling.said(finding)
    return f"{named(finding)}, {said}" if said else named(finding)


def _gravity(finding: Finding) -> tuple[bool, int, float]:
    """What sorts the worst finding first: by severity, then by kind, then the surest."""
    return finding.severity is Severity.MINOR, ORDER.index(finding.kind), -finding.confidence

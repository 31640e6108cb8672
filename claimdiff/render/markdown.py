"""The report as Markdown: a policy's verdict where there is one, counts by kind and by criterion, findings
with both articles' words, the statements side by side, and what was left out. It is CommonMark with
tables and no HTML."""

from __future__ import annotations

from claimdiff.model import Comparison
from claimdiff.render import criteria, judged, link, words
from claimdiff.render.report import Detail, Report, cut
from claimdiff.render.template import environment

LIMIT = 65_000  # GitHub cuts comments and job summaries at 65,536 characters
ALL = 1_000_000
MOST = 20  # of sources, notes, reasons and warnings, each

# Tried in this order until the report is short enough; the last one always is.
DETAILS = (
    Detail(clip=800, findings=ALL, rows=ALL, left_out=ALL),
    Detail(clip=300, findings=ALL, rows=ALL, left_out=ALL),
    Detail(clip=300, findings=50, rows=60, left_out=40),
    Detail(clip=200, findings=30, rows=30, left_out=20),
    Detail(clip=120, findings=10, rows=10, left_out=10),
)


def render(comparison: Comparison, *, title: str | None = None, docs: str = link.DOCS) -> str:
    """The report, never longer than LIMIT: what there is no room for is counted and left to the JSON.
    Rules are linked to their pages in `docs`."""
    text = ""
    for detail in DETAILS:
        report = Report(comparison, detail, docs)
        if detail is not DETAILS[-1] and report.least() > LIMIT:
            continue
        text = _render(report, title or words.title(comparison))
        if len(text) <= LIMIT:
            break
    return text


def _render(report: Report, title: str) -> str:
    comparison, detail = report.comparison, report.detail
    groups, omitted = report.groups(), report.omitted()
    verdict, reasons = comparison.verdict, judged.reasons(report)
    notes = words.notes(comparison)
    pardons, warnings = (verdict.pardons, verdict.warnings) if verdict else ((), ())
    parts = (
        ("source", comparison.sources, MOST),
        ("note", notes, MOST),
        ("reason", reasons, MOST),
        ("warning", warnings, MOST),
        ("finding", report.findings, detail.findings),
        ("row", groups, detail.rows),
        ("omitted statement", omitted, detail.left_out),
        ("pardoned finding", pardons, detail.findings),
    )
    template = environment().get_template("report.md.jinja")
    return template.render(
        title=cut(title),
        verdict=words.verdict(comparison),
        decision=words.headline(comparison),
        reasons=reasons[:MOST],
        warnings=[cut(warning) for warning in warnings[:MOST]],
        sources=[report.document(document) for document in comparison.sources[:MOST]],
        derivative=report.document(comparison.derivative),
        notes=[cut(note) for note in notes[:MOST]],
        counts=words.table(comparison.findings),
        criteria=criteria.table(comparison.findings),
        sections=list(report.sections()),
        rows=[report.row(group) for group in groups[: detail.rows]],
        left_out=[report.left_out(own) for own in omitted[: detail.left_out]],
        pardons=words.pardons(verdict),
        pardoned=[judged.pardoned(report, own) for own in pardons[: detail.findings]],
        more=", ".join(
            words.count(len(part) - shown, noun) for noun, part, shown in parts if len(part) > shown
        ),
    )

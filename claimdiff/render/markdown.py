"""The report as Markdown: verdict, counts by kind and by criterion, findings by severity with both
articles' words, the statements side by side, and what was left out. It is CommonMark with tables
and no HTML."""

from __future__ import annotations

from claimdiff.model import Comparison, Severity
from claimdiff.render import criteria, link, words
from claimdiff.render.report import Detail, Report, cut
from claimdiff.render.template import environment

LIMIT = 65_000  # GitHub cuts comments and job summaries at 65,536 characters
ALL = 1_000_000
MOST = 20  # sources and notes that are named

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
    parts = (
        ("source", comparison.sources, MOST),
        ("note", comparison.notes, MOST),
        ("finding", report.findings, detail.findings),
        ("row", groups, detail.rows),
        ("omitted statement", omitted, detail.left_out),
    )
    template = environment().get_template("report.md.jinja")
    return template.render(
        title=cut(title),
        verdict=words.verdict(comparison),
        sources=[report.document(document) for document in comparison.sources[:MOST]],
        derivative=report.document(comparison.derivative),
        notes=[cut(note) for note in comparison.notes[:MOST]],
        counts=words.table(comparison.findings),
        criteria=criteria.table(comparison.findings),
        sections=[section for severity in Severity if (section := report.section(severity))],
        rows=[report.row(group) for group in groups[: detail.rows]],
        left_out=[report.left_out(own) for own in omitted[: detail.left_out]],
        more=", ".join(
            words.count(len(part) - shown, noun) for noun, part, shown in parts if len(part) > shown
        ),
    )

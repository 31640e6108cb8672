"""The page over many reports: a line for each pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from claimdiff.model import Comparison, Kind, Severity, Tally
from claimdiff.render import words
from claimdiff.render.escape import Markdown
from claimdiff.render.report import cut
from claimdiff.render.template import environment

ORDER = tuple(Kind)  # gravest first


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    target: Markdown
    drift: str
    coverage: str
    support: str
    distortions: int
    additions: int
    omissions: int
    worst: str


def render(
    pairs: Sequence[tuple[str, Comparison]], *, broken: Sequence[tuple[str, str]] = (), suffix: str = ".md"
) -> str:
    """The index: named comparisons, each linked to the file of its name with `suffix`, and the pairs
    that could not be compared, each with the reason."""
    findings = [finding for _, comparison in pairs for finding in comparison.findings]
    return (
        environment()
        .get_template("index.md.jinja")
        .render(
            verdict=f"{words.count(len(pairs), 'pair')}; {words.tally(findings).lower()}",
            rows=[_row(name, comparison, suffix) for name, comparison in pairs],
            broken=[(name, cut(reason)) for name, reason in broken],
        )
    )


def _row(name: str, comparison: Comparison, suffix: str) -> Row:
    summary = comparison.summary
    return Row(
        name=name,
        target=Markdown(quote(name + suffix, safe="")),
        drift=f"{summary.drift:.2f}",
        coverage=_share(summary.covered),
        support=_share(summary.supported),
        distortions=summary.counts.distortion,
        additions=summary.counts.addition,
        omissions=summary.counts.omission,
        worst=_worst(comparison),
    )


def _share(tally: Tally) -> str:
    return f"{tally.held}/{tally.total}"


def _worst(comparison: Comparison) -> str:
    """The gravest finding: by severity, then by kind, then the surest."""
    if not comparison.findings:
        return "none"
    worst = max(
        comparison.findings,
        key=lambda own: (own.severity is Severity.MAJOR, -ORDER.index(own.kind), own.confidence),
    )
    return f"{worst.severity} {words.what(worst)}: {cut(worst.message, 160)}"

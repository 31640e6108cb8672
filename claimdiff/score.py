"""Drift, coverage and support: three numbers that are never shown without their counts (docs/scores.md); and
what of a comparison follows from its findings, when these change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from claimdiff.model import (
    Comparison,
    Counts,
    Document,
    Finding,
    Kind,
    Link,
    Relation,
    Severity,
    Statement,
    Status,
    Summary,
    Tally,
    wording,
)

# What is wrong in the derivative weighs twice what it leaves out: a summary may drop, it may not bend.
DERIVATIVE_WEIGHT = 2.0
MINOR_LOSS = 0.5  # a statement whose worst distortion is minor is half lost


def summarise(sources: Sequence[Document], derivative: Document, findings: Sequence[Finding]) -> Summary:
    """The scores of judged documents. Boilerplate counts on neither side; an empty side counts as held."""
    kept = Counter(s.status for document in sources for s in document.statements)
    made = Counter(s.status for s in derivative.statements)
    covered = Tally(kept[Status.COVERED], kept[Status.COVERED] + kept[Status.OMITTED])
    supported = Tally(
        made[Status.VERBATIM] + made[Status.PARAPHRASE],
        sum(made[s] for s in (Status.VERBATIM, Status.PARAPHRASE, Status.DISTORTED, Status.ADDED)),
    )
    major = {f.derivative.statement for f in findings if f.derivative and f.severity is Severity.MAJOR}
    distorted = [s.id for s in derivative.statements if s.status is Status.DISTORTED]
    lost = made[Status.ADDED] + sum(1.0 if id in major else MINOR_LOSS for id in distorted)
    weight = DERIVATIVE_WEIGHT * supported.total + covered.total
    kinds = Counter(finding.kind for finding in findings)
    return Summary(
        drift=round((DERIVATIVE_WEIGHT * lost + kept[Status.OMITTED]) / weight, 4) if weight else 0.0,
        coverage=_share(covered),
        support=_share(supported),
        counts=Counts(kinds[Kind.ADDITION], kinds[Kind.OMISSION], kinds[Kind.DISTORTION]),
        covered=covered,
        supported=supported,
    )


def _share(tally: Tally) -> float:
    return round(tally.held / tally.total, 4) if tally.total else 1.0


# --- other findings ---------------------------------------------------------------------------------


def restate(comparison: Comparison, findings: Sequence[Finding]) -> Comparison:
    """The comparison with these findings in place of its own. A linked statement of which there is a finding
    is distorted, and one of which none is left passes as what its words are; what was added or left out
    stays so, whoever has forgiven it."""
    bent = {own.derivative.statement for own in findings if own.derivative}
    links = tuple(_relinked(link, bent=link.derivative in bent) for link in comparison.links)
    relations = {link.derivative: link.relation for link in links}
    derivative = _restated(comparison.derivative, relations)
    return replace(
        comparison,
        derivative=derivative,
        links=links,
        findings=tuple(findings),
        summary=summarise(comparison.sources, derivative, findings),
    )


def _relinked(link: Link, *, bent: bool) -> Link:
    if bent == (link.relation is Relation.DISTORTED):
        return link
    return replace(link, relation=Relation.DISTORTED if bent else wording(link.edits))


def _restated(document: Document, relations: dict[str, Relation]) -> Document:
    def status(own: Statement) -> Status | None:
        return Status(relations[own.id].value) if own.id in relations else own.status

    statements = tuple(replace(own, status=status(own)) for own in document.statements)
    return replace(document, statements=statements)

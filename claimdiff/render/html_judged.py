"""The policy's verdict on the HTML page: why the text was stopped, and which findings do not count."""

from __future__ import annotations

from claimdiff.model import Failure, Outcome, Pardon
from claimdiff.render import words
from claimdiff.render.html_parts import Judged, Pardoned, Reason
from claimdiff.render.html_view import KINDS, View, anchor

SIGNS = {Outcome.PASS: "✓", Outcome.REVIEW: "?", Outcome.BLOCK: "✕"}


def judged(view: View) -> Judged | None:
    """The verdict, or None where no policy has judged the comparison."""
    verdict = view.comparison.verdict
    if verdict is None:
        return None
    return Judged(
        outcome=verdict.outcome.value,
        sign=SIGNS[verdict.outcome],
        headline=words.headline(view.comparison),
        reasons=tuple(_reason(view, own) for own in verdict.failures),
        pardons=tuple(_pardoned(view, own) for own in verdict.pardons),
        tally=words.pardons(verdict),
        warnings=verdict.warnings,
    )


def _reason(view: View, failure: Failure) -> Reason:
    named = frozenset(failure.findings)
    cards = tuple(card for card in view.cards if card.finding.id in named)
    origin = ", ".join(part for part in (failure.setting, failure.origin) if part)
    return Reason(failure.message, origin, cards)


def _pardoned(view: View, pardon: Pardon) -> Pardoned:
    finding = pardon.finding
    place = finding.derivative or finding.source
    return Pardoned(
        *KINDS[finding.kind],
        title=words.what(finding).capitalize(),
        message=finding.message,
        why=words.pardon(pardon).capitalize() + ".",
        row=anchor(f"row-{view.home(place.statement)}") if place else "",
    )

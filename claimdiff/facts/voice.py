"""Who speaks in each quotation of a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from claimdiff.model import Attribution, Facts, Quotation


def carry_speakers(facts: tuple[Facts, ...]) -> tuple[Facts, ...]:
    """A document's facts with the speaker of each quotation filled in.

    He comes from the reporting phrase of the same statement, else from the statement before when the
    quotation continues there or stands alone after it, else from the one after.
    """
    keys = [_own_speaker(one) for one in facts]
    out: list[Facts] = []
    last = ""
    for index, one in enumerate(facts):
        following = keys[index + 1] if index + 1 < len(facts) and _stands_alone(one) else ""
        speakers = []
        for quotation in one.quotations:
            key = _speaker_of(quotation, one.attributions) or keys[index]
            if not key and (not quotation.opened or _stands_alone(one)):
                key = last or following
            speakers.append(quotation._replace(speaker=key))
        out.append(replace(one, quotations=tuple(speakers)) if speakers else one)
        own = keys[index] or (speakers[-1].speaker if speakers else "")
        last = own or (last if speakers else "")
    return tuple(out)


def _stands_alone(facts: Facts) -> bool:
    """Nearly all of the statement is one quotation."""
    size = len(facts.statement.text)
    return any((one.inner.end - one.inner.start) * 10 >= 8 * size for one in facts.quotations)


def _own_speaker(facts: Facts) -> str:
    return next((one.key for one in reversed(facts.attributions) if one.key and one.speaker), "")


def _speaker_of(quotation: Quotation, attributions: Iterable[Attribution]) -> str:
    for one in attributions:
        if one.key and one.content.overlaps(quotation.span):
            return one.key
    return ""

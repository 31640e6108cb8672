"""Of what a percentage is one: of those who voted, or of all members."""

from __future__ import annotations

from claimdiff.detect.figures import Old, View
from claimdiff.detect.seen import edges
from claimdiff.lexicon import words
from claimdiff.model import Facts, Quantity

REACH = 6  # tokens after a percentage within which the noun of its base stands


def wider_base(view: View, new: Quantity, exact: list[Old]) -> tuple[Old, str] | None:
    """The source's share of those who took part, told here as a share of all, with the message for it."""
    if new.unit != "percent":
        return None
    base = _base(view.pair.derivative, new)
    if not base or _took_part(view.pair.derivative) or base not in words("number", "words", "whole_group"):
        return None
    for old in exact:
        facts = view.pair.sources[old.statement]
        part = _took_part(facts)
        if not part or _base(facts, old.quantity) in words("number", "words", "whole_group"):
            return None
        return old, f"{view.text(old)} is a share of a count in the source ({part}), of all {base} here."
    return None


def _base(facts: Facts, quantity: Quantity) -> str:
    """The noun after "of" behind a percentage, or ""."""
    start = edges(facts).behind(quantity.span)
    after = facts.tokens[start : start + REACH]
    if not after or after[0].norm != "of":
        return ""
    known = words("number", "words", "whole_group") | words("number", "words", "took_part")
    return next((token.norm for token in after if token.norm in known), "")


def _took_part(facts: Facts) -> str:
    """The first word of a statement that speaks of those who took part in a count."""
    known = words("number", "words", "took_part")
    return next((token.text for token in facts.tokens if token.norm in known), "")

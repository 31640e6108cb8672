"""The rules of a second opinion: what a verifier says of a statement in which the detectors found nothing.

Nothing here looks for them; `claimdiff.verify` makes the findings."""

from __future__ import annotations

from claimdiff.model import Kind, Rule, Severity

RULES = (
    Rule(
        "verifier-distortion", Kind.DISTORTION, None, Severity.MINOR,
        "With --verifier: the second opinion says that the meaning changed, and no other rule says so.",
        "A reader with knowledge of the world sees what no rule about words can see; what it alone sees "
        "counts for less.",
        ("The surgeon operated on his left knee.", "The surgeon operated on the knee that he had not hurt."),
        ("The surgeon operated on his left knee.", "He had surgery on the left knee."),
    ),
    Rule(
        "verifier-addition", Kind.ADDITION, None, Severity.MINOR,
        "With --verifier: the second opinion says that no source carries this, and no other rule says so.",
        "A detail told in the source's own words can still be one that the source does not give.",
        ("The surgeon operated on his left knee.", "The surgeon operated on his left knee again."),
        ("The surgeon operated on his left knee.", "His left knee was operated on by the surgeon."),
    ),
)  # fmt: skip

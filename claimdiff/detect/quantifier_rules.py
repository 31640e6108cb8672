"""The rules of the quantifier detector."""

from __future__ import annotations

from claimdiff.detect.limiter_rules import RANKED_RULE
from claimdiff.model import Kind, Rule, Severity, Type

WIDENED = "quantifier-widened"
NARROWED = "quantifier-narrowed"
FREQUENCY = "quantifier-frequency"
ADDED = "quantifier-added"

RULES: tuple[Rule, ...] = (
    Rule(
        WIDENED, Kind.DISTORTION, Type.QUANTIFIER, Severity.MAJOR,
        "The rewrite speaks of more of a group, or of a wider area, than the source.",
        "What some did becomes what all did: those who did not are misreported.",
        ("Some farmers' groups back the plan.", "Farmers back the plan."),
        ("Several farmers' groups back the plan.", "A number of farmers' groups back the plan."),
    ),
    Rule(
        NARROWED, Kind.DISTORTION, Type.QUANTIFIER, Severity.MINOR,
        "The rewrite speaks of less of a group, or of a smaller area, than the source.",
        "A finding about all of a group shrinks to an exception.",
        ("All clinics in the region will close.", "Some clinics in the region will close."),
        ("All 12 clinics in the region will close.", "Every clinic in the region will close."),
    ),
    Rule(
        FREQUENCY, Kind.DISTORTION, Type.QUANTIFIER, Severity.MAJOR,
        "Something happens clearly more or less often than in the source.",
        "A habit and an exception are different accusations.",
        ("The lift sometimes fails in winter.", "The lift always fails in winter."),
        ("The lift often fails in winter.", "In winter the lift frequently fails."),
    ),
    Rule(
        ADDED, Kind.DISTORTION, Type.QUANTIFIER, Severity.MAJOR,
        "All, most, only, first, never or everywhere was added; the source does not say how many.",
        "A claim about every case needs a source that looked at every case.",
        ("Teachers in Leeds rejected the offer.", "All teachers in Leeds rejected the offer."),
        ("Each of the teachers rejected the offer.", "All the teachers rejected the offer."),
    ),
    RANKED_RULE,
)  # fmt: skip

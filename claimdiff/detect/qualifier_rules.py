"""The rules of the qualifier detector."""

from __future__ import annotations

from claimdiff.detect.limiter_rules import RULES as LIMITER_RULES
from claimdiff.model import Kind, Rule, Severity, Type

DROPPED = "qualifier-dropped"
CAVEAT = "qualifier-caveat"
ADDED = "qualifier-added"
WAIVED = "qualifier-waived"
DESCRIBED = "qualifier-group"

RULES: tuple[Rule, ...] = (
    Rule(
        DROPPED, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "A condition or limit of the source's claim is gone while the claim itself is kept.",
        "Without its condition the claim covers cases that the source left out.",
        ("The mine will reopen in May if the board agrees.", "The mine will reopen in May."),
        ("The mine will reopen in May if the board agrees.",
         "With the board's agreement the mine will reopen in May."),
    ),
    Rule(
        CAVEAT, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "The source turns or limits its claim in the same breath, and the rewrite stops before that.",
        "A finding without its caveat is a stronger finding.",
        ("The drug eased pain, but the team cautioned that the trial was small.", "The drug eased pain."),
        ("The drug eased pain, and its maker, based in Basel, paid for it.", "The drug eased pain."),
    ),
    Rule(
        ADDED, Kind.DISTORTION, Type.QUALIFIER, Severity.MINOR,
        "A condition or limit stands here that the source does not have.",
        "The rewrite makes the claim depend on something that nobody said.",
        ("The mine will reopen in May.", "The mine will reopen in May if prices recover."),
        ("The mine will reopen, provided prices recover.", "The mine will reopen if prices recover."),
    ),
    Rule(
        WAIVED, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "The rewrite says that no condition applies; the source does not say so.",
        "Regardless, unconditionally and forever are claims of their own.",
        ("Refunds are paid if the form is filed by June.", "Refunds are paid regardless of the date."),
        ("Refunds are paid regardless of the date.", "Regardless of the date, refunds are paid."),
    ),
    Rule(
        DESCRIBED, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "The words that say which of a group are meant are gone.",
        "What holds of those who qualify is told of the whole group.",
        ("Tenants who signed before March will get a refund in full.", "Tenants will get a refund in full."),
        ("Tenants, who met on Monday, will get a refund in full.", "Tenants will get a refund in full."),
    ),
    *LIMITER_RULES,
)  # fmt: skip

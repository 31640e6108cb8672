"""Detectors: what moved between a derivative statement and the source statements that it rests on.

A detector is a module with `RULES` and `detect(pair)`, which yields signals: evidence, not verdicts.
`judge` collects them in the order of `DETECTORS` and weighs them. A new type is one more module here,
one lexicon file and one case file.
"""

from __future__ import annotations

from claimdiff.detect import (
    addition,
    attribution,
    causality,
    entity,
    frame,
    intensity,
    modality,
    negation,
    number,
    omission,
    opinion,
    overture,
    predicate,
    qualifier,
    quantifier,
    quote,
    required,
    role,
    time,
)
from claimdiff.detect.extent import widen
from claimdiff.detect.verdict import Verdict, manner, weigh
from claimdiff.model import MIN_CONFIDENCE, Pair, Rule, Signal

DETECTORS = (
    number,
    time,
    entity,
    role,
    negation,
    modality,
    attribution,
    quote,
    quantifier,
    causality,
    intensity,
    qualifier,
    predicate,
    overture,
    frame,
    addition,
)
RULES: tuple[Rule, ...] = tuple(
    rule for module in (*DETECTORS, omission, required, opinion) for rule in module.RULES
)

__all__ = ["DETECTORS", "RULES", "Verdict", "judge", "signals"]


def signals(pair: Pair) -> tuple[Signal, ...]:
    """All that the detectors saw in a pair, weak evidence included, in the order of DETECTORS."""
    found: list[Signal] = []
    for module in DETECTORS:
        found += module.detect(pair)
    return tuple(found)


def judge(pair: Pair, *, min_confidence: float = MIN_CONFIDENCE) -> Verdict:
    """The weighed evidence of a pair; no signals are left when it should pass."""
    return weigh(
        signals(pair),
        how=manner(pair),
        min_confidence=min_confidence,
        extent=lambda signal: widen(pair.derivative, signal),
    )

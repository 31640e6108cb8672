"""Weighing: from the signals of a pair to what an editor is shown, each with a confidence.

A signal's weight is the log of a likelihood ratio: how much likelier a detector says this of a statement
that a careful editor would stop than of one that passes. `weights.toml` holds the weights that were
counted on labelled claims (tools/train_weights.py, docs/accuracy.md), by rule and by strength; where too
little was counted, the detector's own strength speaks. The strongest signal of a statement counts in
full, each further one half, since detectors often see one change from several sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import exp, log
from tomllib import loads

from claimdiff.model import Severity, Signal, Span

PRIOR = 0.22  # share of the linked statements of benchmarks/articles that drift, and strength's zero
STEPS = 5  # strengths are told apart in steps of a fifth
FURTHER = 0.5  # what a signal beside a stronger one counts
SHOWN = 0.25  # a signal with less weight explains nothing
WIDE = 0.5  # share of an overlapping signal's weight that another needs to add its types


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely a careful editor would stop the statement, and the signals that say why; their
    `strength` is now a confidence. No signals means that the statement passes. `because` tells the
    rules that spoke, with their weights, the heaviest first."""

    probability: float
    signals: tuple[Signal, ...]
    because: tuple[str, ...] = ()


def weigh(signals: Sequence[Signal], *, min_confidence: float) -> Verdict:
    """The verdict on one statement. A signal's confidence is that of the statement with it in front."""
    heaviest: dict[str, float] = {}
    for signal in signals:
        heaviest[signal.rule] = max(heaviest.get(signal.rule, -9.0), weight(signal.rule, signal.strength))
    ranked = sorted(heaviest.items(), key=lambda item: (-item[1], item[0]))
    total = sum(value for _, value in ranked)
    probability = combine(total, ranked[0][1] if ranked else 0.0)
    shown = []
    for signal in signals:
        own = weight(signal.rule, signal.strength)
        confidence = combine(total - heaviest[signal.rule] + own, own)
        if confidence >= min_confidence and own >= SHOWN:
            shown.append((own, replace(signal, strength=round(confidence, 4))))
    because = tuple(f"{rule} {value:+.1f}" for rule, value in ranked if abs(value) >= SHOWN)
    return Verdict(round(probability, 4), _merge(shown), because)


def weight(rule: str, strength: float) -> float:
    """The log likelihood ratio of a signal, in nats."""
    counted = weights().get(rule, {}).get(step(strength))
    return log_odds(strength) - log_odds(PRIOR) if counted is None else counted


def step(strength: float) -> int:
    """The step of a strength, from 0 to STEPS - 1."""
    return min(int(strength * STEPS), STEPS - 1)


def log_odds(share: float) -> float:
    share = min(0.98, max(0.02, share))
    return log(share / (1 - share))


@cache
def weights() -> dict[str, dict[int, float]]:
    """{rule: {step: weight}} as counted."""
    text = files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
    return {rule: {int(at): value for at, value in table.items()} for rule, table in loads(text)["rules"].items()}


def combine(total: float, lead: float) -> float:
    """The probability of drift for weights that sum to `total`, with one of them in front."""
    return 1 / (1 + exp(-(log_odds(PRIOR) + lead + FURTHER * (total - lead))))


def _merge(shown: Sequence[tuple[float, Signal]]) -> tuple[Signal, ...]:
    """One signal for each place: where derivative spans overlap, the heaviest one speaks and takes over
    the types of the others that weigh enough beside it."""
    out: list[tuple[float, Signal]] = []
    for own, signal in sorted(shown, key=lambda item: -item[0]):  # stable: detector order decides ties
        at = next((n for n, (_, leader) in enumerate(out) if _overlap(leader.derivative, signal.derivative)), None)
        if at is None:
            out.append((own, signal))
        elif own >= WIDE * out[at][0] and signal.types and out[at][1].types:
            leader = out[at][1]
            types = (*leader.types, *(t for t in signal.types if t not in leader.types))
            major = Severity.MAJOR in (leader.severity, signal.severity)
            out[at] = (out[at][0], replace(leader, types=types, severity=Severity.MAJOR if major else Severity.MINOR))
    return tuple(signal for _, signal in sorted(out, key=lambda item: (item[1].derivative, item[1].rule)))


def _overlap(first: Span, second: Span) -> bool:
    return first == second or first.overlaps(second)

"""Weighing: from the signals of a pair to what an editor is shown, each with a confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from claimdiff.model import Pair, Severity, Signal

WEAKEST = 0.1  # a signal below it is noise and supports nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely a careful editor would stop the statement, and the signals that say why; their
    `strength` is now a confidence. No signals means that the statement passes."""

    probability: float
    signals: tuple[Signal, ...]


def weigh(pair: Pair, signals: Sequence[Signal], *, min_confidence: float) -> Verdict:
    """Independent signals support one another; overlapping ones are the same observation."""
    merged = merge([signal for signal in signals if signal.strength >= WEAKEST])
    probability = 1 - prod(1 - signal.strength for signal in merged)
    kept = [signal for signal in merged if signal.strength >= min_confidence]
    if not kept and probability >= min_confidence:
        strongest = max(merged, key=lambda signal: signal.strength)
        kept = [replace(strongest, strength=probability)]
    return Verdict(round(probability, 4), tuple(kept))


def merge(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """One signal for each place: where derivative spans overlap, the strongest one speaks and takes
    over the types of the others that are at least half as strong."""
    out: list[Signal] = []
    for signal in sorted(signals, key=lambda s: -s.strength):  # stable: detector order decides ties
        for at, leader in enumerate(out):
            if leader.derivative.overlaps(signal.derivative) or leader.derivative == signal.derivative:
                if signal.strength >= leader.strength / 2 and signal.types and leader.types:
                    types = (*leader.types, *(t for t in signal.types if t not in leader.types))
                    major = Severity.MAJOR in (leader.severity, signal.severity)
                    severity = Severity.MAJOR if major else Severity.MINOR
                    out[at] = replace(leader, types=types, severity=severity)
                break
        else:
            out.append(signal)
    return tuple(sorted(out, key=lambda signal: (signal.derivative, signal.rule)))

"""Weighing: from the signals of a pair to what an editor is shown, each with a confidence.

A signal's weight is the log of a likelihood ratio: how much likelier a detector says this of a statement
that a careful editor would stop than of one that passes. `weights.toml` holds the weights that were
counted on labelled claims (tools/train_weights.py, docs/accuracy.md), by rule, by strength, and by
whether the statement otherwise keeps the source's own words; where too little was counted, the
detector's own strength speaks. The strongest signal of a statement counts in
full, each further one half, since detectors often see one change from several sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import exp, log
from tomllib import loads

from claimdiff.model import Pair, Severity, Signal, Span

PRIOR = 0.22  # share of the linked statements of benchmarks/articles that drift, and strength's zero
STEPS = 5  # strengths are told apart in steps of a fifth
FURTHER = 0.5  # what a signal beside a stronger one counts
SHOWN = 0.25  # a signal with less weight explains nothing
KEPT = 0.75  # share of the content words that are the source's own
_OWN = frozenset({"exact", "lemma", "stem", "name"})
WIDE = 0.5  # share of an overlapping signal's weight that another needs to add its types


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely a careful editor would stop the statement, and the signals that say why; their
    `strength` is now a confidence. No signals means that the statement passes. `because` tells the
    rules that spoke, with their weights, the heaviest first."""

    probability: float
    signals: tuple[Signal, ...]
    because: tuple[str, ...] = ()


def keeps(pair: Pair) -> bool:
    """Whether a statement is told in the source's own words but for what was changed."""
    same = {match.derivative for match in pair.matches if match.relation in _OWN}
    content = [index for index, token in enumerate(pair.derivative.tokens) if token.content]
    return bool(content) and len(same.intersection(content)) >= KEPT * len(content)


def weigh(
    signals: Sequence[Signal], *, kept: bool, min_confidence: float, extent: Callable[[Signal], Span]
) -> Verdict:
    """The verdict on one statement. A signal's confidence is that of the statement with it in front.
    `kept` says that the wording is the source's own; `extent` tells the words that an editor has to look
    at for a signal."""
    heaviest: dict[str, float] = {}
    for signal in signals:
        heaviest[signal.rule] = max(
            heaviest.get(signal.rule, -9.0), weight(signal.rule, signal.strength, kept=kept)
        )
    ranked = sorted(heaviest.items(), key=lambda item: (-item[1], item[0]))
    total = sum(value for _, value in ranked)
    probability = combine(total, ranked[0][1] if ranked else 0.0)
    shown = []
    for signal in signals:
        own = weight(signal.rule, signal.strength, kept=kept)
        confidence = combine(total - heaviest[signal.rule] + own, own)
        if confidence >= min_confidence and own >= SHOWN:
            shown.append((own, replace(signal, strength=round(confidence, 4))))
    because = tuple(f"{rule} {value:+.1f}" for rule, value in ranked if abs(value) >= SHOWN)
    return Verdict(round(probability, 4), _merge(shown, extent), because)


def weight(rule: str, strength: float, *, kept: bool) -> float:
    """The log likelihood ratio of a signal, in nats."""
    counted = weights().get(rule, {}).get(step(strength, kept=kept))
    return log_odds(strength) - log_odds(PRIOR) if counted is None else counted


def step(strength: float, *, kept: bool) -> int:
    """The step of a strength, from 0 to STEPS - 1; STEPS more where the wording is kept."""
    return min(int(strength * STEPS), STEPS - 1) + (STEPS if kept else 0)


def log_odds(share: float) -> float:
    share = min(0.98, max(0.02, share))
    return log(share / (1 - share))


@cache
def weights() -> dict[str, dict[int, float]]:
    """{rule: {step: weight}} as counted."""
    text = files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
    return {
        rule: {int(at): value for at, value in table.items()} for rule, table in loads(text)["rules"].items()
    }


def combine(total: float, lead: float) -> float:
    """The probability of drift for weights that sum to `total`, with one of them in front."""
    return 1 / (1 + exp(-(log_odds(PRIOR) + lead + FURTHER * (total - lead))))


def _merge(shown: Sequence[tuple[float, Signal]], extent: Callable[[Signal], Span]) -> tuple[Signal, ...]:
    """One signal for each change, the heaviest, shown in its extent. Signals are about one change when
    their words overlap, or when they have the same type and their extents overlap; the heaviest takes
    over the types of those that weigh enough beside it."""
    out: list[tuple[float, Signal, Span]] = []
    for own, signal in sorted(shown, key=lambda item: -item[0]):  # stable: detector order decides ties
        span = extent(signal)
        at = next((n for n, (_, leader, wide) in enumerate(out) if _one(leader, wide, signal, span)), None)
        if at is None:
            out.append((own, signal, span))
        elif own >= WIDE * out[at][0] and signal.types and out[at][1].types:
            heavy, leader, wide = out[at]
            types = (*leader.types, *(t for t in signal.types if t not in leader.types))
            major = Severity.MAJOR in (leader.severity, signal.severity)
            severity = Severity.MAJOR if major else Severity.MINOR
            out[at] = (heavy, replace(leader, types=types, severity=severity), wide)
    merged = (replace(signal, derivative=span) for _, signal, span in out)
    return tuple(sorted(merged, key=lambda signal: (signal.derivative, signal.rule)))


def _one(leader: Signal, wide: Span, signal: Signal, span: Span) -> bool:
    """Whether two signals are about one change."""
    if leader.derivative == signal.derivative or leader.derivative.overlaps(signal.derivative):
        return True
    return leader.types[:1] == signal.types[:1] and wide.overlaps(span)

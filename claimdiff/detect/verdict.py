"""Weighing: from the signals of a pair to what an editor is shown, each with a confidence.

A signal's weight is the log of a likelihood ratio: how much likelier a detector says this of a statement
that a careful editor would stop than of one that passes. `weights.toml` holds the weights that were
counted on labelled claims (tools/train_weights.py, docs/accuracy.md), by rule, by strength, by whether the
statement otherwise keeps the source's own words, and apart for claims that stand alone; where too
little was counted, the detector's own strength speaks.

A logistic model puts them together: the weight of the strongest signal, the sum of the others (detectors
often see one change from several sides), the share of the source's own words and the length, since a long
or freely reworded statement sets off more signals by chance. It was fitted on articles from which no
rule was made, and for lone claims on those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import islice
from math import exp, log
from tomllib import loads
from typing import NamedTuple

from claimdiff.detect.once import once
from claimdiff.model import Facts, Pair, Role, Severity, Signal, Span, Tag

PRIOR = 0.22  # share of the linked statements of benchmarks/articles that drift, and strength's zero
STEPS = 5  # strengths are told apart in steps of a fifth
MOST_FURTHER = 2.0  # nats that the signals beside the strongest may add or take
ALONE = 2  # claims of a derivative that is no article
SHORT, ORDINARY, LONG = 12, 20, 32  # words; beyond either end length says no more
SURE = 0.7  # strength from which a detector has seen both sides of a change
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


class Manner(NamedTuple):
    """How a statement is told: the share of its content words that are the source's own, its length in
    words, and whether it is a claim that stands alone, without an article around it."""

    own: float
    words: int
    alone: bool

    @property
    def kept(self) -> bool:
        """Whether the wording is the source's own but for what was changed."""
        return self.own >= KEPT

    @property
    def features(self) -> tuple[float, float]:
        return self.own - KEPT, _length(self.words)


@cache
def _length(words: int) -> float:
    """What the length of a statement says."""
    return log(max(SHORT, min(LONG, words)) / ORDINARY)


def manner(pair: Pair) -> Manner:
    tokens = pair.derivative.tokens
    content = [index for index, token in enumerate(tokens) if token.content]
    same = {match.derivative for match in pair.matches if match.relation in _OWN}
    own = len(same.intersection(content)) / len(content) if content else 0.0
    marks = [token.tag for token in tokens].count(Tag.PUNCTUATION)
    return Manner(own, len(tokens) - marks, _alone(pair.context.derivative))


@once
def _alone(lines: tuple[Facts, ...]) -> bool:
    """Whether no article stands around a claim: at most ALONE statements that are no boilerplate."""
    claims = (facts for facts in lines if facts.statement.role is not Role.BOILERPLATE)
    return len(tuple(islice(claims, ALONE + 1))) <= ALONE


def weigh(
    signals: Sequence[Signal], *, how: Manner, min_confidence: float, extent: Callable[[Signal], Span]
) -> Verdict:
    """The verdict on one statement. A signal's confidence is that of the statement with it in front.
    `how` is the manner of the statement; `extent` tells the words that an editor has to look at for a
    signal."""
    if not signals:
        return Verdict(round(combine(0.0, 0.0, how, sure=False), 4), ())
    owns = [weight(signal.rule, signal.strength, how) for signal in signals]
    heaviest: dict[str, tuple[float, float]] = {}  # by rule: weight and strength
    for signal, own in zip(signals, owns, strict=True):
        heaviest[signal.rule] = max(heaviest.get(signal.rule, (-9.0, 0.0)), (own, signal.strength))
    ranked = sorted(
        ((rule, own, strength) for rule, (own, strength) in heaviest.items()),
        key=lambda item: (-item[1], item[0]),
    )
    total = sum(own for _, own, _ in ranked)
    _, lead, belief = ranked[0]
    probability = combine(total, lead, how, sure=belief >= SURE)
    shown = []
    for signal, own in zip(signals, owns, strict=True):
        if own < SHOWN:
            continue
        among = total - heaviest[signal.rule][0] + own
        confidence = combine(among, own, how, sure=signal.strength >= SURE)
        if confidence >= min_confidence:
            shown.append(_Shown(own, confidence, signal, extent(signal)))
    because = tuple(f"{rule} {value:+.1f}" for rule, value, _ in ranked if abs(value) >= SHOWN)
    return Verdict(round(probability, 4), _merge(shown), because)


def weight(rule: str, strength: float, how: Manner) -> float:
    """The log likelihood ratio of a signal, in nats."""
    counted = weights().get(rule, {}).get(step(strength, how))
    return log_odds(strength) - _PRIOR_ODDS if counted is None else counted


def step(strength: float, how: Manner) -> int:
    """The step of a strength, from 0 to STEPS - 1; STEPS more where the wording is kept, and again twice
    STEPS more where the claim stands alone."""
    return min(int(strength * STEPS), STEPS - 1) + STEPS * (how.own >= KEPT) + 2 * STEPS * how.alone


def log_odds(share: float) -> float:
    share = min(0.98, max(0.02, share))
    return log(share / (1 - share))


_PRIOR_ODDS = log_odds(PRIOR)


@cache
def _tables() -> dict[str, dict[str, dict[str, float]]]:
    text = files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, dict[str, float]]] = loads(text)
    return tables


@cache
def weights() -> dict[str, dict[int, float]]:
    """{rule: {step: weight}} as counted."""
    return {
        rule: {int(at): value for at, value in table.items()} for rule, table in _tables()["rules"].items()
    }


FEATURES = ("bias", "lead", "further", "own", "length")


def row(total: float, lead: float, how: Manner, *, sure: bool) -> tuple[float, ...]:
    """The values of FEATURES for weights that sum to `total`, with one of them in front. A signal of which
    its detector is `sure` is no chance signal: it loses nothing to length and free wording."""
    own, length = how.features
    if sure:
        own, length = max(0.0, own), min(0.0, length)
    further = max(-MOST_FURTHER, min(MOST_FURTHER, total - lead))
    return (1.0, lead, further, lead * own, lead * length)


def combine(total: float, lead: float, how: Manner, *, sure: bool) -> float:
    """The probability of drift for weights that sum to `total`, with one of them in front (see `row`)."""
    values = zip(_coefficients(how.alone), row(total, lead, how, sure=sure), strict=True)
    return 1 / (1 + exp(-sum([coefficient * value for coefficient, value in values])))


@cache
def _coefficients(alone: bool) -> tuple[float, ...]:
    """The coefficients of FEATURES."""
    model = _tables()["model"]["alone" if alone else "article"]
    return tuple(model[name] for name in FEATURES)


@dataclass(slots=True)
class _Shown:
    """A signal that is to be shown: its weight, the confidence in it, and the words to look at."""

    own: float
    confidence: float
    signal: Signal
    wide: Span


def _merge(shown: Sequence[_Shown]) -> tuple[Signal, ...]:
    """One signal for each change, the heaviest, shown in its extent. Signals are about one change when
    their words overlap, or when they have the same type and their extents overlap; the heaviest takes
    over the types of those that weigh enough beside it."""
    out: list[_Shown] = []
    for one in sorted(shown, key=lambda one: -one.own):  # stable: detector order decides ties
        leader = next((leader for leader in out if _one(leader, one)), None)
        if leader is None:
            out.append(one)
        elif one.own >= WIDE * leader.own and one.signal.types and leader.signal.types:
            first, second = leader.signal, one.signal
            types = (*first.types, *(t for t in second.types if t not in first.types))
            major = Severity.MAJOR in (first.severity, second.severity)
            severity = Severity.MAJOR if major else Severity.MINOR
            leader.signal = replace(first, types=types, severity=severity)
    merged = (replace(one.signal, strength=round(one.confidence, 4), derivative=one.wide) for one in out)
    return tuple(sorted(merged, key=lambda signal: (signal.derivative, signal.rule)))


def _one(leader: _Shown, other: _Shown) -> bool:
    """Whether two signals are about one change."""
    first, second = leader.signal, other.signal
    if first.derivative == second.derivative or first.derivative.overlaps(second.derivative):
        return True
    return first.types[:1] == second.types[:1] and leader.wide.overlaps(other.wide)

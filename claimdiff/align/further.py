"""Which source statements does a linked derivative statement rest on besides its best one?

Merged sentences, a headline that draws on the lede, a speaker named in the sentence before the
quotation. Each candidate is weighed by a logistic model of a few named features; the coefficients
stand in further.toml and are fitted on labelled articles by tools/train_links.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Protocol

from claimdiff.align.terms import Related, Terms, beside, held
from claimdiff.model import Facts, Role

FEATURES = ("gain", "hold", "score", "adjacent", "near", "free")
LEAST = 0.0  # log odds from which a candidate is taken
LEAST_GAIN = 0.03  # share of the derivative statement that a candidate must explain anew
MOST = 4  # further statements of one derivative statement
LOOKED_AT = 12  # candidates weighed, the best by overlap
KNOWN = 0.5  # what a word counts that a statement already taken explains


class Links(Protocol):
    """What is known of two articles before the further links (statement.First)."""

    @property
    def overlaps(self) -> Mapping[int, Mapping[int, float]]: ...
    @property
    def old(self) -> Sequence[Terms]: ...
    @property
    def new(self) -> Sequence[Terms]: ...


def further(
    i: int,
    best: int,
    links: Links,
    places: Collection[int],
    related: Related,
    sources: Sequence[Facts],
    derivative: Sequence[Facts],
) -> list[int]:
    """The source statements that derivative statement `i` rests on beside its `best`, the surest first.
    `places` are the best source statements of all derivative statements; all by index."""
    weights = coefficients()
    headline = derivative[i].statement.role is Role.HEADLINE
    chosen = [best]
    while len(chosen) <= MOST:
        found = candidates(i, chosen, links, places, related, sources)
        logits = [
            (weights["bias"] + weights["headline"] * headline + dot(weights, values), -j)
            for j, values in found.items()
        ]
        logit, place = max(logits, default=(LEAST - 1.0, 0))
        if logit < LEAST:
            break
        chosen.append(-place)
    return chosen[1:]


def dot(weights: Mapping[str, float], values: Sequence[float]) -> float:
    return sum(weights[name] * value for name, value in zip(FEATURES, values, strict=True))


def candidates(
    i: int,
    chosen: Sequence[int],
    links: Links,
    places: Collection[int],
    related: Related,
    sources: Sequence[Facts],
) -> dict[int, tuple[float, ...]]:
    """The features of each candidate, in the order of FEATURES: the share of the derivative statement
    that it explains anew, the share of it that the derivative statement holds, how well both match,
    whether it stands beside one already chosen or one further, and whether no other rests on it first."""
    terms, old, overlaps = links.new[i], links.old, links.overlaps[i]
    left = [
        (term, weight * (1 - max([held(old[k], term, related) for k in chosen])))
        for term, weight in terms.weights.items()
    ]
    left = [(term, weight) for term, weight in left if weight]
    reach = dict.fromkeys(terms.weights, 1.0)
    for term in terms.weights:
        for other, strength in related.get(term, ()):
            if strength > reach.get(other, 0.0):
                reach[other] = strength
    elsewhere = {term for k in chosen for term in old[k].weights}
    rest = [(score, -j) for j, score in overlaps.items() if j not in chosen]
    found: dict[int, tuple[float, ...]] = {}
    for score, place in sorted(rest, reverse=True)[:LOOKED_AT]:
        j = -place
        gain = sum([weight * held(old[j], term, related) for term, weight in left]) / terms.total
        if gain < LEAST_GAIN:
            continue
        gap = min((abs(j - k) for k in chosen if beside(sources, j, k)), default=9)
        hold = sum(
            weight * reach[term] * (KNOWN if term in elsewhere else 1.0)
            for term, weight in old[j].weights.items()
            if term in reach
        )
        shares = (gain, hold / old[j].total, score)
        found[j] = (*shares, float(gap == 1), float(gap == 2), float(j not in places))
    return found


@cache
def coefficients() -> Mapping[str, float]:
    """The coefficient of each feature, of a headline, and the bias."""
    text = files(__package__).joinpath("further.toml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in loads(text).items()}

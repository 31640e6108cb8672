"""What two statements can share: their content words, names and figures as weighted terms."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from claimdiff.model import Facts, Tag

PRONOUN_WEIGHT = 0.35  # a resolved "she" shares less than the name itself
FUNCTION_WEIGHT = 0.06  # function words decide only between statements that share nothing else


@dataclass(frozen=True, slots=True)
class Terms:
    """The distinct terms of a statement, each with its weight: how rare it is in this pair of articles."""

    weights: Mapping[str, float]
    total: float


# For a term of the derivative, terms of the sources that may say the same, with weights below 1.
Related = Mapping[str, Sequence[tuple[str, float]]]


def beside(sources: Sequence[Facts], j: int, k: int) -> bool:
    """Whether two places are there and in one document."""
    return 0 <= k < len(sources) and sources[j].statement.document == sources[k].statement.document


def held(terms: Terms, term: str, related: Related) -> float:
    """How well a statement holds a term: 1 for the term itself, less for a related one."""
    if term in terms.weights:
        return 1.0
    others = related.get(term)
    if not others:
        return 0.0
    weights = terms.weights
    return max([strength for other, strength in others if other in weights], default=0.0)


def nearest(places: Sequence[int], middle: float, most: int) -> Sequence[int]:
    """Of sorted places, at most `most` around a middle."""
    if len(places) <= most:
        return places
    at = bisect_left(places, middle)
    return places[max(0, at - most // 2) : at + most // 2]


def raw_terms(facts: Facts) -> Iterator[tuple[str, float]]:
    """The terms of a statement with their own importance, before rarity: names under their canonical
    key, figures by value, other words by stem."""
    taken: list[tuple[int, int]] = []
    for name in facts.names:
        taken.append(name.span)
        yield f"@{name.key}", PRONOUN_WEIGHT if name.pronoun else 1.0
    for quantity in facts.quantities:
        taken.append(quantity.span)
        yield f"#{quantity.low:g}", 1.0
    at = 0
    taken.sort()
    for token in facts.tokens:
        while at < len(taken) and taken[at][1] <= token.span.start:
            at += 1
        if at < len(taken) and taken[at][0] <= token.span.start:
            continue
        if token.content:
            yield token.stem, 1.0
        elif token.tag is not Tag.PUNCTUATION:
            yield token.stem, FUNCTION_WEIGHT


def weigh(statements: Iterable[Facts]) -> tuple[Terms, ...]:
    """Terms of all statements of a pair of articles, weighted by how few statements hold them."""
    own: list[dict[str, float]] = []
    for facts in statements:
        best: dict[str, float] = {}
        for term, weight in raw_terms(facts):
            if weight > best.get(term, 0.0):
                best[term] = weight
        own.append(best)
    spread = Counter(term for terms in own for term in terms)
    size = len(own)
    rarity = {term: log(1 + size / count) for term, count in spread.items()}
    for terms in own:
        for term, weight in terms.items():
            terms[term] = rarity[term] if weight == 1.0 else weight * rarity[term]
    return tuple(Terms(terms, sum(terms.values()) or 1.0) for terms in own)

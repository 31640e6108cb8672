"""Which source statements does a derivative statement rest on?

Every derivative statement takes its best source statement if that is good enough, then further ones
that explain what the first leaves open (merged sentences), and at last each source statement that
nobody took looks for a derivative statement that holds most of it. Moved statements need no special
care: order is only a mild preference. The index is inverted, so that cost follows the words that two
texts really share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import NamedTuple

from claimdiff.align.terms import Terms, nearest, weigh
from claimdiff.facts.token import fold
from claimdiff.model import Facts, Role

# Chosen by F1 of links on benchmarks/articles; each is flat around its value, there and on unseen articles.
MIN_SCORE = 0.25  # below it two statements only share a topic
MIN_GAIN = 0.35  # share of a derivative statement that a further source statement must newly explain
MIN_HOLD = 0.35  # share of an untaken source statement that a derivative statement must hold to take it
MIN_FURTHER = 0.12  # score below which a statement is not even looked at as a further one
NEIGHBOUR = 0.1  # support from the previous and next statement standing beside the candidate
ADJACENT = 0.1  # a further statement is likelier beside one that is already taken
HEADLINES = 0.2  # a headline answers a headline
ALONE, MIN_ALONE = 2, 0.05  # one or two statements have no context: they are held against what is nearest
FURTHER = 5  # candidates looked at beyond the best one
COMMON = 50  # of a term in more statements than this, and in more than a fifth of them, only the nearest
COMMON_SHARE, COMMON_MOST = 0.2, 500

KNOWN = 0.5  # what a word counts that a statement already taken explains

Related = Mapping[str, Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A derivative statement (by index) with the source statements (by index) that it rests on, best
    first, and the score of the best; no source statements when it rests on none."""

    derivative: int
    sources: tuple[int, ...]
    score: float
    exact: bool = False


class _Overlap(NamedTuple):
    derivative: float  # share of the derivative statement that the source statement holds
    source: float
    score: float


def align(sources: Sequence[Facts], derivative: Sequence[Facts], related: Related) -> tuple[Alignment, ...]:
    """Align all derivative statements; boilerplate on either side takes no part.

    `related` gives, for a term of the derivative, terms of the sources that may say the same, with a
    weight below 1.
    """
    terms = weigh([*sources, *derivative])
    old, new = terms[: len(sources)], terms[len(sources) :]
    exact = _exact(sources, derivative)
    overlaps = _overlaps(sources, derivative, old, new, related)
    taken: dict[int, list[int]] = {i: [j] for i, j in exact.items()}
    scores: dict[int, float] = dict.fromkeys(exact, 1.0)
    claims = sum(facts.statement.role is not Role.BOILERPLATE for facts in derivative)
    floor = MIN_SCORE if claims > ALONE else MIN_ALONE
    for i in range(len(derivative)):
        if i in exact:
            continue
        ranked = _rank(i, overlaps, sources)
        if ranked and ranked[0][1] >= floor:
            taken[i] = _choose(ranked, new[i], old, related, overlaps[i])
            scores[i] = min(1.0, ranked[0][1])
    _adopt(taken, exact, overlaps, sources, (old, new), related)
    return tuple(
        Alignment(i, tuple(taken.get(i, ())), round(scores.get(i, 0.0), 4), i in exact)
        for i in range(len(derivative))
    )


def _exact(sources: Sequence[Facts], derivative: Sequence[Facts]) -> dict[int, int]:
    """Statements whose words are equal, the n-th occurrence with the n-th (the last for any beyond)."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for j, facts in enumerate(sources):
        if facts.statement.role is not Role.BOILERPLATE:
            places[_words(facts)].append(j)
    seen: dict[tuple[str, ...], int] = defaultdict(int)
    out = {}
    for i, facts in enumerate(derivative):
        words = _words(facts)
        if facts.statement.role is Role.BOILERPLATE or not words or words not in places:
            continue
        spots = places[words]
        out[i] = spots[min(seen[words], len(spots) - 1)]
        seen[words] += 1
    return out


def _words(facts: Facts) -> tuple[str, ...]:
    return tuple(fold(facts.statement.text).split())


def _overlaps(
    sources: Sequence[Facts],
    derivative: Sequence[Facts],
    old: Sequence[Terms],
    new: Sequence[Terms],
    related: Related,
) -> list[dict[int, _Overlap]]:
    index: dict[str, list[int]] = defaultdict(list)
    for j, facts in enumerate(sources):
        if facts.statement.role is not Role.BOILERPLATE:
            for term in old[j].weights:
                index[term].append(j)
    limit = min(COMMON_MOST, max(COMMON, COMMON_SHARE * len(sources)))
    out: list[dict[int, _Overlap]] = []
    for i, facts in enumerate(derivative):
        middle = i * len(sources) / len(derivative)
        held: dict[int, float] = defaultdict(float)
        holds: dict[int, float] = defaultdict(float)
        if facts.statement.role is not Role.BOILERPLATE:
            for term, weight in new[i].weights.items():
                if term not in related:
                    posting = index.get(term, ())
                    for j in posting if len(posting) <= limit else nearest(posting, middle, COMMON):
                        held[j] += weight
                        holds[j] += old[j].weights[term]
                    continue
                best: dict[int, float] = {}
                for other, strength in ((term, 1.0), *related.get(term, ())):
                    posting = index.get(other, ())
                    for j in posting if len(posting) <= limit else nearest(posting, middle, COMMON):
                        best[j] = max(best.get(j, 0.0), strength)
                        holds[j] += strength * old[j].weights[other]
                for j, strength in best.items():
                    held[j] += strength * weight
        total = new[i].total
        out.append({j: _overlap(held[j] / total, min(1.0, holds[j] / old[j].total)) for j in sorted(held)})
    if out and out[0] and derivative[0].statement.role is Role.HEADLINE:
        for j, overlap in out[0].items():
            if sources[j].statement.role is Role.HEADLINE:
                out[0][j] = _Overlap(overlap.derivative, overlap.source, overlap.score + HEADLINES)
    return out


def _overlap(derivative: float, source: float) -> _Overlap:
    return _Overlap(derivative, source, (derivative + source) / 2)


def _rank(
    i: int, overlaps: Sequence[Mapping[int, _Overlap]], sources: Sequence[Facts]
) -> list[tuple[int, float]]:
    """The best candidates of a derivative statement, in order, with the support of their neighbourhood."""
    ranked = []
    found = overlaps[i]
    most = nlargest(1 + FURTHER, (overlap.score for overlap in found.values()))
    least = most[-1] - 2 * NEIGHBOUR * (1 + HEADLINES) - 1e-6 if most else 0.0  # no neighbours lift it more
    for j, overlap in found.items():
        score = overlap.score
        if score < least:
            continue
        for step in (-1, 1):
            if 0 <= i + step < len(overlaps) and _beside(sources, j, j + step):
                beside = overlaps[i + step].get(j + step)
                score += NEIGHBOUR * beside.score if beside else 0.0
        ranked.append((j, score))
    return sorted(ranked, key=lambda item: (-item[1], item[0]))


def _beside(sources: Sequence[Facts], j: int, k: int) -> bool:
    return 0 <= k < len(sources) and sources[j].statement.document == sources[k].statement.document


def _choose(
    ranked: Sequence[tuple[int, float]],
    terms: Terms,
    old: Sequence[Terms],
    related: Related,
    overlaps: Mapping[int, _Overlap],
) -> list[int]:
    """The best candidate and those that explain enough of what the ones before left open."""
    chosen = [ranked[0][0]]
    left = {t: w * (1 - _held(old[chosen[0]], t, related)) for t, w in terms.weights.items()}
    for j, score in ranked[1 : 1 + FURTHER]:
        if score < MIN_FURTHER:
            break
        gain = sum(w * _held(old[j], t, related) for t, w in left.items()) / terms.total
        if gain + (ADJACENT if any(abs(j - k) == 1 for k in chosen) else 0.0) >= MIN_GAIN:
            chosen.append(j)
            left = {t: w * (1 - _held(old[j], t, related)) for t, w in left.items()}
    return chosen


def _held(terms: Terms, term: str, related: Related) -> float:
    """How well a statement holds a term: 1 for the term itself, less for a related one."""
    if term in terms.weights:
        return 1.0
    return max((strength for other, strength in related.get(term, ()) if other in terms.weights), default=0.0)


def _adopt(
    taken: dict[int, list[int]],
    exact: Mapping[int, int],
    overlaps: Sequence[Mapping[int, _Overlap]],
    sources: Sequence[Facts],
    terms: tuple[Sequence[Terms], Sequence[Terms]],
    related: Related,
) -> None:
    """Give each untaken source statement to the linked derivative statement that holds most of it.

    What that derivative statement shares with the statements that it already rests on counts half."""
    old, new = terms
    covered = {j for js in taken.values() for j in js}
    holders: dict[int, list[int]] = defaultdict(list)
    for i in taken:
        if i not in exact:
            for j, overlap in overlaps[i].items():
                if overlap.source + ADJACENT >= MIN_HOLD:
                    holders[j].append(i)
    for j in sorted(set(holders) - covered):
        best, where = 0.0, -1
        for i in holders[j]:
            hold = _new_share(old, j, new[i], taken[i], related)
            if any(abs(j - k) == 1 and _beside(sources, j, k) for k in taken[i]):
                hold += ADJACENT
            if hold > best:
                best, where = hold, i
        if best >= MIN_HOLD:
            taken[where].append(j)


def _new_share(old: Sequence[Terms], j: int, terms: Terms, taken: Sequence[int], related: Related) -> float:
    """The share of a source statement that a derivative statement holds, what it has elsewhere halved."""
    reach: dict[str, float] = {}
    for term in terms.weights:
        for other, strength in ((term, 1.0), *related.get(term, ())):
            reach[other] = max(reach.get(other, 0.0), strength)
    elsewhere = {term for k in taken for term in old[k].weights}
    held = sum(
        weight * reach.get(term, 0.0) * (KNOWN if term in elsewhere else 1.0)
        for term, weight in old[j].weights.items()
    )
    return held / old[j].total

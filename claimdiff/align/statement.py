"""Which source statements does a derivative statement rest on?

Every derivative statement takes its best source statement if that is good enough, then further ones
that it also rests on (merged sentences, see further.py); at last a statement without any takes the one
that stands in its place between linked neighbours (gap.py). Moved statements need no special care: order
is only a mild preference. The index is inverted, so that cost follows the words that two texts really
share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import NamedTuple

from claimdiff.align.further import further
from claimdiff.align.gap import fill
from claimdiff.align.terms import Overlap, Related, Terms, beside, nearest, weigh
from claimdiff.facts.token import fold
from claimdiff.model import Facts, Role

# Chosen by F1 of links on benchmarks/articles; each is flat around its value, there and on unseen articles.
MIN_SCORE = 0.25  # below it two statements only share a topic
NEIGHBOUR = 0.1  # support from the previous and next statement standing beside the candidate
HEADLINES = 0.2  # a headline answers a headline
ALONE, MIN_ALONE = 2, 0.05  # one or two statements have no context: they are held against what is nearest
REMEMBERED = 80  # candidates kept of a derivative statement: a long text shares some word with all others
BEST = 6  # candidates whose neighbours are looked at
COMMON = 50  # of a term in more statements than this, and in more than a fifth of them, only the nearest
COMMON_SHARE, COMMON_MOST = 0.2, 500


@dataclass(frozen=True, slots=True)
class Alignment:
    """A derivative statement (by index) with the source statements (by index) that it rests on, best
    first, and the score of the best; no source statements when it rests on none."""

    derivative: int
    sources: tuple[int, ...]
    score: float
    exact: bool = False


class First(NamedTuple):
    """The best links of two articles: {derivative: source} with scores, those of equal words, all
    overlaps by derivative and source, and the terms of both sides."""

    best: dict[int, int]
    scores: dict[int, float]
    exact: dict[int, int]
    overlaps: list[dict[int, Overlap]]
    old: Sequence[Terms]
    new: Sequence[Terms]


def align(sources: Sequence[Facts], derivative: Sequence[Facts], related: Related) -> tuple[Alignment, ...]:
    """Align all derivative statements; boilerplate on either side takes no part.

    `related` gives, for a term of the derivative, terms of the sources that may say the same, with a
    weight below 1.
    """
    links = first(sources, derivative, related)
    places = frozenset(links.best.values())
    taken = {
        i: [j] if i in links.exact else [j, *further(i, j, links, places, related, sources, derivative)]
        for i, j in links.best.items()
    }
    taken |= fill(taken, sources, derivative, related)
    return tuple(
        Alignment(i, tuple(taken.get(i, ())), round(links.scores.get(i, 0.0), 4), i in links.exact)
        for i in range(len(derivative))
    )


def first(sources: Sequence[Facts], derivative: Sequence[Facts], related: Related) -> First:
    """The best source statement of each derivative statement that has a good one."""
    terms = weigh([*sources, *derivative])
    old, new = terms[: len(sources)], terms[len(sources) :]
    exact = _exact(sources, derivative)
    overlaps = _overlaps(sources, derivative, old, new, related)
    best = dict(exact)
    scores = dict.fromkeys(exact, 1.0)
    claims = sum(facts.statement.role is not Role.BOILERPLATE for facts in derivative)
    floor = MIN_SCORE if claims > ALONE else MIN_ALONE
    for i in range(len(derivative)):
        found = None if i in exact else _best(i, overlaps, sources)
        if found is not None and found[1] >= floor:
            best[i] = found[0]
            scores[i] = min(1.0, found[1])
    return First(best, scores, exact, overlaps, old, new)


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
) -> list[dict[int, Overlap]]:
    index: dict[str, list[int]] = defaultdict(list)
    for j, facts in enumerate(sources):
        if facts.statement.role is not Role.BOILERPLATE:
            for term in old[j].weights:
                index[term].append(j)
    limit = min(COMMON_MOST, max(COMMON, COMMON_SHARE * len(sources)))
    out: list[dict[int, Overlap]] = []
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
        found = {j: _overlap(held[j] / total, min(1.0, holds[j] / old[j].total)) for j in sorted(held)}
        if len(found) > REMEMBERED:
            ranked = nlargest(REMEMBERED, found, key=lambda j: found[j].score)
            found = {j: found[j] for j in sorted(ranked)}
        out.append(found)
    if out and out[0] and derivative[0].statement.role is Role.HEADLINE:
        for j, overlap in out[0].items():
            if sources[j].statement.role is Role.HEADLINE:
                out[0][j] = Overlap(overlap.derivative, overlap.source, overlap.score + HEADLINES)
    return out


def _overlap(derivative: float, source: float) -> Overlap:
    return Overlap(derivative, source, (derivative + source) / 2)


def _best(
    i: int, overlaps: Sequence[Mapping[int, Overlap]], sources: Sequence[Facts]
) -> tuple[int, float] | None:
    """The best candidate of a derivative statement, with the support of its neighbourhood."""
    found = overlaps[i]
    most = nlargest(BEST, (overlap.score for overlap in found.values()))
    least = most[-1] - 2 * NEIGHBOUR * (1 + HEADLINES) - 1e-6 if most else 0.0  # no neighbours lift it more
    ranked = []
    for j, overlap in found.items():
        score = overlap.score
        if score < least:
            continue
        for step in (-1, 1):
            if 0 <= i + step < len(overlaps) and beside(sources, j, j + step):
                support = overlaps[i + step].get(j + step)
                score += NEIGHBOUR * support.score if support else 0.0
        ranked.append((j, score))
    return min(ranked, key=lambda item: (-item[1], item[0]), default=None)

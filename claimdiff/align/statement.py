"""Which source statements does a derivative statement rest on?

Every derivative statement takes its best source statement if that is good enough, then further ones
that it also rests on (merged sentences, see further.py); at last a statement without any takes the one
that stands in its place between linked neighbours (gap.py). Moved statements need no special care: order
is only a mild preference. The index is inverted, so that cost follows the words that two texts really
share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claimdiff.align.further import LOOKED_AT, MOST, further
from claimdiff.align.gap import fill
from claimdiff.align.terms import Related, Terms, beside, nearest, weigh
from claimdiff.facts.token import fold
from claimdiff.model import Facts, Role

# Chosen by F1 of links on benchmarks/articles; each is flat around its value, there and on unseen articles.
MIN_SCORE = 0.25  # below it two statements only share a topic
NEIGHBOUR = 0.1  # support from the previous and next statement standing beside the candidate
HEADLINES = 0.2  # a headline answers a headline
ALONE, MIN_ALONE = 2, 0.05  # one or two statements have no context: they are held against what is nearest
REMEMBERED = 80  # candidates kept of a derivative statement: a long text shares some word with all others
WEIGHED = LOOKED_AT + MOST  # of these, kept until the further links are found
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
    """The best links of two articles: {derivative: source} with scores, those of equal words, for each
    linked derivative statement how well its best candidates overlap with it, and the terms of both sides."""

    best: dict[int, int]
    scores: dict[int, float]
    exact: dict[int, int]
    overlaps: Mapping[int, Mapping[int, float]]
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
    best = dict(exact)
    scores = dict.fromkeys(exact, 1.0)
    claims = sum(facts.statement.role is not Role.BOILERPLATE for facts in derivative)
    floor = MIN_SCORE if claims > ALONE else MIN_ALONE
    overlaps: dict[int, Mapping[int, float]] = {}
    rows = _overlaps(sources, derivative, old, new, related)
    before: Mapping[int, float] = {}
    here = next(rows, {})
    for i in range(len(derivative)):
        after = next(rows, {})
        found = None if i in exact else _best((before, here, after), sources)
        if found is not None and found[1] >= floor:
            best[i] = found[0]
            scores[i] = min(1.0, found[1])
            overlaps[i] = (
                here
                if len(here) <= WEIGHED
                else dict(sorted(here.items(), key=_rank, reverse=True)[:WEIGHED])
            )
        before, here = here, after
    return First(best, scores, exact, overlaps, old, new)


def _rank(item: tuple[int, float]) -> tuple[float, int]:
    return item[1], -item[0]


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
) -> Iterator[dict[int, float]]:
    """For each derivative statement how well the source statements overlap with it, as many as remembered."""
    index: dict[str, list[int]] = defaultdict(list)
    for j, facts in enumerate(sources):
        if facts.statement.role is not Role.BOILERPLATE:
            for term in old[j].weights:
                index[term].append(j)
    limit = min(COMMON_MOST, max(COMMON, COMMON_SHARE * len(sources)))
    weights, totals = [terms.weights for terms in old], [terms.total for terms in old]
    for i, facts in enumerate(derivative):
        middle = i * len(sources) / len(derivative)
        held: dict[int, float] = defaultdict(float)
        holds: dict[int, float] = defaultdict(float)
        if facts.statement.role is not Role.BOILERPLATE:
            for term, weight in new[i].weights.items():
                if term not in related:
                    posting = index.get(term)
                    if posting is None:
                        continue
                    for j in posting if len(posting) <= limit else nearest(posting, middle, COMMON):
                        held[j] += weight
                        holds[j] += weights[j][term]
                    continue
                best: dict[int, float] = {}
                for other, strength in ((term, 1.0), *related[term]):
                    posting = index.get(other)
                    if posting is None:
                        continue
                    for j in posting if len(posting) <= limit else nearest(posting, middle, COMMON):
                        if strength > best.get(j, 0.0):
                            best[j] = strength
                        holds[j] += strength * weights[j][other]
                for j, strength in best.items():
                    held[j] += strength * weight
        total = new[i].total
        found = {
            j: _overlap(share / total, min(1.0, holds[j] / totals[j])) for j, share in sorted(held.items())
        }
        if len(found) > REMEMBERED:
            ranked = sorted(found, key=found.__getitem__, reverse=True)[:REMEMBERED]
            found = {j: found[j] for j in sorted(ranked)}
        if i == 0 and facts.statement.role is Role.HEADLINE:
            for j in found:
                found[j] += HEADLINES if sources[j].statement.role is Role.HEADLINE else 0.0
        yield found


def _overlap(derivative: float, source: float) -> float:
    """How well two statements match: the parts of each that the other holds."""
    return (derivative + source) / 2


def _best(
    rows: tuple[Mapping[int, float], Mapping[int, float], Mapping[int, float]], sources: Sequence[Facts]
) -> tuple[int, float] | None:
    """The best candidate of a derivative statement, with the support of its neighbourhood: `rows` are the
    overlaps of the statement before, of this one and of the next."""
    before, found, after = rows
    most = sorted(found.values())[-BEST:]
    least = most[0] - 2 * NEIGHBOUR * (1 + HEADLINES) - 1e-6 if most else 0.0  # no neighbours lift it more
    ranked = []
    for j, score in found.items():
        if score < least:
            continue
        for row, near in ((before, j - 1), (after, j + 1)):
            if near in row and beside(sources, j, near):
                score += NEIGHBOUR * row[near]
        ranked.append((-score, j))
    if not ranked:
        return None
    score, j = min(ranked)
    return j, -score

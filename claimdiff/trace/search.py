"""Which articles carry a text: from its terms to ranked candidates.

Rare terms say most. First every article that has some of the rarest is found; then the best of these are
held against the text sentence by sentence: a term counts fully where the article has it in the sentence that
is most like the text's, and half elsewhere. Whatever the first candidate carries is set aside before the
second is chosen, and so on, so that two sources of one text are both found.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from claimdiff.trace.index import Index, Stored
from claimdiff.trace.terms import Sort, Term

POSTINGS = 60_000  # articles that the terms of a first look may have together
FEWEST = 12  # terms of a first look, however many articles they have
POOL = 150  # articles that are looked at closely
MORE = 50  # further ones for what the candidates so far do not carry
SOURCES = 5  # the most that are chosen for what the others leave
LIKELY = 0.25  # the share of a text that its first source carries at least
FURTHER = 0.08  # the share that each further source adds at least
TOLD = 0.1  # the share of a text whose sentences a source tells in words, too, not by its names alone
FEWEST_TOLD = 4  # terms of such sentences
CARRIED, IN_WORDS = (
    0.35,
    0.25,
)  # of a sentence's weight, and of that of its words without the names, to be told
SPREAD = 10  # articles that a small archive is thought to have beside its own
HERE, NEAR, ELSEWHERE = 1.0, 0.8, 0.5  # what a term counts in the best sentence, beside it, and anywhere
WEIGHT = {Sort.WORD: 1.0, Sort.CAPITAL: 1.3, Sort.FIGURE: 1.2, Sort.NAME: 0.8, Sort.QUOTED: 0.5}
SMALL = 0.4  # of the weight of a figure, for small whole numbers, which every text has


class Slot(NamedTuple):
    """A term in a sentence of the text, with what it weighs, and whether it is part of a name."""

    sentence: int
    term: str
    weight: float
    named: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be a source. `score` is the share of the text that it carries, by weight; `gain`
    what it adds to those before it. `likely` says that it is taken for a source."""

    article: Stored
    score: float
    gain: float
    likely: bool


@dataclass(slots=True)
class _Held:
    """An article with what it carries of each slot, together `score`; `told` is the weight of the
    sentences that it tells."""

    article: Stored
    carried: list[float]
    score: float
    told: float


def search(
    index: Index, text: Sequence[Sequence[Term]], *, top: int, leave: Iterable[int]
) -> tuple[list[Candidate], dict[str, float]]:
    """The articles that carry most of a text, whose terms are given sentence by sentence: first those
    that are likely its sources, in the order in which they were chosen, then others by score. The
    articles to `leave` are not looked at. Beside them stands what each term of the text weighs."""
    slots, known = _slots(text, index)
    total = sum(slot.weight for slot in slots)
    weights = {slot.term: slot.weight for slot in slots}
    if not total:
        return [], weights
    finder = _Finder(index, slots, known, frozenset(leave))
    pool = {own.article.id: own for own in finder.look([1.0] * len(slots), POOL)}
    best = [0.0] * len(slots)
    chosen: list[Candidate] = []
    taken: set[int] = set()
    while len(chosen) < min(SOURCES, top):
        if chosen:
            for own in finder.look([1 - value for value in best], MORE):
                if own.article.id not in taken:
                    pool.setdefault(own.article.id, own)
        found = _next((own for own in pool.values() if own.told >= TOLD * total), slots, best)
        least = FURTHER if chosen else LIKELY
        if found is None or found[0] / total < least:
            break
        gain, held = found
        chosen.append(Candidate(held.article, _share(held.score, total), _share(gain, total), True))
        best = [max(pair) for pair in zip(best, held.carried, strict=True)]
        taken.add(held.article.id)
        del pool[held.article.id]
    rest = sorted(pool.values(), key=lambda own: (-round(own.score, 6), own.article.name))
    for own in rest[: top - len(chosen)]:
        gain = _gain(own, slots, best)
        chosen.append(Candidate(own.article, _share(own.score, total), _share(gain, total), False))
    return chosen, weights


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4)


def _slots(text: Sequence[Sequence[Term]], index: Index) -> tuple[list[Slot], dict[str, int]]:
    """What there is to carry, and in how many articles each term is. A name or quoted words that no
    article has are no sign of anything."""
    sorts: dict[tuple[int, str], Sort] = {}
    for at, found in enumerate(text):
        for term in found:
            key = (at, term.text)
            sorts[key] = max(sorts.get(key, term.sort), term.sort)
    known = index.frequency(sorted({name for _, name in sorts}))
    count = index.size()
    slots = []
    for (at, name), sort in sorts.items():
        if name in known or sort < Sort.NAME:
            weight = WEIGHT[sort] * log((count + SPREAD) / (known.get(name, 0) + 0.5))
            small = sort is Sort.FIGURE and len(name) <= 2
            weight = max(0.0, weight * SMALL if small else weight)
            slots.append(Slot(at, name, weight, sort in (Sort.CAPITAL, Sort.NAME)))
    return slots, known


def _next(pool: Iterable[_Held], slots: Sequence[Slot], best: Sequence[float]) -> tuple[float, _Held] | None:
    """The article that adds most to what is carried; of equal ones the first by name."""
    chosen: tuple[float, _Held] | None = None
    for own in sorted(pool, key=lambda own: (-own.score, own.article.name)):
        if chosen and own.score < chosen[0]:
            break  # nothing adds more than it carries
        gain = round(_gain(own, slots, best), 6)
        if chosen is None or (gain, -own.score) > (chosen[0], -chosen[1].score):
            chosen = (gain, own)
    return chosen


def _gain(own: _Held, slots: Sequence[Slot], best: Sequence[float]) -> float:
    return sum(
        slot.weight * (new - old)
        for slot, new, old in zip(slots, own.carried, best, strict=True)
        if new > old
    )


class _Finder:
    """Finds articles that carry slots, and remembers what it asked the index."""

    def __init__(
        self, index: Index, slots: Sequence[Slot], frequency: dict[str, int], leave: frozenset[int]
    ) -> None:
        self.index, self.slots, self.frequency, self.leave = index, slots, frequency, leave
        self.wanted = _Wanted(slots)
        self.having: dict[str, list[int]] = {}
        self.held: dict[int, _Held] = {}

    def look(self, missing: Sequence[float], most: int) -> list[_Held]:
        """The articles that carry most of what is missing of each slot."""
        weights: dict[str, float] = {}
        for slot, share in zip(self.slots, missing, strict=True):
            if share > 0 and slot.term in self.frequency:
                weights[slot.term] = max(weights.get(slot.term, 0.0), slot.weight * share)
        scores: dict[int, float] = {}
        for term in self._rarest(weights):
            for id in self._having(term):
                scores[id] = scores.get(id, 0.0) + weights[term]
        for id in self.leave:
            scores.pop(id, None)
        return self._closely(self._best(scores, most))

    def _rarest(self, weights: dict[str, float]) -> list[str]:
        out: list[str] = []
        spent = 0
        for term in sorted(weights, key=lambda own: (self.frequency[own], own)):
            spent += self.frequency[term]
            if spent > POSTINGS and len(out) >= FEWEST:
                break
            out.append(term)
        return out

    def _having(self, term: str) -> list[int]:
        if term not in self.having:
            self.having[term] = self.index.having(term)
        return self.having[term]

    def _best(self, scores: dict[int, float], most: int) -> list[int]:
        """The ids with the highest scores; where the last ones are equal, the first by name."""
        if len(scores) <= most:
            return list(scores)
        last = heapq.nlargest(most, scores.values())[-1]
        above = [id for id, score in scores.items() if score > last]
        equal = [id for id, score in scores.items() if score == last]
        if len(above) + len(equal) > most:
            equal = self.index.first(equal, most - len(above))
        return above + equal

    def _closely(self, ids: Sequence[int]) -> list[_Held]:
        fresh = [id for id in ids if id not in self.held]
        for article in self.index.articles(fresh):
            self.held[article.id] = _hold(article, self.wanted)
        return [self.held[id] for id in ids]


class _Wanted:
    """The slots of a text by term, and what the sentences weigh that they are of: with and without names."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots
        self.places: dict[str, list[int]] = {}
        self.whole: dict[int, float] = {}
        self.words: dict[int, float] = {}
        for at, slot in enumerate(slots):
            self.places.setdefault(slot.term, []).append(at)
            self.whole[slot.sentence] = self.whole.get(slot.sentence, 0.0) + slot.weight
            if not slot.named:
                self.words[slot.sentence] = self.words.get(slot.sentence, 0.0) + slot.weight
        self.terms = frozenset(self.places)


def _hold(article: Stored, wanted: _Wanted) -> _Held:
    """What an article carries of each slot. Most have few of them, so only those are looked at."""
    where: dict[str, list[int]] = {}
    for at, line in enumerate(article.terms.split("\n")):
        for term in wanted.terms.intersection(line.split(" ")):
            where.setdefault(term, []).append(at)
    there = sorted(at for term in where for at in wanted.places[term])
    by_sentence: dict[int, dict[int, float]] = {}
    for number in there:
        slot = wanted.slots[number]
        likeness = by_sentence.setdefault(slot.sentence, {})
        for at in where[slot.term]:
            likeness[at] = likeness.get(at, 0.0) + slot.weight
    home = {
        sentence: min(likeness, key=lambda at, own=likeness: (-own[at], at))  # type: ignore[misc]
        for sentence, likeness in by_sentence.items()
    }
    carried = [0.0] * len(wanted.slots)
    score = 0.0
    for number in there:
        slot = wanted.slots[number]
        carried[number] = _value(where[slot.term], home[slot.sentence])
        score += slot.weight * carried[number]
    return _Held(article, carried, score, _told(wanted, there, carried))


def _told(wanted: _Wanted, there: Sequence[int], carried: Sequence[float]) -> float:
    """The weight of the sentences that stand in the article as sentences. Articles on the same people share
    their names, and no more of a sentence than that."""
    sums: dict[int, _Sum] = {}
    for number in there:
        if carried[number] == HERE:
            slot = wanted.slots[number]
            sums.setdefault(slot.sentence, _Sum()).add(slot)
    told = [at for at, own in sums.items() if own.is_told(wanted.whole[at], wanted.words.get(at, 0.0))]
    terms = sum(sums[at].terms for at in told)
    return sum(wanted.whole[at] for at in told) if terms >= FEWEST_TOLD else 0.0


@dataclass(slots=True)
class _Sum:
    """How much of a sentence the article has in one place, by weight; the same without names."""

    there: float = 0.0
    said: float = 0.0
    terms: int = 0

    def add(self, slot: Slot) -> None:
        self.there += slot.weight
        self.terms += 1
        if not slot.named:
            self.said += slot.weight

    def is_told(self, whole: float, words: float) -> bool:
        """Whether that is enough of a sentence that weighs so much, and as much without names."""
        return self.said > 0 and self.there >= CARRIED * whole and self.said >= IN_WORDS * words


def _value(places: Sequence[int], home: int) -> float:
    if home in places:
        return HERE
    return NEAR if home - 1 in places or home + 1 in places else ELSEWHERE

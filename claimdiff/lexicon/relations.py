"""How two words stand to each other: same meaning, opposite, wider, narrower, derived.

Two sources answer: hand-written lists of news English (paraphrase.toml, antonym.toml) and the word
graph compiled from WordNet. A relation is evidence to weigh and never proof, since words have many
senses: `weight` falls with the rank of the senses that are related and with their distance.
Everything is read on first use and remembered by word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache
from math import sqrt
from typing import NamedTuple

from claimdiff.lexicon import graph as g
from claimdiff.lexicon import load
from claimdiff.lexicon.graph import graph
from claimdiff.lexicon.inflect import counts, lemmas
from claimdiff.lexicon.listed import listed, spelt

__all__ = [
    "Relation", "antonyms", "known", "lemmas", "near", "parts_of_speech", "phrases", "related", "synonyms",
]  # fmt: skip

# How much a relation says when both words have the related sense as their main one.
LISTED_SYNONYM = 0.9
SYNONYM = 0.85
ANTONYM = 0.95
LISTED_ANTONYM = 1.0
NEAR_ANTONYM = 0.6  # opposite of a synonym, or through the cluster of an adjective
DERIVED = 0.85
DERIVED_TWICE = 0.5  # both from one word, or derived from a synonym
HYPERNYM = 0.65
SECOND_HYPERNYM = 0.45
SIMILAR = 0.65
CLUSTER = 0.4  # two adjectives around one head
GROUP = 0.7
FOLLOWS = 0.4  # what a verb entails or causes, and "see also"
SISTER = 0.35
CLOSE_SISTERS = 12  # a word with more direct hyponyms than this says little about two of them


class Relation(NamedTuple):
    """What the second word is to the first: "same", "synonym", "antonym", "hypernym" (the second is
    wider), "hyponym" (narrower), "derived", "similar" or "sister"; `weight` is 0 to 1."""

    kind: str
    weight: float


class Profile(NamedTuple):
    """A word's senses with their weights, and what can be reached from them: {synset: weight}."""

    senses: Mapping[int, float]
    wider: Mapping[int, float]
    wider2: Mapping[int, float]
    heads: Mapping[int, float]
    opposite: Mapping[int, float]
    near: Mapping[int, tuple[float, float]]
    words: Mapping[str, tuple[str, float]]
    derived: Mapping[str, float]  # of the words, those that it is derived from or that are derived from it


def related(word: str, other: str) -> Relation | None:
    """The strongest relation of two lower-case lemmas or phrases, or None; `other` is the hypernym
    when the kind is "hypernym"."""
    if word != other and _reach(word).isdisjoint(_reach(other)):
        return None  # most pairs of words end here
    return _related(word, other)


def near(word: str, others: Iterable[str]) -> list[str]:
    """Those of the others that `related` may find a relation with: few of them."""
    mine = _reach(word)
    return [other for other in others if other == word or not mine.isdisjoint(_reach(other))]


@lru_cache(maxsize=1 << 12)
def _reach(word: str) -> frozenset[str | int]:
    """Words and synsets around a word, enough of them that any two related words share one."""
    key = spelt(word)
    found: set[str | int] = {word, key}
    found.update(listed("antonym", key), listed("paraphrase", key))
    profile = _profile(word)
    if profile is not None:
        own = (profile.senses, profile.wider, profile.wider2, profile.heads, profile.opposite, profile.near)
        found.update(profile.words, *own)
        for name in profile.derived:
            number = graph().find(name)
            if number >= 0:
                found.update(sense.synset for sense in graph().senses(number))
                found.update(listed("paraphrase", spelt(name)))
    return frozenset(found)


@lru_cache(maxsize=1 << 14)
def _related(word: str, other: str) -> Relation | None:
    new, old = spelt(word), spelt(other)
    if new == old:
        return Relation("same", 1.0)
    if old in listed("antonym", new):
        return Relation("antonym", LISTED_ANTONYM)
    if old in listed("paraphrase", new):
        return Relation("synonym", LISTED_SYNONYM)
    first, second = _profile(word), _profile(other)
    if first is None or second is None:
        return None
    shared = _reach(word) & _reach(other)  # whatever relates the two is among these
    meet = tuple([key for key in shared if not isinstance(key, str)])
    best = None
    for kind, weight in _graph_relations(word, first, other, second, meet):
        if best is None or weight > best[1]:
            best = kind, weight
    if best is not None and best[1] >= DERIVED_TWICE:
        return Relation(*best)
    weight = _through_derived(first, second, new, old, shared, meet)
    if weight and (best is None or weight > best[1]):
        best = "derived", weight
    return Relation(*best) if best else None


def known(word: str) -> bool:
    """Whether the word graph has this lower-case lemma."""
    return graph().find(word) >= 0


@lru_cache(maxsize=1 << 12)
def parts_of_speech(word: str) -> str:
    """The lemma's parts of speech, the commonest first: letters of "nvar"; "" when it is unknown."""
    return "".join(counts(word))


@lru_cache(maxsize=1 << 12)
def synonyms(word: str) -> frozenset[str]:
    """Words that share a sense or a listed group with this one, without the word itself."""
    found = set(listed("paraphrase", spelt(word)))
    profile = _profile(word)
    for synset in profile.senses if profile else ():
        found.update(graph().word(number) for number in graph().synset(synset).words)
    return frozenset(found - {word})


@lru_cache(maxsize=1 << 12)
def antonyms(word: str) -> frozenset[str]:
    """Direct opposites, listed or from the graph."""
    found = set(listed("antonym", spelt(word)))
    profile = _profile(word)
    if profile is not None:
        found.update(other for other, (kind, _) in profile.words.items() if kind == "antonym")
    return frozenset(found)


@cache
def phrases() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The listed phrases of more than one word, as tuples of lemmas, by their first lemma; the longest
    first. " ".join of one is what `related` takes."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for entry in {entry for group in load("paraphrase")["groups"] for entry in group}:
        parts = tuple(entry.split())
        if len(parts) > 1:
            found.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(found[first], key=lambda p: (-len(p), p))) for first in sorted(found)}


def _put(table: dict[int, float], key: int, weight: float) -> None:
    if weight > table.get(key, 0.0):
        table[key] = weight


@lru_cache(maxsize=1 << 12)
def _sense_weights(number: int) -> Mapping[int, float]:
    """{synset: weight}: 1 for the main sense of the commonest part of speech, less for rarer ones; none
    for -1, which is no word's number."""
    if number < 0:
        return {}
    senses = graph().senses(number)
    most = max(sense.tagged for sense in senses)
    ranks: dict[str, int] = {}
    found = {}
    for sense in senses:
        rank = ranks[sense.part] = ranks.get(sense.part, -1) + 1
        share = (sense.tagged + 1) / (most + 1)
        weight = 0.5 / (1 + 0.3 * rank) + 0.5 * sqrt(share)
        found[sense.synset] = weight / 2 if sense.name else weight
    return found


@lru_cache(maxsize=1 << 12)
def _profile(word: str) -> Profile | None:
    number = graph().find(word)
    if number < 0:
        return None
    data = graph()
    senses = _sense_weights(number)
    wider: dict[int, float] = {}
    wider2: dict[int, float] = {}
    heads: dict[int, float] = {}
    opposite: dict[int, float] = {}
    near: dict[int, tuple[float, float]] = {}
    for synset, weight in senses.items():
        heads[synset] = max(weight, heads.get(synset, 0.0))
        for pointer in data.synset(synset).pointers:
            kind, target = pointer >> g.BITS, pointer & g.TARGET
            if kind == g.HYPERNYM:
                _put(wider, target, weight)
                for above in data.synset(target).pointers:
                    if above >> g.BITS == g.HYPERNYM:
                        _put(wider2, above & g.TARGET, weight)
            elif kind == g.SIMILAR:
                _put(heads, target, weight)
            elif kind == g.OPPOSITE:
                _put(opposite, target, weight)
            else:
                base = GROUP if kind == g.GROUP else FOLLOWS
                near[target] = max((base, weight), near.get(target, (0.0, 0.0)))
    for head, weight in list(heads.items()):
        for pointer in data.synset(head).pointers:
            if pointer >> g.BITS == g.OPPOSITE:
                _put(opposite, pointer & g.TARGET, weight)
    words = _pointed(number, senses)
    derived = {name: weight for name, (kind, weight) in words.items() if kind == "derived"}
    return Profile(senses, wider, wider2, heads, opposite, near, words, derived)


def _pointed(number: int, senses: Mapping[int, float]) -> dict[str, tuple[str, float]]:
    """{word: (kind, weight of the sense)} by lexical pointers; an antonym wins over a derivation."""
    found: dict[str, tuple[str, float]] = {}
    for kind, synset, other in sorted(graph().pointers(number)):
        name = "antonym" if kind == g.ANTONYM else "derived"
        before = found.get(graph().word(other), (name, 0.0))
        found[graph().word(other)] = (before[0], max(before[1], senses.get(synset, 0.0)))
    return found


def _meet(first: Mapping[int, float], second: Mapping[int, float], among: Sequence[int]) -> float:
    """The weight of the best key in both, of those to look at: both senses count."""
    best = 0.0
    for key in among:
        if key in first and key in second:
            best = max(best, first[key] * second[key])
    return sqrt(best)


def _graph_relations(
    word: str, first: Profile, other: str, second: Profile, shared: Sequence[int]
) -> Iterator[tuple[str, float]]:
    """Kinds and weights; `shared` are the synsets around both words."""
    if shared and (common := _meet(first.senses, second.senses, shared)):
        yield "synonym", SYNONYM * common
    for pointed in (first.words.get(other), second.words.get(word)):
        if pointed:
            kind, weight = pointed
            yield kind, (ANTONYM if kind == "antonym" else DERIVED) * (0.5 + 0.5 * weight)
    if not shared:
        return
    if common := max(
        _meet(first.opposite, second.heads, shared), _meet(first.heads, second.opposite, shared)
    ):
        yield "antonym", NEAR_ANTONYM * common
    for kind, below, above in (("hypernym", first, second), ("hyponym", second, first)):
        if common := _meet(below.wider, above.senses, shared):
            yield kind, HYPERNYM * common
        if common := _meet(below.wider2, above.senses, shared):
            yield kind, SECOND_HYPERNYM * common
    if common := max(_meet(first.heads, second.senses, shared), _meet(first.senses, second.heads, shared)):
        yield "similar", SIMILAR * common
    if common := _meet(first.heads, second.heads, shared):
        yield "similar", CLUSTER * common
    for source, target in ((first, second), (second, first)):
        for synset in shared:
            if synset in source.near and synset in target.senses:
                base, weight = source.near[synset]
                yield "similar", base * sqrt(weight * target.senses[synset])
    for parent in shared:  # two kinds of one thing: the fewer kinds it has, the closer they are
        if parent in first.wider and parent in second.wider:
            closeness = min(1.0, CLOSE_SISTERS / max(graph().synset(parent).children, 1))
            yield "sister", SISTER * closeness * sqrt(first.wider[parent] * second.wider[parent])


def _through_derived(
    first: Profile, second: Profile, new: str, old: str, shared: Set[str | int], meet: Sequence[int]
) -> float:
    """How close two words are that are derived from one ("negotiator", "negotiation"), or of which one is
    derived from the other's synonym; 0.0 when they are neither. `new` and `old` are the two as they are
    listed, `meet` the synsets of what both share."""
    derived, derived2 = first.derived, second.derived
    best = max([derived[name] * derived2[name] for name in derived.keys() & derived2.keys()], default=0.0)
    for names, target, goal in ((derived, second, old), (derived2, first, new)):
        senses = [key for key in meet if key in target.senses]
        listed_here = goal in shared
        for name, weight in names.items() if senses or listed_here else ():
            if listed_here and goal in listed("paraphrase", spelt(name)):
                best = max(best, weight)
            elif senses:
                common = _meet(_sense_weights(graph().find(name)), target.senses, senses)
                best = max(best, weight * common**2)
    return DERIVED_TWICE * sqrt(best)

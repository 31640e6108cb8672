"""Listed acts: what a statement says is done, by the sets of lexicon/predicate.toml."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import NamedTuple

from claimdiff.detect.actor import converse
from claimdiff.detect.clause import clauses
from claimdiff.detect.once import once
from claimdiff.lexicon import load
from claimdiff.lexicon.relations import related
from claimdiff.model import Facts, Pair, Tag, Token

_MOST = 60  # acts of a statement that are compared: a longer one is a list, and time is short
_LONGEST = 4  # words of an entry
_REACH = 2  # content words on each side of an act that tell what it is about


class Act(NamedTuple):
    """A listed act in a statement: its tokens, and its places as (set, step)."""

    first: int
    last: int
    places: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries of up to four words, as `entry` spells them; for each word that begins an entry, and each that
    follows it, how many words the longer ones may have, the most first; and what is listed as a single verb
    and as a single noun."""

    entries: Collection[str]
    sizes: Mapping[str, Mapping[str, tuple[int, ...]]]
    verbs: frozenset[str]
    nouns: frozenset[str]

    def starts(self, tokens: Sequence[Token]) -> list[int]:
        """The tokens at which an entry may begin."""
        sizes = self.sizes
        return [at for at, token in enumerate(tokens) if token.lemma in sizes]

    def longest(self, tokens: Sequence[Token], at: int) -> int:
        """How many tokens from a place on are the longest entry that begins there, or 0."""
        lemma = tokens[at].lemma
        rows = self.sizes.get(lemma)
        if rows and at + 1 < len(tokens):
            for size in rows.get(tokens[at + 1].lemma, ()):
                if entry(tokens, at, size) in self.entries:
                    return size
        tag = tokens[at].tag
        return int(lemma in self.verbs if tag is Tag.VERB else tag is Tag.NOUN and lemma in self.nouns)


def listing_of(entries: Collection[str]) -> Listing:
    found: dict[str, dict[str, set[int]]] = {}
    verbs: set[str] = set()
    nouns: set[str] = set()
    for text in entries:
        first, *others = text.removeprefix("n:").split(" ")
        seconds = found.setdefault(first, {})
        if not others:
            (nouns if text.startswith("n:") else verbs).add(first)
        elif len(others) < _LONGEST:
            seconds.setdefault(others[0], set()).add(1 + len(others))
    sizes = {
        first: {second: tuple(sorted(lengths, reverse=True)) for second, lengths in seconds.items()}
        for first, seconds in found.items()
    }
    return Listing(entries, sizes, frozenset(verbs), frozenset(nouns))


@cache
def _sets() -> Mapping[str, frozenset[tuple[int, int]]]:
    """{entry: places}: entries on one step of a set say the same."""
    found: dict[str, set[tuple[int, int]]] = {}
    for number, steps in enumerate(load("predicate")["contrast"]):
        for step, entries in enumerate(steps):
            for word in entries:
                found.setdefault(word, set()).add((number, step))
    return {word: frozenset(places) for word, places in found.items()}


@cache
def _listing() -> Listing:
    return listing_of(_sets())


@cache
def _groups() -> Mapping[str, frozenset[tuple[int, int]]]:
    """{verb: groups of verbs that may stand for it}; a step of a contrast is such a group too."""
    found = {word: set(places) for word, places in _sets().items()}
    for number, entries in enumerate(load("predicate")["alike"]):
        for word in entries:
            found.setdefault(word, set()).add((-1, number))
    return {word: frozenset(places) for word, places in found.items()}


def groups_of(verb: str) -> frozenset[tuple[int, int]]:
    """The groups of verbs that may stand for a verb."""
    return _groups().get(verb, frozenset())


@once
def homes(pair: Pair) -> Mapping[int, Mapping[int, int]]:
    """{source statement: {derivative token: the token that it stands for}}."""
    found: dict[int, dict[int, int]] = {}
    for match in pair.matches:
        found.setdefault(match.statement, {})[match.derivative] = match.source
    return found


@once
def acts(facts: Facts) -> tuple[Act, ...]:
    """The acts of a statement, the longest entry first, as many as are compared. A single word is a verb,
    or a noun as "n:word"."""
    tokens = facts.tokens
    listing = _listing()
    out: list[Act] = []
    for at in listing.starts(tokens):
        if out and at <= out[-1].last:
            continue
        size = listing.longest(tokens, at)
        if size:
            out.append(Act(at, at + size - 1, _sets()[entry(tokens, at, size)]))
    return tuple(out[:_MOST])


def entry(tokens: Sequence[Token], at: int, size: int) -> str:
    """How some tokens would be listed; "" past the end, and for a single word that is neither a verb
    nor a noun."""
    if size == 1:
        tag = tokens[at].tag
        return tokens[at].lemma if tag is Tag.VERB else f"n:{tokens[at].lemma}" if tag is Tag.NOUN else ""
    if at + size > len(tokens):
        return ""
    return " ".join([token.lemma for token in tokens[at : at + size]])


def alike(pair: Pair, new: Act, statement: int, old: Act) -> bool:
    """Whether one of two single words may stand for the other after all."""
    if new.first != new.last or old.first != old.last:
        return False
    first, second = pair.derivative.tokens[new.first], pair.sources[statement].tokens[old.first]
    if converse(first.lemma, second.lemma):
        return True
    relation = related(first.lemma, second.lemma)
    if relation is not None and relation.kind in {"same", "synonym"}:
        return True
    groups = {place for place in _groups().get(first.lemma, ()) if place[0] < 0}
    return not groups.isdisjoint(_groups().get(second.lemma, ()))


def meanings(facts: Facts, verb: int) -> tuple[frozenset[tuple[int, int]], bool]:
    """The groups of a verb, with its particle where the two are listed, and whether it is known."""
    groups = _groups()
    word = facts.tokens[verb].lemma
    own = groups.get(word, frozenset())
    for size in (3, 2):
        phrase = groups.get(entry(facts.tokens, verb, size))
        if phrase is not None:
            return own | phrase, True
    particle = verb + 1 < len(facts.tokens) and facts.tokens[verb + 1].tag is Tag.PARTICLE
    return own, bool(own) and not particle


def ends(facts: Facts, act: Act) -> dict[str, int]:
    """The logical subject and object of an act that is a verb."""
    out = {}
    for clause in clauses(facts):
        if act.first <= clause.verb <= act.last:
            places = {"subject": clause.subject, "object": clause.object}
            out.update({name: index for name, index in places.items() if index is not None})
    return out


def beside(facts: Facts, act: Act) -> set[int]:
    """The content words next to an act, and its subject and object."""
    before = (i for i in range(act.first - 1, -1, -1) if facts.tokens[i].content)
    after = (i for i in range(act.last + 1, len(facts.tokens)) if facts.tokens[i].content)
    return {*islice(before, _REACH), *islice(after, _REACH), *ends(facts, act).values()}

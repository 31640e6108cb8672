"""Opposites: a word told as its contrary, a refusal told as consent, a denial that went or came."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from claimdiff.detect.actor import DERIVATIVE, Cast, converse
from claimdiff.detect.clause import clauses
from claimdiff.detect.cueview import Side, View, contraries, opposite, slot
from claimdiff.detect.polarity import odd
from claimdiff.detect.seen import lemmas, norms
from claimdiff.lexicon import words
from claimdiff.lexicon.relations import related
from claimdiff.model import CueKind, Span, Tag, Token

MIN_SLOT = 2  # neighbours that match, for two opposites to stand in one slot
SAME = 0.6  # a relation from here on makes one word stand for another

DEGREE = frozenset({"less", "least"})


class Clash(NamedTuple):
    """Two places that contradict each other, with a belief that they do."""

    rule: str
    strength: float
    new: Span
    statement: int
    old: Span


def antonyms(pairs: View) -> Iterator[Clash]:
    """Words in one slot of which one is the opposite of the other."""
    said = frozenset[str]().union(*[lemmas(old.facts) for old in pairs.old])
    spelt = frozenset[str]().union(*[norms(old.facts) for old in pairs.old])
    tokens, content = pairs.new.facts.tokens, pairs.new.content
    for index in [i for i, token in enumerate(tokens) if content[i] and token.lemma not in said]:
        if any(m.relation != "antonym" for m in pairs.forth.get(index, ())):
            continue
        turned, formed = contraries(tokens[index].lemma, tokens[index].norm)
        if not (turned.isdisjoint(said) and turned.isdisjoint(spelt) and formed.isdisjoint(spelt)):
            yield from _turned_to(pairs, index)


def _turned_to(pairs: View, index: int) -> Iterator[Clash]:
    """The opposites of a word that stand in its slot."""
    token, new_words = pairs.new.facts.tokens[index], lemmas(pairs.new.facts)
    for (statement, clause), count in sorted(pairs.support(pairs.new.clause[index]).items()):
        old = pairs.old[statement]
        for other in old.inside(clause):
            word = old.facts.tokens[other]
            if not opposite(token, word) or word.lemma in new_words or not _same_sort(token, word):
                continue
            if any(m.relation != "antonym" for m in pairs.back.get((statement, other), ())):
                continue
            if slot(pairs, index, statement, other) < MIN_SLOT or _turned(pairs, index, statement, other):
                continue
            if converse(token.lemma, word.lemma) and _other_subject(pairs, index, statement, other):
                continue
            strength = 0.35 if _said_otherwise(pairs, token, statement, word) else 0.7 if count > 2 else 0.5
            yield Clash("negation-antonym", strength, token.span, statement, word.span)


def _other_subject(pairs: View, index: int, statement: int, other: int) -> bool:
    """Whether two verbs have nouns for subjects that do not stand for one another: "Ana won", "Ben lost"."""
    here = _subject(pairs.new, index)
    there = _subject(pairs.old[statement], other)
    if here is None or there is None:
        return False
    return Cast(pairs.pair).who(DERIVATIVE, here).isdisjoint(Cast(pairs.pair).who(statement, there))


def _subject(side: Side, verb: int) -> int | None:
    """The noun or name that is the subject of a verb."""
    subject = next((c.subject for c in clauses(side.facts) if c.verb == verb and not c.passive), None)
    if subject is None or side.facts.tokens[subject].tag not in (Tag.NOUN, Tag.NAME):
        return None
    return subject


def _same_sort(token: Token, word: Token) -> bool:
    """Whether two words can fill one slot: "slow" the verb and "speed" the noun cannot."""
    return {token.tag, word.tag} != {Tag.VERB, Tag.NOUN} or token.norm[-2:] == word.norm[-2:]


def _turned(pairs: View, index: int, statement: int, other: int) -> bool:
    """Whether a negation or "less" beside one of two opposites makes up for the other."""
    new, old = pairs.new, pairs.old[statement]
    flips = odd(new, index) != odd(old, other)
    flips ^= _lessened(new, index) != _lessened(old, other)
    flips ^= _unless(new, index) != _unless(old, other)
    return flips


def _lessened(side: Side, index: int) -> bool:
    return index > 0 and side.facts.tokens[index - 1].norm in DEGREE


def _unless(side: Side, index: int) -> bool:
    tokens = side.facts.tokens
    counted = {
        i
        for cue, first, end in side.of(CueKind.NEGATION)
        if cue.scope.covers(tokens[index].span)
        for i in range(first, end)
    }
    return any(
        tokens[i].norm in ("unless", "without", "nobody", "none", "neither")
        for i in range(index)
        if side.clause[i] == side.clause[index] and i not in counted
    )


def _said_otherwise(pairs: View, token: Token, statement: int, word: Token) -> bool:
    """Whether either side says elsewhere what the other side's word says: the two stand for other things."""
    here = (t for i, t in enumerate(pairs.new.facts.tokens) if pairs.new.content[i] and t is not token)
    old = pairs.old[statement]
    there = (t for i, t in enumerate(old.facts.tokens) if old.content[i] and t is not word)
    return any(_like(other.lemma, word.lemma) for other in here) or any(
        _like(token.lemma, other.lemma) for other in there
    )


@cache
def _like(one: str, other: str) -> bool:
    relation = related(one, other)
    return relation is not None and relation.kind == "synonym" and relation.weight >= SAME


def stances(pairs: View) -> Iterator[Clash]:
    """A verb of consent where the source has one of refusal, about the same things, or the reverse."""
    for statement, old in enumerate(pairs.old):
        for here, there in _facing(pairs.new, old):
            (first, end), (start, stop) = here, there
            if any(i in pairs.forth and _not_opposed(pairs, i) for i in range(first, end)):
                continue
            if any((statement, i) in pairs.back and _kept(pairs, statement, i) for i in range(start, stop)):
                continue
            shared = _shared(pairs, statement, here, there)
            if shared < MIN_SLOT or _denials(pairs.new, first, end) or _denials(old, start, stop):
                continue
            strength = 0.6 if shared > MIN_SLOT else 0.5
            yield Clash(
                "negation-stance",
                strength,
                pairs.new.span(first, end - 1),
                statement,
                old.span(start, stop - 1),
            )


def _not_opposed(pairs: View, index: int) -> bool:
    return any(m.relation != "antonym" for m in pairs.forth[index])


def _kept(pairs: View, statement: int, index: int) -> bool:
    return any(m.relation != "antonym" for m in pairs.back[statement, index])


def _facing(new: Side, old: Side) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The places of consent on one side and of refusal on the other."""
    given, granted = _consents(new), _consents(old)
    out = [(here, there) for here in given for there in _refusals(old)] if given else []
    return out + [(here, there) for here in _refusals(new) for there in granted] if granted else out


def _consents(side: Side) -> list[tuple[int, int]]:
    verbs = words("antonym", "consent")
    if verbs.isdisjoint(lemmas(side.facts)):
        return []
    tokens = side.facts.tokens
    return [(i, i + 1) for i, token in enumerate(tokens) if token.tag is Tag.VERB and token.lemma in verbs]


def _refusals(side: Side) -> list[tuple[int, int]]:
    verbs = words("antonym", "refusal")
    found = [
        (first, end)
        for cue, first, end in side.of(CueKind.NEGATION)
        if cue.scale == "implicit" and cue.lemma in verbs
    ]
    if verbs.isdisjoint(lemmas(side.facts)):
        return found
    return found + [
        (i, i + 1)
        for i, token in enumerate(side.facts.tokens)
        if token.tag is Tag.VERB
        and token.lemma in verbs
        and not any(i in range(a, b) for _, a, b in side.cues)
    ]


def _shared(pairs: View, statement: int, here: tuple[int, int], there: tuple[int, int]) -> int:
    """How many words before and after one verb stand before and after the other, in its clause."""
    new, old = pairs.new, pairs.old[statement]
    count = 0
    for index, clause in enumerate(new.clause):
        if clause != new.clause[here[0]] or not new.content[index] or here[0] <= index < here[1]:
            continue
        for match in pairs.forth.get(index, ()):
            if match.statement != statement or old.clause[match.source] != old.clause[there[0]]:
                continue
            count += (index < here[0]) == (match.source < there[0])
    return count


def _denials(side: Side, first: int, end: int) -> bool:
    """Whether a clause holds another word that denies, so that its polarity cannot be told."""
    clause = side.clause[first]
    return any(
        side.clause[start] == clause and not (start < end and first < stop)
        for cue, start, stop in side.of(CueKind.NEGATION)
        if cue.scale != "contrast"
    )

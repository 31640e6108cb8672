"""Opposites: a word told as its contrary, a refusal told as consent, a denial that went or came."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from claimdiff.detect.cueview import Side, View, is_auxiliary, opposite, slot
from claimdiff.detect.outlook import asserted
from claimdiff.detect.polarity import firm, limits, negative, nested, odd, ranks, unlike
from claimdiff.lexicon import words
from claimdiff.lexicon.relations import related
from claimdiff.model import Cue, CueKind, Span, Tag, Token

MIN_SLOT = 2  # neighbours that match, for two opposites to stand in one slot
REFUSING = 0.8  # the rung of the verbs that deny by their sense
NEAR = 10  # content words on each side of a denial in which its matter is looked for
SAME = 0.6  # a relation from here on makes one word stand for another

# Who does not comment denies nothing.
_SILENCE = frozenset(
    {
        "answer", "available", "clear", "comment", "disclose", "elaborate", "give", "identify", "immediately",
        "know", "mention", "name", "reach", "reply", "respond", "response", "return", "reveal", "say",
        "specify", "tell",
    }
)  # fmt: skip
_DEGREE = frozenset({"less", "least"})


class Clash(NamedTuple):
    """Two places that contradict each other, with a belief that they do."""

    rule: str
    strength: float
    new: Span
    statement: int
    old: Span


def antonyms(pairs: View) -> Iterator[Clash]:
    """Words in one slot of which one is the opposite of the other."""
    old_words = {t.lemma for side in pairs.old for t in side.facts.tokens}
    new_words = {t.lemma for t in pairs.new.facts.tokens}
    for index, token in enumerate(pairs.new.facts.tokens):
        if not pairs.new.content[index] or token.lemma in old_words:
            continue
        if any(m.relation != "antonym" for m in pairs.forth.get(index, ())):
            continue
        for (statement, clause), count in sorted(pairs.support(pairs.new.clause[index]).items()):
            old = pairs.old[statement]
            for other in old.inside(clause):
                word = old.facts.tokens[other]
                free = all(m.relation == "antonym" for m in pairs.back.get((statement, other), ()))
                if (
                    not free
                    or word.lemma in new_words
                    or not opposite(token, word)
                    or not _same_sort(token, word)
                ):
                    continue
                if slot(pairs, index, statement, other) < MIN_SLOT or _turned(pairs, index, statement, other):
                    continue
                strength = (
                    0.35 if _said_otherwise(pairs, token, statement, word) else 0.7 if count > 2 else 0.5
                )
                yield Clash("negation-antonym", strength, token.span, statement, word.span)


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
    return index > 0 and side.facts.tokens[index - 1].norm in _DEGREE


def _unless(side: Side, index: int) -> bool:
    tokens = side.facts.tokens
    return any(
        tokens[i].norm in ("unless", "without", "nobody", "none", "neither")
        for i in range(index)
        if side.clause[i] == side.clause[index]
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
    out = [(here, there) for here in _consents(new) for there in _refusals(old)]
    return out + [(here, there) for here in _refusals(new) for there in _consents(old)]


def _consents(side: Side) -> list[tuple[int, int]]:
    verbs = words("antonym", "consent")
    tokens = side.facts.tokens
    return [(i, i + 1) for i, token in enumerate(tokens) if token.tag is Tag.VERB and token.lemma in verbs]


def _refusals(side: Side) -> list[tuple[int, int]]:
    verbs = words("antonym", "refusal")
    return [
        (first, end)
        for cue, first, end in side.of(CueKind.NEGATION)
        if cue.scale == "implicit" and cue.lemma in verbs
    ] + [
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


def lost(pairs: View) -> Iterator[Clash]:
    """A denial of the source around words that the derivative states without any."""
    if _negative(pairs.new, None):
        return
    for statement, old in enumerate(pairs.old):
        for cue, first, end in old.of(CueKind.NEGATION):
            if _idle(old, cue, first, end):
                continue
            clause, strength, at = _loosely(pairs, statement, cue, first, end)
            if strength and asserted(pairs.new, clause):
                yield Clash(
                    "negation-lost", strength, _told(pairs.new, clause, at), statement, _cue(old, cue, end)
                )


def _idle(side: Side, cue: Cue, first: int, end: int) -> bool:
    """Whether a negation tells too little of what stands around it."""
    if not firm(cue) or limits(side, end) or nested(side, cue) or _of_a_part(side, cue, first):
        return True
    if {"before", "until", "till"} & {token.norm for token in side.facts.tokens[end : end + 6]}:
        return True
    return any(side.facts.tokens[i].lemma in _SILENCE for i in side.heads(cue, end, 1))


def _of_a_part(side: Side, cue: Cue, first: int) -> bool:
    """Whether "not" denies a part and no predicate: "though not the largest"."""
    return cue.lemma == "not" and not any(
        is_auxiliary(t) for t in side.facts.tokens[max(0, first - 3) : first]
    )


def _cue(side: Side, cue: Cue, end: int) -> Span:
    return cue.span if end >= len(side.clause) else cue.span.join(side.facts.tokens[end].span)


def _told(side: Side, clause: int, at: int) -> Span:
    """The verb of a clause nearest to a word, with that word."""
    tokens = side.facts.tokens
    verbs = [
        i for i, c in enumerate(side.clause) if c == clause and tokens[i].tag in (Tag.VERB, Tag.AUXILIARY)
    ]
    near = min(verbs, key=lambda i: abs(i - at), default=at)
    return side.span(min(near, at), max(near, at))


def _loosely(pairs: View, statement: int, cue: Cue, first: int, end: int) -> tuple[int, float, int]:
    """The derivative's clause for what a cue denies, with a belief in its being the same matter."""
    old = pairs.old[statement]
    place = old.clause[first]
    governed = [i for i in range(end, len(old.clause)) if old.content[i] and old.clause[i] == place][:NEAR]
    subject = [i for i in range(first) if old.content[i] and old.clause[i] == place][-NEAR:]
    hits = [m for i in governed for m in pairs.back.get((statement, i), ()) if m.relation != "antonym"]
    beside = [m for i in subject for m in pairs.back.get((statement, i), ()) if m.relation != "antonym"]
    if not (hits or (beside and not governed)) or len(hits) + len(beside) < MIN_SLOT:
        return 0, 0.0, 0
    if any(_contrary(pairs, statement, i) for i in governed):
        return 0, 0.0, 0
    clauses = [pairs.new.clause[m.derivative] for m in hits or beside]
    clause = max(sorted(set(clauses)), key=clauses.count)
    counts = pairs.support(clause)
    if counts.get((statement, place), 0) < max(counts.values()):
        return 0, 0.0, 0
    share = (len(hits) + len(beside)) / max(1, len(governed) + len(subject))
    told = counts.get((statement, place), 0) / max(1, len(pairs.new.inside(clause)))
    return clause, round(min(0.45, 0.1 + 0.25 * share + 0.25 * told), 2), (hits or beside)[0].derivative


def _contrary(pairs: View, statement: int, index: int) -> bool:
    """Whether the derivative has the opposite of a denied word, which says the same."""
    word = pairs.old[statement].facts.tokens[index]
    return any(
        pairs.new.content[i] and opposite(token, word) for i, token in enumerate(pairs.new.facts.tokens)
    )


def gained(pairs: View) -> Iterator[Clash]:
    """A denial of the derivative around words that the source states without any."""
    for cue, first, end in pairs.new.of(CueKind.NEGATION):
        if _idle(pairs.new, cue, first, end):
            continue
        if any(ranks(old) for old in pairs.old) and cue.lemma.startswith("no"):
            continue
        clause = pairs.new.clause[first]
        counts = pairs.support(clause)
        if not counts:
            continue
        (statement, place), count = max(sorted(counts.items()), key=lambda item: item[1])
        if count < MIN_SLOT or any(_negative(old, None) for old in pairs.old):
            continue
        told = count / max(1, len(pairs.new.inside(clause)))
        old = pairs.old[statement]
        governed = [i for i in range(end, len(pairs.new.clause)) if pairs.new.clause[i] == clause]
        if any(
            opposite(pairs.new.facts.tokens[i], t) for i in governed for t in old.facts.tokens if t.content
        ):
            continue
        match = next(
            m
            for i in pairs.new.inside(clause)
            for m in pairs.forth.get(i, ())
            if m.statement == statement and old.clause[m.source] == place
        )
        strength = round(min(0.35, 0.1 + 0.3 * told), 2)
        yield Clash(
            "negation-gained",
            strength,
            _cue(pairs.new, cue, end),
            statement,
            old.facts.tokens[match.source].span,
        )


def _negative(side: Side, clause: int | None) -> bool:
    """Whether anything in a clause, or the statement, may deny."""
    tokens = side.facts.tokens
    places = [i for i, c in enumerate(side.clause) if clause is None or c == clause]
    if any(start in places for cue, start, _ in side.of(CueKind.NEGATION)):
        return True
    return any(negative(tokens[i]) or unlike(tokens[i]) or tokens[i].norm in _DEGREE for i in places)

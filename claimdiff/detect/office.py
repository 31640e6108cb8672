"""Offices and plain nouns of the entity detector: a minister for another, a hip for a knee."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff.detect.naming import anchors_of, slots, stems_of
from claimdiff.detect.once import once
from claimdiff.detect.seen import edges, stems
from claimdiff.lexicon import load, words
from claimdiff.lexicon.relations import lemmas, parts_of_speech, related
from claimdiff.model import Facts, Kind, Match, Pair, Rule, Severity, Signal, Span, Tag, Token, Type

RULES = (
    Rule(
        "entity-title", Kind.DISTORTION, Type.ENTITY, Severity.MAJOR,
        "An office or rank stands where the source has another one.",
        "A deputy does not bind the minister, and two ministries are not one.",
        ("The deputy finance minister signed the accord.", "The foreign minister signed the accord."),
        ("The chief executive signed the accord.", "The CEO signed the accord."),
    ),
    Rule(
        "entity-noun", Kind.DISTORTION, Type.ENTITY, Severity.MAJOR,
        "A noun stands where the source has one that excludes it.",
        "The sentence reads the same and tells of another thing.",
        ("The clinic replaced 40 knees last year.", "The clinic replaced 40 hips last year."),
        ("The clinic treated 40 physicians.", "The clinic treated 40 doctors."),
    ),
)  # fmt: skip


_DISTANT = frozenset(("sister", "antonym", "hypernym", "hyponym", "similar"))
_NOUN_OR_ADJECTIVE = frozenset((Tag.NOUN, Tag.ADJECTIVE))


class Noun(NamedTuple):
    """A noun, or an adjective before one; `distant` for one that has a match by a weak relation."""

    at: int
    token: Token
    distant: bool


def detect(pair: Pair) -> Iterator[Signal]:
    """Offices, then nouns that are not part of a name, a quantity or an office already told."""
    taken: set[int] = set()
    for signal, indices in _offices(pair):
        taken.update(indices)
        yield signal
    yield from _nouns(pair, taken)


# --- offices -----------------------------------------------------------------------------------------


class Office(NamedTuple):
    """A role with what narrows it, "deputy finance minister"; the head is its last word."""

    first: int
    last: int
    parts: tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def _head(word: str) -> str:
    """A word for a holder of an office, in the singular; "" for any other word."""
    return next((base for base in (word, *sorted(lemmas(word))) if base in _role_heads()), "")


@cache
def _role_heads() -> frozenset[str]:
    every = words("title", "before") | words("title", "roles")
    return frozenset(entry.split()[-1] for entry in every) | words("title", "roles")


@cache
def _modifiers() -> frozenset[str]:
    """Words that make one office of a head and another one of the same head."""
    before = {word for entry in words("title", "before") for word in entry.split()[:-1]}
    return frozenset(before) | words("title", "ranks")


@cache
def _equals() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in load("title")["equals"]:
        for entry in group:
            found.setdefault(entry, set()).update(group)
    return {entry: frozenset(group) for entry, group in found.items()}


def _found(facts: Facts) -> list[Office]:
    out: list[Office] = []
    tokens = facts.tokens
    heads = [_head(token.norm) for token in tokens]
    for at, head in enumerate(heads):
        if not head or (out and at < out[-1].last) or not tokens[at].norm.isalpha():
            continue
        if at + 1 < len(tokens) and tokens[at + 1].norm == "'s":
            continue  # "the sheriff's deputy" is another
        first = at
        while first > 0 and tokens[first - 1].norm in _modifiers() and at - first < 3:
            first -= 1
        end = at
        while end + 1 < len(tokens) and heads[end + 1]:
            end += 1
        own = (*(token.norm for token in tokens[first:end]), heads[end])
        out.append(Office(first, end + 1, own))
    return out


def _offices(pair: Pair) -> Iterator[tuple[Signal, range]]:
    sources = pair.context.sources or pair.sources
    mine = _found(pair.derivative)
    olds = [(k, office) for k, facts in enumerate(pair.sources) for office in _found(facts)] if mine else []
    if not olds:
        return
    every = _every(sources)
    for new in mine:
        if any(_stands_for(new.parts, old) for old in every):
            continue
        for k, old in olds:
            kept = any(
                _stands_for(old.parts, other.parts) and _stands_for(other.parts, old.parts) for other in mine
            )
            if _clash(new.parts, old.parts) and not kept:
                here, there = (new.first, new.last), (old.first, old.last)
                yield _signal(pair, "entity-title", 0.65, here, k, there), range(*here)
                break


@once
def _every(sources: tuple[Facts, ...]) -> frozenset[tuple[str, ...]]:
    """All offices that the sources name."""
    return frozenset(office.parts for facts in sources for office in _found(facts))


def _stands_for(new: tuple[str, ...], old: tuple[str, ...]) -> bool:
    """May the first office's words be used for the second's holder?"""
    if new == old or " ".join(old) in _equals().get(" ".join(new), ()):
        return True
    if new[-1] != old[-1] and old[-1] not in _equals().get(new[-1], ()):
        return False
    first, second = set(new[:-1]), set(old[:-1])
    return first - words("title", "ranks") <= second and first & _ranks() == second & _ranks()


@cache
def _ranks() -> frozenset[str]:
    """Ranks below the bare office; "former" and "acting" are about time, not about rank."""
    return words("title", "ranks") - {"acting", "ex", "former", "incoming", "interim", "outgoing", "senior"}


def _clash(new: tuple[str, ...], old: tuple[str, ...]) -> bool:
    """Two offices of one head that differ in what narrows them, with at least one narrowed."""
    if new[-1] != old[-1]:
        return False
    first, second = set(new[:-1]), set(old[:-1])
    if first & _ranks() != second & _ranks():
        return True
    return bool(first - second) and bool(second - first)


# --- plain nouns -------------------------------------------------------------------------------------


@cache
def _classes() -> Mapping[str, frozenset[tuple[int, int]]]:
    """{noun: its (class, entry) pairs}; the firm classes have negative numbers."""
    found: dict[str, set[tuple[int, int]]] = {}
    data = load("contrast")
    for number, group in enumerate([*data["firm"], *data["loose"]], start=-len(data["firm"])):
        for entry, alike in enumerate(group):
            for word in alike.split():
                found.setdefault(word, set()).add((number, entry))
    return {word: frozenset(pairs) for word, pairs in found.items()}


@lru_cache(maxsize=1 << 14)
def _spots(norm: str, lemma: str) -> frozenset[tuple[int, int]]:
    bases = sorted({norm, lemma, *lemmas(norm)})
    return frozenset().union(*(_classes().get(base, frozenset()) for base in bases))


def _excludes(new: Token, old: Token) -> str:
    """ "firm" or "loose" for two nouns of one class, of different entries and nowhere in one entry."""
    first, second = _spots(new.norm, new.lemma), _spots(old.norm, old.lemma)
    classes = {number for number, _ in first} & {number for number, _ in second}
    if not classes or first & second:
        return ""
    return "firm" if min(classes) < 0 else "loose"


@cache
def _ordinary() -> frozenset[str]:
    return words("capital", "function") | words("capital", "calendar")


def _nouns_of(facts: Facts, matched: set[int], distant: set[int], skip: set[int]) -> list[Noun]:
    ordinary = _ordinary()
    found = [
        i for i, token in enumerate(facts.tokens)
        if token.tag in _NOUN_OR_ADJECTIVE and i not in matched and i not in skip
        and len(token.norm) > 2 and token.norm.isalpha() and token.norm not in ordinary
    ]  # fmt: skip
    if not found:
        return []
    spans = [name.span for name in facts.names if not name.pronoun] + [q.span for q in facts.quantities]
    spans += [moment.span for moment in facts.moments]
    told = {i for span in spans for i in edges(facts).touched(span)}
    return [Noun(i, facts.tokens[i], i in distant) for i in found if i not in told]


def _nouns(pair: Pair, taken: set[int]) -> Iterator[Signal]:
    close = [m for m in pair.matches if m.relation not in _DISTANT]
    far = [m for m in pair.matches if m.relation in _DISTANT]
    mine = _nouns_of(pair.derivative, {m.derivative for m in close}, {m.derivative for m in far}, taken)
    if not mine:
        return
    there = [stems(facts) for facts in pair.sources]
    news = [noun for noun in mine if not any(noun.token.stem in own for own in there)]
    if not news:
        return
    here = stems(pair.derivative)
    olds: list[tuple[int, Noun]] = []
    for k, facts in enumerate(pair.sources):
        used = {m.source for m in close if m.statement == k}
        weak = {m.source for m in far if m.statement == k}
        olds += [(k, n) for n in _nouns_of(facts, used, weak, set())]
    anchors = anchors_of(pair)
    everywhere = stems_of(pair.context.sources or pair.sources)
    for new in news if olds else ():
        told = new.token.stem in everywhere
        best = _best(pair, anchors, new, [(k, o, told or o.token.stem in here) for k, o in olds])
        if best is not None:
            k, old, strength = best
            yield _signal(pair, "entity-noun", strength, (new.at, new.at + 1), k, (old.at, old.at + 1))


def _best(
    pair: Pair, anchors: Mapping[int, Match], new: Noun, olds: list[tuple[int, Noun, bool]]
) -> tuple[int, Noun, float] | None:
    """The source's noun whose place this one has taken, with how sure that is. The flag of a noun says
    that it stands in the derivative too, or the new one elsewhere in the sources."""
    places = list(slots(pair, anchors, new.at, new.at + 1))
    listed = bool(_spots(new.token.norm, new.token.lemma))
    if not listed and not any(slot.sides == 2 for slot in places):
        return None
    graded = []
    for k, old, doubtful in olds:
        inside = [s for s in places if s.statement == k and s.low <= old.at < s.high]
        sides = max((slot.sides for slot in inside), default=0)
        if sides < 2 and not listed:
            continue  # neither in its place nor of any class
        strength = _strength(new, old, sides)
        if doubtful:  # one of the words has another place in the texts: only its own slot counts
            strength = 0.65 if sides == 2 and strength > 0.5 else 0.0
        if strength:
            graded.append((strength, -k, -old.at, k, old))
    if not graded:
        return None
    strength, _, _, k, old = max(graded, key=lambda entry: entry[:3])
    return k, old, strength


def _strength(new: Noun, old: Noun, sides: int) -> float:
    listed = _excludes(new.token, old.token)
    if listed:
        return (0.6 if listed == "firm" else 0.4, 0.75, 0.85)[sides]
    first, second = new.token.lemma, old.token.lemma
    if sides < 2 or new.distant or old.distant or not _nominal(first) or not _nominal(second):
        return 0.0
    relation = related(first, second)
    return 0.4 if relation is None else 0.3 if relation.kind in ("sister", "antonym") else 0.0


def _nominal(word: str) -> bool:
    return parts_of_speech(word)[:1] in ("n", "")


def _signal(
    pair: Pair, rule: str, strength: float, new: tuple[int, int], statement: int, old: tuple[int, int]
) -> Signal:
    here, there = pair.derivative, pair.sources[statement]
    span, old_span = _span(here, new), _span(there, old)
    after, before = span.of(here.statement.text), old_span.of(there.statement.text)
    message = f"“{before}” in the source, “{after}” here."
    source = (statement, old_span)
    return Signal(rule, (Type.ENTITY,), Severity.MAJOR, strength, message, span, source, before, after)


def _span(facts: Facts, indices: tuple[int, int]) -> Span:
    return facts.tokens[indices[0]].span.join(facts.tokens[indices[1] - 1].span)

"""Who, what or where: a name, an office or a noun stands where the source has another one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from claimdiff.detect import office
from claimdiff.detect.naming import (
    Slot,
    abbreviated,
    alike,
    anchors_of,
    distinct,
    holds,
    parts,
    plain_words,
    said,
    same,
    slots,
    sort,
    token_range,
)
from claimdiff.detect.seen import edges
from claimdiff.lexicon import words
from claimdiff.lexicon.relations import parts_of_speech
from claimdiff.lexicon.spelling import plain
from claimdiff.model import Facts, Kind, Name, NameKind, Pair, Rule, Severity, Signal, Span, Tag, Type

RULES = (
    Rule(
        "entity-changed", Kind.DISTORTION, Type.ENTITY, Severity.MAJOR,
        "A name stands where the source has another one.",
        "The wrong person, place or body is in the news.",
        ("The ferry was sold to a Norwegian owner.", "The ferry was sold to a Canadian owner."),
        ("The ferry was sold to a Norwegian owner.", "The ferry went to an owner in Norway."),
    ),
    Rule(
        "entity-added", Kind.DISTORTION, Type.ENTITY, Severity.MAJOR,
        "A name that the source does not carry anywhere.",
        "Readers take it for reported, and nobody reported it.",
        ("The two sides will meet again in May.", "The two sides will meet again in Geneva in May."),
        ("Japan's government will meet the envoy.", "Tokyo will meet the envoy."),
    ),
    Rule(
        "entity-elsewhere", Kind.DISTORTION, Type.ENTITY, Severity.MINOR,
        "A name that the source carries only in other statements.",
        "It may be a fair merge, or the claim may have been given to the wrong one.",
        ("Osei opened the talks. Brandt closed them.", "Brandt opened the talks."),
        ("Osei opened the talks. She praised Brandt.", "Osei praised Brandt."),
    ),
    *office.RULES,
)  # fmt: skip


TITLE = 0.8  # share of capitals among its longer words from which on a statement is in title case
_ALL = frozenset(("all", "both", "many", "most", "other", "several"))


class _Old(NamedTuple):
    statement: int
    name: Name


class _Found(NamedTuple):
    old: _Old
    sides: int


def detect(pair: Pair) -> Iterator[Signal]:
    """Names first, then offices and plain nouns, which are looked for outside names."""
    for name in pair.derivative.names:
        if not name.pronoun and _comparable(pair, name):
            yield from _judged(pair, name)
    yield from office.detect(pair)


def _comparable(pair: Pair, name: Name) -> bool:
    """Plain words in disguise stay out, and the initials of words in the source."""
    text = name.span.of(pair.derivative.statement.text)
    if text.isupper() and abbreviated(pair, "".join([letter for letter in plain(text) if letter.isalpha()])):
        return False
    if any(moment.span.covers(name.span) for moment in pair.derivative.moments):
        return False  # "Q3" is a time
    return any(map(str.isalpha, text)) and plain(text) not in words("capital", "other")


def _judged(pair: Pair, name: Name) -> Iterator[Signal]:
    carried = {k for k, facts in enumerate(pair.sources) if _carried(pair, name, facts)}
    if carried:
        found = _counterpart(pair, name, strict=True)
        if found is not None:
            rule = "entity-changed" if found.old.statement in carried else "entity-elsewhere"
            exact = sort(name) == sort(found.old.name)
            yield _signal(pair, rule, name, found, 0.55 if exact else 0.3)
        elif (group := _group(pair, name)) is not None:
            yield _narrowed(pair, name, *group)
        return
    everywhere = said(pair)
    elsewhere = everywhere.has(name) or _worded(pair, name, everywhere.words)
    found = _counterpart(pair, name, strict=elsewhere)
    if elsewhere:
        yield _signal(pair, "entity-elsewhere", name, found, 0.55 if found is not None else 0.2)
    elif found is not None:
        yield _signal(pair, "entity-changed", name, found, _change_strength(name, found))
    else:
        yield _signal(pair, "entity-added", name, None, _added_strength(pair, name))


def _carried(pair: Pair, name: Name, facts: Facts) -> bool:
    """Does a source statement carry the name, or a part of what it names?"""
    if any(same(name, old) or holds(name, old) for old in distinct(facts)):
        return True
    return _worded(pair, name, plain_words(facts))


def _worded(pair: Pair, name: Name, there: frozenset[str]) -> bool:
    """Are the words of the name, as written, all among some words?"""
    first, last = token_range(pair.derivative, name.span)
    own = {plain(token.norm) for token in pair.derivative.tokens[first:last] if token.norm[0].isalnum()}
    own -= _empty()
    return bool(own) and own <= there


@cache
def _empty() -> frozenset[str]:
    """Words that tell no name from another."""
    return words("capital", "function") | words("organisation", "suffixes") | words("person", "particles")


def _counterpart(pair: Pair, name: Name, *, strict: bool) -> _Found | None:
    """The source's name whose place this one has taken; `strict` asks for the very place."""
    first, last = token_range(pair.derivative, name.span)
    places = list(slots(pair, anchors_of(pair), first, last))
    if strict and not places:
        return None
    olds = [
        _Old(k, old)
        for k, facts in enumerate(pair.sources)
        for old in facts.names
        if not old.pronoun and not same(name, old) and not holds(name, old) and not holds(old, name)
    ]
    unknown = name.kind is NameKind.UNKNOWN
    for slot in places:
        for old in olds:
            if old.statement != slot.statement:
                continue
            low, high = token_range(pair.sources[old.statement], old.name.span)
            if low < slot.low or slot.high < high:
                continue
            close = alike(name, old.name)
            fits = close or unknown or old.name.kind is NameKind.UNKNOWN
            if strict and _stands(pair, name, slot):
                continue  # the name itself stands there in the source: its neighbour went, and no more
            told = fits and (slot.sides == 2 or (not strict and close))
            if told and _dropped(pair, name, old.name):
                return _Found(old, slot.sides)
    if strict or unknown:
        return None
    loose = (old for old in olds if alike(name, old.name) and _dropped(pair, name, old.name))
    first_loose = next(loose, None)
    return _Found(first_loose, 0) if first_loose else None


def _stands(pair: Pair, name: Name, slot: Slot) -> bool:
    """Whether the name itself stands in a slot of the source."""
    facts = pair.sources[slot.statement]
    ranges = (token_range(facts, old.span) for old in facts.names if not old.pronoun and same(name, old))
    return any(slot.low <= low and high <= slot.high for low, high in ranges)


def _group(pair: Pair, name: Name) -> tuple[int, Span] | None:
    """The unnamed group ("all sides") in whose very place the name stands."""
    first, last = token_range(pair.derivative, name.span)
    for slot in slots(pair, anchors_of(pair), first, last):
        tokens = pair.sources[slot.statement].tokens[slot.low : slot.high]
        for all_of, noun in pairwise(tokens):
            if slot.sides == 2 and all_of.norm in _ALL and noun.tag is Tag.NOUN and noun.norm.endswith("s"):
                return slot.statement, all_of.span.join(noun.span)
    return None


def _narrowed(pair: Pair, name: Name, statement: int, there: Span) -> Signal:
    new = name.span.of(pair.derivative.statement.text)
    old = there.of(pair.sources[statement].statement.text)
    message = f"“{old}” in the source, only “{new}” here."
    source = (statement, there)
    return Signal(
        "entity-changed", (Type.ENTITY,), Severity.MAJOR, 0.55, message, name.span, source, old, new
    )


def _dropped(pair: Pair, name: Name, old: Name) -> bool:
    """Does the derivative say nothing of a source's name, apart from words that another name shares?"""
    if any(same(new, old) or holds(new, old) or holds(old, new) for new in distinct(pair.derivative)):
        return False
    return not (parts(old) - parts(name)) & plain_words(pair.derivative)


def _change_strength(name: Name, found: _Found) -> float:
    if found.sides == 2:
        return 0.9
    if found.sides == 1:
        return 0.8
    exact = sort(name) == sort(found.old.name)
    return 0.7 if exact else 0.5


def _added_strength(pair: Pair, name: Name) -> float:
    """How sure it is that a name without any counterpart was put in: a place may follow from one that
    no list knows, and a capital alone makes a poor name."""
    kind = sort(name)
    if _titled(pair, name):
        return 0.1
    if name.span.of(pair.derivative.statement.text).isupper():
        return 0.45  # an acronym may stand for words that the source spells in its own way
    if kind in ("country", "region", "part"):
        unlisted = any(sort(old) in ("place", "unknown", "organisation") for old in said(pair).names)
        return 0.3 if kind == "region" else 0.45 if unlisted else 0.5
    return {"person": 0.65, "organisation": 0.55, "city": 0.55, "place": 0.5}.get(kind, 0.35)


def _titled(pair: Pair, name: Name) -> bool:
    """Whether the capitals of a title-case headline make a name of ordinary words."""
    tokens = [t for t in pair.derivative.tokens if t.text[0].isalpha()]
    told = [t for t in tokens if len(t.text) > 3 or not t.text.islower()]
    raised = sum(t.text[0].isupper() for t in told)
    inside = [pair.derivative.tokens[i] for i in edges(pair.derivative).inside(name.span)]
    inside = [t for t in inside if t.text[0].isalpha()]
    ordinary = all(parts_of_speech(t.lemma) or parts_of_speech(t.norm) for t in inside)
    return ordinary and name.kind is NameKind.UNKNOWN and len(told) > 2 and raised >= TITLE * len(told)


def _signal(pair: Pair, rule: str, name: Name, found: _Found | None, strength: float) -> Signal:
    new = name.span.of(pair.derivative.statement.text)
    severity = Severity.MINOR if rule == "entity-elsewhere" and found is None else Severity.MAJOR
    if found is None:
        where = "in this part of the source" if rule == "entity-elsewhere" else "in the source"
        message = f"“{new}” is not named {where}."
        return Signal(rule, (Type.ENTITY,), severity, strength, message, name.span, None, "", new)
    old_span: Span = found.old.name.span
    old = old_span.of(pair.sources[found.old.statement].statement.text)
    message = f"“{old}” in the source, “{new}” here."
    source = (found.old.statement, old_span)
    return Signal(rule, (Type.ENTITY,), severity, strength, message, name.span, source, old, new)

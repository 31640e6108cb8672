"""One word for another in a wording that is otherwise kept: another act, or a louder word."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from claimdiff.detect.act import groups_of
from claimdiff.detect.actor import converse
from claimdiff.detect.gap import Slot, following, single, slots
from claimdiff.detect.once import once
from claimdiff.lexicon import load, words
from claimdiff.lexicon.relations import known, related, synonyms
from claimdiff.model import CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Tag, Token, Type

ACT = Rule(
    "predicate-slot", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
    "A verb or adjective was replaced by an unrelated one, and the words around it are the source's own.",
    "Where the rest is copied, the one word that was not is the one that was meant to be another.",
    ("The orchard was sprayed in May, the owner said.", "The orchard was harvested in May, the owner said."),
    ("The orchard was picked in May, the owner said.", "The orchard was harvested in May, the owner said."),
)  # fmt: skip
LOUD = Rule(
    "intensity-slot", Kind.DISTORTION, Type.INTENSITY, Severity.MAJOR,
    "A plain word was replaced by a loud one, and the words around it are the source's own.",
    "What the source calls low is not an insult unless somebody says so.",
    ("A small fire at the mill was put out.", "A ferocious fire at the mill was put out."),
    ("A small fire at the mill was put out.", "A little fire at the mill was put out."),
)  # fmt: skip

_ORDINALS = frozenset(
    {
        "eighth", "fifth", "first", "fourth", "last", "latest", "latter", "new", "next", "ninth", "other",
        "previous", "recent", "remaining", "same", "second", "seventh", "sixth", "tenth", "third",
    }
)  # fmt: skip
_OTHERS = frozenset({CueKind.MODALITY, CueKind.CERTAINTY, CueKind.QUANTIFIER, CueKind.FOCUS})
_OPEN = frozenset({Tag.VERB, Tag.ADJECTIVE, Tag.NOUN})
_PARTICLES = frozenset(
    {"about", "along", "apart", "aside", "away", "back", "by", "down", "forward", "in", "into", "off", "on",
     "out", "over", "through", "together", "up"}
)  # fmt: skip
_RAISED, _GAP = 3.0, 1.0  # a loud word's rung, and how much quieter the source's word is
_ACT, _STATE, _ACT_LOOSE = 0.6, 0.55, 0.35
_SHOUT, _SHOUT_VERB = 0.8, 0.6


def acts(pair: Pair) -> Iterator[Signal]:
    """Verbs and adjectives that took the place of unrelated ones."""
    for slot, here, there in _pairs(pair):
        new, old = pair.derivative.tokens[here], pair.sources[slot.statement].tokens[there]
        if new.tag is Tag.NOUN or _louder(new, old) or not _unrelated(new, old):
            continue
        if new.tag is Tag.ADJECTIVE:
            strength = _STATE if len(slot.new) == len(slot.old) == 1 else _ACT_LOOSE
        elif _phrasal(pair, slot, here, there) or _vague(new, old):
            continue
        else:
            both = bool(groups_of(new.lemma)) and bool(groups_of(old.lemma))
            strength = _ACT if both and len(slot.new) == len(slot.old) == 1 else _ACT_LOOSE
        yield _signal(ACT, pair, strength, slot, here, there, "another word in the same place")


def louder(pair: Pair) -> Iterator[Signal]:
    """Loud words that took the place of plain ones."""
    for slot, here, there in _pairs(pair):
        new, old = pair.derivative.tokens[here], pair.sources[slot.statement].tokens[there]
        if not _louder(new, old) or _alike(new, old):
            continue
        if new.tag is Tag.VERB and (_phrasal(pair, slot, here, there) or _vague(new, old)):
            continue
        if new.tag is Tag.NOUN and not _rung(old):
            continue
        strength = _SHOUT if new.tag is Tag.ADJECTIVE else _SHOUT_VERB
        yield _signal(LOUD, pair, strength, slot, here, there, "a louder word in the same place")


@once
def _pairs(pair: Pair) -> tuple[tuple[Slot, int, int], ...]:
    """The slots with one word of content on either side, of one open class, which are not matched."""
    return tuple(_opened(pair))


def _opened(pair: Pair) -> Iterator[tuple[Slot, int, int]]:
    for slot in slots(pair):
        facts = pair.sources[slot.statement]
        here, there = single(pair.derivative, slot.new), single(facts, slot.old)
        if here is None or there is None:
            continue
        new, old = pair.derivative.tokens[here], facts.tokens[there]
        if new.tag is not old.tag or new.tag not in _OPEN or new.lemma == old.lemma:
            continue
        if _matched(pair, here, slot.statement, there):
            continue
        if old.norm in (f"un{new.norm}", f"in{new.norm}") or new.norm in (f"un{old.norm}", f"in{old.norm}"):
            continue  # a turn of polarity
        if _hedges(pair.derivative, here) or _hedges(facts, there):
            continue
        if not (_shaped(new) or _shaped(old)) and _denied(pair.derivative, here) == _denied(facts, there):
            yield slot, here, there


def _matched(pair: Pair, here: int, statement: int, there: int) -> bool:
    """Whether one word stands for the other, and not as its opposite or its sister."""
    relations = [
        match.relation
        for match in pair.matches
        if match.derivative == here and match.statement == statement and match.source == there
    ]
    return bool(relations) and relations[-1] not in {"sister", "antonym"}


def _shaped(token: Token) -> bool:
    """Whether an adjective counts or compares, which other detectors judge."""
    return token.tag is Tag.ADJECTIVE and (
        token.norm in _ORDINALS or (token.norm.endswith("er") and token.lemma != token.norm)
    )


def _denied(facts: Facts, index: int) -> bool:
    """Whether a word is denied, by itself or by a word that governs it: "not temporary", "unable"."""
    span = facts.tokens[index].span
    return any(
        cue.kind is CueKind.NEGATION and cue.scale != "contrast" and cue.scope.covers(span)
        for cue in facts.cues
    )


def _hedges(facts: Facts, index: int) -> bool:
    """Whether a word hedges or counts, which other detectors judge."""
    span = facts.tokens[index].span
    return any(cue.kind in _OTHERS and cue.span.covers(span) for cue in facts.cues)


def _unrelated(new: Token, old: Token) -> bool:
    return known(new.lemma) and known(old.lemma) and not _alike(new, old)


def _alike(new: Token, old: Token) -> bool:
    """Whether one of two words may stand for the other."""
    if groups_of(new.lemma) & groups_of(old.lemma) or converse(new.lemma, old.lemma):
        return True
    relation = related(new.lemma, old.lemma)
    if relation is not None and relation.kind not in {"antonym", "sister"}:
        return True
    return not synonyms(new.lemma).isdisjoint(synonyms(old.lemma))


def _vague(new: Token, old: Token) -> bool:
    vague, speech = words("predicate", "vague"), words("role", "speech")
    return any(word in vague or word in speech for word in (new.lemma, old.lemma))


def _phrasal(pair: Pair, slot: Slot, here: int, there: int) -> bool:
    """Whether a particle makes a verb another one: "turned down" for "rejected"."""
    facts = pair.sources[slot.statement]
    behind = {following(pair.derivative.tokens, here), following(facts.tokens, there)}
    inner = [pair.derivative.tokens[i] for i in slot.new] + [facts.tokens[i] for i in slot.old]
    return any(token.norm in _PARTICLES for token in inner) or (
        len(slot.new) != len(slot.old) and bool(behind & _PARTICLES)
    )


@cache
def _rungs() -> dict[str, float]:
    """The highest rung of each word of the scales of intensity."""
    out: dict[str, float] = {}
    for rungs in load("intensity")["intensity"].values():
        for rung, entries in rungs.items():
            for entry in entries:
                word = entry.removeprefix("=")
                out[word] = max(out.get(word, 0.0), float(rung))
    return out


def _rung(token: Token) -> float:
    return max(_rungs().get(token.lemma, 0.0), _rungs().get(token.norm, 0.0))


def _louder(new: Token, old: Token) -> bool:
    rung = _rung(new)
    return rung >= _RAISED and _rung(old) <= rung - _GAP


def _signal(rule: Rule, pair: Pair, strength: float, slot: Slot, here: int, there: int, what: str) -> Signal:
    span = pair.derivative.tokens[here].span
    facts = pair.sources[slot.statement]
    place = facts.tokens[there].span
    before, after = place.of(facts.statement.text), span.of(pair.derivative.statement.text)
    return Signal(
        rule.id, (rule.type,) if rule.type else (), Severity.MAJOR, strength,
        f"“{before}” in the source, “{after}” here: {what}.", span, (slot.statement, place), before, after,
    )  # fmt: skip

"""Stages of one process: questioned is not arrested, suspended is not ended, proposed is not passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from claimdiff.detect.act import Act, Listing, beside, ends, entry, homes, listing_of
from claimdiff.detect.actor import converse
from claimdiff.detect.gap import Slot, slots
from claimdiff.detect.once import once
from claimdiff.lexicon import load
from claimdiff.lexicon.relations import related
from claimdiff.model import CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Span, Tag, Token, Type

RULE = Rule(
    "predicate-stage", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
    "A process stands at another stage than in the source.",
    "Who is questioned has not been charged, and a strike that is suspended has not ended.",
    ("Teachers in Arle suspended their strike on Sunday.", "Teachers in Arle ended their strike on Sunday."),
    ("Teachers in Arle suspended their strike on Sunday.", "Teachers in Arle paused their strike on Sunday."),
)  # fmt: skip

_VERBAL = frozenset({Tag.VERB, Tag.AUXILIARY, Tag.MODAL})
_SAME = frozenset({"exact", "lemma", "stem", "name", "synonym", "same", "derived"})
_IN_SLOT, _BOTH, _END, _NEAR, _LOOSE = 0.85, 0.75, 0.65, 0.35, 0.2  # belief by what was kept around
_ELSEWHERE = 0.4  # what is left of it where the source tells the new stage somewhere else
_LINE = 14  # tokens of a headline: what stands in it is all about one thing
_MOST = 60  # stages of a statement that are compared


class Stage(NamedTuple):
    """A listed stage in a statement: its tokens, and its places as (process, stage)."""

    act: Act
    places: frozenset[tuple[int, int]]


@cache
def _listed() -> Mapping[str, frozenset[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = {}
    for number, steps in enumerate(load("process")["ladder"]):
        for step, entries in enumerate(steps):
            for word in entries:
                found.setdefault(word, set()).add((number, step))
    return {word: frozenset(places) for word, places in found.items()}


@cache
def _listing() -> Listing:
    return listing_of(_listed())


@once
def stages(facts: Facts) -> tuple[Stage, ...]:
    """The stages that a statement tells, the longest entry first."""
    return _find(facts)


def _find(facts: Facts) -> tuple[Stage, ...]:
    tokens = facts.tokens
    listing = _listing()
    out: list[Stage] = []
    for at in listing.starts(tokens):
        if out and at <= out[-1].act.last:
            continue
        size = listing.longest(tokens, at)
        places = _listed()[entry(tokens, at, size)] if size else frozenset()
        if not places and 0 < at < len(tokens) - 1 and _bare(tokens, at):
            places = _listed().get(tokens[at].lemma, frozenset())  # "Police question man"
        if places:
            out.append(Stage(Act(at, at + max(1, size) - 1, places), places))
    return tuple(out[:_MOST])


def _bare(tokens: Sequence[Token], at: int) -> bool:
    """Whether a noun may be the verb of a headline that has no other."""
    return tokens[at].tag is Tag.NOUN and not any(token.tag in _VERBAL for token in tokens)


def moved(pair: Pair) -> Iterator[Signal]:
    """The clearest stage of the derivative in whose place the source tells another one."""
    new = stages(pair.derivative)
    old = (
        [(number, stage) for number, facts in enumerate(pair.sources) for stage in stages(facts)]
        if new
        else []
    )
    if not old:
        return
    told = {place for stage in new for place in stage.places}
    known = {place for _, stage in old for place in stage.places}
    news = [stage for stage in new if stage.places.isdisjoint(known)]
    olds = [(number, stage) for number, stage in old if stage.places.isdisjoint(told)]
    if not news or not olds:
        return
    kept = {m.derivative for m in pair.matches if m.relation in _SAME}
    taken = {(m.statement, m.source) for m in pair.matches if m.relation in _SAME}
    replaced = slots(pair)
    found: list[tuple[float, Stage, int, Stage]] = []
    for stage in news:
        processes = {n for n, _ in stage.places}
        for number, other in olds if stage.act.first not in kept else ():
            if (number, other.act.first) not in taken and any(n in processes for n, _ in other.places):
                found.append((_belief(pair, replaced, stage, number, other), stage, number, other))
    if found:
        strength, stage, number, other = max(found, key=lambda one: one[0])
        if strength:
            yield _signal(pair, strength, stage, number, other)


def _belief(pair: Pair, replaced: Sequence[Slot], new: Stage, number: int, old: Stage) -> float:
    """How sure it is that one stage stands for the other."""
    facts = pair.sources[number]
    if _denied(pair.derivative, new.act) != _denied(facts, old.act) or _alike(pair, new, facts, old):
        return 0.0
    if any(_fits(slot, new.act, number, old.act) for slot in replaced):
        strength = _IN_SLOT if _whose(pair, new.act) else _NEAR
    else:
        strength = _placed(pair, new.act, number, old.act)
    if strength and not new.places.isdisjoint(_told(pair.context.sources)):
        strength *= _ELSEWHERE
    return round(strength, 2)


@once
def _told(lines: tuple[Facts, ...]) -> frozenset[tuple[int, int]]:
    """All places of stages that some statements tell."""
    return frozenset(place for facts in lines for stage in _find(facts) for place in stage.places)


def _whose(pair: Pair, act: Act) -> bool:
    """Whether the subject of an act, if it has one, is somebody of the sources: "the guests lost" is the
    other end of "the hosts won"."""
    subject = ends(pair.derivative, act).get("subject")
    return subject is None or any(m.derivative == subject for m in pair.matches)


def _fits(slot: Slot, new: Act, number: int, old: Act) -> bool:
    return (
        slot.statement == number
        and any(index in slot.new for index in range(new.first, new.last + 1))
        and any(index in slot.old for index in range(old.first, old.last + 1))
    )


def _placed(pair: Pair, new: Act, number: int, old: Act) -> float:
    home = homes(pair).get(number, {})
    mine, theirs = ends(pair.derivative, new), ends(pair.sources[number], old)
    same = sum(1 for end in mine if end in theirs and home.get(mine[end], -1) == theirs[end])
    if same:
        return _BOTH if same > 1 else _END
    here, there = beside(pair.derivative, new), beside(pair.sources[number], old)
    near = sum(1 for index in here if home.get(index, -1) in there)
    if near > 1 and max(len(pair.derivative.tokens), len(pair.sources[number].tokens)) <= _LINE:
        return _END
    return _NEAR if near > 1 else _LOOSE if near else 0.0


def _alike(pair: Pair, new: Stage, facts: Facts, old: Stage) -> bool:
    """Whether two single words may stand for one another after all."""
    if new.act.first != new.act.last or old.act.first != old.act.last:
        return False
    first, second = pair.derivative.tokens[new.act.first], facts.tokens[old.act.first]
    if converse(first.lemma, second.lemma):
        return True
    relation = related(first.lemma, second.lemma)
    return relation is not None and relation.kind in {"same", "synonym"} and relation.weight >= 0.8


def _denied(facts: Facts, act: Act) -> bool:
    head = facts.tokens[act.first].span
    span = head.join(facts.tokens[act.last].span)
    return any(
        cue.kind is CueKind.NEGATION and cue.scale == "full" and cue.scope.covers(head)
        and not span.covers(cue.span)
        for cue in facts.cues
    )  # fmt: skip


def _signal(pair: Pair, strength: float, new: Stage, number: int, old: Stage) -> Signal:
    facts = pair.sources[number]
    span = _span(pair.derivative, new.act)
    there = _span(facts, old.act)
    before, after = there.of(facts.statement.text), span.of(pair.derivative.statement.text)
    return Signal(
        RULE.id, (Type.PREDICATE,), Severity.MAJOR, strength,
        f"The stage is another one: “{before}” in the source, “{after}” here.",
        span, (number, there), before, after,
    )  # fmt: skip


def _span(facts: Facts, act: Act) -> Span:
    return Span(facts.tokens[act.first].span.start, facts.tokens[act.last].span.end)

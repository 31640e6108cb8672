"""Who did what to whom: the actors are all there, but they have changed places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from claimdiff.detect.actor import DERIVATIVE, Cast, is_actor, key
from claimdiff.detect.argument import SETTING, Event
from claimdiff.detect.crossing import cover, crossed, transposed
from claimdiff.detect.scene import MOST, Held, Scene, Stage, stage_of
from claimdiff.detect.seen import names_at
from claimdiff.lexicon import words
from claimdiff.model import Facts, Kind, NameKind, Pair, Rule, Severity, Signal, Type

RULES = (
    Rule(
        "role-swapped", Kind.DISTORTION, Type.ROLE, Severity.MAJOR,
        "Doer and done-to have changed places.",
        "Every word is in the source, and the story is the opposite one.",
        ("The union sued the company.", "The company sued the union."),
        ("The union sued the company.", "The company was sued by the union."),
    ),
    Rule(
        "role-crossed", Kind.DISTORTION, Type.ROLE, Severity.MAJOR,
        "What is said of two actors has been crossed.",
        "Each actor is given the other's part.",
        ("Holt wants to keep the pool, while Marsh wants to sell it.",
         "Marsh wants to keep the pool, while Holt wants to sell it."),
        ("Holt wants to keep the pool, while Marsh wants to sell it.",
         "Marsh wants to sell the pool; Holt wants to keep it."),
    ),
)  # fmt: skip


def detect(pair: Pair) -> Iterator[Signal]:
    """Actors that have taken each other's slot, then actors in parallel clauses that were crossed."""
    cast = Cast(pair)
    stage = stage_of(pair, cast)
    for found in (
        [*_exchanged(pair, stage), *_moved(pair, cast, stage)],
        [*crossed(pair), *transposed(pair)],
    ):
        if found:
            yield max(found, key=lambda signal: signal.strength)


_BOTH, _ONE, _LOOSE, _FAINT = 0.85, 0.6, 0.55, 0.35
_WEAK = 0.7  # what a pronoun or description leaves of the belief: its antecedent is a guess
# Places that an actor takes who does not act.
_ACTED_ON = frozenset({"object", "by", "against", "from", "to", "than"})
_RECIPIENT = frozenset({"object", "to"})  # "gave her a list", "gave a list to her"


# --- two actors in each other's slots -----------------------------------------------------------------


def _exchanged(pair: Pair, stage: Stage) -> Iterator[Signal]:
    """Two slots, each of which is filled by the one who fills the other in the source."""
    taken = []
    for here, linked in zip(stage.new, stage.links, strict=True):
        for number, there, flip in linked:
            for a in here.held:
                for b in there.held:
                    if _same_place(a.place, b.place, flip):
                        taken.append((here, a, number, there, b))
    kept = {(id(here), a.at) for here, a, _, _, b in taken if not a.actor.isdisjoint(b.actor)}
    moved = [entry for entry in taken if (id(entry[0]), entry[1].at) not in kept]
    for first, second in combinations(moved[:MOST], 2):
        here, a, number, there, b = first
        here2, c, number2, there2, d = second
        if number != number2 or a.at == c.at or b.at == d.at:
            continue
        if a.actor & d.actor and c.actor & b.actor and not a.actor & c.actor and not b.actor & d.actor:
            places = {a.place, c.place}
            strength = _BOTH if not places & SETTING else _FAINT
            scenes = [*here.held, *here2.held], [*there.held, *there2.held]
            yield _swap(pair, number, (here.event, scenes[0]), (there.event, scenes[1]), strength)
            return


def _same_place(new: str, old: str, flip: bool) -> bool:
    if flip:
        return (new == "agent") != (old == "agent")
    return new == old or {new, old} <= _RECIPIENT


# --- one actor in another slot --------------------------------------------------------------------------


def _moved(pair: Pair, cast: Cast, stage: Stage) -> Iterator[Signal]:
    """Events of which the derivative makes the done-to the doer, and no source event bears it out."""
    for here, mine in zip(stage.new, stage.links, strict=True):
        if any(_straight(here, there, flip) for _, there, flip in mine):
            continue
        for number, there, flip in mine:
            strength = _verdict(pair, cast, number, here, there, flip)
            if strength:
                yield _swap(pair, number, (here.event, here.held), (there.event, there.held), strength)
                break
        else:
            yield from _unlinked(pair, stage, here) if not mine else ()


def _straight(here: Scene, there: Scene, flip: bool) -> bool:
    """Whether an actor stands where it stood: the doer as the doer, or at the event's other end."""
    if not flip:
        return _shared(here.agent, there.agent)
    return any(_shared(here.agent, b) for b in there.held if b is not there.agent) or any(
        _shared(a, there.agent) for a in here.held if a is not here.agent
    )


def _shared(first: Held | None, second: Held | None) -> bool:
    return first is not None and second is not None and not first.actor.isdisjoint(second.actor)


def _verdict(pair: Pair, cast: Cast, number: int, here: Scene, there: Scene, flip: bool) -> float:
    """How sure it is that the actors of an event have changed places."""
    turned = []
    for a in here.held:
        for b in there.held:
            if a.actor.isdisjoint(b.actor):
                continue
            places = {a.place, b.place}
            if places == {"agent"} if flip else "agent" in places and places & _ACTED_ON:
                turned.append((a, b))
    if not turned or here.size < 2 or there.size < 2:
        return 0.0
    weak = any((DERIVATIVE, a.at) in cast.weak or (number, b.at) in cast.weak for a, b in turned)
    a, b = turned[0]
    if a.place == "object" and not any(held.place == "object" for held in there.held):
        return 0.2  # "the men held in May": a participle without "who were" reads like a verb
    far = {a.place, b.place} & {"to", "from"}  # a place that one goes to is no one who is acted on
    actors = (
        not (far and _is_place(pair.derivative, a.at))
        and is_actor(pair.sources[number], b.at)
        and is_actor(pair.derivative, a.at)
    )
    strength = _ONE if actors and there.event.agent is not None else _FAINT if actors else 0.2
    return strength * _WEAK if weak else strength


def _is_place(facts: Facts, index: int) -> bool:
    return any(name.kind is NameKind.PLACE for name in names_at(facts).get(index, ()))


def _unlinked(pair: Pair, stage: Stage, here: Scene) -> Iterator[Signal]:
    """Two actors of whom one acts on the other, while each source event with both has it the other way."""
    verb = pair.derivative.tokens[here.event.governor].lemma
    if verb in words("role", "mutual") or verb in words("role", "speech"):
        return
    if not here.event.verb or here.agent is None or not here.patients():
        return  # nobody acts on anybody
    reverse: list[tuple[int, Scene]] = []
    for number, there in stage.old:
        if there.agent is None:
            continue
        if _pairs(here, there, crossed=False):
            return
        if there.event.verb and _pairs(here, there, crossed=True):
            reverse.append((number, there))
    for number, there in reverse:
        direct = all(any(held.place == "object" for held in scene.held) for scene in (here, there))
        ends = [held.at for held in here.held if held.place in {"agent", "object", "to"}]
        named = all(key(pair.derivative, index) for index in ends)
        doers = all(is_actor(pair.derivative, index) for index in ends)
        strength = _LOOSE if named or (doers and direct) else 0.2
        yield _swap(pair, number, (here.event, here.held), (there.event, there.held), strength)
        return


def _pairs(here: Scene, there: Scene, *, crossed: bool) -> bool:
    """Whether doer and done-to of one scene are those of the other, in the same or in crossed places."""
    a, doer = here.agent, there.agent
    if a is None or doer is None or (not crossed and a.actor.isdisjoint(doer.actor)):
        return False
    for other in there.patients():
        c, d = (other, doer) if crossed else (doer, other)
        if a.actor.isdisjoint(c.actor) or not c.actor.isdisjoint(d.actor):
            continue
        for b in here.patients():
            if not b.actor.isdisjoint(d.actor) and a.actor.isdisjoint(b.actor):
                return True
    return False


def _swap(
    pair: Pair, number: int, new: tuple[Event, Sequence[Held]], old: tuple[Event, Sequence[Held]],
    strength: float,
) -> Signal:  # fmt: skip
    facts = pair.sources[number]
    span = cover(pair.derivative, [new[0].governor, *(held.at for held in new[1])])
    there = cover(facts, [old[0].governor, *(held.at for held in old[1])])
    before, after = there.of(facts.statement.text), span.of(pair.derivative.statement.text)
    return Signal(
        "role-swapped", (Type.ROLE,), Severity.MAJOR, round(strength, 2),
        f"Who does what to whom has changed: “{before}” in the source, “{after}” here.",
        span, (number, there), before, after,
    )  # fmt: skip

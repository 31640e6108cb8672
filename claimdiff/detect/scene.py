"""The events of a pair with their actors, and which of both sides tell the same event."""

from __future__ import annotations

from typing import NamedTuple

from claimdiff.detect.actor import DERIVATIVE, Cast, Unit, converse, converses
from claimdiff.detect.argument import SETTING, Event, events
from claimdiff.detect.seen import amounts_at, names_at
from claimdiff.lexicon import words
from claimdiff.model import Facts, Pair, Tag

MOST = 60  # events of a statement that are compared: a longer one is a list, and time is short
# Relations of words for different acts.
_LOOSE_WORDS = frozenset({"antonym", "sister", "hypernym", "hyponym"})


class Held(NamedTuple):
    """An actor in an event: whom it may stand for, its place (agent, object, a preposition), its token."""

    actor: frozenset[Unit]
    place: str
    at: int


class Scene(NamedTuple):
    """An event of one side with its actors, its agent among them; `size` counts the unresolved ones too."""

    event: Event
    held: tuple[Held, ...]
    agent: Held | None
    size: int

    def patients(self) -> list[Held]:
        """The actors that do not act, and whose places tell neither where nor when."""
        return [held for held in self.held if held.place != "agent" and held.place not in SETTING]


class Stage(NamedTuple):
    """The events of both sides, and which tell the same event: for each of the derivative's (statement, old,
    from the other end)."""

    new: tuple[Scene, ...]
    old: tuple[tuple[int, Scene], ...]
    links: tuple[tuple[tuple[int, Scene, bool], ...], ...]


def stage_of(pair: Pair, cast: Cast) -> Stage:
    new = _scenes(pair.derivative, DERIVATIVE, cast, MOST)
    old: list[tuple[int, Scene]] = []
    for n, facts in enumerate(pair.sources):
        old += [(n, scene) for scene in _scenes(facts, n, cast, MOST - len(old))]
    partners: dict[int, set[tuple[int, int]]] = {}
    for match in pair.matches:
        if match.relation not in _LOOSE_WORDS:
            partners.setdefault(match.derivative, set()).add((match.statement, match.source))
    by_place: dict[tuple[int, int], list[int]] = {}
    by_word: dict[str, list[int]] = {}
    for at, (number, there) in enumerate(old):
        governor = there.event.governor
        by_place.setdefault((number, governor), []).append(at)
        by_word.setdefault(pair.sources[number].tokens[governor].lemma, []).append(at)
    links = []
    for here in new:
        own = partners.get(here.event.governor, set())
        word = pair.derivative.tokens[here.event.governor].lemma
        # Only events of a word matched with this one, of the same word or of its converse can be linked.
        near = {at for place in own for at in by_place.get(place, ())}
        near.update(*(by_word.get(other, ()) for other in (word, *converses(word))))
        found = []
        for at in sorted(near):
            number, there = old[at]
            flip = _link(pair, here.event, number, there.event, own)
            if flip is not None:
                found.append((number, there, flip))
        links.append(tuple(found))
    return Stage(tuple(new), tuple(old), tuple(links))


def _scenes(facts: Facts, side: int, cast: Cast, most: int) -> list[Scene]:
    """The first events of a statement with those nouns as actors that are neither a figure nor a date, and no
    pronoun of unknown meaning."""
    if not most:
        return []
    figures, named, tokens = amounts_at(facts), names_at(facts), facts.tokens
    out = []
    for event in events(facts)[:most]:
        rest = event.rest()
        held = []
        for place, at in rest if event.agent is None else (*rest, ("agent", event.agent)):
            if at not in figures and (tokens[at].tag is not Tag.PRONOUN or at in named):
                held.append(Held(cast.who(side, at), place, at))
        agent = held[-1] if held and event.agent is not None and held[-1].place == "agent" else None
        out.append(Scene(event, tuple(held), agent, len(rest) + (event.agent is not None)))
    return out


def _link(pair: Pair, event: Event, number: int, other: Event, partners: set[tuple[int, int]]) -> bool | None:
    """None when two events have nothing to do with each other, True when they tell one event from its
    two ends ("buy", "sell"), else False."""
    new = pair.derivative.tokens[event.governor]
    old = pair.sources[number].tokens[other.governor]
    mutual, speech = words("role", "mutual"), words("role", "speech")
    if new.lemma in mutual or old.lemma in mutual:
        return None
    if (new.lemma in speech or old.lemma in speech) and not (
        _names(pair.derivative, event) and _names(pair.sources[number], other)
    ):
        return None
    if event.verb == other.verb and converse(new.lemma, old.lemma):
        return True
    if (number, other.governor) in partners or (new.lemma == old.lemma and event.verb == other.verb):
        return False
    return None


def _names(facts: Facts, event: Event) -> bool:
    """Whether somebody with a name is acted on: "reported Zorn to the police"."""
    return event.patient is not None and facts.tokens[event.patient].tag is Tag.NAME

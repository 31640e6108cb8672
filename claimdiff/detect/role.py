"""Who did what to whom: the actors are all there, but they have changed places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from claimdiff.detect.actor import DERIVATIVE, Cast, Unit, is_actor
from claimdiff.detect.argument import Event, events
from claimdiff.lexicon import load, words
from claimdiff.model import Facts, Kind, Pair, Rule, Severity, Signal, Span, Tag, Type

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
    stage = _stage(pair, cast)
    found = [*_exchanged(pair, stage), *_moved(pair, cast, stage), *_crossed(pair), *_transposed(pair)]
    if found:
        yield max(found, key=lambda signal: signal.strength)


# --- slots and what stands in them -----------------------------------------------------------------

_BOTH, _ONE, _LOOSE, _FAINT = 0.85, 0.6, 0.55, 0.35
_WEAK = 0.7  # what a pronoun or description leaves of the belief: its antecedent is a guess
_ACTED_ON = {"object", "by", "against", "from", "to", "than"}  # places that an actor takes who does not act
_SETTING = {"in", "at", "on", "over", "near", "during", "within", "after", "before", "since", "around", "across"}
_RECIPIENT = {"object", "to"}  # "gave her a list", "gave a list to her"


@dataclass(frozen=True, slots=True)
class _Held:
    """An actor in an event: whom it may stand for, its place ("agent", "object" or a preposition), its token."""

    actor: frozenset[Unit]
    place: str
    index: int


@dataclass(frozen=True, slots=True)
class _Scene:
    """An event of one side with its actors; `size` counts the unresolved ones too."""

    event: Event
    held: tuple[_Held, ...]
    size: int

    def at(self, agent: bool) -> Iterator[_Held]:
        return (held for held in self.held if (held.place == "agent") == agent)


@dataclass(frozen=True, slots=True)
class _Stage:
    """The events of both sides, and which tell the same event: (new, statement, old, from the other end)."""

    new: tuple[_Scene, ...]
    old: tuple[tuple[int, _Scene], ...]
    links: tuple[tuple[_Scene, int, _Scene, bool], ...]


def _stage(pair: Pair, cast: Cast) -> _Stage:
    new = tuple(_scene(pair.derivative, DERIVATIVE, event, cast) for event in events(pair.derivative))
    old = tuple((n, _scene(facts, n, event, cast)) for n, facts in enumerate(pair.sources) for event in events(facts))
    partners: dict[int, set[tuple[int, int]]] = {}
    for match in pair.matches:
        if match.relation != "antonym":
            partners.setdefault(match.derivative, set()).add((match.statement, match.source))
    links = []
    for here in new:
        for number, there in old:
            flip = _link(pair, here.event, number, there.event, partners.get(here.event.governor, set()))
            if flip is not None:
                links.append((here, number, there, flip))
    return _Stage(new, old, tuple(links))


def _scene(facts: Facts, side: int, event: Event, cast: Cast) -> _Scene:
    held = [_Held(cast.who(side, i), place, i) for place, i in event.rest() if _counts(facts, i)]
    if event.agent is not None and _counts(facts, event.agent):
        held.append(_Held(cast.who(side, event.agent), "agent", event.agent))
    return _Scene(event, tuple(held), len(list(event.rest())) + (event.agent is not None))


def _counts(facts: Facts, index: int) -> bool:
    """Whether a noun may be an actor: neither a figure nor a date, and no pronoun of unknown meaning."""
    span = facts.tokens[index].span
    if any(item.span.covers(span) for item in (*facts.quantities, *facts.moments)):
        return False
    return facts.tokens[index].tag is not Tag.PRONOUN or any(name.span.covers(span) for name in facts.names)


def _link(
    pair: Pair, event: Event, number: int, other: Event, partners: set[tuple[int, int]]
) -> bool | None:
    """None when two events have nothing to do with each other, True when they tell one event from its
    two ends ("buy", "sell"), else False."""
    new = pair.derivative.tokens[event.governor]
    old = pair.sources[number].tokens[other.governor]
    if {new.lemma, old.lemma} & (words("role", "mutual") | words("role", "speech")):
        return None
    if event.verb == other.verb and _converse(new.lemma, old.lemma):
        return True
    if (number, other.governor) in partners or (new.lemma == old.lemma and event.verb == other.verb):
        return False
    return None


# --- two actors in each other's slots -----------------------------------------------------------------


def _exchanged(pair: Pair, stage: _Stage) -> Iterator[Signal]:
    """Two slots, each of which is filled by the one who fills the other in the source."""
    taken = []
    for here, number, there, flip in stage.links:
        for a in here.held:
            for b in there.held:
                if _same_place(a.place, b.place, flip):
                    taken.append((here, a, number, there, b))
    kept = {(id(here), a.index) for here, a, _, _, b in taken if a.actor & b.actor}
    moved = [entry for entry in taken if (id(entry[0]), entry[1].index) not in kept]
    for first, second in combinations(moved, 2):
        here, a, number, there, b = first
        here2, c, number2, there2, d = second
        if number != number2 or a.index == c.index or b.index == d.index:
            continue
        if a.actor & d.actor and c.actor & b.actor and not a.actor & c.actor and not b.actor & d.actor:
            places = {a.place, c.place}
            strength = _BOTH if not places & _SETTING else _FAINT
            scenes = [*here.held, *here2.held], [*there.held, *there2.held]
            yield _swap(pair, number, (here.event, scenes[0]), (there.event, scenes[1]), strength)
            return


def _same_place(new: str, old: str, flip: bool) -> bool:
    if flip:
        return (new == "agent") != (old == "agent")
    return new == old or {new, old} <= _RECIPIENT


# --- one actor in another slot --------------------------------------------------------------------------


def _moved(pair: Pair, cast: Cast, stage: _Stage) -> Iterator[Signal]:
    """Events of which the derivative makes the done-to the doer, and no source event bears it out."""
    for here in stage.new:
        mine = [(number, there, flip) for scene, number, there, flip in stage.links if scene is here]
        if any(_straight(here, there, flip) for _, there, flip in mine):
            continue
        for number, there, flip in mine:
            strength = _verdict(pair, cast, number, here, there, flip)
            if strength:
                yield _swap(pair, number, (here.event, here.held), (there.event, there.held), strength)
                break
        else:
            yield from _unlinked(pair, stage, here) if not mine else ()


def _straight(here: _Scene, there: _Scene, flip: bool) -> bool:
    """Whether an actor stands where it stood."""
    return any(
        a.actor & b.actor and ((a.place == "agent") == (b.place == "agent")) != flip
        for a in here.held for b in there.held if "agent" in {a.place, b.place}
    )  # fmt: skip


def _verdict(pair: Pair, cast: Cast, number: int, here: _Scene, there: _Scene, flip: bool) -> float:
    """How sure it is that the actors of an event have changed places."""
    crossed = []
    for a in here.held:
        for b in there.held:
            if not a.actor & b.actor:
                continue
            if flip and a.place == b.place == "agent":
                crossed.append((a, b))
            elif not flip and (b.place == "agent") != (a.place == "agent"):
                if (a.place if b.place == "agent" else b.place) in _ACTED_ON:
                    crossed.append((a, b))
    if not crossed or here.size < 2 or there.size < 2:
        return 0.0
    weak = any((DERIVATIVE, a.index) in cast.weak or (number, b.index) in cast.weak for a, b in crossed)
    a, b = crossed[0]
    actors = is_actor(pair.sources[number], b.index) and is_actor(pair.derivative, a.index)
    strength = _ONE if actors and there.event.agent is not None else _FAINT if actors else 0.2
    return strength * _WEAK if weak else strength


def _unlinked(pair: Pair, stage: _Stage, here: _Scene) -> Iterator[Signal]:
    """Two actors of whom one acts on the other, while each source event with both has it the other way."""
    reverse: list[tuple[int, _Scene]] = []
    for number, there in stage.old:
        if _pairs(here, there, crossed=False):
            return
        if there.event.verb and here.event.verb and _pairs(here, there, crossed=True):
            reverse.append((number, there))
    verb = pair.derivative.tokens[here.event.governor].lemma
    if verb in words("role", "mutual") | words("role", "speech"):
        return
    for number, there in reverse:
        doers = all(is_actor(pair.derivative, held.index) for held in here.held if held.place in {"agent", "object"})
        direct = all(any(held.place == "object" for held in scene.held) for scene in (here, there))
        strength = _LOOSE if doers and direct else 0.2
        yield _swap(pair, number, (here.event, here.held), (there.event, there.held), strength)
        return


def _pairs(here: _Scene, there: _Scene, *, crossed: bool) -> bool:
    """Whether doer and done-to of one scene are those of the other, in the same or in crossed places."""
    return any(
        a.actor & c.actor and b.actor & d.actor and not a.actor & b.actor and not c.actor & d.actor
        for a in here.at(True) for b in here.at(False) if b.place not in _SETTING
        for c in there.at(not crossed) for d in there.at(crossed) if c.place not in _SETTING and d.place not in _SETTING
    )  # fmt: skip


def _swap(
    pair: Pair, number: int, new: tuple[Event, Sequence[_Held]], old: tuple[Event, Sequence[_Held]],
    strength: float,
) -> Signal:  # fmt: skip
    facts = pair.sources[number]
    span = _cover(pair.derivative, [new[0].governor, *(held.index for held in new[1])])
    there = _cover(facts, [old[0].governor, *(held.index for held in old[1])])
    before, after = there.of(facts.statement.text), span.of(pair.derivative.statement.text)
    return Signal(
        "role-swapped", (Type.ROLE,), Severity.MAJOR, round(strength, 2),
        f"Who does what to whom has changed: “{before}” in the source, “{after}” here.",
        span, (number, there), before, after,
    )  # fmt: skip


def _converse(a: str, b: str) -> bool:
    """Whether two verbs tell one event from its two ends, as "buy" and "sell" do."""
    return any(
        (a in left and b in right) or (b in left and a in right) for left, right in load("role")["converse"]
    )


def _entity(facts: Facts, index: int) -> str:
    return _key(facts, index) or facts.tokens[index].lemma


def _key(facts: Facts, index: int) -> str:
    span = facts.tokens[index].span
    return next((name.key for name in facts.names if name.span.covers(span) and not name.pronoun), "")


def _cover(facts: Facts, indices: Sequence[int]) -> Span:
    return Span(facts.tokens[min(indices)].span.start, facts.tokens[max(indices)].span.end)


# --- two words in each other's company ------------------------------------------------------------------

_NEAR = 2  # content words to each side that are a word's company
_LEAD = 3  # by how many companions the crossed reading must win


def _transposed(pair: Pair) -> Iterator[Signal]:
    """Two nouns of a statement that is otherwise kept word for word, each among the other's companions."""
    home = {m.derivative: m for m in pair.matches if m.relation in {"exact", "lemma", "name", "stem"}}
    content = [i for i, token in enumerate(pair.derivative.tokens) if token.content]
    ranks = [
        {j: n for n, j in enumerate(i for i, token in enumerate(facts.tokens) if token.content)}
        for facts in pair.sources
    ]
    spots: dict[int, tuple[int, int]] = {}  # rank in the derivative -> statement and rank there
    for n, i in enumerate(content):
        if i in home and home[i].source in ranks[home[i].statement]:
            spots[n] = (home[i].statement, ranks[home[i].statement][home[i].source])
    nouns = [n for n in spots if pair.derivative.tokens[content[n]].tag in {Tag.NOUN, Tag.NAME}]
    for x, y in combinations(nouns, 2):
        if spots[x][0] != spots[y][0] or _apart(pair, content[x], content[y]):
            continue
        straight = _company(spots, x, spots[x], {x, y}) + _company(spots, y, spots[y], {x, y})
        crossed = _company(spots, x, spots[y], {x, y}) + _company(spots, y, spots[x], {x, y})
        if crossed - straight >= _LEAD and straight <= 1:
            number = spots[x][0]
            span = _cover(pair.derivative, [content[x], content[y]])
            there = _cover(pair.sources[number], [home[content[x]].source, home[content[y]].source])
            old, new = there.of(pair.sources[number].statement.text), span.of(pair.derivative.statement.text)
            yield Signal(
                "role-crossed", (Type.ROLE,), Severity.MAJOR, 0.6,
                f"Two words have changed places: “{old}” in the source, “{new}” here.",
                span, (number, there), old, new,
            )  # fmt: skip
            return


def _apart(pair: Pair, first: int, second: int) -> bool:
    """Whether two words cannot change the meaning by changing places: one name, or two names in a list."""
    tokens = pair.derivative.tokens
    between = tokens[first + 1 : second]
    if (tokens[first].tag is Tag.NAME) != (tokens[second].tag is Tag.NAME):
        return True
    return not any(token.content or token.tag in {Tag.PREPOSITION, Tag.AUXILIARY} for token in between)


def _company(spots: dict[int, tuple[int, int]], rank: int, at: tuple[int, int], but: set[int]) -> int:
    """How many neighbours of a derivative word stand near a place in the source."""
    near = [n for n in range(rank - _NEAR, rank + _NEAR + 1) if n in spots and n not in but]
    return sum(spots[n][0] == at[0] and 0 < abs(spots[n][1] - at[1]) <= _NEAR for n in near)


# --- crossed actors -------------------------------------------------------------------------------

_CUTS = {",", ";", ":", "–", "and", "but", "while", "whereas", "although", "though", "which", "who"}
_MARGIN = 0.34  # how much better the crossed reading must fit, as a share of the words that decide


def _crossed(pair: Pair) -> Iterator[Signal]:
    """Two actors, each in a segment of its own on both sides, whose company has been exchanged."""
    old, new = _actors_old(pair), _actors_new(pair)
    for a, b in combinations(sorted(set(old) & set(new)), 2):
        if old[a][0] != old[b][0] or new[a][1] & new[b][1] or old[a][2] & old[b][2]:
            continue
        if not (new[a][1] and new[b][1] and old[a][2] and old[b][2]):
            continue
        straight = len(new[a][1] & old[a][2]) + len(new[b][1] & old[b][2])
        crossed = len(new[a][1] & old[b][2]) + len(new[b][1] & old[a][2])
        total = straight + crossed
        if total < 2 or crossed - straight < max(2, _MARGIN * total):
            continue
        span = _cover(pair.derivative, [new[a][0], new[b][0]])
        facts = pair.sources[old[a][0]]
        there = _cover(facts, [old[a][1], old[b][1]])
        yield Signal(
            "role-crossed", (Type.ROLE,), Severity.MAJOR, min(0.8, 0.4 + 0.1 * (crossed - straight)),
            f"“{a.title()}” and “{b.title()}” have exchanged what is said of them.",
            span, (old[a][0], there), there.of(facts.statement.text), span.of(pair.derivative.statement.text),
        )  # fmt: skip
        return


def _actors_new(pair: Pair) -> dict[str, tuple[int, frozenset[tuple[int, int]]]]:
    """Actors of the derivative: first token and the source words that its segment's words stand for."""
    home = {match.derivative: (match.statement, match.source) for match in pair.matches}
    out: dict[str, tuple[int, frozenset[tuple[int, int]]]] = {}
    for key, index, segment in _actors(pair.derivative):
        company = frozenset(home[i] for i in segment if i in home and not is_actor(pair.derivative, i))
        out.setdefault(key, (index, company))
    return out


def _actors_old(pair: Pair) -> dict[str, tuple[int, int, frozenset[tuple[int, int]]]]:
    out: dict[str, tuple[int, int, frozenset[tuple[int, int]]]] = {}
    for statement, facts in enumerate(pair.sources):
        for key, index, segment in _actors(facts):
            company = frozenset((statement, i) for i in segment if not is_actor(facts, i))
            out.setdefault(key, (statement, index, company))
    return out


def _actors(facts: Facts) -> Iterator[tuple[str, int, frozenset[int]]]:
    """Names and nouns for persons or bodies, each with the content tokens of its segment."""
    segments = _segments(facts)
    for index, token in enumerate(facts.tokens):
        setting = index > 0 and facts.tokens[index - 1].norm in _SETTING
        if token.tag in {Tag.NOUN, Tag.NAME} and not setting and is_actor(facts, index):
            yield _entity(facts, index), index, segments[index]


def _segments(facts: Facts) -> list[frozenset[int]]:
    groups: list[list[int]] = [[]]
    owner = []
    for index, token in enumerate(facts.tokens):
        if token.norm in _CUTS:
            groups.append([])
        if token.content:
            groups[-1].append(index)
        owner.append(len(groups) - 1)
    return [frozenset(groups[number]) for number in owner]

"""Who did what to whom: the actors are all there, but they have changed places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from claimdiff.detect.clause import clauses
from claimdiff.lexicon import load, words
from claimdiff.model import Facts, Kind, Match, Pair, Rule, Severity, Signal, Span, Tag, Type

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
    found = next(_slots_exchanged(pair), None)
    if found is None:
        found = next(_crossed(pair), None)
    if found is not None:
        yield found


# --- exchanged slots ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where an actor stands: `governor` is the token that it depends on, `place` how: "subject",
    "object", a preposition, or "'s". The voice is already taken out."""

    actor: int
    governor: int
    place: str


def _slots_exchanged(pair: Pair) -> Iterator[Signal]:
    home = {match.derivative: match for match in pair.matches}
    new = [slot for slot in _slots(pair.derivative) if slot.governor in home]
    for statement, facts in enumerate(pair.sources):
        old = _slots(facts)
        held: dict[int, list[tuple[_Slot, _Slot]]] = {}
        for here in new:
            for there in old:
                if _same_slot(pair, home, here, statement, there):
                    held.setdefault(here.actor, []).append((here, there))
        for first, second in combinations(sorted(held), 2):
            for (a, old_a), (b, old_b) in product(held[first], held[second]):
                if _exchanged(pair, home, statement, (a, old_a), (b, old_b)):
                    yield _swap(pair, statement, (a, b), (old_a, old_b))


def _exchanged(
    pair: Pair, home: dict[int, Match], statement: int,
    first: tuple[_Slot, _Slot], second: tuple[_Slot, _Slot],
) -> bool:  # fmt: skip
    """Whether each of two actors stands where the source has the other one."""
    (a, old_a), (b, old_b) = first, second
    if _one(pair.sources[statement], old_a.actor, old_b.actor) or _one(pair.derivative, a.actor, b.actor):
        return False

    def is_(new: _Slot, old: _Slot) -> bool:
        return _same(pair, home, new.actor, statement, old.actor)

    return is_(a, old_b) and is_(b, old_a) and not is_(a, old_a) and not is_(b, old_b)


def _same_slot(pair: Pair, home: dict[int, Match], new: _Slot, statement: int, old: _Slot) -> bool:
    match = home[new.governor]
    if match.statement != statement or match.source != old.governor or match.relation == "antonym":
        return False
    facts = pair.sources[statement]
    converse = _converse(pair.derivative.tokens[new.governor].lemma, facts.tokens[old.governor].lemma)
    if converse:
        return (new.place == "subject") != (old.place == "subject")
    return new.place == old.place or {new.place, old.place} <= _RECIPIENT


_RECIPIENT = {"object", "to"}  # "gave her a list", "gave a list to her"


def _slots(facts: Facts) -> list[_Slot]:
    """The slots of all actors of a statement; an actor may fill several ("asked the board to resign")."""
    out = []
    actors = {i for i in range(len(facts.tokens)) if _is_head(facts, i) and _is_actor(facts, i)}
    for clause in clauses(facts):
        if facts.tokens[clause.verb].lemma in words("role", "inverted"):
            continue
        for place, index in (("subject", clause.subject), ("object", clause.object)):
            if index in actors:
                out.append(_Slot(index, clause.verb, place))
    for index in sorted(actors):
        out += _phrase_slots(facts, index)
    return out


def _is_head(facts: Facts, index: int) -> bool:
    """Whether a token is the last noun of its phrase."""
    tokens = facts.tokens
    last = index + 1 == len(tokens) or tokens[index + 1].tag not in _NOMINAL - {Tag.PRONOUN}
    return tokens[index].tag in _NOMINAL and last


def _phrase_slots(facts: Facts, actor: int) -> Iterator[_Slot]:
    """The slot of an actor after a preposition or before a possessive."""
    tokens = facts.tokens
    if actor + 1 < len(tokens) and tokens[actor + 1].norm in {"'s", "'"}:
        near = range(actor + 2, min(actor + 5, len(tokens)))
        noun = next((i for i in near if tokens[i].tag is Tag.NOUN), None)
        if noun is not None:
            yield _Slot(actor, noun, "'s")
    at = actor
    while at and (tokens[at - 1].tag in _PHRASE or tokens[at - 1].norm in {"-", "&"}):
        at -= 1
    if at > 1 and tokens[at - 1].tag is Tag.PREPOSITION and tokens[at - 2].tag is not Tag.PUNCTUATION:
        word = tokens[at - 1].norm
        governor = next((i for i in range(at - 2, -1, -1) if tokens[i].content), None)
        if governor is not None and not (word == "by" and tokens[governor].tag is Tag.VERB):
            yield _Slot(actor, governor, word)
        verb = next((i for i in range(at - 2, -1, -1) if tokens[i].tag is Tag.VERB), None)
        if verb is not None and verb != governor:
            yield _Slot(actor, verb, word)


_NOMINAL = {Tag.NOUN, Tag.NAME, Tag.PRONOUN}
_PHRASE = {Tag.NOUN, Tag.NAME, Tag.ADJECTIVE, Tag.DETERMINER, Tag.NUMBER}


def _swap(pair: Pair, statement: int, new: tuple[_Slot, _Slot], old: tuple[_Slot, _Slot]) -> Signal:
    facts = pair.sources[statement]
    span = _cover(pair.derivative, [i for slot in new for i in (slot.actor, slot.governor)])
    there = _cover(facts, [i for slot in old for i in (slot.actor, slot.governor)])
    before, after = there.of(facts.statement.text), span.of(pair.derivative.statement.text)
    return Signal(
        "role-swapped", (Type.ROLE,), Severity.MAJOR, 0.8,
        f"Who does what to whom has changed: “{before}” in the source, “{after}” here.",
        span, (statement, there), before, after,
    )  # fmt: skip


def _converse(a: str, b: str) -> bool:
    """Whether two verbs tell one event from its two ends, as "buy" and "sell" do."""
    return any(
        (a in left and b in right) or (b in left and a in right) for left, right in load("role")["converse"]
    )


def _same(pair: Pair, home: dict[int, Match], new: int, statement: int, old: int) -> bool:
    """Whether a derivative token stands for a source token: matched to it, or the same name."""
    match = home.get(new)
    if match is not None and (match.statement, match.source) == (statement, old):
        return True
    key = _key(pair.derivative, new)
    return bool(key) and key == _key(pair.sources[statement], old)


def _one(facts: Facts, first: int, second: int) -> bool:
    """Whether two tokens stand for one actor."""
    return first == second or _entity(facts, first) == _entity(facts, second)


def _entity(facts: Facts, index: int) -> str:
    return _key(facts, index) or facts.tokens[index].lemma


def _key(facts: Facts, index: int) -> str:
    span = facts.tokens[index].span
    return next((name.key for name in facts.names if name.span.covers(span) and not name.pronoun), "")


def _cover(facts: Facts, indices: Sequence[int]) -> Span:
    return Span(facts.tokens[min(indices)].span.start, facts.tokens[max(indices)].span.end)


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
        company = frozenset(home[i] for i in segment if i in home and not _is_actor(pair.derivative, i))
        out.setdefault(key, (index, company))
    return out


def _actors_old(pair: Pair) -> dict[str, tuple[int, int, frozenset[tuple[int, int]]]]:
    out: dict[str, tuple[int, int, frozenset[tuple[int, int]]]] = {}
    for statement, facts in enumerate(pair.sources):
        for key, index, segment in _actors(facts):
            company = frozenset((statement, i) for i in segment if not _is_actor(facts, i))
            out.setdefault(key, (statement, index, company))
    return out


def _actors(facts: Facts) -> Iterator[tuple[str, int, frozenset[int]]]:
    """Names and nouns for persons or bodies, each with the content tokens of its segment."""
    segments = _segments(facts)
    for index, token in enumerate(facts.tokens):
        if token.tag in {Tag.NOUN, Tag.NAME, Tag.PRONOUN} and _is_actor(facts, index):
            yield _entity(facts, index), index, segments[index]


def _is_actor(facts: Facts, index: int) -> bool:
    token = facts.tokens[index]
    if token.tag is Tag.PRONOUN:
        return False
    return bool(_key(facts, index)) or token.lemma in words("role", "actors")


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

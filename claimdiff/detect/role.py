"""Who did what to whom: the actors are all there, but they have changed places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from claimdiff.detect.clause import Clause, clauses
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
    Rule(
        "role-shifted", Kind.DISTORTION, Type.ROLE, Severity.MAJOR,
        "An act is given to another actor of the source.",
        "The wrong one is praised or blamed.",
        ("Lenders told the owner that the board had resigned.",
         "The owner told lenders that the board had resigned."),
        ("Lenders told the owner that the board had resigned.",
         "The owner was told by lenders that the board had resigned."),
    ),
)  # fmt: skip


def detect(pair: Pair) -> Iterator[Signal]:
    """Swapped and shifted arguments of matched verbs, and crossed actors in parallel clauses."""
    seen: set[tuple[int, int]] = set()
    for signal, places in _verbs(pair):
        if places not in seen:
            seen.add(places)
            yield signal
    if not seen:
        yield from _crossed(pair)


def _verbs(pair: Pair) -> Iterator[tuple[Signal, tuple[int, int]]]:
    new_clauses = {clause.verb: clause for clause in clauses(pair.derivative)}
    old_clauses = [{clause.verb: clause for clause in clauses(facts)} for facts in pair.sources]
    home = {match.derivative: (match.statement, match.source) for match in pair.matches}
    for match in pair.matches:
        new, old = new_clauses.get(match.derivative), old_clauses[match.statement].get(match.source)
        if new is None or old is None or match.relation == "antonym":
            continue
        facts = pair.sources[match.statement]
        subject, object_ = _part(new, converse=_converse(pair, new, facts, old))
        crossed_subject = _same(pair, home, subject, match.statement, old.object)
        crossed_object = _same(pair, home, object_, match.statement, old.subject)
        straight = _same(pair, home, subject, match.statement, old.subject) or _same(
            pair, home, object_, match.statement, old.object
        )
        if straight or not (crossed_subject or crossed_object):
            continue
        both = crossed_subject and crossed_object
        actors = [i for i in (subject, object_) if i is not None]
        span = _cover(pair.derivative, [*actors, new.verb])
        places = [i for i in (old.subject, old.object, old.verb) if i is not None]
        there = _cover(facts, places)
        yield (
            Signal(
                "role-swapped" if both else "role-shifted",
                (Type.ROLE,), Severity.MAJOR, 0.8 if both else 0.45,
                f"Who does what to whom has changed: “{there.of(facts.statement.text)}” in the source, "
                f"“{span.of(pair.derivative.statement.text)}” here.",
                span, (match.statement, there),
                there.of(facts.statement.text), span.of(pair.derivative.statement.text),
            ),
            (min(actors), max(actors)) if actors else (new.verb, new.verb),
        )  # fmt: skip


def _part(clause: Clause, *, converse: bool) -> tuple[int | None, int | None]:
    return (clause.object, clause.subject) if converse else (clause.subject, clause.object)


def _converse(pair: Pair, new: Clause, facts: Facts, old: Clause) -> bool:
    """Whether the two verbs tell one event from its two ends, as "buy" and "sell" do."""
    a, b = pair.derivative.tokens[new.verb].lemma, facts.tokens[old.verb].lemma
    return any(
        (a in left and b in right) or (b in left and a in right) for left, right in load("role")["converse"]
    )


def _same(pair: Pair, home: dict[int, tuple[int, int]], new: int | None, statement: int, old: int | None) -> bool:
    """Whether a derivative token stands for a source token: matched to it, or the same name."""
    if new is None or old is None:
        return False
    if home.get(new) == (statement, old):
        return True
    key = _key(pair.derivative, new)
    return bool(key) and key == _key(pair.sources[statement], old)


def _key(facts: Facts, index: int) -> str:
    span = facts.tokens[index].span
    return next((name.key for name in facts.names if name.span.covers(span)), "")


def _cover(facts: Facts, indices: list[int]) -> Span:
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
            yield _key(facts, index) or token.lemma, index, segments[index]


def _is_actor(facts: Facts, index: int) -> bool:
    return bool(_key(facts, index)) or facts.tokens[index].lemma in words("role", "actors")


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

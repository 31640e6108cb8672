"""The action or state itself was replaced: the same people, the same things, another event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from claimdiff.detect.clause import Clause, clauses
from claimdiff.lexicon import load
from claimdiff.model import CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Span, Tag, Token, Type

RULES = (
    Rule(
        "predicate-contrast", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
        "An act was replaced by another one that news keeps apart.",
        "An inquiry is not an offer, and an arrest is not a conviction.",
        ("Police arrested the treasurer on Monday.", "Police charged the treasurer on Monday."),
        ("Police arrested the treasurer on Monday.", "Police detained the treasurer on Monday."),
    ),
    Rule(
        "predicate-unanswered", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
        "A refusal, a rejection or a silence is gone, and only the attempt is left.",
        "An offer that was turned down reads like one that is under way.",
        ("The junta ignored the bloc's offers of talks.", "The bloc has been seeking talks with the junta."),
        ("The junta ignored the bloc's offers of talks.",
         "The junta did not answer the bloc's offers of talks."),
    ),
    Rule(
        "predicate-replaced", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
        "The verb between the same subject and object is another one.",
        "What was done is not what the source says was done.",
        ("The council repainted the bridge.", "The council demolished the bridge."),
        ("The council repainted the bridge.", "The council gave the bridge a new coat of paint."),
    ),
)  # fmt: skip


def detect(pair: Pair) -> Iterator[Signal]:
    """Contrasting acts first, then lost refusals, then replaced verbs."""
    yield from _contrasts(pair)
    yield from _unanswered(pair)
    yield from _replaced(pair)


# --- acts that news keeps apart ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Act:
    """A listed act in a statement: its tokens, and its places as (set, step)."""

    first: int
    last: int
    places: frozenset[tuple[int, int]]


@cache
def _sets() -> Mapping[str, frozenset[tuple[int, int]]]:
    """{entry: places}: entries on one step of a set say the same."""
    found: dict[str, set[tuple[int, int]]] = {}
    for number, steps in enumerate(load("predicate")["contrast"]):
        for step, entries in enumerate(steps):
            for entry in entries:
                found.setdefault(entry, set()).add((number, step))
    return {entry: frozenset(places) for entry, places in found.items()}


def _acts(facts: Facts) -> Iterator[_Act]:
    """The acts of a statement, the longest entry first. A single word is a verb, or a noun as "n:word"."""
    tokens = facts.tokens
    at = 0
    while at < len(tokens):
        size = next((n for n in (4, 3, 2, 1) if _entry(tokens, at, n) in _sets()), 0)
        if size:
            yield _Act(at, at + size - 1, _sets()[_entry(tokens, at, size)])
        at += max(1, size)


def _entry(tokens: Sequence[Token], at: int, size: int) -> str:
    if size == 1:
        tag = tokens[at].tag
        return tokens[at].lemma if tag is Tag.VERB else f"n:{tokens[at].lemma}" if tag is Tag.NOUN else ""
    return " ".join(token.lemma for token in tokens[at : at + size])


def _contrasts(pair: Pair) -> Iterator[Signal]:
    """An act of the derivative on a set of which the source takes another step in the same place."""
    same = {m.derivative for m in pair.matches if m.relation in _SAME}
    said = {place for facts in pair.sources for act in _acts(facts) for place in act.places}
    kept = {place for act in _acts(pair.derivative) for place in act.places}
    for act in _acts(pair.derivative):
        if act.places & said or act.first in same:
            continue
        sets = {number for number, _ in act.places}
        for number, facts in enumerate(pair.sources):
            for other in _acts(facts):
                if other.places & kept or not sets & {n for n, _ in other.places}:
                    continue
                if _same_place(pair, act, number, other):
                    tokens = pair.derivative.tokens
                    span = Span(tokens[act.first].span.start, tokens[act.last].span.end)
                    there = Span(facts.tokens[other.first].span.start, facts.tokens[other.last].span.end)
                    yield _signal("predicate-contrast", 0.6, pair, span, number, there)
                    return


_SAME = {"exact", "lemma", "stem", "name", "synonym", "same", "derived"}
_REACH = 2  # content words on each side of an act that tell what it is about


def _same_place(pair: Pair, new: _Act, statement: int, old: _Act) -> bool:
    """Whether a word beside one act stands for a word beside the other."""
    here = _beside(pair.derivative, new)
    there = _beside(pair.sources[statement], old)
    return any(m.statement == statement and m.derivative in here and m.source in there for m in pair.matches)


def _beside(facts: Facts, act: _Act) -> set[int]:
    before = [i for i in range(act.first) if facts.tokens[i].content][-_REACH:]
    after = [i for i in range(act.last + 1, len(facts.tokens)) if facts.tokens[i].content][:_REACH]
    ends = {i for clause in clauses(facts) if clause.verb in range(act.first, act.last + 1)
            for i in (clause.subject, clause.object) if i is not None}  # fmt: skip
    return {*before, *after, *ends}


# --- a refusal that is gone ------------------------------------------------------------------------

_CLOSE = 12  # tokens of the derivative within which what was refused must live on


def _unanswered(pair: Pair) -> Iterator[Signal]:
    """A verb of refusal in the source whose object lives on in the derivative, without any negative word."""
    refusals = set(load("predicate")["refusal"])
    if any(cue.kind is CueKind.NEGATION for cue in pair.derivative.cues):
        return
    if any(token.lemma in refusals for token in pair.derivative.tokens):
        return
    kept = {(m.statement, m.source) for m in pair.matches if m.relation != "antonym"}
    for number, facts in enumerate(pair.sources):
        for clause in clauses(facts):
            token = facts.tokens[clause.verb]
            if token.lemma not in refusals or (number, clause.verb) in kept:
                continue
            complement = _complement(facts, clause)
            carried = [m.derivative for m in pair.matches if m.statement == number and m.source in complement]
            if len(carried) < 2 or max(carried) - min(carried) > _CLOSE:
                continue
            tokens = pair.derivative.tokens
            span = Span(tokens[min(carried)].span.start, tokens[max(carried)].span.end)
            there = Span(token.span.start, facts.tokens[max(complement)].span.end)
            yield _signal("predicate-unanswered", 0.6, pair, span, number, there)
            return


def _complement(facts: Facts, clause: Clause) -> set[int]:
    """Content words from the verb to the end of its clause (and the object before a passive verb)."""
    found = set()
    for index in range(clause.verb + 1, len(facts.tokens)):
        token = facts.tokens[index]
        if token.norm in {",", ";", ":", "–"}:
            break
        if token.content:
            found.add(index)
    if clause.passive and clause.object is not None:
        found.add(clause.object)
    return found


# --- another verb between the same words -------------------------------------------------------------


def _replaced(pair: Pair) -> Iterator[Signal]:
    """An unmatched verb whose subject and object match those of an unmatched source verb."""
    home = {m.derivative: (m.statement, m.source) for m in pair.matches}
    taken = {(m.statement, m.source) for m in pair.matches}
    vague = set(load("predicate")["vague"])
    for new in clauses(pair.derivative):
        verb = pair.derivative.tokens[new.verb]
        if new.verb in home or verb.lemma in vague or verb.tag is not Tag.VERB:
            continue
        for number, facts in enumerate(pair.sources):
            for old in clauses(facts):
                if (number, old.verb) in taken or facts.tokens[old.verb].lemma in vague:
                    continue
                subject = new.subject is not None and home.get(new.subject) == (number, old.subject)
                object_ = new.object is not None and home.get(new.object) == (number, old.object)
                if subject or object_:
                    strength = 0.4 if subject and object_ else 0.25
                    yield _signal(
                        "predicate-replaced", strength, pair, verb.span, number, facts.tokens[old.verb].span
                    )


def _signal(rule: str, strength: float, pair: Pair, span: Span, statement: int, there: Span) -> Signal:
    old = there.of(pair.sources[statement].statement.text)
    new = span.of(pair.derivative.statement.text)
    return Signal(
        rule, (Type.PREDICATE,), Severity.MAJOR, strength,
        f"The act is another one: “{old}” in the source, “{new}” here.", span, (statement, there), old, new,
    )  # fmt: skip

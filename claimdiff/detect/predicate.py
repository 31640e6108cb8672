"""The action or state itself was replaced: the same people, the same things, another event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from claimdiff.detect.clause import Clause, clauses
from claimdiff.lexicon import load
from claimdiff.model import CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Span, Tag, Type

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
        ("The junta ignored the bloc's offers of talks.", "The junta did not answer the bloc's offers of talks."),
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


@cache
def _sets() -> Mapping[str, frozenset[tuple[int, int]]]:
    """{lemma or phrase: places (set, step)}: words on one step of a set say the same."""
    found: dict[str, set[tuple[int, int]]] = {}
    for number, steps in enumerate(load("predicate")["contrast"]):
        for step, entries in enumerate(steps):
            for entry in entries:
                found.setdefault(entry, set()).add((number, step))
    return {entry: frozenset(places) for entry, places in found.items()}


def _acts(facts: Facts, skip: set[int]) -> Iterator[tuple[int, int, frozenset[tuple[int, int]]]]:
    """Listed acts as (first token, last token, places), the longest entry first, without matched tokens."""
    lemmas = [token.lemma for token in facts.tokens]
    at = 0
    while at < len(lemmas):
        for size in (3, 2, 1):
            places = _sets().get(" ".join(lemmas[at : at + size]))
            if places and not skip.intersection(range(at, at + size)):
                yield at, at + size - 1, places
                at += size - 1
                break
        at += 1


def _contrasts(pair: Pair) -> Iterator[Signal]:
    matched = {m.derivative for m in pair.matches if m.relation not in {"antonym", "sister", "hypernym", "hyponym"}}
    said = {lemma for facts in pair.sources for lemma in _places(facts)}
    kept = _places(pair.derivative)
    for first, last, places in _acts(pair.derivative, matched):
        if places & said:
            continue
        sets = {number for number, _ in places}
        for number, facts in enumerate(pair.sources):
            hit = next(
                (act for act in _acts(facts, set())
                 if not act[2] & kept and sets & {n for n, _ in act[2]} and _near(pair, first, number, act[0])),
                None,
            )  # fmt: skip
            if hit:
                span = Span(pair.derivative.tokens[first].span.start, pair.derivative.tokens[last].span.end)
                there = Span(facts.tokens[hit[0]].span.start, facts.tokens[hit[1]].span.end)
                yield _signal("predicate-contrast", 0.55, pair, span, number, there)
                return


def _places(facts: Facts) -> set[tuple[int, int]]:
    return {place for _, _, places in _acts(facts, set()) for place in places}


def _near(pair: Pair, new: int, statement: int, old: int) -> bool:
    """Whether a match stands within a few content words of both places."""
    return any(
        m.statement == statement and abs(m.derivative - new) <= 8 and abs(m.source - old) <= 8
        for m in pair.matches
        if pair.derivative.tokens[m.derivative].content
    )


_CLOSE = 12  # tokens of the derivative within which what was refused must live on

# --- a refusal that is gone ------------------------------------------------------------------------


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

"""Events with their participants: who acts, on whom, and who stands in a phrase beside them.

An event is told by a verb ("sued"), by a noun ("the prosecution of X by Y", "X's attack on Y") or by a
comparison ("older than"). The voice is taken out. All values are token indices of one statement.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from claimdiff.detect.actor import phrase_end
from claimdiff.detect.clause import Clause, clauses, subject_before
from claimdiff.lexicon import words
from claimdiff.model import Facts, Tag, Token

_NOMINAL = frozenset({Tag.NOUN, Tag.NAME})
_IN_OBJECT = _NOMINAL | {Tag.DETERMINER, Tag.ADJECTIVE, Tag.NUMBER}
_BEFORE_NOUN = frozenset({Tag.ADJECTIVE, Tag.NOUN, Tag.NUMBER, Tag.NAME})
_DEGREES = frozenset({Tag.ADJECTIVE, Tag.ADVERB})
_VERBAL = frozenset({Tag.VERB, Tag.AUXILIARY, Tag.MODAL})
_BREAKS = frozenset({";", ":", "–", "(", ")", ".", ","})
SETTING = frozenset({
    "in", "at", "on", "over", "near", "during", "within", "after", "before", "since", "around", "across",
})  # fmt: skip  # prepositions of phrases that tell where and when
_REACH = 14  # tokens after a governor in which its prepositional phrases stand


class Event(NamedTuple):
    """`agent` acts, `patient` is acted on, `others` are the heads of phrases by their preposition;
    `second` is the thing given in "gave her a list"."""

    governor: int
    agent: int | None
    patient: int | None
    second: int | None
    others: Mapping[str, int]
    verb: bool = True

    def rest(self) -> list[tuple[str, int]]:
        """All participants but the agent, with their places."""
        found = sorted(self.others.items())
        if self.second is not None:
            found.insert(0, ("object", self.second))
        if self.patient is not None:
            found.insert(0, ("object", self.patient))
        return found


class _Line(NamedTuple):
    """A statement's tokens, with its prepositions (token, word, head of the phrase behind it), the tokens at
    which phrases end (marks, and marks or verbs), and its nouns and comparisons ("than")."""

    tokens: Sequence[Token]
    phrases: Sequence[tuple[int, str, int]]
    marks: Sequence[int]
    ends: Sequence[int]
    nouns: Sequence[int]
    thans: Sequence[int]


def events(facts: Facts) -> tuple[Event, ...]:
    """The events of a statement: verbs, then comparisons, then nouns."""
    found = clauses(facts)
    line = _line(facts.tokens)
    return (*_verbs(line, found), *_comparisons(line, found), *_nouns(line), *_owned(line))


def _line(tokens: Sequence[Token]) -> _Line:
    phrases: list[tuple[int, str, int]] = []
    marks: list[int] = []
    ends: list[int] = []
    nouns: list[int] = []
    thans: list[int] = []
    for at, token in enumerate(tokens):
        norm, tag = token.norm, token.tag
        if tag is Tag.NOUN:
            nouns.append(at)
        if norm in _BREAKS:
            marks.append(at)
            ends.append(at)
            continue
        if tag in _VERBAL:
            ends.append(at)
        if tag is Tag.PREPOSITION or norm in {"to", "than"}:
            head = phrase_end(tokens, at + 1)
            if head is not None:
                phrases.append((at, norm, head))
                if norm == "than":
                    thans.append(at)
    return _Line(tokens, phrases, marks, ends, nouns, thans)


def _verbs(line: _Line, found: Sequence[Clause]) -> Iterator[Event]:
    tokens = line.tokens
    for number, clause in enumerate(found):
        limit = found[number + 1].verb if number + 1 < len(found) else len(tokens)
        others = _phrases(line, clause.verb + 1, min(limit, clause.verb + _REACH))
        others.pop("of", None)
        if clause.passive:
            others.pop("by", None)
        second = None if clause.passive or clause.object is None else phrase_end(tokens, clause.object + 1)
        if clause.object is not None and second is None and not clause.passive:
            second = _after_of(tokens, clause.object + 1)
        yield Event(clause.verb, clause.subject, clause.object, second, others)


def _after_of(tokens: Sequence[Token], at: int) -> int | None:
    """The second object behind a longer first one: "the captain of the ferry a letter"."""
    if at + 1 < len(tokens) and tokens[at].norm == "of" and tokens[at + 1].tag is not Tag.VERB:
        stop = at + 1
        while stop < len(tokens) and (stop == at + 1 or tokens[stop].tag is not Tag.DETERMINER):
            if tokens[stop].tag not in _IN_OBJECT:
                return None
            stop += 1
        return phrase_end(tokens, stop) if stop < len(tokens) else None
    return None


def _phrases(line: _Line, start: int, end: int) -> dict[str, int]:
    """The heads of the prepositional phrases between two places, the first for each preposition."""
    end = min(end, _next(line.marks, start, len(line.tokens) - 1))
    out: dict[str, int] = {}
    for at in range(bisect_left(line.phrases, (start,)), len(line.phrases)):
        place, word, head = line.phrases[at]
        if place >= end:
            break
        out.setdefault(word, head)
    return out


def _next(places: Sequence[int], start: int, without: int) -> int:
    """The first of some places from a token on, or what stands for none."""
    at = bisect_left(places, start)
    return places[at] if at < len(places) else without


def _comparisons(line: _Line, found: Sequence[Clause]) -> Iterator[Event]:
    """ "A is older than B", "A spent more on it than B": the word that compares governs both."""
    tokens = line.tokens
    for at in line.thans:
        other = phrase_end(tokens, at + 1)
        degree = next((i for i in range(at - 1, max(-1, at - 9), -1) if _compares(tokens[i])), None)
        if other is None or degree is None:
            continue
        verb = next((c for c in reversed(found) if c.verb < at and c.subject is not None), None)
        subject = verb.subject if verb is not None else _subject_of_be(tokens, degree)
        word = degree + 1 if tokens[degree].norm in {"more", "less", "fewer"} and degree + 1 < at else degree
        yield Event(word, subject, None, None, {"than": other}, verb=False)


def _compares(token: Token) -> bool:
    if token.norm in {"more", "less", "fewer", "better", "worse", "rather"}:
        return True
    return token.tag in _DEGREES and token.norm.endswith("er") and token.norm != token.lemma


def _subject_of_be(tokens: Sequence[Token], at: int) -> int | None:
    """The noun before the nearest form of "be" to the left of a place."""
    while at > 0 and tokens[at].lemma != "be":
        at -= 1
    return subject_before(tokens, at) if at > 0 else None


def _nouns(line: _Line) -> Iterator[Event]:
    """Nouns with a possessive or a phrase that names who acts or is acted on."""
    tokens = line.tokens
    giving, done = words("role", "act_nouns"), words("role", "fate_nouns")
    for index in line.nouns:
        token = tokens[index]
        if not (token.lemma in giving or token.lemma in done or _action(token)):
            continue
        limit = index + _REACH
        others = _phrases(line, index + 1, min(limit, _next(line.ends, index + 1, limit)))
        owner = _owner(tokens, index)
        agent = others.pop("by", None)
        patient = next((others.pop(word) for word in ("of", "on", "against") if word in others), None)
        if agent is None and "from" in others and token.lemma in giving:
            agent = others.pop("from")
        if owner is not None and agent is None and (patient is not None or token.lemma in giving):
            agent = owner
        elif owner is not None and patient is None and (agent is not None or token.lemma in done):
            patient = owner
        if agent is not None or patient is not None:
            yield Event(index, agent, patient, None, others, verb=False)


def _owned(line: _Line) -> Iterator[Event]:
    """Nouns that someone owns or is named by: "Ana's house", "the house of Ana"."""
    tokens = line.tokens
    for index in line.nouns:
        if index + 1 < len(tokens) and tokens[index + 1].tag in _NOMINAL:
            continue
        owner = _owner(tokens, index)
        if owner is None and index + 2 < len(tokens) and tokens[index + 1].norm == "of":
            owner = phrase_end(tokens, index + 2)
        if owner is not None:
            yield Event(index, None, None, None, {"'s": owner}, verb=False)


def _action(token: Token) -> bool:
    return len(token.norm) > 6 and token.norm.endswith(("tion", "sion", "ment", "ing", "ance", "al"))


def _owner(tokens: Sequence[Token], noun: int) -> int | None:
    """The possessor of a noun: "Ana's" in "Ana's sharp attack"."""
    at = noun - 1
    while at > 0 and tokens[at].tag in _BEFORE_NOUN and noun - at < 4:
        at -= 1
    return at - 1 if at > 0 and tokens[at].norm in {"'s", "'"} and tokens[at - 1].tag in _NOMINAL else None

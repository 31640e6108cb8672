"""Events with their participants: who acts, on whom, and who stands in a phrase beside them.

An event is told by a verb ("sued"), by a noun ("the prosecution of X by Y", "X's attack on Y") or by a
comparison ("older than"). The voice is taken out. All values are token indices of one statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from claimdiff.detect.actor import phrase_end
from claimdiff.detect.clause import clauses, subject_before
from claimdiff.lexicon import words
from claimdiff.model import Facts, Tag, Token

_NOMINAL = {Tag.NOUN, Tag.NAME}
_BREAKS = {";", ":", "–", "(", ")", "."}
SETTING = {
    "in", "at", "on", "over", "near", "during", "within", "after", "before", "since", "around", "across",
}  # fmt: skip  # prepositions of phrases that tell where and when
_REACH = 14  # tokens after a governor in which its prepositional phrases stand


@dataclass(frozen=True, slots=True)
class Event:
    """`agent` acts, `patient` is acted on, `others` are the heads of phrases by their preposition;
    `second` is the thing given in "gave her a list"."""

    governor: int
    agent: int | None
    patient: int | None
    second: int | None = None
    others: Mapping[str, int] = field(default_factory=dict)
    verb: bool = True

    def rest(self) -> Iterator[tuple[str, int]]:
        """All participants but the agent, with their places."""
        if self.patient is not None:
            yield "object", self.patient
        if self.second is not None:
            yield "object", self.second
        yield from sorted(self.others.items())


def events(facts: Facts) -> tuple[Event, ...]:
    """The events of a statement: verbs, then comparisons, then nouns."""
    return (*_verbs(facts), *_comparisons(facts), *_nouns(facts), *_owned(facts))


def _verbs(facts: Facts) -> Iterator[Event]:
    tokens = facts.tokens
    found = clauses(facts)
    for number, clause in enumerate(found):
        limit = found[number + 1].verb if number + 1 < len(found) else len(tokens)
        others = _phrases(tokens, clause.verb + 1, min(limit, clause.verb + _REACH))
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
            if tokens[stop].tag not in _NOMINAL | {Tag.DETERMINER, Tag.ADJECTIVE, Tag.NUMBER}:
                return None
            stop += 1
        return phrase_end(tokens, stop) if stop < len(tokens) else None
    return None


def _phrases(tokens: Sequence[Token], start: int, end: int) -> dict[str, int]:
    """The heads of the prepositional phrases between two places, the first for each preposition."""
    out: dict[str, int] = {}
    for at in range(start, min(end, len(tokens) - 1)):
        token = tokens[at]
        if token.norm in _BREAKS or token.norm == ",":
            break
        if token.tag is Tag.PREPOSITION or token.norm in {"to", "than"}:
            head = phrase_end(tokens, at + 1)
            if head is not None and token.norm not in out:
                out[token.norm] = head
    return out


def _comparisons(facts: Facts) -> Iterator[Event]:
    """ "A is older than B", "A spent more on it than B": the word that compares governs both."""
    tokens = facts.tokens
    found = clauses(facts)
    for at, token in enumerate(tokens):
        if token.norm != "than" or at + 1 >= len(tokens):
            continue
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
    return (
        token.tag in {Tag.ADJECTIVE, Tag.ADVERB} and token.norm.endswith("er") and token.norm != token.lemma
    )


def _subject_of_be(tokens: Sequence[Token], at: int) -> int | None:
    """The noun before the nearest form of "be" to the left of a place."""
    while at > 0 and tokens[at].lemma != "be":
        at -= 1
    return subject_before(tokens, at) if at > 0 else None


def _nouns(facts: Facts) -> Iterator[Event]:
    """Nouns with a possessive or a phrase that names who acts or is acted on."""
    tokens = facts.tokens
    giving, done = words("role", "act_nouns"), words("role", "fate_nouns")
    for index, token in enumerate(tokens):
        if token.tag is not Tag.NOUN or not (token.lemma in giving or token.lemma in done or _action(token)):
            continue
        others = _phrases(tokens, index + 1, _phrase_limit(tokens, index))
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


def _owned(facts: Facts) -> Iterator[Event]:
    """Nouns that someone owns or is named by: "Ana's house", "the house of Ana"."""
    tokens = facts.tokens
    for index, token in enumerate(tokens):
        if token.tag is not Tag.NOUN or (index + 1 < len(tokens) and tokens[index + 1].tag in _NOMINAL):
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
    while at > 0 and tokens[at].tag in {Tag.ADJECTIVE, Tag.NOUN, Tag.NUMBER, Tag.NAME} and noun - at < 4:
        at -= 1
    return at - 1 if at > 0 and tokens[at].norm in {"'s", "'"} and tokens[at - 1].tag in _NOMINAL else None


def _phrase_limit(tokens: Sequence[Token], start: int) -> int:
    """Where the phrases of a noun end: at a verb or a mark."""
    for at in range(start + 1, min(len(tokens), start + _REACH)):
        if tokens[at].tag in {Tag.VERB, Tag.AUXILIARY, Tag.MODAL} or tokens[at].norm in _BREAKS | {","}:
            return at
    return min(len(tokens), start + _REACH)

"""Shallow clauses: verbs with the heads of their subject and object, and the voice.

There is no parser here, only tags and word order; what cannot be told stays None. All values are token
indices of one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimdiff.model import Facts, Tag, Token

_NOMINAL = {Tag.NOUN, Tag.NAME, Tag.PRONOUN}
_INSIDE = {Tag.DETERMINER, Tag.ADJECTIVE, Tag.NUMBER, Tag.ADVERB}  # may stand between a verb and its object's head
_CHAIN = {Tag.AUXILIARY, Tag.MODAL, Tag.ADVERB, Tag.PARTICLE}  # may stand between a subject and its verb
_RELATIVE = {"who", "which", "that", "whom", "whose"}
_BE = {"be", "get"}
_BREAKS = {";", ":", "–", "(", ")"}
_FAR = 25  # tokens between two commas that may still be a parenthesis


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb with its logical subject and object: in the passive voice the subject is the agent after
    "by" and the object is what stands before the verb."""

    verb: int
    subject: int | None
    object: int | None
    passive: bool


def clauses(facts: Facts) -> tuple[Clause, ...]:
    """The clauses of a statement, one for each main verb, in the order of the verbs."""
    tokens = facts.tokens
    out: list[Clause] = []
    for index, token in enumerate(tokens):
        if token.tag is not Tag.VERB:
            continue
        before = _before(tokens, index)
        if before is None and out and _joined(tokens, out[-1].verb, index):
            before = out[-1].object if out[-1].passive else out[-1].subject
        if _passive(tokens, index):
            out.append(Clause(index, _agent(tokens, index + 1), before, True))
        else:
            out.append(Clause(index, before, _after(tokens, index + 1), False))
    return tuple(out)


def _passive(tokens: Sequence[Token], verb: int) -> bool:
    word = tokens[verb].norm
    if word == tokens[verb].lemma or word.endswith("ing"):
        return False
    at = verb - 1
    while at >= 0 and tokens[at].tag in {Tag.ADVERB, Tag.PARTICLE}:
        at -= 1
    if at >= 0 and tokens[at].tag in {Tag.AUXILIARY, Tag.VERB} and tokens[at].lemma in _BE:
        return True
    perfect = at >= 0 and tokens[at].lemma == "have"
    return not perfect and verb + 1 < len(tokens) and tokens[verb + 1].norm == "by"


def _before(tokens: Sequence[Token], verb: int) -> int | None:
    """The head of the noun phrase before a verb, past prepositional phrases and parentheses."""
    at = verb - 1
    while at >= 0 and tokens[at].tag in _CHAIN:
        at -= 1
    if at >= 0 and tokens[at].norm == "to":
        return None
    while at >= 0:
        token = tokens[at]
        if token.norm in _BREAKS:
            return None
        if token.norm == ",":
            opening = _comma_before(tokens, at)
            if opening is None:
                return None
            at = opening - 1
        elif token.norm in _RELATIVE:
            at -= 2 if at and tokens[at - 1].norm == "," else 1
        elif token.tag in _NOMINAL:
            start = _phrase_start(tokens, at)
            if not start or tokens[start - 1].tag is not Tag.PREPOSITION:
                return at
            at = start - 2
        elif token.tag in _INSIDE or token.norm in {"'s", '"'}:
            at -= 1
        else:
            return None
    return None


def _comma_before(tokens: Sequence[Token], comma: int) -> int | None:
    for at in range(comma - 1, max(-1, comma - _FAR), -1):
        if tokens[at].norm == ",":
            return at
        if tokens[at].norm in _BREAKS:
            return None
    return None


def _phrase_start(tokens: Sequence[Token], head: int) -> int:
    at = head
    while at > 0 and (
        tokens[at - 1].tag in _NOMINAL | _INSIDE or tokens[at - 1].norm in {"'s", "-", "&", "'"}
    ):
        at -= 1
    return at


def _after(tokens: Sequence[Token], at: int) -> int | None:
    """The head of the noun phrase right after a verb: the last noun of the first run of nouns."""
    head = None
    while at < len(tokens):
        token = tokens[at]
        inside = token.tag in _INSIDE | {Tag.PARTICLE} or token.norm in {'"', "-"}
        joined = token.norm in {"'s", "-", "&"} or (
            token.tag in {Tag.ADJECTIVE, Tag.NUMBER} and tokens[at - 1].norm in {"'s", "-"}
        )
        if token.tag in _NOMINAL:
            head = at
        elif not (inside if head is None else joined):
            break
        at += 1
    return head


def _agent(tokens: Sequence[Token], at: int) -> int | None:
    for place in range(at, min(len(tokens), at + 12)):
        if tokens[place].norm == "by":
            return _after(tokens, place + 1)
        if tokens[place].norm in _BREAKS | {","}:
            return None
    return None


def _joined(tokens: Sequence[Token], first: int, second: int) -> bool:
    """Whether two verbs share a subject: "came and said"."""
    return any(token.norm in {"and", "but", "or"} for token in tokens[first + 1 : second])

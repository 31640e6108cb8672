"""Shallow clauses: verbs with the heads of their subject and object, and the voice.

There is no parser here, only tags and word order; what cannot be told stays None. All values are token
indices of one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimdiff.detect.once import once
from claimdiff.lexicon import words
from claimdiff.model import Facts, Tag, Token

_VERB, _PREPOSITION, _PUNCTUATION = Tag.VERB, Tag.PREPOSITION, Tag.PUNCTUATION
_NOMINAL = {Tag.NOUN, Tag.NAME, Tag.PRONOUN}
_INSIDE = {
    Tag.DETERMINER,
    Tag.ADJECTIVE,
    Tag.NUMBER,
    Tag.ADVERB,
}  # may stand between a verb and its object's head
_CHAIN = {Tag.AUXILIARY, Tag.MODAL, Tag.ADVERB, Tag.PARTICLE}  # may stand between a subject and its verb
_PHRASE = _NOMINAL | _INSIDE  # may stand in a noun phrase
_ADVERBIAL = {Tag.ADVERB, Tag.PARTICLE}
_VERBAL = {Tag.AUXILIARY, Tag.VERB}
_BEFORE_NOUN = _INSIDE | {Tag.PARTICLE}
_JOINABLE = {Tag.ADJECTIVE, Tag.NUMBER}  # behind an owner or a hyphen they belong to the noun phrase
_TIES = {"'s", "-", "&"}
_PHRASE_TIES = _TIES | {"'"}
_RELATIVE = {"who", "which", "that", "whom", "whose"}
_NO_VERB = {"according", "including", "following", "regarding", "concerning"}  # prepositions in news
_BE = {"be", "get"}
_CLAUSE_OPENERS = {"after", "before", "since", "until", "as", "than"}  # prepositions that open a clause too
_BREAKS = {";", ":", "–", "(", ")"}
_STOPS = _BREAKS | {","}
_AND = {"and", "but", "or"}
_NEAR = 4  # tokens between a verb and the "to" of its infinitive
_OF_OBJECT = {"of", "for", "from", "into"}  # "accused him of lying"
_OF_SUBJECT = {"after", "before", "by", "while", "when", "without", "in", "on", "since", "despite"}
_FAR = 25  # tokens between two commas that may still be a parenthesis


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb with its logical subject and object: in the passive voice the subject is the agent after
    "by" and the object is what stands before the verb."""

    verb: int
    subject: int | None
    object: int | None
    passive: bool


@once
def clauses(facts: Facts) -> tuple[Clause, ...]:
    """The clauses of a statement, one for each main verb, in the order of the verbs."""
    tokens = facts.tokens
    out: list[Clause] = []
    open_: list[int] = []  # clauses whose subject is that of the main clause to come
    for index in [index for index, token in enumerate(tokens) if token.tag is _VERB]:
        norm = tokens[index].norm
        if norm in _NO_VERB:
            continue
        passive = _passive(tokens, index)
        before = subject_before(tokens, index)
        after = None if passive else _after(tokens, index + 1)
        if before is None:
            before = _inherited(tokens, index, out)
        if before is None and after is not None and _inverted(tokens, index):
            before, after = after, None
        if after is None and not passive:
            after = _relative_object(tokens, before)
        out.append(
            Clause(index, _agent(tokens, index + 1), before, True)
            if passive
            else Clause(index, before, after, False)
        )
        if before is None and (open_ or norm.endswith("ing")) and len(open_) == len(out) - 1:
            open_.append(len(out) - 1)
        elif before is not None:
            for at in open_:
                out[at] = replace(out[at], subject=before)
            open_ = []
    return tuple(out)


def _inherited(tokens: Sequence[Token], verb: int, earlier: Sequence[Clause]) -> int | None:
    """The unspoken subject of an infinitive, a participle or a second verb, from the clause before."""
    if not earlier:
        return None
    last = earlier[-1]
    own = last.object if last.passive else last.subject
    at = verb - 1
    while at >= 0 and tokens[at].tag in _CHAIN and tokens[at].norm != "to":
        at -= 1
    if at < 0:
        return None
    word = tokens[at].norm
    if at == last.verb and not last.passive:
        return own
    if word == "to":
        return own if last.verb >= at - _NEAR else None
    if tokens[verb].norm.endswith("ing"):
        if word in _OF_OBJECT and last.object is not None:
            return last.object
        return own if word in _OF_SUBJECT or word in _OF_OBJECT or word == "," else None
    return own if _joined(tokens, last.verb, verb) else None


def _inverted(tokens: Sequence[Token], verb: int) -> bool:
    """Whether a subject follows its verb: "..., said the mayor"."""
    marked = verb > 0 and tokens[verb - 1].norm in {'"', ",", "'"}
    return marked and tokens[verb].lemma in words("role", "inverted")


def _relative_object(tokens: Sequence[Token], subject: int | None) -> int | None:
    """The noun before "whom" or "which" when the relative clause has a subject of its own."""
    if subject is None:
        return None
    start = _phrase_start(tokens, subject)
    if start < 2 or tokens[start - 1].norm not in {"whom", "which"}:
        return None
    at = start - (3 if tokens[start - 2].norm == "," else 2)
    return at if at >= 0 and tokens[at].tag in _NOMINAL else None


def _passive(tokens: Sequence[Token], verb: int) -> bool:
    word = tokens[verb].norm
    if word.endswith("ing"):
        return False
    at = verb - 1
    while at >= 0 and tokens[at].tag in _ADVERBIAL:
        if tokens[at].norm == "to":
            return False
        at -= 1
    if at >= 0 and tokens[at].lemma in _BE and tokens[at].tag in _VERBAL:
        return True
    if word == tokens[verb].lemma:
        return False
    perfect = at >= 0 and tokens[at].lemma == "have"
    return not perfect and verb + 1 < len(tokens) and tokens[verb + 1].norm == "by"


def subject_before(tokens: Sequence[Token], verb: int) -> int | None:
    """The head of the noun phrase before a verb or a form of "be", past phrases and parentheses."""
    at = verb - 1
    while at >= 0 and tokens[at].tag in _CHAIN:
        at -= 1
    if at >= 0 and tokens[at].norm == "to":
        return None
    while at >= 0:
        token = tokens[at]
        norm, tag = token.norm, token.tag
        if norm in _BREAKS or (norm == '"' and at and tokens[at - 1].tag is _PUNCTUATION):
            return None
        if norm == ",":
            opening = _comma_before(tokens, at)
            if opening is None:
                return None
            at = opening - 1
        elif norm in _RELATIVE:
            at -= 2 if at and tokens[at - 1].norm == "," else 1
        elif tag in _NOMINAL:
            start = _phrase_start(tokens, at)
            if not start or tokens[start - 1].tag is not _PREPOSITION:
                return at
            if tokens[start - 1].norm in _CLAUSE_OPENERS and _adjacent(tokens, at, verb):
                return at
            if start < at and _dates(tokens[start]) and not _dates(tokens[at]):
                return at  # "in May airlines told ..."
            at = start - 2
        elif tag in _INSIDE or norm in {"'s", '"'}:
            at -= 1
        else:
            return None
    return None


def _dates(token: Token) -> bool:
    """Whether a word is a month, a weekday or a year."""
    norm = token.norm
    if norm in words("time", "month") or norm in words("time", "weekday"):
        return True
    return len(norm) == 4 and norm.isdigit()


def _adjacent(tokens: Sequence[Token], noun: int, verb: int) -> bool:
    return all(token.tag in _CHAIN for token in tokens[noun + 1 : verb])


def _comma_before(tokens: Sequence[Token], comma: int) -> int | None:
    for at in range(comma - 1, max(-1, comma - _FAR), -1):
        if tokens[at].norm == ",":
            return at
        if tokens[at].norm in _BREAKS:
            return None
    return None


def _phrase_start(tokens: Sequence[Token], head: int) -> int:
    at = head
    while at > 0:
        before = tokens[at - 1]
        if before.norm in _RELATIVE or not (
            before.tag in _PHRASE or before.norm in _PHRASE_TIES or (at > 1 and tokens[at - 2].norm == "-")
        ):
            break
        at -= 1
    return at


def _after(tokens: Sequence[Token], at: int) -> int | None:
    """The head of the noun phrase right after a verb: the last noun of the first run of nouns."""
    head = None
    while at < len(tokens):
        token = tokens[at]
        norm, tag = token.norm, token.tag
        if norm in _RELATIVE and tag is not Tag.DETERMINER:
            break
        if tag in _NOMINAL:
            head = at
        elif head is None:
            if tag not in _BEFORE_NOUN and norm not in {'"', "-"}:
                break
        elif norm not in _TIES and not (tag in _JOINABLE and tokens[at - 1].norm in {"'s", "-"}):
            break
        at += 1
    return head


def _agent(tokens: Sequence[Token], at: int) -> int | None:
    for place in range(at, min(len(tokens), at + 12)):
        if tokens[place].norm == "by":
            return _after(tokens, place + 1)
        if tokens[place].norm in _STOPS:
            return None
    return None


def _joined(tokens: Sequence[Token], first: int, second: int) -> bool:
    """Whether two verbs share a subject: "came and said"."""
    return not _AND.isdisjoint([token.norm for token in tokens[first + 1 : second]])

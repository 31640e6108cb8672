"""Words that tell how firmly somebody is bound to what is to come, and what they stand before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from claimdiff.detect.cueview import Side, is_auxiliary
from claimdiff.detect.once import once
from claimdiff.lexicon import load
from claimdiff.model import Tag, Token

WOULD = 0.4  # what would be so under a draft
PLAN = 0.5  # up to here it may still come otherwise
_NEAR = 2  # tokens between two words of one chain: "may now have to consider"
_MOST = 24  # such words of one statement that are looked at
_DENYING = frozenset({"no", "not", "n't", "never", "nor", "neither", "without", "nobody", "none"})
_BALKING = frozenset({"decline", "deny", "fail", "refuse", "reject"})
_PREPOSITIONS = frozenset({"after", "amid", "before", "despite", "following", "since", "until"})
_FREE = frozenset({("open", "to"), ("apply", "to")})  # a noun may follow their "to"
_MODALS = frozenset(
    {("may",), ("might",), ("must",), ("will",), ("could",), ("should",), ("would",), ("shall",)}
)
_VERBAL = frozenset({Tag.VERB, Tag.AUXILIARY, Tag.ADVERB})
_VERBAL_OR_NOUN = _VERBAL | {Tag.NOUN}
_HEADS = frozenset({Tag.VERB, Tag.NOUN, Tag.ADJECTIVE})


class Chain(NamedTuple):
    """A chain of words that tell how far an act is bound to come ("may be asked to"), and its rung."""

    rung: float
    first: int
    end: int
    would: bool
    duty: bool


@dataclass(frozen=True, slots=True)
class Prospect:
    """A chain with the content words that it governs and those before it in its clause."""

    rung: float
    first: int
    end: int
    governed: frozenset[int]
    subject: frozenset[int]
    head: int | None
    would: bool
    duty: bool


@once
def chains(side: Side) -> list[Chain]:
    """The chains of a statement, in order."""
    tokens = side.facts.tokens
    found: list[tuple[int, int, float, str]] = []
    ladder = _ladder()
    reached = 0
    for at in [i for i, token in enumerate(tokens) if token.lemma in ladder or token.norm in ladder]:
        entry = _entry(tokens, at) if at >= reached else None
        if entry is not None:
            name, length, rung = entry
            reached = at + length
            found.append((at, reached, rung, name))
            if len(found) == _MOST:
                break
    runs: list[list[tuple[int, int, float, str]]] = []
    for one in found:
        if runs and _joined(side, runs[-1][-1][1], one[0]):
            runs[-1].append(one)
        else:
            runs.append([one])
    return [_chain(run) for run in runs if not balked(tokens, run[0][0], run[-1][1])]


def _chain(run: list[tuple[int, int, float, str]]) -> Chain:
    names = {name for _, _, _, name in run}
    rungs = [rung for _, _, rung, name in run if name != "would"]
    would = "would" in names and min(rungs, default=1.0) > PLAN
    duty = "must" in names or "have to" in names
    return Chain(WOULD if would else min(rungs), run[0][0], run[-1][1], would, duty)


def _entry(tokens: tuple[Token, ...], at: int) -> tuple[str, int, float] | None:
    """The longest entry of the ladder that begins at a token, with its length and rung."""
    ladder, lemma, norm = _ladder(), tokens[at].lemma, tokens[at].norm
    for word in (lemma, norm) if norm != lemma else (lemma,):
        for keys, rung, name in ladder.get(word, ()):
            if _follow(tokens, at, keys) and _means(tokens, at, keys):
                return name, len(keys), rung
    return None


def _follow(tokens: tuple[Token, ...], at: int, keys: tuple[str, ...]) -> bool:
    """Whether the words of an entry behind its first one stand behind a token."""
    if at + len(keys) > len(tokens):
        return False
    for place in range(1, len(keys)):
        token = tokens[at + place]
        if keys[place] != token.norm and keys[place] != token.lemma:
            return False
    return True


def _means(tokens: tuple[Token, ...], at: int, keys: tuple[str, ...]) -> bool:
    """Whether the words are used so here: "is to close" and not "is to blame", "plans a port"
    and not "the plan"."""
    after = tokens[at + len(keys)] if at + len(keys) < len(tokens) else None
    if keys[-1] == "to" and keys not in _FREE:
        wanted = _VERBAL if keys[0] in ("be", "due", "apply") else _VERBAL_OR_NOUN
        if after is None or after.tag not in wanted:
            return False
        return keys != ("be", "to") or (tokens[at].norm in ("is", "are") and after.norm != "blame")
    if keys in _MODALS:
        return tokens[at].tag in (Tag.MODAL, Tag.AUXILIARY)
    if len(keys) == 1 and tokens[at].tag is Tag.NOUN:
        return False
    if keys[0] in ("agree", "decide", "offer") and len(keys) == 1:
        return after is not None and after.norm == "that"
    return True


def _joined(side: Side, end: int, start: int) -> bool:
    """Whether nothing but small words stands between two words of the ladder."""
    return (
        start - end <= _NEAR
        and not any(side.content[i] and side.facts.tokens[i].tag is not Tag.ADVERB for i in range(end, start))
        and side.clause[max(0, end - 1)] == side.clause[start]
        and all(side.facts.tokens[i].norm[0].isalpha() for i in range(end, start))
        and not any(side.facts.tokens[i].norm in ("and", "or") for i in range(end, start))
    )


def prospect(side: Side, chain: Chain) -> Prospect:
    """A chain of a statement with the words around it."""
    first, end = chain.first, chain.end
    governed = _governed(side, end)
    clause = side.clause[first]
    low = max(0, first - 25)
    subject = [i for i in range(low, first) if side.clause[i] == clause and side.content[i]][-6:]
    head = next((i for i in governed if side.facts.tokens[i].tag in _HEADS), None)
    return Prospect(
        chain.rung, first, end, frozenset(governed), frozenset(subject), head, chain.would, chain.duty
    )


def _governed(side: Side, end: int) -> list[int]:
    """The content words after a chain to the end of its clause, of its quotation, or of what is reported."""
    tokens = side.facts.tokens
    if end >= len(tokens):
        return []
    out: list[int] = []
    stops = [one.span.start for one in side.facts.attributions]
    stops += [one.speaker.start for one in side.facts.attributions if one.speaker]
    stops += [one.span.end for one in side.facts.quotations]
    begin = tokens[end].span.start
    stop = min((place for place in stops if place > begin), default=len(side.facts.statement.text) + 1)
    for i in range(end, min(end + 30, len(tokens))):
        token = tokens[i]
        if token.span.start >= stop:
            break
        if i > end and side.clause[i] != side.clause[i - 1] and not _phrase(side, i):
            break
        if token.norm in ("and", "but", ",") and i + 1 < len(tokens) and _new_verb(tokens[i + 1]):
            break
        if side.content[i]:
            out.append(i)
    return out


def _phrase(side: Side, at: int) -> bool:
    """Whether the clause that begins at a token has no verb, as in "to appear before the magistrates"."""
    if side.facts.tokens[at].norm not in _PREPOSITIONS:
        return False
    ahead = range(at + 1, min(at + 12, len(side.clause)))
    return not any(
        is_auxiliary(side.facts.tokens[i]) or side.facts.tokens[i].tag is Tag.VERB
        for i in ahead
        if side.clause[i] == side.clause[at]
    )


def _new_verb(token: Token) -> bool:
    """A second verb that the chain does not govern: "plans to sell and has closed"."""
    return is_auxiliary(token) or (token.tag is Tag.VERB and token.norm.endswith(("ed", "s")))


def balked(tokens: tuple[Token, ...], first: int, end: int) -> bool:
    """Whether words of the ladder are denied, declined or refused."""
    near = tokens[max(0, first - 3) : end + 1]
    return any(token.norm in _DENYING or token.lemma in _BALKING for token in near)


@cache
def _ladder() -> dict[str, tuple[tuple[tuple[str, ...], float, str], ...]]:
    """The entries of the ladder by their first word, the longest first: words, rung, and name."""
    table: dict[str, list[tuple[tuple[str, ...], float, str]]] = {"would": [(("would",), 1.0, "would")]}
    for rung, entries in load("prospect")["ladder"].items():
        for entry in entries:
            keys = tuple(entry.split())
            table.setdefault(keys[0], []).append((keys, float(rung), entry))
    return {key: tuple(sorted(found, key=lambda one: -len(one[0]))) for key, found in table.items()}

"""Small words that limit a claim: how often, in which cases, how nearly, which sort, one of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from claimdiff.detect.cueview import Side, View
from claimdiff.detect.limiter_rules import NARROW, RANKED, WORD
from claimdiff.detect.scope import near_words, quoted
from claimdiff.detect.seen import norms, superlatives
from claimdiff.lexicon import load, words
from claimdiff.model import Facts, Severity, Signal, Span, Tag, Token, Type

REACH = 5  # content words on either side of a limiter that tell what it limits
HEAD = 3  # tokens after a limiter within which its head stands
LONGEST = 300  # tokens; a longer statement is a list, in which nothing is near to anything
FAMILIES = ("habit", "case", "nearly", "part")
_EDGES = frozenset({";", ":", "–", "--", "?", "!", ".", '"', "(", ")"})


def lost(sight: View) -> Iterator[Signal]:
    """Signals for limiters that are gone, from the statement and from those around it."""
    if len(sight.new.facts.tokens) > LONGEST:
        return
    for number, side in enumerate(sight.old):
        if len(side.facts.tokens) <= LONGEST:
            yield from _small(sight, number, side)
            yield from _denied(sight, number, side)


def ranked(sight: View, told: Sequence[Signal]) -> Iterator[Signal]:
    """Signals for "one of the best" told as "the best", where none of those `told` says so."""
    if len(sight.new.facts.tokens) <= LONGEST:
        for number, side in enumerate(sight.old):
            for signal in _ranked(sight, number, side):
                if not any(other.derivative.overlaps(signal.derivative) for other in told):
                    yield signal


# --- usually, in some cases, almost ---------------------------------------------------------------


@cache
def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word -> the limiters that begin with it, longest first, with their family."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for family in FAMILIES:
        for phrase in load("limiter")[family]["lost"]:
            parts = tuple(phrase.split())
            table.setdefault(parts[0], []).append((parts, family))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in table.items()}


def _small(sight: View, number: int, side: Side) -> Iterator[Signal]:
    phrases = _phrases()
    if phrases.keys().isdisjoint(norms(side.facts)):
        return
    tokens = side.facts.tokens
    for index in [index for index, token in enumerate(tokens) if token.norm in phrases]:
        for parts, family in phrases[tokens[index].norm]:
            end = index + len(parts)
            if end > len(tokens) or tokens[end - 1].norm != parts[-1]:
                continue
            if tuple([t.norm for t in tokens[index:end]]) == parts:
                signal = _gone(sight, number, (index, end), family)
                if signal is not None:
                    yield signal
                break


def _gone(sight: View, number: int, at: tuple[int, int], family: str) -> Signal | None:
    side = sight.old[number]
    first, end = at
    table: dict[str, Any] = load("limiter")[family]
    if _has(sight.new.facts, (*table["lost"], *table["kept"])):
        return None
    if not _stems(family).isdisjoint(near_words(sight.pair)):
        return None
    if family == "nearly" and _figure(side, end):
        return None
    around = _around(side, first, end)
    kept = [i for i in around if (number, i) in sight.back]
    if len(kept) < 2 or 2 * len(kept) < len(around):
        return None
    head = _head(side, end) if family != "case" else _before(side, first)
    same = head in kept
    denied = any(t.norm in ("not", "n't") for t in side.facts.tokens[max(0, first - 2) : first])
    if family in ("nearly", "part") and not same:
        return None
    if family == "part" and (head != end or side.facts.tokens[end].tag is not Tag.NOUN):
        return None
    strength = 0.5 if denied or (same and family != "habit") else 0.45 if same else 0.3
    if same and 4 * len(kept) >= 3 * len(around):
        strength = 0.65
    elif denied:
        strength = 0.6
    span = side.span(first, max(end - 1, head if head is not None and head - end < HEAD else 0))
    places = sorted(m.derivative for i in kept for m in sight.back[(number, i)])
    words_ = side.span(first, end - 1).of(side.facts.statement.text)
    at_head = sorted(m.derivative for m in sight.back.get((number, head), ())) if head is not None else []
    here = sight.new.span(at_head[0], at_head[0]) if at_head else sight.new.span(places[0], places[-1])
    return Signal(
        WORD, (Type.QUALIFIER,), Severity.MAJOR if strength >= 0.6 else Severity.MINOR, strength,
        f"The source says “{words_}”; that is missing here.", here, (number, span), words_,
        here.of(sight.new.facts.statement.text),
    )  # fmt: skip


@cache
def _stems(family: str) -> frozenset[str]:
    """Single words that carry a family on in a neighbouring statement."""
    return frozenset(word for word in load("limiter")[family]["lost"] if " " not in word)


def _has(facts: Facts, phrases: Sequence[str]) -> bool:
    known, text = norms(facts), f" {' '.join([token.norm for token in facts.tokens])} "
    return any(phrase in known if " " not in phrase else f" {phrase} " in text for phrase in phrases)


def _figure(side: Side, at: int) -> bool:
    """Whether a limiter belongs to a figure or a quantifier, which other rules look at."""
    tokens = side.facts.tokens
    if at >= len(tokens):
        return True
    start = tokens[at].span.start
    counted = any(q.span.start <= start < q.span.end for q in side.facts.quantities)
    timed = any(m.span.start <= start < m.span.end for m in side.facts.moments)
    small = tokens[at].tag in (Tag.DETERMINER, Tag.NUMBER, Tag.PRONOUN) or tokens[at].norm in ("half", "as")
    return counted or timed or small


def _around(side: Side, first: int, end: int) -> list[int]:
    """The content words near a limiter, inside its sentence part."""
    tokens = side.facts.tokens
    before: list[int] = []
    for index in range(first - 1, max(-1, first - 3 * REACH), -1):
        if tokens[index].norm in _EDGES or len(before) == REACH:
            break
        if side.content[index]:
            before.append(index)
    after: list[int] = []
    for index in range(end, min(len(tokens), end + 3 * REACH)):
        if tokens[index].norm in _EDGES or len(after) == REACH:
            break
        if side.content[index]:
            after.append(index)
    return before[::-1] + after


def _head(side: Side, end: int) -> int | None:
    return next((i for i in range(end, min(len(side.content), end + HEAD)) if side.content[i]), None)


def _before(side: Side, first: int) -> int | None:
    return next((i for i in range(first - 1, max(-1, first - 8), -1) if side.content[i]), None)


# --- no direct link -------------------------------------------------------------------------------


def _denied(sight: View, number: int, side: Side) -> Iterator[Signal]:
    """ "No direct link" told as "no link": more is denied than the source denies."""
    tokens, known = side.facts.tokens, words("limiter", "denied", "adjectives")
    denials, idle = words("limiter", "denied", "denials"), words("limiter", "denied", "idle_nouns")
    if known.isdisjoint(norms(side.facts)) or denials.isdisjoint(norms(side.facts)):
        return
    near = near_words(sight.pair)
    for index in range(1, len(tokens) - 1):
        token = tokens[index]
        if (
            token.norm not in known
            or token.stem in near
            or token.norm in near
            or (number, index) in sight.back
        ):
            continue
        start = next((i for i in range(index - 1, max(-1, index - 3), -1) if tokens[i].norm in denials), -1)
        noun = next(
            (i for i in range(index + 1, min(index + 3, len(tokens))) if tokens[i].tag is Tag.NOUN), -1
        )
        if start < 0 or noun < 0 or tokens[noun].norm in idle or quoted(side, token.span):
            continue
        place = _denial_of(sight, number, noun)
        if place is None:
            continue
        around = [i for i in _around(side, index, index + 1) if i != noun]
        kept = [i for i in around if (number, i) in sight.back]
        same = (number, noun) in sight.back
        if 2 * len(kept) < len(around):
            continue
        was = side.span(start, noun).of(side.facts.statement.text)
        now = place.of(sight.new.facts.statement.text)
        yield Signal(
            NARROW, (Type.QUALIFIER,), Severity.MAJOR, 0.65 if same else 0.5,
            f"“{was}” in the source, “{now}” here, which denies more.",
            place, (number, side.span(start, noun)), was, now,
        )  # fmt: skip
        return


def _denial_of(sight: View, number: int, noun: int) -> Span | None:
    """The rewrite's denial of the same noun, or of one that stands in its place, without an adjective."""
    tokens, denials = sight.new.facts.tokens, words("limiter", "denied", "denials")
    mine = {m.derivative for m in sight.back.get((number, noun), ())}
    for index, token in enumerate(tokens):
        if token.norm not in denials:
            continue
        for at in range(index + 1, min(index + 6, len(tokens))):
            free = token.norm in ("no", "any", "without") and at == index + 1 and at not in sight.forth
            if tokens[at].tag is Tag.NOUN and (at in mine or (not mine and free)):
                if at > index + 1 and tokens[at - 1].tag is Tag.ADJECTIVE:
                    return None
                return sight.new.span(index, at)
    return None


# --- one of the best ------------------------------------------------------------------------------


def _ranked(sight: View, number: int, side: Side) -> Iterator[Signal]:
    """ "One of the largest" told as "the largest", "a key witness" as "the key witness"."""
    ranks, no_ranks = words("limiter", "partitive", "ranks"), words("limiter", "partitive", "no_rank")
    both = norms(side.facts) & norms(sight.new.facts)
    both &= ranks | (superlatives(side.facts) - no_ranks)
    if not both:
        return
    tokens, new = side.facts.tokens, sight.new.facts.tokens
    table: dict[str, Any] = load("limiter")["partitive"]
    for index, token in enumerate(tokens):
        if token.norm not in both:
            continue
        start = _partitive(tokens, index)
        article = token.norm in table["roles"] and index and tokens[index - 1].norm in ("a", "an")
        if start < 0 and not article:
            continue
        for at, other in enumerate(new):
            follows = index + 1 < len(tokens) and at + 1 < len(new)
            if other.norm != token.norm or not follows or not at:
                continue
            noun = (tokens[index + 1].stem, new[at + 1].stem)
            heads = [m for m in sight.forth.get(at + 1, ()) if m.statement == number and m.source > index]
            if noun[0] != noun[1] and not heads:
                continue
            owner = new[at - 1].norm if at else ""
            if owner not in table["owners"] or _partitive(new, at) >= 0 or quoted(sight.new, other.span):
                continue
            first = start if start >= 0 else index - 1
            was = side.span(first, index + 1).of(side.facts.statement.text)
            span = sight.new.span(at - 1, at + 1)
            now = span.of(sight.new.facts.statement.text)
            yield Signal(
                RANKED, (Type.QUANTIFIER,), Severity.MAJOR, 0.7 if start >= 0 else 0.5,
                f"“{was}” in the source, “{now}” here.",
                span, (number, side.span(first, index + 1)), was, now,
            )  # fmt: skip
            return


def _partitive(tokens: Sequence[Token], index: int) -> int:
    """Where words begin that make one of several of a superlative, or -1."""
    table: dict[str, Any] = load("limiter")["partitive"]
    for at in range(index - 1, max(-1, index - 6), -1):
        norm = tokens[at].norm
        if norm in _EDGES or norm == ",":
            break
        if norm in table["nth"]:
            return at
        if norm in table["words"] and (norm.startswith("among") or tokens[at + 1].norm == "of"):
            return at
    return -1

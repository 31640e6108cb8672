"""Records: the first, the youngest, the hottest, and within what they are so."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.cueview import Side, View
from claimdiff.detect.limiter_rules import RECORD
from claimdiff.detect.scope import near_words, quoted
from claimdiff.detect.seen import norms, superlatives
from claimdiff.lexicon import words
from claimdiff.model import Facts, Severity, Signal, Tag, Type

REACH = 12  # tokens behind a rank within which its scope stands
LONGEST = 300  # tokens; a longer statement is a list


def narrowed(sight: View) -> Iterator[Signal]:
    """ "The hottest May day there since 1954" told as "the hottest day since 1954"."""
    if len(sight.new.facts.tokens) > LONGEST or not _ranks_of(sight.new.facts):
        return
    for number, side in enumerate(sight.old):
        ranks = _ranks_of(side.facts)
        if len(side.facts.tokens) > LONGEST or not ranks:
            continue
        near = near_words(sight.pair)
        for index, token in enumerate(side.facts.tokens):
            if token.norm not in ranks:
                continue
            here = [m.derivative for m in sight.back.get((number, index), ()) if m.relation == "exact"]
            if not here or not _ranks(side, index) or not _ranks(sight.new, here[0]):
                continue
            if quoted(sight.new, sight.new.facts.tokens[here[0]].span):
                continue
            if not _measured(side, index) or not _measured(sight.new, here[0]):
                continue
            kind, scope = _kind(side, index), _scope(side, index)
            lost = [i for i in scope if not _kept(sight, number, i, near)]
            if len(lost) < len(scope):
                lost = []
            lost = sorted([*lost, *(i for i in kind if not _kept(sight, number, i, near))])
            if not lost:
                continue
            end = _phrase_end(sight.new, here[0])
            span = sight.new.span(here[0], end)
            was = side.span(index, lost[-1]).of(side.facts.statement.text)
            now = span.of(sight.new.facts.statement.text)
            yield Signal(
                RECORD, (Type.QUALIFIER,), Severity.MAJOR, 0.55,
                f"“{was}” in the source, “{now}” here, which is a wider record.",
                span, (number, side.span(index, lost[-1])), was, now,
            )  # fmt: skip
            return


def _ranks(side: Side, index: int) -> bool:
    """Whether a word ranks something: a superlative, or "first" or "only" before a noun."""
    tokens = side.facts.tokens
    norm = tokens[index].norm
    return norm != "most" and index + 1 < len(tokens) and norm in _ranks_of(side.facts)


def _ranks_of(facts: Facts) -> frozenset[str]:
    """The words of a statement that may rank something."""
    ranks, no_ranks = words("limiter", "record", "ranks"), words("limiter", "partitive", "no_rank")
    return (ranks & norms(facts)) | (superlatives(facts) - no_ranks)


def _measured(side: Side, index: int) -> bool:
    """Whether a rank is one over time: "since 1990", "ever", "on record"."""
    after = [token.norm for token in side.facts.tokens[index + 1 : index + REACH]]
    marks = words("limiter", "record", "marks")
    end = next((k for k, norm in enumerate(after) if norm in (".", ";", ",")), len(after))
    return any(norm in marks for norm in after[:end])


def _kind(side: Side, index: int) -> list[int]:
    """The word between a rank and its noun: "the hottest May day"."""
    tokens = side.facts.tokens
    if index + 2 >= len(tokens) or tokens[index + 2].tag is not Tag.NOUN or not _tells(side, index + 1):
        return []
    return [index + 1] if tokens[index + 1].tag is not Tag.VERB else []


def _tells(side: Side, index: int) -> bool:
    return side.content[index] or side.facts.tokens[index].text[0].isupper()  # "May" is a modal as well


def _scope(side: Side, index: int) -> list[int]:
    """The content words of the places, groups and kinds behind a rank, up to its clause's end."""
    tokens, found = side.facts.tokens, []
    prepositions, ends = words("limiter", "record", "prepositions"), words("limiter", "record", "ends")
    inside = False
    for at in range(index + 1, min(len(tokens), index + REACH)):
        token = tokens[at]
        if token.norm in ends or not token.norm[0].isalnum() or (token.tag is Tag.VERB and inside):
            break
        if token.norm in words("limiter", "record", "marks"):
            inside = False
        elif token.norm in prepositions:
            inside = True
        elif inside and side.content[at]:
            found.append(at)
    return found


def _kept(sight: View, number: int, at: int, near: frozenset[str]) -> bool:
    token = sight.old[number].facts.tokens[at]
    return (number, at) in sight.back or token.stem in near or token.norm in near


def _phrase_end(side: Side, index: int) -> int:
    """The noun that a rank belongs to."""
    tokens = side.facts.tokens
    last = min(len(tokens), index + 5)
    return next((i for i in range(index + 1, last) if tokens[i].tag is Tag.NOUN), min(index + 1, last - 1))

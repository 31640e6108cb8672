"""The words of a statement as sets, made once: a rule asks them first whether it has anything to look for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from claimdiff.detect.once import once
from claimdiff.model import Facts, Span, Token


@once
def norms(facts: Facts) -> frozenset[str]:
    """The words of a statement as they stand there, folded."""
    return frozenset([token.norm for token in facts.tokens])


@once
def lemmas(facts: Facts) -> frozenset[str]:
    """The base forms of a statement's words."""
    return frozenset([token.lemma for token in facts.tokens])


@once
def words(facts: Facts) -> frozenset[str]:
    """The stems of a statement's words, and the words as they stand there."""
    return frozenset([word for token in facts.tokens for word in (token.stem, token.norm)])


@once
def _bounds(facts: Facts) -> tuple[list[int], list[int]]:
    """Where each token of a statement begins, and where it ends."""
    return [token.span.start for token in facts.tokens], [token.span.end for token in facts.tokens]


def places(facts: Facts, span: Span) -> range:
    """The tokens that lie in a span of a statement, by index."""
    starts, stops = _bounds(facts)
    return range(bisect_left(starts, span.start), bisect_right(stops, span.end))


def within(facts: Facts, span: Span) -> Sequence[Token]:
    """The tokens that lie in a span of a statement."""
    starts, stops = _bounds(facts)
    return facts.tokens[bisect_left(starts, span.start) : bisect_right(stops, span.end)]

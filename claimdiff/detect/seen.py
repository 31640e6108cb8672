"""The words of a statement as sets, made once: a rule asks them first whether it has anything to look for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from claimdiff.detect.once import once
from claimdiff.model import Facts, Span, Token

_SHORT = 5  # letters of "quest", "guest" and their like


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
    return norms(facts).union([token.stem for token in facts.tokens])


@once
def superlatives(facts: Facts) -> frozenset[str]:
    """The words of a statement that have the form of a superlative: "fastest", but "interest" as well."""
    said = norms(facts)
    if "est " not in " ".join(said) + " ":
        return frozenset()
    return frozenset([norm for norm in said if norm.endswith("est") and len(norm) > _SHORT])


@once
def starts(facts: Facts) -> list[int]:
    """Where each token of a statement begins."""
    return [token.span.start for token in facts.tokens]


@once
def _stops(facts: Facts) -> list[int]:
    return [token.span.end for token in facts.tokens]


def places(facts: Facts, span: Span) -> range:
    """The tokens that lie in a span of a statement, by index."""
    return range(bisect_left(starts(facts), span.start), bisect_right(_stops(facts), span.end))


def within(facts: Facts, span: Span) -> Sequence[Token]:
    """The tokens that lie in a span of a statement."""
    return facts.tokens[bisect_left(starts(facts), span.start) : bisect_right(_stops(facts), span.end)]

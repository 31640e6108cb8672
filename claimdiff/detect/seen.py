"""What many rules ask of a statement, made once: its words as sets, and what stands at a place in it.

A rule asks the sets first whether it has anything to look for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from claimdiff.detect.once import once
from claimdiff.model import Facts, Name, Span, Token

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
def stems(facts: Facts) -> frozenset[str]:
    """The stems of a statement's words."""
    return frozenset([token.stem for token in facts.tokens])


@once
def words(facts: Facts) -> frozenset[str]:
    """The stems of a statement's words, and the words as they stand there."""
    return norms(facts) | stems(facts)


@once
def superlatives(facts: Facts) -> frozenset[str]:
    """The words of a statement that have the form of a superlative: "fastest", but "interest" as well."""
    said = norms(facts)
    if "est " not in " ".join(said) + " ":
        return frozenset()
    return frozenset([norm for norm in said if norm.endswith("est") and len(norm) > _SHORT])


class Edges(NamedTuple):
    """Where the tokens of a statement begin and end, in order: places in it without a look at every token."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def before(self, span: Span) -> int:
        """How many tokens end before a span begins."""
        return bisect_right(self.ends, span.start)

    def behind(self, span: Span) -> int:
        """The first token that begins where a span ends or later."""
        return bisect_left(self.starts, span.end)

    def inside(self, span: Span) -> range:
        """The tokens that a span covers."""
        return range(bisect_left(self.starts, span.start), bisect_right(self.ends, span.end))

    def touched(self, span: Span) -> range:
        """The tokens that a span overlaps."""
        return range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))


@once
def edges(facts: Facts) -> Edges:
    if not facts.tokens:
        return Edges((), ())
    starts, ends = zip(*[token.span for token in facts.tokens], strict=True)
    return Edges(starts, ends)


def within(facts: Facts, span: Span) -> Sequence[Token]:
    """The tokens that lie in a span of a statement."""
    places = edges(facts).inside(span)
    return facts.tokens[places.start : places.stop]


@once
def names_at(facts: Facts) -> Mapping[int, tuple[Name, ...]]:
    """The names that cover each token, in their order; a token without a name is left out."""
    found: dict[int, tuple[Name, ...]] = {}
    if facts.names:
        places = edges(facts)
        for name in facts.names:
            for index in places.inside(name.span):
                found[index] = (*found.get(index, ()), name)
    return found


@once
def amounts_at(facts: Facts) -> frozenset[int]:
    """The tokens that figures and times cover."""
    if not facts.quantities and not facts.moments:
        return frozenset()
    inside = edges(facts).inside
    spans = [quantity.span for quantity in facts.quantities] + [moment.span for moment in facts.moments]
    return frozenset([index for span in spans for index in inside(span)])

"""What is worked out once for a value that all pairs of a comparison share, and told apart by identity."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from claimdiff.model import Facts, Name, Span

_MOST = 16  # values remembered for each function: what one pair asks of its own statements, and no more

_ALL: list[dict[int, tuple[Any, Any]]] = []

Key = TypeVar("Key")
Value = TypeVar("Value")


def once(build: Callable[[Key], Value]) -> Callable[[Key], Value]:
    """Remember what a function of one frozen value gave for the last few values.

    The value itself is kept beside the result, so that its identity cannot pass to another one."""
    kept: dict[int, tuple[Any, Any]] = {}
    _ALL.append(kept)

    @wraps(build)
    def remembered(key: Key) -> Value:
        found = kept.get(id(key))
        if found is None or found[0] is not key:
            found = (key, build(key))
            if len(kept) >= _MOST:
                kept.clear()
            kept[id(key)] = found
        return found[1]

    return remembered


def forget() -> None:
    """Let go of all that is remembered: a comparison that is done should not outlive itself."""
    for kept in _ALL:
        kept.clear()


@once
def positions(lines: tuple[Facts, ...]) -> Mapping[str, int]:
    """Where each statement stands in its row, by its id."""
    return {facts.statement.id: at for at, facts in reversed(list(enumerate(lines)))}


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


@once
def stems_in(facts: Facts) -> frozenset[str]:
    """The stems of a statement's words."""
    return frozenset([token.stem for token in facts.tokens])


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

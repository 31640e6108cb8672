"""A negative word that was taken out of, or put into, a wording that is otherwise kept."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.cueview import Side, View
from claimdiff.detect.opposition import Clash
from claimdiff.detect.polarity import firm, limits, until
from claimdiff.model import Cue, CueKind

BARED = 0.85
_KEPT = frozenset({"exact", "lemma", "stem", "name"})
_ARTICLES = frozenset({"a", "an", "any", "its", "some", "the"})
_PLAIN = ("full", "weak")
_DO = frozenset({"do", "does", "did"})
_REACH = 4  # tokens to each side of the place in which another negative word makes up for it
_BESIDE = 6  # and in which the kept words stand
_LEAST = 2  # kept words of content beside the place
_MAKES_UP = frozenset({"unless", "until", "rather", "instead"})
_CANCELS = frozenset(
    {"but", "just", "merely", "only", "simply", "solely", "surprisingly", "unless", "until", "without"}
)


def bared(pairs: View) -> Iterator[Clash]:
    """The negative words of one side that the other lacks between the same two words.

    A word counts as gone only where the other side has fewer of them, so only the side that has more is
    looked at."""
    here = _count(pairs.new)
    for number, old in enumerate(pairs.old):
        there = _count(old)
        if here == there:
            continue
        matches = [m for m in pairs.pair.matches if m.statement == number and m.relation in _KEPT]
        if here < there:
            home = {m.source: m.derivative for m in matches}
            for cue, first, end, place in _parted(old, pairs.new, home):
                span = pairs.new.span(place[0], place[1])
                yield Clash("negation-dropped", BARED, span, number, old.span(first, end - 1).join(cue.span))
            continue
        home = {m.derivative: m.source for m in matches}
        for cue, first, end, place in _parted(pairs.new, old, home):
            span = pairs.new.span(first, end - 1).join(cue.span)
            yield Clash("negation-added", BARED, span, number, old.span(place[0], place[1]))


def _parted(side: Side, other: Side, home: dict[int, int]) -> Iterator[tuple[Cue, int, int, tuple[int, int]]]:
    """The negative words of a side, which has more of them, with the tokens of the other that stand next to
    each other instead."""
    tokens, theirs = side.facts.tokens, other.facts.tokens
    kept = {index for index in home if tokens[index].content}
    for cue, first, end in side.of(CueKind.NEGATION):
        if cue.scale != "full" or limits(side, end) or until(side, end, other) or end >= len(tokens):
            continue
        behind = home.get(first - 1, -2) + 1  # the word behind may have found no match of its own
        if end in home:
            place = home[end]
        elif 0 < behind < len(theirs) and theirs[behind].norm == tokens[end].norm:
            place = behind
        else:
            continue
        head = next((i for i in range(end, min(end + _REACH, len(tokens))) if tokens[i].content), None)
        if head is None or not place <= home.get(head, -1) < place + _REACH:
            continue
        found = _gone(side, cue, first, end, other, place, kept)
        if found is not None:
            yield cue, first, end, found


def _gone(
    side: Side, cue: Cue, first: int, end: int, other: Side, place: int, kept: set[int]
) -> tuple[int, int] | None:
    """The tokens of the other side that stand next to each other where a negative word parts them here."""
    tokens, theirs = side.facts.tokens, other.facts.tokens
    if not first or end >= len(tokens) or tokens[end].norm in _CANCELS:
        return None
    before = tokens[first - 1]
    if _doubled(side, cue, first) or sum(i in kept for i in range(first - _BESIDE, end + _BESIDE)) < _LEAST:
        return None
    if not place or _negative(other, place):
        return None
    previous = theirs[place - 1]
    same = before.norm == previous.norm or (before.lemma == previous.lemma and before.content)
    dropped = before.norm in _DO and first > 1 and tokens[first - 2].norm == previous.norm
    article = place > 1 and previous.norm in _ARTICLES and theirs[place - 2].norm == before.norm
    return (place - 1, place) if same or dropped or article else None


def _doubled(side: Side, cue: Cue, first: int) -> bool:
    """Whether another negative word stands beside this one: two make none."""
    return any(
        other is not cue and other.scale in ("full", "idiom", "weak") and abs(at - first) <= _REACH
        for other, at, _ in side.of(CueKind.NEGATION)
    )


def _negative(side: Side, place: int) -> bool:
    """Whether any negative word governs or is near a place."""
    tokens = side.facts.tokens
    if any(token.norm in _MAKES_UP for token in tokens[max(0, place - 2 * _REACH) : place]):
        return True
    return any(
        (
            cue.scale in ("full", "weak")
            and (cue.scope.covers(tokens[place].span) or abs(at - place) <= _REACH)
        )
        or (cue.scale == "implicit" and 0 < place - at <= _REACH and cue.scope.covers(tokens[place].span))
        for cue, at, _ in side.of(CueKind.NEGATION)
    )


def _count(side: Side) -> int:
    return sum(firm(cue) for cue, _, _ in side.of(CueKind.NEGATION))

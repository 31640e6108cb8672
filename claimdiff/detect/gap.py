"""Words that stand in one another's place: the same words before and behind them on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claimdiff.detect.once import once
from claimdiff.model import Facts, Match, Pair, Token

_KEPT = frozenset({"exact", "lemma", "stem", "name"})
_LONGEST = 5  # tokens of a slot on either side


@dataclass(frozen=True, slots=True)
class Slot:
    """Tokens of the derivative, and those of a source statement, between words that are the same. The
    ranges are half open; one of them may be empty."""

    new: range
    statement: int
    old: range


@once
def slots(pair: Pair) -> tuple[Slot, ...]:
    """The places in which a few words were replaced by a few others, in the derivative's order. At the
    edge of both statements no word is needed there."""
    return tuple(_slots(pair))


def _slots(pair: Pair) -> Iterator[Slot]:
    home = _home(pair)
    size = len(pair.derivative.tokens)
    at = 0
    while at < size:
        if at in home:
            at += 1
            continue
        end = at
        while end < size and end not in home:
            end += 1
        found = _between(pair, home, at, end)
        if found is not None:
            yield found
        at = end


def single(facts: Facts, places: Sequence[int]) -> int | None:
    """The only content word among some tokens."""
    tokens = facts.tokens
    content = [index for index in places if tokens[index].content]
    return content[0] if len(content) == 1 else None


def following(tokens: Sequence[Token], index: int) -> str:
    """The word behind a token, or ""."""
    return tokens[index + 1].norm if index + 1 < len(tokens) else ""


def _home(pair: Pair) -> dict[int, Match]:
    home: dict[int, Match] = {}
    for match in pair.matches:
        if match.relation in _KEPT:
            home.setdefault(match.derivative, match)
    return home


def _between(pair: Pair, home: dict[int, Match], start: int, end: int) -> Slot | None:
    if end - start > _LONGEST:
        return None
    left, right = home.get(start - 1), home.get(end)
    anchor = left or right
    if (
        anchor is None
        or (left is None and start > 0)
        or (right is None and end < len(pair.derivative.tokens))
    ):
        return None
    if left is not None and right is not None and left.statement != right.statement:
        return None
    first = left.source + 1 if left is not None else 0
    last = right.source if right is not None else len(pair.sources[anchor.statement].tokens)
    if first > last or last - first > _LONGEST:
        return None
    return Slot(range(start, end), anchor.statement, range(first, last))

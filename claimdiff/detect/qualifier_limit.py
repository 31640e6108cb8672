"""The limits of a source's claims: where each stands, what it rules and what it limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from claimdiff.detect.cueview import Side
from claimdiff.detect.scope import listed
from claimdiff.model import Cue, CueKind, Span

CLAIM = 6  # content words next to a limit that tell whether its claim is kept
MIN_KEPT = 2
SHORT = frozenset({"partly", "temporary", "provisional"})  # scales whose word is itself the limit
_MARKS = frozenset({";", ":", "–", "--", "?", "!", ".", '"', "(", ")"})


class Limit(NamedTuple):
    """A limiting cue of a source statement with the tokens that it rules and those of the claim it limits."""

    statement: int
    cue: Cue
    clause: tuple[int, ...]
    main: tuple[int, ...]
    span: Span


def limits(side: Side, number: int) -> Iterator[Limit]:
    for cue, first, end in side.cues:
        if cue.kind not in (CueKind.CONDITION, CueKind.CONCESSION, CueKind.FOCUS):
            continue
        if cue.scale in ("waived", "exclusive", "rank", "idiom"):
            continue
        low, high = sentence_part(side, first)
        if cue.kind is CueKind.CONCESSION and high < len(side.clause):
            high = _past_quote(side, high)
        stop = clause_stop(side, first, end, high)
        while (
            cue.kind is CueKind.CONCESSION
            and stop < high
            and sum(says(side, i) for i in range(end, stop)) < 3
        ):
            stop = clause_stop(side, first, stop + 1, high)  # "but one of them, Ana Ruiz, noted ..."
        clause = tuple(i for i in range(end, stop) if says(side, i))
        main = _main(side, first, stop, low, high, cue.kind is CueKind.CONCESSION)
        if cue.scale in SHORT or cue.scale == "measure":
            clause = ()
            main = tuple(i for i in range(max(low, first - 7), min(high, end + 7))
                         if says(side, i) and not first <= i < end)  # fmt: skip
        yield Limit(number, cue, clause, main, side.span(first, max(end, stop if clause else end) - 1))


def _main(side: Side, first: int, stop: int, low: int, high: int, turn: bool) -> tuple[int, ...]:
    """The content tokens of the claim that a limit hangs on: the words before it back to the clause's
    beginning, or those after its comma when it comes first."""
    tokens = side.facts.tokens
    if turn:
        breaks = [i for i in range(low, first) if tokens[i].norm in listed("contrast") and i > low]
        said = [i for i in range(low, breaks[-1] if breaks else first) if says(side, i)]
        return tuple(said[-CLAIM:])
    before: list[int] = []
    for index in range(first - 1, low - 1, -1):
        if len(before) == CLAIM or (tokens[index].norm in ("and", "but") and tokens[index - 1].norm == ","):
            break
        if says(side, index):
            before.append(index)
    if len(before) >= MIN_KEPT:
        return tuple(reversed(before))
    after = [index for index in range(stop, high) if says(side, index)]
    return tuple(after[:CLAIM])


def says(side: Side, index: int) -> bool:
    return side.content[index] or side.facts.tokens[index].norm[0].isdigit()


def sentence_part(side: Side, at: int) -> tuple[int, int]:
    """The tokens around a cue up to the next strong mark on either side."""
    tokens = side.facts.tokens
    low = next((i + 1 for i in range(at - 1, -1, -1) if tokens[i].norm in _MARKS), 0)
    high = next((i for i in range(at, len(tokens)) if tokens[i].norm in _MARKS), len(tokens))
    return low, high


def _past_quote(side: Side, high: int) -> int:
    """Where a turn ends that holds a few quoted words: "though he kept his 'hold' rating"."""
    tokens = side.facts.tokens
    while high < len(tokens) and tokens[high].norm == '"':
        high = next((i for i in range(high + 1, len(tokens)) if tokens[i].norm in _MARKS), len(tokens))
    return high


def clause_stop(side: Side, first: int, end: int, high: int) -> int:
    """The index after the words that a limiting cue rules: up to the next comma, or the end."""
    tokens = side.facts.tokens
    for index in range(end, high):
        if tokens[index].norm == "," and index - end >= 2:
            return index
    return high

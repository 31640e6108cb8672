"""Words that say that no condition applies, where the source sets one."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.cueview import Side, View
from claimdiff.detect.qualifier_rules import WAIVED
from claimdiff.detect.scope import listed, quoted, source_words
from claimdiff.detect.seen import norms
from claimdiff.model import CueKind, Severity, Signal, Span, Type

DENIALS = frozenset({"n't", "neither", "never", "no", "nor", "not"})
ANYWAY = frozenset({"anyhow", "anyway", "nonetheless", "whatever"})


def waived(sight: View) -> Iterator[Signal]:
    """Signals for "regardless", "unconditionally", "permanently" and their like."""
    if not any(cue.scale == "waived" for cue, _, _ in sight.new.of(CueKind.CONDITION)):
        return
    source = source_words(sight)
    olds = [(n, cue) for n, side in enumerate(sight.old) for cue, _, _ in side.of(CueKind.CONDITION)]
    if any(cue.scale == "waived" for _, cue in olds) or source & ANYWAY:
        return
    limits = [(n, cue) for n, cue in olds if cue.rung >= 0.5]
    limits += [
        (n, c) for n, side in enumerate(sight.old) for c, _, _ in side.of(CueKind.FOCUS) if c.scale != "rank"
    ]
    for cue, first, end in sight.new.of(CueKind.CONDITION):
        if cue.scale != "waived" or quoted(sight.new, cue.span):
            continue
        if all(t.stem in source for t in sight.new.facts.tokens[first:end]):
            continue
        if denied(sight.new, first):
            continue  # "will not be permanent"
        now = cue.span.of(sight.new.facts.statement.text)
        place = (limits[0][0], limits[0][1].span) if limits else None
        was = place[1].of(sight.old[place[0]].facts.statement.text) if place else ""
        message = (
            f"“{was}” in the source, “{now}” here." if was else f"“{now}” here; the source has no such scope."
        )
        yield Signal(
            WAIVED, (Type.QUALIFIER,), Severity.MAJOR, 0.65 if place else 0.5, message,
            cue.span, place, was, now,
        )  # fmt: skip


def denied(side: Side, first: int) -> bool:
    """Whether a negation stands shortly before a token."""
    return any(token.norm in DENIALS for token in side.facts.tokens[max(0, first - 4) : first])


def opened(sight: View) -> Iterator[Signal]:
    """A free choice ("anyone", "any customer") where the source names a limited group."""
    free = listed("free")
    if free.isdisjoint(norms(sight.new.facts)):
        return
    tokens = sight.new.facts.tokens
    source = source_words(sight)
    for index, token in enumerate(tokens):
        if token.norm not in free or token.norm in source or quoted(sight.new, token.span):
            continue
        if any(c.scale == "waived" and c.span.overlaps(token.span) for c in sight.pair.derivative.cues):
            continue
        if any(t.norm in listed("closed") for t in tokens[max(0, index - 8) : index]):
            continue
        last = min(index + 1, len(tokens) - 1)
        span = sight.new.span(index, last if token.norm == "any" else index)
        place = _limited(sight)
        counts = token.norm != "any" or last in sight.forth  # "any customer" of the source's customers
        strength = (0.55 if counts else 0.35) if place else (0.4 if counts else 0.25)
        now = span.of(sight.new.facts.statement.text)
        was = place[1].of(sight.old[place[0]].facts.statement.text) if place else ""
        yield Signal(
            WAIVED, (Type.QUALIFIER, Type.QUANTIFIER), Severity.MAJOR, strength,
            f"“{now}” here; the source speaks of fewer.", span, place, was, now,
        )  # fmt: skip


def _limited(sight: View) -> tuple[int, Span] | None:
    """Where the source limits a group: a condition, a focus, or the "who" of a restricting clause."""
    for number, side in enumerate(sight.old):
        for cue, _, _ in side.cues:
            if cue.kind in (CueKind.CONDITION, CueKind.FOCUS) and cue.scale != "rank":
                return number, cue.span
        for token in side.facts.tokens:
            if token.norm in listed("relative"):
                return number, token.span
    return None

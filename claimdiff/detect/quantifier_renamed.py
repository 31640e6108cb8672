"""Some of a group told as the group under another name: "some members" as "drivers"."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.cueview import Side, View
from claimdiff.detect.quantifier_extent import Quantifier, bounded
from claimdiff.detect.quantifier_rules import WIDENED
from claimdiff.detect.scope import quoted
from claimdiff.model import Severity, Signal, Tag, Type

REACH = 10  # tokens behind a quantified noun that tell what is said of it
BEFORE = 4  # tokens between a noun and the first word of what is said of it
TOLD = 2  # words of it that must come back


def renamed(sight: View, other: Quantifier) -> Iterator[Signal]:
    """A signal for a bare plural in the place of a noun that the source limits, when what is said of it
    is the same."""
    side = sight.old[other.statement]
    if not other.noun:
        return
    head = other.noun[-1]
    after = [i for i in range(head + 1, min(len(side.clause), head + REACH + 1)) if side.content[i]]
    places = sorted({m.derivative for i in after for m in sight.back.get((other.statement, i), ())})
    if len(places) < TOLD or len(places) * 2 < len(after):
        return
    at = _bare(sight.new, places[0])
    if at is None or at in sight.forth or bounded(sight.new, at):
        return
    was = side.span(other.first, head).of(side.facts.statement.text)
    token = sight.new.facts.tokens[at]
    yield Signal(
        WIDENED, (Type.QUANTIFIER,), Severity.MAJOR, 0.45,
        f"“{was}” in the source, “{token.text}” without the limit here.",
        token.span, (other.statement, other.cue.span), was, token.text,
    )  # fmt: skip


def _bare(side: Side, first: int) -> int | None:
    """The plural subject shortly before a token, when nothing stands before it in its noun phrase."""
    tokens = side.facts.tokens
    for at in range(first - 1, max(-1, first - 1 - BEFORE), -1):
        token = tokens[at]
        if token.tag is Tag.NOUN:
            plural = token.norm.endswith("s") and not token.norm.endswith(("ss", "us"))
            bare = at == 0 or tokens[at - 1].tag in (Tag.VERB, Tag.PUNCTUATION, Tag.CONJUNCTION)
            bare = bare or tokens[at - 1].norm == "that"
            return at if plural and bare and not quoted(side, token.span) else None
        if token.tag not in (Tag.AUXILIARY, Tag.MODAL, Tag.ADVERB, Tag.VERB):
            return None
    return None

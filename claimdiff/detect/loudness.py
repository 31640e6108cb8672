"""What makes a loud word harmless: a plain sense, a thing that really fell, a synonym, a figure."""

from __future__ import annotations

from claimdiff.detect.cueview import Side, View
from claimdiff.detect.scope import listed, shares
from claimdiff.model import Cue, Span

# Scales whose words are plain ones of things: a roof collapses, a lorry plunges.
FIGURATIVE = frozenset({"decrease", "failure"})
SAME = frozenset({"exact", "lemma", "stem", "same", "synonym", "derived"})
MUCH, MANY_TIMES = 25.0, 1.5  # a change from here on may be called marked, or much


def figurative(sight: View, scale: str) -> bool:
    """Whether a scale does not apply, since the statement tells of buildings, ground or vehicles."""
    if scale not in FIGURATIVE:
        return False
    linked = {number for number, _ in sight.back}
    sides = [sight.new, *(side for number, side in enumerate(sight.old) if number in linked)]
    lemmas = {token.lemma for side in sides for token in side.facts.tokens}
    return bool(lemmas & listed("bodies")) and not lemmas & listed("markets")


def grounded(sight: View, own: range, not_in: tuple[int, Span] | None = None) -> bool:
    """Whether a source word of the same meaning stands for one of the words, outside a given place."""
    for index in own:
        for match in sight.forth.get(index, ()):
            span = sight.old[match.statement].facts.tokens[match.source].span
            outside = not_in is None or match.statement != not_in[0] or not not_in[1].overlaps(span)
            if match.relation in SAME and outside:
                return True
    return False


def measured(sight: View) -> bool:
    """Whether the source gives a figure that "markedly" or "far more" may sum up."""
    given = [share for facts in sight.pair.sources for share in shares(facts.statement.text)]
    return any(100 * share >= MUCH for share in given) or any(
        (quantity.unit == "percent" and quantity.high >= MUCH)
        or (quantity.unit == "times" and (quantity.high >= MANY_TIMES or quantity.high <= 0.5))
        for facts in sight.pair.sources
        for quantity in facts.quantities
    )


def plain_sense(side: Side, cue: Cue, own: range) -> bool:
    """Whether a loud word is as often the plain word of a report ("the dead", "a string of")."""
    if cue.lemma in listed("proving"):
        after = [token.norm for token in side.facts.tokens[own.stop : own.stop + 1]]
        return after != ["that"]
    return cue.lemma in listed("plain_sense")

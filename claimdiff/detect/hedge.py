"""How sure a statement is of a word: what hedges it, what settles it, and whether it is told as fact."""

from __future__ import annotations

from claimdiff.detect.cueview import Side, View
from claimdiff.model import Cue, CueKind, Match, Tag

OPEN = 0.6  # up to here a cue may keep the source's hedge in other words
MIN_SHARE = 0.4  # of a clause's content words in one source clause, for the two to say the same thing
FIRM = 0.7  # a rung from here on settles it
WILL = frozenset({"will", "shall", "would", "'ll", "wo"})
_FACTUAL = frozenset({"has", "have", "had", "was", "were", "is", "are", "did"})


def governs(side: Side, cue: Cue, index: int) -> bool:
    """Whether a token lies in the scope of a cue."""
    return cue.scope.covers(side.facts.tokens[index].span)


def firm_cue(side: Side, index: int) -> Cue | None:
    """A word right before the predicate that settles the matter."""
    tokens = side.facts.tokens
    for cue, first, end in side.of(CueKind.MODALITY):
        if cue.rung >= FIRM and first < index and governs(side, cue, index) and index - end < 4:
            between = tokens[end:index]
            if not any(side.content[end:index]) and all(t.norm[0].isalpha() for t in between):
                return cue
    return None


def hedged(
    side: Side, index: int, but: Cue | None = None, carried: dict[int, list[Match]] | None = None
) -> bool:
    """Whether anything in the word's clause, or a cue that reaches into it, leaves the matter open.

    A hedge that stands for another one of the source (`carried`) makes up for nothing.
    """
    clause = side.clause[index]
    for cue, first, end in (*side.of(CueKind.MODALITY), *side.of(CueKind.CERTAINTY)):
        if cue is but or cue.rung > OPEN:
            continue
        if carried is not None and any(i in carried for i in range(first, end)):
            continue
        if cue.lemma in WILL and but is not None:
            continue
        if side.clause[first] == clause or cue.scope.covers(side.facts.tokens[index].span):
            return True
    return False


def finite(side: Side, index: int) -> bool:
    """Whether a word is told as a fact: no infinitive, and no noun of a plan."""
    tokens = side.facts.tokens
    before = [token.norm for token in tokens[max(0, index - 3) : index]]
    token = tokens[index]
    if "to" in before[-2:]:
        return False
    if any(word in _FACTUAL for word in before):
        return True
    return token.norm.endswith("ed") or (token.tag is Tag.VERB and not token.norm.endswith("ing"))


def same_matter(pairs: View, clause: int, statement: int, old_clause: int) -> bool:
    """Whether a derivative clause rests on this source clause more than on any other."""
    support = pairs.support(clause)
    here = support.get((statement, old_clause), 0)
    return here >= 2 and here >= max(support.values()) and here >= MIN_SHARE * len(pairs.new.inside(clause))


def same_statement(pairs: View, statement: int) -> bool:
    """Whether the derivative rests on this source statement more than on any other."""
    counts = [0] * len(pairs.old)
    for matches in pairs.forth.values():
        for match in matches:
            counts[match.statement] += 1
    return counts[statement] >= 3 and counts[statement] == max(counts)


def told(pairs: View, statement: int, heads: list[int], clause: int) -> bool:
    """Whether something that a hedge governs stands in a clause of the derivative."""
    return any(
        pairs.new.clause[m.derivative] == clause for i in heads for m in pairs.back.get((statement, i), ())
    )

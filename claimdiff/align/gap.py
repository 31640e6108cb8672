"""Statements told in wholly other words, found by the place where they stand.

Where as many derivative statements as source statements are left over between two linked neighbours, a
rewrite mostly tells these source statements there. One word in common, or two of one meaning, is enough
then; a name is not, and a statement that brings a name or a figure of its own is no such rewording.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set

from claimdiff.align.terms import Related
from claimdiff.model import Facts, Role

MOST = 2  # statements in a row
LENGTHS = (0.4, 2.5)  # words of the derivative statement for one of the source statement
SMALL = 10  # a number up to here may be counted from the text


def fill(
    taken: Mapping[int, Sequence[int]],
    sources: Sequence[Facts],
    derivative: Sequence[Facts],
    related: Related,
) -> dict[int, list[int]]:
    """The source statement (by index) for each derivative statement that fills a gap."""
    covered = {j for js in taken.values() for j in js}
    names = {key for facts in sources for name in facts.names for key in (name.key, *name.aliases)}
    figures = {value for facts in sources for q in facts.quantities for value in (q.low, q.high)}
    out: dict[int, list[int]] = {}
    at = 0
    while at < len(derivative):
        run = _run(at, taken, derivative)
        at += max(1, len(run))
        if not 0 < len(run) <= MOST or run[0] == 0 or run[-1] + 1 == len(derivative):
            continue
        places = _between(taken.get(run[0] - 1, ()), taken.get(run[-1] + 1, ()), sources)
        if len(places) != len(run) or covered.intersection(places):
            continue
        pairs = list(zip(run, places, strict=True))
        if all(
            _may_tell(derivative[i], sources[j], names, figures)
            and _touch(derivative[i], sources[j], related)
            for i, j in pairs
        ):
            out.update({i: [j] for i, j in pairs})
    return out


def _run(at: int, taken: Mapping[int, Sequence[int]], derivative: Sequence[Facts]) -> list[int]:
    """The unlinked statements from a place on that stand in a row."""
    run = []
    while at < len(derivative) and at not in taken and derivative[at].statement.role is Role.BODY:
        run.append(at)
        at += 1
    return run


def _between(before: Sequence[int], after: Sequence[int], sources: Sequence[Facts]) -> list[int]:
    """The body statements between what two neighbours rest on, in one document."""
    if not before or not after or not 1 < min(after) - max(before) <= MOST + 1:
        return []
    edges = {sources[j].statement.document for j in (max(before), min(after))}
    if len(edges) > 1:
        return []
    places = range(max(before) + 1, min(after))
    return [j for j in places if sources[j].statement.role is Role.BODY]


def _may_tell(new: Facts, old: Facts, names: Set[str], figures: Collection[float]) -> bool:
    """Whether a statement can be another in other words: of like length, no name or figure of its own."""
    low, high = LENGTHS
    if not low * len(old.tokens) <= len(new.tokens) <= high * len(old.tokens):
        return False
    if any(not name.pronoun and not names & {name.key, *name.aliases} for name in new.names):
        return False
    if any(moment.year is not None for moment in new.moments):
        return False
    return all(q.low in figures or q.high in figures or q.high <= SMALL for q in new.quantities)


def _touch(new: Facts, old: Facts, related: Related) -> bool:
    """Whether two statements share a content word or a meaning, names aside."""
    there = _stems(old)
    return any(
        stem in there or any(other in there for other, _ in related.get(stem, ())) for stem in _stems(new)
    )


def _stems(facts: Facts) -> set[str]:
    named = [name.span for name in facts.names]
    return {
        token.stem
        for token in facts.tokens
        if token.content and not any(span.covers(token.span) for span in named)
    }

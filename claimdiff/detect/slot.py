"""Whether two stretches stand in the same place: between the same words on both sides."""

from __future__ import annotations

from claimdiff.model import Facts, Pair, Span


def in_slot(pair: Pair, new: Span, statement: int, old: Span) -> bool:
    """Whether the words right before and right after a stretch of the derivative are, word for word,
    those around a stretch of a source statement. The edge of a statement is no word."""
    mine, theirs = _ends(pair.derivative, new), _ends(pair.sources[statement], old)
    if mine is None or theirs is None:
        return False
    return all(
        _norm(pair.derivative, at) == _norm(pair.sources[statement], other) != ""
        for at, other in zip(mine, theirs, strict=True)
    )


def _norm(facts: Facts, at: int) -> str:
    return facts.tokens[at].norm if 0 <= at < len(facts.tokens) else ""


def _ends(facts: Facts, span: Span) -> tuple[int, int] | None:
    inside = [k for k, token in enumerate(facts.tokens) if token.span.overlaps(span)]
    return (inside[0] - 1, inside[-1] + 1) if inside else None

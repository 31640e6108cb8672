"""How much of a statement a finding is about: the changed words alone, or the phrase that they change.

A wrong figure or date is wrong by itself. A hedge, a negation or a swapped role changes what its clause
says, and an editor has to read and mend the clause. The message still names the words.
"""

from __future__ import annotations

from claimdiff.model import Facts, Signal, Span, Tag, Type

_ALONE = {Type.NUMBER, Type.TIME, Type.QUOTE, Type.INTENSITY}
_VERBAL = {Type.MODALITY, Type.PREDICATE, Type.CAUSALITY}
_MARKS = {",", ";", ":", "–", "(", ")"}
_LINKS = {
    "after", "although", "and", "as", "because", "but", "though", "when", "whereas", "which", "while", "who",
}  # fmt: skip
_BOUNDS = _MARKS | _LINKS
_GROUP = {Tag.AUXILIARY, Tag.MODAL, Tag.ADVERB, Tag.PARTICLE}


def widen(facts: Facts, signal: Signal) -> Span:
    """The span to show for a signal: as it is, its verb phrase, or its clause, by its first type."""
    if not signal.types or signal.types[0] in _ALONE:
        return signal.derivative
    tokens = facts.tokens
    start, end = signal.derivative
    inside = [i for i, token in enumerate(tokens) if token.span.start < end and start < token.span.end]
    if not inside:
        return signal.derivative
    first, last = inside[0], inside[-1]
    while last + 1 < len(tokens) and not _ends(facts, last + 1):
        last += 1
    if signal.types[0] in _VERBAL:
        while first and tokens[first - 1].tag in _GROUP:
            first -= 1
    else:
        while first and not _ends(facts, first - 1):
            first -= 1
    while last > first and tokens[last].norm in {".", "!", "?"}:
        last -= 1
    return Span(tokens[first].span.start, tokens[last].span.end).join(signal.derivative)


def _ends(facts: Facts, index: int) -> bool:
    """Whether a clause ends at a token; a comma or a conjunction inside a name or an amount ends none."""
    token = facts.tokens[index]
    if token.norm not in _BOUNDS:
        return False
    return not any(
        name.span.start < token.span.start and token.span.end < name.span.end for name in facts.names
    )

"""What writing and reading agree on, beyond the schema."""

from __future__ import annotations

from claimdiff.model import Piece, Span, Status

VERSION = 1
NAME = "claimdiff"

DERIVATIVE_STATUS = frozenset(
    {Status.VERBATIM, Status.PARAPHRASE, Status.DISTORTED, Status.ADDED, Status.BOILERPLATE}
)
SOURCE_STATUS = frozenset({Status.COVERED, Status.OMITTED, Status.BOILERPLATE})
PARDONS = ("waiver", "comment", "baseline", "expected")  # what can make a finding not count


def plain_pieces(span: Span, text: str) -> tuple[Piece, ...]:
    """The pieces of a statement whose characters all stand one after the other in the document;
    these go without saying in JSON."""
    return (Piece(0, span.start, len(text)),) if text and len(text) == span.end - span.start else ()

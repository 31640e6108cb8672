"""Document -> Statements: sentences with their role, their place and the way back into the text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from claimdiff.model import Block, BlockKind, Boilerplate, Document, Piece, Role, Span, Statement, to_raw
from claimdiff.segment.lead import lead
from claimdiff.segment.phrase import NONE
from claimdiff.segment.quote import opened
from claimdiff.segment.role import Roles, assign
from claimdiff.segment.sentence import sentences

__all__ = ["lead", "segment"]

MAX_NOTE = 300
LONGEST = 8_000  # characters; what goes on beyond is no sentence, and is cut between words
CUT = f"a sentence of more than {LONGEST:,} characters was cut between words"
FALLBACK = "the sentence splitter ran out of time on a part of the text; a simpler rule split it"


def segment(document: Document, prefix: str, boilerplate: Boilerplate = NONE) -> Document:
    """The document with its statements, in order, called `prefix`.1, `prefix`.2 and so on.

    Each lies within one block, none overlap, and every character of a block that is not white
    space is in one. `boilerplate` tells further lines that are no part of a story. An editor's note
    is boilerplate, and the document's notes quote it.
    """
    roles = assign(document.blocks, boilerplate)
    statements: list[Statement] = []
    told: list[str] = []
    timed_out = cut = False
    section = ""
    for block, role in zip(document.blocks, roles, strict=True):
        spans, complete = _spans(block, role)
        whole, spans = len(spans), _bounded(block.text, spans)
        cut |= len(spans) > whole
        told += _told(block, role, spans)
        timed_out |= not complete
        if block.kind is BlockKind.HEADING and role.role is not Role.HEADLINE:
            section = block.text.strip()
        inside = opened(block.text, [span.start for span in spans])
        for span, begun in zip(spans, inside, strict=True):
            text = span.of(block.text)
            pieces = _cut(block.pieces, span)
            place = to_raw(pieces, Span(0, len(text)))
            id = f"{prefix}.{len(statements) + 1}"
            own = Statement(id, document.id, place, role.of(text), text, pieces, begun, section=section)
            statements.append(own)
    notes = (*document.notes, *told, *((FALLBACK,) if timed_out else ()), *((CUT,) if cut else ()))
    return replace(document, statements=tuple(statements), notes=notes)


def _bounded(text: str, spans: list[Span]) -> list[Span]:
    """The spans, the longest cut between words or, where there is no space, anywhere."""
    out = []
    for start, end in spans:
        while end - start > LONGEST:
            space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
            stop = space if space > 0 else start + LONGEST
            out.append(Span(start, stop))
            start = stop
            while start < end and text[start].isspace():
                start += 1
        if start < end:
            out.append(Span(start, end))
    return out


def _told(block: Block, role: Roles, spans: list[Span]) -> list[str]:
    """The editor's note in a block, from its first word on."""
    first = next((span.start for span in spans if role.is_note(span.of(block.text))), None)
    if first is None:
        return []
    note = block.text[first:].strip()
    return [f"editor's note: “{note[:MAX_NOTE]}{'…' if len(note) > MAX_NOTE else ''}”"]


def _spans(block: Block, role: Roles) -> tuple[list[Span], bool]:
    """The statements of a block; a headline, a heading and a table row are one each."""
    if role.whole or block.kind in (BlockKind.HEADING, BlockKind.CELL):
        text = block.text
        return [Span(len(text) - len(text.lstrip()), len(text.rstrip()))], True
    return sentences(block.text)


def _cut(pieces: tuple[Piece, ...], span: Span) -> tuple[Piece, ...]:
    """The pieces of a part of a view, counted from the part's start."""
    first = bisect_right(pieces, span.start, key=lambda piece: piece.view)
    cut = []
    # A piece that begins before the part may reach into it, and an end mark may stand after that.
    for at in range(max(0, first - 2), len(pieces)):
        piece = pieces[at]
        if piece.view >= span.end:
            break
        start, end = max(piece.view, span.start), min(piece.view + piece.length, span.end)
        if start < end or (piece.length == 0 and span.start <= piece.view):
            cut.append(Piece(start - span.start, piece.raw + start - piece.view, end - start))
    return tuple(cut)

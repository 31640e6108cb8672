"""A view of some runs of a text as one plain line, with the pieces that lead back.

Spaces of every kind and control characters become a plain space, one for one. Invisible
characters are left out, ligatures are spelled out, and letters followed by combining marks are
composed. Quotation marks and dashes stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from claimdiff.model import Piece

# What stands at [start, end) of the text, and what to show for it: None for the characters themselves.
Run = tuple[int, int, str | None]

# Zero-width and directional characters, soft hyphen.
_HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SPECIAL = re.compile(f"[{_HIDDEN}]+|[{''.join(_LIGATURES)}]")
_SPACE = re.compile(r"\s|[\x00-\x1f\x7f-\x9f]")


def view(text: str, runs: Iterable[Run]) -> tuple[str, tuple[Piece, ...]]:
    """The runs joined to one line, and its pieces.

    Where fewer characters are shown than stand in the text (an entity, a composed letter), a piece
    of length 0 marks the end of those in the text, so that a span that ends there takes all of them.
    """
    shown: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for start, end, instead in _clean(text, runs):
        part = text[start:end] if instead is None else instead
        length = min(len(part), end - start)
        last = pieces[-1] if pieces else None
        if last and last.length and last.view + last.length == at and last.raw + last.length == start:
            pieces[-1] = Piece(last.view, last.raw, last.length + length)
        elif length:
            pieces.append(Piece(at, start, length))
        if 0 < length < end - start:
            pieces.append(Piece(at + length - 1 if length > 1 else at, end, 0))  # an int less, of millions
        shown.append(part)
        at += len(part)
    return _SPACE.sub(" ", "".join(shown)), tuple(pieces)


def _clean(text: str, runs: Iterable[Run]) -> Iterator[Run]:
    for start, end, instead in runs:
        if instead is not None:
            yield start, end, _SPECIAL.sub(_spelled, instead)
            continue
        for special in _SPECIAL.finditer(text, start, end):
            yield from _compose(text, start, special.start())
            spelled = _LIGATURES.get(special.group())
            if spelled:
                yield special.start(), special.end(), spelled
            start = special.end()
        yield from _compose(text, start, end)


def _spelled(special: re.Match[str]) -> str:
    return _LIGATURES.get(special.group(), "")


def _compose(text: str, start: int, end: int) -> Iterator[Run]:
    """The characters in [start, end), each letter with its combining marks composed (NFC)."""
    if start == end:
        return
    if unicodedata.is_normalized("NFC", text[start:end]):
        yield start, end, None
        return
    plain = at = start
    while at < end:
        stop = at + 1
        while stop < end and _combines(text[stop]):
            stop += 1
        composed = unicodedata.normalize("NFC", text[at:stop])
        if composed != text[at:stop]:
            if plain < at:
                yield plain, at, None
            yield at, stop, composed
            plain = stop
        at = stop
    if plain < end:
        yield plain, end, None


def _combines(char: str) -> bool:
    return unicodedata.combining(char) > 0 or "\u1160" <= char <= "\u11ff"  # Hangul vowels and finals

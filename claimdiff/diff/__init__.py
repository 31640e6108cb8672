"""Word diff of two linked statements, with diff-match-patch.

Words are encoded as single private code points, so that no cut falls inside a word, and the
library's clock is off, so that the same texts always give the same diff.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from claimdiff.model import Edit

_CHUNK = re.compile(r"\s*(?:[^\W_]+|[^\w\s]|_)\s*")
_TYPOGRAPHY = str.maketrans("‘’“”«»„–—−‐‑", '\'\'"""""-----', "\u00ad\u200b")
_FIRST = 0xF0000  # plane 15, private use
MAX_CHUNKS = 4000  # words on both sides; unrelated texts beyond this cost seconds, so they count as replaced


def word_diff(old: str, new: str) -> tuple[Edit, ...]:
    """The edits that lead from `old` to `new`, in order.

    Words are equal when they are so up to case and typography. Joined in order, the `old` parts give
    `old` and the `new` parts give `new`.
    """
    olds, news = _CHUNK.findall(old), _CHUNK.findall(new)
    if "".join(olds) != old or "".join(news) != new or not olds or not news:
        return tuple(Edit(a, b) for a, b in ((old, ""), ("", new)) if a or b)
    left, right = [_key(chunk) for chunk in olds], [_key(chunk) for chunk in news]
    edits, i, j = [], 0, 0
    for op, size in _trim(left, right) if len(left) + len(right) > MAX_CHUNKS else _diff(left, right):
        if op <= 0:
            i += size
        if op >= 0:
            j += size
        edits.append(
            Edit(
                "".join(olds[i - size : i]) if op <= 0 else "", "".join(news[j - size : j]) if op >= 0 else ""
            )
        )
    return tuple(edits)


def _key(chunk: str) -> str:
    return chunk.strip().translate(_TYPOGRAPHY).casefold()


def _diff(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of words as (-1 deleted, 0 equal, 1 inserted; how many)."""
    if left == right:
        return [(0, len(left))]
    codes: dict[str, str] = {}
    old, new = (
        "".join(codes.setdefault(w, chr(_FIRST + len(codes))) for w in side) for side in (left, right)
    )
    engine = _engine()
    diffs = engine.diff_main(old, new, False)
    engine.diff_cleanupSemantic(diffs)
    return [(op, len(run)) for op, run in diffs]


def _trim(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """The same with everything between the common ends replaced."""
    shorter = min(len(left), len(right))
    start = next((n for n in range(shorter) if left[n] != right[n]), shorter)
    room = shorter - start
    end = next((n for n in range(room) if left[-1 - n] != right[-1 - n]), room)
    runs = [(0, start), (-1, len(left) - start - end), (1, len(right) - start - end), (0, end)]
    return [(op, size) for op, size in runs if size]


@cache
def _engine() -> Any:
    from diff_match_patch import diff_match_patch

    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # the default is one second of wall time: the answer would depend on the machine
    return engine

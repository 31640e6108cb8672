"""Word diff of two linked statements, with diff-match-patch.

Words are encoded as single private code points, so that no cut falls inside a word, and the
library's clock is off, so that the same texts always give the same diff.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from claimdiff.model import Edit

_CHUNK = re.compile(r"\s*(?:[^\W_]+|[^\w\s]|_)\s*")
_TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"',
                             "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "\u00ad": "", "\u200b": ""})  # fmt: skip
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
    codes: dict[str, str] = {}
    left, right = (
        "".join(codes.setdefault(_key(chunk), chr(_FIRST + len(codes))) for chunk in chunks)
        for chunks in (olds, news)
    )
    edits, i, j = [], 0, 0
    for op, run in _diff(left, right):
        size = len(run)
        if op <= 0:
            i += size
        if op >= 0:
            j += size
        edits.append(
            Edit("".join(olds[i - size : i]) if op <= 0 else "", "".join(news[j - size : j]) if op >= 0 else "")
        )
    return tuple(edits)


def _key(chunk: str) -> str:
    return chunk.strip().translate(_TYPOGRAPHY).casefold()


def _diff(left: str, right: str) -> list[tuple[int, str]]:
    engine = _engine()
    if len(left) + len(right) > MAX_CHUNKS:
        start = engine.diff_commonPrefix(left, right)
        end = engine.diff_commonSuffix(left[start:], right[start:])
        runs = [(0, left[:start]), (-1, left[start : len(left) - end]),
                (1, right[start : len(right) - end]), (0, left[len(left) - end :])]  # fmt: skip
        return [(op, run) for op, run in runs if run]
    diffs = engine.diff_main(left, right, False)
    engine.diff_cleanupSemantic(diffs)
    return list(diffs)


@cache
def _engine() -> Any:
    from diff_match_patch import diff_match_patch

    engine = diff_match_patch()
    engine.Diff_Timeout = 0  # the default is one second of wall time: the answer would depend on the machine
    return engine

"""Did you mean: the known word that somebody may have meant who wrote an unknown one."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 60  # characters that are compared: far more than any name has


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that a slip of the hand turns into this word, or of which it is the beginning; the first
    of those that are equally near, and None when nothing is."""
    own = _plain(word)
    best: tuple[int, str] | None = None
    for choice in choices:
        known = _plain(choice)
        shorter = min(len(own), len(known))
        most = max(1, shorter // 3) if shorter > 1 else 0
        begun = len(own) > 2 and known.startswith(own)
        away = min(distance(own, known, most), most if begun else most + 1)
        if away <= most and (best is None or away < best[0]):
            best = (away, choice)
    return best[1] if best else None


def _plain(word: str) -> str:
    return word[:LONGEST].casefold().replace("_", "-").replace(" ", "-")


def distance(old: str, new: str, most: int) -> int:
    """How many letters must be put in, left out, changed or swapped with the next one; `most` + 1 stands for
    anything above `most`."""
    if abs(len(old) - len(new)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(new) + 1))
    for i, letter in enumerate(old, 1):
        last, before, row = before, row, [i]
        for j, other in enumerate(new, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == new[j - 2] and old[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row[-1], most + 1)

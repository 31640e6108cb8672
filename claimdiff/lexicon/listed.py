"""The hand-written groups of words that mean the same (paraphrase.toml) or the opposite (antonym.toml)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff.lexicon import load
from claimdiff.lexicon.inflect import BRITISH, american


class _Lists(NamedTuple):
    """Groups of entries: all entries in order with the number of their group, and group by group."""

    entries: list[str]
    groups: list[int]
    members: list[str]
    bounds: list[int]


def spelt(entry: str) -> str:
    """A word or phrase in American spelling, the key of all listed entries."""
    return " ".join(american(word) for word in entry.split(" ")) if " " in entry else american(entry)


@lru_cache(maxsize=1 << 14)
def listed(name: str, entry: str) -> frozenset[str]:
    """The entries that share a group or pair of paraphrase.toml or antonym.toml with one."""
    lists = _lists(name)
    at = bisect_left(lists.entries, entry)
    found: set[str] = set()
    for group in lists.groups[at : bisect_right(lists.entries, entry, at)]:
        found.update(lists.members[lists.bounds[group] : lists.bounds[group + 1]])
    return frozenset(found - {entry})


@cache
def _lists(name: str) -> _Lists:
    table = load(name)
    groups: list[list[str]] = table["groups"] if name == "paraphrase" else table["pairs"]
    members: list[str] = []
    bounds = [0]
    of: list[int] = []
    for number, group in enumerate(groups):
        members += [spelt(entry) if BRITISH.search(entry) else entry for entry in group]
        bounds.append(len(members))
        of += [number] * len(group)
    order = sorted(range(len(members)), key=members.__getitem__)
    return _Lists([members[at] for at in order], [of[at] for at in order], members, bounds)

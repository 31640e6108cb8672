"""The lists of limiting words are sorted and hold nothing twice, and no loss is also what keeps it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from claimdiff.lexicon import load

TABLE = load("limiter")
LISTS = [(group, name) for group, lists in TABLE.items() for name in lists]


@pytest.mark.parametrize(("group", "name"), LISTS)
def test_lists_are_ordered(group: str, name: str) -> None:
    entries = TABLE[group][name]
    assert entries == sorted(entries)
    assert all(before != after for before, after in pairwise(entries))
    assert all(entry == entry.lower().strip() for entry in entries)


@pytest.mark.parametrize("group", ["habit", "case", "nearly", "part"])
def test_what_is_lost_is_told_apart_from_what_keeps_it(group: str) -> None:
    assert not set(TABLE[group]["lost"]) & set(TABLE[group]["kept"])

"""The ladder of what is to come: sorted, and no entry on two rungs."""

from __future__ import annotations

from claimdiff.lexicon import load

LADDER: dict[str, list[str]] = load("prospect")["ladder"]


def test_rungs_are_sorted() -> None:
    for entries in (*LADDER.values(), load("prospect")["draft"]["nouns"]):
        assert entries == sorted(set(entries))


def test_no_entry_stands_on_two_rungs() -> None:
    entries = [entry for rung in LADDER.values() for entry in rung]
    assert len(entries) == len(set(entries))

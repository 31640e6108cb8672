"""The hand-written word lists are sorted, hold nothing twice, and use only what their readers know."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from claimdiff.facts.tagging import TAGS
from claimdiff.lexicon import load
from claimdiff.lexicon.inflect import counts

GROUPS: list[list[str]] = load("paraphrase")["groups"]
COMMON: dict[str, list[str]] = load("common")
IRREGULAR: dict[str, list[str]] = load("irregular")
TAG_TABLES: dict[str, dict[str, Any]] = load("tags")


def assert_ordered(entries: list[Any]) -> None:
    assert entries == sorted(entries)
    for before, after in pairwise(entries):
        assert before != after


def test_paraphrases_are_ordered() -> None:
    assert_ordered(GROUPS)
    for group in GROUPS:
        assert len(group) > 1
        assert_ordered(group)


def test_no_paraphrase_group_lies_inside_another() -> None:
    holders: dict[str, list[frozenset[str]]] = {}
    for group in GROUPS:
        for entry in group:
            holders.setdefault(entry, []).append(frozenset(group))
    for group in GROUPS:
        assert not any(set(group) < other for other in holders[group[0]]), group


def test_paraphrases_are_many_and_plain() -> None:
    entries = {entry for group in GROUPS for entry in group}
    assert len(GROUPS) >= 600
    assert len(entries) >= 3000
    for entry in sorted(entries):
        assert entry == entry.lower().strip()
        assert "  " not in entry


@pytest.mark.parametrize(
    "group",
    [
        ("fall", "plunge"), ("say", "claim"), ("kill", "murder"), ("suggest", "prove"), ("decline", "refuse"),
        ("deny", "admit"), ("after", "because"), ("plan", "agree"), ("talk", "deal"), ("protest", "riot"),
    ],
)  # fmt: skip
def test_what_changes_a_claim_is_no_paraphrase(group: tuple[str, str]) -> None:
    assert not [held for held in GROUPS if set(group) <= set(held)]


@pytest.mark.parametrize("name", sorted(COMMON))
def test_common_words_are_ordered(name: str) -> None:
    assert_ordered(COMMON[name])


@pytest.mark.parametrize("name", ["verbs", "nouns", "adjectives", "extra"])
def test_irregular_forms_are_ordered(name: str) -> None:
    assert_ordered(IRREGULAR[name])
    lemmas = [entry.split()[0] for entry in IRREGULAR[name]]
    assert len(lemmas) == len(set(lemmas))


def test_irregular_verbs_are_verbs() -> None:
    for entry in IRREGULAR["verbs"]:
        lemma = entry.split()[0]
        assert not counts(lemma) or "v" in counts(lemma), entry


def test_readings_name_known_classes() -> None:
    for section in ("closed", "favoured", "endings", "after"):
        for word, entry in TAG_TABLES[section].items():
            for item in entry.split():
                name, _, cost = item.rpartition(":")
                assert name in TAGS, (word, item)
                assert float(cost) >= 0
    assert set(TAG_TABLES["after"]) >= {"START"} | (set(TAGS) - {"Q"})


@pytest.mark.parametrize("name", ["abbreviations", "numbers", "owners", "plurals"])
def test_tag_lists_are_ordered(name: str) -> None:
    assert_ordered(TAG_TABLES["other"][name])


@pytest.mark.parametrize("section", ["closed", "favoured", "endings", "lemmas"])
def test_tag_tables_are_ordered(section: str) -> None:
    assert_ordered(list(TAG_TABLES[section]))


def test_no_word_is_in_both_tables_of_readings() -> None:
    assert not set(TAG_TABLES["closed"]) & set(TAG_TABLES["favoured"])

"""Another language is noticed; English never is, however short or odd."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claimdiff.read.language import foreign_text

ROOT = Path(__file__).parents[2]
TEXTS = tomllib.loads((Path(__file__).parent / "languages.toml").read_text("utf-8"))
LISTS = tomllib.loads((ROOT / "claimdiff" / "read" / "languages.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", TEXTS["foreign"])
def test_other_languages(language: str) -> None:
    assert foreign_text(TEXTS["foreign"][language]) == language


@pytest.mark.parametrize("text", TEXTS["english"])
def test_odd_english(text: str) -> None:
    assert foreign_text(text) is None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _english() -> Iterator[Path]:
    yield from sorted((ROOT / "tests" / "cases").glob("*.toml"))
    yield from sorted((ROOT / "benchmarks" / "articles").glob("*.json"))
    yield from sorted((ROOT / "seeds").rglob("*.*"))


@pytest.mark.parametrize("path", [*_english()], ids=lambda path: path.name)
def test_all_our_texts_are_english(path: Path) -> None:
    text = path.read_text("utf-8")
    load = {".toml": tomllib.loads, ".json": json.loads}.get(path.suffix, str)
    assert [own for own in _strings(load(text)) if foreign_text(own)] == []


def test_the_lists_are_tidy() -> None:
    for group in ("latin", "cyrillic"):
        for name, words in LISTS[group].items():
            assert len(words.split()) >= 20, name
            assert words == words.lower(), name
    assert set(LISTS["scripts"]) == set(LISTS["ranges"])
    assert len(LISTS["latin"]) >= 20

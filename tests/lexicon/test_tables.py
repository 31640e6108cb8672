"""The compiled tables: the same as the TOML files, and never believed when those have changed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claimdiff import lexicon

FOLDER = Path(lexicon.__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
REMEDY = "run `python tools/build_tables.py`"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """Files that stand in for those of the folder, for as long as a test runs."""
    files: dict[str, bytes] = {}
    real = lexicon.data

    def data(name: str) -> bytes:
        return files[name] if name in files else real(name)

    _forget()
    monkeypatch.setattr(lexicon, "data", data)
    yield files
    _forget()


def _forget() -> None:
    lexicon.load.cache_clear()
    lexicon._compiled.cache_clear()


def _order(node: Any) -> Any:
    """A table with the order of its keys, which == does not look at."""
    return [(key, _order(value)) for key, value in node.items()] if isinstance(node, dict) else node


def test_every_file_is_compiled_and_nothing_else() -> None:
    assert sorted(lexicon._compiled()) == NAMES, REMEDY


@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_table_is_its_file(name: str) -> None:
    text = (FOLDER / f"{name}.toml").read_bytes()
    digest, compiled = lexicon._compiled()[name]
    assert digest == lexicon.fingerprint(text), REMEDY
    assert repr(_order(json.loads(compiled))) == repr(_order(tomllib.loads(text.decode("utf-8")))), REMEDY


def test_an_edited_file_takes_effect_at_once(elsewhere: dict[str, bytes]) -> None:
    elsewhere["overture.toml"] = lexicon.data("overture.toml") + b'\n[added]\nlist = ["new"]\n'
    assert lexicon.load("overture")["added"] == {"list": ["new"]}


def test_line_ends_are_no_edit(elsewhere: dict[str, bytes]) -> None:
    compiled = lexicon.data("tables.jsonl")
    before = lexicon.data("overture.toml")
    assert lexicon.fingerprint(before.replace(b"\n", b"\r\n")) == lexicon.fingerprint(before)
    assert lexicon.fingerprint(before).encode() in compiled


def test_without_the_compiled_file_the_toml_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = lexicon.load("overture")
    _forget()
    monkeypatch.setattr(lexicon, "COMPILED", "absent.jsonl")
    assert lexicon.load("overture") == expected
    assert lexicon._compiled() == {}
    _forget()


def test_a_name_that_no_file_has_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        lexicon.load("absent")

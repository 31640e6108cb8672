"""The pairs in seeds/, held against what a careful editor says of them (seeds/*/expected.toml).

An entry that carries `missed` names what the program does not get right yet. Its test is expected to
fail, and fails itself once the program gets it right: then the word `missed` has to go.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import claimdiff
from claimdiff import Comparison, Finding, Kind, Role, Severity, Statement, Type

SEEDS = Path(__file__).parents[1] / "seeds"
NAMES = ("envoy", "faithful", "figures", "page", "two-sources", "voices")
SIDES = ("source", "derivative")
_KEYS = {
    "finding": {"kind", "types", "severity", "missed", *SIDES},
    "silent": {"missed", *SIDES},
    "boilerplate": {"missed", *SIDES},
}


@cache
def _expected(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((SEEDS / name / "expected.toml").read_text(encoding="utf-8"))


@cache
def _comparison(name: str) -> Comparison:
    folder = SEEDS / name
    (derivative,) = folder.glob("derivative.*")
    return claimdiff.compare(sorted(folder.glob("source*.*")), derivative)


def _entries(table: str) -> list[Any]:
    return [_case(name, entry) for name in NAMES for entry in _expected(name).get(table, [])]


def _case(name: str, entry: dict[str, Any]) -> Any:
    side, words = _words(entry)
    missed = [pytest.mark.xfail(reason=it, raises=AssertionError, strict=True) for it in _missed(entry)]
    return pytest.param(name, entry, id=f"{name} {side}: {words[:60]}", marks=missed)


def _missed(entry: dict[str, Any]) -> list[str]:
    return [entry["missed"]] if "missed" in entry else []


def _words(entry: dict[str, Any]) -> tuple[str, str]:
    """The side of an entry and the words that stand there."""
    (side,) = (side for side in SIDES if side in entry)
    return side, entry[side]


def _holding(name: str, entry: dict[str, Any]) -> list[Statement]:
    """The statements that hold the words of an entry."""
    side, words = _words(entry)
    comparison = _comparison(name)
    documents = comparison.sources if side == "source" else (comparison.derivative,)
    return [own for document in documents for own in document.statements if words in own.text]


def _statement(name: str, entry: dict[str, Any]) -> Statement:
    (own,) = _holding(name, entry)
    return own


def _at(name: str, own: Statement, side: str) -> list[Finding]:
    """The findings that lie in a statement; on the source's side only omissions do."""
    findings = _comparison(name).findings
    if side == "derivative":
        return [it for it in findings if it.derivative and it.derivative.statement == own.id]
    return [it for it in findings if it.kind is Kind.OMISSION and it.source and it.source.statement == own.id]


def _told(findings: list[Finding]) -> str:
    return "; ".join(f"{it.rule} ({it.confidence:.2f}): {it.message}" for it in findings) or "nothing"


def test_every_folder_is_held() -> None:
    assert sorted(path.name for path in SEEDS.iterdir() if path.is_dir()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_well_formed(name: str) -> None:
    tables = _expected(name)
    assert set(tables) <= set(_KEYS)
    for table, entries in tables.items():
        for entry in entries:
            assert set(entry) <= _KEYS[table], entry
            side, _ = _words(entry)
            if table == "finding":
                kind = Kind(entry["kind"])
                assert (side == "source") == (kind is Kind.OMISSION), entry
                assert bool(entry.get("types")) == (kind is Kind.DISTORTION), entry
                assert set(entry.get("types", ())) <= {own.value for own in Type}, entry
                assert entry.get("severity", "major") in {own.value for own in Severity}, entry
            assert entry.get("missed", "why").strip()


@pytest.mark.parametrize("name", NAMES)
def test_words_stand_in_one_statement(name: str) -> None:
    for entries in _expected(name).values():
        for entry in entries:
            held = _holding(name, entry)
            assert len(held) == 1, f"{_words(entry)} stands in {[own.text for own in held]}"


@pytest.mark.parametrize("name", NAMES)
def test_every_derivative_statement_is_labelled_one_way(name: str) -> None:
    tables: dict[str, set[str]] = {}
    for table, entries in _expected(name).items():
        for entry in entries:
            if _words(entry)[0] == "derivative":
                tables.setdefault(_statement(name, entry).id, set()).add(table)
    for own in _comparison(name).derivative.statements:
        assert len(tables.get(own.id, ())) == 1, f"{tables.get(own.id)}: {own.text}"


@pytest.mark.parametrize("name", NAMES)
def test_pairs_have_the_length_of_an_article(name: str) -> None:
    comparison = _comparison(name)
    for document in comparison.documents():
        count = Counter(own.role is Role.BOILERPLATE for own in document.statements)
        assert 8 <= count[False] <= 28, (document.name, count)


@pytest.mark.parametrize(("name", "entry"), _entries("finding"))
def test_finds(name: str, entry: dict[str, Any]) -> None:
    own = _statement(name, entry)
    found = _at(name, own, _words(entry)[0])
    types = {Type(word) for word in entry.get("types", [])}
    hits = [it for it in found if it.kind == entry["kind"] and (not types or types & set(it.types))]
    assert hits, f"not found in {own.text!r}: {_told(found)}"
    if "severity" in entry:
        assert any(it.severity == entry["severity"] for it in hits), _told(hits)


@pytest.mark.parametrize(("name", "entry"), _entries("silent"))
def test_stays_silent(name: str, entry: dict[str, Any]) -> None:
    own = _statement(name, entry)
    found = _at(name, own, _words(entry)[0])
    assert own.role is not Role.BOILERPLATE, own.text
    assert not found, f"false alarm in {own.text!r}: {_told(found)}"


@pytest.mark.parametrize(("name", "entry"), _entries("boilerplate"))
def test_sets_boilerplate_aside(name: str, entry: dict[str, Any]) -> None:
    own = _statement(name, entry)
    found = [*_at(name, own, "source"), *_at(name, own, "derivative")]
    assert own.role is Role.BOILERPLATE, own.text
    assert not found, f"finding in boilerplate {own.text!r}: {_told(found)}"

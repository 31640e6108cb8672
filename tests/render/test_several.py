"""Reports of several pairs as one: each is valid in its format, and holds all that they held."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from markdown_it import MarkdownIt
from odd import NASTY, of_place, of_words
from test_verdict import blocked, for_review

from claimdiff.model import Comparison
from claimdiff.render import FORMATS
from claimdiff.render.several import JOINABLE, RULE, join

SCHEMA = json.loads((Path(__file__).parent / "sarif.schema.json").read_text(encoding="utf-8"))
READER = MarkdownIt("commonmark").enable(["table"])


def rendered(form: str, comparison: Comparison) -> str:
    return FORMATS[form].render(comparison, color=False, width=80)


@pytest.fixture
def several(pair: Comparison) -> list[Comparison]:
    """A judged pair, the same without a verdict, one of another name, and one with words that act."""
    other = of_place("12%", name="other.md")
    return [blocked(pair), pair, other, *map(of_words, NASTY), for_review(pair)]


@pytest.mark.parametrize("form", sorted(JOINABLE))
def test_one_comes_back_as_it_is(pair: Comparison, form: str) -> None:
    text = rendered(form, pair)
    assert join(form, [text]) is text


def test_all_formats_but_the_page_can_be_joined() -> None:
    assert FORMATS.keys() - JOINABLE == {"html"}
    assert not JOINABLE - FORMATS.keys()


@pytest.mark.parametrize(
    ("form", "texts", "says"),
    [
        ("html", ["<html>"], "html"),
        ("html", ["<html>", "<html>"], "html"),
        ("pdf", ["x"], "pdf"),
        ("text", [], "nothing"),
        ("json", [], "nothing"),
    ],
)
def test_what_cannot_be_joined(form: str, texts: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        join(form, texts)


def is_text(text: str, parts: list[str]) -> None:
    assert text.split(f"\n{RULE}\n\n") == parts


def is_markdown(text: str, parts: list[str]) -> None:
    tokens = [own.type for own in READER.parse(text) if own.level == 0]
    each = [[own.type for own in READER.parse(part) if own.level == 0] for part in parts]
    assert tokens == [kind for one in each for kind in ("hr", *one)][1:]


def is_json(text: str, parts: list[str]) -> None:
    assert json.loads(text) == [json.loads(part) for part in parts]
    for part in parts:
        assert part.strip() in text


def is_sarif(text: str, parts: list[str]) -> None:
    data = json.loads(text)
    jsonschema.validate(data, SCHEMA)
    ids = [run["automationDetails"].pop("id") for run in data["runs"]]
    assert len(set(ids)) == len(ids) == len(parts)
    assert all(id.startswith("claimdiff/") and id.endswith("/") for id in ids)
    runs = [run for part in parts for run in json.loads(part)["runs"]]
    for run in runs:
        run["automationDetails"].pop("id")
    assert data["runs"] == runs


def is_rdjson(text: str, parts: list[str]) -> None:
    data = json.loads(text)
    assert data["diagnostics"] == [own for part in parts for own in json.loads(part)["diagnostics"]]
    assert data["source"] == {"name": "claimdiff"}


def is_junit(text: str, parts: list[str]) -> None:
    top, each = ElementTree.fromstring(text.encode()), [ElementTree.fromstring(own.encode()) for own in parts]
    suites = [suite for one in each for suite in one]
    assert [own.attrib for own in top] == [own.attrib for own in suites]
    for tag in ("failure", "system-out", "testcase", "skipped"):
        found = [own for one in each for own in one.iter(tag)]
        assert [own.attrib for own in top.iter(tag)] == [own.attrib for own in found]
        if tag in ("failure", "system-out"):
            assert [own.text for own in top.iter(tag)] == [own.text for own in found]
    for count, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        assert top.get(count) == str(len(top.findall(f".//{tag}")))


def is_csv(text: str, parts: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    each = [list(csv.DictReader(io.StringIO(part, newline=""))) for part in parts]
    assert rows == [{**row, "stops": row.get("stops", "")} for one in each for row in one]


def is_annotation(text: str, parts: list[str]) -> None:
    data = json.loads(text)
    items = data["first"]["items"]
    ids = [own["id"] for own in items]
    assert len(set(ids)) == len(ids) == data["total"]
    assert data["type"] == "AnnotationCollection"
    each = [own for part in parts for own in json.loads(part)["first"]["items"]]
    assert [own["target"] for own in items] == [own["target"] for own in each]


def is_github(text: str, parts: list[str]) -> None:
    assert text == "".join(parts)
    assert all(line.startswith("::") for line in text.splitlines())


SOUND: dict[str, Callable[[str, list[str]], Any]] = {
    "text": is_text,
    "markdown": is_markdown,
    "markdown-summary": is_markdown,
    "json": is_json,
    "sarif": is_sarif,
    "github": is_github,
    "rdjson": is_rdjson,
    "junit": is_junit,
    "annotation": is_annotation,
    "csv": is_csv,
}


@pytest.mark.parametrize("form", sorted(JOINABLE))
def test_many_are_one_sound_text(several: list[Comparison], form: str) -> None:
    parts = [rendered(form, own) for own in several]
    text = join(form, parts)
    text.encode("utf-8")
    SOUND[form](text, parts)
    assert join(form, parts) == text


@pytest.mark.parametrize("form", sorted(JOINABLE))
def test_pairs_without_findings(pair: Comparison, form: str) -> None:
    parts = [rendered(form, replace(pair, findings=())), rendered(form, pair)]
    text = join(form, parts)
    if form != "csv":
        SOUND[form](text, parts)
    else:
        assert text == parts[1]

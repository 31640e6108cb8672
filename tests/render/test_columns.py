"""Lines and columns: each format counts as its readers do, whatever the text is made of."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd import BOM, TEXT, of_place

from claimdiff.model import Span
from claimdiff.render import FORMATS
from claimdiff.render.columns import Breaks, Columns, Region, Spot, Unit, length

# Words, and the line, first column and first column outside: in code points by an editor's lines, in
# code points by git's, and in the bytes of UTF-8 by git's.
PLACES = [
    ("Head 😀", (1, 1, 7), (1, 1, 7), (1, 1, 10)),
    ("12%", (3, 15, 18), (3, 15, 18), (3, 22, 25)),
    ("🇳🇴 rose", (3, 7, 14), (3, 7, 14), (3, 8, 21)),
    ("“says”", (4, 16, 22), (3, 41, 47), (3, 51, 61)),
    ("😀 line", (5, 6, 12), (4, 6, 12), (4, 6, 15)),
]
each_place = pytest.mark.parametrize(("words", "editor", "git", "utf8"), PLACES)
with_bom = pytest.mark.parametrize("bom", ["", BOM], ids=["plain", "bom"])
Triple = tuple[int, int, int]


def _rendered(form: str, words: str, bom: str) -> str:
    return FORMATS[form].render(of_place(words, bom + TEXT))


@with_bom
@each_place
def test_sarif(words: str, editor: Triple, git: Triple, utf8: Triple, bom: str) -> None:
    run = json.loads(_rendered("sarif", words, bom))["runs"][0]
    first, lost = run["results"]
    for location in (first["locations"][0], first["relatedLocations"][0], lost["relatedLocations"][0]):
        region = location["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"], region["endColumn"]) == editor
        assert region["endLine"] == region["startLine"]
        assert region["snippet"]["text"] == words
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["newlineSequences"] == ["\r\n", "\n", "\r"]
    point = lost["locations"][0]["physicalLocation"]["region"]
    ends = {1: 7, 3: 25, 4: 27, 5: 12}
    assert (point["startLine"], point["startColumn"]) == (editor[0], ends[editor[0]])
    assert (point["endLine"], point["endColumn"]) == (point["startLine"], point["startColumn"])


@with_bom
@each_place
def test_github(words: str, editor: Triple, git: Triple, utf8: Triple, bom: str) -> None:
    first = _rendered("github", words, bom).splitlines()[0]
    line, start, end = git
    assert f",line={line},endLine={line},col={start},endColumn={end - 1}," in first
    assert first.startswith("::error file=d.md,")


@with_bom
@each_place
def test_rdjson(words: str, editor: Triple, git: Triple, utf8: Triple, bom: str) -> None:
    first, lost = json.loads(_rendered("rdjson", words, bom))["diagnostics"]
    line, start, end = utf8
    want = {"start": {"line": line, "column": start}, "end": {"line": line, "column": end}}
    assert first["location"] == {"path": "d.md", "range": want}
    assert first["relatedLocations"][0]["location"] == {"path": "wire/s 1.md", "range": want}
    assert lost["location"]["range"]["start"] == lost["location"]["range"]["end"]


@with_bom
@each_place
def test_annotation(words: str, editor: Triple, git: Triple, utf8: Triple, bom: str) -> None:
    first, lost = json.loads(_rendered("annotation", words, bom))["first"]["items"]
    text = bom + TEXT
    for target in first["target"]:
        quote, position = target["selector"]
        assert text[position["start"] : position["end"]] == quote["exact"] == words
        assert quote["prefix"] + words + quote["suffix"] in text
    assert [own["type"] for own in lost["target"][0]["selector"]] == ["TextPositionSelector"]
    assert [own["source"] for own in first["target"]] == ["d.md", "wire/s%201.md"]


@with_bom
@each_place
def test_csv(words: str, editor: Triple, git: Triple, utf8: Triple, bom: str) -> None:
    first, _ = csv.DictReader(io.StringIO(_rendered("csv", words, bom), newline=""))
    assert (int(first["derivative line"]), int(first["derivative column"])) == editor[:2]
    assert (int(first["source line"]), int(first["source column"])) == editor[:2]
    assert first["source words"] == words


@with_bom
@each_place
def test_junit_and_reports(words: str, editor: Triple, git: Triple, utf8: Triple, bom: str) -> None:
    top = ElementTree.fromstring(_rendered("junit", words, bom).encode())
    failed = [own for own in top.iter("testcase") if own.find("failure") is not None]
    assert [(own.get("file"), own.get("line")) for own in failed] == [
        ("d.md", str(editor[0])),
        ("wire/s 1.md", str(editor[0])),
    ]
    made = of_place(words, bom + TEXT)
    assert f"  derivative:{editor[0]} " in FORMATS["text"].render(made, color=False, width=80)
    assert f", line {editor[0]})" in FORMATS["markdown"].render(made)


# --- the module itself --------------------------------------------------------------------------------

ODD = st.text(st.sampled_from("ab\r\n😀\u0301\ufeffé"), max_size=12)


@given(ODD, st.integers(0, 12), st.sampled_from(Unit), st.sampled_from(Breaks))
def test_a_spot_leads_back_to_its_offset(text: str, offset: int, unit: Unit, breaks: Breaks) -> None:
    """A line and a column name one place, but for the inside of a line's break and of a mark at the start."""
    offset = min(offset, len(text))
    spot = Columns(text, unit, breaks).spot(offset)
    lines = text.removeprefix(BOM).replace("\r\n", "\n")
    if breaks is Breaks.EDITOR:
        lines = lines.replace("\r", "\n")
    line = lines.split("\n")[spot.line - 1]
    before = [line[:at] for at in range(len(line) + 1) if length(line[:at], unit) == spot.column - 1]
    assert len(before) == 1
    same = [at for at in range(len(text) + 1) if Columns(text, unit, breaks).spot(at) == spot]
    assert offset in same
    assert set(text[same[0] : same[-1]]) <= {"\r", BOM}


@given(ODD, st.integers(0, 12), st.integers(0, 12), st.sampled_from(Breaks))
def test_a_region_runs_forward(text: str, start: int, length: int, breaks: Breaks) -> None:
    span = Span(min(start, len(text)), min(start + length, len(text)))
    region = Columns(text, breaks=breaks).region(span)
    assert region.start <= region.end
    assert min(region.start) >= 1


@pytest.mark.parametrize(
    ("span", "region"),
    [
        (Span(0, 3), Region(Spot(1, 1), Spot(1, 3))),  # without the break that it ends with
        (Span(1, 5), Region(Spot(1, 2), Spot(2, 2))),
        (Span(3, 3), Region(Spot(1, 3), Spot(1, 3))),  # between CR and LF
        (Span(9, 99), Region(Spot(2, 3), Spot(2, 3))),  # behind the end
    ],
)
def test_regions(span: Span, region: Region) -> None:
    assert Columns("ab\r\ncd").region(span) == region


def test_units() -> None:
    assert [length("e\u0301😀", unit) for unit in (Unit.CODE_POINT, Unit.UTF16, Unit.UTF8)] == [3, 4, 7]
    assert length("\ud800", Unit.UTF8) == 3


def test_a_range_over_lines_has_no_columns_on_github() -> None:
    made: Any = of_place("Cafe\u0301 🇳🇴 rose")
    place = made.findings[0].derivative
    wide = place._replace(span=Span(place.span.start, len(TEXT)))
    from dataclasses import replace

    made = replace(made, findings=(replace(made.findings[0], derivative=wide),))
    first = FORMATS["github"].render(made).splitlines()[0]
    assert "line=3,endLine=4,title=" in first

"""Every form of text: its blocks, the way back to the file, what it says about itself; how a form is told."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from claimdiff.errors import InputError
from claimdiff.model import Document, Span, to_raw
from claimdiff.read import EXTENSIONS, FORMS, read_bytes, read_path, read_text
from claimdiff.read.form import of_bytes, of_name, of_text

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "forms.toml").read_text("utf-8"))["case"]
WIRE = [case for case in CASES if "form" not in case]


def read(case: dict[str, Any]) -> Document:
    return read_bytes(case["text"].encode(), id="s", name="n", form=case.get("form"))


def raw(document: Document, words: str) -> str:
    for block in document.blocks:
        at = block.text.find(words)
        if at >= 0:
            return to_raw(block.pieces, Span(at, at + len(words))).of(document.text)
    raise AssertionError(words)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_form(case: dict[str, Any]) -> None:
    document = read(case)
    assert document.text == case["text"]
    assert [f"{block.kind}|{block.text}" for block in document.blocks] == case["blocks"]
    for words, there in case.get("places", ()):
        assert raw(document, words) == there
    assert [list(pair) for pair in document.metadata] == case.get("metadata", [])
    for note, says in zip(document.notes, case.get("notes", ()), strict=True):
        assert says in note


def test_a_page_is_its_article() -> None:
    pytest.importorskip("trafilatura", reason="needs trafilatura")
    document = read_path(HERE / "page.html", id="s")
    shown = [block.text for block in document.blocks]
    assert shown[0] == "Ferry line adds two boats"
    assert shown[-1].endswith("on Tuesday evening.")
    for words in ("He declined.", "Two boats will sail from Sundal.", "What passengers say"):
        assert words in shown
    for words in ("Sport", "Related", "Copyright", "bad idea", "Photo"):
        assert not any(words in text for text in shown)
    assert raw(document, "No jobs will be lost,” Brekke") == "No jobs will be lost,&rdquo; Brekke"
    assert raw(document, "director Ola") == 'director <a href="/ob">Ola'
    assert document.metadata == (
        ("headline", "Ferry line adds two boats"),
        ("byline", "Mara Lund"),
        ("date", "2024-05-06"),
        ("url", "https://harbour.example/ferry"),
        ("isBasedOn", "https://wire.example/1"),
        ("language", "en-GB"),
    )
    assert document.notes == ()


def test_a_page_without_an_article_is_read_whole_and_says_so() -> None:
    pytest.importorskip("trafilatura", reason="needs trafilatura")
    document = read_text("<html><body><p>One.<p>Two.</body></html>", id="s", form="html")
    assert [block.text for block in document.blocks] in (["One.", "Two."], ["Two."])
    deep = read_text("<html><body>" + "<div>" * 300 + "<p>One.", id="s", form="html")
    assert [block.text for block in deep.blocks] == ["One."]
    assert "no article body" in deep.notes[0] and "too deeply" in deep.notes[0]


@pytest.mark.parametrize(
    ("module", "data", "form", "extra"),
    [
        ("trafilatura", b"<html><body><p>One.</body></html>", "html", "html"),
        ("charset_normalizer", bytes(range(160, 250)) * 20, "text", "encoding"),
    ],
)
def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, data: bytes, form: str, extra: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(InputError, match=rf"pip install 'claimdiff\[{extra}\]'"):
        read_bytes(data, id="s", name="n", form=form)


def test_a_fragment_needs_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "trafilatura", None)
    assert read_text("<p>One.", id="s", form="html").blocks[0].text == "One."


@pytest.mark.parametrize("case", WIRE, ids=[case["name"] for case in WIRE])
def test_wire_forms_are_told_by_their_beginning(case: dict[str, Any]) -> None:
    form = of_text(case["text"])
    assert (form or "none") in case["name"].lower() or (form == "rss" and case["name"].startswith("Atom"))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "text"), ("Words.", "text"), ("<p>One.</p>", "text"), ("<3 is a heart", "text"), ("<", "text"),
        ("{not json", "text"), ('{"a": 1}', "text"), ('{"headline": 1}', "ninjs"),
        ("\ufeff <!DOCTYPE html><p>x", "html"), ("<!-- x --><HTML lang=en>", "html"), ("<html>", "html"),
        ("<?xml version='1.0'?>\n<!-- a -->\n<rss>", "rss"), ("<atom:feed >", "rss"), ("<svg>", "text"),
        ("<?xml version='1.0'?><svg>", None), ("<?xml", None),
    ],
)  # fmt: skip
def test_content(text: str, form: str | None) -> None:
    assert of_text(text) == form


def test_xml_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InputError, match="is XML of a kind that is not known"):
        read_bytes(b"<?xml version='1.0'?><svg/>", id="s", name="n.xml")


def test_names() -> None:
    assert {of_name(f"x{extension.upper()}") for extension in EXTENSIONS} - {None} == set(FORMS)
    assert of_name("x") is of_name("x.xml") is None
    assert (of_bytes(b"%PDF-1.7"), of_bytes(b"PK\x03\x04 word/d.xml"), of_bytes(b"x")) == (
        "pdf",
        "docx",
        None,
    )


@pytest.mark.parametrize(
    ("text", "form", "says"),
    [
        ("<p>One.</p>", "nitf", "has no body.content, as NITF would"),
        ("<p>One", "nitf", "is no well-formed XML"),
        ("<a/>", "newsml", "as NewsML would"),
        ("<rss/>", "rss", "holds no item or entry"),
        ("{", "ninjs", "is no JSON"),
        ("[1]", "ninjs", "is no JSON object"),
        ("{}", "ninjs", "has no body_text"),
        ("x", "klingon", "no such form"),
    ],
)
def test_what_is_not_what_it_should_be(text: str, form: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_text(text, id="s", form=form)

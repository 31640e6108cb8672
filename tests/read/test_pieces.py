"""Whatever is read, every place leads back to the words that it stands for, and nothing but InputError is
raised."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.errors import InputError
from claimdiff.model import Document
from claimdiff.read import read_bytes, read_text
from claimdiff.read.layer import Layer, one_newline
from claimdiff.read.plain import plain_blocks

TEXT_FORMS = ("text", "markdown", "html", "ninjs", "nitf", "newsml", "rss")
CODED = re.compile(r"&#?\w+;?|\\u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})?|\\.|</?q[\s>]", re.DOTALL)

BITS = st.sampled_from(
    ["word", "Two words.", " ", "\n", "\r\n", "\r", "\n\n", "<p>", "</p>", "<b>", "</b>", "<br>",
     "<br/>", "<li>", "<ul>",
     "</ul>", "<table>", "<tr>", "<td>", "<th>", "</table>", "<div hidden>", "</div>", "<h1>", "</h1>",
     "<q>", "</q>",
     "<pre>", "</pre>", "<script>", "</script>", "<!--", "-->", "<!", "<?x>", "<a href='x>y'>",
     "<a b=\"", "<", ">", "</",
     "&amp;", "&lt;", "&nbsp;", "&eacute;", "&#8217;", "&#x1F600;", "&shy;", "&ampere", "&", "&#",
     "&#xD800;",
     "é", "e\u0301", "ﬁ", "\u00ad", "\u00a0", "\u202e", "\x00", "\u2028", "😀", "\ud800", "<title>",
     "<style>", "<nav>",
     "<media>", "<![CDATA[", "]]>", "<html>"]
)  # fmt: skip
SOUP = st.lists(BITS, max_size=30).map("".join)
ESCAPES = st.sampled_from(
    ["\\n", "\\r\\n", '\\"', "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "\\t"]
)
INNER = st.lists(
    st.one_of(ESCAPES, st.sampled_from(["word", " ", "<p>", "<\\/p>", "&amp;", "é"])), max_size=30
)


def home(document: Document) -> None:
    """Each piece stands for what it shows, and none runs backwards."""
    coded = [False] * (len(document.text) + 1)
    for found in CODED.finditer(document.text):
        coded[found.start() : found.end()] = [True] * len(found.group())
    for block in document.blocks:
        assert block.text.strip()
        assert "\n" not in block.text and "\r" not in block.text
        view = end = 0
        for piece in block.pieces:
            assert piece.view >= view - (piece.length == 0) and piece.raw >= end
            view, end = piece.view + piece.length, piece.raw + piece.length
            assert end <= len(document.text) and view <= len(block.text)
            for at in range(piece.length):
                char, stands = block.text[piece.view + at], document.text[piece.raw + at]
                space = char == " " and (stands.isspace() or not stands.isprintable() or stands == "<")
                assert space or coded[piece.raw + at] or first(char) == first(stands), (char, stands)


def first(char: str) -> str:
    return unicodedata.normalize("NFKD", char)[0]


@settings(max_examples=300, deadline=None)
@given(SOUP, st.sampled_from(("text", "html")))
def test_any_soup_leads_home(text: str, form: str) -> None:
    home(read_text(text.replace("<html>", ""), id="s", form=form))


@settings(max_examples=100, deadline=None)
@given(INNER, st.booleans())
def test_json_leads_home(parts: list[str], html: bool) -> None:
    key = "body_html" if html else "body_text"
    text = f'{{"headline": "A \\"day\\"", "{key}": "x{"".join(parts)}"}}'
    document = read_text(text, id="s", form="ninjs")
    home(document)
    assert json.loads(text)[key][:1] == "x"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(
    ["word", " ", "\r\n", "\n", "<p>", "é", "&amp;", "&#8217;", "<![CDATA[a < b]]>", "<br/>", "</p><p>", "😀"]
), max_size=20))  # fmt: skip
def test_xml_leads_home(parts: list[str]) -> None:
    inner = "".join(parts)
    for text, form in (
        (f"<nitf><body.content><p>{inner}</p></body.content></nitf>", "nitf"),
        (f"<newsItem><inlineXML><p>{inner}</p></inlineXML></newsItem>", "newsml"),
        (f"<rss><item><title>é</title><description>{inner}</description></item></rss>", "rss"),
    ):
        try:
            home(read_text(text, id="s", form=form))
        except InputError:
            assert inner.count("<p>") > 0  # an opened paragraph that nothing closes


@settings(max_examples=200, deadline=None)
@given(SOUP, st.sampled_from(TEXT_FORMS))
def test_nothing_but_an_input_error(text: str, form: str) -> None:
    for whole in (text, f"<nitf><body.content>{text}</body.content></nitf>", f'{{"body_html": "{text}"}}'):
        try:
            document = read_text(whole.replace("<html>", ""), id="s", form=form)
        except InputError as error:
            assert "\n" not in str(error)
        else:
            document.text.encode("utf-8")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120), st.sampled_from((None, *TEXT_FORMS)))
def test_any_bytes_in_any_form(data: bytes, form: str | None) -> None:
    try:
        read_bytes(data, id="s", name="n", form=form).text.encode("utf-8")
    except InputError as error:
        assert "\n" not in str(error)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["One two.", "three", "\r", "\n", "\r\n", " ", "é"]), max_size=30).map("".join)
)
def test_line_breaks_change_nothing_but_places(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    document = read_text(text, id="s")
    assert document.text == text
    assert one_newline(text).text == lines
    assert [block.text for block in document.blocks] == [block.text for block in plain_blocks(lines)]
    home(document)


def test_a_layer_within_a_layer() -> None:
    outer = "a&amp;b\\nc"
    inner = Layer(outer, [(0, 1, None), (1, 6, "&"), (6, 7, None), (7, 9, "\n"), (9, 10, None)])
    assert inner.text == "a&b\nc"
    (block,) = inner.lift(plain_blocks(inner.text))
    assert [tuple(piece) for piece in block.pieces] == [
        (0, 0, 1), (1, 1, 1), (1, 6, 0), (2, 6, 1), (3, 7, 1), (3, 9, 0), (4, 9, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("form", TEXT_FORMS)
def test_empty(form: str) -> None:
    try:
        assert read_text("", id="s", form=form).blocks == ()
    except InputError as error:
        assert str(error).startswith("text: ")

"""Reading: what comes out of good input, and the one line that bad input gives."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.errors import InputError
from claimdiff.model import BlockKind, Document, Span, to_raw
from claimdiff.read import MAX_BYTES, read_bytes, read_path, read_text


def shown(text: str, *, markdown: bool = False) -> list[str]:
    return [block.text for block in read_text(text, id="s", markdown=markdown).blocks]


def decomposed(char: str) -> str:
    return unicodedata.normalize("NFKD", char)


def raw(document: Document, words: str) -> str:
    """What stands in the document's text for these words of its blocks."""
    for block in document.blocks:
        at = block.text.find(words)
        if at >= 0:
            return to_raw(block.pieces, Span(at, at + len(words))).of(document.text)
    raise AssertionError(words)


HEADLINE = "Council votes to close the old bridge over the river in autumn"
PLAIN = [
    ("blank lines part", "One.\n\nTwo.\n \nThree.", ["One.", "Two.", "Three."]),
    (
        "wrapped prose is one paragraph",
        "The council voted late on Monday to close the old bridge,\n"
        "which has carried lorries over the river since the year 1931,\n"
        "for nine months of repairs. Ferries will run instead. The\n"
        "first one leaves at six in the morning.\n",
        [
            "The council voted late on Monday to close the old bridge, which has carried lorries over the "
            "river since the year 1931, for nine months of repairs. Ferries will run instead. The first one "
            "leaves at six in the morning."
        ],
    ),
    ("short lines stand alone", "Made by Harbour Machine, Edited by\nInes Duarte", [
        "Made by Harbour Machine, Edited by", "Ines Duarte",
    ]),
    ("a headline above its paragraph", f"{HEADLINE}\n{'Word ' * 40}", [HEADLINE, ("Word " * 40).strip()]),
    ("one line a paragraph", "One long line. " * 12 + "\n" + "Two long lines. " * 12, [
        ("One long line. " * 12).strip(), ("Two long lines. " * 12).strip(),
    ]),
    ("a line that goes on in lower case", "The council voted on Monday to close\nthe bridge.", [
        "The council voted on Monday to close the bridge.",
    ]),
    ("list marks are left out", "- One\n* Two\n• Three\n1. Four", ["One", "Two", "Three", "Four"]),
    ("dashes and years are no list marks", "—One\n\n2024. Two\n\n* * *", ["—One", "2024. Two", "* * *"]),
    ("odd spaces become spaces", "a\u00a0b\u2009c\td\x00e", ["a b c d e"]),
    ("invisible characters are left out", "a\u200bb\u00adc\ufeffd", ["abcd"]),
    ("ligatures are spelled out", "oﬃce ﬁn", ["office fin"]),
    ("letters are composed", "Jose\u0301 left", ["José left"]),
    ("quotes and dashes stay", "“a” ‘b’ — –", ["“a” ‘b’ — –"]),
    ("nothing to read", " \n\t\n\u200b", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "blocks"), [case[1:] for case in PLAIN], ids=[case[0] for case in PLAIN])
def test_plain(text: str, blocks: list[str]) -> None:
    assert shown(text) == blocks


def test_items_are_items() -> None:
    kinds = [block.kind for block in read_text("Head\n\n- One", id="s").blocks]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.ITEM]


MARKDOWN = [
    ("headings", "# One *two*\n\nThree\n===\n", ["One two", "Three"]),
    ("links keep their text", 'See [the *report*](http://a.b "the report") and [more][r].\n\n[r]: http://c', [
        "See the report and more.",
    ]),
    ("images go", "![a cat](cat.png) Cats sleep.\n\n![only](x.png)", [" Cats sleep."]),
    ("code spans stay, code blocks go", "Use `a  b`.\n\n```\nx\n```\n\n    y\n", ["Use a  b."]),
    ("html goes, what it marks stays", "<div>\nx\n</div>\n\na <b>c</b> <!-- d --> e", ["x", "a c  e"]),
    ("entities and escapes", "AT&amp;T &lt; 5\\* &#233;", ["AT&T < 5* é"]),
    ("breaks are spaces", "one  \ntwo\nthree\\\nfour", ["one two three four"]),
    ("lists and quotes", "- one\n  two\n- three\n\n> four\nfive", ["one two", "three", "four five"]),
    ("table rows", "| a | b |\n|---|---|\n| c \\| d | *e* |\n| f | |", ["c | d, e", "f"]),
    ("autolinks", "<http://a.b/c> is up", ["http://a.b/c is up"]),
    ("struck out", "a ~~b~~ c", ["a b c"]),
    ("stray marks", "a * b _ c [d] e", ["a * b _ c [d] e"]),
    ("deep quotes", "> " * 30 + "deep", ["deep"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "blocks"), [case[1:] for case in MARKDOWN], ids=[case[0] for case in MARKDOWN]
)
def test_markdown(text: str, blocks: list[str]) -> None:
    assert shown(text, markdown=True) == blocks


def test_the_way_back() -> None:
    text = 'The **AT&amp;T [deal](http://deal.example/deal "deal")** is `done` &mdash; a deal\\* now.'
    document = read_text(text, id="s", markdown=True)
    assert raw(document, "The AT&T") == "The **AT&amp;T"
    assert raw(document, "deal") == "deal"
    assert raw(document, "T deal is") == 'T [deal](http://deal.example/deal "deal")** is'
    assert raw(document, "done") == "done"
    assert raw(document, "a deal*") == "a deal\\*"
    assert raw(read_text("Jose\u0301 left", id="s"), "José") == "Jose\u0301"
    assert raw(read_text("an oﬃce", id="s"), "an office") == "an oﬃce"


def test_front_matter() -> None:
    text = '---\ntitle: "One: two"\ntags: [a, "b"]\nlist:\n  - c\n  - d\n---\n# Head\n'
    document = read_text(text, id="s", markdown=True)
    assert document.metadata == (
        ("title", "One: two"),
        ("tags", "a"),
        ("tags", "b"),
        ("list", "c"),
        ("list", "d"),
    )
    assert [block.text for block in document.blocks] == ["Head"]
    assert raw(document, "Head") == "Head"
    assert read_text("---\nJust a rule\n---\n", id="s", markdown=True).metadata == ()
    assert shown("---\nno: end\n", markdown=True) == ["no: end"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfOne", "One"),
        ("One é".encode("utf-16"), "One é"),
        (b"\xfe\xff" + "One".encode("utf-16-be"), "One"),
        ("One".encode("utf-32"), "One"),
        (b"a\r\nb\rc\n", "a\r\nb\rc\n"),
        (b"a\x00b", "a\x00b"),
        (b"", ""),
    ],
)
def test_bytes(data: bytes, text: str) -> None:
    assert read_bytes(data, id="s", name="n").text == text


def test_encoding_is_obeyed() -> None:
    assert read_bytes("café".encode("cp1252"), id="s", name="n", encoding="cp1252").text == "café"


@pytest.mark.parametrize(
    ("data", "encoding", "says"),
    [
        ("naïve café ".encode() + b"caf\xe9 au", None, ["byte 0xE9", "offset 16", "--encoding"]),
        (b"Malm\xc3", None, ["byte 0xC3", "--encoding"]),
        (b"abc", "no-such", ["no-such", "--encoding"]),
        (b"abc", "hex", ["hex"]),
        (b"abc", "punycode", ["punycode"]),
        (b"%PDF-1.7", None, ["PDF"]),
        (b"PK\x03\x04", None, [".docx"]),
        (b"\x89PNG\r\n", None, ["PNG"]),
        (b"\xff\xd8\xff\xe0", None, ["JPEG"]),
        (b"\x1f\x8b\x08", None, ["gzip"]),
        (b"ab\x00\x01" * 50, None, ["binary"]),
        ("plain words here".encode("utf-16-le"), None, ["--encoding utf-16-le"]),
        (b"\xff\xfea", None, ["utf-16-le"]),
        (b"a" * (MAX_BYTES + 1), None, ["the limit is 10,000,000", "--max-bytes"]),
    ],
)
def test_bad_bytes(data: bytes, encoding: str | None, says: list[str]) -> None:
    with pytest.raises(InputError) as error:
        read_bytes(data, id="s", name="page.txt", encoding=encoding)
    message = str(error.value)
    assert all(part in message for part in says) and "\n" not in message


def test_paths(tmp_path: Path) -> None:
    page = tmp_path / "page.MD"
    page.write_text("# Head\n\nBody *text*", encoding="utf-8")
    document = read_path(page, id="source")
    assert [block.text for block in document.blocks] == ["Head", "Body text"]
    assert (document.id, document.name) == ("source", str(page))
    for path, says in [
        (tmp_path, "folder"),
        (tmp_path / "none.txt", "no such file"),
        (Path("a\0b"), "cannot be"),
    ]:
        with pytest.raises(InputError, match=says):
            read_path(path, id="s")


@pytest.mark.skipif(
    os.name == "nt" or getattr(os, "geteuid", lambda: 1)() == 0, reason="needs file rights that hold"
)
def test_unreadable(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("x", encoding="utf-8")
    page.chmod(0)
    with pytest.raises(InputError, match="permission"):
        read_path(page, id="s")


def test_lone_surrogates() -> None:
    document = read_text("a\ud800b", id="s")
    assert document.text == "a\ufffdb" and document.notes
    document.text.encode("utf-8")


MARKS = st.sampled_from(
    ["word", "Two words", "*", "**", "_", "`", "[", "](", "](u)", ")", "![", "\\", "&amp;", "&#x41;", "<b>",
     "<", ">", "|", "\n", "\n\n", "- ", "1. ", "> ", "# ", "    ", "\t", "~~", "<http://a.b>", "---",
     "\n|-|-|\n", "\x00", "é", "e\u0301", "ﬁ", "\u00ad", "\u00a0", "<!-- x -->", "[r]: u", "=", "\u2028"]
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.lists(MARKS, max_size=40).map("".join), st.text(max_size=80)), st.booleans())
def test_pieces_lead_home(text: str, markdown: bool) -> None:
    """Each piece stands for what it shows, and none runs backwards."""
    document = read_text(text, id="s", markdown=markdown)
    for block in document.blocks:
        view = end = 0
        for piece in block.pieces:
            assert piece.view >= view - (piece.length == 0) and piece.raw >= end
            view, end = piece.view + piece.length, piece.raw + piece.length
            assert end <= len(document.text)
            part, there = block.text[piece.view : view], document.text[piece.raw : end]
            for char, stands in zip(part, there, strict=True):
                space = char == " " and (stands.isspace() or not stands.isprintable())
                assert space or stands == "&" or decomposed(char)[0] == decomposed(stands)[0]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    try:
        read_bytes(data, id="s", name="n").text.encode("utf-8")
    except InputError as error:
        assert "\n" not in str(error)

"""Markdown: footnotes, HTML, line breaks of all kinds, front matter, and pages made to hurt."""

from __future__ import annotations

import html
import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.model import BlockKind, Span, to_raw
from claimdiff.read.markdown import markdown_blocks
from claimdiff.read.matter import read_matter

HEAD, PARA, ITEM, CELL = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.CELL


def shown(text: str) -> list[str]:
    return [block.text for block in markdown_blocks(text)]


CASES = [
    ("a footnote's mark", "It rose[^1] by 4%.[^note] Now.", ["It rose by 4%. Now."]),
    ("a footnote", "One.[^1]\n\n[^1]: The note\n    goes on.\n\n    Still.\n\nTwo.", ["One.", "Two."]),
    ("a footnote of one word", "One[^a] is.\n\n[^a]: Note\n[^b]: http://b\n\nTwo.", ["One is.", "Two."]),
    ("a footnote right below", "One.[^1]\n[^1]: Note.\nIt goes on.\n# Head", ["One.", "Head"]),
    ("a footnote in a quotation", "> One.[^1]\n>\n> [^1]: Note.\n>\n> Two.\n\nThree.", [
        "One.", "Two.", "Three."]),
    ("a footnote in its place", "One^[See **page** 4.] rose.", ["One rose."]),
    ("no footnotes", "a [^] b [^ c] 2^[3 [^x](u)", ["a [^] b [^ c] 2^[3 ^x"]),
    ("a footnote in code", "`[^1]`", ["[^1]"]),
    ("html paragraphs", "<p>One &amp; two.</p>\n<p>Three<br>four.</p>\n\nFive.", [
        "One & two.", "Three four.", "Five."]),
    ("hidden html", "<script>\nvar a = 1;\n</script>\n\n<!-- a\n\nb -->\n\n<style>\nb</style>\nOne.", [
        "One."]),
    ("html around text", "<div class='a'>\n\nOne *two*.\n\n</div>", ["One two."]),
    ("html in a quotation", "> <p>One\n> two</p>\n\nThree", ["One two", "Three"]),
    ("an html table", "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>", ["c, d"]),
    ("a break in html", "one<br>two<br/>three <BR />four<wbr>s", ["one two three  fours"]),
    ("a script in a line", "One <script>alert(1)</script>two", ["One two"]),
    ("an image's words", "A ![one **two**](x.png \"t\") b [![c](d)](e) f", ["A  b  f"]),
    ("emphasis in a word", "un*believ*able __two__ ***three***", ["unbelievable two three"]),
    ("code with breaks", "a `b\nc` d", ["a b c d"]),
    ("nested lists", "- one\n  - two\n    - three\n      four\n- five", ["one", "two", "three four", "five"]),
    ("quotes and lists", "> - one\n>   > two\n> 1. three", ["one", "two", "three"]),
    ("a table in a list", "- one\n\n  |a|b|\n  |-|-|\n  |c|d|\n", ["one", "c, d"]),
    ("a table's cells", "|a|b|c|\n|-|-|-|\n| *d* | [e](f) | `g` |\n|h||i|", ["d, e, g", "h, i"]),
    ("entities", "a&nbsp;b &copy; &notit; &#x2014; &amp;amp;", ["a b © &notit; — &amp;"]),
    ("deeper than a page can be", ">" * 5_000 + " one\n\ntwo", ["one", "two"]),
    ("a list of lists", "- " * 5_000 + "one\n\ntwo", ["one", "two"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "blocks"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_blocks(text: str, blocks: list[str], newline: str) -> None:
    assert shown(text.replace("\n", newline)) == blocks


def test_kinds() -> None:
    text = "# a\n\nb\n===\n\nc\n\n- d\n\n> e\n\n|x|\n|-|\n|f|\n\n<h2>g</h2><ul><li>h</ul>"
    assert [block.kind for block in markdown_blocks(text)] == [HEAD, HEAD, PARA, ITEM, PARA, CELL, HEAD, ITEM]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_way_back_over_line_breaks(newline: str) -> None:
    text = "# One\n\nTwo **three**  \nfour[^1]\nfive\n\n> six\n> seven\n\n<p>eight\nnine</p>".replace(
        "\n", newline
    )
    blocks = markdown_blocks(text)
    assert [block.text for block in blocks] == ["One", "Two three four five", "six seven", "eight nine"]
    raw = [to_raw(block.pieces, Span(0, len(block.text))).of(text) for block in blocks]
    assert [part.replace(newline, "\n") for part in raw] == [
        "One", "Two **three**  \nfour[^1]\nfive", "six\n> seven", "eight\nnine",
    ]  # fmt: skip


def test_hidden_lines_do_not_shift() -> None:
    assert [b.text for b in markdown_blocks("a: b\r\nc: d\r\n# Head\r\n\r\nText", 2)] == ["Head", "Text"]


MATTER = [
    ('title: "A: \\"b\\""  # c\nauthor: \'O\'\'Hara\' # d', [("title", 'A: "b"'), ("author", "O'Hara")]),
    ("sources: ['a, b', c] # d\nisBasedOn:\n- http://x#y\n- z", [
        ("sources", "a, b"), ("sources", "c"), ("isBasedOn", "http://x#y"), ("isBasedOn", "z")]),
    ("source:\n  name: One\n  url: http://a", [("source.name", "One"), ("source.url", "http://a")]),
    ("sources:\n  - name: One\n    url: http://a\n  - name: Two\ndate: 2025-03-04", [
        ("sources.name", "One"), ("sources.url", "http://a"), ("sources.name", "Two"),
        ("date", "2025-03-04")]),
    ("summary: >-\n  one\n  two\n\n  three\nx: ''", [("summary", "one two three"), ("x", "")]),
    ("# only\nempty:\ndraft: true", [("draft", "true")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "pairs"), MATTER)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_yaml(text: str, pairs: list[tuple[str, str]], newline: str) -> None:
    lines = text.count("\n") + 3
    assert read_matter(f"---\n{text}\n---\nBody".replace("\n", newline)) == (tuple(pairs), lines)


def test_toml() -> None:
    text = (
        '+++\ntitle = "One"\ndate = 2025-03-04\ntags = ["a", "b"]\n[source]\nurl = "u"\nok = true\n+++\nBody'
    )
    assert read_matter(text) == (
        (("title", "One"), ("date", "2025-03-04"), ("tags", "a"), ("tags", "b"), ("source.url", "u"),
         ("source.ok", "true")), 8,
    )  # fmt: skip
    for broken in ("+++\nno\n+++\n", "+++\na = 1\n", "+++\na = " + "[" * 9_000 + "\n+++\n"):
        assert read_matter(broken) == ((), 0)


@pytest.mark.parametrize(
    "text", ["---\n- a\n---\n", "---\nJust words.\n---\n", "--- a\nb: c\n---\n", "", "---"]
)
def test_no_matter(text: str) -> None:
    assert read_matter(text) == ((), 0)


N = 20_000
HARD = {
    "quotes": ">" * N + "x", "brackets": "[" * N, "stars": "*a " * N, "images": "![" * N, "links": "[a](" * N,
    "nested": "[" * N + "a" + "]" * N, "comments": "a <!-- " * N, "tags": "<a href='" * N,
    "strikes": "~~a" * N,
    "rows": "|a|b|\n|-|-|\n" + "|c|d|\n" * N, "notes": "[^1]: a\n" * N, "marks": "[^1]" * N,
    "divs": "<div>\n" * N,
    "indents": "".join(" " * at + "- a\n" for at in range(500)), "blank notes": "[^1]: a\n\n\n" * N,
    "inline notes": "^[a" * N, "a line": "word " * (5 * N), "lines": "a\n" * N, "returns": "a\r" * N,
    "matter": "---\na: b\n" + "c\n" * N, "breaks": "<br>" * N, "entities": "&amp;" * N,
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_hard_pages_end(name: str) -> None:
    """Some take a second; those that were quadratic would take minutes."""
    start = time.process_time()
    markdown_blocks(HARD[name], read_matter(HARD[name])[1])
    assert time.process_time() - start < 10


PARTS = st.sampled_from(
    ["word", "Two. Words", "*", "**", "_", "`", "[", "](", "](u)", ")", "![", "\\", "&amp;", "&#x41;", "<b>",
     "<", ">", "|", "\n", "\n\n", "\r\n", "\r", "- ", "1. ", "> ", "# ", "    ", "\t", "~~",
     "<http://a.b>", "---",
     "\n|-|-|\n", "\x00", "é", "e\u0301", "ﬁ", "\u00ad", "\u00a0", "<!-- x -->", "[r]: u", "=", "\u2028",
     "[^1]", "\n[^1]: ", "^[n]", "<br>", "<p>", "</p>", "<div>\n", "<script>", "\n<td>", "&copy"]
)  # fmt: skip
PAGE = st.one_of(st.lists(PARTS, max_size=40).map("".join), st.text(max_size=80))


_ENTITY = re.compile(r"&#?\w{1,32};")


def letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum())


@settings(max_examples=400, deadline=None)
@given(PAGE)
def test_spans_lead_home(text: str) -> None:
    """What a block says stands, in this order and with markup between, in the raw text of its span."""
    last = 0
    for block in markdown_blocks(text, read_matter(text)[1]):
        span = to_raw(block.pieces, Span(0, len(block.text)))
        assert last <= span.start <= span.end <= len(text)
        last = span.end
        raw = iter(letters(_ENTITY.sub(lambda found: found[0] + html.unescape(found[0]), span.of(text))))
        assert all(char in raw for char in letters(block.text)), (
            block.text,
            span.of(text),
        )
        end = view = 0
        for piece in block.pieces:
            assert piece.raw >= end and piece.view >= view - (piece.length == 0)
            end, view = piece.raw + piece.length, piece.view + piece.length


@settings(max_examples=200, deadline=None)
@given(PAGE)
def test_line_breaks_do_not_matter(text: str) -> None:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = [(block.kind, block.text) for block in markdown_blocks(plain)]
    for newline in ("\r\n", "\r"):
        assert [(own.kind, own.text) for own in markdown_blocks(plain.replace("\n", newline))] == blocks
    assert [(block.kind, block.text) for block in markdown_blocks(text)] == blocks


@pytest.mark.parametrize("head", ["*Subscribe", "--"])
def test_wide_gaps_inside_a_line_keep_their_place(head: str) -> None:
    text = head + " " * 60 + "now, and read on."
    (block,) = markdown_blocks(text)
    letters = [to_raw(block.pieces, Span(at, at + 1)).of(text) for at in range(len(block.text))]
    assert letters == list(block.text)

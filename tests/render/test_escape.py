"""Whatever an article says, Markdown shows just that, with the marks as bold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from claimdiff.model import Edit, Piece, Span
from claimdiff.render.escape import Markdown, code, escape, marked
from claimdiff.render.passage import Passage, of_edits, to_view
from claimdiff.render.words import plain

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

CHARACTERS = list("ab1 .,)-+*_~`#=|<>[]()!&;:\\\"'“”’—€$\u00a0\n\té語")
NASTY = st.lists(st.sampled_from([*CHARACTERS, "&amp;", "<b>", "](x)", "**"]), max_size=24).map("".join)


def inline(markdown: str) -> list[Token]:
    """The inline tokens of Markdown that must be one paragraph, or nothing."""
    tokens = READER.parse(markdown)
    if not tokens:
        return []
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], markdown
    return tokens[1].children or []


def shown(tokens: list[Token]) -> str:
    return "".join(token.content for token in tokens)


def bold(tokens: list[Token]) -> list[str]:
    """What stands in bold, run by run."""
    runs: list[str] = []
    inside = False
    for token in tokens:
        if token.type == "strong_open":
            runs.append("")
        inside = token.type == "strong_open" or (inside and token.type != "strong_close")
        if inside:
            runs[-1] += token.content
    return runs


@given(NASTY)
@settings(max_examples=400, deadline=None)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    tokens = inline(escape(text))
    assert {token.type for token in tokens} <= {"text", "text_special"}
    assert shown(tokens) == plain(text).strip()


@given(NASTY, NASTY, NASTY, st.sampled_from(["", "x", " "]))
@settings(max_examples=400, deadline=None)
def test_marks_are_bold_and_nothing_else_changes(before: str, mark: str, after: str, glue: str) -> None:
    text = before + glue + mark + after
    span = Span(len(before + glue), len(before + glue + mark))
    tokens = inline(marked(Passage(text, (span,))))
    assert {token.type for token in tokens} <= {"text", "text_special", "strong_open", "strong_close"}
    parts = [plain(part) for part in (before + glue, mark, after)]
    assert shown(tokens) == "".join(parts).strip()
    runs = bold(tokens)
    assert len(runs) == bool(parts[1].strip())
    words = parts[1].strip("".join(CHARACTERS).replace("a", "").replace("b", "").replace("é語", ""))
    assert not runs or words in runs[0]


@given(st.lists(st.tuples(NASTY, st.booleans()), max_size=6))
@settings(max_examples=400, deadline=None)
def test_any_number_of_marks_shows_the_words(runs: list[tuple[str, bool]]) -> None:
    text, marks = "", []
    for run, mark in runs:
        if mark and run:
            marks.append(Span(len(text), len(text) + len(run)))
        text += run
    tokens = inline(marked(Passage(text, tuple(marks))))
    assert {token.type for token in tokens} <= {"text", "text_special", "strong_open", "strong_close"}
    assert shown(tokens).split() == "".join(plain(run) for run, _ in runs).split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. FC Union won", r"1\. FC Union won"),
        ("2024) and later", r"2024\) and later"),
        ("0.5 metres", "0.5 metres"),
        ("- 5 degrees", r"\- 5 degrees"),
        ("# one #2 and C #", r"\# one #2 and C \#"),
        ("a_b *c* | d\\", r"a\_b \*c\* \| d\\"),
        ("AT&amp;T", r"AT\&amp;T"),
        ("\x1b[31mred\u202e", r"␛\[31mred⟨U+202E⟩"),
        ("two\n  lines", "two lines"),
        ("see https://example.org/a and @desk", "see https://example.org/a and @desk"),
    ],
)
def test_what_escaping_writes(text: str, expected: str) -> None:
    assert escape(text) == expected


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("Sales rose 12%, he said.", "12%", "Sales rose **12%**, he said."),
        ("Sales rose 12%, he said.", " 12% ", "Sales rose **12%**, he said."),
        ("He said“no”to it.", "“no”", "He said“**no**”to it."),
        ("Kim Jong Un, Pak said", ", Pak said", "Kim Jong Un, **Pak said**"),
        ("Kim Jong Un, Pak said", ",", "Kim Jong **Un,** Pak said"),
        ("All of it", "All of it", "**All of it**"),
    ],
)
def test_bold_begins_and_ends_where_markdown_allows(text: str, mark: str, expected: str) -> None:
    start = text.index(mark.strip())
    span = Span(start - mark.startswith(" "), start + len(mark.strip()))
    assert marked(Passage(text, (span,))) == expected


def test_what_is_markdown_is_not_escaped_again() -> None:
    assert escape(Markdown("**x**")) == "**x**"
    assert escape(Markdown("**x**") + "*") == r"\*\*x\*\*\*"


def test_code_type_is_for_plain_names() -> None:
    assert code("number-changed") == "`number-changed`"
    assert code("a`b") == r"a\`b"


def test_edits_become_two_passages_with_neighbouring_changes_joined() -> None:
    edits = (
        Edit("Fares ", "Fares "),
        Edit("may ", ""),
        Edit("well", ""),
        Edit("", "did"),
        Edit(" rise", " Rise"),
    )
    old, new = of_edits(edits)
    assert old == Passage("Fares may well rise", (Span(6, 14),))
    assert new == Passage("Fares did Rise", (Span(6, 9),))


def test_marks_on_nearly_everything_go() -> None:
    text = "All but the end."
    assert Passage(text, (Span(0, 7),)).sober().marks
    assert Passage(text, (Span(0, 15),)).sober() == Passage(text)


def test_a_long_passage_is_cut_around_its_first_mark_and_says_so() -> None:
    text = "word " * 400 + "CHANGED " + "word " * 400
    start = text.index("CHANGED")
    cut = Passage(text, (Span(start, start + 7),)).clip(200)
    assert len(cut.text) < 290
    assert cut.marks[0].of(cut.text) == "CHANGED"
    before, after = (int(part.split(" ")[0].replace(",", "")) for part in cut.text.split("(")[1:])
    assert before + after + len(cut.text.split(") ", 1)[1].rsplit(" … (", 1)[0]) == len(text)


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80), st.integers(10, 40))
def test_cutting_never_fails(text: str, start: int, length: int, limit: int) -> None:
    end = min(len(text), start + length)
    marks = (Span(start, end),) if start < end else ()
    cut = Passage(text, marks).clip(limit)
    assert all(0 <= mark.start < mark.end <= len(cut.text) for mark in cut.marks)


def test_a_place_in_the_document_is_found_in_the_plain_text() -> None:
    pieces = (Piece(0, 2, 5), Piece(5, 9, 20))  # "**Ferry** line ..."
    assert to_view(pieces, Span(2, 14)) == Span(0, 10)
    assert to_view(pieces, Span(0, 9)) == Span(0, 5)
    assert to_view(pieces, Span(7, 9)) == Span(0, 0)

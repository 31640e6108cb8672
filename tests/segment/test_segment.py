"""Segmentation: the cases are data, the properties hold for any text."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.lexicon import load
from claimdiff.model import Boilerplate, Role, Span, to_raw
from claimdiff.read import read_text
from claimdiff.segment import CUT, FALLBACK, LONGEST, lead, punkt, segment
from claimdiff.segment.sentence import sentences

HERE = Path(__file__).parent
ROLES = {"h": Role.HEADLINE, "b": Role.BODY, "x": Role.BOILERPLATE}
PARAGRAPHS = [
    line for group in tomllib.loads((HERE / "sentences.toml").read_text("utf-8")).values() for line in group
]
TEXTS = tomllib.loads((HERE / "roles.toml").read_text("utf-8"))["case"]
TWINS = (HERE / "twins.txt").read_text("utf-8").splitlines()
LEADS = tomllib.loads((HERE / "leads.toml").read_text("utf-8"))["leads"]

WORDS = st.sampled_from(
    ["The", "U.S.", "Mr.", "no", "said.", "“Why?”", "“We", "go.”", "‘ok.’", '"', "...", "5", "p.m.", "\n",
     "\n\n", "- ", "1. ", "By", "Photo:", "—", "(x.)", "\u00ad", "e\u0301", "ﬁn", "\u200b", "\u00a0", "\x00",
     "É.", "#", "*a*", "&amp;", "[l](u)", "`c`", "|", "> ", "\\*", "<b>"]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join))


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_sentences(paragraph: str) -> None:
    text = paragraph.replace(" | ", " ")
    spans, complete = sentences(text)
    assert [span.of(text) for span in spans] == paragraph.split(" | ")
    assert complete


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["name"])
def test_roles(case: dict[str, str]) -> None:
    document = segment(read_text(case["text"], id="s", markdown=bool(case.get("markdown"))), "s")
    found = [(statement.text, statement.role) for statement in document.statements]
    assert [role for _, role in found] == [ROLES[letter] for letter in case["roles"]], found


STORY = (
    "Council votes to close the bridge\n\n"
    "The council voted on Monday to close the bridge, which opened in 1931."
)


@pytest.mark.parametrize("twin", TWINS)
def test_sentences_that_begin_like_furniture(twin: str) -> None:
    """Each, in the middle of a story and at its end, is a statement of the story."""
    for end in (
        "",
        "\n\nNobody spoke against the plan at the meeting.\n\nIt is to open again in the spring.",
    ):
        document = segment(read_text(f"{STORY}\n\n{twin}{end}", id="s"), "s")
        assert all(own.role is not Role.BOILERPLATE for own in document.statements), twin


@pytest.mark.parametrize(
    ("note", "roles"),
    [
        ("Correction: The bridge opened in 1913. It has four piers.", "hbxx"),
        ("(This story has been corrected to fix the year in paragraph 2)", "hbx"),
        ("It has four piers. An earlier version of this story said five.", "hbbx"),
        ("*Editor’s note: This report has been updated.*", "hbx"),
    ],
)
def test_editors_notes_are_told(note: str, roles: str) -> None:
    document = segment(read_text(f"# {STORY}\n\n{note}", id="s", markdown=True), "s")
    assert [own.role for own in document.statements] == [ROLES[letter] for letter in roles]
    (told,) = document.notes
    assert told == f"editor's note: “{note.strip('*').removeprefix('It has four piers. ')}”"


def test_boilerplate_of_the_user() -> None:
    lines = [
        "Tip our busy desk!",
        "They tip our desk in summer too.",
        "Our man in Lund: read him here on any Friday of the year.",
        "All of this was made for you by the people of the Tribune Group.",
        "The Tribune Group has bought the bridge.",
    ]
    text = "\n\n".join((STORY, *lines))
    own = Boilerplate(("TIP * desk",), ("our man in * read", "  ", "*"), ("the tribune group",))
    found = segment(read_text(text, id="s"), "s", own).statements[2:]
    assert [statement.role for statement in found] == [ROLES[letter] for letter in "xbxxb"]
    assert all(
        statement.role is Role.BODY for statement in segment(read_text(text, id="s"), "s").statements[1:]
    )


def test_phrases_hold_no_pattern() -> None:
    """What a user writes is taken as it stands."""
    own = Boilerplate(beginnings=("a+b (c", "[x"), lines=(".*",))
    document = segment(
        read_text(f"{STORY}\n\nA+B (C) fell on Tuesday.\n\nAab fell on Tuesday.", id="s"), "s", own
    )
    assert [own.role for own in document.statements][2:] == [Role.BOILERPLATE, Role.BODY]


@pytest.mark.parametrize("marked", LEADS)
def test_lead(marked: str) -> None:
    assert lead(marked.replace("|", "")) == max(0, marked.find("|"))


def test_ids_and_places() -> None:
    document = segment(read_text("A headline here\n\n“One. Two,” he said.", id="derivative"), "d")
    assert [statement.id for statement in document.statements] == ["d.1", "d.2", "d.3"]
    assert {statement.document for statement in document.statements} == {"derivative"}
    assert [statement.inside for statement in document.statements] == [False, False, True]
    assert document.statements[2].span == Span(23, 37)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('"One. Two," he said. Three.', [False, True, False]),
        ("‘One. It isn’t two,’ he said. Three.", [False, True, False]),
        ("The players’ union met. It left.", [False, False]),
        ('It is 6" wide. It is new.', [False, False]),
        ("It was the '90s. It isn't now.", [False, False]),
    ],
)
def test_inside(text: str, inside: list[bool]) -> None:
    assert [statement.inside for statement in segment(read_text(text, id="s"), "s").statements] == inside


def test_time_out_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def span_tokenize(self, text: str) -> list[tuple[int, int]]:
            raise TimeoutError

    monkeypatch.setattr(punkt, "_tokenizer", Slow)
    document = segment(read_text("Mr. Roe met them. They left.", id="s"), "s")
    assert [statement.text for statement in document.statements] == ["Mr. Roe met them.", "They left."]
    assert document.notes == (FALLBACK,)


HARD = {
    "periods": ". " * 20_000, "dots": "." * 100_000, "questions": "?" * 50_000, "initials": "A. " * 5_000,
    "openers": "“" * 50_000, "straight": '"' * 50_000, "words and marks": '"a ' * 20_000,
    "lines": "a\n" * 20_000, "one line": "word " * 100_000, "capitals": "Word " * 20_000,
    "bars": "A | " * 20_000, "slashes": "A/" * 50_000,
    "titles": "More stories\n\n" * 5_000, "mail": "a@" * 50_000, "addresses": "a@b.c " * 20_000,
    "by": "By A B " * 20_000, "brackets": "(" * 50_000, "stars": "* " * 50_000,
    "notes": "Correction: a\n\n" * 5_000,
    "no space": "a" * 500_000, "about": "About A\n\nMedia contact\n\n" * 3_000, "short": "Ad\n\n" * 20_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_hard_texts_end(name: str) -> None:
    """Each takes about a second at most; a quadratic rule would take minutes."""
    start = time.process_time()
    assert segment(read_text(HARD[name], id="s"), "s").statements
    assert time.process_time() - start < 10


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_plain_text_is_covered(text: str) -> None:
    document = segment(read_text(text, id="s"), "s")
    before = 0
    for statement in document.statements:
        span = statement.span
        assert before <= span.start < span.end <= len(document.text)
        assert statement.text == statement.text.strip() != ""
        assert to_raw(statement.pieces, Span(0, len(statement.text))) == span
        if document.text.isascii():
            raw = "".join(char if char >= " " else " " for char in span.of(document.text)).replace(
                "\x7f", " "
            )
            assert raw == statement.text
            assert len(statement.pieces) == 1
            gap = document.text[before : span.start]
            assert (
                not "".join(gap.split()).strip("-*0123456789.)\x00\x1c\x1d\x1e\x1f") or not gap.isprintable()
            )
        before = span.end


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_markdown_never_runs_backwards(text: str) -> None:
    document = segment(read_text(text, id="s", markdown=True), "s")
    before = 0
    for statement in document.statements:
        assert before <= statement.span.start <= statement.span.end <= len(document.text)
        before = statement.span.end


def test_phrases_are_sorted_and_distinct() -> None:
    for group, lists in load("boilerplate").items():
        if not group.startswith("phrases"):
            continue
        for key, entries in lists.items():
            assert entries == sorted(set(entries)), (group, key)
            assert all(entry == entry.casefold().strip() and "’" not in entry for entry in entries), (
                group,
                key,
            )
            assert key in Boilerplate._fields


def test_lists_are_sorted_and_distinct() -> None:
    lists = {**load("abbreviations"), **load("boilerplate")["labels"]}
    for name, entries in lists.items():
        assert entries == sorted(set(entries)), name
        assert all(not entry.endswith(".") and entry == entry.lower() for entry in entries), name
    kinds = ("titles", "joining", "general")
    assert sum(len(lists[kind]) for kind in kinds) == len({entry for kind in kinds for entry in lists[kind]})


def test_a_line_without_end_is_cut_between_words_and_said() -> None:
    text = "the port will close in june and " * 2000
    made = segment(read_text(text, id="d"), "d")
    assert all(0 < len(own.text) <= LONGEST for own in made.statements)
    assert " ".join(own.text for own in made.statements) == text.strip()
    assert CUT in made.notes
    solid = segment(read_text("x" * 20_000, id="d"), "d")
    assert "".join(own.text for own in solid.statements) == "x" * 20_000

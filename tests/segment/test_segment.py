"""Segmentation: the cases are data, the properties hold for any text."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.lexicon import load
from claimdiff.model import Role, Span, to_raw
from claimdiff.read import read_text
from claimdiff.segment import FALLBACK, lead, punkt, segment
from claimdiff.segment.sentence import sentences

HERE = Path(__file__).parent
ROLES = {"h": Role.HEADLINE, "b": Role.BODY, "x": Role.BOILERPLATE}
PARAGRAPHS = [
    line for group in tomllib.loads((HERE / "sentences.toml").read_text("utf-8")).values() for line in group
]
TEXTS = tomllib.loads((HERE / "roles.toml").read_text("utf-8"))["case"]
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


@pytest.mark.parametrize(
    "text", [". " * 20_000, "." * 50_000, "?" * 50_000, "A. " * 5_000, "“" * 50_000, "a\n" * 5_000]
)
def test_hard_texts_end(text: str) -> None:
    assert segment(read_text(text, id="s"), "s").statements


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


def test_lists_are_sorted_and_distinct() -> None:
    lists = {**load("abbreviations"), **load("boilerplate")["labels"]}
    for name, entries in lists.items():
        assert entries == sorted(set(entries)), name
        assert all(not entry.endswith(".") and entry == entry.lower() for entry in entries), name
    kinds = ("titles", "joining", "general")
    assert sum(len(lists[kind]) for kind in kinds) == len({entry for kind in kinds for entry in lists[kind]})

"""The word diff: what it promises for any two texts, and how it cuts some."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff import diff
from claimdiff.diff import word_diff
from claimdiff.model import Edit

TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00ad": ""})


def plain(text: str) -> str:
    return " ".join(text.translate(TYPOGRAPHY).casefold().split())


def runs(old: str, new: str) -> list[tuple[str, str]]:
    """The edits without the white space around them."""
    return [(edit.op, (edit.new or edit.old).strip()) for edit in word_diff(old, new)]


def check(old: str, new: str) -> tuple[Edit, ...]:
    edits = word_diff(old, new)
    assert "".join(edit.old for edit in edits) == old
    assert "".join(edit.new for edit in edits) == new
    for edit in edits:
        assert edit.old or edit.new
        assert edit.op == ("equal" if edit.old and edit.new else "delete" if edit.old else "insert")
        if edit.op == "equal":
            assert plain(edit.old) == plain(edit.new)
    assert edits == word_diff(old, new)
    return edits


WORDS = st.sampled_from(
    [
        "the",
        "The",
        "bank",
        "“no”",
        "no",
        "rose",
        "12%",
        "12",
        "U.S.",
        "don’t",
        "don't",
        "naïve",
        "–",
        "-",
        "_",
        "a_b",
        ",",
        ".",
        "🙂",
        "東京",
        "\xad",
    ]
)
TEXTS = st.lists(WORDS, max_size=20).map(" ".join)


@given(TEXTS, TEXTS)
def test_joined_parts_give_the_texts(old: str, new: str) -> None:
    check(old, new)


@settings(max_examples=150)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text(old: str, new: str) -> None:
    check(old, new)


@given(TEXTS)
def test_a_text_against_itself_is_one_equal_run(text: str) -> None:
    assert {edit.op for edit in check(text, text)} <= ({"equal"} if text.strip() else {"delete", "insert"})


def test_case_and_typography_are_no_change() -> None:
    old, new = "“It’s OVER — now,” she said.", '"It\'s over - now," She said.'
    assert check(old, new) == (Edit(old, new),)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            "Fares rose 12 percent.",
            "Fares rose 20 percent.",
            [("equal", "Fares rose"), ("delete", "12"), ("insert", "20"), ("equal", "percent.")],
        ),
        (
            "The dock will close.",
            "The old dock will close.",
            [("equal", "The"), ("insert", "old"), ("equal", "dock will close.")],
        ),
        (
            "The dock will not close.",
            "The dock will close.",
            [("equal", "The dock will"), ("delete", "not"), ("equal", "close.")],
        ),
        ("The dock closed.", "", [("delete", "The dock closed.")]),
        ("", "The dock closed.", [("insert", "The dock closed.")]),
        ("", "", []),
        (" ", "", [("delete", "")]),
        (
            "A condemning remark",
            "An alarming remark",
            [("delete", "A condemning"), ("insert", "An alarming"), ("equal", "remark")],
        ),
    ],
)
def test_examples(old: str, new: str, wanted: list[tuple[str, str]]) -> None:
    check(old, new)
    assert runs(old, new) == wanted


@pytest.mark.parametrize(("old", "new"), [("reports", "report"), ("condemn", "condemning"), ("1911", "1912")])
def test_no_cut_falls_inside_a_word(old: str, new: str) -> None:
    assert runs(f"It {old} now", f"It {new} now") == [
        ("equal", "It"),
        ("delete", old),
        ("insert", new),
        ("equal", "now"),
    ]


def test_a_deletion_stands_before_the_insertion_that_replaces_it() -> None:
    edits = check("Alpha beta gamma delta.", "Alpha two three delta.")
    assert [edit.op for edit in edits] == ["equal", "delete", "insert", "equal"]


def test_the_clock_has_no_say() -> None:
    assert diff._engine().Diff_Timeout == 0


def test_statements_of_fifty_thousand_words() -> None:
    words = [f"word{number}" for number in range(50_000)]
    old = " ".join(words)
    changed = [*words[:20_000], "alpha", *words[20_001:]]
    assert [edit.op for edit in check(old, " ".join(changed))] == ["equal", "delete", "insert", "equal"]
    assert [edit.op for edit in check(old, " ".join(reversed(words)))] == ["delete", "insert"]
    assert [edit.op for edit in check(old, old)] == ["equal"]


def test_many_different_words_have_a_code_each() -> None:
    """More words than one private plane of Unicode holds."""
    old = " ".join(f"a{number}" for number in range(70_000))
    new = " ".join(f"b{number}" for number in range(70_000))
    check(old, new)


def test_private_characters_in_the_texts_are_words_like_others() -> None:
    assert runs("a \U000f0000 b", "a \U000f0001 b") == [
        ("equal", "a"),
        ("delete", "\U000f0000"),
        ("insert", "\U000f0001"),
        ("equal", "b"),
    ]

"""Two columns in a terminal: aligned, with every statement and every finding."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from odd import of_words
from test_machine_formats import ANY

from claimdiff.model import Comparison, Link, Relation, Status
from claimdiff.render import text, words
from claimdiff.render.charset import fitting
from claimdiff.render.text import columns

CODES = re.compile("\x1b\\[[0-9;]*m")


def render(comparison: Comparison, **options: object) -> str:
    given = {"color": False, "width": 120, "side_by_side": True} | options
    return text.render(comparison, **given)  # type: ignore[arg-type]


def test_rows_stand_beside_each_other(pair: Comparison) -> None:
    page = render(pair)
    row = next(line for line in page.splitlines() if "[-12%-]" in line)
    assert re.fullmatch(
        r"    5 Fares rose \[-12%-\] last year\. +\|     5 Fares rose \{\+20%\+\} last year\.", row
    )
    lost = next(line for line in page.splitlines() if "No jobs will be lost" in line)
    assert lost.endswith(" <")
    added = next(line for line in page.splitlines() if "A rival plans to sue." in line)
    assert added.startswith(" " * 50) and " >     7 A rival" in added
    assert page.index("Fares rose") < page.index("No jobs will be lost") < page.index("A rival plans")
    assert "numbers are lines." in page


def test_every_finding_is_told_once_below_its_row(pair: Comparison) -> None:
    flat = " ".join(render(pair).split())
    for finding in pair.findings:
        told = f"{finding.severity.upper()} {words.what(finding)}: {finding.message} ({finding.rule}, "
        assert flat.count(told) == 1
    assert "because of number-changed)" in " ".join(render(pair, verbose=True).split())


@pytest.mark.parametrize("width", [120, 121, 160, 200])
@pytest.mark.parametrize("word", ["short ", "x" * 500 + " ", "語" * 300, "e\u0301😀" * 90])
def test_columns_keep_their_place(build: Callable[..., Comparison], width: int, word: str) -> None:
    long = (word * 3).strip()
    link = Link("d.1", ("s.1",), Relation.PARAPHRASE, 0.5)
    made = build([(long, Status.COVERED)], [(long, Status.PARAPHRASE)], links=[link])
    sides = [""] * 2
    for line in render(made, width=width, verbose=True).split("\n\n")[1].split("\n")[3:]:
        assert columns(line) <= width
        if columns(line) <= (width - 3) // 2:
            sides[0] += line
            continue
        at = next(at for at in range(len(line) + 1) if columns(line[:at]) == (width - 3) // 2)
        while line[at : at + 1] and not columns(line[at]):
            at += 1  # an accent belongs to the letter before it
        assert line[at : at + 3] in ("   ", " ~ ", "")
        sides = [own + part for own, part in zip(sides, (line[:at], line[at + 3 :]), strict=True)]
    for own in sides:
        assert re.sub(r"\s", "", own) == "1" + re.sub(r"\s", "", long)


def test_colour_changes_no_word(pair: Comparison) -> None:
    colored = render(pair, color=True)
    assert "\x1b[31mwill\x1b[0m \x1b[31madd\x1b[0m" in colored
    without = CODES.sub("", colored)
    plain = render(pair)
    for mark in ("[-", "-]", "{+", "+}"):
        plain = plain.replace(mark, "")
    assert sorted(without.split()) == sorted(plain.split())  # marks move the breaks of lines


def test_what_is_unchanged_is_folded(build: Callable[..., Comparison]) -> None:
    same = [(f"Sentence number {number}.", Status.VERBATIM) for number in range(7)]
    links = [Link(f"d.{n}", (f"s.{n}",), Relation.VERBATIM, 1.0) for n in range(1, 8)]
    made = build([(own, Status.COVERED) for own, _ in same], same, links=links)
    assert "      ... 7 statements unchanged ...\n" in render(made)
    assert render(made, verbose=True).count("Sentence number 3.") == 2 + 2


def test_several_sources_are_told_apart(pair: Comparison) -> None:
    other = replace(pair.sources[0], id="s2", name="other.md", statements=())
    page = render(replace(pair, sources=(*pair.sources, other)))
    assert "2:5 is line 5 of the second source." in " ".join(page.split())
    assert "  1:5 Fares rose" in page


@given(ANY)
@settings(max_examples=60, deadline=None)
def test_nothing_in_an_article_steers_the_terminal(said: str) -> None:
    for encoding in ("utf-8", "ascii"):
        page = render(of_words(said), encoding=encoding)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
        page.encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "said", "shown"),
    [
        ("utf-8", "“Å” – …", "“Å” – …"),
        ("ascii", "“Å” – …", '"A" - ...'),
        ("latin-1", "“Å” – €5", '"Å" - EUR5'),
        ("cp1252", "“Å” – €5", "“Å” – €5"),
        ("ascii", "Łódź, Ærø, ﬁne ½", "Lodz, AEro, fine 1?2"),
        ("ascii", "語 e\u0301 ␛[2J ⟨U+202E⟩", "? e ^[[2J <U+202E>"),
    ],
)
def test_what_an_encoding_lacks_is_said_otherwise(encoding: str, said: str, shown: str) -> None:
    assert fitting(encoding)(said) == shown

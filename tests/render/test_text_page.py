"""The text for a terminal: readable in its width, coloured only when asked, safe to print."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from claimdiff.model import Comparison, Finding, Kind, Severity, Status
from claimdiff.render import text
from claimdiff.render.text import columns

FINDING = Finding("x", "rule", Kind.DISTORTION, (), Severity.MAJOR, 0.5, "Message.", None, None)
CODES = re.compile("\x1b\\[[0-9;]*m")


def test_it_says_verdict_findings_and_counts(pair: Comparison) -> None:
    page = text.render(pair, color=False, width=80)
    assert page.startswith("derivative.md against source.md\n3 major and 2 minor findings; 3 of 5")
    assert "  source:3        The Sundal line [-will add-] two boats in May, its director\n" in page
    assert "  derivative:5    Fares rose {+20%+} last year.\n" in page
    assert "  derivative      would have stood after line 5\n" in page
    assert re.search(r"^distortion +2 +0 +2$", page, re.MULTILINE)
    assert page.index("MAJOR omission") < page.index("MINOR addition")
    assert page.endswith("5\n")


def test_verbose_adds_evidence_and_statements(pair: Comparison) -> None:
    assert "because of" not in text.render(pair, color=False, width=80)
    page = text.render(pair, color=False, width=80, verbose=True)
    assert "because of number-changed" in page
    assert "  d.3 distorted (from s.3): Fares rose 20% last year.\n" in page


@pytest.mark.parametrize("width", [10, 40, 80, 120])
def test_colour_changes_no_word_and_lines_fit(pair: Comparison, width: int) -> None:
    plain = text.render(pair, color=False, width=width, verbose=True)
    colored = text.render(pair, color=True, width=width, verbose=True)
    assert "\x1b" not in plain
    without = CODES.sub("", colored)
    assert (
        without.split()
        == plain.replace("[-", "").replace("-]", "").replace("{+", "").replace("+}", "").split()
    )
    assert max(columns(line) for page in (plain, without) for line in page.split("\n")) <= max(40, width)
    for line in colored.split("\n"):  # no colour runs on into the next line
        assert line.count("\x1b[0m") == len(re.findall("(?:\x1b\\[(?!0m)[0-9]+m)+", line))


def test_nothing_in_an_article_steers_the_terminal(build: Callable[..., Comparison]) -> None:
    odd = "a\x1b[2Jb\x07\x9b31m\u202ec\u2066d\x00\r\ne\u2028f\ud800"
    made = build([(odd, Status.OMITTED)], [(odd, Status.ADDED)])
    finding = replace(
        FINDING,
        source=made.sources[0].statements[0].place(),
        derivative=made.derivative.statements[0].place(),
    )
    made = replace(made, findings=(finding,), notes=(odd,), derivative=replace(made.derivative, name=odd))
    page = text.render(made, color=False, width=80, verbose=True)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    assert "a␛[2Jb␇⟨U+009B⟩31m⟨U+202E⟩c⟨U+2066⟩d␀ e f⟨U+D800⟩" in page


def test_several_sources_are_told_apart(pair: Comparison) -> None:
    other = replace(pair.sources[0], id="s2", name="other.md", statements=())
    page = text.render(replace(pair, sources=(*pair.sources, other)), color=False, width=80)
    assert page.startswith("derivative.md against source.md and other.md\n")
    assert "  source s:3      The Sundal line" in page


def test_wide_characters_take_two_columns() -> None:
    assert columns("ab") == 2
    assert columns("語e\u0301") == 3

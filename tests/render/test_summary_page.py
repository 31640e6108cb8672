"""The report in brief: short, sound Markdown, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from odd import NASTY, of_words
from test_machine_formats import ANY

from claimdiff.model import Comparison, Kind, Severity, Status
from claimdiff.render import summary

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def kinds(page: str) -> Counter[str]:
    tokens = READER.parse(page)
    inner = [child for token in tokens for child in token.children or ()]
    every = Counter(token.type for token in (*tokens, *inner))
    return Counter({kind: n for kind, n in every.items() if not kind.startswith(("text", "strong", "code"))})


def test_it_says_the_verdict_and_the_worst(pair: Comparison) -> None:
    page = summary.render(pair, title="The ferry")
    assert page.startswith("## The ferry\n\n**3 major and 2 minor findings; ")
    assert "By criterion: accuracy 1, opinion and fact 1, editorialisation 1, context 2.\n" in page
    assert page.index("1. **major distortion (modality, time)**") < page.index("**major omission**")
    assert page.index("**major omission**") < page.index("**minor addition**")
    assert "   - It would have stood after d.3 (line 5).\n" in page
    assert "[`plan-as-done`](docs/rules/plan-as-done.md), high confidence." in page
    assert "more finding" not in page
    found = kinds(page)
    assert (found["table_open"], found["ordered_list_open"], found["bullet_list_open"]) == (1, 1, 5)


def test_it_stays_short_whatever_there_is(build: Callable[..., Comparison]) -> None:
    text = "*words* " * 40_000
    made = build([(text, Status.OMITTED)] * 3, [(text, Status.ADDED)] * 300)
    own = replace(of_words("x").findings[0], kind=Kind.ADDITION, message=text, source=None)
    found = [replace(own, derivative=place.place()) for place in made.derivative.statements]
    page = summary.render(replace(made, findings=tuple(found), notes=(text,) * 9), title=text)
    assert len(page) < 8_000
    assert page.count("\n") < 50
    assert "The full report has 295 more findings." in page


def test_no_findings(build: Callable[..., Comparison]) -> None:
    page = summary.render(build([("Same.", Status.COVERED)], [("Same.", Status.VERBATIM)]))
    assert page.splitlines()[2].startswith("**No findings; 1 of 1 source statement carried, ")
    assert page.count("\n") == 3
    assert "|" not in page


def test_the_surest_of_the_gravest_comes_first(pair: Comparison) -> None:
    page = summary.render(pair)
    order = [page.index(own.message) for own in pair.findings if own.severity is Severity.MAJOR]
    assert order[0] < order[1] < order[2]


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_no_article_changes_the_structure(text: str) -> None:
    assert kinds(summary.render(of_words(text + "x"))) == kinds(summary.render(of_words("Words x")))


@pytest.mark.parametrize("text", NASTY)
def test_nothing_in_it_acts(text: str) -> None:
    page = summary.render(of_words(text))
    assert kinds(page)["html_inline"] == kinds(page)["html_block"] == 0

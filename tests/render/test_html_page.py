"""The HTML page stands alone, runs nothing that an article brings, and is the same twice."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odd import NASTY, of_words

import claimdiff
from claimdiff.model import Comparison, Failure, Outcome, Pardon, Verdict
from claimdiff.render.html import render
from claimdiff.render.words import CONTROL

SOURCE = "The port will close in June, officials said.\n\nSome 140 workers may move, it said.\n"
DERIVATIVE = "The port will close in July, officials said.\n\nSome 140 workers will move.\n"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


def page(source: str = SOURCE, derivative: str = DERIVATIVE) -> str:
    return render(claimdiff.compare(source, derivative))


def test_it_asks_for_nothing_from_elsewhere() -> None:
    links = re.findall(r"""(?:src|href|action|url)\s*[=(]\s*["']?([^"'\s>)]+)""", page())
    pages = ("docs/rules/",)  # of the rules: links to follow, not to load
    assert [link for link in links if not link.startswith(("#", "data:", *pages))] == []


def test_the_policy_allows_its_own_style_and_script_alone() -> None:
    made = page()
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', made)
    assert found
    policy = html.unescape(found.group(1))
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        for inner in re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", made, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy


@pytest.mark.parametrize("side", ["source", "derivative"])
def test_an_article_brings_no_markup(side: str) -> None:
    texts = {"source": SOURCE, "derivative": DERIVATIVE}
    texts[side] = texts[side].replace("workers", f"workers {HOSTILE}")
    made = page(**texts)
    assert made.count("<script") == page().count("<script")
    assert "<img" not in made


def test_the_same_comparison_gives_the_same_bytes() -> None:
    assert page() == page()


def test_identical_texts_have_no_finding() -> None:
    assert 'class="card' not in page(SOURCE, SOURCE)


class Shape(HTMLParser):
    """The elements of a page and their attributes, without a word of its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag, tuple(name for name, _ in attrs)] += 1

    def handle_comment(self, data: str) -> None:
        self.found["comment", ()] += 1


def saying(text: str) -> Comparison:
    """A judged comparison that says this wherever somebody's words may stand."""
    own = of_words("words")
    finding = replace(own.findings[0], message=text)
    verdict = Verdict(
        Outcome.BLOCK,
        (Failure(text, text, text, (finding.id,)),),
        (Pardon(replace(finding, id="other"), "waiver", text, text, "2031-01-01"),),
        (text,),
    )
    return replace(
        own,
        sources=tuple(replace(source, name=text) for source in own.sources),
        derivative=replace(own.derivative, name=text),
        findings=(finding, *own.findings[1:]),
        notes=(text,),
        verdict=verdict,
    )


HARMLESS = Shape(render(saying("Ronsey"))).found
TEXTS = st.sampled_from(NASTY) | st.text(min_size=1) | st.text("<>&\"'`=/!-] x", min_size=1)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_no_words_make_an_element_or_an_attribute(text: str) -> None:
    made = render(saying(f"a{text}"))
    assert Shape(made).found == HARMLESS
    assert not CONTROL.search(made.replace("\n", ""))


@pytest.mark.parametrize("text", NASTY)
def test_no_words_of_an_article_do_either(text: str) -> None:
    made = render(of_words(text))
    assert {tag for tag, _ in Shape(made).found} == {tag for tag, _ in Shape(render(of_words("words"))).found}
    assert not CONTROL.search(made.replace("\n", ""))


def test_a_rule_leads_to_its_page() -> None:
    made = render(claimdiff.compare(SOURCE, DERIVATIVE), docs="https://example.org/{rule}")
    assert 'href="https://example.org/time-changed"' in made
    assert 'href="https' not in render(claimdiff.compare(SOURCE, DERIVATIVE), docs="")

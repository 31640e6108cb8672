"""The HTML page stands alone, runs nothing that an article brings, and is the same twice."""

from __future__ import annotations

import base64
import hashlib
import html
import re

import pytest

import claimdiff
from claimdiff.render.html import render

SOURCE = "The port will close in June, officials said.\n\nSome 140 workers may move, it said.\n"
DERIVATIVE = "The port will close in July, officials said.\n\nSome 140 workers will move.\n"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


def page(source: str = SOURCE, derivative: str = DERIVATIVE) -> str:
    return render(claimdiff.compare(source, derivative))


def test_it_asks_for_nothing_from_elsewhere() -> None:
    links = re.findall(r"""(?:src|href|action|url)\s*[=(]\s*["']?([^"'\s>)]+)""", page())
    assert [link for link in links if not link.startswith(("#", "data:"))] == []


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

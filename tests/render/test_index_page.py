"""The index of reports: a line for each pair, whatever the pairs are called."""

from __future__ import annotations

from collections.abc import Callable

from markdown_it import MarkdownIt

from claimdiff.model import Comparison, Status
from claimdiff.render import index

READER = MarkdownIt("commonmark").enable("table")


def test_a_line_for_each_pair(pair: Comparison, build: Callable[..., Comparison]) -> None:
    clean = build([("Same.", Status.COVERED)], [("Same.", Status.VERBATIM)])
    page = index.render([("ferry", pair), ("same", clean)], broken=[("torn", "no derivative (.md or .txt)")])
    assert page.startswith("# Reports\n\n2 pairs; 3 major and 2 minor findings.\n")
    assert (
        "| [ferry](ferry.md) | 0.57 | 3/5 | 1/4 | 2 | 1 | 2 | "
        "major distortion (modality, time): A plan in the source, done here. |\n" in page
    )
    assert "| [same](same.md) | 0.00 | 1/1 | 1/1 | 0 | 0 | 0 | none |\n" in page
    assert "## Not compared\n\n- torn: no derivative (.md or .txt)\n" in page


def test_odd_names_are_linked_and_shown(pair: Comparison) -> None:
    name = "a b|c](x) <i>&"
    tokens = READER.parse(index.render([(name, pair)]))
    children = [child for token in tokens for child in token.children or ()]
    links = [child.attrs["href"] for child in children if child.type == "link_open"]
    assert links == ["a%20b%7Cc%5D%28x%29%20%3Ci%3E%26.md"]
    assert not any(child.type == "html_inline" for child in children)
    assert sum(token.type == "td_open" for token in tokens) == 8


def test_no_pairs() -> None:
    assert index.render([]) == "# Reports\n\n0 pairs; no findings.\n"

"""The Markdown report: what it holds, that it renders as meant, and that it is never too long.

To write the golden page again after a change that is meant: `make goldens`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from claimdiff.model import Comparison, Edit, Finding, Kind, Link, Relation, Severity, Status, Type
from claimdiff.render import markdown
from claimdiff.render.report import ranges

GOLDEN = Path(__file__).parent / "golden"
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

FINDING = Finding(
    id="x",
    rule="number-changed",
    kind=Kind.DISTORTION,
    types=(Type.NUMBER,),
    severity=Severity.MAJOR,
    confidence=0.9,
    message="One in the source, two here.",
    derivative=None,
    source=None,
)

ODD = (
    "# Not a heading | not a cell <script>alert(1)</script> ![x](y) [z] `code` *em* ~~gone~~ &copy; \\",
    "| a | b |\n| - | - |\n\n## still no heading",
    "<!-- no comment --> <b>",
    "1. no list",
    "--- ",
    "> [!NOTE] no alert",
    "```",
    "    no code",
    "===",
    "\x1b[2J\u202eevil\x00",
)


def kinds(page: str) -> Counter[str]:
    """How many there are of each sort of token, inline ones too."""
    tokens = READER.parse(page)
    inner = [child for token in tokens for child in token.children or ()]
    return Counter(token.type for token in (*tokens, *inner))


def test_the_page_is_the_golden_one(pair: Comparison) -> None:
    page, golden = markdown.render(pair), GOLDEN / "ferry.md"
    if os.environ.get("CLAIMDIFF_GOLDEN") == "write":
        golden.write_text(page, encoding="utf-8", newline="")
    assert page == golden.read_bytes().decode("utf-8")


def test_it_renders_as_meant(pair: Comparison) -> None:
    found = kinds(markdown.render(pair, title="The ferry"))
    assert found["table_open"] == 3
    assert found["heading_open"] == 1 + 2 + 4 + 2
    assert found["blockquote_open"] == 6
    assert found["html_block"] == found["html_inline"] == 0


@pytest.mark.parametrize("odd", ODD)
def test_no_article_changes_the_structure(build: Callable[..., Comparison], odd: str) -> None:
    def page(text: str) -> Counter[str]:
        source = [("Head", Status.COVERED), (text, Status.COVERED), (text + " x", Status.OMITTED)]
        derivative = [("Head", Status.VERBATIM), (text, Status.DISTORTED), (text, Status.ADDED)]
        made = build(source, derivative)
        edits = (Edit(text, text), Edit(" " + text, ""), Edit("", text), Edit("x", "x"))
        links = (
            Link("d.1", ("s.1",), Relation.VERBATIM, 1.0),
            Link("d.2", ("s.2",), Relation.DISTORTED, 0.5, edits),
        )
        places = [side.statements[1].place() for side in (made.sources[0], made.derivative)]
        found = [
            replace(FINDING, source=places[0], derivative=places[1], message=text),
            replace(FINDING, kind=Kind.OMISSION, source=made.sources[0].statements[2].place(), after="d.2"),
        ]
        named = replace(made.derivative, name=text)
        made = replace(made, derivative=named, links=links, findings=tuple(found), notes=(text,))
        counted = kinds(markdown.render(made, title=text))
        return Counter({kind: counted[kind] for kind in counted if not kind.startswith(("text", "strong"))})

    assert page(odd) == page("Some words")


def test_many_unchanged_statements_share_a_row(build: Callable[..., Comparison]) -> None:
    same = [(f"Sentence number {number}.", Status.VERBATIM) for number in range(7)]
    source = [(text, Status.COVERED) for text, _ in same]
    links = [Link(f"d.{n}", (f"s.{n}",), Relation.VERBATIM, 1.0) for n in range(1, 8)]
    page = markdown.render(build(source, same, links=links))
    assert "| d.1 – d.7 | | 7 statements unchanged | verbatim |" in page
    assert "**No findings; 7 of 7 source statements carried" in page
    assert "Left out" not in page
    assert "findings\n\n###" not in page


def test_a_paraphrase_without_edits_shows_both_texts(build: Callable[..., Comparison]) -> None:
    link = Link("d.1", ("s.1", "s.2"), Relation.PARAPHRASE, 0.5)
    source = [("One.", Status.COVERED), ("Two.", Status.COVERED)]
    page = markdown.render(build(source, [("Both.", Status.PARAPHRASE)], links=[link]))
    assert "| d.1 | One. Two. (s.1, s.2) | Both. | paraphrase |" in page


@pytest.mark.parametrize(("statements", "length"), [(40, 150), (400, 300), (3000, 2000), (2, 500_000)])
def test_it_is_never_too_long_and_says_what_it_leaves_out(
    build: Callable[..., Comparison], statements: int, length: int
) -> None:
    text = ("*words* " * (length // 8 + 1))[:length]
    source = [(f"{number} {text}", Status.OMITTED) for number in range(statements)]
    derivative = [(f"{number} {text}", Status.ADDED) for number in range(statements)]
    made = build(source, derivative)
    added = [
        replace(FINDING, kind=Kind.ADDITION, derivative=own.place()) for own in made.derivative.statements
    ]
    lost = [
        replace(FINDING, kind=Kind.OMISSION, source=own.place(), after="d.1")
        for own in made.sources[0].statements
    ]
    page = markdown.render(replace(made, findings=(*added, *lost)))
    assert len(page) <= markdown.LIMIT
    assert ("## Not shown here" in page) == (statements > 100)
    assert kinds(page)["html_inline"] == 0
    assert f"{2 * statements:,} major findings" in page


def test_ranges_of_numbers() -> None:
    assert ranges([]) == ""
    assert ranges([1, 2, 4, 5, 6, 9]) == "1, 2, 4–6, 9"

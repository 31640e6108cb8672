"""Twelve page forms in the manner of big publishers: the role of every line, in plain text and Markdown.

Each line of a page begins with the role that it must get: h headline, b body, x boilerplate, n an
editor's note (boilerplate that the notes tell of), - for a line that says nothing. In a Markdown
page @ stands for the plain page's next body line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from claimdiff.model import Document, Role
from claimdiff.read import read_text
from claimdiff.segment import segment

HERE = Path(__file__).parent
ROLES = {"h": Role.HEADLINE, "b": Role.BODY, "x": Role.BOILERPLATE, "n": Role.BOILERPLATE}


class Line(NamedTuple):
    role: str
    text: str


def page(name: str, form: str) -> list[Line]:
    """The lines of a page; empty ones have no role."""
    content = tomllib.loads((HERE / name).read_text("utf-8"))
    plain = [Line(line[:1], line[2:]) for line in content["plain"].split("\n")]
    if form == "plain":
        return plain
    body = (line for line in plain if line.role == "b")
    marked = (Line(line[:1], line[2:]) for line in content["markdown"].split("\n"))
    return [next(body) if line.role == "@" else line for line in marked]


def read(lines: list[Line], form: str) -> Document:
    text = "\n".join(line.text for line in lines)
    return segment(read_text(text, id="s", markdown=form == "markdown"), "s")


def mistakes(lines: list[Line], document: Document) -> Iterator[str]:
    """The lines of which some statement has another role than it must have."""
    start = 0
    for line in lines:
        end = start + len(line.text)
        found = {own.role for own in document.statements if own.span.start < end and start < own.span.end}
        wanted = {ROLES[line.role]} if line.role in ROLES else set()
        if found != wanted and (found or line.role in "hbn"):
            yield f"{line.role} {sorted(found)} {line.text}"
        start = end + 1


PAGES = [(path.name, form) for path in sorted(HERE.glob("*.toml")) for form in ("plain", "markdown")]


# Furniture that is still taken for the story, of 583 lines. Lower it when it falls.
STILL_WRONG = 8


@pytest.mark.parametrize(("name", "form"), PAGES)
def test_the_story_is_whole(name: str, form: str) -> None:
    """No line of the story and no editor's note is taken for anything else, and notes are told."""
    lines = page(name, form)
    document = read(lines, form)
    lost = [line for line in mistakes(lines, document) if line[0] in "bn"]
    assert lost == []
    notes = sum(line.role == "n" for line in lines)
    assert sum(note.startswith("editor's note: ") for note in document.notes) == notes


def test_furniture_is_told() -> None:
    wrong = []
    for name, form in PAGES:
        lines = page(name, form)
        wrong += mistakes(lines, read(lines, form))
    assert len(wrong) <= STILL_WRONG, wrong

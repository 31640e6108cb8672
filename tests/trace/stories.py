"""Invented articles, and archives made of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from claimdiff.read import read_text
from claimdiff.trace import Index, Reading, Trace, find, update

FERRY = """Ferry line adds two boats

The Sundal line will add two boats in May, its director Ola Brekke said on Monday.

Fares rose 12 percent last year, and 1.2 million passengers were carried. “We shall not sell a single berth,”
Brekke told the harbour council.
"""
REWRITE = """Two more boats for Sundal

Ola Brekke, who directs the Sundal line, said two boats would be added in May.

The line carried 1,200,000 passengers after fares went up 12%. “We shall not sell a single berth,” he said.
"""
ORCHARD = """Council to plant apple trees

The council of Elmstead will plant 400 apple trees by 2031, its head gardener Tove Lind said.

Residents were not asked about the plan. The trees come from a nursery in Vik and cost 38,000 crowns.
"""
SAME_NAMES = """Brekke opens museum of knots

Ola Brekke of the Sundal line cut a ribbon at a museum of sailors' knots in May.

Brekke gave the museum a model of a lighthouse that his grandmother had carved.
"""
PLAIN = """Clinic closes for repairs

A clinic in Harrowby stays shut until the roof has been mended, a nurse said.
"""
STORIES = {"ferry": FERRY, "orchard": ORCHARD, "knots": SAME_NAMES, "clinic": PLAIN}
WORDS = (
    "anchor", "basket", "candle", "dagger", "engine", "fabric", "garden", "hammer", "island", "jacket",
    "kettle", "ladder", "magnet", "needle",
)  # fmt: skip


def folder(place: Path, stories: dict[str, str] | None = None) -> Path:
    """An archive of text files."""
    place.mkdir(parents=True, exist_ok=True)
    for name, text in (STORIES if stories is None else stories).items():
        (place / f"{name}.txt").write_text(text, encoding="utf-8")
    return place


def rows(stories: dict[str, str]) -> Iterable[dict[str, str]]:
    for name, text in stories.items():
        title, _, body = text.partition("\n\n")
        yield {"id": name, "title": title, "date": "2031-05-04", "text": body}


def jsonl(path: Path, stories: dict[str, str] | None = None) -> Path:
    lines = [json.dumps(row) + "\n" for row in rows(STORIES if stories is None else stories)]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE story (id TEXT, title TEXT, date TEXT, text TEXT)")
        connection.executemany("INSERT INTO story VALUES (:id, :title, :date, :text)", list(rows(STORIES)))
    return path


def many(count: int, start: int = 0) -> dict[str, str]:
    """Articles that differ a little from each other."""
    size = len(WORDS)
    return {
        f"n{n:04}": f"Report {n} on the {WORDS[n % size]}\n\nA {WORDS[n // size % size]} was bought for "
        f"{n + 100} crowns near the {WORDS[n * 7 % size]} of Keld.\n"
        for n in range(start, start + count)
    }


def ask(place: Path, index: Path, text: str = REWRITE, *, fixed: bool = False, **given: object) -> Trace:
    """The trace of a text, with the index brought up to date unless it is `fixed`."""
    own = Index(index, Reading(), fixed=fixed)
    try:
        if not fixed:
            update(own, place, Reading())
        options = {"top": 5, **given}
        return find(own, place, read_text(text, id="d", name="rewrite.txt"), Reading(), **options)  # type: ignore[arg-type]
    finally:
        own.close()


def names(trace: Trace, *, likely: bool = False) -> list[str]:
    return [own.candidate.article.name for own in trace.traced if own.candidate.likely or not likely]

"""The reports of several pairs as one: what each renders to, joined as its format allows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from claimdiff.render.machine import dump

RULE = "=" * 40  # between two texts for a terminal
COUNTS = ("tests", "failures", "errors", "skipped")


def join(form: str, texts: Sequence[str]) -> str:
    """The texts, each rendered in this format, as one text of it; one alone comes back as it is. Raises
    ValueError for a format that cannot hold several, and for no text at all."""
    if form not in JOINABLE:
        raise ValueError(f"reports in {form} cannot be joined")
    if not texts:
        raise ValueError("there is nothing to join")
    return texts[0] if len(texts) == 1 else JOINS[form](texts)


def _json(texts: Sequence[str]) -> str:
    """An array; each comparison keeps its characters."""
    return "[\n" + ",\n".join(text.strip() for text in texts) + "\n]\n"


def _sarif(texts: Sequence[str]) -> str:
    """One log. Each run gets an id that ends with a slash and is its own: what stands before the last
    slash tells code scanning one analysis from another, and it takes no two alike."""
    logs = [json.loads(text) for text in texts]
    runs = [run for log in logs for run in log["runs"]]
    taken: set[str] = set()
    for run in runs:
        id = run["automationDetails"]["id"]
        run["automationDetails"]["id"] = _unlike(id, taken) + "/"
    return dump({**logs[0], "runs": runs})


def _rdjson(texts: Sequence[str]) -> str:
    reports = [json.loads(text) for text in texts]
    return dump({**reports[0], "diagnostics": [own for report in reports for own in report["diagnostics"]]})


def _annotation(texts: Sequence[str]) -> str:
    """One collection with one page; an id that two findings share gets a number."""
    collections = [json.loads(text) for text in texts]
    items = [item for own in collections for item in own["first"]["items"]]
    taken: set[str] = set()
    for item in items:
        item["id"] = _unlike(item["id"], taken)
    made: dict[str, Any] = dict(collections[0])
    made["label"] = "; ".join(own["label"] for own in collections)
    made["total"] = len(items)
    made["first"] = {**made["first"], "items": items}
    return dump(made)


def _unlike(id: str, taken: set[str]) -> str:
    """The id, with a number if it is taken already; it is taken then."""
    number, free = 1, id
    while free in taken:
        number += 1
        free = f"{id}-{number}"
    taken.add(free)
    return free


def _junit(texts: Sequence[str]) -> str:
    from xml.etree.ElementTree import fromstring, indent, tostring

    tops = [fromstring(text.encode()) for text in texts]
    joined = tops[0]
    counts = {count: sum(int(top.get(count, 0)) for top in tops) for count in COUNTS}
    for top in tops[1:]:
        joined.extend(top)
    for count, number in counts.items():
        joined.set(count, str(number))
    indent(joined)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(joined, encoding="unicode") + "\n"


def _csv(texts: Sequence[str]) -> str:
    """One head with all columns that there are; a row has nothing where its table lacks one."""
    tables = [csv.DictReader(io.StringIO(text, newline="")) for text in texts]
    head = list(dict.fromkeys(name for table in tables for name in table.fieldnames or ()))
    out = io.StringIO()
    writer = csv.DictWriter(out, head, restval="", lineterminator="\n")
    writer.writeheader()
    for table in tables:
        writer.writerows(table)
    return out.getvalue()


JOINS: dict[str, Callable[[Sequence[str]], str]] = {
    "text": f"\n{RULE}\n\n".join,
    "markdown": "\n---\n\n".join,
    "markdown-summary": "\n---\n\n".join,
    "json": _json,
    "sarif": _sarif,
    "github": "".join,
    "rdjson": _rdjson,
    "junit": _junit,
    "annotation": _annotation,
    "csv": _csv,
}
JOINABLE: frozenset[str] = frozenset(JOINS)

"""The findings as a table in CSV, for a spreadsheet: UTF-8, a comma between cells, LF after each row.

Lines and columns count as an editor shows them, columns in code points.
"""

from __future__ import annotations

import csv
import io

from claimdiff.model import Comparison, Finding, Place
from claimdiff.render import words
from claimdiff.render.criteria import criterion
from claimdiff.render.machine import Places

HEAD = (
    "id", "severity", "confidence", "kind", "types", "criterion", "rule", "message",
    "derivative", "derivative line", "derivative column", "derivative words",
    "source", "source line", "source column", "source words", "after",
)  # fmt: skip
STOPS = ("stops",)
# What makes a spreadsheet take a cell for a formula; the wide forms do so in some.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def render(comparison: Comparison, *, root: str = "") -> str:
    """A head and a row for each finding, major ones first. With a verdict a last column says what stops the
    text, and that comes first."""
    places = Places(comparison, root=root)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*HEAD, *STOPS) if comparison.verdict else HEAD)
    writer.writerows(_row(places, finding) for finding in places.findings())
    return out.getvalue()


def _row(places: Places, finding: Finding) -> list[str]:
    cells = (
        finding.id,
        finding.severity.value,
        f"{finding.confidence:.2f}",
        finding.kind.value,
        " ".join(finding.types),
        criterion(finding.kind, finding.types),
        finding.rule,
        finding.message,
        *_place(places, places.target(finding)),
        *(_place(places, finding.source) if finding.source else ("", "", "", "")),
        finding.after or "",
        *(("yes" if places.ruling.stops(finding) else "no",) if places.ruling.given else ()),
    )
    return [cell(text) for text in cells]


def _place(places: Places, place: Place) -> tuple[str, str, str, str]:
    start = places.region(place).start
    return places.path(place), str(start.line), str(start.column), places.words(place)


def cell(text: str) -> str:
    """Words on one line that no spreadsheet computes."""
    text = words.plain(text).strip()
    return f"'{text}" if text.startswith(FORMULA) else text

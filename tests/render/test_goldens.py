"""One pair of seeds/ in every format, as files to read.

They come from comparisons that were stored once, so that no change of a rule changes them:
golden/two-sources.json, and golden/judged.json, the same with a policy's verdict. After a change of a
renderer that is meant, `make goldens` writes them again.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from claimdiff.model import Comparison, Kind, Rule, Severity, Type
from claimdiff.render import FORMATS

GOLDEN = Path(__file__).parent / "golden"
STORED = {name: GOLDEN / f"{name}.json" for name in ("two-sources", "judged")}
RULES = (
    Rule(
        "number-changed",
        Kind.DISTORTION,
        Type.NUMBER,
        Severity.MAJOR,
        "A figure differs.",
        "Figures are repeated.",
        ("It holds 12 | 13.", "It holds 20 *or so*."),
        ("It holds 12.", "It holds a dozen."),
    ),
)
OPTIONS: dict[str, Any] = {"rules": RULES, "color": False, "width": 80}
SHOWN: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    **{("two-sources", name): (name, {}) for name in FORMATS},
    ("two-sources", "side-by-side"): ("text", {"width": 120, "side_by_side": True}),
    ("two-sources", "ascii"): ("text", {"encoding": "ascii"}),
    ("two-sources", "color"): ("text", {"color": True}),
    **{
        ("judged", name): (name, {})
        for name in (
            "text",
            "markdown",
            "markdown-summary",
            "json",
            "sarif",
            "github",
            "rdjson",
            "junit",
            "csv",
            "html",
        )
    },
    ("judged", "verbose"): ("text", {"verbose": True, "color": True}),
    ("judged", "waived"): ("sarif", {"waived": True}),
}


def _file(stored: str, name: str) -> str:
    suffix = FORMATS[SHOWN[stored, name][0]].suffix
    return f"{stored}.{name}" if suffix == f".{name}" else f"{stored}.{name}{suffix}"


@pytest.mark.parametrize(("stored", "name"), SHOWN, ids="-".join)
def test_it_looks_as_it_did(stored: str, name: str) -> None:
    form, options = SHOWN[stored, name]
    comparison = Comparison.from_json(STORED[stored].read_text(encoding="utf-8"))
    text = FORMATS[form].render(comparison, **(OPTIONS | options))
    golden = GOLDEN / _file(stored, name)
    if os.environ.get("CLAIMDIFF_GOLDEN") == "write" and golden != STORED[stored]:
        golden.write_text(text, encoding="utf-8", newline="")
    assert text == golden.read_bytes().decode("utf-8"), "read the difference, then `make goldens`"


def test_every_file_is_one_of_them() -> None:
    """A format that is gone leaves no file behind."""
    assert {own.name for own in GOLDEN.iterdir()} == {*(_file(*own) for own in SHOWN), "ferry.md"}

"""One pair of seeds/ in every format, as files to read.

They come from a comparison that was stored once, golden/two-sources.json, so that no change of a rule
changes them. After a change of a renderer that is meant, `make goldens` writes them again.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from claimdiff.model import Comparison, Kind, Rule, Severity, Type
from claimdiff.render import FORMATS

GOLDEN = Path(__file__).parent / "golden"
STORED = GOLDEN / "two-sources.json"
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
SHOWN: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: (name, {}) for name in FORMATS},
    "side-by-side": ("text", {"width": 120, "side_by_side": True}),
    "ascii": ("text", {"encoding": "ascii"}),
    "color": ("text", {"color": True}),
}


def _file(name: str) -> str:
    suffix = FORMATS[SHOWN[name][0]].suffix
    return f"two-sources.{name}" if suffix == f".{name}" else f"two-sources.{name}{suffix}"


@pytest.mark.parametrize("name", SHOWN)
def test_it_looks_as_it_did(name: str) -> None:
    form, options = SHOWN[name]
    comparison = Comparison.from_json(STORED.read_text(encoding="utf-8"))
    text = FORMATS[form].render(comparison, **(OPTIONS | options))
    golden = GOLDEN / _file(name)
    if os.environ.get("CLAIMDIFF_GOLDEN") == "write" and golden != STORED:
        golden.write_text(text, encoding="utf-8", newline="")
    assert text == golden.read_bytes().decode("utf-8"), "read the difference, then `make goldens`"


def test_every_file_is_one_of_them() -> None:
    """A format that is gone leaves no file behind."""
    assert {own.name for own in GOLDEN.iterdir()} == {*map(_file, SHOWN), "ferry.md"}

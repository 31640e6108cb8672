"""reports/ is what the code renders from seeds/; `make reports` brings it up to date."""

from __future__ import annotations

from pathlib import Path

from claimdiff.cli import main

ROOT = Path(__file__).parent.parent


def test_reports_are_current(tmp_path: Path) -> None:
    assert main(["report", str(ROOT / "seeds"), "-o", str(tmp_path), "--rules-url", "../docs/rules"]) == 0
    fresh = {path.name: path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir())}
    kept = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "reports").glob("*.md"))}
    stale = sorted(name for name in fresh.keys() | kept.keys() if fresh.get(name) != kept.get(name))
    assert stale == [], "run `make reports` and read what changed"

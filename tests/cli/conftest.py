"""Running the command in this process, and the files it is run on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from claimdiff.cli import main

SOURCE = """Ferry line adds two boats

The Sundal line will add two boats in May, its director Ola Brekke said on Monday.

Fares rose 12 percent last year. The union had not been asked about the plan.
"""
DERIVATIVE = """Ferry line adds two boats

The Sundal line will add two boats in May, its director Ola Brekke said on Monday.

Fares rose 20 percent last year. A rival company from Denmark plans to sue the harbour.
"""


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Runs claimdiff with these arguments."""

    def running(*args: str | Path) -> Result:
        code = main([str(arg) for arg in args])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return running


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with source.txt and derivative.txt, which is the current one."""
    (tmp_path / "source.txt").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "derivative.txt").write_text(DERIVATIVE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path

"""A small newsroom, and the programs that its integrations need."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
SOURCE = """# Ferry line adds two boats

The Sundal line will add two boats in May, its director Ola Brekke said on Monday.

Fares rose 12 percent last year. The union had not been asked about the plan.
"""
HARMLESS = SOURCE.replace("said on Monday", "told reporters on Monday")
DISTORTED = SOURCE.replace("12 percent", "20 percent")
CONFIGURATION = """[[pairs]]
derivative = "rewrites/{slug}.md"
source = "wire/{slug}.md"
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def needs() -> Callable[[str], str]:
    """The path of a program; without it the test is skipped."""

    def needing(program: str) -> str:
        own = PROGRAMS / program
        found = str(own) if own.exists() else shutil.which(program)
        if not found:
            pytest.skip(f"needs {program}")
        return found

    return needing


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment in which `claimdiff` is this one, and no user's or workflow's settings count."""
    if not (PROGRAMS / "claimdiff").exists():
        pytest.skip("needs the claimdiff command beside the Python that runs the tests")
    strange = ("GITHUB_", "GIT_", "INPUT_", "CLAIMDIFF_", "PRE_COMMIT", "RUNNER_", "MAKE", "MFLAGS")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(strange)}
    home = tmp_path / "home"
    home.mkdir()
    who = {
        f"GIT_{role}_{part}": "desk@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    return {
        **kept,
        **who,
        "PATH": f"{PROGRAMS}{os.pathsep}{kept.get('PATH', '')}",
        "HOME": str(home),
        "CLAIMDIFF_CACHE_DIR": str(tmp_path / "cache"),
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """A folder with a source, a harmless rewrite of it, and a configuration that pairs them."""
    folder = tmp_path / "newsroom"
    for name in ("wire", "rewrites"):
        (folder / name).mkdir(parents=True)
    (folder / "wire" / "ferry.md").write_text(SOURCE, encoding="utf-8")
    (folder / "rewrites" / "ferry.md").write_text(HARMLESS, encoding="utf-8")
    (folder / "claimdiff.toml").write_text(CONFIGURATION, encoding="utf-8")
    return folder


@pytest.fixture
def distort(newsroom: Path) -> Callable[[], None]:
    """Puts another figure into the rewrite."""
    return lambda: (newsroom / "rewrites" / "ferry.md").write_text(DISTORTED, encoding="utf-8") and None


@pytest.fixture
def run(newsroom: Path, env: dict[str, str]) -> Run:
    """Runs a program in the newsroom."""

    def running(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=newsroom,
            env={**env, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return running

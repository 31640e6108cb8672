"""What only a process of its own can show: what is loaded, pipes, and the way in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import claimdiff

ROOT = Path(claimdiff.__file__).parents[1]
HEAVY = ("nltk", "jinja2", "diff_match_patch", "markdown_it", "numpy", "scipy", "sklearn")


def python(*args: str, **given: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    options: dict[str, object] = {
        "capture_output": True,
        "text": True,
        "encoding": "utf-8",
        "env": environment,
    }
    return subprocess.run([sys.executable, *args], **(options | given))  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(
    "args",
    [["--version"], ["--help"], ["compare", "--help"], ["rules"], ["explain", "number-changed"], ["schema"]],
)
def test_what_needs_no_engine_loads_none(args: list[str]) -> None:
    code = (
        "import sys; from claimdiff.cli import main; code = main(sys.argv[1:]); "
        f"print(code, [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = python("-c", code, *args)
    assert done.stderr.strip() == "0 []"
    assert done.stdout


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, claimdiff; print(sorted(n for n in sys.modules if n.startswith('claimdiff.')))"
    assert python("-c", code).stdout.strip() == "[]"


@pytest.mark.parametrize(
    "before",
    [
        "",
        "import claimdiff.pipeline",
        "from claimdiff.cli.compare import compare",
        "import claimdiff.cli.app",
    ],
)
def test_compare_is_the_function_however_it_was_imported(before: str) -> None:
    code = f"{before}\nimport claimdiff\nprint(claimdiff.compare.__module__, claimdiff.Kind.ADDITION)"
    assert python("-c", code).stdout.strip() == "claimdiff addition"


def test_the_public_names() -> None:
    for name in claimdiff.__all__:
        assert getattr(claimdiff, name) is not None
    assert set(claimdiff.__all__) <= set(dir(claimdiff))
    with pytest.raises(AttributeError, match="nothing"):
        claimdiff.nothing  # noqa: B018


def test_the_module_is_the_command() -> None:
    done = python("-m", "claimdiff", "--version")
    assert (done.returncode, done.stdout) == (0, f"claimdiff, version {claimdiff.__version__}\n")
    assert python("-m", "claimdiff", "nonsense").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX pipes")
@pytest.mark.parametrize("args", [["schema"], ["rules", "--format", "json"]])
def test_a_reader_that_goes_away_is_no_error(args: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = python("-m", "claimdiff", *args, capture_output=False, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said() -> None:
    with Path("/dev/full").open("w") as full:
        done = python("-m", "claimdiff", "schema", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.startswith("claimdiff: error: standard output: cannot be written")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_a_closed_standard_output_is_said() -> None:
    done = python(
        "-c", "import sys; sys.stdout = None\nfrom claimdiff.cli import main\nsys.exit(main(['schema']))"
    )
    assert done.returncode == 2
    assert "standard output is closed" in done.stderr

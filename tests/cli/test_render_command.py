"""`claimdiff render`: what was stored, in any format, without the engine; and how a terminal gets it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from claimdiff.cli import show
from claimdiff.render import FORMATS

Run = Callable[..., Any]
PAIR = ("source.txt", "derivative.txt")


@pytest.fixture
def stored(run: Run, files: Path) -> Path:
    run("compare", *PAIR, "--format", "json", "-o", "stored.json", "-q")
    return files / "stored.json"


@pytest.mark.parametrize("form", FORMATS)
def test_it_renders_as_comparing_would(run: Run, stored: Path, form: str) -> None:
    rendered = run("render", "stored.json", "--format", form)
    assert (rendered.code, rendered.err) == (0, "")
    assert rendered.out == run("compare", *PAIR, "--format", form).out
    run("render", "stored.json", "--format", form, "-o", "made")
    assert (stored.parent / "made").read_bytes().decode("utf-8") == rendered.out


@pytest.mark.parametrize("form", ["text", "markdown", "sarif", "csv"])
def test_no_engine_is_loaded(stored: Path, form: str) -> None:
    code = (
        "import sys; from claimdiff.cli import main; "
        f"main(['render', 'stored.json', '--format', '{form}', '-o', 'made', '-q']); "
        "print([name for name in sys.modules if name.startswith"
        "(('nltk', 'diff_match_patch', 'claimdiff.pipeline', 'claimdiff.align', 'claimdiff.facts'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=stored.parent, check=True
    )
    assert done.stdout == "[]\n"
    assert (stored.parent / "made").is_file()


BAD: list[tuple[bytes, str]] = [
    (b"", "not valid JSON"),
    (b"{", "not valid JSON"),
    (b"\xff\xfe{}", "it is not UTF-8"),
    (b"[1]", "$: expected an object"),
    (b"[" * 100_000, "nested too deeply"),
    (b"{}", "'schema_version' is missing"),
    (
        b'{"schema_version": 2}',
        "a newer claimdiff wrote this, in form 2; this one reads form 1",
    ),
    (b'{"schema_version": 0}', "expected 1"),
    (b'{"schema_version": "2"}', "expected 1"),
    (b'{"schema_version": NaN}', "NaN is not a number"),
]


@pytest.mark.parametrize(("data", "says"), BAD)
def test_what_is_no_stored_comparison(run: Run, files: Path, data: bytes, says: str) -> None:
    (files / "stored.json").write_bytes(data)
    code, out, err = run("render", "stored.json")
    assert (code, out) == (2, "")
    assert err.startswith("claimdiff: error: stored.json: ")
    assert says in err
    assert err.count("\n") == 1


def test_a_newer_form_is_refused(run: Run, stored: Path) -> None:
    data = json.loads(stored.read_text(encoding="utf-8"))
    stored.write_text(json.dumps(data | {"schema_version": 7}), encoding="utf-8")
    code, out, err = run("render", "stored.json", "--format", "html")
    assert (code, out) == (2, "")
    assert "form 7" in err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("absent.json",), "absent.json: cannot be read (No such file or directory)"),
        ((".",), ".: cannot be read (Is a directory)"),
        ((), "Missing argument"),
        (("stored.json", "--format", "pdf"), "'pdf' is not one of"),
        (("stored.json", "-o", "stored.json"), "it would be overwritten"),
        (("stored.json", "--lang", "en"), "No such option"),
    ],
)
def test_wrong_usage(run: Run, stored: Path, args: tuple[str, ...], says: str) -> None:
    code, out, err = run("render", *args)
    assert (code, out) == (2, "")
    assert says in err


def test_it_reads_standard_input(run: Run, stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(b"\xef\xbb\xbf" + stored.read_bytes())

    expected = run("render", "stored.json").out
    monkeypatch.setattr(sys, "stdin", Piped)
    assert run("render", "-").out == expected


def test_it_links_to_where_it_is_told(run: Run, stored: Path) -> None:
    out = run("render", "stored.json", "--format", "markdown", "--rules-url", "https://x.org/{rule}").out
    assert "(https://x.org/number-changed)" in out


def test_paths_are_told_from_here(run: Run, files: Path) -> None:
    out = run("compare", *(files / name for name in PAIR), "--format", "sarif").out
    uris = [own["location"]["uri"] for own in json.loads(out)["runs"][0]["artifacts"]]
    assert uris == list(PAIR)


# --- terminals ------------------------------------------------------------------------------------


class Terminal(io.TextIOWrapper):
    """A standard output that says that it is a terminal."""

    def isatty(self) -> bool:
        return True

    def text(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode(self.encoding)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, stored: Path) -> Callable[..., tuple[str, list[str]]]:
    """Renders to a terminal of a size and an encoding; returns what it shows and what the pager got."""

    def rendering(*args: str, columns: int = 80, lines: int = 24, encoding: str = "utf-8") -> Any:
        from claimdiff.cli import main

        paged: list[str] = []
        out = Terminal(io.BytesIO(), encoding=encoding, newline="")
        with monkeypatch.context() as patch:
            patch.setenv("COLUMNS", str(columns))
            patch.setenv("LINES", str(lines))
            patch.setenv("NO_COLOR", "1")
            patch.setattr(click, "echo_via_pager", lambda text, color: paged.append(text))
            patch.setattr(sys, "stdout", out)
            assert main(["render", "stored.json", *args]) == 0
        return out.text(), paged

    return rendering


def test_a_long_text_is_paged(terminal: Callable[..., tuple[str, list[str]]]) -> None:
    shown, paged = terminal(lines=5)
    assert shown == "" and len(paged) == 1
    shown, paged = terminal("--no-pager", lines=5)
    assert shown and not paged
    shown, paged = terminal(lines=500)
    assert shown and not paged
    shown, paged = terminal("--format", "json", lines=5)
    assert shown and not paged


def test_two_columns_where_there_is_room(terminal: Callable[..., tuple[str, list[str]]]) -> None:
    wide, _ = terminal("--side-by-side", "--no-pager", columns=140)
    assert "-+-" in wide
    assert max(map(len, wide.splitlines())) <= 140
    narrow, _ = terminal("--side-by-side", "--no-pager", columns=100)
    assert "note: two columns need a width of 120, and this is 100" in narrow
    assert "-+-" not in narrow


def test_an_old_terminal_gets_what_it_can_show(terminal: Callable[..., tuple[str, list[str]]]) -> None:
    for encoding in ("ascii", "latin-1", "cp437", "utf-8"):
        shown, _ = terminal("--no-pager", lines=500, encoding=encoding)
        assert "?" not in shown


def test_a_file_gets_two_columns(run: Run, stored: Path) -> None:
    run("render", "stored.json", "--side-by-side", "-o", "made.txt", "-q")
    text = (stored.parent / "made.txt").read_text(encoding="utf-8")
    assert "-+-" in text
    assert text == run("render", "stored.json", "--side-by-side").out


def test_the_names_of_the_options_are_those_of_the_renderers() -> None:
    known = {"title", "rules", "docs", "root", "color", "width", "verbose", "side_by_side", "encoding"}
    known |= {"waived"}
    assert set().union(*(own.options() for own in FORMATS.values())) == known
    assert show.TWO_COLUMNS == 120

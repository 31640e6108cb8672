"""`claimdiff compare`: formats, files, colour, and one clear line for whatever goes wrong."""

from __future__ import annotations

import io
import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import claimdiff
from claimdiff import store
from claimdiff.model import Comparison
from claimdiff.render import FORMATS

Run = Callable[..., Any]
PAIR = ("source.txt", "derivative.txt")


def test_text_is_what_it_prints(run: Run, files: Path) -> None:
    code, out, err = run("compare", *PAIR)
    assert (code, err) == (0, "")
    assert out.startswith("derivative.txt against source.txt\n")
    assert "\x1b" not in out
    assert "20" in out


def test_json_follows_the_schema_and_reads_back(run: Run, files: Path) -> None:
    code, out, err = run("compare", *PAIR, "--format", "json")
    assert (code, err) == (0, "")
    jsonschema.validate(json.loads(out), json.loads(store.schema()))
    assert Comparison.from_json(out).to_json() + "\n" == out


def test_markdown_goes_to_a_file_whole(run: Run, files: Path) -> None:
    code, out, err = run("compare", *PAIR, "--format", "markdown", "-o", "report.md")
    assert (code, out, err) == (0, "", "wrote report.md\n")
    page = files / "report.md"
    assert page.read_text(encoding="utf-8").startswith("# derivative.txt against source.txt\n")
    page.chmod(0o640)
    assert run("compare", *PAIR, "--format", "json", "-o", "report.md", "-q") == (0, "", "")
    assert json.loads(page.read_text(encoding="utf-8"))["schema_version"] == 1
    assert stat.S_IMODE(page.stat().st_mode) == 0o640
    assert sorted(own.name for own in files.iterdir()) == ["derivative.txt", "report.md", "source.txt"]


def test_the_same_output_to_a_file_and_to_a_pipe(run: Run, files: Path) -> None:
    run("compare", *PAIR, "-o", "report.txt")
    assert run("compare", *PAIR, "-o", "-").out == (files / "report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("absent/report.md", "there is no folder absent; make it first"),
        ("source.txt/report.md", "there is no folder source.txt; make it first"),
        (".", "is a folder; name a file in it"),
        ("source.txt", "is one of the texts"),
        ("./derivative.txt", "is one of the texts"),
    ],
)
def test_where_it_cannot_write(run: Run, files: Path, target: str, says: str) -> None:
    before = (files / "source.txt").read_bytes()
    code, out, err = run("compare", *PAIR, "-o", target)
    assert (code, out) == (2, "")
    assert says in err
    assert (files / "source.txt").read_bytes() == before


@pytest.mark.parametrize("position", [0, 1])
def test_one_text_may_come_from_standard_input(
    run: Run, files: Path, monkeypatch: pytest.MonkeyPatch, position: int
) -> None:
    class Piped:
        buffer = io.BytesIO((files / PAIR[position]).read_bytes())

    monkeypatch.setattr(sys, "stdin", Piped)
    names = list(PAIR)
    names[position] = "-"
    code, out, _ = run("compare", *names, "--format", "json")
    data = json.loads(out)
    assert code == 0
    assert [data["sources"][0], data["derivative"]][position]["name"] == "standard input"


def test_standard_input_cannot_be_two_texts(run: Run, files: Path) -> None:
    code, _, err = run("compare", "-", "-")
    assert code == 2
    assert "only one of the texts can be -" in err


def test_several_sources(run: Run, files: Path) -> None:
    (files / "other.txt").write_text(
        "A rival company from Denmark plans to sue the harbour.\n", encoding="utf-8"
    )
    data = json.loads(run("compare", "source.txt", "other.txt", "derivative.txt", "--format", "json").out)
    assert [source["id"] for source in data["sources"]] == ["s1", "s2"]
    assert not [own for own in data["derivative"]["statements"] if own["status"] == "added"]


@pytest.mark.parametrize(
    ("args", "environment", "colored"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour(
    run: Run,
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    environment: dict[str, str],
    colored: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run("compare", *PAIR, *args).out) == colored


def test_min_confidence_leaves_findings_out(run: Run, files: Path) -> None:
    def kinds(least: str) -> set[str]:
        data = json.loads(run("compare", *PAIR, "--format", "json", "--min-confidence", least).out)
        return {own["kind"] for own in data["findings"]}

    assert "distortion" in kinds("0")
    assert "distortion" not in kinds("1")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "Missing argument"),
        (("source.txt",), "Missing argument"),
        ((*PAIR, "--min-confidence", "nan"), "is not a number from 0 to 1"),
        ((*PAIR, "--min-confidence", "2"), "is not a number from 0 to 1"),
        (
            (*PAIR, "--format", "pdf"),
            "'pdf' is not one of 'text', 'markdown', ",
        ),
        ((*PAIR, "--colour", "never"), "No such option"),
        ((*PAIR, "--encoding", "klingon"), "no such text encoding"),
    ],
)
def test_wrong_usage(run: Run, files: Path, args: tuple[str, ...], says: str) -> None:
    code, out, err = run("compare", *args)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


PROSE = "The mayor of Lund opened the new library on Friday morning. Two hundred people came to see it.\n"
OTHER = (
    "Potato prices fell sharply in Peru. Farmers blame a wet spring. The harvest was large. "
    "Exports will start late. Nobody expects a recovery.\n"
)

BAD: list[tuple[str, bytes | None, int, str]] = [
    ("missing file", None, 2, "no such file"),
    ("binary file", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, 2, "bad.txt"),
    (
        "undecodable byte",
        "Café é ".encode() + b"caf\xe9 opens",
        2,
        "byte 0xE9 at offset 12 is not valid utf-8",
    ),
    ("undecodable byte, the way out", "Café é ".encode() + b"caf\xe9 opens", 2, "--encoding"),
    ("empty", b"", 3, "empty"),
    ("white space", b" \n\t\r\n \n", 3, "empty"),
    ("unrelated", OTHER.encode() * 3, 3, "no statement in common"),
]


@pytest.mark.parametrize(("data", "code", "says"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
@pytest.mark.parametrize("first", [True, False])
def test_bad_input_gives_one_line(
    run: Run, files: Path, data: bytes | None, code: int, says: str, first: bool
) -> None:
    (files / "good.txt").write_text(PROSE * 3, encoding="utf-8")
    if data is not None:
        (files / "bad.txt").write_bytes(data)
    names = ("bad.txt", "good.txt") if first else ("good.txt", "bad.txt")
    result = run("compare", *names)
    assert (result.code, result.out) == (code, "")
    assert says in result.err
    assert result.err.startswith("claimdiff: error: ")
    assert result.err.count("\n") == 1


def test_a_folder_is_no_text(run: Run, files: Path) -> None:
    code, _, err = run("compare", "source.txt", files)
    assert code == 2
    assert "is a folder" in err


GOOD: list[tuple[str, bytes]] = [
    ("one line", b"The mayor of Lund opened the new library on Friday morning."),
    ("byte order mark", b"\xef\xbb\xbf" + PROSE.encode()),
    ("UTF-16", PROSE.encode("utf-16")),
    ("CRLF", PROSE.replace(". ", ".\r\n\r\n").encode()),
    ("a NUL", PROSE.replace("Lund", "Lu\x00nd").encode()),
    ("no final newline", PROSE.strip().encode()),
    ("escape codes", b"\x1b[31m" + PROSE.encode()),
]


@pytest.mark.parametrize("data", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
@pytest.mark.parametrize("form", FORMATS)
def test_odd_input_gives_a_result(run: Run, files: Path, data: bytes, form: str) -> None:
    (files / "good.txt").write_text(PROSE, encoding="utf-8")
    (files / "odd.txt").write_bytes(data)
    code, out, err = run("compare", "good.txt", "odd.txt", "--format", form)
    assert (code, err) == (0, "")
    assert not set(out) & set("\x00\x1b\ufeff") - ({"\ufeff"} if form == "html" else set())


def test_another_encoding(run: Run, files: Path) -> None:
    text = PROSE.replace("Lund", "Malmö")
    (files / "latin.txt").write_bytes(text.encode("latin-1"))
    code, out, _ = run("compare", "latin.txt", "latin.txt", "--encoding", "latin-1", "--format", "json")
    assert code == 0
    assert json.loads(out)["derivative"]["text"] == text


def test_an_internal_error_is_one_line_and_verbose_shows_the_rest(
    run: Run, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("wheel")

    monkeypatch.setattr("claimdiff.pipeline.compare", broken)
    code, out, err = run("compare", *PAIR)
    assert (code, out) == (2, "")
    assert (
        err
        == "claimdiff: error: internal error, KeyError: 'wheel'; please report it with what --verbose shows\n"
    )
    assert "Traceback" in run("compare", *PAIR, "--verbose").err


def test_ctrl_c(run: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("claimdiff.pipeline.compare", interrupted)
    result = run("compare", *PAIR)
    assert result.code == 130
    assert result.err.strip() == ""


def test_the_library_compares_texts_and_files_alike(files: Path) -> None:
    source, derivative = (files / name for name in PAIR)
    texts = [path.read_text(encoding="utf-8") for path in (source, derivative)]
    by_path, by_text = claimdiff.compare(source, derivative), claimdiff.compare(*texts)
    assert by_path.findings == by_text.findings
    assert claimdiff.compare([source], derivative) == by_path
    assert Comparison.from_json(by_path.to_json()) == by_path

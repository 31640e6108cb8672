"""`claimdiff trace`: what it prints, where, and its exit codes."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from stories import FERRY, ORCHARD, REWRITE, folder, jsonl

from claimdiff.cli import main


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Result]:
    """Runs claimdiff trace in a folder with wire/ and rewrite.txt; the caches are there, too."""
    folder(tmp_path / "wire")
    (tmp_path / "rewrite.txt").write_text(REWRITE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMDIFF_CACHE_DIR", str(tmp_path / "caches"))

    def running(*args: str) -> Result:
        code = main(["trace", *args])
        return Result(code, *capsys.readouterr())

    return running


def test_a_source_is_found(run: Callable[..., Result]) -> None:
    code, out, err = run("rewrite.txt", "--archive", "wire")
    assert code == 0
    assert err == "indexed wire: 4 articles new, 0 changed, 0 gone\n"
    lines = out.splitlines()
    assert lines[0] == "rewrite.txt: 1 likely source among the 4 articles of wire"
    assert lines[2:4] == ["1. ferry.txt", "   “Ferry line adds two boats”"]
    assert lines[4].startswith("   carries ") and lines[4].endswith("% of the text")
    assert "   names: Ola Brekke, Sundal" in lines
    assert "   figures: 1,200,000, 12%" in lines
    assert any(line.startswith("   rewrite.txt:5  The line carried 1,200,000") for line in lines)
    assert any(line.startswith("   ferry.txt:5  “We shall not sell") for line in lines)
    assert "Others that share something:" in lines
    assert run("rewrite.txt", "--archive", "wire") == (0, out, "")
    assert len(list(Path("caches/trace").glob("*.sqlite"))) == 1


def test_nothing_like_it(run: Callable[..., Result]) -> None:
    Path("other.txt").write_text("Snow fell on three hikers and their dog in the hills.\n", encoding="utf-8")
    code, out, _ = run("other.txt", "--archive", "wire")
    assert (code, out.splitlines()[0]) == (3, "other.txt: no likely source among the 4 articles of wire")
    assert run("other.txt", "--archive", "wire", "--compare").code == 3
    Path("empty.txt").write_text("", encoding="utf-8")
    code, out, err = run("empty.txt", "--archive", "wire")
    assert (code, out, err) == (3, "", "claimdiff: error: empty.txt: holds no words to search for\n")


def test_json_and_comparison(run: Callable[..., Result]) -> None:
    code, out, _ = run("rewrite.txt", "--archive", "wire", "--format", "json", "--compare", "--top", "2")
    data: dict[str, Any] = json.loads(out)
    assert code == 0
    assert (data["found"], data["articles"], data["identical"], data["problems"]) == (True, 4, [], [])
    best, other = data["candidates"]
    assert (best["name"], best["likely"], other["likely"]) == ("ferry.txt", True, False)
    passage = best["passages"][-1]
    for side, text in (("derivative", REWRITE), ("source", FERRY)):
        own = passage[side]
        assert " ".join(text[own["start"] : own["end"]].split()) == own["text"]
        assert own["line"] == text[: own["start"]].count("\n") + 1
    assert data["comparison"]["sources"][0]["name"] == str(Path("wire/ferry.txt"))
    assert "comparison" not in json.loads(run("rewrite.txt", "--archive", "wire", "--format", "json").out)


def test_a_report_follows_the_candidates(run: Callable[..., Result]) -> None:
    code, out, _ = run("rewrite.txt", "--archive", "wire", "--compare")
    assert code == 0
    assert "rewrite.txt against wire/ferry.txt" in out.replace(os.sep, "/")


def test_a_text_from_standard_input_and_a_file_for_the_answer(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Given:
        buffer = io.BytesIO(REWRITE.encode())

    monkeypatch.setattr("sys.stdin", Given)
    code, out, err = run("-", "--archive", "wire", "--index", "own/index", "-o", "trace.txt")
    assert (code, out) == (0, "")
    assert err.endswith("wrote trace.txt\n")
    assert Path("trace.txt").read_text(encoding="utf-8").startswith("standard input: 1 likely source")
    assert Path("own/index").is_file()
    assert not Path("caches").exists()


def test_the_text_itself_in_the_archive(run: Callable[..., Result]) -> None:
    out = run("wire/orchard.txt", "--archive", "wire").out.splitlines()
    assert out[:2] == [
        "wire/orchard.txt: no likely source among the 4 articles of wire",
        "orchard.txt is this text itself, word for word",
    ]
    assert run("wire/orchard.txt", "--archive", "wire", "--itself").code == 0


def test_problems_are_named_and_counted(run: Callable[..., Result]) -> None:
    for number in range(12):
        Path(f"wire/empty{number:02}.txt").write_bytes(b"")
    code, _, err = run("rewrite.txt", "--archive", "wire")
    lines = err.splitlines()
    assert code == 0
    assert lines[1] == "12 texts of the archive could not be read:"
    assert lines[2] == "  empty00.txt: has no words to search for"
    assert lines[-1] == "  and 2 more; --verbose names all"
    assert len(run("rewrite.txt", "--archive", "wire", "-v").err.splitlines()) == 13
    assert run("rewrite.txt", "--archive", "wire", "-q").err == ""


def test_an_index_as_it_is(run: Callable[..., Result]) -> None:
    code, _, err = run("rewrite.txt", "--archive", "wire", "--no-update")
    assert (code, "leave out --no-update once" in err) == (2, True)
    run("rewrite.txt", "--archive", "wire")
    Path("wire/later.txt").write_text(ORCHARD, encoding="utf-8")
    assert "among the 4 articles" in run("rewrite.txt", "--archive", "wire", "--no-update").out
    assert "among the 5 articles" in run("rewrite.txt", "--archive", "wire").out


def test_an_index_that_is_made_anew_is_said_to_be(run: Callable[..., Result]) -> None:
    run("rewrite.txt", "--archive", "wire")
    err = run("rewrite.txt", "--archive", "wire", "--max-bytes", "5000").err
    assert "is made anew, because the index was made with other options for reading\n" in err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("rewrite.txt",), "Missing option '--archive'"),
        (("rewrite.txt", "--archive", "none"), "none: no such file or folder"),
        (("none.txt", "--archive", "wire"), "none.txt: no such file"),
        (("rewrite.txt", "--archive", "rewrite.txt"), "is no archive"),
        (("rewrite.txt", "--archive", "wire", "-o", "rewrite.txt"), "would be overwritten"),
        (("rewrite.txt", "--archive", "wire", "--index", "rewrite.txt"), "cannot be used as an index"),
        (("rewrite.txt", "--archive", "wire", "--top", "0"), "--top"),
    ],
)
def test_trouble(args: tuple[str, ...], message: str, run: Callable[..., Result]) -> None:
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert message in err
    assert Path("rewrite.txt").read_text(encoding="utf-8") == REWRITE


def test_no_control_character_reaches_the_terminal(run: Callable[..., Result]) -> None:
    jsonl(Path("wire.jsonl"), {"a\x1b[2J": FERRY.replace("Ferry line", "Ferry \x1b]0;line")})
    code, out, _ = run("rewrite.txt", "--archive", "wire.jsonl")
    assert code == 0
    assert "\x1b" not in out


def test_a_text_that_cannot_be_compared_is_traced_all_the_same(run: Callable[..., Result]) -> None:
    german = (
        "Der Rat von Ulmstadt will bis zum Sommer viele Bäume pflanzen, sagte die Gärtnerin am Montag. " * 3
    )
    Path("wire/baum.txt").write_text(german, encoding="utf-8")
    Path("neu.txt").write_text(german.replace("Sommer", "Winter"), encoding="utf-8")
    code, out, err = run("neu.txt", "--archive", "wire", "--compare")
    assert code == 3
    assert out.splitlines()[2] == "1. baum.txt"
    assert "looks like German" in err


def test_verbose_shows_passages_in_full(run: Callable[..., Result]) -> None:
    out = run("rewrite.txt", "--archive", "wire", "-v").out
    assert FERRY.splitlines()[2] in out
    assert max(map(len, run("rewrite.txt", "--archive", "wire").out.splitlines())) <= 76

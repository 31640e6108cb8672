"""Bad and odd input through the command, in processes: a result, or one clear line and an exit code.

tests/cli holds the same inside one process and for every output format; here nothing is stubbed, so that
a traceback, a stray warning or a wrong exit code would show.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import claimdiff

ROOT = Path(claimdiff.__file__).parents[1]
Run = Callable[..., "Result"]
LIMIT = 120  # seconds after which a run counts as hung
GOOD = (
    "The mayor of Lund opened the new library on Friday morning. Two hundred people came to see it. "
    "“It took nine years,” said the architect, Ola Brekke.\n\nThe old building will be sold in spring.\n"
)
GERMAN = (
    "Der Stadtrat hat am Montag beschlossen, die alte Brücke über den Fluss für neun Monate zu sperren. Die "
    "Arbeiten werden nach Angaben der Verwaltung rund 14 Millionen Euro kosten und sind nicht einfach.\n"
)
OTHER = (
    "Potato prices fell sharply in Peru. Farmers blame a wet autumn. The harvest was large. "
    "Exports start late. Nobody expects a recovery.\n"
)


# A process that has loaded the engine and makes a copy of itself for each command: as good as a process
# of its own, without its second of loading.
LAUNCHER = """
import json, os, sys
import claimdiff
from claimdiff.cli import main
claimdiff.compare("The dock closed on Monday.", "The docks were closed on Monday.")
print(flush=True)
for line in iter(sys.stdin.readline, ""):
    folder, args = json.loads(line)
    pid = os.fork()
    if not pid:
        os.chdir(folder)
        for fd, name in ((0, os.devnull), (1, ".out"), (2, ".err")):
            os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC), fd)
        code = 70
        try:
            code = main(args)
            sys.stdout.flush()
        finally:
            sys.stderr.flush()
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def launcher() -> Iterator[subprocess.Popen[str] | None]:
    if sys.platform == "win32":
        yield None
        return
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER], env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stdout.readline() == "\n"
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def quick(folder: Path, launcher: subprocess.Popen[str] | None) -> Callable[..., Result]:
    """Runs claimdiff in the folder with these arguments."""

    def running(*args: str) -> Result:
        if launcher is None:
            return run(folder, *args)
        assert launcher.stdin is not None and launcher.stdout is not None
        launcher.stdin.write(json.dumps([str(folder), args]) + "\n")
        launcher.stdin.flush()
        code = int(launcher.stdout.readline())
        out, err = ((folder / name).read_bytes().decode("utf-8") for name in (".out", ".err"))
        return Result(code, out, err)

    return running


def run(folder: Path, *args: str, stdin: bytes | None = None) -> Result:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    done = subprocess.run(
        [sys.executable, "-m", "claimdiff", *args],
        cwd=folder, env=environment, input=stdin or b"", capture_output=True, timeout=LIMIT,
    )  # fmt: skip
    return Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    return tmp_path


def assert_one_line(result: Result, code: int, *says: str) -> None:
    assert (result.code, result.out) == (code, ""), result
    assert result.err.startswith("claimdiff: error: "), result.err
    assert result.err.endswith("\n") and result.err.count("\n") == 1, result.err
    assert "Traceback" not in result.err
    for words in says:
        assert words in result.err


BAD: dict[str, tuple[bytes, int, tuple[str, ...]]] = {
    "empty": (b"", 3, ("bad.txt", "empty")),
    "white space": (b" \n\t\r\n\xc2\xa0 \n", 3, ("bad.txt", "empty")),
    "only a byte order mark": (b"\xef\xbb\xbf", 3, ("bad.txt", "empty")),
    "binary": (bytes(range(4)) * 2000, 2, ("bad.txt", "binary")),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 2, ("bad.txt", "PNG image")),
    "a zip archive": (b"PK\x03\x04" + bytes(200), 2, ("bad.txt", "zip archive")),
    "undecodable byte far inside": (
        GOOD.encode() * 50 + b"\xff\n", 2, (f"byte 0xFF at offset {len(GOOD.encode()) * 50}", "--encoding"),
    ),
    "cut inside a character": ("Malmö".encode()[:-1], 2, ("not valid utf-8", "--encoding")),
    "encoded surrogate": (b"Lone \xed\xa0\xbd here.\n", 2, ("byte 0xED at offset 5", "--encoding")),
    "unrelated": (OTHER.encode() * 2, 3, ("no statement in common",)),
    "only boilerplate": (b"Read more: All about the library\n", 3, ("bad.txt", "boilerplate")),
    "only marks": (b"... --- !!!\n\n***\n", 3, ()),
    "more than the limit": (b"word " * 2_000_001, 2, ("bad.txt", "10,000,005 bytes", "limit is 10,000,000")),
    "another language": (GERMAN.encode(), 3, ("not comparable: bad.txt looks like German", "--lang en")),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line(quick: Run, folder: Path, name: str) -> None:
    data, code, says = BAD[name]
    (folder / "bad.txt").write_bytes(data)
    names = ("bad.txt", "good.txt") if len(name) % 2 else ("good.txt", "bad.txt")
    assert_one_line(quick("compare", *names, "--format", "json"), code, *says)


def test_missing_file_and_folder(quick: Run, folder: Path) -> None:
    assert_one_line(quick("compare", "good.txt", "absent.txt"), 2, "absent.txt: no such file")
    assert_one_line(quick("compare", ".", "good.txt"), 2, ".: is a folder")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom rights bind")
def test_unreadable_file(quick: Run, folder: Path) -> None:
    (folder / "good.txt").chmod(0)
    assert_one_line(quick("compare", "good.txt", "good.txt"), 2, "permission")


def test_a_name_with_a_line_break_stays_on_one_line(quick: Run, folder: Path) -> None:
    assert_one_line(quick("compare", "good.txt", "two\nlines.txt"), 2, "no such file")


def test_a_markdown_page_without_prose(quick: Run, folder: Path) -> None:
    (folder / "bad.md").write_text("---\ntitle: x\n---\n\n![](a.png)\n\n```\ncode\n```\n", encoding="utf-8")
    assert_one_line(quick("compare", "good.txt", "bad.md"), 3, "bad.md")


def test_empty_standard_input(folder: Path) -> None:
    assert_one_line(run(folder, "compare", "good.txt", "-"), 3, "standard input", "empty")


def test_another_encoding_is_guessed_and_said_or_named(folder: Path) -> None:
    (folder / "old.txt").write_bytes(GOOD.replace("Lund", "Malmö").encode("cp1252"))
    done = run(folder, "compare", "old.txt", "old.txt")
    assert done.code == 0
    assert "note: old.txt: is not UTF-8 and was read as cp1252, which is a guess" in done.out
    done = run(folder, "compare", "old.txt", "old.txt", "--encoding", "cp1252", "--format", "json")
    assert (done.code, done.err) == (0, "")
    data = json.loads(done.out)
    assert "Malmö" in data["derivative"]["text"]
    assert "notes" not in data["derivative"]


def test_verbose_shows_the_traceback(folder: Path) -> None:
    done = run(folder, "compare", "good.txt", "absent.txt", "--verbose")
    assert (done.code, done.out) == (2, "")
    assert "Traceback" in done.err
    assert done.err.splitlines()[-1].startswith("claimdiff: error: absent.txt: no such file")


ODD: dict[str, bytes] = {
    "one line": b"Two hundred people came to see the new library of Lund on Friday.",
    "one word": b"Library",
    "byte order mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "UTF-16 with a mark": GOOD.encode("utf-16"),
    "CRLF": GOOD.replace("\n", "\r\n").encode(),
    "CR": GOOD.replace("\n", "\r").encode(),
    "no final newline": GOOD.rstrip().encode(),
    "a NUL": GOOD.replace("Lund", "Lu\x00nd").encode(),
    "control characters": b"\x1b[31m\x07" + GOOD.encode() + b"\x0c\x1a",
    "no-break and zero-width spaces": GOOD.replace(" ", "\u00a0\u200b").encode(),
    "right to left and combining": ("\u202e" + GOOD + "\u0301\u0301\u0301 של العربية.").encode(),
    "characters beyond the BMP": ("🙂 " + GOOD + "𝔘𝔫𝔦 🏴‍☠️.").encode(),
    "a thousand quotation marks": GOOD.encode() + "“".encode() * 1000,
    "ten thousand brackets": GOOD.encode() + b"(" * 10_000 + b"[" * 10_000,
    "a long word": GOOD.encode() + b"x" * 100_000,
    "a long number": GOOD.encode() + b" It cost " + b"9" * 5_000 + b" euros.",
    "spaces": GOOD.encode() + b" " * 200_000 + b"The end came.",
    "line breaks": GOOD.encode() + b"\n" * 200_000 + b"The end came.",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_input_gives_a_result(quick: Run, folder: Path, name: str) -> None:
    (folder / "odd.txt").write_bytes(ODD[name])
    form = ("json", "text", "markdown")[len(name) % 3]
    code, out, err = quick("compare", "good.txt", "odd.txt", "--format", form)
    assert (code, err) == (0, "")
    assert not set(out) & set("\x00\x1b\x07\ufeff") or form == "json"
    if form == "json":
        assert json.loads(out)["schema_version"] == 1


@pytest.mark.parametrize("name", ["byte order mark", "CRLF", "CR", "no final newline", "UTF-16 with a mark"])
def test_what_is_no_difference_makes_none(quick: Run, folder: Path, name: str) -> None:
    (folder / "odd.txt").write_bytes(ODD[name])
    done = quick("compare", "good.txt", "odd.txt", "--format", "json")
    data = json.loads(done.out)
    assert data["findings"] == []
    assert data["summary"]["drift"] == 0
    assert data["derivative"]["text"].splitlines() == GOOD.splitlines()


def test_a_lone_surrogate_in_a_text_is_replaced_and_said() -> None:
    made = claimdiff.compare(GOOD, GOOD.replace("Lund", "L\ud83dund"))
    assert "\ufffd" in made.derivative.text
    assert any("surrogate" in note for note in made.notes)
    made.to_json().encode("utf-8")


def test_odd_input_in_one_markdown_page(quick: Run, folder: Path) -> None:
    page = (
        "---\ntitle: [unclosed\n---\n"
        + "> " * 200
        + "deep\n\n"
        + "*" * 3000
        + "\n\n"
        + "[" * 3000
        + "\n\n| a |\n"
        + GOOD
    )
    (folder / "odd.md").write_text(page, encoding="utf-8")
    code, out, err = quick("compare", "good.txt", "odd.md", "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["links"]


# --- much text ------------------------------------------------------------------------------------


def article(size: int, end: str) -> str:
    """An article of about `size` characters in which every paragraph differs a little from the next."""
    paragraphs, length, number = [], 0, 0
    while length < size:
        own = (
            f"The council of district {number} approved {number * 7 % 1000} new homes after a debate of "
            f"{number % 9 + 2} hours. Street {number % 321} will be closed in {1950 + number % 80}, {end}."
        )
        paragraphs.append(own)
        length += len(own) + 2
        number += 1
    return "\n\n".join(paragraphs) + "\n"


def test_a_very_long_article(folder: Path) -> None:
    """Far longer than any article; what is longer than the limit is in test_twelve_megabytes."""
    (folder / "long.txt").write_text(article(30_000, "officials said"), encoding="utf-8")
    (folder / "other.txt").write_text(article(30_000, "officials denied"), encoding="utf-8")
    done = run(folder, "compare", "long.txt", "other.txt", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["links"]


def test_twelve_megabytes(folder: Path) -> None:
    """No article: refused in one line that says the limit and what to do."""
    (folder / "long.txt").write_bytes(b"The council approved the plan on Monday. " * 300_000)
    (folder / "other.txt").write_text("The council approved the plan on Monday.", encoding="utf-8")
    done = run(folder, "compare", "long.txt", "other.txt")
    assert (done.code, done.out) == (2, "")
    assert (
        "long.txt: has 12,300,000 bytes, the limit is 10,000,000; pass one article only, or set --max-bytes"
        in done.err
    )

"""`claimdiff waive`: a finding passes with a reason, until its statement changes or its day is over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import claimdiff

Run = Callable[..., Any]
ROOT = Path(claimdiff.__file__).parents[1]
SOURCE = """Orchard scheme grows

The council of Elmstead will plant 400 apple trees by 2031, its head gardener Tove Lind said on Monday.

The trees come from a nursery in Vik. The work starts in May. Nobody has been hired so far.
"""
BENT = SOURCE.replace("400 apple", "600 apple").replace("in May", "in June")
CONFIG = "[[pairs]]\nderivative = 'desk/{slug}.md'\nsource = 'wire/{slug}.md'\n"
FILE = "claimdiff-waivers.toml"
WHY = ("--reason", "the desk has the new figure")


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAIMDIFF_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder with a configuration, wire/story.md and desk/story.md."""
    for name, text in (("wire/story.md", SOURCE), ("desk/story.md", BENT), ("claimdiff.toml", CONFIG)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ids(run: Run) -> Callable[..., list[str]]:
    """The ids of the findings that stop the text."""

    def finding(*args: str) -> list[str]:
        stored = json.loads(run("check", "desk/story.md", *args, "--format", "json").out)
        return [id for failure in stored["verdict"]["failures"] for id in failure["findings"]]

    return finding


def entries(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))["waiver"]
    return found


def test_from_a_finding_to_a_lapsed_waiver(run: Run, here: Path, ids: Callable[..., list[str]]) -> None:
    first, second = ids()
    code, out, err = run("waive", first, *WHY, "--by", "A. Editor", "--expires", "2099-12-31")
    assert (code, out) == (0, "")
    assert err == f"waived {first} number-changed of desk/story.md in {here / FILE}\n"
    assert entries(here) == [
        {
            "finding": first,
            "derivative": "desk/story.md",
            "rule": "number-changed",
            "statement": BENT.split("\n")[2],
            "reason": WHY[1],
            "by": "A. Editor",
            "expires": "2099-12-31",
        }
    ]
    assert ids() == [second]
    assert run("waive", second, *WHY).code == 0
    code, out, err = run("check")
    assert (code, err) == (0, "")
    assert "2 waived" in out
    assert WHY[1] in run("check", "--explain-verdict").out
    # its day is over
    code, out, err = run("check", "--today", "2099-12-31")
    assert code == 0
    code, out, err = run("check", "--today", "2100-01-01")
    assert code == 1
    assert f"waiver {first} for desk/story.md expired on 2099-12-31: the finding counts again" in " ".join(
        out.split()
    )
    # its statement changes
    (here / "desk/story.md").write_text(BENT.replace("600 apple", "600 pear"), encoding="utf-8")
    code, out, err = run("check")
    assert code == 1
    told = " ".join(out.split())
    assert f"waiver {first} for desk/story.md: its statement has changed or the finding is gone" in told
    assert f"waiver {second}" not in told
    # the finding is gone
    (here / "desk/story.md").write_text(SOURCE, encoding="utf-8")
    code, out, err = run("check")
    assert code == 0
    assert " ".join(out.split()).count("its statement has changed or the finding is gone") == 2
    assert run("check", "--profile", "strict").code == 1


@pytest.mark.parametrize("length", [4, 6, 12])
def test_the_beginning_of_an_id_will_do(
    run: Run, here: Path, ids: Callable[..., list[str]], length: int
) -> None:
    first, _ = ids()
    assert run("waive", first[:length], "desk/story.md", *WHY).code == 0
    assert entries(here)[0]["finding"] == first


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("ffff00000000", *WHY), "ffff00000000: no finding of desk/story.md has this id"),
        (("fff", *WHY), "fff: no finding of desk/story.md has this id"),
        (("", *WHY), "no finding"),
        (("ffff00000000", "wire/story.md", "--source", "desk/story.md", *WHY), "no finding of wire/story.md"),
        (("ffff00000000",), "Missing option '--reason'"),
        (("ffff00000000", "--reason", " "), "a waiver needs a reason"),
        (("ffff00000000", *WHY, "--expires", "tomorrow"), "'tomorrow' is no day such as 2026-12-31"),
        (("ffff00000000", *WHY, "--expires", "2026-02-30"), "is no day"),
        (("ffff00000000", *WHY, "--expires", "2026-05-01", "--today", "2026-05-02"), "has passed"),
        (("ffff00000000", "absent.md", *WHY), "absent.md: no such file"),
        ((*WHY,), "Missing argument"),
    ],
)
def test_refused(run: Run, here: Path, args: tuple[str, ...], says: str) -> None:
    code, out, err = run("waive", *args)
    assert (code, out) == (2, "")
    assert says in err
    assert not (here / FILE).exists()


def test_an_id_that_several_texts_have(run: Run, here: Path, ids: Callable[..., list[str]]) -> None:
    first, second = ids()
    for name in ("wire/other.md", "desk/other.md"):
        (here / name).write_text((here / name.replace("other", "story")).read_text(), encoding="utf-8")
    code, _, err = run("waive", first, *WHY)
    assert code == 2
    assert f"begins 2 findings ({first} in desk/other.md, {first} in desk/story.md)" in err
    assert run("waive", first, "desk/story.md", *WHY).code == 0
    assert [own["derivative"] for own in entries(here)] == ["desk/story.md"]
    (here / "desk/broken.md").write_text("", encoding="utf-8")
    code, _, err = run("waive", second, *WHY)
    assert code == 2
    assert "desk/broken.md" in err and "not looked at" in err


def test_a_second_waiver_replaces_the_reason(run: Run, here: Path, ids: Callable[..., list[str]]) -> None:
    first, second = ids()
    comment = "# what the desk has agreed on\n\n"
    (here / FILE).write_text(comment, encoding="utf-8")
    assert run("waive", first, *WHY, "--by", "AE").code == 0
    assert run("waive", second, *WHY).code == 0
    text = (here / FILE).read_text(encoding="utf-8")
    marked = text.replace(f'finding = "{second}"', f'# see the wire of Monday\nfinding = "{second}"')
    (here / FILE).write_text(marked, encoding="utf-8")
    assert run("waive", first, "--reason", "another one").code == 0
    after = (here / FILE).read_text(encoding="utf-8")
    assert "# see the wire of Monday\n" in after
    assert after.startswith(comment)
    own = {entry["finding"]: entry for entry in entries(here)}
    assert own[first]["reason"] == "another one"
    assert "by" not in own[first]
    assert own[second]["reason"] == WHY[1]
    assert [entry["finding"] for entry in entries(here)] == sorted((first, second))


def test_where_the_file_is(
    run: Run, here: Path, ids: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ids()
    monkeypatch.chdir(here / "desk")
    assert run("waive", first, "story.md", *WHY).code == 0  # beside the configuration
    assert entries(here)[0]["derivative"] == "desk/story.md"
    assert run("waive", second, *WHY, "--waivers", "own.toml").code == 0
    assert "waiver" in tomllib.loads((here / "desk/own.toml").read_text())
    assert run("check", "story.md").code == 1
    assert run("check", "story.md", "--waivers", "own.toml").code == 1
    monkeypatch.chdir(here)
    (here / "claimdiff.toml").write_text("waivers = 'house/w.toml'\n" + CONFIG, encoding="utf-8")
    code, _, err = run("waive", first, *WHY)
    assert code == 2
    assert "house: cannot be locked for writing (No such file or directory)" in err
    (here / "house").mkdir()
    assert run("waive", first, *WHY).code == 0
    assert (here / "house/w.toml").exists()
    (here / "house/w.toml").write_text("[[")
    assert run("waive", second, *WHY).code == 2
    assert (here / "house/w.toml").read_text() == "[["


def test_a_reason_of_any_kind(run: Run, here: Path, ids: Callable[..., list[str]]) -> None:
    first, _ = ids()
    reason = 'said "yes"\n\\ and\tthen é “no” \U0001f642 [[waiver]]'
    assert run("waive", first, "--reason", reason).code == 0
    assert entries(here)[0]["reason"] == reason
    assert run("check").code == 1


def test_what_a_comment_waived_needs_no_entry(run: Run, here: Path, ids: Callable[..., list[str]]) -> None:
    first, _ = ids()
    text = BENT.replace("\nThe council", '\n<!-- claimdiff: ignore number reason="x" -->\nThe council')
    (here / "desk/story.md").write_text(text, encoding="utf-8")
    assert run("waive", first, *WHY).code == 2


PLACES = [
    first + second
    for first in ("Elm", "Oak", "Ash", "Yew", "Fir")
    for second in ("ford", "wick", "ton", "by", "ham", "stead", "mouth", "bridge", "well", "dale")
]
# Started once and then split, so that all of them run at one time; each is a process of its own.
MANY = """
import os, sys
from claimdiff.cli import app, check, waive, desk, pairs
from claimdiff import cache, checking, store
from claimdiff.cli import main
from claimdiff.gate import waiver, baseline, comment
checking.rules(); cache.engine_signature()
read, write = os.pipe()
running = []
for number, id in enumerate(sys.argv[1:]):
    pid = os.fork()
    if not pid:
        os.close(write)
        os.read(read, 1)  # until all have been started
        os._exit(main(["waive", id, "--reason", f"no {number}", "-q"]))
    running.append(pid)
os.close(write)
codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in running]
print(len(codes), set(codes))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX locks")
def test_fifty_at_once_lose_nothing(run: Run, here: Path) -> None:
    """Each waives a finding of its own; no entry may be lost and no file left behind."""
    lines = [f"The mill at {place} ground 1{at:02} sacks on Monday." for at, place in enumerate(PLACES)]
    (here / "wire/story.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    bent = [line.replace("ground 1", "ground 7") for line in lines]
    (here / "desk/story.md").write_text("\n\n".join(bent) + "\n", encoding="utf-8")
    stored = json.loads(run("check", "--format", "json").out)
    found = [own["id"] for own in stored["findings"] if own["rule"] == "number-changed"]
    assert len(found) == len(PLACES) == 50
    done = subprocess.run(
        [sys.executable, "-c", MANY, *found],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=400,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("50 {0}\n", "")
    assert {own["finding"]: own["reason"] for own in entries(here)} == {
        id: f"no {number}" for number, id in enumerate(found)
    }
    keys = [(own["derivative"], own["finding"]) for own in entries(here)]
    assert keys == sorted(keys)
    assert sorted(own.name for own in here.iterdir()) == [FILE, "claimdiff.toml", "desk", "wire"]
    assert run("check").code == 0

"""Fault injection: whatever breaks, wherever, a check never says 0, and no file is left half-written."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import claimdiff
from claimdiff import read
from claimdiff.cli import main
from claimdiff.detect import DETECTORS
from claimdiff.render import FORMATS

Run = Callable[..., Any]
ROOT = Path(claimdiff.__file__).parents[1]
SOURCE = """Orchard scheme grows

The council of Elmstead will plant 400 apple trees by 2031, its head gardener Tove Lind said on Monday.

Residents were not asked about the plan. The trees come from a nursery in Vik.
"""
# Something for each stage: changes, an addition, an omission, and a comment that waives one of them.
TEXT = """Orchard scheme grows

The council of Elmstead will plant 600 apple trees by 2031, its head gardener Tove Lind said on Monday.

<!-- claimdiff: ignore number reason="agreed" -->
Nobody asked the residents. A rival club in Norway has sued the council over 14 old boats.
"""
WAIVERS = """[[waiver]]
finding = "0123456789ab"
derivative = "other.md"
rule = "number-changed"
statement = "Anything."
reason = "For the stage."
"""
FOREIGN = b"""Der Rat will bis zum Sommer viele neue Obstgarten anlegen, sagte die Leiterin am Montag.

Die Bewohner wurden nicht gefragt, und sie sind mit dem Plan auch nicht einverstanden, wie man dort hort.
"""
UNRELATED = b"""Glaciers calve faster

Melting ice sheets raise oceans, polar researchers warn. Penguins lose breeding grounds.

Satellites measured thinner shelves. Meanwhile krill stocks shrink.
"""
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")
BOUND = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom rights bind"
)
# With this nothing that is found stops the text: only a fault can.
LET = ("--source", "wire.md", "--fail-on", "none")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a pair, waivers and a baseline."""
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "wire.md").write_text(SOURCE, encoding="utf-8")
    (desk / "text.md").write_text(TEXT, encoding="utf-8")
    (desk / "good.md").write_text(SOURCE, encoding="utf-8")
    (desk / "claimdiff-waivers.toml").write_text(WAIVERS, encoding="utf-8")
    (desk / "claimdiff-baseline.toml").write_text(
        WAIVERS.replace("waiver", "accepted").split("reason")[0], encoding="utf-8"
    )
    monkeypatch.chdir(desk)
    monkeypatch.setenv("CLAIMDIFF_CACHE_DIR", str(tmp_path / "cache"))
    return desk


def raising(error: BaseException) -> Callable[..., Any]:
    def failing(*_: object, **__: object) -> Any:
        raise error

    return failing


def no_leftovers(folder: Path) -> bool:
    return not [own for own in folder.rglob("*") if own.name.startswith(".claimdiff-")]


# --- every stage ------------------------------------------------------------------------------------

STAGES = (
    "claimdiff.read.load",
    "claimdiff.read.read_bytes",
    "claimdiff.read.decode",
    "claimdiff.pipeline.segment",
    "claimdiff.pipeline.foreign",
    "claimdiff.pipeline.read_facts",
    "claimdiff.pipeline.align",
    "claimdiff.pipeline.match_words",
    "claimdiff.pipeline.word_diff",
    *(f"{module.__name__}.detect" for module in DETECTORS),
    "claimdiff.detect.addition.addition",
    "claimdiff.detect.omission.omission",
    "claimdiff.detect.manner",
    "claimdiff.detect.weigh",
    "claimdiff.pipeline.summarise",
    "claimdiff.checking.key",
    "claimdiff.checking.Cache.get",
    "claimdiff.checking.Cache.put",
    "claimdiff.checking.store.to_json",
    "claimdiff.checking.policy",
    "claimdiff.checking.judge",
    "claimdiff.gate.judge.restate",
    "claimdiff.score.summarise",
    "claimdiff.gate.policy.Policy.stops",
    "claimdiff.gate.waiver.read",
    "claimdiff.gate.waiver.apply",
    "claimdiff.gate.comment.read",
    "claimdiff.gate.comment.apply",
    "claimdiff.gate.baseline.read",
    "claimdiff.gate.baseline.apply",
    "claimdiff.gate.config.find",
    "claimdiff.gate.explain.explain",
    "claimdiff.cli.reports.table",
)
OFTEN = ("claimdiff.read.decode", "claimdiff.pipeline.align", "claimdiff.checking.judge")
ERRORS = (
    Exception("boom"),
    MemoryError(),
    RecursionError("too deep"),
    TimeoutError("late"),
    AssertionError(),
)


def test_without_a_fault_it_passes(run: Run, here: Path) -> None:
    done = run("check", "text.md", "good.md", *LET, "--explain-verdict")
    assert done.code == 0
    assert "2 of 2 pass" in done.out


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_fails(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    for error in (*(ERRORS if stage in OFTEN else ERRORS[:2]), SystemExit(0)):
        with monkeypatch.context() as patch:
            patch.setattr(stage, raising(error))
            done = run("check", "text.md", "good.md", *LET, "--explain-verdict")
        assert done.code == 2, error
        assert done.err, error
        assert "2 of 2 pass" not in done.out
    with monkeypatch.context() as patch:
        patch.setattr(stage, raising(KeyboardInterrupt()))
        assert run("check", "text.md", "good.md", *LET, "--explain-verdict").code == 130


@pytest.mark.parametrize("stage", ["claimdiff.read.matter_of", "claimdiff.checking.paired"])
def test_looking_for_the_source_fails(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    for error in ERRORS:
        with monkeypatch.context() as patch:
            patch.setattr(stage, raising(error))
            assert run("check", "text.md", "--allow-unpaired").code == 2


@pytest.mark.parametrize("stage", ["claimdiff.pipeline.align", "claimdiff.checking.judge"])
def test_one_pair_that_fails_keeps_no_other_from_being_judged(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    calls = []
    module, name = stage.rsplit(".", 1)
    true = getattr(sys.modules[module], name)

    def failing(*args: Any, **given: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise MemoryError
        return true(*args, **given)

    monkeypatch.setattr(stage, failing)
    code, out, err = run("check", "text.md", "good.md", *LET, "-o", "{name}.json")
    assert code == 2
    assert "text.md: internal error, MemoryError; please report it" in err
    assert "1 of 2 pass" in out
    assert (here / "good.md.json").exists()
    assert not (here / "text.md.json").exists()


@pytest.mark.parametrize("form", FORMATS)
def test_a_renderer_that_fails(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    module = FORMATS[form].module or form
    whole = f"claimdiff.render.{module}.render"

    error: BaseException = Exception("boom")

    def failing(comparison: object) -> str:
        raise error

    for own in ERRORS[:2]:
        error = own
        with monkeypatch.context() as patch:
            patch.setattr(whole, failing)
            done = run("check", "text.md", *LET, "--format", form)
            assert (done.code, done.out) == (2, "")
            done = run("check", "text.md", *LET, "-o", f"{form}=report", "-o", f"{form}={{name}}.r")
            assert done.code == 2
    assert not (here / "report").exists()
    other = "csv" if form == "json" else "json"
    with monkeypatch.context() as patch:
        patch.setattr(whole, failing)
        assert (
            run("check", "text.md", *LET, "-o", f"{form}=report", "-o", f"{other}=x", "--format", other).code
            == 2
        )
        assert (here / "x").exists()
        error = KeyboardInterrupt()
        assert run("check", "text.md", *LET, "--format", form).code == 130


def test_a_verdict_that_is_missing_passes_nothing(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimdiff.checking.judge", lambda comparison, *_: comparison)
    assert run("check", "text.md", *LET).code != 0


# --- texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("text.md", b"", 3),
        ("wire.md", b"", 3),
        ("wire.md", b" \n\n\t", 3),
        ("text.md", b"---\nsource: wire.md\n---\n", 3),
        ("text.md", b"<!-- claimdiff: ignore number reason='x' -->", 3),
        ("wire.md", FOREIGN, 3),
        ("text.md", UNRELATED, 3),
        ("text.md", b"\x00\x01\x02\x03" * 50, 2),
        ("text.md", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, 2),
        ("text.md", b"%PDF-1.7 broken", 2),
        ("text.md", b"PK\x03\x04 broken", 2),
        ("text.md", TEXT.encode() + b"\n<!-- claimdiff: ignore numbr reason='x' -->\n", 2),
        ("text.md", TEXT.encode() + b"\n<!-- claimdiff: ignore number -->\n", 2),
    ],
)
def test_texts_that_cannot_be_judged(run: Run, here: Path, name: str, data: bytes, code: int) -> None:
    (here / name).write_bytes(data)
    for args in ((), ("--exit-zero",), ("-q",), ("--allow-unpaired",)):
        done = run("check", "text.md", *LET, *args)
        assert done.code in ((code,) if code == 3 else (2, 3))
        assert done.err.startswith("claimdiff: error: ")


def test_a_file_that_goes_between_two_pairs(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = read.load

    def loading(path: Path, max_bytes: int) -> bytes:
        data = true(path, max_bytes)
        if path.name == "wire.md":
            (here / "good.md").unlink(missing_ok=True)
        return data

    monkeypatch.setattr("claimdiff.read.load", loading)
    code, out, err = run("check", "text.md", "good.md", *LET)
    assert code == 2
    assert "good.md: no such file" in err
    assert "1 of 2 pass" in out


@pytest.mark.parametrize(
    "error",
    [PermissionError(13, "Permission denied"), OSError(errno.EIO, "Input/output error"), InterruptedError()],
)
def test_a_file_that_cannot_be_read_any_more(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    true = Path.open

    def opening(path: Path, *args: Any, **given: Any) -> Any:
        if path.name == "good.md":
            raise error
        return true(path, *args, **given)

    monkeypatch.setattr(Path, "open", opening)
    code, out, err = run("check", "text.md", "good.md", *LET)
    assert code == 2
    assert "good.md" in err
    assert "1 of 2 pass" in out


@BOUND
def test_a_file_without_rights(run: Run, here: Path) -> None:
    (here / "text.md").chmod(0)
    assert run("check", "text.md", *LET).code == 2


def test_links_that_lead_in_a_circle(run: Run, here: Path) -> None:
    (here / "a.md").symlink_to("b.md")
    (here / "b.md").symlink_to("a.md")
    for args in (("a.md", *LET), ("text.md", "--source", "a.md"), ("text.md", *LET, "-o", "json=a.md")):
        done = run("check", *args)
        assert done.code == 2
        assert "internal error" not in done.err


# --- files of the house -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["claimdiff-waivers.toml", "claimdiff-baseline.toml", "claimdiff.toml"])
@pytest.mark.parametrize(
    "data",
    [b"[[", b"\xff\xfe", b"x = 1", b"[[waiver]]\n[[accepted]]\n", b'[[waiver]]\nfinding = "a"\n', None],
    ids=["no TOML", "no UTF-8", "unknown key", "other table", "half an entry", "folder"],
)
def test_a_broken_file_is_never_ignored(run: Run, here: Path, name: str, data: bytes | None) -> None:
    path = here / name
    path.unlink(missing_ok=True)
    if data is None:
        path.mkdir()
    else:
        path.write_bytes(data)
    done = run("check", "good.md", "--source", "wire.md", "--exit-zero")
    assert (done.code, done.out) == (2, "")
    assert name in done.err
    assert "internal error" not in done.err


@pytest.mark.parametrize("setting", ["waivers", "baseline"])
def test_a_file_that_was_named_must_be_there(run: Run, here: Path, setting: str) -> None:
    (here / "claimdiff.toml").write_text(f'{setting} = "gone.toml"\n')
    done = run("check", "good.md", "--source", "wire.md")
    assert done.code == 2
    assert "gone.toml: no such file (claimdiff.toml:1)" in done.err
    assert run("check", "good.md", "--source", "wire.md", "--no-config", f"--{setting}", "no.toml").code == 2


# --- the cache --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["file", "below a file", "link", "of others", "absent", "empty", "device"])
def test_a_cache_that_cannot_be_used(
    run: Run, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    place = tmp_path / "own"
    if kind == "file":
        place.write_text("x")
    elif kind == "link":
        place.symlink_to(here)
    elif kind == "of others":
        place.mkdir()
        place.chmod(0o777)
    paths = {
        "below a file": here / "text.md" / "cache",
        "absent": tmp_path / "a" / "b",
        "device": "/dev/null",
    }
    monkeypatch.setenv("CLAIMDIFF_CACHE_DIR", "" if kind == "empty" else str(paths.get(kind, place)))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    before = sorted(own.name for own in here.iterdir())
    for _ in range(2):
        assert run("check", "text.md", *LET).code == 0
        assert run("check", "text.md", "--source", "wire.md").code == 1
    assert sorted(own.name for own in here.iterdir()) == before


def test_without_a_home(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "CLAIMDIFF_CACHE_DIR", "USERPROFILE", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert run("check", "text.md", *LET).code == 0
    assert run("check", "text.md", "--source", "wire.md").code == 1


@pytest.mark.parametrize("what", ["cut", "empty", "other", "swapped", "folder"])
def test_a_cache_that_lies_is_not_believed(run: Run, here: Path, tmp_path: Path, what: str) -> None:
    honest = run("check", "text.md", "--source", "wire.md", "--format", "json")
    run("check", "good.md", "--source", "wire.md")
    kept = sorted(own for own in (tmp_path / "cache").rglob("*") if own.is_file())
    assert len(kept) == 2
    first, second = (own.read_bytes() for own in kept)
    for path, other in zip(kept, (second, first), strict=True):
        data = path.read_bytes()
        path.unlink()
        if what == "folder":
            path.mkdir()
        else:
            path.write_bytes(
                {"cut": data[:-5], "empty": b"", "other": b"x" * len(data), "swapped": other}[what]
            )
    assert run("check", "text.md", "--source", "wire.md", "--format", "json") == honest
    assert honest.code == 1


# --- output -----------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk(run: Run, here: Path) -> None:
    done = run("check", "text.md", *LET, "-o", "json=/dev/full")
    assert done.code == 2
    assert "/dev/full: cannot be written (No space left on device)" in done.err


BREAKS = (
    OSError(errno.ENOSPC, "No space left on device"),
    PermissionError(13, "denied"),
    KeyboardInterrupt(),
    SystemExit(143),
    MemoryError(),
)


@pytest.mark.parametrize("at", ["write", "chmod", "replace", "mkstemp"])
@pytest.mark.parametrize("error", BREAKS, ids=repr)
def test_a_report_is_whole_or_not_there(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, at: str, error: BaseException
) -> None:
    class Full:
        def __init__(self, file: Any) -> None:
            self.file = file

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> None:
            self.file.write(data[: len(data) // 2])
            raise error

    (here / "old.json").write_text("old")
    true = os.fdopen
    if at == "write":
        monkeypatch.setattr("claimdiff.cli.output.os.fdopen", lambda *args: Full(true(*args)))
    elif at == "mkstemp":
        monkeypatch.setattr("claimdiff.cli.output.tempfile.mkstemp", raising(error))
    else:
        monkeypatch.setattr(Path, at, raising(error))
    before = sorted(own.name for own in here.iterdir())
    done = run("check", "text.md", *LET, "-o", "old.json", "-o", "new.json", "--no-cache")
    codes = {KeyboardInterrupt: 130, SystemExit: 143}
    assert done.code == codes.get(type(error), 2)
    assert (here / "old.json").read_text() == "old"
    assert sorted(own.name for own in here.iterdir()) == before


@BOUND
def test_a_folder_without_rights(run: Run, here: Path) -> None:
    (here / "out").mkdir(mode=0o500)
    done = run("check", "text.md", *LET, "-o", "out/a.json")
    assert done.code == 2
    assert "out/a.json: cannot be written (Permission denied)" in done.err


@BOUND
def test_a_waivers_file_that_is_read_only(run: Run, here: Path) -> None:
    (here / "claimdiff-waivers.toml").chmod(0o400)
    out = run("check", "text.md", "--source", "wire.md", "--format", "csv").out
    finding = next(word for word in out.replace(",", " ").split() if len(word) == 12)
    assert run("waive", finding, "text.md", "--source", "wire.md", "--reason", "x").code == 2
    assert (here / "claimdiff-waivers.toml").read_text() == WAIVERS


# --- processes --------------------------------------------------------------------------------------


@pytest.fixture
def warm(here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The pair in the cache already, so that a process of its own is quick."""
    assert main(["check", "text.md", *LET, "-q", "-o", "json=" + os.devnull]) == 0
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    yield here
    assert no_leftovers(here)


def shell(line: str) -> subprocess.CompletedProcess[str]:
    script = line.replace("CHECK", f"'{sys.executable}' -m claimdiff check text.md " + " ".join(LET))
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=200)


@POSIX
@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("CHECK >&-", 2, "standard output is closed"),
        ("CHECK >/dev/full", 2, "standard output: cannot be written (No space left on device)"),
        ("CHECK --format json >/dev/full", 2, "cannot be written"),
        (
            "(sleep 3; CHECK; echo $? >code) | true; sleep 0; wait; cat code >&2; exit $(cat code)",
            2,
            "reader",
        ),
        ("CHECK 2>&-", 0, ""),
        ("CHECK --source absent.md 2>/dev/full", 2, ""),
        ("CHECK -o json=/dev/full 2>/dev/full", 2, ""),
        ("CHECK <&- >&- 2>&-", 2, ""),
        ("CHECK -o x.json --format json >&- 2>&-", 2, ""),
        ("CHECK >&- -q --exit-zero", 2, "standard output is closed"),
    ],
)
def test_where_nobody_hears_it(warm: Path, line: str, code: int, says: str) -> None:
    if "/dev/full" in line and not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    done = shell(line.replace("sleep 3", "sleep 0.2"))
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


# Each stops at a moment of its own, says so, and waits to be stopped.
SLOW = """
import sys, time, os
from claimdiff import {module} as module
from pathlib import Path
def slow(*args, **given):
    sys.stderr.write("ready\\n"); sys.stderr.flush()
    time.sleep(60)
class Slow:
    def __init__(self, file): self.file = file
    def __enter__(self): return self
    def __exit__(self, *_): self.file.close()
    def write(self, data):
        self.file.write(data[: len(data) // 2]); self.file.flush()
        slow()
true = os.fdopen
def opening(handle, mode="r", *rest):
    return Slow(true(handle, mode, *rest)) if "w" in mode else true(handle, mode, *rest)
{patch}
from claimdiff.cli import main
sys.exit(main())
"""
MOMENTS = {
    "in the engine": ("pipeline", "module.align = slow", ["--no-cache"]),
    "writing a report": ("checking", "os.fdopen = opening", ["-o", "old.json"]),
    "writing the cache": ("cache", "os.fdopen = opening", ["--lang", "en"]),
}


@POSIX
@pytest.mark.parametrize(
    ("moment", "sign"),
    [
        ("in the engine", signal.SIGINT),
        ("in the engine", signal.SIGTERM),
        ("writing a report", signal.SIGINT),
        ("writing a report", signal.SIGTERM),
        ("writing the cache", signal.SIGTERM),
    ],
)
def test_stopped(warm: Path, tmp_path: Path, moment: str, sign: signal.Signals) -> None:
    module, patch, args = MOMENTS[moment]
    (warm / "old.json").write_text("old")
    before = sorted(own for own in tmp_path.rglob("*") if own.is_file())
    code = SLOW.format(module=module, patch=patch)
    process = subprocess.Popen(
        [sys.executable, "-c", code, "check", "text.md", *LET, *args],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    assert process.stderr.readline() == "ready\n"
    process.send_signal(sign)
    out, err = process.communicate(timeout=200)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[sign]
    assert "Traceback" not in err
    assert "pass" not in out.lower() or moment == "writing a report"
    assert (warm / "old.json").read_text() == "old"
    assert sorted(own for own in tmp_path.rglob("*") if own.is_file()) == before


@POSIX
def test_a_waiver_waits_for_the_lock(warm: Path) -> None:
    out = shell("CHECK --format csv").stdout
    finding = next(word for word in out.replace(",", " ").split() if len(word) == 12 and word.isalnum())
    args = [sys.executable, "-m", "claimdiff", "waive", finding, "text.md", "--source", "wire.md"]
    held = os.open(warm, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    waiting = subprocess.Popen([*args, "--reason", "first"], stderr=subprocess.PIPE, text=True)
    stopped = subprocess.Popen([*args, "--reason", "never"], stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    assert waiting.poll() is None
    assert stopped.poll() is None
    stopped.send_signal(signal.SIGTERM)
    assert stopped.wait(200) in (143, -signal.SIGTERM)  # the second on a machine too slow to have begun
    assert (warm / "claimdiff-waivers.toml").read_text() == WAIVERS
    os.close(held)
    assert waiting.wait(200) == 0
    assert 'reason = "first"' in (warm / "claimdiff-waivers.toml").read_text()
    for process in (waiting, stopped):
        assert process.stderr
        process.stderr.close()

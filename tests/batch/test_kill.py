"""Killed at any moment, the same command ends with the bytes of a run that nobody disturbed.

Moments are drawn by how many files there are and some hundredths of a second more, so that a slow machine
is killed at its work too.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import batch_fakes
import pytest

POSIX = pytest.mark.skipif(os.name == "nt", reason="no such signals on Windows")
ROWS, KILLS, FOLDERS = 60, 20, 4
SEED = 20_261
FAKE = [sys.executable, batch_fakes.__file__]


def table(path: Path, rows: int = ROWS) -> Path:
    """Rows of which some are trouble; each takes some milliseconds."""
    lines = []
    for at in range(rows):
        row = {"id": f"p{at}", "source": "x", "derivative": f"slow 0.0{at % 4}", "outlet": "AB"[at % 2]}
        row["day"] = f"2026-0{1 + at % 3}-01"
        lines.append("broken" if at == 17 else json.dumps(row | ({"id": "p3"} if at == 31 else {})))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(own.relative_to(folder)): own.read_bytes() for own in sorted(folder.rglob("*")) if own.is_file()
    }


def whole(folder: Path, undisturbed: dict[str, bytes]) -> int:
    """Whatever stands in its place is whole; how many partitions do."""
    found = {name: own for name, own in content(folder).items() if not name.startswith(".")}
    assert all(undisturbed[name] == own for name, own in found.items())
    done = sorted(name for name in found if name.startswith("comparisons-"))
    assert done == sorted(name for name in undisturbed if name.startswith("comparisons-"))[: len(done)]
    return len(done)


@POSIX
@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_killed_at_random_moments(tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs pyarrow (claimdiff[batch])")
    source = table(tmp_path / "in.jsonl")
    subprocess.run([*FAKE, source, tmp_path / "calm", form], check=True)
    undisturbed = content(tmp_path / "calm")
    assert len(undisturbed) == 3 * 9 + 4
    chance = random.Random(SEED)
    kills, reached = KILLS if form == "jsonl" else KILLS // 4, set()
    for number in range(FOLDERS if form == "jsonl" else 1):
        output = tmp_path / f"killed{number}"
        for _ in range(kills // (FOLDERS if form == "jsonl" else 1)):
            names = len(content(output)) + chance.randrange(10)
            process = subprocess.Popen([*FAKE, source, output, form])
            while process.poll() is None and len(list(output.glob("*"))) < names:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.1))
            process.send_signal(signal.SIGKILL)
            process.wait()
            reached.add(whole(output, undisturbed) if output.exists() else 0)
        subprocess.run([*FAKE, source, output, form], check=True)
        assert content(output) == undisturbed
    assert len(reached) > 2, "no run was killed at its work"


@POSIX
@pytest.mark.parametrize(
    ("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_the_command_goes_on(tmp_path: Path, sign: signal.Signals, code: int) -> None:
    """The real command with its engine, stopped when its first partition stands."""
    said = "The mayor said the bridge may close in May."
    rows = [
        {"id": f"p{at}", "source": said, "derivative": said.replace("may", ("may", "will")[at % 2])}
        for at in range(24)
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "claimdiff", "batch", source, "--no-config", "--today", "2026-01-01"]
    command += ["--partition-size", "3", "--processes", "1", "--reports", "2"]
    where = {"cwd": tmp_path}
    output = tmp_path / "stopped"
    process = subprocess.Popen([*command, "-o", output], stderr=subprocess.PIPE, text=True, **where)
    first = output / "comparisons-00000.jsonl"
    while process.poll() is None and not first.exists():
        time.sleep(0.01)
    process.send_signal(sign)
    _, err = process.communicate(timeout=100)
    assert process.returncode == code
    assert "Traceback" not in err
    assert not (output / "summary.json").exists()
    if sign is not signal.SIGKILL:
        assert not [name for name in content(output) if name.startswith(".")]
    kept = first.stat().st_mtime_ns
    done = subprocess.run([*command, "-o", output], capture_output=True, text=True, **where)
    assert (done.returncode, first.stat().st_mtime_ns) == (0, kept)
    assert "24 pairs: 12 pass, 12 blocked; start at" in done.stderr
    subprocess.run([*command, "-o", tmp_path / "calm", "--processes", "2"], check=True, **where)
    assert content(output) == content(tmp_path / "calm")
    assert len([name for name in content(output) if name.startswith("reports/")]) == 2

"""What it costs to find the sources of a batch's rows in an archive.

    python -m benchmarks.batch_archive [--sizes 1000 10000] [--json FILE]

Each rewrite of benchmarks.trace is judged in one process, with its source given and with its source looked
for among many other articles, in turns. Times are of the processor; memory is the most that a process held
that did nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from benchmarks import trace
from claimdiff import __version__, cache
from claimdiff.batch import work
from claimdiff.batch.archive import Archive
from claimdiff.batch.row import Part, Row
from claimdiff.batch.rows import Maker
from claimdiff.batch.work import Setup
from claimdiff.checking import Desk
from claimdiff.gate.config import Config
from claimdiff.trace import Index, Reading, update

RESULTS = Path(__file__).parent / "results" / "batch_archive.json"
SIZES = (1_000, 10_000)
ROUNDS = 3


def archive(folder: Path, found: Sequence[trace.Case], size: int) -> Archive:
    """An archive of so many articles, with its index."""
    place = folder / f"{size}.jsonl"
    trace.write(place, found, trace.others(found, trace.pool(found), size - len(found)))
    index = Index(folder / f"{size}.sqlite", Reading())
    update(index, place, Reading())
    own = Archive(place.name, place, index.path, Reading(), index.content())
    index.close()
    return own


def setup(own: Archive | None) -> Setup:
    made = Setup(
        Desk(Config(Path.cwd()), {}, "2026-01-01"), Maker(__version__, cache.engine_signature()), own
    )
    work.start(made)
    return made


def rows(found: Sequence[trace.Case]) -> list[tuple[Row, Row]]:
    """Each rewrite with its source, and without."""
    out = []
    for at, case in enumerate(found, 1):
        bare = Row(at, case["id"], derivative=Part(case["id"], case["derivative"]))
        out.append((Row(at, case["id"], (Part("source", case["source"]),), bare.derivative), bare))
    return out


def times(own: Archive, found: Sequence[trace.Case]) -> dict[str, Any]:
    made = setup(own)
    best: list[list[float]] = [[], []]
    right = 0
    for pair in rows(found):
        taken: list[list[float]] = [[], []]
        for _ in range(ROUNDS):
            for kept, row in zip(taken, pair, strict=True):
                begun = process_time()
                done = work.do(made, row)
                kept.append(1000 * (process_time() - begun))
        for all_, kept in zip(best, taken, strict=True):
            all_.append(min(kept))
        traced = json.loads(done.lines[0])["traced"]
        right += any(one["name"].endswith(f"#{row.id}") for one in traced)
    given, sought = (sum(own) / len(own) for own in best)
    return {
        "source given, ms a pair": round(given, 1),
        "source found, ms a pair": round(sought, 1),
        "more, ms (median)": round(median(b - a for a, b in zip(*best, strict=True)), 1),
        "source among those compared": round(right / len(found), 4),
    }


def memory(own: Archive, mode: str) -> float:
    """The most MB that a process held that judged all rewrites."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.batch_archive",
        "--only",
        mode,
        str(own.place),
        str(own.index),
    ]
    done = subprocess.run([*command, own.content], capture_output=True, text=True, check=True)
    return round(int(done.stdout) / 1000, 1)


def only(mode: str, place: str, index: str, content: str) -> None:
    own = Archive(Path(place).name, Path(place), Path(index), Reading(), content)
    made = setup(own if mode == "found" else None)
    for pair in rows(trace.cases()):
        work.do(made, pair[mode == "found"])
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    print(found[1] if found else 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--json", type=Path, default=RESULTS)
    parser.add_argument("--only", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        only(*given.only)
        return
    found = trace.cases()
    result: dict[str, Any] = {"cores": os.cpu_count(), "rewrites": len(found), "sizes": {}}
    with tempfile.TemporaryDirectory() as name:
        for size in given.sizes:
            own = archive(Path(name), found, size)
            row = times(own, found)
            if Path("/proc/self/status").exists():
                row |= {f"source {mode}, MB": memory(own, mode) for mode in ("given", "found")}
            result["sizes"][str(size)] = row
            own.place.unlink()
            own.index.unlink()
    print(trace.table(result))
    given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

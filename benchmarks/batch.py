"""What a run over many pairs costs: its rate, what a second process adds, its overhead, memory and growth.

    python -m benchmarks.batch [--pairs 60] [--rounds 3] [--memory 100 1000]

Pairs of about 500 words a side, each of its own words. "Loop" judges them one after the other in this
process, with no batch around it. One process and two are timed between their first and their last pair
written, as a long run has it, so without the start of the program, which stands apart. Times are the best
of the rounds, since whatever else the machine does only adds to them. On a machine that is busy the clock
says little, so the time that the processors spent is counted too: in the loop, in the processes that do the
work, and in the one that reads, orders and writes. Writes benchmarks/results/batch.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from math import log
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

import claimdiff
from benchmarks.render import pair
from claimdiff import cache
from claimdiff.batch import manifest, work
from claimdiff.batch.inputs import find
from claimdiff.batch.parts import Parts, Writer
from claimdiff.batch.row import Part, Row
from claimdiff.batch.rows import Done, Maker
from claimdiff.batch.run import Plan, State, run
from claimdiff.checking import Desk
from claimdiff.gate.config import Config

RESULTS = Path(__file__).parent / "results" / "batch.json"
DAY = "2026-01-01"
STATEMENTS = 36  # some 500 words


def text(number: int, statements: int = STATEMENTS) -> tuple[str, str]:
    """A pair that shares no statement with those of other numbers."""
    source, derivative = pair(statements)
    town = f"Tollen{number}"
    return source.replace("Tollen", town), derivative.replace("Tollen", town)


def table(path: Path, pairs: int, statements: int = STATEMENTS) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number in range(pairs):
            source, derivative = text(number, statements)
            row = {"id": f"p{number}", "source": source, "derivative": derivative, "outlet": "Post"}
            file.write(json.dumps(row) + "\n")
    return path


def setup() -> work.Setup:
    return work.Setup(
        Desk(Config(Path.cwd()), {}, DAY), Maker(claimdiff.__version__, cache.engine_signature())
    )


def plan(source: Path, output: Path, processes: int) -> Plan:
    own, input = setup(), find([str(source)], {})
    held = manifest.manifest(input, own.desk, own.maker, form="jsonl", rows=50, limit=300)
    parts = Parts(output, "jsonl", 50)
    return Plan(input, output, held, work.tasks(own), parts, processes, 300)


def timed(setup: work.Setup, row: Row) -> Done:
    """Judge a row; in the place of a reason the process and the processor's time that it has had."""
    done = work.do(setup, row)
    return replace(done, reason=f"{os.getpid()} {process_time()}")


def loop(pairs: int) -> tuple[float, float]:
    """Seconds for a pair, one after the other, by the clock and by the processor."""
    desk = setup().desk
    rows = [_row(number) for number in range(pairs)]
    work.compare(desk, rows[0])
    began, worked = perf_counter(), process_time()
    for row in rows:
        work.compare(desk, row)
    return (perf_counter() - began) / pairs, (process_time() - worked) / pairs


def _row(number: int, statements: int = STATEMENTS) -> Row:
    source, derivative = text(number, statements)
    return Row(number + 1, f"p{number}", (Part("s", source),), Part("d", derivative))


class Times(NamedTuple):
    """Seconds: for a pair by the clock, and of the processors in the processes that work and in the first;
    from the start until the first pair."""

    clock: float
    work: float
    rest: float
    start: float


def batch(source: Path, output: Path, processes: int) -> Times:
    own = plan(source, output, processes)
    began, marks, spent = perf_counter(), dict[int, float](), dict[str, list[float]]()
    adding = Writer.add

    def add(writer: Writer, done: Done) -> None:
        process, seconds = done.reason.split()
        spent.setdefault(process, []).append(float(seconds))
        adding(writer, done)

    def heard(state: State) -> None:
        marks.setdefault(state.done, perf_counter())

    Writer.add = add  # type: ignore[method-assign, assignment]
    before = process_time()
    try:
        run(replace(own, tasks=replace(own.tasks, do=timed)), heard)
    finally:
        Writer.add = adding  # type: ignore[method-assign]
    first, last = 2 * processes, max(marks)
    worked = sum(max(own) - min(own) for own in spent.values()) / (last - len(spent))
    rest = (process_time() - before) / last
    return Times((marks[last] - marks[first]) / (last - first), worked, rest, marks[1] - began)


def memory(folder: Path, pairs: int) -> float:
    """The highest memory of the run's own process, in MB, over pairs of 45 words."""
    source = table(folder / f"{pairs}.jsonl", pairs, 3)
    code = (
        "import sys; from pathlib import Path; from benchmarks.batch import plan, run;"
        "run(plan(Path(sys.argv[1]), Path(sys.argv[2]), 2));"
        "print(open('/proc/self/status').read())"
    )
    args = [sys.executable, "-c", code, str(source), str(folder / f"memory{pairs}")]
    done = subprocess.run(args, capture_output=True, text=True, check=True)
    found = re.search(r"VmHWM:\s+(\d+)", done.stdout)
    return round(int(found[1]) / 1000, 1) if found else 0.0


def growth(rounds: int) -> list[tuple[int, float]]:
    """Words of a source, and the processor's seconds for its pair."""
    desk, found = setup().desk, []
    for statements in (18, 36, 72, 144, 288):
        rows = [_row(number, statements) for number in range(rounds)]
        times = []
        for row in rows:
            began = process_time()
            work.compare(desk, row)
            times.append(process_time() - began)
        found.append((len((rows[0].sources[0].text or "").split()), min(times)))
    return found


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope of time over length, both as logarithms, by least squares."""
    xs, ys = [log(x) for x, _ in points], [log(y) for _, y in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, nargs=2, default=(100, 1000))
    given = parser.parse_args()
    loops: list[tuple[float, float]] = []
    runs: dict[int, list[Times]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = table(folder / "in.jsonl", given.pairs)
        for number in range(given.rounds):  # in turns, so that what else happens hits all alike
            loops.append(loop(given.pairs))
            for processes, own in runs.items():
                own.append(batch(source, folder / f"{processes}-{number}", processes))
        peaks = {str(pairs): memory(folder, pairs) for pairs in given.memory}
    alone, alone_cpu = (min(own) for own in zip(*loops, strict=True))
    one, two = (Times(*map(min, zip(*own, strict=True))) for own in runs.values())
    points = growth(given.rounds)
    figures = {
        "words_of_a_text": len(text(0)[0].split()),
        "loop_pairs_per_second": round(1 / alone, 2),
        "one_process_pairs_per_second": round(1 / one.clock, 2),
        "two_processes_pairs_per_second": round(1 / two.clock, 2),
        "scaling_one_to_two": round(one.clock / two.clock / 2, 3),
        "overhead": round(one.clock / alone - 1, 3),
        "start_seconds": round(one.start, 2),
        "cpu_ms_a_pair_in_the_loop": round(1000 * alone_cpu, 1),
        "cpu_ms_a_pair_in_one_process": round(1000 * one.work, 1),
        "cpu_ms_a_pair_in_two_processes": round(1000 * two.work, 1),
        "cpu_ms_a_pair_beside": round(1000 * one.rest, 2),
        "cpu_overhead": round((one.work + one.rest) / alone_cpu - 1, 3),
        "memory_mb_by_pairs": peaks,
        "cpu_ms_by_words": {str(words): round(1000 * own, 1) for words, own in points},
        "growth_exponent": round(exponent(points), 2),
    }
    for key, value in figures.items():
        print(f"{key:<32}{value}")
    machine = {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": [round(own, 1) for own in os.getloadavg()],
        "python": platform.python_version(),
        "claimdiff": claimdiff.__version__,
        "pairs": given.pairs,
        "rounds": given.rounds,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**machine, **figures}, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {RESULTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

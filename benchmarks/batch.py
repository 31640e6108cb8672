"""What a run over many pairs costs: its rate, what a second process adds, its overhead, memory and growth.

    python -m benchmarks.batch [--pairs 60] [--rounds 3]
    python -m benchmarks.batch --flow 1000 10000 100000 [--scheduler tcp://HOST:8786]

Pairs of about 500 words a side, each of its own words. "Loop" judges them one after the other in this
process, with no batch around it. One process and two are timed between their first and their last pair
written, as a long run has it, so without the start of the program, which stands apart. Times are the best
of the rounds, since whatever else the machine does only adds to them. On a machine that is busy the clock
says little, so the time that the processors spent is counted too: in the loop, in the processes that do the
work, and in the one that reads, orders and writes.

With --flow nothing is judged: each pair gets the results of one that was, so that a hundred thousand pairs of
their true size go through reading, ordering, writing, passing over and the summary in minutes. It tells
what the run's own process needs for it, and with a cluster also what its scheduler does.

Writes benchmarks/results/batch.json; what is not measured stays as it was.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from math import log
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

import claimdiff
from benchmarks.render import pair
from claimdiff import cache
from claimdiff.batch import manifest, rows, work
from claimdiff.batch.cluster import Cluster, connected
from claimdiff.batch.finish import finish
from claimdiff.batch.inputs import find
from claimdiff.batch.parts import Parts, Writer
from claimdiff.batch.pool import Tasks
from claimdiff.batch.row import Kind, Part, Row
from claimdiff.batch.rows import Done, Maker
from claimdiff.batch.run import Plan, State, run
from claimdiff.batch.summary import by
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


def table(path: Path, pairs: int) -> Path:
    source, derivative = pair(STATEMENTS)
    line = json.dumps({"id": "p{}", "source": source, "derivative": derivative, "outlet": "Post"}) + "\n"
    with path.open("w", encoding="utf-8") as file:
        for number in range(pairs):
            file.write(line.replace("p{}", f"p{number}").replace("Tollen", f"Tollen{number}"))
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
    own = setup()
    rows = [_row(number) for number in range(pairs)]
    work.compare(own, rows[0], None)
    began, worked = perf_counter(), process_time()
    for row in rows:
        work.compare(own, row, None)
    return (perf_counter() - began) / pairs, (process_time() - worked) / pairs


def loops_at_once(pairs: int) -> tuple[float, float]:
    """What two loops need for a pair that run at the same time and share nothing: no batch can do better."""
    code = f"from benchmarks.batch import loop; print(*loop({pairs}))"
    args = [sys.executable, "-c", code]
    both = [subprocess.Popen(args, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    one, other = ([float(word) for word in own.communicate()[0].split()] for own in both)
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


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


# --- pairs that are not judged ----------------------------------------------------------------------


class Canned(NamedTuple):
    """The results that all pairs get: those of row 1."""

    done: Done


def nothing(setup: Canned) -> None:
    """Nothing is loaded."""


def canned(setup: Canned, row: Row) -> Done:
    head = b'{"row":%d,"pair":%s' % (row.number, json.dumps(row.id).encode())
    old = b'{"row":1,"pair":"p0"'
    comparison, findings, statements = (own.replace(old, head) for own in setup.done.lines)
    stamped = rows.line(json.loads(comparison) | {"input": row.stamp})
    return replace(setup.done, number=row.number, lines=(stamped, findings, statements))


def failed(row: Row, kind: Kind, reason: str) -> Done:
    raise RuntimeError(f"{row.number}: {reason}")


def flow(source: Path, output: Path, results: Path, address: str = "") -> dict[str, float]:
    """What this process does for a run of which others do the comparing; told in milliseconds for a pair."""
    tasks = Tasks(Canned(pickle.loads(results.read_bytes())), nothing, canned, failed)
    parts = Parts(output, "jsonl", 500)
    whole = plan(source, output, 2)
    whole = replace(whole, parts=parts, tasks=tasks)
    figures: dict[str, float] = {}
    with connected(address) if address else nullcontext() as client:
        began = client.run_on_scheduler(process_time) if client else 0.0
        started, before = perf_counter(), process_time()
        state = run(replace(whole, crew=partial(_crew, client)) if client else whole)
        spent = {"run": process_time() - before, "clock": perf_counter() - started}
        if client:
            spent["scheduler"] = client.run_on_scheduler(process_time) - began
    figures["mb"] = highest()
    before = process_time()
    if run(whole).before != state.done:
        raise RuntimeError("the run was not passed over")
    spent["again"] = process_time() - before
    before = process_time()
    finish(whole, [by("outlet")], 0, "")
    spent["summary"] = process_time() - before
    written = sum(own.stat().st_size for own in output.iterdir())
    figures |= {name: round(1000 * seconds / state.done, 3) for name, seconds in spent.items()}
    return figures | {
        "mb_at_end": highest(),
        "bytes_in": round(source.stat().st_size / state.done),
        "bytes_out": round(written / state.done),
    }


def _crew(client: Any, tasks: Tasks, heard: Callable[[], None]) -> Cluster:
    return Cluster(tasks, client, 300, heard)


def highest() -> float:
    """The highest memory that this process has had, in MB."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    return round(int(found[1]) / 1000, 1) if found else 0.0


def flows(numbers: list[int], address: str) -> dict[str, dict[str, float]]:
    """The figures of `flow` by how many pairs there are, each in a process of its own."""
    found = {}
    made = pickle.dumps(work.do(setup(), replace(_row(0), columns={"outlet": "Post"})))
    for pairs in numbers:
        with tempfile.TemporaryDirectory() as name:
            source, results = table(Path(name) / "in.jsonl", pairs), Path(name) / "results"
            results.write_bytes(made)
            code = (
                "import json, sys; from pathlib import Path; from benchmarks import batch;"
                "print(json.dumps(batch.flow(*map(Path, sys.argv[1:4]), *sys.argv[4:])))"
            )
            args = [sys.executable, "-c", code, str(source), str(Path(name) / "out"), str(results), address]
            done = subprocess.run(args, stdout=subprocess.PIPE, text=True, check=True)
            found[str(pairs)] = json.loads(done.stdout)
            print(pairs, found[str(pairs)])
    return found


# --- growth -------------------------------------------------------------------------------------------


def growth(rounds: int) -> list[tuple[int, float]]:
    """Words of a source, and the processor's seconds for its pair."""
    own, found = setup(), []
    for statements in (18, 36, 72, 144, 288):
        rows = [_row(number, statements) for number in range(rounds)]
        times = []
        for row in rows:
            began = process_time()
            work.compare(own, row, None)
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
    parser.add_argument("--flow", type=int, nargs="+", metavar="PAIRS")
    parser.add_argument("--scheduler", default="", metavar="ADDRESS")
    given = parser.parse_args()
    if given.flow:
        name = "flow_over_a_cluster" if given.scheduler else "flow"
        return write({name: {"load": load(), "ms_a_pair": flows(given.flow, given.scheduler)}})
    return write(judging(given))


def judging(given: argparse.Namespace) -> dict[str, Any]:
    """Everything that is measured with pairs that are judged."""
    loops: list[tuple[float, float]] = []
    pairs_of_loops: list[tuple[float, float]] = []
    runs: dict[int, list[Times]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = table(folder / "in.jsonl", given.pairs)
        for number in range(given.rounds):  # in turns, so that what else happens hits all alike
            loops.append(loop(given.pairs))
            pairs_of_loops.append(loops_at_once(given.pairs))
            for processes, own in runs.items():
                own.append(batch(source, folder / f"{processes}-{number}", processes))
    alone, alone_cpu = (min(own) for own in zip(*loops, strict=True))
    at_once, at_once_cpu = (min(own) for own in zip(*pairs_of_loops, strict=True))
    one, two = (Times(*map(min, zip(*own, strict=True))) for own in runs.values())
    points = growth(given.rounds)
    figures = {
        "words_of_a_text": len(text(0)[0].split()),
        "loop_pairs_per_second": round(1 / alone, 2),
        "one_process_pairs_per_second": round(1 / one.clock, 2),
        "two_processes_pairs_per_second": round(1 / two.clock, 2),
        "scaling_one_to_two": round(one.clock / two.clock / 2, 3),
        "scaling_of_two_loops_at_once": round(alone / at_once, 3),
        "waiting_with_two_processes": round(1 - two.work / two.clock / 2, 3),
        "overhead": round(one.clock / alone - 1, 3),
        "start_seconds": round(one.start, 2),
        "cpu_ms_a_pair_in_the_loop": round(1000 * alone_cpu, 1),
        "cpu_ms_a_pair_in_two_loops_at_once": round(1000 * at_once_cpu, 1),
        "cpu_ms_a_pair_in_one_process": round(1000 * one.work, 1),
        "cpu_ms_a_pair_in_two_processes": round(1000 * two.work, 1),
        "cpu_ms_a_pair_beside": round(1000 * one.rest, 2),
        "cpu_overhead": round((one.work + one.rest) / alone_cpu - 1, 3),
        "cpu_ms_by_words": {str(words): round(1000 * own, 1) for words, own in points},
        "growth_exponent": round(exponent(points), 2),
    }
    return {"load": load(), "pairs": given.pairs, "rounds": given.rounds, **figures}


def load() -> list[float]:
    return [round(own, 1) for own in os.getloadavg()]


def write(figures: dict[str, Any]) -> int:
    for key, value in figures.items():
        print(f"{key:<32}{value}")
    machine = {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "claimdiff": claimdiff.__version__,
    }
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**kept, **machine, **figures}, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {RESULTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

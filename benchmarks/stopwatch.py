"""Time that processors spend, ratios with their spread, and the rows of a table of them.

A machine that others use as well makes the clock say little. So every ratio is one of processor time, of
the process and of those that it starts, user and system; the clock is shown beside it.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import claimdiff

Result = TypeVar("Result")
_ALONE = """
import json, sys
from time import process_time
from benchmarks import peers
do, (warming, pair) = getattr(peers, sys.argv[1]), json.load(sys.stdin)
do(*warming)
began = process_time()
do(*pair)
print(process_time() - began, peers.peak())
"""


class Spent(NamedTuple):
    """Seconds of the processors and of the clock."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Times:
    """How many times another thing: median and quartiles."""

    of: str
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Row:
    """A measured thing. `reach` is the most that its ratio may be, or its value where it has none."""

    section: str
    what: str
    value: float
    unit: str
    wall: float | None = None
    times: Times | None = None
    reach: float | None = None
    note: str = ""

    @property
    def held(self) -> bool | None:
        if self.reach is None:
            return None
        return (self.times.median if self.times else self.value) <= self.reach

    def data(self) -> dict[str, Any]:
        """What the row says, as it is written; nothing for what it does not say."""
        times = self.times and {
            "of": self.times.of,
            "median": round(self.times.median, 3),
            "quartiles": [round(self.times.low, 3), round(self.times.high, 3)],
        }
        wall = None if self.wall is None else round(self.wall, 2)
        every = {
            "section": self.section, "what": self.what, "value": round(self.value, 2), "unit": self.unit,
            "wall": wall, "times": times, "reach": self.reach, "held": self.held, "note": self.note,
        }  # fmt: skip
        return {name: value for name, value in every.items() if value not in (None, "")}


# --- measuring ------------------------------------------------------------------------------------


def timed(do: Callable[..., Any], *given: Any) -> Spent:
    """What a call costs, with the processes that it starts and waits for."""
    before, began = _cpu(), perf_counter()
    do(*given)
    return Spent(_cpu() - before, perf_counter() - began)


def within(seconds: float, do: Callable[..., Any], *given: Any) -> Spent | None:
    """The same; nothing when the call needs more of the processor than that, and is broken off."""

    def over(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return timed(do, *given)
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(own.ru_utime + own.ru_stime for own in both)


def afresh(do: Callable[..., Result], *given: Any) -> Result:
    """The result of a call in a process of its own, which has seen nothing before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(do, *given).result()


def alone(peer: str, warming: Sequence[str], pair: Sequence[str]) -> tuple[float, float]:
    """Processor's seconds and highest memory in MB of a peer in a process that has judged one pair before."""
    command = [sys.executable, "-c", _ALONE, peer]
    given = json.dumps((warming, pair))
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    seconds, peak = map(float, done.stdout.split())
    return seconds, peak


# --- telling --------------------------------------------------------------------------------------


def times(of: str, ratios: Iterable[float]) -> Times:
    found = list(ratios)
    if len(found) == 1:
        return Times(of, found[0], found[0], found[0])
    low, middle, high = quantiles(found, n=4, method="inclusive")
    return Times(of, low, middle, high)


def middle(spent: Sequence[Spent]) -> Spent:
    """Median of each kind of time, in milliseconds."""
    return Spent(1000 * median(own.cpu for own in spent), 1000 * median(own.wall for own in spent))


def ratios(spent: Sequence[Spent], others: Sequence[Spent]) -> list[float]:
    """Turn by turn, how many times the other's processor time."""
    return [own.cpu / other.cpu for own, other in zip(spent, others, strict=True)]


def machine() -> dict[str, Any]:
    """What measured, and with what: no name and no place."""
    model, cpus = "", Path("/proc/cpuinfo")
    if cpus.is_file():
        lines = cpus.read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "system": platform.system(),
        "processor": model or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "load": [round(own, 1) for own in os.getloadavg()],
        "versions": {
            "python": platform.python_version(),
            "claimdiff": claimdiff.__version__,
            **{name: version(name) for name in ("nltk", "click", "diff-match-patch")},
            **{name: found for name in ("wdiff", "git") if (found := _version(name))},
        },
    }


def _version(program: str) -> str:
    with suppress(OSError, subprocess.CalledProcessError):
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[0].split()[-1]
    return ""


def quietly() -> tempfile.TemporaryDirectory[str]:
    """A folder for what a measurement writes, gone with it."""
    return tempfile.TemporaryDirectory(prefix="speed-")

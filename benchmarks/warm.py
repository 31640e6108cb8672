"""A comparison in a process that has compared before, beside its floor and beside what else a user could run.

Each turn is a process of its own in which all take part, one after the other, on the same texts. The
texts of a turn are articles that this process has not seen, but for the longest, which needs all of them.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from math import log
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple

from benchmarks import peers, texts
from benchmarks.stopwatch import Row, Spent, afresh, middle, quietly, ratios, timed, times, within

SIZES = (250, 500, 1000, 2000, 5000, 20000)
SAMPLES = {250: 3, 500: 3, 1000: 2}  # pairs of a size in one turn; of others one
LIMIT = 2.0  # processor seconds after which a peer is broken off, and not asked for longer texts
EMBEDDED = 2000  # words; more would take minutes
TIMES_FLOOR, TIMED = 4, (500, 1000, 2000)
EXPONENT, GROWING = 1.15, (500, 20000)
OWN = "claimdiff"
EMBEDDINGS = "embeddings"
WARMING = texts.pair(1000, 38)  # the last articles


class Sample(NamedTuple):
    """What each took for one pair of texts; nothing for what is not at hand or ran out of time."""

    size: int
    first: int
    words: int
    spent: dict[str, Spent | None]


def plan(turn: int, sizes: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """The sizes of a turn, and the article where each begins."""
    first = 7 * turn
    for size in sizes:
        for _ in range(SAMPLES.get(size, 1)):
            yield size, first
            first += max(1, size // 450)


def turn(number: int, sizes: tuple[int, ...], over: dict[str, int]) -> list[Sample]:
    """One sample for each pair of the plan; `over` says at which size a peer ran out of time before."""
    with quietly() as name:
        own = _contenders(Path(name))
        for do in own.values():
            do(*WARMING)
        return [_sample(size, first, own, over) for size, first in plan(number, sizes)]


def _contenders(folder: Path) -> dict[str, Callable[[str, str], None]]:
    found: dict[str, Callable[[str, str], None]] = {
        OWN: peers.claimdiff,
        peers.FLOOR: peers.floor,
        "dmp words": peers.dmp_words,
        "dmp characters": peers.dmp_characters,
    }
    commands = {"wdiff": ("wdiff",),
                "git diff": ("git", "diff", "--no-index", "--no-color", "--word-diff")}  # fmt: skip
    for name, command in commands.items():
        run = peers.command(*command)
        if run:
            found[name] = _on_files(run, folder)
    return found


def _on_files(run: Callable[[str, str], None], folder: Path) -> Callable[[str, str], None]:
    """Writing the files counts as well: whoever has texts must do it."""
    return lambda source, derivative: run(*peers.of_files(folder, source, derivative))


def _sample(
    size: int, first: int, own: dict[str, Callable[[str, str], None]], over: dict[str, int]
) -> Sample:
    pair = texts.pair(size, first)
    spent: dict[str, Spent | None] = {}
    for name, do in own.items():
        if name in (OWN, peers.FLOOR):
            spent[name] = timed(do, *pair)
            continue
        spent[name] = within(LIMIT, do, *pair) if size < over.get(name, size + 1) else None
        if spent[name] is None:
            over.setdefault(name, size)
    return Sample(size, first, sum(map(texts.length, pair)), spent)


def embedded(python: str, samples: list[Sample]) -> tuple[list[Sample], dict[str, Any]]:
    """The samples with what embeddings take, and their versions and memory."""
    chosen = [own for own in samples if own.size <= EMBEDDED]
    pairs = [[peers.sentences(text) for text in texts.pair(own.size, own.first)] for own in chosen]
    script = str(Path(__file__).with_name("embeddings.py"))
    done = subprocess.run([python, script], input=json.dumps(pairs), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"embeddings: {done.stderr[-500:]}")
    found = json.loads(done.stdout)
    more = [
        own._replace(spent={**own.spent, EMBEDDINGS: Spent(*spent)})
        for own, spent in zip(chosen, found.pop("spent"), strict=True)
    ]
    return more + samples[len(chosen) :], found


def measure(turns: int, sizes: tuple[int, ...], python: str) -> tuple[list[list[Sample]], dict[str, Any]]:
    """The samples of each turn, and what there is to say of embeddings."""
    over: dict[str, int] = {}
    found, about = list[list[Sample]](), dict[str, Any]()
    for number in range(turns):
        samples = afresh(turn, number, sizes, dict(over))
        for own in samples:
            for name in own.spent:
                if own.spent[name] is None:
                    over[name] = min(own.size, over.get(name, own.size))
        if python:
            samples, about = embedded(python, samples)
        found.append(samples)
    return found, about


def rows(turns: list[list[Sample]], asked: bool) -> Iterator[Row]:
    """For each size what each took; then how time grows with the text."""
    samples = [own for samples in turns for own in samples]
    for size in sorted({own.size for own in samples}):
        of_size = [own for own in samples if own.size == size]
        for name in peers.ANSWERS:
            yield _row(size, name, of_size, asked)
    least, most = GROWING[0], min(GROWING[1], max(own.size for own in samples))
    if least < most:
        grown = times("", [_exponent(own) for own in turns])
        yield Row(
            "warm",
            f"growth exponent, {least:,} to {most:,} words",
            grown.median,
            "",
            times=grown,
            reach=EXPONENT,
        )


def _row(size: int, name: str, samples: list[Sample], asked: bool) -> Row:
    what = f"{size:,} words, {name}"
    both = [(own.spent.get(name), own.spent[OWN], own.spent[peers.FLOOR]) for own in samples]
    done = [(spent, own, floor) for spent, own, floor in both if spent and own and floor]
    if not done:
        tried, embedding = any(name in own.spent for own in samples), name == EMBEDDINGS
        note = f"over {LIMIT:g} s" if tried else "not measured" if embedding and asked else "not at hand"
        return Row("warm", what, 0, "", note=note)
    spent, own, floor = map(list, zip(*done, strict=True))
    found = middle(spent)
    if name == OWN:
        reach = TIMES_FLOOR if size in TIMED else None
        return Row("warm", what, found.cpu, "ms", found.wall,
                   times(peers.FLOOR, ratios(spent, floor)), reach)  # fmt: skip
    return Row("warm", what, found.cpu, "ms", found.wall, times(OWN, ratios(spent, own)))


def _exponent(samples: list[Sample]) -> float:
    """The slope of time over words, both as logarithms, by least squares over the sizes."""
    points = []
    for size in sorted({own.size for own in samples if GROWING[0] <= own.size <= GROWING[1]}):
        of_size = [own for own in samples if own.size == size]
        cost = median((own.spent[OWN] or Spent(0, 0)).cpu for own in of_size)
        points.append((log(median(own.words for own in of_size)), log(cost)))
    x, y = (fmean(axis) for axis in zip(*points, strict=True))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)

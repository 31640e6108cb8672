"""Hard shapes beside an ordinary pair of their size, and the memory of each. Each has its own process."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from benchmarks import peers, texts
from benchmarks.stopwatch import Row, Times, alone, times
from benchmarks.warm import WARMING

ORDINARY = "ordinary"
TIMES_ORDINARY = 10
SIZES = (1000, 2000, 5000, 20000)
LONG = 50000  # words of the one statement that is measured once, since it takes long
BASE, MOST, TIMES_TEXT = 1000, 120, 40


class Run(NamedTuple):
    """One comparison: processor's seconds, highest memory in MB, words and bytes of both texts."""

    seconds: float
    peak: float
    words: int
    bytes: int


def run(pair: texts.Pair, peer: str = "claimdiff") -> Run:
    seconds, peak = alone(peer, WARMING, pair)
    words, size = (sum(map(count, pair)) for count in (texts.length, _bytes))
    return Run(seconds, peak, words, size)


def _bytes(text: str) -> int:
    return len(text.encode())


def worst(turns: int, words: int, long: int) -> dict[str, list[Run]]:
    """Runs of each shape in turns, the ordinary pair first; and of one statement of `long` words."""
    makers = {ORDINARY: (texts.pair, 31), **{name: (make, 0) for name, make in texts.SHAPES.items()}}
    found: dict[str, list[Run]] = {f"{name}, {words:,} words": [] for name in makers}
    for _ in range(turns):
        for runs, (make, first) in zip(found.values(), makers.values(), strict=True):
            runs.append(run(make(words, first)))
    if long:
        found[f"a single statement, {long:,} words"] = [run(texts.single(long))]
    return found


def worst_rows(found: dict[str, list[Run]]) -> Iterator[Row]:
    """What a word of a hard shape costs in times of a word of the ordinary pair."""
    ordinary = next(iter(found.values()))
    usual = median(own.seconds / own.words for own in ordinary)
    for what, runs in found.items():
        cost = 1000 * median(own.seconds for own in runs)
        if runs is ordinary:
            yield Row("worst", what, cost, "ms")
            continue
        if len(runs) == len(ordinary):
            pairs = zip(runs, ordinary, strict=True)
            ratios = [own.seconds / own.words / (other.seconds / other.words) for own, other in pairs]
        else:
            ratios = [own.seconds / own.words / usual for own in runs]
        yield Row("worst", what, cost, "ms", times=times(ORDINARY, ratios), reach=TIMES_ORDINARY,
                  note="measured once" if len(runs) == 1 else "")  # fmt: skip


def memory(sizes: tuple[int, ...]) -> dict[int, Run]:
    return {size: run(texts.pair(size)) for size in sizes}


def memory_rows(found: dict[int, Run], hard: dict[str, list[Run]], more: dict[str, float]) -> Iterator[Row]:
    """The whole process for 1,000 words; what is beyond in times of the text that is beyond."""
    base = found[BASE]
    yield Row("memory", f"{BASE:,} words", base.peak, "MB", reach=MOST)
    for size, own in found.items():
        if size != BASE:
            yield _beyond(f"{size:,} words", own, base)
    for what, runs in hard.items():
        yield _beyond(what, max(runs, key=lambda own: own.peak), base)
    for what, peak in more.items():
        yield Row("memory", what, peak, "MB")


def floor_memory() -> dict[str, float]:
    """Of the floor, for 1,000 words."""
    return {f"{BASE:,} words, {peers.FLOOR}": run(texts.pair(BASE), "floor").peak}


def _beyond(what: str, own: Run, base: Run) -> Row:
    if own.bytes < 2 * base.bytes - base.bytes // 4:  # too near for a difference to tell anything
        return Row("memory", what, own.peak, "MB")
    part = 1e6 * (own.peak - base.peak) / (own.bytes - base.bytes)
    return Row("memory", what, own.peak, "MB", times=Times("the text", part, part, part), reach=TIMES_TEXT)

"""How far a run is: a bar for a terminal, a line now and then for everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from claimdiff.batch import clock
from claimdiff.batch.rows import ERROR
from claimdiff.batch.run import State

OFTEN, SELDOM = 0.2, 30.0  # seconds between two looks of a terminal, and between two lines of a log
WIDTH = 20


@dataclass(slots=True)
class Progress:
    """`show` overwrites the line of a terminal, `say` adds a line to a log; one of them is used."""

    terminal: bool
    show: Callable[[str], None]
    say: Callable[[str], None]
    _began: float = field(default_factory=clock.monotonic)
    _last: float = field(default_factory=clock.monotonic)

    def heard(self, state: State) -> None:
        now = clock.monotonic()
        if now - self._last < (OFTEN if self.terminal else SELDOM):
            return
        self._last = now
        if self.terminal:
            self.show(bar(state, now - self._began))
        else:
            self.say(line(state, now - self._began))

    def clear(self) -> None:
        if self.terminal:
            self.show("")


def total(state: State) -> tuple[int, bool]:
    """How many rows there are, and whether that is known: until all are read, it follows from the bytes."""
    if state.ended or state.reading.share >= 1:
        return state.read, True
    return max(state.read, round(state.read / max(state.reading.share, 1e-9))), False


def line(state: State, seconds: float) -> str:
    """Where the run is, in words."""
    all_, known = total(state)
    new = state.done - state.before
    rate = new / seconds if seconds > 0 else 0.0
    parts = [f"{state.done:,} of {'' if known else 'about '}{all_:,} pairs"]
    if rate:
        parts += [f"{rate:.1f} a second", f"{span(max(0, all_ - state.done) / rate)} left"]
    if state.outcomes[ERROR]:
        parts.append(f"{state.outcomes[ERROR]:,} not judged")
    return ", ".join(parts)


def bar(state: State, seconds: float) -> str:
    share = state.done / max(1, total(state)[0])
    full = min(WIDTH, int(WIDTH * share))
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {line(state, seconds)}"


def span(seconds: float) -> str:
    """A time in its two greatest units."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"

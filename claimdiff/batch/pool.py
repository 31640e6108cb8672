"""Processes that work on rows, one at a time each, and the results in the order of the rows.

A process that dies is no end of the run: its row is tried once more, alone, in a process of its own, and
becomes an error row when that one dies too. A process that takes too long is killed. At no time is more
than a window of rows between the input and the output.
"""

from __future__ import annotations

import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any, Protocol

from claimdiff.batch.clock import monotonic
from claimdiff.batch.process import READY, Process, Started, forked
from claimdiff.batch.row import Kind, Row
from claimdiff.batch.rows import Done
from claimdiff.errors import ClaimdiffError

WINDOW = 512  # rows, and
HEAVY = 64_000_000  # bytes of results that wait for an earlier row
LASTS = 1000  # rows, after which a process is replaced, so that nothing in it can pile up
TICK = 0.5  # seconds
ENDING = 2.0  # seconds that a process has to end when it has closed its pipe
AHEAD = 64_000 if sys.platform == "linux" else 0  # bytes of a row that a pipe holds while nobody reads
STARTS = 3  # processes in a row that end before they are ready


class PoolError(ClaimdiffError):
    """No process for the work could be started."""


def as_it_is(setup: Any, row: Row) -> Row:
    return row


@dataclass(frozen=True, slots=True)
class Tasks:
    """What processes do: `start(setup)` once, then `do(setup, row)` for each row; `failed` makes the row of
    a pair that ended its process or took too long, and `bring` makes a row that can go to another machine.
    `start` and `do` must be picklable by name."""

    setup: Any
    start: Callable[[Any], None]
    do: Callable[[Any, Row], Done]
    failed: Callable[[Row, Kind, str], Done]
    preload: Sequence[str] = ()
    bring: Callable[[Any, Row], Row] = as_it_is


class Crew(Protocol):
    """Whoever works on rows: processes of this machine, or a cluster."""

    def work(self, rows: Iterator[Row]) -> Iterator[Done]:
        """The results of the rows, in their order."""
        ...

    def close(self) -> None:
        """End the work, whatever is under way."""
        ...


@dataclass(slots=True)
class _Process:
    """A process, what it works on, and when that has taken too long."""

    process: Process
    pipe: Connection[Any, Any]
    ready: bool = False
    row: Row | None = None
    next: Row | None = None  # is with the process already, so that it need not wait for it
    retry: bool = False
    until: float | None = None
    rows: int = 0


@dataclass(slots=True)
class Pool:
    """`work` gives the results; `close` ends the processes, whatever they are doing."""

    tasks: Tasks
    processes: int
    limit: float | None = None
    heard: Callable[[], None] = lambda: None
    lasts: int = LASTS
    launch: Callable[[Tasks], Started] = forked
    _living: list[_Process] = field(default_factory=list)
    _waiting: dict[int, Done] = field(default_factory=dict)
    _suspects: deque[Row] = field(default_factory=deque)
    _back: deque[Row] = field(default_factory=deque)  # rows that were read and are with nobody
    _order: deque[int] = field(default_factory=deque)
    _held: int = 0  # bytes of what waits
    _false_starts: int = 0

    def work(self, rows: Iterator[Row]) -> Iterator[Done]:
        """The results of the rows, in their order."""
        more = True
        while True:
            more = self._feed(rows if more else iter(()))  # first of all, so that nobody waits for a row
            if self._order and self._order[0] in self._waiting:
                yield self._taken()
            elif more or self._order:
                self._listen()
                self.heard()
            else:
                return

    def close(self) -> None:
        for own in self._living:
            own.process.kill()
        for own in self._living:
            own.process.join()
            own.pipe.close()
        self._living.clear()

    # --- rows out to the processes ------------------------------------------------------------------

    def _feed(self, rows: Iterator[Row]) -> bool:
        """Give every idle process a row, and one more to those that work; False when there is none left."""
        if self._suspects or any(own.retry for own in self._living):
            self._retry()
            return True
        while self._back or self._room():
            own = self._idle() or self._busy()
            if own is None:
                break
            row = self._back.popleft() if self._back else self._read(rows)
            if row is None:
                return False
            if row.trouble:
                self._keep(self.tasks.failed(row, *row.trouble))
            elif not self._give(own, row):
                self._back.appendleft(row)
                break
        return True

    def _read(self, rows: Iterator[Row]) -> Row | None:
        row = next(rows, None)
        if row is not None:
            self._order.append(row.number)
        return row

    def _room(self) -> bool:
        heavy = len(self._waiting) > self.processes and self._held > HEAVY
        return len(self._order) < WINDOW and not heavy

    def _idle(self) -> _Process | None:
        """A process without work; one is started while there are fewer than there may be."""
        for own in list(self._living):
            if own.row is None and own.rows >= self.lasts:
                self._end(own)
        idle = next((own for own in self._living if own.ready and own.row is None), None)
        if idle is None and len(self._living) < self.processes:
            self._start()
        return idle

    def _busy(self) -> _Process | None:
        """A process that works and has no further row yet, when none is idle or about to be."""
        if not AHEAD or not all(own.ready for own in self._living):
            return None
        free = (own for own in self._living if own.next is None and own.rows + 1 < self.lasts)
        return next(free, None)

    def _retry(self) -> None:
        """Try a row whose process died again, in a new process and while no other works."""
        if any(own.row for own in self._living):
            return
        fresh = next((own for own in self._living if own.ready and not own.rows), None)
        if fresh:
            self._give(fresh, self._suspects.popleft(), retry=True)
        elif all(own.ready for own in self._living):
            if len(self._living) >= self.processes:
                self._end(self._living[0])
            self._start()

    def _give(self, own: _Process, row: Row, *, retry: bool = False) -> bool:
        """Send a row; False where it is too large to lie in the pipe of a process that works."""
        data = pickle.dumps(row)
        if own.row is None:
            self._begin(own, row)
            own.retry = retry
        elif len(data) > AHEAD:
            return False
        else:
            own.next = row
        with suppress(OSError):  # it is dead; listening tells so
            own.pipe.send_bytes(data)
        return True

    def _begin(self, own: _Process, row: Row | None) -> None:
        own.row, own.next, own.retry = row, None, False
        own.until = monotonic() + self.limit if self.limit and row else None

    # --- results in from the processes --------------------------------------------------------------

    def _listen(self) -> None:
        """Wait until a process says something or ends, a limit passes, or for a moment."""
        ends = [own.until for own in self._living if own.until is not None]
        wait = min([TICK, *(max(0.0, end - monotonic()) for end in ends)])
        said = set(connection.wait([own.pipe for own in self._living], wait))
        for own in [own for own in self._living if own.pipe in said]:
            try:
                self._hear(own, own.pipe.recv())
            except (EOFError, OSError):
                self._died(own)
        now = monotonic()
        for own in [own for own in self._living if own.until is not None and own.until <= now]:
            assert own.row is not None
            reason = f"took longer than {self.limit:g} seconds"
            self._keep(self.tasks.failed(own.row, Kind.TIMED_OUT, reason))
            self._end(own)

    def _keep(self, done: Done) -> None:
        self._waiting[done.number] = done
        self._held += done.size

    def _taken(self) -> Done:
        done = self._waiting.pop(self._order.popleft())
        self._held -= done.size
        return done

    def _hear(self, own: _Process, said: Any) -> None:
        if not own.ready:
            if said != READY:
                raise PoolError(said)
            own.ready, self._false_starts = True, 0
            return
        self._keep(said)
        own.rows += 1
        self._begin(own, own.next)

    def _died(self, own: _Process) -> None:
        own.process.join(ENDING)  # what it ends with is told
        self._end(own)
        if own.row is None:
            if not own.ready:
                self._false_starts += 1
                if self._false_starts >= STARTS:
                    raise PoolError(f"no process for the work starts ({_code(own.process.exitcode)})")
            return
        if own.retry:
            reason = f"its process ended twice, the second time alone ({_code(own.process.exitcode)})"
            self._keep(self.tasks.failed(own.row, Kind.CRASHED, reason))
        else:
            self._suspects.append(own.row)

    def _start(self) -> None:
        self._living.append(_Process(*self.launch(self.tasks)))

    def _end(self, own: _Process) -> None:
        self._living.remove(own)
        if own.next is not None:
            self._back.append(own.next)
        if own.row is not None or not own.ready:
            own.process.kill()
        own.pipe.close()  # one that waits for a row takes this for the end
        own.process.join()


def _code(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    with_name = {own.value: own.name for own in signal.Signals}
    return with_name.get(-code, f"signal {-code}")

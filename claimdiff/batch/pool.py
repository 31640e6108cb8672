"""Processes that work on rows, one at a time each, and the results in the order of the rows.

A process that dies is no end of the run: its row is tried once more, alone, in a process of its own, and
becomes an error row when that one dies too. A process that takes too long is killed. At no time is more
than a window of rows between the input and the output.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection, get_all_start_methods, get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any

from claimdiff.batch.clock import monotonic
from claimdiff.batch.row import Kind, Row
from claimdiff.batch.rows import Done
from claimdiff.errors import ClaimdiffError

WINDOW = 512  # rows, and
HEAVY = 64_000_000  # bytes of results that wait for an earlier row
LASTS = 1000  # rows, after which a process is replaced, so that nothing in it can pile up
TICK = 0.5  # seconds
STARTS = 3  # processes in a row that end before they are ready
READY = "ready"


class PoolError(ClaimdiffError):
    """No process for the work could be started."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """What processes do: `start(setup)` once, then `do(setup, row)` for each row; `failed` makes the row of
    a pair that ended its process or took too long. All but `failed` must be picklable by name."""

    setup: Any
    start: Callable[[Any], None]
    do: Callable[[Any, Row], Done]
    failed: Callable[[Row, Kind, str], Done]
    preload: Sequence[str] = ()


@dataclass(slots=True)
class _Process:
    """A process, what it works on, and when that has taken too long."""

    process: Any
    pipe: Connection[Any, Any]
    ready: bool = False
    row: Row | None = None
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
    _living: list[_Process] = field(default_factory=list)
    _waiting: dict[int, Done] = field(default_factory=dict)
    _suspects: deque[Row] = field(default_factory=deque)
    _order: deque[int] = field(default_factory=deque)
    _false_starts: int = 0
    _context: Any = None

    def work(self, rows: Iterator[Row]) -> Iterator[Done]:
        """The results of the rows, in their order."""
        more = True
        while True:
            while self._order and self._order[0] in self._waiting:
                yield self._waiting.pop(self._order.popleft())
            if not more and not self._order:
                return
            more = self._feed(rows) if more else self._feed(iter(()))
            if not self._order or self._order[0] not in self._waiting:
                self._listen()
            self.heard()

    def close(self) -> None:
        for own in self._living:
            own.process.kill()
        for own in self._living:
            own.process.join()
            own.pipe.close()
        self._living.clear()

    # --- rows out to the processes ------------------------------------------------------------------

    def _feed(self, rows: Iterator[Row]) -> bool:
        """Give every idle process a row; False when there is none left."""
        if self._suspects:
            self._retry()
            return True
        more = True
        while more and self._room() and (idle := self._idle()):
            row = next(rows, None)
            if row is None:
                more = False
                break
            self._order.append(row.number)
            if row.trouble:
                self._waiting[row.number] = self.tasks.failed(row, *row.trouble)
            else:
                self._give(idle, row)
        return more

    def _room(self) -> bool:
        heavy = len(self._waiting) > self.processes and sum(o.size for o in self._waiting.values()) > HEAVY
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

    def _give(self, own: _Process, row: Row, *, retry: bool = False) -> None:
        own.row, own.retry = row, retry
        own.until = monotonic() + self.limit if self.limit else None
        try:
            own.pipe.send(row)
        except OSError:  # it is dead; listening tells so
            own.until = None

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
            self._waiting[own.row.number] = self.tasks.failed(own.row, Kind.TIMED_OUT, reason)
            self._end(own)

    def _hear(self, own: _Process, said: Any) -> None:
        if not own.ready:
            if said != READY:
                raise PoolError(said)
            own.ready, self._false_starts = True, 0
            return
        self._waiting[said.number] = said
        own.row, own.until, own.rows = None, None, own.rows + 1

    def _died(self, own: _Process) -> None:
        self._end(own)
        if own.row is None:
            if not own.ready:
                self._false_starts += 1
                if self._false_starts >= STARTS:
                    raise PoolError(f"no process for the work starts ({_code(own.process.exitcode)})")
            return
        if own.retry:
            reason = f"its process ended twice, the second time alone ({_code(own.process.exitcode)})"
            self._waiting[own.row.number] = self.tasks.failed(own.row, Kind.CRASHED, reason)
        else:
            self._suspects.append(own.row)

    def _start(self) -> None:
        if self._context is None:
            method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
            self._context = get_context(method)
            if method == "forkserver":
                self._context.set_forkserver_preload(list(self.tasks.preload))
        ours, theirs = self._context.Pipe()
        given = (theirs, self.tasks.setup, self.tasks.start, self.tasks.do)
        process = self._context.Process(target=serve, args=given, daemon=True)
        process.start()
        theirs.close()
        self._living.append(_Process(process, ours))

    def _end(self, own: _Process) -> None:
        self._living.remove(own)
        if own.row is not None or not own.ready:
            own.process.kill()
        own.pipe.close()  # one that waits for a row takes this for the end
        own.process.join()


def _code(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    with_name = {own.value: own.name for own in signal.Signals}
    return with_name.get(-code, f"signal {-code}")


# --- in the process -------------------------------------------------------------------------------


def serve(
    pipe: Connection[Any, Any], setup: Any, start: Callable[[Any], None], do: Callable[[Any, Row], Done]
) -> None:
    """Work until nobody sends rows any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run hears it, and ends its processes
    threading.Thread(target=_heed_parent, daemon=True).start()
    try:
        try:
            start(setup)
        except ClaimdiffError as error:
            pipe.send(str(error))
            return
        pipe.send(READY)
        while True:
            pipe.send(do(setup, pipe.recv()))
    except (EOFError, OSError):
        return


def _heed_parent() -> None:
    """End when the run has ended, also while a row takes its time."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)

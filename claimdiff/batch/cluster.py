"""The work done by a Dask cluster: rows go out in small chunks, and results come back in their order.

The results are those of the processes of one machine: a worker has each row done by such a process, with
the same limits and the same second try. What a worker had under way when it was lost is done again by
others. At no time is more than some chunks for each worker between the input and the output; results wait
with the workers until all before them have come.
"""

from __future__ import annotations

import logging
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

from claimdiff.batch import worker
from claimdiff.batch.clock import monotonic
from claimdiff.batch.pool import Tasks
from claimdiff.batch.row import Kind, Row
from claimdiff.batch.rows import Done
from claimdiff.errors import ClaimdiffError, InputError

CHUNK = 16  # rows of a task; of the first ones fewer, so that a small input keeps all workers busy
FIRST = 4
HEAVY = 1_000_000  # bytes, above which a task takes no more rows
AHEAD = 16  # tasks for each thread of the workers, and
MOST = 200_000_000  # bytes of texts on their way, of which each thread may have
LEAST = 2  # tasks in any case
TICK = 0.5  # seconds between two looks
COUNTED = 5.0  # seconds between two counts of the workers
PATIENCE = 20.0  # seconds to reach the scheduler, for a result to come over, and for a worker to turn up
REMIND = 60.0  # seconds between two lines that say that there is still no worker
AGAIN = "the same command goes on where this run stopped"


class ClusterError(ClaimdiffError):
    """The cluster cannot do the work, or not go on with it."""


@contextmanager
def connected(address: str, patience: float | None = None) -> Iterator[Any]:
    """A client of the scheduler at this address; ClusterError when it cannot be reached."""
    try:
        import distributed
    except ImportError:
        raise InputError("--scheduler needs Dask; pip install 'claimdiff[cluster]'") from None
    for name in [own for own in logging.root.manager.loggerDict if own.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is told, in our words
    try:
        made: Any = distributed.Client
        client = made(address, timeout=patience or PATIENCE, set_as_default=False, name="claimdiff")
    except Exception as error:
        raise ClusterError(
            f"{address}: no Dask scheduler can be reached there ({_told(error)}); an address is like "
            "tcp://HOST:8786, and `dask scheduler` says its own when it starts"
        ) from None
    try:
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=TICK)


@dataclass(slots=True)
class _Chunk:
    """Rows that are on their way. `alone` are such of which the workers died before."""

    rows: list[Row]
    size: int
    future: Any
    priority: int
    alone: bool


@dataclass(slots=True)
class Cluster:
    """The processes of a cluster's workers. `say` is told what somebody has to see to."""

    tasks: Tasks
    client: Any
    limit: float | None = None
    heard: Callable[[], None] = lambda: None
    say: Callable[[str], None] = lambda _: None
    _sent: deque[_Chunk] = field(default_factory=deque)
    _under_way: int = 0
    _number: int = 0
    _given: Any = None
    _threads: int = 0
    _counted: float = -COUNTED
    _lonely: float | None = None

    def work(self, rows: Iterator[Row]) -> Iterator[Done]:
        """The results of the rows, in their order."""
        chunks = self._chunks(self.tasks.bring(self.tasks.setup, row) for row in rows)
        more = True
        while more or self._sent:
            self._count()
            while more and self._room():
                found = next(chunks, None)
                if found is None:
                    more = False
                else:
                    self._sent.append(self._send(*found))
            if self._sent:
                yield from self._first()
            self.heard()

    def close(self) -> None:
        """Let the workers stop what they do for this run. Nothing that is wrong with them matters now."""
        futures = [own.future for own in self._sent]
        self._sent.clear()
        if self.client.status != "running":
            return

        def ending() -> None:
            with suppress(Exception):
                self.client.cancel(futures, force=True)
            with suppress(Exception):
                self.client.run(worker.stop, self.client.id, on_error="ignore")

        thread = threading.Thread(target=ending, daemon=True)  # a worker that is lost may take its time
        thread.start()
        thread.join(10 * TICK)

    # --- rows out -----------------------------------------------------------------------------------

    def _chunks(self, rows: Iterator[Row]) -> Iterator[tuple[list[Row], int]]:
        """The rows in chunks, and the bytes of each."""
        chunk: list[Row] = []
        size = 0
        for row in rows:
            chunk.append(row)
            size += _size(row)
            full = CHUNK if self._number >= FIRST * self._threads else FIRST
            if len(chunk) >= full or size >= HEAVY:
                yield chunk, size
                chunk, size = [], 0
        if chunk:
            yield chunk, size

    def _room(self) -> bool:
        threads = max(1, self._threads)
        few = len(self._sent) < LEAST * threads
        return few or (len(self._sent) < AHEAD * threads and self._under_way < MOST)

    def _send(self, rows: list[Row], size: int, again: _Chunk | None = None) -> _Chunk:
        self._number += 1
        priority = again.priority if again else -self._number  # in their order, lest the window fills
        self._under_way += size
        run = self.client.id
        with self._talking():
            if self._given is None:
                tasks = pickle.dumps(self.tasks)
                self._given = self.client.submit(bytes, tasks, key=f"claimdiff-tasks-{run}")
            given = (run, worker.program(), self.limit, self._given, pickle.dumps(rows))
            future = self.client.submit(
                worker.judge, *given, key=f"claimdiff-{run}-{self._number}", pure=False, priority=priority
            )
        return _Chunk(rows, size, future, priority, again is not None)

    # --- results in ---------------------------------------------------------------------------------

    def _first(self) -> list[Done]:
        """The results of the first chunk, or none where it is not done."""
        import distributed

        chunk, wait = self._sent[0], cast(Any, distributed.wait)
        try:
            with self.client.as_current():
                wait(chunk.future, timeout=TICK)
            done: list[Done] = chunk.future.result(timeout=PATIENCE)
        except TimeoutError as error:
            if chunk.future.status == "error":  # it came from the worker, and would come again and again
                raise _lost(error) from None
            return []
        except distributed.KilledWorker:
            done = self._killed(chunk)
        except ClaimdiffError as error:
            raise ClusterError(f"{error}; {AGAIN}") from None
        except (ImportError, AttributeError) as error:
            raise ClusterError(
                f"a worker or the scheduler cannot run claimdiff ({_told(error)}); both need the environment "
                "that this command has"
            ) from None
        except Exception as error:
            raise _lost(error) from None
        if self._sent and self._sent[0] is chunk:
            self._sent.popleft()
            self._under_way -= chunk.size
        return done

    def _killed(self, chunk: _Chunk) -> list[Done]:
        """Send rows again, one by one, that were with worker after worker when it died; one that was alone
        is given up."""
        if chunk.alone:
            reason = "the workers that had it ended, time and again, the last ones with it alone"
            return [self.tasks.failed(row, Kind.CRASHED, reason) for row in chunk.rows]
        self._sent.popleft()
        self._under_way -= chunk.size
        again = [self._send([row], _size(row), chunk) for row in chunk.rows]
        self._sent.extendleft(reversed(again))
        return []

    def _count(self) -> None:
        """See how many workers there are, and tell when there have been none for a while."""
        now = monotonic()
        if now - self._counted < COUNTED:
            return
        self._counted = now
        with self._talking():
            self._threads = sum(self.client.nthreads().values())
        if self._threads:
            self._lonely = None
        elif self._lonely is None:
            self._lonely = now + PATIENCE
        elif now >= self._lonely:
            self._lonely = now + REMIND
            self.say(
                "the scheduler has no worker; waiting until one turns up (dask worker "
                f"{self.client.scheduler.address})"
            )

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if isinstance(error, OSError | RuntimeError) or self.client.status != "running":
                raise _lost(error) from None
            raise


def _lost(error: Exception) -> ClusterError:
    return ClusterError(f"the cluster does not go on with the work ({_told(error)}); {AGAIN}")


def _told(error: Exception) -> str:
    if isinstance(error, CancelledError):
        return "the connection to the scheduler is lost, or the work was cancelled there"
    return (str(error) or type(error).__name__).strip().splitlines()[0][:200]


def _size(row: Row) -> int:
    return sum(len(own.text or own.data or "") for own in (row.derivative, *row.sources))

"""What a Dask worker does with the rows that it is sent: it hands them to a process of its own.

Such a process is kept from one task to the next, so that it loads the engine once, and a row that ends its
process or takes too long costs no worker. Several tasks at a time have a process each.
"""

from __future__ import annotations

import pickle
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

from claimdiff import __version__
from claimdiff import cache as engine
from claimdiff.batch.pool import Pool
from claimdiff.batch.process import spawned
from claimdiff.batch.rows import Done
from claimdiff.errors import ClaimdiffError

LINGER = 60.0  # seconds for which a process waits for more rows; those of a run that was killed end so
PACKAGE = Path(__file__).parents[1]

_lock = threading.Lock()
_idle: dict[str, list[tuple[Pool, threading.Timer]]] = defaultdict(list)
_stopped: set[str] = set()


class OtherProgramError(ClaimdiffError):
    """The worker's program is not that of the run."""


class StoppedError(ClaimdiffError):
    """The run has ended; nobody waits for these rows."""


@cache
def program() -> str:
    """What stands for the program that runs here: all of its files, Python, and what is installed with it."""
    digest = sha256(engine.engine_signature().encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__} ({digest.hexdigest()[:12]})"


def judge(run: str, own: str, limit: float | None, tasks: bytes, rows: bytes) -> list[Done]:
    """The results of pickled rows, in their order. `own` is the program of the run, and `tasks` what its
    processes do, pickled as well: nothing is unpickled by another program."""
    from distributed import get_worker

    if own != program():
        raise OtherProgramError(
            f"the worker {get_worker().address} has claimdiff {program()}, and this run is of {own}; all "
            "workers need the same files, Python and packages, so give them the same environment, and start "
            "them again"
        )
    with _pool(run, limit, tasks) as pool:
        return list(pool.work(iter(pickle.loads(rows))))


def stop(run: str) -> None:
    """End the processes of a run, whatever they are doing."""
    with _lock:
        _stopped.add(run)
        kept = _idle.pop(run, [])
    for pool, timer in kept:
        timer.cancel()
        pool.close()


@contextmanager
def _pool(run: str, limit: float | None, tasks: bytes) -> Iterator[Pool]:
    """A pool of one process that nobody else uses meanwhile."""
    with _lock:
        kept = _idle[run].pop() if _idle.get(run) else None
    if kept:
        pool, timer = kept
        timer.cancel()
    else:
        pool = Pool(pickle.loads(tasks), 1, limit, lambda: _heed(run), launch=spawned)
    try:
        _heed(run)
        yield pool
    except BaseException:
        pool.close()
        raise
    timer = threading.Timer(LINGER, _expired, (run, pool))
    timer.daemon = True
    with _lock:
        ended = run in _stopped
        if not ended:
            _idle[run].append((pool, timer))
    if ended:
        pool.close()
    else:
        timer.start()


def _expired(run: str, pool: Pool) -> None:
    with _lock:
        kept = [own for own in _idle.get(run, []) if own[0] is pool]
        if kept:
            _idle[run].remove(kept[0])
    for own, _ in kept:  # else a task has taken it at this very moment
        own.close()


def _heed(run: str) -> None:
    if run in _stopped:
        raise StoppedError("the run has ended")

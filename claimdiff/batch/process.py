"""A process that works on rows, one at a time: how it is started, and what it does.

`forked` makes it from a process that has the word data in memory already. `spawned` makes it as a program of
its own, which also a process can do that may have no children of `multiprocessing`, such as a Dask worker.
Either ends when the process that started it does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe, connection, get_all_start_methods, get_context, parent_process
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Protocol

from claimdiff.errors import ClaimdiffError

if TYPE_CHECKING:
    from claimdiff.batch.pool import Tasks

READY = "ready"
PROGRAM = (  # the second line makes sure that what is imported here is what the starting process would
    "import sys\nsys.path[:] = sys.argv[2:]\nfrom claimdiff.batch.process import main\nmain(int(sys.argv[1]))"
)


class Process(Protocol):
    """What a pool asks of a process."""

    @property
    def exitcode(self) -> int | None: ...

    def kill(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...


Started = tuple[Process, "Connection[Any, Any]"]


def forked(tasks: Tasks) -> Started:
    """A process of `multiprocessing`, from a warm one where the system can."""
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    context: Any = get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(list(tasks.preload))
    ours, theirs = context.Pipe()
    given = (theirs, tasks.setup, tasks.start, tasks.do)
    process = context.Process(target=serve, args=given, daemon=True)
    process.start()
    theirs.close()
    return process, ours


class Program:
    """A process of `subprocess`, with the manners of one of `multiprocessing`. Its standard input is closed
    when this process ends, however that comes about."""

    def __init__(self, handle: int) -> None:
        self._own = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(handle), *sys.path], stdin=subprocess.PIPE, pass_fds=[handle]
        )

    @property
    def exitcode(self) -> int | None:
        return self._own.poll()

    def kill(self) -> None:
        self._own.kill()

    def join(self, timeout: float | None = None) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._own.wait(timeout)
            if self._own.stdin is not None:
                self._own.stdin.close()


def spawned(tasks: Tasks) -> Started:
    """A process that is a program of its own."""
    ours, theirs = Pipe()
    process = Program(theirs.fileno())
    theirs.close()
    with suppress(OSError):  # it is dead already; listening tells so
        ours.send((tasks.setup, tasks.start, tasks.do))
    return process, ours


# --- in the process -------------------------------------------------------------------------------


def serve(
    pipe: Connection[Any, Any], setup: Any, start: Callable[[Any], None], do: Callable[..., Any]
) -> None:
    """Work until nobody sends rows any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run hears it, and ends its processes
    threading.Thread(target=_heed_parent, daemon=True).start()
    _serve(pipe, setup, start, do)


def _serve(
    pipe: Connection[Any, Any], setup: Any, start: Callable[[Any], None], do: Callable[..., Any]
) -> None:
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


def main(handle: int) -> None:
    """What `spawned` starts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_heed_input, daemon=True).start()
    with suppress(EOFError, OSError):
        pipe: Connection[Any, Any] = Connection(handle)
        _serve(pipe, *pipe.recv())


def _heed_input() -> None:
    with suppress(OSError):
        os.read(0, 1)
    os._exit(1)

"""Worker processes: comparing is done there, so that one slow article stops nobody.

Work that nobody waits for any more is stopped with its process. Equal work that is asked for at the same
time is done once. What is too much is refused at once, and what takes too long is stopped.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio
from anyio import BrokenWorkerProcess, CancelScope, CapacityLimiter, to_process
from anyio.abc import TaskGroup

from claimdiff.errors import ClaimdiffError
from claimdiff.review.problem import busy

Result = TypeVar("Result")
WATCH_SECONDS = 1.0
DRAINING_SECONDS = 10


@dataclass(eq=False)
class _Flight:
    """Work in progress, and how many wait for it."""

    scope: CancelScope = field(default_factory=CancelScope)
    done: anyio.Event = field(default_factory=anyio.Event)
    waiting: int = 0
    result: Any = None
    error: Exception | None = None


@dataclass(eq=False)
class Workers:
    """At most so many `processes` at work, so many pieces of work that wait in the `queue`, and so many
    `seconds` for each. `prepare` loads what the work needs, before anybody waits for it."""

    processes: int
    queue: int
    seconds: float
    prepare: Callable[[], None]
    draining: bool = False
    waiting: int = 0
    _flights: dict[str, _Flight] = field(default_factory=dict)
    _group: TaskGroup | None = None
    _free: CapacityLimiter = field(init=False)
    _started: CapacityLimiter = field(init=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this lasts there are workers; all are stopped at its end."""
        self._free = CapacityLimiter(self.processes)
        self._started = CapacityLimiter(self.processes)
        async with anyio.create_task_group() as group:
            self._group = group
            for _ in range(self.processes):
                group.start_soon(self._warm)
            try:
                yield
            finally:
                self._group = None
                group.cancel_scope.cancel()

    def drain(self) -> None:
        """Begin no more work; what is at work is finished."""
        self.draining = True

    async def idle(self) -> None:
        """Wait until nothing is in progress."""
        while self._flights:
            await next(iter(self._flights.values())).done.wait()

    @property
    def busy(self) -> int:
        """How many pieces of work are in progress."""
        return len(self._flights)

    async def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """The function's result, from a worker. A caller who is cancelled ends the worker with it."""
        self._refuse_when_draining()
        if self.waiting >= self.queue and self._free.available_tokens == 0:
            raise busy(f"{self.waiting} comparisons are waiting already; try again in a moment")
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1
        try:
            self._refuse_when_draining()
            return await self._timed(function, *args)
        finally:
            self._free.release()

    async def share(self, key: str, make: Callable[[], Awaitable[Result]]) -> Result:
        """What `make` gives; those who ask for the same key while it is being made get the same. It is
        cancelled when none of them waits any more."""
        if self._group is None:
            raise busy("the service is stopping; try again in a moment", 503, DRAINING_SECONDS)
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight()
            self._group.start_soon(self._fly, key, flight, make)
        flight.waiting += 1
        try:
            await flight.done.wait()
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.done.is_set():
                flight.scope.cancel()
                if self._flights.get(key) is flight:  # who comes now begins anew
                    del self._flights[key]
        if flight.error is not None:
            raise flight.error
        result: Result = flight.result
        return result

    async def _fly(self, key: str, flight: _Flight, make: Callable[[], Awaitable[Any]]) -> None:
        flight.error = busy("the service is stopping; try again in a moment", 503, DRAINING_SECONDS)
        try:
            with flight.scope:
                flight.result = await make()
                flight.error = None
        except Exception as error:  # each of those who wait gets it
            flight.error = error
        finally:
            if self._flights.get(key) is flight:
                del self._flights[key]
            flight.done.set()

    async def _timed(self, function: Callable[..., Result], *args: Any) -> Result:
        done = False
        try:
            # A process that is cancelled while it starts would be left behind.
            with CancelScope(shield=True):
                await self._process(ready)
            await self._process(self.prepare)
            with anyio.move_on_after(self.seconds):
                result = await self._process(function, *args)
                done = True
                return result
        except BrokenWorkerProcess:
            raise busy("the process that compared the texts died; try again", 503) from None
        except ClaimdiffError:
            done = True
            raise
        finally:
            if not done and self._group is not None:
                self._group.start_soon(self._warm)  # in place of the worker that is gone
        raise busy(
            f"the comparison took more than {self.seconds:g} seconds and was stopped; shorten the texts", 503
        )

    async def _process(self, function: Callable[..., Result], *args: Any) -> Result:
        return await to_process.run_sync(function, *args, cancellable=True, limiter=self._started)

    async def _warm(self) -> None:
        """Make a worker ready before somebody waits for it."""
        async with self._free:
            try:
                with CancelScope(shield=True):
                    await self._process(ready)
                await self._process(self.prepare)
            except BrokenWorkerProcess:
                return  # the first who needs a worker is told

    def _refuse_when_draining(self) -> None:
        if self.draining:
            raise busy("the service is stopping; try again in a moment", 503, DRAINING_SECONDS)


# --- what runs in a worker ------------------------------------------------------------------------

_WATCHING, _LOADED = threading.Event(), threading.Event()


def ready() -> None:
    """Make the process a worker: it leaves the signals of a stop to the server, which lets it finish,
    and ends when the server is gone."""
    if not _WATCHING.is_set():
        _WATCHING.set()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def warm() -> None:
    """Load what a comparison needs, once."""
    from claimdiff import compare

    if _LOADED.is_set():
        return
    _LOADED.set()
    text = "The council approved the new bridge on Monday. The bridge will cost $3 million."
    compare(text, text)


def _watch(parent: int) -> None:
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(WATCH_SECONDS)
    os._exit(1)

"""What one run may take: time, tokens, and failures in a row. It decides what is asked, never an answer."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock

from claimdiff.verify import clock

ENDLESS = float("inf")


class Run:
    """The limits of one run, shared by the threads that ask, and what it used. A limit of None is none."""

    def __init__(
        self,
        seconds: float | None,
        tokens: int | None,
        *,
        hopeless: int,
        pause: Callable[[float], None] | None = None,
    ) -> None:
        self.seconds, self.tokens, self.hopeless = seconds, tokens, hopeless
        self.stopped = Event()
        self.used = 0
        self.requests = 0
        self._until = ENDLESS if seconds is None else clock.monotonic() + seconds
        self._reserved = 0
        self._failures = 0
        self._reason = ""
        self._lock = Lock()
        self._pause = pause

    def left(self) -> float:
        """Seconds that are left."""
        return self._until - clock.monotonic()

    def refuses(self, tokens: int) -> str:
        """Why a request that takes about so many tokens is not to be sent; "" reserves them."""
        if self.stopped.is_set():
            return "not asked: the run was stopped"
        if self.left() <= 0:
            return self.late()
        with self._lock:
            if self._failures >= self.hopeless:
                many = f"{self.hopeless} requests in a row were of no use"
                return f"not asked, since {many}; the last: {self._reason}"
            if self.tokens is not None and self.used + self._reserved + tokens > self.tokens:
                return f"not asked: it does not fit into the {self.tokens:,} tokens that were allowed"
            self._reserved += tokens
        return ""

    def late(self) -> str:
        return f"not asked: the {self.seconds:g} seconds that were allowed are over"

    def settle(self, reserved: int, used: int) -> None:
        """A request is over, and took so many of the tokens that were reserved for it, or more."""
        with self._lock:
            self._reserved -= reserved
            self.used += used
            self.requests += 1

    def count(self, failure: str = "") -> None:
        """A request got an answer that can be used, or none because of a failure."""
        with self._lock:
            self._failures = self._failures + 1 if failure else 0
            self._reason = failure

    def wait(self, seconds: float) -> bool:
        """Wait; False when the time that is left is too short for it, or the run was stopped."""
        if seconds >= self.left() or self.stopped.is_set():
            return False
        if self._pause:
            self._pause(seconds)
            return True
        return not self.stopped.wait(seconds)

"""How far the asking is, for whoever wants to hear it: a process has one terminal, and so one listener."""

from __future__ import annotations

from collections.abc import Callable

Heard = Callable[[int, int], None]

_listeners: list[Heard] = []


def listen(heard: Heard | None) -> None:
    """Let this be told how many questions are done, and of how many; None for nobody."""
    _listeners[:] = [heard] if heard else []


def tell(done: int, asked: int) -> None:
    for heard in _listeners:
        heard(done, asked)

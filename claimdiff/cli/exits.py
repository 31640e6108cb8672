"""Exit codes (docs/exit-codes.md)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    """What the process tells its caller; nothing else is ever returned."""

    OK = 0
    """Done; `compare` says this whatever it found."""

    FOUND = 1
    """A gate found something at or above its threshold."""

    TROUBLE = 2
    """Wrong usage, unreadable input or an internal error: not everything was judged."""

    NOT_COMPARABLE = 3
    """Everything was read, but the texts cannot be judged against each other."""

    INTERRUPTED = 130
    """Stopped by Ctrl-C."""

    TERMINATED = 143
    """Stopped by SIGTERM."""


_WORST = (Exit.TERMINATED, Exit.INTERRUPTED, Exit.TROUBLE, Exit.NOT_COMPARABLE, Exit.FOUND, Exit.OK)


def worst(codes: Iterable[Exit]) -> Exit:
    """The code of a run over several pairs: what was not judged comes before what was found."""
    return min(codes, key=_WORST.index, default=Exit.TROUBLE)

"""One writer at a time for the files of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claimdiff.errors import ConfigError


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until nobody else holds the folder, and hold it. The lock is the system's and ends with the
    process, however it ends; no file of it is left behind. Raises ConfigError where it cannot be had."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError) as error:
        reason = getattr(error, "strerror", None) or "this system has no lock for folders"
        raise ConfigError(f"{folder}: cannot be locked for writing ({reason})") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

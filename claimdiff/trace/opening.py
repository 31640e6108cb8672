"""Opening an index's file: to write into it, or only to read, also where nothing can be written."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Event

from claimdiff.errors import ClaimdiffError

WAIT = 60.0  # seconds for which one process waits for another
TRIES = 200  # to make a new file one that is written ahead


class IndexFileError(ClaimdiffError):
    """An index that cannot be used."""


def opened(path: Path, *, fixed: bool) -> sqlite3.Connection:
    """A connection; for a `fixed` index one that writes nothing into it, and that can be had where nothing
    can be written."""
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    if not fixed:
        return connection
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return connection
    connection.close()
    # SQLite keeps a log beside a file that is written ahead. Without one nobody writes, and none is needed.
    alone = not path.with_name(f"{path.name}-wal").exists()
    place = f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    return sqlite3.connect(place, timeout=WAIT, isolation_level=None, uri=True)


def write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and a writer not wait for each other. SQLite itself does not wait for those who use the
    file just now."""
    for left in reversed(range(TRIES)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not left:
                raise
            Event().wait(0.05)


def check_fts5() -> None:
    probe = sqlite3.connect(":memory:")
    try:
        probe.execute("CREATE VIRTUAL TABLE probe USING fts5 (terms)")
    except sqlite3.OperationalError:
        raise IndexFileError(
            f"this Python's SQLite ({sqlite3.sqlite_version}) has no FTS5, which the index needs; use a "
            "Python whose sqlite3 has it"
        ) from None
    finally:
        probe.close()

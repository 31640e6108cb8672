"""The file in which a review keeps everything: one SQLite database, which any number of processes may use.

What it holds is brought to the form of this program by numbered migrations, each of them applied once and
whole. What is written is on the disk when the writing ends; what ends early was never written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from threading import Event, Lock

from claimdiff import __version__
from claimdiff.errors import ConfigError
from claimdiff.review.trouble import Unavailable

APPLICATION = 0x636C6466  # "cldf", in the file's header
LEAST = (3, 37)  # the first SQLite with strict tables
WAIT = 30.0  # seconds for which one writer waits for another
IDLE = 8  # connections that are kept open for the next use
TRIES = 100  # to make a new file a WAL file, which SQLite does not wait for

Connection = sqlite3.Connection

_OPENING = Lock()  # closing any handle of a file lets go of this process's locks on it


class Database:
    """An open database. Every use of it is one transaction, in a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it, for its owner alone. ConfigError when it cannot be used, is another
        program's, or was written by a newer version of this one."""
        self.path = path
        self._idle: list[Connection] = []
        self._lock = Lock()
        self._closed = False
        if sqlite3.sqlite_version_info < LEAST:
            raise ConfigError(f"SQLite {sqlite3.sqlite_version} is too old; the review needs 3.37 or later")
        try:
            with _OPENING:
                _make(path)
                with closing(self._connect()) as connection:
                    _refuse_foreign(connection, path)
                    _begin_log(connection, path)
                    migrate(connection, path, migrations())
        except (OSError, sqlite3.Error, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ConfigError(f"{path}: cannot be used as a database ({reason})") from None

    def close(self) -> None:
        """Let go of the file. Uses that are under way end as they would have."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """What stands in the database at one moment."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One change, of all that is done inside or, when that raises, of nothing. One writer at a time."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        try:
            with self._borrowed() as connection:
                connection.execute(begin)
                try:
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
                raise Unavailable(f"{self.path}: cannot be used just now ({error}); try again") from None
            raise

    @contextmanager
    def _borrowed(self) -> Iterator[Connection]:
        with self._lock:
            if self._closed:
                raise Unavailable(f"{self.path}: has been closed")
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()
        sound = True
        try:
            yield connection
        except sqlite3.Error:
            sound = False
            raise
        finally:
            with self._lock:
                keep = sound and not self._closed and len(self._idle) < IDLE
                if keep:
                    self._idle.append(connection)
            if not keep:
                connection.close()

    def _connect(self) -> Connection:
        connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA recursive_triggers = ON")  # so that REPLACE meets them too
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA trusted_schema = OFF")
        except BaseException:
            connection.close()
            raise
        return connection


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _refuse_foreign(connection: Connection, path: Path) -> None:
    # In this order: both come with the first migration, which another may end between these two.
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (own,) = connection.execute("PRAGMA application_id").fetchone()
    if own != APPLICATION and (own or tables):
        raise ConfigError(f"{path}: is the database of another program; name another file")


def _begin_log(connection: Connection, path: Path) -> None:
    """Write ahead, so that readers and a writer do not wait for each other."""
    mode = ""
    for _ in range(TRIES):
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            Event().wait(0.05)
    if mode != "wal":
        raise ConfigError(f"{path}: no write-ahead log can be kept there; put the file on a local disk")


# --- migrations -------------------------------------------------------------------------------------


def migrations() -> tuple[tuple[str, str], ...]:
    """The name and the SQL of each migration, in order; the first one is number 1."""
    found = files("claimdiff.review").joinpath("migrations").iterdir()
    texts = {own.name: own.read_text(encoding="utf-8") for own in found if own.name.endswith(".sql")}
    return tuple(sorted(texts.items()))


def migrate(connection: Connection, path: Path, steps: Sequence[tuple[str, str]]) -> None:
    """Bring the database to the form that these steps lead to, all of them or none, whoever else tries the
    same just now. ConfigError for one that is ahead of them."""
    if _version(connection, path, steps) == len(steps):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = _version(connection, path, steps)
        if not done:
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migration"
                " (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, program TEXT NOT NULL) STRICT"
            )
        for number, (name, text) in enumerate(steps[done:], done + 1):
            for statement in statements(text):
                connection.execute(statement)
            connection.execute("INSERT INTO migration VALUES (?, ?, ?)", (number, name, __version__))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _version(connection: Connection, path: Path, steps: Sequence[tuple[str, str]]) -> int:
    """How many of the steps were taken."""
    there = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'migration'").fetchone()[0]
    number = connection.execute("SELECT max(number) FROM migration").fetchone()[0] or 0 if there else 0
    if number > len(steps):
        raise ConfigError(
            f"{path}: was written by a newer claimdiff (form {number}, this one knows {len(steps)}); update "
            "claimdiff, or name another file"
        )
    return int(number)


def statements(text: str) -> Iterator[str]:
    """The statements of a script, one by one: run as a whole it would end the transaction it stands in."""
    begun = ""
    for line in text.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""
    if begun.strip():
        yield begun

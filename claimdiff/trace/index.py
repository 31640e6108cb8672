"""The index: an SQLite file with the terms of every article of an archive.

FTS5 keeps for each term the articles that have it; how they are weighed is for `search`. The table of the
articles has their terms sentence by sentence as well, packed: what an article gave to the index must be known
to take it out again.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from claimdiff import __version__
from claimdiff.trace.archive import Reading
from claimdiff.trace.opening import IndexFileError, check_fts5, opened, write_ahead
from claimdiff.trace.terms import FORM

APPLICATION = 0x636C6474  # "cldt", in the file's header
LAYOUT = 2  # of the tables
CONTENT = "content"  # what the digest of all articles is called among the facts about the index
AT_ONCE = 500  # values in one query
OPTIONAL = ("trafilatura", "docx", "pypdf", "charset_normalizer")  # what decides which files can be read
TABLES = ("vocabulary", "words", "problem", "article", "file", "about")
SCHEMA = (
    "CREATE TABLE about (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE file (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL)",
    "CREATE TABLE article (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, key TEXT NOT NULL,"
    " place INTEGER NOT NULL, digest BLOB NOT NULL, whole BLOB NOT NULL, body BLOB NOT NULL,"
    " title TEXT NOT NULL, date TEXT NOT NULL, terms BLOB NOT NULL, UNIQUE (file, key))",
    "CREATE INDEX article_whole ON article (whole)",
    "CREATE INDEX article_body ON article (body)",
    "CREATE TABLE problem (file INTEGER NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL)",
    "CREATE INDEX problem_file ON problem (file)",
    "CREATE VIRTUAL TABLE words USING fts5"
    " (terms, content = '', detail = none, columnsize = 0, tokenize = 'ascii')",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row)",
)


class Stored(NamedTuple):
    """An article of the index. `terms` has a line for each sentence."""

    id: int
    file: str
    key: str
    place: int
    digest: bytes
    title: str
    date: str
    terms: str

    @property
    def name(self) -> str:
        return f"{self.file}#{self.key}" if self.key else self.file


class Problem(NamedTuple):
    """What of the archive could not be read, and why."""

    name: str
    reason: str


class Index:
    """An open index. `rebuilt` says why what was there before had to go, "" where it did not."""

    def __init__(self, path: Path, how: Reading, *, fixed: bool = False) -> None:
        """Open the index, or make it; a `fixed` one is left as it is. Raises IndexFileError."""
        self.path, self.rebuilt = path, ""
        try:
            check_fts5()
            if fixed and not path.is_file():
                raise IndexFileError(f"{path}: there is no index; leave out --no-update once to make it")
            if not fixed:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.connection = opened(path, fixed=fixed)
            try:
                self.connection.execute("PRAGMA trusted_schema = OFF")
                self.connection.execute("PRAGMA synchronous = NORMAL")  # what a killed process wrote is safe
                self._prepare(how, fixed)
            except BaseException:
                self.connection.close()
                raise
        except (OSError, sqlite3.Error, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise IndexFileError(
                f"{path}: cannot be used as an index ({reason}); remove it or name another with --index"
            ) from None

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self, begin: str = "BEGIN") -> Iterator[sqlite3.Connection]:
        """What stands in the index at one moment or, with BEGIN IMMEDIATE, one change of it."""
        try:
            self.connection.execute(begin)
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise IndexFileError(f"{self.path}: cannot be used just now ({error}); try again") from None
        except (sqlite3.Error, zlib.error) as error:
            raise IndexFileError(
                f"{self.path}: is damaged ({error}); remove it to have it made anew"
            ) from None

    def _prepare(self, how: Reading, fixed: bool) -> None:
        (own,) = self.connection.execute("PRAGMA application_id").fetchone()
        (tables,) = self.connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if own != APPLICATION and (own or tables):
            raise IndexFileError(f"{self.path}: is no index but another database; name another file")
        wanted = {
            "form": f"{LAYOUT}.{FORM} of claimdiff {__version__}",
            "reading": repr((how.form, how.encoding, how.max_bytes)),
        }
        if self._about(wanted) == wanted:
            return
        if fixed:
            raise IndexFileError(
                f"{self.path}: {self._differs(wanted)}; leave out --no-update once to remake it"
            )
        write_ahead(self.connection)
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            found = self._about(wanted)  # another process may have made it meanwhile
            if found != wanted:
                self.rebuilt = self._differs(wanted) if found else ""
                self._make(wanted)
            self.connection.execute("COMMIT")
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def _make(self, wanted: dict[str, str]) -> None:
        for table in TABLES:
            self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in SCHEMA:
            self.connection.execute(statement)
        self.connection.executemany("INSERT INTO about VALUES (?, ?)", sorted(wanted.items()))
        self.connection.execute(f"PRAGMA application_id = {APPLICATION}")

    def _about(self, wanted: dict[str, str]) -> dict[str, str]:
        try:
            found = dict(self.connection.execute("SELECT key, value FROM about"))
        except sqlite3.OperationalError:
            return {}
        return {key: found.get(key, "") for key in wanted}

    def _differs(self, wanted: dict[str, str]) -> str:
        found = self._about(wanted)
        if found.get("form") != wanted["form"]:
            return f"the index was made by another version ({found.get('form') or 'unknown'})"
        return "the index was made with other options for reading"

    # --- writing, inside a transaction --------------------------------------------------------------

    def put(self, file: int, key: str, values: Sequence[object], terms: str) -> None:
        """Add an article, or replace the one of this key. `values` are place, digest, whole, body, title and
        date."""
        self.drop(file, key)
        self._unsettle()
        made = self.connection.execute(
            "INSERT INTO article (file, key, place, digest, whole, body, title, date, terms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (file, key, *values, zlib.compress(terms.encode(), 1)),
        )
        self.connection.execute("INSERT INTO words (rowid, terms) VALUES (?, ?)", (made.lastrowid, terms))

    def drop(self, file: int, key: str) -> None:
        """Take an article out, if it is there."""
        query = "SELECT id, terms FROM article WHERE file = ? AND key = ?"
        for id, terms in self.connection.execute(query, (file, key)).fetchall():
            self.connection.execute(
                "INSERT INTO words (words, rowid, terms) VALUES ('delete', ?, ?)",
                (id, zlib.decompress(terms).decode()),
            )
            self.connection.execute("DELETE FROM article WHERE id = ?", (id,))
            self._unsettle()

    def settle(self) -> None:
        """Keep a digest of what the articles are: of their names, their bytes and the words that were read
        from them. Whatever the index went through, the same articles have the same."""
        digest = sha256()
        query = "SELECT name, key, digest, whole FROM article JOIN file ON file.id = article.file"
        for row in self.connection.execute(f"{query} ORDER BY name, key"):
            for own in row:
                data = own.encode() if isinstance(own, str) else own
                digest.update(b"%d:" % len(data) + data)
        self.connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (CONTENT, digest.hexdigest()))

    def _unsettle(self) -> None:
        self.connection.execute("DELETE FROM about WHERE key = ?", (CONTENT,))

    # --- reading ------------------------------------------------------------------------------------

    def content(self) -> str:
        """The digest of all articles; "" while they are being changed."""
        row = self.connection.execute("SELECT value FROM about WHERE key = ?", (CONTENT,)).fetchone()
        return str(row[0]) if row else ""

    def size(self) -> int:
        """How many articles there are."""
        (count,) = self.connection.execute("SELECT count(*) FROM article").fetchone()
        return int(count)

    def problems(self) -> list[Problem]:
        """What could not be read, by name."""
        query = "SELECT name, key, reason FROM problem JOIN file ON file.id = problem.file"
        found = (
            Problem(f"{name}#{key}" if key else name, reason)
            for name, key, reason in self.connection.execute(query)
        )
        return sorted(found)

    def frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many articles each term is; terms in none are left out."""
        found = {}
        for term in terms:
            row = self.connection.execute("SELECT doc FROM vocabulary WHERE term = ?", (term,)).fetchone()
            if row:
                found[term] = int(row[0])
        return found

    def having(self, term: str) -> list[int]:
        """The articles that have a term."""
        query = "SELECT rowid FROM words WHERE words MATCH ?"
        return [row[0] for row in self.connection.execute(query, (f'"{term}"',))]

    def articles(self, ids: Sequence[int]) -> list[Stored]:
        """These articles, by name."""
        out = []
        for at in range(0, len(ids), AT_ONCE):
            part = ids[at : at + AT_ONCE]
            marks = ", ".join("?" * len(part))
            rows = self.connection.execute(
                "SELECT article.id, name, key, place, digest, title, date, terms FROM article"
                f" JOIN file ON file.id = article.file WHERE article.id IN ({marks})",
                part,
            )
            out += [Stored._make((*row[:-1], zlib.decompress(row[-1]).decode())) for row in rows]
        return sorted(out, key=lambda own: (own.file, own.key))

    def first(self, ids: Sequence[int], most: int) -> list[int]:
        """The first of these articles by name."""
        out: list[tuple[str, str, int]] = []
        for at in range(0, len(ids), AT_ONCE):
            part = ids[at : at + AT_ONCE]
            marks = ", ".join("?" * len(part))
            query = "SELECT name, key, article.id FROM article JOIN file ON file.id = article.file"
            out += self.connection.execute(f"{query} WHERE article.id IN ({marks})", part)
        return [row[2] for row in sorted(out)[:most]]

    def same(self, prints: Sequence[bytes]) -> list[int]:
        """The articles whose words are those with one of these fingerprints."""
        found: set[int] = set()
        for print in prints:
            rows = self.connection.execute(
                "SELECT id FROM article WHERE whole = ? UNION SELECT id FROM article WHERE body = ?",
                (print, print),
            )
            found.update(row[0] for row in rows)
        return sorted(found)


def extras() -> str:
    """Which optional packages are there."""
    return " ".join(name for name in OPTIONAL if find_spec(name))

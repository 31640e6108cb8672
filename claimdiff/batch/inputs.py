"""The input of a run: tables and folders of pairs, as one sequence of numbered rows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import cast

from claimdiff.batch import tables
from claimdiff.batch.place import Place, length, place
from claimdiff.batch.remote import Remote
from claimdiff.batch.row import FIELDS, Kind, Part, Row, RowError, broken, row, stamp
from claimdiff.errors import InputError
from claimdiff.folder import PairFiles, find_pairs

MAGIC = re.compile(r"[*?\[]")
TABLES = ", ".join(tables.READERS)


class Reading:
    """How far the input has been read, in shares of its bytes."""

    def __init__(self, total: int) -> None:
        self.total = max(1, total)
        self.before = self.here = 0

    def heard(self, at: int) -> None:
        self.here = at

    def passed(self, size: int) -> None:
        self.before, self.here = self.before + size, 0

    @property
    def share(self) -> float:
        return min(1.0, (self.before + self.here) / self.total)


@dataclass(frozen=True, slots=True)
class Input:
    """The tables and folders of a run, in order, and which column is what."""

    places: tuple[Place, ...]
    mapping: Mapping[str, str]

    def rows(self, reading: Reading) -> Iterator[Row]:
        """All rows, numbered from 1. A row whose id another had before is trouble."""
        number = 0
        with Ids() as ids:
            for place, size in zip(self.places, self.sizes(), strict=True):
                for found in self._rows(place, number, reading):
                    number = found.number
                    yield ids.new(found)
                reading.passed(size)

    def _rows(self, place: Place, before: int, reading: Reading) -> Iterator[Row]:
        if place.is_dir():
            for at, found in enumerate(_pairs(place), before + 1):
                reading.heard(at - before)
                yield _paired(at, place, found)
            return
        for at, value in enumerate(tables.values(place, reading.heard), before + 1):
            if isinstance(value, RowError):
                yield broken(at, value)
            else:
                yield row(at, value, self.mapping, place.parent)

    def sizes(self) -> list[int]:
        """The bytes of each table, and of a folder how many pairs it holds."""
        return [sum(1 for _ in _pairs(place)) if place.is_dir() else length(place) for place in self.places]


def find(names: Sequence[str], mapping: Mapping[str, str]) -> Input:
    """The input that these names mean: files, patterns, folders of tables and folders of pairs."""
    places: dict[Place, Place] = {}
    for name in names:
        for own in _reached(name):
            places.setdefault(own.resolve(), own)
    unknown = sorted(mapping.keys() - set(FIELDS))
    if unknown:
        raise InputError(f"{unknown[0]}: no such column is needed; there are {', '.join(FIELDS)}")
    return Input(tuple(places.values()), {name: name for name in FIELDS} | dict(mapping))


def _reached(name: str) -> list[Place]:
    try:
        return _places(place(name))
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror or error})") from None


def _places(path: Place) -> list[Place]:
    name = str(path)
    if not path.exists() and MAGIC.search(name):
        found = _like(path)
        if not found:
            raise InputError(f"{name}: no file is like this pattern")
        return [own for like in found for own in _places(like)]
    if path.is_dir():
        inside = sorted(own for own in path.iterdir() if own.is_file() and tables.ending(own))
        if not inside and not any(_pairs(path)):
            raise InputError(
                f"{name}: holds neither a table ({TABLES}) nor a pair, which is a folder with source.txt and "
                "derivative.txt"
            )
        return [*inside] or [path]
    if not path.is_file():
        raise InputError(f"{name}: no such file or folder" if not path.exists() else f"{name}: is no file")
    if not tables.ending(path):
        raise InputError(f"{name}: is no table; its name must end in one of {TABLES}")
    return [path]


def _like(pattern: Place) -> list[Place]:
    """The files and folders that are like a pattern, by name."""
    above = pattern
    while MAGIC.search(str(above)):
        above = above.parent
    rest = str(pattern)[len(str(above)) :].lstrip("/\\") if str(above) != "." else str(pattern)
    if isinstance(above, Remote):
        return [*above.like(rest)]
    return sorted(above.glob(rest), key=str)


def _pairs(folder: Place) -> Iterator[PairFiles]:
    return find_pairs(cast(Path, folder))  # of which a store's folder has all that is asked of it


# --- a folder of pairs ----------------------------------------------------------------------------


def _paired(number: int, folder: Place, pair: PairFiles) -> Row:
    try:
        *sources, last = pair.whole()
    except InputError as error:
        reason = f"{folder / pair.name}: {error}"
        return broken(number, RowError(Kind.UNREADABLE, reason), id=pair.name)
    parts = tuple(Part(str(own)) for own in sources)
    derivative = Part(str(last))
    return Row(number, pair.name, parts, derivative, stamp=stamp(pair.name, {}, (derivative, *parts)))


# --- ids --------------------------------------------------------------------------------------------


class Ids:
    """The ids that rows have had, kept outside of memory: ten million of them take some hundred MB, in a
    file of SQLite's own that is gone when it is closed, however that comes about."""

    def __enter__(self) -> Ids:
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID")
        return self

    def __exit__(self, *_: object) -> None:
        self._seen.close()

    def new(self, row: Row) -> Row:
        """The row, or, where its id is not new, the trouble with that."""
        if not row.id:
            return row
        key = sha256(row.id.encode("utf-8")).digest()[:16]
        done = self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row.number))
        if done.rowcount:
            return row
        [(first,)] = self._seen.execute("SELECT number FROM seen WHERE id = ?", (key,))
        told = f"row {first} has the id {row.id!r} already"
        return replace(row, trouble=(Kind.DOUBLED, told))

"""An archive: a folder of texts, a JSONL file or an SQLite database, as files that hold articles."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from claimdiff import read
from claimdiff.errors import InputError
from claimdiff.model import BlockKind, Document
from claimdiff.read.form import EXTENSIONS

JSONL = frozenset({".jsonl", ".ndjson"})
SQLITE = frozenset({".sqlite", ".sqlite3", ".db"})
TABLES = ("article", "articles", "document", "documents", "story", "stories")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Reading:
    """How the archive's texts are read."""

    form: str | None = None
    encoding: str | None = None
    max_bytes: int = read.MAX_BYTES


class Holder(NamedTuple):
    """A file of the archive. `name` is its path from the archive on; `problem` says why it is none."""

    name: str
    path: Path
    problem: str = ""


class Item(NamedTuple):
    """An article as it lies in its file: `key` tells it from the others there, "" where it is the only one,
    `place` is where it begins."""

    key: str
    place: int
    data: bytes
    problem: str = ""


class Record(NamedTuple):
    """What is known of an article: its text as a document, its title and its date."""

    document: Document
    title: str
    date: str


def holders(archive: Path) -> Iterator[Holder]:
    """The files of an archive, by name. Hidden files, links to folders and what has another extension than a
    text are passed over."""
    try:
        is_folder = archive.is_dir()
        if not is_folder and not archive.is_file():
            what = "is no file and no folder" if archive.exists() else "no such file or folder"
            raise InputError(f"{archive}: {what}; name an archive to search in")
        if is_folder:
            yield from _folder(str(archive))
        elif archive.suffix.lower() in JSONL | SQLITE:
            yield Holder(archive.name, archive)
        else:
            raise InputError(f"{archive}: is no archive; name a folder, a .jsonl file or an .sqlite file")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{archive}: cannot be read ({reason}); check the path") from None


def _folder(path: str) -> Iterator[Holder]:
    """The files of a folder and those below it, however deep."""
    levels = [iter(_entries(path, ""))]
    while levels:
        name, entry = next(levels[-1], ("", None))
        if entry is None:
            levels.pop()
        elif entry.is_dir(follow_symlinks=False):
            try:
                levels.append(iter(_entries(entry.path, f"{name}/")))
            except OSError as error:
                yield Holder(_told(name), Path(entry.path), f"cannot be read ({error.strerror})")
        elif Path(entry.name).suffix.lower() in EXTENSIONS | JSONL and not _is_folder(entry):
            odd = "" if _told(name) == name else "its name is not UTF-8"
            yield Holder(_told(name), Path(entry.path), odd)


def _entries(path: str, above: str) -> list[tuple[str, os.DirEntry[str]]]:
    """What lies in a folder, by its name from the archive on."""
    with os.scandir(path) as found:
        kept = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda own: own.name)
    return [(above + entry.name, entry) for entry in kept]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads nowhere, or in a circle: reading it says so
        return False


def _told(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def state(holder: Holder) -> str:
    """What changes when a file does: size and times. "" for what has no state, so is always looked at."""
    try:
        parts = [holder.path.stat()]
        log = holder.path.with_name(holder.path.name + "-wal")
        if holder.path.suffix.lower() in SQLITE and log.exists():
            parts.append(log.stat())
    except OSError:
        return ""
    return " ".join(f"{own.st_size} {own.st_mtime_ns} {own.st_ctime_ns} {own.st_ino}" for own in parts)


# --- the articles of a file -------------------------------------------------------------------------


def items(holder: Holder, how: Reading) -> Iterator[Item]:
    """The articles in a file, in its order. Raises InputError where the file as a whole cannot be read."""
    kind = holder.path.suffix.lower()
    if kind in JSONL:
        yield from _keyed(_lines(holder.path, how.max_bytes))
    elif kind in SQLITE:
        yield from _keyed(_rows(holder.path))
    else:
        yield Item("", 0, read.load(holder.path, how.max_bytes))


def record(holder: Holder, item: Item, how: Reading) -> Record:
    """An article that was found in a file; InputError when it cannot be read."""
    if item.problem:
        raise InputError(item.problem)
    if holder.path.suffix.lower() not in JSONL | SQLITE:
        document = read.read_bytes(
            item.data, id="s", name=str(holder.path), form=how.form or read_form(holder.path),
            encoding=how.encoding, max_bytes=how.max_bytes,
        )  # fmt: skip
        about = dict(document.metadata)
        first = document.blocks[0] if document.blocks else None
        heading = first.text if first and (first.kind is BlockKind.HEADING or len(first.text) < 120) else ""
        title = about.get("headline", "") or heading
        return Record(document, _text(title), _text(about.get("date", "")))
    data = json.loads(item.data)
    title, text = _text(data.get("title")), data.get("text")
    if not isinstance(text, str):
        raise InputError("has no text")
    whole = text if not title or text.lstrip().startswith(title) else f"{title}\n\n{text}"
    name = f"{holder.path}#{item.key}"
    return Record(read.read_text(whole, id="s", name=name), title, _text(data.get("date")))


def again(holder: Holder, key: str, place: int, how: Reading) -> Item:
    """The article that was found in this place before. Raises InputError when it cannot be read."""
    kind = holder.path.suffix.lower()
    try:
        if kind in JSONL:
            with holder.path.open("rb") as file:
                file.seek(place)
                return Item(key, place, file.readline(how.max_bytes + 1))
        if kind in SQLITE:
            return next(_rows(holder.path, place))._replace(key=key)
    except (OSError, StopIteration) as error:
        raise InputError(f"{holder.path}: cannot be read again ({error})") from None
    return next(items(holder, how))


def read_form(path: Path) -> str | None:
    from claimdiff.read.form import of_name

    return of_name(path.name)


def _text(value: Any) -> str:
    """A value on one line, as it can be stored."""
    own = " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
    return own.encode("utf-8", "replace").decode()


def _keyed(found: Iterator[Item]) -> Iterator[Item]:
    """The same with keys that differ: the second article of a name gets a number."""
    seen: Counter[str] = Counter()
    for item in found:
        key = own = _told(item.key)
        while own in seen:
            seen[key] += 1
            own = f"{key} ({seen[key]})"
        seen[own] += 1
        yield item._replace(key=own)


def _lines(path: Path, most: int) -> Iterator[Item]:
    """A JSON object a line; a line that is none is an item with its problem."""
    for number, (place, line) in enumerate(_raw_lines(path, most), 1):
        if not line.strip():
            continue
        key, problem = f"line {number}", ""
        if len(line) > most:
            problem = f"has more than {most:,} bytes"
        else:
            try:
                data = json.loads(line)
                if not isinstance(data, dict):
                    problem = "is no JSON object"
                elif not isinstance(data.get("text"), str):
                    problem = "has no text"
                else:
                    key = _text(data.get("id")) or key
            except (ValueError, RecursionError) as error:
                problem = f"is no JSON ({type(error).__name__})"
        yield Item(key, place, line, problem)


def _raw_lines(path: Path, most: int) -> Iterator[tuple[int, bytes]]:
    """Where each line begins, and the line, of a longer one no more than its beginning."""
    try:
        if not path.is_file():
            raise InputError(f"{path}: is no file" if path.exists() else f"{path}: no such file")
        with path.open("rb") as file:
            place = 0
            while line := file.readline(most + 1):
                yield place, line
                place += len(line)
                while not line.endswith(b"\n") and (line := file.readline(CHUNK)):
                    place += len(line)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def _rows(path: Path, place: int | None = None) -> Iterator[Item]:
    """The rows of the table that has texts, by their rowid."""
    try:
        # A database without a log beside it may lie where nothing can be written.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            table, columns = _table(connection, path)
            named = ", ".join(columns)
            where = "" if place is None else f"WHERE rowid = {place:d}"
            query = f"SELECT rowid, {named} FROM {_quoted(table)} {where} ORDER BY rowid"
            for rowid, *values in connection.execute(query):
                data = dict(zip(columns, values, strict=True))
                key = _text(data.get("id")) or f"row {rowid}"
                problem = "" if isinstance(data["text"], str) else "has no text"
                plain = {name: own for name, own in data.items() if isinstance(own, str | int | float)}
                yield Item(key, rowid, json.dumps(plain, sort_keys=True).encode(), problem)
    except sqlite3.Error as error:
        raise InputError(f"{path}: cannot be read as an SQLite database ({error})") from None


def _table(connection: sqlite3.Connection, path: Path) -> tuple[str, list[str]]:
    """The table with a column `text`, and which of our columns it has."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    fit = {}
    for name in sorted(names):
        found = {row[1].lower() for row in connection.execute(f"PRAGMA table_info({_quoted(name)})")}
        if "text" in found:
            fit[name] = [own for own in ("id", "text", "title", "date") if own in found]
    chosen = [name for name in TABLES if name in fit] or sorted(fit)
    if not chosen or (len(fit) > 1 and chosen[0] not in TABLES):
        what = "several tables have" if chosen else "no table has"
        raise InputError(f"{path}: {what} a column text; call the table of the articles {TABLES[0]}")
    return chosen[0], fit[chosen[0]]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

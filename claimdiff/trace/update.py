"""Bringing an index up to date with its archive: what is new, what changed, what is gone.

A file is looked into when its size or times changed, and an article is read again when its bytes did. Work is
written in batches, each of them whole; a file counts as done with its last one. So whoever is stopped at any
moment goes on from there, and the index comes to hold what it would have held.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from claimdiff.errors import ClaimdiffError, InputError
from claimdiff.trace import archive
from claimdiff.trace.archive import Holder, Item, Reading
from claimdiff.trace.index import Index, extras
from claimdiff.trace.terms import digest, fingerprint, lines

BATCH = 400  # articles, or files that are gone
BYTES = 8_000_000  # of articles in a batch

Tell = Callable[[str], None]


@dataclass
class Changes:
    """What an update did."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class _Made(NamedTuple):
    """An article that is ready to be put into the index."""

    item: Item
    digest: bytes
    values: tuple[object, ...] = ()
    terms: str = ""
    problem: str = ""


@dataclass
class _File:
    """A file on its way into the index: what the index has of it, and what was found so far."""

    holder: Holder
    state: str
    digests: dict[str, bytes]
    id: int = 0
    keys: set[str] = field(default_factory=set)
    problems: list[tuple[str, str]] = field(default_factory=list)


Step = tuple[_File, _Made | None]  # an article of a file or, with None, the file's end


def update(index: Index, place: Path, how: Reading, tell: Tell = lambda _: None) -> Changes:
    """Make the index hold what the archive holds. Raises InputError when there is no such archive,
    IndexFileError when the index cannot be written."""
    changes = Changes()
    if not _due(index, place) and _content(index):
        return changes
    with only_writer(index.path):
        known = _known(index)
        seen: set[str] = set()
        for batch in _batches(_steps(index, place, how, known, seen)):
            with index.transaction("BEGIN IMMEDIATE"):
                for file, made in batch:
                    _put(index, file, made, changes)
            tell(f"{batch[-1][0].holder.name}: {changes.added + changes.changed:,} articles read")
        gone = sorted(set(known) - seen)
        for at in range(0, len(gone), BATCH):
            with index.transaction("BEGIN IMMEDIATE"):
                for name in gone[at : at + BATCH]:
                    _forget(index, name, changes)
        with index.transaction("BEGIN IMMEDIATE") as own:
            own.execute("INSERT OR REPLACE INTO about VALUES ('extras', ?)", (extras(),))
            own.execute("INSERT OR REPLACE INTO about VALUES ('archive', ?)", (_called(place),))
            if not index.content():
                index.settle()
    return changes


def _due(index: Index, place: Path) -> bool:
    """Whether anything in the archive is new, changed or gone."""
    known = _known(index)
    with index.transaction() as own:
        called = own.execute("SELECT value FROM about WHERE key = 'archive'").fetchone()
    if not called:
        return True
    if called[0] != _called(place):
        raise InputError(
            f"{index.path}: is the index of {called[0]}; name another file with --index for {place}"
        )
    count = 0
    for holder in archive.holders(place):
        count += 1
        state = archive.state(holder)
        if not state or known.get(holder.name) != state:
            return True
    return count != len(known)


def _content(index: Index) -> str:
    with index.transaction():
        return index.content()


def _called(place: Path) -> str:
    return str(place.resolve()).encode("utf-8", "backslashreplace").decode()


def _known(index: Index) -> dict[str, str]:
    """The files of the index with their states. Those with problems are looked at again when what they need
    may have been installed."""
    with index.transaction() as own:
        found = dict(own.execute("SELECT name, state FROM file"))
        row = own.execute("SELECT value FROM about WHERE key = 'extras'").fetchone()
        if row and row[0] != extras():
            query = "SELECT DISTINCT name FROM problem JOIN file ON file.id = problem.file"
            found |= {name: "" for (name,) in own.execute(query)}
    return found


# --- what is found ----------------------------------------------------------------------------------


def _steps(index: Index, place: Path, how: Reading, known: dict[str, str], seen: set[str]) -> Iterator[Step]:
    """What is to be done about each file that is not as it was `known`; all names come to be `seen`."""
    query = "SELECT key, digest FROM article JOIN file ON file.id = article.file WHERE name = ?"
    for holder in archive.holders(place):
        seen.add(holder.name)
        state = archive.state(holder)
        if state and known.get(holder.name) == state:
            continue
        with index.transaction() as own:
            file = _File(holder, state, dict(own.execute(query, (holder.name,))))
        try:
            for made in _made(holder, how, file.digests):
                yield file, made
        except InputError as error:
            if not place.is_dir():  # it is all that there is
                raise
            file.problems.append(("", _reason(error, holder)))
        yield file, None


def _made(holder: Holder, how: Reading, digests: dict[str, bytes]) -> Iterator[_Made]:
    """The articles of a file; those whose bytes the index knows are not read."""
    if holder.problem:
        yield _Made(Item("", 0, b""), b"", problem=holder.problem)
        return
    for item in archive.items(holder, how):
        sum = digest(item.data)
        if item.problem or digests.get(item.key) == sum:
            yield _Made(item, sum, problem=item.problem)
            continue
        try:
            found = archive.record(holder, item, how)
            texts = [block.text for block in found.document.blocks]
            terms = "\n".join(lines(texts))
        except ClaimdiffError as error:
            yield _Made(item, sum, problem=_reason(error, holder))
            continue
        except Exception as error:  # a fault of a library, on one text of many
            yield _Made(item, sum, problem=f"cannot be read ({type(error).__name__}: {error})")
            continue
        if not terms:
            yield _Made(item, sum, problem="has no words to search for")
            continue
        body = texts[1:] if found.title and len(texts) > 1 else texts
        whole = fingerprint(texts)
        values = (item.place, sum, whole, fingerprint(body), found.title[:300], found.date[:40])
        yield _Made(item, sum, values, terms)


def _reason(error: Exception, holder: Holder) -> str:
    return str(error).removeprefix(f"{holder.path}: ")


def _batches(steps: Iterator[Step]) -> Iterator[list[Step]]:
    batch: list[Step] = []
    size = 0
    for step in steps:
        batch.append(step)
        size += len(step[1].terms) if step[1] else 0
        if len(batch) >= BATCH or size > BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


# --- what is written, inside a transaction ------------------------------------------------------------


def _put(index: Index, file: _File, made: _Made | None, changes: Changes) -> None:
    own = index.connection
    if not file.id:
        own.execute("INSERT OR IGNORE INTO file (name, state) VALUES (?, '')", (file.holder.name,))
        (file.id,) = own.execute("SELECT id FROM file WHERE name = ?", (file.holder.name,)).fetchone()
    if made is None:
        _end(index, file, changes)
        return
    key = made.item.key
    if made.problem:
        file.problems.append((key, made.problem))
        return
    file.keys.add(key)
    if file.digests.get(key) == made.digest:
        query = "UPDATE article SET place = ? WHERE file = ? AND key = ? AND place <> ?"
        own.execute(query, (made.item.place, file.id, key, made.item.place))
        return
    index.put(file.id, key, made.values, made.terms)
    if key in file.digests:
        changes.changed += 1
    else:
        changes.added += 1


def _end(index: Index, file: _File, changes: Changes) -> None:
    for key in sorted(set(file.digests) - file.keys):
        index.drop(file.id, key)
        changes.removed += 1
    own = index.connection
    own.execute("DELETE FROM problem WHERE file = ?", (file.id,))
    rows = [(file.id, key, reason) for key, reason in file.problems]
    own.executemany("INSERT INTO problem VALUES (?, ?, ?)", rows)
    own.execute("UPDATE file SET state = ? WHERE id = ?", (file.state, file.id))


def _forget(index: Index, name: str, changes: Changes) -> None:
    """Take out a file that is gone."""
    own = index.connection
    (id,) = own.execute("SELECT id FROM file WHERE name = ?", (name,)).fetchone()
    for (key,) in own.execute("SELECT key FROM article WHERE file = ?", (id,)).fetchall():
        index.drop(id, key)
        changes.removed += 1
    own.execute("DELETE FROM problem WHERE file = ?", (id,))
    own.execute("DELETE FROM file WHERE id = ?", (id,))


# --- one writer at a time ---------------------------------------------------------------------------


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Wait until nobody else brings this index up to date. Where there is no such lock, two who do so at once
    do the work twice and come to the same result."""
    try:
        import fcntl

        handle = os.open(path.with_name(path.name + "-lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except (ImportError, OSError):
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

"""The output's partitions: so many rows of the input each, in three files, in JSONL or Parquet.

A file is written beside its place, brought to the disk and then renamed, the pairs' file last: where that
stands, its partition is whole. So whatever ends a run, the next one finds a row once or not at all.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from claimdiff.batch.rows import NUMBERS, TABLES, Done
from claimdiff.batch.tables import AT_ONCE, arrow
from claimdiff.errors import ClaimdiffError

FORMS = ("jsonl", "parquet")
OWN = re.compile(rf"\.?(?:{'|'.join(TABLES)})-\d{{5,}}\.(?:{'|'.join(FORMS)})(?:\.part)?")
PART = ".part"


class WriteError(ClaimdiffError):
    """A file of the output that could not be written."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The partitions in a folder."""

    folder: Path
    form: str
    rows: int

    def path(self, table: str, number: int) -> Path:
        return self.folder / f"{table}-{number:05}.{self.form}"

    def is_done(self, number: int) -> bool:
        return all(self.path(table, number).exists() for table in TABLES)

    def of(self, row: int) -> int:
        """The partition of a row by its number."""
        return (row - 1) // self.rows

    def count(self) -> int:
        """How many partitions there are, from the first on without a gap."""
        number = 0
        while self.is_done(number):
            number += 1
        return number

    def pairs(self, number: int) -> Iterator[dict[str, Any]]:
        """The rows of the pairs' file of a partition."""
        path = self.path(TABLES[0], number)
        try:
            yield from _parquet_rows(path) if self.form == "parquet" else _json_rows(path)
        except (OSError, ValueError) as error:
            raise ClaimdiffError(f"{path}: cannot be read back ({error}); --restart makes it anew") from None

    def writer(self, number: int) -> Writer:
        return Writer(self, number)


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    parquet, error = arrow()
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=AT_ONCE, use_threads=False):
                for row in batch.to_pylist():
                    columns = {name: json.loads(own) for name, own in row["columns"]}
                    yield row | {"columns": columns, "types": dict(row["types"])}
    except error as problem:
        raise ValueError(str(problem)) from None


class Writer:
    """The files of a partition while they are written."""

    def __init__(self, parts: Parts, number: int) -> None:
        self.parts, self.number, self.count = parts, number, 0
        self._places = [parts.path(table, number) for table in TABLES]
        self._files: list[BinaryIO] = []
        for place in self._places:
            self._files.append(_beside(place).open("wb"))
        self._lines: list[list[bytes]] = [[] for _ in TABLES]

    def add(self, done: Done) -> None:
        self.count += 1
        for file, kept, own in zip(self._files, self._lines, done.lines, strict=True):
            if self.parts.form == "parquet":
                kept.append(own)
            else:
                file.write(own)

    def commit(self) -> None:
        """Put all files in their places, the pairs' last."""
        for table, file, kept in zip(TABLES, self._files, self._lines, strict=True):
            if self.parts.form == "parquet":
                _write_parquet(table, b"".join(kept).splitlines(), file)
            settle(file)
        for place in reversed(self._places):
            _beside(place).replace(place)
        settle_folder(self.parts.folder)

    def drop(self) -> None:
        """Leave nothing of an unfinished partition."""
        for file, place in zip(self._files, self._places, strict=True):
            with suppress(OSError):
                file.close()
            _beside(place).unlink(missing_ok=True)


def _beside(place: Path) -> Path:
    return place.with_name(f".{place.name}{PART}")


def settle(file: BinaryIO) -> None:
    """Bring a file to the disk, and close it."""
    file.flush()
    os.fsync(file.fileno())
    file.close()


def settle_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system knows how."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def save(path: Path, data: bytes) -> None:
    """Write a file in one step."""
    with _beside(path).open("wb") as file:
        file.write(data)
        settle(file)
    _beside(path).replace(path)
    settle_folder(path.parent)


# --- Parquet --------------------------------------------------------------------------------------


def _write_parquet(table: str, lines: list[bytes], file: BinaryIO) -> None:
    parquet, _ = arrow()
    import pyarrow

    schema = _schema(table)
    rows = [json.loads(line) for line in lines]
    for row in rows:
        for name in ("columns", "types"):
            if isinstance(row.get(name), dict):
                row[name] = [
                    (key, json.dumps(own, ensure_ascii=False) if name == "columns" else own)
                    for key, own in row[name].items()
                ]
    data = pyarrow.Table.from_pylist(rows, schema=schema)
    parquet.write_table(data, file, compression="zstd")


def _schema(table: str) -> Any:
    import pyarrow as pa

    text, number, share, texts = pa.string(), pa.int64(), pa.float64(), pa.list_(pa.string())
    shares = {"drift", "coverage", "support"}
    fields: dict[str, list[tuple[str, Any]]] = {
        "comparisons": [
            ("row", number), ("pair", text), ("outcome", text),
            *((name, share if name in shares else number) for name in NUMBERS),
            ("types", pa.map_(text, number)), ("failures", texts), ("pardoned", number),
            ("warnings", texts), ("notes", texts), ("trouble", text), ("reason", text),
            ("columns", pa.map_(text, text)), ("input", text), ("version", text), ("engine", text),
        ],
        "findings": [
            ("row", number), ("pair", text), ("finding", text), ("kind", text), ("types", texts),
            ("rule", text), ("severity", text), ("confidence", share), ("message", text),
            ("stops", pa.bool_()), ("pardoned", text),
            *(
                (f"{side}_{key}", number if key in ("start", "end") else text)
                for side in ("derivative", "source")
                for key in ("document", "statement", "start", "end", "words")
            ),
            ("after", text),
        ],
        "statements": [
            ("row", number), ("pair", text), ("document", text), ("name", text), ("statement", text),
            ("role", text), ("status", text), ("start", number), ("end", number), ("text", text),
            ("sources", texts), ("score", share),
        ],
    }  # fmt: skip
    return pa.schema(fields[table])

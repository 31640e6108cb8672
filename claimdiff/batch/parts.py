"""The output's partitions: so many rows of the input each, in three files, in JSONL or Parquet.

A file is written beside its place, brought to the disk and then renamed, the pairs' file last: where all
three stand, their partition is whole. So whatever ends a run, the next one finds a row once or not at all.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from claimdiff.batch.place import Draft, Place, settle_folder
from claimdiff.batch.rows import NUMBERS, TABLES, Done
from claimdiff.batch.tables import AT_ONCE, arrow
from claimdiff.errors import ClaimdiffError

FORMS = ("jsonl", "parquet")
OWN = re.compile(rf"\.?(?:{'|'.join(TABLES)})-\d{{5,}}\.(?:{'|'.join(FORMS)})(?:\.part)?")
STANDS = re.compile(rf"(?:{'|'.join(TABLES)})-(\d{{5,}})\.(?:{'|'.join(FORMS)})")


class WriteError(ClaimdiffError):
    """A file of the output that could not be written."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The partitions in a folder."""

    folder: Place
    form: str
    rows: int

    def path(self, table: str, number: int) -> Place:
        return self.folder / f"{table}-{number:05}.{self.form}"

    def done(self) -> set[int]:
        """The partitions of which all files stand."""
        found = Counter[int]()
        for own in self.folder.iterdir():
            if (name := STANDS.fullmatch(own.name)) and own.name.endswith(self.form):
                found[int(name[1])] += 1
        return {number for number, files in found.items() if files == len(TABLES)}

    def of(self, row: int) -> int:
        """The partition of a row by its number."""
        return (row - 1) // self.rows

    def count(self) -> int:
        """How many partitions there are, from the first on without a gap."""
        done, number = self.done(), 0
        while number in done:
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


def _json_rows(path: Place) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def _parquet_rows(path: Place) -> Iterator[dict[str, Any]]:
    parquet, error = arrow()
    try:
        with path.open("rb") as own, parquet.ParquetFile(own) as file:
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
        self._drafts: list[Draft] = []
        for table in TABLES:
            self._drafts.append(Draft(parts.path(table, number)))
        self._lines: list[list[bytes]] = [[] for _ in TABLES]

    def add(self, done: Done) -> None:
        self.count += 1
        for draft, kept, own in zip(self._drafts, self._lines, done.lines, strict=True):
            if self.parts.form == "parquet":
                kept.append(own)
            else:
                draft.file.write(own)

    def commit(self) -> None:
        """Put all files in their places, the pairs' last."""
        for table, draft, kept in zip(TABLES, self._drafts, self._lines, strict=True):
            if self.parts.form == "parquet":
                _write_parquet(table, b"".join(kept).splitlines(), draft.file)
            draft.settle()
        for draft in reversed(self._drafts):
            draft.put()
        settle_folder(self.parts.folder)

    def drop(self) -> None:
        """Leave nothing of an unfinished partition."""
        for draft in self._drafts:
            draft.drop()


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
            ("traced", pa.list_(pa.struct([("name", text), ("score", share), ("digest", text)]))),
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

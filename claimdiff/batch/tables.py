"""Tables as they are read: JSONL, CSV and Parquet, row by row, in memory that does not grow with them.

Each reader yields a row's values, or the RowError that it is; a file that cannot be read raises InputError.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from claimdiff.batch.place import Place, length
from claimdiff.batch.row import Kind, RowError
from claimdiff.errors import InputError

LINE = 200_000_000  # bytes of a line, or of a CSV record: far above any pair that a policy lets through
CHUNK = 1 << 20
AT_ONCE = 32  # rows of a Parquet file that are decoded together
SEPARATORS = ",;\t|"
LOST = b"(a line that is too long)\n"  # in a CSV file; it has too few cells, so it becomes an error row
Value = Mapping[str, Any] | RowError
Heard = Callable[[int], None]  # is told how many bytes of a file have been read


def values(path: Place, heard: Heard) -> Iterator[Value]:
    """The rows of a table, by what its name ends in."""
    reader = READERS[ending(path)]
    try:
        yield from reader(path, heard)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError(f"{path}: cannot be read ({reason})") from None


def ending(path: Place) -> str:
    """What a table's name ends in, of READERS; "" for what is no table."""
    name = path.name.lower()
    return next((own for own in READERS if name.endswith(own)), "")


def _open(path: Place) -> tuple[BinaryIO, BinaryIO]:
    """The file to read from, and the one whose place says how far that is."""
    raw = path.open("rb", buffering=CHUNK)
    if path.suffix.lower() != ".gz":
        return raw, raw
    return io.BufferedReader(gzip.GzipFile(fileobj=raw), CHUNK), raw


def _lines(path: Place, heard: Heard) -> Iterator[bytes | None]:
    """The lines of a file; None in the place of one that is too long."""
    file, raw = _open(path)
    with raw, file:
        while line := file.readline(LINE):
            heard(raw.tell())
            if len(line) < LINE or line.endswith(b"\n"):
                yield line
                continue
            while (rest := file.readline(CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield None


# --- JSON, an object a line -----------------------------------------------------------------------


def _jsonl(path: Place, heard: Heard) -> Iterator[Value]:
    for number, line in enumerate(_lines(path, heard), 1):
        if line is None:
            yield RowError(Kind.TOO_LARGE, f"{path}:{number}: the line is longer than {LINE:,} bytes")
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        try:
            found = json.loads(line.decode("utf-8"), parse_constant=str)
        except (ValueError, RecursionError) as error:
            yield RowError(Kind.UNREADABLE, f"{path}:{number}: is no JSON in UTF-8 ({_short(error)})")
            continue
        if isinstance(found, dict):
            yield found
        else:
            yield RowError(Kind.UNREADABLE, f"{path}:{number}: is no JSON object")


def _short(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]


# --- CSV ------------------------------------------------------------------------------------------


def _csv(path: Place, heard: Heard) -> Iterator[Value]:
    """The first record names the columns. A record may span lines; the separator is the one that the first
    line has most of."""
    before = csv.field_size_limit(LINE)
    try:
        yield from _records(path, heard)
    finally:
        csv.field_size_limit(before)


def _records(path: Place, heard: Heard) -> Iterator[Value]:
    lines = (LOST if own is None else own for own in _lines(path, heard))
    first = next(lines, b"").removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    if not first.strip():
        return
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(_decoded(first, lines), delimiter=separator, strict=True)
    head: list[str] | None = None
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RowError(Kind.UNREADABLE, f"{path}:{reader.line_num}: is no CSV ({error})")
            continue
        if head is None:
            head = record
            _check_head(path, head)
        elif record:
            yield _record(f"{path}:{reader.line_num}", head, record)


def _decoded(first: str, lines: Iterator[bytes]) -> Iterator[str]:
    """The lines as text, bytes that are no UTF-8 as surrogates."""
    yield first
    for line in lines:
        yield line.decode("utf-8", "surrogateescape")


def _check_head(path: Place, head: list[str]) -> None:
    double = next((name for at, name in enumerate(head) if name in head[:at]), None)
    if double is not None:
        raise InputError(f"{path}: two columns are called {double!r}")


def _record(where: str, head: list[str], record: list[str]) -> Value:
    if len(record) != len(head):
        return RowError(Kind.UNREADABLE, f"{where}: has {len(record)} cells, the head has {len(head)}")
    try:
        for cell in record:
            cell.encode("utf-8")
    except UnicodeEncodeError:
        return RowError(Kind.UNREADABLE, f"{where}: is not in UTF-8")
    return dict(zip(head, record, strict=True))


# --- Parquet --------------------------------------------------------------------------------------


def _parquet(path: Place, heard: Heard) -> Iterator[Value]:
    parquet, error = arrow()
    size = length(path)
    try:
        with path.open("rb") as raw, parquet.ParquetFile(raw, buffer_size=CHUNK, pre_buffer=False) as file:
            rows, done = file.metadata.num_rows, 0
            for batch in file.iter_batches(batch_size=AT_ONCE, use_threads=False):
                for found in batch.to_pylist():
                    done += 1
                    heard(size * done // max(1, rows))
                    yield found
    except error as problem:
        raise InputError(f"{path}: cannot be read as Parquet ({str(problem)[:200]})") from None


def arrow() -> tuple[Any, type[Exception]]:
    """pyarrow's module for Parquet, and the base of its errors."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise InputError("Parquet needs pyarrow; install claimdiff[batch]") from None
    return parquet, pyarrow.ArrowException


READERS: dict[str, Callable[[Place, Heard], Iterator[Value]]] = {
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".jsonl.gz": _jsonl,
    ".csv": _csv,
    ".tsv": _csv,
    ".csv.gz": _csv,
    ".parquet": _parquet,
}

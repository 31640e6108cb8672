"""A row of the input: the pair that it names, what else it holds, and what keeps it from being a pair.

Nothing that a row holds raises; what cannot be used is a `RowError`, and becomes an error row.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from claimdiff.batch.place import Place, is_url, place
from claimdiff.errors import InputError

SURROGATE = re.compile("[\ud800-\udfff]")
FIELDS = ("id", "source", "sources", "derivative", "source_path", "source_paths", "derivative_path")
LENGTH = 16  # hexadecimal digits of a stamp
Cell = str | int | float | bool | None


class Kind(StrEnum):
    """What keeps a row from being judged."""

    NOT_COMPARABLE = "not comparable"
    NO_SOURCE = "no source"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    DOUBLED = "doubled"
    POLICY = "policy"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"


class RowError(Exception):
    """Why a row has no verdict."""

    def __init__(self, kind: Kind, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind, self.reason = kind, reason


@dataclass(frozen=True, slots=True)
class Part:
    """A text of a pair: its words, or None for what is in the file `name`. To other machines goes what is in
    the file with it: its `data`, or what kept it from being read."""

    name: str
    text: str | None = None
    data: bytes | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the whole input, from 1. `stamp` tells whether the input has changed;
    `columns` is what it holds beside the pair. Without `sources` there is none or it has to be found."""

    number: int
    id: str
    sources: tuple[Part, ...] = ()
    derivative: Part = Part("")
    columns: Mapping[str, Cell] = field(default_factory=dict)
    stamp: str = ""
    trouble: tuple[Kind, str] | None = None

    @property
    def names_source(self) -> bool:
        """Whether it has a source or a file of one; a cell with nothing in it is none."""
        return any(own.text is None or own.text.strip() for own in self.sources)


def row(number: int, values: Mapping[str, Any], mapping: Mapping[str, str], folder: Place) -> Row:
    """The row with these values; `mapping` says which column each of FIELDS stands in, and paths count from
    `folder`."""
    id, columns = "", {}
    try:
        columns = {clean(name): _cell(own) for name, own in values.items() if name not in mapping.values()}
        given = {name: values.get(mapping[name]) for name in FIELDS}
        id = _id(given)
        derivative = _derivative(given, id, folder)
        sources = _sources(given, id, folder)
    except RowError as trouble:
        return broken(number, trouble, id=id, columns=columns)
    except (RecursionError, ValueError) as error:
        odd = RowError(Kind.UNREADABLE, f"a value cannot be read ({type(error).__name__})")
        return broken(number, odd, id=id, columns=columns)
    return Row(number, id, sources, derivative, columns, stamp(id, columns, (derivative, *sources)))


def broken(number: int, trouble: RowError, *, id: str = "", columns: Mapping[str, Cell] | None = None) -> Row:
    """A row that is no pair."""
    found = (trouble.kind, clean(trouble.reason))
    own = stamp(id, columns or {}, (Part(found[0], found[1]),))
    return Row(number, id, columns=columns or {}, stamp=own, trouble=found)


def clean(text: str) -> str:
    """The text without lone surrogates, which no file in UTF-8 can hold."""
    return SURROGATE.sub("\ufffd", text)


def stamp(id: str, columns: Mapping[str, Cell], parts: Sequence[Part]) -> str:
    """A digest of all that a row says; of a file its name and its size, of one in a store its name."""
    digest = hashlib.sha256()
    told = [id, json.dumps(list(columns.items()), ensure_ascii=False)]
    for part in parts:
        told += [part.name, f"file {_size(part.name)}" if part.text is None else part.text]
    for own in told:
        data = own.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()[:LENGTH]


def _size(name: str) -> int:
    if is_url(name):  # to ask for each would take longer than all the rest
        return -1
    try:
        return Path(name).stat().st_size
    except (OSError, ValueError):
        return -1


# --- values ---------------------------------------------------------------------------------------


def _id(given: Mapping[str, Any]) -> str:
    """The id; without one, the path of the derivative."""
    found = given["id"]
    if found in (None, ""):
        found = given["derivative_path"]
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        raise RowError(Kind.UNREADABLE, "has no id; name its column with --column id=COLUMN")
    return clean(str(found))


def _derivative(given: Mapping[str, Any], id: str, folder: Place) -> Part:
    text, path = given["derivative"], given["derivative_path"]
    if path not in (None, "") and text in (None, ""):
        return _file(path, "derivative_path", folder)
    if text is None:
        raise RowError(Kind.UNREADABLE, "has no derivative; name its column with --column derivative=COLUMN")
    return Part(id, _text(text, "derivative"))


def _sources(given: Mapping[str, Any], id: str, folder: Place) -> tuple[Part, ...]:
    texts = _list(given["sources"], "sources") if given["sources"] not in (None, "") else ()
    if not texts and given["source"] not in (None, ""):
        texts = (given["source"],)
    paths = _list(given["source_paths"], "source_paths") if given["source_paths"] not in (None, "") else ()
    if not paths and given["source_path"] not in (None, ""):
        paths = (given["source_path"],)
    if texts:
        names = [f"{id}:source"] if len(texts) == 1 else [f"{id}:source{at + 1}" for at in range(len(texts))]
        return tuple(Part(name, _text(own, "source")) for name, own in zip(names, texts, strict=True))
    if paths:
        return tuple(_file(own, "source_path", folder) for own in paths)
    if given["source"] == "":
        return (Part(f"{id}:source", ""),)
    return ()


def _list(value: Any, name: str) -> tuple[Any, ...]:
    """Several texts: a list, or a list as JSON, as a cell of a CSV file holds it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, list | tuple):
        raise RowError(Kind.UNREADABLE, f"{name} is no list of texts")
    return tuple(value)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise RowError(Kind.UNREADABLE, f"{name} is no text but {type(value).__name__}")
    return clean(value)


def _file(value: Any, name: str, folder: Place) -> Part:
    if not isinstance(value, str) or not value or "\0" in value:
        raise RowError(Kind.UNREADABLE, f"{name} is no path")
    try:
        found = place(value)
    except InputError as error:
        raise RowError(Kind.UNREADABLE, f"{name}: {error}") from None
    whole = is_url(value) or Path(value).is_absolute()
    return Part(clean(str(found if whole else folder / value)))


def _cell(value: Any) -> Cell:
    """A value as a row of the output holds it: what is no single value as JSON, a date in ISO's form."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return clean(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    told = json.dumps(value, default=str) if isinstance(value, list | dict) else str(value)
    return clean(told)

"""A file or folder of a store that fsspec knows, by its URL, with what the batch uses of a `Path`.

Whatever goes wrong with a store is an OSError, as on a disk; no password comes into what is told of it.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from claimdiff.errors import InputError

PASSWORD = re.compile(r"://[^/?#\s]*:[^/?#\s]*@")
FLAT = (
    "s3",
    "s3a",
    "gs",
    "gcs",
    "abfs",
    "abfss",
    "az",
    "oci",
    "oss",
    "r2",
    "hf",
    "memory",
)  # have no folders
BLOCK = 4 << 20  # bytes of a remote file that are fetched together


@dataclass(frozen=True, slots=True, order=True)
class Remote:
    """What stands at a URL. What a listing has told of it is kept, as seen at that time."""

    url: str
    kind: str = field(default="", compare=False)
    size: int = field(default=-1, compare=False)

    def __str__(self) -> str:
        return self.url

    def as_posix(self) -> str:
        return self.url

    def resolve(self) -> Remote:
        return self

    # --- names ------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._split()[1].rpartition("/")[2]

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> Remote:
        head, path, tail = self._split()
        return Remote(f"{head}{path.rpartition('/')[0]}{tail}")

    def __truediv__(self, name: str) -> Remote:
        """What is called so here; `..` leads up."""
        head, path, tail = self._split()
        parts = path.split("/") if path else []
        for own in name.split("/"):
            if own == ".." and parts:
                parts.pop()
            elif own not in ("", ".", ".."):
                parts.append(own)
        return Remote(f"{head}{'/'.join(parts)}{tail}")

    def with_name(self, name: str) -> Remote:
        return self.parent / name

    def _split(self) -> tuple[str, str, str]:
        """The URL without its path, that, and what a chain of URLs has behind it."""
        chain = self.url.split("::")
        at = next((at for at, own in enumerate(chain) if "://" in own), 0)
        scheme, _, path = chain[at].partition("://")
        head = "".join(f"{own}::" for own in chain[:at]) + f"{scheme}://"
        return head, path.rstrip("/"), "".join(f"::{own}" for own in chain[at + 1 :])

    # --- what is there ----------------------------------------------------------------------------

    def is_dir(self) -> bool:
        return self.kind == "directory" if self.kind else self._is("isdir")

    def is_file(self) -> bool:
        return self.kind == "file" if self.kind else self._is("isfile")

    def exists(self) -> bool:
        return bool(self.kind) or self._is("exists")

    def _is(self, what: str) -> bool:
        with reaching(self) as (store, path):
            return bool(getattr(store, what)(path))

    def length(self) -> int:
        """The bytes of the file."""
        if self.size >= 0:
            return self.size
        with reaching(self) as (store, path):
            return int(store.size(path) or 0)

    def iterdir(self) -> Iterator[Remote]:
        """What stands below, in no order; nothing where nothing is."""
        with reaching(self) as (store, path):
            store.invalidate_cache()
            try:
                found = store.ls(path, detail=True)
            except FileNotFoundError:
                return
        for own in found:
            name = own["name"].rstrip("/").rpartition("/")[2]
            if own["name"].strip("/") != path.strip("/") and name:
                kind, size = own.get("type", ""), own.get("size")
                yield Remote((self / name).url, kind, -1 if size is None else size)

    def like(self, pattern: str) -> list[Remote]:
        """What below is like a pattern, sorted."""
        with reaching(self) as (store, path):
            found = store.glob(f"{path.rstrip('/')}/{pattern}")
        start = len(path.strip("/"))
        return sorted(self / own.strip("/")[start:] for own in found)

    # --- files ------------------------------------------------------------------------------------

    def open(self, mode: str = "rb", **_: Any) -> BinaryIO:
        """The file, to be read."""
        with reaching(self) as (store, path):
            return io.BufferedReader(_Raw(self, store, store.open(path, "rb", block_size=BLOCK)), 1 << 20)

    def read_bytes(self) -> bytes:
        with reaching(self) as (store, path):
            return bytes(store.cat_file(path))

    def unlink(self, missing_ok: bool = False) -> None:
        with reaching(self) as (store, path):
            if not missing_ok or store.exists(path):
                store.rm_file(path)

    def mkdir(self, **_: Any) -> None:
        """Make the folder, on a store that has folders; there it may be already."""
        if not self.url.startswith(tuple(f"{own}://" for own in FLAT)):
            with reaching(self) as (store, path):
                store.makedirs(path, exist_ok=True)

    def rmdir(self) -> None:
        with reaching(self) as (store, path):
            store.rmdir(path)

    def upload(self, file: BinaryIO) -> None:
        """Send a file here; OSError unless all of it has come."""
        size = file.seek(0, os.SEEK_END)
        with reaching(self) as (store, path):
            store.put_file(file.name, path)
            store.invalidate_cache()
            if store.size(path) != size:
                raise OSError("the store has not kept all of the file")

    def replace(self, other: Remote) -> None:
        """Move the file, in one step where the store can."""
        with reaching(self) as (store, path), reaching(other) as (_, target):
            if _copies(store):
                store.cp_file(path, target)
                store.rm_file(path)
            else:
                if store.exists(target):
                    store.rm_file(target)
                store.mv(path, target)
            store.invalidate_cache()


class _Raw(io.RawIOBase):
    """A store's file, of which every failure is an OSError."""

    def __init__(self, remote: Remote, store: Any, file: Any) -> None:
        self._remote, self._file = remote, file
        self._store = store  # one of an archive closes it when nobody holds it any more

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def readinto(self, buffer: Any) -> int:
        with _telling(self._remote):
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        with _telling(self._remote):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        with suppress(Exception):
            self._file.close()
        super().close()


def masked(text: str) -> str:
    """The text without passwords in URLs."""
    return PASSWORD.sub("://***@", text)


# --- stores ---------------------------------------------------------------------------------------


@contextmanager
def reaching(remote: Remote) -> Iterator[tuple[Any, str]]:
    """The store of a place and the path there; what goes wrong with it is an OSError."""
    with _telling(remote):
        yield _store(remote.url)


@contextmanager
def _telling(remote: Remote) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, PermissionError) as error:
        raise type(error)(error.errno or 0, _reason(error), remote.url) from None
    except (InputError, GeneratorExit):
        raise
    except Exception as error:
        raise OSError(getattr(error, "errno", None) or 0, _reason(error), remote.url) from None


def _reason(error: Exception) -> str:
    told = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return masked(" ".join(str(told).split()))[:300]


@cache
def _known() -> Any:
    try:
        import fsspec
    except ImportError:
        raise InputError("a URL needs fsspec; pip install 'claimdiff[cluster]'") from None
    return fsspec


def _store(url: str) -> tuple[Any, str]:
    fsspec = _known()
    try:
        store, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise InputError(f"{url}: {error}; with pip") from None
    except ValueError as error:
        raise InputError(f"{url}: cannot be opened ({_reason(error)})") from None
    return store, path


def _copies(store: Any) -> bool:
    """Whether a store moves by making a copy, as stores of objects do; others have a way of their own."""
    moves = cast(Any, type(store)).mv
    return moves is _known().AbstractFileSystem.mv or getattr(store, "async_impl", False)

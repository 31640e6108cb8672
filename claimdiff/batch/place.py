"""A place of the input or the output: a path of this machine, or a URL of a store.

Files come into being in one step: a `Draft` is written elsewhere, and put in its place when it is whole.
"""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from claimdiff.batch.remote import PASSWORD, Remote, masked
from claimdiff.errors import InputError

Place = Path | Remote
URL = re.compile(r"(?:[\w+.-]+::)*[A-Za-z][\w+.-]+://")  # a drive has one letter
LOCAL = ("file://", "local://")
PART = ".part"


def is_url(name: str) -> bool:
    return URL.match(name) is not None


def place(name: str) -> Place:
    """The place of this name; InputError for a URL that holds a password, which would be written down."""
    if not is_url(name):
        return Path(name)
    if PASSWORD.search(name):
        raise InputError(
            f"{masked(name)}: holds a password, and addresses are written to the results; leave it to the "
            "environment or to fsspec's configuration"
        )
    for own in LOCAL:
        if name.lower().startswith(own):
            return Path(name[len(own) :])
    return Remote(name.rstrip("/") if not name.endswith("://") else name)


def fetch(url: str, most: int) -> bytes:
    """The bytes of a file in a store, at most one more than `most`; InputError where they cannot be had."""
    try:
        found = place(url)
        with found.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        raise InputError(f"{url}: no such file; check the path") from None
    except OSError as error:
        raise InputError(f"{url}: cannot be read ({error.strerror or error})") from None


def length(place: Place) -> int:
    """The bytes of a file."""
    return place.length() if isinstance(place, Remote) else place.stat().st_size


# --- files in one step ----------------------------------------------------------------------------


class Draft:
    """A file that is being written. `settle` makes what is written last, `put` gives it its name."""

    def __init__(self, place: Place) -> None:
        self.place, self.beside = place, place.with_name(f".{place.name}{PART}")
        self.file: BinaryIO
        if isinstance(self.beside, Remote):
            self.file = cast(BinaryIO, tempfile.NamedTemporaryFile(prefix="claimdiff-"))  # noqa: SIM115
        else:
            self.file = self.beside.open("wb")

    def settle(self) -> None:
        """Bring the file to the disk, or to its store, and close it."""
        self.file.flush()
        if isinstance(self.beside, Remote):
            self.beside.upload(self.file)
        else:
            os.fsync(self.file.fileno())
        self.file.close()

    def put(self) -> None:
        self.beside.replace(cast(Any, self.place))

    def drop(self) -> None:
        """Leave nothing of it."""
        with suppress(OSError):
            self.file.close()
        self.beside.unlink(missing_ok=True)


def save(place: Place, data: bytes) -> None:
    """Write a file in one step."""
    draft = Draft(place)
    try:
        draft.file.write(data)
        draft.settle()
        draft.put()
    except BaseException:
        draft.drop()
        raise
    settle_folder(place.parent)


def settle_folder(folder: Place) -> None:
    """Bring a folder's names to the disk, where the system knows how."""
    if isinstance(folder, Remote):
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

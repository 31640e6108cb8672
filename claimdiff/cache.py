"""Results that were computed before, kept in a folder under the digest of all that they follow from.

A cache is never trusted and never in the way: an entry that is cut, changed or of another key is as
good as none, and a folder that cannot be used is as good as an empty one. Nothing here raises.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import FileIO
from pathlib import Path

from claimdiff import __version__

PACKAGE = Path(__file__).parent
SHOWING = frozenset(
    {"batch", "cli", "gate", "render", "review", "trace"}
)  # parts of the package that decide no comparison
LIMIT = 200_000_000  # bytes
KEPT = 0.8  # share of the limit that is left after tidying
TIDYING = 16  # of 256 entries written, so many look whether the folder is too large
FORM = b"claimdiff cache 1"
LENGTH = 64  # characters of a digest, so of keys and seals
UNTRANSLATED: int = getattr(os, "O_BINARY", 0)  # on Windows; elsewhere no file is changed in reading
NO_WAITING: int = getattr(os, "O_NONBLOCK", 0)  # a pipe in the place of a file makes nobody wait


# --- keys -----------------------------------------------------------------------------------------


def key(parts: Iterable[bytes | str]) -> str:
    """A name for what follows from these parts, in this order, when this program works it out."""
    return _digest([engine_signature(), *parts])


@cache
def engine_signature() -> str:
    """What stands for the program, as it was when this process first asked."""
    return signature(PACKAGE)


def unchanged() -> bool:
    """Whether the program's files are still what `engine_signature` saw. A result that was worked out
    while somebody edited them must not be kept."""
    return signature(PACKAGE) == engine_signature()


def signature(package: Path) -> str:
    """A digest of the program in this folder: of the content of each file that decides a result, and of
    the names and versions of Python and of every distribution that is installed beside it."""
    try:
        files = list(_files(package, ""))
    except OSError:  # no folder, as inside a zip file: a program that cannot be told from another
        files = [("", os.urandom(32))]
    parts: list[bytes | str] = [__version__, sys.implementation.name, sys.version]
    parts += (_digest(names) for names in _distributions())
    for name, content in sorted(files):
        parts += (name, content)
    return _digest(parts)


def _digest(parts: Iterable[bytes | str]) -> str:
    """SHA-256 of the parts, each behind its kind and its length, so that no two lists look alike."""
    digest = hashlib.sha256()
    for part in parts:
        kind, data = (b"text", _bytes(part)) if isinstance(part, str) else (b"bytes", part)
        digest.update(b"%s %d:" % (kind, len(data)))
        digest.update(data)
    return digest.hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _files(folder: Path | str, above: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file in the folder and in those below it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = above + entry.name
            if entry.is_dir():
                if entry.name != "__pycache__" and name not in SHOWING:
                    yield from _files(entry.path, f"{name}/")
            else:
                yield name, _content(entry.path)


def _content(path: str) -> bytes:
    try:
        with FileIO(path) as file:
            return file.read()
    except OSError as error:  # a link that leads nowhere, as some editors make
        return _bytes(f"unreadable: {error.errno}")


def _distributions() -> Iterator[list[str]]:
    """The installed distributions, as their metadata is named ("nltk-3.10.4.dist-info"), in the order in
    which Python looks for modules. Their metadata need not be read, which takes much longer."""
    for folder in sys.path:
        names = (entry.name for entry in _scan(folder or "."))
        if here := sorted(name for name in names if name.endswith((".dist-info", ".egg-info"))):
            yield here


# --- entries --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cache:
    """Texts by key, as files in a folder that only its owner uses; any number of processes may.

    At most about `limit` bytes are kept; what was not used for longest goes first.
    """

    folder: Path
    limit: int = LIMIT

    def get(self, key: str) -> str | None:
        """The text that was put under the key, exactly; None when there is none that can be trusted."""
        path = self._path(key)
        if path is None or not self._usable():
            return None
        try:
            text = _unpack(key, _read(path))
        except FileNotFoundError:
            return None
        except OSError:
            text = None
        with suppress(OSError):
            if text is None:
                path.unlink()
            else:
                os.utime(path)  # so that its turn to be removed comes later
        return text

    def put(self, key: str, text: str) -> bool:
        """Keep a text; False when that was not possible, which is no fault."""
        path = self._path(key)
        data = _pack(key, text)
        if path is None or len(data) > self.limit * KEPT or not self._usable(make=True):
            return False
        kept = _write(path, data)
        if int(key[-2:], 16) < TIDYING:
            self.tidy()
        return kept

    def tidy(self) -> None:
        """Remove what was used least recently when there is more than the limit."""
        entries = sorted(self._entries())
        size = sum(bytes for _, _, bytes in entries)
        if size <= self.limit:
            return
        for _, path, bytes in entries:
            if size <= self.limit * KEPT:
                return
            try:
                Path(path).unlink()
            except FileNotFoundError:  # by another process, so there is less
                pass
            except OSError:
                continue
            size -= bytes

    def _path(self, key: str) -> Path | None:
        return self.folder / key[:2] / key if len(key) == LENGTH and _is_hex(key) else None

    def _usable(self, *, make: bool = False) -> bool:
        """Whether the folder is a folder itself, not a link to one, and nobody else writes into it."""
        try:
            if make:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            state = self.folder.lstat()
        except OSError:
            return False
        if not stat.S_ISDIR(state.st_mode):
            return False
        if sys.platform == "win32":
            return True
        return state.st_uid == os.geteuid() and not state.st_mode & stat.S_IWOTH

    def _entries(self) -> Iterator[tuple[int, str, int]]:
        """Time of last use, path and size of each file of ours, half-written ones among them. Anything
        else that lies in the folder is none of our business."""
        for folder in _scan(self.folder):
            if len(folder.name) == 2 and _is_hex(folder.name):
                for entry in _scan(folder.path):
                    if _is_hex(entry.name[:LENGTH]) and len(entry.name) >= LENGTH:
                        try:
                            state = entry.stat(follow_symlinks=False)
                        except OSError:
                            continue
                        yield state.st_mtime_ns, entry.path, state.st_size


def default_folder() -> Path | None:
    """$CLAIMDIFF_CACHE_DIR, or where this platform keeps a user's caches; None when nothing says where."""
    if own := os.environ.get("CLAIMDIFF_CACHE_DIR"):
        return Path(own)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local, "claimdiff", "Cache") if local else None
    caches, home = os.environ.get("XDG_CACHE_HOME", ""), os.environ.get("HOME")
    if Path(caches).is_absolute():  # a relative one has no meaning
        return Path(caches, "claimdiff")
    if not home:
        return None
    return Path(home, "Library/Caches" if sys.platform == "darwin" else ".cache", "claimdiff")


def _is_hex(text: str) -> bool:
    return not text.strip("0123456789abcdef")


def _scan(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


# --- the content of a file: the seal in a line, then the text, packed ---------------------------------


def _seal(key: str, packed: bytes) -> bytes:
    """A digest that holds for this content under this key only."""
    return _digest([FORM, key, packed]).encode()


def _pack(key: str, text: str) -> bytes:
    packed = zlib.compress(_bytes(text), 1)
    return _seal(key, packed) + b"\n" + packed


def _unpack(key: str, data: bytes) -> str | None:
    seal, packed = data[: LENGTH + 1], data[LENGTH + 1 :]
    if seal != _seal(key, packed) + b"\n":
        return None
    try:
        return zlib.decompress(packed).decode("utf-8", "surrogatepass")
    except (ValueError, zlib.error):
        return None


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | UNTRANSLATED | NO_WAITING), "rb") as file:
        return file.read()


def _write(path: Path, data: bytes) -> bool:
    """Write a file in one step: others see its old content or all of the new, never a part."""
    temporary = path.with_name(f"{path.name}.{os.urandom(8).hex()}")  # one for each who writes just now
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | UNTRANSLATED, 0o600)
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if not isinstance(error, OSError):
            raise
        return False
    return True

"""Where the program's words go: data to standard output or a file, talk to standard error."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from claimdiff.errors import ClaimdiffError
from claimdiff.render.words import plain

PIPED_WIDTH = 80
MOST_WIDTH = 120  # longer lines of prose are hard to read


class OutputError(ClaimdiffError):
    """A result that could not be written."""


@dataclass
class Talk:
    """What the user wants to hear on standard error; errors are always said."""

    quiet: bool = False
    verbose: bool = False

    def say(self, text: str) -> None:
        if not self.quiet:
            _tell(plain(text) + "\n")

    def write(self, text: str) -> None:
        """Several lines, each of them plain."""
        if not self.quiet:
            _tell("\n".join(map(plain, text.split("\n"))))

    def error(self, text: str) -> None:
        _tell(f"claimdiff: error: {plain(text)}\n")

    def trace(self) -> None:
        """Show where the present exception came from, to a user who asked for it."""
        if self.verbose:
            _tell(traceback.format_exc().encode("utf-8", "backslashreplace"))

    def progress(self, text: str) -> None:
        """A line that the next one overwrites, for a terminal only; an empty one clears it."""
        if not self.quiet and sys.stderr is not None and sys.stderr.isatty():
            _tell(f"\r\x1b[K{plain(text)[: PIPED_WIDTH - 1]}")


def _tell(text: str | bytes) -> None:
    """Write to standard error. Where nobody can hear it, the exit code still says all that matters."""
    with suppress(OSError, ValueError):
        click.echo(text, err=True, nl=False)


def internal(error: Exception) -> str:
    """The line for a fault of our own."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"internal error, {what}; please report it with what --verbose shows"


def emit(text: str, *, needed: bool = False) -> None:
    """Write to standard output, in UTF-8 or in what a terminal understands. That its reader has gone away is
    an error only where somebody `needed` to read it."""
    if sys.stdout is None:
        raise OutputError("standard output is closed; use -o to write to a file")
    encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
    try:
        click.echo(text.encode(encoding or "utf-8", "replace"), nl=False)
    except BrokenPipeError:
        hush()
        if needed:
            raise OutputError("standard output: its reader has gone away") from None
    except OSError as error:
        hush()
        raise OutputError(f"standard output: cannot be written ({error.strerror})") from None


def hush() -> None:
    """Keep Python from trying again, at exit, to write to a standard output that does not take it."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def save(text: str, path: Path) -> None:
    """Write a file in one step: it has its old content or all of the new, never a part."""
    data = text.encode("utf-8", "replace")
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)  # a device or a pipe cannot be replaced
            return
        _replace(path.resolve(), data)
    except IsADirectoryError:
        raise OutputError(f"{path}: is a folder; name a file in it") from None
    except (FileNotFoundError, NotADirectoryError):
        raise OutputError(f"{path}: there is no folder {path.parent}; make it first") from None
    except (OSError, ValueError, RuntimeError) as error:  # the last for links that lead in a circle
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"{path}: cannot be written ({reason})") from None


def _replace(path: Path, data: bytes) -> None:
    if path.is_dir():
        raise IsADirectoryError
    if path.is_file():
        mode = path.stat().st_mode & 0o777
        if not os.access(path, os.W_OK):
            raise PermissionError(13, "it is read-only")
    else:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".claimdiff-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def wants_color(choice: str, *, to_file: bool) -> bool:
    """Whether to colour: as told; else by NO_COLOR, then FORCE_COLOR, then whether a terminal shows it."""
    if choice != "auto":
        return choice == "always"
    if to_file or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return bool(os.environ["FORCE_COLOR"])
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width(*, to_file: bool) -> int:
    """The columns of the terminal that shows the result; the same for every file and pipe."""
    if to_file or sys.stdout is None or not sys.stdout.isatty():
        return PIPED_WIDTH
    return min(MOST_WIDTH, shutil.get_terminal_size((PIPED_WIDTH, 24)).columns)

"""`claimdiff render`: a stored comparison in any format."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimdiff.cli import options, show
from claimdiff.cli.exits import Exit
from claimdiff.cli.output import Talk
from claimdiff.cli.show import STDIN, Look
from claimdiff.errors import FormatError, InputError

if TYPE_CHECKING:
    from claimdiff.model import Comparison

MOST_BYTES = 200_000_000


@click.command()
@click.argument("stored", metavar="STORED.json")
@show.options
@options.talk
@click.pass_obj
def render(talk: Talk, stored: str, look: Look) -> Exit:
    """Render what `claimdiff compare --format json` has written, without comparing again.

    STORED.json may be -, standard input. The exit code is 2 when it is not such a file, or one that a
    newer claimdiff has written.

    \b
    Examples:
      claimdiff render comparison.json
      claimdiff render comparison.json --format html -o report.html
      claimdiff render comparison.json --format sarif -o claimdiff.sarif
    """
    show.refuse_overwriting([stored], look.target)
    show.show(_load(stored), look, talk)
    return Exit.OK


def _load(stored: str) -> Comparison:
    """The comparison in a file; every way to fail is one line that begins with the file's name."""
    name = "standard input" if stored == STDIN else stored
    try:
        text = _read(stored).decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise FormatError(f"{name}: not valid JSON: it is not UTF-8") from None
    from claimdiff import store

    try:
        return store.from_json(text)
    except FormatError as error:
        raise FormatError(f"{name}: {_newer(text) or error}") from None


def _read(stored: str) -> bytes:
    if stored == STDIN:
        data = sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin is not None else b""
    else:
        with Path(stored).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(f"{stored}: is larger than {MOST_BYTES:,} bytes, which no stored comparison is")
    return data


def _newer(text: str) -> str:
    """What to say of a form that is newer than this program, or ""."""
    from claimdiff.store.form import VERSION

    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, int) or version <= VERSION:
        return ""
    return f"a newer claimdiff wrote this, in form {version}; this one reads form {VERSION}, so update it"

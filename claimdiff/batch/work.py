"""The work of a process: a row in, its lines out. Whatever happens to a pair becomes its error row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from claimdiff import cache
from claimdiff.batch import archive, rows
from claimdiff.batch.archive import Archive, ArchiveError
from claimdiff.batch.place import fetch, is_url
from claimdiff.batch.pool import Tasks
from claimdiff.batch.row import Kind, Part, Row, RowError
from claimdiff.batch.rows import Done, Maker, Traced
from claimdiff.checking import Desk, Text
from claimdiff.errors import ClaimdiffError, ConfigError, InputError, NotComparableError
from claimdiff.model import Comparison
from claimdiff.read.form import of_text
from claimdiff.verify.protocol import VerifierError

NO_SOURCE = "has no source; name its column with --column source=COLUMN, or look for it with --archive"
OWN_SOURCE = "{}: is named as its own source"
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,}+")  # of an object in memory, which no two runs share


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process judges with. The sources of rows that name none are found in the `archive`."""

    desk: Desk
    maker: Maker
    archive: Archive | None = None


def start(setup: Setup) -> None:
    """Get ready: load the engine, and make sure that it is the one that the run began with."""
    import claimdiff.pipeline  # noqa: F401

    if cache.engine_signature() != setup.maker.engine:
        raise ClaimdiffError("the program's files have changed since the run began; start the command again")
    if setup.archive:
        archive.check(setup.archive)
    setup.desk.prepare()


def do(setup: Setup, row: Row) -> Done:
    """Judge a row."""
    if row.trouble:
        return rows.error(row, *row.trouble, setup.maker)
    found = _untraced(setup, row)
    try:
        return rows.judged(row, compare(setup, row, found), setup.maker, found)
    except (ArchiveError, VerifierError) as problem:
        return rows.stop(row, str(problem))
    except RowError as trouble:
        return rows.error(row, trouble.kind, trouble.reason, setup.maker, found)
    except Exception as problem:
        return rows.error(row, *told(problem), setup.maker, found)


def _untraced(setup: Setup, row: Row) -> list[Traced] | None:
    """The list of the sources that are to be found for a row; None where they are not looked for."""
    return [] if setup.archive and not row.trouble and not row.names_source else None


def told(problem: Exception) -> tuple[Kind, str]:
    """What an exception is to the one who reads the error row."""
    if isinstance(problem, NotComparableError):
        return Kind.NOT_COMPARABLE, str(problem).removeprefix(f"{Kind.NOT_COMPARABLE}: ")
    if isinstance(problem, ConfigError):
        return Kind.POLICY, str(problem)
    if isinstance(problem, ClaimdiffError):
        return Kind.UNREADABLE, str(problem)
    what = f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
    return Kind.CRASHED, f"internal error, {ADDRESS.sub('0x', what)[:1000]}"


def compare(setup: Setup, row: Row, traced: list[Traced] | None) -> Comparison:
    """The judged comparison of a row; raises whatever keeps it from being made. Where there is a list for
    those that are `traced`, its sources are found, and added to it."""
    desk = setup.desk
    if setup.archive and traced is not None:
        return archive.compare(setup.archive, desk, _text(desk, row.derivative), traced)
    if not row.sources:
        raise RowError(Kind.UNREADABLE, NO_SOURCE)
    texts = [_text(desk, part) for part in (row.derivative, *row.sources)]
    if own_source(row):
        raise RowError(Kind.UNREADABLE, OWN_SOURCE.format(row.derivative.name))
    return desk.check(texts[1:], texts[0])


def _text(desk: Desk, part: Part) -> Text:
    """A text, within the size that the policy allows."""
    most: int = desk.policy(part.name).get("max-bytes")
    if part.trouble:
        raise InputError(part.trouble)
    if part.data is not None:
        found = Text(part.name, part.data)
    elif part.text is None:
        found = Text(part.name, fetch(part.name, most)) if is_url(part.name) else desk.load(part.name)
    else:
        form = desk.form or of_text(part.text) or ""
        found = Text(part.name, part.text.encode("utf-8"), form, "utf-8")
    if len(found.data) > most:
        raise RowError(Kind.TOO_LARGE, f"{part.name}: is larger than {most:,} bytes (max-bytes)")
    return found


def own_source(row: Row) -> bool:
    """Whether a row names one file as its source and as its derivative."""
    files = [own.name for own in (row.derivative, *row.sources) if own.text is None]
    if row.derivative.text is not None or len(files) < 2:
        return False
    first, *others = (Path(name).resolve() for name in files)
    return first in others


def failed(setup: Setup, row: Row, kind: Kind, reason: str) -> Done:
    return rows.error(row, kind, reason, setup.maker, _untraced(setup, row))


def tasks(setup: Setup) -> Tasks:
    """What the processes of a run do."""
    return Tasks(setup, start, do, partial(failed, setup), preload=(f"{__package__}.warm",))


def page(setup: PageSetup, row: Row) -> Done:
    """The report of a row, as a page; an empty one where it cannot be made."""
    from claimdiff.render import html

    try:
        text = html.render(compare(setup, row, _untraced(setup, row)), docs=setup.docs)
    except Exception:
        text = ""
    return Done(row.number, (text.encode("utf-8", "replace"), b"", b""), "")


@dataclass(frozen=True, slots=True)
class PageSetup(Setup):
    """What a process renders with."""

    docs: str = ""


def pages(setup: Setup, docs: str) -> Tasks:
    """What the processes do that render."""
    own = PageSetup(setup.desk, setup.maker, setup.archive, docs)
    return Tasks(own, start, page, nothing, preload=(f"{__package__}.warm",))


def nothing(row: Row, kind: Kind, reason: str) -> Done:
    return Done(row.number, (b"", b"", b""), "")

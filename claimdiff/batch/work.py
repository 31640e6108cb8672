"""The work of a process: a row in, its lines out. Whatever happens to a pair becomes its error row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from claimdiff import cache
from claimdiff.batch import rows
from claimdiff.batch.pool import Tasks
from claimdiff.batch.row import Kind, Part, Row, RowError
from claimdiff.batch.rows import Done, Maker
from claimdiff.checking import Desk, Text
from claimdiff.errors import ClaimdiffError, ConfigError, NotComparableError
from claimdiff.model import Comparison
from claimdiff.read.form import of_text

ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,}+")  # of an object in memory, which no two runs share


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process judges with."""

    desk: Desk
    maker: Maker


def start(setup: Setup) -> None:
    """Get ready: load the engine, and make sure that it is the one that the run began with."""
    import claimdiff.pipeline  # noqa: F401

    if cache.engine_signature() != setup.maker.engine:
        raise ClaimdiffError("the program's files have changed since the run began; start the command again")


def do(setup: Setup, row: Row) -> Done:
    """Judge a row."""
    if row.trouble:
        return rows.error(row, *row.trouble, setup.maker)
    try:
        return rows.judged(row, compare(setup.desk, row), setup.maker)
    except RowError as trouble:
        return rows.error(row, trouble.kind, trouble.reason, setup.maker)
    except Exception as problem:
        return rows.error(row, *told(problem), setup.maker)


def told(problem: Exception) -> tuple[Kind, str]:
    """What an exception is to the one who reads the error row."""
    if isinstance(problem, NotComparableError):
        return Kind.NOT_COMPARABLE, str(problem)
    if isinstance(problem, ConfigError):
        return Kind.POLICY, str(problem)
    if isinstance(problem, ClaimdiffError):
        return Kind.UNREADABLE, str(problem)
    what = f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
    return Kind.CRASHED, f"internal error, {ADDRESS.sub('0x', what)[:1000]}"


def compare(desk: Desk, row: Row) -> Comparison:
    """The judged comparison of a row; raises whatever keeps it from being made."""
    texts = [_text(desk, part) for part in (row.derivative, *row.sources)]
    if any(own.text is None and _same(own, row.derivative) for own in row.sources):
        raise RowError(Kind.UNREADABLE, f"{row.derivative.name}: is named as its own source")
    return desk.check(texts[1:], texts[0])


def _text(desk: Desk, part: Part) -> Text:
    """A text, within the size that the policy allows."""
    most: int = desk.policy(part.name).get("max-bytes")
    if part.text is None:
        found = desk.load(part.name)
    else:
        form = desk.form or of_text(part.text) or ""
        found = Text(part.name, part.text.encode("utf-8"), form, "utf-8")
    if len(found.data) > most:
        raise RowError(Kind.TOO_LARGE, f"{part.name}: is larger than {most:,} bytes (max-bytes)")
    return found


def _same(one: Part, other: Part) -> bool:
    return other.text is None and Path(one.name).resolve() == Path(other.name).resolve()


def failed(maker: Maker, row: Row, kind: Kind, reason: str) -> Done:
    return rows.error(row, kind, reason, maker)


def tasks(setup: Setup) -> Tasks:
    """What the processes of a run do."""
    return Tasks(setup, start, do, partial(failed, setup.maker), preload=(f"{__package__}.warm",))


def page(setup: PageSetup, row: Row) -> Done:
    """The report of a row, as a page; an empty one where it cannot be made."""
    from claimdiff.render import html

    try:
        text = html.render(compare(setup.desk, row), docs=setup.docs)
    except Exception:
        text = ""
    return Done(row.number, (text.encode("utf-8", "replace"), b"", b""), "")


@dataclass(frozen=True, slots=True)
class PageSetup(Setup):
    """What a process renders with."""

    docs: str


def pages(setup: PageSetup) -> Tasks:
    """What the processes do that render."""
    return Tasks(setup, start, page, nothing, preload=(f"{__package__}.warm",))


def nothing(row: Row, kind: Kind, reason: str) -> Done:
    return Done(row.number, (b"", b"", b""), "")

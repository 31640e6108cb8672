"""The desk of a batch: texts in stores are known by their URLs; and what is sent to other machines can be
judged there as it would be here."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path

from claimdiff.batch import work
from claimdiff.batch.place import is_url
from claimdiff.batch.pool import Tasks
from claimdiff.batch.row import Part, Row
from claimdiff.checking import Desk
from claimdiff.errors import ClaimdiffError


@dataclass(frozen=True, slots=True)
class Away(Desk):
    """A desk that may be moved. `began` is the folder from which it sees its paths."""

    began: str = ""

    def path(self, name: str) -> str:
        if is_url(name):
            return name
        found = Desk.path(self, str(Path(self.began) / name))
        return found if not Path(found).is_absolute() else Path(name).as_posix()


def away(desk: Desk) -> Away:
    """The desk as one that sees everything from the current folder, wherever it is."""
    given = {own.name: getattr(desk, own.name) for own in fields(Desk)}
    given["config"] = replace(desk.config, folder=desk.config.folder.resolve())
    return Away(**given, began=str(Path.cwd()))


def far(setup: work.Setup) -> Tasks:
    """What processes on other machines do."""
    return replace(work.tasks(setup), start=start, bring=bring)


def start(setup: work.Setup) -> None:
    """Get ready, in the folder where the run began if there is one like it, for what has a name there."""
    if isinstance(setup.desk, Away):
        with suppress(OSError):
            os.chdir(setup.desk.began)
    work.start(setup)


def bring(setup: work.Setup, row: Row) -> Row:
    """The row with its files of this machine in it, or with what keeps them from being read."""
    if row.trouble or not any(_is_file(own) for own in (row.derivative, *row.sources)):
        return row
    derivative, *sources = (_brought(setup, own) for own in (row.derivative, *row.sources))
    if work.own_source(row) and not sources[-1].trouble:  # links to a file are not seen elsewhere
        sources[-1] = replace(sources[-1], trouble=work.OWN_SOURCE.format(row.derivative.name))
    return replace(row, derivative=derivative, sources=tuple(sources))


def _is_file(part: Part) -> bool:
    return part.text is None and not is_url(part.name)


def _brought(setup: work.Setup, part: Part) -> Part:
    if not _is_file(part):
        return part
    try:
        return replace(part, data=setup.desk.load(part.name).data)
    except ClaimdiffError as error:
        return replace(part, trouble=str(error))

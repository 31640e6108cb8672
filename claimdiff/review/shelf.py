"""Comparisons as they stand in the database, read back. Revisions never change, so some stay in memory."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from claimdiff import __version__, store
from claimdiff.model import Comparison
from claimdiff.review import tables
from claimdiff.review.clean import FURTHEST
from claimdiff.review.database import Connection
from claimdiff.review.record import DECIDING, Act, Event, effective
from claimdiff.review.tables import Row
from claimdiff.review.trouble import Unknown

KEPT, LARGE = 16, 1_000_000  # comparisons that are kept in memory, and the characters of one that is not
_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Case:
    """A comparison as an act finds it: `raw` is its present revision before any policy looks at it."""

    row: Row
    raw: Comparison
    events: tuple[Event, ...]

    def event(
        self, revision: int, act: Act, author: str, at: str, *, finding: str = "", text: str = "", of: int = 0
    ) -> Event:
        """What would be the next entry of the log."""
        number = max(own.number for own in self.events) + 1
        return Event(number, self.row.id, revision, act, author, at, finding, text, of)

    def decision(self, finding: str) -> Event | None:
        """The decision that holds for a finding which is there."""
        if not any(own.id == finding for own in self.raw.findings):
            return None
        made = [own for own in effective(self.events) if own.finding == finding and own.act in DECIDING]
        return made[-1] if made else None

    def holds(self, db: Connection, key: str) -> bool:
        """Whether the present revision is what this work would give. One with gaps in its second opinion may
        be better now."""
        if self.raw.opinion and self.raw.opinion.unjudged:
            return False
        return tables.content(db, self.row.id, self.row.revision) == key and self.raw.version == __version__


class Shelf:
    """Reads comparisons, inside a transaction of the caller."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], Comparison] = OrderedDict()
        self._lock = Lock()

    def row(self, db: Connection, id: str) -> Row:
        row = tables.row(db, id) if _ID.fullmatch(id) else None
        if row is None:
            raise Unknown("there is no such comparison")
        return row

    def case(self, db: Connection, id: str) -> Case:
        row = self.row(db, id)
        return Case(row, self.raw(db, row.id, row.revision), tables.events(db, row.id))

    def raw(self, db: Connection, id: str, revision: int) -> Comparison:
        """A revision before any policy looks at it."""
        with self._lock:
            if found := self._kept.get((id, revision)):
                self._kept.move_to_end((id, revision))
                return found
        text = tables.result(db, id, revision) if 0 < revision < FURTHEST else None
        if text is None:
            raise Unknown(f"there is no revision {revision} of this comparison")
        comparison = store.from_json(text)
        if len(text) < LARGE:
            with self._lock:
                self._kept[id, revision] = comparison
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return comparison

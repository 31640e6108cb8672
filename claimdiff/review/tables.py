"""What is asked of the database and written into it, each time inside a transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

from claimdiff.gate.entries import fold
from claimdiff.model import Finding, Kind, Severity, Type
from claimdiff.review import asked
from claimdiff.review.database import Connection
from claimdiff.review.record import DECIDING, Act, Event, State, Text

DECISIVE = (*sorted(DECIDING), Act.CHANGES_ASKED, Act.SIGNED_OFF)  # what makes somebody one who decided


@dataclass(frozen=True, slots=True)
class Row:
    """A comparison as the desk lists it, as it stood after its last event. `decided` of `total` findings are
    decided on; `major` counts the major ones that are not. `policy` is what it was asked with, as JSON."""

    id: str
    name: str
    author: str
    created: str
    updated: str
    last: int
    last_author: str
    state: State
    revision: int
    outcome: str
    drift: float
    decided: int
    total: int
    major: int
    policy: str = asked.NONE

    @property
    def open(self) -> int:
        """How many findings nobody has decided on."""
        return self.total - self.decided


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of the derivative, and who made it when."""

    number: int
    created: str
    author: str


class Found(NamedTuple):
    """Where texts are that were compared before."""

    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the comparisons that were looked for, and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


_ROW = (
    "id, name, author, created, updated, last, last_author, state, revision,"
    " outcome, drift, decided, total, major, policy"
)


# --- comparisons --------------------------------------------------------------------------------------


def row(db: Connection, id: str) -> Row | None:
    found = db.execute(f"SELECT {_ROW} FROM comparison WHERE id = ?", (id,)).fetchone()
    return _row(found) if found else None


def put_comparison(
    db: Connection,
    own: Row,
    sources: Sequence[Text],
    derivative: Text,
    result: str,
    findings: Iterable[Finding],
) -> None:
    """A new comparison, which is named by its content, with its first revision."""
    _put_row(db, own, [text.name for text in (*sources, derivative)])
    put_revision(db, own.id, Revision(1, own.created, own.author), own.id, result, findings)
    for position, text in enumerate(sources):
        put_text(db, own.id, 1, "source", position, text)
    put_text(db, own.id, 1, "derivative", 0, derivative)


def _put_row(db: Connection, own: Row, names: Iterable[str]) -> None:
    words = fold("\n".join([own.name, *names]))
    marks = ", ".join("?" * 16)
    db.execute(f"INSERT INTO comparison ({_ROW}, words) VALUES ({marks})", (*astuple(own), words))


def update_row(db: Connection, own: Row) -> None:
    """What of a comparison follows from its log and its revisions."""
    db.execute(
        "UPDATE comparison SET updated = ?, last = ?, last_author = ?, state = ?, revision = ?, outcome = ?,"
        " drift = ?, decided = ?, total = ?, major = ? WHERE id = ?",
        (*astuple(own)[4:-1], own.id),
    )


def _row(values: Sequence[Any]) -> Row:
    made: list[Any] = [*values[:7], State(values[7]), *values[8:]]
    return Row(*made)


def search(
    db: Connection,
    *,
    words: str = "",
    state: State | None = None,
    decided_by: str = "",
    since: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Page:
    """The comparisons whose names hold all of these words, whatever their case; that are in this state; on
    which this person decided something that still counts; that changed at this time or later. What changed
    last comes first."""
    where: list[str] = ["1"]
    given: list[object] = []
    for word in fold(words).split():
        where.append("words LIKE ? ESCAPE '!'")
        given.append(f"%{_literal(word)}%")
    if state is not None:
        where.append("state = ?")
        given.append(state.value)
    if since:
        where.append("updated >= ?")
        given.append(since)
    if decided_by:
        marks = ", ".join("?" * len(DECISIVE))
        where.append(
            f"id IN (SELECT comparison FROM event WHERE author = ? AND act IN ({marks})"
            " AND number NOT IN (SELECT of FROM event AS later"
            " WHERE later.comparison = event.comparison AND later.act = ?))"
        )
        given += [decided_by, *(own.value for own in DECISIVE), Act.UNDONE.value]
    told = " AND ".join(where)
    (total,) = db.execute(f"SELECT count(*) FROM comparison WHERE {told}", given).fetchone()
    found = db.execute(
        f"SELECT {_ROW} FROM comparison WHERE {told} ORDER BY last DESC LIMIT ? OFFSET ?",
        (*given, limit, offset),
    )
    return Page(tuple(map(_row, found)), total)


def _literal(word: str) -> str:
    """A word in which no character stands for others."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def ids(db: Connection) -> list[str]:
    """All comparisons, what changed last first."""
    return [own for (own,) in db.execute("SELECT id FROM comparison ORDER BY last DESC")]


def people(db: Connection) -> tuple[str, ...]:
    """All who decided something, sorted."""
    marks = ", ".join("?" * len(DECISIVE))
    found = db.execute(
        f"SELECT DISTINCT author FROM event WHERE act IN ({marks}) ORDER BY author",
        [own.value for own in DECISIVE],
    )
    return tuple(name for (name,) in found)


# --- revisions ----------------------------------------------------------------------------------------


def find(db: Connection, content: str) -> Found | None:
    """The comparison and the revision with this content; of several that of the comparison which began with
    it, and of one comparison the one that was made last."""
    found = db.execute(
        "SELECT comparison, number FROM revision WHERE content = ?"
        " ORDER BY comparison = content DESC, rowid DESC LIMIT 1",
        (content,),
    ).fetchone()
    return Found(*found) if found else None


def put_revision(
    db: Connection, id: str, own: Revision, content: str, result: str, findings: Iterable[Finding]
) -> None:
    """A new revision. `result` is the comparison as JSON, these are its findings."""
    db.execute(
        "INSERT INTO revision (comparison, number, content, result, created, author)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (id, own.number, content, result, own.created, own.author),
    )
    db.executemany(
        "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (id, own.number, at, f.id, f.rule, f.kind.value, " ".join(f.types), f.severity.value,
             f.confidence, clean_message(f.message))
            for at, f in enumerate(findings)
        ],
    )  # fmt: skip


def clean_message(text: str) -> str:
    """A message that the database can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def revisions(db: Connection, id: str) -> tuple[Revision, ...]:
    query = "SELECT number, created, author FROM revision WHERE comparison = ? ORDER BY number"
    return tuple(Revision(*own) for own in db.execute(query, (id,)))


def result(db: Connection, id: str, number: int) -> str | None:
    return _part(db, "result", id, number)


def content(db: Connection, id: str, number: int) -> str | None:
    return _part(db, "content", id, number)


def _part(db: Connection, column: str, id: str, number: int) -> str | None:
    query = f"SELECT {column} FROM revision WHERE comparison = ? AND number = ?"
    found = db.execute(query, (id, number)).fetchone()
    return str(found[0]) if found else None


def findings(db: Connection, id: str, *, before: int) -> list[tuple[int, Finding]]:
    """The findings of all revisions before this one, with the number of each one's revision, in order. They
    have no places: their texts are gone."""
    found = db.execute(
        "SELECT revision, id, rule, kind, types, severity, confidence, message FROM finding"
        " WHERE comparison = ? AND revision < ? ORDER BY revision, position",
        (id, before),
    )
    return [
        (
            number,
            Finding(
                own, rule, Kind(kind), tuple(map(Type, types.split())), Severity(severity), confidence,
                message, None, None,
            ),
        )
        for number, own, rule, kind, types, severity, confidence, message in found
    ]  # fmt: skip


def put_text(db: Connection, id: str, revision: int, side: str, position: int, own: Text) -> None:
    db.execute(
        "INSERT INTO text VALUES (?, ?, ?, ?, ?, ?, ?)",
        (id, revision, side, position, own.name, own.form, own.data),
    )


def texts(db: Connection, id: str, revision: int) -> tuple[tuple[Text, ...], Text]:
    """The sources, and the derivative in this revision."""
    sources = db.execute(
        "SELECT name, data, form FROM text WHERE comparison = ? AND revision = 1 AND side = 'source'"
        " ORDER BY position",
        (id,),
    ).fetchall()
    derivative = db.execute(
        "SELECT name, data, form FROM text WHERE comparison = ? AND revision = ? AND side = 'derivative'",
        (id, revision),
    ).fetchone()
    return tuple(Text(*own) for own in sources), Text(*derivative)


# --- the log --------------------------------------------------------------------------------------------


def append(db: Connection, own: Event) -> Event:
    """The event, with the number that it got."""
    values = (own.comparison, own.revision, own.act.value, own.author, own.at, own.finding, own.text, own.of)
    made = db.execute(
        "INSERT INTO event (comparison, revision, act, author, at, finding, text, of)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    return Event(int(made.lastrowid or 0), own.comparison, own.revision, own.act, *values[3:])


def events(db: Connection, id: str) -> tuple[Event, ...]:
    """The log of a comparison, in order."""
    found = db.execute(
        "SELECT number, comparison, revision, act, author, at, finding, text, of FROM event"
        " WHERE comparison = ? ORDER BY number",
        (id,),
    )
    return tuple(Event(number, own, revision, Act(act), *rest) for number, own, revision, act, *rest in found)

"""The file that a review is kept in."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from claimdiff.errors import ConfigError
from claimdiff.review import database
from claimdiff.review.database import Connection, Database, migrate, migrations, statements
from claimdiff.review.trouble import Unavailable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "review.db"


@pytest.fixture
def kept(path: Path) -> Iterator[Database]:
    own = Database(path)
    yield own
    own.close()


def one(db: Connection, query: str) -> object:
    return db.execute(query).fetchone()[0]


COMPARISON = (
    "INSERT INTO comparison VALUES (?, 'n', 'n', 'a', 't', 't', 1, 'a', 'new', 1, 'pass', 0, 0, 0, 0, '{}')"
)
REVISION = "INSERT INTO revision VALUES (?, 1, 'c', '{}', 't', 'a')"
TEXT = "INSERT INTO text VALUES (?, 1, 'source', 0, 'n', '', x'00')"
FINDING = "INSERT INTO finding VALUES (?, 1, 0, 'f', 'r', 'addition', '', 'minor', 0.5, 'm')"
EVENT = (
    "INSERT INTO event (comparison, revision, act, author, at, finding, text, of)"
    " VALUES (?, 1, 'created', 'a', 't', '', '', 0)"
)
ALL = (COMPARISON, REVISION, TEXT, FINDING, EVENT)


def fill(kept: Database, id: str = "x") -> None:
    with kept.writing() as db:
        for statement in ALL:
            db.execute(statement, (id,))


STEPS = list(range(1, len(migrations()) + 1))


def numbers(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as db:
        return [own for (own,) in db.execute("SELECT number FROM migration ORDER BY number")]


# --- opening ----------------------------------------------------------------------------------------


def test_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "review.db"
    own = Database(path)
    fill(own)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    own.close()
    assert modes["review.db"] == 0o600
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_log_is_written_ahead_and_onto_the_disk(kept: Database) -> None:
    with kept.reading() as db:
        assert one(db, "PRAGMA journal_mode") == "wal"
        assert one(db, "PRAGMA synchronous") == 2
        assert one(db, "PRAGMA foreign_keys") == 1


def test_opened_again_it_is_the_same(path: Path) -> None:
    for _ in range(3):
        own = Database(path)
        own.close()
    assert numbers(path) == STEPS


def test_newer_file_is_refused_and_left_alone(path: Path) -> None:
    Database(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO migration VALUES (999, 'later', '9.9')")
    with pytest.raises(ConfigError, match=r"review\.db: was written by a newer claimdiff \(form 999"):
        Database(path)
    assert numbers(path)[-1] == 999


def test_other_programs_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE own (x)")
    with pytest.raises(ConfigError, match="another program"):
        Database(path)
    with closing(sqlite3.connect(path)) as db:
        assert [own for (own,) in db.execute("SELECT name FROM sqlite_schema")] == ["own"]


@pytest.mark.parametrize("data", [b"no database at all " * 500, b"SQLite format 3\0" + b"x" * 5000])
def test_what_is_no_database_is_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(ConfigError, match="cannot be used as a database"):
        Database(path)
    assert path.read_bytes() == data


def test_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be used"):
        Database(tmp_path / "file" / "review.db")
    with pytest.raises(ConfigError, match="cannot be used"):
        Database(tmp_path)
    with pytest.raises(ConfigError):
        Database(Path("a\0b"))


def test_empty_file_is_begun(path: Path) -> None:
    path.touch()
    Database(path).close()
    assert numbers(path) == STEPS


def test_old_library_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LEAST", (99, 0))
    with pytest.raises(ConfigError, match="too old"):
        Database(path)


# --- migrations -------------------------------------------------------------------------------------


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [int(name[:3]) for name, _ in migrations()] == STEPS


def test_statements_of_a_script_are_told_apart() -> None:
    script = (
        "-- a; b\nCREATE TABLE a (x);\nCREATE TRIGGER t BEFORE UPDATE ON a\n"
        "BEGIN SELECT 1; SELECT 2; END;\nSELECT ';'\n;\n"
    )
    assert [own.split()[-1] for own in statements(script)] == ["(x);", "END;", ";"]
    assert "".join(statements(script)) == script


def test_migration_that_fails_leaves_nothing_behind(path: Path) -> None:
    Database(path).close()
    steps, more = migrations(), "CREATE TABLE more (x);"
    broken = [*steps, ("one.sql", more), ("two.sql", more)]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            migrate(db, path, broken)
        assert one(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'") == 0
        assert one(db, "SELECT max(number) FROM migration") == len(steps)
        migrate(db, path, broken[:-1])
        assert one(db, "SELECT max(number) FROM migration") == len(steps) + 1
    with pytest.raises(ConfigError, match="newer"):
        Database(path)


def test_data_outlives_a_migration(path: Path) -> None:
    own = Database(path)
    fill(own)
    own.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        step = ("next.sql", "ALTER TABLE comparison ADD COLUMN more TEXT NOT NULL DEFAULT 'm';")
        migrate(db, path, [*migrations(), step])
        assert db.execute("SELECT id, more FROM comparison").fetchall() == [("x", "m")]


def test_policy_of_a_comparison_never_changes(kept: Database) -> None:
    fill(kept)
    with pytest.raises(sqlite3.IntegrityError, match="never changes"), kept.writing() as db:
        db.execute("UPDATE comparison SET policy = ?", ('{"fail-on":"none"}',))


def test_threads_that_open_a_new_file_at_once_migrate_it_once(path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        for own in list(threads.map(lambda _: Database(path), range(16))):
            own.close()
    assert numbers(path) == STEPS


OPEN = (
    "import sys; from pathlib import Path; from claimdiff.review.database import Database; "
    "sys.stdin.readline(); Database(Path(sys.argv[1])).close()"
)


def test_processes_that_open_a_new_file_at_once_migrate_it_once(path: Path) -> None:
    own = [
        subprocess.Popen([sys.executable, "-c", OPEN, path], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in own:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in own] == [(b"", 0)] * 4
    assert numbers(path) == STEPS


# --- writing ----------------------------------------------------------------------------------------


def test_change_that_raises_is_not_made(kept: Database) -> None:
    with pytest.raises(KeyError), kept.writing() as db:
        db.execute(COMPARISON, ("x",))
        raise KeyError
    with kept.reading() as db:
        assert one(db, "SELECT count(*) FROM comparison") == 0


@pytest.mark.parametrize("table", ["event", "revision", "text", "finding"])
@pytest.mark.parametrize(
    "change",
    ["DELETE FROM {}", "UPDATE {} SET comparison = 'y'", "REPLACE INTO {} SELECT * FROM {}"],
)
def test_log_and_revisions_are_only_added_to(kept: Database, table: str, change: str) -> None:
    fill(kept)
    with (
        pytest.raises(sqlite3.IntegrityError, match=r"only ever added to|never changes"),
        kept.writing() as db,
    ):
        db.execute(change.format(table, table))
    with kept.reading() as db:
        assert one(db, f"SELECT comparison FROM {table}") == "x"


def test_change_that_was_not_made_takes_no_number(kept: Database) -> None:
    fill(kept)
    with pytest.raises(KeyError), kept.writing() as db:
        db.execute(EVENT, ("x",))
        raise KeyError
    fill(kept, "y")
    with kept.reading() as db:
        assert [own for (own,) in db.execute("SELECT number FROM event ORDER BY number")] == [1, 2]


def test_what_belongs_to_nothing_is_refused(kept: Database) -> None:
    for statement in ALL[1:]:
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), kept.writing() as db:
            db.execute(statement, ("nobody",))


def test_columns_hold_their_types(kept: Database) -> None:
    fill(kept)
    with pytest.raises(sqlite3.IntegrityError, match="cannot store"), kept.writing() as db:
        db.execute("UPDATE comparison SET drift = 'much'")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), kept.writing() as db:
        db.execute("UPDATE comparison SET state = 'done'")


def test_reader_sees_one_moment_and_waits_for_nobody(kept: Database) -> None:
    with kept.reading() as reader:
        assert one(reader, "SELECT count(*) FROM comparison") == 0
        fill(kept)
        assert one(reader, "SELECT count(*) FROM comparison") == 0
    with kept.reading() as reader:
        assert one(reader, "SELECT count(*) FROM comparison") == 1


def test_writer_that_waited_too_long_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT", 0.05)
    own = Database(path)
    with own.writing(), pytest.raises(Unavailable, match=r"locked.*try again"), own.writing():
        pass
    fill(own)
    own.close()


def test_damaged_file_is_told_of(path: Path) -> None:
    own = Database(path)
    fill(own)
    own.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\x7f" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    with pytest.raises((ConfigError, Unavailable), match="cannot be used"), ExitStack() as stack:
        damaged = Database(path)
        stack.callback(damaged.close)
        with damaged.reading() as db:
            db.execute("SELECT * FROM event").fetchall()


def test_closed_database_is_used_no_more(path: Path) -> None:
    own = Database(path)
    with own.reading() as db:
        own.close()
        assert one(db, "SELECT 1") == 1
    with pytest.raises(Unavailable, match="closed"), own.reading():
        pass
    assert not path.with_name("review.db-wal").exists()  # the last one out puts all into the file


def test_writers_in_threads_lose_nothing(kept: Database) -> None:
    fill(kept)

    def write(_: int) -> None:
        for _ in range(20):
            with kept.writing() as db:
                db.execute(EVENT, ("x",))
                db.execute("UPDATE comparison SET last = last + 1")

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(6)))
    with kept.reading() as db:
        assert one(db, "SELECT count(*) FROM event") == 121
        assert one(db, "SELECT last FROM comparison") == 121

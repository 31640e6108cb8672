"""The index: it follows its archive, survives being killed, and serves many readers."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from stories import FERRY, PLAIN, REWRITE, STORIES, ask, folder, jsonl, many, names

from claimdiff.errors import InputError
from claimdiff.trace import Index, IndexFileError, Reading, as_json, index, update

QUERY = "A ladder was bought for 212 crowns near the island of Keld.\n"


def changes(place: Path, path: Path) -> tuple[int, int, int]:
    own = Index(path, Reading())
    try:
        done = update(own, place, Reading())
        return done.added, done.changed, done.removed
    finally:
        own.close()


def answer(place: Path, path: Path, text: str = QUERY, *, fixed: bool = False) -> str:
    return json.dumps(as_json(ask(place, path, text, fixed=fixed, top=20)))


# --- what is new, changed and gone --------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [lambda p, s: folder(p / "wire", s), lambda p, s: jsonl(p / "wire.jsonl", s)]
)
def test_an_index_follows_its_archive(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "index"
    place = make(tmp_path, STORIES)
    assert changes(place, path) == (4, 0, 0)
    assert changes(place, path) == (0, 0, 0)
    if place.is_dir():
        (place / "knots.txt").unlink()
    stories = {"new": FERRY.replace("12", "20"), **STORIES, "clinic": PLAIN + "It was cold.\n"}
    del stories["knots"]
    make(tmp_path, stories)
    assert changes(place, path) == (1, 1, 1)
    assert answer(place, path, REWRITE) == answer(place, tmp_path / "fresh", REWRITE)


def test_a_file_that_was_only_touched_is_not_read_again(tmp_path: Path) -> None:
    place, path = folder(tmp_path / "wire"), tmp_path / "index"
    changes(place, path)
    os.utime(place / "ferry.txt", (1, 1))
    assert changes(place, path) == (0, 0, 0)
    (place / "ferry.txt").rename(place / "boats.txt")
    assert changes(place, path) == (1, 0, 1)


def test_a_change_of_the_same_size_and_time_is_seen(tmp_path: Path) -> None:
    place, path = folder(tmp_path / "wire"), tmp_path / "index"
    changes(place, path)
    before = (place / "ferry.txt").stat()
    (place / "ferry.txt").write_text(FERRY.replace("Sundal", "Norvik"), encoding="utf-8")
    os.utime(place / "ferry.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert changes(place, path) == (0, 1, 0)


def test_lines_that_move_are_found_where_they_are(tmp_path: Path) -> None:
    place, path = jsonl(tmp_path / "wire.jsonl"), tmp_path / "index"
    changes(place, path)
    jsonl(place, dict(reversed(STORIES.items())))
    assert changes(place, path) == (0, 0, 0)
    assert ask(place, path).traced[0].shared.passages


def test_an_article_that_is_gone_since_is_said_so(tmp_path: Path) -> None:
    place, path = folder(tmp_path / "wire"), tmp_path / "index"
    changes(place, path)
    (place / "ferry.txt").unlink()
    trace = ask(place, path, fixed=True)
    assert names(trace, likely=True) == ["ferry.txt"]
    assert trace.traced[0].document is None


def test_random_changes_come_to_what_a_fresh_index_holds(tmp_path: Path) -> None:
    rng, stories, path = random.Random(3), many(60), tmp_path / "index"
    for _ in range(6):
        place = folder(tmp_path / "wire", stories)
        changes(place, path)
        for name in rng.sample(sorted(stories), 8):
            (place / f"{name}.txt").unlink()
            del stories[name]
        stories |= many(8, rng.randrange(100))
    place = folder(tmp_path / "wire", stories)
    assert answer(place, path) == answer(place, tmp_path / "fresh")


# --- other indexes ------------------------------------------------------------------------------------


def test_an_index_of_another_version_or_reading_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, path = folder(tmp_path / "wire"), tmp_path / "index"
    changes(place, path)
    monkeypatch.setattr(index, "__version__", "0.0.1")
    own = Index(path, Reading())
    assert own.rebuilt.startswith("the index was made by another version (")
    assert own.size() == 0
    own.close()
    assert changes(place, path) == (4, 0, 0)
    own = Index(path, Reading(encoding="cp1252"))
    assert own.rebuilt == "the index was made with other options for reading"
    own.close()
    with pytest.raises(IndexFileError, match="leave out --no-update"):
        Index(path, Reading(), fixed=True)


def test_what_is_no_index_is_left_alone(tmp_path: Path) -> None:
    place = folder(tmp_path / "wire")
    (tmp_path / "text").write_text("no index at all\n" * 99, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "other")) as own:
        own.execute("CREATE TABLE mine (a)")
    (tmp_path / "folder").mkdir()
    for name in ("text", "other", "folder"):
        with pytest.raises(IndexFileError):
            changes(place, tmp_path / name)
    assert (tmp_path / "text").read_text(encoding="utf-8").startswith("no index")
    with pytest.raises(IndexFileError, match="there is no index"):
        ask(place, tmp_path / "none", fixed=True)


def test_an_index_belongs_to_one_archive(tmp_path: Path) -> None:
    changes(folder(tmp_path / "wire"), tmp_path / "index")
    with pytest.raises(InputError, match="is the index of"):
        changes(folder(tmp_path / "other"), tmp_path / "index")


def test_a_damaged_index_is_said_to_be_so(tmp_path: Path) -> None:
    place, path = folder(tmp_path / "wire", many(300)), tmp_path / "index"
    changes(place, path)
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(IndexFileError):
        ask(place, path, QUERY)


def test_sqlite_without_fts5_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare(sqlite3.Connection):
        def execute(self, *given: object) -> sqlite3.Cursor:
            raise sqlite3.OperationalError("no such module: fts5")

    whole = sqlite3.connect
    monkeypatch.setattr(index.sqlite3, "connect", lambda *given, **named: whole(":memory:", factory=Bare))
    with pytest.raises(IndexFileError, match="has no FTS5"):
        Index(tmp_path / "index", Reading())


# --- processes ----------------------------------------------------------------------------------------

CODE = """
import sys
from pathlib import Path
from claimdiff.trace import Index, Reading, update
import claimdiff.trace.update as own
own.BATCH = 5
index = Index(Path(sys.argv[2]), Reading())
print("begun", flush=True)
update(index, Path(sys.argv[1]), Reading())
print("done", flush=True)
"""


def start(place: Path, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(place), str(path)], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("kind", ["folder", "jsonl"])
def test_a_run_that_was_killed_goes_on_to_the_same_result(kind: str, tmp_path: Path) -> None:
    stories = many(400)
    place = folder(tmp_path / "wire", stories) if kind == "folder" else jsonl(tmp_path / "w.jsonl", stories)
    path = tmp_path / "index"
    rng = random.Random(kind)
    sizes = []
    for _ in range(4):
        run = start(place, path)
        assert run.stdout is not None and run.stdout.readline() == "begun\n"
        time.sleep(rng.uniform(0.02, 0.3))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        own = Index(path, Reading())
        sizes.append(own.size())
        own.close()
    assert sizes == sorted(sizes)
    assert answer(place, path) == answer(place, tmp_path / "fresh")
    with closing(sqlite3.connect(path)) as own_file:
        assert own_file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        own_file.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_readers_are_served_while_one_writes_and_see_whole_batches(tmp_path: Path) -> None:
    place, path = folder(tmp_path / "wire", many(20)), tmp_path / "index"
    changes(place, path)
    folder(place, many(500))
    run = start(place, path)
    seen = set()
    while run.poll() is None:
        trace = ask(place, path, QUERY, fixed=True)
        seen.add(trace.articles)
        assert trace.articles >= 20
    assert run.communicate()[0].endswith("done\n")
    assert ask(place, path, QUERY, fixed=True).articles == 500
    assert answer(place, path, fixed=True) == answer(place, tmp_path / "fresh")


def test_two_who_write_at_once_come_to_the_same(tmp_path: Path) -> None:
    place, path = folder(tmp_path / "wire", many(200)), tmp_path / "index"
    runs = [start(place, path) for _ in range(3)]
    assert [run.communicate()[0] for run in runs] == ["begun\ndone\n"] * 3
    assert answer(place, path) == answer(place, tmp_path / "fresh")


def test_two_who_write_without_a_lock_come_to_the_same(tmp_path: Path) -> None:
    """As where the system has no lock for files: what one has put in, the other finds or replaces."""
    place, path = folder(tmp_path / "wire", many(40)), tmp_path / "index"
    one, two = Index(path, Reading()), Index(path, Reading())
    from claimdiff.trace.update import _batches, _known, _put, _steps

    steps = list(_steps(one, place, Reading(), _known(one), set()))
    update(two, place, Reading())
    from claimdiff.trace import Changes

    for batch in _batches(iter(steps)):
        with one.transaction("BEGIN IMMEDIATE"):
            for file, made in batch:
                _put(one, file, made, Changes())
    one.close()
    two.close()
    assert answer(place, path) == answer(place, tmp_path / "fresh")


# --- what it is an index of ---------------------------------------------------------------------------


def content_of(path: Path) -> str:
    own = Index(path, Reading(), fixed=True)
    try:
        return own.content()
    finally:
        own.close()


def test_the_content_is_that_of_the_articles_whatever_came_before(tmp_path: Path) -> None:
    path = tmp_path / "index"
    stories = {**many(30), **STORIES}
    place = jsonl(tmp_path / "wire.jsonl", stories)
    changes(place, path)
    first = content_of(path)
    assert len(first) == 64
    jsonl(place, {"new": FERRY, **stories})
    changes(place, path)
    assert content_of(path) != first
    jsonl(place, {**stories, "clinic": PLAIN + "It was cold.\n"})
    changes(place, path)
    assert content_of(path) not in ("", first)
    jsonl(place, stories)
    assert changes(place, path) == (0, 1, 0)
    assert content_of(path) == first
    (tmp_path / "other").mkdir()
    moved = jsonl(tmp_path / "other" / "wire.jsonl", dict(reversed(stories.items())))
    changes(moved, tmp_path / "fresh")
    assert content_of(tmp_path / "fresh") == first


def test_there_is_no_content_while_an_index_is_being_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, found = tmp_path / "index", []
    monkeypatch.setattr(sys.modules[update.__module__], "BATCH", 10)
    place = jsonl(tmp_path / "wire.jsonl", many(20))
    changes(place, path)
    jsonl(place, many(40))
    own = Index(path, Reading())
    with pytest.raises(KeyboardInterrupt):
        update(own, place, Reading(), lambda _: (found.append(content_of(path)), interrupt(found)))  # type: ignore[arg-type, func-returns-value]
    own.close()
    assert found[0] != "" and found[-1] == ""  # the first batch had nothing new in it
    changes(place, path)
    changes(place, tmp_path / "fresh")
    assert content_of(path) == content_of(tmp_path / "fresh")


def interrupt(found: list[str]) -> None:
    if not found[-1]:
        raise KeyboardInterrupt


def test_a_fixed_index_is_not_written(tmp_path: Path) -> None:
    place, path = jsonl(tmp_path / "wire.jsonl"), tmp_path / "index"
    changes(place, path)
    before = path.read_bytes()
    own = Index(path, Reading(), fixed=True)
    with pytest.raises(IndexFileError, match="readonly"), own.transaction():
        own.settle()
    own.close()
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["index", "index-lock", "wire.jsonl"]


def test_an_index_is_read_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a folder without rights, in which SQLite cannot make its log and opens nothing."""
    place, path = jsonl(tmp_path / "wire.jsonl"), tmp_path / "index"
    changes(place, path)
    told = answer(place, path, REWRITE)
    whole = sqlite3.connect

    class Refused(sqlite3.Connection):
        def execute(self, *given: str) -> sqlite3.Cursor:  # type: ignore[override]
            raise sqlite3.OperationalError("unable to open database file")

    def connect(place: object, *given: object, **named: object) -> sqlite3.Connection:
        known = place == ":memory:" or "immutable=1" in str(place)
        return whole(place, *given, **named if known else {**named, "factory": Refused})  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr("claimdiff.trace.opening.sqlite3.connect", connect)
    assert answer(place, path, REWRITE, fixed=True) == told

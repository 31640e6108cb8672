"""Archives of every kind, and what in them cannot be read."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from stories import FERRY, ORCHARD, REWRITE, STORIES, ask, database, folder, jsonl, names

from claimdiff.errors import InputError

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")
UNPRIVILEGED = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom rights bind"
)


def reasons(place: Path, index: Path) -> dict[str, str]:
    return {own.name: own.reason for own in ask(place, index).problems}


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda path: folder(path / "wire"), "ferry.txt"),
        (lambda path: jsonl(path / "wire.jsonl"), "wire.jsonl#ferry"),
        (lambda path: jsonl(path / "wire.ndjson"), "wire.ndjson#ferry"),
        (lambda path: database(path / "wire.sqlite"), "wire.sqlite#ferry"),
    ],
)
def test_each_kind_of_archive(make, name: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    trace = ask(make(tmp_path), tmp_path / "index")
    assert names(trace, likely=True) == [name]
    assert (trace.articles, trace.problems) == (4, ())
    best = trace.traced[0]
    assert best.candidate.article.title == "Ferry line adds two boats"
    assert best.shared.names == ("Ola Brekke", "Sundal")
    assert best.shared.figures == ("1,200,000", "12%")
    assert best.document is not None
    for passage in best.shared.passages:
        assert passage.derivative.text == " ".join(passage.derivative.span.of(REWRITE).split())
        assert passage.source.text == " ".join(passage.source.span.of(best.document.text).split())


def test_a_folder_is_read_in_depth_and_forms_are_mixed(tmp_path: Path) -> None:
    place = folder(tmp_path / "wire", {"orchard": ORCHARD})
    (place / "2031" / "05").mkdir(parents=True)
    (place / "2031" / "05" / "ferry.md").write_text("# " + FERRY, encoding="utf-8")
    (place / ".hidden.txt").write_text(FERRY, encoding="utf-8")
    (place / ".git").mkdir()
    (place / ".git" / "ferry.txt").write_text(FERRY, encoding="utf-8")
    (place / "picture.jpg").write_bytes(b"\xff\xd8")
    jsonl(place / "more.jsonl", {"a": STORIES["knots"]})
    trace = ask(place, tmp_path / "index")
    assert names(trace, likely=True) == ["2031/05/ferry.md"]
    assert (trace.articles, trace.problems) == (3, ())


@POSIX
def test_what_cannot_be_read_is_named_and_stops_nothing(tmp_path: Path) -> None:
    place = folder(tmp_path / "wire")
    os.mkfifo(place / "pipe.txt")
    (place / "binary.txt").write_bytes(bytes(range(256)) * 50)
    with (place / "huge.txt").open("wb") as file:
        file.truncate(20_000_000)
    (place / "empty.txt").write_bytes(b"")
    (place / "torn.docx").write_bytes(b"PK\x03\x04word/")
    (place / "gone.txt").symlink_to("nowhere")
    (place / "circle.txt").symlink_to("circle.txt")
    (place / "loop").symlink_to(place, target_is_directory=True)
    (place / "inner").mkdir()
    (place / "inner" / "up").symlink_to("..", target_is_directory=True)
    (place / "dir.txt").mkdir()
    os.close(os.open(os.fsencode(place) + b"/odd\xff.txt", os.O_CREAT))
    trace = ask(place, tmp_path / "index")
    assert names(trace, likely=True) == ["ferry.txt"]
    assert trace.articles == 4
    found = [own.name for own in trace.problems]
    wanted = ["binary.txt", "circle.txt", "empty.txt", "gone.txt", "huge.txt", "odd\\udcff.txt", "pipe.txt"]
    assert found == [*wanted, "torn.docx"]
    assert next(own.reason for own in trace.problems if own.name == "pipe.txt").startswith("is a named pipe")
    assert ask(place, tmp_path / "index").problems == trace.problems


@UNPRIVILEGED
def test_a_file_without_permission_is_read_once_there_is_one(tmp_path: Path) -> None:
    place = folder(tmp_path / "wire")
    (place / "ferry.txt").chmod(0)
    assert list(reasons(place, tmp_path / "index")) == ["ferry.txt"]
    (place / "ferry.txt").chmod(0o600)
    assert reasons(place, tmp_path / "index") == {}


def test_lines_that_are_no_articles(tmp_path: Path) -> None:
    place = jsonl(tmp_path / "wire.jsonl")
    odd = [b"{", b"[]", b'{"id": "x"}', b'{"text": 5}', b'{"text": "..."}', b"\xff\xfe", b"[" * 50_000]
    twice = json.dumps({"id": "ferry", "text": ORCHARD}).encode()
    lone = json.dumps({"id": "a\ud800", "title": "b\ud800", "text": "Boats \ud800 sank"}).encode()
    with place.open("ab") as file:
        file.write(b"\n".join([*odd, b"", twice, lone, b'{"id": 7, "text": "Seven knots"}']))
    trace = ask(place, tmp_path / "index", ORCHARD)
    found = {own.name.partition("#")[2]: own.reason for own in trace.problems}
    assert found["line 5"] == "is no JSON (JSONDecodeError)"
    assert found["line 6"] == "is no JSON object"
    assert found["line 7"] == found["line 8"] == "has no text"
    assert found["line 9"] == "has no words to search for"
    assert set(found) == {f"line {number}" for number in range(5, 12)}
    assert trace.articles == 7
    assert [own.name for own in trace.identical] == ["wire.jsonl#ferry (2)", "wire.jsonl#orchard"]


def test_a_line_that_is_too_long_is_left_out_and_the_next_is_read(tmp_path: Path) -> None:
    place = tmp_path / "wire.jsonl"
    long = json.dumps({"id": "long", "text": "boat " * 2_500_000})
    place.write_text(long + "\n" + json.dumps({"id": "ferry", "text": FERRY}) + "\n", encoding="utf-8")
    trace = ask(place, tmp_path / "index")
    assert names(trace, likely=True) == ["wire.jsonl#ferry"]
    assert [own.name for own in trace.problems] == ["wire.jsonl#line 1"]


def test_rows_that_are_no_articles(tmp_path: Path) -> None:
    place = database(tmp_path / "wire.db")
    with closing(sqlite3.connect(place)) as own, own:
        own.execute("INSERT INTO story (text) VALUES (NULL), (x'00ff'), (CAST(x'c3' AS TEXT) || ' sank')")
        own.execute("CREATE TABLE note (text TEXT)")
    trace = ask(place, tmp_path / "index")
    assert names(trace, likely=True) == ["wire.db#ferry"]
    assert [(own.name, own.reason) for own in trace.problems] == [
        ("wire.db#row 5", "has no text"),
        ("wire.db#row 6", "has no text"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("none", None, "no such file"),
        ("wire.csv", b"id,text", "is no archive"),
        ("wire.sqlite", b"no database" * 90, "cannot be read as an SQLite database"),
    ],
)
def test_no_archive(name: str, data: bytes | None, message: str, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message):
        ask(tmp_path / name, tmp_path / "index")


def test_a_database_needs_one_table_of_articles(tmp_path: Path) -> None:
    place = tmp_path / "wire.sqlite"
    with closing(sqlite3.connect(place)) as own, own:
        own.execute("CREATE TABLE a (text TEXT)")
        own.execute("CREATE TABLE b (text TEXT)")
    with pytest.raises(InputError, match="several tables have a column text"):
        ask(place, tmp_path / "index")

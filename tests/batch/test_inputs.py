"""Tables and folders as they come: every form gives the same rows, and nothing in one breaks a run."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from claimdiff.batch import tables
from claimdiff.batch.inputs import Ids, Reading, find
from claimdiff.batch.row import Kind, Part, Row
from claimdiff.errors import InputError

ROWS = [
    {
        "id": "a",
        "source": "One.\nTwo, “three”; 4",
        "derivative": 'Say "one".',
        "outlet": "Post",
        "day": "2026-01-02",
    },
    {"id": "b", "source": "É\u2028x", "derivative": "", "outlet": "", "day": "2026-02-03"},
]


def read(*names: Path | str, **columns: str) -> list[Row]:
    return list(find([str(own) for own in names], columns).rows(Reading(1)))


def reasons(*names: Path | str, **columns: str) -> list[tuple[Kind, str] | None]:
    return [own.trouble for own in read(*names, **columns)]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A table in what the name ends in."""
    if ".jsonl" in path.name or ".ndjson" in path.name:
        data = "".join(json.dumps(own) + "\n\n" for own in rows).encode()
    elif path.suffix == ".parquet":
        arrow = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow (claimdiff[batch])")
        from pyarrow import parquet

        parquet.write_table(arrow.Table.from_pylist(rows), path, row_group_size=1)
        return path
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            separator = "\t" if path.suffix == ".tsv" else ";"
            writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
            writer.writeheader()
            writer.writerows(rows)
        data = path.read_bytes()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize(
    "name", ["t.jsonl", "t.ndjson", "t.jsonl.gz", "t.csv", "t.tsv", "t.csv.gz", "T.CSV", "t.parquet"]
)
def test_every_form_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    first, second = read(write(tmp_path / name, ROWS))
    assert (first.number, first.id, first.trouble) == (1, "a", None)
    assert first.sources == (Part("a:source", ROWS[0]["source"]),)
    assert first.derivative == Part("a", 'Say "one".')
    assert first.columns == {"outlet": "Post", "day": "2026-01-02"}
    assert (second.number, second.derivative, second.trouble) == (2, Part("b", ""), None)
    expected = read(write(tmp_path / "same.jsonl", ROWS))
    assert [own.stamp for own in expected] == [first.stamp, second.stamp]


def test_columns_have_other_names(tmp_path: Path) -> None:
    row = {"nr": 7, "wire": ["One.", "Two."], "text": "Three.", "id": "no", "source": None}
    [own] = read(write(tmp_path / "t.jsonl", [row]), id="nr", sources="wire", derivative="text")
    assert own.id == "7"
    assert own.sources == (Part("7:source1", "One."), Part("7:source2", "Two."))
    assert own.columns == {"id": "no"}
    with pytest.raises(InputError, match="wire: no such column is needed; there are id, source"):
        find([str(tmp_path / "t.jsonl")], {"wire": "source"})


def test_several_sources_in_a_cell(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "sources": '["One.", "Two."]', "derivative": "x"},
        {"id": "b", "sources": "One.", "derivative": "x"},
    ]
    first, second = read(write(tmp_path / "t.csv", rows))
    assert [own.text for own in first.sources] == ["One.", "Two."]
    assert second.trouble == (Kind.UNREADABLE, "sources is no list of texts")


def test_paths_count_from_the_table(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    rows = [
        {"derivative_path": "d.md", "source_path": "s.md"},
        {"id": "b", "derivative_path": "/d.md", "source_paths": ["s.md", "../t.md"]},
    ]
    first, second = read(write(tmp_path / "in" / "t.jsonl", rows))
    assert (first.id, first.derivative, first.sources) == (
        "d.md", Part(str(tmp_path / "in" / "d.md")), (Part(str(tmp_path / "in" / "s.md")),)
    )  # fmt: skip
    assert second.derivative.name == str(Path("/d.md"))
    before = first.stamp
    (tmp_path / "in" / "s.md").write_text("there now")
    assert read(tmp_path / "in" / "t.jsonl")[0].stamp != before


def test_folders_and_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (10, 2, 1):
        folder = tmp_path / "pairs" / f"p{number}"
        folder.mkdir(parents=True)
        (folder / "source2.md").write_text("x")
        (folder / "source.txt").write_text("x")
        (folder / "derivative.html").write_text("x")
    (tmp_path / "pairs" / "p2" / "derivative.html").unlink()
    (tmp_path / "pairs" / "none").mkdir()
    one, two, ten = read(tmp_path / "pairs")
    assert (one.id, two.id, ten.id) == ("p1", "p2", "p10")
    assert [Path(own.name).name for own in one.sources] == ["source.txt", "source2.md"]
    assert two.trouble
    assert two.trouble[1].endswith("has no derivative (.txt, .md or another form)")
    (tmp_path / "tables").mkdir()
    write(tmp_path / "tables" / "b.jsonl", ROWS[:1])
    write(tmp_path / "tables" / "a.csv", ROWS[1:])
    monkeypatch.chdir(tmp_path)
    assert [own.id for own in read("tables")] == ["b", "a"]
    assert [own.id for own in read("tables/*.jsonl", "tables")] == ["a", "b"]
    assert [own.id for own in read("**/*.csv", tmp_path / "pairs")] == ["b", "p1", "p2", "p10"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no.jsonl", "no.jsonl: no such file or folder"),
        ("*.jsonl", "no file is like this pattern"),
        ("empty", "holds neither a table"),
        ("text.txt", "text.txt: is no table; its name must end in one of .jsonl"),
    ],
)
def test_what_is_no_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.txt").write_text("x")
    with pytest.raises(InputError) as error:
        find([name], {})
    assert told in str(error.value)


# --- hostile rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "is no JSON in UTF-8"),
        ("[1]", "is no JSON object"),
        ("null", "is no JSON object"),
        (b"\xff\xfe{}", "is no JSON in UTF-8"),
        ("[" * 100_000, "nested too deeply"),
        ('{"id": ' + "9" * 5000 + "}", "is no JSON in UTF-8"),
        ("{}", "has no id"),
        ('{"id": true, "source": "x", "derivative": "x"}', "has no id"),
        ('{"id": {}, "source": "x", "derivative": "x"}', "has no id"),
        ('{"id": "a", "source": "x"}', "has no derivative"),
        ('{"id": "a", "source": 5, "derivative": "x"}', "source is no text but int"),
        ('{"id": "a", "source": "x", "derivative": ["x"]}', "derivative is no text but list"),
        ('{"id": "a", "sources": {"a": 1}, "derivative": "x"}', "sources is no list of texts"),
        ('{"id": "a", "sources": [1], "derivative": "x"}', "source is no text but int"),
        ('{"id": "a", "source_path": "a\\u0000b", "derivative": "x"}', "source_path is no path"),
        ('{"id": "a", "source": "x", "derivative_path": 3}', "derivative_path is no path"),
        ('{"id": "before", "source": "x", "derivative": "x"}', "row 1 has the id 'before' already"),
    ],
)
def test_hostile_lines(tmp_path: Path, line: str | bytes, told: str) -> None:
    path = tmp_path / "t.jsonl"
    fine = b'{"id": "%s", "source": "x", "derivative": "x"}\n'
    hostile = line if isinstance(line, bytes) else line.encode()
    path.write_bytes(b"\xef\xbb\xbf" + fine % b"before" + hostile + b"\n" + fine % b"after")
    first, odd, last = read(path)
    assert (first.trouble, last.trouble, last.number) == (None, None, 3)
    assert odd.trouble
    assert told in odd.trouble[1]
    kind = Kind.DOUBLED if "already" in told else Kind.UNREADABLE
    assert odd.trouble[0] is kind


def test_odd_values_are_carried(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(
        '{"id": "\\ud800", "source": "x", "derivative": "\\udfff", "n": NaN, "i": 1e999, '
        '"l": [1, "\\ud800"], "\\ud800": null, "t": true, "d": {"a": 1}}\n'
    )
    [own] = read(path)
    assert (own.id, own.derivative.text) == ("\ufffd", "\ufffd")
    assert own.columns == {
        "n": "NaN", "i": "inf", "l": '[1, "\\ud800"]', "\ufffd": None, "t": True, "d": '{"a": 1}'
    }  # fmt: skip


def test_a_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LINE", 1000)
    monkeypatch.setattr(tables, "CHUNK", 100)
    fine = '{"id": "a", "source": "x", "derivative": "x"}\n'
    (tmp_path / "t.jsonl").write_text('{"id": "' + "x" * 5000 + '"}\n' + fine)
    odd, last = read(tmp_path / "t.jsonl")
    assert odd.trouble == (Kind.TOO_LARGE, f"{tmp_path / 't.jsonl'}:1: the line is longer than 1,000 bytes")
    assert last.id == "a"
    (tmp_path / "t.csv").write_text("id,source,derivative\nb," + "x" * 5000 + ",y\na,x,y\n")
    odd, last = read(tmp_path / "t.csv")
    assert odd.trouble
    assert last.id == "a"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"a,x\n", "has 2 cells, the head has 3"),
        (b"a,x,y,z\n", "has 4 cells, the head has 3"),
        (b"a,\xff,y\n", "is not in UTF-8"),
        (b'a,"x"y,z\n', "is no CSV"),
        (b"a,\x00,y\n", None),
        (b'a,"x\ny",z\n', None),
        (b"\n\n", None),
    ],
)
def test_hostile_records(tmp_path: Path, data: bytes, told: str | None) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,source,derivative\n" + data + b"last,x,y\n")
    *odd, last = read(path)
    assert (last.id, last.trouble) == ("last", None)
    if told:
        assert odd[0].trouble
        assert told in odd[0].trouble[1]
    else:
        assert not any(own.trouble for own in odd)


def test_an_open_quote_ends_no_run(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('id,source,derivative\na,x,y\nb,"x,y\nc,x,y\n')
    first, odd = read(tmp_path / "t.csv")
    assert (first.id, first.trouble) == ("a", None)
    assert odd.trouble


def test_tables_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl.gz").write_bytes(b"not packed")
    (tmp_path / "t.csv").write_text("id,id\n1,2\n")
    for name, told in (("t.jsonl.gz", "cannot be read"), ("t.csv", "two columns are called 'id'")):
        with pytest.raises(InputError, match=told):
            read(tmp_path / name)
    cut = gzip.compress(b'{"id": "a"}\n' * 1000)[:-20]
    (tmp_path / "t.jsonl.gz").write_bytes(cut)
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "t.jsonl.gz")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "head.csv").write_text("id,source,derivative\n")
    assert read(tmp_path / "empty.csv", tmp_path / "head.csv") == []


def test_parquet_that_is_none(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow (claimdiff[batch])")
    (tmp_path / "t.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        read(tmp_path / "t.parquet")


def test_parquet_types(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow (claimdiff[batch])")
    from pyarrow import parquet

    data = arrow.table(
        {
            "id": arrow.array([1]), "sources": arrow.array([["x", "y"]]), "derivative": arrow.array(["z"]),
            "day": arrow.array([0], arrow.date32()), "at": arrow.array([0], arrow.timestamp("us")),
            "raw": arrow.array([b"\xff"]),
        }
    )  # fmt: skip
    parquet.write_table(data, tmp_path / "t.parquet")
    [own] = read(tmp_path / "t.parquet")
    assert (own.id, len(own.sources)) == ("1", 2)
    assert own.columns == {"day": "1970-01-01", "at": "1970-01-01T00:00:00", "raw": "b'\\xff'"}


def test_ids_leave_no_file() -> None:
    with Ids() as ids:
        assert ids.new(Row(1, "a")).trouble is None
        assert ids.new(Row(2, "")).trouble is None
        assert ids.new(Row(3, "")).trouble is None
        assert ids.new(Row(4, "a")).trouble == (Kind.DOUBLED, "row 1 has the id 'a' already")
    with pytest.raises(sqlite3.ProgrammingError):
        ids.new(Row(5, "b"))

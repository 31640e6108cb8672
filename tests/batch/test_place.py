"""Input and output in a store that fsspec knows: the same bytes as on a disk, also from one that fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_fakes import plan
from test_kill import content

from claimdiff.batch import manifest, place
from claimdiff.batch.inputs import Reading, find
from claimdiff.batch.manifest import OtherRunError
from claimdiff.batch.parts import WriteError
from claimdiff.batch.place import Draft, save
from claimdiff.batch.remote import Remote
from claimdiff.batch.row import Kind, Row
from claimdiff.batch.run import run
from claimdiff.cli import main
from claimdiff.errors import InputError

fsspec = pytest.importorskip("fsspec", reason="URLs need fsspec (claimdiff[cluster])")
from fsspec.implementations.memory import MemoryFileSystem  # noqa: E402

SAID = "The mayor said the bridge may close in May. The work costs 12 million euros."
WILL = SAID.replace("may close", "will close")


class Breaking(MemoryFileSystem):  # type: ignore[misc]
    """A store of which an upload ends in its middle, at the one that `left` counts down to; a half of the
    file stays there."""

    protocol = "breaking"
    store: dict[str, Any] = {}  # noqa: RUF012
    pseudo_dirs = [""]  # noqa: RUF012
    left = -1

    def put_file(self, lpath: str, rpath: str, **given: Any) -> None:
        data = Path(lpath).read_bytes()
        Breaking.left -= 1
        if Breaking.left == 0:
            self.pipe_file(rpath, data[: len(data) // 2])
            raise RuntimeError("the line to sftp://me:secret@host is down")
        self.pipe_file(rpath, data)


class Lossy(MemoryFileSystem):  # type: ignore[misc]
    """A store that keeps the half of a file and says nothing."""

    protocol = "lossy"
    store: dict[str, Any] = {}  # noqa: RUF012
    pseudo_dirs = [""]  # noqa: RUF012

    def put_file(self, lpath: str, rpath: str, **given: Any) -> None:
        data = Path(lpath).read_bytes()
        self.pipe_file(rpath, data[: len(data) // 2])


@pytest.fixture(autouse=True)
def stores() -> Iterator[None]:
    for own in (Breaking, Lossy):
        fsspec.register_implementation(own.protocol, own, clobber=True)
    for own in (MemoryFileSystem, Breaking, Lossy):
        own.store.clear()
        own.pseudo_dirs[:] = [""]
    Breaking.left = -1
    yield
    for own in (MemoryFileSystem, Breaking, Lossy):
        own.store.clear()


def put(url: str, text: str) -> None:
    store, path = fsspec.core.url_to_fs(url)
    store.pipe_file(path, text.encode())


def held(url: str) -> dict[str, bytes]:
    """The files below a URL, by name."""
    store, path = fsspec.core.url_to_fs(url)
    store.invalidate_cache()
    return {own[len(path) :].strip("/"): store.cat_file(own) for own in sorted(store.find(path))}


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


# --- through the command ----------------------------------------------------------------------------


@pytest.fixture
def batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    monkeypatch.chdir(tmp_path)

    def running(*args: str) -> tuple[int, str]:
        usual = ["--processes", "1", "--today", "2026-01-01", "--reports", "1", "--partition-size", "2"]
        code = main(["batch", *args, *usual])
        return code, capsys.readouterr().err

    return running


def test_the_command_reads_and_writes_stores(batch: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """What it writes to a store is what it writes to a folder, but for the names of the input."""
    rows = [{"id": f"p{at}", "source": SAID, "derivative": (SAID, WILL)[at % 2]} for at in range(5)]
    for at, name in enumerate(("a.jsonl", "b.jsonl", "c.csv", "more/d.jsonl")):
        own = [row | {"id": f"{row['id']}{at}"} for row in rows]
        text = lines(own)
        if name.endswith(".csv"):
            text = "id,source,derivative\n" + "".join(
                ",".join(map(json.dumps, row.values())) + "\n" for row in own
            )
        put(f"memory://desk/in/{name}", text)
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")
    assert batch("in/*.jsonl", "in/c.csv", "-o", "out")[0] == 0
    assert batch("memory://desk/in/*.jsonl", "memory://desk/in/c.csv", "-o", "memory://desk/out") == (
        0, "15 pairs: 9 pass, 6 blocked; start at memory://desk/out/summary.html\n"
    )  # fmt: skip
    near, far = content(tmp_path / "out"), held("memory://desk/out")
    assert json.loads(far.pop("manifest.json"))["input"][0]["name"] == "memory://desk/in/a.jsonl"
    near.pop("manifest.json")
    assert far == near
    assert batch("memory://desk/in", "-o", f"file://{tmp_path}/whole")[0] == 0
    assert (tmp_path / "whole" / "summary.html").exists()
    again = batch(
        "memory://desk/in/*.jsonl", "memory://desk/in/c.csv", "-o", "memory://desk/out", "--restart"
    )
    assert again[0] == 0
    far = held("memory://desk/out")
    far.pop("manifest.json")
    assert far == near


def test_paths_in_rows(batch: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """Processes fetch the files that they judge themselves, so this store is one that they see too."""
    (tmp_path / "store" / "texts").mkdir(parents=True)
    for name, text in (("a.txt", SAID), ("b.md", WILL)):
        (tmp_path / "store" / "texts" / name).write_text(text, encoding="utf-8")
    away = f"simplecache::file://{tmp_path}/store"
    rows = [
        {"id": "x", "source_path": "../texts/a.txt", "derivative_path": "../texts/b.md"},
        {"source_path": f"{away}/texts/a.txt", "derivative_path": f"file://{tmp_path}/store/texts/b.md"},
        {"id": "gone", "source_path": "none.txt", "derivative_path": "../texts/b.md"},
        {"id": "own", "source_path": "../texts/b.md", "derivative_path": "../texts/b.md"},
        {"id": "pw", "source_path": "sftp://me:secret@host/a", "derivative_path": "../texts/b.md"},
        {"id": "odd", "source_path": "nonsense://host/a", "derivative_path": "../texts/b.md"},
    ]
    (tmp_path / "store" / "in").mkdir()
    (tmp_path / "store" / "in" / "t.jsonl").write_text(lines(rows))
    (tmp_path / "claimdiff.toml").write_text(f'[[overrides]]\npaths = ["{away}/texts/*"]\nfail-on = "none"\n')
    assert batch(f"{away}/in/t.jsonl", "-o", "out")[0] == 2
    files = sorted(tmp_path.glob("out/comparisons-*"))
    told = [json.loads(line) for own in files for line in own.read_text().splitlines()]
    assert [own["outcome"] for own in told] == ["review", "block", *["error"] * 4]
    assert [own["reason"] for own in told[2:]] == [
        f"{away}/in/none.txt: no such file; check the path",
        f"{away}/texts/b.md: is named as its own source",
        "source_path: sftp://***@host/a: holds a password, and addresses are written to the results; leave "
        "it to the environment or to fsspec's configuration",
        "nonsense://host/a: cannot be opened (Protocol not known: nonsense)",
    ]
    assert b"secret" not in b"".join(content(tmp_path / "out").values())


def test_wrong_urls(
    batch: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("memory://desk/a.jsonl", lines([{"id": "x", "source": SAID, "derivative": SAID}]))
    for args, told in (
        (["sftp://me:secret@host/a.jsonl", "-o", "out"], "sftp://***@host/a.jsonl: holds a password"),
        (["memory://desk/a.jsonl", "-o", "ftp://me:secret@host/a"], "ftp://***@host/a: holds a password"),
        (["memory://desk/none.jsonl", "-o", "out"], "memory://desk/none.jsonl: no such file or folder"),
        (["memory://desk/*.csv", "-o", "out"], "memory://desk/*.csv: no file is like this pattern"),
        (["memory://desk", "-o", "nonsense://x"], "nonsense://x: cannot be opened (Protocol not known"),
        (["nonsense://x/*.csv", "-o", "out"], "cannot be opened (Protocol not known"),
    ):
        code, err = batch(*args)
        assert (code, len(err.splitlines())) == (2, 1), err
        assert told in err
        assert "secret" not in err
    place_known = sys.modules["claimdiff.batch.remote"]._known
    place_known.cache_clear()
    monkeypatch.setitem(sys.modules, "fsspec", None)
    code, err = batch("memory://desk/a.jsonl", "-o", "out")
    assert (code, "pip install 'claimdiff[cluster]'" in err) == (2, True)
    assert not (tmp_path / "out").exists()


def test_nothing_local_needs_fsspec(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(lines([{"id": "x", "source": SAID, "derivative": SAID}]))
    code = (
        "import sys; from claimdiff.cli import main;"
        "main(['batch', 'in.jsonl', '-o', 'file://out', '--reports', '0', '--processes', '1']);"
        "assert not {'fsspec', 'dask', 'distributed'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=os.environ, check=True)
    assert (tmp_path / "out" / "summary.json").exists()


# --- stores that fail -------------------------------------------------------------------------------


def table(url: str, rows: int = 30) -> str:
    put(url, lines([{"id": f"p{at}", "source": "x", "derivative": "good"} for at in range(rows)]))
    return url


def planned(source: str, output: str, **given: Any) -> Any:
    return plan(source, place.place(output), **given)  # type: ignore[arg-type]


def test_an_upload_that_breaks(tmp_path: Path) -> None:
    """At each of its uploads in turn; whatever has its name then is whole, and the same run goes on."""
    source = table("memory://desk/in.jsonl", 12)
    run(planned(source, str(tmp_path / "near"), rows=5))
    near = content(tmp_path / "near")
    uploads = len(near)
    assert uploads == 10
    for at in range(1, uploads + 1):
        Breaking.store.clear()
        Breaking.left = at
        with pytest.raises(WriteError) as caught:
            run(planned(source, "breaking://desk/out", rows=5))
        assert "the line to sftp://***@host is down" in str(caught.value)
        found = {name: own for name, own in held("breaking://desk/out").items() if name[0] != "."}
        assert all(near[name] == own for name, own in found.items())
        run(planned(source, "breaking://desk/out", rows=5))
        assert {name: own for name, own in held("breaking://desk/out").items() if name[0] != "."} == near


def test_a_store_that_loses_what_it_gets() -> None:
    with pytest.raises(WriteError, match="the store has not kept all of the file"):
        run(planned(table("memory://desk/in.jsonl"), "lossy://desk/out"))


def test_killed_between_two_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends when the first of a partition's three files stands does that partition again."""
    source, puts = table("memory://desk/in.jsonl"), []
    true = Draft.put

    class Killed(BaseException):
        pass

    def put(own: Draft) -> None:
        true(own)
        puts.append(own)
        if len(puts) == 6:
            raise Killed

    monkeypatch.setattr(Draft, "put", put)
    monkeypatch.setattr(Draft, "drop", lambda own: own.file.close())  # a killed run tidies nothing
    with pytest.raises(Killed):
        run(planned(source, "memory://desk/out"))
    monkeypatch.undo()
    assert run(planned(source, "memory://desk/out")).before == 7
    run(planned(source, "memory://desk/calm"))
    found = {name: own for name, own in held("memory://desk/out").items() if name[0] != "."}
    assert found == held("memory://desk/calm")


def test_parquet_in_a_store() -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow (claimdiff[batch])")
    source = table("memory://desk/in.jsonl", 9)
    own = planned(source, "memory://desk/out", form="parquet")
    run(own)
    assert [row["row"] for at in range(2) for row in own.parts.pairs(at)] == list(range(1, 10))
    assert run(own).before == 9


def test_two_runs_in_one_folder() -> None:
    """There is no lock; the one that finds the manifest of another stops before it writes."""
    source = table("memory://desk/in.jsonl")
    own = planned(source, "memory://desk/out")
    seen = []

    def heard(state: Any) -> None:
        if state.done > 10 and not seen:
            seen.append(state.done)
            other = planned(source, "memory://desk/out", rows=3)
            save(place.place("memory://desk/out/manifest.json"), other.manifest.text().encode())

    with pytest.raises(OtherRunError, match="another run has begun there meanwhile"):
        run(own, heard)
    assert 0 < own.parts.count() < 4
    put("memory://desk/mine/a.txt", "mine")
    with pytest.raises(OtherRunError, match=r"holds a\.txt and no run"):
        run(planned(source, "memory://desk/mine"))
    assert manifest.day(place.place("memory://desk/out")) is None


# --- names ------------------------------------------------------------------------------------------


def test_names_of_places() -> None:
    assert place.place("a/b") == Path("a/b")
    assert place.place("file:///a/b") == Path("/a/b")
    assert place.place("C:/a") == Path("C:/a")
    assert place.place("a::b.jsonl") == Path("a::b.jsonl")
    own = place.place("s3://bucket/in/t.jsonl.gz")
    assert isinstance(own, Remote)
    assert (own.name, own.stem, own.suffix) == ("t.jsonl.gz", "t.jsonl", ".gz")
    assert str(own.parent / "../x/./a b.txt") == "s3://bucket/x/a b.txt"
    assert str(own.with_name(".t")) == "s3://bucket/in/.t"
    chained = place.place("zip://in/a.csv::s3://bucket/x.zip")
    assert isinstance(chained, Remote)
    assert str(chained.parent / "b.csv") == "zip://in/b.csv::s3://bucket/x.zip"
    cached = place.place("simplecache::s3://bucket/in")
    assert str(cached / "a") == "simplecache::s3://bucket/in/a"
    with pytest.raises(InputError, match=r"^https://\*\*\*@host/x: holds a password"):
        place.place("https://a:b@host/x")


def test_a_store_as_input() -> None:
    """Folders of tables, a folder of pairs, patterns with folders, and a file that is packed."""
    for name in ("in/b.jsonl", "in/a.jsonl", "in/notes.txt", "deep/1/x.jsonl", "deep/2/x.jsonl"):
        put(f"memory://desk/{name}", lines([{"id": name, "source": "x", "derivative": "good"}]))
    for name in ("one/source.txt", "one/derivative.txt", "ten/source2.md", "ten/source1.md"):
        put(f"memory://desk/pairs/{name}", "x")

    def rows(*names: str) -> list[Row]:
        return list(find(names, {}).rows(Reading(0)))

    assert [own.id for own in rows("memory://desk/in")] == ["in/a.jsonl", "in/b.jsonl"]
    assert [own.id for own in rows("memory://desk/deep/*/x.jsonl")] == ["deep/1/x.jsonl", "deep/2/x.jsonl"]
    one, ten = rows("memory://desk/pairs")
    assert one.derivative.name == "memory://desk/pairs/one/derivative.txt"
    assert ten.trouble == (
        Kind.UNREADABLE,
        "memory://desk/pairs/ten: has no derivative (.txt, .md or another form)",
    )
    assert len(rows("memory://desk/in/a.jsonl", "memory://desk/in")) == 2


def test_a_table_in_a_zip_file_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as file:
        file.writestr("t.csv", "id\n" + "x\n" * 100_000)
    found = place.place(f"zip://t.csv::{tmp_path}/t.zip")
    with found.open() as opened:
        assert opened.read() == b"id\n" + b"x\n" * 100_000

"""`claimdiff batch --archive`: rows that name no source are compared with what they were likely made from."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from batch_fakes import MAKER, plan, tasks
from test_kill import content

from claimdiff import cache
from claimdiff.batch import rows as made
from claimdiff.batch import work
from claimdiff.batch.archive import Archive, ArchiveError
from claimdiff.batch.row import Kind, Part, Row
from claimdiff.batch.rows import Done, Maker
from claimdiff.batch.run import ChangedError, run
from claimdiff.batch.work import Setup
from claimdiff.checking import Desk
from claimdiff.cli import main
from claimdiff.gate.config import Config
from claimdiff.trace import Index, Reading, update

LOCK = """The lock at Aldmere will be closed for nine weeks from 4 October, the canal board said.

Engineer Petra Vos said 38 gates may need new hinges. Boats can use the branch at Tilworth.
"""
BAKERY = """A bakery in Corrin has hired 26 apprentices, its owner Milo Arden said on Friday.

They will be paid 410 crowns a week. The bakery sells 9,000 loaves a day to schools.
"""
PARK = """A park in Selby Down opened its gates after a storm, a warden said. No tree fell.
"""
ARTICLES = {"lock": LOCK, "bakery": BAKERY, "park": PARK}
BENT = LOCK.replace("may need", "will need").replace("nine weeks", "ten weeks")
TWO = LOCK + "\n" + BAKERY.replace("26 apprentices", "28 apprentices")
SNOW = "Snow fell on three hikers and their dog in the hills above the village."
ROWS: list[dict[str, Any]] = [
    {"id": "bent", "derivative": BENT, "outlet": "Post"},
    {"id": "named", "source": BAKERY, "derivative": LOCK + BAKERY, "outlet": "Echo"},
    {"id": "cell", "source": "", "sources": None, "derivative": BENT},
    {"id": "two", "derivative": TWO},
    {"id": "snow", "derivative": SNOW},
    {"id": "itself", "derivative": LOCK},
    {"id": "blank", "derivative": " "},
]


class Result(NamedTuple):
    code: int
    err: str


@pytest.fixture
def batch(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs the command in a folder with in.jsonl and wire.jsonl; the caches are there, too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMDIFF_CACHE_DIR", str(tmp_path / "caches"))
    cache.engine_signature.cache_clear()  # so that nobody need leave the program alone while tests run
    write(ARTICLES)
    table(ROWS)

    def running(*args: str | Path, output: str = "out", archive: str = "wire.jsonl") -> Result:
        given = ["in.jsonl", "-o", output, "--archive", archive, "--processes", "1", "--reports", "0"]
        code = main(["batch", *given, "--today", "2026-01-01", "--no-config", *map(str, args)])
        captured = capsys.readouterr()
        assert captured.out == ""
        return Result(code, captured.err)

    return running


def table(rows: Sequence[dict[str, Any]]) -> None:
    Path("in.jsonl").write_text("".join(json.dumps(own) + "\n" for own in rows), encoding="utf-8")


def write(articles: dict[str, str], place: str = "wire.jsonl") -> None:
    lines = [json.dumps({"id": name, "text": text}) + "\n" for name, text in articles.items()]
    Path(place).write_text("".join(lines), encoding="utf-8")


def lines(name: str, folder: str = "out") -> list[dict[str, Any]]:
    files = sorted(Path(folder).glob(f"{name}-*.jsonl"))
    return [json.loads(line) for own in files for line in own.read_text(encoding="utf-8").splitlines()]


def test_sources_are_found(batch: Callable[..., Result]) -> None:
    done = batch("--reports", "3", "--by", "outlet")
    assert done.code == 3
    told, last = done.err.splitlines()
    assert told == "indexed wire.jsonl: 3 articles new, 0 changed, 0 gone"
    assert last.startswith("7 pairs: ") and "3 not judged (2 no source, 1 not comparable)" in last
    found = {own["pair"]: own for own in lines("comparisons")}
    assert [own["name"] for own in found["bent"]["traced"]] == ["wire.jsonl#lock"]
    assert 0.5 < found["bent"]["traced"][0]["score"] < 1
    assert len(found["bent"]["traced"][0]["digest"]) == 16
    assert found["cell"]["traced"] == found["bent"]["traced"]
    assert {own["name"] for own in found["two"]["traced"]} == {"wire.jsonl#lock", "wire.jsonl#bakery"}
    assert found["named"]["traced"] is None
    assert found["bent"]["findings"] == found["cell"]["findings"] == 2
    assert found["bent"]["columns"] == {"outlet": "Post"}
    for name, kind, reason in (
        ("snow", "no source", "no likely source among the 3 articles of wire.jsonl"),
        ("itself", "no source", "; wire.jsonl#lock is the text itself"),
        ("blank", "not comparable", "blank: holds no words to search for"),
    ):
        own = found[name]
        assert (own["outcome"], own["trouble"], own["traced"]) == ("error", kind, [])
        assert reason in own["reason"]
    names = {(own["pair"], own["document"]): own["name"] for own in lines("statements")}
    assert names["bent", "s"] == "wire.jsonl#lock"
    assert names["two", "s1"] == found["two"]["traced"][0]["name"]
    assert {own["source_document"] for own in lines("findings") if own["pair"] == "bent"} == {"s"}
    told = json.loads(Path("out/summary.json").read_text(encoding="utf-8"))
    assert told["traced"] == {"pairs": 6, "without_source": 2}
    for page in ("summary.md", "summary.html"):
        text = Path("out", page).read_text(encoding="utf-8")
        assert "Sources looked for in the archive: 6, of them 2 not found." in text
    report = Path("out/reports/000001.html").read_text(encoding="utf-8")
    assert "wire.jsonl#lock" in report


def test_it_says_what_trace_and_check_say(batch: Callable[..., Result]) -> None:
    """The same findings as against the source by name, and the sources that the trace finds."""
    table([{"id": "two", "derivative": TWO}, {"id": "twice", "sources": [LOCK, BAKERY], "derivative": TWO}])
    assert batch().code == 0
    traced, named = lines("comparisons")
    order = [own["name"] for own in traced["traced"]]
    Path("two.txt").write_text(TWO, encoding="utf-8")
    assert main(["trace", "two.txt", "--archive", "wire.jsonl", "--format", "json", "-o", "t.json"]) == 0
    told = json.loads(Path("t.json").read_text(encoding="utf-8"))["candidates"]
    assert order == [own["name"] for own in told if own["likely"]]
    same = ("outcome", "drift", "coverage", "support", "findings", "types", "failures")
    assert [traced[name] for name in same] == [named[name] for name in same]


def test_a_folder_of_files(batch: Callable[..., Result]) -> None:
    for name, text in ARTICLES.items():
        Path("wire/2031").mkdir(parents=True, exist_ok=True)
        Path("wire/2031", f"{name}.txt").write_text(text, encoding="utf-8")
    Path("wire/odd.html").write_bytes(b"")
    Path("here.md").write_text(BENT, encoding="utf-8")
    table([{"derivative_path": "here.md"}])
    done = batch(archive="wire")
    assert done.code == 0
    assert "1 text of the archive could not be read:\n  odd.html: " in done.err
    [own] = lines("comparisons")
    assert (own["pair"], own["traced"][0]["name"]) == ("here.md", "2031/lock.txt")
    assert {line["name"] for line in lines("statements")} == {"here.md", "2031/lock.txt"}
    assert len(list(Path("caches/trace").glob("*.sqlite"))) == 1


def test_processes_and_the_index_change_nothing(batch: Callable[..., Result]) -> None:
    """The same bytes from one process and from two, and from an index that saw other articles before."""
    assert batch("--reports", "2", "--partition-size", "2").code == 3
    write({**ARTICLES, "more": TWO})
    assert batch(output="between").code == 3
    write(dict(reversed(ARTICLES.items())))
    assert batch(output="reversed").code == 3
    write(ARTICLES)
    again = batch("--reports", "2", "--partition-size", "2", "--processes", "2", output="two")
    assert again.code == 3
    assert content(Path("two")) == content(Path("out"))
    anew = batch("--reports", "2", "--partition-size", "2", "--index", "anew.sqlite", output="anew")
    assert anew.code == 3
    assert content(Path("anew")) == content(Path("out"))
    assert sorted(own.name for own in Path().glob("anew.sqlite*")) == ["anew.sqlite", "anew.sqlite-lock"]


def test_a_run_goes_on(batch: Callable[..., Result]) -> None:
    size = ("--partition-size", "2")
    assert batch(*size).code == 3
    whole = content(Path("out"))
    for name in ("comparisons-00001.jsonl", "comparisons-00003.jsonl", "summary.json"):
        Path("out", name).unlink()
    shutil.rmtree("caches")
    assert batch(*size).code == 3
    assert content(Path("out")) == whole


def test_a_changed_archive_is_another_run(batch: Callable[..., Result]) -> None:
    assert batch().code == 3
    whole = content(Path("out"))
    write({**ARTICLES, "snow": SNOW + " Nobody was hurt."})
    refused = batch()
    assert refused.code == 2
    assert (
        "out: holds a run with other archive content; name another folder, or give --restart" in refused.err
    )
    assert content(Path("out")) == whole
    shutil.copy("wire.jsonl", "other.jsonl")
    assert "with other archive, archive content;" in batch(archive="other.jsonl").err
    assert main(["batch", "in.jsonl", "-o", "out", "--no-config", "--today", "2026-01-01"]) == 2
    assert batch("--restart").code == 3
    assert [own["name"] for own in lines("comparisons")[4]["traced"]] == ["wire.jsonl#snow"]
    write(ARTICLES)
    Path("wire.jsonl").touch()
    assert batch("--restart").code == 3
    assert content(Path("out")) == whole


def test_parquet_holds_the_same(batch: Callable[..., Result]) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow (claimdiff[batch])")
    from pyarrow import parquet

    assert batch().code == 3
    assert batch("--to", "parquet", output="packed").code == 3
    found = parquet.read_table("packed/comparisons-00000.parquet").to_pylist()
    assert [own["traced"] for own in found] == [own["traced"] for own in lines("comparisons")]
    told = [json.loads(Path(own, "summary.json").read_text(encoding="utf-8")) for own in ("out", "packed")]
    assert told[0]["traced"] == told[1]["traced"]


def test_without_an_archive_a_source_is_needed(batch: Callable[..., Result]) -> None:
    assert main(["batch", "in.jsonl", "-o", "out", "--no-config", "--reports", "0"]) == 2
    found = lines("comparisons")
    assert [own["trouble"] for own in found[:3]] == ["unreadable", None, "not comparable"]
    assert found[0]["reason"].startswith("has no source; ")
    assert [own["traced"] for own in found] == [None] * len(ROWS)


def test_a_cluster_finds_the_same(batch: Callable[..., Result], tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="a cluster needs Dask (claimdiff[cluster])")
    if os.name == "nt":
        pytest.skip("workers need a system that hands on open files")
    import test_cluster as clusters

    from claimdiff.batch import worker

    worker.program.cache_clear()
    assert batch().code == 3
    (tmp_path / "cluster").mkdir()  # the workers run elsewhere than the command
    dask = clusters.start(tmp_path / "cluster", 1)
    try:
        assert batch("--scheduler", dask.address, output="far").code == 3
    finally:
        clusters.end(dask)
    assert content(Path("far")) == content(Path("out"))


@pytest.mark.parametrize("where", ["wire/audit", "wire"])
def test_results_are_not_written_into_the_archive(batch: Callable[..., Result], where: str) -> None:
    Path("wire").mkdir()
    done = batch(output=where, archive="wire")
    assert done.code == 2
    assert f"{where}: lies in the archive" in " ".join(done.err.split())
    assert not list(Path("wire").iterdir())


def test_wrong_usage(batch: Callable[..., Result]) -> None:
    assert "nope: no such file or folder" in batch(archive="nope").err
    assert main(["batch", "in.jsonl", "-o", "out", "--index", "i.sqlite"]) == 2
    assert not Path("out").exists()


# --- in the process ---------------------------------------------------------------------------------


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    """What a process judges with: an archive of three articles and its index."""
    monkeypatch.chdir(tmp_path)
    cache.engine_signature.cache_clear()
    write(ARTICLES)
    place, how = Path("wire.jsonl").resolve(), Reading()
    index = Index(tmp_path / "index.sqlite", how)
    update(index, place, how)
    own = Archive("wire.jsonl", place, index.path, how, index.content())
    index.close()
    return Setup(Desk(Config(tmp_path), {}, "2026-01-01"), Maker("0", cache.engine_signature()), own)


ROW = Row(1, "bent", derivative=Part("bent", BENT))


def bring_up_to_date(own: Archive) -> None:
    index = Index(own.index, own.how)
    update(index, own.place, own.how)
    index.close()


def test_an_archive_without_articles_is_refused(batch: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "broken.jsonl").write_text("{\n")
    for archive in ("bare", "broken.jsonl"):
        done = batch(archive=archive)
        assert done.code == 2
        assert done.err.endswith(
            f"claimdiff: error: {archive}: the archive holds no article; check the path\n"
        )
    assert not (tmp_path / "out").exists()


def test_an_archive_that_changes_ends_the_run(setup: Setup) -> None:
    assert setup.archive
    work.start(setup)
    assert work.do(setup, ROW).outcome == "block"
    write({**ARTICLES, "lock": LOCK + "More."})  # an article is not as the index knows it
    done = work.do(setup, ROW)
    assert (done.outcome, done.lines) == ("stop", (b"", b"", b""))
    assert done.reason.startswith("wire.jsonl#lock: is not as the index of wire.jsonl knows it; ")
    assert done.reason.endswith("or begin anew with --restart")
    bring_up_to_date(setup.archive)  # another program takes notice of it
    done = work.do(setup, ROW)
    assert done.outcome == "stop"
    assert "is not the index of wire.jsonl as this run began with it" in done.reason
    with pytest.raises(ArchiveError, match="as this run began with it"):
        work.start(setup)
    write(ARTICLES)
    bring_up_to_date(setup.archive)
    work.start(setup)
    assert work.do(setup, ROW).outcome == "block"


def stopping(setup: Any, row: Row) -> Done:
    good = made.error(row, Kind.CRASHED, "", MAKER)
    return made.stop(row, "the archive has changed") if row.number == 3 else good


def test_the_run_ends_without_what_is_half_done(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"id": f"p{at}", "derivative": "x"}) + "\n" for at in range(6)))
    own = plan(source, tmp_path / "out", rows=2)
    with pytest.raises(ChangedError, match="the archive has changed"):
        run(replace(own, tasks=replace(tasks(), do=stopping)))
    names = [name for name in content(tmp_path / "out") if name.startswith("comparisons")]
    assert names == ["comparisons-00000.jsonl"]


def test_a_machine_without_the_archive_says_so(setup: Setup) -> None:
    assert setup.archive
    for own, told in (
        (replace(setup.archive, place=Path("gone.jsonl")), "gone.jsonl: the archive is not there; every"),
        (replace(setup.archive, index=Path("gone.sqlite")), "gone.sqlite: the archive's index is not there"),
        (replace(setup.archive, how=Reading(form="html")), "made with other options for reading; every"),
    ):
        with pytest.raises(ArchiveError, match="needs the archive and its index at the same path") as raised:
            work.start(replace(setup, archive=own))
        assert told in str(raised.value)
    assert not Path("gone.sqlite").exists()


def test_a_row_that_took_too_long_was_to_be_traced(setup: Setup) -> None:
    failed = work.tasks(setup).failed
    done = failed(ROW, Kind.TIMED_OUT, "took longer than 1 second")
    assert json.loads(done.lines[0])["traced"] == []
    done = failed(replace(ROW, sources=(Part("s", LOCK),)), Kind.TIMED_OUT, "took longer than 1 second")
    assert json.loads(done.lines[0])["traced"] is None

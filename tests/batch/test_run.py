"""Processes that die, hang or raise; what a folder holds already; what the summary says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from batch_fakes import failed, plan, tasks

from claimdiff.batch import pool as processes
from claimdiff.batch.finish import finish
from claimdiff.batch.manifest import Manifest, OtherRunError, alone
from claimdiff.batch.place import Draft
from claimdiff.batch.pool import Pool, PoolError
from claimdiff.batch.row import Kind, Part, Row
from claimdiff.batch.run import ChangedError, State, StrictError, run
from claimdiff.batch.summary import By, by, summarise
from claimdiff.errors import ClaimdiffError


def table(path: Path, derivatives: Sequence[str], **columns: Any) -> Path:
    rows = [
        {"id": f"p{at}", "source": "x", "derivative": own, **{k: v[at % len(v)] for k, v in columns.items()}}
        for at, own in enumerate(derivatives)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def pairs(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("comparisons-*.jsonl"))
    return [json.loads(line) for own in files for line in own.read_text(encoding="utf-8").splitlines()]


def troubles(folder: Path) -> dict[str, tuple[str, str]]:
    return {own["pair"]: (own["trouble"], own["reason"]) for own in pairs(folder) if own["trouble"]}


# --- processes ------------------------------------------------------------------------------------


def test_a_dying_process_costs_one_row(tmp_path: Path) -> None:
    once = tmp_path / "once"
    given = ["good", "exit 3", "good", "kill", f"once {once}", "raise odd", *["good"] * 6]
    source = table(tmp_path / "in.jsonl", given)
    state = run(plan(source, tmp_path / "out"))
    twice = "its process ended twice, the second time alone"
    assert troubles(tmp_path / "out") == {
        "p1": ("crashed", f"{twice} (exit code 3)"),
        "p3": ("crashed", f"{twice} (SIGKILL)"),
        "p5": ("crashed", f"{twice} (exit code 1)"),
    }
    assert once.exists()
    assert [own["row"] for own in pairs(tmp_path / "out")] == list(range(1, 13))
    assert state.kinds == {"crashed": 3}
    assert state.outcomes["error"] == 3


def test_the_second_try_is_alone(tmp_path: Path) -> None:
    given = [f"mark {tmp_path}", f"alone {tmp_path}", *[f"mark {tmp_path}"] * 4]
    run(plan(table(tmp_path / "in.jsonl", given), tmp_path / "out"))
    assert (tmp_path / "alone").read_text() == ""


def test_a_row_that_waits_in_a_process_is_not_lost(tmp_path: Path) -> None:
    """What was with a process beside the row that ended it, or took too long, is done by another; large rows
    wait for a process that is idle."""
    given = ["good", "exit 1", "good", "slow 60", "good", "kill", "good " + "x" * 300_000, *["good"] * 20]
    source = table(tmp_path / "in.jsonl", given)
    for number in (1, 2):
        output = tmp_path / f"out{number}"
        run(plan(source, output, processes=number, limit=0.5))
        assert [own["row"] for own in pairs(output)] == list(range(1, 28))
        assert {name: kind for name, (kind, _) in troubles(output).items()} == {
            "p1": "crashed", "p3": "timed out", "p5": "crashed"
        }  # fmt: skip


def test_nobody_works_beside_a_second_try(tmp_path: Path) -> None:
    """From its begin to its end."""
    folder = tmp_path / "marks"
    folder.mkdir()
    given = [f"mark {folder}", f"try {folder}", *[f"mark {folder}"] * 4]
    run(plan(table(tmp_path / "in.jsonl", given), tmp_path / "out", processes=3))
    assert (folder / "tried").read_text() == ""
    assert troubles(tmp_path / "out") == {}


def test_a_row_that_takes_too_long(tmp_path: Path) -> None:
    source = table(tmp_path / "in.jsonl", ["good", "slow 60", *["good"] * 5])
    run(plan(source, tmp_path / "out", limit=0.5))
    assert troubles(tmp_path / "out") == {"p1": ("timed out", "took longer than 0.5 seconds")}


def test_processes_are_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    true = Pool._start
    monkeypatch.setattr(Pool, "_start", lambda own: (begun.append(own), true(own)))
    rows = iter([Row(number, f"p{number}", derivative=Part("", "good")) for number in range(1, 10)])
    pool = Pool(tasks(), 1, lasts=3)
    try:
        assert [own.number for own in pool.work(rows)] == list(range(1, 10))
    finally:
        pool.close()
    assert len(begun) in (3, 4)


def refusing(setup: Any) -> None:
    raise ClaimdiffError("not today")


def dying(setup: Any) -> None:
    raise SystemExit(7)


@pytest.mark.parametrize(
    ("start", "told"), [(refusing, "not today"), (dying, r"no process for the work starts \(exit code 7\)")]
)
def test_processes_that_do_not_start(tmp_path: Path, start: Any, told: str) -> None:
    own = plan(table(tmp_path / "in.jsonl", ["good"]), tmp_path / "out")
    with pytest.raises(PoolError, match=told):
        run(replace(own, tasks=replace(tasks(), start=start)))
    assert not list((tmp_path / "out").glob("*.jsonl"))


def test_results_wait_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a slow row no more than a window is worked off, so that memory does not grow."""
    monkeypatch.setattr(processes, "WINDOW", 6)
    read = []

    def rows() -> Any:
        for number in range(1, 41):
            read.append(number)
            yield Row(number, f"p{number}", derivative=Part("", "slow 1" if number == 1 else "good"))

    pool = Pool(tasks(), 2)
    try:
        results = pool.work(rows())
        next(results)
        assert len(read) <= 6
        assert [own.number for own in results] == list(range(2, 41))
    finally:
        pool.close()


def test_trouble_of_the_input_needs_no_process(tmp_path: Path) -> None:
    rows = iter([Row(1, "a", trouble=(Kind.UNREADABLE, "why"))])
    pool = Pool(tasks(), 1)
    try:
        assert list(pool.work(rows)) == [failed(Row(1, "a"), Kind.UNREADABLE, "why")]
    finally:
        pool.close()


# --- what is there already ------------------------------------------------------------------------


def test_nothing_is_done_twice(tmp_path: Path) -> None:
    source, output = table(tmp_path / "in.jsonl", ["good"] * 20), tmp_path / "out"
    run(plan(source, output))
    before = {own.name: own.stat().st_mtime_ns for own in output.iterdir()}
    (output / "comparisons-00001.jsonl").unlink()
    state = run(plan(source, output))
    after = {own.name: own.stat().st_mtime_ns for own in output.iterdir()}
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {f"{own}-00001.jsonl" for own in ("comparisons", "findings", "statements")}
    assert (state.done, state.before) == (20, 13)


def test_the_number_of_processes_changes_nothing(tmp_path: Path) -> None:
    source = table(tmp_path / "in.jsonl", [f"slow 0.0{9 - at % 10}" for at in range(30)])
    for number in (1, 3):
        run(plan(source, tmp_path / f"out{number}", processes=number))
    one, three = ({own.name: own.read_bytes() for own in (tmp_path / f"out{n}").iterdir()} for n in (1, 3))
    assert one == three


def test_another_run_is_refused(tmp_path: Path) -> None:
    source, output = table(tmp_path / "in.jsonl", ["good"] * 9), tmp_path / "out"
    run(plan(source, output))
    (output / "mine.txt").write_text("mine")
    before = {own.name: own.read_bytes() for own in output.iterdir()}
    for other in (plan(source, output, rows=3), plan(table(tmp_path / "other.jsonl", ["good"]), output)):
        with pytest.raises(OtherRunError, match="holds a run with other"):
            run(other)
        assert {own.name: own.read_bytes() for own in output.iterdir()} == before
    run(plan(source, output, rows=3, restart=True))
    assert len(list(output.glob("comparisons-*"))) == 3
    assert (output / "mine.txt").read_text() == "mine"


def test_a_folder_of_the_users_is_left_alone(tmp_path: Path) -> None:
    source = table(tmp_path / "in.jsonl", ["good"])
    for restart in (False, True):
        with pytest.raises(OtherRunError, match=r"holds in\.jsonl and no run"):
            run(plan(source, tmp_path, restart=restart))
    assert [own.name for own in tmp_path.iterdir()] == ["in.jsonl"]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text("{}")
    for restart in (False, True):
        with pytest.raises(OtherRunError, match="is of no run"):
            run(plan(source, tmp_path / "out", restart=restart))


def test_one_run_at_a_time(tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="no locks for folders on this system")
    source, output = table(tmp_path / "in.jsonl", ["good"]), tmp_path / "out"
    output.mkdir()
    with alone(output), pytest.raises(OtherRunError, match="another run is writing there"):
        run(plan(source, output))


@pytest.mark.parametrize("change", ["a row", "a row less", "a row more", "an id"])
def test_a_changed_input_is_noticed(tmp_path: Path, change: str) -> None:
    source, output = table(tmp_path / "in.jsonl", ["good"] * 10), tmp_path / "out"
    own = plan(source, output, rows=5)
    run(own)
    lines = source.read_text().splitlines()
    lines = {
        "a row": [*lines[:3], lines[3].replace("good", "evil"), *lines[4:]],
        "a row less": lines[:5],
        "a row more": [*lines[:4], lines[3].replace("p3", "q3"), *lines[4:]],
        "an id": [lines[0].replace("p0", "q0"), *lines[1:]],
    }[change]
    source.write_text("\n".join(lines) + "\n")
    with pytest.raises(ChangedError, match="the input is not what it was"):
        run(own)


def test_strict_stops_at_the_first(tmp_path: Path) -> None:
    source, output = table(tmp_path / "in.jsonl", [*["good"] * 9, "exit 1", *["good"] * 9]), tmp_path / "out"
    for _ in range(2):
        with pytest.raises(StrictError, match=r"^row 10: crashed: its process ended twice"):
            run(plan(source, output, strict=True))
        assert [own["row"] for own in pairs(output)] == list(range(1, 8))
        assert not [own for own in output.iterdir() if own.name.startswith(".")]
    run(plan(source, output))
    assert len(pairs(output)) == 19
    with pytest.raises(StrictError, match=r"^row 10"):
        run(plan(source, output, strict=True))


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, output = table(tmp_path / "in.jsonl", ["good"] * 9), tmp_path / "out"

    def full(file: Any) -> None:
        raise OSError(28, "No space left on device")

    output.mkdir()
    monkeypatch.setattr(Draft, "settle", full)
    with pytest.raises(ClaimdiffError, match="No space left on device"):
        run(plan(source, output))
    monkeypatch.undo()
    run(plan(source, output))
    assert len(pairs(output)) == 9


def test_a_spoilt_partition_is_told(tmp_path: Path) -> None:
    source, output = table(tmp_path / "in.jsonl", ["good"] * 9), tmp_path / "out"
    run(plan(source, output))
    (output / "comparisons-00000.jsonl").write_text("{")
    with pytest.raises(ClaimdiffError, match="cannot be read back"):
        run(plan(source, output))


def test_no_rows_at_all(tmp_path: Path) -> None:
    source = table(tmp_path / "in.jsonl", [])
    own = plan(source, tmp_path / "out")
    assert run(own).done == 0
    finish(own, [by("outlet")], 0, "")
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["pairs"] == 0
    assert (tmp_path / "out" / "summary.md").read_text().startswith("# No pairs\n")


# --- the summary ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_the_summary_adds_up(tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs pyarrow (claimdiff[batch])")
    given = ["good"] * 25
    given[4] = "exit 1"
    days = ["2026-03-01", "2026-01-09", "2025-12-31", "soon", ""]
    source = table(tmp_path / "in.jsonl", given, outlet=["Post", "Echo|*_"], day=days, part=[1, None])
    own = plan(source, tmp_path / "out", form=form)
    run(own)
    finish(own, [by("outlet"), by("day:month"), by("part"), by("no:such")], 0, "")
    data = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert (data["pairs"], data["judged"], data["errors"]) == (25, 24, {"crashed": 1})
    assert sum(own["pairs"] for own in data["drift_histogram"]) == 24
    assert sum(data["types"].values()) == data["findings"] == 24
    outlets, months = data["by"]["outlet"], data["by"]["day:month"]
    assert [(own["value"], own["pairs"]) for own in outlets] == [("Post", 13), ("Echo|*_", 12)]
    assert [own["value"] for own in months] == ["(no date)", "(none)", "2025-12", "2026-01", "2026-03"]
    assert [(own["value"], own["pairs"]) for own in data["by"]["part"]] == [("1", 13), ("(none)", 12)]
    assert [own["value"] for own in data["by"]["no:such"]] == ["(none)"]
    drifts = [own["drift"] for own in data["worst"]]
    assert drifts == sorted(drifts, reverse=True)
    assert len(drifts) == 20
    assert data["drift_quantiles"]["most"] == drifts[0]
    page = (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
    assert r"| Echo\|\*\_ | 12 |" in page


def test_the_page_says_what_a_row_says(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    evil = '</title><script>alert("x")</script>\u202e'
    source.write_text(json.dumps({"id": evil, "source": "x", "derivative": "good", evil: evil}) + "\n")
    own = plan(source, tmp_path / "out")
    run(own)
    finish(own, [by(evil)], 0, "")
    page = (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "\u202e" not in page
    assert page.count("alert(") >= 4
    assert 'content="default-src &#39;none&#39;; style-src' in page
    assert "<script>" not in (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")


def test_columns_to_count_by() -> None:
    assert by("outlet") == By("outlet")
    assert by("day:month") == By("day", "month")
    assert by("day:hour") == By("day:hour")
    assert by(":month") == By(":month")
    assert by("day:year").value({"day": "2026-01-02T10:00:00"}) == "2026"
    assert by("day:year").value({"day": 20260102}) == "2026"


def test_many_values_of_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimdiff.batch.summary.MOST_VALUES", 3)
    source = table(tmp_path / "in.jsonl", ["good"] * 12, author=list("abcdef"))
    own = plan(source, tmp_path / "out")
    run(own)
    found = summarise(own.parts, [by("author")]).values["author"]
    assert {name: tally.pairs for name, tally in found.items()} == {"a": 2, "b": 2, "c": 2, "(others)": 6}


def test_progress_is_told(tmp_path: Path) -> None:
    from claimdiff.batch import progress

    states = []

    def heard(state: State) -> None:
        states.append((state.done, progress.line(state, 2.0), progress.bar(state, 2.0)))

    run(plan(table(tmp_path / "in.jsonl", ["good"] * 8), tmp_path / "out"), heard)
    assert states[-1] == (
        8,
        "8 of 8 pairs, 4.0 a second, 0 s left",
        f"[{'#' * 20}] 8 of 8 pairs, 4.0 a second, 0 s left",
    )
    assert [done for done, _, _ in states] == sorted(done for done, _, _ in states)
    assert (progress.span(59.6), progress.span(3700)) == ("1 min 00 s", "1 h 01 min")


def test_a_manifest_is_text() -> None:
    assert Manifest({"form": "é"}).text() == '{\n  "form": "é"\n}\n'

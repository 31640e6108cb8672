"""`claimdiff report`: pages and an index for a folder of pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from claimdiff.folder import find_pairs

Run = Callable[..., Any]


@pytest.fixture
def pairs(files: Path) -> Path:
    texts = {name: (files / f"{name}.txt").read_text(encoding="utf-8") for name in ("source", "derivative")}
    folder = files / "pairs"
    add(folder / "ferry", {f"{name}.txt": text for name, text in texts.items()})
    add(
        folder / "two",
        {"source1.md": texts["source"], "source2.txt": "Rain.", "derivative.md": texts["derivative"]},
    )
    add(folder / "neither", {"notes.txt": "nothing"})
    return folder


def add(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def test_a_page_for_each_pair_and_an_index(run: Run, pairs: Path) -> None:
    code, out, err = run("report", "pairs", "-o", "made/reports")
    assert (code, out) == (0, "")
    assert err == "wrote 2 of 2 reports to made/reports; start at made/reports/index.md\n"
    made = pairs.parent / "made" / "reports"
    assert sorted(own.name for own in made.iterdir()) == ["ferry.md", "index.md", "two.md"]
    assert (made / "ferry.md").read_text(encoding="utf-8").startswith("# ferry\n")
    assert "source1.md (s1)" in (made / "two.md").read_text(encoding="utf-8")
    assert "[two](two.md)" in (made / "index.md").read_text(encoding="utf-8")


def test_a_second_run_writes_the_same_bytes_and_names_what_is_stale(run: Run, pairs: Path) -> None:
    run("report", "pairs", "-o", "reports", "-q")
    reports = pairs.parent / "reports"
    first = {own.name: own.read_bytes() for own in reports.iterdir()}
    (reports / "old.md").write_text("old", encoding="utf-8")
    assert "not from this run, left as they are: old.md\n" in run("report", pairs, "-o", "reports").err
    assert {own.name: own.read_bytes() for own in reports.iterdir()} == first | {"old.md": b"old"}


def test_pages_in_another_format(run: Run, pairs: Path) -> None:
    code, _, err = run("report", "pairs", "-o", "made", "--format", "sarif")
    assert (code, "stale" in err) == (0, False)
    made = pairs.parent / "made"
    assert sorted(own.name for own in made.iterdir()) == ["ferry.sarif", "index.md", "two.sarif"]
    assert "[two](two.sarif)" in (made / "index.md").read_text(encoding="utf-8")
    run("report", "pairs", "-o", "made", "--rules-url", "../rules", "-q")
    assert "](../rules/number-changed.md)" in (made / "ferry.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "texts", "says"),
    [
        ("torn", {"source.txt": "Rain fell."}, "torn: has no derivative (.txt, .md or another form)"),
        ("torn", {"derivative.txt": "Rain fell."}, "torn: has no source (.txt, .md or another form)"),
        (
            "torn",
            {"source.txt": "Rain.", "derivative.txt": "Rain.", "derivative.md": "Rain."},
            "torn: has more than one derivative",
        ),
        ("torn", {"source.txt": "Rain fell.", "derivative.txt": " "}, "torn: "),
        ("Index", {"source.txt": "Rain.", "derivative.txt": "Rain."}, "Index: a pair cannot be called Index"),
    ],
)
def test_a_broken_pair_does_not_stop_the_others(
    run: Run, pairs: Path, name: str, texts: dict[str, str], says: str
) -> None:
    add(pairs / name, texts)
    code, _, err = run("report", "pairs", "-o", "reports")
    assert code == 2
    assert f"claimdiff: error: {says}" in err
    assert "wrote 2 of 3 reports" in err
    index = (pairs.parent / "reports" / "index.md").read_text(encoding="utf-8")
    assert f"## Not compared\n\n- {name}: " in index
    assert "[ferry](ferry.md)" in index


def test_an_internal_error_in_one_pair(run: Run, pairs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimdiff.render.markdown.render", lambda comparison, title: 1 / 0)
    code, _, err = run("report", "pairs", "-o", "reports")
    assert code == 2
    assert "ferry: internal error, ZeroDivisionError" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("absent", "-o", "reports"), "does not exist"),
        (("source.txt", "-o", "reports"), "is a file"),
        (("pairs/neither", "-o", "reports"), "holds no pair"),
        (("pairs",), "Missing option"),
        (("pairs", "-o", "source.txt"), "is a file"),
        (("pairs", "-o", "source.txt/x"), "cannot be made"),
    ],
)
def test_wrong_usage(run: Run, pairs: Path, args: tuple[str, ...], says: str) -> None:
    code, out, err = run("report", *args)
    assert (code, out) == (2, "")
    assert says in err


def test_sources_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    names = ["source10.txt", "source2.md", "source.txt", "derivative.txt"]
    add(tmp_path / "pair", dict.fromkeys(names, "x"))
    (pair,) = find_pairs(tmp_path)
    assert [path.name for path in pair.sources] == ["source.txt", "source2.md", "source10.txt"]

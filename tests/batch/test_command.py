"""`claimdiff batch` with its engine: rows, formats, exit codes, the policy, memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import batch_fakes
import pytest
from test_kill import content

from claimdiff import cache
from claimdiff.cli import main

MAY = "The mayor said the bridge may close in May. The work costs 12 million euros."
WILL = MAY.replace("may close", "will close")
ROWS = [
    {"id": "same", "source": MAY, "derivative": MAY, "outlet": "Post"},
    {"id": "bent", "source": MAY, "derivative": WILL, "outlet": "Echo"},
    {"id": "both", "sources": [MAY, "The work takes a year."], "derivative": MAY + " The work takes a year."},
]
EMPTY = {"id": "empty", "source": MAY, "derivative": " "}


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def batch(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs the command with one process on these rows, into the folder `out`."""
    monkeypatch.chdir(tmp_path)
    cache.engine_signature.cache_clear()  # so that nobody need leave the program alone while tests run

    def running(rows: Sequence[dict[str, Any]] | None, *args: str | Path) -> Result:
        if rows is not None:
            (tmp_path / "in.jsonl").write_text("".join(json.dumps(own) + "\n" for own in rows))
        given = ["in.jsonl"] if rows is not None else []
        usual = ["-o", "out", "--processes", "1", "--today", "2026-01-01", "--reports", "0"]
        code = main(["batch", *given, *usual, *map(str, args)])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return running


def lines(table: str) -> list[dict[str, Any]]:
    files = sorted(Path("out").glob(f"{table}-*.jsonl"))
    return [json.loads(line) for own in files for line in own.read_text(encoding="utf-8").splitlines()]


def test_rows_say_what_a_check_says(batch: Callable[..., Result], tmp_path: Path) -> None:
    code, out, err = batch(ROWS, "--by", "outlet", "--reports", "1")
    assert (code, out) == (0, "")
    assert err == f"3 pairs: 2 pass, 1 blocked; start at {Path('out') / 'summary.html'}\n"
    from claimdiff.checking import Desk, Text
    from claimdiff.gate.config import Config

    desk = Desk(Config(tmp_path), {}, "2026-01-01")
    own = desk.check([Text("bent:source", MAY.encode())], Text("bent", WILL.encode()))
    same, bent, both = lines("comparisons")
    assert own.verdict
    assert (bent["pair"], bent["outcome"], bent["drift"]) == ("bent", own.verdict.outcome, own.summary.drift)
    assert (bent["findings"], bent["columns"], bent["trouble"]) == (1, {"outlet": "Echo"}, None)
    assert (same["outcome"], both["outcome"], both["columns"]) == ("pass", "pass", {})
    assert len(bent["engine"]) == len(bent["input"]) == 16
    [found], [finding] = lines("findings"), own.findings
    assert found["finding"] == finding.id
    assert (found["pair"], found["row"], found["stops"]) == ("bent", 2, True)
    assert finding.derivative
    assert found["derivative_words"] == finding.derivative.span.of(WILL)
    assert found["source_words"] == "may"
    statements = [line for line in lines("statements") if line["pair"] == "both"]
    assert [line["document"] for line in statements] == ["s1", "s1", "s2", "d", "d", "d"]
    assert statements[-1]["sources"] == ["s2.1"]
    page = (tmp_path / "out" / "reports" / "000002.html").read_text(encoding="utf-8")
    assert "bent" in page
    assert 'href="reports/000002.html"' in (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "args", "code"),
    [
        (ROWS, [], 0),
        (ROWS[:1], ["--gate"], 0),
        ([], ["--gate"], 2),
        (ROWS, ["--gate"], 1),
        (ROWS, ["--gate", "--fail-on", "none"], 0),
        ([*ROWS, EMPTY], [], 3),
        ([*ROWS, EMPTY], ["--gate"], 3),
        ([EMPTY, {"id": "x"}], [], 2),
        ([EMPTY, *ROWS], ["--strict"], 2),
        ([], [], 0),
    ],
)
def test_exit_codes(
    batch: Callable[..., Result], rows: list[dict[str, Any]], args: list[str], code: int
) -> None:
    done = batch(rows, *args)
    assert done.code == code
    assert ("--strict stops here" in done.err) == ("--strict" in args)
    assert Path("out/summary.json").exists() != ("--strict" in args)


def test_trouble_has_a_kind(batch: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text(MAY, encoding="utf-8")
    waived = WILL + ' <!-- claimdiff: ignore modality-strengthened reason="x" -->'
    rows = [
        EMPTY,
        {"id": "gone", "source": MAY, "derivative_path": "gone.md"},
        {"id": "self", "source_path": "there.md", "derivative_path": "./there.md"},
        {"id": "large", "source": MAY, "derivative": MAY * 50},
        {"id": "waived.md", "source": MAY, "derivative": waived},
        {"id": "file", "source": MAY, "derivative_path": "there.md"},
        {"id": "file", "source": MAY, "derivative_path": "there.md"},
    ]
    done = batch(rows, "--max-bytes", "3000", "--profile", "strict", "--input-format", "markdown")
    assert done.code == 2
    found = {line["row"]: (line["trouble"], line["reason"]) for line in lines("comparisons")}
    assert found[1] == ("not comparable", "empty: the text is empty; there is nothing to compare")
    assert found[2] == ("unreadable", "gone.md: no such file; check the path")
    assert found[3] == ("unreadable", "there.md: is named as its own source")
    assert found[4] == ("too large", "large: is larger than 3,000 bytes (max-bytes)")
    assert found[5][0] == "policy"
    assert found[6] == (None, None)
    assert found[7] == ("doubled", "row 6 has the id 'file' already")


def test_the_policy_is_the_configuration(batch: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "claimdiff.toml").write_text(
        'fail-on = "none"\n[[overrides]]\npaths = ["desk/*"]\nfail-on = "major"\n'
    )
    rows = [{"id": name, "source": MAY, "derivative": WILL} for name in ("a", "desk/b")]
    assert batch(rows).code == 0
    assert [line["outcome"] for line in lines("comparisons")] == ["review", "block"]
    (tmp_path / "claimdiff.toml").write_text('fail-on = "major"\n')
    refused = batch(rows)
    assert refused.code == 2
    assert "out: holds a run with other policy, settings; name another folder" in refused.err
    assert batch(rows, "--restart").code == 0
    assert [line["outcome"] for line in lines("comparisons")] == ["block", "block"]


def test_the_day_of_a_run_stays(batch: Callable[..., Result], tmp_path: Path) -> None:
    assert batch(ROWS[:1]).code == 0
    assert main(["batch", "in.jsonl", "-o", "out", "--processes", "1", "--reports", "0", "-q"]) == 0
    assert main(["batch", "in.jsonl", "-o", "out", "--today", "2026-01-02"]) == 2


def test_parquet_holds_the_same(batch: Callable[..., Result], tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow (claimdiff[batch])")
    from pyarrow import parquet

    names = ("id", "source", "sources", "derivative", "outlet")
    rows = [dict.fromkeys(names) | own for own in (*ROWS, EMPTY)]
    batch(rows, "--by", "outlet")
    kept = {name: lines(name) for name in ("comparisons", "findings", "statements")}
    told = json.loads(Path("out/summary.json").read_text(encoding="utf-8"))
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "in.parquet")
    done = batch(None, "in.parquet", "--to", "parquet", "--restart", "--by", "outlet")
    assert done.code == 3
    assert not list(Path("out").glob("*.jsonl"))
    for name, own in kept.items():
        found = parquet.read_table(tmp_path / "out" / f"{name}-00000.parquet").to_pylist()
        for line, other in zip(own, found, strict=True):
            if name == "comparisons":
                other["types"] = dict(other["types"])
                other["columns"] = {key: json.loads(value) for key, value in other["columns"]}
            assert other == line
    again = json.loads(Path("out/summary.json").read_text(encoding="utf-8").replace(".parquet", ".jsonl"))
    assert again == told


def test_wrong_usage(batch: Callable[..., Result]) -> None:
    for args, told in (
        (["--column", "source"], "write NAME=COLUMN"),
        (["--column", "wire=source"], "wire: no such column is needed"),
        (["--processes", "0"], "0 is not in the range"),
        (["--select", "nonsense"], "is no rule, type or kind"),
        (["no.jsonl"], "no.jsonl: no such file"),
        (["--scheduler", ""], "--scheduler names no address"),
    ):
        done = batch(ROWS, *args)
        assert (done.code, done.out) == (2, "")
        assert told in done.err
        assert not Path("out").exists()


def test_without_pyarrow(batch: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    Path("in.parquet").write_bytes(b"")
    for done in (batch(ROWS, "--to", "parquet"), batch(None, "in.parquet")):
        assert done.code == 2
        assert "Parquet needs pyarrow; install claimdiff[batch]" in done.err


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_does_not_grow(tmp_path: Path) -> None:
    """The parent's highest memory with twenty times the rows, each of some 20 kB."""
    peaks = []
    for number in (100, 2000):
        source = tmp_path / f"{number}.jsonl"
        text = "good " + "word " * 2000
        row = {"source": text, "derivative": text}
        source.write_text("".join(json.dumps({"id": f"p{at}"} | row) + "\n" for at in range(number)))
        code = (
            "import sys, re; sys.argv = sys.argv[1:]; import batch_fakes; batch_fakes.main();"
            "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "x", source, tmp_path / f"out{number}", "jsonl"],
            env=os.environ | {"PYTHONPATH": str(Path(batch_fakes.__file__).parent)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        peaks.append(int(done.stdout) / 1000)
    assert peaks[1] < peaks[0] + 12, f"{peaks} MB"


def test_nothing_tells_the_machine(batch: Callable[..., Result], tmp_path: Path) -> None:
    """No time and no place on the machine in what a run writes, but for the names of its input."""
    batch(ROWS, "--by", "outlet", "--reports", "2")
    for name, data in content(tmp_path / "out").items():
        assert str(tmp_path).encode() not in data, name
        assert not re.search(rb"\d\d:\d\d:\d\d", data), name

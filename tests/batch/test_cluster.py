"""The same rows from a Dask cluster as from this machine, whoever dies meanwhile.

The cluster is a scheduler and two workers as a user starts them. Its workers run in a folder of their own,
one of them with a nanny, under which no process may have children of `multiprocessing`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import batch_fakes
import pytest
from batch_fakes import far, plan
from test_kill import content

from claimdiff import cache
from claimdiff.batch import cluster, worker
from claimdiff.batch.cluster import Cluster, ClusterError, connected
from claimdiff.batch.row import Part, Row
from claimdiff.batch.run import StrictError, run
from claimdiff.cli import main

pytest.importorskip("distributed", reason="a cluster needs Dask (claimdiff[cluster])")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="workers need a system that hands on open files")
SAID = "The mayor said the bridge may close in May. The work costs 12 million euros."
DASK = [sys.executable, "-m", "dask"]


class Dask(NamedTuple):
    """An address, and the processes that were started for it."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: tuple[subprocess.Popen[bytes], ...]


def start(folder: Path, workers: int) -> Dask:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        port = own.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    here = Path(batch_fakes.__file__)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (here.parent, here.parents[2])))}
    given: dict[str, Any] = {"cwd": folder, "env": env, "stderr": subprocess.DEVNULL}
    usual = ["--no-dashboard", "--host", "127.0.0.1"]
    scheduler = subprocess.Popen([*DASK, "scheduler", "--port", str(port), *usual], **given)
    nannies = ("--nanny", "--no-nanny")
    started = [
        subprocess.Popen([*DASK, "worker", address, "--nthreads", "1", nannies[at], *usual], **given)
        for at in range(workers)
    ]
    return Dask(address, scheduler, tuple(started))


def end(dask: Dask) -> None:
    for own in (*dask.workers, dask.scheduler):
        own.terminate()
        own.wait()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    own = start(tmp_path_factory.mktemp("cluster"), 2)
    try:
        with connected(own.address, 60) as client:
            client.wait_for_workers(2, timeout=60)
        yield own
    finally:
        end(own)


@pytest.fixture
def client(dask: Dask) -> Iterator[Any]:
    with connected(dask.address) as own:
        own.wait_for_workers(2, timeout=60)  # one that was killed is there again
        yield own


def table(path: Path, derivatives: list[str]) -> Path:
    rows = [
        {"id": f"p{at}", "source": "x", "derivative": own, "outlet": "AB"[at % 2], "day": "2026-01-01"}
        for at, own in enumerate(derivatives)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def processes(client: Any) -> list[int]:
    """The processes that the workers have for rows."""

    def own() -> list[int]:
        import psutil

        found = []
        for own in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):  # it has just ended
                if "claimdiff.batch.process" in " ".join(own.cmdline()):
                    found.append(own.pid)
        return found

    return [pid for found in client.run(own).values() for pid in found]


def until(true: Callable[[], Any], seconds: float = 30) -> None:
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, "nothing happened"
        time.sleep(0.01)


# --- the same bytes ---------------------------------------------------------------------------------


def test_a_worker_is_killed(tmp_path: Path, dask: Dask, client: Any) -> None:
    """In the middle of the run, which also holds rows that kill their process and one that takes too long."""
    given = [f"slow 0.0{at % 5}" for at in range(150)]
    given[3], given[20], given[21], given[90], given[100] = "exit 3", "kill", "raise odd", "slow 60", "exit 1"
    source = table(tmp_path / "in.jsonl", given)
    run(plan(source, tmp_path / "near", limit=1.0))
    first = tmp_path / "far" / "comparisons-00001.jsonl"
    killed = []

    def kill() -> None:
        until(first.exists)
        pids = set(client.run(os.getpid).values())
        killed.extend(pids - {own.pid for own in dask.workers})  # the one that has a nanny to start it again
        os.kill(killed[0], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    run(far(plan(source, tmp_path / "far", limit=1.0), client))
    thread.join()
    assert killed
    assert content(tmp_path / "far") == content(tmp_path / "near")
    rows = [line for own in tmp_path.glob("far/comparisons-*") for line in own.read_text().splitlines()]
    told = {row["row"]: row["reason"] for row in map(json.loads, rows) if row["reason"]}
    assert told[91] == "took longer than 1 seconds"
    assert told[4] == "its process ended twice, the second time alone (exit code 3)"
    assert told[21] == "its process ended twice, the second time alone (SIGKILL)"
    assert sorted(told) == [4, 21, 22, 91, 101]
    until(lambda: not processes(client))


def test_the_command_is_killed_and_given_again(tmp_path: Path, dask: Dask, client: Any) -> None:
    source = table(tmp_path / "in.jsonl", [f"slow 0.0{at % 4}" for at in range(80)])
    command = [sys.executable, batch_fakes.__file__, source]
    subprocess.run([*command, tmp_path / "near", "jsonl"], check=True)
    output = tmp_path / "far"
    for sign, code in ((signal.SIGKILL, -9), (signal.SIGINT, None)):
        before = len(content(output))
        process = subprocess.Popen([*command, output, "jsonl", dask.address], stderr=subprocess.DEVNULL)
        until(lambda before=before: len(content(output)) > before + 4)  # type: ignore[misc]
        process.send_signal(sign)
        assert process.wait(20) == code or code is None
        assert process.returncode
        assert not (output / "summary.json").exists()
    assert not list(output.glob(".*"))
    subprocess.run([*command, output, "jsonl", dask.address], check=True)
    assert content(output) == content(tmp_path / "near")


def test_the_command_ends_what_workers_do(tmp_path: Path, client: Any) -> None:
    """A run that stops leaves no process behind that goes on with its rows."""
    source = table(tmp_path / "in.jsonl", [*["good"] * 15, "exit 1", *["slow 50"] * 40])
    others = set(processes(client))  # of a run that was killed; they wait for more of it for a while
    with pytest.raises(StrictError, match="row 16: crashed"):
        run(far(plan(source, tmp_path / "out", strict=True, limit=None), client))
    until(lambda: set(processes(client)) <= others, 20)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Callable[..., tuple[int, str]]:
    monkeypatch.chdir(tmp_path)
    for own in (cache.engine_signature, worker.program):
        own.cache_clear()

    def running(*args: str) -> tuple[int, str]:
        code = main(["batch", "in.jsonl", "--today", "2026-01-01", "--reports", "1", *args])
        return code, capsys.readouterr().err

    return running


def test_the_command_with_its_engine(
    tmp_path: Path, dask: Dask, command: Callable[..., tuple[int, str]]
) -> None:
    """Files, links, and a policy that goes by paths: none of it is to be found where the workers are."""
    will = SAID.replace("may close", "will close")
    for name, text in (("a.txt", SAID), ("b.txt", will)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "link.txt").symlink_to("b.txt")
    (tmp_path / "claimdiff.toml").write_text(
        'fail-on = "none"\n[[overrides]]\npaths = ["desk/*", "b.txt"]\nfail-on = "major"\n'
    )
    rows = [{"id": name, "source": SAID, "derivative": will} for name in ("x", "desk/y", "/desk/z")]
    rows += [
        {"id": f"f{at}", "source_path": source, "derivative_path": derivative}
        for at, (source, derivative) in enumerate(
            [
                ("a.txt", "b.txt"),
                ("gone.txt", "b.txt"),
                ("b.txt", "link.txt"),
                ("a.txt", "a.txt"),
                (".", "a.txt"),
            ]
        )
    ]
    rows.append({"id": "x", "source": SAID, "derivative": will})
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    near = command("-o", "near")
    done = command("-o", "far", "--scheduler", dask.address)
    assert (near[0], near[1].replace("near", "far")) == done
    assert content(tmp_path / "far") == content(tmp_path / "near")
    lines = (tmp_path / "far" / "comparisons-00000.jsonl").read_text().splitlines()
    outcomes = [json.loads(line)["outcome"] for line in lines]
    assert outcomes == ["review", "block", "review", "block", *["error"] * 5]


# --- clusters that cannot do it ---------------------------------------------------------------------


def test_nobody_is_there(
    tmp_path: Path, command: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "x", "source": SAID, "derivative": SAID}) + "\n")
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    for address in ("tcp://127.0.0.1:9", "nonsense://x", "tcp://"):
        code, err = command("-o", "out", "--scheduler", address)
        assert code == 2
        assert f"{address}: no Dask scheduler can be reached there" in err
        assert len(err.splitlines()) == 1
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, err = command("-o", "out", "--scheduler", "tcp://127.0.0.1:9")
    assert (code, "pip install 'claimdiff[cluster]'" in err) == (2, True)
    assert not (tmp_path / "out").exists()


def test_workers_with_another_program(tmp_path: Path, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "program", lambda: "0.0.9 (abc)")
    own = far(plan(table(tmp_path / "in.jsonl", ["good"] * 5), tmp_path / "out"), client)
    with pytest.raises(
        ClusterError, match=r"the worker tcp://.* has claimdiff .*this run is of 0\.0\.9 \(abc\)"
    ):
        run(own)


def refusing(setup: Any) -> None:
    from claimdiff.errors import ClaimdiffError

    raise ClaimdiffError("the program's files have changed")


def test_no_worker_and_then_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "COUNTED", 0.1)
    own, said = start(tmp_path, 0), list[str]()
    try:
        with connected(own.address, 60) as client:
            monkeypatch.setattr(cluster, "PATIENCE", 0.5)
            source = table(tmp_path / "in.jsonl", ["good"] * 5)
            thread = threading.Thread(target=lambda: until(lambda: said) or own.scheduler.kill())
            thread.start()
            with pytest.raises(ClusterError, match=r"does not go on .*; the same command goes on where"):
                run(far(plan(source, tmp_path / "out"), client, say=said.append))
            thread.join()
    finally:
        end(own)
    assert said == [f"the scheduler has no worker; waiting until one turns up (dask worker {own.address})"]


# --- rows of which workers die ----------------------------------------------------------------------


class Stub:
    """A client that does everything at once. Workers die of rows that say so."""

    id, status = "stub", "running"

    def __init__(self) -> None:
        self.sent: list[int] = []

    def nthreads(self) -> dict[str, int]:
        return {"a": 1}

    def as_current(self) -> Any:
        return threading.Lock()

    def submit(self, what: Any, *given: Any, **_: Any) -> Any:
        return Result(self, given)

    def cancel(self, *_: Any, **__: Any) -> None: ...
    def run(self, *_: Any, **__: Any) -> None: ...


class Result:
    def __init__(self, client: Stub, given: Any) -> None:
        self.client, self.given = client, given

    def result(self, timeout: float) -> Any:
        import pickle

        from distributed import KilledWorker

        rows = pickle.loads(self.given[-1])
        self.client.sent.append(len(rows))
        if any(row.derivative.text == "evil" for row in rows):
            raise KilledWorker("task", None, 4)
        return [batch_fakes.do(None, row) for row in rows]


def test_a_row_that_kills_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that were with it are sent alone; it is given up when it ends workers alone as well."""
    monkeypatch.setattr("distributed.wait", lambda *_, **__: None)
    given = ["evil" if at == 20 else "good" for at in range(40)]
    rows = (Row(at, f"p{at}", derivative=Part("", own)) for at, own in enumerate(given))
    client = Stub()
    done = list(Cluster(batch_fakes.tasks(), client).work(rows))
    assert [own.number for own in done] == list(range(40))
    assert [(own.number, own.kind) for own in done if own.kind] == [(20, "crashed")]
    assert "the last ones with it alone" in done[20].reason
    assert client.sent.count(1) == 16

"""The command as a process: slow work, clients that go, signals, and ways in which it refuses to start."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra `review` (starlette)")
pytest.importorskip("uvicorn", reason="needs the extra `review` (uvicorn)")
httpx = pytest.importorskip("httpx", reason="needs httpx")

TOKEN = "a-token-of-more-than-twenty-characters"
SOURCE = "The harbour board approved a new ferry terminal on Tuesday. It will cost $40 million."
NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


def article(sentences: int, odd: int) -> str:
    """An article of so many sentences, all of them about other things than those of another `odd` one."""
    who = cycle(["The board", "A union", "The ministry", "The airline", "A court", "The mayor", "The school"])
    did = cycle(["approved", "rejected", "delayed", "praised", "closed"])
    what = cycle(["the ferry terminal", "a budget", "the bridge", "a tax rule"])
    rows = zip(who, did, what, range(odd, 10**9, odd), strict=False)
    return " ".join(
        f"{a} {b} {c} number {n} for ${n % 900} million." for a, b, c, n in islice(rows, sentences)
    )


def pair(sentences: int) -> dict[str, Any]:
    return {"sources": [{"text": article(sentences, 3)}], "derivative": {"text": article(sentences, 7)}}


LONG = pair(1_500)  # takes half a minute and more
MIDDLING = pair(80)  # takes a second or so


@dataclass
class Server:
    process: subprocess.Popen[str]
    url: str
    said: list[str]
    hearing: threading.Thread

    def call(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.request(method, self.url + path, headers=headers, timeout=60, trust_env=False, **more)

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def check(self, body: Any) -> Any:
        return self.call("POST", "/v1/check", json=body)

    def stop(self, how: int = signal.SIGTERM, seconds: float = 30) -> int:
        self.process.send_signal(how)
        return self.process.wait(seconds)

    def workers(self) -> set[int]:
        """The processes that the server has started."""
        found = set()
        for place in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, parent = place.read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if int(parent) == self.process.pid and state != "Z":
                found.add(int(place.parent.name))
        return found

    def send(self, body: Any) -> socket.socket:
        """A connection on which a check was asked for; nobody has read the answer yet."""
        data = json.dumps(body).encode()
        host, port = self.url.removeprefix("http://").split(":")
        own = socket.create_connection((host, int(port)), timeout=30)
        head = f"POST /v1/check HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        own.sendall(head.encode() + data)
        return own


Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `claimdiff review` with these arguments, on a free port."""
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    servers: list[Server] = []

    def starting(*args: str, database: str = "review.sqlite3", token_file: bool = True) -> Server:
        given = ["--token-file", str(token)] if token_file else []
        command = [
            sys.executable, "-m", "claimdiff", "review", "--no-config", "--no-cache", "--no-browser",
            "--port", "0", "--workers", "1", "--database", str(tmp_path / database), *given, *args,
        ]  # fmt: skip
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
        said: list[str] = []
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if found := re.search(r"http://\S+?:\d+", line):
                break
        else:
            raise AssertionError("".join(said))
        hearing = threading.Thread(target=said.extend, args=(process.stderr,), daemon=True)
        hearing.start()
        own = Server(process, found[0], said, hearing)
        servers.append(own)
        return own

    yield starting
    for own in servers:
        own.process.kill()
        own.process.wait()
        own.hearing.join()
        assert own.process.stderr is not None
        own.process.stderr.close()


def until(true: Callable[[], Any], seconds: float) -> bool:
    """Whether this comes true within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


def is_warm(server: Server) -> bool:
    return bool(
        server.check({"sources": [{"text": SOURCE}], "derivative": {"text": SOURCE}}).status_code == 200
    )


# --- one slow article -----------------------------------------------------------------------------


@NEEDS_PROC
def test_a_slow_article_stops_nobody_and_a_client_that_goes_frees_its_worker(start: Start) -> None:
    server = start()
    assert is_warm(server)
    before = server.workers()
    assert len(before) == 1
    connection = server.send(LONG)
    time.sleep(0.5)
    waits = []
    for path in ("/v1/health", "/v1/comparisons") * 10:
        began = time.monotonic()
        assert server.get(path).status_code == 200
        waits.append(time.monotonic() - began)
    assert sorted(waits)[len(waits) // 2] < 0.5 and max(waits) < 3
    assert server.workers() == before  # still at it
    connection.close()
    assert until(lambda: not before & server.workers(), 2)
    assert is_warm(server)
    assert server.get("/v1/comparisons").json()["total"] == 1


@NEEDS_PROC
def test_a_client_that_is_killed_frees_its_worker(start: Start) -> None:
    server = start()
    assert is_warm(server)
    before = server.workers()
    script = (
        "import json, sys, urllib.request as r\n"
        "q = r.Request(sys.argv[1], sys.stdin.buffer.read(), json.loads(sys.argv[2]))\n"
        "r.build_opener(r.ProxyHandler({})).open(q).read()"
    )
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    command = [sys.executable, "-c", script, f"{server.url}/v1/check", json.dumps(headers)]
    client = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert client.stdin is not None
    client.stdin.write(json.dumps(LONG).encode())
    client.stdin.close()
    time.sleep(1.5)
    assert client.poll() is None and server.workers() == before
    client.kill()
    client.wait()
    assert until(lambda: not before & server.workers(), 2)


def test_what_takes_too_long_is_stopped(start: Start) -> None:
    server = start("--time-limit", "1")
    response = server.check(LONG)
    assert response.status_code == 503 and response.headers["Retry-After"]
    assert is_warm(server)


# --- the end --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_nothing_to_do_ends_at_once(start: Start, how: int) -> None:
    server = start()
    assert is_warm(server)
    began = time.monotonic()
    assert server.stop(how) == 0
    assert time.monotonic() - began < 5
    assert "Traceback" not in "".join(server.said)


@NEEDS_PROC
def test_a_stop_lets_what_is_at_work_finish(start: Start) -> None:
    server = start()
    assert is_warm(server)
    workers = server.workers()
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(server.check(MIDDLING)))
    asking.start()
    time.sleep(0.4)
    server.process.send_signal(signal.SIGTERM)
    for pid in workers:  # as a service manager does: to the whole group
        os.kill(pid, signal.SIGTERM)
    time.sleep(0.3)
    with pytest.raises(httpx.TransportError):
        server.get("/v1/version")
    asking.join(60)
    assert answers[0].status_code == 200 and answers[0].json()["findings"]
    assert server.process.wait(10) == 0
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 2)


@NEEDS_PROC
def test_a_stop_waits_no_longer_than_it_was_told(start: Start) -> None:
    server = start("--grace", "1")
    assert is_warm(server)
    workers = server.workers()
    connection = server.send(LONG)
    time.sleep(0.5)
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 6
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 2)
    connection.close()


@NEEDS_PROC
def test_a_second_signal_waits_for_nothing(start: Start) -> None:
    server = start()
    assert is_warm(server)
    connection = server.send(LONG)
    time.sleep(0.5)
    server.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    server.stop(signal.SIGINT, 5)
    connection.close()


@NEEDS_PROC
def test_workers_do_not_outlive_a_server_that_is_killed(start: Start) -> None:
    server = start()
    assert is_warm(server)
    workers = server.workers()
    connection = server.send(LONG)
    time.sleep(0.5)
    server.process.kill()
    server.process.wait()
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 5)
    connection.close()


def test_what_was_answered_outlives_a_server_that_is_killed(start: Start) -> None:
    server = start()
    told = server.check(
        {"sources": [{"text": SOURCE}], "derivative": {"text": SOURCE.replace("40", "90")}}
    ).json()
    body = {"finding": told["findings"][0]["id"], "act": "accepted", "author": "A. Editor", "revision": 1}
    assert server.call("POST", f"/v1/comparisons/{told['id']}/decisions", json=body).status_code == 200
    server.process.kill()
    view = start().get(f"/v1/comparisons/{told['id']}").json()
    assert [own["author"] for own in view["decisions"]] == ["A. Editor"]


# --- several, and how it starts -------------------------------------------------------------------


def test_two_servers_share_a_database(start: Start) -> None:
    first, second = start(), start()
    body = {"sources": [{"text": SOURCE}], "derivative": {"text": SOURCE.replace("40", "90")}}
    told = first.check(body).json()
    assert second.check(body).json()["id"] == told["id"]
    at = f"/v1/comparisons/{told['id']}"
    for server, author in ((first, "A"), (second, "B")):
        note = {"act": "commented", "reason": "seen", "author": author, "revision": 1}
        assert server.call("POST", f"{at}/decisions", json=note).status_code == 200
    assert [own["author"] for own in first.get(at).json()["comments"]] == ["A", "B"]


def test_the_address_that_it_prints_signs_in(start: Start) -> None:
    server = start(token_file=False)
    address = re.search(r"http://\S+", server.said[0])
    assert address is not None and "?token=" in address[0]
    response = httpx.get(address[0], trust_env=False)
    assert response.status_code == 303 and response.headers["location"] == "/"
    assert "claimdiff-" in response.headers["set-cookie"] and "HttpOnly" in response.headers["set-cookie"]
    assert httpx.get(f"{server.url}/v1/version", trust_env=False).status_code == 401
    cookies = {"Cookie": response.headers["set-cookie"].partition(";")[0]}
    assert httpx.get(f"{server.url}/v1/version", headers=cookies, trust_env=False).status_code == 200


def test_a_token_from_a_file_is_not_printed(start: Start) -> None:
    server = start()
    assert server.get("/v1/version").status_code == 200
    assert TOKEN not in "".join(server.said)


def test_texts_that_it_is_given_are_there(start: Start, tmp_path: Path) -> None:
    (tmp_path / "wire.txt").write_text(SOURCE)
    (tmp_path / "a.md").write_text(SOURCE.replace("40", "90"))
    (tmp_path / "b.md").write_text("")
    server = start("a.md", "b.md", "--source", "wire.txt", "--by", "A. Editor")
    assert until(lambda: server.get("/v1/comparisons").json()["total"] == 1, 30)
    assert server.get("/v1/comparisons").json()["items"][0]["author"] == "A. Editor"
    assert until(lambda: any("b.md" in line and "empty" in line for line in server.said), 10)


def test_answers_are_not_held_back() -> None:
    from contextlib import closing

    from claimdiff.review.serve import Listener

    with closing(Listener("127.0.0.1", 0)) as listener:
        assert listener.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert listener.url == f"http://127.0.0.1:{listener.port}"


def refused(*args: str) -> str:
    """What is said of a start that fails."""
    process = subprocess.run(
        [sys.executable, "-m", "claimdiff", "review", "--no-config", "--no-browser", *args],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert process.returncode == 2, process.stderr
    assert "Traceback" not in process.stderr and process.stdout == ""
    return process.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org", "127.0.0.1.example.org"])
def test_other_machines_are_not_let_in_without_a_token(host: str, tmp_path: Path) -> None:
    assert "--token-file" in refused("--host", host, "--database", str(tmp_path / "db"))


def test_what_keeps_it_from_starting_is_one_line(tmp_path: Path) -> None:
    database = ("--database", str(tmp_path / "db"))
    short = tmp_path / "token"
    short.write_text("secret")
    assert "at least 20" in refused("--token-file", str(short), *database)
    assert "cannot be read" in refused("--token-file", str(tmp_path / "none"), *database)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "--port" in refused("--port", str(taken.getsockname()[1]), *database)
    (tmp_path / "text").write_text("no database " * 100)
    assert "database" in refused("--database", str(tmp_path / "text"))
    assert "no such file" in refused(
        str(tmp_path / "none.md"), "--source", str(tmp_path / "no.md"), *database
    )
    assert "no address" in refused("--public-url", "ftp://x", *database)
    assert "no address" in refused("--origin", "*", *database)


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from claimdiff.cli import main, review

    monkeypatch.setattr(review, "NEEDED", ("starlette", "a_package_that_is_not_there"))
    assert main(["review"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "pip install 'claimdiff[review]'" in said


def test_help_needs_no_server() -> None:
    code = "import sys; from claimdiff.cli import main; main(sys.argv[1:]); print('uvicorn' in sys.modules)"
    process = subprocess.run(
        [sys.executable, "-c", code, "review", "--help"], capture_output=True, text=True, check=True
    )
    assert process.stdout.endswith("False\n") and "--token-file" in process.stdout


@pytest.mark.parametrize(
    ("names", "path"),
    [
        ({"XDG_DATA_HOME": "/data", "HOME": "/home/a"}, "/data/claimdiff/review.sqlite3"),
        ({"XDG_DATA_HOME": "data", "HOME": "/home/a"}, "/home/a/.local/share/claimdiff/review.sqlite3"),
        ({"HOME": "/home/a"}, "/home/a/.local/share/claimdiff/review.sqlite3"),
    ],
)
def test_all_is_kept_in_the_data_folder(
    names: dict[str, str], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claimdiff.cli.review import default_database

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert default_database() == Path(path)

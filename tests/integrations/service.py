"""The review service in a process of its own, and stand-ins for one that is busy, slow or broken."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

TOKEN = "a-token-of-more-than-twenty-characters"
SOURCE = (
    "The Sundal line will add two boats in May, its director Ola Brekke said on Monday.\n\n"
    "Fares rose 12 percent last year. The union had not been asked about the plan."
)
FAITHFUL = SOURCE.replace("said on Monday", "told reporters on Monday")
DOUBTFUL = SOURCE.replace("The Sundal line", "Nordbåt")  # a finding that stops nothing
DISTORTED = SOURCE.replace("12 percent", "20 percent")
UNLIKE = "Apples ripen late this year. Growers blame rain.\n\nPickers are few. Prices climb at markets."


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a service that keeps its things in this folder."""
    pytest.importorskip("starlette", reason="needs the extra `review` (starlette)")
    pytest.importorskip("uvicorn", reason="needs the extra `review` (uvicorn)")
    token = folder / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    command = [
        sys.executable, "-m", "claimdiff", "review", "--no-config", "--no-cache", "--no-browser", "--port",
        "0", "--workers", "1", "--database", str(folder / "review.sqlite3"), "--token-file", str(token),
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert process.stderr is not None
    said = []
    try:
        for line in process.stderr:
            said.append(line)
            if found := re.search(r"http://\S+?:\d+", line):
                break
        else:
            raise AssertionError("".join(said))
        hearing = threading.Thread(target=process.stderr.read, daemon=True)
        hearing.start()
        yield found[0]
    finally:
        process.kill()
        process.wait()
        hearing.join()
        process.stderr.close()


@dataclass
class Scripted:
    """A service that gives these answers, each a status, headers and a body, and the last one for ever."""

    answers: list[tuple[int, dict[str, str], Any]]
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@contextmanager
def scripted(
    *answers: tuple[int, dict[str, str], Any], wait: threading.Event | None = None
) -> Iterator[Scripted]:
    """With `wait` an answer comes when that is set, and no sooner."""
    own = Scripted(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            own.asked.append(json.loads(data) | {"authorization": self.headers["Authorization"]})
            status, headers, body = own.answers.pop(0) if len(own.answers) > 1 else own.answers[0]
            if wait is not None:
                wait.wait(20)
            told = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(told))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            pass

    with serving(Handler) as url:
        own.url = url
        yield own


class Quiet(ThreadingHTTPServer):
    """Clients that hang up are what some tests are about."""

    def handle_error(self, *_: Any) -> None:
        pass


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address at which this is served."""
    server = Quiet(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def nobody() -> str:
    """An address at which nothing answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_address[1]
    server.server_close()
    return f"http://127.0.0.1:{port}"

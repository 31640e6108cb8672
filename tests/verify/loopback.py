"""An endpoint of our own on this computer that speaks the chat-completions protocol, well or badly.

What it answers is a function of what it was asked: `honest` reads the items as a model would, the others
make its answers wrong in one way each.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Table = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A request as it came in, with its number."""

    number: int
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Table:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    @property
    def user(self) -> str:
        return str(self.content["messages"][1]["content"])

    @property
    def items(self) -> list[Table]:
        """The items between the fences."""
        lines = self.user.split("\n")
        fence = lines[1]
        assert lines.count(fence) == 2 and fence in lines[0]
        found = json.loads(lines[2])["items"]
        assert isinstance(found, list)
        return found


@dataclass
class Said:
    """What is sent back. `pieces` are sent one by one with a pause between; `drop` sends these
    alone, without a head, and cuts the connection."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    drop: bool = False
    pieces: Sequence[bytes] = ()
    pause: float = 0.0


Model = Callable[[Asked], Said]


class Endpoint:
    """The endpoint that runs, with what it was asked."""

    def __init__(self, model: Model, certificate: Path | None = None, key: Path | None = None) -> None:
        self.model = model
        self.asked: list[Asked] = []
        self.together = 0
        self.most = 0
        self.stop = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.url = f"https://localhost:{self.port}/v1"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer._lock:
                    asked = Asked(len(outer.asked), self.path, dict(self.headers), body)
                    outer.asked.append(asked)
                    outer.together += 1
                    outer.most = max(outer.most, outer.together)
                try:
                    self.say(outer.model(asked))
                except OSError:  # the other side has gone
                    pass
                finally:
                    with outer._lock:
                        outer.together -= 1
                    self.close_connection = True

            def do_GET(self) -> None:
                with outer._lock:
                    outer.asked.append(Asked(len(outer.asked), self.path, dict(self.headers), b""))
                self.say(Said(404))

            def say(self, said: Said) -> None:
                if said.drop:
                    self.wfile.write(said.body)
                    self.pieces(said)
                    return
                self.send_response(said.status)
                headers = {"Content-Type": said.kind, "Connection": "close"} | said.headers
                if not said.pieces:
                    headers.setdefault("Content-Length", str(len(said.body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.body)
                self.pieces(said)

            def pieces(self, said: Said) -> None:
                for piece in said.pieces:
                    if outer.stop.wait(said.pause):
                        return
                    self.wfile.write(piece)
                    self.wfile.flush()

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def close(self) -> None:
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serve(model: Model, *, certificate: Path | None = None, key: Path | None = None) -> Iterator[Endpoint]:
    endpoint = Endpoint(model, certificate, key)
    thread = threading.Thread(target=endpoint.run, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.close()
        thread.join(5)


# --- models ----------------------------------------------------------------------------------------


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def verdict(item: Table) -> Table:
    """What a reader would say who knows only words: new ones are distortions, and so is a lost "not"."""
    known = _words(" ".join(item["sources"]))
    own = _words(item["statement"])
    new = [word for word in re.findall(r"\w+", item["statement"]) if word.lower() not in known]
    fine = own <= known and ("not" in known) == ("not" in own)
    return {
        "id": item["id"],
        "reason": "same words" if fine else f"new: {' '.join(new)}",
        "judgement": "supported" if fine else "distorted",
        "types": [] if fine else ["number"] if any(word.isdigit() for word in new) else ["predicate"],
        "changed": new,
        "probability": 0.9,
    }


def complete(content: object, **more: Any) -> Said:
    """A chat completion with this content: text as it is, anything else as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    choice |= more.pop("choice", {})
    usage = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
    body = {"id": "c-1", "object": "chat.completion", "choices": [choice], "usage": usage} | more
    return Said(body=json.dumps({name: value for name, value in body.items() if value is not None}).encode())


def honest(asked: Asked) -> Said:
    return complete({"answers": [verdict(item) for item in asked.items]})


def failing(status: int, message: str = "no", code: str = "", **headers: str) -> Said:
    error = {"error": {"message": message, "type": "error", "code": code or None}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status, json.dumps(error).encode(), named)


def changed(change: Callable[[Table], Table | None]) -> Model:
    """A model whose answers are changed, the control's too."""

    def model(asked: Asked) -> Said:
        found = [change(verdict(item)) for item in asked.items]
        return complete({"answers": [one for one in found if one is not None]})

    return model


def first(times: int, said: Callable[[Asked], Said], then: Model = honest) -> Model:
    """A model that does something else the first times it is asked."""
    return lambda asked: said(asked) if asked.number < times else then(asked)

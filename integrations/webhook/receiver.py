"""A receiver of webhooks: a CMS posts a text before it publishes, and is told whether it may.

    python receiver.py --service http://127.0.0.1:8717 --token-file token --secret-file secret --port 8718

The CMS signs what it posts: `X-Webhook-Timestamp` holds the seconds since 1970, and `X-Webhook-Signature`
"sha256=" and the HMAC-SHA256, in hex, of the timestamp, a full stop and the body. The body is
{"text": "...", "sources": ["...", ...]} and, if you like, "title", "format" and "author"; change `to_check`
where yours is another.

The answer has `allow`, which is true for a text that may go out and for nothing else, with the verdict, the
reason, what was found and the page to decide on. The status is 200 when the text was judged, 503 when it
could not be, and 4xx for a request that is not as it should be. Whoever hears anything but 200 and `true`
must not publish.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WINDOW = 300  # seconds by which a timestamp may be off, and so for which a request can be sent once more
LARGEST = 4_000_000  # bytes of a request
PAUSE = 2.0  # seconds before the service is asked again when it does not say how long
FINDING = ("id", "rule", "severity", "stops", "message")


@dataclass(frozen=True)
class Settings:
    """`seconds` are for one decision, with all tries; a CMS that waits for less hears nothing."""

    service: str
    token: str
    secret: bytes
    seconds: float = 25.0
    deny_review: bool = False


class Refused(Exception):  # noqa: N818 - what it says of a request
    """A request that is not as it should be."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Unchecked(Exception):  # noqa: N818 - what it says of a text
    """There is no verdict."""


# --- what comes in ----------------------------------------------------------------------------------


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify(headers: Message, body: bytes, secret: bytes, now: float) -> None:
    """Refused for what the CMS did not sign, and for what it signed long ago. The same request within the
    window is answered again: asking twice changes nothing."""
    timestamp = headers.get("X-Webhook-Timestamp") or ""
    given = headers.get("X-Webhook-Signature") or ""
    expected = signature(secret, timestamp, body)
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise Refused(401, "the signature is missing or wrong")
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp[:18])) > WINDOW:
        raise Refused(401, "the timestamp is too old, or ahead of the time")


def to_check(body: bytes) -> dict[str, Any]:
    """What the service is asked about a post of the CMS."""
    try:
        post = json.loads(body)
        sources, derivative = post["sources"], {"text": post["text"]}
        if not isinstance(sources, list):
            raise TypeError
        if post.get("format"):
            derivative["format"] = post["format"]
        more = {"name": post.get("title"), "author": post.get("author")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused(400, 'the body must be JSON with "text" and a list of "sources"') from None
    given = {"derivative": derivative, "sources": [{"text": own} for own in sources]}
    return given | {key: " ".join(str(own).split())[:200] for key, own in more.items() if own}


# --- asking the service -----------------------------------------------------------------------------


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token goes to the service's address and to no other."""

    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirects)


def ask(given: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """What the service says. A busy one is asked again as long as there is time. Unchecked when it does not
    come to a verdict, Refused for a text that it does not take."""
    end = time.monotonic() + settings.seconds
    while True:
        try:
            return _ask(given, settings, end)
        except urllib.error.HTTPError as error:
            with error:
                detail = _detail(error)
                if error.code in (413, 422):
                    raise Refused(error.code, detail) from None
                if error.code not in (429, 503):
                    raise Unchecked(f"the service answered {error.code}: {detail}") from None
                told = error.headers.get("Retry-After") or ""
            pause = max(0.1, float(told)) if told.isascii() and told.isdigit() else PAUSE
            if time.monotonic() + pause >= end:
                raise Unchecked(f"the service is busy: {detail}") from None
            time.sleep(pause)
        except (OSError, ValueError, HTTPException) as error:
            raise Unchecked(f"the service cannot be reached or understood ({error})") from None


def _ask(given: dict[str, Any], settings: Settings, end: float) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{settings.service.rstrip('/')}/v1/check",
        data=json.dumps(given).encode(),
        headers={"Authorization": f"Bearer {settings.token}", "Content-Type": "application/json"},
    )
    with OPENER.open(request, timeout=max(0.1, end - time.monotonic())) as response:
        parts = []
        while part := response.read1(65_536):
            parts.append(part)
            if time.monotonic() > end:  # one that sends a byte now and then is too slow as well
                raise TimeoutError("timed out")
        data = b"".join(parts)
        if len(data) != int(response.headers.get("Content-Length", len(data))):
            raise ValueError("the answer was cut short")
        told = json.loads(data)
    if response.status != 200 or not isinstance(told, dict) or not isinstance(told.get("verdict"), str):
        raise ValueError("no verdict in the answer")
    return told


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read(65_536))["detail"])
    except (OSError, ValueError, KeyError, TypeError):
        return str(error.reason)


def decide(body: bytes, settings: Settings) -> dict[str, Any]:
    """Whether a text may go out, and why."""
    told = ask(to_check(body), settings)
    fine = ("pass",) if settings.deny_review else ("pass", "review")
    return {
        "allow": told["verdict"] in fine,
        "verdict": told["verdict"],
        "reason": str(told.get("reason", "")),
        "findings": [{key: own.get(key) for key in FINDING} for own in told.get("findings", [])],
        "report_url": told.get("report_url"),
    }


# --- the server -------------------------------------------------------------------------------------


class Receiver(BaseHTTPRequestHandler):
    settings: Settings
    timeout = 30  # seconds for a client that sends nothing
    server_version, sys_version = "receiver", ""

    def do_POST(self) -> None:
        try:
            body = self._body()
            verify(self.headers, body, self.settings.secret, time.time())
            self._reply(200, decide(body, self.settings))
        except Refused as error:
            self._deny(error.status, "refused", str(error))
        except Unchecked as error:
            self._deny(503, "unchecked", str(error))
        except Exception as error:  # whatever it is, the text was not judged
            self._deny(503, "unchecked", f"the receiver failed ({type(error).__name__})")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length") or ""
        if not (length.isascii() and length.isdigit()):
            raise Refused(411, "the request does not say its length")
        if int(length[:18]) > LARGEST:
            raise Refused(413, f"the request has more than {LARGEST:,} bytes")
        return self.rfile.read(int(length))

    def _deny(self, status: int, verdict: str, reason: str) -> None:
        self._reply(
            status,
            {"allow": False, "verdict": verdict, "reason": reason, "findings": [], "report_url": None},
        )

    def _reply(self, status: int, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """A server that answers once it is told to `serve_forever`."""
    return ThreadingHTTPServer((host, port), type("Own", (Receiver,), {"settings": settings}))


def main() -> None:
    parser = argparse.ArgumentParser(description="Asks claimdiff for a CMS whether a text may go out.")
    parser.add_argument("--service", default="http://127.0.0.1:8717", help="where claimdiff review runs")
    parser.add_argument("--token-file", type=Path, required=True, help="the service's token")
    parser.add_argument("--secret-file", type=Path, required=True, help="what the CMS signs with")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8718)
    parser.add_argument("--seconds", type=float, default=25.0, help="for one decision")
    parser.add_argument("--deny-review", action="store_true", help="let out what has no findings, only")
    own = parser.parse_args()
    token, secret = (path.read_text().strip() for path in (own.token_file, own.secret_file))
    if not token or len(secret) < 16:
        parser.error("the token is empty, or the secret has fewer than 16 characters")
    settings = Settings(own.service, token, secret.encode(), own.seconds, own.deny_review)
    server = serve(settings, own.host, own.port)
    sys.stderr.write(f"http://{own.host}:{server.server_address[1]}\n")
    sys.stderr.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()

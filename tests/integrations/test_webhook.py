"""integrations/webhook: the receiver as a process, before the real service and before ones that fail."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from service import DISTORTED, DOUBTFUL, FAITHFUL, SOURCE, TOKEN, UNLIKE, nobody, running, scripted

RECEIVER = Path(__file__).resolve().parents[2] / "integrations" / "webhook" / "receiver.py"
SECRET = "a secret of the CMS and the receiver"
PASSED = {"verdict": "pass", "reason": "nothing was found", "findings": [], "report_url": "http://x/1"}
Started = Callable[..., AbstractContextManager[str]]
Told = tuple[int, dict[str, Any]]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("service")) as url:
        yield url


@contextmanager
def receiving(folder: Path, service: str, *more: str) -> Iterator[str]:
    """A receiver for this service, as it is started by hand."""
    (folder / "secret").write_text(f"{SECRET}\n")
    (folder / "key").write_text(f"{TOKEN}\n")
    command = [
        sys.executable, str(RECEIVER), "--service", service, "--port", "0", "--token-file",
        str(folder / "key"), "--secret-file", str(folder / "secret"), *more,
    ]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", line), line + process.stderr.read()
        hearing = threading.Thread(target=process.stderr.read, daemon=True)
        hearing.start()
        yield line.strip()
    finally:
        process.kill()
        process.wait()
        hearing.join()
        process.stderr.close()


@pytest.fixture(scope="module")
def real(service: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A receiver before the real service."""
    with receiving(tmp_path_factory.mktemp("real"), service) as url:
        yield url


@pytest.fixture
def started(tmp_path: Path) -> Started:
    return partial(receiving, tmp_path)


def signed(body: bytes, at: str = "", secret: str = SECRET) -> dict[str, str]:
    at = at or str(int(time.time()))
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Webhook-Timestamp": at, "X-Webhook-Signature": f"sha256={digest}"}


def send(url: str, body: bytes, headers: dict[str, str]) -> Told:
    request = urllib.request.Request(url, data=body, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def post(url: str, text: Any = FAITHFUL, **more: Any) -> Told:
    body = json.dumps({"text": text, "sources": [SOURCE]} | more).encode()
    return send(url, body, signed(body))


def denied(told: Told, status: int, verdict: str) -> str:
    """The reason of an answer that lets nothing out."""
    assert told[0] == status and told[1]["allow"] is False and told[1]["verdict"] == verdict, told
    assert TOKEN not in json.dumps(told[1]) and SECRET not in json.dumps(told[1])
    return str(told[1]["reason"])


# --- before the real service --------------------------------------------------------------------------


def test_faithful_text_is_allowed(real: str, service: str) -> None:
    status, told = post(real, title="Ferries\n in May", author="Ann Öberg")
    assert (status, told["allow"], told["verdict"], told["findings"]) == (200, True, "pass", [])
    assert told["report_url"].startswith(f"{service}/comparisons/")


def test_distorted_text_is_denied_with_its_findings(real: str) -> None:
    told = post(real, DISTORTED)
    assert denied(told, 200, "block")
    (found,) = told[1]["findings"]
    assert (found["rule"], found["severity"], found["stops"]) == ("number-changed", "major", True)
    assert "20 percent" in found["message"]


def test_doubtful_text_is_allowed_unless_the_desk_says_otherwise(
    real: str, service: str, started: Started
) -> None:
    status, told = post(real, DOUBTFUL)
    assert (status, told["allow"], told["verdict"], len(told["findings"])) == (200, True, "review", 1)
    with started(service, "--deny-review") as strict:
        assert denied(post(strict, DOUBTFUL), 200, "review")


def test_texts_without_anything_in_common_are_denied(real: str) -> None:
    assert "in common" in denied(post(real, UNLIKE), 200, "not_comparable")
    assert "empty" in denied(post(real, ""), 200, "not_comparable")


def test_html_is_read_as_html(real: str) -> None:
    told = post(real, f"<article><p>{FAITHFUL.replace(chr(10) * 2, '</p><p>')}</p></article>", format="html")
    assert told[1]["allow"] is True, told


@pytest.mark.parametrize("more", [{"sources": []}, {"sources": [3]}, {"format": "scroll"}, {"text": None}])
def test_what_the_service_does_not_take_is_denied(real: str, more: dict[str, Any]) -> None:
    assert denied(post(real, **more), 422, "refused")


def test_a_token_that_does_not_open_is_no_verdict(service: str, started: Started, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("another-token-of-twenty-characters")
    with started(service, "--token-file", str(other)) as url:
        assert "401" in denied(post(url), 503, "unchecked")


def test_the_page_signs_as_the_receiver_wants_it(real: str, tmp_path: Path) -> None:
    for program in ("bash", "curl", "openssl"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}")
    page = (RECEIVER.parents[2] / "docs" / "integrations.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"(?ms)^<!-- try: webhook -->\n```sh\n(.*?)^```$", page)
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    script = script.replace("http://127.0.0.1:8718", f"--noproxy '*' {real}")
    done = subprocess.run(["bash", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert (told["allow"], told["verdict"]) == (False, "block"), told


# --- who may ask ----------------------------------------------------------------------------------------

BODY = json.dumps({"text": FAITHFUL, "sources": [SOURCE]}).encode()


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "signature"),
        (signed(BODY, secret="another secret"), "signature"),
        (signed(BODY + b" "), "signature"),
        (signed(BODY) | {"X-Webhook-Timestamp": "1700000000"}, "signature"),
        (signed(BODY) | {"X-Webhook-Signature": "sha256=\xe9"}, "signature"),
        (signed(BODY, "1700000000"), "too old"),
        (signed(BODY, str(int(time.time()) + 1000)), "ahead"),
        (signed(BODY, "9" * 5000), "ahead"),
        (signed(BODY, "now"), "timestamp"),
        (signed(BODY, "-1"), "timestamp"),
    ],
)
def test_what_the_cms_did_not_sign_now_is_refused(real: str, headers: dict[str, str], reason: str) -> None:
    assert reason in denied(send(real, BODY, headers), 401, "refused")


def test_names_of_headers_may_be_written_small(real: str) -> None:
    headers = {name.lower(): value for name, value in signed(BODY).items()}
    assert send(real, BODY, headers)[1]["allow"] is True


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"3", b'{"text": "x"}', b'{"text":"x","sources":"y"}', b"[" * 9999]
)
def test_body_that_is_not_as_described_is_refused(real: str, body: bytes) -> None:
    assert denied(send(real, body, signed(body)), 400, "refused")


def test_size_is_limited_before_it_is_read(real: str) -> None:
    host, port = real.removeprefix("http://").split(":")
    for head, status in (("Content-Length: 99999999999", b"413"), ("X-None: 1", b"411")):
        with socket.create_connection((host, int(port)), timeout=10) as own:
            own.sendall(f"POST / HTTP/1.1\r\nHost: {host}\r\n{head}\r\n\r\n".encode())
            told = b"".join(iter(partial(own.recv, 65_536), b""))
        assert told.split()[1] == status and b'"allow": false' in told


# --- before services that fail ----------------------------------------------------------------------------


def test_service_that_is_down_lets_nothing_out(started: Started) -> None:
    with started(nobody()) as url:
        assert "cannot be reached" in denied(post(url), 503, "unchecked")


def test_busy_service_is_asked_again_when_it_said(started: Started) -> None:
    busy = (429, {"Retry-After": "1"}, {"detail": "16 comparisons are waiting"})
    with scripted(busy, (503, {"Retry-After": "0"}, {}), (200, {}, PASSED)) as own, started(own.url) as url:
        began = time.monotonic()
        status, told = post(url)
        assert (status, told["allow"], len(own.asked)) == (200, True, 3)
        assert time.monotonic() - began >= 1
    assert {asked["authorization"] for asked in own.asked} == {f"Bearer {TOKEN}"}


def test_service_that_stays_busy_is_given_up(started: Started) -> None:
    for status, pause, tries in ((429, "60", 1), (503, "1", 2)):
        busy = (status, {"Retry-After": pause}, {"detail": "come again"})
        with scripted(busy) as own, started(own.url, "--seconds", "1.5") as url:
            assert "come again" in denied(post(url), 503, "unchecked")
            assert len(own.asked) == tries


def test_slow_service_is_given_up(started: Started) -> None:
    never = threading.Event()
    with scripted((200, {}, PASSED), wait=never) as own, started(own.url, "--seconds", "0.7") as url:
        try:
            assert "timed out" in denied(post(url), 503, "unchecked")
        finally:
            never.set()


NO_VERDICTS: list[tuple[int, dict[str, str], Any]] = [
    (200, {}, b"<html>welcome</html>"),
    (200, {}, {}),
    (200, {}, []),
    (200, {}, {"verdict": True}),
    (200, {"Content-Length": "9999"}, PASSED),
    (201, {}, PASSED),
    (204, {}, PASSED),
    (302, {"Location": "http://127.0.0.1:9/"}, PASSED),
    (500, {}, PASSED),
    (200, {}, PASSED | {"findings": [3]}),
]


def test_what_is_no_verdict_lets_nothing_out(started: Started) -> None:
    with scripted(*NO_VERDICTS) as own, started(own.url, "--seconds", "2") as url:
        for _ in NO_VERDICTS:
            assert denied(post(url), 503, "unchecked")
    assert len(own.asked) == len(NO_VERDICTS)


def test_verdict_that_is_not_known_lets_nothing_out(started: Started) -> None:
    with scripted((200, {}, PASSED | {"verdict": "PASS"})) as own, started(own.url) as url:
        assert post(url)[1]["allow"] is False


@pytest.mark.parametrize("secret", ["", "short"])
def test_weak_secret_does_not_start(tmp_path: Path, secret: str) -> None:
    (tmp_path / "own").write_text(secret)
    (tmp_path / "key").write_text(TOKEN)
    command = [sys.executable, str(RECEIVER), "--token-file", str(tmp_path / "key"), "--secret-file"]
    done = subprocess.run([*command, str(tmp_path / "own")], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "secret" in done.stderr

"""Which addresses are accepted, and that the key is nowhere but in the one header of the one address."""

from __future__ import annotations

import gc
import logging
import os
import pickle
import shutil
import subprocess
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("httpx", reason="needs httpx")

from loopback import Asked, Said, complete, failing, first, honest, serve, verdict

from claimdiff.verify import Question, VerifierError
from claimdiff.verify.endpoint import is_near, open_endpoint, shown
from claimdiff.verify.key import VARIABLE, Key, read_key
from claimdiff.verify.llm import Tuning, open_llm
from claimdiff.verify.spec import Spec

SECRET = "sk-live-Zq83hTt0aaTn5Wc"
QUESTIONS = tuple(Question(f"d.{n}", f"It sold {n + 1} tons.", (f"It sold {n} tons.",)) for n in range(3))
FAST = Tuning(pause=lambda seconds: None, patience=3.0, tries=2)


# --- addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("https://api.example.com/v1", "https://api.example.com/v1/chat/completions"),
        ("https://api.example.com/v1/", "https://api.example.com/v1/chat/completions"),
        ("https://api.example.com/v1/chat/completions", "https://api.example.com/v1/chat/completions"),
        ("https://api.example.com/v1/chat/completions/", "https://api.example.com/v1/chat/completions"),
        ("https://api.example.com", "https://api.example.com/chat/completions"),
        ("https://a.example/x?api-version=2", "https://a.example/x/chat/completions?api-version=2"),
        ("HTTP://LOCALHOST:11434/v1", "http://LOCALHOST:11434/v1/chat/completions"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1/chat/completions"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1/chat/completions"),
        ("http://192.168.3.4/v1", "http://192.168.3.4/v1/chat/completions"),
        ("http://model-server:8000/v1", "http://model-server:8000/v1/chat/completions"),
        ("http://gpu.newsroom.internal/v1", "http://gpu.newsroom.internal/v1/chat/completions"),
        ("https://a.example/v1#part", "https://a.example/v1/chat/completions"),
    ],
)
def test_addresses_that_are_accepted(url: str, whole: str) -> None:
    assert open_endpoint(url, Key()).url == whole


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "needs the address"),
        ("api.example.com/v1", "write https://host/v1"),
        ("ftp://api.example.com/v1", "write https://host/v1"),
        ("file:///etc/passwd", "write https://host/v1"),
        ("https:///v1", "write https://host/v1"),
        ("https://host:99999/v1", "write https://host/v1"),
        ("https://host:0/v1", "write https://host/v1"),
        ("https://[::1/v1", "write https://host/v1"),
        ("https://host/v 1", "a space or a character"),
        ("https://host/v1\n", "a space or a character"),
        ("http://api.example.com/v1", "plain http"),
        ("http://8.8.8.8/v1", "plain http"),
        ("http://127.0.0.1.example.com/v1", "plain http"),
        ("http://localhost.example.com/v1", "plain http"),
        (f"https://user:{SECRET}@host/v1", "no name and password"),
        (f"https://{SECRET}@host/v1", "no name and password"),
        (f"https://:{SECRET}@host/v1", "no name and password"),
        (f"https://host/v1?key={SECRET}", "no key in an address"),
        (f"https://host/v1?x=1&api_key={SECRET}", "no key in an address"),
        (f"https://host/v1?apikey={SECRET}", "no key in an address"),
        (f"https://host/v1?access-token={SECRET}", "no key in an address"),
        (f"http://api.example.com/v1?x={SECRET}", "plain http"),
        (f"https://user:{SECRET}@host:x/v1", "write https://host/v1"),
    ],
)
def test_addresses_that_are_refused(url: str, words: str) -> None:
    with pytest.raises(VerifierError, match=words) as caught:
        open_llm(Spec("llm", "m", url=url))
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("localhost", True), ("127.0.0.9", True), ("::1", True), ("10.0.0.1", True), ("172.16.0.1", True),
        ("fe80::1%eth0", True), ("fd00::1", True), ("ollama", True), ("box.local", True),
        ("x.localhost", True), ("8.8.8.8", False), ("2606:4700::1111", False), ("example.com", False),
        ("local.example.com", False),
        ("172.32.0.1", False), ("xlocal.com", False),
    ],
)  # fmt: skip
def test_which_hosts_are_near(host: str, near: bool) -> None:
    assert is_near(host) is near


def test_an_address_is_shown_without_secrets() -> None:
    assert shown(f"https://u:{SECRET}@Host.example:8443/v1?key={SECRET}#x") == "https://host.example:8443/v1"
    assert shown("https://[::1]:99/v1") == "https://[::1]:99/v1"
    assert shown("https://host:xx/") == "an address that is none"


# --- the key -----------------------------------------------------------------------------------------


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f" {SECRET}\n")
    assert read_key("").header() == f"Bearer {SECRET}"
    monkeypatch.setenv(VARIABLE, "")
    assert not read_key("")
    monkeypatch.delenv(VARIABLE)
    assert not read_key("")


def test_the_key_comes_from_a_file_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, "another")
    file = tmp_path / "key"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    assert read_key(str(file)).header() == f"Bearer {SECRET}"


def test_a_key_file_that_others_can_read_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "key"
    file.write_text(SECRET)
    file.chmod(0o644)
    assert read_key(str(file))
    if sys.platform != "win32":
        assert "can be read by others" in caplog.text
    assert SECRET not in caplog.text


def test_processes_of_a_batch_do_not_say_it_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text(SECRET)
    file.chmod(0o644)
    monkeypatch.setattr("claimdiff.verify.key.parent_process", lambda: "the batch")
    assert read_key(str(file))
    assert not caplog.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (f"{SECRET}\n{SECRET}".encode(), "more than a key"),
        (f"{SECRET} x".encode(), "more than a key"),
        (f"{SECRET}\x00".encode(), "more than a key"),
        (f"{SECRET}é".encode(), "more than a key"),
        (b"k" * 20_000, "too large"),
    ],
)
def test_a_key_file_that_holds_no_key_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(VerifierError, match=words) as caught:
        read_key(str(file))
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_key_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VerifierError, match="cannot be read: No such file"):
        read_key(str(tmp_path / "nothing"))
    with pytest.raises(VerifierError, match="is no file"):
        read_key(str(tmp_path))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(VerifierError, match="is no file"):
            read_key(str(tmp_path / "pipe"))


def test_a_key_has_no_text() -> None:
    key = Key(SECRET)
    assert SECRET not in repr(key) + str(key) + f"{key}" + format(key, "")
    with pytest.raises(TypeError):
        pickle.dumps(key)
    endpoint = open_endpoint("https://host/v1", key)
    assert SECRET not in repr(endpoint)


def test_the_key_goes_into_one_header_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    with serve(honest) as endpoint:
        open_llm(Spec("llm", "m", url=endpoint.url), tuning=FAST).judge(QUESTIONS)
    (asked,) = endpoint.asked
    assert asked.headers["Authorization"] == f"Bearer {SECRET}"
    others = {name: value for name, value in asked.headers.items() if name != "Authorization"}
    assert SECRET not in str(others) + asked.path + asked.body.decode()


def gossip(asked: Asked) -> Said:
    """An endpoint that repeats the key in everything that it says."""
    answers = [verdict(item) for item in asked.items]
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
    text = [f"your key is {SECRET}", f"or so: {escaped}", SECRET]
    return complete({"answers": [one | {"reason": " ".join(text)} for one in answers]}, system=SECRET)


def escaping(asked: Asked) -> Said:
    """One that writes the key in JSON's own escapes, where no search finds it before it is read."""
    said = gossip(asked)
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
    said.body = said.body.replace(SECRET.encode(), escaped.encode())
    return said


@pytest.mark.parametrize(
    "model",
    [
        honest,
        gossip,
        escaping,
        lambda asked: failing(401, f"Incorrect API key provided: {SECRET}"),
        lambda asked: failing(403, f"{SECRET}"),
        lambda asked: failing(404, SECRET),
        lambda asked: failing(500, SECRET),
        lambda asked: Said(
            status=302, headers={"Location": f"http://u:{SECRET}@h.example/{SECRET}?k={SECRET}"}
        ),
        lambda asked: Said(body=f"<p>{SECRET}</p>".encode(), kind=f"text/{SECRET}"),
        lambda asked: Said(drop=True),
        lambda asked: Said(drop=True, body=f"HTTP/1.1 200 {SECRET}\r\n{SECRET}\r\n\r\n".encode()),
    ],
)
def test_the_key_is_in_no_text(
    model: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(VARIABLE, SECRET)
    file = tmp_path / "answers.sqlite"
    texts = []
    with serve(model) as endpoint:
        verifier = open_llm(Spec("llm", "m", url=endpoint.url, answers=str(file)), tuning=FAST)
        try:
            texts.append(repr(verifier.judge(QUESTIONS)))
        except VerifierError as error:
            texts += traceback.format_exception(error)
            trace = traceback.TracebackException.from_exception(error, capture_locals=True)
            texts += trace.format()
            texts += [str(error), repr(error)]
        assert endpoint.asked
    texts += [verifier.signature, repr(verifier), caplog.text, *capfd.readouterr()]
    assert SECRET not in "\n".join(texts)
    for kept in tmp_path.rglob("*"):
        assert SECRET.encode() not in kept.read_bytes()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)
    with serve(honest) as other:
        moved = Said(status, headers={"Location": other.url})
        with serve(lambda asked: moved) as endpoint:
            verifier = open_llm(Spec("llm", "m", url=endpoint.url), tuning=FAST)
            with pytest.raises(
                VerifierError, match=rf"sends elsewhere \({other.url}\), which is not followed"
            ):
                verifier.judge(QUESTIONS)
        assert other.asked == []


def test_proxies_are_not_asked_for_what_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(honest) as proxy, serve(honest) as endpoint:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        open_llm(Spec("llm", "m", url=endpoint.url), tuning=FAST).judge(QUESTIONS)
        assert len(endpoint.asked) == 1 and proxy.asked == []


@pytest.mark.parametrize("proxy", [f"nothing://u:{SECRET}@host:1", f"http://u:{SECRET}@[::1"])
def test_a_proxy_that_is_none_is_said(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy)
    with pytest.raises(VerifierError, match="a proxy that the environment names") as caught:
        open_llm(Spec("llm", "m", url="https://host.example/v1"))
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    open_llm(Spec("llm", "m", url="http://localhost:9/v1"))


def test_a_password_file_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hidden-word\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serve(honest) as endpoint:
        open_llm(Spec("llm", "m", url=endpoint.url), tuning=FAST).judge(QUESTIONS)
    assert "Authorization" not in endpoint.asked[0].headers


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs the openssl command")
def test_a_certificate_is_verified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    make += ["-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(make, check=True, capture_output=True)
    with serve(honest, certificate=certificate, key=key) as endpoint:
        spec = Spec("llm", "m", url=endpoint.url)
        with pytest.raises(VerifierError, match="SSL_CERT_FILE"):
            open_llm(spec, tuning=FAST).judge(QUESTIONS)
        assert endpoint.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert len(open_llm(spec, tuning=FAST).judge(QUESTIONS)) == 3
        assert len(endpoint.asked) == 1


def test_certificates_that_are_not_there_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/authorities.pem")
    with pytest.raises(VerifierError, match="certificates cannot be read"):
        open_llm(Spec("llm", "m", url="https://host/v1"))


def test_nothing_is_left_open() -> None:
    with serve(first(1, lambda asked: failing(500))) as endpoint:
        open_llm(Spec("llm", "m", url=endpoint.url), tuning=FAST).judge(QUESTIONS)
    gc.collect()  # a connection left open would be a warning, and so an error


def test_the_spec_holds_no_key() -> None:
    assert "key" not in {name for name in Spec.__slots__ if name != "key_file"}
    assert replace(Spec("llm", "m"), key_file="f").key_file == "f"

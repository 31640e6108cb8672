"""Answers that are kept: by many processes, through damage and kills, and never trusted."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from claimdiff.model import Span, Type
from claimdiff.verify import Answer, Judgement, Question, Unjudged
from claimdiff.verify import answers as store
from claimdiff.verify.answers import Answers
from claimdiff.verify.request import key

QUESTION = Question("d.1", "The mill sold 7 tons.", ("The mill sold 8 tons.",))
ANSWER = Answer("d.1", Judgement.DISTORTED, 0.75, (Type.NUMBER,), (Span(14, 15),), "8, not 7; “ü”")
KEY = key(QUESTION, "v")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "below" / "answers.sqlite"


def known(file: Path) -> dict[str, Answer]:
    return Answers(str(file)).get({KEY: QUESTION})


def test_what_was_put_is_got(file: Path) -> None:
    assert known(file) == {}
    Answers(str(file)).put({KEY: ANSWER})
    assert known(file) == {KEY: ANSWER}
    Answers(str(file)).put({KEY: replace(ANSWER, probability=0.5)})
    assert known(file)[KEY].probability == 0.5


def test_an_answer_goes_to_who_asks_now(file: Path) -> None:
    Answers(str(file)).put({KEY: ANSWER})
    found = Answers(str(file)).get({KEY: replace(QUESTION, id="d.77")})
    assert found == {KEY: replace(ANSWER, id="d.77")}


def test_only_the_owner_can_read_it(file: Path) -> None:
    Answers(str(file)).put({KEY: ANSWER})
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o077 == 0


def test_without_a_path_nothing_is_kept() -> None:
    Answers().put({KEY: ANSWER})
    assert Answers().get({KEY: QUESTION}) == {}


def test_the_key_is_of_the_content_and_of_the_verifier() -> None:
    assert key(replace(QUESTION, id="other"), "v") == KEY
    others = {
        key(QUESTION, "w"),
        key(replace(QUESTION, statement="The mill sold 7 tons!"), "v"),
        key(replace(QUESTION, sources=(*QUESTION.sources, "")), "v"),
        key(replace(QUESTION, linked=False), "v"),
        key(replace(QUESTION, before="x"), "v"),
        key(replace(QUESTION, context=("x",)), "v"),
        key(replace(QUESTION, statement="\ud800"), "v"),
    }
    assert len(others | {KEY}) == 8


@pytest.mark.parametrize(
    "content", [b"", b"no database at all" * 99, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_a_damaged_file_is_as_good_as_none(content: bytes, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert known(file) == {}
    Answers(str(file)).put({KEY: ANSWER})
    assert known(file) == {KEY: ANSWER}


def test_a_file_damaged_in_its_middle_is_as_good_as_none(file: Path) -> None:
    many = {key(replace(QUESTION, before=str(n)), "v"): ANSWER for n in range(400)}
    Answers(str(file)).put(many | {KEY: ANSWER})
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    file.write_bytes(content)
    assert known(file) == {}
    Answers(str(file)).put({KEY: ANSWER})
    assert known(file) == {KEY: ANSWER}


def test_a_cut_file_is_as_good_as_none(file: Path) -> None:
    many = {key(replace(QUESTION, before=str(n)), "v"): ANSWER for n in range(400)}
    Answers(str(file)).put(many)
    file.write_bytes(file.read_bytes()[:5000])
    assert known(file) == {}
    for _ in range(2):
        Answers(str(file)).put({KEY: ANSWER})
    assert known(file) == {KEY: ANSWER}


def test_another_programs_file_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as other:
        other.execute("create table answers (key text primary key, value text)")
    other.close()
    before = file.read_bytes()
    Answers(str(file)).put({KEY: ANSWER})
    assert known(file) == {}
    assert file.read_bytes() == before


def test_a_place_that_cannot_be_used_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    for place in (tmp_path, tmp_path / "plain" / "below", tmp_path / "nul\0l", tmp_path / ("a" * 300)):
        Answers(str(place)).put({KEY: ANSWER})
        assert Answers(str(place)).get({KEY: QUESTION}) == {}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "no seal",
        'x ["supported", 1, [], [], ""]',
        b"\x00",
        7,
    ],
)
def test_an_entry_that_was_changed_is_as_good_as_none(value: object, file: Path) -> None:
    Answers(str(file)).put({KEY: ANSWER})
    with sqlite3.connect(file) as own:
        own.execute("update answers set value = ?", (value,))
    own.close()
    assert known(file) == {}


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '["fine", 1, [], [], ""]',
        '["supported", "a", [], [], ""]',
        '["distorted", 1, ["tone"], [], ""]',
        '["distorted", 1, [], [[3]], ""]',
        '["distorted", 1, [], [[3, 99]], ""]',
        '["distorted", 1, [], [[5, 3]], ""]',
        "{",
        "[" * 100_000,
    ],
)
def test_an_entry_that_cannot_be_is_none(text: str, file: Path) -> None:
    Answers(str(file)).put({KEY: ANSWER})
    with sqlite3.connect(file) as own:
        own.execute("update answers set value = ?", (f"{store._seal(KEY, text)} {text}",))
    own.close()
    assert known(file) == {}


def test_an_entry_under_another_key_is_none(file: Path) -> None:
    Answers(str(file)).put({KEY: ANSWER})
    other = replace(QUESTION, before="x")
    with sqlite3.connect(file) as own:
        own.execute("update answers set key = ?", (key(other, "v"),))
    own.close()
    assert Answers(str(file)).get({key(other, "v"): other}) == {}


def test_the_oldest_go_first(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "KEPT", 10)
    questions = [replace(QUESTION, before=str(n)) for n in range(25)]
    for one in questions:
        Answers(str(file)).put({key(one, "v"): ANSWER})
    found = Answers(str(file)).get({key(one, "v"): one for one in questions})
    assert set(found) == {key(one, "v") for one in questions[-10:]}


def test_many_keys_are_asked_for(file: Path) -> None:
    questions = {key(one, "v"): one for one in (replace(QUESTION, before=str(n)) for n in range(1234))}
    Answers(str(file)).put(dict.fromkeys(questions, ANSWER))
    assert len(Answers(str(file)).get(questions)) == 1234


WRITER = """
import sys
from claimdiff.verify import Answer, Judgement, Question
from claimdiff.verify.answers import Answers
from claimdiff.verify.request import key
number, count = int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
for n in range(count):
    question = Question("d", f"It sold {n} tons.", (), before=str(number))
    answer = Answer("d", Judgement.SUPPORTED, 1.0, reason=f"{number} {n}")
    Answers(sys.argv[1]).put({key(question, "v"): answer})
"""


def _writer(file: Path, number: int, count: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WRITER, str(file), str(number), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def test_many_processes_may_write(file: Path) -> None:
    writers = [_writer(file, number, 15) for number in range(3)]
    for writer in writers:
        with writer:
            assert writer.wait(30) == 0
    questions = {}
    for number in range(3):
        for n in range(15):
            one = Question("d", f"It sold {n} tons.", (), before=str(number))
            questions[key(one, "v")] = one
    found = Answers(str(file)).get(questions)
    assert len(found) == 45
    assert all(found[name].reason.split()[0] == one.before for name, one in questions.items())


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_killed_process_leaves_a_file_that_reads(file: Path) -> None:
    for delay in (0.02, 0.06, 0.11):
        with _writer(file, 1, 100_000) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(delay)
            os.kill(writer.pid, signal.SIGKILL)
        Answers(str(file)).put({KEY: ANSWER})
        assert known(file) == {KEY: ANSWER}
    assert not file.with_name("answers.sqlite.damaged").exists()
    own = sqlite3.connect(file)
    assert own.execute("pragma integrity_check").fetchone() == ("ok",)
    own.close()


def test_what_is_unjudged_is_not_kept(file: Path) -> None:
    pytest.importorskip("httpx", reason="needs httpx")
    from loopback import changed, serve

    from claimdiff.verify.llm import Tuning, open_llm
    from claimdiff.verify.spec import Spec

    with serve(changed(lambda answer: answer | {"probability": 7})) as endpoint:
        spec = Spec("llm", "m", url=endpoint.url, answers=str(file))
        for _ in range(2):
            (found,) = open_llm(spec, tuning=Tuning(patience=5.0)).judge([QUESTION])
            assert isinstance(found, Unjudged)
        assert len(endpoint.asked) == 2

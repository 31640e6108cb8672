"""Endpoints that are slow, broken, cut off, lying or refusing: what they spoil is unjudged and says so, and
nothing else is."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("httpx", reason="needs httpx")

from loopback import (
    Asked,
    Model,
    Said,
    Table,
    changed,
    complete,
    failing,
    first,
    honest,
    serve,
    verdict,
)

from claimdiff.model import Span, Type
from claimdiff.verify import Answer, Judgement, Question, Unjudged, VerifierError
from claimdiff.verify import endpoint as endpoints
from claimdiff.verify.llm import Tuning, open_llm
from claimdiff.verify.spec import Spec

QUESTIONS = tuple(
    Question(f"d.{n}", f"The mill sold {n + 1} tons.", (f"The mill sold {n} tons.",)) for n in range(5)
)
BAD = QUESTIONS[3]


def ask(
    model: Model, *, tuning: Tuning | None = None, questions: tuple[Question, ...] = QUESTIONS, **more: Any
) -> tuple[tuple[Answer | Unjudged, ...], list[Asked], list[float]]:
    """The answers, what the endpoint was asked, and how long was waited between."""
    waits: list[float] = []
    used = tuning or Tuning(patience=5.0)
    with serve(model) as endpoint:
        spec = Spec("llm", "small-1", url=endpoint.url, **more)
        own = Tuning(
            batch=used.batch,
            tries=used.tries,
            patience=used.patience,
            hopeless=used.hopeless,
            pause=waits.append,
        )
        return tuple(open_llm(spec, tuning=own).judge(questions)), endpoint.asked, waits


def reasons(found: tuple[Answer | Unjudged, ...]) -> set[str]:
    return {one.reason for one in found if isinstance(one, Unjudged)}


def judged(found: tuple[Answer | Unjudged, ...]) -> list[str]:
    return [one.id for one in found if isinstance(one, Answer)]


def for_one(change: Callable[[Table], Table | None]) -> Model:
    """A model that is honest except for BAD."""
    return changed(lambda answer: change(answer) if answer["changed"] == ["4"] else answer)


def has_bad(asked: Asked) -> bool:
    return any(item["statement"] == BAD.statement for item in asked.items)


def only_bad_is_unjudged(found: tuple[Answer | Unjudged, ...]) -> str:
    assert judged(found) == [one.id for one in QUESTIONS if one is not BAD]
    (reason,) = reasons(found)
    return reason


# --- what a single answer can have ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"judgement": "fine"}, "a judgement that there is not"),
        ({"judgement": None}, "a judgement that there is not"),
        ({"judgement": ["supported"]}, "a judgement that there is not"),
        ({"probability": 1.01}, "a probability that is none"),
        ({"probability": -0.1}, "a probability that is none"),
        ({"probability": "0.9"}, "a probability that is none"),
        ({"probability": True}, "a probability that is none"),
        ({"probability": float("nan")}, "a probability that is none"),
        ({"probability": 10**400}, "a probability that is none"),
        ({"types": "number"}, "not the JSON"),
        ({"changed": [1]}, "not the JSON"),
        ({"changed": ["seven owls"]}, "words that stand neither in the statement nor in its sources"),
    ],
)
def test_an_answer_that_cannot_be_believed_is_none(change: Table, reason: str) -> None:
    found, asked, _ = ask(for_one(lambda answer: answer | change))
    assert reason in only_bad_is_unjudged(found)
    assert len(asked) == 1


def test_an_unknown_type_and_a_field_too_many_are_left_out() -> None:
    found, _, _ = ask(for_one(lambda answer: answer | {"types": ["tone", "time", "number", "time"], "x": 1}))
    assert found[3] == Answer(
        "d.3", Judgement.DISTORTED, 0.9, (Type.NUMBER, Type.TIME), (Span(14, 15),), "new: 4"
    )


def test_words_of_the_source_are_no_span_but_no_lie() -> None:
    found, _, _ = ask(for_one(lambda answer: answer | {"changed": ["3 tons"]}))
    assert found[3] == Answer("d.3", Judgement.DISTORTED, 0.9, (Type.NUMBER,), (), "new: 4")


def test_a_true_span_beside_a_lie_is_kept() -> None:
    found, _, _ = ask(for_one(lambda answer: answer | {"changed": ["nine", "4", "", "  "]}))
    assert isinstance(found[3], Answer) and found[3].spans == (Span(14, 15),)


def test_what_is_supported_has_no_words_that_changed() -> None:
    found, _, _ = ask(for_one(lambda answer: answer | {"judgement": "supported"}))
    assert found[3] == Answer("d.3", Judgement.SUPPORTED, 0.9, (), (), "new: 4")


def test_a_reason_is_one_short_line() -> None:
    found, _, _ = ask(for_one(lambda answer: answer | {"reason": "a\n\x1b[31mb\u202ec\ud800 " + "d" * 999}))
    reason = found[3].reason
    assert reason.startswith("a [31mb") and len(reason) <= 300 and reason.isprintable()
    found, _, _ = ask(for_one(lambda answer: answer | {"reason": {"a": 1}}))
    assert found[3].reason == ""


# --- what all answers together can have --------------------------------------------------------------


def test_a_missing_answer_is_asked_for_again() -> None:
    found, asked, _ = ask(
        lambda asked: for_one(lambda answer: None)(asked) if not asked.number else honest(asked)
    )
    assert judged(found) == [one.id for one in QUESTIONS]
    assert [len(one.items) for one in asked] == [6, 2]


def test_an_answer_that_never_comes_is_said() -> None:
    found, asked, _ = ask(for_one(lambda answer: None))
    assert "left it out" in only_bad_is_unjudged(found)
    assert len(asked) == 2


def test_two_answers_for_one_are_none() -> None:
    def model(asked: Asked) -> Said:
        answers = [verdict(item) for item in asked.items]
        twice = [one for one in answers if one["changed"] == ["4"]]
        return complete({"answers": answers + [one | {"judgement": "supported"} for one in twice]})

    assert "more than once" in only_bad_is_unjudged(ask(model)[0])


@pytest.mark.parametrize("id", ["d.3", "q000000000", 7, None])
def test_an_answer_for_another_id_spoils_its_request(id: object) -> None:
    found, asked, _ = ask(for_one(lambda answer: answer | {"id": id}))
    assert "nobody asked about" in only_bad_is_unjudged(found)
    assert len(asked) > 1


def test_a_control_that_was_not_understood_spoils_everything() -> None:
    yes = {"judgement": "supported", "types": [], "changed": []}
    found, asked, _ = ask(changed(lambda answer: answer | yes))
    assert judged(found) == []
    (reason,) = reasons(found)
    assert "control question" in reason
    assert len(asked) <= 2 * len(QUESTIONS)


@pytest.mark.parametrize(
    "content",
    [
        "I think that all of them are fine.",
        "{",
        '{"answers": {}}',
        '{"answers": 7}',
        "null",
        "[" * 100_000,
        '{"answers": [' + "1" * 5000 + "]}",
        '{"answers": ["supported"]}',
        '{"answers": [{"id": "a", "id": "b"}]}',
    ],
)
def test_what_is_not_the_json_that_was_asked_for_is_no_answer(content: str) -> None:
    found, _, _ = ask(lambda asked: complete(content))
    assert judged(found) == []
    assert len(reasons(found)) == 1


def test_an_empty_answer_is_none() -> None:
    for content in ("", "  \n", None):
        found, _, _ = ask(lambda asked, own=content: complete("", choice={"message": {"content": own}}))
        assert reasons(found) == {"the model's answer was empty"}


def test_an_answer_that_was_cut_off_is_asked_for_in_halves() -> None:
    def model(asked: Asked) -> Said:
        if len(asked.items) > 3:  # two and the control
            return complete('{"answers": [{"id": "', choice={"finish_reason": "length"})
        return honest(asked)

    found, asked, _ = ask(model)
    assert judged(found) == [one.id for one in QUESTIONS]
    assert [len(one.items) for one in asked] == [6, 3, 4, 2, 3]


def test_one_that_is_always_cut_off_is_said() -> None:
    def model(asked: Asked) -> Said:
        cut = complete("", choice={"finish_reason": "length"})
        return cut if has_bad(asked) else honest(asked)

    assert "cut off" in only_bad_is_unjudged(ask(model)[0])


@pytest.mark.parametrize(
    "refusal",
    [
        complete("", choice={"message": {"content": None, "refusal": "I cannot help with that."}}),
        complete("", choice={"finish_reason": "content_filter"}),
        failing(400, "The response was filtered", code="content_filter"),
    ],
)
def test_a_refusal_spoils_only_what_is_refused(refusal: Said) -> None:
    found, _, _ = ask(lambda asked: refusal if has_bad(asked) else honest(asked))
    assert "refused" in only_bad_is_unjudged(found)


# --- what an endpoint can send -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(body=b"<html>Log in</html>", kind="text/html"), "text/html that is no JSON"),
        (Said(body=b"", kind=""), "no JSON"),
        (Said(body=b"\xff\xfe{}", kind="application/json"), "no JSON"),
        (Said(body=b"[]"), "not that of a chat completion"),
        (Said(body=b'{"choices": []}'), "not that of a chat completion"),
        (Said(body=b'{"choices": [{"message": "yes"}]}'), "not that of a chat completion"),
        (Said(body=b'{"choices": {"message": {}}}'), "not that of a chat completion"),
        (Said(body=b"[" * 200_000), "no JSON"),
        (Said(204), "no JSON"),
    ],
)
def test_a_body_of_another_form_is_no_answer(said: Said, reason: str) -> None:
    found, _, _ = ask(lambda asked: said)
    assert judged(found) == []
    (own,) = reasons(found)
    assert reason in own


def test_the_kind_of_content_is_not_what_counts() -> None:
    def model(asked: Asked) -> Said:
        said = honest(asked)
        said.kind = "text/plain"
        return said

    assert len(judged(ask(model)[0])) == 5


def test_a_huge_body_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "BODY", 100_000)
    found, _, _ = ask(lambda asked: Said(body=b" " * 3_000_000), tuning=Tuning(tries=2))
    (reason,) = reasons(found)
    assert "more than 100,000 bytes" in reason


@pytest.mark.parametrize("said", [Said(drop=True), Said(drop=True, body=b"HTTP/1.1 200 OK\r\nContent-")])
def test_a_dropped_connection_is_tried_again(said: Said) -> None:
    found, asked, waits = ask(first(2, lambda asked: said))
    assert len(judged(found)) == 5
    assert len(asked) == 3 and len(waits) == 2


def test_a_body_that_ends_early_is_tried_again() -> None:
    found, asked, _ = ask(first(1, lambda asked: Said(body=b"{}", headers={"Content-Length": "99"})))
    assert len(judged(found)) == 5
    assert len(asked) == 2


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "Identity"])
def test_a_packed_body_is_unpacked(encoding: str) -> None:
    def model(asked: Asked) -> Said:
        said = honest(asked)
        pack = {"gzip": gzip.compress, "deflate": zlib.compress, "Identity": bytes}[encoding]
        said.body = pack(said.body)
        said.headers = {"Content-Encoding": encoding}
        return said

    found, asked, _ = ask(model)
    assert len(judged(found)) == 5
    assert asked[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("encoding", "body", "reason"),
    [
        ("gzip", gzip.compress(b" " * 50_000_000), "more than 4,000,000 bytes"),
        ("gzip", b"plain", "not asked for"),
        ("br", b"plain", "not asked for"),
        ("gzip, gzip", b"plain", "not asked for"),
    ],
)
def test_a_body_that_swells_is_not_unpacked(encoding: str, body: bytes, reason: str) -> None:
    said = Said(body=body, headers={"Content-Encoding": encoding})
    (own,) = reasons(ask(lambda asked: said, tuning=Tuning(tries=1))[0])
    assert reason in own


def test_who_is_not_there_gives_no_answer() -> None:
    with serve(honest) as endpoint:
        url = endpoint.url
    tuning = Tuning(tries=2, pause=lambda seconds: None)
    found = open_llm(Spec("llm", "m", url=url), tuning=tuning).judge(QUESTIONS)
    (reason,) = {one.reason for one in found}
    assert reason == "the endpoint gave no connection (ConnectError), 2 times"


def test_a_slow_answer_is_not_waited_for() -> None:
    started = time.monotonic()
    slow = Said(pieces=[b" "] * 100, pause=0.05)
    found, asked, _ = ask(lambda asked: slow, tuning=Tuning(patience=0.3, hopeless=5))
    assert judged(found) == [] and len(asked) <= 6
    assert all("the endpoint gave no whole answer in time" in reason for reason in reasons(found))
    assert time.monotonic() - started < 10


def test_what_is_late_is_asked_for_in_halves() -> None:
    def model(asked: Asked) -> Said:
        return Said(pieces=[b" "], pause=3.0) if len(asked.items) > 3 else honest(asked)

    found, asked, _ = ask(model, tuning=Tuning(patience=0.8))
    assert judged(found) == [one.id for one in QUESTIONS]
    assert [len(one.items) for one in asked] == [6, 6, 3, 4, 4, 2, 3]


def test_a_silent_endpoint_is_not_waited_for() -> None:
    found, asked, _ = ask(lambda asked: Said(pieces=[b"{}"], pause=3.0), tuning=Tuning(patience=0.2, tries=1))
    (reason,) = reasons(found)
    assert "within 0 seconds" in reason or "in time" in reason
    assert len(asked) == 1


def test_a_head_that_comes_letter_by_letter_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "GRACE", 0.1)
    started = time.monotonic()
    head = Said(drop=True, body=b"HTTP/1.1 200 OK\r\nX-Long: ", pieces=[b"x"] * 400, pause=0.02)
    found, asked, _ = ask(lambda asked: head, tuning=Tuning(patience=0.4, tries=1))
    assert reasons(found) == {"the endpoint gave no whole answer in time, 1 times"}
    assert len(asked) == 1
    assert time.monotonic() - started < 6


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_tried_again(status: int) -> None:
    found, asked, waits = ask(first(3, lambda asked: failing(status)))
    assert len(judged(found)) == 5
    assert len(asked) == 4
    assert len(waits) == 3
    for wait, whole in zip(waits, (1, 2, 4), strict=True):
        assert whole / 2 <= wait <= whole


def test_what_does_not_pass_is_said() -> None:
    found, asked, waits = ask(lambda asked: failing(503, "secret words of theirs"))
    assert reasons(found) == {"the endpoint answered 503, 5 times"}
    assert len(asked) == 5 and len(waits) == 4


@pytest.mark.parametrize(("after", "least"), [("7", 7.0), ("0", 0.0), ("soon", 0.0), ("-5", 0.0)])
def test_an_endpoint_says_how_long_to_wait(after: str, least: float) -> None:
    found, _, waits = ask(first(1, lambda asked: failing(429, Retry_After=after)))
    assert len(judged(found)) == 5
    assert waits[0] == least if least else 0.5 <= waits[0] <= 1


def test_an_endpoint_says_until_when_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimdiff.verify.clock.time", lambda: 1_700_000_000.0)
    date = "Tue, 14 Nov 2023 22:13:29 GMT"  # nine seconds later
    _, _, waits = ask(first(1, lambda asked: failing(503, Retry_After=date)))
    assert waits == [9.0]


def test_nobody_waits_for_an_hour() -> None:
    found, asked, waits = ask(lambda asked: failing(429, Retry_After="3600"))
    assert reasons(found) == {"the endpoint answered 429 and wants 3600 seconds of waiting"}
    assert len(asked) == 1 and waits == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (failing(401, "Who are you?"), "wants a key: set CLAIMDIFF_VERIFIER_KEY"),
        (failing(402), "wants to be paid"),
        (failing(403), "does not let this key use the model 'small-1'"),
        (failing(404), "no such address or no model 'small-1'.*https://host/v1"),
        (failing(405), "no such address"),
        (
            failing(400, "The model `small-1` does not exist", code="model_not_found"),
            "has no model 'small-1'",
        ),
        (failing(429, "You exceeded your quota", code="insufficient_quota"), "no credit left"),
        (
            Said(307, headers={"Location": "https://u:p@elsewhere.example/v1?key=7"}),
            r"\(https://elsewhere.example/v1\)",
        ),
    ],
)
def test_an_endpoint_that_cannot_be_used_is_an_error(said: Said, words: str) -> None:
    with pytest.raises(VerifierError, match=words) as caught:
        ask(lambda asked: said)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_an_error_says_what_the_endpoint_says_in_one_line() -> None:
    with pytest.raises(VerifierError, match=r'It says: "Ask \[31mHarbour  ?IT\."') as caught:
        ask(lambda asked: failing(401, "Ask\n\x1b[31mHarbour \u202eIT."))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("status", [400, 418, 422, 501])
def test_an_error_of_another_kind_is_said(status: int) -> None:
    found, _, _ = ask(lambda asked: failing(status, "no"))
    assert reasons(found) == {f"the endpoint answered {status}"}


@pytest.mark.parametrize(
    "said", [failing(413), failing(400, "This model's maximum context length is 4096 tokens")]
)
def test_what_is_too_long_is_asked_for_in_halves(said: Said) -> None:
    found, asked, _ = ask(lambda asked: said if len(asked.items) > 3 else honest(asked))
    assert len(judged(found)) == 5
    assert [len(one.items) for one in asked] == [6, 3, 4, 2, 3]


def test_a_statement_without_end_is_not_asked() -> None:
    long = Question("d.9", "word " * 20_000, ("A word.",))
    found, asked, _ = ask(honest, questions=(*QUESTIONS, long))
    assert found[5] == Unjudged("d.9", "it is too long to be asked")
    assert judged(found) == [one.id for one in QUESTIONS]
    assert max(len(one.body) for one in asked) < 50_000


# --- endpoints that take less ---------------------------------------------------------------------------


def picky(*refused: str) -> Model:
    """An endpoint that knows nothing of some fields, and says so."""

    def model(asked: Asked) -> Said:
        content = asked.content
        form = content.get("response_format", {}).get("type")
        for name in refused:
            if name in content or name == form:
                return failing(400, f"Unsupported parameter: '{name}' is not known here.")
        return honest(asked)

    return model


@pytest.mark.parametrize(
    ("refused", "forms"),
    [
        (("json_schema",), ["json_schema", "json_object"]),
        (("response_format",), ["json_schema", "json_object", None]),
        (("temperature", "seed"), ["json_schema"] * 3),
        (("max_tokens",), ["json_schema"] * 2),
        (("max_tokens", "max_completion_tokens"), ["json_schema"] * 3),
    ],
)
def test_a_field_that_is_refused_is_left_out_from_then_on(
    refused: tuple[str, ...], forms: list[str | None]
) -> None:
    found, asked, waits = ask(picky(*refused), tuning=Tuning(batch=2), parallel=1)
    assert len(judged(found)) == 5
    sent = [one.content.get("response_format", {}).get("type") for one in asked]
    assert sent == forms + [forms[-1]] * 2  # the second and the third request are asked once
    assert waits == []
    assert not any(name in asked[-1].content for name in refused)


def test_an_endpoint_that_refuses_a_field_it_was_not_sent_is_not_asked_for_ever() -> None:
    found, asked, _ = ask(lambda asked: failing(400, "response_format, seed, temperature and max_tokens"))
    assert judged(found) == []
    assert len(asked) < 30


# --- nothing of it depends on time ----------------------------------------------------------------------


def test_answers_do_not_depend_on_who_is_first() -> None:
    many = tuple(
        Question(f"d.{n}", f"The mill sold {n + n % 2} tons.", (f"The mill sold {n} tons.",))
        for n in range(24)
    )

    def model(asked: Asked) -> Said:
        time.sleep(0.03 * (7 - asked.number % 8))
        return honest(asked)

    slow = ask(model, tuning=Tuning(batch=3), questions=many, parallel=8)[0]
    assert slow == ask(honest, tuning=Tuning(batch=3), questions=many, parallel=1)[0]
    assert json.dumps([one.id for one in slow]) == json.dumps([one.id for one in many])

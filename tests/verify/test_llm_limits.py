"""What a run may take: time, tokens, failures in a row; what was not asked for that is said."""

from __future__ import annotations

import time
from typing import Any

import pytest

pytest.importorskip("httpx", reason="needs httpx")

from loopback import Asked, Model, Said, complete, failing, first, honest, serve

from claimdiff.verify import Answer, Question, Unjudged
from claimdiff.verify.budget import Run
from claimdiff.verify.llm import Tuning, open_llm, plan
from claimdiff.verify.request import batches, build, items
from claimdiff.verify.spec import Spec

QUESTIONS = tuple(
    Question(f"d.{n}", f"The mill sold {n + 1} tons.", (f"The mill sold {n} tons.",)) for n in range(12)
)
SMALL = Tuning(batch=3, patience=5.0, pause=lambda seconds: None)


def ask(model: Model, tuning: Tuning = SMALL, **more: Any) -> tuple[list[Answer | Unjudged], list[Asked]]:
    with serve(model) as endpoint:
        spec = Spec("llm", "m", url=endpoint.url, **({"parallel": 1} | more))
        return list(open_llm(spec, tuning=tuning).judge(QUESTIONS)), endpoint.asked


def unjudged(found: list[Answer | Unjudged]) -> list[tuple[str, str]]:
    return [(one.id, one.reason) for one in found if isinstance(one, Unjudged)]


def test_time_that_is_over() -> None:
    started = time.monotonic()

    def slow(asked: Asked) -> Said:
        time.sleep(0.5)
        return honest(asked)

    found, asked = ask(slow, seconds=1.2)
    assert time.monotonic() - started < 5
    assert 1 <= len(asked) < 4
    late = unjudged(found)
    assert late and late[-1] == ("d.11", "not asked: the 1.2 seconds that were allowed are over")
    assert all(isinstance(one, Answer) for one in found[:3])


def test_no_time_at_all() -> None:
    found, asked = ask(honest, seconds=0)
    assert asked == []
    assert {reason for _, reason in unjudged(found)} == {
        "not asked: the 0 seconds that were allowed are over"
    }


def test_nobody_waits_beyond_the_time() -> None:
    started = time.monotonic()
    tuning = Tuning(batch=3, patience=5.0, backoff=20.0)
    found, asked = ask(lambda asked: failing(503), tuning, seconds=4.0)
    assert time.monotonic() - started < 3
    assert len(unjudged(found)) == 12
    assert "the endpoint answered 503; asked no more for want of time" in unjudged(found)[0][1]
    assert len(asked) == 4


def test_a_thread_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimdiff.verify.llm.LATE", 0.2)
    monkeypatch.setattr("claimdiff.verify.endpoint.Endpoint.post", lambda *given: time.sleep(4))
    started = time.monotonic()
    found = open_llm(Spec("llm", "m", url="http://127.0.0.1:9/v1", seconds=0.3)).judge(QUESTIONS)
    assert time.monotonic() - started < 3
    assert {reason for _, reason in unjudged(list(found))} == {"no answer within the time that was allowed"}


def test_tokens_that_are_used_up() -> None:
    def dear(asked: Asked) -> Said:
        return complete(_content(asked), usage={"total_tokens": 5000})

    found, asked = ask(dear, tokens=6000)
    assert len(asked) == 1
    assert all(isinstance(one, Answer) for one in found[:3])
    assert {reason for _, reason in unjudged(found)} == {
        "not asked: it does not fit into the 6,000 tokens that were allowed"
    }


def test_no_tokens_at_all() -> None:
    found, asked = ask(honest, tokens=0)
    assert asked == [] and len(unjudged(found)) == 12


def _content(asked: Asked) -> str:
    import json

    return str(json.loads(honest(asked).body)["choices"][0]["message"]["content"])


@pytest.mark.parametrize("usage", [None, {}, {"total_tokens": -5}, {"total_tokens": True}, "many", {"x": 1}])
def test_tokens_are_counted_where_the_endpoint_does_not(usage: object) -> None:
    need = plan(QUESTIONS, SMALL)
    model = lambda asked: complete(_content(asked), usage=usage)  # noqa: E731
    enough = int((need.tokens_sent + need.tokens_back) * 1.1)
    assert not unjudged(ask(model, tokens=enough)[0])
    found, asked = ask(model, tokens=enough // 2)
    assert unjudged(found) and 1 <= len(asked) <= 3


def test_a_plan_is_about_what_is_used() -> None:
    run = Run(None, None, hopeless=9)
    sent = [build(batch, "v") for batch in batches(items(QUESTIONS, "v"), SMALL)]
    for request in sent:
        assert run.refuses(request.tokens) == ""
        run.settle(request.tokens, 50)
    assert run.used == 200


def test_requests_at_once_do_not_spend_the_same_tokens() -> None:
    run = Run(None, 1000, hopeless=9)
    assert run.refuses(600) == ""
    assert "does not fit" in run.refuses(600)
    run.settle(600, 100)
    assert run.refuses(600) == ""


def test_an_endpoint_that_only_fails_is_not_asked_for_ever() -> None:
    tuning = Tuning(batch=1, tries=2, hopeless=3, patience=5.0, pause=lambda seconds: None)
    found, asked = ask(lambda asked: failing(500), tuning)
    assert len(asked) == 6
    reasons = [reason for _, reason in unjudged(found)]
    assert reasons[:3] == ["the endpoint answered 500, 2 times"] * 3
    assert (
        reasons[3:]
        == ["not asked, since 3 requests in a row were of no use; the last: the endpoint answered 500"] * 9
    )


def test_a_model_that_writes_nonsense_is_not_asked_for_ever() -> None:
    found, asked = ask(lambda asked: complete("yes"), Tuning(patience=5.0, pause=lambda seconds: None))
    assert len(unjudged(found)) == 12
    assert len(asked) == 20


def test_a_success_counts_failures_anew() -> None:
    tuning = Tuning(batch=1, tries=1, hopeless=3, patience=5.0, pause=lambda seconds: None)
    found, asked = ask(lambda asked: honest(asked) if asked.number % 3 == 2 else failing(500), tuning)
    assert len(asked) == 12 and len(unjudged(found)) == 8


def test_waiting_ends_with_the_run() -> None:
    run = Run(None, None, hopeless=9)
    assert run.wait(0.01)
    run.stopped.set()
    assert not run.wait(60)
    assert run.refuses(1) == "not asked: the run was stopped"
    assert not Run(0.5, None, hopeless=9).wait(0.6)


def test_what_was_paid_for_is_kept_when_a_run_breaks_off(tmp_path: Any) -> None:
    file = str(tmp_path / "answers.sqlite")
    spec = {"answers": file, "parallel": 1}

    def stops(asked: Asked) -> Said:
        raise AssertionError

    with serve(first(2, honest, lambda asked: failing(401))) as endpoint:
        verifier = open_llm(Spec("llm", "m", url=endpoint.url, **spec), tuning=SMALL)  # type: ignore[arg-type]
        with pytest.raises(Exception, match="wants a key"):
            verifier.judge(QUESTIONS)
        endpoint.model = stops
        assert len(verifier.judge(QUESTIONS[:6])) == 6
        assert len(endpoint.asked) == 3


def test_an_interrupted_run_asks_no_more() -> None:
    def stop(done: int, all: int) -> None:
        if done:
            raise KeyboardInterrupt

    def slow(asked: Asked) -> Said:
        time.sleep(0.05)
        return honest(asked)

    with serve(slow) as endpoint:
        spec = Spec("llm", "m", url=endpoint.url, parallel=1)
        verifier = open_llm(spec, tuning=Tuning(batch=1), heard=stop)
        with pytest.raises(KeyboardInterrupt):
            verifier.judge(QUESTIONS)
        time.sleep(0.3)
        assert len(endpoint.asked) <= 3

"""A model behind an endpoint: the whole way from questions to answers, with a server that is fine."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("httpx", reason="needs httpx")

from loopback import Asked, Endpoint, Model, Said, honest, serve

from claimdiff.model import Span, Type
from claimdiff.verify import Answer, Judgement, Question, Unjudged, VerifierError
from claimdiff.verify.llm import LLM, Bill, Plan, Tuning, open_llm, plan
from claimdiff.verify.spec import Spec, open_verifier

FINE = Question("d.1", "The mill opened in 1901.", ("The mill opened in 1901.",))
WRONG = Question("d.2", "The mill opened in 1910.", ("The mill opened in 1901.",))
MANY = tuple(
    Question(f"d.{n}", f"The mill sold {n} tons.", (f"The mill sold {n if n % 3 else n + 1} tons.",))
    for n in range(30)
)
FAST = Tuning(pause=lambda seconds: None, patience=5.0)


def spec(endpoint: Endpoint, **more: object) -> Spec:
    return replace(Spec("llm", "small-1", url=endpoint.url), **more)  # type: ignore[arg-type]


def test_answers_come_in_the_order_of_the_questions() -> None:
    with serve(honest) as endpoint:
        found = open_llm(spec(endpoint), tuning=FAST).judge([WRONG, FINE])
    assert found == (
        Answer("d.2", Judgement.DISTORTED, 0.9, (Type.NUMBER,), (Span(19, 23),), "new: 1910"),
        Answer("d.1", Judgement.SUPPORTED, 0.9, reason="same words"),
    )


def test_many_questions_are_asked_together_and_at_once() -> None:
    with serve(honest) as endpoint:
        verifier = open_llm(spec(endpoint, parallel=3), tuning=FAST)
        found = verifier.judge(MANY)
        alone = open_llm(spec(endpoint, parallel=1), tuning=FAST).judge(MANY)
    assert [one.id for one in found] == [question.id for question in MANY]
    wrong = [one.id for one in found if isinstance(one, Answer) and one.judgement is Judgement.DISTORTED]
    assert wrong == [f"d.{n}" for n in range(0, 30, 3)]
    assert found == alone
    sizes = [len(asked.items) for asked in endpoint.asked]
    assert sorted(sizes[:4]) == [7, 9, 9, 9] and sizes[4:] == [9, 9, 9, 7]  # with a control each
    assert endpoint.most <= 3


def test_what_is_sent() -> None:
    question = replace(WRONG, before="It is old.", context=("A mill stands there.",), linked=False)
    with serve(honest) as endpoint:
        open_llm(spec(endpoint), tuning=FAST).judge([question])
    (asked,) = endpoint.asked
    assert asked.path == "/v1/chat/completions"
    content = asked.content
    assert content["model"] == "small-1"
    assert content["temperature"] == 0
    assert isinstance(content["seed"], int)
    assert content["response_format"]["json_schema"]["strict"] is True
    assert [message["role"] for message in content["messages"]] == ["system", "user"]
    (own,) = [item for item in asked.items if item["statement"] == WRONG.statement]
    assert own == {
        "id": own["id"],
        "sources": list(WRONG.sources),
        "context": ["A mill stands there."],
        "linked": False,
        "before": "It is old.",
        "statement": WRONG.statement,
    }
    assert "Authorization" not in asked.headers


def test_the_same_questions_make_the_same_requests() -> None:
    with serve(honest) as endpoint:
        for _ in range(2):
            open_llm(spec(endpoint, parallel=1), tuning=FAST).judge(MANY)
    bodies = [asked.body for asked in endpoint.asked]
    assert bodies[:4] == bodies[4:]
    assert len(set(bodies)) == 4


def test_equal_questions_are_asked_once() -> None:
    with serve(honest) as endpoint:
        found = open_llm(spec(endpoint), tuning=FAST).judge([WRONG, replace(WRONG, id="d.9")])
    assert [one.id for one in found] == ["d.2", "d.9"]
    assert replace(found[1], id="d.2") == found[0]
    assert len(endpoint.asked[0].items) == 2


def test_nothing_is_sent_for_nothing() -> None:
    with serve(honest) as endpoint:
        assert open_llm(spec(endpoint), tuning=FAST).judge([]) == ()
    assert endpoint.asked == []


def test_it_says_how_it_goes() -> None:
    heard: list[tuple[int, int]] = []
    with serve(honest) as endpoint:
        verifier = open_llm(spec(endpoint), tuning=FAST, heard=lambda done, all: heard.append((done, all)))
        verifier.judge(MANY)
    assert heard[0] == (0, 30)
    assert heard[-1] == (30, 30)
    assert heard == sorted(heard)


def test_it_says_what_was_used() -> None:
    with serve(honest) as endpoint:
        verifier = open_llm(spec(endpoint), tuning=FAST)
        assert isinstance(verifier, LLM)
        for times in (1, 2):
            verifier.judge(MANY)
            assert verifier.bill == Bill(4 * times, 4 * 150 * times)


def test_answers_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "answers.sqlite"
    with serve(honest) as endpoint:
        asked = spec(endpoint, answers=str(file))
        first = open_llm(asked, tuning=FAST).judge(MANY)
        count = len(endpoint.asked)
        again = open_llm(asked, tuning=FAST).judge(tuple(reversed(MANY)))
        assert len(endpoint.asked) == count
        open_llm(replace(asked, name="small-2"), tuning=FAST).judge(MANY)
        assert len(endpoint.asked) == 2 * count
    assert again == tuple(reversed(first))


def test_the_signature_names_what_answers_follow_from() -> None:
    with serve(honest) as endpoint, serve(honest) as other:
        own = open_llm(spec(endpoint)).signature
        assert own.startswith("llm:small-1 ")
        assert "prompt=1-" in own and "protocol=1" in own and "127.0.0.1" not in own
        assert open_llm(spec(endpoint, parallel=1, seconds=3.0, tokens=9)).signature == own
        assert open_llm(spec(endpoint, name="small-2")).signature != own
        assert open_llm(spec(other)).signature != own


def test_it_is_opened_from_a_spec() -> None:
    with serve(honest) as endpoint:
        assert len(open_verifier(spec(endpoint)).judge([FINE])) == 1


def test_without_httpx_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(VerifierError, match=r"pip install 'claimdiff\[llm\]'"):
        open_llm(Spec("llm", "small-1", url="http://127.0.0.1:9/v1"))


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "m" * 300])
def test_a_model_has_a_name(name: str) -> None:
    with pytest.raises(VerifierError, match="name of a model"):
        open_llm(Spec("llm", name, url="http://127.0.0.1:9/v1"))


@pytest.mark.parametrize("more", [{"parallel": 0}, {"seconds": -1.0}, {"tokens": -1}])
def test_limits_are_numbers_from_zero(more: dict[str, float]) -> None:
    with pytest.raises(VerifierError, match="limits"):
        open_llm(replace(Spec("llm", "m", url="http://127.0.0.1:9/v1"), **more))  # type: ignore[arg-type]


def test_a_plan_says_what_asking_would_take() -> None:
    with serve(honest) as endpoint:
        open_llm(spec(endpoint), tuning=FAST).judge(MANY)
    sent = sum(len(m["content"]) for asked in endpoint.asked for m in asked.content["messages"])
    sent += sum(len(json.dumps(asked.content["response_format"])) for asked in endpoint.asked)
    found = plan(MANY)
    assert isinstance(found, Plan)
    assert (found.questions, found.requests) == (30, len(endpoint.asked))
    assert found.characters == pytest.approx(sent, rel=0.03)  # a control has one length or another
    assert found.tokens_sent == pytest.approx(sent / 4, rel=0.03)
    assert plan([]) == Plan(0, 0, 0, 0, 0)


def test_a_model_that_thinks_aloud_fences_or_writes_parts_is_understood() -> None:
    def rewritten(form: str) -> Model:
        def model(asked: Asked) -> Said:
            said = honest(asked)
            body = json.loads(said.body)
            message = body["choices"][0]["message"]
            text = message["content"]
            message["content"] = {
                "fenced": f"```json\n{text}\n```",
                "thoughts": f'<think>{{"answers": []}} hm</think>\n{text}',
                "chatty": f"Here you are:\n{text}\nAnything else?",
                "parts": [{"type": "text", "text": text[:9]}, {"type": "text", "text": text[9:]}],
                "bare": json.dumps(json.loads(text)["answers"]),
            }[form]
            return Said(body=json.dumps(body).encode())

        return model

    for form in ("fenced", "thoughts", "chatty", "parts", "bare"):
        with serve(rewritten(form)) as endpoint:
            found = open_llm(spec(endpoint), tuning=FAST).judge([FINE, WRONG])
        assert not any(isinstance(one, Unjudged) for one in found), form

"""Verifiers that do not keep their promise: nothing crashes or misleads, and what was not judged is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff import compare
from claimdiff.errors import InputError
from claimdiff.model import Comparison, Span, Type
from claimdiff.verify import Answer, Judgement, Question, Unjudged, VerifierError
from claimdiff.verify.ask import REASON, ask, clean, signature

SAID = (
    Question("d.1", "Nine clerks joined.", ("The guild hired nine.",)),
    Question("d.2", "It rained.", ("Rain.",)),
)
FINE = Answer("d.1", Judgement.SUPPORTED, 0.9)
OTHER = Answer("d.2", Judgement.SUPPORTED, 0.9)


class Broken:
    """An answer that cannot even be asked for its id."""

    @property
    def id(self) -> str:
        raise RuntimeError


class Fake:
    """A verifier that does what it is told to."""

    signature = "fake/1"

    def __init__(self, does: Callable[[Sequence[Question]], Any]) -> None:
        self.judge = does


def raises(error: BaseException) -> Callable[[Sequence[Question]], Any]:
    def judge(questions: Sequence[Question]) -> Any:
        raise error

    return judge


def wrong(**fields: Any) -> Callable[[Sequence[Question]], Any]:
    return lambda _: [
        Answer(**({"id": "d.1", "judgement": Judgement.SUPPORTED, "probability": 0.9} | fields)),
        OTHER,
    ]


ALL = {
    "raises": (raises(ValueError("key=hunter2")), "the verifier failed (ValueError)"),
    "of ours": (raises(InputError("sk-secret")), "the verifier failed (InputError)"),
    "ends itself": (raises(StopIteration()), "the verifier failed (StopIteration)"),
    "gives nothing": (lambda _: None, "the verifier failed (TypeError)"),
    "gives a number": (lambda _: 7, "the verifier failed (TypeError)"),
    "gives what breaks": (lambda _: [Broken()], "the verifier failed (RuntimeError)"),
    "gives too few": (lambda _: [], "the verifier gave no answer"),
    "wrong ids": (lambda _: [Answer("d.9", Judgement.DISTORTED, 1.0)] * 2, "the verifier gave no answer"),
    "text": (lambda _: ["supported", "supported"], "the verifier gave no answer"),
    "no ids": (lambda _: [Answer(None, Judgement.DISTORTED, 1.0)], "the verifier gave no answer"),  # type: ignore[arg-type]
}  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_what_gives_no_answer(name: str) -> None:
    does, reason = ALL[name]
    assert ask(Fake(does), SAID) == (Unjudged("d.1", reason), Unjudged("d.2", reason))


ONE = {
    "too sure": (wrong(probability=1.01), "a probability"),
    "less than not sure": (wrong(probability=-0.1), "a probability"),
    "nan": (wrong(probability=float("nan")), "a probability"),
    "infinite": (wrong(probability=float("inf")), "a probability"),
    "true": (wrong(probability=True), "a probability"),
    "none": (wrong(probability=None), "a probability"),
    "in words": (wrong(probability="high"), "a probability"),
    "no judgement": (wrong(judgement="maybe"), "a judgement that there is not"),
    "a list of judgements": (wrong(judgement=[]), "a judgement that there is not"),
    "no type": (wrong(types=("colour",)), "a type that there is not"),
    "types are no list": (wrong(types=7), "cannot be read (TypeError)"),
    "beyond the end": (wrong(spans=(Span(0, 20),)), "outside the statement"),
    "before the beginning": (wrong(spans=(Span(-1, 4),)), "outside the statement"),
    "backwards": (wrong(spans=(Span(4, 1),)), "outside the statement"),
    "no numbers": (wrong(spans=((0.0, 4.0),)), "a place that is no number"),
    "three numbers": (wrong(spans=((0, 1, 2),)), "cannot be read (ValueError)"),
    "reason is no text": (wrong(reason=b"x"), "a reason that is no text"),
    "two answers": (lambda _: [FINE, OTHER, FINE], "gave 2 answers"),
    "no Answer": (lambda _: [type("Odd", (), {"id": "d.1"})(), OTHER], "gave a Odd for an answer"),
    "no reason": (lambda _: [Unjudged("d.1", "\x00"), OTHER], "gave no reason"),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE)
def test_one_wrong_answer_spoils_no_other(name: str) -> None:
    does, reason = ONE[name]
    first, second = ask(Fake(does), SAID)
    assert isinstance(first, Unjudged) and reason in first.reason
    assert second == OTHER


def test_answers_without_end() -> None:
    first, second = ask(Fake(lambda _: repeat(FINE)), SAID)
    assert isinstance(first, Unjudged) and first.reason == "the verifier gave 8 answers"
    assert second == Unjudged("d.2", "the verifier gave no answer")


def test_answers_are_found_by_their_id() -> None:
    assert ask(Fake(lambda _: (OTHER, Answer("x", Judgement.SUPPORTED, 1), FINE)), SAID) == (FINE, OTHER)


def test_plain_words_are_judgements_and_types_too() -> None:
    given_ = Answer("d.1", "distorted", 1, ("quote", "number", "quote"), ((0, 4),), "why")  # type: ignore[arg-type]
    (own,) = ask(Fake(lambda _: [given_]), SAID[:1])
    assert own == Answer("d.1", Judgement.DISTORTED, 1.0, (Type.NUMBER, Type.QUOTE), (Span(0, 4),), "why")


def test_nobody_is_asked_nothing() -> None:
    assert ask(Fake(raises(AssertionError())), ()) == ()


def test_one_that_says_it_cannot_be_used_is_heard() -> None:
    with pytest.raises(VerifierError, match="the key is refused"):
        compare("It rained.", "There was rain.", verifier=Fake(raises(VerifierError("the key is refused"))))


def test_ctrl_c_ends_it() -> None:
    with pytest.raises(KeyboardInterrupt):
        ask(Fake(raises(KeyboardInterrupt())), SAID)


@pytest.mark.parametrize("does", [raises(ValueError()), lambda _: [Answer("d.2", Judgement.DISTORTED, 9.0)]])
def test_a_comparison_is_made_whatever_the_verifier_does(does: Callable[[Any], Any]) -> None:
    source, derivative = (
        "The guild hired nine clerks. It rained.",
        "Nine clerks joined the guild. There was rain.",
    )
    plain = compare(source, derivative)
    got = compare(source, derivative, verifier=Fake(does))
    assert got.findings == plain.findings and got.summary == plain.summary
    assert got.opinion and got.opinion.judged == 0
    assert [id for id, _ in got.opinion.unjudged] == ["d.1", "d.2"]


@pytest.mark.parametrize("said", ["", None, 7, "\n\x07"])
def test_one_without_a_signature_is_called_by_its_type(said: Any) -> None:
    fake = Fake(raises(ValueError()))
    fake.signature = said
    assert signature(fake) == "Fake (unsigned)"


def test_a_signature_that_fails() -> None:
    class Odd:
        @property
        def signature(self) -> str:
            raise RuntimeError

        def judge(self, questions: Sequence[Question]) -> Sequence[Answer]:
            return []

    assert signature(Odd()) == "Odd (unsigned)"


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("one\ntwo\r\n three", "one two three"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\u202eb\u200bc\ud800d", "abcd"),
        ("it says “nine”, not \"ten\"", "it says 'nine', not 'ten'"),
        ("  ", ""),
        ("x" * 400, "x" * (REASON - 1) + "…"),
    ],
)  # fmt: skip
def test_a_reason_is_shown_and_does_nothing(given_: str, shown: str) -> None:
    assert clean(given_, REASON) == shown


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_clean_is_clean(text: str) -> None:
    told = clean(text, 20)
    assert len(told) <= 20 and told == told.strip() and clean(told, 20) == told
    assert told.isprintable()


odd = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3) | st.integers(-3, 30),
    lambda own: st.lists(own, max_size=3) | st.tuples(own, own),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(Answer, st.sampled_from(["d.1", "d.2", "x"]), odd, odd, odd, odd, odd) | odd, max_size=4
    )
)
def test_whatever_comes_is_an_answer_or_none(given_: list[Any]) -> None:
    for question, own in zip(SAID, ask(Fake(lambda _: given_), SAID), strict=True):
        assert own.id == question.id
        if isinstance(own, Answer):
            assert 0 <= own.probability <= 1
            assert all(0 <= a <= b <= len(question.statement) for a, b in own.spans)


def test_gaps_are_told_by_their_reason() -> None:
    many = " ".join(f"The town bought boat number {n} from Lisbon." for n in range(30))
    other = many.replace("bought", "has purchased")
    got: Comparison = compare(many, other, verifier=Fake(raises(ValueError())))
    assert got.opinion
    (told,) = got.opinion.gaps()
    assert told.startswith("The verifier did not judge d.1, d.2, ")
    assert told.endswith("d.10 and 20 more: the verifier failed (ValueError)")

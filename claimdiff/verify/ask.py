"""Asking a verifier, and holding what it says to its promise: it is code, or a model, that nobody here wrote.

Whatever it does, each question ends as an `Answer` that is in order or as an `Unjudged` with a reason.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import islice
from math import isfinite
from typing import Any

from claimdiff.model import Span, Type
from claimdiff.verify.protocol import Answer, Judgement, Question, Unjudged, Verifier, VerifierError

REASON = 300  # characters of a reason
SIGNATURE = 300
MOST = 4  # answers that are looked at, for each question


class _WrongError(Exception):
    """What is wrong with an answer."""


def signature(verifier: Verifier) -> str:
    """The verifier's signature on one line; its type's name where it has none."""
    try:
        said = verifier.signature
    except Exception:
        said = ""
    told = clean(said, SIGNATURE) if isinstance(said, str) else ""
    return told or f"{type(verifier).__name__} (unsigned)"


def ask(verifier: Verifier, questions: Sequence[Question]) -> tuple[Answer | Unjudged, ...]:
    """What the verifier says of each question, in their order. Raises VerifierError when it says itself that
    it cannot be used."""
    if not questions:
        return ()
    found: dict[object, list[Any]] = {question.id: [] for question in questions}
    try:
        for own in islice(verifier.judge(tuple(questions)), MOST * len(questions)):
            id = getattr(own, "id", None)
            if isinstance(id, str) and id in found:
                found[id].append(own)
    except VerifierError:
        raise
    except Exception as error:  # its message may hold anything
        return _none(questions, f"the verifier failed ({type(error).__name__})")
    return tuple(_held(question, found[question.id]) for question in questions)


def _none(questions: Sequence[Question], reason: str) -> tuple[Unjudged, ...]:
    return tuple(Unjudged(own.id, clean(reason, REASON)) for own in questions)


def _held(question: Question, given: Sequence[Any]) -> Answer | Unjudged:
    """The one answer to a question, if it is in order."""
    if len(given) != 1:
        told = f"gave {len(given)} answers" if given else "gave no answer"
        return Unjudged(question.id, f"the verifier {told}")
    said = given[0]
    try:
        if isinstance(said, Unjudged):
            reason = clean(said.reason, REASON) if isinstance(said.reason, str) else ""
            return Unjudged(question.id, reason or "the verifier gave no reason")
        if not isinstance(said, Answer):
            raise _WrongError(f"gave a {type(said).__name__} for an answer")
        return _answer(question, said)
    except _WrongError as wrong:
        return Unjudged(question.id, f"the verifier {wrong}")
    except Exception as error:  # an answer's own fields may be anything
        return Unjudged(question.id, f"the verifier's answer cannot be read ({type(error).__name__})")


def _answer(question: Question, said: Answer) -> Answer:
    judgement, sure = said.judgement, said.probability
    if judgement not in tuple(Judgement):
        raise _WrongError("gave a judgement that there is not")
    if (
        isinstance(sure, bool)
        or not isinstance(sure, int | float)
        or not isfinite(sure)
        or not 0 <= sure <= 1
    ):
        raise _WrongError("gave a probability that is not a number from 0 to 1")
    types = list(said.types)
    if any(own not in tuple(Type) for own in types):
        raise _WrongError("named a type that there is not")
    if not isinstance(said.reason, str):
        raise _WrongError("gave a reason that is no text")
    return Answer(
        question.id,
        Judgement(judgement),
        float(sure),
        tuple(own for own in Type if own in types),
        tuple(_span(question.statement, own) for own in said.spans),
        clean(said.reason, REASON),
    )


def _span(text: str, given: Any) -> Span:
    start, end = given
    if any(isinstance(own, bool) or not isinstance(own, int) for own in (start, end)):
        raise _WrongError("gave a place that is no number")
    if not 0 <= start <= end <= len(text):
        raise _WrongError("named words outside the statement")
    return Span(start, end)


def clean(text: str, most: int) -> str:
    """Text from outside on one line, of at most so many characters, none of which steers anything or
    hides; quotation marks become single ones, so that it can be quoted."""
    shown = "".join(" " if _is_space(c) else c for c in text[: 20 * most] if _is_space(c) or _is_shown(c))
    told = " ".join(shown.translate(_QUOTES).split())
    return told if len(told) <= most else told[: most - 1].rstrip() + "…"


_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»', "'"))


def _is_space(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in ("Zs", "Zl", "Zp")


def _is_shown(char: str) -> bool:
    return unicodedata.category(char)[0] != "C"

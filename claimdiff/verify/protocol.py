"""What a verifier is: something that reads a statement beside what it rests on, and says what it thinks.

A verifier never raises for what it was asked: a question that it could not answer gets an `Unjudged`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from claimdiff.errors import ClaimdiffError
from claimdiff.model import Span, Type


class VerifierError(ClaimdiffError):
    """A verifier that cannot be used at all: not installed, not there, without a key, badly named."""


class Judgement(StrEnum):
    """What a verifier says of a statement."""

    SUPPORTED = "supported"
    """The sources say the same."""

    DISTORTED = "distorted"
    """It rests on the sources, but the meaning moved."""

    UNSUPPORTED = "unsupported"
    """The sources do not carry it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A derivative statement with what it is to be held against.

    `sources` are the source statements that it is linked to, in order, or, where it has no link, those
    that are most like it (`linked` is False). `before` is what the derivative says just before it, and
    `context` the source statements around `sources`; both help to understand names and pronouns, and are
    no evidence that the statement has to match."""

    id: str
    statement: str
    sources: tuple[str, ...]
    linked: bool = True
    before: str = ""
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A verifier's verdict on a question. `probability` (0 to 1) is how sure it is of its judgement;
    `spans` are the words of the statement that changed, in code points of its text; `types` and `reason`
    may be empty. The reason is text from outside, to be shown to people and never to be acted on."""

    id: str
    judgement: Judgement
    probability: float
    types: tuple[Type, ...] = ()
    spans: tuple[Span, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A question that got no verdict, and why, in one sentence without anything secret."""

    id: str
    reason: str


class Verifier(Protocol):
    """What plugs in. `signature` names it with all that its answers follow from: its kind and name, its
    version or a digest of its weights, a digest of its prompt, and what else it was set to. The same
    signature and the same questions give the same answers, as far as that is in its hands."""

    @property
    def signature(self) -> str: ...

    def judge(self, questions: Sequence[Question]) -> Sequence[Answer | Unjudged]:
        """An answer to each question, in their order. Raises nothing but VerifierError, when it turns out
        that it cannot be used at all."""
        ...

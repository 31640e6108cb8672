"""A review with a verifier: its findings are decided on like any other, and gaps can be filled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from newsdesk import Clock, desk, texts

from claimdiff.model import Outcome
from claimdiff.render import words
from claimdiff.review.answer import checked
from claimdiff.review.database import Database
from claimdiff.review.record import Act
from claimdiff.review.service import Review
from claimdiff.verify import Answer, Judgement, Question, Unjudged, Verifier, VerifierError
from claimdiff.verify.spec import Spec

SOURCE = "The line will add two boats in May. The ferries carry 900 people."
DERIVATIVE = "Two boats will be added by the line in May. 900 people are carried by the ferries."


class Fake:
    signature = "fake/1"
    busy = True

    def judge(self, questions: Sequence[Question]) -> Sequence[Answer | Unjudged]:
        return [
            Unjudged(own.id, "no time was left")
            if self.busy and "900" in own.statement
            else Answer(own.id, Judgement.DISTORTED, 0.9, reason="not so")
            for own in questions
        ]


@pytest.fixture
def fake(install_verifier: Callable[[Verifier], None]) -> Fake:
    own = Fake()
    install_verifier(own)
    return own


def test_findings_of_a_verifier_are_decided_on_and_gaps_filled(tmp_path: Path, fake: Fake) -> None:
    own = replace(desk(tmp_path, require_verifier=True), verifier=Spec("llm", "m"))
    review = Review(Database(tmp_path / "review.sqlite3"), own, clock=Clock())
    sources, derivative = texts(SOURCE, DERIVATIVE)
    id = review.start("story", sources, derivative, "Ida")
    view = review.view(id)
    assert view.comparison.verdict and view.comparison.verdict.outcome is Outcome.BLOCK
    assert any("not judged" in own.message for own in view.comparison.verdict.failures)
    notes = checked(view, "http://desk")["notes"]
    assert notes[0] == "Second opinion by fake/1: 1 of 2 statements judged"
    assert notes[-1] == "The verifier did not judge d.2: no time was left"
    found = [one for one in view.comparison.findings if one.rule == "verifier-distortion"]
    assert len(found) == 1 and words.opinion(found[0]) == "second opinion alone"
    review.decide(id, found[0].id, Act.DISMISSED, "it is fine", author="Ida", revision=1)
    fake.busy = False
    assert review.edit(id, DERIVATIVE, author="Ida", revision=1) == 2  # the same text, for what was missing
    assert review.edit(id, DERIVATIVE, author="Ida", revision=2) == 2  # nothing is missing any more
    view = review.view(id)
    assert view.comparison.opinion and not view.comparison.opinion.unjudged
    assert view.comparison.verdict and not view.comparison.verdict.failures


def test_with_and_without_a_verifier_are_two_comparisons(tmp_path: Path, fake: Fake) -> None:
    database = Database(tmp_path / "review.sqlite3")
    sources, derivative = texts(SOURCE, DERIVATIVE)
    plain = Review(database, desk(tmp_path), clock=Clock())
    asking = Review(database, replace(desk(tmp_path), verifier=Spec("llm", "m")), clock=Clock())
    first = plain.start("story", sources, derivative, "Ida")
    second = asking.start("story", sources, derivative, "Ida")
    assert first != second
    assert asking.start("story", sources, derivative, "Ida") == second
    assert plain.view(first).comparison.opinion is None


def test_a_verifier_that_cannot_be_used_is_no_internal_error() -> None:
    from claimdiff.review import app, pages

    error = VerifierError("the endpoint refuses the key")
    assert [status for kind, status in app.STATUS if isinstance(error, kind)] == [503]
    assert pages._status(error) == 503

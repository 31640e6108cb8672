"""Drift, coverage and support, as docs/scores.md defines them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdiff.model import (
    Counts,
    Document,
    Finding,
    Kind,
    Place,
    Role,
    Severity,
    Span,
    Statement,
    Status,
    Summary,
    Tally,
)
from claimdiff.score import summarise

OLD = {"c": Status.COVERED, "o": Status.OMITTED, "x": Status.BOILERPLATE}
NEW = {
    "v": Status.VERBATIM,
    "p": Status.PARAPHRASE,
    "D": Status.DISTORTED,  # with a major finding
    "d": Status.DISTORTED,  # with a minor one
    "a": Status.ADDED,
    "x": Status.BOILERPLATE,
}


def document(id: str, letters: str, statuses: dict[str, Status]) -> Document:
    own = []
    for number, letter in enumerate(letters):
        span = Span(2 * number, 2 * number + 1)
        role = Role.BOILERPLATE if letter == "x" else Role.BODY
        own.append(Statement(f"{id}.{number}", id, span, role, "a", (), status=statuses[letter]))
    return Document(id, id, "a " * len(letters), statements=tuple(own))


def finding(statement: Statement, kind: Kind, severity: Severity) -> Finding:
    place = Place(statement.document, statement.id, statement.span)
    here, there = (None, place) if kind is Kind.OMISSION else (place, None)
    return Finding(statement.id, "rule", kind, (), severity, 0.8, "Message.", here, there)


def scores(sources: str | Sequence[str], derivative: str) -> Summary:
    """The scores of statements with these letters; every distortion, addition and omission is a finding."""
    given = [sources] if isinstance(sources, str) else sources
    olds = [document(f"s{number}", letters, OLD) for number, letters in enumerate(given)]
    new = document("d", derivative, NEW)
    findings = [
        finding(own, Kind.DISTORTION if letter in "Dd" else Kind.ADDITION, severity)
        for own, letter in zip(new.statements, derivative, strict=True)
        if letter in "Dda"
        for severity in ([Severity.MINOR, Severity.MAJOR] if letter == "D" else [Severity.MINOR])
    ]
    findings += [
        finding(own, Kind.OMISSION, Severity.MAJOR)
        for old in olds
        for own in old.statements
        if own.status is Status.OMITTED
    ]
    return summarise(olds, new, findings)


@pytest.mark.parametrize(
    ("sources", "derivative", "drift", "coverage", "support"),
    [
        ("cccc", "vvvv", 0, 1, 1),
        ("cccc", "pvpv", 0, 1, 1),
        ("cccc", "vvvD", 2 / 12, 1, 0.75),  # a major distortion is a statement lost
        ("cccc", "vvvd", 1 / 12, 1, 0.75),  # a minor one is half lost
        ("cccc", "vvva", 2 / 12, 1, 0.75),
        ("ccco", "vvvv", 1 / 12, 0.75, 1),  # an omission weighs half of what an addition does
        ("oooo", "aaaa", 1, 0, 0),
        ("cccc", "DDDD", 8 / 12, 1, 0),
        ("cccc", "dddd", 4 / 12, 1, 0),
        ("ccooo", "vDda", (2 * 2.5 + 3) / 13, 0.4, 0.25),
        ("cxc", "vxxv", 0, 1, 1),  # boilerplate counts nowhere
        ("xcoxx", "xvx", 1 / 4, 0.5, 1),
        (["cc", "oo"], "vv", 2 / 8, 0.5, 1),  # over all sources together
        ("", "", 0, 1, 1),
        ("xx", "x", 0, 1, 1),
    ],
)
def test_definition(
    sources: str | Sequence[str], derivative: str, drift: float, coverage: float, support: float
) -> None:
    found = scores(sources, derivative)
    assert found.drift == pytest.approx(drift, abs=5e-5)
    assert (found.coverage, found.support) == pytest.approx((coverage, support), abs=5e-5)


def test_the_counts_that_the_scores_are_made_of() -> None:
    found = scores(["ccox", "o"], "vpDdaax")
    assert found.covered == Tally(2, 4)
    assert found.supported == Tally(2, 6)
    assert found.counts == Counts(addition=2, omission=2, distortion=3)  # a statement may have two findings


OLDS = st.text("cox", min_size=1, max_size=12)
NEWS = st.text("vpDdax", min_size=1, max_size=12)


@given(OLDS, NEWS)
def test_bounds_and_tallies(sources: str, derivative: str) -> None:
    found = scores(sources, derivative)
    for score in (found.drift, found.coverage, found.support):
        assert 0.0 <= score <= 1.0
    judged = sum(letter != "x" for letter in sources), sum(letter != "x" for letter in derivative)
    assert (found.covered.total, found.supported.total) == judged
    if found.covered.total and found.supported.total:
        assert (found.drift == 0) == (found.coverage == found.support == 1)


@given(OLDS, NEWS)
def test_boilerplate_moves_nothing(sources: str, derivative: str) -> None:
    assert scores(sources + "x", "x" + derivative) == scores(sources, derivative)


@given(OLDS, NEWS)
def test_order_moves_nothing(sources: str, derivative: str) -> None:
    assert scores(sources[::-1], derivative[::-1]) == scores(sources, derivative)


@given(OLDS.filter(lambda letters: "c" in letters), NEWS)
def test_what_is_left_out_never_lowers_drift(sources: str, derivative: str) -> None:
    lost, more = sources.replace("c", "o", 1), sources + "o"
    before = scores(sources, derivative).drift
    assert scores(lost, derivative).drift >= before
    assert scores(more, derivative).drift >= before - 5e-5
    assert scores(lost, derivative).coverage <= scores(sources, derivative).coverage


@given(OLDS, NEWS.filter(lambda letters: "v" in letters))
def test_what_goes_wrong_never_lowers_drift(sources: str, derivative: str) -> None:
    before = scores(sources, derivative)
    minor, major, added = (scores(sources, derivative.replace("v", letter, 1)) for letter in "dDa")
    assert before.drift <= minor.drift <= major.drift == added.drift
    assert minor.support == major.support == added.support <= before.support


@given(OLDS, NEWS)
def test_one_more_statement_that_holds_never_raises_drift(sources: str, derivative: str) -> None:
    assert scores(sources + "c", derivative + "v").drift <= scores(sources, derivative).drift

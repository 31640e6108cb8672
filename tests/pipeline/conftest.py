"""Texts to compare, and what every comparison has to hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claimdiff.model import Comparison, Kind, Relation, Role, Span, Status

OLD = {Status.COVERED, Status.OMITTED, Status.BOILERPLATE}
NEW = {Status.VERBATIM, Status.PARAPHRASE, Status.DISTORTED, Status.ADDED, Status.BOILERPLATE}


def check(made: Comparison) -> None:
    """The promises that hold for any two texts."""
    _check_statements(made)
    _check_links(made)
    _check_findings(made)
    summary, counts = made.summary, made.summary.counts
    assert (counts.addition, counts.omission, counts.distortion) == tuple(
        sum(own.kind is kind for own in made.findings)
        for kind in (Kind.ADDITION, Kind.OMISSION, Kind.DISTORTION)
    )
    assert all(0.0 <= own <= 1.0 for own in (summary.drift, summary.coverage, summary.support))


def _check_statements(made: Comparison) -> None:
    ids = [own.id for document in made.documents() for own in document.statements]
    assert len(set(ids)) == len(ids)
    for document in made.documents():
        allowed, end = (NEW if document is made.derivative else OLD), 0
        for own in document.statements:
            assert own.document == document.id
            assert own.status in allowed
            assert (own.status is Status.BOILERPLATE) == (own.role is Role.BOILERPLATE)
            assert end <= own.span.start <= own.span.end <= len(document.text)
            end = own.span.end


def _check_links(made: Comparison) -> None:
    new = {own.id: own for own in made.derivative.statements}
    old = {own.id: own for document in made.sources for own in document.statements}
    order = list(old)
    assert [own.derivative for own in made.links] == [
        id for id in new if id in {o.derivative for o in made.links}
    ]
    for link in made.links:
        assert new[link.derivative].status == link.relation.value
        assert link.sources
        assert [order.index(id) for id in link.sources] == sorted({order.index(id) for id in link.sources})
        assert "".join(edit.new for edit in link.edits) == new[link.derivative].text
        assert "".join(edit.old for edit in link.edits) == " ".join(old[id].text for id in link.sources)
        assert 0.0 <= link.score <= 1.0
    linked = {own.derivative for own in made.links}
    carried = {id for own in made.links for id in own.sources}
    for own in new.values():
        assert (own.id in linked) == (own.status not in (Status.ADDED, Status.BOILERPLATE))
    said = {" ".join(old[id].text.casefold().split()) for id in carried}
    for own in old.values():
        again = " ".join(own.text.casefold().split()) in said  # a source may repeat itself
        assert (own.id in carried or again) == (own.status is Status.COVERED)


def _check_findings(made: Comparison) -> None:
    documents = {own.id: own for own in made.documents()}
    links = {own.derivative: own for own in made.links}
    assert len({own.id for own in made.findings}) == len(made.findings)
    flagged = set()
    for own in made.findings:
        assert own.message.strip() and "\n" not in own.message
        assert 0.0 <= own.confidence <= 1.0
        assert bool(own.types) == (own.kind is Kind.DISTORTION)
        assert (own.derivative is None) == (own.kind is Kind.OMISSION) == (own.after is not None)
        for place in (own.derivative, own.source):
            if place is not None:
                statement = made.statement(place.statement)
                assert statement.document == place.document
                assert statement.span.covers(place.span)
                assert place.span.of(documents[place.document].text).strip()
        if own.derivative is not None:
            flagged.add(own.derivative.statement)
            assert own.derivative.document == made.derivative.id
            if own.source is not None:
                assert own.source.statement in links[own.derivative.statement].sources
        else:
            assert own.source is not None and made.statement(own.source.statement).status is Status.OMITTED
            assert own.after == "" or made.statement(own.after or "").document == made.derivative.id
    for link in made.links:
        assert (link.derivative in flagged) == (link.relation is Relation.DISTORTED)
    _check_order(made)


def _check_order(made: Comparison) -> None:
    """Reading order in the derivative, then what was left out in the order of the sources."""
    ids = [own.id for own in made.documents()]

    def key(index: int) -> tuple[bool, int, Span | tuple[()]]:
        own = made.findings[index]
        place = own.derivative or own.source
        assert place is not None
        statement = made.statement(place.statement)
        return own.kind is Kind.OMISSION, ids.index(place.document), statement.span

    keys = [key(index) for index in range(len(made.findings))]
    assert keys == sorted(keys)


@pytest.fixture(scope="session")
def holds() -> Callable[[Comparison], None]:
    """Checks what every comparison promises."""
    return check

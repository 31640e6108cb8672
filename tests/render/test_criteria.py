"""Every finding falls under one of the five criteria."""

from __future__ import annotations

import pytest

from claimdiff.model import Comparison, Kind, Type
from claimdiff.render.criteria import CRITERIA, OF_TYPE, criterion, table

NAMES = [own.name for own in CRITERIA]


def test_there_are_five_and_all_are_used() -> None:
    assert len(NAMES) == 5
    assert list(OF_TYPE) == list(Type)
    used = {criterion(Kind.DISTORTION, (own,)) for own in Type} | {criterion(own, ()) for own in Kind}
    assert used == set(NAMES)
    assert all(meaning.endswith("?") for _, meaning in CRITERIA)


@pytest.mark.parametrize(
    ("kind", "types", "name"),
    [
        (Kind.DISTORTION, (Type.NUMBER,), "accuracy"),
        (Kind.DISTORTION, (Type.ATTRIBUTION, Type.MODALITY), "sourcing"),
        (Kind.DISTORTION, (Type.MODALITY, Type.NUMBER), "opinion and fact"),
        (Kind.DISTORTION, (Type.INTENSITY,), "editorialisation"),
        (Kind.DISTORTION, (), "accuracy"),
        (Kind.ADDITION, (), "editorialisation"),
        (Kind.OMISSION, (), "context"),
    ],
)
def test_criteria(kind: Kind, types: tuple[Type, ...], name: str) -> None:
    assert criterion(kind, types) == name


def test_the_table_counts_each_finding_once(pair: Comparison) -> None:
    rows = table(pair.findings)
    assert [row[0] for row in rows] == [own for own in NAMES if own in {row[0] for row in rows}]
    assert sum(major + minor for *_, major, minor in rows) == len(pair.findings)
    assert table(()) == []

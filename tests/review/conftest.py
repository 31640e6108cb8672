"""A review of small pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from newsdesk import Clock, desk, texts

from claimdiff.model import Comparison
from claimdiff.review.database import Database
from claimdiff.review.service import Review


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    own = Database(tmp_path / "review.db")
    yield own
    own.close()


@pytest.fixture
def review(database: Database, tmp_path: Path) -> Review:
    return Review(database, desk(tmp_path), Clock())


@pytest.fixture
def ferry(review: Review) -> str:
    """The id of a pair with two major findings."""
    return review.start("Ferry", *texts(), author="Ann")


@pytest.fixture
def invented(pair: Comparison) -> Comparison:
    """A comparison with five findings, three of them major, whose ids are as the engine's."""
    named = [replace(own, id=f"{at:012x}") for at, own in enumerate(pair.findings, 1)]
    return replace(pair, findings=tuple(named))

"""Moments: what a phrase means, one row a phrase."""

from __future__ import annotations

from typing import Any

import pytest

from claimdiff.facts.moment import find_moments
from claimdiff.facts.token import tokenize
from claimdiff.model import Moment

HOUR, DAY = 3600.0, 86400.0
WEEK, MONTH = 7 * DAY, 2629800.0
YEAR = 12 * MONTH


def find(text: str) -> tuple[Moment, ...]:
    return find_moments(text, tokenize(text))


@pytest.mark.parametrize(
    ("text", "phrase", "parts"),
    [
        ("It opens on Tuesday.", "Tuesday", {"weekday": 1}),
        ("It opens on Tuesday, 4 March.", "Tuesday, 4 March", {"weekday": 1, "month": 3, "day": 4}),
        ("It opened on March 4, 2025.", "March 4, 2025", {"year": 2025, "month": 3, "day": 4}),
        ("It opened on 2025-03-04.", "2025-03-04", {"year": 2025, "month": 3, "day": 4}),
        ("It opened on 13/4/2025.", "13/4/2025", {"year": 2025, "month": 4, "day": 13}),
        ("It opened on 3/4/2025.", "3/4/2025", {"year": 2025}),
        ("It opens on Sept. 8.", "Sept. 8", {"month": 9, "day": 8}),
        ("It opens on the 8th of May.", "the 8th of May", {"month": 5, "day": 8}),
        ("It opens on the 8th.", "the 8th", {"day": 8}),
        ("It has been open since 2008.", "2008", {"year": 2008, "order": "since"}),
        ("It opened in the 1990s.", "1990s", {"year": 1990, "unit": "decade"}),
        ("A 19th-century house.", "19th-century", {"year": 1800, "unit": "century"}),
        ("It opened in the 2024-25 season.", "2024-25", {"year": 2024}),
        ("It opens in the third quarter.", "third quarter", {"unit": "quarter 3"}),
        ("It opens in Q3.", "Q3", {"unit": "quarter 3"}),
        ("It opens next week.", "next week", {"relative": 1, "unit": "week"}),
        ("It opened yesterday.", "yesterday", {"relative": -1, "unit": "day"}),
        ("It opened a week ago.", "a week ago", {"relative": -1, "unit": "week"}),
        ("It opened last summer.", "summer", {"relative": -1, "unit": "summer"}),
        ("It opened in the morning.", "morning", {"unit": "morning"}),
        ("It opens by the end of June.", "June", {"month": 6, "order": "by"}),
        ("It opens on New Year's Eve.", "New Year's Eve", {"month": 12, "day": 31}),
        ("It shut for 18 months.", "18 months", {"duration": 18 * MONTH, "unit": "month"}),
        ("The 60-day strike.", "60-day", {"duration": 60 * DAY, "unit": "day"}),
        ("It took half an hour.", "half an hour", {"duration": HOUR / 2, "unit": "hour"}),
        (
            "It took three-quarters of an hour.",
            "three-quarters of an hour",
            {"duration": 0.75 * HOUR, "unit": "hour"},
        ),
        ("It took two and a half years.", "two and a half years", {"duration": 2.5 * YEAR, "unit": "year"}),
        ("It shut two days earlier.", "two days", {"duration": 2 * DAY, "unit": "day", "order": "before"}),
        ("It costs €900 a year.", "a year", {"duration": YEAR, "unit": "year", "order": "every"}),
        ("It is read hourly.", "hourly", {"duration": HOUR, "unit": "hour", "order": "every"}),
        ("It opens at 6:40 a.m.", "6:40 a.m.", {"hour": 6, "minute": 40, "unit": "pm"}),
        ("It opens at 6pm.", "6pm", {"hour": 18, "minute": 0, "unit": "pm"}),
        ("It opens at 18:00.", "18:00", {"hour": 18, "minute": 0, "unit": "pm"}),
        ("It opens at noon.", "noon", {"hour": 12, "minute": 0, "unit": "pm"}),
    ],
)
def test_moment(text: str, phrase: str, parts: dict[str, Any]) -> None:
    (moment,) = find(text)
    empty = {"order": "", "unit": ""}
    said = {name: getattr(moment, name) for name in Moment._fields if name != "span"}
    assert moment.span.of(text) == phrase
    assert {k: v for k, v in said.items() if v is not None and v != empty.get(k)} == parts


@pytest.mark.parametrize(
    "text",
    [
        "He may march on.",
        "May said so.",
        "1950 people came.",
        "2,008 came.",
        "A 45-year-old man fled.",
        "The sun shone.",
        "She ran 2:04:35.",
        "Over 2000 votes were spoilt.",
    ],
)
def test_no_moment(text: str) -> None:
    assert find(text) == ()


def test_range_of_durations() -> None:
    assert [m.duration for m in find("It takes two to three weeks.")] == [2 * WEEK, 3 * WEEK]


@pytest.mark.parametrize(
    "text", ["", "May " * 2000, "a year " * 2000, "2025-" * 2000, "last " * 2000 + "week"]
)
def test_odd_text(text: str) -> None:
    for moment in find(text):
        assert moment.span.of(text)

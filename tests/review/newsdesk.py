"""A pair of texts, a desk and a clock, for tests of the review."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from claimdiff.checking import Desk
from claimdiff.gate.config import Config, Value
from claimdiff.review.record import Text

SOURCE = """Ferry line adds two boats

The Sundal line will add two boats in May, its director Ola Brekke said on Monday.

Fares rose 12 percent last year. The union had not been asked about the plan.
"""
DERIVATIVE = """Ferry line adds two boats

The Sundal line will add two boats in May, its director Ola Brekke said on Monday.

Fares rose 20 percent last year. A rival company from Denmark plans to sue the harbour.
"""
MENDED = DERIVATIVE.replace("20 percent", "12 percent")
WORSE = DERIVATIVE.replace("two boats in May", "nine boats in May")


class Clock:
    """Each answer is a second later than the last one."""

    def __init__(self, day: str = "2026-01-01") -> None:
        self.day = day
        self.seconds = count()

    def __call__(self) -> str:
        at = next(self.seconds)
        return f"{self.day}T{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}Z"


def desk(folder: Path, **given: object) -> Desk:
    layer = {name.replace("_", "-"): Value(value, "test") for name, value in given.items()}
    return Desk(Config(folder), layer, "2026-01-01")


def texts(source: str = SOURCE, derivative: str = DERIVATIVE) -> tuple[list[Text], Text]:
    return [Text("source.txt", source.encode())], Text("derivative.txt", derivative.encode())

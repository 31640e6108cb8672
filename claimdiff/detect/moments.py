"""How well a derivative's time rests on a source's: the calendar, without any words around it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from claimdiff.lexicon import load, words
from claimdiff.model import Moment

CLOSE = 0.04  # 60 days and two months are the same span


def kinds(moment: Moment) -> tuple[str, ...]:
    """On what scales a moment lies; two without a common scale cannot be compared."""
    if moment.duration is not None:
        if moment.order == "every":
            single = moment.duration == load("time")["unit"].get(moment.unit)
            return ("rate",) if single else ("duration", "rate")
        return ("duration",)
    if moment.unit in ("decade", "century") and moment.year is not None:
        return ("age",)
    if moment.hour is not None:
        return ("clock",)
    found = []
    if moment.weekday is not None:
        found.append("weekday")
    if moment.month is not None or moment.day is not None:
        found.append("date")
    if moment.year is not None:
        found.append("year")
    if _part(moment.unit):
        found.append("part")
    elif moment.unit in words("time", "words", "season"):
        found.append("season")
    elif moment.unit in words("time", "words", "festival"):
        found.append("festival")
    elif moment.unit.startswith(("quarter ", "half ")):
        found.append(moment.unit.split()[0])
    elif moment.relative is not None and not found:
        found.append("relative")
    return tuple(found)


_PARTS = ("year", "month", "day", "weekday")


def agree(old: Moment, new: Moment) -> bool:
    """Whether the source's moment carries the derivative's: they share a part, and no part differs."""
    if new.duration is not None or old.duration is not None:
        return _same_span(old, new)
    if new.hour is not None and old.hour is not None:
        return _same_clock(old, new)
    if new.hour is not None or old.hour is not None:
        clock, part = (old, new) if old.hour is not None else (new, old)
        return clock.hour is not None and clock.hour in _HOURS.get(part.unit, range(0))
    if "age" in kinds(old) + kinds(new):
        return _same_age(old, new)
    if (
        new.relative is not None
        and old.relative is not None
        and new.unit != old.unit
        and not _dated(old, new)
    ):
        return False
    shared = _shared(old, new)
    if any(getattr(old, p) != getattr(new, p) for p in shared):
        return False
    if _named(old) and _named(new):
        return old.unit == new.unit or _part(old.unit) == _part(new.unit) != ""
    if shared and old.relative is not None and new.relative is not None and old.relative != new.relative:
        return "weekday" in shared
    if shared:
        return True
    return old.relative is not None and (old.relative, old.unit) == (new.relative, new.unit)


@cache
def _parts() -> Mapping[str, str]:
    return {unit: name for name, units in reversed(load("time")["part"].items()) for unit in units}


def _part(unit: str) -> str:
    """The group of a part of the day."""
    return _parts().get(unit, "")


def _dated(old: Moment, new: Moment) -> bool:
    return bool(_shared(old, new))


def _shared(old: Moment, new: Moment) -> list[str]:
    """The parts that both give."""
    return [p for p in _PARTS if getattr(old, p) is not None and getattr(new, p) is not None]


def _named(moment: Moment) -> bool:
    return bool(set(kinds(moment)) & {"part", "season", "festival", "quarter", "half"})


# The hours that a part of the day covers.
_HOURS = {
    "morning": range(4, 13), "afternoon": range(12, 19), "evening": range(16, 24), "midday": range(11, 14),
    "night": (*range(18, 24), *range(0, 6)), "overnight": (*range(20, 24), *range(0, 8)),
    "nightfall": range(16, 24), "tonight": range(17, 24), "dawn": range(4, 9), "dusk": range(16, 22),
}  # fmt: skip


def _same_clock(old: Moment, new: Moment) -> bool:
    if old.hour is None or new.hour is None or (old.minute or 0) != (new.minute or 0):
        return False
    loose = "clock" in (old.unit, new.unit)
    return old.hour % 12 == new.hour % 12 if loose else old.hour == new.hour


def _same_age(old: Moment, new: Moment) -> bool:
    """A year lies in its decade and century."""
    if old.year is None or new.year is None:
        return False
    width = max({"decade": 10, "century": 100}.get(m.unit, 1) for m in (old, new))
    return old.year // width == new.year // width


def _same_span(old: Moment, new: Moment) -> bool:
    """Spans of time by their length; "a year before" is last year; a quarter is three months."""
    if new.duration is not None and old.duration is not None:
        return abs(new.duration - old.duration) <= CLOSE * max(new.duration, old.duration)
    span, other = (new, old) if new.duration is not None else (old, new)
    length = span.duration or 0.0
    units: dict[str, float] = load("time")["unit"]
    name = "quarter" if other.unit in load("time")["words"]["season"] else other.unit.split(" ")[0]
    if name == "half":
        return abs(length - units["year"] / 2) <= CLOSE * length
    if name not in units:
        return False
    count = abs(other.relative) if other.relative else 1
    return abs(length - count * units[name]) <= CLOSE * length

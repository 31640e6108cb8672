"""Time expressions of a statement: dates, clock times, durations, rates, relative times."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from claimdiff.facts.calendar import (
    CLOCK,
    Found,
    bare_day,
    calendar,
    date,
    extent,
    month_quarter,
    numeric_date,
    one,
    spoken_clock,
    times,
    with_year,
    year_alone,
)
from claimdiff.facts.numeral import Tokens, is_digits, norm, read, table, touching
from claimdiff.facts.numeral import openers as numeral_openers
from claimdiff.model import Moment, Token


def find_moments(text: str, tokens: tuple[Token, ...]) -> tuple[Moment, ...]:
    """The time expressions of a statement, in order and without overlaps.

    Rates ("every week", "€900 a year") are durations with the order "every". Parts of the day,
    seasons, quarters ("quarter 3"), halves, decades, centuries and feasts stand in `unit`.
    """
    moments: list[Moment] = []
    index = 0
    while index < len(tokens):
        found = _at(tokens, index) if _may_begin(tokens, index) else None
        if found is None:
            index += 1
            continue
        order = _order(tokens, index)
        moments += [
            m._replace(order=order) if order and not m.order and m.duration is None else m for m in found[1]
        ]
        index = max(found[0], index + 1)
    return tuple(moments)


def _at(tokens: Tokens, index: int) -> Found | None:
    for reader in _READERS:
        found = reader(tokens, index)
        if found:
            return found
    return None


def _may_begin(tokens: Tokens, index: int) -> bool:
    """Whether any reader knows a time expression that begins here; most words end here."""
    word = tokens[index].norm
    if word == "the":  # only a day goes on from it
        return is_digits(tokens, index + 1) or norm(tokens, index + 1) in table("ordinal")
    return word in _openers() or word[:1].isdecimal()


@cache
def _openers() -> frozenset[str]:
    words = [times(name) for name in (
        "month", "month_short", "weekday", "weekday_short", "part_of_year", "relative", "shift", "frequency",
    )]  # fmt: skip
    words += [times("words", name) for name in ("part", "season", "festival")]
    own = ("the", "noon", "midnight", "day", "another", "per", "every", "each")
    return numeral_openers().union(CLOCK, _feasts(), own, *words)


def _order(tokens: Tokens, start: int) -> str:
    """What the preposition before a time says of the order of events."""
    skip = times("order_skip", "words")
    for index in range(start - 1, max(-1, start - 6), -1):
        word = norm(tokens, index)
        if word in times("order"):
            return str(times("order")[word])
        if word not in skip and word not in times("shift"):
            return ""
    return ""


# --- parts of days and years ----------------------------------------------------------------------


def _clock(tokens: Tokens, index: int) -> Found | None:
    word = norm(tokens, index)
    if word in ("noon", "midnight"):
        return one(tokens, index, index + 1, hour=12 if word == "noon" else 0, minute=0, unit="pm")
    hour, minute, end = _hour(tokens, index)
    if hour is None or hour > 23 or minute > 59:
        return None
    half = norm(tokens, end).replace(".", "")
    if half in ("am", "pm") and hour <= 12:
        end += 1 + (
            len(norm(tokens, end)) == 3 and norm(tokens, end + 1) == "." and touching(tokens, end + 1)
        )
        return one(tokens, index, end, hour=hour % 12 + (12 if half == "pm" else 0), minute=minute, unit="pm")
    if norm(tokens, end) == "o'clock":
        return one(tokens, index, end + 1, hour=hour, minute=minute, unit="clock")
    if ":" not in word or (
        hour < 10
        and not word.startswith("0")
        and norm(tokens, index - 1) not in ("at", "by", "from", "until", "to")
    ):
        return None
    return one(
        tokens,
        index,
        end,
        hour=hour,
        minute=minute,
        unit="pm" if hour > 12 or word.startswith("0") else "clock",
    )


def _hour(tokens: Tokens, index: int) -> tuple[int | None, int, int]:
    word = norm(tokens, index)
    for mark in (":", "."):
        hour, found, minute = word.partition(mark)
        if found and hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2:
            return int(hour), int(minute), index + 1
    if word.isdecimal() and len(word) <= 2:
        return int(word), 0, index + 1
    value = table("cardinal").get(word, 0)
    return (int(value), 0, index + 1) if 1 <= value <= 12 else (None, 0, index)


@cache
def _feasts() -> dict[str, list[tuple[tuple[str, ...], tuple[int, int]]]]:
    """Feasts with a date of their own by their first word, the longest name first."""
    rows = ((tuple(name.split()), (date[0], date[1])) for name, date in times("feast").items())
    found: dict[str, list[tuple[tuple[str, ...], tuple[int, int]]]] = {}
    for row in sorted(rows, key=lambda row: (-len(row[0]), row[0])):
        found.setdefault(row[0][0], []).append(row)
    return found


def _named(tokens: Tokens, index: int) -> Found | None:
    """Parts of a day, seasons, feasts, quarters and halves of a year."""
    word = norm(tokens, index)
    if word in times("words", "part"):
        named = {"sunrise": "dawn", "sunset": "dusk"}.get(word, word.removesuffix("s"))
        return one(tokens, index, index + 1, unit=named)
    if word in times("words", "season") and norm(tokens, index - 1) not in ("hot",):
        year, end = with_year(tokens, index + 1)
        return one(
            tokens, index, end, unit=word, year=year, relative=times("shift").get(norm(tokens, index - 1))
        )
    for words, (month, day) in _feasts().get(word, ()):
        if tuple(norm(tokens, index + step) for step in range(len(words))) == words:
            return one(tokens, index, index + len(words), month=month, day=day)
    if word in times("words", "festival"):
        return one(tokens, index, index + 1, unit=word)
    if word in times("part_of_year"):
        return one(tokens, index, index + 1, unit=times("part_of_year")[word])
    return _ranked(tokens, index)


def _ranked(tokens: Tokens, index: int) -> Found | None:
    """ "third quarter", "second half", "19th century"."""
    word = norm(tokens, index)
    rank = table("ordinal").get(word) or {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}.get(word)
    after = norm(tokens, index + 1 + (norm(tokens, index + 1) == "-"))
    if rank and rank <= 4 and after in ("quarter", "half"):
        end = index + 2 + (norm(tokens, index + 1) == "-")
        if norm(tokens, index - 1) in ("a", "one"):
            return None
        return one(tokens, index, end, unit=f"{after} {rank}")
    numeral = read(tokens, index)
    if numeral and numeral.form == "ordinal":
        at = numeral.end + (norm(tokens, numeral.end) == "-")
        if norm(tokens, at) == "century" and 5 <= numeral.low <= 30:
            return one(tokens, index, at + 1, year=int(numeral.low - 1) * 100, unit="century")
    return None


def _relative(tokens: Tokens, index: int) -> Found | None:
    """ "yesterday", "last week", "the next day", "this year"."""
    word = norm(tokens, index)
    if word in times("relative"):
        return one(tokens, index, index + 1, relative=times("relative")[word], unit="day")
    if word in times("shift"):
        unit = times("unit_word").get(norm(tokens, index + 1), "")
        if norm(tokens, index + 1) == "weekend":
            unit = "weekend"
        if unit in ("decade", "century", "generation"):
            return one(tokens, index, index + 2, duration=times("unit")[unit], unit=unit)
        if unit and unit != "second" and not norm(tokens, index + 1).endswith("s"):
            return one(tokens, index, index + 2, relative=times("shift")[word], unit=unit)
        dated = date(tokens, index + 1) if norm(tokens, index + 1) in times("month") else None
        if dated and "day" not in dated[1]:
            return one(tokens, index, dated[0], relative=times("shift")[word], unit="month", **dated[1])
    if word == "day" and norm(tokens, index - 1) == "the" and norm(tokens, index + 1) in ("before", "after"):
        return one(
            tokens, index, index + 2, relative=-1 if norm(tokens, index + 1) == "before" else 1, unit="day"
        )
    return None


# --- spans and rates of time ----------------------------------------------------------------------


def _duration(tokens: Tokens, index: int) -> Found | None:
    """ "two hours", "60-day", "half an hour", "two to three weeks", "a week ago", "a decade"."""
    low = _amount(tokens, index)
    if low is None:
        return None
    first, at = low
    second, joined = None, norm(tokens, at)
    if joined in ("to", "or", "-", "–", "and"):
        second = _amount(tokens, at + 1)
    if second and (joined != "and" or norm(tokens, index - 1) == "between"):
        split, at = at, second[1]
        at += norm(tokens, at) == "-"
        unit = times("unit_word").get(norm(tokens, at), "")
        if unit and not _aged(tokens, at):
            length = times("unit")[unit]
            shorter = Moment(extent(tokens, index, split), duration=first * length, unit=unit)
            longer = Moment(extent(tokens, split + 1, at + 1), duration=second[0] * length, unit=unit)
            return at + 1, (shorter, longer)
        return None
    at += norm(tokens, at) == "-" or norm(tokens, at) in times("words", "between")
    unit = times("unit_word").get(norm(tokens, at), "")
    if norm(tokens, at) == "quarter" and norm(tokens, index) in ("per", "every", "each"):
        unit = "quarter"
    if not unit or _aged(tokens, at) or (unit == "second" and norm(tokens, at) == "second"):
        return None
    word, extra = norm(tokens, at + 1), 0.0
    if (word, norm(tokens, at + 2), norm(tokens, at + 3)) == ("and", "a", "half"):
        extra, word, at = 0.5, norm(tokens, at + 4), at + 3
    trailing = times("trailing").get(word, "")
    if trailing in ("ago", "ahead"):
        sign = -1 if trailing == "ago" else 1
        whole = first.is_integer() and not extra
        if whole:
            return one(tokens, index, at + 2, relative=sign * int(first), unit=unit)
        trailing, at = "before", at + 1
    order = trailing or ("every" if _rate(tokens, index) else "")
    return one(tokens, index, at + 1, duration=(first + extra) * times("unit")[unit], unit=unit, order=order)


def _amount(tokens: Tokens, index: int) -> tuple[float, int] | None:
    """How many units of time; an article is one, "half an" is a half."""
    word = norm(tokens, index)
    if word == "half" and norm(tokens, index + 1) in ("a", "an"):
        return 0.5, index + 2
    quarters = {"a": 0.25, "one": 0.25, "three": 0.75}.get(word)
    at = index + 1 + (norm(tokens, index + 1) == "-")
    if quarters and norm(tokens, at).startswith("quarter") and norm(tokens, at + 1) == "of":
        return (quarters, at + 3) if norm(tokens, at + 2) in ("a", "an") else None
    numeral = read(tokens, index)
    if numeral and numeral.form in ("digits", "word"):
        return numeral.low, numeral.end
    after, units = norm(tokens, index + 1), times("unit_word")
    if word in ("a", "an", "another", "per", "every", "each") and after in units:
        return 1.0, index + 1
    whole = after in ("entire", "full", "further", "good", "single", "solid", "whole")
    if word in ("a", "an") and whole and norm(tokens, index + 2) in units:
        return 1.0, index + 2
    if word in ("per", "every", "each") and norm(tokens, index + 1) == "quarter":
        return 1.0, index + 1
    return None


def _aged(tokens: Tokens, at: int) -> bool:
    """Whether a unit of time at `at` belongs to an age: "year-old", "years old", "years of age"."""
    word, third = norm(tokens, at + 1), norm(tokens, at + 2)
    return word == "old" or (word == "-" and third in ("old", "olds")) or (word, third) == ("of", "age")


def _rate(tokens: Tokens, index: int) -> bool:
    """Whether "a month" at `index` says how often, as in "€900 a month"."""
    word, before = norm(tokens, index), norm(tokens, index - 1)
    if word in ("per", "every", "each") or before == "every":
        return True
    if word not in ("a", "an") or before in times("words", "span_before"):
        return False
    near = range(max(0, index - 3), index)
    numbers = table("cardinal").keys() | table("scale").keys()
    counted = any(is_digits(tokens, k) or norm(tokens, k) in numbers for k in near)
    return counted or before in times("words", "rate_before")


def _frequency(tokens: Tokens, index: int) -> Found | None:
    unit = times("frequency").get(norm(tokens, index))
    if unit is None or unit not in times("unit") or (tokens[index].text[:1].isupper() and index):
        return None
    return one(tokens, index, index + 1, duration=times("unit")[unit], unit=unit, order="every")


# The first reader that knows what to do with a place has it.
_READERS: tuple[Callable[[Tokens, int], Found | None], ...] = (
    numeric_date, month_quarter, spoken_clock, _clock, calendar, _named, _duration, _relative, _frequency,
    bare_day, year_alone,
)  # fmt: skip

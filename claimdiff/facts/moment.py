"""Time expressions of a statement: dates, clock times, durations, rates, relative times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from claimdiff.facts.numeral import Tokens, is_digits, norm, read, table, touching
from claimdiff.lexicon import load
from claimdiff.model import Moment, Span, Token

Found = tuple[int, tuple[Moment, ...]]
FIRST_YEAR, LAST_YEAR = 1400, 2199


@cache
def _times(*path: str) -> Any:
    node: Any = load("time")
    for key in path:
        node = node[key]
    return node


def find_moments(text: str, tokens: tuple[Token, ...]) -> tuple[Moment, ...]:
    """The time expressions of a statement, in order and without overlaps.

    Rates ("every week", "€900 a year") are durations with the order "every". Parts of the day,
    seasons, quarters ("quarter 3"), halves, decades, centuries and feasts stand in `unit`.
    """
    moments: list[Moment] = []
    index = 0
    while index < len(tokens):
        found = next(filter(None, (reader(tokens, index) for reader in _READERS)), None)
        if found is None:
            index += 1
            continue
        order = _order(tokens, index)
        moments += [replace(m, order=order) if order and not m.order and m.duration is None else m for m in found[1]]
        index = max(found[0], index + 1)
    return tuple(moments)


def _span(tokens: Tokens, start: int, end: int) -> Span:
    return Span(tokens[start].span.start, tokens[min(end, len(tokens)) - 1].span.end)


def _one(tokens: Tokens, start: int, end: int, **parts: Any) -> Found:
    return end, (Moment(_span(tokens, start, end), **parts),)


def _order(tokens: Tokens, start: int) -> str:
    """What the preposition before a time says of the order of events."""
    skip = _times("order_skip", "words")
    for index in range(start - 1, max(-1, start - 6), -1):
        word = norm(tokens, index)
        if word in _times("order"):
            return str(_times("order")[word])
        if word not in skip and word not in _times("shift"):
            return ""
    return ""


# --- dates ----------------------------------------------------------------------------------------


def _day(tokens: Tokens, index: int) -> int | None:
    numeral = read(tokens, index) if is_digits(tokens, index) or norm(tokens, index) in table("ordinal") else None
    if numeral is None or numeral.end != index + 1 or not numeral.low.is_integer() or "." in norm(tokens, index):
        return None
    return int(numeral.low) if 1 <= numeral.low <= 31 else None


def _month(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """The month named at `index` and the index behind it."""
    word = norm(tokens, index)
    capital = 0 <= index < len(tokens) and tokens[index].text[:1].isupper()
    if word in _times("month"):
        if word in ("may", "march"):
            dated = is_digits(tokens, index + 1) or is_digits(tokens, index - 1)
            dated = dated or (norm(tokens, index - 1) == "of") or norm(tokens, index - 1) in _times("words", "month_before")
            if not capital or not dated:
                return None
        return int(_times("month")[word]), index + 1
    if word in _times("month_short") and capital:
        point = norm(tokens, index + 1) == "." and (is_digits(tokens, index + 2) or word != "mar")
        if point or is_digits(tokens, index + 1) or is_digits(tokens, index - 1):
            return int(_times("month_short")[word]), index + 2 if point else index + 1
    return None


def _year_at(tokens: Tokens, index: int) -> int | None:
    word = norm(tokens, index)
    return int(word) if len(word) == 4 and word.isdecimal() and FIRST_YEAR <= int(word) <= LAST_YEAR else None


def _with_year(tokens: Tokens, index: int) -> tuple[int | None, int]:
    at = index + 1 if norm(tokens, index) in (",", "of") else index
    year = _year_at(tokens, at)
    return (year, at + 1) if year and norm(tokens, at + 1) not in _times("words", "amount_after") else (None, index)


def _date(tokens: Tokens, index: int) -> tuple[int, dict[str, int]] | None:
    """A date without its weekday at `index`: the index behind it and its parts."""
    at = index + 1 if norm(tokens, index) == "the" else index
    day, month = _day(tokens, at), None
    if day:
        after = at + 1 + (norm(tokens, at + 1) == "of")
        month = _month(tokens, after)
    elif at == index:
        month, day = _month(tokens, index), None
        if month:
            at = month[1] + (norm(tokens, month[1]) == "the")
            day = _day(tokens, at)
            at = at + 1 if day else month[1]
            if day and norm(tokens, at) in table("scale"):
                return None
    if not month:
        return None
    end = at if norm(tokens, index) != "the" and not is_digits(tokens, index) and month[1] <= at else month[1]
    year, end = _with_year(tokens, end)
    parts = {"month": month[0]} | ({"day": day} if day else {}) | ({"year": year} if year else {})
    return end, parts


def _numeric_date(tokens: Tokens, index: int) -> Found | None:
    """2025-03-04, 3/4/2025 (day and month only where they cannot be mistaken), 4.3.2025."""
    word = norm(tokens, index)
    dotted = word.split(".")
    if len(dotted) == 3 and all(part.isdecimal() for part in dotted) and len(dotted[2]) == 4:
        return _parts(tokens, index, index + 1, int(dotted[2]), int(dotted[1]), int(dotted[0]))
    mark = norm(tokens, index + 1)
    if mark not in ("-", "/", "–") or norm(tokens, index + 3) != mark:
        return None
    numbers = [norm(tokens, index + step) for step in (0, 2, 4)]
    if not all(n.isdecimal() and len(n) <= 4 for n in numbers) or not touching(tokens, index + 1):
        return None
    first, second, third = (int(n) for n in numbers)
    if FIRST_YEAR <= first <= LAST_YEAR:
        return _parts(tokens, index, index + 5, first, second, third)
    if len(numbers[2]) == 4 and FIRST_YEAR <= third <= LAST_YEAR:
        if first > 12 or first == second:
            return _parts(tokens, index, index + 5, third, second, first)
        if second > 12:
            return _parts(tokens, index, index + 5, third, first, second)
        return _one(tokens, index, index + 5, year=third)
    return None


def _parts(tokens: Tokens, start: int, end: int, year: int, month: int, day: int) -> Found | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return _one(tokens, start, end, year=year, month=month, day=day)


def _calendar(tokens: Tokens, index: int) -> Found | None:
    """A weekday, a date, or both side by side in either order."""
    weekday, at = _weekday(tokens, index)
    if weekday is None:
        dated = _date(tokens, index)
        if dated is None:
            return None
        end, parts = dated
        after = end + (norm(tokens, end) == ",")
        weekday, last = _weekday(tokens, after)
        # "4 March, Tuesday" is one date; "in March. Tuesday" and "March Tuesdays" are not.
        if weekday is not None and "day" in parts and after > end and last == after + 1:
            return _one(tokens, index, last, weekday=weekday, **parts)
        return _one(tokens, index, end, **parts)
    after = at + (norm(tokens, at) == ",")
    dated = _date(tokens, after) or (_date(tokens, after + 1) if norm(tokens, after) == "(" else None)
    if dated and "day" in dated[1]:
        return _one(tokens, index, dated[0], weekday=weekday, **dated[1])
    if norm(tokens, at) == "the" and _day(tokens, at + 1) and norm(tokens, at + 1)[:1].isdecimal():
        return _one(tokens, index, at + 2, weekday=weekday, day=_day(tokens, at + 1))
    shift = _times("shift").get(norm(tokens, index - 1))
    return _one(tokens, index, at, weekday=weekday, unit="week" if shift else "", relative=shift)


def _weekday(tokens: Tokens, index: int) -> tuple[int | None, int]:
    word = norm(tokens, index)
    if word in _times("weekday"):
        return int(_times("weekday")[word]), index + 1
    if word in _times("weekday_short") and tokens[index].text[:1].isupper():
        if norm(tokens, index + 1) == "." and touching(tokens, index + 1) and index + 2 < len(tokens):
            return int(_times("weekday_short")[word]), index + 2
        if norm(tokens, index + 1) == "," and _date(tokens, index + 2):
            return int(_times("weekday_short")[word]), index + 1
    return None, index


def _bare_day(tokens: Tokens, index: int) -> Found | None:
    """ "on the 8th"."""
    if norm(tokens, index) != "the" or norm(tokens, index - 1) not in ("on", "by", "until", "since", "before"):
        return None
    day = _day(tokens, index + 1)
    following = norm(tokens, index + 2)
    if day is None or not is_digits(tokens, index + 1) or not norm(tokens, index + 1)[-1:].isalpha():
        return None
    return None if following[:1].isalpha() and following not in ("and", "but", "after") else _one(tokens, index, index + 2, day=day)


def _year(tokens: Tokens, index: int) -> Found | None:
    year = _year_at(tokens, index)
    if year is None:
        return None
    before, after = norm(tokens, index - 1), norm(tokens, index + 1)
    if after == "s" or after == "'s" and norm(tokens, index + 1)[:1] == "s":
        return _one(tokens, index, index + 2, year=year, unit="decade") if year % 10 == 0 else None
    if before in table("currency", "signs") or before in table("designator")["any"] or before in ("#", "."):
        return None
    if touching(tokens, index) and before not in ("-", "–", "(", "[", '"', "'", "/"):
        return None
    amount = _times("words", "amount_before")
    if after in _times("words", "amount_after") or (before in amount and norm(tokens, index - 2) != "in"):
        return None
    if before == "than" and norm(tokens, index - 2) in ("more", "fewer", "less"):
        return None
    if after in ("-", "–", "/") and len(norm(tokens, index + 2)) == 2 and is_digits(tokens, index + 2):
        return _one(tokens, index, index + 3, year=year)
    return _one(tokens, index, index + 1, year=year)


# --- parts of days and years ----------------------------------------------------------------------


def _clock(tokens: Tokens, index: int) -> Found | None:
    word = norm(tokens, index)
    if word in ("noon", "midnight"):
        return _one(tokens, index, index + 1, hour=12 if word == "noon" else 0, minute=0, unit="pm")
    hour, minute, end = _hour(tokens, index)
    if hour is None or hour > 23 or minute > 59:
        return None
    half = norm(tokens, end).replace(".", "")
    if half in ("am", "pm") and hour <= 12:
        end += 1 + (len(norm(tokens, end)) == 3 and norm(tokens, end + 1) == "." and touching(tokens, end + 1))
        return _one(tokens, index, end, hour=hour % 12 + (12 if half == "pm" else 0), minute=minute, unit="pm")
    if norm(tokens, end) == "o'clock":
        return _one(tokens, index, end + 1, hour=hour, minute=minute, unit="clock")
    if ":" not in word or (hour < 10 and not word.startswith("0") and norm(tokens, index - 1) not in ("at", "by", "from", "until", "to")):
        return None
    return _one(tokens, index, end, hour=hour, minute=minute, unit="pm" if hour > 12 or word.startswith("0") else "clock")


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


def _named(tokens: Tokens, index: int) -> Found | None:
    """Parts of a day, seasons, feasts, quarters and halves of a year."""
    word = norm(tokens, index)
    if word in _times("words", "part"):
        return _one(tokens, index, index + 1, unit="dawn" if word == "sunrise" else "dusk" if word == "sunset" else word.rstrip("s"))
    if word in _times("words", "season") and norm(tokens, index - 1) not in ("hot",):
        year, end = _with_year(tokens, index + 1)
        return _one(tokens, index, end, unit=word, year=year, relative=_times("shift").get(norm(tokens, index - 1)))
    if word in _times("words", "festival"):
        return _one(tokens, index, index + 1, unit=word)
    if len(word) == 1 and word in ("q", "h") and touching(tokens, index + 1) and norm(tokens, index + 1) in ("1", "2", "3", "4"):
        return _one(tokens, index, index + 2, unit=f"{'quarter' if word == 'q' else 'half'} {norm(tokens, index + 1)}")
    rank = table("ordinal").get(word) or {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}.get(word)
    after = norm(tokens, index + 1 + (norm(tokens, index + 1) == "-"))
    if rank and rank <= 4 and after in ("quarter", "half"):
        end = index + 2 + (norm(tokens, index + 1) == "-")
        if norm(tokens, index - 1) in ("a", "one"):
            return None
        return _one(tokens, index, end, unit=f"{after} {rank}")
    numeral = read(tokens, index)
    if numeral and numeral.form == "ordinal":
        at = numeral.end + (norm(tokens, numeral.end) == "-")
        if norm(tokens, at) == "century" and 5 <= numeral.low <= 30:
            return _one(tokens, index, at + 1, year=int(numeral.low - 1) * 100, unit="century")
    return None


def _relative(tokens: Tokens, index: int) -> Found | None:
    """ "yesterday", "last week", "the next day", "this year"."""
    word = norm(tokens, index)
    if word in _times("relative"):
        return _one(tokens, index, index + 1, relative=_times("relative")[word], unit="day")
    if word in _times("shift"):
        unit = _times("unit_word").get(norm(tokens, index + 1), "")
        if norm(tokens, index + 1) == "weekend":
            unit = "weekend"
        if unit and unit != "second" and not norm(tokens, index + 1).endswith("s"):
            return _one(tokens, index, index + 2, relative=_times("shift")[word], unit=unit)
        dated = _date(tokens, index + 1) if norm(tokens, index + 1) in _times("month") else None
        if dated and "day" not in dated[1]:
            return _one(tokens, index, dated[0], relative=_times("shift")[word], unit="month", **dated[1])
    if word == "day" and norm(tokens, index - 1) == "the" and norm(tokens, index + 1) in ("before", "after"):
        return _one(tokens, index, index + 2, relative=-1 if norm(tokens, index + 1) == "before" else 1, unit="day")
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
        unit = _times("unit_word").get(norm(tokens, at), "")
        if unit and not _aged(tokens, at):
            one = Moment(_span(tokens, index, split), duration=first * _times("unit")[unit], unit=unit)
            return at + 1, (one, replace(one, span=_span(tokens, split + 1, at + 1), duration=second[0] * _times("unit")[unit]))
        return None
    at += norm(tokens, at) in ("-", "more", "full", "whole", "straight", "consecutive", "calendar", "working", "further", "additional")
    unit = _times("unit_word").get(norm(tokens, at), "")
    if norm(tokens, at) == "quarter" and norm(tokens, index) in ("per", "every", "each"):
        unit = "quarter"
    if not unit or _aged(tokens, at) or (unit == "second" and norm(tokens, at) == "second"):
        return None
    word, extra = norm(tokens, at + 1), 0.0
    if (word, norm(tokens, at + 2), norm(tokens, at + 3)) == ("and", "a", "half"):
        extra, word, at = 0.5, norm(tokens, at + 4), at + 3
    trailing = _times("trailing").get(word, "")
    if trailing in ("ago", "ahead"):
        sign = -1 if trailing == "ago" else 1
        whole = first.is_integer() and not extra
        if not whole:
            return _one(tokens, index, at + 2, duration=(first + extra) * _times("unit")[unit], unit=unit, order="before")
        return _one(tokens, index, at + 2, relative=sign * int(first), unit=unit)
    order = trailing or ("every" if _rate(tokens, index) else "")
    return _one(tokens, index, at + 1, duration=(first + extra) * _times("unit")[unit], unit=unit, order=order)


def _amount(tokens: Tokens, index: int) -> tuple[float, int] | None:
    """How many units of time; an article is one, "half an" is a half."""
    word = norm(tokens, index)
    if word == "half" and norm(tokens, index + 1) in ("a", "an"):
        return 0.5, index + 2
    numeral = read(tokens, index)
    if numeral and numeral.form in ("digits", "word"):
        return numeral.low, numeral.end
    if word in ("a", "an", "another", "per", "every", "each") and norm(tokens, index + 1) in _times("unit_word"):
        return 1.0, index + 1
    if word in ("per", "every", "each") and norm(tokens, index + 1) == "quarter":
        return 1.0, index + 1
    return None


def _aged(tokens: Tokens, at: int) -> bool:
    """Whether a unit of time at `at` belongs to an age: "year-old", "years old", "years of age"."""
    word, third = norm(tokens, at + 1), norm(tokens, at + 2)
    return word == "old" or (word == "-" and third == "old") or (word, third) == ("of", "age")


def _rate(tokens: Tokens, index: int) -> bool:
    """Whether "a month" at `index` says how often, as in "€900 a month"."""
    word, before = norm(tokens, index), norm(tokens, index - 1)
    if word in ("per", "every", "each") or before == "every":
        return True
    if word not in ("a", "an") or before in _times("words", "span_before"):
        return False
    near = range(max(0, index - 3), index)
    numbers = table("cardinal").keys() | table("scale").keys()
    return any(is_digits(tokens, k) or norm(tokens, k) in numbers for k in near) or before in _times("words", "rate_before")


def _frequency(tokens: Tokens, index: int) -> Found | None:
    unit = _times("frequency").get(norm(tokens, index))
    if unit is None or unit not in _times("unit") or tokens[index].text[:1].isupper() and index:
        return None
    return _one(tokens, index, index + 1, duration=_times("unit")[unit], unit=unit, order="every")


# The first reader that knows what to do with a place has it.
_READERS: tuple[Callable[[Tokens, int], Found | None], ...] = (
    _numeric_date, _clock, _calendar, _named, _duration, _relative, _frequency, _bare_day, _year,
)  # fmt: skip

"""Dates: weekdays, days, months and years, in the orders in which news writes them."""

from __future__ import annotations

from functools import cache
from typing import Any

from claimdiff.facts.numeral import Tokens, is_digits, norm, read, table, touching
from claimdiff.lexicon import load
from claimdiff.model import Moment, Span

Found = tuple[int, tuple[Moment, ...]]
FIRST_YEAR, LAST_YEAR = 1400, 2199
CLOCK = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}


@cache
def times(*path: str) -> Any:
    node: Any = load("time")
    for key in path:
        node = node[key]
    return node


def extent(tokens: Tokens, start: int, end: int) -> Span:
    return Span(tokens[start].span.start, tokens[min(end, len(tokens)) - 1].span.end)


def one(tokens: Tokens, start: int, end: int, **parts: Any) -> Found:
    return end, (Moment(extent(tokens, start, end), **parts),)


def _day(tokens: Tokens, index: int) -> int | None:
    numeral = (
        read(tokens, index) if is_digits(tokens, index) or norm(tokens, index) in table("ordinal") else None
    )
    if (
        numeral is None
        or numeral.end != index + 1
        or not numeral.low.is_integer()
        or "." in norm(tokens, index)
    ):
        return None
    return int(numeral.low) if 1 <= numeral.low <= 31 else None


def _month(tokens: Tokens, index: int) -> tuple[int, int] | None:
    """The month named at `index` and the index behind it."""
    word = norm(tokens, index)
    capital = 0 <= index < len(tokens) and tokens[index].text[:1].isupper()
    if word in times("month"):
        if word in ("may", "march"):
            dated = is_digits(tokens, index + 1) or is_digits(tokens, index - 1)
            dated = (
                dated
                or (norm(tokens, index - 1) == "of")
                or norm(tokens, index - 1) in times("words", "month_before")
            )
            if not capital or not dated:
                return None
        return int(times("month")[word]), index + 1
    if word in times("month_short") and capital:
        point = norm(tokens, index + 1) == "." and (is_digits(tokens, index + 2) or word != "mar")
        if point or is_digits(tokens, index + 1) or is_digits(tokens, index - 1):
            return int(times("month_short")[word]), index + 2 if point else index + 1
    return None


def month_quarter(tokens: Tokens, index: int) -> Found | None:
    """ "the July-to-September quarter", "April-June quarter": a quarter by its months."""
    first = _month(tokens, index)
    if first is None or first[0] % 3 != 1:
        return None
    at = first[1]
    while norm(tokens, at) in ("-", "–", "to", "through"):
        at += 1
    last = _month(tokens, at) or (times("month").get(norm(tokens, at)), at + 1) if at > first[1] else None
    if last is None or last[0] != first[0] + 2:
        return None
    end = last[1] + (norm(tokens, last[1]) == "-")
    if norm(tokens, end) not in ("quarter", "period"):
        return None
    return one(tokens, index, end + 1, unit=f"quarter {last[0] // 3}")


def spoken_clock(tokens: Tokens, index: int) -> Found | None:
    """ "twenty to two", "half past six", "a quarter to four"; never a range such as "ten to twelve"."""
    minute, at = CLOCK.get(norm(tokens, index), 0), index + 1
    if not minute:
        return None
    if minute == 20 and (norm(tokens, at), norm(tokens, at + 1)) == ("-", "five"):
        minute, at = 25, at + 2
    side, hour = norm(tokens, at), int(table("cardinal").get(norm(tokens, at + 1), 0))
    told = side == "past" or (side == "to" and (minute in (15, 25) or minute > hour))
    if not told or not 1 <= hour <= 12 or norm(tokens, at + 2)[:1].isdigit():
        return None
    if minute in (5, 10, 20) and side == "to" and norm(tokens, at + 2) not in times("words", "clock_after"):
        return None
    if side == "to":
        hour, minute = (hour + 10) % 12 + 1, 60 - minute
    return one(tokens, index, at + 2, hour=hour, minute=minute, unit="clock")


def _year_at(tokens: Tokens, index: int) -> int | None:
    word = norm(tokens, index)
    return int(word) if len(word) == 4 and word.isdecimal() and FIRST_YEAR <= int(word) <= LAST_YEAR else None


def with_year(tokens: Tokens, index: int) -> tuple[int | None, int]:
    at = index + 1 if norm(tokens, index) in (",", "of") else index
    year = _year_at(tokens, at)
    return (
        (year, at + 1)
        if year and norm(tokens, at + 1) not in times("words", "amount_after")
        else (None, index)
    )


def date(tokens: Tokens, index: int) -> tuple[int, dict[str, int]] | None:
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
    year, end = with_year(tokens, end)
    parts = {"month": month[0]} | ({"day": day} if day else {}) | ({"year": year} if year else {})
    return end, parts


def numeric_date(tokens: Tokens, index: int) -> Found | None:
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
        return one(tokens, index, index + 5, year=third)
    return None


def _parts(tokens: Tokens, start: int, end: int, year: int, month: int, day: int) -> Found | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return one(tokens, start, end, year=year, month=month, day=day)


def calendar(tokens: Tokens, index: int) -> Found | None:
    """A weekday, a date, or both side by side in either order."""
    weekday, at = _weekday(tokens, index)
    if weekday is None:
        dated = date(tokens, index)
        if dated is None:
            return None
        end, parts = dated
        after = end + (norm(tokens, end) == ",")
        weekday, last = _weekday(tokens, after)
        # "4 March, Tuesday" is one date; "in March. Tuesday" and "March Tuesdays" are not.
        if weekday is not None and "day" in parts and after > end and last == after + 1:
            return one(tokens, index, last, weekday=weekday, **parts)
        return one(tokens, index, end, **parts)
    after = at + (norm(tokens, at) == ",")
    dated = date(tokens, after) or (date(tokens, after + 1) if norm(tokens, after) == "(" else None)
    if dated and "day" in dated[1]:
        return one(tokens, index, dated[0], weekday=weekday, **dated[1])
    if norm(tokens, at) == "the" and _day(tokens, at + 1) and norm(tokens, at + 1)[:1].isdecimal():
        return one(tokens, index, at + 2, weekday=weekday, day=_day(tokens, at + 1))
    shift = times("shift").get(norm(tokens, index - 1))
    return one(tokens, index, at, weekday=weekday, unit="week" if shift else "", relative=shift)


def _weekday(tokens: Tokens, index: int) -> tuple[int | None, int]:
    word = norm(tokens, index)
    if word in times("weekday"):
        return int(times("weekday")[word]), index + 1
    if word in times("weekday_short") and tokens[index].text[:1].isupper():
        if norm(tokens, index + 1) == "." and touching(tokens, index + 1) and index + 2 < len(tokens):
            return int(times("weekday_short")[word]), index + 2
        if norm(tokens, index + 1) == "," and date(tokens, index + 2):
            return int(times("weekday_short")[word]), index + 1
    return None, index


def bare_day(tokens: Tokens, index: int) -> Found | None:
    """ "on the 8th"."""
    if norm(tokens, index) != "the" or norm(tokens, index - 1) not in (
        "on",
        "by",
        "until",
        "since",
        "before",
    ):
        return None
    day = _day(tokens, index + 1)
    following = norm(tokens, index + 2)
    if day is None or not is_digits(tokens, index + 1) or not norm(tokens, index + 1)[-1:].isalpha():
        return None
    return (
        None
        if following[:1].isalpha() and following not in ("and", "but", "after")
        else one(tokens, index, index + 2, day=day)
    )


def year_alone(tokens: Tokens, index: int) -> Found | None:
    year = _year_at(tokens, index)
    if year is None:
        return None
    before, after = norm(tokens, index - 1), norm(tokens, index + 1)
    if after == "s" or (after == "'s" and norm(tokens, index + 1)[:1] == "s"):
        return one(tokens, index, index + 2, year=year, unit="decade") if year % 10 == 0 else None
    if before in table("currency", "signs") or before in table("designator")["any"] or before in ("#", "."):
        return None
    if touching(tokens, index) and before not in ("-", "–", "(", "[", '"', "'", "/"):
        return None
    amount = times("words", "amount_before")
    if after in times("words", "amount_after") or (
        before in amount and norm(tokens, index - 2) not in ("in", "at", "until", "before")
    ):
        return None
    if before == "than" and norm(tokens, index - 2) in ("more", "fewer", "less"):
        return None
    if after in ("-", "–", "/") and len(norm(tokens, index + 2)) == 2 and is_digits(tokens, index + 2):
        return one(tokens, index, index + 3, year=year)
    return one(tokens, index, index + 1, year=year)

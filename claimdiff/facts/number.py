"""Quantities of a statement: value or range, unit, bound, what is counted, rise or fall."""

from __future__ import annotations

import re
from functools import cache

from claimdiff.facts.amount import age_at, bounded, change_at, counted_at, counted_of, extent, unit_at
from claimdiff.facts.moment import find_moments
from claimdiff.facts.numeral import (
    Numeral,
    Tokens,
    digit_value,
    is_digits,
    norm,
    openers,
    read,
    significant,
    table,
    touching,
)
from claimdiff.facts.share import FRACTIONS, Found, share_at, times_at
from claimdiff.model import Moment, Quantity, Token

_CODE = re.compile(r"[A-Z]{1,3}([0-9]{1,6})[A-Z]?")  # A320, MH370
_DASHES = ("-", "–")


def find_quantities(
    text: str, tokens: tuple[Token, ...], times: tuple[Moment, ...] | None = None
) -> tuple[Quantity, ...]:
    """The quantities of a statement, in order and without overlaps; times are moments, not quantities.

    Fractions and "one in four" are percentages, "twice" and "halved" have the unit "times", a result such
    as "2-1" the unit "score" (`low` is the first number), numbers that are names "designator".
    `times` are the statement's moments, where they are known.
    """
    times = find_moments(text, tokens) if times is None else times
    found: list[Quantity] = []
    index, moment = 0, 0
    while index < len(tokens):
        while moment < len(times) and times[moment].span.end <= tokens[index].span.start:
            moment += 1
        timed = moment < len(times) and times[moment].span.overlaps(tokens[index].span)
        if timed or not _may_begin(tokens[index]):
            index += 1
            continue
        limit = times[moment].span.start if moment < len(times) else len(text) + 1
        end, quantities = _at(tokens, index, limit)
        found += quantities
        index = max(end, index + 1)
    return tuple(found)


def _may_begin(token: Token) -> bool:
    """Whether any reader knows a quantity that begins with this token; most tokens end here."""
    word = token.norm
    if word in _openers() or word[:1].isdecimal():
        return True
    return token.text[:1].isupper() and _CODE.fullmatch(token.text) is not None


@cache
def _openers() -> frozenset[str]:
    signs = {sign.split(" ")[0] for sign in table("currency")["signs"]}
    return openers().union(FRACTIONS, signs, table("times"), table("fraction"), ("-",))


def _at(tokens: Tokens, index: int, limit: int) -> tuple[int, list[Quantity]]:
    for reader in (_designator, times_at, share_at, _plain):
        read_here = reader(tokens, index)
        if read_here and tokens[read_here[0] - 1].span.end <= limit:
            return read_here
    return index, []


# --- numbers that are names -----------------------------------------------------------------------


def _designator(tokens: Tokens, index: int) -> Found:
    """ "Flight 272", "F-16", "No. 2", "A320", "555-0123", "2:04:35"."""
    if not is_digits(tokens, index):
        word = norm(tokens, index)
        named = _names(tokens, index - 1) and word in table("cardinal") and word != "one"
        if named:
            return index + 1, [_name(tokens, index, float(table("cardinal")[word]))]
        code = _CODE.fullmatch(tokens[index].text)
        return (index + 1, [_name(tokens, index, float(code.group(1)))]) if code else None
    word = norm(tokens, index)
    value = digit_value(word)
    if value is None:
        if word[-2:] in ("st", "nd", "rd", "th"):
            return None
        return index + 1, [_name(tokens, index, float("".join(c for c in word[:15] if c.isdecimal()) or 0))]
    chain = index + 1
    while norm(tokens, chain) == "-" and touching(tokens, chain) and is_digits(tokens, chain + 1):
        chain += 2
    if chain - index > 3 or (chain > index + 1 and len(norm(tokens, chain - 1)) == 4 and len(word) == 3):
        return chain, [_name(tokens, index, value)]
    before = index - 1
    if norm(tokens, before) in (".", "#", "-") and before:
        before -= 1
    glued = _glued(tokens, index) or (
        before < index - 1 and norm(tokens, index - 1) == "-" and _glued(tokens, index, 2)
    )
    if glued or _names(tokens, before):
        return index + 1, [_name(tokens, index, value)]
    return None


def _name(tokens: Tokens, index: int, value: float) -> Quantity:
    return Quantity(tokens[index].span, value, value, "designator", digits=significant(value))


def _glued(tokens: Tokens, index: int, back: int = 1) -> bool:
    """Whether letters that are no currency run into the digits at `index`, straight or over a hyphen."""
    word = tokens[index - back] if index >= back else None
    if word is None or not word.norm[:1].isalpha() or word.norm in table("currency", "signs"):
        return False
    if any(not touching(tokens, index - step) for step in range(back)):
        return False
    return word.text[:1].isupper() and word.norm not in ("mid", "over", "under")


def _names(tokens: Tokens, index: int) -> bool:
    word = norm(tokens, index)
    if not word or not word[0].isalpha():
        return False
    if word in table("designator")["any"]:
        return word != "number" or norm(tokens, index + 1) != "of"
    text = tokens[index].text
    if word in table("designator")["capital"] and text[:1].isupper():
        return word not in ("no", "bill", "order", "count", "measure", "figure") or not (
            index == 0 and word != "no"
        )
    acronym = len(text) > 1 and text.isupper() and word not in table("currency", "signs")
    noun, _ = counted_at(tokens, index + 2, 2.0)
    return acronym and not noun and norm(tokens, index + 2) not in (*table("scale"), "%")


# --- plain amounts --------------------------------------------------------------------------------


def _plain(tokens: Tokens, index: int) -> Found:
    """An amount with its sign, unit and bound, or a range or result of two."""
    start, sign, at = _sign(tokens, index)
    numeral = read(tokens, at)
    if numeral is None:
        return None
    second = _second(tokens, numeral)
    if second is None:
        return _single(tokens, start, sign, numeral)
    other, joined = second
    low, high = numeral, other
    factor = _factor(high)
    if not low.scaled and high.scaled and low.low * factor < high.low:
        low = low._replace(low=low.low * factor, high=low.high * factor)
    if _is_score(tokens, at, low, high, joined):
        end = high.end
        return end, [Quantity(extent(tokens, start, end), low.low, high.high, "score", digits=2)]
    if not low.low < high.high or not _is_range(tokens, start, joined, bool(sign)):
        return _single(tokens, start, sign, numeral)
    return _finish(tokens, start, high.end, low.low, high.high, sign, max(low.digits, high.digits), False)


def _factor(numeral: Numeral) -> float:
    return next((s for s in (1e12, 1e9, 1e6, 1e3) if numeral.low >= s), 1.0)


def _sign(tokens: Tokens, index: int) -> tuple[int, str, int]:
    """A currency sign at `index`: where the amount starts, the currency, where the digits start."""
    signs = table("currency")["signs"]
    pair = f"{norm(tokens, index)} {norm(tokens, index + 1)}"
    if pair in signs and touching(tokens, index + 1) and read(tokens, index + 2):
        return index, signs[pair], index + 2
    word = norm(tokens, index)
    if word in signs and is_digits(tokens, index + 1) and (tokens[index].text.isupper() or word != "r"):
        known = not word[0].isalpha() or tokens[index].text.isupper() or word == "rs"
        return (index, signs[word], index + 1) if known else (index, "", index)
    return index, "", index


def _second(tokens: Tokens, first: Numeral) -> tuple[Numeral, str] | None:
    """The other end of a range or result: "40-50", "3% to 4%", "nine judges to two", "200 and 230"."""
    if first.form in ("ordinal", "vague"):
        return None
    at = first.end
    unit, after = unit_at(tokens, at, first)
    at = after if unit and norm(tokens, after) in ("to", "and", "or", *_DASHES) else at
    if norm(tokens, at + 1) == "to" and norm(tokens, at) in (
        "judges",
        "votes",
        "justices",
        "members",
        "goals",
    ):
        versus = read(tokens, at + 2)
        return (versus, "versus") if versus else None
    if norm(tokens, at) not in ("to", "and", "or", *_DASHES):
        return None
    _, money, digits = _sign(tokens, at + 1)
    other = read(tokens, digits)
    if other is None or other.form not in ("word", "digits"):
        return None
    behind = money or unit_at(tokens, other.end, other)[0]
    return (other, norm(tokens, at)) if not unit or not behind or behind == unit else None


def _is_range(tokens: Tokens, start: int, joined: str, money: bool) -> bool:
    before = [norm(tokens, start - step) for step in range(1, 5)]
    if joined == "and" or "between" in before[:3]:
        return "between" in before[:3]
    if before[0] == "by":
        return joined != "to"
    if before[0] == "from" and money:
        return any(word.startswith(("rang", "var")) for word in before)
    changed = table("change")["up"] + table("change")["down"]
    return "from" not in before[:1] or not any(word in changed for word in before)


def _is_score(tokens: Tokens, index: int, low: Numeral, high: Numeral, joined: str) -> bool:
    if joined == "versus":
        return True
    if (
        joined in ("and", "or")
        or not (low.low < 200 and high.low < 200)
        or norm(tokens, low.end) in ("%", "percent", "per")
    ):
        return False
    near = [norm(tokens, k) for k in (*range(max(0, index - 5), index), *range(high.end, high.end + 4))]
    decided = any(word in table("words")["score"] for word in near)
    if joined in _DASHES:
        return low.low >= high.low or decided
    return low.low > high.low and (decided or joined != "to") and "from" not in near


def _single(tokens: Tokens, start: int, sign: str, numeral: Numeral) -> Found:
    ordinal = numeral.form == "ordinal"
    return _finish(tokens, start, numeral.end, numeral.low, numeral.high, sign, numeral.digits, ordinal)


def _finish(
    tokens: Tokens, start: int, end: int, low: float, high: float, sign: str, digits: int, ordinal: bool
) -> Found:
    if ordinal:
        noun = norm(tokens, end + (norm(tokens, end) == "-"))
        span = extent(tokens, start, end)
        return end, [
            Quantity(span, low, high, counted=noun if noun[:1].isalpha() else "", ordinal=True, digits=digits)
        ]
    low, high, start = _negative(tokens, start, low, high)
    unit, after = (sign, end) if sign else unit_at(tokens, end, None)
    if not unit:
        unit, after = age_at(tokens, start, end, low)
    if low == 1 and norm(tokens, start) == "one" and not unit and _idle_one(tokens, start, end):
        return None
    counted = counted_of(tokens, after) if high > low else ""
    if not counted and unit in ("", "share"):
        counted = counted_at(tokens, after, high)[0]
    bound, begin, after = bounded(tokens, start, after)
    if not counted and unit == "":
        counted = counted_at(tokens, after, high)[0]
    if unit == "percentage point" and not _spoken_points(tokens, begin, after):
        unit = "point"
    made = Quantity(extent(tokens, begin, after), low, high, unit, bound, counted, digits=digits)
    return after, [made._replace(change=change_at(tokens, begin, after))]


def _negative(tokens: Tokens, start: int, low: float, high: float) -> tuple[float, float, int]:
    mark = norm(tokens, start - 1)
    free = mark == "-" and touching(tokens, start) and not touching(tokens, start - 1) and start > 0
    if mark == "minus" or free:
        return -high, -low, start - 1
    return low, high, start


def _idle_one(tokens: Tokens, start: int, end: int) -> bool:
    """A "one" that counts nothing: "one of the", "no one", "one day", "one another"."""
    after, before = norm(tokens, end), norm(tokens, start - 1)
    plain = not after[:1].isalpha() or after in table("words")["not_one"] or after in table("words")["stop"]
    return plain or before in (
        "no",
        "any",
        "every",
        "some",
        "the",
        "this",
        "that",
        "which",
        "each",
        "another",
    )


def _spoken_points(tokens: Tokens, start: int, end: int) -> bool:
    """Whether "points" are percentage points: said so, or an amount of change of an index or share."""
    spoken = [norm(tokens, k) for k in range(start, end)]
    if any(word.startswith(("percent", "pp", "pts")) or word == "%" for word in spoken):
        return True
    return bool(change_at(tokens, start, end))

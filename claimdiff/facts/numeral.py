"""Numerals: from tokens to a value, in digits or in words, without unit or noun."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from claimdiff.lexicon import load
from claimdiff.model import Token

Tokens = tuple[Token, ...]

_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
LONGEST = 18  # digits; a longer run is an identifier, not an amount


class Numeral(NamedTuple):
    """A value and the index behind its last token. `form` is "digits", "word", "ordinal" or "vague";
    `scaled` says that a scale word or letter was part of it."""

    end: int
    low: float
    high: float
    digits: int
    form: str
    scaled: bool = False


@cache
def table(*path: str) -> dict[str, Any]:
    """A table of the number lexicon."""
    node: dict[str, Any] = load("number")
    for key in path:
        node = node[key]
    return node


def norm(tokens: Tokens, index: int) -> str:
    """The folded token at `index`, or "" outside of the text."""
    return tokens[index].norm if 0 <= index < len(tokens) else ""


def touching(tokens: Tokens, index: int) -> bool:
    """Whether nothing stands between the token at `index` and the one before it."""
    return 0 < index < len(tokens) and tokens[index - 1].span.end == tokens[index].span.start


def significant(value: float) -> int:
    """How many digits of a value carry weight: 1,200,000 has two."""
    return len(f"{abs(value):.10g}".split("e")[0].replace(".", "").strip("0")) or 1


def digit_value(word: str) -> float | None:
    """The value of a token of digits; None for clock times, versions and the like."""
    if len(word) > LONGEST:
        return None
    if _THOUSANDS.fullmatch(word):
        return float(word.replace(",", "") if "," in word else word.replace(".", ""))
    if _PLAIN.fullmatch(word):
        return float(word)
    return None


def is_digits(tokens: Tokens, index: int) -> bool:
    return norm(tokens, index)[:1].isdecimal()


def read(tokens: Tokens, start: int) -> Numeral | None:
    """The numeral that begins at `start`, as long as it goes."""
    word = norm(tokens, start)
    if word[:1].isdecimal():
        return _digits(tokens, start)
    if word not in openers():
        return None
    return _vague(tokens, start) or _half_of(tokens, start) or _words(tokens, start)


@cache
def openers() -> frozenset[str]:
    """The words that a numeral in words can begin with."""
    kinds = (table("cardinal"), table("tens"), table("scale"), table("ordinal"), table("vague"))
    own = ("a", "an", "couple", "dozen", "half", "hundred", "one", "quarter", "several", "three")
    return frozenset(own).union(*kinds)


def _digits(tokens: Tokens, start: int) -> Numeral | None:
    word = tokens[start].norm
    ordinal = _ORDINAL.fullmatch(word)
    if ordinal and len(word) < LONGEST:
        value = float(ordinal.group(1))
        return Numeral(start + 1, value, value, significant(value), "ordinal")
    value_or_none = digit_value(word)
    if value_or_none is None:
        return None
    value, index = value_or_none, start + 1
    while value < 1e12 and _thin_gap(tokens, index):
        value, index = value * 1000 + float(tokens[index].norm), index + 1
    digits = significant(value)
    half, index = _and_a_half(tokens, index)
    value += half
    scale, after = _scale(tokens, index)
    return Numeral(after, value * scale, value * scale, digits, "digits", scale > 1)


def _thin_gap(tokens: Tokens, index: int) -> bool:
    """Whether the token at `index` goes on a number that is grouped by thin or hard spaces."""
    if not is_digits(tokens, index) or index < 1:
        return False
    gap = tokens[index].span.start - tokens[index - 1].span.end
    return (
        gap == 1
        and len(tokens[index].norm) == 3
        and tokens[index].norm.isdecimal()
        and _is_thin(tokens, index)
    )


def _is_thin(tokens: Tokens, index: int) -> bool:
    # Tokens do not carry the characters between them; a group is told by its form alone.
    before = tokens[index - 1].norm
    zeros = "000" in (tokens[index].norm, norm(tokens, index + 1))
    return before.isdecimal() and len(before) <= 3 and zeros


def _scale(tokens: Tokens, index: int) -> tuple[float, int]:
    """The scale words at `index` ("million", "bn", "-million"), as a factor, and the index behind."""
    scales, at, factor = table("scale"), index, 1.0
    if norm(tokens, at) == "-" and norm(tokens, at + 1) in scales:
        at += 1
    while norm(tokens, at) in scales and factor < 1e12:
        factor, at = factor * scales[norm(tokens, at)], at + 1
    if factor > 1:
        return factor, at
    suffix = norm(tokens, index)
    if suffix in table("suffix") and touching(tokens, index) and not _is_metre(tokens, index):
        return float(table("suffix")[suffix]), index + 1
    if suffix in ("bn", "mn", "trn", "mln", "bln"):
        return float(table("suffix")[suffix]), index + 1
    return 1.0, index


def _is_metre(tokens: Tokens, index: int) -> bool:
    if norm(tokens, index) != "m":
        return False
    after = norm(tokens, index + 1)
    money = norm(tokens, index - 2) in table("currency", "signs")
    return not money and (after in table("words")["metre_next"] or after in ("-", "/"))


def _and_a_half(tokens: Tokens, index: int) -> tuple[float, int]:
    phrase = tuple(norm(tokens, index + step) for step in range(3))
    if phrase == ("and", "a", "half"):
        return 0.5, index + 3
    if phrase == ("and", "a", "quarter"):
        return 0.25, index + 3
    return 0.0, index


def _words(tokens: Tokens, start: int) -> Numeral | None:
    """A number in words: "two hundred and fifty-six thousand", "a million", "three dozen"."""
    index, begun = start, False
    if norm(tokens, index) in ("a", "an"):
        if norm(tokens, index + 1) not in table("scale") and norm(tokens, index + 1) != "dozen":
            return None
        index += 1
    total, current, last = 0.0, 0.0, ""
    while True:
        at = _next_word(tokens, index, last if begun else "")
        kind, value = _kind(norm(tokens, at))
        if kind in ("hundred", "scale", "dozen") and index == start and not begun:
            return None
        if not kind or not _goes_on(last, kind) or (at > index and not begun):
            break
        if kind == "hundred":
            current = (current or 1) * 100
        elif kind == "scale":
            total, current = total + (current or 1) * value, 0.0
        elif kind == "dozen":
            current = (current or 1) * 12
        else:
            current += value
        index, last, begun = at + 1, kind, True
        if kind in ("ordinal", "dozen"):
            break
        half, index = _and_a_half(tokens, index)
        current += half
    if not begun:
        return None
    value = total + current
    form = "ordinal" if last == "ordinal" else "word"
    return Numeral(index, value, value, significant(value), form, last in ("hundred", "scale", "dozen"))


def _next_word(tokens: Tokens, index: int, last: str) -> int:
    """Where the next word of a number stands: behind a hyphen, or an "and" after a hundred."""
    here = norm(tokens, index)
    if here == "-" and last in ("tens", "hundred", "scale", "unit", "teen"):
        kind = _kind(norm(tokens, index + 1))[0]
        joined = touching(tokens, index) and touching(tokens, index + 1)
        if joined and (kind in ("unit", "ordinal") if last == "tens" else kind in ("hundred", "scale")):
            return index + 1
    if (
        here == "and"
        and last in ("hundred", "scale")
        and _kind(norm(tokens, index + 1))[0] in ("unit", "teen", "tens")
    ):
        return index + 1
    return index


def _kind(word: str) -> tuple[str, float]:
    if word in table("cardinal"):
        value = float(table("cardinal")[word])
        return ("unit" if value < 10 else "teen"), value
    if word in table("tens"):
        return "tens", float(table("tens")[word])
    if word in ("hundred", "dozen"):
        return word, 0.0
    if word in table("scale"):
        return "scale", float(table("scale")[word])
    if word in table("ordinal"):
        return "ordinal", float(table("ordinal")[word])
    return "", 0.0


# Which kinds of number word may follow which.
_AFTER = {
    "": ("unit", "teen", "tens", "hundred", "scale", "ordinal", "dozen"),
    "unit": ("hundred", "scale", "dozen"),
    "teen": ("hundred", "scale", "dozen"),
    "tens": ("unit", "hundred", "scale", "ordinal"),
    "hundred": ("unit", "teen", "tens", "scale"),
    "scale": ("unit", "teen", "tens", "scale"),
}


def _goes_on(last: str, kind: str) -> bool:
    return kind in _AFTER.get(last, ())


def _vague(tokens: Tokens, start: int) -> Numeral | None:
    """ "dozens of", "tens of thousands", "several hundred", "a couple of"."""
    ranges, scales, word = table("vague"), table("scale"), norm(tokens, start)
    if word in ranges:
        low, high = ranges[word]
        if norm(tokens, start + 1) == "of" and norm(tokens, start + 2) in ranges:
            factor = scales.get(norm(tokens, start + 2)[:-1], 0)
            if factor:
                low, high = (20, 99) if word == "tens" else (low, high)
                return Numeral(start + 3, low * factor, high * factor, 1, "vague", True)
        if word in ("tens", "scores") and norm(tokens, start + 1) != "of":
            return None
        return Numeral(start + 1, float(low), float(high), 1, "vague", True)
    if word == "couple" and norm(tokens, start + 1) == "of" and norm(tokens, start - 1) == "a":
        return Numeral(start + 1, 2.0, 3.0, 1, "vague")
    few = start + 1 if (word, norm(tokens, start + 1)) == ("a", "few") else start if word == "several" else -1
    if few >= 0 and (norm(tokens, few + 1) in scales or norm(tokens, few + 1) == "dozen"):
        factor = 12 if norm(tokens, few + 1) == "dozen" else scales[norm(tokens, few + 1)]
        return Numeral(few + 2, 2.0 * factor, 9.0 * factor, 1, "vague", True)
    return None


def _half_of(tokens: Tokens, start: int) -> Numeral | None:
    """ "half a million", "a quarter of a million", "half a dozen"."""
    index = start + 1 if norm(tokens, start) in ("a", "one") else start
    if norm(tokens, index) == "half":
        at = index + 1 + (norm(tokens, index + 1) == "-")
        if norm(tokens, at) == "dozen":
            return Numeral(at + 1, 6.0, 6.0, 1, "word")
    share = {"half": 0.5, "quarter": 0.25}.get(norm(tokens, index))
    if norm(tokens, start) == "three" and norm(tokens, start + 1) == "quarters":
        index, share = start + 1, 0.75
    if not share:
        return None
    at = index + 1 + (norm(tokens, index + 1) == "of")
    whole = norm(tokens, at + 1)
    if norm(tokens, at) != "a" or not (whole in table("scale") or whole == "dozen"):
        return None
    value = share * (12 if whole == "dozen" else table("scale")[whole])
    return Numeral(at + 2, value, value, 2, "word", True)

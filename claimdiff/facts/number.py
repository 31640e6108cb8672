"""Quantities of a statement: value or range, unit, bound, what is counted, rise or fall."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from claimdiff.facts.moment import find_moments
from claimdiff.facts.numeral import Numeral, Tokens, digit_value, is_digits, norm, read, significant, table, touching
from claimdiff.model import Bound, Quantity, Span, Token

_BOUNDS = {
    "about": Bound.ABOUT, "nearly": Bound.NEARLY, "over": Bound.OVER, "under": Bound.UNDER,
    "at_least": Bound.AT_LEAST, "at_most": Bound.AT_MOST,
}  # fmt: skip
_DASHES = ("-", "–")
NOUN_REACH = 5  # words behind a number among which its noun is sought


def find_quantities(text: str, tokens: tuple[Token, ...]) -> tuple[Quantity, ...]:
    """The quantities of a statement, in order and without overlaps; times are moments, not quantities.

    Fractions and "one in four" are percentages, "twice" and "halved" have the unit "times", a result such
    as "2-1" the unit "score" (`low` is the first number), numbers that are names "designator".
    """
    times = find_moments(text, tokens)
    found: list[Quantity] = []
    index, moment = 0, 0
    while index < len(tokens):
        while moment < len(times) and times[moment].span.end <= tokens[index].span.start:
            moment += 1
        if moment < len(times) and times[moment].span.overlaps(tokens[index].span):
            index += 1
            continue
        limit = times[moment].span.start if moment < len(times) else len(text) + 1
        end, quantities = _at(tokens, index, limit)
        found += quantities
        index = max(end, index + 1)
    return tuple(found)


def _at(tokens: Tokens, index: int, limit: int) -> tuple[int, list[Quantity]]:
    for reader in (_designator, _times, _share, _plain):
        read_here = reader(tokens, index)
        if read_here and tokens[read_here[0] - 1].span.end <= limit:
            return read_here
    return index, []


Found = tuple[int, list[Quantity]] | None


def _span(tokens: Tokens, start: int, end: int) -> Span:
    return Span(tokens[start].span.start, tokens[end - 1].span.end)


# --- numbers that are names -----------------------------------------------------------------------


def _designator(tokens: Tokens, index: int) -> Found:
    """ "Flight 272", "F-16", "No. 2", "A320", "555-0123", "2:04:35"."""
    if not is_digits(tokens, index):
        word = norm(tokens, index)
        named = _names(tokens, index - 1) and word in table("cardinal") and word != "one"
        return (index + 1, [_name(tokens, index, float(table("cardinal")[word]))]) if named else None
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
    glued = _glued(tokens, index) or (before < index - 1 and norm(tokens, index - 1) == "-" and _glued(tokens, index, 2))
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
        return word not in ("no", "bill", "order", "count", "measure", "figure") or not (index == 0 and word != "no")
    acronym = len(text) > 1 and text.isupper() and word not in table("currency", "signs")
    noun, _ = _counted(tokens, index + 2, 2.0)
    return acronym and not noun and norm(tokens, index + 2) not in (*table("scale"), "%")


# --- multiples and shares -------------------------------------------------------------------------


def _times(tokens: Tokens, index: int) -> Found:
    word, end = norm(tokens, index), index + 1
    value = table("times").get(word)
    if value is None and norm(tokens, index + 1) in ("fold", "-") and read(tokens, index):
        numeral = read(tokens, index)
        if numeral and norm(tokens, numeral.end) == "-" and norm(tokens, numeral.end + 1) == "fold":
            value, end = numeral.low, numeral.end + 2
    if value is None:
        return None
    change = 0 if word in ("twice", "double", "triple", "thrice") else -1 if value < 1 else 1
    bound, start, end = _bounded(tokens, index, end)
    value = float(value)
    return end, [Quantity(_span(tokens, start, end), value, value, "times", bound, change=change, digits=1)]


def _share(tokens: Tokens, index: int) -> Found:
    """Fractions and "seven in ten", as percentages."""
    share = _ratio(tokens, index) or _fraction(tokens, index)
    if share is None:
        return None
    end, value = share
    part = end + (norm(tokens, end) == "of")
    if norm(tokens, part) in ("a", "an"):
        unit, behind = _unit(tokens, part + 1, None)
        bound, start, after = _bounded(tokens, index, behind)
        if not unit:
            return None
        whole = Quantity(_span(tokens, start, after), value / 100, value / 100, unit, bound, digits=1)
        return after, [replace(whole, change=_change(tokens, start, after))]
    bound, start, after = _bounded(tokens, index, end)
    counted = _counted_of(tokens, after)
    made = Quantity(_span(tokens, start, after), value, value, "percent", bound, counted, digits=2)
    return after, [replace(made, change=_change(tokens, start, after))]


def _ratio(tokens: Tokens, index: int) -> tuple[int, float] | None:
    first = read(tokens, index)
    if first is None or first.form not in ("word", "digits") or not first.low.is_integer():
        return None
    at = first.end
    if norm(tokens, at) == "out" and norm(tokens, at + 1) == "of":
        at += 2
    elif norm(tokens, at) == "of" and norm(tokens, at + 1) == "every":
        at += 2
    elif norm(tokens, at) in ("in", "-"):
        hyphens = norm(tokens, at) == "-"
        at += 1 + 2 * hyphens if not hyphens or norm(tokens, at + 1) == "in" else 0
    else:
        return None
    at += norm(tokens, at) == "every"
    whole = read(tokens, at)
    if whole is None or whole.form not in ("word", "digits") or not first.low < whole.low <= 1e6:
        return None
    # "killed 12 in 2,345 attacks" is no share: a share has a round whole or a small one.
    if whole.low > 20 and whole.digits > 1 and whole.low not in (25, 75):
        return None
    return whole.end, 100 * first.low / whole.low


def _fraction(tokens: Tokens, index: int) -> tuple[int, float] | None:
    """ "two-thirds", "a quarter of", "half"; not "a third suspect"."""
    word, at, top = norm(tokens, index), index, 1.0
    if word in ("½", "¼", "¾", "⅓", "⅔"):
        return index + 1, {"½": 50.0, "¼": 25.0, "¾": 75.0, "⅓": 100 / 3, "⅔": 200 / 3}[word]
    if word in ("a", "one"):
        at += 1
    elif word in table("cardinal") and word not in ("zero", "nil"):
        top, at = float(table("cardinal")[word]), index + 1
    at += norm(tokens, at) == "-"
    part = norm(tokens, at)
    if part.startswith("quarter") and norm(tokens, at + 1) == "of" and read(tokens, index):
        return None if read(tokens, index).end > at else (at + 1, 25 * top)
    if part not in table("fraction") or (top > 1) != part.endswith(("s", "ves")) or top > 19:
        return None
    if part == "half":
        return _half(tokens, index, at)
    if at == index:
        return None
    after = norm(tokens, at + 1)
    ends = not after[:1].isalpha() or after in table("words")["stop"] or after in table("change")["up_after"]
    ends = ends or after in table("change")["down_after"] or top > 1
    return (at + 1, 100 * top / table("fraction")[part]) if ends and not (after == "-" and top == 1) else None


def _half(tokens: Tokens, index: int, at: int) -> tuple[int, float] | None:
    before, after = norm(tokens, index - 1), norm(tokens, at + 1)
    if after in ("a", "an") and (read(tokens, at) or not _unit(tokens, at + 2, None)[0]):
        return None
    if before in ("first", "second", "other", "better", "and", "opening", "final", "-") or after in ("-", "way", "time"):
        return None
    return at + 1, 50.0


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
    other, unit = second
    low, high = numeral, other
    if sign and not unit:
        unit = sign
    factor = _factor(high)
    if not low.scaled and high.scaled and low.low * factor < high.low:
        low = low._replace(low=low.low * factor, high=low.high * factor)
    joined = norm(tokens, numeral.end)
    if _is_score(tokens, at, low, high, joined):
        end = high.end
        return end, [Quantity(_span(tokens, start, end), low.low, high.high, "score", digits=2)]
    if not low.low < high.high or not _is_range(tokens, start, joined):
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
    unit, after = _unit(tokens, at, first)
    at = after if unit and norm(tokens, after) in ("to", "and", "or", *_DASHES) else at
    if norm(tokens, at + 1) == "to" and norm(tokens, at) in ("judges", "votes", "justices", "members", "goals"):
        at += 1
    if norm(tokens, at) not in ("to", "and", "or", *_DASHES):
        return None
    _, sign, digits = _sign(tokens, at + 1)
    other = read(tokens, digits)
    if other is None or other.form not in ("word", "digits"):
        return None
    behind = _unit(tokens, other.end, other)[0]
    return (other, sign) if not unit or not behind or behind == unit else None


def _is_range(tokens: Tokens, start: int, joined: str) -> bool:
    before = [norm(tokens, start - step) for step in range(1, 5)]
    if joined == "and" or "between" in before[:3]:
        return "between" in before[:3]
    if before[0] == "by":
        return joined != "to"
    changed = table("change")["up"] + table("change")["down"]
    return "from" not in before[:1] or not any(word in changed for word in before)


def _is_score(tokens: Tokens, index: int, low: Numeral, high: Numeral, joined: str) -> bool:
    if joined == "and" or joined == "or" or not (low.low < 200 and high.low < 200):
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
        span = _span(tokens, start, end)
        return end, [Quantity(span, low, high, counted=noun if noun[:1].isalpha() else "", ordinal=True, digits=digits)]
    low, high, start = _negative(tokens, start, low, high)
    unit, after = (sign, end) if sign else _unit(tokens, end, None)
    if not unit:
        unit, after = _age(tokens, start, end, low)
    if low == 1 and norm(tokens, start) == "one" and not unit and _idle_one(tokens, start, end):
        return None
    counted = _counted_of(tokens, after) if high > low else ""
    if not counted and unit in ("", "share"):
        counted = _counted(tokens, after, high)[0]
    bound, begin, after = _bounded(tokens, start, after)
    if unit == "percentage point" and not _spoken_points(tokens, begin, after):
        unit = "point"
    made = Quantity(_span(tokens, begin, after), low, high, unit, bound, counted, digits=digits)
    return after, [replace(made, change=_change(tokens, begin, after))]


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
    return plain or before in ("no", "any", "every", "some", "the", "this", "that", "which", "each", "another")


def _spoken_points(tokens: Tokens, start: int, end: int) -> bool:
    """Whether "points" are percentage points: said so, or an amount of change of an index or share."""
    spoken = [norm(tokens, k) for k in range(start, end)]
    if any(word.startswith(("percent", "pp", "pts")) or word == "%" for word in spoken):
        return True
    return bool(_change(tokens, start, end))


@cache
def _unit_words() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word of a unit -> the spellings that begin with it, longest first, with the unit."""
    known: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for unit, entry in table("unit").items():
        for spelling in entry["words"]:
            words = tuple(spelling.split())
            known.setdefault(words[0], []).append((words, unit))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in known.items()}


def _unit(tokens: Tokens, at: int, numeral: Numeral | None) -> tuple[str, int]:
    """The unit or currency behind a number and the index behind it."""
    begin = at + (norm(tokens, at) == "-" and touching(tokens, at))
    for words, unit in _unit_words().get(norm(tokens, begin), ()):
        if all(norm(tokens, begin + k) == word for k, word in enumerate(words)):
            if len(words[0]) == 1 and words[0].isalpha() and not touching(tokens, begin):
                continue
            if norm(tokens, begin + len(words)) == "-" and begin == at and words[0] == "stone":
                continue
            return unit, begin + len(words)
    if norm(tokens, begin) == "m" and touching(tokens, begin):
        return "metre", begin + 1
    names = table("currency")["names"]
    for step in (0, 1, 2):
        word = norm(tokens, begin + step)
        if word in names:
            return names[word], begin + step + 1
        if not (0 <= begin + step < len(tokens)) or not tokens[begin + step].text[:1].isupper():
            break
    return "", at


def _age(tokens: Tokens, start: int, end: int, value: float) -> tuple[str, int]:
    """ "a 45-year-old", "aged 45", "45 years old", "Ann Lee, 45,"."""
    step = end + (norm(tokens, end) == "-")
    if norm(tokens, step) in ("year", "years", "month", "months"):
        at = step + 1 + (norm(tokens, step + 1) == "-")
        if norm(tokens, at) == "old" or (norm(tokens, at) == "of" and norm(tokens, at + 1) == "age"):
            return "age", at + 1
    before = norm(tokens, start - 1)
    if before in ("aged", "age"):
        return "age", end
    named = start > 1 and tokens[start - 2].text[:1].isupper() and tokens[start - 2].text[-1:].islower()
    if before == "," and norm(tokens, end) == "," and named and 5 <= value <= 115 and value.is_integer():
        return "age", end
    return "", end


# --- what stands around an amount -----------------------------------------------------------------


@cache
def _bound_words(place: str) -> tuple[tuple[tuple[str, ...], Bound], ...]:
    rows = [(tuple(phrase.split()), _BOUNDS[name]) for name, phrases in table(place).items() for phrase in phrases]
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0])))


def _bounded(tokens: Tokens, start: int, end: int) -> tuple[Bound, int, int]:
    """The bound of the amount in tokens [start, end), and its ends with the bound's words."""
    begin = start - (norm(tokens, start - 1) in ("a", "an", "the"))
    for at in dict.fromkeys((start, begin)):
        for words, bound in _bound_words("bound"):
            first = at - len(words)
            if first >= 0 and all(norm(tokens, first + k) == word for k, word in enumerate(words)):
                return bound, first, end
    for words, bound in _bound_words("bound_after"):
        if all(norm(tokens, end + k) == word for k, word in enumerate(words)):
            return bound, start, end + len(words)
    return Bound.EXACT, start, end


def _counted_of(tokens: Tokens, at: int) -> str:
    """The noun of a share: "a third of the farms"."""
    index = at + (norm(tokens, at) == "of")
    index += norm(tokens, index) in ("all", "every")
    index += norm(tokens, index) in ("the", "its", "their", "his", "her", "our", "those", "these")
    return _counted(tokens, index, 2.0)[0]


def _counted(tokens: Tokens, at: int, value: float) -> tuple[str, int]:
    """The plain noun that a number counts, in the singular, and the index behind it."""
    plurals, stop = table("words")["plural"], table("words")["stop"]
    for index in range(at, min(at + NOUN_REACH, len(tokens))):
        word = norm(tokens, index)
        if not word[0].isalpha() or word in stop:
            break
        if value == 1 and index == at:
            return singular(word), index + 1
        if (word, norm(tokens, index + 1), norm(tokens, index + 2)) == ("men", "and", "women"):
            return "person", index + 3
        if word in plurals or is_plural(word):
            return singular(word), index + 1
    return "", at


def is_plural(word: str) -> bool:
    """Whether a word looks like a plural noun."""
    if word in table("irregular") or word in table("words")["plural"]:
        return True
    return len(word) > 3 and word[-1] == "s" and word[-2:] not in ("ss", "us", "is") and word not in table("words")["not_plural"]


def singular(word: str) -> str:
    """The singular of a plural noun, by rule and by the list of irregular ones."""
    if word in table("irregular"):
        return str(table("irregular")[word])
    if not is_plural(word) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


def _change(tokens: Tokens, start: int, end: int) -> int:
    """+1 or -1 where the amount says by how much something rose or fell, 0 where it is a level."""
    table_ = table("change")
    for index in range(start - 1, max(-1, start - 6), -1):
        word = norm(tokens, index)
        if word in ("up", "down") and norm(tokens, index - 1) in table_["idle"]:
            return 0
        if word in table_["up"] or word in table_["down"]:
            return 1 if word in table_["up"] else -1
        if word not in table_["between"]:
            break
    step = end + (norm(tokens, end) == "-")
    for index in (step, step + 1):
        word = norm(tokens, index)
        if word in table_["up_after"] or word in table_["down_after"]:
            return 1 if word in table_["up_after"] else -1
        if not word[:1].isalpha() or word in table("words")["stop"]:
            break
    return 0

"""Multiples and shares: "twice", "halved", "two-thirds", "seven in ten"."""

from __future__ import annotations

from claimdiff.facts.amount import bounded, change_at, counted_of, extent, unit_at
from claimdiff.facts.numeral import Tokens, norm, read, table
from claimdiff.model import Quantity

Found = tuple[int, list[Quantity]] | None
FRACTIONS = {"½": 50.0, "¼": 25.0, "¾": 75.0, "⅓": 100 / 3, "⅔": 200 / 3}


def times_at(tokens: Tokens, index: int) -> Found:
    word, end = norm(tokens, index), index + 1
    value = table("times").get(word)
    if value is None and norm(tokens, index + 1) in ("fold", "-") and read(tokens, index):
        numeral = read(tokens, index)
        if numeral and norm(tokens, numeral.end) == "-" and norm(tokens, numeral.end + 1) == "fold":
            value, end = numeral.low, numeral.end + 2
    if value is None:
        return None
    change = 0 if word in ("twice", "double", "triple", "thrice") else -1 if value < 1 else 1
    bound, start, end = bounded(tokens, index, end)
    value = float(value)
    return end, [Quantity(extent(tokens, start, end), value, value, "times", bound, change=change, digits=1)]


def share_at(tokens: Tokens, index: int) -> Found:
    """Fractions and "seven in ten", as percentages."""
    share = _ratio(tokens, index) or _fraction(tokens, index)
    if share is None:
        return None
    end, value = share
    part = end + (norm(tokens, end) == "of")
    if norm(tokens, part) in ("a", "an"):
        unit, behind = unit_at(tokens, part + 1, None)
        bound, start, after = bounded(tokens, index, behind)
        if not unit:
            return after, []
        whole = Quantity(extent(tokens, start, after), value / 100, value / 100, unit, bound, digits=1)
        return after, [whole._replace(change=change_at(tokens, start, after))]
    bound, start, after = bounded(tokens, index, end)
    counted = counted_of(tokens, after)
    made = Quantity(extent(tokens, start, after), value, value, "percent", bound, counted, digits=2)
    return after, [made._replace(change=change_at(tokens, start, after))]


def _ratio(tokens: Tokens, index: int) -> tuple[int, float] | None:
    first = read(tokens, index)
    if first is None or first.form not in ("word", "digits") or not first.low.is_integer():
        return None
    at = first.end
    if (norm(tokens, at), norm(tokens, at + 1)) in (("out", "of"), ("of", "every")):
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
    if word in FRACTIONS:
        return index + 1, FRACTIONS[word]
    if word in ("a", "an", "one"):
        at += 1
    elif word in table("cardinal") and word not in ("zero", "nil"):
        top, at = float(table("cardinal")[word]), index + 1
    at += norm(tokens, at) == "-"
    part = norm(tokens, at)
    whole = read(tokens, index)
    if part.startswith("quarter") and norm(tokens, at + 1) == "of" and whole:
        return None if whole.end > at else (at + 1, 25 * top)
    if part not in table("fraction") or (top > 1) != part.endswith(("s", "ves")) or top > 19:
        return None
    if part == "half":
        return _half(tokens, index, at)
    before = norm(tokens, index - 1)
    ranked = before in ("top", "bottom", "upper", "lower") or (before.endswith("est") and len(before) > 5)
    if at == index and not (ranked and part not in ("second", "seconds")):
        return None
    after = norm(tokens, at + 1)
    ends = not after[:1].isalpha() or after in table("words")["stop"] or after in table("change")["up_after"]
    ends = ends or after in table("change")["down_after"] or top > 1
    return (at + 1, 100 * top / table("fraction")[part]) if ends and not (after == "-" and top == 1) else None


def _half(tokens: Tokens, index: int, at: int) -> tuple[int, float] | None:
    before, after = norm(tokens, index - 1), norm(tokens, at + 1)
    if after in ("a", "an") and (read(tokens, at) or not unit_at(tokens, at + 2, None)[0]):
        return None
    if before in ("first", "second", "other", "better", "and", "opening", "final", "-") or after in (
        "-",
        "way",
        "time",
    ):
        return None
    return at + 1, 50.0

"""What stands around a number: its unit, its bound, the noun that it counts, rise or fall."""

from __future__ import annotations

from functools import cache

from claimdiff.facts.numeral import Numeral, Tokens, norm, table, touching
from claimdiff.model import Bound, Span

_BOUNDS = {
    "about": Bound.ABOUT, "nearly": Bound.NEARLY, "over": Bound.OVER, "under": Bound.UNDER,
    "at_least": Bound.AT_LEAST, "at_most": Bound.AT_MOST,
}  # fmt: skip
NOUN_REACH = 5  # words behind a number among which its noun is sought


def extent(tokens: Tokens, start: int, end: int) -> Span:
    return Span(tokens[start].span.start, tokens[end - 1].span.end)


@cache
def _unit_words() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word of a unit -> the spellings that begin with it, longest first, with the unit."""
    known: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for unit, entry in table("unit").items():
        for spelling in entry["words"]:
            words = tuple(spelling.split())
            known.setdefault(words[0], []).append((words, unit))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in known.items()}


def unit_at(tokens: Tokens, at: int, numeral: Numeral | None) -> tuple[str, int]:
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


def age_at(tokens: Tokens, start: int, end: int, value: float) -> tuple[str, int]:
    """ "a 45-year-old", "aged 45", "45 years old", "Ann Lee, 45,", "a man of 45"."""
    step = end + (norm(tokens, end) == "-")
    if norm(tokens, step) in ("year", "years", "month", "months"):
        at = step + 1 + (norm(tokens, step + 1) == "-")
        if norm(tokens, at) == "old" or (norm(tokens, at) == "of" and norm(tokens, at + 1) == "age"):
            return "age", at + 1
    before = norm(tokens, start - 1)
    if before in ("aged", "age"):
        return "age", end
    if before == "of" and norm(tokens, start - 2) in table("class")["person"] and 5 <= value <= 115:
        return "age", end
    named = start > 1 and tokens[start - 2].text[:1].isupper() and tokens[start - 2].text[-1:].islower()
    if before == "," and norm(tokens, end) == "," and named and 5 <= value <= 115 and value.is_integer():
        return "age", end
    return "", end


# --- what stands around an amount -----------------------------------------------------------------


@cache
def _bound_words(place: str, edge: int) -> dict[str, list[tuple[tuple[str, ...], Bound]]]:
    """The phrases of a table by the word at one of their ends, the longest first."""
    rows = [
        (tuple(phrase.split()), _BOUNDS[name]) for name, phrases in table(place).items() for phrase in phrases
    ]
    found: dict[str, list[tuple[tuple[str, ...], Bound]]] = {}
    for row in sorted(rows, key=lambda row: (-len(row[0]), row[0])):
        found.setdefault(row[0][edge], []).append(row)
    return found


def bounded(tokens: Tokens, start: int, end: int) -> tuple[Bound, int, int]:
    """The bound of the amount in tokens [start, end), and its ends with the bound's words."""
    for words, bound in _bound_words("bound", -1).get(norm(tokens, start - 1), ()):
        first = start - len(words)
        if first >= 0 and all(norm(tokens, first + k) == word for k, word in enumerate(words)):
            return bound, first, end
    for words, bound in _bound_words("bound_after", 0).get(norm(tokens, end), ()):
        if all(norm(tokens, end + k) == word for k, word in enumerate(words)):
            return bound, start, end + len(words)
    return Bound.EXACT, start, end


def counted_of(tokens: Tokens, at: int) -> str:
    """The noun of a share: "a third of the farms"."""
    index = at + (norm(tokens, at) == "of")
    index += norm(tokens, index) in ("all", "every")
    index += norm(tokens, index) in ("the", "its", "their", "his", "her", "our", "those", "these")
    return counted_at(tokens, index, 2.0)[0]


def counted_at(tokens: Tokens, at: int, value: float) -> tuple[str, int]:
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
    return (
        len(word) > 3
        and word[-1] == "s"
        and word[-2:] not in ("ss", "us", "is")
        and word not in table("words")["not_plural"]
    )


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


def change_at(tokens: Tokens, start: int, end: int) -> int:
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

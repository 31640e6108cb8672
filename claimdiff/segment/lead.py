"""What stands before a statement's claim: a section label or a dateline."""

from __future__ import annotations

import re
from functools import cache

from claimdiff.lexicon import words

_LABEL = re.compile(r"([A-Z][\w'’-]*+(?: [\w'’&-]++){0,4}):\s++(?=[\"“'‘(\[]?[A-Z0-9$€£])")
_QUOTE = tuple("\"“'‘")

_CITY = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’]*+(?:[ -][A-ZÀ-Þ][A-ZÀ-Þ.'’]*+){0,4}"
_AGENCY = r"\([A-Z][\w .,'’&/-]{1,40}\)"
_REST = r"(?:,? [A-Z0-9][\w.'’-]*+){1,4}"  # state or country, date
_DASH = r"\s*+(?:—|–|--?)\s*+"
_DATELINE = re.compile(
    rf"{_CITY}(?:,{_REST})*+(?:,? {_REST})?(?:\s?{_AGENCY})?{_DASH}(?=[\"“'‘(]?[A-Z0-9À-Þ$€£])"
)
_MIXED = re.compile(
    rf"(?:[A-Z][\w.'’-]*+(?:,? [A-Z0-9][\w.'’-]*+){{0,6}} )?{_AGENCY}{_DASH}(?=[\"“'‘(]?[A-ZÀ-Þ0-9$€£])"
)
_CAPITALS = re.compile(r"[A-ZÀ-Þ]{3}")
_MAX = 110


def lead(text: str) -> int:
    """How many characters of a statement's text are a section label or a dateline before its claim.

    "What happened: The board met." has 15, "SEOUL (Agency) — The board met." has 17; a speaker's
    name ("Smith: We met.") and a subject before a colon are part of the claim.
    """
    dateline = _dateline(text)
    if dateline:
        return dateline
    label = _LABEL.match(text)
    if label and _is_label(label[1], text[label.end() : label.end() + 1]):
        return label.end()
    return 0


def _dateline(text: str) -> int:
    head = text[:_MAX]
    mixed = _MIXED.match(head)
    if mixed:
        return mixed.end()
    capitals = _DATELINE.match(head)
    if not capitals or not _CAPITALS.search(capitals.group().split(",")[0].split("(")[0]):
        return 0
    dash = capitals.group().rstrip()
    spaced = len(capitals.group()) > len(dash)
    return capitals.end() if spaced or dash.endswith(("—", "--")) else 0


def _is_label(label: str, following: str) -> bool:
    """Labels speak of the text ("Why it matters"), not of the world ("Hotel", "Jane Doe")."""
    folded = label.replace("’", "'").lower()
    if folded in _labels("whole"):
        return True
    first, *rest = folded.split(" ")
    if first in _labels("openers") and rest:
        return True
    return following not in _QUOTE and bool(rest) and rest[-1] in _labels("nouns") and not _names(label)


def _names(label: str) -> bool:
    """A label in title case whose first word is not an ordinary label word may be a name."""
    first, *rest = label.split(" ")
    return all(word[:1].isupper() for word in rest) and first.lower() not in _labels("modifiers")


@cache
def _labels(name: str) -> frozenset[str]:
    return words("boilerplate", "labels", name)

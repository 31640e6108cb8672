"""Lines told by their words: phrases of the lexicon and of the user, whatever their case and typography."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff.lexicon import load
from claimdiff.model import Boilerplate

MAX_LINE = 320  # a longer one is a paragraph, whatever it begins with

_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_LEAD = re.compile(r"\A(?:[^\w\"'(#@]|\((?=[^\w]))++")  # ornaments; a quotation is somebody's words
_SPACES = re.compile(r"\s+")
_REST = r"(?:\s[^\s.!?]+){0,10}"
_ANY = r"(?:[^\s.!?]+\s){0,10}?"


NONE = Boilerplate()


class Phrases(NamedTuple):
    """Compiled phrases; ask `match`."""

    line: re.Pattern[str] | None
    beginning: re.Pattern[str] | None
    ending: re.Pattern[str] | None

    def match(self, folded: str) -> bool:
        """Does a line, folded by `fold`, bear one of them?"""
        return bool(
            (self.line and self.line.match(folded))
            or (self.beginning and self.beginning.match(folded))
            or (self.ending and self.ending.search(folded))
        )


def fold(text: str) -> str:
    """A line's words for matching: small letters, plain marks, no ornaments before it; "" when it is long."""
    if len(text) > MAX_LINE:
        return ""
    plain = text if text.isascii() else text.translate(_STRAIGHT)
    return _LEAD.sub("", " ".join(plain.split()), count=1).casefold()


@cache
def known(group: str) -> Phrases:
    """The phrases of a group of the lexicon: "phrases", "phrases_foot" and so on."""
    lists = load("boilerplate")[group]
    return compiled(Boilerplate(*(tuple(lists.get(key, ())) for key in Boilerplate._fields)))


@lru_cache(maxsize=32)
def compiled(phrases: Boilerplate) -> Phrases:
    return Phrases(
        _pattern(phrases.lines, r"(?:\d+ )?(?:{})(?:[^\w\"']|\d|\([^()]{{1,20}}\))*\Z"),
        _pattern(phrases.beginnings, r"(?:{})(?!\w)"),
        _pattern(phrases.endings, r"(?:\A|(?<=[^\w]))(?:{})[^\w\"']*\Z"),
    )


def _pattern(phrases: Iterable[str], form: str) -> re.Pattern[str] | None:
    parts = sorted(
        {_regex(phrase) for phrase in phrases if phrase.strip(" *")}, key=lambda own: (-len(own), own)
    )
    return re.compile(form.format("|".join(parts))) if parts else None


def _regex(phrase: str) -> str:
    """A phrase as a regular expression: nothing in it but `*` and spaces has a meaning of its own."""
    plain = _SPACES.sub(" ", phrase.translate(_STRAIGHT)).strip().casefold()
    stem = plain.removesuffix(" *")
    parts = (_ANY if part.startswith("*") else re.escape(part) for part in re.split(r"(\* ?)", stem))
    return "".join(parts) + (_REST if stem != plain else "")

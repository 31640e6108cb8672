"""Known places, bodies, given names and titles, as look-ups over a sentence's tokens."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from claimdiff.facts.token import fold, norms
from claimdiff.lexicon import load, words
from claimdiff.lexicon.graph import graph
from claimdiff.lexicon.spelling import plain
from claimdiff.model import NameKind, Token

_SMALL = 0.1  # share of the words in lower case, beside grammar words, in a headline set in title case


class Entry(NamedTuple):
    """A known name: its canonical key, its kind, what else it may stand for, and the sort of form it
    is ("place", "people", "seat", "city", "code" or "body")."""

    key: str
    kind: NameKind
    aliases: frozenset[str]
    form: str


class Hit(NamedTuple):
    entry: Entry
    length: int


def capital(token: Token) -> bool:
    return token.text[0].isupper()


@lru_cache(maxsize=1 << 14)
def common(word: str) -> bool:
    """Is this (plain) word one of the language, and not only a name?"""
    if word in words("capital", "function") or word in words("capital", "other"):
        return True
    return any(_known(stem) for stem in _bases(word))


def _known(word: str) -> bool:
    number = graph().find(word)
    return number >= 0 and any(not sense.name for sense in graph().senses(number))


def _bases(word: str) -> Iterable[str]:
    """The word and what it may be an inflection of; wrong guesses are harmless, they find nothing."""
    yield word
    for ending, others in (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""),
                           ("ing", "e"), ("er", ""), ("ers", ""), ("ly", "")):  # fmt: skip
        if word.endswith(ending) and len(word) > len(ending) + 2:
            yield word[: -len(ending)] + others
    for ending in ("ed", "ing"):
        base = word.removesuffix(ending)
        if base != word and len(base) > 3 and base[-1] == base[-2]:
            yield base[:-1]


@cache
def _names() -> tuple[list[str], list[int], list[Entry]]:
    """All known names, sorted, the place that each has in the lists, and what it stands for."""
    rows = [*_places(), *_bodies()]
    names = [fold(name.removeprefix("the ")).lower() for name, _ in rows]
    order = sorted(range(len(names)), key=names.__getitem__)
    return [names[place] for place in order], order, [rows[place][1] for place in order]


@lru_cache(maxsize=1 << 14)
def _forms(first: str) -> tuple[tuple[tuple[str, ...], Entry], ...]:
    """The known names that begin with a word, the longest first. A name is cut into words only when a
    text has the first of them: there are thousands of names."""
    names, places, entries = _names()
    found: list[tuple[int, tuple[str, ...], int, Entry]] = []
    at = bisect_left(names, first)
    while at < len(names) and names[at].startswith(first):
        rest = norms(names[at])
        if next(rest) == first:
            form = (first, *rest)
            found.append((-len(form), form, places[at], entries[at]))
        at += 1
    table: dict[tuple[str, ...], Entry] = {}
    for _, form, _, entry in sorted(found, key=lambda row: row[:3]):
        table.setdefault(form, entry)
    return tuple(table.items())


def _places() -> Iterable[tuple[str, Entry]]:
    data = load("country")
    place = NameKind.PLACE
    for group in ("country", "region", "part"):
        for key, row in data[group].items():
            forms = {form: Entry(key, place, frozenset(), form) for form in ("place", "code", "people")}
            yield key, forms["place"]
            yield from ((name, forms[_sort(group, name)]) for name in row.get("names", ()))
            for people in row.get("people", ()):
                yield people, forms["people"]
                yield people + "s", forms["people"]
            stands = frozenset((key,))
            yield from ((seat, Entry(seat, place, stands, "seat")) for seat in row.get("seats", ()))
    for group in ("country", "part"):
        for key, row in data[group].items():
            for city in row.get("capital", ()):
                bodies = load("organisation")["seat"].get(city, ())
                stands = frozenset((key, *bodies)) if group == "country" else frozenset[str]()
                yield city, Entry(city, place, stands, "city")
    for city in _cities(data):
        stands = frozenset(load("organisation")["seat"].get(city, ()))
        yield city, Entry(city, place, stands, "city")


def _sort(group: str, name: str) -> str:
    """State and province abbreviations mean something only after a comma: "Dayton, Ohio"."""
    return "code" if group == "part" and (len(name) == 2 or name.endswith(".")) else "place"


def _cities(data: dict[str, Any]) -> Iterable[str]:
    for group in ("country", "part"):
        for row in data[group].values():
            yield from row.get("cities", ())


def _bodies() -> Iterable[tuple[str, Entry]]:
    for key, forms in load("organisation")["known"].items():
        entry = Entry(key, NameKind.ORGANISATION, frozenset(), "body")
        yield key, entry
        yield from ((form, entry) for form in forms)


def lookup(tokens: Sequence[Token], at: int, stop: int | None = None, *, upper: bool = False) -> Hit | None:
    """The longest known name that begins at a token and ends by `stop`; None when there is none. In a
    text that is all upper case (`upper`) the shape of an acronym proves nothing."""
    if not capital(tokens[at]):
        return None
    limit = len(tokens) if stop is None else stop
    for form, entry in _forms(plain(tokens[at].norm)):
        end = at + len(form)
        if end > limit or any(plain(tokens[at + i].norm) != part for i, part in enumerate(form)):
            continue
        if all(capital(t) or not t.content or len(t.norm) < 4 for t in tokens[at:end]) and _shaped(
            tokens, at, form, entry, upper
        ):
            return Hit(entry, len(form))
    return None


def _shaped(tokens: Sequence[Token], at: int, form: tuple[str, ...], entry: Entry, upper: bool) -> bool:
    """Is the name written as such names are? "US" is a country and "Us" a pronoun."""
    if entry.form == "code":
        return at > 0 and tokens[at - 1].text == "," and (len(form) > 1 or tokens[at].text.isupper())
    text = tokens[at].text
    if len(form) > 1 or "." in text:
        return True
    if entry.form == "body" and len(text) <= 3 and text != "Fed" and text != "Met":
        return text.isupper() and not upper
    if form[0] in ("us", "uk", "prc", "rok", "png") or (entry.form == "body" and common(form[0])):
        return (text.isupper() and not upper) or text in ("Fed", "Senate", "Congress", "Commons", "Labour",
                                                          "Guardian", "Democrats", "Republicans", "Tory",
                                                          "Tories", "Conservatives", "Pentagon")  # fmt: skip
    return True


def title(tokens: Sequence[Token], at: int, stop: int | None = None) -> int:
    """How many tokens of a title begin here ("Prime Minister" 2, "Dr." 2), or 0."""
    limit = len(tokens) if stop is None else stop
    for length in (3, 2, 1):
        if at + length > limit:
            continue
        phrase = " ".join(plain(token.norm) for token in tokens[at : at + length])
        if phrase in words("title", "before"):
            short = at + length < limit and tokens[at + length].text == "." and len(phrase) <= 5
            return length + short
    return 0


def gender(word: str) -> str:
    """ "f" or "m" for a given name, "e" for one of either, "" for none."""
    for mark, group in (("f", "female"), ("m", "male"), ("e", "either")):
        if word in words("person", group):
            return mark
    return ""


def title_case(long: Sequence[Token]) -> bool:
    """Is this a headline with a capital on every word, so that capitals prove nothing?"""
    small = sum(not capital(token) and token.norm not in words("capital", "function") for token in long)
    plainly = sum(capital(token) and common(plain(token.norm)) for token in long)
    return len(long) > 3 and plainly > 2 and small <= _SMALL * len(long)

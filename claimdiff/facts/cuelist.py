"""The cues of the lexicon, found by their first word.

Most words of the lists stand in no text: an entry is made when a text has its first word, and until then
the lists are strings and numbers only, which the collector of garbage need not visit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff.facts.token import stem
from claimdiff.lexicon import load
from claimdiff.model import CueKind

LEXICONS = ("negation", "modality", "certainty", "causality", "quantifier", "intensity", "condition")
WILD = "*"  # stands for up to three words


class Entry(NamedTuple):
    """A cue of the lexicon: `literal` ones match no other form of their words."""

    kind: CueKind
    scale: str
    rung: float
    words: tuple[str, ...]
    literal: bool
    text: str


class _Lists(NamedTuple):
    """All entries as they are listed, literal ones with their equals sign: `places` are in the order of
    `firsts`, the first words; `bounds` are the places from which the kind, scale and rung hold."""

    texts: list[str]
    firsts: list[str]
    places: list[int]
    bounds: list[int]
    rungs: list[tuple[CueKind, str, float]]


class Group(NamedTuple):
    """The entries of one first word: all, those with any second word, and those for each second word."""

    entries: tuple[Entry, ...]
    loose: tuple[Entry, ...]
    seconds: dict[str, tuple[Entry, ...]]

    def before(self, following: tuple[str, ...]) -> tuple[Entry, ...]:
        """The entries that the next token allows: most phrases fail at their second word."""
        seconds = self.seconds
        if not seconds:
            return self.loose
        listed = [word for word in following if word in seconds]
        if len(listed) < 2:
            return seconds[listed[0]] if listed else self.loose
        return tuple(entry for entry in self.entries if _second(entry) in (WILD, *listed))


@lru_cache(maxsize=1 << 14)
def starting(key: str) -> Group | None:
    """The entries with this first word or, marked with a tilde, with a first word of this stem."""
    lists = _lists()
    if key[0] != "~":
        at = bisect_left(lists.firsts, key)
        found = lists.places[at : bisect_right(lists.firsts, key, at)]
    else:
        found = sorted(place for place in _alike(key[1:]) if lists.texts[place][0] != "=")
    return _group(dict.fromkeys(_made(lists, place) for place in found)) if found else None


def _alike(root: str) -> Iterator[int]:
    """The places of the entries whose first word is a longer one of this stem. Snowball changes the end
    of a word and, but for these three, at most the last two letters of what it leaves: no other words
    need to be looked at."""
    beginning = root[:1] if root in ("die", "lie", "tie") else root[: max(2, len(root) - 2)]
    lists = _lists()
    for before in ("", "'"):  # the stemmer drops an apostrophe before a word
        at = bisect_left(lists.firsts, before + beginning)
        while at < len(lists.firsts) and lists.firsts[at].startswith(before + beginning):
            if len(lists.firsts[at]) > 3 and stem(lists.firsts[at]) == root:
                yield lists.places[at]
            at += 1


@cache
def _lists() -> _Lists:
    texts: list[str] = []
    bounds: list[int] = []
    rungs: list[tuple[CueKind, str, float]] = []
    for rung, entries in _listed():
        bounds.append(len(texts))
        rungs.append(rung)
        texts += entries
    firsts = [_parted(text.removeprefix("=")).split(None, 1)[0] for text in texts]
    places = sorted(range(len(texts)), key=firsts.__getitem__)
    return _Lists(texts, sorted(firsts), places, bounds, rungs)


def _group(entries: Iterable[Entry]) -> Group:
    every = tuple(entries)
    loose: list[int] = []
    seconds: dict[str, list[int]] = {}
    for at, entry in enumerate(every):
        second = _second(entry)
        (loose if second == WILD else seconds.setdefault(second, [])).append(at)
    return Group(
        every,
        tuple([every[at] for at in loose]),
        {word: tuple([every[at] for at in sorted(own + loose)]) for word, own in sorted(seconds.items())},
    )


def _second(entry: Entry) -> str:
    """An entry's second word; the wild card for any or none."""
    return entry.words[1] if len(entry.words) > 1 else WILD


def _listed() -> Iterator[tuple[tuple[CueKind, str, float], list[str]]]:
    for name in LEXICONS:
        try:
            tables = load(name)
        except FileNotFoundError:
            continue
        for kind, scales in tables.items():
            for scale, rungs in scales.items():
                for rung, entries in rungs.items():
                    yield (CueKind(kind), scale, float(rung)), entries


def _parted(text: str) -> str:
    return text.replace("'s", " 's") if "'" in text else text


def _made(lists: _Lists, place: int) -> Entry:
    listed = lists.texts[place]
    text = listed.removeprefix("=")
    kind, scale, rung = lists.rungs[bisect_right(lists.bounds, place) - 1]
    return Entry(kind, scale, rung, tuple(_parted(text).split()), listed != text, text)

"""Names compared: may one stand for the other, what lies in what, and where a name stands in a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff.detect.once import once
from claimdiff.detect.seen import edges
from claimdiff.lexicon import load, words
from claimdiff.lexicon.spelling import plain
from claimdiff.model import Facts, Match, Name, NameKind, Pair, Span

_REACH = 3  # tokens on each side within which a matched word anchors a slot
_WIDTH = 7  # tokens that a slot in the source may hold
_ANCHORS = frozenset(("exact", "lemma", "stem", "name", "same", "synonym", "derived", "similar", "number"))
_LINKS = frozenset(("and", "for", "in", "of", "on", "the"))


# --- places ------------------------------------------------------------------------------------------


@cache
def _sorts() -> Mapping[str, str]:
    data = load("country")
    return {key: group for group in ("region", "part", "country") for key in data[group]}


@cache
def _around() -> Mapping[str, frozenset[str]]:
    """{place: every larger place that holds it}, by keys."""
    data = load("country")
    direct: dict[str, set[str]] = {}
    for group in ("country", "part"):
        for key, row in data[group].items():
            for place in (*row.get("cities", ()), *row.get("capital", ())):
                direct.setdefault(place, set()).add(key)
            if "of" in row:
                direct.setdefault(key, set()).add(row["of"])
    for key, row in data["region"].items():
        for place in row.get("holds", ()):
            direct.setdefault(place, set()).add(key)
    return {place: frozenset(_reach(place, direct)) for place in direct}


def _reach(place: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    queue = [place]
    while queue:
        for above in sorted(direct.get(queue.pop(), ())):
            if above not in found:
                found.add(above)
                queue.append(above)
    return found


def holds(outer: Name, inner: Name) -> bool:
    """Does the inner name's place lie in the outer one's?"""
    if outer.kind is not NameKind.PLACE:
        return False
    around = _around()
    return any(outer.key in around.get(key, ()) for key in (inner.key, *inner.aliases))


def sort(name: Name) -> str:
    """What a name is, as finely as the lists tell: "country", "part", "region", "city", or its kind."""
    if name.kind is NameKind.PLACE:
        known = "city" if name.key in _around() else "place"
        return _sorts().get(name.key, known)
    return name.kind.value


def alike(new: Name, old: Name) -> bool:
    """Are two names of one sort, so that one may have taken the other's place?"""
    first, second = sort(new), sort(old)
    if {first, second} == {"city", "country"}:  # a capital may speak for its country
        return any(key in load("country")["country"] for name in (new, old) for key in name.aliases)
    return first == second or {first, second} in ({"city", "place"}, {"part", "city"}, {"part", "country"})


# --- may one stand for the other? --------------------------------------------------------------------


@lru_cache(maxsize=1 << 14)
def _forms(key: str) -> tuple[str, ...]:
    """All written forms of a known body: "fda" is the Food and Drug Administration."""
    return (key, *load("organisation")["known"].get(key, ()))


def parts(name: Name) -> frozenset[str]:
    """The words of all forms of a name that tell it from others."""
    return _parts(name.key, name.aliases)


@lru_cache(maxsize=1 << 14)
def _parts(key: str, aliases: frozenset[str]) -> frozenset[str]:
    found = {word for form in (key, *aliases) for known in _forms(form) for word in known.split()}
    return frozenset(found - words("capital", "function") - words("person", "particles"))


def same(new: Name, old: Name) -> bool:
    """May a careful writer have used the one name for the other?"""
    if new.key == old.key or not {new.key, *new.aliases}.isdisjoint((old.key, *old.aliases)):
        return not _namesakes(new, old)
    if NameKind.PLACE in (new.kind, old.kind) and sort(new) != "place" and sort(old) != "place":
        return False
    first, second = _bare(new), _bare(old)
    if NameKind.PERSON in (new.kind, old.kind):
        return not first.isdisjoint(second) and not _namesakes(new, old)
    loose = words("organisation", "suffixes")
    return bool(first) and (first - loose <= second or second - loose <= first)


def _bare(name: Name) -> frozenset[str]:
    """The words of a name without a plural's ending: "the Alburys"."""
    return _bare_words(name.key, name.aliases)


@lru_cache(maxsize=1 << 14)
def _bare_words(key: str, aliases: frozenset[str]) -> frozenset[str]:
    return frozenset(part.removesuffix("s") for part in _parts(key, aliases))


def _namesakes(new: Name, old: Name) -> bool:
    """Two full names of persons with one surname and different given names: "Ana Ruiz", "Luis Ruiz"."""
    if new.kind is not NameKind.PERSON or old.kind is not NameKind.PERSON:
        return False
    first, second = _full(new.key, new.aliases), _full(old.key, old.aliases)
    if len(first) < 2 or len(second) < 2 or first[-1] != second[-1]:
        return False
    return not (first[0][0] == second[0][0] or set(first[:-1]) & set(second[:-1]))


@lru_cache(maxsize=1 << 14)
def _full(key: str, aliases: frozenset[str]) -> tuple[str, ...]:
    """The words of the longest form of a name."""
    return tuple(max((key, *sorted(aliases)), key=len).split())


# --- where it stands ---------------------------------------------------------------------------------


class Slot(NamedTuple):
    """The source tokens between the counterparts of a derivative token's neighbours: `low` to `high` of a
    statement; `sides` is 2 when both neighbours anchor it."""

    statement: int
    low: int
    high: int
    sides: int


def token_range(facts: Facts, span: Span) -> tuple[int, int]:
    """The half-open range of token indices that a span touches."""
    touched = edges(facts).touched(span)
    return (touched.start, touched.stop) if touched else (0, 0)


@once
def anchors_of(pair: Pair) -> Mapping[int, Match]:
    """The matches that are firm enough to tell a place by, by derivative token."""
    return {match.derivative: match for match in pair.matches if match.relation in _ANCHORS}


def slots(pair: Pair, anchors: Mapping[int, Match], first: int, last: int) -> Iterator[Slot]:
    """Where in the sources the derivative's tokens `first` to `last` would stand, two-sided first."""
    left = _anchor(pair, anchors, range(first - 1, max(-1, first - 1 - _REACH), -1))
    right = _anchor(pair, anchors, range(last, min(len(pair.derivative.tokens), last + _REACH)))
    both = left and right and left.statement == right.statement and left.source < right.source
    if left and right and both and right.source - left.source <= _WIDTH:
        yield Slot(left.statement, left.source + 1, right.source, 2)
    elif right and first < 2 and right.derivative == last and right.source < _REACH:
        yield Slot(right.statement, 0, right.source, 2)  # both begin their statements
    if right and right.derivative == last:
        yield Slot(right.statement, max(0, right.source - _REACH), right.source, 1)
    if left and left.derivative == first - 1:
        yield Slot(left.statement, left.source + 1, left.source + 1 + _REACH, 1)


def _anchor(pair: Pair, anchors: Mapping[int, Match], indices: range) -> Match | None:
    """The nearest match of a word with a meaning of its own, or else of any word."""
    tokens = pair.derivative.tokens
    first = None
    for index in indices:
        match = anchors.get(index)
        if match is not None:
            if tokens[index].content:
                return match
            first = first or match
    return first


class Said(NamedTuple):
    """All names and words of the sources of a comparison: the names by what they may share with another
    that means the same, those that share with any, the places around them."""

    names: tuple[Name, ...]
    sharing: Mapping[str, tuple[Name, ...]]
    loose: tuple[Name, ...]
    around: frozenset[str]
    words: frozenset[str]

    def has(self, name: Name) -> bool:
        """Does a name of the sources mean the same as this one, or lie in its place?"""
        if name.kind is NameKind.PLACE and name.key in self.around:
            return True
        if not _firm(name):
            return any(same(name, old) for old in self.names)
        shared = (old for key in sorted(_shared(name)) for old in self.sharing.get(key, ()))
        return any(same(name, old) for old in (*self.loose, *shared))


def _shared(name: Name) -> frozenset[str]:
    """What two names that mean the same have in common, one thing of it at least, if both are firm."""
    return frozenset((name.key, *name.aliases)) | _firm(name)


def _firm(name: Name) -> frozenset[str]:
    """The words of a name without those that any company may have in its name."""
    return _bare(name) - words("organisation", "suffixes")


def said(pair: Pair) -> Said:
    """What the sources say in all their statements."""
    return _gather(pair.context.sources or pair.sources)


@once
def distinct(facts: Facts) -> tuple[Name, ...]:
    """The names of a statement, pronouns too, each key with the same aliases and kind once."""
    return tuple({(name.key, name.kind, name.aliases): name for name in reversed(facts.names)}.values())


@once
def plain_words(facts: Facts) -> frozenset[str]:
    """The words of a statement in lower case without accents."""
    return frozenset([plain(token.norm) for token in facts.tokens])


@once
def _gather(sources: tuple[Facts, ...]) -> Said:
    names: dict[tuple[str, frozenset[str]], Name] = {}
    for facts in sources:
        for name in facts.names:
            if not name.pronoun:
                names.setdefault((name.key, name.aliases), name)
    sharing: dict[str, list[Name]] = {}
    for name in names.values():
        for key in _shared(name):
            sharing.setdefault(key, []).append(name)
    return Said(
        tuple(names.values()),
        {key: tuple(sharers) for key, sharers in sharing.items()},
        tuple(name for name in names.values() if not _firm(name)),
        frozenset(
            place for one in names.values() for key in (one.key, *one.aliases)
            for place in _around().get(key, ())
        ),
        frozenset(map(plain, {token.norm for facts in sources for token in facts.tokens})),
    )  # fmt: skip


@once
def stems_of(sources: tuple[Facts, ...]) -> frozenset[str]:
    """The stems of all words of some statements."""
    return frozenset([token.stem for facts in sources for token in facts.tokens])


def abbreviated(pair: Pair, letters: str) -> bool:
    """Are these the initials of a run of two to six words of the sources?"""
    return 2 <= len(letters) <= 6 and letters in _letters(pair.context.sources or pair.sources)


@once
def _letters(sources: tuple[Facts, ...]) -> str:
    """The first letters of the words, a line for each statement."""
    return "\n".join(_initials(sources))


def _initials(sources: Sequence[Facts]) -> Iterator[str]:
    for facts in sources:
        norms = [token.norm for token in facts.tokens if token.norm[0].isalpha()]
        row = [norm if norm.isascii() else plain(norm) for norm in norms]
        yield "".join([word[0] for word in row])
        yield "".join([word[0] for word in row if word not in _LINKS])

"""Which names of a document are the same, and what its pronouns and descriptions stand for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from claimdiff.facts.gazetteer import capital, common, gender, lookup
from claimdiff.lexicon import load, words
from claimdiff.lexicon.spelling import plain
from claimdiff.model import Name, NameKind, Token

_NEAR = 3  # statements over which a pronoun may reach back
_PRONOUNS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f",
             "herself": "f", "it": "o", "its": "o", "itself": "o", "they": "o", "their": "o"}  # fmt: skip
_TRIED = 50  # full names that share a word with a short one
_LINKS = frozenset(("of", "and", "the", "for", "de"))


def resolve(
    names: tuple[tuple[Name, ...], ...], tokens: tuple[tuple[Token, ...], ...]
) -> tuple[tuple[Name, ...], ...]:
    """The names of a document's statements with one key for each entity, names added that only the
    rest of the document gives away, and pronouns and descriptions that stand for a name."""
    lower = {plain(t.norm) for line in tokens for t in line if t.text[0].islower()}
    kept = [tuple(n for n in line if not _mere_word(n, line_tokens, lower))
            for line, line_tokens in zip(names, tokens, strict=True)]  # fmt: skip
    halves = _divided(kept)
    kept = [(*line, *_halves(line, t, halves)) for line, t in zip(kept, tokens, strict=True)]
    parts = _name_words(kept)
    full = [
        tuple(sorted((*line, *_missed(line, line_tokens, parts)), key=lambda name: name.span))
        for line, line_tokens in zip(kept, tokens, strict=True)
    ]
    book = _Book(full, tokens)
    unified = [tuple(book.unify(name, at) for name in line) for at, line in enumerate(full)]
    return tuple(_with_referents(unified, tokens))


def _mere_word(name: Name, tokens: Sequence[Token], lower: set[str]) -> bool:
    """A single word without a known kind at a sentence start that the document also writes small."""
    return (
        name.kind is NameKind.UNKNOWN
        and " " not in name.key
        and name.key in lower
        and bool(tokens)
        and name.span.start <= tokens[0].span.end + 1
    )


def _halves(line: tuple[Name, ...], tokens: Sequence[Token], halves: dict[str, str]) -> Iterator[Name]:
    """ "The North" where the document has North Korea and no other country of the North."""
    marks = [i for i, t in enumerate(tokens) if t.text in ("North", "South") and i]
    marks = [i for i in marks if tokens[i - 1].norm == "the"]
    inside = _inside(line, tokens) if marks else set()
    for at in marks:
        key = halves.get(tokens[at].norm)
        if key and at not in inside:
            yield Name(tokens[at].span, key, NameKind.PLACE)


def _divided(document: Sequence[tuple[Name, ...]]) -> dict[str, str]:
    """{"north": the one country of the North that the document names}, and so for the South."""
    keys = sorted({name.key for line in document for name in line} & set(load("country")["country"]))
    found = {half: [key for key in keys if key.startswith(half + " ")] for half in ("north", "south")}
    return {half: countries[0] for half, countries in found.items() if len(countries) == 1}


def _name_words(document: Iterable[tuple[Name, ...]]) -> dict[str, Name]:
    """{word: the first name that holds it}, for words that give a name away by themselves."""
    parts: dict[str, Name] = {}
    for line in document:
        for name in line:
            if name.kind is NameKind.PLACE and " " in name.key:
                continue
            for word in _words(name):
                if len(word) > 2 and (name.kind is NameKind.PERSON or not common(word)):
                    parts.setdefault(word, name)
    return parts


def _missed(line: tuple[Name, ...], tokens: Sequence[Token], parts: dict[str, Name]) -> Iterator[Name]:
    """Capitalised words outside any name which are (part of) a name elsewhere in the document."""
    inside = _inside(line, tokens)
    for at, token in enumerate(tokens):
        word = plain(token.norm)
        found = parts.get(word) if capital(token) and at not in inside else None
        if found is not None and not lookup(tokens, at) and word not in words("capital", "function"):
            yield Name(token.span, word, found.kind, frozenset(), found.title)


def _inside(line: Iterable[Name], tokens: Sequence[Token]) -> set[int]:
    """The indices of the tokens that belong to a name."""
    names = sorted(line, key=lambda name: name.span)
    found, at = set(), 0
    for i, token in enumerate(tokens):
        while at < len(names) and names[at].span.end <= token.span.start:
            at += 1
        if at < len(names) and names[at].span.overlaps(token.span):
            found.add(i)
    return found


def _words(name: Name) -> tuple[str, ...]:
    """The words of the fullest form of a name."""
    full = max([name.key, *sorted(name.aliases)], key=len) if name.kind is not NameKind.PLACE else name.key
    return tuple(full.replace("-", " ").replace(".", " ").split())


@dataclass(frozen=True)
class _Entity:
    """A full form of a name with the statement of its first mention."""

    name: Name
    words: tuple[str, ...]
    at: int


class _Book:
    """The full names of a document, by their words, and the short forms that stand for them."""

    def __init__(self, names: Sequence[tuple[Name, ...]], tokens: Sequence[Sequence[Token]]) -> None:
        self.by_word: dict[str, list[_Entity]] = {}
        self.short: dict[str, Name] = {}
        seen: set[tuple[str, ...]] = set()
        for at, line in enumerate(names):
            for name in line:
                parts = _words(name)
                if parts not in seen and (len(parts) > 1 or (name.kind is NameKind.PERSON and name.title)):
                    seen.add(parts)
                    self._enter(_Entity(name, parts, at))
            self._introduced(line, tokens[at])

    def _enter(self, entity: _Entity) -> None:
        for word in sorted(set(entity.words)):
            self.by_word.setdefault(word, []).append(entity)
        initials = "".join(word[0] for word in entity.words if word not in _LINKS)
        if len(initials) > 1:
            self.short.setdefault(initials, entity.name)

    def _introduced(self, line: tuple[Name, ...], tokens: Sequence[Token]) -> None:
        """ "Harbour Safety Board (HSB)": the second name is the first one's short form."""
        marks = {token.span.start: token.text for token in tokens}
        for first, second in pairwise(line):
            gap = second.span.start - first.span.end
            if gap == 2 and marks.get(first.span.end + 1) == "(" and " " not in second.key:
                self.short[second.key] = first

    def unify(self, name: Name, at: int) -> Name:
        """The name under the key of the fullest mention that it can belong to."""
        if name.key in self.short and name.kind is not NameKind.PERSON and " " not in name.key:
            return self._as(name, self.short[name.key])
        parts = frozenset(_words(name))
        candidates = [self.by_word.get(part, []) for part in sorted(parts)]
        fewest = min(candidates, key=len, default=[])[:_TRIED]
        if name.kind is NameKind.PLACE:
            return self._surname(name, parts, fewest, at)
        fitting = [entity for entity in fewest if parts < set(entity.words) and _same_kind(name, entity.name)]
        best = max(fitting, key=lambda e: (e.at <= at, len(set(e.words)), -abs(at - e.at)), default=None)
        return name if best is None else self._as(name, best.name)

    def _surname(self, name: Name, parts: frozenset[str], named: Sequence[_Entity], at: int) -> Name:
        """A place's name that is the surname of someone named here before is that person's."""
        for entity in named if len(parts) == 1 else ():
            if entity.at < at and entity.name.kind is NameKind.PERSON and entity.words[-1] in parts:
                return self._as(name, entity.name)._replace(kind=NameKind.PERSON)
        return name

    @staticmethod
    def _as(name: Name, full: Name) -> Name:
        aliases = (name.aliases | full.aliases | {name.key}) - {full.key}
        kind = full.kind if full.kind is not NameKind.UNKNOWN else name.kind
        return name._replace(key=full.key, kind=kind, aliases=aliases, title=name.title or full.title)


def _same_kind(one: Name, other: Name) -> bool:
    return one.kind is other.kind or NameKind.UNKNOWN in (one.kind, other.kind)


# --- pronouns and descriptions -----------------------------------------------------------------------


@dataclass
class _Last:
    """The latest names of each sort, with the statement they stood in."""

    seen: dict[str, tuple[int, Name]] = field(default_factory=dict)
    recent: deque[Name] = field(default_factory=lambda: deque(maxlen=40))

    def note(self, name: Name, at: int) -> None:
        self.recent.appendleft(name)
        if name.kind is NameKind.PERSON:
            for mark in _genders(name):
                self.seen[mark] = (at, name)
        elif name.kind is NameKind.ORGANISATION:
            self.seen["o"] = (at, name)

    def near(self, mark: str, at: int) -> Name | None:
        where, name = self.seen.get(mark, (at - _NEAR - 1, None))
        return name if at - where <= _NEAR else None


def _genders(name: Name) -> str:
    if name.title in ("mr", "sir", "lord", "king", "prince"):
        return "m"
    if name.title in ("mrs", "ms", "miss", "lady", "queen", "princess", "dame"):
        return "f"
    full = max([*sorted(name.aliases), name.key], key=len)
    found = gender(full.split()[0])
    return found if found in ("m", "f") else "mf"


def _with_referents(
    names: Iterable[tuple[Name, ...]], tokens: Sequence[Sequence[Token]]
) -> Iterator[tuple[Name, ...]]:
    last = _Last()
    for at, line in enumerate(names):
        found: list[Name] = []
        queue = deque(sorted(line, key=lambda name: name.span))
        inside = _inside(line, tokens[at])
        for i, token in enumerate(tokens[at]):
            while queue and queue[0].span.end <= token.span.start:
                last.note(queue.popleft(), at)
            if i in inside:
                continue
            span, referent = token.span, None
            if token.norm in _PRONOUNS:
                referent = last.near(_PRONOUNS[token.norm], at)
            elif i and tokens[at][i - 1].norm == "the" and token.text[0].islower():
                referent = _described(plain(token.norm), last, at)
                span = tokens[at][i - 1].span.join(token.span)
            if referent is not None:
                found.append(referent._replace(span=span, pronoun=True))
        for name in queue:
            last.note(name, at)
        yield tuple(sorted((*line, *found), key=lambda name: name.span))


def _described(noun: str, last: _Last, at: int) -> Name | None:
    """The name that "the NOUN" stands for: the latest whose sort, title or own words fit."""
    table = load("capital")["description"]
    recent = list(last.recent)
    if noun in table["person"]:
        return next((n for n in recent if n.kind is NameKind.PERSON and noun in n.title.split()), None)
    if noun in table["country"]:
        return next((n for n in recent if n.key in load("country")["country"]), None)
    if noun in table["state"]:
        return next((n for n in recent if n.key in load("country")["part"]), None)
    if noun in table["city"]:
        places = [n for n in recent if n.kind is NameKind.PLACE]
        return next((n for n in places if not any(n.key in g for g in load("country").values())), None)
    if noun in table["organisation"]:
        bodies = [n for n in recent if n.kind is NameKind.ORGANISATION]
        named = next((n for n in bodies if noun in n.key.split()), None)
        latest = last.near("o", at)
        public = latest is not None and latest.key in load("organisation")["known"]
        return named or (None if public else latest)
    return None

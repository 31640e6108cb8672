"""Which names of a document are the same, and what its pronouns and descriptions stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from claimdiff.facts.gazetteer import capital, common, gender, lookup, plain
from claimdiff.lexicon import load, words
from claimdiff.model import Name, NameKind, Span, Token

_NEAR = 3  # statements over which a pronoun may reach back
_PRONOUNS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f",
             "herself": "f", "it": "o", "its": "o", "itself": "o", "they": "o", "their": "o"}  # fmt: skip
_OPEN = frozenset((NameKind.UNKNOWN,))


def resolve(
    names: tuple[tuple[Name, ...], ...], tokens: tuple[tuple[Token, ...], ...]
) -> tuple[tuple[Name, ...], ...]:
    """The names of a document's statements with one key for each entity, names added that only the
    rest of the document gives away, and pronouns and descriptions that stand for a name."""
    lower = {plain(t.norm) for line in tokens for t in line if t.text[0].islower()}
    kept = [tuple(n for n in line if not _mere_word(n, line_tokens, lower))
            for line, line_tokens in zip(names, tokens, strict=True)]  # fmt: skip
    full = [line + tuple(_missed(line, line_tokens, kept)) for line, line_tokens in zip(kept, tokens, strict=True)]
    full = [tuple(sorted(line, key=lambda name: name.span)) for line in full]
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


def _missed(
    line: tuple[Name, ...], tokens: Sequence[Token], document: Sequence[tuple[Name, ...]]
) -> Iterator[Name]:
    """Capitalised words outside any name which are (part of) a name elsewhere in the document."""
    parts: dict[str, Name] = {}
    for other in document:
        for name in other:
            if name.kind is not NameKind.PLACE or " " not in name.key:
                for word in _words(name):
                    if len(word) > 2 and not (common(word) and name.kind is not NameKind.PERSON):
                        parts.setdefault(word, name)
    for at, token in enumerate(tokens):
        if not capital(token) or any(name.span.overlaps(token.span) for name in line):
            continue
        found = parts.get(plain(token.norm))
        if found is not None and not lookup(tokens, at) and plain(token.norm) not in words("capital", "function"):
            yield Name(token.span, plain(token.norm), found.kind, frozenset(), found.title)


def _words(name: Name) -> tuple[str, ...]:
    """The words of the fullest form of a name."""
    full = max([name.key, *sorted(name.aliases)], key=len) if name.kind is not NameKind.PLACE else name.key
    return tuple(full.replace("-", " ").replace(".", " ").split())


@dataclass
class _Entity:
    name: Name
    words: frozenset[str]
    initials: str
    order: tuple[str, ...]


@dataclass
class _Book:
    """The full names of a document in the order of their first mention."""

    entities: list[list[_Entity]] = field(default_factory=list)
    short: dict[str, Name] = field(default_factory=dict)

    def __init__(self, names: Sequence[tuple[Name, ...]], tokens: Sequence[Sequence[Token]]) -> None:
        self.by_word: dict[str, list[tuple[int, _Entity]]] = {}
        self.short = {}
        for at, line in enumerate(names):
            for name in line:
                parts = _words(name)
                if len(parts) < 2 and not (name.kind is NameKind.PERSON and name.title):
                    continue
                entity = _Entity(name, frozenset(parts), _initials(parts), parts)
                for word in sorted(entity.words):
                    self.by_word.setdefault(word, []).append((at, entity))
                if len(entity.initials) > 1:
                    self.short.setdefault(entity.initials, name)
            self._introduced(line, tokens[at])

    def _introduced(self, line: tuple[Name, ...], tokens: Sequence[Token]) -> None:
        """ "Harbour Safety Board (HSB)": the second name is the first one's short form."""
        marks = {token.span.start: token.text for token in tokens}
        for first, second in zip(line, line[1:], strict=False):
            gap = second.span.start - first.span.end
            if gap == 2 and marks.get(first.span.end + 1) == "(" and " " not in second.key:
                self.short[second.key] = first

    def unify(self, name: Name, at: int) -> Name:
        """The name under the key of the fullest mention that it can belong to."""
        if name.key in self.short and name.kind is not NameKind.PERSON and " " not in name.key:
            return self._as(name, self.short[name.key])
        parts = frozenset(_words(name))
        if name.kind is NameKind.PLACE:
            return self._surname(name, parts, at)
        best: tuple[tuple[bool, int, int], _Entity] | None = None
        for where, entity in self.by_word.get(min(parts, key=lambda word: (len(self.by_word.get(word, ())), word)), ()):
            if parts < entity.words and _same_kind(name, entity.name) and entity.order[:1] != ("the",):
                rank = (where <= at, len(entity.words), -abs(at - where))
                if best is None or rank > best[0]:
                    best = (rank, entity)
        return name if best is None else self._as(name, best[1].name)

    def _surname(self, name: Name, parts: frozenset[str], at: int) -> Name:
        """A place's name that is the surname of someone named here before is that person's."""
        if len(parts) == 1:
            for where, entity in self.by_word.get(min(parts), ()):
                if where < at and entity.name.kind is NameKind.PERSON and entity.order[-1] in parts:
                    return replace(self._as(name, entity.name), kind=NameKind.PERSON)
        return name

    @staticmethod
    def _as(name: Name, full: Name) -> Name:
        aliases = (name.aliases | full.aliases | {name.key}) - {full.key}
        kind = full.kind if full.kind is not NameKind.UNKNOWN else name.kind
        return replace(name, key=full.key, kind=kind, aliases=aliases, title=name.title or full.title)


def _initials(parts: Sequence[str]) -> str:
    return "".join(part[0] for part in parts if part not in ("of", "and", "the", "for", "de"))


def _same_kind(one: Name, other: Name) -> bool:
    return one.kind is other.kind or NameKind.UNKNOWN in (one.kind, other.kind)


# --- pronouns and descriptions -----------------------------------------------------------------------


@dataclass
class _Last:
    """The latest names of each sort, with the statement they stood in."""

    seen: dict[str, tuple[int, Name]] = field(default_factory=dict)
    all: list[Name] = field(default_factory=list)

    def note(self, name: Name, at: int) -> None:
        self.all.append(name)
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
        queue = sorted(line, key=lambda name: name.span)
        for i, token in enumerate(tokens[at]):
            while queue and queue[0].span.end <= token.span.start:
                last.note(queue.pop(0), at)
            if any(name.span.overlaps(token.span) for name in line):
                continue
            span, referent = token.span, None
            if token.norm in _PRONOUNS:
                referent = last.near(_PRONOUNS[token.norm], at)
            elif i and tokens[at][i - 1].norm == "the" and token.text[0].islower():
                referent = _described(plain(token.norm), last, at)
                span = tokens[at][i - 1].span.join(token.span)
            if referent is not None:
                found.append(replace(referent, span=span, pronoun=True))
        for name in queue:
            last.note(name, at)
        yield tuple(sorted((*line, *found), key=lambda name: name.span))


def _described(noun: str, last: _Last, at: int) -> Name | None:
    """The name that "the NOUN" stands for: the latest whose sort, title or own words fit."""
    table = load("capital")["description"]
    recent = last.all[-40:][::-1]
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

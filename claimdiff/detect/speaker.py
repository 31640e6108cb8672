"""Speakers of reporting phrases: what their words tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff import lexicon
from claimdiff.detect.once import once
from claimdiff.detect.passage import Index
from claimdiff.detect.seen import within
from claimdiff.model import Attribution, Facts, Name, NameKind, Span, Tag, Token

PRONOUNS = frozenset(
    {"he", "she", "they", "it", "i", "we", "who", "his", "her", "their", "its", "both", "one", "others"}
)  # fmt: skip
LIGHT = frozenset(
    {"the", "a", "an", "of", "at", "for", "in", "on", "and", "to", "with", "from", "by", "who", "that",
     "which", "one", "two", "three", "some", "several", "many", "most", "few", "other", "others",
     "another", "is", "was", "are", "were", "be", "been", "has", "have", "had", "its", "his", "her",
     "their", "it", "he", "she", "they", "as", "this", "than", "or", "but", "not", "said", "say",
     "says", "new", "also", "would", "will", "there", "these", "those", "all", "more", "into", "after",
     "before", "over", "about", "up", "out", "so", "if", "when", "while", "where", "what", "own",
     "former", "senior", "local", "official", "national", "chief", "general", "mr", "mrs", "ms", "dr",
     "sir"}
)  # fmt: skip
_ENDS = frozenset(
    {"of", "at", "for", "in", "with", "from", "on", "who", "which", "that", "hired", "by", "whose", "close",
     "familiar", "based", "working", "representing", "involved"}
)  # fmt: skip
_NONE: frozenset[str] = frozenset()


class Speaker(NamedTuple):
    """Who speaks: stems of his words, those written with a capital, the classes of his role nouns, those of
    the bodies he belongs to ("the bank's director" has the role of a director and the body of a bank)."""

    text: str
    key: str
    keys: frozenset[str]
    countries: frozenset[str]
    stems: frozenset[str]
    proper: frozenset[str]
    roles: frozenset[str]
    bodies: frozenset[str]
    pronoun: bool
    plural: bool
    single: bool
    some: bool
    anonymous: bool
    headed: bool


@cache
def _classes() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    data = lexicon.load("speaker")
    for part in ("role", "body"):
        for name, entries in data[part].items():
            for entry in entries:
                table.setdefault(entry, set()).add(name)
    return {word: frozenset(names) for word, names in table.items()}


@cache
def _countries() -> dict[str, str]:
    """Countries and the capitals and seats that stand for them, to the country."""
    table: dict[str, str] = {}
    for country, entry in lexicon.load("country")["country"].items():
        for name in (*entry.get("capital", ()), *entry.get("seats", ()), *entry.get("people", ()), country):
            table[name] = country
    return table


@lru_cache(maxsize=4096)
def roles_of(norm: str) -> frozenset[str]:
    """The classes of a role noun in either number."""
    classes = _classes()
    forms = {norm, norm.removesuffix("s"), norm.removesuffix("es"), norm.removesuffix("ies") + "y"}
    if norm.endswith("men"):
        forms.add(norm[:-3] + "man")
    return frozenset([name for form in forms for name in classes.get(form, ())])


def speaker_of(facts: Facts, made: Attribution) -> Speaker | None:
    """The speaker of a reporting phrase; None when it has none."""
    if made.speaker is None:
        return None
    known = _described(facts)
    found = known.get(id(made))
    if found is None or found[0] is not made:
        found = known[id(made)] = (made, describe(facts, made.speaker, made))
    return found[1]


@once
def _described(facts: Facts) -> dict[int, tuple[Attribution, Speaker]]:
    """The speakers of a statement's reporting phrases that were asked for, beside what they belong to."""
    return {}


def describe(facts: Facts, span: Span, made: Attribution | None = None) -> Speaker:
    """A noun phrase of a statement as a speaker. Places do not tell one speaker from another, unless the
    phrase is nothing but a place ("Washington said")."""
    phrase = within(facts, span)
    tokens = [token for token in phrase if token.norm[0].isalnum()]
    inside = [name for name in facts.names if span.overlaps(name.span)]
    places = [name for name in inside if not name.pronoun]
    held = _heads(phrase)
    people = [name for name in places if name.kind is not NameKind.PLACE]
    names = [n for n in places if n.kind is not NameKind.PLACE or any(n.span.overlaps(h) for h in held)]
    norms = [token.norm for token in tokens]
    classes = [roles_of(norm) for norm in norms]
    heavy = [(t, own) for t, own in zip(tokens, classes, strict=True) if own or t.norm not in LIGHT]
    roles = _NONE.union(*[own for token, own in heavy if token.span in held])
    bodies = _NONE.union(*[own for token, own in heavy if token.span not in held])
    telling = people if people or roles else names
    pronoun = bool(norms) and all(norm in PRONOUNS or norm == "'s" for norm in norms)
    single = bool(norms) and norms[0] in lexicon.words("speaker", "amount", "one")
    return Speaker(
        span.of(facts.statement.text),
        made.key if made else "",
        frozenset([key for name in inside for key in (name.key, *name.aliases)]),
        _countries_of(places),
        frozenset([token.stem for token, _ in heavy]),
        frozenset(
            [
                token.stem
                for token, _ in heavy
                if token.text[:1].isupper() and any(name.span.overlaps(token.span) for name in telling)
            ]
        ),
        roles,
        bodies,
        pronoun,
        plural=not single and (bool(made and made.plural) or _many([token for token, _ in heavy], held)),
        single=single,
        some=_partial(norms),
        anonymous=bool(made and made.anonymous),
        headed=norms[:1] in (["the"], ["a"], ["an"], ["one"]) and _noun_last(facts, tokens, span),
    )


def _countries_of(places: Sequence[Name]) -> frozenset[str]:
    known = _countries()
    return frozenset([known[k] for name in places for k in (name.key, *name.aliases) if k in known])


def _many(tokens: list[Token], held: frozenset[Span]) -> bool:
    many = lexicon.words("speaker", "many", "plural")
    return any(token.norm in many or _several(token.norm) for token in tokens if token.span in held)


def _noun_last(facts: Facts, tokens: Sequence[Token], span: Span) -> bool:
    return bool(tokens) and tokens[-1].tag is Tag.NOUN and len(span.of(facts.statement.text)) <= 60


def _partial(norms: list[str]) -> bool:
    """Some of them speak: "some farmers", "at least two analysts", but not "the two ministers"."""
    some = lexicon.words("speaker", "amount", "some")
    least = norms[:1] and norms[0] in {"at", "about", "only", "just", "nearly", "up", "more", "a"}
    return norms[:1] != [] and (norms[0] in some or bool(least and any(norm in some for norm in norms[1:3])))


def _several(norm: str) -> bool:
    """A plural noun for people: "neighbours", "bidders"."""
    return norm.endswith("ers") or (norm.endswith("s") and bool(_people(norm.removesuffix("s"))))


def _people(norm: str) -> bool:
    return not _speaking().isdisjoint(_classes().get(norm, ()))


def _heads(tokens: Sequence[Token]) -> frozenset[Span]:
    """The words of a speaker's noun phrases that are not those of an owner or behind a preposition."""
    kept: list[Span] = []
    open_phrase = True
    some = lexicon.words("speaker", "amount", "some")
    for at, token in enumerate(tokens):
        if token.norm in {",", "(", ")"}:
            open_phrase = True
        elif token.norm == "of" and at and (tokens[at - 1].norm in some or tokens[at - 1].norm == "one"):
            kept.clear()  # "two of the analysts"
        elif token.norm in _ENDS and at:
            open_phrase = False
        elif open_phrase and not (at + 1 < len(tokens) and tokens[at + 1].norm in {"'s", "'"}):
            kept.append(token.span)
    return frozenset(kept)


def is_body(speaker: Speaker) -> bool:
    """An institution or a group."""
    return not speaker.roles.isdisjoint(_bodies())


def is_outlet(speaker: Speaker, index: Index) -> bool:
    """A news outlet that passes on what others said: by its name, or since somebody told it something."""
    words = frozenset(speaker.text.lower().replace("’", "'").split())
    if words & lexicon.words("speaker", "outlet", "names") and not speaker.roles & _speaking():
        return True
    places = (place for stem in sorted(speaker.proper) for place in index.stem_at.get(stem, ())[:40])
    told = {"told", "tells", "with", "by"}
    return any(place and index.words[place - 1] in told and _heard(place, index) for place in places)


def _heard(place: int, index: Index) -> bool:
    before = index.words[max(0, place - 3) : place]
    return (
        "told" in before
        or "tells" in before
        or bool({"interview", "seen", "reviewed", "obtained"} & {*before})
    )


@cache
def _speaking() -> frozenset[str]:
    return frozenset(lexicon.load("speaker")["role"])


@cache
def _bodies() -> frozenset[str]:
    return frozenset(lexicon.load("speaker")["body"])


def is_owned(speaker: Speaker) -> bool:
    """Named by whom the speaker belongs to."""
    return speaker.text.lower().startswith(("its ", "their ", "his ", "her ", "both "))

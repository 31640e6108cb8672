"""Whether two reporting phrases name the same speaker."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from claimdiff import lexicon
from claimdiff.detect.passage import Index
from claimdiff.model import Attribution, Facts, NameKind, Span

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
_BREAKS = frozenset(
    {"said", "says", "say", "told", "tells", "added", "called", "wrote", "warned", "asked", "is",
     "was", "are", "were", "has", "have", "had", "will", "would", "may", "might", "could", "can",
     "and", "but", "while", "that", "because", "though", "if", "denied", "denies", "accused",
     "according", "put", "argued", "argues", "insisted"}
)  # fmt: skip
_AUTHORS = frozenset(
    {"scholar", "lawyer", "judge", "writer", "agency", "school"}
)  # who stand behind a report
_NEAR = 9  # words within which a description stands beside the name it belongs to


class Speaker(NamedTuple):
    """Who speaks: stems of his words, those written with a capital, the classes of his role nouns."""

    text: str
    key: str
    keys: frozenset[str]
    countries: frozenset[str]
    stems: frozenset[str]
    proper: frozenset[str]
    roles: frozenset[str]
    pronoun: bool
    plural: bool
    single: bool
    some: bool
    anonymous: bool


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


def roles_of(norm: str) -> frozenset[str]:
    """The classes of a role noun in either number."""
    classes = _classes()
    forms = {norm, norm.removesuffix("s"), norm.removesuffix("es"), norm.removesuffix("ies") + "y"}
    if norm.endswith("men"):
        forms.add(norm[:-3] + "man")
    return frozenset(name for form in forms for name in classes.get(form, ()))


def speaker_of(facts: Facts, made: Attribution) -> Speaker | None:
    """The speaker of a reporting phrase; None when it has none."""
    return None if made.speaker is None else describe(facts, made.speaker, made)


def describe(facts: Facts, span: Span, made: Attribution | None = None) -> Speaker:
    """A noun phrase of a statement as a speaker. Places do not tell one speaker from another, unless the
    phrase is nothing but a place ("Washington said")."""
    tokens = [token for token in facts.within(span) if token.norm[0].isalnum()]
    inside = [name for name in facts.names if span.overlaps(name.span)]
    names = [name for name in inside if not name.pronoun]
    people = [name for name in names if name.kind is not NameKind.PLACE]
    heavy = [token for token in tokens if token.norm not in LIGHT or roles_of(token.norm)]
    roles = frozenset(role for token in heavy for role in roles_of(token.norm))
    telling = people if people or roles else names
    norms = [token.norm for token in tokens]
    pronoun = bool(norms) and all(norm in PRONOUNS or norm == "'s" for norm in norms)
    many = lexicon.words("speaker", "many", "plural")
    single = bool(norms) and norms[0] in lexicon.words("speaker", "amount", "one")
    return Speaker(
        span.of(facts.statement.text),
        made.key if made else "",
        frozenset(key for name in inside for key in (name.key, *name.aliases)),
        frozenset(_countries()[k] for name in names for k in (name.key, *name.aliases) if k in _countries()),
        frozenset(token.stem for token in heavy),
        frozenset(
            token.stem
            for token in heavy
            if token.text[:1].isupper() and any(name.span.overlaps(token.span) for name in telling)
        ),
        roles,
        pronoun,
        plural=not single
        and (bool(made and made.plural) or any(norm in many for norm in norms[-1:] + norms[:2])),
        single=single,
        some=any(norm in lexicon.words("speaker", "amount", "some") for norm in norms[:3]),
        anonymous=bool(made and made.anonymous),
    )


def same(new: Speaker, old: Speaker, index: Index, linked: bool = False) -> bool | None:
    """Whether both may be one speaker: True, False, or None when nothing tells.

    `linked` says that the aligner matched words of the two. Names decide; then shared words, a role that the
    sources give beside the name, and classes of role nouns.
    """
    if new.keys & old.keys and (new.pronoun or old.pronoun or not (new.proper or old.proper)):
        return True
    if new.stems and new.stems == old.stems and new.countries == old.countries:
        return True
    if new.pronoun or old.pronoun or not (_plausible(new) and _plausible(old)):
        return None
    if _initials(new.text) & _capitals(old.text) or _initials(old.text) & _capitals(new.text):
        return True
    if new.countries & old.countries and not (new.roles or old.roles):
        return True
    only_new, only_old = new.proper - old.proper, old.proper - new.proper
    if new.proper & old.proper or (new.keys & old.keys and not (only_new and only_old)):
        return not (only_new and only_old) or beside(only_new, only_old, index)
    if new.proper and old.proper:
        return beside(new.proper, old.proper, index)
    if new.countries and old.countries and not new.countries & old.countries:
        return False
    if linked or (new.stems & old.stems):
        return True
    if beside(new.proper or new.stems, old.proper or old.stems, index):
        return True
    named, plain = (new, old) if new.proper else (old, new)
    if named.proper and plain.roles and _role_beside(named.proper, plain.roles, index):
        return True
    if "study" in new.roles | old.roles and (new.roles | old.roles) & _AUTHORS:
        return None
    if new.roles & old.roles or (old.proper and new.single and not old.plural):
        return None
    return False


def _plausible(speaker: Speaker) -> bool:
    """A name, an office, a body or a group; anything else is no speaker for sure."""
    return bool(speaker.proper or speaker.roles or speaker.plural or speaker.keys)


def _initials(text: str) -> frozenset[str]:
    letters = "".join(word[0] for word in text.split() if word[:1].isupper() and word != "The")
    return frozenset({letters} if len(letters) > 1 else ())


def _capitals(text: str) -> frozenset[str]:
    return frozenset(word for word in text.split() if len(word) > 1 and word.isupper())


def beside(first: frozenset[str], second: frozenset[str], index: Index) -> bool:
    """Words of both stand in one noun phrase of the sources, as a name does beside its office."""
    return any(index.stems[i] in second for i in _phrase_around(first, index))


def _role_beside(proper: frozenset[str], roles: frozenset[str], index: Index) -> bool:
    return any(roles & roles_of(index.words[i]) for i in _phrase_around(proper, index))


def _phrase_around(stems: frozenset[str], index: Index) -> Iterator[int]:
    """The words around each place of some stems, as far as one noun phrase with its appositions may reach."""
    for stem in sorted(stems):
        for place in index.stem_at.get(stem, ())[:40]:
            for step in (-1, 1):
                for i in range(place + step, place + step * (_NEAR + 1), step):
                    if not 0 <= i < len(index.words) or index.places[i][0] != index.places[place][0]:
                        break
                    if index.words[i] in _BREAKS:
                        break
                    yield i


def known(speaker: Speaker, index: Index) -> bool:
    """The sources speak of this one: all of his capitals, or most of his other words."""
    if speaker.proper:
        return all(stem in index.stem_at for stem in speaker.proper)
    hits = sum(stem in index.stem_at for stem in speaker.stems)
    return hits * 2 >= len(speaker.stems) > 0


def is_body(speaker: Speaker) -> bool:
    """An institution or a group."""
    return bool(speaker.roles & frozenset(lexicon.load("speaker")["body"]))


def is_owned(speaker: Speaker) -> bool:
    """Named by whom the speaker belongs to."""
    return speaker.text.lower().startswith(("its ", "their ", "his ", "her ", "both "))

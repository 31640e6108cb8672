"""Whether two reporting phrases name the same speaker."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from claimdiff import lexicon
from claimdiff.detect.passage import Index
from claimdiff.model import Attribution, Facts, Span

PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "who", "his", "her", "their", "its", "both", "one", "others"})
LIGHT = frozenset(
    {"the", "a", "an", "of", "at", "for", "in", "on", "and", "to", "with", "from", "by", "who", "that", "which",
     "one", "two", "three", "some", "several", "many", "most", "few", "other", "others", "another", "is", "was", "are",
     "were", "be", "been", "has", "have", "had", "its", "his", "her", "their", "it", "he", "she", "they", "as", "this",
     "than", "or", "but", "not", "said", "say", "says", "new", "also", "would", "will", "there", "these", "those", "all",
     "more", "into", "after", "before", "over", "about", "up", "out", "so", "if", "when", "while", "where", "what", "own",
     "former", "senior", "local", "official", "national", "chief", "general", "mr", "mrs", "ms", "dr", "sir"}
)  # fmt: skip
_NEAR = 9  # words within which a description stands beside the name it belongs to


class Speaker(NamedTuple):
    """Who speaks: stems of his words, those written with a capital, the classes of his role nouns."""

    text: str
    key: str
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


def roles_of(norm: str) -> frozenset[str]:
    """The classes of a role noun in either number."""
    classes = _classes()
    for form in (norm, norm.removesuffix("s"), norm.removesuffix("es"), norm.removesuffix("ies") + "y"):
        if form in classes:
            return classes[form]
    if norm.endswith("men"):
        return classes.get(norm[:-3] + "man", frozenset())
    return frozenset()


def speaker_of(facts: Facts, made: Attribution) -> Speaker | None:
    """The speaker of a reporting phrase; None when it has none."""
    return None if made.speaker is None else describe(facts, made.speaker, made)


def describe(facts: Facts, span: Span, made: Attribution | None = None) -> Speaker:
    """A noun phrase of a statement as a speaker."""
    tokens = [token for token in facts.within(span) if token.norm[0].isalnum()]
    names = [name.span for name in facts.names if not name.pronoun and span.overlaps(name.span)]
    heavy = [token for token in tokens if token.norm not in LIGHT or roles_of(token.norm)]
    proper = frozenset(t.stem for t in heavy if any(name.overlaps(t.span) for name in names) and t.text[:1].isupper())
    norms = [token.norm for token in tokens]
    key = made.key if made else ""
    pronoun = bool(norms) and all(norm in PRONOUNS or norm == "'s" for norm in norms)
    many = lexicon.words("speaker", "many", "plural")
    some = bool(norms) and norms[0] in lexicon.words("speaker", "amount", "some")
    return Speaker(
        span.of(facts.statement.text),
        key,
        frozenset(token.stem for token in heavy),
        proper,
        frozenset(role for token in heavy for role in roles_of(token.norm)),
        pronoun,
        plural=bool(made and made.plural) or any(norm in many for norm in norms[-1:] + norms[:2]),
        single=bool(norms) and norms[0] in lexicon.words("speaker", "amount", "one"),
        some=some,
        anonymous=bool(made and made.anonymous),
    )


def same(new: Speaker, old: Speaker, index: Index, linked: bool = False) -> bool | None:
    """Whether both may be one speaker: True, False, or None when nothing tells.

    `linked` says that the aligner matched words of the two. Names decide; then shared words, a role that the
    sources give beside the name, and classes of role nouns.
    """
    if new.key and new.key == old.key and not new.pronoun:
        return True
    if new.pronoun or old.pronoun:
        return None
    only_new, only_old = new.proper - old.proper, old.proper - new.proper
    if new.proper & old.proper:
        return not (only_new and only_old) or together(only_new, only_old, index)
    if new.proper and old.proper:
        return together(new.proper, old.proper, index)
    if linked or (new.stems & old.stems):
        return True
    if together(new.proper or new.stems, old.proper or old.stems, index):
        return True
    named, plain = (new, old) if new.proper else (old, new)
    if named.proper and plain.roles:
        return True if _role_beside(named.proper, plain.roles, index) else None if new.roles & old.roles else False
    return None if new.roles & old.roles else False


def together(first: frozenset[str], second: frozenset[str], index: Index) -> bool:
    """Words of both stand side by side somewhere in the sources, as a name does beside its office."""
    for stem in sorted(first):
        for place in index.stem_at.get(stem, ())[:40]:
            statement = index.places[place][0]
            near = range(max(0, place - _NEAR), min(len(index.words), place + _NEAR + 1))
            if any(index.stems[i] in second and index.places[i][0] == statement for i in near):
                return True
    return False


def _role_beside(proper: frozenset[str], roles: frozenset[str], index: Index) -> bool:
    for stem in sorted(proper):
        for place in index.stem_at.get(stem, ())[:40]:
            near = range(max(0, place - _NEAR), min(len(index.words), place + _NEAR + 1))
            statement = index.places[place][0]
            if any(index.places[i][0] == statement and roles & roles_of(index.words[i]) for i in near):
                return True
    return False


def known(speaker: Speaker, index: Index) -> bool:
    """The sources speak of this one: all of his capitals, or most of his other words."""
    if speaker.proper:
        return all(stem in index.stem_at for stem in speaker.proper)
    hits = sum(stem in index.stem_at for stem in speaker.stems)
    return hits * 2 >= len(speaker.stems) > 0

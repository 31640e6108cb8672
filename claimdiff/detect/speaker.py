"""Whether two reporting phrases name the same speaker."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from claimdiff import lexicon
from claimdiff.detect.passage import Index
from claimdiff.model import Attribution, Facts, NameKind, Span, Tag

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
_LEAVES = frozenset(
    {"on", "in", "to", "by", "from", "with", "after", "before", "as", "when", "into", "over", "about", "than",
     "against", "through", "under", "where", "which", "whose", "if"}
)  # fmt: skip
_AUTHORS = frozenset(
    {"scholar", "lawyer", "judge", "writer", "agency", "school"}
)  # who stand behind a report
_NEAR = 9  # words within which a description stands beside the name it belongs to


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
    held = _heads(facts, span)
    people = [name for name in names if name.kind is not NameKind.PLACE]
    names = [n for n in names if n in people or any(n.span.overlaps(head) for head in held)]
    heavy = [token for token in tokens if token.norm not in LIGHT or roles_of(token.norm)]
    roles = frozenset(role for token in heavy if token.span in held for role in roles_of(token.norm))
    bodies = frozenset(role for token in heavy if token.span not in held for role in roles_of(token.norm))
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
        bodies,
        pronoun,
        plural=not single
        and (bool(made and made.plural) or any(t.norm in many or _several(t.norm) for t in heavy if t.span in held)),
        single=single,
        some=_partial(norms),
        anonymous=bool(made and made.anonymous),
        headed=norms[:1] in (["the"], ["a"], ["an"], ["one"]) and _noun_last(facts, span),
    )


def _noun_last(facts: Facts, span: Span) -> bool:
    last = [token for token in facts.within(span) if token.norm[0].isalnum()][-1:]
    return bool(last) and last[0].tag is Tag.NOUN and len(span.of(facts.statement.text)) <= 60


def _partial(norms: list[str]) -> bool:
    """Some of them speak: "some farmers", "at least two analysts", but not "the two ministers"."""
    some = lexicon.words("speaker", "amount", "some")
    least = norms[:1] and norms[0] in {"at", "about", "only", "just", "nearly", "up", "more", "a"}
    return norms[:1] != [] and (norms[0] in some or bool(least and any(norm in some for norm in norms[1:3])))


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
    if new.proper & old.proper and _circle(new) != _circle(old):
        return False  # "people close to X" for X
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
    return _by_role(new, old, index)


# Classes of people, each with the classes that may stand for it beside those that share a class.
_KIN = {
    "analyst": {"scholar", "study", "writer"},
    "athlete": {"teacher", "resident"},
    "campaigner": {"union", "resident"},
    "chief": {"company", "state", "agency", "force", "union", "court", "study", "media", "school", "politician",
              "official", "worker"},
    "cleric": {"school"},
    "judge": {"court"},
    "lawyer": {"court", "study", "suspect", "official", "relative"},
    "medic": {"school", "scholar"},
    "official": {"company", "state", "agency", "force", "politician", "police", "court"},
    "police": {"force", "state"},
    "politician": {"state", "union"},
    "relative": {"resident"},
    "scholar": {"study", "school", "medic", "agency"},
    "soldier": {"force", "state"},
    "spokesperson": {"company", "state", "agency", "force", "union", "court", "study", "media", "school", "official"},
    "teacher": {"school"},
    "worker": {"resident", "suspect"},
    "writer": {"media", "study", "artist"},
}  # fmt: skip
_AGENTS = frozenset({"spokesperson", "chief", "official"})  # who speak for a body


def _akin(first: frozenset[str], second: frozenset[str]) -> bool:
    return bool(first & second) or any(
        _KIN.get(one, set()) & other for group, other in ((first, second), (second, first)) for one in sorted(group)
    )


def _by_role(new: Speaker, old: Speaker, index: Index) -> bool | None:
    """What the nouns for two speakers without a common name tell: never that they are one."""
    named, plain = (new, old) if new.proper else (old, new)
    if old is plain and _bare(plain) and not new.plural and not (is_body(new) and not _akin(new.roles, old.roles)):
        if not _person(named) or not named.proper:
            return None  # "the company" may be any company
    if _elsewhere(new, old, index):
        return False
    if plain.plural != named.plural and named.proper and plain.roles and not is_body(plain) and not is_body(named):
        return False
    if named.proper and plain.roles and _role_beside(named.proper, plain.roles, index):
        return True
    if _bare(plain) and not plain.plural and not _person(named):
        return None
    roles = named.roles or _roles_beside(named.proper, index)
    if "study" in plain.roles | named.roles and (plain.roles | named.roles) & _AUTHORS:
        return None
    if not plain.roles or not roles:
        return None if not named.plural and not plain.plural and not is_body(plain) else False
    if _AGENTS & (plain.roles | roles) and _akin(plain.roles | plain.bodies, roles | named.bodies):
        return None
    return None if _akin(plain.roles, roles) else False


def _elsewhere(new: Speaker, old: Speaker, index: Index) -> bool:
    """The sources name this one in the same words, and never beside the other."""
    stems = new.proper or new.stems
    if len(stems) == 1 and not new.proper and _akin(new.roles, old.roles):
        return False  # "the researchers" for "the team"
    loose = len(stems) == 1 and not new.proper and not new.plural and not new.text.lower().startswith("one of")
    if not stems or (loose and (old.proper or not is_body(new))):
        return False  # "the envoy", "the company"
    rarest = min(sorted(stems), key=lambda stem: len(index.stem_at.get(stem, ())))
    reach = len(stems) + 2
    found = [
        place
        for place in index.stem_at.get(rarest, ())[:40]
        if stems <= frozenset(index.stems[max(0, place - reach) : place + reach + 1])
    ]
    around = {place for stem in old.proper or old.stems for place in index.stem_at.get(stem, ())[:40]}
    return bool(found) and not any(abs(place - other) <= 4 for place in found for other in around)


def _roles_beside(proper: frozenset[str], index: Index) -> frozenset[str]:
    return frozenset(role for i in _phrase_around(proper, index, strict=True) for role in roles_of(index.words[i]))


def _several(norm: str) -> bool:
    """A plural noun for people: "neighbours", "bidders"."""
    return norm.endswith("ers") or (norm.endswith("s") and bool(_people(norm.removesuffix("s"))))


def _people(norm: str) -> bool:
    return bool(_classes().get(norm, frozenset()) & frozenset(lexicon.load("speaker")["role"]))


_ENDS = frozenset(
    {"of", "at", "for", "in", "with", "from", "on", "who", "which", "that", "hired", "by", "whose", "close",
     "familiar", "based", "working", "representing", "involved"}
)  # fmt: skip


def _heads(facts: Facts, span: Span) -> frozenset[Span]:
    """The words of a speaker's noun phrases that are not those of an owner or behind a preposition."""
    kept: list[Span] = []
    open_phrase = True
    some = lexicon.words("speaker", "amount", "some")
    tokens = list(facts.within(span))
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


_AROUND = frozenset(
    {"ally", "allies", "aide", "aides", "associate", "associates", "critics", "friend", "friends", "opponents",
     "relatives", "rivals", "supporter", "supporters", "close", "familiar"}
)  # fmt: skip


def _circle(speaker: Speaker) -> bool:
    """People around somebody, not himself."""
    return bool(_AROUND.intersection(speaker.text.lower().split()))


def _bare(speaker: Speaker) -> bool:
    """Nothing but a noun for a body: "the firm", "the ministry"."""
    return len(speaker.stems) <= 1 and not speaker.proper and is_body(speaker) and not speaker.single


def _person(speaker: Speaker) -> bool:
    roles = frozenset(lexicon.load("speaker")["role"])
    return bool(speaker.roles) and speaker.roles <= roles


def _plausible(speaker: Speaker) -> bool:
    """A name, an office, a body or a group; anything else is no speaker for sure."""
    return bool(speaker.proper or speaker.roles or speaker.plural or speaker.keys or speaker.headed)


def _initials(text: str) -> frozenset[str]:
    letters = "".join(word[0] for word in text.split() if word[:1].isupper() and word != "The")
    return frozenset({letters} if len(letters) > 1 else ())


def _capitals(text: str) -> frozenset[str]:
    return frozenset(word for word in text.split() if len(word) > 1 and word.isupper())


def beside(first: frozenset[str], second: frozenset[str], index: Index) -> bool:
    """Words of both stand in one noun phrase of the sources, as a name does beside its office."""
    return any(index.stems[i] in second for i in _phrase_around(first, index))


def _role_beside(proper: frozenset[str], roles: frozenset[str], index: Index) -> bool:
    return any(roles & roles_of(index.words[i]) for i in _phrase_around(proper, index, strict=True))


def _phrase_around(stems: frozenset[str], index: Index, *, strict: bool = False) -> Iterator[int]:
    """The words around each place of some stems, as far as one noun phrase with its appositions may reach; a
    strict walk ends where a preposition leads away from it."""
    for stem in sorted(stems):
        for place in index.stem_at.get(stem, ())[:40]:
            for step in (-1, 1):
                for i in range(place + step, place + step * (_NEAR + 1), step):
                    if not 0 <= i < len(index.words) or index.places[i][0] != index.places[place][0]:
                        break
                    if index.words[i] in _BREAKS or index.edge[i + 1 if step < 0 else i]:
                        break
                    if strict and index.words[i] in _LEAVES:
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
    return "told" in before or "tells" in before or bool({"interview", "seen", "reviewed", "obtained"} & {*before})


def _speaking() -> frozenset[str]:
    return frozenset(lexicon.load("speaker")["role"])


def is_owned(speaker: Speaker) -> bool:
    """Named by whom the speaker belongs to."""
    return speaker.text.lower().startswith(("its ", "their ", "his ", "her ", "both "))

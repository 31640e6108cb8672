"""Whether two speakers may be one and the same."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff import lexicon
from claimdiff.detect.passage import Index
from claimdiff.detect.speaker import Speaker, is_body, roles_of

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
_AGENTS = frozenset({"spokesperson", "chief", "official"})  # who speak for a body
_AROUND = frozenset(
    {"ally", "allies", "aide", "aides", "associate", "associates", "critics", "friend", "friends",
     "opponents", "relatives", "rivals", "supporter", "supporters", "close", "familiar"}
)  # fmt: skip


def same(new: Speaker, old: Speaker, index: Index, linked: bool = False) -> bool | None:
    """Whether both may be one speaker: True, False, or None when nothing tells.

    `linked` says that the aligner matched words of the two. Names decide; then shared words, a role that the
    sources give beside the name, and classes of role nouns.
    """
    if new.keys & old.keys and (new.pronoun or old.pronoun or not (new.proper or old.proper)):
        return True
    if new.stems and new.stems == old.stems and new.countries == old.countries:
        return True
    if _dotted(new, old) or _dotted(old, new):
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


def _dotted(one: Speaker, other: Speaker) -> bool:
    """They differ by the dots of an abbreviation: "U.N." and "the UN's figures"."""
    if not any("." in stem for side in (one, other) for stem in side.stems):
        return False
    plain, held = ({stem.replace(".", "") for stem in side.stems} for side in (one, other))
    return bool(plain) and plain <= held


def _akin(first: frozenset[str], second: frozenset[str]) -> bool:
    """They share a class, or one has a class that may stand for one of the other's."""
    kin = lexicon.load("speaker")["kin"]
    ways = ((first, second), (second, first))
    return bool(first & second) or any(
        other.intersection(kin.get(one, ())) for group, other in ways for one in group
    )


def _by_role(new: Speaker, old: Speaker, index: Index) -> bool | None:
    """What the nouns for two speakers without a common name tell: never that they are one."""
    named, plain = (new, old) if new.proper else (old, new)
    fits = not new.plural and (not is_body(new) or _akin(new.roles, old.roles))
    if old is plain and _bare(plain) and fits and not (_person(named) and named.proper):
        return None  # "the company" may be any company
    if _elsewhere(new, old, index):
        return False
    if (
        plain.plural != named.plural
        and named.proper
        and plain.roles
        and not is_body(plain)
        and not is_body(named)
    ):
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
    loose = (
        len(stems) == 1 and not new.proper and not new.plural and not new.text.lower().startswith("one of")
    )
    if new.proper and not old.proper and old.text.lower().startswith("the ") and new.roles & old.roles:
        return False  # "the budget carrier" after its name
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
    return frozenset(
        role for i in _phrase_around(proper, index, strict=True) for role in roles_of(index.words[i])
    )


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
    words, edge, statements = index.words, index.edge, index.places.statements
    for stem in sorted(stems):
        for place in index.stem_at.get(stem, ())[:40]:
            statement = statements[place]
            for step in (-1, 1):
                for i in range(place + step, place + step * (_NEAR + 1), step):
                    if not 0 <= i < len(words) or statements[i] != statement:
                        break
                    if words[i] in _BREAKS or edge[i + 1 if step < 0 else i]:
                        break
                    if strict and words[i] in _LEAVES:
                        break
                    yield i


def known(speaker: Speaker, index: Index) -> bool:
    """The sources speak of this one: all of his capitals, or most of his other words."""
    if speaker.proper:
        return all(stem in index.stem_at for stem in speaker.proper)
    hits = sum(stem in index.stem_at for stem in speaker.stems)
    return hits * 2 >= len(speaker.stems) > 0

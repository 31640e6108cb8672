"""Which reporting phrases of the source cover the words that a derivative statement tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from claimdiff import lexicon
from claimdiff.detect.once import once, positions
from claimdiff.detect.passage import Index
from claimdiff.detect.seen import edges, stems
from claimdiff.detect.speaker import LIGHT, Speaker, describe, speaker_of
from claimdiff.model import Attribution, Facts, Name, NameKind, Pair, Role, Span, Stance, Token

# Verbs that tell what somebody did rather than what he said.
ACTS = frozenset({Stance.REFUSE, Stance.AGREE, Stance.PRAISE, Stance.URGE, Stance.ASK, Stance.DECLINE})
FEW = 3  # linked words that tell too little
_SAME = frozenset({"exact", "stem", "name", "acronym", "spelling", "coreference", "pronoun"})
_COMMON = 40  # places of a stem that are looked at
_FEW_PLACES = 6  # places of a stem in the linked statements that may all be meant
_SPREAD = 6  # statements that a telling stem may stand in
COVERED = 0.6  # share of a statement's linked words that makes a speaker's words its ground
Links = dict[int, set[tuple[int, int]]]


class Ground(NamedTuple):
    """A source attribution with how many of some linked words lie in what it covers."""

    statement: int
    made: Attribution
    hits: int
    share: float


def widened(pair: Pair, index: Index) -> Pair:
    """The pair with up to two further source statements that hold words of the derivative which its own do
    not: what a statement says and who said it often stand in neighbours of the one it was linked to.
    """
    context = pair.context.sources
    tokens = pair.derivative.tokens
    own = frozenset().union(*[stems(facts) for facts in pair.sources])
    if own.issuperset(stems(pair.derivative)):
        return pair
    matched = {match.derivative for match in pair.matches}
    known = index.stem_at
    lost = {at for at, token in enumerate(tokens) if token.stem not in own and token.stem in known} - matched
    if not lost:
        return pair  # only a statement with such a word is looked for
    spoken = {i for one in pair.derivative.attributions if one.speaker
              for i in edges(pair.derivative).inside(one.speaker)}  # fmt: skip
    score: dict[int, float] = defaultdict(float)
    fresh: set[int] = set()
    seen: set[str] = set()
    for at, token in heavy(pair.derivative).items():
        if at in spoken or token.stem in seen:
            continue
        seen.add(token.stem)
        where = {index.places.statements[place] for place in known.get(token.stem, ())[:_COMMON]}
        if len(where) > _SPREAD:
            continue
        for number in where:
            score[number] += (2.0 if token.norm[0].isdigit() else 1.0) / len(where)
        if at in lost:
            fresh |= where
    best = sorted([n for n in fresh if score[n] >= 0.5], key=lambda n: (-score[n], n))
    context = pair.context.sources
    held = {facts.statement.id for facts in pair.sources}
    extra = [context[n] for n in best if n < len(context) and context[n].statement.id not in held]
    return replace(pair, sources=(*pair.sources, *extra[:2])) if extra else pair


def beside(pair: Pair, ground: Ground) -> tuple[Facts, ...]:
    """The source statement of an attribution with those before and after it."""
    own = pair.sources[ground.statement]
    lines = pair.context.sources
    at = positions(lines).get(own.statement.id)
    return (own,) if at is None else lines[max(0, at - 1) : at + 2]


def links_of(pair: Pair) -> Links:
    """For each derivative word of weight the source words it stands for, all of the same stem included."""
    table: Links = {}
    tokens = pair.derivative.tokens
    weights = heavy(pair.derivative)
    where: dict[str, list[tuple[int, int]]] = {tokens[place].stem: [] for place in weights}
    for number, facts in enumerate(pair.sources):
        for place, token in enumerate(facts.tokens):
            if token.stem in where:
                where[token.stem].append((number, place))
    for match in pair.matches:
        if match.derivative in weights:
            table.setdefault(match.derivative, set()).add((match.statement, match.source))
    for place in weights:
        found = where[tokens[place].stem]
        if 1 <= len(found) <= _FEW_PLACES:
            table.setdefault(place, set()).update(found)
    return table


@once
def heavy(facts: Facts) -> Mapping[int, Token]:
    """The words of weight of a statement, by their place and in its order."""
    return {place: token for place, token in enumerate(facts.tokens) if weighty(token)}


def weighty(token: Token) -> bool:
    return token.norm[0].isalnum() and token.norm not in LIGHT


def grounds_of(pair: Pair, links: Links, span: Span) -> tuple[list[Ground], int, int]:
    """The source attributions that cover the linked words of a span, best first, how many words are linked,
    and how many of them no attribution covers."""
    tokens = pair.derivative.tokens
    within = edges(pair.derivative).inside(span)
    # A figure tells as much as two words.
    places = [
        links[i] for i in sorted(links) if i in within for _ in range(2 if tokens[i].norm[0].isdigit() else 1)
    ]
    grounds: list[Ground] = []
    covered: set[int] = set()
    for number, facts in enumerate(pair.sources):
        for made in facts.attributions if places else ():
            content = edges(facts).inside(made.content)
            hit = [
                k for k, found in enumerate(places) if any(n == number and at in content for n, at in found)
            ]
            if hit:
                grounds.append(Ground(number, made, len(hit), len(hit) / len(places)))
                covered.update(hit)
    grounds.sort(key=lambda one: (-one.hits, one.made.content.end - one.made.content.start, one.statement))
    return grounds, len(places), len(places) - len(covered)


def inside(pair: Pair, made: Attribution, number: int, place: tuple[int, int]) -> bool:
    return place[0] == number and made.content.covers(pair.sources[number].tokens[place[1]].span)


def speakers_linked(pair: Pair, made: Attribution, ground: Ground) -> bool:
    if made.speaker is None or ground.made.speaker is None:
        return False
    weights = heavy(pair.derivative)
    here = edges(pair.derivative).inside(made.speaker)
    there = edges(pair.sources[ground.statement]).inside(ground.made.speaker)
    return any(
        match.derivative in here
        and match.source in there
        and match.statement == ground.statement
        and match.relation in _SAME
        and match.derivative in weights
        for match in pair.matches
    )


def sure(ground: Ground, own: int, linked: int, free: int) -> bool:
    """Enough of the words are what the source's speaker says; more where the new one says some too."""
    covered = linked - free
    if own == 0 and ground.hits >= 2 and ground.hits >= 0.7 * covered and ground.hits * 4 >= linked:
        return True
    if own == 0 and ground.hits >= 2 and ground.share >= 0.4:
        return True
    return (ground.share >= COVERED and ground.hits >= 2) or (ground.share >= 0.33 and ground.hits >= 3 + own)


def old_speaker(pair: Pair, ground: Ground) -> Speaker | None:
    """The speaker of a source attribution; a pronoun's is the name that it stands for, or the speaker of
    the attribution before it."""
    facts = pair.sources[ground.statement]
    old = speaker_of(facts, ground.made)
    if old is None or not old.pronoun:
        return old
    resolved = meant(facts, ground.made, pair.context.sources)
    if resolved is None and old.text.lower() in {"he", "she"} and ground.made.speaker:
        resolved = _last_person(pair.context.sources, facts, ground.made.speaker.start)
    if resolved is not None:
        return resolved
    earlier = [(f, one) for f in pair.sources[: ground.statement] for one in f.attributions]
    earlier += [(facts, one) for one in facts.attributions if one.span.start < ground.made.span.start]
    for where, one in reversed(earlier):
        before = speaker_of(where, one)
        if before is not None and not before.pronoun:
            return before
    return old


def meant(facts: Facts, made: Attribution, lines: tuple[Facts, ...]) -> Speaker | None:
    """Whom the pronoun before a reporting verb stands for: in "what she called Y, X said" X, else the name
    that was found for it."""
    for one in facts.attributions:
        if one is not made and one.content.covers(made.span):
            outer = speaker_of(facts, one)
            if outer is not None and not outer.pronoun:
                return outer
    speaker = speaker_of(facts, made)
    return None if speaker is None else named_by(speaker, lines)


def antecedent(speaker: Speaker, facts: Facts, lines: tuple[Facts, ...]) -> Speaker | None:
    """Whom "he" or "she" stands for in the derivative: the name found for it, else the one who spoke in the
    statement before, when no other person stands between."""
    found = named_by(speaker, lines)
    at = positions(lines).get(facts.statement.id, 0)
    if found is not None or at == 0 or speaker.text.lower() not in {"he", "she"}:
        return found
    before = lines[at - 1]
    people = {name.key for name in before.names if name.kind is NameKind.PERSON and not name.pronoun}
    spoken = [old for made in before.attributions if (old := speaker_of(before, made)) and old.proper]
    if len(people) > 1 or not spoken or _gender(spoken[-1]) not in {"", speaker.text.lower()}:
        return None
    return spoken[-1]


def _gender(speaker: Speaker) -> str:
    """ "he" or "she" for a name that only men or only women bear, else ""."""
    words = frozenset(speaker.text.lower().split())
    female, male = lexicon.words("person", "female"), lexicon.words("person", "male")
    return "" if bool(words & female) == bool(words & male) else "she" if words & female else "he"


@once
def _first_named(lines: tuple[Facts, ...]) -> dict[str, tuple[Facts, Name]]:
    """Where each name stands first, by its key."""
    found: dict[str, tuple[Facts, Name]] = {}
    for facts in lines:
        for name in facts.names if facts.statement.role is not Role.BOILERPLATE else ():
            if not name.pronoun:
                found.setdefault(name.key, (facts, name))
    return found


def named_by(speaker: Speaker, lines: tuple[Facts, ...]) -> Speaker | None:
    """The person whom "he" or "she" stands for, in the words of an attribution or with his name alone."""
    if speaker.text.lower() not in {"he", "she"}:
        return None
    first = _first_named(lines).get(speaker.key)
    if first is not None:
        facts, name = first
        made = next((m for m in facts.attributions if m.speaker and m.speaker.covers(name.span)), None)
        return describe(facts, made.speaker if made and made.speaker else name.span, made)
    return None


def _last_person(lines: tuple[Facts, ...], facts: Facts, before: int) -> Speaker | None:
    """The person named last before a place of a statement."""
    at = positions(lines).get(facts.statement.id, 0)
    for line in reversed(lines[max(0, at - 2) : at + 1]):
        for name in reversed(line.names):
            if line is lines[at] and name.span.start >= before:
                continue
            if name.kind is NameKind.PERSON and not name.pronoun:
                return describe(line, name.span)
    return None


def told_of(pair: Pair, links: Links, made: Attribution, ground: Ground) -> bool:
    """The one who acts here is part of what is told: "MPs have called for X, the minister said"."""
    if made.speaker is None:
        return False
    here = edges(pair.derivative).inside(made.speaker)
    return any(i in here and any(inside(pair, ground.made, ground.statement, place) for place in places)
               for i, places in links.items())  # fmt: skip


def holds(pair: Pair, ground: Ground) -> bool:
    """The statement rests on these words, or tells most of them beside something else."""
    if ground.share >= COVERED:
        return True
    if ground.hits < 4:
        return False
    facts = pair.sources[ground.statement]
    words = sum(weighty(facts.tokens[i]) for i in edges(facts).inside(ground.made.content))
    return ground.hits * 2 >= words

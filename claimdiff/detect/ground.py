"""Which reporting phrases of the source cover the words that a derivative statement tells."""

from __future__ import annotations

from typing import NamedTuple

from claimdiff.detect.speaker import LIGHT, Speaker, speaker_of
from claimdiff.model import Attribution, Pair, Span, Token

COVERED = 0.6  # share of a statement's linked words that makes a speaker's words its ground
Links = dict[int, set[tuple[int, int]]]


class Ground(NamedTuple):
    """A source attribution with how many of some linked words lie in what it covers."""

    statement: int
    made: Attribution
    hits: int
    share: float


def links_of(pair: Pair) -> Links:
    """For each derivative word of weight the source words it stands for, all of the same stem included."""
    table: Links = {}
    where: dict[str, list[tuple[int, int]]] = {}
    for number, facts in enumerate(pair.sources):
        for place, token in enumerate(facts.tokens):
            where.setdefault(token.stem, []).append((number, place))
    tokens = pair.derivative.tokens
    for match in pair.matches:
        if weighty(tokens[match.derivative]):
            table.setdefault(match.derivative, set()).add((match.statement, match.source))
    for place, token in enumerate(tokens):
        if weighty(token) and len(where.get(token.stem, ())) in range(1, 7):
            table.setdefault(place, set()).update(where[token.stem])
    return table


def weighty(token: Token) -> bool:
    return token.norm[0].isalnum() and token.norm not in LIGHT


def grounds_of(pair: Pair, links: Links, span: Span) -> tuple[list[Ground], int, int]:
    """The source attributions that cover the linked words of a span, best first, how many
    words are linked, and
    how many of them no attribution covers."""
    tokens = pair.derivative.tokens
    places = [links[i] for i in sorted(links) if span.covers(tokens[i].span)]
    grounds, free = [], 0
    for number, facts in enumerate(pair.sources):
        for made in facts.attributions:
            hits = sum(any(inside(pair, made, number, place) for place in found) for found in places)
            if hits:
                grounds.append(Ground(number, made, hits, hits / len(places)))
    for found in places:
        free += not any(
            inside(pair, made, number, place)
            for place in found
            for number, facts in enumerate(pair.sources)
            for made in facts.attributions
        )
    size = {id(one): one.made.content.end - one.made.content.start for one in grounds}
    grounds.sort(key=lambda one: (-one.hits, size[id(one)], one.statement))
    return grounds, len(places), free


def inside(pair: Pair, made: Attribution, number: int, place: tuple[int, int]) -> bool:
    return place[0] == number and made.content.covers(pair.sources[number].tokens[place[1]].span)


def speakers_linked(pair: Pair, made: Attribution, ground: Ground) -> bool:
    if made.speaker is None or ground.made.speaker is None:
        return False
    tokens, sources = pair.derivative.tokens, pair.sources[ground.statement].tokens
    return any(
        match.statement == ground.statement
        and made.speaker.covers(tokens[match.derivative].span)
        and ground.made.speaker.covers(sources[match.source].span)
        and weighty(tokens[match.derivative])
        for match in pair.matches
    )


def sure(ground: Ground, own: int) -> bool:
    """Enough of the words are what the source's speaker says; more where the new one says some too."""
    if own == 0 and ground.hits >= 2 and ground.share >= 0.4:
        return True
    return (ground.share >= COVERED and ground.hits >= 2) or (ground.share >= 0.33 and ground.hits >= 3 + own)


def old_speaker(pair: Pair, ground: Ground) -> Speaker | None:
    """The speaker of a source attribution; a pronoun's is that of the attribution before it."""
    facts = pair.sources[ground.statement]
    old = speaker_of(facts, ground.made)
    if old is None or not old.pronoun:
        return old
    earlier = [(f, one) for f in pair.sources[: ground.statement] for one in f.attributions]
    earlier += [(facts, one) for one in facts.attributions if one.span.start < ground.made.span.start]
    for where, one in reversed(earlier):
        before = speaker_of(where, one)
        if before is not None and not before.pronoun:
            return before
    return old


def told_of(pair: Pair, links: Links, made: Attribution, ground: Ground) -> bool:
    """The one who acts here is part of what is told: "MPs have called for X, the minister said"."""
    speaker, tokens = made.speaker, pair.derivative.tokens
    return speaker is not None and any(
        speaker.covers(tokens[i].span) and inside(pair, ground.made, ground.statement, place)
        for i, places in links.items()
        for place in places
    )


def holds(pair: Pair, ground: Ground) -> bool:
    """The statement rests on these words, or tells most of them beside something else."""
    if ground.share >= COVERED:
        return True
    words = sum(weighty(token) for token in pair.sources[ground.statement].within(ground.made.content))
    return ground.hits >= 4 and ground.hits * 2 >= words

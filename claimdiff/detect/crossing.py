"""Words that have exchanged their company: actors across parallel clauses, nouns in a kept wording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import combinations, pairwise

from claimdiff.detect.actor import is_actor, key
from claimdiff.detect.argument import SETTING
from claimdiff.detect.clause import clauses
from claimdiff.lexicon import words
from claimdiff.model import Facts, Match, NameKind, Pair, Severity, Signal, Span, Tag, Type


def cover(facts: Facts, indices: Sequence[int]) -> Span:
    """The span from the first to the last of some tokens."""
    return Span(facts.tokens[min(indices)].span.start, facts.tokens[max(indices)].span.end)


def _place(facts: Facts, index: int) -> bool:
    span = facts.tokens[index].span
    return any(name.span.covers(span) and name.kind is NameKind.PLACE for name in facts.names)


def _entity(facts: Facts, index: int) -> str:
    return key(facts, index) or facts.tokens[index].lemma


# --- two words in each other's company ------------------------------------------------------------------

_OPEN = {Tag.NOUN, Tag.NAME, Tag.ADJECTIVE}
_MOST = 60  # words of a statement that are compared with one another
_NEAR = 2  # content words to each side that are a word's company
_LEAD = 3  # by how many companions the crossed reading must win


def transposed(pair: Pair) -> Iterator[Signal]:
    """Two nouns of a statement that is otherwise kept word for word, each among the other's companions."""
    home = {m.derivative: m for m in pair.matches if m.relation in {"exact", "lemma", "name", "stem"}}
    content = [i for i, token in enumerate(pair.derivative.tokens) if token.content]
    ranks = [
        {j: n for n, j in enumerate(i for i, token in enumerate(facts.tokens) if token.content)}
        for facts in pair.sources
    ]
    spots: dict[int, tuple[int, int]] = {}  # rank in the derivative -> statement and rank there
    for n, i in enumerate(content):
        if i in home and home[i].source in ranks[home[i].statement]:
            spots[n] = (home[i].statement, ranks[home[i].statement][home[i].source])
    nouns = [n for n in spots if pair.derivative.tokens[content[n]].tag in _OPEN]
    for x, y in combinations(nouns[:_MOST], 2):
        if spots[x][0] != spots[y][0] or y - x < 2 or abs(spots[x][1] - spots[y][1]) < 2:
            continue
        swapped = _company(spots, x, spots[y], {x, y}) + _company(spots, y, spots[x], {x, y})
        if swapped < _LEAD:
            continue
        straight = _company(spots, x, spots[x], {x, y}) + _company(spots, y, spots[y], {x, y})
        clear = swapped - straight >= _LEAD and straight <= 1
        if clear and not _settled(pair, home[content[x]], home[content[y]]):
            number = spots[x][0]
            span = cover(pair.derivative, [content[x], content[y]])
            there = cover(pair.sources[number], [home[content[x]].source, home[content[y]].source])
            old, new = there.of(pair.sources[number].statement.text), span.of(pair.derivative.statement.text)
            yield Signal(
                "role-crossed", (Type.ROLE,), Severity.MAJOR, 0.6,
                f"Two words have changed places: “{old}” in the source, “{new}” here.",
                span, (number, there), old, new,
            )  # fmt: skip
            return


def _settled(pair: Pair, first: Match, second: Match) -> bool:
    """Whether two words cannot change the meaning by changing places: a date and a noun, words that are
    said twice, words that keep their prepositions, the two ends of a verb that was put in the passive."""
    new, old = pair.derivative, pair.sources[first.statement]
    for match in (first, second):
        word, there = new.tokens[match.derivative], old.tokens[match.source]
        if any(moment.span.covers(word.span) for moment in new.moments):
            return True
        if sum(token.lemma == word.lemma for facts in (new, old) for token in facts.tokens) > 2:
            return True
        if _preposition(new, match.derivative) == _preposition(old, match.source) != "":
            return True
        if (word.tag is Tag.NAME) != (there.tag is Tag.NAME):
            return True
    if _place(new, first.derivative) != _place(new, second.derivative):
        return True
    if (new.tokens[first.derivative].tag is Tag.NAME) != (new.tokens[second.derivative].tag is Tag.NAME):
        return True
    ends = sorted((first.derivative, second.derivative))
    between = [token.norm for token in new.tokens[ends[0] : ends[1] + 1]]
    if any(pair in (("one", "of"), ("member", "of")) for pair in pairwise(between)):
        return True  # "X, one of its members"
    if {token.lemma for token in new.tokens[ends[0] : ends[1]]} & words("role", "mutual"):
        return True
    return bool({token.lemma for token in new.tokens} & (_passives(new) ^ _passives(old)))


def _preposition(facts: Facts, index: int) -> str:
    """The preposition before a noun phrase that begins at or shortly before a token, or ""."""
    for at in range(index - 1, max(-1, index - 4), -1):
        if facts.tokens[at].tag is Tag.PREPOSITION or facts.tokens[at].norm == "to":
            return facts.tokens[at].norm
        if facts.tokens[at].tag not in {Tag.DETERMINER, Tag.ADJECTIVE, Tag.NAME, Tag.NOUN}:
            return ""
    return ""


def _passives(facts: Facts) -> frozenset[str]:
    return frozenset(facts.tokens[clause.verb].lemma for clause in clauses(facts) if clause.passive)


def _company(spots: dict[int, tuple[int, int]], rank: int, at: tuple[int, int], but: set[int]) -> int:
    """How many neighbours of a derivative word stand in the same order around a place in the source."""
    near = [n for n in range(rank - _NEAR, rank + _NEAR + 1) if n in spots and n not in but]
    return sum(spots[n] == (at[0], at[1] + n - rank) for n in near)


# --- crossed actors -------------------------------------------------------------------------------

_CUTS = {",", ";", ":", "–", "and", "but", "while", "whereas", "although", "though", "which", "who"}
_KEPT, _REWORDED = 0.95, 0.75  # in the source's own words, and in others
_MARGIN = 0.34  # how much better the crossed reading must fit, as a share of the words that decide


def crossed(pair: Pair) -> Iterator[Signal]:
    """Two actors, each in a segment of its own on both sides, whose company has been exchanged."""
    old, new = _actors_old(pair), _actors_new(pair)
    for a, b in combinations(sorted(set(old) & set(new))[:_MOST], 2):
        if old[a][0] != old[b][0] or new[a][1] & new[b][1] or old[a][2] & old[b][2]:
            continue
        if not (new[a][1] and new[b][1] and old[a][2] and old[b][2]):
            continue
        straight = len(new[a][1] & old[a][2]) + len(new[b][1] & old[b][2])
        swapped = len(new[a][1] & old[b][2]) + len(new[b][1] & old[a][2])
        total = straight + swapped
        if total < 2 or swapped - straight < max(2, _MARGIN * total):
            continue
        span = cover(pair.derivative, [new[a][0], new[b][0]])
        facts = pair.sources[old[a][0]]
        there = cover(facts, [old[a][1], old[b][1]])
        strength = _KEPT if not straight and _kept(pair) else min(_REWORDED, 0.4 + 0.1 * (swapped - straight))
        one, other = (_shown(pair.derivative, new[key][0]) for key in (a, b))
        yield Signal(
            "role-crossed", (Type.ROLE,), Severity.MAJOR, strength,
            f"“{one}” and “{other}” have exchanged what is said of them.",
            span, (old[a][0], there), there.of(facts.statement.text), span.of(pair.derivative.statement.text),
        )  # fmt: skip
        return


def _kept(pair: Pair) -> bool:
    """Whether all content words of the derivative are the source's own."""
    exact = {match.derivative for match in pair.matches if match.relation in {"exact", "lemma"}}
    return all(index in exact for index, token in enumerate(pair.derivative.tokens) if token.content)


def _shown(facts: Facts, index: int) -> str:
    """An actor as the statement writes it."""
    token = facts.tokens[index]
    span = next((name.span for name in facts.names if name.span.covers(token.span)), token.span)
    return span.of(facts.statement.text)


def _actors_new(pair: Pair) -> dict[str, tuple[int, frozenset[tuple[int, int]]]]:
    """Actors of the derivative: first token and the source words that its segment's words stand for."""
    home = {match.derivative: (match.statement, match.source) for match in pair.matches}
    out: dict[str, tuple[int, frozenset[tuple[int, int]]]] = {}
    for actor, index, segment in _actors(pair.derivative):
        company = frozenset(home[i] for i in segment if i in home)
        out.setdefault(actor, (index, company))
    return out


def _actors_old(pair: Pair) -> dict[str, tuple[int, int, frozenset[tuple[int, int]]]]:
    out: dict[str, tuple[int, int, frozenset[tuple[int, int]]]] = {}
    for statement, facts in enumerate(pair.sources):
        for actor, index, segment in _actors(facts):
            company = frozenset((statement, i) for i in segment)
            out.setdefault(actor, (statement, index, company))
    return out


def _actors(facts: Facts) -> Iterator[tuple[str, int, frozenset[int]]]:
    """Names and nouns for persons or bodies, each with the content tokens of its segment."""
    actors = {i for i in range(len(facts.tokens)) if is_actor(facts, i)}
    segments = _segments(facts, actors)
    for index, token in enumerate(facts.tokens):
        before = facts.tokens[index - 1] if index else None
        setting = before is not None and (
            before.norm in SETTING or (before.norm in {"of", "to", "from", ","} and _place(facts, index))
        )
        if token.tag in {Tag.NOUN, Tag.NAME} and not setting and index in actors:
            yield _entity(facts, index), index, segments[index]


def _segments(facts: Facts, actors: Set[int]) -> list[frozenset[int]]:
    """For each token the content tokens between the cuts around it, actors left out."""
    groups: list[list[int]] = [[]]
    owner = []
    for index, token in enumerate(facts.tokens):
        if token.norm in _CUTS:
            groups.append([])
        if token.content and index not in actors:
            groups[-1].append(index)
        owner.append(len(groups) - 1)
    segments = [frozenset(group) for group in groups]
    return [segments[number] for number in owner]

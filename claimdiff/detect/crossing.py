"""Words that have exchanged their company: actors across parallel clauses, nouns in a kept wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import combinations, pairwise

from claimdiff.detect.actor import Unit, key
from claimdiff.detect.argument import SETTING
from claimdiff.detect.clause import clauses
from claimdiff.detect.seen import edges, names_at
from claimdiff.lexicon import words
from claimdiff.model import Facts, Match, NameKind, Pair, Severity, Signal, Span, Tag, Type


def cover(facts: Facts, indices: Sequence[int]) -> Span:
    """The span from the first to the last of some tokens."""
    return Span(facts.tokens[min(indices)].span.start, facts.tokens[max(indices)].span.end)


def _place(facts: Facts, index: int) -> bool:
    return any(name.kind is NameKind.PLACE for name in names_at(facts).get(index, ()))


def _entity(facts: Facts, index: int) -> str:
    return key(facts, index) or facts.tokens[index].lemma


# --- two words in each other's company ------------------------------------------------------------------

_OPEN = frozenset({Tag.NOUN, Tag.NAME, Tag.ADJECTIVE})
_IN_PHRASE = frozenset({Tag.DETERMINER, Tag.ADJECTIVE, Tag.NAME, Tag.NOUN})
_FIRM = frozenset({"exact", "lemma", "name", "stem"})
_MOST = 60  # words of a statement that are compared with one another
_NEAR = 2  # content words to each side that are a word's company
_LEAD = 3  # by how many companions the crossed reading must win


def transposed(pair: Pair) -> Iterator[Signal]:
    """Two nouns of a statement that is otherwise kept word for word, each among the other's companions."""
    home = {m.derivative: m for m in pair.matches if m.relation in _FIRM}
    if _in_order(home):
        return
    content = [i for i, token in enumerate(pair.derivative.tokens) if token.content]
    ranks = [
        {j: n for n, j in enumerate([i for i, token in enumerate(facts.tokens) if token.content])}
        for facts in pair.sources
    ]
    spots: dict[int, tuple[int, int]] = {}  # rank in the derivative -> statement and rank there
    for n, i in enumerate(content):
        if i in home and home[i].source in ranks[home[i].statement]:
            spots[n] = (home[i].statement, ranks[home[i].statement][home[i].source])
    nouns = [n for n in spots if pair.derivative.tokens[content[n]].tag in _OPEN]
    # Neighbours that stand around a place in the same order are moved as far as the word itself would be.
    shifts = {n: (statement, place - n) for n, (statement, place) in spots.items()}
    near = {n: [shifts[m] for m in range(n - _NEAR, n + _NEAR + 1) if m in shifts] for n in nouns[:_MOST]}
    for x, y in combinations(nouns[:_MOST], 2):
        (number, first), (other, second) = spots[x], spots[y]
        if number != other or y - x < 2 or -2 < first - second < 2:
            continue
        swapped = near[x].count((number, second - x)) + near[y].count((number, first - y))
        if swapped < _LEAD:
            continue
        straight = _company(spots, x, spots[x], {x, y}) + _company(spots, y, spots[y], {x, y})
        clear = swapped - straight >= _LEAD and straight <= 1
        if clear and not _settled(pair, home[content[x]], home[content[y]]):
            span = cover(pair.derivative, [content[x], content[y]])
            there = cover(pair.sources[number], [home[content[x]].source, home[content[y]].source])
            old, new = there.of(pair.sources[number].statement.text), span.of(pair.derivative.statement.text)
            yield Signal(
                "role-crossed", (Type.ROLE,), Severity.MAJOR, 0.6,
                f"Two words have changed places: “{old}” in the source, “{new}” here.",
                span, (number, there), old, new,
            )  # fmt: skip
            return


def _in_order(home: Mapping[int, Match]) -> bool:
    """Whether the words that come from one statement stand in its order. Then none is among companions of
    another: those before a word come from before its place in the source, those behind it from behind."""
    last: dict[int, int] = {}
    for index in sorted(home):
        match = home[index]
        if match.source <= last.get(match.statement, -1):
            return False
        last[match.statement] = match.source
    return True


def _settled(pair: Pair, first: Match, second: Match) -> bool:
    """Whether two words cannot change the meaning by changing places: a date and a noun, words that are
    said twice, words that keep their prepositions, the two ends of a verb that was put in the passive."""
    new, old = pair.derivative, pair.sources[first.statement]
    times = {index for moment in new.moments for index in edges(new).inside(moment.span)}
    for match in (first, second):
        word, there = new.tokens[match.derivative], old.tokens[match.source]
        if match.derivative in times:
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
        if facts.tokens[at].tag not in _IN_PHRASE:
            return ""
    return ""


def _passives(facts: Facts) -> frozenset[str]:
    return frozenset(facts.tokens[clause.verb].lemma for clause in clauses(facts) if clause.passive)


def _company(spots: Mapping[int, tuple[int, int]], rank: int, at: tuple[int, int], but: set[int]) -> int:
    """How many neighbours of a derivative word stand in the same order around a place in the source."""
    statement, place = at
    near = 0
    for step in range(-_NEAR, _NEAR + 1):
        if rank + step not in but and spots.get(rank + step) == (statement, place + step):
            near += 1
    return near


# --- crossed actors -------------------------------------------------------------------------------

_CUTS = frozenset(
    {",", ";", ":", "–", "and", "but", "while", "whereas", "although", "though", "which", "who"}
)
_NOMINAL = frozenset({Tag.NOUN, Tag.NAME})
_KEPT, _REWORDED = 0.95, 0.75  # in the source's own words, and in others
_MARGIN = 0.34  # how much better the crossed reading must fit, as a share of the words that decide


def crossed(pair: Pair) -> Iterator[Signal]:
    """Two actors, each in a segment of its own on both sides, whose company has been exchanged."""
    new = _actors(pair.derivative)
    if len(new) < 2:
        return
    old: dict[str, tuple[int, int]] = {}
    for statement, facts in enumerate(pair.sources):
        for actor, index in _actors(facts).items():
            old.setdefault(actor, (statement, index))
    both = sorted(new.keys() & old.keys())[:_MOST]
    if len(both) < 2:
        return
    mine, theirs = _company_new(pair, [new[actor] for actor in both]), _company_old(pair, old, both)
    for a, b in combinations(range(len(both)), 2):
        (number, first), (other, second) = old[both[a]], old[both[b]]
        if number != other or not _apart(mine[a], mine[b]) or not _apart(theirs[a], theirs[b]):
            continue
        straight = len(mine[a] & theirs[a]) + len(mine[b] & theirs[b])
        swapped = len(mine[a] & theirs[b]) + len(mine[b] & theirs[a])
        total = straight + swapped
        if total < 2 or swapped - straight < max(2, _MARGIN * total):
            continue
        span = cover(pair.derivative, [new[both[a]], new[both[b]]])
        facts = pair.sources[number]
        there = cover(facts, [first, second])
        strength = _KEPT if not straight and _kept(pair) else min(_REWORDED, 0.4 + 0.1 * (swapped - straight))
        one, two = (_shown(pair.derivative, new[both[at]]) for at in (a, b))
        yield Signal(
            "role-crossed", (Type.ROLE,), Severity.MAJOR, strength,
            f"“{one}” and “{two}” have exchanged what is said of them.",
            span, (number, there), there.of(facts.statement.text), span.of(pair.derivative.statement.text),
        )  # fmt: skip
        return


def _apart(first: Set[Unit], second: Set[Unit]) -> bool:
    """Whether two actors both have company, and none of it in common."""
    return bool(first) and bool(second) and first.isdisjoint(second)


def _kept(pair: Pair) -> bool:
    """Whether all content words of the derivative are the source's own."""
    exact = {match.derivative for match in pair.matches if match.relation in {"exact", "lemma"}}
    return all(index in exact for index, token in enumerate(pair.derivative.tokens) if token.content)


def _shown(facts: Facts, index: int) -> str:
    """An actor as the statement writes it."""
    names = names_at(facts).get(index)
    span = names[0].span if names else facts.tokens[index].span
    return span.of(facts.statement.text)


def _company_new(pair: Pair, actors: Sequence[int]) -> list[frozenset[Unit]]:
    """For each of some actors of the derivative the source words that its segment's words stand for."""
    home = {match.derivative: (match.statement, match.source) for match in pair.matches}
    segments = _segments(pair.derivative)
    return [frozenset([home[i] for i in segments[index] if i in home]) for index in actors]


def _company_old(pair: Pair, old: Mapping[str, Unit], actors: Sequence[str]) -> list[frozenset[Unit]]:
    """For each of some actors of the sources the words of its segment."""
    segments = {number: _segments(pair.sources[number]) for number in {old[actor][0] for actor in actors}}
    out = []
    for actor in actors:
        number, index = old[actor]
        out.append(frozenset([(number, i) for i in segments[number][index]]))
    return out


def _actors(facts: Facts) -> dict[str, int]:
    """Names and nouns for persons or bodies, each with its first token."""
    known, named = words("role", "actors"), names_at(facts)
    out: dict[str, int] = {}
    for index, token in enumerate(facts.tokens):
        if token.tag in _NOMINAL and (index in named or token.lemma in known) and not _setting(facts, index):
            out.setdefault(_entity(facts, index), index)
    return out


def _setting(facts: Facts, index: int) -> bool:
    """Whether the word before a token makes it a place or a time at which something happens."""
    before = facts.tokens[index - 1].norm if index else ""
    return before in SETTING or (before in {"of", "to", "from", ","} and _place(facts, index))


def _segments(facts: Facts) -> list[list[int]]:
    """For each token the content tokens between the cuts around it, actors left out."""
    known, named = words("role", "actors"), names_at(facts)
    group: list[int] = []
    owner = []
    for index, token in enumerate(facts.tokens):
        if token.norm in _CUTS:
            group = []
        if token.content and index not in named and token.lemma not in known:
            group.append(index)
        owner.append(group)
    return owner

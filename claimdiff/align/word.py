"""Which word of a derivative statement stands for which word of its source statements?

After the monolingual aligner of Sultan, Bethard and Sumner (2014, "Back to Basics for Monolingual
Alignment"): candidates come from word relations, and among equal candidates the one whose
neighbours match too wins. Each token of either side is matched at most once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from claimdiff.model import Facts, Match, Tag, Token

WINDOW = 3  # content words on each side that count as context
CONTEXT = 0.15  # what matching neighbours add: it decides between equal relations, not against better ones
SPREAD = 0.05  # and closeness in relative position decides what is then still equal

Relate = Callable[[str, str], tuple[str, float] | None]


class _Slot(NamedTuple):
    statement: int
    index: int
    token: Token
    key: str  # canonical key of the name that the token belongs to, or ""


class _Candidate(NamedTuple):
    derivative: int
    source: int  # position in the list of source slots
    relation: str
    score: float


def match_words(derivative: Facts, sources: Sequence[Facts], relate: Relate) -> tuple[Match, ...]:
    """The word matches of a linked pair, in the order of the derivative's tokens.

    `relate` tells how two lemmas are related ("synonym", ...) and how strongly, or None.
    """
    news = _slots(0, derivative)
    olds = [slot for k, facts in enumerate(sources) for slot in _slots(k, facts)]
    candidates = list(_candidates(news, olds, relate))
    options: dict[int, set[int]] = defaultdict(set)
    for candidate in candidates:
        options[candidate.derivative].add(candidate.source)
    ranked = sorted(
        candidates,
        key=lambda c: (-(c.score + _context(c, options, news, olds)), c.derivative, c.source),
    )
    used_new: dict[int, _Candidate] = {}
    used_old: set[int] = set()
    for candidate in ranked:
        if candidate.derivative not in used_new and candidate.source not in used_old:
            used_new[candidate.derivative] = candidate
            used_old.add(candidate.source)
    matches = [
        Match(news[i].index, olds[c.source].statement, olds[c.source].index, c.relation, round(c.score, 3))
        for i, c in sorted(used_new.items())
    ]
    return tuple(sorted([*matches, *_small_words(derivative, sources, matches)]))


def _slots(statement: int, facts: Facts) -> list[_Slot]:
    """The content tokens of a statement; pronouns that were resolved count as names."""
    out = []
    names = sorted(facts.names, key=lambda name: name.span)
    at = 0
    for index, token in enumerate(facts.tokens):
        while at < len(names) and names[at].span.end <= token.span.start:
            at += 1
        key = names[at].key if at < len(names) and names[at].span.covers(token.span) else ""
        if token.content or (key and token.tag is not Tag.PUNCTUATION):
            out.append(_Slot(statement, index, token, key))
    return out


def _candidates(
    news: Sequence[_Slot], olds: Sequence[_Slot], relate: Relate
) -> Iterator[_Candidate]:
    for i, new in enumerate(news):
        for j, old in enumerate(olds):
            how = _relation(new, old, relate)
            if how:
                yield _Candidate(i, j, *how)


def _relation(new: _Slot, old: _Slot, relate: Relate) -> tuple[str, float] | None:
    a, b = new.token, old.token
    if a.norm == b.norm:
        return "exact", 1.0
    if a.lemma == b.lemma:
        return "lemma", 0.98
    if new.key and new.key == old.key:
        return "name", 0.9
    if a.stem == b.stem:
        return "stem", 0.9
    if Tag.NUMBER in (a.tag, b.tag):
        return None
    return relate(a.lemma, b.lemma)


def _context(
    candidate: _Candidate, options: dict[int, set[int]], news: Sequence[_Slot], olds: Sequence[_Slot]
) -> float:
    near, home = 0, olds[candidate.source].statement
    for step in range(1, WINDOW + 1):
        for i in (candidate.derivative - step, candidate.derivative + step):
            if 0 <= i < len(news) and any(
                0 < abs(j - candidate.source) <= WINDOW and olds[j].statement == home for j in options.get(i, ())
            ):
                near += 1
    distance = abs(candidate.derivative / len(news) - candidate.source / len(olds))
    return CONTEXT * near / (2 * WINDOW) + SPREAD * (1 - distance)


def _small_words(derivative: Facts, sources: Sequence[Facts], matches: Sequence[Match]) -> list[Match]:
    """Function words are matched only beside a match: "of" says nothing by itself."""
    there = {(m.derivative): (m.statement, m.source) for m in matches}
    taken = {(m.statement, m.source) for m in matches}
    out = []
    for i, token in enumerate(derivative.tokens):
        if i in there or token.tag is Tag.PUNCTUATION:
            continue
        for neighbour, step in ((i - 1, 1), (i + 1, -1)):
            if neighbour not in there:
                continue
            statement, j = there[neighbour]
            j += step
            tokens = sources[statement].tokens
            if 0 <= j < len(tokens) and (statement, j) not in taken and tokens[j].norm == token.norm:
                out.append(Match(i, statement, j, "exact", 1.0))
                there[i] = (statement, j)
                taken.add((statement, j))
                break
    return out


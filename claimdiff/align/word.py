"""Which word of a derivative statement stands for which word of its source statements?

After the monolingual aligner of Sultan, Bethard and Sumner (2014, "Back to Basics for Monolingual
Alignment"): candidates come from word relations, and among equal candidates the one whose
neighbours match too wins. Each token of either side is matched at most once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from claimdiff.align.terms import nearest
from claimdiff.model import Facts, Match, Tag, Token

WINDOW = 3  # content words on each side that count as context
CONTEXT = 0.15  # what matching neighbours add: it decides between equal relations, not against better ones
SPREAD = 0.05  # and closeness in relative position decides what is then still equal
_STEPS = (*range(-WINDOW, 0), *range(1, WINDOW + 1))
CROSSED = 0.5  # what a neighbour counts that matches on the other side
NEAREST = 12  # candidates of one kind looked at for a word: a word repeated a thousand times stays cheap
MOST_PAIRS = 200_000  # lemmas of both sides multiplied; beyond it only equal words are matched

Relate = Callable[[str, Iterable[str]], Mapping[str, tuple[str, float]]]
Phrases = Mapping[str, Sequence[tuple[str, ...]]]


class _Slot(NamedTuple):
    statement: int
    at: int
    token: Token
    key: str  # canonical key of the name that the token belongs to, or ""


class _Candidate(NamedTuple):
    derivative: int
    source: int  # position in the list of source slots
    relation: str
    score: float


def match_words(
    derivative: Facts, sources: Sequence[Facts], relate: Relate, phrases: Phrases
) -> tuple[Match, ...]:
    """The word matches of a linked pair, in the order of the derivative's tokens.

    `relate` tells how a lemma or phrase is related to others ("synonym", ...) and how strongly; `phrases`
    lists the known phrases by their first lemma, the longest first. The words of a phrase may share one
    partner ("turned down" and "rejected").
    """
    matches = _match_phrases(derivative, sources, relate, phrases)
    done_new = {match.derivative for match in matches}
    done_old = {(match.statement, match.source) for match in matches}
    news = [slot for slot in _slots(0, derivative) if slot.at not in done_new]
    olds = [
        slot for k, facts in enumerate(sources) for slot in _slots(k, facts) if (k, slot.at) not in done_old
    ]
    candidates = list(_candidates(news, olds, relate))
    options: dict[int, set[int]] = defaultdict(set)
    for candidate in candidates:
        options[candidate.derivative].add(candidate.source)
    ranked = sorted(
        candidates, key=lambda c: (-(c.score + _context(c, options, news, olds)), c.derivative, c.source)
    )
    used_new: dict[int, _Candidate] = {}
    used_old: set[int] = set()
    for candidate in ranked:
        if candidate.derivative not in used_new and candidate.source not in used_old:
            used_new[candidate.derivative] = candidate
            used_old.add(candidate.source)
    matches += [
        Match(news[i].at, olds[c.source].statement, olds[c.source].at, c.relation, round(c.score, 3))
        for i, c in sorted(used_new.items())
    ]
    return tuple(sorted([*matches, *_small_words(derivative, sources, matches)]))


# --- phrases --------------------------------------------------------------------------------------


def _match_phrases(
    derivative: Facts, sources: Sequence[Facts], relate: Relate, phrases: Phrases
) -> list[Match]:
    """Phrases of one side that stand for a word or phrase of the other and are not there themselves."""
    news = _units(derivative, phrases)
    matches: list[Match] = []
    used_new: set[int] = set()
    for k, facts in enumerate(sources):
        olds = _units(facts, phrases)
        shared = {text for text, _ in news} & {text for text, _ in olds}
        used_old: set[int] = set()
        long = [unit for unit in olds if len(unit[1]) > 1]
        for new, here in news:
            if new in shared or used_new.intersection(here):
                continue
            units = olds if len(here) > 1 else long
            known = relate(new, [old for old, _ in units]) if units else {}
            for old, there in units if known else ():
                if old in shared or used_old.intersection(there):
                    continue
                how = known.get(old)
                if how and how[0] == "synonym":
                    used_new.update(here)
                    used_old.update(there)
                    matches += _pair_up(here, k, there, how)
                    break
    return matches


def _pair_up(here: Sequence[int], k: int, there: Sequence[int], how: tuple[str, float]) -> list[Match]:
    """The tokens of two units, the last of the shorter one standing for the rest of the longer."""
    size = max(len(here), len(there))
    return [Match(here[min(n, len(here) - 1)], k, there[min(n, len(there) - 1)], *how) for n in range(size)]


def _units(facts: Facts, phrases: Phrases) -> list[tuple[str, tuple[int, ...]]]:
    """The known phrases and the single content words of a statement, as lemmas and token indices."""
    lemmas = [token.lemma for token in facts.tokens]
    units = []
    for at, token in enumerate(facts.tokens):
        lemma = lemmas[at]
        if lemma in phrases:
            for phrase in phrases[lemma]:
                if tuple(lemmas[at : at + len(phrase)]) == phrase:
                    units.append((" ".join(phrase), tuple(range(at, at + len(phrase)))))
                    break
        if token.content and token.tag is not Tag.NAME:
            units.append((lemma, (at,)))
    return units


# --- words ----------------------------------------------------------------------------------------


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


def _candidates(news: Sequence[_Slot], olds: Sequence[_Slot], relate: Relate) -> Iterator[_Candidate]:
    """The best relation of each word with each word of the other side that it has any with."""
    by: dict[tuple[str, str], list[int]] = defaultdict(list)
    for j, old in enumerate(olds):
        for key in _keys(old):
            by[key].append(j)
    lemmas = sorted({old.token.lemma for old in olds if old.token.tag is not Tag.NUMBER})
    related = len(lemmas) * len({new.token.lemma for new in news}) <= MOST_PAIRS
    known: dict[str, list[tuple[str, tuple[str, float]]]] = {}
    for i, new in enumerate(news):
        found: dict[int, tuple[str, float]] = {}
        middle = i * len(olds) / len(news)
        for key, score in zip(_keys(new), _SCORES, strict=True):
            if key[1] and key in by:
                for j in nearest(by[key], middle, NEAREST):
                    found.setdefault(j, (key[0], score))
        lemma = new.token.lemma
        if related and new.token.tag is not Tag.NUMBER:
            if lemma not in known:
                known[lemma] = [own for own in relate(lemma, lemmas).items() if own[0] != lemma]
            for other, how in known[lemma]:
                for j in nearest(by["lemma", other], middle, NEAREST):
                    if olds[j].token.tag is not Tag.NUMBER:
                        found.setdefault(j, how)
        for j, how in sorted(found.items()):
            yield _Candidate(i, j, *how)


_SCORES = (1.0, 0.98, 0.9, 0.9)  # of the keys below, the strongest relation first


def _keys(slot: _Slot) -> tuple[tuple[str, str], ...]:
    token = slot.token
    return ("exact", token.norm), ("lemma", token.lemma), ("name", slot.key), ("stem", token.stem)


def _context(
    candidate: _Candidate, options: dict[int, set[int]], news: Sequence[_Slot], olds: Sequence[_Slot]
) -> float:
    """What the neighbours of a candidate add: those that match on the same side count in full."""
    i, j = candidate.derivative, candidate.source
    home = olds[j].statement
    near = 0.0
    for step in _STEPS:
        here = options.get(i + step)
        if not here:
            continue
        same = other = False
        for k in here:
            if -WINDOW <= k - j <= WINDOW and k != j and olds[k].statement == home:
                if (k < j) == (step < 0):
                    same = True
                    break
                other = True
        near += 1 if same else CROSSED if other else 0
    distance = abs(i / len(news) - j / len(olds))
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

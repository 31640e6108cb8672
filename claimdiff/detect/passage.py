"""The words of all source statements in a row, and where a run of words stands among them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from claimdiff.detect.once import once
from claimdiff.model import Facts, Tag

_VERBAL = frozenset({Tag.VERB, Tag.AUXILIARY, Tag.MODAL})
_COMMON = 400  # a word that stands in more places than this finds no passage
_EDGES = frozenset({";", ":", '"', "“", "”", "–", "—", "(", ")", ".", "!", "?"})
_WINDOW = 60  # words of a passage that are compared at once


class Places:
    """The statement and token of each word: two rows of plain numbers, since long texts have many words."""

    def __init__(self) -> None:
        self.statements, self.tokens = array("L"), array("L")

    def extend(self, statement: int, tokens: Sequence[int]) -> None:
        self.statements.extend([statement] * len(tokens))
        self.tokens.extend(tokens)

    def __getitem__(self, at: int) -> tuple[int, int]:
        return self.statements[at], self.tokens[at]


class Index(NamedTuple):
    """Word by word: its folded form, its stem, the statement and token it is, and the number of the
    quotation that holds it (-1 outside; a quotation that runs over several statements has one number), and
    whether it is a verb or stands behind a mark that ends a noun phrase."""

    words: list[str]
    stems: list[str]
    places: Places
    quotation: array[int]
    edge: list[bool]
    at: dict[str, array[int]]
    stem_at: dict[str, array[int]]


class Passage(NamedTuple):
    """The stretch of an index that is nearest to some words: `pairs` are (word, index) of equal words."""

    start: int
    end: int
    pairs: tuple[tuple[int, int], ...]


@once
def index_of(sources: tuple[Facts, ...]) -> Index:
    """The index of some source statements."""
    index = Index([], [], Places(), array("l"), [], {}, {})
    number, running = 0, False
    for statement, facts in enumerate(sources):
        spans = facts.quotations
        numbers = []
        for one in spans:
            number += 0 if running and not one.opened else 1
            numbers.append(number)
            running = not one.closed
        if not spans:
            running = False
        tokens = facts.tokens
        kept, edge = [], True
        for place, token in enumerate(tokens):
            if token.tag is Tag.PUNCTUATION or not token.norm[0].isalnum():
                edge = edge or token.norm in _EDGES
            else:
                kept.append(place)
                index.edge.append(edge or token.tag in _VERBAL)
                edge = False
        index.words.extend([tokens[place].norm for place in kept])
        index.stems.extend([tokens[place].stem for place in kept])
        index.places.extend(statement, kept)
        current = 0
        for place in kept if spans else ():
            start = tokens[place].span.start
            while current < len(spans) and spans[current].span.end <= start:
                current += 1
            quoted = current < len(spans) and spans[current].span.start <= start
            index.quotation.append(numbers[current] if quoted else -1)
        if not spans:
            index.quotation.extend([-1] * len(kept))
    for rows, table in ((index.words, index.at), (index.stems, index.stem_at)):
        for position, word in enumerate(rows):
            if (places := table.get(word)) is None:
                places = table[word] = array("L")
            places.append(position)
    return index


def find_exact(index: Index, words: Sequence[str]) -> list[int]:
    """Where exactly these words stand, one after another."""
    rarest = min(range(len(words)), key=lambda i: len(index.at.get(words[i], ())), default=None)
    if rarest is None:
        return []
    size = len(words)
    starts = (position - rarest for position in index.at.get(words[rarest], ()))
    return [start for start in starts if start >= 0 and index.words[start : start + size] == list(words)]


def find_near(index: Index, words: Sequence[str]) -> Passage | None:
    """The stretch that shares most of the words in their order; None when it shares none."""
    words = words[:_WINDOW]
    votes: Counter[int] = Counter()
    for offset, word in enumerate(words):
        places = index.at.get(word, ())
        if len(places) <= _COMMON:
            for position in places:
                votes[(position - offset) // 4] += 1
    if not votes:
        return None
    scores = {slot: votes[slot] + votes[slot - 1] + votes[slot + 1] for slot in votes}
    slots = sorted(scores, key=lambda slot: (-scores[slot], slot))[:3]
    found = [_aligned(index, words, slot * 4) for slot in slots]
    return max(found, key=lambda one: (len(one.pairs), one.start - one.end, -one.start))


def _aligned(index: Index, words: Sequence[str], start: int) -> Passage:
    low = max(0, start - 6)
    high = min(len(index.words), start + len(words) + 14)
    pairs = _tight(common(words, index.words[low:high]), index.words[low:high])
    shifted = tuple((i, j + low) for i, j in pairs)
    if not shifted:
        return Passage(low, low, ())
    return Passage(shifted[0][1], shifted[-1][1] + 1, shifted)


def _tight(pairs: list[tuple[int, int]], old: Sequence[str]) -> list[tuple[int, int]]:
    """The same words, each moved as near to the next as the old words allow."""
    out: list[tuple[int, int]] = []
    for i, j in reversed(pairs):
        limit = out[-1][1] if out else j + 1
        out.append((i, next(k for k in range(limit - 1, j - 1, -1) if old[k] == old[j])))
    return out[::-1]


def common(new: Sequence[str], old: Sequence[str]) -> list[tuple[int, int]]:
    """A longest common subsequence of two short word lists, as pairs of indexes."""
    table = [[0] * (len(old) + 1) for _ in range(len(new) + 1)]
    for i in reversed(range(len(new))):
        row, below = table[i], table[i + 1]
        for j in reversed(range(len(old))):
            row[j] = below[j + 1] + 1 if new[i] == old[j] else max(below[j], row[j + 1])
    pairs, i, j = [], 0, 0
    while i < len(new) and j < len(old):
        if new[i] == old[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


_SPELLINGS = (
    ("our", "or"), ("ise", "ize"), ("isi", "izi"), ("isa", "iza"), ("yse", "yze"), ("ence", "ense"),
    ("tre", "ter"), ("ogue", "og"), ("ll", "l"), ("grey", "gray"), ("ae", "e"),
)  # fmt: skip


def respelt(new: str, old: str) -> bool:
    """British and American spellings of one word."""
    for first, second in _SPELLINGS:
        for a, b in ((first, second), (second, first)):
            if a in new and len(new) > 3 and new.replace(a, b, 1) == old:
                return True
    return False

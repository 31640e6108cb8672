"""The compiled word graph relations.bin: senses, synsets and the pointers between them.

tools/build_relations.py writes the file from WordNet (licence: LICENSE.wordnet). It begins with
`MAGIC`; every number after it is 32 bits wide, unsigned, little-endian:

    version, words, synsets, first synset of nouns, verbs, adjectives, adverbs, six section bounds
    1 words      bounds of the spellings, then the spellings: ASCII, lower case, sorted by bytes
    2 senses     per word, by part of speech and rank: name bit, count (14 bits), synset (17 bits)
    3 words' pointers    per word, in pairs: kind (4 bits) and synset (28 bits); the other word
    4 synsets    per synset: children (16 bits) and size (16 bits), its words, then pointers:
                 kind (4 bits), synset (28 bits)
    5 forms      irregular forms, one a line: form, part of speech, lemma

Sections 2 to 4 hold rows of numbers: the rows' bounds first (one more than rows), then the numbers.
The file is read once, on first use; a look-up is a binary search and a slice.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff.lexicon import data

MAGIC = b"WORDREL\x00"
VERSION = 1
HEADER = struct.Struct("<13I")
PARTS = "nvar"
BITS, TARGET = 28, 0xFFFFFFF  # of a pointer between synsets

HYPERNYM, SIMILAR, GROUP, ENTAILS, CAUSES, ATTRIBUTE, SEE_ALSO, OPPOSITE = range(8)
ANTONYM, DERIVED, PERTAINS, PARTICIPLE = range(8, 12)


class Sense(NamedTuple):
    """A sense of a word: its part of speech ("n", "v", "a", "r"), synset, how often it was tagged in
    a corpus, and whether the word is a proper name in it."""

    part: str
    synset: int
    tagged: int
    name: bool


class Synset(NamedTuple):
    """Words of one meaning: how many synsets lie directly below, the words' numbers, and the pointers as
    the file has them, the kind above BITS and the synset below: thousands are looked at, few are used."""

    children: int
    words: tuple[int, ...]
    pointers: tuple[int, ...]


class Graph:
    """Read access to the bytes of a relations.bin; a resource, one per process (see `graph`)."""

    def __init__(self, data: bytes) -> None:
        if data[:8] != MAGIC:
            raise ValueError("not a file of word relations")
        version, words, synsets, *rest = HEADER.unpack_from(data, 8)
        self.size: int = words
        self.synsets: int = synsets
        if version != VERSION:
            raise ValueError(f"word relations of version {version}; this program reads {VERSION}")
        self._data = data
        self._numbers = _numbers(data)
        self._firsts: list[int] = rest[:4]
        self._sections: list[int] = rest[4:]
        self._letters = self._sections[0] + 4 * (self.size + 1)
        self._spelt = self._numbers[self._sections[0] // 4 : self._letters // 4]

    def word(self, number: int) -> str:
        """The spelling of a word number."""
        return self._bytes(number).decode("ascii")

    def _bytes(self, number: int) -> bytes:
        letters, spelt = self._letters, self._spelt
        return self._data[letters + spelt[number] : letters + spelt[number + 1]]

    @lru_cache(maxsize=1 << 14)  # noqa: B019 - one graph lives as long as the process
    def find(self, word: str) -> int:
        """The number of a lower-case word, or -1."""
        key = word.encode("utf-8", "replace")
        start, end = self._beginning(key[:2])
        number = bisect_left(range(start, end), key, key=self._bytes) + start
        return number if number < end and self._bytes(number) == key else -1

    @lru_cache(maxsize=1 << 11)  # noqa: B019
    def _beginning(self, letters: bytes) -> tuple[int, int]:
        """The word numbers between which all words lie that begin with these letters."""
        words = range(self.size)
        start = bisect_left(words, letters, key=self._bytes)
        return start, bisect_left(words, letters + b"\xff", start, key=self._bytes)

    @lru_cache(maxsize=1 << 12)  # noqa: B019
    def senses(self, word: int) -> tuple[Sense, ...]:
        """The senses of a word number, by part of speech, the commonest of each first."""
        return tuple(
            [
                Sense(self.part(n & 0x1FFFF), n & 0x1FFFF, n >> 17 & 0x3FFF, n >> 31 == 1)
                for n in self._row(1, self.size, word)
            ]
        )

    def pointers(self, word: int) -> tuple[tuple[int, int, int], ...]:
        """The lexical pointers of a word number: (kind, synset of the word, other word)."""
        row = self._row(2, self.size, word)
        return tuple((n >> 28, n & 0xFFFFFFF, other) for n, other in zip(row[::2], row[1::2], strict=True))

    @lru_cache(maxsize=1 << 13)  # noqa: B019 - one graph lives as long as the process
    def synset(self, number: int) -> Synset:
        row = self._row(3, self.synsets, number)
        first = 1 + (row[0] & 0xFFFF)
        return Synset(row[0] >> 16, tuple(row[1:first]), tuple(row[first:]))

    def part(self, synset: int) -> str:
        """The part of speech of a synset number."""
        return PARTS[bisect_right(self._firsts, synset) - 1]

    def forms(self) -> str:
        """The lines of irregular forms."""
        start, end = self._sections[4:6]
        return self._data[start:end].rstrip(b"\x00").decode("ascii")

    def _row(self, section: int, rows: int, row: int) -> list[int]:
        start, numbers = self._sections[section] // 4, self._numbers
        first = start + rows + 1
        return numbers[first + numbers[start + row] : first + numbers[start + row + 1]].tolist()


def _numbers(data: bytes) -> memoryview | array[int]:
    """The data as numbers of 32 bits; a copy only on a machine that keeps them the other way round."""
    whole = memoryview(data)[: len(data) // 4 * 4]
    if sys.byteorder == "little":
        return whole.cast("I")
    numbers = array("I", whole.tobytes())
    numbers.byteswap()
    return numbers


@cache
def graph() -> Graph:
    """The graph that ships with the package, read on the first call."""
    return Graph(data("relations.bin"))

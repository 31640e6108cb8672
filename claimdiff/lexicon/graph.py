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
The file is read once, on first use; a look-up is a binary search and an unpack.
"""

from __future__ import annotations

import struct
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

MAGIC = b"WORDREL\x00"
VERSION = 1
HEADER = struct.Struct("<13I")

HYPERNYM, SIMILAR, GROUP, ENTAILS, CAUSES, ATTRIBUTE, SEE_ALSO, OPPOSITE = range(8)
ANTONYM, DERIVED, PERTAINS, PARTICIPLE = range(8, 12)

_PAIR = struct.Struct("<2I")


class Sense(NamedTuple):
    """A sense of a word: its part of speech ("n", "v", "a", "r"), synset, how often it was tagged in
    a corpus, and whether the word is a proper name in it."""

    part: str
    synset: int
    tagged: int
    name: bool


class Synset(NamedTuple):
    """Words of one meaning: how many synsets lie directly below, the words' numbers, the pointers."""

    children: int
    words: tuple[int, ...]
    pointers: tuple[tuple[int, int], ...]


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
        self._firsts: list[int] = rest[:4]
        self._sections: list[int] = rest[4:]
        self._letters = self._sections[0] + 4 * (self.size + 1)

    def word(self, number: int) -> str:
        """The spelling of a word number."""
        start, end = _PAIR.unpack_from(self._data, self._sections[0] + 4 * number)
        return self._data[self._letters + start : self._letters + end].decode("ascii")

    def find(self, word: str) -> int:
        """The number of a lower-case word, or -1."""
        key = word.encode("utf-8", "replace")
        data, bounds, letters = self._data, self._sections[0], self._letters
        low, high = 0, self.size
        while low < high:
            middle = (low + high) // 2
            start, end = _PAIR.unpack_from(data, bounds + 4 * middle)
            here = data[letters + start : letters + end]
            if here == key:
                return middle
            if here < key:
                low = middle + 1
            else:
                high = middle
        return -1

    def senses(self, word: int) -> tuple[Sense, ...]:
        """The senses of a word number, by part of speech, the commonest of each first."""
        return tuple(
            Sense(self.part(n & 0x1FFFF), n & 0x1FFFF, n >> 17 & 0x3FFF, bool(n >> 31))
            for n in self._row(1, self.size, word)
        )

    def pointers(self, word: int) -> tuple[tuple[int, int, int], ...]:
        """The lexical pointers of a word number: (kind, synset of the word, other word)."""
        row = self._row(2, self.size, word)
        return tuple((n >> 28, n & 0xFFFFFFF, other) for n, other in zip(row[::2], row[1::2], strict=True))

    @lru_cache(maxsize=1 << 13)  # noqa: B019 - one graph lives as long as the process
    def synset(self, number: int) -> Synset:
        head, *row = self._row(3, self.synsets, number)
        size = head & 0xFFFF
        pointers = tuple((n >> 28, n & 0xFFFFFFF) for n in row[size:])
        return Synset(head >> 16, tuple(row[:size]), pointers)

    def part(self, synset: int) -> str:
        """The part of speech of a synset number."""
        return "nvar"[sum(synset >= first for first in self._firsts[1:])]

    def forms(self) -> str:
        """The lines of irregular forms."""
        start, end = self._sections[4:6]
        return self._data[start:end].rstrip(b"\x00").decode("ascii")

    def _row(self, section: int, rows: int, row: int) -> tuple[int, ...]:
        start = self._sections[section]
        low, high = _PAIR.unpack_from(self._data, start + 4 * row)
        return struct.unpack_from(f"<{high - low}I", self._data, start + 4 * (rows + 1 + low))


@cache
def graph() -> Graph:
    """The graph that ships with the package, read on the first call."""
    return Graph(files(__package__).joinpath("relations.bin").read_bytes())

"""Compile WordNet's relations between words into claimdiff/lexicon/relations.bin.

    python tools/build_relations.py [--wordnet /usr/share/wordnet] [--out claimdiff/lexicon]

Reads the database files of Debian's package wordnet-base (data.*, index.*, *.exc, cntlist.rev) and
writes relations.bin and LICENSE.wordnet. The same input gives the same bytes. Only words, senses and
relations are kept, no glosses and no examples. claimdiff/lexicon/relations.py describes the format.
"""

from __future__ import annotations

import argparse
import re
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAGIC = b"WORDREL\x00"
VERSION = 1

PARTS = (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r"))
MAX_WORDS = 3  # longer collocations hardly occur in news and make up a tenth of the file
MAX_COUNT = (1 << 14) - 1
MAX_CHILDREN = (1 << 12) - 1

# Relations between synsets, then relations between words; the numbers stand in the file.
HYPERNYM, SIMILAR, GROUP, ENTAILS, CAUSES, ATTRIBUTE, SEE_ALSO, OPPOSITE = range(8)
ANTONYM, DERIVED, PERTAINS, PARTICIPLE = range(8, 12)
SYNSET_POINTERS = {
    "@": HYPERNYM, "@i": HYPERNYM, "&": SIMILAR, "$": GROUP, "*": ENTAILS, ">": CAUSES, "=": ATTRIBUTE,
    "^": SEE_ALSO, "!": OPPOSITE,
}  # fmt: skip
WORD_POINTERS = {"!": ANTONYM, "+": DERIVED, "\\": PERTAINS, "<": PARTICIPLE}

_MARKER = re.compile(r"\((?:a|p|ip)\)$")


@dataclass(slots=True)
class Synset:
    """A synset as its line in a data file gives it; `key` is (part of speech, offset)."""

    key: tuple[str, str]
    words: list[str]
    names: list[bool]
    pointers: list[tuple[str, tuple[str, str], int, int]] = field(default_factory=list)


def clean(word: str) -> str:
    return _MARKER.sub("", word).replace("_", " ").lower()


def parse_synset(line: str, part: str) -> Synset:
    fields = line.split(" | ", 1)[0].split()
    count = int(fields[3], 16)
    written = fields[4 : 4 + 2 * count : 2]
    synset = Synset((part, fields[0]), [clean(w) for w in written], [w[0].isupper() for w in written])
    at = 4 + 2 * count
    for n in range(int(fields[at])):
        symbol, offset, target, ends = fields[at + 1 + 4 * n : at + 5 + 4 * n]
        key = ("a" if target == "s" else target, offset)
        synset.pointers.append((symbol, key, int(ends[:2], 16), int(ends[2:], 16)))
    return synset


def lines(path: Path) -> Iterator[str]:
    """The lines of a database file after its licence."""
    with path.open(encoding="ascii") as file:
        yield from (line.rstrip("\n") for line in file if not line.startswith("  "))


def read_synsets(folder: Path) -> list[Synset]:
    return [parse_synset(line, part) for name, part in PARTS for line in lines(folder / f"data.{name}")]


def read_index(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """(lemma, part of speech, offsets by sense number) of every line of the index files."""
    for name, part in PARTS:
        for line in lines(folder / f"index.{name}"):
            fields = line.split()
            yield clean(fields[0]), part, fields[-int(fields[2]) :]


def read_counts(folder: Path) -> dict[tuple[str, str, int], int]:
    """How often a sense was tagged: {(lemma, part of speech, sense number): count}."""
    parts = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
    counts = {}
    for line in lines(folder / "cntlist.rev"):
        key, sense, count = line.split()
        lemma, _, rest = key.partition("%")
        counts[clean(lemma), parts[rest[0]], int(sense)] = int(count)
    return counts


def read_exceptions(folder: Path) -> list[str]:
    """Lines "form part lemma" of the irregular forms, for single words that differ from the lemma."""
    found: set[str] = set()
    for name, part in PARTS:
        for line in lines(folder / f"{name}.exc"):
            form, *lemmas = line.split()
            kept = (lemma for lemma in lemmas if lemma != form and "_" not in form + lemma)
            found.update(f"{form} {part} {lemma}" for lemma in kept)
    return sorted(found)


def keep(word: str) -> bool:
    return word.count(" ") < MAX_WORDS


def table(rows: Sequence[Sequence[int]]) -> bytes:
    """Rows of numbers as one block: the rows' bounds, then the numbers, all 32 bits wide."""
    bounds = [0]
    for row in rows:
        bounds.append(bounds[-1] + len(row))
    flat = [number for row in rows for number in row]
    return struct.pack(f"<{len(bounds)}I{len(flat)}I", *bounds, *flat)


def sense_rows(
    folder: Path, words: dict[str, int], numbers: dict[tuple[str, str], int], synsets: Sequence[Synset]
) -> list[list[int]]:
    """Per word its senses by part of speech and rank: name bit, count (14 bits), synset (17 bits)."""
    rows: list[list[int]] = [[] for _ in words]
    counts = read_counts(folder)
    for lemma, part, offsets in read_index(folder):
        if lemma not in words:
            continue
        for rank, offset in enumerate(offsets, 1):
            number = numbers[part, offset]
            synset = synsets[number]
            name = synset.names[synset.words.index(lemma)]
            count = min(counts.get((lemma, part, rank), 0), MAX_COUNT)
            rows[words[lemma]].append(name << 31 | count << 17 | number)
    return rows


def synset_rows(
    synsets: Sequence[Synset], words: dict[str, int], numbers: dict[tuple[str, str], int]
) -> list[list[int]]:
    """Per synset: children (12 bits) and number of words, the words, then pointers: kind (4 bits), synset."""
    children = [0] * len(synsets)
    for synset in synsets:
        for symbol, target, _, _ in synset.pointers:
            if symbol in ("@", "@i"):
                children[numbers[target]] += 1
    rows = []
    for number, synset in enumerate(synsets):
        ids = [words[word] for word in synset.words if word in words]
        pointers = sorted(
            {
                SYNSET_POINTERS[symbol] << 28 | numbers[target]
                for symbol, target, old, new in synset.pointers
                if symbol in SYNSET_POINTERS and ((old, new) == (0, 0) or symbol == "!")
            }
        )
        rows.append([min(children[number], MAX_CHILDREN) << 16 | len(ids), *ids, *pointers])
    return rows


def word_rows(
    synsets: Sequence[Synset], words: dict[str, int], numbers: dict[tuple[str, str], int]
) -> list[list[int]]:
    """Per word its lexical pointers, in pairs: kind (4 bits) and synset of the word; other word."""
    found: list[set[tuple[int, int]]] = [set() for _ in words]
    for number, synset in enumerate(synsets):
        for symbol, target, old, new in synset.pointers:
            if not old or symbol not in WORD_POINTERS:
                continue
            word, other = synset.words[old - 1], synsets[numbers[target]].words[new - 1]
            if word in words and other in words and word != other:
                found[words[word]].add((WORD_POINTERS[symbol] << 28 | number, words[other]))
    return [[value for pair in sorted(pairs) for value in pair] for pairs in found]


def compile_relations(folder: Path) -> bytes:
    """The bytes of relations.bin."""
    synsets = read_synsets(folder)
    numbers = {synset.key: number for number, synset in enumerate(synsets)}
    vocabulary = sorted({word for synset in synsets for word in synset.words if keep(word)}, key=str.encode)
    words = {word: number for number, word in enumerate(vocabulary)}
    firsts = [next(n for n, s in enumerate(synsets) if s.key[0] == part) for _, part in PARTS]
    spellings = [word.encode("ascii") for word in vocabulary]
    bounds = [0]
    for spelling in spellings:
        bounds.append(bounds[-1] + len(spelling))
    sections = [
        struct.pack(f"<{len(bounds)}I", *bounds) + b"".join(spellings),
        table(sense_rows(folder, words, numbers, synsets)),
        table(word_rows(synsets, words, numbers)),
        table(synset_rows(synsets, words, numbers)),
        "\n".join(read_exceptions(folder)).encode("ascii"),
    ]
    head = 8 + 4 * (1 + 2 + 4 + len(sections) + 1)
    starts, body = [head], b""
    for section in sections:
        body += section + b"\x00" * (-len(section) % 4)
        starts.append(head + len(body))
    header = struct.pack(f"<{7 + len(starts)}I", VERSION, len(words), len(synsets), *firsts, *starts)
    return MAGIC + header + body


def licence(folder: Path) -> str:
    """The licence that stands at the head of every data file, without its line numbers."""
    with (folder / "data.noun").open(encoding="ascii") as file:
        head = [line[4:].strip() for line in file if line.startswith("  ")]
    return "\n".join(head).strip() + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--out", type=Path, default=HERE.parent / "claimdiff" / "lexicon")
    options = parser.parse_args(arguments)
    if not (options.wordnet / "data.noun").is_file():
        print(f"{options.wordnet}: no WordNet database here; install wordnet-base", file=sys.stderr)
        return 2
    blob = compile_relations(options.wordnet)
    (options.out / "relations.bin").write_bytes(blob)
    (options.out / "LICENSE.wordnet").write_text(licence(options.wordnet), encoding="utf-8")
    print(f"relations.bin: {len(blob):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

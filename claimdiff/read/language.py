"""Is a text in English? It is taken to be, unless it is plainly something else.

Names, scores and headlines hold few of the small words that tell languages apart, in any language. So a
text is called foreign only when it has enough of another language's small words, several different ones,
and few that are English.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from claimdiff.model import Block

_LOOK = 40_000  # characters, of the first blocks
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LEAST_WORDS = 15
_LEAST_LETTERS = 20  # of another script
_LEAST_HITS = 5
_LEAST_KINDS = 3  # different small words that stand in no names
_LEAST_SHARE = 0.15  # of all words, for the other language
_TIMES = 2.0  # more often than English ones


def foreign(blocks: Sequence[Block]) -> str | None:
    """The language of these blocks, in words, when it is plainly not English."""
    return foreign_text(_sample(blocks))


def foreign_text(text: str) -> str | None:
    """The same for a text."""
    return _by_script(text) or _by_words(_words(text))


def _sample(blocks: Sequence[Block]) -> str:
    parts, size = [], 0
    for block in blocks:
        if size >= _LOOK:
            break
        parts.append(block.text[: _LOOK - size])
        size += len(block.text)
    return "\n".join(parts)


def _words(text: str) -> list[str]:
    return [word.replace("’", "'").lower() for word in _WORD.findall(text)]


def _by_script(text: str) -> str | None:
    total = 0
    scripts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if char.isalpha():
            total += count
            if char > "\u036f":
                scripts[_script(char)] += count
    del scripts[""]
    if scripts.total() < _LEAST_LETTERS or scripts.total() * 2 <= total:
        return None
    name = "Kana" if scripts["Kana"] * 10 > scripts["Han"] else max(sorted(scripts), key=scripts.__getitem__)
    if name == "Cyrillic":
        best = _best(_words(text), _lists("cyrillic"))
        if best and best[1] >= _LEAST_HITS:
            return best[0]
    return str(_data()["scripts"][name])


def _by_words(words: Sequence[str]) -> str | None:
    if len(words) < _LEAST_WORDS:
        return None
    best = _best(words, _lists("latin"))
    if best is None:
        return None
    name, hits, kinds = best
    english = sum(word in _lists("english")["words"] for word in words)
    enough = hits >= max(_LEAST_HITS, _LEAST_SHARE * len(words)) and kinds >= _LEAST_KINDS
    return name if enough and hits >= _TIMES * english else None


def _best(words: Sequence[str], lists: Mapping[str, frozenset[str]]) -> tuple[str, int, int] | None:
    """The list that holds most of the words, how many it holds, and how many different ones of those
    that stand in no names and are more than a letter."""
    counts = Counter(words)
    names = _lists("names")["words"]
    found = []
    for name, known in sorted(lists.items()):
        own = counts.keys() & known
        kinds = sum(len(word) > 1 for word in own - names)
        found.append((name, sum(counts[word] for word in own), kinds))
    return max(found, key=lambda item: item[1:], default=None)


def _script(char: str) -> str:
    starts, ends, names = _ranges()
    at = bisect_right(starts, char) - 1
    return names[at] if at >= 0 and char <= ends[at] else ""


@cache
def _ranges() -> tuple[list[str], list[str], list[str]]:
    rows = sorted((first, last, name) for name, (first, last) in _data()["ranges"].items())
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


@cache
def _lists(group: str) -> dict[str, frozenset[str]]:
    """The words of each list of a group."""
    return {name: frozenset(words.split()) for name, words in _data()[group].items()}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("languages.toml").read_text(encoding="utf-8"))

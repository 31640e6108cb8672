"""Pairs of news of a wanted length, and the hard shapes, all made from benchmarks/articles.

Nothing here depends on chance or on the clock: the same call gives the same texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

Pair = tuple[str, str]
_ARTICLES = Path(__file__).with_name("articles")
_END = re.compile(r"(?<=[a-z])(?=[.!?](?:\s|”|$))")  # before the mark that ends a sentence
_WORD = re.compile(r"[^\W_]+")
SHARED = "harbour"


@cache
def articles() -> tuple[Pair, ...]:
    """Source and derivative of each labelled article."""
    files = sorted(_ARTICLES.glob("*.json"))
    cases = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    return tuple((case["source"], case["derivative"]) for case in cases)


def pair(words: int, first: int = 0) -> Pair:
    """So many words of source, and what its rewrites make of them.

    Article after article from the given one on, and of the last one as much of the beginning of both
    sides as is needed. No article comes twice."""
    old, new, left = list[str](), list[str](), words
    for number in range(len(articles())):
        source, derivative = articles()[(first + number) % len(articles())]
        share = min(1.0, left / length(source))
        old.append(_beginning(source, share))
        new.append(_beginning(derivative, share))
        left -= length(old[-1])
        if share < 1 or left <= 0:
            break
    else:
        raise ValueError(f"the articles have {words - left} words, not {words}")
    return "\n\n".join(old), "\n\n".join(new)


def length(text: str) -> int:
    """The number of words between spaces."""
    return len(text.split())


def _beginning(text: str, share: float) -> str:
    """The paragraphs that make up the first part of the words."""
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        if share < 1 and length(" ".join(kept)) >= share * length(text):
            break
        kept.append(paragraph)
    return "\n\n".join(kept)


# --- hard shapes ----------------------------------------------------------------------------------


def identical(words: int, first: int = 0) -> Pair:
    """A text and itself."""
    source, _ = pair(words, first)
    return source, source


def disjoint(words: int, first: int = 0) -> Pair:
    """A rewrite of other articles than those of the source."""
    return pair(words, first)[0], pair(words, first + len(articles()) // 2)[1]


def shared(words: int, first: int = 0) -> Pair:
    """Unrelated texts whose every sentence ends in one and the same word."""
    source, derivative = (_END.sub(f" {SHARED}", text) for text in disjoint(words, first))
    return source, derivative


def one_word(words: int, first: int = 0) -> Pair:
    """As many statements as words, each a paragraph of one word."""
    source, derivative = (_words(text, words) for text in pair(words, first))
    return "\n\n".join(f"{word}." for word in source), "\n\n".join(f"{word}." for word in derivative)


def single(words: int, first: int = 0) -> Pair:
    """One statement of so many words: the articles over and over, without any mark."""
    everything = (" ".join(side) for side in zip(*articles()[first:], *articles()[:first], strict=True))
    source, derivative = (" ".join(_words(text, words)) + "." for text in everything)
    return source, derivative


def _words(text: str, count: int) -> list[str]:
    found = _WORD.findall(text)
    return (found * (count // len(found) + 1))[:count]


SHAPES: dict[str, Callable[[int, int], Pair]] = {
    "identical": identical,
    "disjoint": disjoint,
    "one word shared": shared,
    "one-word statements": one_word,
    "a single statement": single,
}

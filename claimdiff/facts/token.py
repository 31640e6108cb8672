"""Words of a statement: spans, folded form, lemma, stem and a coarse part of speech."""

from __future__ import annotations

import re
from functools import cache

from claimdiff.model import Span, Tag, Token

# One character for one character, so that offsets hold.
_FOLD = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "–", "—": "–", "―": "–", "−": "-",
        "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2007": " ", "\t": " ", "\n": " ", "…": ".",
    }
)  # fmt: skip

_TOKEN = re.compile(
    r"""
    [^\W\d_](?:\.[^\W\d_])+\.?                 # U.S., a.m.
    | [0-9]++(?:[.,:][0-9]++)*+(?:(?:st|nd|rd|th)(?![^\W\d_]))?   # 1,200  9.5  6:40  3rd
    | [^\W\d_]+?(?=n't\b|'s\b)                  # stops before a clitic
    | n't\b | '(?:s|re|ve|ll|d|m)\b
    | [^\W\d_]+(?:'[^\W\d_]+)?
    | [$€£¥%&@#+]
    | \.{2,} | -- | [^\w\s]
    """,
    re.VERBOSE,
)


def fold(text: str) -> str:
    """`text` with quotes, dashes and spaces folded, character for character; case is kept."""
    return text.translate(_FOLD)


@cache
def stem(word: str) -> str:
    """The Snowball stem of a folded lower-case word."""
    return _stemmer().stem(word)  # type: ignore[no-any-return]


@cache
def _stemmer():  # type: ignore[no-untyped-def]
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english")


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a plain text, in order; every character that is not white space is in one."""
    folded = fold(text)
    tokens = []
    for match in _TOKEN.finditer(folded):
        span = Span(*match.span())
        norm = match.group().lower()
        word = norm[0].isalnum()
        tokens.append(
            Token(span, span.of(text), norm, norm, stem(norm) if word else norm,
                  Tag.NOUN if word else Tag.PUNCTUATION, word)
        )
    return tuple(tokens)

"""A text as terms: what an index holds of an article, and what a query asks for.

Terms are words of `a` to `z` and digits, so that no tokenizer takes them apart: the stem of a word, `n` with
the value of a figure, two stems with a 0 between them for neighbours with capitals (names), and `0q` with a
checksum for four words in a row inside quotation marks. Whoever changes what is made of a text changes
`FORM`, and every index is made anew.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cache, lru_cache
from itertools import pairwise
from string import ascii_lowercase, digits
from typing import NamedTuple

from claimdiff.facts.token import fold, stem
from claimdiff.lexicon import words

FORM = 1
SHINGLE = 4  # words of a quotation that make a term
LONGEST = 40  # characters of a word that count; a longer one is no word
PRECISION = 15  # digits of a figure that count
LONG = 24  # characters of a number that is no figure

_TOKEN = re.compile(r"[^\W\d_]++(?:'[^\W\d_]++)*+|\d++(?:[.,:]\d++)*+")
_SPLIT = re.compile(r"[.!?][\"'”’»)\]]*+\s++(?=[\"'“‘«(\[]*+[^\Wa-z_])")
_MARK = re.compile(r'["“”„«»]')
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_KEPT = frozenset(ascii_lowercase + digits)
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}
_SCALES = {
    "hundred": 100, "thousand": 1000, "k": 1000, "million": 10**6, "m": 10**6, "mn": 10**6, "billion": 10**9,
    "bn": 10**9, "trillion": 10**12, "tn": 10**12,
}  # fmt: skip


class Sort(IntEnum):
    """What a term stands for."""

    WORD = 0
    CAPITAL = 1
    FIGURE = 2
    NAME = 3
    QUOTED = 4


class Term(NamedTuple):
    """A term, and where the words that it stands for are in the text."""

    text: str
    sort: Sort
    start: int
    end: int


_Word = tuple[int, int, str, bool]  # start, end, folded and lower case, whether it begins with a capital


def sentences(text: str) -> Iterator[str]:
    """About the sentences of a paragraph, which is all that an index needs."""
    start = 0
    for found in _SPLIT.finditer(text):
        yield text[start : found.end()]
        start = found.end()
    yield text[start:]


def lines(blocks: Iterable[str]) -> list[str]:
    """The terms of each sentence of these paragraphs, divided by spaces; none for a sentence without any."""
    out = []
    for block in blocks:
        inside = False
        for sentence in sentences(block):
            found, inside = terms(sentence, inside)
            if found:
                out.append(" ".join(dict.fromkeys(term.text for term in found)))
    return out


def terms(text: str, inside: bool = False) -> tuple[list[Term], bool]:
    """The terms of a sentence, and whether it ends within a quotation, if it begins `inside` one or not."""
    plain = fold(text)
    tokens: list[_Word] = []
    for match in _TOKEN.finditer(plain):
        own = match.group()
        tokens.append((match.start(), match.end(), own.lower(), own[0].isupper()))
    out: list[Term] = []
    skip = behind = 0
    for at, (start, end, folded, capital) in enumerate(tokens):
        if at < skip:
            continue
        if folded in _WORDS or folded[0].isdigit():
            value, skip = _figure(plain, tokens, at)
            if value:
                out.append(Term(value, Sort.FIGURE, start, tokens[skip - 1][1]))
                behind = tokens[skip - 1][1]
                continue
        if name := word(folded):
            named = capital and at > 0 and not plain[behind:start].strip(" ,;:'\"-()")
            out.append(Term(name, Sort.CAPITAL if named else Sort.WORD, start, end))
        behind = end
    out += _names(plain, tokens)
    quoted, inside = _quoted(text, inside)
    out += _shingles(tokens, quoted)
    return out, inside


@lru_cache(maxsize=1 << 16)
def word(folded: str) -> str:
    """The term of a folded lower-case word, "" for one that says nothing of what a text is about."""
    base = folded.removesuffix("'s")
    if len(base) < 2 or len(base) > LONGEST or base in _stop():
        return ""
    if not base.isascii():
        marked = unicodedata.normalize("NFKD", base)
        base = "".join(own for own in marked if not unicodedata.combining(own)).lower()
    return _safe(stem(base.replace("'", "")))


def _safe(own: str) -> str:
    """A term of letters and digits that no tokenizer takes apart."""
    if own.isascii() and own.isalnum():
        return own
    return "".join(c if c in _KEPT else f"{ord(c):x}" for c in own)


@cache
def _stop() -> frozenset[str]:
    return words("common", "stop") | {"say", "says", "said", "told"}


def fingerprint(texts: Iterable[str]) -> bytes:
    """The same for two texts whose words are the same, whatever stands between them."""
    words = (" ".join(_TOKEN.findall(fold(text).lower())) for text in texts)
    return digest(" ".join(own for own in words if own).encode("utf-8", "replace"))


def digest(data: bytes) -> bytes:
    from hashlib import blake2b

    return blake2b(data, digest_size=16).digest()


# --- figures ----------------------------------------------------------------------------------------


def _figure(text: str, tokens: list[_Word], at: int) -> tuple[str, int]:
    """The term of the figure that begins here and the index behind it; "" when there is none."""
    own = tokens[at][2]
    end = at + 1
    value: float | None
    if own in _WORDS:
        value = _WORDS[own]
        if value >= 20 and _joined(text, tokens, end, "-") and 0 < _WORDS.get(tokens[end][2], 0) < 10:
            value += _WORDS[tokens[end][2]]
            end += 1
    else:
        value = _value(own)
        if value is None:
            return "n" + _safe(own.translate(_SAFE)[:LONG]), end
    if _joined(text, tokens, end, "", " ", "-"):
        scale = _SCALES.get(tokens[end][2])
        if scale:
            return _named(value * scale), end + 1
    return ("" if own == "one" else _named(value)), end


def _joined(text: str, tokens: list[_Word], at: int, *marks: str) -> bool:
    """Whether one of these marks, and nothing else, stands between a token and the one before it."""
    return at < len(tokens) and text[tokens[at - 1][1] : tokens[at][0]] in marks


_SAFE = str.maketrans({".": "d", ",": "d", ":": "c", "+": None, "-": None})


def _value(own: str) -> float | None:
    if not own.isascii() or len(own) > PRECISION:
        return None
    if _THOUSANDS.fullmatch(own):
        return float(own.replace(",", ""))
    return float(own) if _NUMBER.fullmatch(own) else None


def _named(value: float) -> str:
    return "n" + f"{value:.{PRECISION}g}".translate(_SAFE)


# --- names and quotations ---------------------------------------------------------------------------


def _names(text: str, tokens: list[_Word]) -> Iterator[Term]:
    for (start, end, before, capital), (next, last, after, too) in pairwise(tokens):
        if capital and too and text[end:next] in (" ", "-", ". "):
            first, second = word(before), word(after)
            if first and second:
                yield Term(f"{first}0{second}", Sort.NAME, start, last)


def _quoted(text: str, inside: bool) -> tuple[list[tuple[int, int]], bool]:
    """The ranges of a text inside double quotation marks."""
    out, start = [], 0
    for mark in _MARK.finditer(text):
        opens = mark.group() in "“„«" or (mark.group() == '"' and not inside)
        if inside and not opens:
            out.append((start, mark.start()))
        if opens:
            start = mark.end()
        inside = opens
    if inside:
        out.append((start, len(text)))
    return out, inside


def _shingles(tokens: list[_Word], quoted: list[tuple[int, int]]) -> Iterator[Term]:
    for start, end in quoted:
        within = [token for token in tokens if start <= token[0] and token[1] <= end]
        for at in range(len(within) - SHINGLE + 1):
            part = within[at : at + SHINGLE]
            said = " ".join([token[2] for token in part]).encode("utf-8", "replace")
            yield Term(f"0q{zlib.crc32(said):08x}", Sort.QUOTED, part[0][0], part[-1][1])

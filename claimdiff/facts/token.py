"""Words of a statement: spans, folded form, lemma, stem and a coarse part of speech."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from claimdiff.facts.reading import lemma
from claimdiff.facts.tagging import Form, classes, style, tags
from claimdiff.lexicon import words
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

# Soft hyphens, combining accents and joiners stand inside a word and are no letters.
_INNER = "\u00ad\u0300-\u036f\u200b-\u200d\u2060"
_WORD = rf"[^\W\d_]++(?:[{_INNER}]++[^\W\d_]*+)*+"
_TOKEN = re.compile(
    rf"""
    (?:https?://|www\.)[^\s"<>]*[^\s"<>.,;:!?)'\]]              # an address
    | (?:Ph|M\.?Sc|B\.?Sc)\.D\.? | [^\W\d_](?:\.[^\W\d_](?![^\W\d_]))+\.?  # Ph.D., U.S., a.m.
    | \d++(?:[.,:]\d++)*+(?:(?:st|nd|rd|th)(?![^\W\d_]))?       # 1,200  9.5  6:40  3rd
    | [A-Z]{{1,2}}\d{{1,4}}(?:[A-Z]\d*+)?(?!\w)                  # G7, MH370, H5N1
    | '(?:s|re|ve|ll|d|m|S|RE|VE|LL|D|M)(?!\w)                  # after what is not a word: the G7's
    | {_WORD}(?:'{_WORD})*+
    | \.{{2,}} | -- | \S
    """,
    re.VERBOSE,
)
_CLITICS = ("'s", "'re", "'ve", "'ll", "'d", "'m")
_DROP = re.compile("[\u00ad\u200b-\u200d\u2060]")
_HELPERS = frozenset({"X", "BE", "BB", "BN", "BG", "HV", "HB", "DO"})
_CONTENT = frozenset({Tag.NOUN, Tag.NAME, Tag.VERB, Tag.ADJECTIVE, Tag.ADVERB, Tag.NUMBER})


def fold(text: str) -> str:
    """`text` with quotes, dashes and spaces folded, character for character; case is kept."""
    return text.translate(_FOLD)


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """The Snowball stem of a folded lower-case word."""
    return _stemmer().stem(word)  # type: ignore[no-any-return]


@cache
def _stemmer():  # type: ignore[no-untyped-def]
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english")


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a plain text, in order; every character that is not white space is in one.

    "can't" is "ca" and "n't", "cannot" is "can" and "not", "it's" is "it" and "'s"; a hyphen stands
    alone. `lemma` is the dictionary form in the part of speech that the context suggests, and
    `content` says that the word carries meaning of its own."""
    spans = _spans(fold(text))
    forms = _forms(text, spans)
    names = classes(forms)
    out = []
    for span, form, name, tag in zip(spans, forms, names, tags(forms, names), strict=True):
        piece, norm, mark, _ = form
        base, root, content = _meaning(norm, name, tag, piece.isupper(), mark)
        out.append(Token(span, piece, norm, base, root, tag, content))
    return tuple(out)


def norms(text: str) -> Iterator[str]:
    """The folded forms of the tokens of a text, which cost far less than the tokens."""
    return (_folded(text[start:end])[1] for start, end in _spans(fold(text)))


def is_title_case(tokens: Sequence[Token]) -> bool:
    """Whether a text is written as headlines are, with capitals on most longer words."""
    return style([Form(t.text, t.norm, t.tag is Tag.PUNCTUATION, False) for t in tokens]).title


def _spans(folded: str) -> list[Span]:
    spans = []
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        if "'" in (text := match.group()) or (end - start == 6 and text.lower() == "cannot"):
            first = start
            for cut in _cuts(text):
                spans.append(_span(start, first + cut))
                start = first + cut
        spans.append(_span(start, end))
    return spans


@lru_cache(maxsize=1 << 14)
def _span(start: int, end: int) -> Span:
    """A span; those of the first words of all statements are mostly the same ones and share their memory."""
    return Span(start, end)


def _cuts(text: str) -> tuple[int, ...]:
    """Where a word is cut before its clitics."""
    low = text.lower()
    if low == "cannot":
        return (3,)
    cuts: list[int] = []
    end = len(low)
    while True:
        size = 3 if low.endswith("n't", 0, end) else 0
        size = size or next((len(clitic) for clitic in _CLITICS if low.endswith(clitic, 0, end)), 0)
        if not size or size >= end:
            return tuple(reversed(cuts))
        end -= size
        cuts.append(end)


def _forms(text: str, spans: Sequence[Span]) -> list[Form]:
    forms = []
    before = -1
    for start, end in spans:
        forms.append(Form(*_folded(text[start:end]), start == before))
        before = end
    return forms


@lru_cache(maxsize=1 << 14)
def _folded(piece: str) -> tuple[str, str, bool]:
    """A piece of text, one and the same for all places where it stands, its folded form, and whether it is
    a mark."""
    norm = _norm(piece)
    mark = not norm[0].isalnum() and not (len(norm) > 1 and norm[0] == "'")
    return norm if norm == piece else piece, norm, mark


def _norm(piece: str) -> str:
    norm = fold(piece).lower()
    if piece == "…" or (norm[0] == "." and len(norm) > 1):
        return "..."
    if norm == "--":
        return "–"
    if not norm.isascii():
        norm = _DROP.sub("", unicodedata.normalize("NFC", norm)) or norm
    return norm


@lru_cache(maxsize=1 << 14)
def _meaning(norm: str, name: str, tag: Tag, upper: bool, mark: bool) -> tuple[str, str, bool]:
    """The lemma and the stem, and whether the word carries meaning of its own."""
    base, root = _roots(norm, name, upper, mark)
    return base, root, tag in _CONTENT and not _empty(base, norm, name)


def _roots(norm: str, name: str, upper: bool, mark: bool) -> tuple[str, str]:
    if norm == "%":
        return "percent", "percent"
    if mark or name == "PS":
        return norm, norm
    if norm == "us" and upper:
        return "u.s.", "u.s."
    if norm in ("'s", "'d"):
        return {"BE": "be", "HV": "have", "MD": "would"}.get(name, norm), norm
    return lemma(norm, name), stem(norm)


def _empty(base: str, norm: str, name: str) -> bool:
    """Whether a word of an open class says nothing by itself."""
    if name in _HELPERS:
        return True
    kind = {"R": "function_adverbs", "J": "function_adjectives"}.get(name)
    if kind is None and name[0] == "V":
        return norm in ("according", "including") or base in words("common", "function_verbs")
    return kind is not None and base in words("common", kind)

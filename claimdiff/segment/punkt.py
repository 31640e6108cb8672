"""nltk's Punkt, built in memory from our own abbreviations; it loads no data and trains nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from claimdiff.lexicon import words

# nltk stops each of its regular expressions after five seconds; a piece of this size takes milliseconds.
PIECE = 50_000

# Punkt knows straight quotation marks only. One character for one, so that offsets hold.
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_RUN = re.compile(r"[.!?…](?:\s*+[.!?…]){3,}+")


@cache
def abbreviations() -> frozenset[str]:
    """Every word after which a period may be part of the word."""
    kinds = ("titles", "joining", "numbered", "proper", "general", "clock")
    return frozenset().union(*(words("abbreviations", kind) for kind in kinds))


@cache
def _tokenizer() -> Any:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(abbreviations())
    parameters.sent_starters = set(words("abbreviations", "starters"))
    return PunktSentenceTokenizer(parameters)


def breaks(text: str) -> tuple[frozenset[int] | None, bool]:
    """The places where a sentence ends for Punkt, and True; None and False when it ran out of time."""
    plain = _RUN.sub(_blank, text.translate(_STRAIGHT))
    found = []
    try:
        for start, stop in _pieces(plain):
            spans = list(_tokenizer().span_tokenize(plain[start:stop]))
            found += [start + end for _, end in spans]
    except TimeoutError:
        return None, False
    return frozenset(found), True


def _blank(run: re.Match[str]) -> str:
    """Long runs of sentence marks say no more than one and cost Punkt quadratic time."""
    return run.group()[0] + " " * (len(run.group()) - 1)


def _pieces(text: str) -> list[tuple[int, int]]:
    """Pieces of at most PIECE characters, cut at spaces where there are any."""
    pieces = []
    start = 0
    while len(text) - start > PIECE:
        cut = text.rfind(" ", start + 1, start + PIECE) + 1 or start + PIECE
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, len(text))] if text else []

"""What surrounds a cue: closed word sets, and shares that a text gives in figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from claimdiff.detect.cueview import Side, View
from claimdiff.detect.once import once, positions
from claimdiff.detect.seen import words as spelt
from claimdiff.lexicon import words
from claimdiff.model import Pair, Span

_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
NUMBERS = {word: str(number) for number, word in enumerate(_WORDS)}

_SHARE = re.compile(
    r"\b([0-9.,]++|[a-z]++)[ -]+(?:(?:out )?of|in)(?: the| its| their| his| her| last year's)?"
    r" ([0-9,]++|[a-z]++)\b"
    r"|([0-9.]++) ?(?:%|per ?cent)", re.IGNORECASE,
)  # fmt: skip


@cache
def listed(name: str) -> frozenset[str]:
    """A word set of scope.toml."""
    return words("scope", name)


def shares(text: str) -> Iterator[float]:
    """Shares that a text gives in figures: 60%, "seven in ten", "31 of last year's 38"."""
    for match in _SHARE.finditer(text):
        part, whole, percent = match.groups()
        if percent:
            yield ratio(percent, "100")
            continue
        part, whole = (NUMBERS.get(w.lower(), w) for w in (part, whole))
        if part[0].isdigit() and whole[0].isdigit() and ratio(whole, part) >= 0.999:
            yield ratio(part, whole)


def ratio(part: str, whole: str) -> float:
    """What part one figure is of another, at most 1; one half when they cannot be read."""
    try:
        return min(1.0, float(part.replace(",", "")) / float(whole.replace(",", "")))
    except (ValueError, ZeroDivisionError):
        return 0.5


def quoted(side: Side, span: Span) -> bool:
    """Whether a span lies in a quotation, be it in part."""
    return any(quotation.span.overlaps(span) for quotation in side.facts.quotations)


@once
def source_words(sight: View) -> frozenset[str]:
    """The stems and forms of all words of the source statements."""
    return frozenset[str]().union(*[spelt(side.facts) for side in sight.old])


@once
def near_words(pair: Pair) -> frozenset[str]:
    """The stems and forms of all words of the statement and of its neighbours in the rewrite."""
    own = spelt(pair.derivative)
    at = positions(pair.context.derivative).get(pair.derivative.statement.id)
    if at is None:
        return own
    return own.union(*[spelt(facts) for facts in pair.context.derivative[max(0, at - 1) : at + 2]])

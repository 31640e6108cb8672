"""What a text and a candidate share: passages, names and figures, with their places in both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from claimdiff.model import Document, Role, Span, Statement
from claimdiff.trace.terms import Sort, Term, terms

ALIKE = 0.4  # the share of a sentence's weight that a passage holds
FEWEST = 2  # terms that a passage shares
# Words with a capital that name nobody.
CALENDAR = frozenset(
    (
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February",
        "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    )
)  # fmt: skip
SMALL = 2  # characters of a figure's term up to which it stands in every text


class Place(NamedTuple):
    """A sentence, where it stands in its text, and in which line."""

    span: Span
    line: int
    text: str


class Passage(NamedTuple):
    """A sentence of the text and the one of the candidate that is most like it. `share` is how much of the
    first is in the second, by weight."""

    derivative: Place
    source: Place
    share: float


class Shared(NamedTuple):
    """Names and figures are written as in the derivative, in its order."""

    passages: tuple[Passage, ...]
    names: tuple[str, ...]
    figures: tuple[str, ...]


def claims(document: Document) -> list[tuple[Statement, list[Term]]]:
    """The statements of a segmented document that are part of the story, with their terms."""
    return [
        (own, terms(own.text, own.inside)[0])
        for own in document.statements
        if own.role is not Role.BOILERPLATE
    ]


def shared(
    text: Sequence[tuple[Statement, list[Term]]], whole: str, other: Document, weights: Mapping[str, float]
) -> Shared:
    """What a text's statements share with another document; `whole` is the document's text that they are
    of. Terms without a weight count nothing."""
    theirs = [(own, frozenset(term.text for term in found)) for own, found in claims(other)]
    where: dict[str, list[int]] = {}
    for at, (_, found) in enumerate(theirs):
        for name in sorted(found):
            where.setdefault(name, []).append(at)
    passages = []
    names: list[str] = []
    figures: list[str] = []
    for own, mine in text:
        best = _best({term.text for term in mine}, where, weights)
        if best is not None:
            at, share = best
            passages.append(Passage(_place(own, whole), _place(theirs[at][0], other.text), share))
        common = [term for term in mine if term.text in where]
        if own.role is not Role.HEADLINE:
            names += _names(own.text, common)
        figures += _figures(own.text, common)
    return Shared(tuple(passages), _once(names), tuple(dict.fromkeys(figures)))


def _best(
    mine: set[str], where: Mapping[str, Sequence[int]], weights: Mapping[str, float]
) -> tuple[int, float] | None:
    """The sentence of the other text that has most of these terms, and how much of them."""
    total = 0.0
    likeness: dict[int, float] = {}
    count: dict[int, int] = {}
    for name in sorted(mine):
        weight = weights.get(name, 0.0)
        total += weight
        for at in where.get(name, ()):
            likeness[at] = likeness.get(at, 0.0) + weight
            count[at] = count.get(at, 0) + 1
    if not total or not likeness:
        return None
    best = min(likeness, key=lambda at: (-round(likeness[at], 9), at))
    share = likeness[best] / total
    return (best, round(share, 2)) if share >= ALIKE and count[best] >= FEWEST else None


def _place(own: Statement, whole: str) -> Place:
    return Place(own.span, whole.count("\n", 0, own.span.start) + 1, own.text)


def _names(text: str, common: Iterable[Term]) -> list[str]:
    """The names among the terms, neighbours joined."""
    spans: list[Span] = []
    for term in sorted(common, key=lambda term: (term.start, -term.end)):
        if term.sort in (Sort.NAME, Sort.CAPITAL):
            own = Span(term.start, term.end)
            if spans and own.start < spans[-1].end:
                spans[-1] = spans[-1].join(own)
            else:
                spans.append(own)
    found = (" ".join(span.of(text).split()) for span in spans)
    return [own.removesuffix("'s").removesuffix("’s") for own in found if own not in CALENDAR]


def _figures(text: str, common: Iterable[Term]) -> list[str]:
    out = []
    for term in sorted(common, key=lambda term: term.start):
        if term.sort is Sort.FIGURE:
            start = term.start - (text[term.start - 1 : term.start] in ("$", "£", "€", "¥"))
            end = term.end + (text[term.end : term.end + 1] == "%")
            if len(term.text) > SMALL or end - start > term.end - term.start:
                out.append(text[start:end])
    return out


def _once(names: Sequence[str]) -> tuple[str, ...]:
    """Each name once, and none that is part of a longer one."""
    out = dict.fromkeys(names)
    return tuple(own for own in out if not any(f" {own} " in f" {other} " for other in out if other != own))

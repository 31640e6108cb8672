"""A pair as the time rules see it: its times, which of them agree, and how a signal is made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property

from claimdiff.detect.elsewhere import times_but
from claimdiff.detect.moments import CLOSE, agree, kinds
from claimdiff.detect.seen import edges
from claimdiff.lexicon import load
from claimdiff.model import Facts, Moment, Pair, Severity, Signal, Span, Tag, Type

LONGEST = 300  # tokens; a longer statement is a list or a table, whose words tell nothing of a time
MOST = 60  # times of one statement that are looked at
WINDOW = 5  # tokens on either side that tell what a time is about
DATELINE = 16  # tokens within which a dateline ends
_LONGEST_BOUND = 4  # words of a bound
LOOSE = 0.2  # "about two years" for 26 months

Old = tuple[int, Moment]  # a moment and the linked source statement in which it stands


class View:
    """A pair with what the rules ask of it again and again."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.news = pair.derivative.moments[:MOST]
        self.olds: tuple[Old, ...] = tuple(
            (i, m) for i, facts in enumerate(pair.sources) for m in facts.moments[:MOST]
        )

    @cached_property
    def others(self) -> tuple[Moment, ...]:
        """The times of the source statements that the pair does not rest on, each once."""
        return times_but(self.pair.context.sources, self.pair.sources)

    @cached_property
    def held(self) -> tuple[tuple[Old, ...], ...]:
        """For each derivative moment the source moments that agree with it."""
        return tuple(tuple(old for old in self.olds if self.carries(old, new)) for new in self.news)

    def carries(self, old: Old, new: Moment) -> bool:
        """Whether a source moment agrees with a derivative's, or comes close where words say "about"."""
        if agree(old[1], new):
            return True
        if kinds(new) != ("duration",) or old[1].duration is None or new.duration is None:
            return False
        share = old[1].duration / new.duration
        bound = bound_before(self.pair.derivative, new.span)
        if bound in ("under", "at_most", "nearly"):
            return (0.8 if bound == "nearly" else 0.5) <= share <= 1 + CLOSE
        if bound in ("over", "at_least"):
            return 1 - CLOSE <= share <= 1.6
        hedged = bound or bound_before(self.pair.sources[old[0]], old[1].span)
        return bool(hedged) and abs(share - 1) <= LOOSE

    def here(self, span: Span) -> str:
        return span.of(self.pair.derivative.statement.text)

    def there(self, statement: int, span: Span) -> str:
        return span.of(self.pair.sources[statement].statement.text)

    def overlap(self, new: Moment, old: Old) -> int:
        """How many words around a derivative's time have their match around a source's."""
        here, there = self.pair.derivative, self.pair.sources[old[0]]
        if max(len(here.tokens), len(there.tokens)) > LONGEST:
            return 0
        mine, theirs = _around(here, new.span), _around(there, old[1].span)
        near = (m for m in self.pair.matches if m.statement == old[0] and m.relation != "antonym")
        return sum(m.derivative in mine and m.source in theirs for m in near)

    def signal(
        self, rule: str, strength: float, span: Span, old: tuple[int, Span] | None, message: str = ""
    ) -> Signal:
        here, there = self.here(span), self.there(*old) if old else ""
        message = message or (
            f"{there} in the source, {here} here." if old else f"The source does not give {here}."
        )
        severity = Severity.MAJOR if strength >= 0.5 else Severity.MINOR
        return Signal(rule, (Type.TIME,), severity, strength, message, span, old, there, here)


@cache
def _bounds() -> Mapping[tuple[str, ...], str]:
    """{words: the bound that they give}."""
    rows = (
        (tuple(phrase.split()), name) for name, group in load("number")["bound"].items() for phrase in group
    )
    return dict(sorted(rows))


@cache
def _last_words() -> frozenset[str]:
    return frozenset(parts[-1] for parts in _bounds())


def bound_before(facts: Facts, span: Span) -> str:
    """The bound before a span of time ("about", "over", "nearly"), or ""."""
    end = edges(facts).before(span)
    if not end or facts.tokens[end - 1].norm not in _last_words():
        return ""
    near = tuple([token.norm for token in facts.tokens[max(0, end - _LONGEST_BOUND) : end]])
    for at in range(len(near)):
        if near[at:] in _bounds():
            return _bounds()[near[at:]]
    return ""


def _around(facts: Facts, span: Span) -> range:
    inside = edges(facts).touched(span)
    return range(inside[0] - WINDOW, inside[-1] + WINDOW + 1) if inside else range(0)


def dateline(facts: Facts, span: Span) -> bool:
    """Whether a time stands in a dateline: in the first words, with a dash behind it ("OSLO, Oct. 9 -")."""
    tokens = facts.tokens[:DATELINE]
    dash = next((t for t in tokens if t.norm in ("-", "–", "—") and t.span.start >= span.end), None)
    if dash is None or not tokens[0].text[:1].isupper():
        return False
    text, (start, end) = facts.statement.text, dash.span
    spaced = text[start - 1 : start].isspace() and text[end : end + 1].isspace()
    return spaced and all(t.tag is not Tag.VERB for t in tokens if t.span.end <= dash.span.start)

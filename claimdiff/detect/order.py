"""The order of events: before and after, until and since, at the earliest and at the latest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from claimdiff.detect.once import once
from claimdiff.detect.seen import edges
from claimdiff.detect.timeview import LONGEST, MOST, Old, View, bound_before
from claimdiff.lexicon import load
from claimdiff.model import Facts, Moment, Signal, Span

REACH = 8  # tokens before a connective within which its negation stands
_AHEAD, _BEHIND = ("before", "until", "by"), ("after", "since", "from")


def placed(view: View, new: Moment, held: tuple[Old, ...]) -> Iterator[Signal]:
    """The same time, placed by another preposition."""
    if new.duration is not None:
        yield from _turned(view, new, held)
        return
    mine = _order(view.pair.derivative, new)
    orders = [_order(view.pair.sources[statement], old) for statement, old in held]
    # "Not until Friday" may be said without a "not" that stands near: the bare words may agree as well.
    if mine in orders or any(old.order == new.order or old.duration is not None for _, old in held):
        yield from _all_of(view, new, held)
        return
    for statement, old in held[:1]:
        earliest = orders[0] == "not" and old.order == "before" and mine == ""
        strength = _order_strength(orders[0], mine, earliest=earliest)
        if orders[0] == "by" and _preposition(view.pair.derivative, new.span) == "on":
            strength = 0.5  # a last day told as the day
        if "not" in (mine, *orders) and {new.order, old.order} <= {"before", "until"}:
            continue
        source = (statement, _with_order(view.pair.sources[statement], old))
        span = _with_order(view.pair.derivative, new)
        if old.order == "since" and mine == "":
            extreme = _extreme(view.pair.sources[statement], old.span) and not _extreme(
                view.pair.derivative, new.span
            )
            yield view.signal("time-since", 0.7 if extreme else 0.25, span, source)
        elif strength:
            yield view.signal("time-order", strength, span, source)


def before(facts: Facts, span: Span, most: int) -> list[str]:
    """The words before a time, as many as are asked for."""
    end = edges(facts).before(span)
    return [token.norm for token in facts.tokens[max(0, end - most) : end]]


def _preposition(facts: Facts, span: Span) -> str:
    """The word right before a time."""
    return "".join(before(facts, span, 1))


def _order(facts: Facts, moment: Moment) -> str:
    """The order that a moment's words give; "not until Friday" is from Friday on."""
    if moment.order in ("until", "before") and negated(facts, _index(facts, moment.span)):
        return "not"
    return moment.order


def _extent(facts: Facts, span: Span) -> Span | None:
    """The words before a time that claim all of it, with the time: "throughout 2022"."""
    near = before(facts, span, 5)
    for phrase in load("time")["extent"]["all"]:
        words = phrase.split()
        if near[-len(words) :] == words:
            return facts.tokens[edges(facts).before(span) - len(words)].span.join(span)
    return None


def _all_of(view: View, new: Moment, held: tuple[Old, ...]) -> Iterator[Signal]:
    """A part of a time told as all of it."""
    claimed = _extent(view.pair.derivative, new.span)
    if claimed and not any(_broad(view.pair.sources[statement], old.span) for statement, old in held):
        yield view.signal("time-changed", 0.55, claimed, (held[0][0], held[0][1].span))


def _broad(facts: Facts, span: Span) -> bool:
    """Whether the source too speaks of the whole of a time, or of most of it."""
    return not set(before(facts, span, 5)).isdisjoint(load("time")["extent"]["broad"])


def _turned(view: View, new: Moment, held: tuple[Old, ...]) -> Iterator[Signal]:
    """ "Two days before" told as "two days after", unless the events changed sides too."""
    yield from _limit_turned(view, new, held)
    flips = [old for old in held if {old[1].order, new.order} == {"before", "after"}]
    if not flips or len(flips) < len(held):
        return
    statement, old = flips[0]
    at, theirs = _index(view.pair.derivative, new.span), _index(view.pair.sources[statement], old.span)
    straight, crossed = orientation(view, statement, at, theirs)
    if crossed <= straight:
        span = _with_trailing(view.pair.derivative, new.span)
        source = _with_trailing(view.pair.sources[statement], old.span)
        yield view.signal("time-order", 0.65 if straight else 0.45, span, (statement, source))


def _limit_turned(view: View, new: Moment, held: tuple[Old, ...]) -> Iterator[Signal]:
    """ "At least three weeks" told as "at most three weeks", or the reverse."""
    side = {"at_least": 1, "over": 1, "at_most": -1, "under": -1}
    mine = side.get(bound_before(view.pair.derivative, new.span), 0)
    theirs = [side.get(bound_before(view.pair.sources[n], old.span), 0) for n, old in held]
    if mine and all(mine * other < 0 for other in theirs):
        message = f"{view.there(held[0][0], held[0][1].span)} is the limit on the other side in the source."
        yield view.signal("time-changed", 0.7, new.span, (held[0][0], held[0][1].span), message)


def _index(facts: Facts, span: Span) -> int:
    """The last token of a span, by index."""
    return max(0, edges(facts).behind(span) - 1)


def _with_trailing(facts: Facts, span: Span) -> Span:
    after = edges(facts).behind(span)
    return span.join(facts.tokens[after].span) if after < len(facts.tokens) else span


def _order_strength(old: str, new: str, *, earliest: bool = False) -> float:
    """How much a change of order weighs; `earliest` says that "not before" became a plain date."""
    if "not" in (old, new):
        if {old, new} & {*_BEHIND}:
            return 0.0  # "not before Friday" is from Friday on
        return 0.5 if {old, new} & {"by"} else 0.65 if earliest else 0.3
    if {old, new} == {"from", "by"}:
        return 0.5
    if (old in _AHEAD and new in _BEHIND) or (old in _BEHIND and new in _AHEAD):
        return 0.75
    if {old, new} == {"until", "by"}:
        return 0.4
    if {old, new} & {"before", "after", "until"} and "" in (old, new):
        return 0.35
    return 0.0


def _with_order(facts: Facts, moment: Moment) -> Span:
    """A moment with its preposition."""
    words = load("time")["order"]
    end = edges(facts).before(moment.span)
    for token in reversed(facts.tokens[max(0, end - 6) : end]):
        if words.get(token.norm) == moment.order != "":
            return token.span.join(moment.span)
    return moment.span


def _extreme(facts: Facts, span: Span) -> bool:
    """Whether a superlative or "first time" stands before a time: what "since" then measures."""
    return any(
        w in ("first", "least", "most", "worst", "best") or (w.endswith("est") and len(w) > 5)
        for w in before(facts, span, 12)
    )


def connectives(view: View) -> Iterator[Signal]:
    """ "A after B" in the source, "A before B" or "B after A" here, by where the words come from."""
    for index, span, order in _links(view.pair.derivative):
        if any(moment.span.covers(span) for moment in view.news):
            continue
        for statement, facts in enumerate(view.pair.sources):
            for theirs, source, old in _links(facts):
                straight, crossed = orientation(view, statement, index, theirs)
                turned = (
                    order != old
                    and straight >= 2
                    and not crossed
                    and not _untold(view, span, statement, source)
                )
                if turned or (order == old and crossed >= 2 and not straight):
                    yield view.signal("time-order", 0.65, span, (statement, source))


def limits(view: View) -> Iterator[Signal]:
    """ "At the earliest" told as "at the latest", or the reverse."""
    opposite = {"earliest": "latest", "latest": "earliest"}
    tokens = view.pair.derivative.tokens
    for index, token in enumerate(tokens):
        if token.norm not in opposite or [t.norm for t in tokens[max(0, index - 2) : index]] != ["at", "the"]:
            continue
        norms = [
            (i, t) for i, facts in enumerate(view.pair.sources) for t in facts.tokens if t.norm in opposite
        ]
        if norms and all(t.norm == opposite[token.norm] for _, t in norms):
            span = tokens[index - 2].span.join(token.span)
            yield view.signal("time-order", 0.7, span, (norms[0][0], norms[0][1].span))


@cache
def _connectives() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """{first word: the connectives that begin with it}, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for parts in sorted((tuple(phrase.split()) for phrase in load("time")["connective"]), key=len):
        found.setdefault(parts[0], []).insert(0, parts)
    return {word: tuple(rows) for word, rows in found.items()}


@once
def _links(facts: Facts) -> list[tuple[int, Span, str]]:
    """The connectives of time in a statement: token index, span, "before" or "after"."""
    rows, tokens = _connectives(), facts.tokens
    found: list[tuple[int, Span, str]] = []
    for index, token in enumerate(tokens):
        for parts in rows.get(token.norm, ()):
            end = index + len(parts)
            if tuple([t.norm for t in tokens[index:end]]) != parts:
                continue
            phrase = " ".join(parts)
            if end == len(tokens) or tokens[end].norm not in ("which", "after"):
                waits = phrase in ("until", "before") and negated(facts, index)
                order = "after" if waits else load("time")["connective"][phrase]
                found.append((index, token.span.join(tokens[end - 1].span), order))
            break
    return found[:MOST]


def _untold(view: View, span: Span, statement: int, source: Span) -> bool:
    """Whether both connectives are "until" or "before": then only a "not" that may hide sets them apart."""
    waiting = ("until", "before")
    return view.here(span).lower() in waiting and view.there(statement, source).lower() in waiting


def negated(facts: Facts, index: int) -> bool:
    """Whether a negation stands shortly before a token: "will not reopen until"."""
    near = facts.tokens[max(0, index - REACH) : index]
    if index <= 2 * REACH and facts.tokens[0].norm in ("no", "nobody", "none", "nothing", "neither"):
        return True
    return any(token.norm in ("not", "n't", "no", "never", "nobody", "cannot", "nor") for token in near)


def orientation(view: View, statement: int, index: int, theirs: int) -> tuple[int, int]:
    """How many matched words near a connective keep their side of the source's, and how many change it."""
    if max(len(view.pair.derivative.tokens), len(view.pair.sources[statement].tokens)) > LONGEST:
        return 0, 0
    straight = crossed = 0
    sides = set()
    for m in view.pair.matches:
        if m.statement != statement or m.relation == "antonym" or abs(m.derivative - index) > 10:
            continue
        if m.derivative == index or m.source == theirs or abs(m.source - theirs) > 8:
            continue
        kept = (m.derivative < index) == (m.source < theirs)
        straight, crossed = straight + kept, crossed + (not kept)
        sides.add(m.derivative < index)
    return (straight, crossed) if len(sides) == 2 else (0, 0)

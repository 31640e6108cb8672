"""Limits and edges of a time: at the earliest, at least two weeks, early or late in the month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from claimdiff.detect.seen import edges
from claimdiff.detect.slot import in_slot
from claimdiff.detect.timeview import LONGEST, Old, View, bound_before
from claimdiff.lexicon import load, words
from claimdiff.model import Facts, Moment, Signal, Span, Token

NEAR = 4  # tokens beside a time within which its limit stands
_LOST = {"at_least": 0.45, "at_most": 0.45, "more": 0.25, "less": 0.35}


def loosened(view: View, new: Moment, held: tuple[Old, ...]) -> Iterator[Signal]:
    """Signals for a limit on a time that is gone, and for another edge of the same time."""
    if max(len(f.tokens) for f in (view.pair.derivative, *view.pair.sources)) > LONGEST:
        return
    if new.duration is not None:
        yield from _length(view, new, held)
        return
    yield from _limit(view, new, held)
    mine = _edge(view.pair.derivative, new)
    theirs = [_edge(view.pair.sources[n], old) for n, old in held]
    if mine and theirs and all(theirs) and mine not in theirs:
        yield view.signal(
            "time-changed", 0.7, new.span, (held[0][0], held[0][1].span), _edges(mine, theirs[0])
        )


def _edges(mine: str, theirs: str) -> str:
    return f"The {theirs} of this time in the source, the {mine} of it here."


def _length(view: View, new: Moment, held: tuple[Old, ...]) -> Iterator[Signal]:
    """ "By no more than a week" told as "by a week"."""
    if _bound(view.pair.derivative, new) or _limiting(view.pair.derivative):
        return
    found = [_stated(view.pair.sources[n], old) for n, old in held]
    if not found or any(entry is None for entry in found) or found[0] is None:
        return
    name, whole = found[0]
    statement = held[0][0]
    slot = in_slot(view.pair, new.span, statement, whole)
    strength = _LOST[name] + (0.2 if slot else 0.0)
    yield view.signal("time-bound", strength, new.span, (statement, whole), _lost(name, view, new))


def _stated(facts: Facts, moment: Moment) -> tuple[str, Span] | None:
    """The kind of limit right before a length of time, and both."""
    before = _before(facts, moment, NEAR)
    for name in _LOST:
        for parts in map(str.split, load("time")["limit"][name]):
            if [token.norm for token in before[-len(parts) :]] == parts:
                return name, before[-len(parts)].span.join(moment.span)
    return None


def _lost(name: str, view: View, new: Moment) -> str:
    limit = name.replace("_", " ")
    return f"{view.here(new.span)} is a limit in the source (“{limit}”), a plain length of time here."


def _before(facts: Facts, moment: Moment, most: int) -> list[Token]:
    """The tokens before a time, as many as are asked for."""
    end = edges(facts).before(moment.span)
    return list(facts.tokens[max(0, end - most) : end])


def _behind(facts: Facts, moment: Moment) -> list[Token]:
    """The tokens right behind a time."""
    start = edges(facts).behind(moment.span)
    return list(facts.tokens[start : start + NEAR])


def _bound(facts: Facts, moment: Moment) -> str:
    """The bound before or behind a span of time, or ""."""
    before = bound_before(facts, moment.span)
    if before:
        return before
    after = [token.norm for token in _behind(facts, moment)]
    for name, phrases in load("number")["bound_after"].items():
        if any(after[: len(parts)] == parts for parts in map(str.split, phrases)):
            return str(name)
    return ""


def _limiting(facts: Facts) -> bool:
    known = words("time", "limit", "limiting")
    return any(token.norm in known for token in facts.tokens)


# --- at the earliest ------------------------------------------------------------------------------


def _limit(view: View, new: Moment, held: tuple[Old, ...]) -> Iterator[Signal]:
    """ "Until Thursday at the earliest" told as "until Thursday"."""
    table = load("time")["limit"]
    for group, strength in (("earliest", 0.6), ("latest", 0.5), ("soon", 0.45)):
        spans = [_phrase(view.pair.sources[n], old, group) for n, old in held]
        if not spans or not all(spans) or spans[0] is None:
            continue
        known = {token.norm for token in view.pair.derivative.tokens}
        if known.intersection(table[f"{group}_kept"]) or _phrase(view.pair.derivative, new, group):
            continue
        if group == "latest" and new.order in ("by", "before", "until"):
            continue
        statement = held[0][0]
        text = view.there(statement, spans[0])
        message = f"The source says “{text}”; here the time stands without that limit."
        yield view.signal("time-bound", strength, new.span, (statement, spans[0]), message)
        return


def _phrase(facts: Facts, moment: Moment, group: str) -> Span | None:
    """A limiting phrase right before or behind a time, with the time."""
    before, after = _before(facts, moment, 2 * NEAR), _behind(facts, moment)
    rows = [(row, [token.norm for token in row], row is before) for row in (before, after)]
    said = {norm for _, norms, _ in rows for norm in norms}
    for phrase in load("time")["limit"][group]:
        parts = phrase.split()
        if not said.issuperset(parts):
            continue
        for row, norms, ahead in rows:
            at = _find(norms, parts)
            if at is not None and _touches(row, at, len(parts), ahead):
                return row[at].span.join(row[at + len(parts) - 1].span).join(moment.span)
    return None


def _find(norms: list[str], parts: list[str]) -> int | None:
    starts = range(len(norms) - len(parts), -1, -1)
    return next((at for at in starts if norms[at : at + len(parts)] == parts), None)


def _touches(row: list[Token], at: int, size: int, before: bool) -> bool:
    """Whether only small words stand between a phrase and its time."""
    between = row[at + size :] if before else row[:at]
    skip, order = words("time", "order_skip", "words"), load("time")["order"]
    return all(token.norm in skip or token.norm in order for token in between)


# --- the end of the year --------------------------------------------------------------------------


def _edge(facts: Facts, moment: Moment) -> str:
    """Which part of a time is meant: start, middle or end; "" where none is named."""
    for norm in reversed([token.norm for token in _before(facts, moment, 3)]):
        for name, entries in load("time")["edge"].items():
            if norm in entries:
                return str(name)
        if norm not in ("of", "the", "-", "in"):
            break
    return ""


class Period(NamedTuple):
    """A part of a unit that the words do not date: "the end of the month"."""

    edge: str
    unit: str
    span: Span


def periods(view: View) -> Iterator[Signal]:
    """ "At the start of the month" told as "at the start of the year"."""
    news = _periods(view.pair.derivative)
    olds = [(n, p) for n, facts in enumerate(view.pair.sources) for p in _periods(facts)] if news else []
    for new in news:
        if any((old.edge, old.unit) == (new.edge, new.unit) for _, old in olds):
            continue
        edges = load("time")["edge"]
        rivals = [
            (n, old) for n, old in olds
            if old.edge == new.edge or (old.unit == new.unit and {old.edge, new.edge} <= set(edges))
        ]  # fmt: skip
        if rivals:
            yield view.signal("time-changed", 0.65, new.span, (rivals[0][0], rivals[0][1].span))


def _periods(facts: Facts) -> list[Period]:
    tokens, found = facts.tokens, []
    if len(tokens) > LONGEST:
        return []
    for index in range(2, len(tokens) - 1):
        if tokens[index].norm != "the" or tokens[index - 1].norm != "of":
            continue
        norm = tokens[index + 1].norm
        unit = load("time")["unit_word"].get(norm, "")
        if norm.endswith("s") or unit not in ("week", "month", "year", "decade", "century", "day"):
            continue
        word = tokens[index - 2].norm
        edge = next((name for name, entries in load("time")["edge"].items() if word in entries), "")
        found.append(Period(edge or word, unit, tokens[index - 2].span.join(tokens[index + 1].span)))
    return found

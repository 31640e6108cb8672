"""What a figure is tied to: what it was before, whether it is a change or a level, what it is said of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from claimdiff.detect.figures import LONGEST, Old, View
from claimdiff.detect.seen import edges
from claimdiff.detect.value import alike, bounds, is_money, near
from claimdiff.lexicon import load, words
from claimdiff.model import Facts, Quantity, Signal

GAP = 7  # tokens between a figure and the one that it was before
NEAR = 2  # content words behind a figure that tell what it is
SAME = 0.01  # figures nearer than this are one


class Step(NamedTuple):
    """A figure and what it was before."""

    now: Quantity
    before: Quantity


def turned(view: View) -> Iterator[Signal]:
    """ "3.2m, up from 2.9m" told as "2.9m, down from 3.2m": now and before have changed places."""
    mine = steps(view.pair.derivative)
    if not mine:
        return
    for number, facts in enumerate(view.pair.sources):
        for old in steps(facts):
            for new in mine:
                if not _same(old.now, new.before) or not _same(old.before, new.now):
                    continue
                if _same(old.now, new.now) or _same(old.before, new.before):
                    continue
                text, here = facts.statement.text, view.pair.derivative.statement.text
                message = (
                    f"{old.now.span.of(text)} now and {old.before.span.of(text)} before in the source; "
                    f"here {new.now.span.of(here)} now and {new.before.span.of(here)} before."
                )
                yield view.signal("number-swapped", 0.85, new.now, Old(number, old.before), message)
                yield view.signal("number-swapped", 0.85, new.before, Old(number, old.now), message)


def _same(old: Quantity, new: Quantity) -> bool:
    (one, low, high), (other, least, most) = bounds(old), bounds(new)
    return one == other and near(low, least, SAME) and near(high, most, SAME)


def steps(facts: Facts) -> list[Step]:
    """The figures of a statement that are told with what they were before."""
    if len(facts.tokens) > LONGEST:
        return []
    marks, out = words("number", "words", "before_mark"), []
    for first, second in zip(facts.quantities, facts.quantities[1:], strict=False):
        if not alike(first, second) or first.ordinal or second.ordinal or first.low == second.low:
            continue
        places, tokens = edges(facts), facts.tokens
        behind, until = places.behind(first.span), bisect_left(places.starts, second.span.start)
        if until - behind > GAP:
            continue
        between = [t.norm for t in tokens[behind:until]]
        before = places.before(first.span)
        ahead = [t.norm for t in tokens[max(0, before - 1) : before]]
        inside = first.span.of(facts.statement.text).lower().split()[:1]
        if any(mark in between for mark in (";", ".", "and")):
            continue
        if ahead == ["from"] or inside == ["from"]:
            if "to" in between[-2:]:
                out.append(Step(second, first))
        elif any(word in marks for word in between):
            out.append(Step(first, second))
    return out


# --- a change and the level that it leads to ------------------------------------------------------


def level(view: View, new: Quantity, exact: list[Old]) -> tuple[Old, str] | None:
    """ "rose to 45%" told as "rose 45%", or the other way round."""
    if new.unit not in ("percent", "percentage point"):
        return None
    here = new.span.of(view.pair.derivative.statement.text)
    there = [_to_level(view.pair.sources[old.statement], old.quantity) for old in exact]
    if new.change and all(there) and there:
        return exact[0], f"{view.text(exact[0])} is the level reached in the source, {here} the change here."
    if _to_level(view.pair.derivative, new) and all(
        old.quantity.change and not to for old, to in zip(exact, there, strict=True)
    ):
        return exact[0], f"{view.text(exact[0])} is the change in the source, {here} the level reached here."
    return None


def _to_level(facts: Facts, quantity: Quantity) -> bool:
    """Whether a verb of change leads "to" the figure."""
    end = edges(facts).before(quantity.span)
    if quantity.change or not end or facts.tokens[end - 1].norm != "to":
        return False
    before = {token.norm for token in facts.tokens[max(0, end - 5) : end]}
    return any(not before.isdisjoint(words("number", "change", way)) for way in ("up", "down"))


# --- a figure that is said of another thing -------------------------------------------------------


def moved(view: View) -> Iterator[Signal]:
    """ "Eleven in hospital, three of them in intensive care" told as "eleven in intensive care"."""
    used = {id(old) for held in view.held for old in held}
    for new, held in zip(view.news, view.held, strict=True):
        if len(held) != 1 or new.ordinal or new.unit == "designator" or held[0].quantity.ordinal:
            continue
        mine = held[0]
        rivals = [
            old for old in view.olds
            if id(old) not in used and old.statement == mine.statement and not old.quantity.ordinal
            and alike(old.quantity, new) and not _same(old.quantity, new) and _whole(old.quantity)
            and not _part_of(view, mine, old)
        ]  # fmt: skip
        for rival in rivals:
            strength = _taken(view, new, mine, rival)
            if strength:
                here = new.span.of(view.pair.derivative.statement.text)
                message = f"The source gives this as {view.text(rival)}; {here} is of something else there."
                yield view.signal("number-moved", strength, new, rival, message)
                return


def _part_of(view: View, mine: Old, rival: Old) -> bool:
    """Whether one figure is given as a part of the other: "nine of the 14"."""
    first, second = sorted((mine.quantity.span, rival.quantity.span))
    tokens = view.pair.sources[mine.statement].tokens
    places = edges(view.pair.sources[mine.statement])
    between = [t.norm for t in tokens[places.behind(first) : bisect_left(places.starts, second.start)]]
    return len(between) <= 3 and bool({"of", "in"}.intersection(between[:2]))


def _whole(quantity: Quantity) -> bool:
    return quantity.low == quantity.high and bounds(quantity)[0] != "times"


def _taken(view: View, new: Quantity, mine: Old, rival: Old) -> float:
    """How surely a figure stands with the words that the source puts behind another one."""
    facts, here = view.pair.sources[mine.statement], view.pair.derivative
    if max(len(facts.tokens), len(here.tokens)) > LONGEST:
        return 0.0
    after = _behind(here, new, view.news)
    theirs = set(_behind(facts, rival.quantity, facts.quantities))
    own = set(_behind(facts, mine.quantity, facts.quantities))
    pairs = {m.derivative: m.source for m in view.pair.matches if m.statement == mine.statement}
    first = after[:NEAR]
    across = [k for k in first if pairs.get(k) in theirs]
    if not across or across[0] != first[0]:
        return 0.0
    money = is_money(bounds(new)[0])  # "in cash for each share": the first word tells
    if any(pairs.get(k) in own for k in (first[:1] if money else first)):
        return 0.0
    return 0.65 if len(across) == NEAR or money else 0.5


def _behind(facts: Facts, quantity: Quantity, others: tuple[Quantity, ...]) -> list[int]:
    """The content words behind a figure up to a mark, a conjunction or the next figure, without its noun."""
    stop, marks = words("number", "words", "stop"), words("number", "words", "edge")
    following = min((q.span.start for q in others if q.span.start >= quantity.span.end), default=1 << 60)
    irregular = load("number")["irregular"]
    found = []
    for index in range(edges(facts).behind(quantity.span), len(facts.tokens)):
        token = facts.tokens[index]
        if token.norm in marks or token.span.start >= following:
            break
        singular = irregular.get(token.norm, token.norm)
        noun = quantity.counted and singular.startswith(quantity.counted[:4])
        if token.norm[0].isalpha() and token.norm not in stop and not noun:
            found.append(index)
    return found

"""Numbers: amounts, percentages, counts, units and their bounds, against the linked source statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from claimdiff.detect.base import wider_base
from claimdiff.detect.figures import Old, View
from claimdiff.detect.rate import rates, same_rate
from claimdiff.detect.seen import edges
from claimdiff.detect.slot import in_slot
from claimdiff.detect.trend import level, moved, turned
from claimdiff.detect.value import across, alike, bounds, computed, cost
from claimdiff.lexicon import load, words
from claimdiff.model import Bound, Kind, Pair, Quantity, Rule, Severity, Signal, Type

SMALL = 12  # counts up to here are often the writer's own counting of what a list names


def _rule(
    id: str, severity: Severity, summary: str, why: str, example: tuple[str, str], twin: tuple[str, str]
) -> Rule:
    return Rule(id, Kind.DISTORTION, Type.NUMBER, severity, summary, why, example, twin)


RULES: tuple[Rule, ...] = (
    _rule(
        "number-changed", Severity.MAJOR, "A figure differs from the source's.",
        "Readers and other newsrooms repeat figures; a wrong one is the error most often corrected in print.",
        ("The dam holds 1.2 million cubic metres.", "The dam holds 12 million cubic metres."),
        ("The dam holds 887 million litres.", "The dam holds nearly 900 million litres."),
    ),
    _rule(
        "number-bound", Severity.MINOR, "A limit on a figure was lost, added or turned round.",
        "“Up to 400” is a ceiling, “at least 400” a floor; without them the figure says more than is known.",
        ("The plan could cost up to 400 jobs.", "The plan could cost 400 jobs."),
        ("More than 900 people marched, 950 by one count.", "Over 900 people marched."),
    ),
    _rule(
        "number-unit", Severity.MAJOR, "The figure stayed and its unit or what it counts changed.",
        "Five points and five percent, families and people, euros and dollars are different amounts.",
        ("Support rose 5 percentage points.", "Support rose 5 percent."),
        ("The road is 350 km long.", "The road is 217 miles long."),
    ),
    _rule(
        "number-added", Severity.MAJOR, "A figure that the source does not give.",
        "A precise figure looks researched; one without a source is the hardest error for a reader to see.",
        ("The quarry employs people from two villages.", "The quarry employs 340 people from two villages."),
        ("Sales were 41, up from 27.", "Sales rose by 14 to 41."),
    ),
    _rule(
        "number-direction", Severity.MAJOR, "A rise became a fall, or a fall a rise.",
        "The figure is right and the news is the reverse.",
        ("Exports rose 12% in May.", "Exports fell 12% in May."),
        ("Exports rose 12% in May.", "Exports were 12% higher in May."),
    ),
    _rule(
        "number-swapped", Severity.MAJOR, "Two figures changed places.",
        "Both figures stand in the source, so a check of the figures alone finds nothing wrong.",
        ("Six were hired by Arden and five by Boyle.", "Five were hired by Arden and six by Boyle."),
        ("Six were hired by Arden and five by Boyle.", "Boyle hired five and Arden six."),
    ),
    _rule(
        "number-moved", Severity.MAJOR, "A figure is said of something that the source gives another figure.",
        "The figure stands in the source, so only its place gives the error away.",
        ("Nine were in hospital, two of them in intensive care.", "Nine were in intensive care."),
        ("Nine were in hospital, two of them in intensive care.", "Two of the nine are in intensive care."),
    ),
)  # fmt: skip


def detect(pair: Pair) -> Iterator[Signal]:
    """The signals of a pair, in the order of the derivative's figures."""
    view = View(pair)
    for index, new in enumerate(view.news):
        held = view.held[index]
        if held:
            yield from _held(view, new, held)
        else:
            yield from _missing(view, index, new)
    if view.news and view.olds:
        yield from _swapped(view)
        yield from turned(view)
        yield from moved(view)


# --- the figure is there --------------------------------------------------------------------------


def _held(view: View, new: Quantity, held: tuple[Old, ...]) -> Iterator[Signal]:
    best = held[0]
    price = cost(best.quantity, new)
    if price >= 0.1 and not _idle(new):
        yield view.signal("number-bound", price, new, best)
        return
    exact = [old for old in held if cost(old.quantity, new) <= price]
    turned = [old for old in exact if old.quantity.change * new.change < 0]
    if turned and len(turned) == len(exact):
        yield view.signal("number-direction", 0.85, new, turned[0], _turned(view, new, turned[0]))
        return
    if reached := level(view, new, exact):
        yield view.signal("number-changed", 0.6, new, reached[0], reached[1])
    if base := wider_base(view, new, exact):
        yield view.signal("number-unit", 0.6, new, base[0], base[1])
    elif other := _other_noun(new, exact):
        message = f"{view.text(other)} counts {other.quantity.counted} in the source, {new.counted} here."
        yield view.signal("number-unit", 0.6, new, other, message)


def _turned(view: View, new: Quantity, old: Old) -> str:
    way = ("rise", "fall") if new.change < 0 else ("fall", "rise")
    return f"{view.text(old)} is a {way[0]} in the source, a {way[1]} here."


@cache
def _classes() -> Mapping[str, str]:
    table = load("number")["class"]
    return {noun: name for name, nouns in reversed(table.items()) for noun in nouns}


def _class(noun: str) -> str:
    return _classes().get(noun, "")


def _other_noun(new: Quantity, exact: list[Old]) -> Old | None:
    """The holder that counts something else, where all do and both nouns are known."""
    mine = _class(new.counted)
    if not mine or new.high <= 2:
        return None
    theirs = [_class(old.quantity.counted) for old in exact]
    return exact[0] if all(theirs) and mine not in theirs else None


# --- the figure is not there ----------------------------------------------------------------------


def _idle(new: Quantity) -> bool:
    """A number that is as often a manner of speaking as a count."""
    return new.low == 1 and not new.unit and not new.ordinal


def _missing(view: View, index: int, new: Quantity) -> Iterator[Signal]:
    if _said_otherwise(view, new) or view.per_unit(new) or _told_as_rate(view, new):
        return
    if new.ordinal:
        yield from _ordinal(view, new)
        return
    units = [old for old in view.olds if _same_figure(old.quantity, new)]
    if units:
        yield view.signal("number-unit", _unit_strength(units[0].quantity, new), new, units[0])
        return
    elsewhere = view.elsewhere(new)
    rival = _counterpart(view, index, new)
    if rival and not _idle(new) and _in_place(view, new, rival):
        yield view.signal("number-changed", max(0.65, _changed_strength(view, new, rival)), new, rival)
        return
    if elsewhere or computed(new, view.figures) or across(new, view.figures, view.others):
        yield view.signal("number-changed" if rival else "number-added", 0.25, new, rival)
        return
    if rival:
        yield view.signal("number-changed", _changed_strength(view, new, rival), new, rival)
    elif not _idle(new):
        yield view.signal("number-added", _added_strength(new), new, None)


def _in_place(view: View, new: Quantity, rival: Old) -> bool:
    """Whether a figure stands word for word in another's place; "19 of 22" may be the rest of "3 of 22"."""
    facts = view.pair.derivative
    after = facts.tokens[edges(facts).behind(new.span) :][:1]
    return not (after and after[0].norm == "of") and in_slot(
        view.pair, new.span, rival.statement, rival.quantity.span
    )


def _told_as_rate(view: View, new: Quantity) -> bool:
    """Whether a figure only counts how often, and the source says as often in other words."""
    found = (rate for rate in rates(view.pair.derivative) if rate.counted is new)
    return any(same_rate(rate, view.pair.sources) for rate in found)


def _said_otherwise(view: View, new: Quantity) -> bool:
    """Words that carry a number without being one: "both" for two, a pair of names for the two of them."""
    if new.low == new.high == 2 and new.unit in ("", "times"):
        return _has_word(view, "two")
    if any(figure.low == figure.high == new.low == new.high and not figure.unit for figure in view.figures):
        return not new.unit
    if new.low == new.high == 50 and new.bound is not Bound.EXACT:
        return _has_word(view, "minority" if new.bound in (Bound.UNDER, Bound.NEARLY) else "majority")
    spread = [old.quantity for old in view.olds if new.low in (old.quantity.low, old.quantity.high)]
    figures = {quantity.low for quantity in view.news}
    return any(old.low < old.high and {old.low, old.high} <= figures for old in spread)


def _has_word(view: View, group: str) -> bool:
    known = words("number", "words", group)
    return any(token.norm in known for facts in view.pair.sources for token in facts.tokens)


def _ordinal(view: View, new: Quantity) -> Iterator[Signal]:
    """An ordinal against those that rank the same noun."""
    rivals = [old for old in view.olds if old.quantity.ordinal and old.quantity.counted == new.counted != ""]
    if rivals:
        yield view.signal("number-changed", 0.75, new, rivals[0])
    elif new.low > 3:
        yield view.signal("number-added", 0.4, new, None)


def _same_figure(old: Quantity, new: Quantity) -> bool:
    same = (old.low, old.high, old.ordinal) == (new.low, new.high, new.ordinal)
    return same and not alike(old, new) and not ({"designator", "score"} & {old.unit, new.unit})


def _unit_strength(old: Quantity, new: Quantity) -> float:
    plain = "" in (old.unit, new.unit)
    if plain and new.high < 1000 and (new.high <= SMALL or not {"percent"} & {old.unit, new.unit}):
        return 0.4
    return 0.55 if plain else 0.75


def _counterpart(view: View, index: int, new: Quantity) -> Old | None:
    """The source's figure that this one stands for: alike, about the same words, and not used elsewhere."""
    used = {id(old) for k, held in enumerate(view.held) if k != index for old in held}
    ranked = []
    for order, old in enumerate(view.olds):
        designator = "designator" in (old.quantity.unit, new.unit)
        if (
            not alike(old.quantity, new)
            or old.quantity.ordinal
            or (designator and old.quantity.unit != new.unit)
        ):
            continue
        same = bool(new.counted) and new.counted == old.quantity.counted
        if id(old) in used and not (same or new.unit):
            continue
        ranked.append((id(old) in used, not same, -view.overlap(new, old), order))
    return view.olds[min(ranked)[-1]] if ranked else None


def _changed_strength(view: View, new: Quantity, old: Old) -> float:
    if new.unit == "designator":
        return 0.7 if view.overlap(new, old) else 0.45
    same = bool(new.counted) and new.counted == old.quantity.counted
    if _idle(new):
        return 0.55 if same and old.quantity.high > 1 else 0.2
    if new.unit or same or new.high > SMALL:
        return 0.85
    if new.high * 4 < old.quantity.low:
        return 0.35
    return 0.65 if view.overlap(new, old) else 0.5 if new.high > 3 else 0.35


def _added_strength(new: Quantity) -> float:
    if new.unit in ("designator", "times", "age"):
        return 0.4
    if not new.unit and new.high <= SMALL:
        return 0.4 if new.high > 3 else 0.25
    return 0.65


# --- two figures in each other's place ------------------------------------------------------------


def _swapped(view: View) -> Iterator[Signal]:
    """Two figures that both stand in the source, each with the other's noun or among the other's words."""
    alone = [
        (new, held[0], bounds(new))
        for new, held in zip(view.news, view.held, strict=True) if len(held) == 1
    ]  # fmt: skip
    for k, (new, old, (one, low, _)) in enumerate(alone):
        for other, theirs, (two, least, _) in alone[k + 1 :]:
            if one != two or theirs is old or low == least:
                continue
            strength = _crossed(view, (new, old), (other, theirs))
            if strength:
                text = view.pair.derivative.statement.text
                message = f"{new.span.of(text)} and {other.span.of(text)} have changed places."
                yield view.signal("number-swapped", strength, new, theirs, message)
                yield view.signal("number-swapped", strength, other, old, message)


def _crossed(view: View, first: tuple[Quantity, Old], second: tuple[Quantity, Old]) -> float:
    (new, old), (other, theirs) = first, second
    nouns = new.counted, old.quantity.counted, other.counted, theirs.quantity.counted
    if all(nouns) and nouns[0] == nouns[3] != nouns[1] == nouns[2]:
        return 0.8
    straight = view.shared(new, old) + view.shared(other, theirs)
    across = view.shared(new, theirs), view.shared(other, old)
    return 0.6 if min(across) >= 1 and straight == 0 else 0.0

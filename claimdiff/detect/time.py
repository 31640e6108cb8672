"""Times: days, dates, clock times, durations, rates and the order of events, against the linked source."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from claimdiff.lexicon import load
from claimdiff.model import Facts, Kind, Moment, Pair, Rule, Severity, Signal, Span, Type

WINDOW = 5  # tokens on either side that tell what a time is about
CLOSE = 0.04  # 60 days and two months are the same span
LOOSE = 0.2  # "about two years" for 26 months

Old = tuple[int, Moment]  # a moment and the linked source statement in which it stands


def _rule(id: str, severity: Severity, summary: str, why: str, example: tuple[str, str], twin: tuple[str, str]) -> Rule:
    return Rule(id, Kind.DISTORTION, Type.TIME, severity, summary, why, example, twin)


RULES: tuple[Rule, ...] = (
    _rule(
        "time-changed", Severity.MAJOR, "A day, date, hour or span of time differs from the source's.",
        "Dates place events; a wrong one sends readers to the wrong day and breaks every chronology built on it.",
        ("The vote is on Tuesday.", "The vote is on Thursday."),
        ("The vote is on Tuesday.", "The vote takes place on Tuesday, 4 March."),
    ),
    _rule(
        "time-added", Severity.MAJOR, "A time that the source does not give.",
        "A date that nobody gave reads as a fact that somebody checked.",
        ("The bridge was closed after a survey.", "The bridge was closed in 2016 after a survey."),
        ("The bridge was closed on Aug. 19.", "The bridge was closed last month."),
    ),
    _rule(
        "time-order", Severity.MAJOR, "Before became after, or until became since.",
        "The order of two events often carries the blame for the second.",
        ("She resigned before the audit began.", "She resigned after the audit began."),
        ("She resigned before the audit began.", "The audit began after she resigned."),
    ),
    _rule(
        "time-since", Severity.MAJOR, "A time since when something holds became the time when it happened.",
        "“For the first time since 2008” says that it happened in 2008 and never in between.",
        ("Output fell for the first time since 2008.", "Output fell in 2008."),
        ("She has run the museum since 2008.", "She took over the museum in 2008."),
    ),
)  # fmt: skip

_SEVERITY = {rule.id: rule.severity for rule in RULES}
_AHEAD, _BEHIND = ("before", "until", "by"), ("after", "since", "from")


class _View:
    """A pair with what the rules ask of it again and again."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.news = pair.derivative.moments
        self.olds: tuple[Old, ...] = tuple((i, m) for i, facts in enumerate(pair.sources) for m in facts.moments)
        linked = {facts.statement.id for facts in pair.sources}
        self.others = tuple(m for f in pair.context.sources if f.statement.id not in linked for m in f.moments)

    @cached_property
    def held(self) -> tuple[tuple[Old, ...], ...]:
        """For each derivative moment the source moments that agree with it."""
        return tuple(tuple(old for old in self.olds if agree(old[1], new)) for new in self.news)

    def here(self, span: Span) -> str:
        return span.of(self.pair.derivative.statement.text)

    def there(self, statement: int, span: Span) -> str:
        return span.of(self.pair.sources[statement].statement.text)

    def overlap(self, new: Moment, old: Old) -> int:
        """How many words around a derivative's time have their match around a source's."""
        mine, theirs = _around(self.pair.derivative, new.span), _around(self.pair.sources[old[0]], old[1].span)
        return sum(
            1 for m in self.pair.matches
            if m.statement == old[0] and m.relation != "antonym" and m.derivative in mine and m.source in theirs
        )  # fmt: skip

    def signal(
        self, rule: str, strength: float, span: Span, old: tuple[int, Span] | None, message: str = ""
    ) -> Signal:
        here, there = self.here(span), self.there(*old) if old else ""
        message = message or (f"{there} in the source, {here} here." if old else f"The source does not give {here}.")
        severity = _SEVERITY[rule] if strength >= 0.5 else Severity.MINOR
        return Signal(rule, (Type.TIME,), severity, strength, message, span, old, there, here)


def _around(facts: Facts, span: Span) -> range:
    inside = [k for k, token in enumerate(facts.tokens) if token.span.overlaps(span)]
    return range(inside[0] - WINDOW, inside[-1] + WINDOW + 1) if inside else range(0)


def detect(pair: Pair) -> Iterator[Signal]:
    """The signals of a pair: its times in order, then the order of its events."""
    view = _View(pair)
    for index, new in enumerate(view.news):
        if view.held[index]:
            yield from _placed(view, new, view.held[index])
        else:
            yield from _missing(view, index, new)
    yield from _connectives(view)


# --- what two moments have in common --------------------------------------------------------------


def kinds(moment: Moment) -> tuple[str, ...]:
    """On what scales a moment lies; two without a common scale cannot be compared."""
    if moment.duration is not None:
        return ("rate",) if moment.order == "every" else ("duration",)
    if moment.unit in ("decade", "century"):
        return ("age",)
    if moment.hour is not None:
        return ("clock",)
    found = []
    if moment.weekday is not None:
        found.append("weekday")
    if moment.month is not None or moment.day is not None:
        found.append("date")
    if moment.year is not None:
        found.append("year")
    if moment.unit in load("time")["words"]["part"] or moment.unit in ("dawn", "dusk"):
        found.append("part")
    elif moment.unit in load("time")["words"]["season"]:
        found.append("season")
    elif moment.unit in load("time")["words"]["festival"]:
        found.append("festival")
    elif moment.unit.startswith(("quarter ", "half ")):
        found.append(moment.unit.split()[0])
    elif moment.relative is not None and not found:
        found.append("relative")
    return tuple(found)


_PARTS = ("year", "month", "day", "weekday")


def agree(old: Moment, new: Moment) -> bool:
    """Whether the source's moment carries the derivative's: they share a part, and no part differs."""
    if new.duration is not None or old.duration is not None:
        return _same_span(old, new)
    if new.hour is not None and old.hour is not None:
        return _same_clock(old, new)
    if new.hour is not None or old.hour is not None:
        clock, part = (old, new) if old.hour is not None else (new, old)
        return clock.hour is not None and clock.hour in _HOURS.get(part.unit, range(0))
    if "age" in kinds(old) + kinds(new):
        return _same_age(old, new)
    if new.relative is not None and old.relative is not None and new.unit != old.unit and not _dated(old, new):
        return False
    shared = [p for p in _PARTS if getattr(old, p) is not None and getattr(new, p) is not None]
    if any(getattr(old, p) != getattr(new, p) for p in shared):
        return False
    if _named(old) and _named(new):
        return old.unit == new.unit
    if shared:
        return True
    return old.relative is not None and (old.relative, old.unit) == (new.relative, new.unit)


def _dated(old: Moment, new: Moment) -> bool:
    return any(getattr(old, p) is not None and getattr(new, p) is not None for p in _PARTS)


def _named(moment: Moment) -> bool:
    return bool(set(kinds(moment)) & {"part", "season", "festival", "quarter", "half"})


# The hours that a part of the day covers.
_HOURS = {
    "morning": range(4, 13), "afternoon": range(12, 19), "evening": range(16, 24), "midday": range(11, 14),
    "night": (*range(18, 24), *range(0, 6)), "overnight": (*range(20, 24), *range(0, 8)),
    "tonight": range(17, 24), "dawn": range(4, 9), "dusk": range(16, 22),
}  # fmt: skip


def _same_clock(old: Moment, new: Moment) -> bool:
    if old.hour is None or new.hour is None or (old.minute or 0) != (new.minute or 0):
        return False
    loose = "clock" in (old.unit, new.unit)
    return old.hour % 12 == new.hour % 12 if loose else old.hour == new.hour


def _same_age(old: Moment, new: Moment) -> bool:
    """A year lies in its decade and century."""
    if old.year is None or new.year is None:
        return False
    width = max({"decade": 10, "century": 100}.get(m.unit, 1) for m in (old, new))
    return old.year // width == new.year // width


def _same_span(old: Moment, new: Moment) -> bool:
    """Spans of time by their length; "a year before" is last year; a quarter is three months."""
    if new.duration is not None and old.duration is not None:
        return abs(new.duration - old.duration) <= CLOSE * max(new.duration, old.duration)
    span, other = (new, old) if new.duration is not None else (old, new)
    length = span.duration or 0.0
    units = load("time")["unit"]
    name = "quarter" if other.unit in load("time")["words"]["season"] else other.unit.split(" ")[0]
    if name == "half":
        return abs(length - units["year"] / 2) <= CLOSE * length
    if name not in units:
        return False
    count = abs(other.relative) if other.relative else 1
    return abs(length - count * units[name]) <= CLOSE * length


# --- a time that the source has -------------------------------------------------------------------


def _placed(view: _View, new: Moment, held: tuple[Old, ...]) -> Iterator[Signal]:
    """The same time, placed by another preposition."""
    if new.duration is not None or any(old.order == new.order or old.duration is not None for _, old in held):
        return
    for statement, old in held[:1]:
        strength = _order_strength(old.order, new.order)
        source = (statement, _with_order(view.pair.sources[statement], old))
        span = _with_order(view.pair.derivative, new)
        if old.order == "since" and new.order == "":
            extreme = _extreme(view.pair.sources[statement], old.span) and not _extreme(view.pair.derivative, new.span)
            yield view.signal("time-since", 0.7 if extreme else 0.25, span, source)
        elif strength:
            yield view.signal("time-order", strength, span, source)


def _order_strength(old: str, new: str) -> float:
    if (old in _AHEAD and new in _BEHIND) or (old in _BEHIND and new in _AHEAD):
        return 0.75
    if {old, new} == {"until", "by"}:
        return 0.5
    if {old, new} & {"before", "after", "until"} and "" in (old, new):
        return 0.35
    return 0.0


def _with_order(facts: Facts, moment: Moment) -> Span:
    """A moment with its preposition."""
    words = load("time")["order"]
    before = [t for t in facts.tokens if t.span.end <= moment.span.start][-6:]
    for token in reversed(before):
        if words.get(token.norm) == moment.order != "":
            return token.span.join(moment.span)
    return moment.span


def _extreme(facts: Facts, span: Span) -> bool:
    """Whether a superlative or "first time" stands before a time: what "since" then measures."""
    before = [token.norm for token in facts.tokens if token.span.end <= span.start]
    return any(w in ("first", "least", "most", "worst", "best") or (w.endswith("est") and len(w) > 5) for w in before[-12:])


# --- a time that the source has not ---------------------------------------------------------------


def _missing(view: _View, index: int, new: Moment) -> Iterator[Signal]:
    rival = _counterpart(view, index, new)
    elsewhere = any(agree(old, new) for old in view.others)
    old = (rival[0], rival[1].span) if rival else None
    if rival is None:
        yield from _new(view, new, elsewhere)
        return
    strength = _strength(view, new, rival)
    if _reckoned(view, new) or (elsewhere and not view.overlap(new, rival)):
        strength = min(strength, 0.3)
    yield view.signal("time-changed", strength, new.span, old)


def _counterpart(view: _View, index: int, new: Moment) -> Old | None:
    """The source's moment on the same scale that this one stands for."""
    used = {id(old[1]) for k, held in enumerate(view.held) if k != index for old in held}
    ranked = []
    for order, old in enumerate(view.olds):
        if set(kinds(old[1])) & set(kinds(new)):
            ranked.append((id(old[1]) in used, -view.overlap(new, old), order))
    return view.olds[min(ranked)[-1]] if ranked else None


_STRENGTH = {
    "weekday": 0.85, "date": 0.85, "year": 0.8, "clock": 0.8, "duration": 0.7, "rate": 0.7, "season": 0.75,
    "quarter": 0.75, "half": 0.6, "part": 0.6, "festival": 0.6, "age": 0.7, "relative": 0.55,
}  # fmt: skip


def _strength(view: _View, new: Moment, old: Old) -> float:
    shared = sorted(set(kinds(old[1])) & set(kinds(new)))
    if new.duration is not None and old[1].duration is not None and kinds(new) == ("duration",):
        loose = abs(new.duration - old[1].duration) <= LOOSE * max(new.duration, old[1].duration)
        return 0.25 if loose else _STRENGTH["duration"]
    return max(_STRENGTH[kind] for kind in shared)


def _reckoned(view: _View, new: Moment) -> bool:
    """Whether the time can be worked out from two of the source's: years apart, hours apart."""
    years = sorted({m.year for _, m in view.olds if m.year is not None})
    units = load("time")["unit"]
    if new.duration is not None:
        spans = [m.duration for _, m in view.olds if m.duration]
        gaps = [(b - a) * units["year"] for i, a in enumerate(years) for b in years[i + 1 :]]
        gaps += [x + y for i, x in enumerate(spans) for y in spans[i + 1 :]]
        gaps += [abs(x - y) for i, x in enumerate(spans) for y in spans[i + 1 :]]
        return any(abs(gap - new.duration) <= CLOSE * new.duration for gap in gaps)
    return False


def _new(view: _View, new: Moment, elsewhere: bool) -> Iterator[Signal]:
    """A time without any on the same scale in the linked statements."""
    if elsewhere:
        return
    found = kinds(new)
    loose = {"relative", "duration", "rate", "part", "festival"}
    if not found or set(found) <= loose:
        if found and found[0] in ("duration", "rate"):
            yield view.signal("time-added", 0.3, new.span, None)
        return
    dated = any(set(kinds(old)) & {"weekday", "date", "year", "relative", "season"} for _, old in view.olds)
    yield view.signal("time-added", 0.35 if dated and "year" not in found else 0.6, new.span, None)


# --- the order of two events ----------------------------------------------------------------------


def _connectives(view: _View) -> Iterator[Signal]:
    """ "A after B" in the source, "A before B" or "B after A" here, by where the words on either side come from."""
    for index, span, order in _links(view.pair.derivative):
        for statement, facts in enumerate(view.pair.sources):
            for theirs, source, old in _links(facts):
                straight, crossed = _orientation(view, statement, index, theirs)
                same = order == old
                if (straight >= 2 and not crossed and not same) or (crossed >= 2 and not straight and same):
                    if any(s.span.covers(span) for s in view.news):
                        continue
                    yield view.signal("time-order", 0.65, span, (statement, source))


def _links(facts: Facts) -> list[tuple[int, Span, str]]:
    """The connectives of time in a statement: token index, span, "before" or "after"."""
    table = load("time")["connective"]
    found = []
    for index, token in enumerate(facts.tokens):
        for length in (4, 3, 2, 1):
            phrase = " ".join(t.norm for t in facts.tokens[index : index + length])
            if phrase in table:
                found.append((index, token.span.join(facts.tokens[min(index + length, len(facts.tokens)) - 1].span), table[phrase]))
                break
    return found


def _orientation(view: _View, statement: int, index: int, theirs: int) -> tuple[int, int]:
    """How many matched words near a connective keep their side of the source's, and how many change it."""
    straight = crossed = 0
    sides = set()
    for m in view.pair.matches:
        if m.statement != statement or m.relation == "antonym" or abs(m.derivative - index) > 12:
            continue
        if m.derivative == index or m.source == theirs:
            continue
        kept = (m.derivative < index) == (m.source < theirs)
        straight, crossed = straight + kept, crossed + (not kept)
        sides.add(m.derivative < index)
    return (straight, crossed) if len(sides) == 2 else (0, 0)

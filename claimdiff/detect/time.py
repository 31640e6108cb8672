"""Times: days, dates, clock times, durations, rates and the order of events, against the linked source."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.deadline import loosened, periods
from claimdiff.detect.moments import CLOSE, agree, kinds
from claimdiff.detect.order import connectives, limits, placed
from claimdiff.detect.rate import rates, same_rate
from claimdiff.detect.slot import in_slot
from claimdiff.detect.timeview import LOOSE, Old, View, dateline
from claimdiff.lexicon import load
from claimdiff.model import Kind, Moment, Pair, Rule, Severity, Signal, Type


def _rule(
    id: str, severity: Severity, summary: str, why: str, example: tuple[str, str], twin: tuple[str, str]
) -> Rule:
    return Rule(id, Kind.DISTORTION, Type.TIME, severity, summary, why, example, twin)


RULES: tuple[Rule, ...] = (
    _rule(
        "time-changed", Severity.MAJOR, "A day, date, hour or span of time differs from the source's.",
        "Dates place events; a wrong one sends readers to the wrong day and spoils every chronology.",
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
    _rule(
        "time-bound", Severity.MINOR, "A limit on a time was lost: at the earliest, at least, no more than.",
        "“Until Thursday at the earliest” promises nothing for Friday.",
        ("The pass is shut until Thursday at the earliest.", "The pass is shut until Thursday."),
        ("The pass is shut until Thursday at the earliest.", "The pass is shut at least until Thursday."),
    ),
)  # fmt: skip


def detect(pair: Pair) -> Iterator[Signal]:
    """The signals of a pair: its times in order, then the order of its events."""
    view = View(pair)
    for index, new in enumerate(view.news):
        if view.held[index]:
            yield from placed(view, new, view.held[index])
            yield from loosened(view, new, view.held[index])
        else:
            yield from _missing(view, index, new)
    yield from connectives(view)
    yield from limits(view)
    yield from periods(view)


# --- a time that the source has not ---------------------------------------------------------------


def _missing(view: View, index: int, new: Moment) -> Iterator[Signal]:
    if any(rate.moment is new and same_rate(rate, view.pair.sources) for rate in rates(view.pair.derivative)):
        return
    rival = _counterpart(view, index, new)
    elsewhere = any(agree(old, new) for old in view.others)
    old = (rival[0], rival[1].span) if rival else None
    if rival is None:
        yield from _new(view, new, elsewhere)
        return
    strength = _strength(view, new, rival)
    if elsewhere and any(rival in held for k, held in enumerate(view.held) if k != index):
        strength = 0.15  # the source has both times, and so has the derivative
    if _reckoned(view, new) or (elsewhere and not view.overlap(new, rival)):
        strength = min(strength, 0.3)
    yield view.signal("time-changed", strength, new.span, old)


def _counterpart(view: View, index: int, new: Moment) -> Old | None:
    """The source's moment on the same scale that this one stands for."""
    used = {id(old[1]) for k, held in enumerate(view.held) if k != index for old in held}
    ranked = []
    for order, old in enumerate(view.olds):
        if set(kinds(old[1])) & set(kinds(new)) and not dateline(view.pair.sources[old[0]], old[1].span):
            ranked.append((id(old[1]) in used, -view.overlap(new, old), order))
    return view.olds[min(ranked)[-1]] if ranked else None


_STRENGTH = {
    "weekday": 0.85, "date": 0.85, "year": 0.8, "clock": 0.8, "duration": 0.7, "rate": 0.7, "season": 0.75,
    "quarter": 0.75, "half": 0.6, "part": 0.6, "festival": 0.6, "age": 0.7, "relative": 0.55,
}  # fmt: skip


def _strength(view: View, new: Moment, old: Old) -> float:
    shared = sorted(set(kinds(old[1])) & set(kinds(new)))
    if new.duration is not None and old[1].duration is not None and kinds(new) == ("duration",):
        loose = abs(new.duration - old[1].duration) <= LOOSE * max(new.duration, old[1].duration)
        loose = loose and not in_slot(view.pair, new.span, old[0], old[1].span)
        return 0.25 if loose else _STRENGTH["duration"]
    return max(_STRENGTH[kind] for kind in shared)


def _reckoned(view: View, new: Moment) -> bool:
    """Whether the time can be worked out from two of the source's: years apart, hours apart."""
    years = sorted({m.year for _, m in view.olds if m.year is not None})
    units = load("time")["unit"]
    figures = [q.low for facts in view.pair.sources for q in facts.quantities]
    if new.year is not None and new.year in figures:
        return True
    if new.weekday is not None:
        return _next_day(view, new.weekday)
    if new.hour is not None:
        return any(m.duration and m.order for m in view.news)
    if new.duration is not None and new.unit:
        days = [m.weekday for _, m in view.olds if m.weekday is not None]
        gaps = [((a - b) % 7) * units["day"] for a in days for b in days]
        if new.duration in gaps or new.duration / units[new.unit] in figures:
            return True
        if _spelt(view, new, figures):
            return True
        ages = [q.low for facts in view.pair.sources for q in facts.quantities if q.unit in ("age", "")]
        if any(abs(a - b) * units["year"] == new.duration for a in ages for b in ages):
            return True
        spans = [m.duration for _, m in view.olds if m.duration]
        gaps = [(b - a) * units["year"] for i, a in enumerate(years) for b in years[i + 1 :]]
        gaps += [x + y for i, x in enumerate(spans) for y in spans[i + 1 :]]
        parts = [q.low / 100 for facts in view.pair.sources for q in facts.quantities if q.unit == "percent"]
        gaps += [x * part for x in spans for part in parts]
        gaps += [abs(x - y) for i, x in enumerate(spans) for y in spans[i + 1 :]]
        return any(abs(gap - new.duration) <= CLOSE * new.duration for gap in gaps)
    return False


def _spelt(view: View, new: Moment, figures: list[float]) -> bool:
    """Whether a length is given with its unit left out ("from ten days to seven"), as a quarter, or as
    the months from one to another."""
    units, length = load("time")["unit"], new.duration or 0.0
    spoken = {m.unit for _, m in view.olds if m.duration is not None and m.unit in units}
    if any(
        abs(figure * units[unit] - length) <= CLOSE * length for unit in sorted(spoken) for figure in figures
    ):
        return True
    months = sorted({m.month for _, m in view.olds if m.month is not None})
    gaps = [((b - a) % 12) * units["month"] for a in months for b in months if a != b]
    if any(token.norm in ("quarter", "quarterly") for f in view.pair.sources for token in f.tokens):
        gaps.append(units["quarter"])
    return any(abs(gap - length) <= CLOSE * length for gap in gaps)


def _next_day(view: View, weekday: int) -> bool:
    """Whether a weekday follows from another one and "the next day" or "two days later"."""
    day = load("time")["unit"]["day"]
    steps = [round(m.duration / day) for _, m in view.olds if m.duration and m.unit == "day"]
    steps += [abs(m.relative) for _, m in view.olds if m.relative and m.unit == "day"]
    near = ("next", "following", "previous", "eve", "overnight")
    steps += [1 for facts in view.pair.sources for token in facts.tokens if token.norm in near]
    days = [m.weekday for _, m in view.olds if m.weekday is not None]
    return any((weekday - known) % 7 in (step % 7, -step % 7) for known in days for step in steps)


def _new(view: View, new: Moment, elsewhere: bool) -> Iterator[Signal]:
    """A time without any on the same scale in the linked statements."""
    if elsewhere or _reckoned(view, new):
        return
    found = kinds(new)
    loose = {"relative", "duration", "rate", "part", "festival"}
    if not found or set(found) <= loose:
        if found and found[0] in ("duration", "rate"):
            yield view.signal("time-added", 0.3, new.span, None)
        return
    given = (*view.others, *(old for _, old in view.olds))
    if found == ("weekday",) and any(m.day is not None for m in given):
        yield view.signal("time-added", 0.25, new.span, None)  # the date of writing may tell the day
        return
    dated = any(set(kinds(old)) & {"weekday", "date", "year", "relative", "season"} for _, old in view.olds)
    yield view.signal("time-added", 0.35 if dated and "year" not in found else 0.6, new.span, None)

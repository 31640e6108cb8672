"""What a policy may require whatever the detectors believe: every quotation word for word in a source, and
every figure in a source. These are no evidence to be weighed: what is not there is reported, surely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from claimdiff.detect.once import once
from claimdiff.detect.passage import find_exact, index_of
from claimdiff.detect.quote import quoted_pieces
from claimdiff.model import Context, Facts, Kind, Moment, Quantity, Rule, Severity, Signal, Span, Type

Part = float | tuple[str, float]

QUOTATIONS, NUMBERS = "quotations", "numbers"
RULES = (
    Rule(
        "quote-unsourced", Kind.DISTORTION, Type.QUOTE, Severity.MAJOR,
        "Asked for by exact-quotations: quoted words that no source holds in this order.",
        "A house that never alters a quotation wants to hear of each one, however small the change.",
        ("“We are short of hands,” the baker said.", "“We are short on hands,” the baker said."),
        ("“We are short of hands,” the baker said.", "The baker said: “We are short of hands.”"),
    ),
    Rule(
        "number-unsourced", Kind.DISTORTION, Type.NUMBER, Severity.MAJOR,
        "Asked for by sourced-numbers: a figure that no source gives.",
        "A figure that was rounded, added up or looked up elsewhere needs somebody who answers for it.",
        ("The fund lost 893 members.", "The fund lost about 900 members."),
        ("The fund lost 1,200,000 euros.", "The fund lost 1.2 million euros."),
    ),
)  # fmt: skip
_ALIKE = {"quote-unsourced": (Type.QUOTE,), "number-unsourced": (Type.NUMBER, Type.TIME)}
_FIGURE = re.compile(r"[0-9]++")
_FEW = 2  # "one" is as often a pronoun


def required(facts: Facts, context: Context, asked: tuple[str, ...]) -> Iterator[Signal]:
    """What is missing in the sources of a statement's quotations and figures, as far as it was asked for."""
    if QUOTATIONS in asked:
        yield from _quotations(facts, context)
    if NUMBERS in asked:
        yield from _numbers(facts, context)


def _quotations(facts: Facts, context: Context) -> Iterator[Signal]:
    index = index_of(context.sources)
    text = facts.statement.text
    reached = -1
    for quotation in facts.quotations:
        if quotation.span.start < reached:  # inside another one
            continue
        reached = quotation.span.end
        for piece in quoted_pieces(facts, quotation):
            if not find_exact(index, piece.words):
                span = facts.tokens[piece.tokens[0]].span.join(facts.tokens[piece.tokens[-1]].span)
                yield _signal(
                    "quote-unsourced",
                    Type.QUOTE,
                    span,
                    f"No source has these words in this order: “{span.of(text)}”.",
                )


def _numbers(facts: Facts, context: Context) -> Iterator[Signal]:
    amounts, times = _known(context.sources)
    text = facts.statement.text
    for quantity in facts.quantities:
        if _is_figure(quantity, text) and not {quantity.low, quantity.high} <= amounts:
            span = quantity.span
            yield _signal(
                "number-unsourced", Type.NUMBER, span, f"No source gives this figure: {span.of(text)}."
            )
    for moment in facts.moments:
        if _digits(moment.span, text) and not _is_known(moment, text, amounts, times):
            span = moment.span
            yield _signal(
                "number-unsourced", Type.NUMBER, span, f"No source gives this figure: {span.of(text)}."
            )


@once
def _known(sources: tuple[Facts, ...]) -> tuple[frozenset[float], frozenset[Part]]:
    """The amounts and the figures in the times of all sources, and what their times say."""
    amounts = {value for facts in sources for own in facts.quantities for value in (own.low, own.high)}
    moments = [(own, facts.statement.text) for facts in sources for own in facts.moments]
    times = {value for own, _ in moments for value in _parts(own)}
    amounts |= {value for own, text in moments for value in _figures(own.span, text)}
    return frozenset(amounts), frozenset(times)


def _is_known(moment: Moment, text: str, amounts: frozenset[float], times: frozenset[Part]) -> bool:
    """Whether a source says this time, in whatever words, or holds all of its figures."""
    figures, parts = _figures(moment.span, text), _parts(moment)
    return figures <= amounts or (len(figures) <= len(parts) and parts <= times | amounts)


def _is_figure(quantity: Quantity, text: str) -> bool:
    return _digits(quantity.span, text) or (quantity.low >= _FEW and not quantity.ordinal)


def _digits(span: Span, text: str) -> bool:
    return any(c.isdigit() for c in span.of(text))


def _figures(span: Span, text: str) -> frozenset[float]:
    return frozenset(map(float, _FIGURE.findall(span.of(text))))


def _parts(moment: Moment) -> frozenset[Part]:
    """What is said of a time: plain numbers, and those that only mean something with a unit."""
    plain = (moment.year, moment.day, moment.hour, moment.minute)
    named = (
        ("month", moment.month),
        ("duration", moment.duration),
        (f"from now, {moment.unit}", moment.relative),
        (moment.unit, 0 if any(c.isdigit() for c in moment.unit) else None),  # "quarter 3"
    )
    return frozenset(float(own) for own in plain if own is not None) | frozenset(
        (name, float(own)) for name, own in named if own is not None
    )


def _signal(rule: str, type: Type, span: Span, message: str) -> Signal:
    return Signal(rule, (type,), Severity.MAJOR, 1.0, message, span)


def settle(signals: Sequence[Signal], asked: Sequence[Signal]) -> tuple[Signal, ...]:
    """Both together. Where a detector speaks of the same words, its account of them is given under the rule
    of what is required."""
    left = list(signals)
    out = []
    for own in asked:
        same = [
            s for s in left if s.derivative.overlaps(own.derivative) and set(s.types) & set(_ALIKE[own.rule])
        ]
        for said in same[:1]:
            own = replace(said, rule=own.rule, severity=own.severity, strength=own.strength)
        left = [s for s in left if s not in same]
        out.append(own)
    return (*left, *out)

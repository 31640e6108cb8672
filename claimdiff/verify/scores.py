"""From a model's raw scores to a verdict, the same for every framework.

All probabilities are rounded before anything is decided by them, so that the last bits of a sum, which
differ between machines, decide nothing.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from claimdiff.model import Span
from claimdiff.verify.labels import Head, Labels
from claimdiff.verify.protocol import Judgement

DIGITS = 4
HALF = 0.5
Shares = dict[Judgement, float]


class Verdict(NamedTuple):
    judgement: Judgement
    probability: float
    spans: tuple[Span, ...] = ()


class Token(NamedTuple):
    """A token of the statement: where it stands in it, and the scores of its labels."""

    span: Span
    logits: Sequence[float]


def shares(logits: Sequence[float], labels: Labels) -> Shares:
    """The probability of each judgement: softmax over the labels, the sigmoid where there is only one.
    Raises ValueError for what is no score."""
    if len(logits) != len(labels.means):
        raise ValueError(f"{len(logits)} scores for {len(labels.means)} labels")
    if not all(math.isfinite(score) for score in logits):
        raise ValueError("scores that are not numbers")
    if len(logits) == 1:
        other = Judgement.DISTORTED if labels.head is Head.PAIR else Judgement.UNSUPPORTED
        held = 1 / (1 + math.exp(-min(max(logits[0], -60.0), 60.0)))
        return {labels.means[0]: round(held, DIGITS), other: round(1 - held, DIGITS)}
    top = max(logits)
    weights = [math.exp(score - top) for score in logits]
    total = math.fsum(weights)
    found: Shares = {}
    for judgement in Judgement:
        own = [weight for weight, means in zip(weights, labels.means, strict=True) if means is judgement]
        if own:
            found[judgement] = round(math.fsum(own) / total, DIGITS)
    return found


def pair_verdict(windows: Sequence[Sequence[float]], labels: Labels) -> Verdict:
    """The verdict on a statement from the scores of each window of its evidence.

    A window that supports the statement decides: what one passage says need not be said by the others. Then a
    window that contradicts it. Where all windows only lack support, the one that lacks it least is believed;
    so also with a model that cannot tell lack from contradiction."""
    found: dict[Judgement, list[float]] = {}
    for logits in windows:
        own = shares(logits, labels)
        best = max(own, key=lambda judgement: (own[judgement], -list(Judgement).index(judgement)))
        found.setdefault(best, []).append(own[best])
    judgement = min(found, key=list(Judgement).index)
    certain = judgement is Judgement.SUPPORTED or (
        judgement is Judgement.DISTORTED and Judgement.UNSUPPORTED in labels.means
    )
    return Verdict(judgement, (max if certain else min)(found[judgement]))


def token_verdict(statement: str, windows: Sequence[Sequence[Token]], labels: Labels) -> Verdict:
    """The verdict on a statement from the scores of its tokens in each window of its evidence.

    A token has the support of the window that supports it most. Tokens with less support than HALF are
    marked; the verdict is as sure as the surest of them. A model whose labels do not tell what is wrong
    with them finds the statement distorted when less than half of it is marked, else unsupported."""
    best: list[tuple[Span, Shares]] = []
    for same in zip(*windows, strict=True):
        every = [shares(token.logits, labels) for token in same]
        best.append((same[0].span, max(every, key=lambda own: own[Judgement.SUPPORTED])))
    if not best:
        raise ValueError("no scores for the statement's words")
    marked = [own for own in best if own[1][Judgement.SUPPORTED] < HALF]
    if not marked:
        return Verdict(Judgement.SUPPORTED, min(own[Judgement.SUPPORTED] for _, own in best))
    surest = min((own for _, own in marked), key=lambda own: own[Judgement.SUPPORTED])
    probability = round(1 - surest[Judgement.SUPPORTED], DIGITS)
    spans = words(statement, _runs(best))
    if {Judgement.DISTORTED, Judgement.UNSUPPORTED} <= set(surest):
        lack = surest[Judgement.UNSUPPORTED] >= surest[Judgement.DISTORTED]
    else:
        lack = 2 * sum(_size(span.of(statement)) for span in spans) >= _size(statement)
    return Verdict(Judgement.UNSUPPORTED if lack else Judgement.DISTORTED, probability, spans)


def words(statement: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans grown to whole words, without spaces at their ends, those that meet made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        while start < end and statement[start].isspace():
            start += 1
        while start < end and statement[end - 1].isspace():
            end -= 1
        if start >= end:
            continue
        while start > 0 and _inside(statement, start - 1) and _inside(statement, start):
            start -= 1
        while end < len(statement) and _inside(statement, end - 1) and _inside(statement, end):
            end += 1
        span = Span(start, end)
        if found and found[-1].end >= span.start:
            span = found.pop().join(span)
        found.append(span)
    return tuple(found)


def _inside(text: str, at: int) -> bool:
    """Whether the sign is part of a word or a number, as the comma of 1,200 and the apostrophe of Oslo's."""
    if unicodedata.category(text[at])[0] in "LMN":
        return True
    if not 0 < at < len(text) - 1:
        return False
    around = text[at - 1] + text[at + 1]
    return (text[at] in ",." and around.isdecimal()) or (text[at] in "'’" and around.isalpha())


def _runs(tokens: Sequence[tuple[Span, Shares]]) -> list[Span]:
    """Marked tokens side by side, as one span each."""
    found: list[Span] = []
    beside = False
    for span, own in tokens:
        mark = own[Judgement.SUPPORTED] < HALF
        if mark and beside:
            found[-1] = found[-1].join(span)
        elif mark:
            found.append(span)
        beside = mark
    return found


def _size(text: str) -> int:
    return sum(not sign.isspace() for sign in text)

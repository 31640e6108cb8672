"""Certainty: what may be, is planned, suspected or suggested is told as so, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.advance import bare, early, granted
from claimdiff.detect.cueview import Side, View, view
from claimdiff.detect.firmer import firmer
from claimdiff.detect.hedge import (
    FIRM,
    WILL,
    finite,
    firm_cue,
    governs,
    hedged,
    same_matter,
    same_statement,
    told,
)
from claimdiff.detect.modality_rules import RULES
from claimdiff.detect.prospect import balked
from claimdiff.detect.settled import HEDGES, loose, refused, settled
from claimdiff.model import Cue, CueKind, Match, Pair, Severity, Signal, Span, Tag, Type

__all__ = ["RULES", "detect"]

HEDGED = 0.5  # a rung up to here leaves the matter open
SURE = 0.6  # a match from here on is taken for the same word
ELSEWHERE = 0.45  # what a firm word tells of a loose one when they do not stand before the same words
MIN_STEP = 0.3  # on the scale of evidence

_ASIDE = frozenset(
    {
        "bid to", "can", "conditional on", "demand", "draft", "due", "estimate", "estimated", "fear", "feel",
        "if", "on condition that", "project", "provided", "provided that", "report say", "request",
        "subject to", "wait for", "wait to",
    }
)  # fmt: skip

# Cues of a condition, which hedge what they stand before and not the clause that they belong to; and ability.
_CONDITIONS = frozenset(
    {"can", "conditional on", "if", "on condition that", "provided", "provided that", "subject to"}
)


def detect(pair: Pair) -> Iterator[Signal]:
    """The predicates of the derivative that are surer, or less sure, than their source."""
    pairs = view(pair)
    open_ = any(old.of(CueKind.MODALITY) for old in pairs.old)
    found = list(firmer(pairs))
    if open_:
        found += _strengthened(pairs)
        found += _modals(pairs)
    if pairs.new.of(CueKind.CERTAINTY):
        found += [*_evidence(pairs), *_realised(pairs)]
    if open_:  # all that follows weighs what a word of the source leaves open
        found += _obliged(pairs)
        found += [*settled(pairs), *refused(pairs), *granted(pairs), *early(pairs), *bare(pairs)]
        if not found:
            found += loose(pairs)
    yield from _strongest(found)
    if not found:
        yield from _weakened(pairs)


def _strongest(found: list[Signal]) -> list[Signal]:
    """One signal for each stretch of the derivative."""
    kept: list[Signal] = []
    for signal in sorted(found, key=lambda signal: (-signal.strength, signal.derivative)):
        if not any(signal.derivative.overlaps(other.derivative) for other in kept):
            kept.append(signal)
    return sorted(kept, key=lambda signal: signal.derivative)


def _strengthened(pairs: View) -> Iterator[Signal]:
    """Hedges of the source whose predicate stands in the derivative without one."""
    for statement, old in enumerate(pairs.old):
        for cue, first, end in old.of(CueKind.MODALITY):
            if cue.rung > HEDGED or cue.scale not in HEDGES or cue.lemma in _ASIDE or cue.lemma in WILL:
                continue
            if cue.scale == "intent" and end < len(old.clause) and old.facts.tokens[end].norm == ",":
                continue  # "who voted against the offer, said"
            hit = None if _powerless(old, cue, end) else _head(pairs, statement, old, cue, end)
            if hit is None or _kept(pairs, statement, first, end):
                continue
            clause = pairs.new.clause[hit.derivative]
            if not same_matter(pairs, clause, statement, old.clause[hit.source]):
                continue
            firm = firm_cue(pairs.new, hit.derivative)
            if firm is None and (
                hedged(pairs.new, hit.derivative, carried=pairs.forth)
                or not finite(pairs.new, hit.derivative)
            ):
                continue
            if firm is not None and hedged(pairs.new, hit.derivative, firm, pairs.forth):
                continue
            yield _grown(pairs, statement, cue, hit, firm)


def _grown(pairs: View, statement: int, cue: Cue, hit: Match, firm: Cue | None) -> Signal:
    word = pairs.new.facts.tokens[hit.derivative].span
    span = word if firm is None else Span(min(firm.span.start, word.start), max(firm.span.end, word.end))
    done = cue.scale == "intent" and firm is None
    strength = 0.75 if firm is not None else 0.6 if cue.rung <= 0.4 or cue.scale == "certainty" else 0.5
    strength = strength if hit.score >= SURE else 0.4
    rule = "modality-done" if done else "modality-strengthened"
    return _signal(rule, strength, pairs, span, statement, cue.span, "{old} in the source, {new} here")


def _modals(pairs: View) -> Iterator[Signal]:
    """A modal that settles what the matching clause of the source leaves open: may, will."""
    for cue, first, end in pairs.new.of(CueKind.MODALITY):
        settles = cue.rung >= FIRM or cue.lemma == "would"
        if not settles or any(
            m.relation != "antonym" for i in range(first, end) for m in pairs.forth.get(i, ())
        ):
            continue
        heads = pairs.new.heads(cue, end, 1)
        for statement, old in enumerate(pairs.old):
            if cue.lemma in {c.lemma for c, _, _ in old.of(CueKind.MODALITY)} or (
                cue.lemma == "would" and any(token.norm == "would" for token in old.facts.tokens)
            ):
                continue
            for weak, start, stop in old.of(CueKind.MODALITY):
                limit = 0.3 if cue.lemma == "would" else HEDGED
                if (
                    weak.rung > limit
                    or weak.scale not in HEDGES
                    or weak.lemma in WILL
                    or weak.lemma in _CONDITIONS
                    or weak.lemma in _ASIDE
                    or _kept(pairs, statement, start, stop)
                    or balked(old.facts.tokens, start, stop)
                ):
                    continue
                if not told(pairs, statement, old.heads(weak, stop, 4), pairs.new.clause[first]):
                    continue
                if hedged(pairs.new, heads[0] if heads else first, cue, pairs.forth):
                    continue
                if same_matter(pairs, pairs.new.clause[first], statement, old.clause[start]):
                    yield _signal(
                        "modality-strengthened",
                        ELSEWHERE,
                        pairs,
                        cue.span,
                        statement,
                        weak.span,
                        "{old} in the source, {new} here",
                    )
                    break


def _weakened(pairs: View) -> Iterator[Signal]:
    """Hedges of the derivative whose predicate stands in the source without one."""
    for cue, first, end in pairs.new.of(CueKind.MODALITY):
        if cue.rung > 0.4 or cue.scale != "certainty":
            continue
        heads = pairs.new.heads(cue, end, 2)
        hits = [m for i in heads[:1] for m in pairs.forth.get(i, ())]
        if (
            not hits
            or pairs.old[hits[0].statement].facts.tokens[hits[0].source].tag in (Tag.NAME, Tag.NUMBER)
            or any(pairs.forth.get(i) for i in range(first, end))
        ):
            continue
        hit = hits[0]
        old = pairs.old[hit.statement]
        denied = any(
            cue.scope.covers(old.facts.tokens[hit.source].span) for cue, _, _ in old.of(CueKind.NEGATION)
        )
        if (
            denied
            or hedged(old, hit.source)
            or not same_matter(pairs, pairs.new.clause[hit.derivative], hit.statement, old.clause[hit.source])
        ):
            continue
        yield _signal(
            "modality-weakened",
            0.55,
            pairs,
            cue.span,
            hit.statement,
            old.facts.tokens[hit.source].span,
            "{old} in the source is only {new} here",
        )


def _evidence(pairs: View) -> Iterator[Signal]:
    """A verb of evidence that proves more than the source's."""
    for cue, first, end in pairs.new.of(CueKind.CERTAINTY):
        if cue.scale not in ("evidence", "settled") or any(pairs.forth.get(i) for i in range(first, end)):
            continue
        for statement, old in enumerate(pairs.old):
            for weak, start, stop in old.of(CueKind.CERTAINTY):
                if weak.scale != cue.scale or cue.rung - weak.rung < MIN_STEP or cue.rung < FIRM:
                    continue
                if any((statement, i) in pairs.back for i in range(start, stop)) or hedged(
                    pairs.new, first, but=cue, carried=pairs.forth
                ):
                    continue
                if not same_statement(pairs, statement):
                    continue
                strength = 0.7 if cue.rung > 0.9 else 0.55
                text = "{old} in the source, {new} here"
                yield _signal("modality-evidence", strength, pairs, cue.span, statement, weak.span, text)
                return


def _realised(pairs: View) -> Iterator[Signal]:
    """An event that has come further than in the source: offered, sent."""
    for cue, first, end in pairs.new.of(CueKind.CERTAINTY):
        if (
            cue.scale != "realisation"
            or cue.rung < FIRM
            or cue.lemma in ("back", "endorse")
            or any(pairs.forth.get(i) for i in range(first, end))
        ):
            continue
        if hedged(pairs.new, first) or not finite(pairs.new, first):
            continue
        for statement, old in enumerate(pairs.old):
            early = [
                (weak, start)
                for weak, start, stop in old.of(CueKind.CERTAINTY)
                if weak.scale == "realisation"
                and weak.rung <= 0.4
                and not any((statement, i) in pairs.back for i in range(start, stop))
            ]
            for weak, start in early:
                if same_matter(pairs, pairs.new.clause[first], statement, old.clause[start]):
                    yield _signal(
                        "modality-done",
                        0.55,
                        pairs,
                        cue.span,
                        statement,
                        weak.span,
                        "{old} in the source, {new} here",
                    )
                    return


def _obliged(pairs: View) -> Iterator[Signal]:
    """A duty where the source has a choice, a wish or a bare plan."""
    for cue, first, end in pairs.new.of(CueKind.MODALITY):
        if cue.scale != "duty" or cue.rung < FIRM or any(pairs.forth.get(i) for i in range(first, end)):
            continue
        for match in [m for i in pairs.new.heads(cue, end, 1) for m in pairs.forth.get(i, ())]:
            old = pairs.old[match.statement]
            mild = [
                c
                for c, _, _ in old.of(CueKind.MODALITY)
                if governs(old, c, match.source) and c.rung <= HEDGED and c.lemma not in _CONDITIONS
            ]
            duty = any(c.scale == "duty" and c.rung > HEDGED for c, _, _ in old.of(CueKind.MODALITY))
            if mild and not duty:
                rule, text = "modality-strengthened", "{old} in the source, {new} here"
                yield _signal(rule, ELSEWHERE, pairs, cue.span, match.statement, mild[0].span, text)
                return


def _powerless(side: Side, cue: Cue, end: int) -> bool:
    """Whether a modal is denied, so that the thing was not done, or names a purpose ("so that it could")."""
    if cue.lemma not in ("can", "could"):
        return False
    before = " ".join(token.norm for token in side.facts.tokens[max(0, end - 7) : end])
    return "so that" in before or any(first == end for _, first, _ in side.of(CueKind.NEGATION))


def _head(pairs: View, statement: int, old: Side, cue: Cue, end: int) -> Match | None:
    """The derivative's word for what a hedge of the source governs first."""
    for index in old.heads(cue, end, 2):
        hits = [m for m in pairs.back.get((statement, index), ()) if m.relation != "antonym"]
        if hits:
            tag = old.facts.tokens[index].tag
            return None if tag in (Tag.NUMBER, Tag.NAME) else hits[0]
    return None


def _kept(pairs: View, statement: int, first: int, end: int) -> bool:
    """Whether the hedging words themselves have a counterpart."""
    return any((statement, i) in pairs.back for i in range(first, end))


def _signal(
    rule: str, strength: float, pairs: View, new: Span, statement: int, old: Span, message: str
) -> Signal:
    before = old.of(pairs.old[statement].facts.statement.text)
    after = new.of(pairs.new.facts.statement.text)
    severity = Severity.MINOR if rule == "modality-weakened" else Severity.MAJOR
    text = message.replace("{old}", f"“{before}”", 1).replace("{new}", f"“{after}”", 1)
    return Signal(
        rule, (Type.MODALITY,), severity, strength, text + ".", new, (statement, old), before, after
    )

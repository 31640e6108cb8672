"""Certainty: what may be, is planned, suspected or suggested is told as so, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from claimdiff.detect.cueview import Side, View, view
from claimdiff.model import Cue, CueKind, Kind, Match, Pair, Rule, Severity, Signal, Span, Tag, Type

_rule = partial(Rule, kind=Kind.DISTORTION, type=Type.MODALITY)
RULES: tuple[Rule, ...] = (
    _rule(
        "modality-strengthened",
        severity=Severity.MAJOR,
        summary="A hedge of the source is gone or has become a certainty.",
        why="What may happen, or is believed to have, is told as a fact.",
        example=("The port may close in June.", "The port will close in June."),
        twin=("The port may close in June.", "The port could close in June."),
    ),
    _rule(
        "modality-weakened",
        severity=Severity.MINOR,
        summary="What the source states flatly is hedged.",
        why="A doubt that nobody voiced is planted in the reader's mind.",
        example=("The port will close in June.", "The port may close in June."),
        twin=("The port can close in June.", "The port may close in June."),
    ),
    _rule(
        "modality-done",
        severity=Severity.MAJOR,
        summary="A plan, offer or proposal is told as done.",
        why="Plans fail; an event that has not happened yet is reported as one that has.",
        example=("The city plans to sell the stadium.", "The city has sold the stadium."),
        twin=("The city plans to sell the stadium.", "The city wants to sell the stadium."),
    ),
    _rule(
        "modality-evidence",
        severity=Severity.MAJOR,
        summary="The evidence is told as stronger than the source has it.",
        why="What a study suggests, it does not prove; what is not known is not ruled out.",
        example=("The data suggest that the pill works.", "The data prove that the pill works."),
        twin=("The data suggest that the pill works.", "The data indicate that the pill works."),
    ),
)

HEDGED = 0.5  # a rung up to here leaves the matter open
OPEN = 0.6  # and up to here a cue may keep the source's hedge in other words
FIRM = 0.7  # a rung from here on settles it
MIN_SHARE = 0.4  # of a clause's content words in one source clause, for the two to say the same thing
MIN_STEP = 0.3  # on the scale of evidence

_WILL = frozenset({"will", "shall", "would", "'ll", "wo"})
_FACTUAL = frozenset({"has", "have", "had", "was", "were", "is", "are", "did"})
_ASIDE = frozenset(
    {"estimate", "estimated", "fear", "feel", "project", "demand", "request", "bid to", "draft", "due"}
)


def detect(pair: Pair) -> Iterator[Signal]:
    """The predicates of the derivative that are surer, or less sure, than their source."""
    pairs = view(pair)
    found = [*_strengthened(pairs), *_modals(pairs), *_evidence(pairs), *_realised(pairs), *_obliged(pairs)]
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
            if cue.rung > HEDGED or cue.scale == "duty" or cue.lemma in _ASIDE or cue.lemma in _WILL:
                continue
            hit = _head(pairs, statement, old, cue, end)
            if hit is None or _kept(pairs, statement, first, end):
                continue
            clause = pairs.new.clause[hit.derivative]
            if not _same_matter(pairs, clause, statement, old.clause[hit.source]):
                continue
            firm = _firm_cue(pairs.new, hit.derivative, pairs, statement)
            if firm is None and (
                _hedged(pairs.new, hit.derivative, carried=pairs.forth)
                or not _finite(pairs.new, hit.derivative)
            ):
                continue
            if firm is not None and _hedged(pairs.new, hit.derivative, firm, pairs.forth):
                continue
            yield _grown(pairs, statement, cue, hit, firm)


def _grown(pairs: View, statement: int, cue: Cue, hit: Match, firm: Cue | None) -> Signal:
    word = pairs.new.facts.tokens[hit.derivative].span
    span = word if firm is None else Span(min(firm.span.start, word.start), max(firm.span.end, word.end))
    done = cue.scale == "intent" and firm is None
    strength = 0.75 if firm is not None else 0.6 if cue.rung <= 0.4 or cue.scale == "certainty" else 0.5
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
            if cue.lemma in {c.lemma for c, _, _ in old.of(CueKind.MODALITY)}:
                continue
            for weak, start, stop in old.of(CueKind.MODALITY):
                limit = 0.3 if cue.lemma == "would" else HEDGED
                if (
                    weak.rung > limit
                    or weak.scale == "duty"
                    or weak.lemma in _WILL
                    or _kept(pairs, statement, start, stop)
                ):
                    continue
                if _hedged(pairs.new, heads[0] if heads else first, cue, pairs.forth):
                    continue
                if _same_matter(pairs, pairs.new.clause[first], statement, old.clause[start]):
                    yield _signal("modality-strengthened", 0.65, pairs, cue.span, statement, weak.span,
                                  "{old} in the source, {new} here")  # fmt: skip
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
            or pairs.old[hits[0].statement].facts.tokens[hits[0].source].tag is Tag.NAME
            or any(pairs.forth.get(i) for i in range(first, end))
        ):
            continue
        hit = hits[0]
        old = pairs.old[hit.statement]
        if _hedged(old, hit.source) or not _same_matter(
            pairs, pairs.new.clause[hit.derivative], hit.statement, old.clause[hit.source]
        ):
            continue
        yield _signal("modality-weakened", 0.55, pairs, cue.span, hit.statement,
                      old.facts.tokens[hit.source].span, "{old} in the source is only {new} here")  # fmt: skip


def _evidence(pairs: View) -> Iterator[Signal]:
    """A verb of evidence that proves more than the source's."""
    for cue, first, end in pairs.new.of(CueKind.CERTAINTY):
        if cue.scale not in ("evidence", "settled") or any(pairs.forth.get(i) for i in range(first, end)):
            continue
        for statement, old in enumerate(pairs.old):
            for weak, start, stop in old.of(CueKind.CERTAINTY):
                if weak.scale != cue.scale or cue.rung - weak.rung < MIN_STEP or cue.rung < FIRM:
                    continue
                if any((statement, i) in pairs.back for i in range(start, stop)) or _hedged(
                    pairs.new, first, but=cue
                ):
                    continue
                if not _same_statement(pairs, statement):
                    continue
                strength = 0.7 if cue.rung > 0.9 else 0.55
                yield _signal("modality-evidence", strength, pairs, cue.span, statement, weak.span,
                              "{old} in the source, {new} here")  # fmt: skip
                return


def _realised(pairs: View) -> Iterator[Signal]:
    """An event that has come further than in the source: offered, sent."""
    for cue, first, end in pairs.new.of(CueKind.CERTAINTY):
        if (
            cue.scale != "realisation"
            or cue.rung < FIRM
            or any(pairs.forth.get(i) for i in range(first, end))
        ):
            continue
        if _hedged(pairs.new, first) or not _finite(pairs.new, first):
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
                if _same_matter(pairs, pairs.new.clause[first], statement, old.clause[start]):
                    yield _signal("modality-done", 0.55, pairs, cue.span, statement, weak.span,
                                  "{old} in the source, {new} here")  # fmt: skip
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
                if _governs(old, c, match.source) and c.rung <= HEDGED
            ]
            duty = any(c.scale == "duty" and c.rung > HEDGED for c, _, _ in old.of(CueKind.MODALITY))
            if mild and not duty:
                yield _signal("modality-strengthened", 0.65, pairs, cue.span, match.statement, mild[0].span,
                              "{old} in the source, {new} here")  # fmt: skip
                return


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


def _same_matter(pairs: View, clause: int, statement: int, old_clause: int) -> bool:
    """Whether a derivative clause rests on this source clause more than on any other."""
    support = pairs.support(clause)
    here = support.get((statement, old_clause), 0)
    return here >= 2 and here >= max(support.values()) and here >= MIN_SHARE * len(pairs.new.inside(clause))


def _same_statement(pairs: View, statement: int) -> bool:
    """Whether the derivative rests on this source statement more than on any other."""
    counts = [0] * len(pairs.old)
    for matches in pairs.forth.values():
        for match in matches:
            counts[match.statement] += 1
    return counts[statement] >= 3 and counts[statement] == max(counts)


def _governs(side: Side, cue: Cue, index: int) -> bool:
    return cue.scope.covers(side.facts.tokens[index].span)


def _firm_cue(side: Side, index: int, pairs: View, statement: int) -> Cue | None:
    """A word that settles the matter right before the predicate, and is not in the source's clause."""
    tokens = side.facts.tokens
    for cue, first, end in side.of(CueKind.MODALITY):
        if cue.rung >= FIRM and first < index and _governs(side, cue, index) and index - end < 4:
            between = tokens[end:index]
            if not any(side.content[i] for i in range(end, index)) and all(
                t.norm[0].isalpha() for t in between
            ):
                return cue
    return None


def _hedged(
    side: Side, index: int, but: Cue | None = None, carried: dict[int, list[Match]] | None = None
) -> bool:
    """Whether anything in the word's clause, or a cue that reaches into it, leaves the matter open.

    A hedge that stands for another one of the source (`carried`) makes up for nothing.
    """
    clause = side.clause[index]
    for cue, first, end in side.cues:
        if carried is not None and any(i in carried for i in range(first, end)):
            continue
        if cue is but or cue.rung > OPEN or cue.kind not in (CueKind.MODALITY, CueKind.CERTAINTY):
            continue
        if cue.lemma in _WILL and but is not None:
            continue
        if side.clause[first] == clause or cue.scope.covers(side.facts.tokens[index].span):
            return True
    return False


def _finite(side: Side, index: int) -> bool:
    """Whether a word is told as a fact: no infinitive, and no noun of a plan."""
    tokens = side.facts.tokens
    before = [token.norm for token in tokens[max(0, index - 3) : index]]
    token = tokens[index]
    if "to" in before[-2:]:
        return False
    if any(word in _FACTUAL for word in before):
        return True
    return token.norm.endswith("ed") or (token.tag is Tag.VERB and not token.norm.endswith("ing"))


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

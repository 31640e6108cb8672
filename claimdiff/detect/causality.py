"""Cause: what the source places in time or side by side is told as cause and effect."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from claimdiff.detect.cueview import Side, View, view
from claimdiff.model import Cue, CueKind, Kind, Pair, Rule, Severity, Signal, Span, Tag, Type

_rule = partial(Rule, kind=Kind.DISTORTION, type=Type.CAUSALITY)
RULES: tuple[Rule, ...] = (
    _rule(
        "causality-strengthened",
        severity=Severity.MAJOR,
        summary="A sequence or a link of the source has become a cause.",
        why="One thing after another is not one thing because of another.",
        example=("Sales fell after the strike.", "Sales fell because of the strike."),
        twin=("Sales fell because of the strike.", "The strike caused sales to fall."),
    ),
    _rule(
        "causality-weakened",
        severity=Severity.MINOR,
        summary="A cause named by the source has become a mere sequence.",
        why="The reader no longer learns why.",
        example=("The strike caused delays.", "Delays followed the strike."),
        twin=("The strike caused delays.", "Delays were due to the strike."),
    ),
    _rule(
        "causality-reversed",
        severity=Severity.MAJOR,
        summary="Cause and effect have changed places.",
        why="The derivative blames the consequence.",
        example=("The drought caused the fires.", "The fires caused the drought."),
        twin=("The drought caused the fires.", "The fires were caused by the drought."),
    ),
    _rule(
        "causality-added",
        severity=Severity.MAJOR,
        summary="Two statements of the source have been joined by a cause.",
        why="The source puts two facts side by side; the derivative says that one explains the other.",
        example=("The mayor resigned. Traffic fell in May.", "Traffic fell because the mayor resigned."),
        twin=("The mayor resigned. Traffic fell in May.", "The mayor resigned, and traffic fell in May."),
    ),
)

STRONG = 0.9  # a rung from here on names a cause whatever stands around it
CAUSAL = 0.5  # and from here on the source may mean one
ADDED = 0.6
REACH = 60  # tokens on each side in which cause and effect are looked for

# Small words by which a source can give a reason without a cue.
_REASONS = frozenset({"as", "over", "given", "since", "by", "from", "through", "so"})
_CLEAR = frozenset({"over", "given", "since", "as"})
_TRAILING = frozenset({"afterwards", "later", "subsequently"})
_CAUSATIVE = frozenset({"convince", "enable", "force", "hasten", "motivate", "persuade", "tempt", "topple"})


class _Ends(NamedTuple):
    cause: frozenset[int]
    effect: frozenset[int]


def detect(pair: Pair) -> Iterator[Signal]:
    """The causes that the derivative names and the source does not, or names the other way round."""
    pairs = view(pair)
    for cue, first, end in pairs.new.of(CueKind.CAUSALITY):
        if cue.scale in ("forward", "backward"):
            yield from _judge(pairs, cue, first, end)
    yield from _weakened(pairs)


def _judge(pairs: View, cue: Cue, first: int, end: int) -> Iterator[Signal]:
    ends = _ends(pairs.new, cue, first, end)
    causes, effects = _matched(pairs, ends.cause), _matched(pairs, ends.effect)
    if not causes or not effects:
        return
    old_ends = _source_causes(pairs)
    if old_ends:
        yield from _reversed(pairs, cue, causes, effects, old_ends)
    if cue.rung < STRONG and not _plain_cause(pairs, cue, first):
        return
    if _denied(pairs.new, cue, end):
        return
    if any(m.relation != "antonym" for i in range(first, end) for m in pairs.forth.get(i, ())):
        return
    hit = _tie(pairs, causes, effects)
    if hit is not None:
        statement, old = hit
        strength = 0.75 if cue.rung >= STRONG else 0.55
        yield _signal(
            "causality-strengthened",
            Severity.MAJOR,
            strength,
            pairs,
            cue.span,
            statement,
            old.span,
            "{old} in the source, {new} here",
        )
    elif not _reasons(pairs, causes, effects):
        statement, index = min(causes)
        strength = ADDED if cue.rung >= STRONG else 0.5
        yield _signal(
            "causality-added",
            Severity.MAJOR,
            strength,
            pairs,
            cue.span,
            statement,
            pairs.old[statement].facts.tokens[index].span,
            "{new} ties this to {old}, which the source does not",
        )


def _plain_cause(pairs: View, cue: Cue, first: int) -> bool:
    """Whether a verb of many senses makes somebody act here: "forced it to scrap", "made it fall"."""
    tokens = pairs.new.facts.tokens
    if tokens[first].tag is not Tag.VERB or _says(pairs, tokens[first].lemma):
        return False
    if cue.lemma == "make":
        return any(t.tag is Tag.VERB and t.norm == t.lemma for t in tokens[first + 2 : first + 6])
    return cue.lemma in _CAUSATIVE


def _denied(side: Side, cue: Cue, end: int) -> bool:
    """Whether the cause itself is denied: "did not cause", "caused no delay"."""
    return any(
        negation.scale == "full" and (negation.scope.covers(cue.span) or first == end)
        for negation, first, _ in side.of(CueKind.NEGATION)
    )


def _says(pairs: View, lemma: str) -> bool:
    return any(token.lemma == lemma for old in pairs.old for token in old.facts.tokens)


def _matched(pairs: View, indexes: frozenset[int]) -> set[tuple[int, int]]:
    """The source tokens that a set of derivative tokens stands for."""
    return {
        (m.statement, m.source)
        for i in sorted(indexes)
        for m in pairs.forth.get(i, ())
        if m.relation != "antonym"
    }


def _ends(side: Side, cue: Cue, first: int, end: int) -> _Ends:
    """The content words of cause and effect around a causal word."""
    tokens = side.facts.tokens
    before = frozenset(
        i for i in range(max(0, first - REACH), first) if side.content[i] and tokens[i].tag is not Tag.NUMBER
    )
    after = frozenset(
        i
        for i in range(end, min(end + REACH, len(tokens)))
        if side.content[i] and tokens[i].tag is not Tag.NUMBER
    )
    backward = cue.scale == "backward" or (end < len(tokens) and tokens[end].norm == "by")
    if backward and not before:
        comma = next((i for i in range(end, len(tokens)) if tokens[i].norm == ","), end)
        return _Ends(frozenset(i for i in after if i < comma), frozenset(i for i in after if i > comma))
    return _Ends(after, before) if backward else _Ends(before, after)


def _source_causes(pairs: View) -> list[tuple[int, Cue, _Ends]]:
    return [
        (statement, cue, _ends(old, cue, first, end))
        for statement, old in enumerate(pairs.old)
        for cue, first, end in old.of(CueKind.CAUSALITY)
        if cue.scale in ("forward", "backward") and cue.rung >= STRONG
    ]


def _reversed(
    pairs: View,
    cue: Cue,
    causes: set[tuple[int, int]],
    effects: set[tuple[int, int]],
    old_ends: list[tuple[int, Cue, _Ends]],
) -> Iterator[Signal]:
    for statement, old, ends in old_ends:
        cause = {i for k, i in causes if k == statement}
        effect = {i for k, i in effects if k == statement}
        straight = len(cause & ends.cause) + len(effect & ends.effect)
        crossed = min(len(cause & ends.effect), len(effect & ends.cause))
        if crossed and straight == 0 and cue.rung >= STRONG:
            yield _signal(
                "causality-reversed",
                Severity.MAJOR,
                0.65,
                pairs,
                cue.span,
                statement,
                old.span,
                "{old} in the source and {new} here name cause and effect the other way round",
            )
            return


def _tie(pairs: View, causes: set[tuple[int, int]], effects: set[tuple[int, int]]) -> tuple[int, Cue] | None:
    """A word of order or link between the source's words for cause and effect, where no cause is named."""
    for statement, old in enumerate(pairs.old):
        one = {i for k, i in causes if k == statement}
        other = {i for k, i in effects if k == statement}
        if not one or not other or _named(old, one, other):
            continue
        for cue, first, _ in old.of(CueKind.CAUSALITY):
            split = min(one) < first < max(other) or min(other) < first < max(one)
            if (
                cue.scale in ("order", "link")
                and cue.lemma not in _CLEAR
                and (split or first == 0 or cue.lemma in _TRAILING)
            ):
                return statement, cue
    return None


def _named(old: Side, one: set[int], other: set[int]) -> bool:
    """Whether a source statement names a cause, firmly or in part, near these words."""
    low, high = min(one | other), max(one | other)
    tokens = old.facts.tokens
    return any(
        cue.scale in ("forward", "backward") and cue.rung >= CAUSAL and low - 3 <= first <= high + 3
        for cue, first, _ in old.of(CueKind.CAUSALITY)
    ) or any(tokens[i].norm in _CLEAR for i in range(max(0, low - 2), high))


def _reasons(pairs: View, causes: set[tuple[int, int]], effects: set[tuple[int, int]]) -> bool:
    """Whether the source may give this reason in its own way: by a cue that touches both, or a small word."""
    for statement, old in enumerate(pairs.old):
        one = {i for k, i in causes if k == statement}
        other = {i for k, i in effects if k == statement}
        for cue, first, end in old.of(CueKind.CAUSALITY):
            if cue.scale not in ("forward", "backward") or cue.rung < CAUSAL:
                continue
            ends = _ends(old, cue, first, end)
            if cue.rung >= STRONG and ((one & ends.cause) or (other & ends.effect)):
                return True
            if (one & ends.cause and other & ends.effect) or (one & ends.effect and other & ends.cause):
                return True
        if one and other:
            low, high = min(one | other), max(one | other)
            if any(_gives_reason(old, i) for i in range(max(0, low - 2), high)):
                return True
    return False


def _gives_reason(side: Side, index: int) -> bool:
    """Whether a small word can give a reason: "over the price", "fined for dumping"."""
    tokens = side.facts.tokens
    following = tokens[index + 1].norm if index + 1 < len(tokens) else ""
    return tokens[index].norm in _REASONS or (tokens[index].norm == "for" and following.endswith("ing"))


def _weakened(pairs: View) -> Iterator[Signal]:
    if any(c.scale in ("forward", "backward") for c, _, _ in pairs.new.of(CueKind.CAUSALITY)):
        return
    for cue, first, end in pairs.new.of(CueKind.CAUSALITY):
        ends = _ends(pairs.new, cue, first, end)
        one, other = _matched(pairs, ends.cause), _matched(pairs, ends.effect)
        for statement, old, there in _source_causes(pairs):
            before = {i for k, i in one if k == statement}
            after = {i for k, i in other if k == statement}
            apart = (before & there.cause and after & there.effect) or (
                before & there.effect and after & there.cause
            )
            if apart:
                yield _signal(
                    "causality-weakened",
                    Severity.MINOR,
                    0.3,
                    pairs,
                    cue.span,
                    statement,
                    old.span,
                    "{old} in the source, only {new} here",
                )
                return


def _signal(
    rule: str,
    severity: Severity,
    strength: float,
    pairs: View,
    new: Span,
    statement: int,
    old: Span,
    message: str,
) -> Signal:
    before = old.of(pairs.old[statement].facts.statement.text)
    after = new.of(pairs.new.facts.statement.text)
    text = message.replace("{old}", f"“{before}”", 1).replace("{new}", f"“{after}”", 1)
    return Signal(
        rule, (Type.CAUSALITY,), severity, strength, text + ".", new, (statement, old), before, after
    )

"""Cause: what the source places in time or side by side is told as cause and effect."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.causal import (
    CAUSAL,
    OBJECTS,
    SOFT,
    STRONG,
    Ends,
    Places,
    afterwards,
    chained,
    ends,
    has_link,
    linked,
    matched,
    noun_for_link,
    of,
    own,
    reasons,
    source_causes,
    tie,
    untold,
)
from claimdiff.detect.causality_rules import RULES
from claimdiff.detect.cueview import Side, View, view
from claimdiff.detect.seen import lemmas
from claimdiff.model import Cue, CueKind, Pair, Severity, Signal, Span, Tag, Type

__all__ = ["RULES", "detect"]

COPIED = 0.7  # share of words that have a counterpart, from which only the tie between them is new
PARTLY = 0.5  # the rung of "contributed to"

_ONE_OF = frozenset({"a", "among", "one", "partly", "some"})
_CAUSATIVE = frozenset({"convince", "enable", "force", "hasten", "motivate", "persuade", "tempt", "topple"})
_SAYING = frozenset(
    {"accord", "add", "announce", "claim", "find", "report", "say", "show", "state", "tell", "warn"}
)
_HAPPENED = frozenset(
    {"begin", "come", "follow", "happen", "include", "mean", "meet", "occur", "see", "start"}
)
_IDLE = _SAYING | _HAPPENED


def detect(pair: Pair) -> Iterator[Signal]:
    """The causes that the derivative names and the source does not, or names the other way round."""
    pairs = view(pair)
    found: list[Signal] = []
    for cue, first, end in pairs.new.of(CueKind.CAUSALITY):
        if cue.scale in ("forward", "backward"):
            found += _judge(pairs, cue, first, end)
    found += [] if found else _linked(pairs)
    found += [] if found else _acted(pairs)
    yield from found
    if not found:
        yield from _weakened(pairs)


def _judge(pairs: View, cue: Cue, first: int, end: int) -> Iterator[Signal]:
    there = ends(pairs.new, cue, first, end)
    causes, effects = matched(pairs, there.cause), matched(pairs, there.effect)
    named = cue.rung >= STRONG or _plain_cause(pairs, cue, first)
    if not effects or _denied(pairs.new, cue, end):
        return
    if named and causes:
        yield from _reversed(pairs, cue, causes, effects)
    if not named or _kept(pairs, cue, first, end):
        return
    unknown = untold(pairs, effects) if cue.rung >= STRONG else None
    if unknown and not _asks(pairs.new):
        statement, _, index = unknown
        word = pairs.old[statement].facts.tokens[index].span
        yield _signal("causality-untold", 0.65, pairs, cue.span, statement, word)
    elif causes:
        yield from _tied(pairs, cue, causes, effects)
    elif cue.rung >= STRONG and not source_causes(pairs) and len(effects) > 1:
        statement, index = min(effects)
        word = pairs.old[statement].facts.tokens[index].span
        yield _signal("causality-new", 0.5, pairs, cue.span, statement, word)


def _tied(pairs: View, cue: Cue, causes: Places, effects: Places) -> Iterator[Signal]:
    """A cause where the source has a sequence, a link, a part in it, or two separate statements."""
    hit = tie(pairs, causes, effects)
    if hit is not None:
        statement, old = hit
        rule = "causality-beside" if old.lemma in SOFT else "causality-strengthened"
        strength = 0.75 if cue.rung >= STRONG else 0.55
        if rule == "causality-beside":
            strength = 0.35 if old.lemma in ("as", "with") else 0.55 if _copied(pairs) else 0.4
        yield _signal(rule, strength, pairs, cue.span, statement, old.span)
        return
    words = {token.norm for token in pairs.new.facts.tokens if cue.span.covers(token.span)}
    if cue.rung >= STRONG and not words & _ONE_OF:
        for statement, old, there in source_causes(pairs, PARTLY, PARTLY):
            if of(causes, statement) & there.cause and of(effects, statement) & there.effect:
                yield _signal("causality-sole", 0.5, pairs, cue.span, statement, old.span)
                return
    if not reasons(pairs, causes, effects):
        statement, index = min(causes)
        apart = {k for k, _ in causes} != {k for k, _ in effects}
        strength = 0.65 if cue.rung >= STRONG else 0.5
        word = pairs.old[statement].facts.tokens[index].span
        yield _signal(
            "causality-added",
            strength if apart or _copied(pairs) else strength - 0.1,
            pairs,
            cue.span,
            statement,
            word,
        )


def _copied(pairs: View) -> bool:
    """Whether the derivative has hardly more of its own than the causal word."""
    content = [i for i, wanted in enumerate(pairs.new.content) if wanted]
    return sum(i in pairs.forth for i in content) >= COPIED * len(content)


def _plain_cause(pairs: View, cue: Cue, first: int) -> bool:
    """Whether a verb of many senses makes somebody act here: "forced it to scrap", "made it fall"."""
    tokens = pairs.new.facts.tokens
    if tokens[first].tag is not Tag.VERB or _says(pairs, tokens[first].lemma):
        return False
    if cue.lemma == "make":
        return _makes_act(pairs.new, first)
    return cue.lemma in _CAUSATIVE


def _makes_act(side: Side, first: int) -> bool:
    """Whether "made" is followed by somebody and a bare verb, with nothing finite between."""
    tokens = side.facts.tokens
    for index in range(first + 2, min(first + 6, len(tokens))):
        token, before = tokens[index], tokens[index - 1]
        if (
            token.tag is Tag.AUXILIARY
            or token.norm.endswith("ed")
            or before.norm == "to"
            or token.norm == ","
        ):
            return False
        if (
            token.tag is Tag.VERB
            and token.norm == token.lemma
            and before.tag in (Tag.NOUN, Tag.NAME, Tag.PRONOUN)
        ):
            return True
    return False


def _denied(side: Side, cue: Cue, end: int) -> bool:
    """Whether the cause itself is denied: "did not cause", "caused no delay"."""
    return any(
        negation.scale == "full" and (negation.scope.covers(cue.span) or first == end)
        for negation, first, _ in side.of(CueKind.NEGATION)
    )


def _asks(side: Side) -> bool:
    """Whether the derivative leaves the cause open too."""
    return any(cue.rung <= CAUSAL for cue, _, _ in side.of(CueKind.MODALITY)) or any(
        token.norm in ("why", "whether", "unknown", "unclear") for token in side.facts.tokens
    )


def _kept(pairs: View, cue: Cue, first: int, end: int) -> bool:
    """Whether the causal word has a counterpart that is causal too, or is the same word."""
    words = own(pairs.new, cue, first, end)
    for index in words:
        for match in pairs.forth.get(index, ()):
            old = pairs.old[match.statement]
            causal = any(
                start <= match.source < stop and cue.scale in ("forward", "backward")
                for cue, start, stop in old.of(CueKind.CAUSALITY)
            )
            same = len(words) == 1 and match.relation in ("exact", "lemma", "stem")
            if match.relation != "antonym" and (causal or same):
                return True
    return False


def _says(pairs: View, lemma: str) -> bool:
    return any(lemma in lemmas(old.facts) for old in pairs.old)


def _reversed(pairs: View, cue: Cue, causes: Places, effects: Places) -> Iterator[Signal]:
    for statement, old, there in source_causes(pairs):
        cause, effect = of(causes, statement), of(effects, statement)
        straight = len(cause & there.cause) + len(effect & there.effect)
        crossed = min(len(cause & there.effect), len(effect & there.cause))
        if crossed and straight == 0 and cue.rung >= STRONG:
            yield _signal("causality-reversed", 0.65, pairs, cue.span, statement, old.span)
            return


def _linked(pairs: View) -> Iterator[Signal]:
    """A link of the source told as an effect: "is associated with lower risk", "lowers the risk"."""
    hit = (linked(pairs) or noun_for_link(pairs)) if has_link(pairs) else None
    if hit is not None:
        statement, cue, index = hit
        span = pairs.new.facts.tokens[index].span
        yield _signal("causality-strengthened", 0.6, pairs, span, statement, cue.span)


def _acted(pairs: View) -> Iterator[Signal]:
    """An event of the source that acts in the derivative upon what came after it: "the tax lifted sales"."""
    causal = [c for c, _, _ in pairs.new.of(CueKind.CAUSALITY) if c.scale in ("forward", "backward")]
    if any(cue.rung >= STRONG for cue in causal):
        return
    orders = afterwards(pairs)
    forward = [cue.span for cue in causal if cue.scale == "forward"]
    if not orders and not forward:
        return
    for index, token in enumerate(pairs.new.facts.tokens):
        if token.tag is not Tag.VERB or not _acts(pairs.new, index):
            continue
        verb = any(span.covers(token.span) for span in forward)
        apart = chained(pairs, index) if verb and not _says(pairs, token.lemma) else None
        if apart:
            word = pairs.old[apart[0]].facts.tokens[apart[1]].span
            yield _signal("causality-added", 0.4, pairs, token.span, apart[0], word)
            return
        clause = pairs.new.inside(pairs.new.clause[index])
        subject = matched(pairs, [i for i in clause if i < index])
        object_ = matched(pairs, [i for i in clause if i > index])
        for statement, cue, later, sooner in orders:
            one, other = of(subject, statement), of(object_, statement)
            if not one or not other or not one <= later or not other <= sooner:
                continue
            if any(m.statement == statement and m.source in later for m in pairs.forth.get(index, ())):
                continue
            strength = 0.55 if verb and cue.lemma not in SOFT else 0.5 if verb else 0.35
            yield _signal("causality-acted", strength, pairs, token.span, statement, cue.span)
            return


def _acts(side: Side, index: int) -> bool:
    """Whether a verb is an active one with an object that could stand for an effect."""
    tokens = side.facts.tokens
    token = tokens[index]
    if not side.content[index] or token.lemma in _IDLE:
        return False
    if index and tokens[index - 1].norm == "-":
        return False  # "drought-hit farms"
    helpers = [t.lemma for t in tokens[max(0, index - 2) : index]]
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return (
        "be" not in helpers
        and "to" not in helpers[-1:]
        and following is not None
        and following.tag in OBJECTS
    )


def _weakened(pairs: View) -> Iterator[Signal]:
    if any(c.scale in ("forward", "backward") for c, _, _ in pairs.new.of(CueKind.CAUSALITY)):
        return
    named = source_causes(pairs) if pairs.new.of(CueKind.CAUSALITY) else []
    for cue, first, end in pairs.new.of(CueKind.CAUSALITY) if named else ():
        here: Ends = ends(pairs.new, cue, first, end)
        one, other = matched(pairs, here.cause), matched(pairs, here.effect)
        for statement, old, there in named:
            before, after = of(one, statement), of(other, statement)
            apart = (before & there.cause and after & there.effect) or (
                before & there.effect and after & there.cause
            )
            if apart:
                yield _signal("causality-weakened", 0.15, pairs, cue.span, statement, old.span)
                return


_MESSAGES = {
    "causality-acted": "{old} in the source, but here the one acts on the other: {new}",
    "causality-added": "{new} ties this to {old}, which the source does not",
    "causality-beside": "{old} in the source, {new} here",
    "causality-new": "{new} names a cause of {old}, for which the source names none",
    "causality-reversed": "{old} in the source and {new} here name cause and effect the other way round",
    "causality-sole": "{old} in the source, {new} here",
    "causality-strengthened": "{old} in the source, {new} here",
    "causality-untold": "the source leaves the cause open ({old}), {new} names one",
    "causality-weakened": "{old} in the source, only {new} here",
}


def _signal(rule: str, strength: float, pairs: View, new: Span, statement: int, old: Span) -> Signal:
    before = old.of(pairs.old[statement].facts.statement.text)
    after = new.of(pairs.new.facts.statement.text)
    severity = Severity.MINOR if rule == "causality-weakened" else Severity.MAJOR
    text = _MESSAGES[rule].replace("{old}", f"“{before}”", 1).replace("{new}", f"“{after}”", 1)
    text = text[0].upper() + text[1:]
    return Signal(
        rule, (Type.CAUSALITY,), severity, strength, text + ".", new, (statement, old), before, after
    )

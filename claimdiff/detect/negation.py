"""Polarity: what the source says does not hold is told as holding, or the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from claimdiff.detect.bared import bared
from claimdiff.detect.cueview import Side, View, by_kind, contraries, is_auxiliary, slot, vague, view
from claimdiff.detect.denial import gained, lost
from claimdiff.detect.negation_rules import RULES
from claimdiff.detect.opposition import Clash, antonyms, stances
from claimdiff.detect.outlook import matters
from claimdiff.detect.polarity import denied_heads, denies, firm, limits, nested, ranks, until
from claimdiff.detect.seen import norms
from claimdiff.detect.settled import ABSENT, UNKNOWN, unproven
from claimdiff.model import Cue, CueKind, Match, Pair, Severity, Signal, Span, Tag, Type

__all__ = ["RULES", "detect"]

MIN_SLOT = 2  # neighbours that match, for two opposites to stand in one slot
MIN_SHARE = 0.4  # of a clause's content words in one source clause, for the two to say the same thing
FAINT = 0.3  # below it a signal is no reason not to look further
OPEN = ABSENT | UNKNOWN
EVIDENCE = 0.8  # belief in a denial of all for which the source found no evidence
MIN_MATCH = 0.8  # for words that are not the same word, to stand for one another

_NO = frozenset({"neither", "no", "no one", "nobody", "none", "never", "nothing"})
_ENOUGH = frozenset({"adequate", "adequately", "enough", "sufficient", "sufficiently"})
_TOO = frozenset({"inadequate", "inadequately", "insufficient", "insufficiently", "too", "under"})
_LOOSE = frozenset({"nothing", "without", "no such", "far from"})
_CLOSE = frozenset({"exact", "lemma", "stem"})


def detect(pair: Pair) -> Iterator[Signal]:
    """The words of the derivative whose polarity is not that of their source."""
    pairs = view(pair)
    found = list(_unproven(pairs))
    denied = any(side.of(CueKind.NEGATION) for side in (pairs.new, *pairs.old))
    if denied and not found:
        found += _clashes(pairs, bared(pairs)) or [*_added(pairs), *_dropped(pairs)]
    found += _clashes(pairs, antonyms(pairs))
    if not found:
        found += _clashes(pairs, stances(pairs))
    if denied and all(signal.strength < FAINT for signal in found):
        found += _clashes(pairs, [*lost(pairs), *gained(pairs)])
    yield from found


def _unproven(pairs: View) -> Iterator[Signal]:
    """Missing evidence told as a denial: surest where all that lacks evidence stands in the derivative."""
    if not any(cue.scale in ABSENT for old in pairs.old for cue, _, _ in old.of(CueKind.MODALITY)):
        return
    pairs = _without_own_hedges(pairs)
    whole = {matter.statement for matter in matters(pairs, ABSENT) if matter.share == 1.0}
    for signal in unproven(pairs):
        sure = signal.source is not None and signal.source[0] in whole
        yield replace(signal, strength=EVIDENCE) if sure else signal


def _without_own_hedges(pairs: View) -> View:
    """The pair without the derivative's denied hedges that the source has too: "not at risk" denies the
    risk of which the source found no evidence, and leaves nothing open."""
    denials = [cue for cue, _, _ in pairs.new.of(CueKind.NEGATION) if firm(cue)]
    hedges = [cue for old in pairs.old for cue, _, _ in old.of(CueKind.MODALITY)]
    theirs = {cue.lemma for cue in hedges if cue.scale not in OPEN}
    kept = tuple(
        (cue, first, end)
        for cue, first, end in pairs.new.cues
        if cue.kind is not CueKind.MODALITY
        or cue.lemma not in theirs
        or cue.scale in OPEN
        or not any(denial.scope.covers(cue.span) for denial in denials)
    )
    return replace(pairs, new=replace(pairs.new, cues=kept, kinds=by_kind(kept)))


def _added(pairs: View) -> Iterator[Signal]:
    for cue, first, end in pairs.new.of(CueKind.NEGATION):
        if (
            not firm(cue)
            or limits(pairs.new, end)
            or nested(pairs.new, cue)
            or _same_word(pairs.forth, range(first, end))
        ):
            continue
        heads = [] if until(pairs.new, end, *pairs.old) else _denied(pairs.new, cue, first, end)
        hit = _counterpart(heads, pairs.forth)
        if hit is None or hit.relation == "antonym":
            continue
        old = pairs.old[hit.statement]
        clause = old.clause[hit.source]
        if (cue.lemma in _NO and ranks(old)) or _already(pairs, heads) or _short_of(pairs.new, old):
            continue
        if denies(old, hit.source, pairs.new) or _opposed(pairs, pairs.new, heads, old, clause):
            continue
        share = _share(pairs, hit, clause)
        if share < 2:
            continue
        strength = _strength(cue, share, hit, heads, hit.derivative, pairs.new)
        new_span = cue.span.join(pairs.new.facts.tokens[hit.derivative].span)
        old_span = old.facts.tokens[hit.source].span
        yield _signal(
            "negation-added",
            strength,
            pairs,
            new_span,
            hit.statement,
            old_span,
            "{new!r} denies what the source says: {old!r}",
        )


def _dropped(pairs: View) -> Iterator[Signal]:
    for statement, old in enumerate(pairs.old):
        for cue, first, end in old.of(CueKind.NEGATION):
            if not firm(cue) or limits(old, end) or nested(old, cue) or _unsure(old, cue):
                continue
            back = {place: hits for (number, place), hits in pairs.back.items() if number == statement}
            if _same_word(back, range(first, end)):
                continue
            heads = [] if until(old, end, pairs.new) else _denied(old, cue, first, end)
            hit = _counterpart(heads, back)
            if hit is None or hit.relation == "antonym":
                continue
            clause = pairs.new.clause[hit.derivative]
            if denies(pairs.new, hit.derivative, old) or _opposed(pairs, old, heads, pairs.new, clause):
                continue
            share = _share(pairs, hit, old.clause[hit.source])
            if share < 2:
                continue
            strength = _strength(cue, share, hit, heads, hit.source, old, _with(pairs.new, hit.derivative))
            old_span = cue.span.join(old.facts.tokens[hit.source].span)
            new_span = _predicate(pairs, cue, heads, back, hit)
            yield _signal(
                "negation-dropped",
                strength,
                pairs,
                new_span,
                statement,
                old_span,
                "{old!r} in the source, {new!r} here: the negation is gone",
            )


_CLASHES = {
    "negation-antonym": "{old!r} in the source, its opposite {new!r} here",
    "negation-stance": "{old!r} in the source, {new!r} here: the stance is turned round",
    "negation-dropped": "{old!r} in the source, {new!r} here: the negation is gone",
    "negation-added": "{new!r} denies what the source says: {old!r}",
    "negation-lost": "the source denies ({old!r}) what {new!r} states",
    "negation-gained": "{new!r} denies what the source states ({old!r})",
}


def _denied(side: Side, cue: Cue, first: int, end: int) -> list[int]:
    """What a cue denies; with a negated object ("expelled none") the verb before it too."""
    heads = denied_heads(side, cue, end)
    if cue.lemma not in _NO or not first:
        return heads
    verb = first - 1
    if (
        side.facts.tokens[verb].tag is not Tag.VERB
        or not side.content[verb]
        or vague(side.facts.tokens[verb])
    ):
        return heads
    return [*heads[:1], verb, *heads[1:]] if heads else [verb]


def _unsure(side: Side, cue: Cue) -> bool:
    """Whether a negation is a part of a hedge: "did not rule out", "not known whether"."""
    return any(
        hedge.scale in ("certainty", "unknown") and hedge.span.covers(cue.span)
        for hedge, _, _ in side.of(CueKind.MODALITY)
    )


def _already(pairs: View, heads: list[int]) -> bool:
    """Whether the source denies the same word elsewhere: the match only went astray."""
    words = {pairs.new.facts.tokens[index].lemma for index in heads[:2]}
    return any(
        token.lemma in words
        for old in pairs.old
        for cue, _, end in old.of(CueKind.NEGATION)
        if firm(cue)
        for token in (old.facts.tokens[i] for i in denied_heads(old, cue, end)[:2])
    )


def _short_of(new: Side, old: Side) -> bool:
    """Whether both say that something falls short: "not strong enough", "too weak"."""
    return not _ENOUGH.isdisjoint(norms(new.facts)) and not _TOO.isdisjoint(norms(old.facts))


def _clashes(pairs: View, found: Iterable[Clash]) -> list[Signal]:
    return [
        _signal(rule, strength, pairs, new, statement, old, _CLASHES[rule])
        for rule, strength, new, statement, old in found
    ]


def _predicate(pairs: View, cue: Cue, heads: list[int], back: dict[int, list[Match]], hit: Match) -> Span:
    """Where the derivative says what the source denies: with a negated subject, up to its verb."""
    span = pairs.new.facts.tokens[hit.derivative].span
    if cue.lemma not in _NO:
        return span
    for match in (m for index in heads for m in back.get(index, ())):
        if pairs.new.facts.tokens[match.derivative].tag is Tag.VERB:
            return span.join(pairs.new.facts.tokens[match.derivative].span)
    return span


def _strength(
    cue: Cue, share: int, hit: Match, heads: list[int], place: int, side: Side, withal: bool = False
) -> float:
    """Belief in a lost or new negation: most when its own predicate is there, word for word."""
    if cue.lemma == "without" and withal:
        return 0.6
    predicate = side.facts.tokens[place].tag in (Tag.VERB, Tag.ADJECTIVE)
    if (heads[0] != place or cue.lemma in _LOOSE) and not predicate:
        return 0.15
    if heads[0] != place and side.facts.tokens[heads[0]].tag is Tag.VERB and cue.lemma not in _NO:
        return 0.15  # another word of what is denied stands there, not the verb
    if not predicate and cue.lemma not in _NO and not _verbal(side, place):
        return 0.35
    if hit.relation not in _CLOSE and hit.score < MIN_MATCH:
        return 0.4
    return 0.75 if cue.scale == "full" and share > 2 else 0.6


def _verbal(side: Side, index: int) -> bool:
    """Whether a word that is taken for a noun may be a verb: it has a verb's form, or a helper before it."""
    tokens = side.facts.tokens
    return tokens[index].norm.endswith(("ed", "ing")) or any(
        is_auxiliary(t) or t.norm in ("not", "n't", "to") for t in tokens[max(0, index - 1) : index]
    )


def _with(side: Side, index: int) -> bool:
    return any(token.norm == "with" for token in side.facts.tokens[max(0, index - 3) : index])


def _counterpart(heads: list[int], matched: dict[int, list[Match]]) -> Match | None:
    """What the first of the governed words stands for; the second will do when the first is new."""
    for index in heads[:2]:
        if matched.get(index):
            return matched[index][0]
    return None


def _same_word(matched: dict[int, list[Match]], cue: range) -> bool:
    """Whether the negative word itself has a counterpart: "rejected" for "rejects", "lack" for "lacked"."""
    return any(m.relation != "antonym" for index in cue for m in matched.get(index, ()))


def _share(pairs: View, hit: Match, old_clause: int) -> int:
    """How many content words stand with a word on both sides: in its clause, or else right beside it."""
    clause = pairs.new.clause[hit.derivative]
    support = pairs.support(clause)
    here = support.get((hit.statement, old_clause), 0)
    if not here or here < max(support.values()) or here < MIN_SHARE * len(pairs.new.inside(clause)):
        beside = slot(pairs, hit.derivative, hit.statement, hit.source)
        return beside if beside >= MIN_SLOT else 0
    return here


def _opposed(pairs: View, side: Side, heads: list[int], other: Side, clause: int) -> bool:
    """Whether the other clause says the opposite of a governed word, which makes up for the negation."""
    words = [side.facts.tokens[i] for i in heads]
    if heads:
        last = heads[-1]
        words += [side.facts.tokens[i] for i in side.inside(side.clause[last]) if i > last]
    theirs = [other.facts.tokens[i] for i in other.inside(clause)]
    said, spelt = {token.lemma for token in theirs}, {token.norm for token in theirs}
    for word in words:
        turned, formed = contraries(word.lemma, word.norm)
        if not (turned.isdisjoint(said) and turned.isdisjoint(spelt) and formed.isdisjoint(spelt)):
            return True
    return False


def _signal(
    rule: str, strength: float, pairs: View, new: Span, statement: int, old: Span, message: str
) -> Signal:
    before = old.of(pairs.old[statement].facts.statement.text)
    after = new.of(pairs.new.facts.statement.text)
    types = (Type.NEGATION, Type.MODALITY) if rule == "negation-evidence" else (Type.NEGATION,)
    text = message.replace("{old!r}", f"“{before}”").replace("{new!r}", f"“{after}”")
    return Signal(rule, types, Severity.MAJOR, strength, text + ".", new, (statement, old), before, after)

"""Conditions, limits and caveats that went missing, so that the claim reaches further than the source's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from claimdiff.detect.cueview import Side, View, view
from claimdiff.detect.limiter import lost
from claimdiff.detect.qualifier_limit import (
    MIN_KEPT,
    SHORT,
    Limit,
    clause_stop,
    limits,
    says,
    sentence_part,
)
from claimdiff.detect.qualifier_rules import ADDED, CAVEAT, DESCRIBED, DROPPED, RULES
from claimdiff.detect.qualifier_waived import denied, opened, waived
from claimdiff.detect.record import narrowed
from claimdiff.detect.scope import listed, near_words, quoted
from claimdiff.detect.seen import lemmas, norms
from claimdiff.model import CueKind, Pair, Severity, Signal, Span, Tag, Type

__all__ = ["RULES", "detect"]

RESTS = 0.4  # share of the matched words that must come from a statement before its limits are missed
CAUTION = 14  # tokens after a turn within which somebody's caution is looked for
CARRIED = 0.25  # share of a limit's content words that may come back by chance
KEPT_CLAIM = 0.5  # share of the main claim's content words that must come back before its limit is missed
NEXT = 3  # content words right before a condition: what it makes uncertain
_SURE = frozenset({"exact", "lemma", "stem", "name", "synonym"})
MAYBE = 0.6  # a modal up to here leaves a claim as open as a small limit does
_FAMILY = {"condition": ("condition", "focus"), "focus": ("focus", "condition", "quantifier", "modality"),
           "concession": ("concession",)}  # fmt: skip
_WEAK = 0.35


def detect(pair: Pair) -> Iterator[Signal]:
    """Signals for limits of the source's claims that the rewrite dropped, added or waived."""
    sight = view(pair)
    free = [*waived(sight), *opened(sight)]
    yield from free
    yield from lost(sight)
    yield from narrowed(sight)
    yield from _described(sight)
    yield from _added(sight)
    if any(signal.strength >= 0.5 for signal in free):
        return
    best: dict[int, Signal] = {}
    for number, side in enumerate(sight.old):
        if not _rests_on(sight, number):
            continue
        for limit in limits(side, number):
            signal = _dropped(sight, limit)
            if signal is not None and (number not in best or best[number].strength < signal.strength):
                best[number] = signal
    yield from (best[number] for number in sorted(best))


def _rests_on(sight: View, number: int) -> bool:
    """Whether the rewrite takes a fair part of its matched words from this source statement."""
    if len(sight.old) == 1:
        return True
    here = sum(1 for matches in sight.forth.values() if any(match.statement == number for match in matches))
    return here >= RESTS * len(sight.forth)


def _dropped(sight: View, limit: Limit) -> Signal | None:
    side, near = sight.old[limit.statement], near_words(sight.pair)
    kept = [i for i in limit.main if (limit.statement, i) in sight.back or _in(side, i, near)]
    if len(kept) < MIN_KEPT or len(kept) < KEPT_CLAIM * len(limit.main):
        return None
    behind = limit.clause and limit.main[-1] < limit.clause[0] and limit.cue.kind is CueKind.CONDITION
    if behind and not any((limit.statement, i) in sight.back for i in limit.main[-NEXT:]):
        return None  # "3% of sales, a share that may double if the plan passes" limits the share to come
    if not limit.clause and limit.cue.scale not in (*SHORT, "measure", "caution"):
        return None
    carried = sum(1 for i in limit.clause if _in(side, i, near) or (limit.statement, i) in sight.back)
    if carried > CARRIED * len(limit.clause):
        return None
    if _restated(sight, limit):
        return None
    return _signal(sight, limit, kept)


def _in(side: Side, index: int, near: frozenset[str]) -> bool:
    token = side.facts.tokens[index]
    return token.stem in near or token.norm in near


def _restated(sight: View, limit: Limit) -> bool:
    """Whether the rewrite has a limiting cue of its own that may stand for the source's."""
    families = _FAMILY[limit.cue.kind.value]
    tokens = sight.new.facts.tokens
    if limit.cue.kind is CueKind.CONDITION and (
        tokens[0].norm in listed("inverted")
        or not listed("requires").isdisjoint(lemmas(sight.new.facts) | norms(sight.new.facts))
    ):
        return True
    for cue, first, end in sight.new.cues:
        if cue.scale == "waived" and limit.cue.scale == "temporary" and denied(sight.new, first):
            return True  # "not permanent" for "temporary"
        if cue.kind.value not in families or cue.scale in ("waived", "exclusive", "rank"):
            continue
        if cue.kind is not CueKind.MODALITY and _of_another(sight, limit, first, end):
            continue
        if cue.kind is CueKind.QUANTIFIER and not 0.0 < cue.rung < 0.9:
            continue
        if cue.kind is CueKind.MODALITY and (limit.cue.scale not in SHORT or cue.rung > MAYBE):
            continue
        return True
    return False


def _of_another(sight: View, limit: Limit, first: int, end: int) -> bool:
    """Whether a limiting cue of the rewrite stands for words of the source beside a limit, not for it."""
    places = [match for at in range(first, end) for match in sight.forth.get(at, ())]
    side = sight.old[limit.statement]
    apart = [
        not side.facts.tokens[match.source].span.overlaps(limit.span)
        for match in places if match.statement == limit.statement and match.relation in _SURE
    ]  # fmt: skip
    return bool(apart) and all(apart)


def _signal(sight: View, limit: Limit, kept: list[int]) -> Signal:
    share = len(kept) / max(1, len(limit.main))
    side = sight.old[limit.statement]
    words = limit.span.of(side.facts.statement.text)
    concession = limit.cue.kind is CueKind.CONCESSION
    after = [side.facts.tokens[i].norm for i in limit.clause[:3]]
    strength = min(0.7, limit.cue.rung + (0.05 if share >= 0.6 else 0.0))
    told = (token for token in side.facts.tokens if token.span.start >= limit.cue.span.end)
    if concession and any(token.norm in listed("cautioning") for token in islice(told, CAUTION)):
        strength = max(strength, 0.6)  # somebody says so against the claim
    elif concession and (limit.cue.lemma in listed("background") or _leaves_open(side, limit)):
        strength = 0.15
    dated = limit.cue.scale == "pending" and any(_dates(norm) for norm in after)
    counted = limit.cue.lemma in listed("bounds") and any(
        _dates(norm) or norm in listed("counts") for norm in after[:2]
    )
    if dated or counted:
        strength = _WEAK
    return Signal(
        CAVEAT if concession else DROPPED,
        (Type.QUALIFIER,),
        Severity.MAJOR if strength >= 0.5 else Severity.MINOR,
        strength,
        f"The source says “{words}”; that is missing here.",
        _claim(sight, limit, kept),
        (limit.statement, limit.span),
        words,
    )


def _leaves_open(side: Side, limit: Limit) -> bool:
    """Whether a turn only tells what the same subject did not say or settle: "but did not rule on costs"."""
    after = [t for t in side.facts.tokens if t.span.start >= limit.cue.span.end][:3]
    if len(after) < 3 or after[0].tag not in (Tag.AUXILIARY, Tag.MODAL):
        return False
    return after[1].norm in ("not", "n't") and after[2].lemma in listed("silent")


def _dates(norm: str) -> bool:
    return norm in listed("dates") or norm[0].isdigit()


def _claim(sight: View, limit: Limit, kept: list[int]) -> Span:
    """The rewrite's words for the claim that lost its limit."""
    places = sorted(
        match.derivative for index in kept for match in sight.back.get((limit.statement, index), ())
    )
    if not places:
        places = [i for i, content in enumerate(sight.new.content) if content] or [0]
    return sight.new.span(places[0], places[-1])


def _described(sight: View) -> Iterator[Signal]:
    """A plural noun whose restricting clause ("buyers who pay in full") is gone."""
    relative = listed("relative")
    for number, side in enumerate(sight.old):
        if relative.isdisjoint(norms(side.facts)):
            continue
        tokens, near = side.facts.tokens, near_words(sight.pair)
        for index in range(1, len(tokens) - 2):
            if tokens[index].norm not in relative or not _plural(tokens[index - 1].norm):
                continue
            back = sight.back.get((number, index - 1))
            if not back or not _plural(sight.new.facts.tokens[back[0].derivative].norm):
                continue
            low, high = sentence_part(side, index)
            stop = clause_stop(side, index, index + 1, high)
            helpers = (i for i in range(index + 3, stop) if tokens[i].tag in (Tag.MODAL, Tag.AUXILIARY))
            stop = next(helpers, stop)
            clause = [i for i in range(index + 1, stop) if says(side, i)]
            rest = [i for i in range(low, high) if says(side, i) and not index - 1 <= i < stop]
            kept = [i for i in rest if (number, i) in sight.back or _in(side, i, near)]
            if len(clause) < 2 or len(kept) < MIN_KEPT or len(kept) < KEPT_CLAIM * len(rest):
                continue
            if any(_in(side, i, near) or (number, i) in sight.back for i in clause[:4]):
                continue
            if any(cue.kind is CueKind.CONDITION for cue in sight.pair.derivative.cues):
                continue
            span = side.span(index - 1, stop - 1)
            at = back[0].derivative
            was, now = span.of(side.facts.statement.text), sight.new.facts.tokens[at].text
            yield Signal(
                DESCRIBED, (Type.QUALIFIER,), Severity.MAJOR, 0.4,
                f"“{was}” in the source, only “{now}” here.",
                sight.new.facts.tokens[at].span, (number, span), was, now,
            )  # fmt: skip
            return


def _plural(norm: str) -> bool:
    return norm in listed("groups") or (
        len(norm) > 3 and norm.endswith("s") and not norm.endswith(("ss", "us", "is"))
    )


def _added(sight: View) -> Iterator[Signal]:
    if not sight.new.of(CueKind.CONDITION):
        return
    limiting = (CueKind.CONDITION, CueKind.FOCUS, CueKind.CONCESSION)
    if any(
        cue.kind in limiting and cue.scale != "rank"
        for number, side in enumerate(sight.old) if _rests_on(sight, number)
        for cue in side.facts.cues
    ):  # fmt: skip
        return
    for cue, first, end in sight.new.of(CueKind.CONDITION):
        if cue.scale in ("waived", "soft") or quoted(sight.new, cue.span):
            continue
        stop = clause_stop(sight.new, first, end, sentence_part(sight.new, first)[1])
        words = [i for i in range(end, stop) if says(sight.new, i)]
        if not words or sum(i in sight.forth for i in words) * 2 > len(words):
            continue
        span = sight.new.span(first, stop - 1)
        now = span.of(sight.new.facts.statement.text)
        yield Signal(
            ADDED, (Type.QUALIFIER,), Severity.MINOR, 0.5 if cue.scale in ("open", "strict") else 0.35,
            f"“{now}” limits the claim here; the source has no such limit.", span, None, "", now,
        )  # fmt: skip

"""How many, how often, how widely: some that became all, members that became the membership."""

from __future__ import annotations

import re
from collections.abc import Iterator

from claimdiff.detect.cueview import Side, View, view
from claimdiff.detect.limiter import ranked
from claimdiff.detect.quantifier_extent import (
    GAP,
    Quantifier,
    bounded,
    claims,
    frequency,
    leads,
    polar,
    singular,
    squared,
    superlative,
    third_of_row,
)
from claimdiff.detect.quantifier_renamed import renamed
from claimdiff.detect.quantifier_rules import ADDED, NARROWED, RULES, WIDENED
from claimdiff.detect.scope import NUMBERS, listed, quoted, ratio, shares, source_words
from claimdiff.model import Cue, CueKind, Pair, Severity, Signal, Tag, Type

__all__ = ["RULES", "detect"]

SCALES = ("share", "reach", "pair")
COUNTED = "part"  # lemma of a share that figures give: "six of the nine"
REACH = 4  # tokens after a quantifier in which the counted noun stands
_JOINTS = frozenset({"'", "-", "'s"})
_STOP_TAGS = frozenset({Tag.VERB, Tag.AUXILIARY, Tag.MODAL, Tag.PRONOUN, Tag.CONJUNCTION})
_FIGURE = re.compile(r"third|quarter|half|fifth|\b(?:in|out of) ")
_COUNT = re.compile(
    r"(?:dozens|scores|hundreds|thousands|countless|twice|one or two|two or three|a couple|a pair)\b"
)


def detect(pair: Pair) -> Iterator[Signal]:
    """Signals for shares, spread and frequency that differ, outside quotation marks."""
    sight = view(pair)
    old = [entry for number, side in enumerate(sight.old) for entry in _quantifiers(side, number)]
    new = [entry for entry in _quantifiers(sight.new, -1) if not quoted(sight.new, entry.cue.span)]
    for entry in new:
        if entry.cue.scale == "frequency":
            yield from frequency(sight, entry, old)
        elif entry.cue.scale in SCALES:
            yield from _share(sight, entry, [o for o in old if o.cue.scale in SCALES])
    alone = tuple(singular(sight))
    yield from alone
    yield from ranked(sight, alone)
    yield from _dropped(sight, old, new)


def _quantifiers(side: Side, number: int) -> Iterator[Quantifier]:
    tokens = side.facts.tokens
    for cue, first, end in side.of(CueKind.QUANTIFIER):
        counted = end < len(tokens) and (tokens[end].norm[0].isdigit() or tokens[end].norm in NUMBERS)
        if (cue.lemma == "some" and counted) or third_of_row(side, cue, end):
            continue  # "some 500" is about 500
        yield Quantifier(number, cue, first, _noun(side, end))


def _noun(side: Side, end: int) -> tuple[int, ...]:
    """The content tokens right after a quantifier, up to the end of its noun phrase."""
    found: list[int] = []
    tokens = side.facts.tokens
    stops, determiners = listed("noun_ends"), listed("determiners")
    for index in range(end, min(len(tokens), end + REACH + 2)):
        norm = tokens[index].norm
        if norm in stops or tokens[index].tag in _STOP_TAGS or not (norm[0].isalnum() or norm in _JOINTS):
            break
        if norm not in determiners and norm != "'s" and norm[0].isalpha():
            found.append(index)
    return tuple(found[:REACH])


def _partner(sight: View, entry: Quantifier, old: list[Quantifier]) -> Quantifier | None:
    """The source quantifier of the same noun, the nearest in meaning when there are several."""
    found = [
        other
        for index in entry.noun
        for match in sight.forth.get(index, ())
        for other in old
        if other.statement == match.statement and match.source in other.noun
    ]
    return min(found, key=lambda other: abs(other.cue.rung - entry.cue.rung), default=None)


def _share(sight: View, entry: Quantifier, old: list[Quantifier]) -> Iterator[Signal]:
    rung = entry.cue.rung
    if entry.cue.lemma in ("all", "all the") and _adverbial(sight.new, entry):
        return
    if (entry.cue.lemma in listed("free") and not _any_of_them(sight.new, entry)) or (
        entry.cue.lemma in ("most", "a majority", "a majority of") and superlative(sight.new, entry)
    ):
        return
    if _is_rate(sight.new, entry):
        return
    counted = _counted_set(sight.new, entry)
    partner = _partner(sight, entry, old) or (_subset(sight, counted, old) if counted else None)
    if partner is not None and squared(sight, entry, partner):
        return
    if partner is not None:
        if {rung, partner.cue.rung} == {0.0, 0.1}:
            yield _moved(sight, entry, partner, 0.5)
        elif rung == 1.0 and partner.cue.lemma == COUNTED and partner.cue.rung < 0.99:
            yield _moved(sight, entry, partner, 0.65)
        elif abs(rung - partner.cue.rung) > GAP and not (rung == 0.0 and partner.cue.lemma in listed("free")):
            yield _moved(sight, entry, partner, 0.65 if partner.cue.rung > 0.0 else 0.4)
        return
    if (
        _FIGURE.search(entry.cue.lemma)
        or counted
        or rung < 0.7
        or polar(sight.new, entry)
        or entry.cue.scale == "pair"
    ):
        return
    if _held(sight, rung, old):
        return
    loose = [
        o for o in old if 0.0 < o.cue.rung < rung - GAP and o.cue.scale != "pair" and not _carried(sight, o)
    ]
    if loose:
        yield _moved(sight, entry, min(loose, key=lambda o: (o.cue.rung, o.statement, o.cue.span)), 0.55)
    elif not _whole(sight, entry):
        yield _bare(sight, entry)


def _held(sight: View, rung: float, old: list[Quantifier]) -> bool:
    """Whether the source speaks of as many in another way: "normally" for "on most days", a share."""
    if any(abs(rung - other.cue.rung) <= GAP for other in old if claims(sight, other)):
        return True
    often = [cue for side in sight.old for cue, _, _ in side.cues if cue.scale == "frequency"]
    if any(abs(rung - cue.rung) <= GAP for cue in often):
        return True
    given = [share for facts in sight.pair.sources for share in shares(facts.statement.text)]
    given += [q.low / 100 for facts in sight.pair.sources for q in facts.quantities if q.unit == "percent"]
    given += [0.9 for side in sight.old for cue, _, _ in side.of(CueKind.FOCUS) if cue.scale == "exclusive"]
    return any(share >= 0.5 if rung < 0.9 else share >= 0.85 for share in given)


def _adverbial(side: Side, entry: Quantifier) -> bool:
    """Whether "all" counts nothing: "at all", "in all,", "for all its faults"."""
    tokens = side.facts.tokens
    before = tokens[entry.first - 1].norm if entry.first else ""
    after = tokens[entry.first + 1].norm if entry.first + 1 < len(tokens) else ""
    if before == "of" and tokens[entry.first - 1].text == "Of":
        return True  # "Of all the towns, Riga ..." ranks
    if before == "for" and after in listed("determiners") - {"of", "the", "these", "those"}:
        return True
    return before in ("at", "in", "of", "for") and not entry.noun and not _counted_set(side, entry)


def _any_of_them(side: Side, entry: Quantifier) -> bool:
    """Whether "any" denies something of a counted set: "cannot crew any of its four ships"."""
    return polar(side, entry) and bool(_counted_set(side, entry))


def _is_rate(side: Side, entry: Quantifier) -> bool:
    """Whether the words give a rate ("every hour", "each month", "for every"), a count, or an exception."""
    tokens = side.facts.tokens
    after = tokens[entry.first + 1 : entry.first + 3]
    if entry.cue.lemma in ("every", "each") and after:
        before = tokens[entry.first - 1].norm if entry.first else ""
        return (
            before in ("for", "of", "in") or after[0].stem in listed("time_stems") or after[0].norm in NUMBERS
        )
    if entry.cue.lemma in ("all", "everything", "everyone") and after:
        return after[0].norm == "but"
    return bool(_COUNT.match(entry.cue.lemma))


def _counted_set(side: Side, entry: Quantifier) -> str:
    """The figure in "all nine", "none of the 17", or ""."""
    for token in side.facts.tokens[entry.first + 1 : entry.first + 5]:
        if token.norm[0].isdigit() or token.norm in NUMBERS:
            return NUMBERS.get(token.norm, token.norm)
        if token.norm not in listed("determiners") and token.norm not in ("one", "single"):
            return ""
    return ""


def _subset(sight: View, number: str, old: list[Quantifier]) -> Quantifier | None:
    """The source's part of a counted set: "six of the nine", "most of the 340"."""
    for at, side in enumerate(sight.old):
        tokens = [NUMBERS.get(token.norm, token.norm) for token in side.facts.tokens]
        for index, norm in enumerate(tokens):
            if norm != number:
                continue
            for other in old:
                if other.statement == at and 0 < index - other.first <= 5:
                    return other
            head = next((i for i in range(max(0, index - 4), index - 1) if tokens[i][0].isdigit()), -1)
            if head >= 0 and "of" in tokens[head + 1 : index] and tokens[head] != number:
                share = ratio(tokens[head], number)
                span = side.span(head, index)
                return Quantifier(at, Cue(CueKind.QUANTIFIER, span, "share", share, span, COUNTED), head, ())
    return None


def _whole(sight: View, entry: Quantifier) -> bool:
    """Whether the source speaks of a whole in other words."""
    after = [token.norm for token in sight.new.facts.tokens[entry.first + 1 : entry.first + 6]]
    return bool(source_words(sight) & listed("wholes")) or (entry.cue.rung >= 0.9 and "but" in after)


def _bare(sight: View, entry: Quantifier) -> Signal:
    words = entry.cue.span.of(sight.new.facts.statement.text)
    strength = 0.55 if entry.cue.rung >= 0.9 else 0.5
    area = sight.new.facts.tokens[entry.first].lemma, entry.cue.lemma.split()[-1]
    if entry.cue.scale == "reach" and source_words(sight) & {*listed("nation"), *area}:
        strength = 0.1  # "across the region" for "in the region"
    if strength > 0.5 and any(c.lemma in ("just", "only") for f in sight.pair.sources for c in f.cues):
        strength = 0.65  # all, where the source says "only"
    nothing = any(c.rung == 0.0 and c.kind is CueKind.QUANTIFIER for f in sight.pair.sources for c in f.cues)
    if entry.cue.lemma in listed("soft") or (nothing and entry.cue.rung == 1.0):
        strength = 0.35
    return Signal(
        ADDED, (Type.QUANTIFIER,), Severity.MAJOR, strength,
        f"“{words}” here; the source does not say that it is so of that many.",
        entry.cue.span, None, "", words,
    )  # fmt: skip


def _moved(sight: View, entry: Quantifier, other: Quantifier, strength: float) -> Signal:
    side = sight.old[other.statement]
    was = other.cue.span.of(side.facts.statement.text)
    now = entry.cue.span.of(sight.new.facts.statement.text)
    wider = entry.cue.rung > other.cue.rung
    if abs(entry.cue.rung - other.cue.rung) < 0.3:
        strength = min(strength, 0.5)
    if {entry.cue.scale, other.cue.scale} == {"share", "reach"}:
        strength -= 0.05
    return Signal(
        WIDENED if wider else NARROWED, (Type.QUANTIFIER,), Severity.MAJOR if wider else Severity.MINOR,
        strength, f"“{was}” in the source, “{now}” here.",
        entry.cue.span, (other.statement, other.cue.span), was, now,
    )  # fmt: skip


def _carried(sight: View, other: Quantifier) -> bool:
    """Whether the derivative still has the source's quantifier, on whatever scale."""
    return any(
        cue.kind is CueKind.QUANTIFIER and cue.scale in SCALES and abs(cue.rung - other.cue.rung) <= GAP
        for cue in sight.pair.derivative.cues
    )


def _dropped(sight: View, old: list[Quantifier], new: list[Quantifier]) -> Iterator[Signal]:
    """A noun that some, several or certain limited in the source and nothing limits here."""
    if not old:
        return
    limits = [entry for entry in new if entry.cue.scale in SCALES and entry.cue.rung > 0]
    for other in old:
        most = other.cue.lemma in listed("most")
        if any(_limits(sight, entry, other) for entry in limits) or (limits and not most):
            continue
        if not most and other.cue.lemma not in listed("partial"):
            continue
        if quoted(sight.old[other.statement], other.cue.span):
            continue
        here = sorted(
            match.derivative for index in other.noun for match in sight.back.get((other.statement, index), ())
        )
        if not here and not most:
            yield from renamed(sight, other)
        if not here or bounded(sight.new, here[0]) or not _told(sight, other):
            continue
        was = (
            sight.old[other.statement]
            .span(other.first, other.noun[0])
            .of(sight.old[other.statement].facts.statement.text)
        )
        span = sight.new.span(here[0], here[-1] if here[-1] - here[0] < REACH else here[0])
        now = span.of(sight.new.facts.statement.text)
        token = sight.new.facts.tokens[here[-1]]
        subject = leads(sight.new, here[0]) and token.norm.endswith("s")
        if most and not subject:
            continue
        yield Signal(
            WIDENED, (Type.QUANTIFIER,), Severity.MAJOR, (0.5 if most else 0.6) if subject else 0.45,
            f"“{was}” in the source, “{now}” without the limit here.",
            span, (other.statement, other.cue.span), was, now,
        )  # fmt: skip


def _limits(sight: View, entry: Quantifier, other: Quantifier) -> bool:
    """Whether a quantifier of the rewrite may stand for one of the source."""
    near = abs(entry.cue.rung - other.cue.rung) <= GAP or entry.cue.rung < 0.3
    return near or _partner(sight, entry, [other]) is not None


def _told(sight: View, other: Quantifier) -> bool:
    """Whether the rewrite also carries what the source says of the quantified noun."""
    side = sight.old[other.statement]
    head = max(index for index in other.noun if (other.statement, index) in sight.back)
    after = [i for i in range(head + 1, min(len(side.clause), head + 10)) if side.content[i]][:4]
    return sum(1 for i in after if (other.statement, i) in sight.back) * 2 >= max(1, len(after))

"""Attribution: another speaker, none, more of them, or another way of saying it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from claimdiff import lexicon
from claimdiff.detect.attribution_rules import RULES
from claimdiff.detect.flat import dropped, hedged, unmarked
from claimdiff.detect.ground import (
    ACTS,
    FEW,
    Ground,
    Links,
    antecedent,
    grounds_of,
    links_of,
    old_speaker,
    speakers_linked,
    sure,
    told_of,
    widened,
)
from claimdiff.detect.kinship import known, same
from claimdiff.detect.mouth import invented
from claimdiff.detect.passage import Index, index_of
from claimdiff.detect.silence import answers, silenced
from claimdiff.detect.speaker import Speaker, is_body, is_outlet, is_owned, speaker_of
from claimdiff.detect.stance import group_of, report_of, stance_gap
from claimdiff.model import Attribution, Pair, Severity, Signal, Stance, Type

__all__ = ["RULES", "detect"]

_HIDDEN = frozenset({"sourc", "insid", "person", "peopl", "familiar", "matter"})
_UNSPOKEN = frozenset({Stance.AGREE, Stance.DECLINE, Stance.REFUSE})


def detect(pair: Pair) -> Iterator[Signal]:
    """Evidence that a derivative statement says less truly than the sources who said what."""
    reports = [one for one in pair.derivative.attributions if one.content.start < one.content.end]
    speaking = any(one.stance not in ACTS for one in reports)
    plain = not speaking and not pair.derivative.quotations and not hedged(pair.derivative)
    spoken = [one for one in reports if one.speaker is not None and not _above(pair, one)]
    if spoken or plain or answers(pair.derivative):
        index = index_of(pair.context.sources or pair.sources)
        wide = widened(pair, index) if pair.context.sources else pair
        for found in _all(wide, index, reports, spoken, plain):
            near = found.source is None or found.source[0] < len(pair.sources)
            yield found if near else replace(found, source=None)
    yield from unmarked(pair)


def _all(
    pair: Pair, index: Index, reports: list[Attribution], spoken: list[Attribution], plain: bool
) -> Iterator[Signal]:
    """What the reporting phrases of a widened pair tell, `spoken` those with a speaker of their own; in a
    `plain` statement words may be told flat."""
    plain = plain and any(one.stance not in ACTS for facts in pair.sources for one in facts.attributions)
    links = links_of(pair) if spoken or plain else {}
    for made in spoken:
        yield from _spoken(pair, index, links, made)
    if plain:
        yield from dropped(pair, index, links, reports)
    yield from silenced(pair)


def _spoken(pair: Pair, index: Index, links: Links, made: Attribution) -> Iterator[Signal]:
    """A reporting phrase of the derivative against the one that covers the same words in the source."""
    new = speaker_of(pair.derivative, made)
    if new is None:
        return
    if new.pronoun:
        new = antecedent(new, pair.derivative, pair.context.derivative) or new
    grounds, linked, free = grounds_of(pair, links, made.content)
    grounds = [one for one in grounds if one.made.speaker or not _nested(pair, one)]
    if not linked:
        return
    judged = [
        (ground, old, same(new, old, index, speakers_linked(pair, made, ground)))
        for ground in grounds
        if (old := old_speaker(pair, ground)) is not None
    ]
    spoken = [one for one in judged if one[0].made.stance not in ACTS]
    own = max((ground.hits for ground, _, verdict in spoken if verdict is not False), default=0)
    others = ((g, o) for g, o, verdict in judged if verdict is False)
    best = next(((g, o) for g, o in others if not _told_by(pair, index, made, o)), None)
    if best is not None:
        ground, old = best
        if made.stance in ACTS | {Stance.WARN} and told_of(pair, links, made, ground):
            return
        if made.stance is Stance.NEUTRAL and is_outlet(new, index):
            return
        if own <= ground.hits < 1.5 * own + 1 and _same_verb(made, ground):
            own = 0
        heard = any(verdict for _, _, verdict in spoken) or _speaks(pair, index, new)
        found = _changed(index, made, ground, new, old, heard)
        if ground.hits == 1 and own == 0 and linked - free == 1:
            yield replace(found, strength=0.35, severity=Severity.MINOR)
            return
        if ground.hits > 1.5 * own and sure(ground, own, linked, free):
            yield found
            return
    yield from _level(pair, index, made, new, judged, grounds, linked, free)


def _level(
    pair: Pair,
    index: Index,
    made: Attribution,
    new: Speaker,
    judged: list[tuple[Ground, Speaker, bool | None]],
    grounds: list[Ground],
    linked: int,
    free: int,
) -> Iterator[Signal]:
    """No other speaker was found: how many speak, by which verb, and whether anybody spoke at all."""
    level = [one for one in judged if one[2] is not False and one[0].hits >= 0.7 * grounds[0].hits]
    if level and level[0][0].share >= 0.5:
        ground, old, verdict = next((one for one in level if one[2]), level[0])
        yield from _width(pair, made, ground, new, old)
        if verdict or new.pronoun or old.pronoun:
            yield from _stance(pair, made, ground)
        return
    if free >= linked * 0.7 and linked >= FEW:
        yield from invented(pair, index, made, new)
        return
    first = grounds[0] if grounds else None
    if first and first.made.speaker is None and first.made.anonymous and sure(first, 0, linked, free):
        yield _named(pair, made, first, new)


def _above(pair: Pair, made: Attribution) -> bool:
    """Somebody passes on what another is said to have said: "..., X said, Y reported"."""
    inner = [one for one in pair.derivative.attributions if one is not made and one.speaker]
    return made.stance is Stance.NEUTRAL and any(made.content.covers(one.span) for one in inner)


def _told_by(pair: Pair, index: Index, made: Attribution, old: Speaker) -> bool:
    """The source's speaker is the one who tells of this one: "MPs called for X, the minister said"."""
    outer = [one for one in pair.derivative.attributions if one is not made and one.content.covers(made.span)]
    speakers = [speaker_of(pair.derivative, one) for one in outer]
    return any(one is not None and same(one, old, index) is not False for one in speakers)


def _same_verb(made: Attribution, ground: Ground) -> bool:
    """Both report by the same verb, and by one that tells something."""
    return made.verb == ground.made.verb and report_of(made).group != "say" and ground.hits >= 2


def _nested(pair: Pair, ground: Ground) -> bool:
    """What "is believed" is itself what somebody says."""
    others = pair.sources[ground.statement].attributions
    return any(one.speaker and one.span.end <= ground.made.span.start for one in others)


def _speaks(pair: Pair, index: Index, new: Speaker) -> bool:
    """The passage has this one say something else."""
    olds = [speaker_of(facts, one) for facts in pair.sources for one in facts.attributions]
    return any(old is not None and same(new, old, index) for old in olds)


def _changed(
    index: Index, made: Attribution, ground: Ground, new: Speaker, old: Speaker, heard: bool
) -> Signal:
    strength = 0.75 if heard or known(new, index) else 0.65 if new.proper else 0.35
    if made.speaker and made.speaker.end - made.speaker.start <= 3:
        strength = min(strength, 0.55)  # a pronoun may stand for somebody else
    if strength < 0.5 and new.roles and old.roles and not old.pronoun:
        strength = 0.5
    if made.stance is Stance.FACT and strength < 0.5:
        strength = 0.55
    if made.stance in _UNSPOKEN:
        strength = min(strength, 0.45)
    if old.proper and new.stems and new.stems <= _HIDDEN:
        message = f"{old.text} is named in the source, here it is only {new.text}."
        return _signal("attribution-anonymised", 0.5, message, made, ground, new, old)
    if _wider(new, old):
        return _signal(
            "attribution-widened", 0.6, f"{old.text} in the source, {new.text} here.", made, ground, new, old
        )
    message = f"The source has {old.text} say this, here it is {new.text}."
    return _signal("attribution-changed", strength, message, made, ground, new, old)


def _named(pair: Pair, made: Attribution, ground: Ground, new: Speaker) -> Signal:
    message = f"The source names nobody for this, here {new.text} says it."
    return Signal(
        "attribution-narrowed", (Type.ATTRIBUTION,), Severity.MAJOR, 0.5, message,
        made.speaker or made.span, (ground.statement, ground.made.span), "", new.text,
    )  # fmt: skip


def _wider(new: Speaker, old: Speaker) -> bool:
    """One speaker became many, or a person the body that he belongs to."""
    kin = bool(new.roles & old.roles) or not (new.roles and old.roles)
    one = bool(old.single or old.proper) and not old.plural and not is_body(old)
    return kin and one and new.plural and not new.proper


def _width(pair: Pair, made: Attribution, ground: Ground, new: Speaker, old: Speaker) -> Iterator[Signal]:
    """The same kind of speaker, but more of them, fewer, or without a name."""
    if old.proper and new.stems and new.stems <= _HIDDEN:
        message = f"{old.text} is named in the source, here it is only {new.text}."
        yield _signal("attribution-anonymised", 0.5, message, made, ground, new, old)
    elif _wider(new, old):
        message = f"{old.text} in the source became {new.text} here."
        yield _signal("attribution-widened", 0.65, message, made, ground, new, old)
    elif (
        old.some
        and new.plural
        and not new.some
        and not new.proper
        and new.stems & old.stems
        and not is_owned(new)
    ):
        message = f"{old.text} in the source, {new.text} without that limit here."
        yield _signal("attribution-widened", 0.5, message, made, ground, new, old)
    elif old.proper and not new.proper and new.anonymous and not new.pronoun and new.single:
        message = f"{old.text} is named in the source, here it is only {new.text}."
        yield _signal("attribution-anonymised", 0.25, message, made, ground, new, old)
    elif old.plural and old.anonymous and new.proper and not new.plural and not (new.proper & old.proper):
        message = f"{old.text} in the source, here it is {new.text} alone."
        yield _signal("attribution-narrowed", 0.4, message, made, ground, new, old)


def _stance(pair: Pair, made: Attribution, ground: Ground) -> Iterator[Signal]:
    report = report_of(made)
    gap = stance_gap(report_of(ground.made), report)
    if gap < 0.1 or any(
        group_of(token.norm) == report.group for token in pair.sources[ground.statement].tokens
    ):
        return
    if report.group == "admit" and _sorry(pair, ground):
        return
    if report.group == "admit" and _own_words(pair, made):
        gap = min(gap, 0.35)
    old = ground.made.span.of(pair.sources[ground.statement].statement.text)
    new = made.span.of(pair.derivative.statement.text)
    severity = Severity.MAJOR if gap >= 0.6 else Severity.MINOR
    yield Signal(
        "attribution-stance", (Type.ATTRIBUTION,), severity, gap, f"“{old}” in the source, “{new}” here.",
        made.span, (ground.statement, ground.made.span), old, new,
    )  # fmt: skip


def _sorry(pair: Pair, ground: Ground) -> bool:
    """The speaker owns up to something in the source, whatever its verb: "We should have told you"."""
    sorry = lexicon.words("reporting", "sorry", "words")
    return any(t.norm in sorry for t in pair.sources[ground.statement].within(ground.made.content))


def _own_words(pair: Pair, made: Attribution) -> bool:
    """The speaker speaks of himself in a quotation: a reader sees what he owns up to."""
    spans = [one.span for one in pair.derivative.quotations if one.span.overlaps(made.content)]
    return any(t.norm in {"i", "we", "my", "our"} for span in spans for t in pair.derivative.within(span))


def _signal(
    rule: str, strength: float, message: str, made: Attribution, ground: Ground, new: Speaker, old: Speaker
) -> Signal:
    severity = Severity.MAJOR if strength >= 0.5 else Severity.MINOR
    source = (ground.statement, ground.made.speaker or ground.made.span)
    return Signal(
        rule,
        (Type.ATTRIBUTION,),
        severity,
        strength,
        message,
        made.speaker or made.span,
        source,
        old.text,
        new.text,
    )

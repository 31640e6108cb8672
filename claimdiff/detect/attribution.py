"""Attribution: another speaker, none, more of them, or another way of saying it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from claimdiff import lexicon
from claimdiff.detect.attribution_rules import RULES
from claimdiff.detect.ground import (
    Ground,
    Links,
    antecedent,
    beside,
    grounds_of,
    holds,
    links_of,
    old_speaker,
    speakers_linked,
    sure,
    told_of,
    widened,
)
from claimdiff.detect.passage import Index, index_of
from claimdiff.detect.speaker import Speaker, is_body, is_outlet, is_owned, known, same, speaker_of
from claimdiff.detect.stance import Report, group_of, report_of, stance_gap
from claimdiff.model import Attribution, Pair, Role, Severity, Signal, Span, Stance, Type

__all__ = ["RULES", "detect"]

_HEDGES = frozenset(
    {"may", "might", "could", "would", "reportedly", "allegedly", "alleged", "apparently",
     "purportedly", "supposedly", "likely", "possibly", "perhaps", "probably", "claim", "claims",
     "claimed", "suspected", "accused", "believed", "appears", "appeared", "seems", "seemed",
     "described", "blamed", "seen", "called", "regarded", "considered", "expects", "expected"}
)  # fmt: skip
_HIDDEN = frozenset({"sourc", "insid", "person", "peopl", "familiar", "matter"})
# Verbs that tell what somebody did rather than what he said.
_ACTS = frozenset({Stance.REFUSE, Stance.AGREE, Stance.PRAISE, Stance.URGE, Stance.ASK, Stance.DECLINE})
_UNSPOKEN = frozenset({Stance.AGREE, Stance.DECLINE, Stance.REFUSE})
_CHECKED = frozenset({"verified", "checked", "corroborated", "substantiated", "verify", "corroborate"})
_FEW = 3  # linked words that tell too little


def detect(pair: Pair) -> Iterator[Signal]:
    """Evidence that a derivative statement says less truly than the sources who said what."""
    index = index_of(pair.context.sources or pair.sources)
    wide = widened(pair, index) if pair.context.sources else pair
    for found in _all(wide, index):
        near = found.source is None or found.source[0] < len(pair.sources)
        yield found if near else replace(found, source=None)


def _all(pair: Pair, index: Index) -> Iterator[Signal]:
    links = links_of(pair)
    reports = [one for one in pair.derivative.attributions if one.content.start < one.content.end]
    for made in reports:
        yield from _spoken(pair, index, links, made)
    speaking = [one for one in reports if one.stance not in _ACTS]
    if not speaking and not pair.derivative.quotations:
        yield from _dropped(pair, index, links, reports)
    yield from _unreached(pair)


def _spoken(pair: Pair, index: Index, links: Links, made: Attribution) -> Iterator[Signal]:
    """A reporting phrase of the derivative against the one that covers the same words in the source."""
    new = speaker_of(pair.derivative, made)
    if new is None or _above(pair, made):
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
    spoken = [one for one in judged if one[0].made.stance not in _ACTS]
    own = max((ground.hits for ground, _, verdict in spoken if verdict is not False), default=0)
    plain = made.stance is Stance.NEUTRAL
    best = next(((g, o) for g, o, verdict in judged if verdict is False), None)
    if best is not None and made.stance in _ACTS | {Stance.WARN} and told_of(pair, links, made, best[0]):
        return
    if best is not None and (_told_by(pair, index, made, best[1]) or (plain and is_outlet(new, index))):
        return
    if best is not None and own <= best[0].hits < 1.5 * own + 1 and _same_verb(made, best[0]):
        own = 0
    if best is not None and best[0].hits == 1 and own == 0 and linked - free == 1:
        yield replace(_changed(index, made, best[0], new, best[1], False), strength=0.35, severity=Severity.MINOR)
        return
    if best is not None and best[0].hits > 1.5 * own and sure(best[0], own, linked, free):
        heard = any(verdict for _, _, verdict in spoken) or _speaks(pair, index, new)
        yield _changed(index, made, best[0], new, best[1], heard)
        return
    level = [one for one in judged if one[2] is not False and one[0].hits >= 0.7 * grounds[0].hits]
    if level and level[0][0].share >= 0.5:
        ground, old, verdict = next((one for one in level if one[2]), level[0])
        yield from _width(pair, made, ground, new, old)
        if verdict or new.pronoun or old.pronoun:
            yield from _stance(pair, made, ground)
    elif free >= linked * 0.7 and linked >= _FEW:
        yield from _invented(pair, index, made, new)
    elif grounds and grounds[0].made.speaker is None and grounds[0].made.anonymous and sure(grounds[0], 0, linked, free):
        yield _named(pair, made, grounds[0], new)


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


def _invented(pair: Pair, index: Index, made: Attribution, new: Speaker) -> Iterator[Signal]:
    """The source says it in its own voice: weak, unless the verb says more than "said"."""
    report = report_of(made)
    if _voiced(pair, made, report):
        return
    strength = 0.6 if report.group in _LOADED and not new.pronoun else 0.25
    speakers = [one for facts in pair.context.sources for one in facts.attributions if one.speaker]
    near = {m.statement for m in pair.matches if made.content.covers(pair.derivative.tokens[m.derivative].span)}
    if any(
        (old := speaker_of(pair.sources[number], one)) is not None and same(new, old, index)
        for number in sorted(near)
        for one in pair.sources[number].attributions
    ):
        strength = min(strength, 0.3)
    heard = [old for facts in pair.sources for one in facts.attributions if (old := speaker_of(facts, one))]
    if heard and not new.pronoun and all(same(new, old, index) is False for old in heard):
        strength = max(strength, 0.45)
    elif new.pronoun or not known(new, index):
        strength -= 0.15
    if not speakers:
        strength -= 0.1
    if any(one.span.overlaps(made.content) for one in pair.derivative.quotations):
        return  # whose words these are is for the quotation rules
    if _read_into(pair, made):
        strength = 0.65 if report.stance is not Stance.NEUTRAL else 0.55
    message = f"The source says this in its own voice, here {new.text} says it."
    yield Signal(
        "attribution-invented", (Type.ATTRIBUTION,), Severity.MINOR, strength, message,
        made.speaker or made.span, None, "", new.text,
    )  # fmt: skip


_LOADED = frozenset({"admit", "accuse", "boast", "claim", "confirm", "criticise", "insist"})
# Verbs by which a source gives somebody's mind without a word of speech.
_MINDS = frozenset(
    {"want", "see", "seek", "favour", "favor", "back", "support", "oppose", "prefer", "hope", "like", "blame",
     "cite", "point", "plan", "mean", "intend", "aim", "wish", "call", "think", "believe", "fear", "accuse",
     "concede", "admit", "insist", "argue", "criticise", "criticize", "deny", "reject", "consider", "propose"}
)  # fmt: skip


def _voiced(pair: Pair, made: Attribution, report: Report) -> bool:
    """The source has this one want, see or concede it, or has a verb of the same kind."""
    if made.speaker is None:
        return False
    tokens = pair.derivative.tokens
    numbers = {m.statement for m in pair.matches if made.speaker.covers(tokens[m.derivative].span)}
    for number in sorted(numbers):
        for token in pair.sources[number].tokens:
            if token.lemma in _MINDS or token.norm in _MINDS or group_of(token.norm) == report.group:
                return True
    return False


def _read_into(pair: Pair, made: Attribution) -> bool:
    """What is said here is the reporter's own reading: "His words reflect a long quarrel"."""
    tokens = pair.derivative.tokens
    nouns, verbs = lexicon.words("reporting", "gloss", "nouns"), lexicon.words("reporting", "gloss", "verbs")
    numbers = sorted({m.statement for m in pair.matches if made.content.covers(tokens[m.derivative].span)})
    for number in numbers:
        lemmas = [token.lemma for token in pair.sources[number].tokens[:8]]
        owned = {"his", "her", "their", "'s", "its", "the", "these", "those", "this"}.intersection(lemmas[:3])
        for at, lemma in enumerate(lemmas[:5]):
            if owned and lemma in nouns and verbs.intersection(lemmas[at + 1 : at + 3]):
                return True
    return False


def _stance(pair: Pair, made: Attribution, ground: Ground) -> Iterator[Signal]:
    report = report_of(made)
    gap = stance_gap(report_of(ground.made), report)
    if gap < 0.1 or any(
        group_of(token.norm) == report.group for token in pair.sources[ground.statement].tokens
    ):
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


def _own_words(pair: Pair, made: Attribution) -> bool:
    """What is said is a quotation in which the speaker speaks of himself: a reader sees what he owns up to."""
    spans = [one.span for one in pair.derivative.quotations if one.span.overlaps(made.content)]
    return any(t.norm in {"i", "we", "my", "our"} for span in spans for t in pair.derivative.within(span))


def _dropped(pair: Pair, index: Index, links: Links, reports: list[Attribution]) -> Iterator[Signal]:
    """A statement that rests on what somebody says and tells it flat."""
    text = pair.derivative.statement.text
    whole = Span(0, len(text))
    grounds, linked, _ = grounds_of(pair, links, whole)
    grounds = [one for one in grounds if one.made.stance not in _ACTS and holds(pair, one)]
    grounds.sort(key=lambda one: report_of(one.made).group in {"deny", "disagree", "doubt"})
    if linked < _FEW or not grounds:
        return
    if any(token.norm in _HEDGES and token.text != "May" for token in pair.derivative.tokens):
        return
    ground = grounds[0]
    old = speaker_of(pair.sources[ground.statement], ground.made)
    acting = [new for one in reports if (new := speaker_of(pair.derivative, one)) is not None]
    if old is not None and any(same(new, old, index) is not False for new in acting):
        return
    report = report_of(ground.made)
    disputed = _disputed(pair, ground)
    strength = _weight(report, old, disputed)
    if old is not None and _mentioned(pair, old):
        strength = min(strength, 0.6 if disputed else 0.25)
    if pair.derivative.statement.role is Role.HEADLINE and not disputed:
        strength = min(strength, 0.15 if report.stance is Stance.NEUTRAL else 0.4)
    if strength < 0.1:
        return
    phrase = ground.made.span if old is None else ground.made.speaker or ground.made.span
    denied = report.group in {"deny", "disagree", "doubt"}
    who = old.text if old else ground.made.span.of(pair.sources[ground.statement].statement.text)
    covered = [pair.derivative.tokens[i].span for i in sorted(links)]
    span = Span(covered[0].start, covered[-1].end)
    message = f"The source gives this as what {who} said, here it stands as fact." if old else (
        f"The source says “{who}”, here it stands as fact."
    )  # fmt: skip
    if old and denied:
        message = f"In the source {who} denies this, here it stands as fact."
    severity = Severity.MAJOR if strength >= 0.5 else Severity.MINOR
    source = (ground.statement, phrase.join(ground.made.span))
    yield Signal(
        "attribution-dropped", (Type.ATTRIBUTION,), severity, strength, message, span, source, who, ""
    )


def _weight(report: Report, old: Speaker | None, disputed: bool) -> float:
    """How much a reader loses with the speaker: least for plain facts from a body that counts them."""
    if report.factive or report.stance in {*_ACTS}:
        return 0.1 if report.stance is Stance.FACT else 0.0
    if report.group in {"predict", "fear"} or (old is not None and old.pronoun):
        return 0.2
    weight = 0.3
    if report.stance in {Stance.CLAIM, Stance.ACCUSE, Stance.BELIEVE} or report.group == "deny":
        weight = 0.3 if report.group in {"call", "suggest"} else 0.55
    if old is None:
        weight = 0.55
    elif old.anonymous and not old.single and not is_body(old):
        weight = max(weight, 0.4)
    if old is not None and any(word in _partisan() for word in old.text.lower().split()):
        weight = max(weight, 0.5)
    return min(0.8, weight + 0.3) if disputed else weight


def _partisan() -> frozenset[str]:
    return lexicon.words("speaker", "many", "partisan")


def _disputed(pair: Pair, ground: Ground) -> bool:
    """Somebody else contradicts it beside the place where it stands, or nobody could check it."""
    for facts in beside(pair, ground):
        for one in facts.attributions:
            if one.verb != ground.made.verb and report_of(one).group in {"deny", "doubt", "disagree"}:
                return True
        norms = [token.norm for token in facts.tokens]
        for at, norm in enumerate(norms):
            if norm in _CHECKED and {"not", "n't", "neither", "nor", "no"}.intersection(norms[max(0, at - 9) : at]):
                return True
    return False


def _mentioned(pair: Pair, old: Speaker) -> bool:
    """The derivative speaks of the source's speaker, so that readers see whose word it is."""
    there = {token.stem for token in pair.derivative.tokens}
    return bool(old.proper & there) if old.proper else bool(old.stems) and old.stems <= there


_UNREACHED = frozenset({"unreached", "decline"})


def _unreached(pair: Pair) -> Iterator[Signal]:
    """ "could not be reached" became "refused to explain", whatever the rest of the statement says."""
    for made in pair.derivative.attributions:
        report = report_of(made)
        if report.group not in {"refuse", "deny", "decline", "reject"}:
            continue
        olds = [(n, one) for n, facts in enumerate(pair.sources) for one in facts.attributions]
        if any(report_of(one).group == report.group for _, one in olds):
            continue
        for number, one in olds:
            gap = stance_gap(report_of(one), report)
            if report_of(one).group in _UNREACHED and gap >= 0.4:
                old = one.span.of(pair.sources[number].statement.text)
                new = made.span.of(pair.derivative.statement.text)
                message = f"“{old}” in the source, “{new}” here."
                yield Signal(
                    "attribution-stance", (Type.ATTRIBUTION,), Severity.MAJOR, gap, message, made.span,
                    (number, one.span), old, new,
                )  # fmt: skip
                return


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

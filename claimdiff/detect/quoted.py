"""Quotations whose words are right: who is said to have said them, and of what."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.ground import antecedent, meant
from claimdiff.detect.kinship import same
from claimdiff.detect.passage import Index
from claimdiff.detect.speaker import LIGHT, is_outlet, speaker_of
from claimdiff.model import Attribution, Facts, Pair, Quotation, Severity, Signal, Span, Type

_POINTING = frozenset(
    {"this", "that", "it", "they", "these", "those", "which", "who", "he", "she", "there", "what"}
)


def other_speaker(
    pair: Pair, sources: tuple[Facts, ...], index: Index, quotation: Quotation, quoted: list[int]
) -> Iterator[Signal]:
    """The same words, given to another speaker than the source gives them to."""
    made = _attribution(pair.derivative, quotation.span)
    new = speaker_of(pair.derivative, made) if made else None
    if made is None or new is None or is_outlet(new, index):
        return
    told = new
    if new.pronoun:
        new = antecedent(new, pair.derivative, pair.context.derivative) or new
    olds = []
    for place in quoted:
        number, token = index.places[place]
        facts = sources[number]
        old_made = _attribution(facts, facts.tokens[token].span)
        old = speaker_of(facts, old_made) if old_made else None
        if old is not None and old.pronoun and old_made is not None:
            old = meant(facts, old_made, sources)
        if old_made is None or old is None:
            return
        olds.append((number, old_made, old))
    if any(
        same(new, old, index, _linked(pair, sources, made, number, one)) is not False
        for number, one, old in olds
    ):
        return
    number, one, old = olds[0]
    local = next(
        (i for i, facts in enumerate(pair.sources) if facts.statement == sources[number].statement), None
    )
    source = None if local is None or one.speaker is None else (local, one.speaker)
    strength = 0.8 if new.proper and old.proper else 0.6 if new.proper or old.proper else 0.5
    if told.pronoun:
        strength = 0.6
    elif not new.proper and not new.stems & frozenset(index.stems) and not (new.roles and old.roles):
        strength = 0.4
    message = f"The source has {old.text} say this, here it is {new.text}."
    yield signal("quote-speaker", strength, message, made.speaker or made.span, source, old.text, new.text)


def _attribution(facts: Facts, span: Span) -> Attribution | None:
    spoken = [one for one in facts.attributions if one.speaker and one.content.overlaps(span)]
    return min(spoken, key=lambda one: one.content.end - one.content.start, default=None)


def _linked(pair: Pair, sources: tuple[Facts, ...], made: Attribution, number: int, old: Attribution) -> bool:
    if made.speaker is None or old.speaker is None:
        return False
    tokens = pair.derivative.tokens
    return any(
        pair.sources[m.statement].statement == sources[number].statement
        and made.speaker.covers(tokens[m.derivative].span)
        and old.speaker.covers(sources[number].tokens[m.source].span)
        and tokens[m.derivative].norm not in LIGHT
        for m in pair.matches
    )


def reaimed(
    pair: Pair,
    sources: tuple[Facts, ...],
    index: Index,
    quotation: Quotation,
    first: int,
    quoted: list[int],
) -> Iterator[Signal]:
    """A fragment whose subject here, the words right before it, is nothing that the source quotes it of."""
    tokens = pair.derivative.tokens
    before = [t for t in tokens[max(0, first - 9) : first] if t.span.end <= quotation.span.start]
    verb = next(
        (i for i in reversed(range(len(before))) if before[i].norm in {"is", "are", "was", "were"}), None
    )
    if verb is None or verb < len(before) - 3:
        return
    if verb and before[verb - 1].norm in _POINTING:
        return
    subject = [t for t in before[:verb] if t.norm[0].isalnum() and t.norm not in LIGHT]
    numbers = {index.places[place][0] for place in quoted}
    near = {number + step for number in numbers for step in (-1, 0) if number + step >= 0}
    stems = {token.stem for number in sorted(near) for token in sources[number].tokens}
    own = {sources[number].statement for number in sorted(near)}
    linked = {m.derivative for m in pair.matches if pair.sources[m.statement].statement in own}
    lost = [t for t in subject if t.stem not in stems and tokens.index(t) not in linked]
    if len(subject) < 2 or len(lost) * 2 < len(subject):
        return
    where = subject[0].span.join(subject[-1].span)
    text = where.of(pair.derivative.statement.text)
    message = f"The source quotes these words of something else than “{text}”."
    yield signal("quote-reaimed", 0.55, message, where, None, "", text)


def signal(
    rule: str,
    strength: float,
    message: str,
    where: Span,
    source: tuple[int, Span] | None,
    old: str = "",
    new: str = "",
) -> Signal:
    severity = Severity.MAJOR if strength >= 0.5 else Severity.MINOR
    return Signal(rule, (Type.QUOTE,), severity, strength, message, where, source, old, new)

"""Words that the source says in its own voice and the derivative puts into somebody's mouth."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff import lexicon
from claimdiff.detect.kinship import known, same
from claimdiff.detect.passage import Index
from claimdiff.detect.speaker import Speaker, speaker_of
from claimdiff.detect.stance import Report, group_of, report_of
from claimdiff.model import Attribution, Pair, Severity, Signal, Stance, Type

_LOADED = frozenset({"admit", "accuse", "boast", "claim", "confirm", "criticise", "insist"})
# Verbs by which a source gives somebody's mind without a word of speech.
_MINDS = frozenset(
    {"want", "see", "seek", "favour", "favor", "back", "support", "oppose", "prefer", "hope", "like", "blame",
     "cite", "point", "plan", "mean", "intend", "aim", "wish", "call", "think", "believe", "fear", "accuse",
     "concede", "admit", "insist", "argue", "criticise", "criticize", "deny", "reject", "consider", "propose"}
)  # fmt: skip


def invented(pair: Pair, index: Index, made: Attribution, new: Speaker) -> Iterator[Signal]:
    """The source says it in its own voice: weak, unless the verb says more than "said"."""
    report = report_of(made)
    if _voiced(pair, made, report):
        return
    strength = 0.6 if report.group in _LOADED and not new.pronoun else 0.25
    near = {
        m.statement for m in pair.matches if made.content.covers(pair.derivative.tokens[m.derivative].span)
    }
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
    if not any(one.speaker for facts in pair.context.sources for one in facts.attributions):
        strength -= 0.1
    if any(one.span.overlaps(made.content) for one in pair.derivative.quotations):
        return  # whose words these are is for the quotation rules
    read = _read_into(pair, made)
    if read:
        strength = 0.65 if report.stance is not Stance.NEUTRAL else 0.55
    message = f"The source says this in its own voice, here {new.text} says it."
    rule, severity = (
        ("attribution-gloss", Severity.MAJOR) if read else ("attribution-invented", Severity.MINOR)
    )
    where = made.speaker or made.span
    yield Signal(rule, (Type.ATTRIBUTION,), severity, strength, message, where, None, "", new.text)


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

"""Words that are louder or quieter than the source's: alarm for concern, plunge for dip, chaos for delays."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff.detect.cueview import Side, View, view
from claimdiff.detect.heightened import RULE as DEGREE
from claimdiff.detect.heightened import heightened
from claimdiff.detect.loudness import figurative, grounded, measured, plain_sense
from claimdiff.detect.once import once
from claimdiff.detect.scope import listed, quoted
from claimdiff.detect.seen import lemmas
from claimdiff.detect.seen import words as spelt
from claimdiff.detect.substitute import LOUD as SLOT
from claimdiff.detect.substitute import louder
from claimdiff.lexicon import load
from claimdiff.model import Cue, CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Token, Type

STRENGTHENED = "intensity-strengthened"
WEAKENED = "intensity-weakened"
LOADED = "intensity-loaded"
ADVERB = "intensity-adverb"

RULES: tuple[Rule, ...] = (
    SLOT,
    DEGREE,
    Rule(
        STRENGTHENED, Kind.DISTORTION, Type.INTENSITY, Severity.MAJOR,
        "A word is clearly stronger than the source's word for the same thing.",
        "A dip that becomes a plunge, or concern that becomes panic, is another event for the reader.",
        ("Shares dipped after the results.", "Shares plunged after the results."),
        ("Shares dropped after the results.", "Shares fell after the results."),
    ),
    Rule(
        WEAKENED, Kind.DISTORTION, Type.INTENSITY, Severity.MINOR,
        "A word is clearly weaker than the source's word for the same thing.",
        "Playing down what the source says misleads as much as playing it up.",
        ("The minister was furious about the leak.", "The minister was disappointed about the leak."),
        ("The minister was furious about the leak.", "The minister was outraged by the leak."),
    ),
    Rule(
        LOADED, Kind.DISTORTION, Type.INTENSITY, Severity.MAJOR,
        "A word that judges or paints stands where the source has none.",
        "The rewrite takes a side, or a tone, that the source did not take.",
        ("The council adopted the tram plan.", "The council adopted the notorious tram plan."),
        ("Critics call the plan notorious.", "The plan is notorious, critics say."),
    ),
    Rule(
        ADVERB, Kind.DISTORTION, Type.INTENSITY, Severity.MINOR,
        "A word that only turns up the volume was added.",
        "How much something rose or who was deeply worried is a claim that the source must carry.",
        ("Rents rose last year.", "Rents rose dramatically last year."),
        ("Rents rose sharply last year.", "Last year rents climbed steeply."),
    ),
)  # fmt: skip

LOUD = 4.0  # from this rung on a word paints by itself
RAISED = 3.0
STEP = 2.0  # rungs of difference from which the claim is another
# Scales that tell what happened rather than how it is told: no word of theirs is loaded by itself.
VOLUME = frozenset({"degree"})


class Place(NamedTuple):
    scale: str
    rung: float


class Old(NamedTuple):
    """A source cue that shares a scale with one of the derivative."""

    statement: int
    cue: Cue
    gap: float
    carried: bool


def detect(pair: Pair) -> Iterator[Signal]:
    """Signals for words outside quotation marks that differ in loudness from the source's."""
    yield from louder(pair)
    yield from heightened(pair)
    sight = view(pair)
    for cue, first, end in sight.new.of(CueKind.INTENSITY):
        if quoted(sight.new, cue.span) or _named(sight.new, first, end) or _turned(sight.new, first, end):
            continue
        if _same_word(sight, first, end):
            continue
        places = _of(sight.new, cue, first, end)
        places = tuple(place for place in places if not figurative(sight, place.scale))
        found = sorted(
            _counterparts(sight, places, range(first, end)),
            key=lambda old: (abs(old.gap), old.statement, old.cue.span),
        )
        if found and abs(found[0].gap) < 1.0:
            continue
        free = [old for old in found if not old.carried]
        if free and free[0].cue.scale not in VOLUME:
            yield _shifted(sight, cue, first, end, free[0])
        else:
            yield from _added(sight, cue, places, range(first, end))


@cache
def _places() -> dict[str, tuple[Place, ...]]:
    """Every place of an entry, since a word may stand on several scales."""
    found: dict[str, tuple[Place, ...]] = {}
    for scale, rungs in load("intensity")["intensity"].items():
        for rung, entries in rungs.items():
            only = (Place(scale, float(rung)),)
            for entry in entries:
                word = entry.removeprefix("=")
                found[word] = found[word] + only if word in found else only
    return found


def _of(side: Side, cue: Cue, first: int, end: int) -> tuple[Place, ...]:
    """The places of a cue's entry and, for a single word, of the forms that the entry did not match."""
    token = side.facts.tokens[first]
    keys = (cue.lemma, token.norm, token.lemma) if end - first == 1 else (cue.lemma,)
    return _any_of(keys) or (Place(cue.scale, cue.rung),)


@lru_cache(maxsize=1024)
def _any_of(words: tuple[str, ...]) -> tuple[Place, ...]:
    """The places of some forms of a word."""
    return tuple(sorted({place for word in words for place in _places().get(word, ())}))


def _named(side: Side, first: int, end: int) -> bool:
    """Whether the words look like a name: a capital that does not open the statement."""
    return first > 0 and all(token.text[0].isupper() for token in side.facts.tokens[first:end])


def _turned(side: Side, first: int, end: int) -> bool:
    """Whether a word before turns the meaning round, or the form only compares."""
    tokens = side.facts.tokens
    norm = tokens[first].norm
    if end - first == 1 and norm != tokens[first].lemma and norm[-2:] == "er":
        return True
    if first and tokens[first - 1].norm == "how":
        return True  # "how fast it grew" is a measure
    return not listed("turns").isdisjoint([token.norm for token in tokens[max(0, first - 3) : first]])


def _same_word(sight: View, first: int, end: int) -> bool:
    """Whether the source says the word itself, in whatever form."""
    words = [token for token in sight.new.facts.tokens[first:end] if token.content]
    if not words:
        return False
    known = [_forms(side.facts) for side in sight.old]
    return all(any(not forms.isdisjoint(_keys(token)) for forms in known) for token in words)


@once
def _forms(facts: Facts) -> frozenset[str]:
    """The words of a statement in every form."""
    return spelt(facts) | lemmas(facts)


def _keys(token: Token) -> tuple[str, str, str]:
    return token.stem, token.lemma, token.norm


def _counterparts(sight: View, places: tuple[Place, ...], own: range) -> Iterator[Old]:
    if not places:
        return
    new = {place.scale: place.rung for place in places}
    for number, side in enumerate(sight.old):
        for old, first, end in side.of(CueKind.INTENSITY):
            gaps = [new[scale] - rung for scale, rung in _of(side, old, first, end) if scale in new]
            if gaps and not _turned(side, first, end):
                # A word whose only match is the louder word itself has lost its place to it.
                carried = all(
                    any(match.derivative not in own for match in sight.back.get((number, index), ()))
                    for index in range(first, end)
                )
                yield Old(number, old, min(gaps, key=abs), carried)


def _shifted(sight: View, cue: Cue, first: int, end: int, old: Old) -> Signal:
    was = old.cue.span.of(sight.old[old.statement].facts.statement.text)
    now = cue.span.of(sight.new.facts.statement.text)
    near = _same_slot(sight, first, end, old)
    up = old.gap > 0
    strength = (0.65 if up else 0.55) if near else (0.5 if up else 0.35)
    if abs(old.gap) < STEP:
        strength = 0.2
    elif grounded(sight, range(first, end), not_in=(old.statement, old.cue.span)):
        strength = min(strength, 0.35)
    if quoted(sight.old[old.statement], old.cue.span):
        strength *= 0.8
    return Signal(
        STRENGTHENED if up else WEAKENED, (Type.INTENSITY,), Severity.MAJOR if up else Severity.MINOR,
        strength, f"“{was}” in the source, the {'stronger' if up else 'weaker'} “{now}” here.",
        cue.span, (old.statement, old.cue.span), was, now,
    )  # fmt: skip


def _same_slot(sight: View, first: int, end: int, old: Old, reach: int = 6) -> bool:
    """Whether a neighbour of the new word stands for a neighbour of the old one."""
    side = sight.old[old.statement]
    here = [i for i, token in enumerate(side.facts.tokens) if old.cue.span.covers(token.span)]
    for index in range(max(0, first - reach), min(len(sight.new.clause), end + reach)):
        for match in sight.forth.get(index, ()):
            if match.statement == old.statement and any(abs(match.source - at) <= reach for at in here):
                return True
    return False


def _added(sight: View, cue: Cue, places: tuple[Place, ...], own: range) -> Iterator[Signal]:
    loud = [place for place in places if place.rung >= LOUD]
    now = cue.span.of(sight.new.facts.statement.text)
    if cue.scale in VOLUME and cue.rung >= RAISED:
        strength = 0.55 if cue.rung >= LOUD else 0.5
        if _turned_up(sight) or measured(sight):
            strength = 0.25
        yield Signal(
            ADVERB, (Type.INTENSITY,), Severity.MINOR, strength,
            f"“{now}” turns up what the source says without it.", cue.span, None, "", now,
        )  # fmt: skip
    elif loud:
        painted = any(place.scale not in listed("factual") for place in loud)
        strength = 0.6 if painted else 0.35
        if painted and _elsewhere(sight, places):
            strength = 0.3
        elif painted and grounded(sight, own):
            strength = 0.5
        if plain_sense(sight.new, cue, own):
            strength = 0.4 if painted else 0.15
        yield Signal(
            LOADED, (Type.INTENSITY,), Severity.MAJOR if painted else Severity.MINOR, strength,
            f"“{now}” is a loaded word that the source does not use.", cue.span, None, "", now,
        )  # fmt: skip


def _turned_up(sight: View) -> bool:
    """Whether the source turns up the volume somewhere, be it inside a longer phrase ("fall sharply")."""
    return any(
        place.scale in VOLUME and place.rung >= RAISED
        for side in sight.old
        for token in side.facts.tokens
        for place in (*_places().get(token.norm, ()), *_places().get(token.lemma, ()))
    )


def _elsewhere(sight: View, places: tuple[Place, ...]) -> bool:
    """Whether a statement of the sources is as loud on one of the scales."""
    scales = {place.scale for place in places}
    return any(
        place.scale in scales and place.rung >= RAISED
        for lemma in _loud(sight.pair.context.sources)
        for place in _places().get(lemma, ())
    )


@once
def _loud(lines: tuple[Facts, ...]) -> tuple[str, ...]:
    """The words of degree that some statements use."""
    cues = (cue for facts in lines for cue in facts.cues if cue.kind is CueKind.INTENSITY)
    return tuple(dict.fromkeys(cue.lemma for cue in cues))

"""Open matters that the derivative settles: unknown, unproven, not planned, hedged at some distance."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.cueview import Entry, View, is_auxiliary
from claimdiff.detect.hedge import WILL
from claimdiff.detect.outlook import Matter, State, matters, rests, state, stretch
from claimdiff.detect.seen import lemmas
from claimdiff.model import Cue, CueKind, Severity, Signal, Span, Tag, Type

HEDGED = 0.5  # a rung up to here leaves the matter open
ABSENT = frozenset({"absence"})
UNKNOWN = frozenset({"unknown"})
REFRAIN = frozenset({"refrain"})
HEDGES = frozenset({"certainty", "intent", "report"})

# Hedging words of the source that say little about the words around them.
_ASIDE = frozenset(
    {
        "accuse", "accuse of", "advise", "appear", "call on", "can", "candidate", "capable of", "close to",
        "demand", "design to", "designed to", "draft", "due", "estimate", "estimated", "fear", "feel",
        "future", "if", "invite", "motion", "project", "request", "should", "suggest", "talk on", "target",
        "threat of", "urge", "wait for", "wait to", "warn of", "warn that",
    }
)  # fmt: skip
_SETTLERS = frozenset(
    {
        "already", "approve", "arrange", "begin", "buy", "certain", "certainly", "complete", "confirm",
        "decide", "definite", "definitely", "deliver", "done", "finish", "fix", "get", "give", "guarantee",
        "hand", "order", "pay", "place", "receive", "rule", "secure", "seal", "send", "settle", "sign",
        "start", "win",
    }
)  # fmt: skip


def unproven(pairs: View) -> Iterator[Signal]:
    """'No evidence that X', told as 'not X'."""
    for matter in matters(pairs, ABSENT):
        if not rests(pairs, matter) or _still(pairs, ABSENT | UNKNOWN):
            continue
        if state(pairs, matter.at) is State.DENIED:
            strength = 0.7 if matter.head else 0.65 if matter.share >= 0.5 else 0.5
            message = "{old} in the source became the denial {new}"
            yield signal(
                "negation-evidence", strength, pairs, matter, message, (Type.NEGATION, Type.MODALITY)
            )


def settled(pairs: View) -> Iterator[Signal]:
    """An open question told as answered; a fact that could not be confirmed told as a fact."""
    for matter in matters(pairs, UNKNOWN | ABSENT):
        if not rests(pairs, matter) or _still(pairs, ABSENT | UNKNOWN):
            continue
        how = state(pairs, matter.at, strict=matter.head is None)
        if how in (State.FUTURE, State.FLAT) or (how is State.DENIED and matter.cue.scale == "unknown"):
            if matter.cue.scale == "absence" and how is State.FLAT and not _finite_claim(pairs, matter):
                continue
            told = matter.head is not None and _verbal(pairs, matter.head.derivative)
            strength = 0.7 if told else 0.55 if matter.share >= 0.6 and matter.head is None else 0.35
            message = "{old} in the source leaves open what {new} settles"
            yield signal("modality-settled", strength, pairs, matter, message)


def refused(pairs: View) -> Iterator[Signal]:
    """What nobody plans or expects, told as refused or ruled out."""
    for matter in matters(pairs, REFRAIN):
        if not rests(pairs, matter) or _still(pairs, REFRAIN):
            continue
        if state(pairs, matter.at) is not State.DENIED:
            continue
        firm = [
            cue
            for cue, first, _ in pairs.new.cues
            if pairs.new.clause[first] == matter.clause
            and (cue.lemma in WILL or cue.lemma in ("rule out", "never", "refuse to", "refuse", "reject"))
        ]
        strength = 0.6 if firm and matter.head else 0.5 if firm else 0.3
        yield signal("modality-refused", strength, pairs, matter, "{old} in the source became {new}")


def loose(pairs: View) -> Iterator[Signal]:
    """A hedge or plan of the source around words that the derivative tells flatly in other words."""
    for matter in matters(pairs, HEDGES, _kept):
        if not rests(pairs, matter):
            continue
        how = state(pairs, matter.at, strict=True)
        if how not in (State.FUTURE, State.FLAT):
            continue
        if _conditioned(pairs, matter.clause):
            continue
        head = matter.head
        if head and head.relation in ("exact", "lemma", "stem") and _verbal(pairs, head.derivative):
            yield signal("modality-flat", 0.6, pairs, matter, "{old} in the source, {new} here")
            continue
        yield signal(
            "modality-loose", _belief(pairs, matter, how), pairs, matter, "{old} in the source, {new} here"
        )


def _conditioned(pairs: View, clause: int) -> bool:
    """Whether the derivative's clause tells what would be so, not what is."""
    tokens = pairs.new.facts.tokens
    return any(tokens[i].norm == "would" for i, place in enumerate(pairs.new.clause) if place == clause)


def _belief(pairs: View, matter: Matter, how: State) -> float:
    """How far the words around a hedge tell that its own predicate was told without it."""
    tokens = pairs.new.facts.tokens
    words = {tokens[i].lemma for i, clause in enumerate(pairs.new.clause) if clause == matter.clause}
    known = lemmas(pairs.old[matter.statement].facts)
    belief = 0.15 + 0.2 * min(1.0, matter.share)
    belief += 0.1 if matter.subject else 0.0
    belief += 0.1 if how is State.FUTURE else 0.0
    belief += 0.1 if matter.head else 0.0
    return min(0.6, belief + (0.1 if (words & _SETTLERS) - known else 0.0))


def _finite_claim(pairs: View, matter: Matter) -> bool:
    """Whether a verb of the unproven matter stands in the derivative; a lone noun says nothing."""
    return matter.head is not None and pairs.new.facts.tokens[matter.head.derivative].tag is Tag.VERB


def _verbal(pairs: View, index: int) -> bool:
    """Whether a word of the derivative is no noun; a form that follows a helping verb is none."""
    tokens = pairs.new.facts.tokens
    return tokens[index].tag is not Tag.NOUN or (index > 0 and is_auxiliary(tokens[index - 1]))


def _still(pairs: View, scales: frozenset[str]) -> bool:
    """Whether the derivative leaves something open in the same way."""
    return any(cue.scale in scales for cue, _, _ in pairs.new.of(CueKind.MODALITY))


def _kept(pairs: View, statement: int, entry: Entry) -> bool:
    """Whether a cue hedges little, its own words stand in the derivative, or another cue of the source
    settles the matter."""
    cue, first, end = entry
    if cue.rung > HEDGED or cue.lemma in WILL or cue.lemma in _ASIDE:
        return True
    if any((statement, i) in pairs.back for i in range(first, end)):
        return True
    denials = pairs.old[statement].of(CueKind.NEGATION)
    return any(denial.scope.covers(cue.span) for denial, _, _ in denials)


def signal(
    rule: str,
    strength: float,
    pairs: View,
    matter: Matter,
    message: str,
    types: tuple[Type, ...] = (Type.MODALITY,),
) -> Signal:
    """The signal that a matter of the source is told as the derivative tells it."""
    span, old = stretch(pairs, matter), _with_verb(pairs, matter.statement, matter.cue)
    before = old.of(pairs.old[matter.statement].facts.statement.text)
    after = span.of(pairs.new.facts.statement.text)
    text = message.replace("{old}", f"“{before}”", 1).replace("{new}", f"“{after}”", 1)
    return Signal(
        rule,
        types,
        Severity.MAJOR,
        round(strength, 2),
        text + ".",
        span,
        (matter.statement, old),
        before,
        after,
    )


def _with_verb(pairs: View, statement: int, cue: Cue) -> Span:
    """A cue with the negation and verb right before a bare "whether"."""
    if cue.lemma != "whether":
        return cue.span
    tokens = pairs.old[statement].facts.tokens
    place = next(i for i, token in enumerate(tokens) if token.span.start == cue.span.start)
    first = place
    while (
        first
        and place - first < 4
        and tokens[first - 1].tag in (Tag.VERB, Tag.AUXILIARY, Tag.ADVERB, Tag.MODAL)
    ):
        first -= 1
    return tokens[first].span.join(cue.span)

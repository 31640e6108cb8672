"""The action or state itself was replaced: the same people, the same things, another event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from claimdiff.detect.act import Act, acts, alike, beside, ends, homes, meanings
from claimdiff.detect.actor import converse
from claimdiff.detect.clause import Clause, clauses
from claimdiff.detect.once import once
from claimdiff.detect.stage import RULE as STAGE
from claimdiff.detect.stage import moved
from claimdiff.detect.substitute import ACT as SLOT
from claimdiff.detect.substitute import acts as replaced
from claimdiff.lexicon import words
from claimdiff.lexicon.relations import related
from claimdiff.model import CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Span, Tag, Type

RULES = (
    STAGE,
    SLOT,
    Rule(
        "predicate-contrast", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
        "An act was replaced by another one that news keeps apart.",
        "An inquiry is not an offer, and an arrest is not a conviction.",
        ("Police arrested the treasurer on Monday.", "Police charged the treasurer on Monday."),
        ("Police arrested the treasurer on Monday.", "Police detained the treasurer on Monday."),
    ),
    Rule(
        "predicate-replaced", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
        "The verb between the same subject and object is another one.",
        "What was done is not what the source says was done.",
        ("The council repainted the bridge.", "The council demolished the bridge."),
        ("The council repainted the bridge.", "The council gave the bridge a new coat of paint."),
    ),
)  # fmt: skip


def detect(pair: Pair) -> Iterator[Signal]:
    """Contrasting acts first, then other stages, then replaced verbs."""
    yield from _contrasts(pair)
    yield from moved(pair)
    yield from replaced(pair)
    yield from _replaced(pair)


# --- acts that news keeps apart ---------------------------------------------------------------------

_SAME = {"exact", "lemma", "stem", "name", "synonym", "same", "derived"}
_PLACED = (0.0, 0.65, 0.75)  # belief in a listed contrast by the ends (subject, object) that were kept
_LISTED, _LOOSE = 0.55, 0.35  # and where only words beside it were kept, two or fewer
_OPENED = 0.65  # belief where the source asks whether it was so
_BEFORE, _PHRASE = 4, 12  # tokens from a verb back to its subject in such a question, and in the derivative
_BOTH_ENDS, _OBJECT, _ONE_END, _UNKNOWN = (
    0.55,
    0.5,
    0.3,
    0.2,
)  # belief in a replaced verb, by what was kept around it


def _contrasts(pair: Pair) -> Iterator[Signal]:
    """The clearest act of the derivative on a set of which the source takes another step in its place."""
    new = acts(pair.derivative)
    same = _same(pair)
    fresh = [act for act in new if act.first not in same]
    if not fresh:
        return
    old = [(number, act) for number, facts in enumerate(pair.sources) for act in acts(facts)]
    found: list[Signal] = []
    for act in fresh:
        if not any(act.places & o.places and _near(pair, act, n, o) for n, o in old):
            found += _rivals(pair, act, new, old)
    if found:
        yield max(found, key=lambda signal: signal.strength)


@once
def _same(pair: Pair) -> frozenset[int]:
    """The tokens of the derivative that stand for a word of the source which says the same."""
    return frozenset([m.derivative for m in pair.matches if m.relation in _SAME])


@once
def _taken(pair: Pair) -> frozenset[tuple[int, int]]:
    """The tokens of the source for which such a word stands, with their statements."""
    return frozenset([(m.statement, m.source) for m in pair.matches if m.relation in _SAME])


def _rivals(pair: Pair, act: Act, new: Sequence[Act], old: Sequence[tuple[int, Act]]) -> Iterator[Signal]:
    """The source's acts on other steps of an act's sets that the derivative has not kept."""
    taken = _taken(pair)
    kept = {place for other in new for place in other.places}
    sets = {number for number, _ in act.places}
    for number, other in old:
        if other.places & kept or not sets & {n for n, _ in other.places} or (number, other.first) in taken:
            continue
        strength = _place(pair, act, number, other)
        if not strength or alike(pair, act, number, other):
            continue
        if _denied(pair.derivative, act) != _denied(pair.sources[number], other):
            strength /= 2
        span = _span(pair.derivative, act.first, act.last)
        there = _span(pair.sources[number], other.first, other.last)
        yield _signal("predicate-contrast", round(strength, 2), pair, span, number, there)


def _near(pair: Pair, new: Act, statement: int, old: Act) -> bool:
    """Whether two acts have an end or a word beside them in common."""
    return any(_kept(pair, new, statement, old))


def _place(pair: Pair, new: Act, statement: int, old: Act) -> float:
    """How sure it is that two acts stand in the same place: by their subjects and objects, else by the
    words beside them."""
    same, near = _kept(pair, new, statement, old)
    phrases = new.first < new.last and old.first < old.last  # these mean one thing wherever they stand
    return _PLACED[same] if same else _LISTED if near > 1 or (near and phrases) else _LOOSE


def _kept(pair: Pair, new: Act, statement: int, old: Act) -> tuple[int, int]:
    """How many ends of two acts are the same, and how many words beside them."""
    home = homes(pair).get(statement, {})
    mine, theirs = ends(pair.derivative, new), ends(pair.sources[statement], old)
    same = [end for end in mine if end in theirs and home.get(mine[end], -1) == theirs[end]]
    here, there = beside(pair.derivative, new), beside(pair.sources[statement], old)
    return len(same), sum(1 for index in here if home.get(index, -1) in there)


def _denied(facts: Facts, act: Act) -> bool:
    """Whether an act stands under a negation: "did not lower" is close to "kept"."""
    span = _span(facts, act.first, act.last)
    head = facts.tokens[act.first].span
    return any(
        cue.kind is CueKind.NEGATION and cue.scope.covers(head) and not span.covers(cue.span)
        for cue in facts.cues
    )


def _span(facts: Facts, first: int, last: int) -> Span:
    return Span(facts.tokens[first].span.start, facts.tokens[last].span.end)


# --- another verb between the same words -------------------------------------------------------------


def _replaced(pair: Pair) -> Iterator[Signal]:
    """An unmatched verb whose subject and object match those of an unmatched source verb."""
    strong = _same(pair)
    vague = words("predicate", "vague")
    fresh = [
        new
        for new in clauses(pair.derivative)
        if new.verb not in strong and pair.derivative.tokens[new.verb].lemma not in vague
    ]
    if not fresh:
        return
    home = {m.derivative: (m.statement, m.source) for m in pair.matches}
    taken = _taken(pair)
    for new in fresh:
        verb = pair.derivative.tokens[new.verb]
        for number, facts in enumerate(pair.sources):
            for old in clauses(facts):
                if (number, old.verb) in taken or facts.tokens[old.verb].lemma in vague:
                    continue
                subject = new.subject is not None and home.get(new.subject) == (number, old.subject)
                object_ = new.object is not None and home.get(new.object) == (number, old.object)
                if not (subject or object_):
                    continue
                strength = _doubt(pair.derivative, new.verb, facts, old.verb, both=subject and object_)
                if _denied(pair.derivative, _bare(new)) != _denied(facts, _bare(old)):
                    continue  # "did not answer" may well stand for "ignored"
                if strength == _ONE_END and object_ and _kept(pair, _bare(new), number, _bare(old))[1] > 1:
                    strength = _OBJECT
                if subject and _left_open(pair, new):
                    strength = _OPENED
                if strength:
                    there = facts.tokens[old.verb].span
                    yield _signal("predicate-replaced", strength, pair, verb.span, number, there)


def _left_open(pair: Pair, clause: Clause) -> bool:
    """Whether the sources only ask of the same subject if it did so: "whether the pump failed"."""
    tokens = pair.derivative.tokens
    verb = tokens[clause.verb]
    before = tokens[max(0, clause.verb - _PHRASE) : clause.verb]
    subjects = {token.lemma for token in before if token.tag in {Tag.NOUN, Tag.NAME}}
    if _hedged(pair.derivative, clause.verb) or _denied(pair.derivative, _bare(clause)):
        return False
    open_ = False
    for facts, index in _verbs(pair.context.sources).get(verb.lemma, ()):
        near = facts.tokens[max(0, index - _BEFORE) : index]
        if any(other.lemma in subjects for other in near):
            if not _asked(facts, index):
                return False
            open_ = True
    return open_


@once
def _verbs(lines: tuple[Facts, ...]) -> Mapping[str, Sequence[tuple[Facts, int]]]:
    """Where each verb stands in some statements, by its lemma."""
    found: dict[str, list[tuple[Facts, int]]] = {}
    for facts in lines:
        for index, token in enumerate(facts.tokens):
            if token.tag is Tag.VERB:
                found.setdefault(token.lemma, []).append((facts, index))
    return found


def _asked(facts: Facts, verb: int) -> bool:
    """Whether a verb stands in the scope of "whether", "it is not known if" and the like."""
    span = facts.tokens[verb].span
    return any(
        cue.kind is CueKind.MODALITY and cue.scale == "unknown" and cue.scope.covers(span)
        for cue in facts.cues
    )


def _hedged(facts: Facts, verb: int) -> bool:
    """Whether anything leaves open what a verb says."""
    span = facts.tokens[verb].span
    return any(
        cue.kind in (CueKind.MODALITY, CueKind.CERTAINTY, CueKind.CONDITION) and cue.scope.covers(span)
        for cue in facts.cues
    )


def _bare(clause: Clause) -> Act:
    return Act(clause.verb, clause.verb, frozenset())


def _doubt(new: Facts, here: int, old: Facts, there: int, *, both: bool) -> float:
    """How sure it is that two verbs tell different acts."""
    first, known = meanings(new, here)
    second, known_too = meanings(old, there)
    if first & second:
        return 0.0
    if converse(new.tokens[here].lemma, old.tokens[there].lemma):
        return 0.0
    relation = related(new.tokens[here].lemma, old.tokens[there].lemma)
    if relation is not None and relation.kind not in {"antonym", "sister"}:
        return 0.0
    if known and known_too:
        return _BOTH_ENDS if both else _ONE_END
    return _UNKNOWN if both else _UNKNOWN / 2


def _signal(rule: str, strength: float, pair: Pair, span: Span, statement: int, there: Span) -> Signal:
    old = there.of(pair.sources[statement].statement.text)
    new = span.of(pair.derivative.statement.text)
    return Signal(
        rule, (Type.PREDICATE,), Severity.MAJOR, strength,
        f"The act is another one: “{old}” in the source, “{new}” here.", span, (statement, there), old, new,
    )  # fmt: skip

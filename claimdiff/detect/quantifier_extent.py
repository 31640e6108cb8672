"""How often, and how singular: the part of the quantifier detector that counts no noun."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from claimdiff.detect.cueview import Side, View, opposite
from claimdiff.detect.quantifier_rules import ADDED, FREQUENCY
from claimdiff.detect.scope import NUMBERS, listed, quoted, source_words
from claimdiff.model import Cue, CueKind, Severity, Signal, Tag, Type

GAP = 0.2  # shares closer than this are one claim
TINY = 1e-9


class Quantifier(NamedTuple):
    """A quantifying cue of one statement with the tokens of the noun that it counts."""

    statement: int
    cue: Cue
    first: int
    noun: tuple[int, ...]


def polar(side: Side, entry: Quantifier) -> bool:
    """Whether "any", "all" or "every" stands under a negation or a condition, or in a set phrase."""
    before = [token.norm for token in side.facts.tokens[max(0, entry.first - 5) : entry.first]][::-1]
    # In "more than milk in each year" the comparison has ended before the quantifier.
    apart = before[:1] not in (["in"], ["across"], ["over"], ["on"])
    return any(
        norm in listed("negative") and (norm != "than" or at < 2 or apart) for at, norm in enumerate(before)
    )


def squared(sight: View, entry: Quantifier, other: Quantifier) -> bool:
    """Whether a negation makes up for the difference: "not all" is "some", "none hurt" is "all unhurt"."""
    old = sight.old[other.statement]
    for side, whole, part in ((sight.new, entry, other), (old, other, entry)):
        before = side.facts.tokens[whole.first - 1].norm if whole.first else ""
        if whole.cue.rung == 1.0 and before in ("not", "n't") and 0.0 < part.cue.rung < 1.0:
            return True
    if {entry.cue.rung, other.cue.rung} != {0.0, 1.0}:
        return False
    here = [sight.new.facts.tokens[i] for i in sight.new.inside(sight.new.clause[entry.first])]
    there = [old.facts.tokens[i] for i in old.inside(old.clause[other.first])]
    return any(opposite(one, two) for one in here for two in there)


def frequency(sight: View, entry: Quantifier, old: list[Quantifier]) -> Iterator[Signal]:
    """Signals for a frequency that differs from the source's, or that the source does not give."""
    now = entry.cue.span.of(sight.new.facts.statement.text)
    others = [o for o in old if o.cue.scale == "frequency"]
    given = [rung for other in others for rung in (other.cue.rung, _often(sight, other))]
    if polar(sight.new, entry) or any(abs(rung - entry.cue.rung) <= GAP + TINY for rung in given):
        return
    stems = source_words(sight)
    if others:
        other = min(others, key=lambda o: (abs(o.cue.rung - entry.cue.rung), o.statement, o.cue.span))
        was = other.cue.span.of(sight.old[other.statement].facts.statement.text)
        strength = 0.6 if abs(other.cue.rung - entry.cue.rung) >= 0.3 or entry.cue.rung == 1.0 else 0.4
        yield Signal(
            FREQUENCY, (Type.QUANTIFIER,), Severity.MAJOR, strength,
            f"“{was}” in the source, “{now}” here.",
            entry.cue.span, (other.statement, other.cue.span), was, now,
        )  # fmt: skip
    elif entry.cue.rung in (0.0, 1.0) or entry.cue.rung == 0.1:
        negated = (
            bool(stems & listed("negative"))
            or "every" in stems
            or "each" in stems
            or bool(stems & {"ever", "first"})
        )
        strength = (0.3 if negated else 0.55) if entry.cue.rung != 1.0 else 0.25 if "every" in stems else 0.55
        yield Signal(
            ADDED, (Type.QUANTIFIER,), Severity.MAJOR, strength,
            f"“{now}” here; the source does not say how often.", entry.cue.span, None, "", now,
        )  # fmt: skip
    else:
        yield Signal(
            FREQUENCY, (Type.QUANTIFIER,), Severity.MINOR, 0.35,
            f"“{now}” here; the source does not say how often.", entry.cue.span, None, "", now,
        )  # fmt: skip


def _often(sight: View, other: Quantifier) -> float:
    """How often a source's frequency says, the reverse after a "not": "not usually" is rarely."""
    tokens = sight.old[other.statement].facts.tokens[max(0, other.first - 2) : other.first]
    denied = any(token.norm in ("not", "n't") for token in tokens)
    return 1.0 - other.cue.rung if denied and other.cue.rung >= 0.5 else other.cue.rung


def singular(sight: View) -> Iterator[Signal]:
    """Only, sole, first and biggest that the source does not say."""
    news = [
        (cue, first, end) for cue, first, end in sight.new.of(CueKind.FOCUS)
        if cue.scale in ("exclusive", "rank") and cue.rung >= 1.0 and not quoted(sight.new, cue.span)
    ]  # fmt: skip
    if not news:
        return
    olds = [(n, c) for n, side in enumerate(sight.old) for c, _, _ in side.of(CueKind.FOCUS)]
    stems = source_words(sight)
    for cue, first, end in news:
        words = [
            t
            for t in sight.new.facts.tokens[first:end]
            if t.norm not in ("the", "for", "in", "of", "on", "time")
        ]
        partial = [(n, c) for n, c in olds if c.scale == cue.scale and c.rung < 1.0]
        same = any(c.scale == cue.scale and c.rung == 1.0 for _, c in olds)
        known = all(t.stem in stems or t.norm in stems for t in words)
        held = [(n, c) for n, c in olds if c.scale == cue.scale == "exclusive" and c.rung == 1.0]
        nearly = next((entry for entry in held if _nearly_at(sight.old[entry[0]], entry[1])), None)
        if nearly and not _nearly(sight.new, first):
            yield _more(sight, cue, nearly, "almost ")
        elif partial and not same:
            yield _more(sight, cue, partial[0])
        elif (
            not same
            and not known
            and not (cue.scale == "exclusive" and stems & {"only", "alone", "single", "one"})
        ):
            now = cue.span.of(sight.new.facts.statement.text)
            strength = 0.55 if cue.scale == "exclusive" else 0.35
            yield Signal(
                ADDED, (Type.QUANTIFIER,), Severity.MAJOR, strength,
                f"“{now}” is not in the source.", cue.span, None, "", now,
            )  # fmt: skip


def _more(sight: View, cue: Cue, old: tuple[int, Cue], before: str = "") -> Signal:
    """The signal that a rank of the source grew: one of the first, the first."""
    number, other = old
    was = before + other.span.of(sight.old[number].facts.statement.text)
    now = cue.span.of(sight.new.facts.statement.text)
    return Signal(
        ADDED, (Type.QUANTIFIER,), Severity.MAJOR, 0.6,
        f"“{was}” in the source, “{now}” here.", cue.span, (number, other.span), was, now,
    )  # fmt: skip


def _nearly(side: Side, first: int) -> bool:
    """Whether a word before a cue takes a little away from it: "almost exclusively"."""
    return first > 0 and side.facts.tokens[first - 1].norm in listed("nearly")


def _nearly_at(side: Side, cue: Cue) -> bool:
    return any(_nearly(side, first) for other, first, _ in side.cues if other is cue)


def superlative(side: Side, entry: Quantifier) -> bool:
    """Whether "most" compares ("most powerful") or "majority" is a margin ("a majority of 25")."""
    tokens = side.facts.tokens
    after = [token.norm for token in tokens[entry.first + 1 : entry.first + 5]]
    if entry.cue.lemma != "most":
        return any(n[0].isdigit() or n in NUMBERS for n in after[1:4])
    before = tokens[entry.first - 1].norm if entry.first else ""
    plural = any(
        n in listed("plurals") or (n.endswith("s") and not n.endswith(("ss", "us", "is"))) for n in after[:3]
    )
    return before in ("the", "its", "his", "her", "their", "'s", "s") or not (plural or after[:1] == ["of"])


def leads(side: Side, index: int) -> bool:
    """Whether a noun opens its clause, bare or after an article and an adjective."""
    clause = side.clause[index]
    return sum(1 for at in range(index) if side.clause[at] == clause) <= 2


def bounded(side: Side, index: int) -> bool:
    """Whether something before a noun limits it: a figure, an article, another determiner."""
    before = [token.norm for token in side.facts.tokens[max(0, index - 3) : index]]
    return any(
        n[0].isdigit() or n in NUMBERS or n in ("a", "an", "one", "other", "others", "those") for n in before
    )


def third_of_row(side: Side, cue: Cue, end: int) -> bool:
    """Whether "a third" or "a fifth" ranks one thing ("a third man was held") and is no share."""
    after = side.facts.tokens[end] if end < len(side.facts.tokens) else None
    if after is None or cue.lemma not in ("a fifth", "a third"):
        return False
    return after.tag in (Tag.NOUN, Tag.ADJECTIVE) and after.norm not in listed("shares_after")


def claims(sight: View, other: Quantifier) -> bool:
    """Whether a source quantifier speaks of a whole; "any" does where nothing denies or doubts it."""
    return other.cue.lemma not in listed("free") or not polar(sight.old[other.statement], other)

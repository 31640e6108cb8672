"""What a cue of the source leaves open, where the derivative tells it, and how sure it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from claimdiff.detect.cueview import Entry, Side, View, is_auxiliary
from claimdiff.detect.hedge import FIRM, OPEN, WILL
from claimdiff.detect.polarity import denies_by_word, firm
from claimdiff.model import Cue, CueKind, Match, Span, Tag

REACH = 12  # content words after a cue in which the matter that it leaves open is looked for
BEFORE = 5  # and before it: its subject
_LATER = frozenset({"could", "should"})
_CLAIMS = frozenset({"accord", "claim", "find", "note", "report", "say", "state", "tell", "warn", "write"})
_QUESTIONS = frozenset({"how", "if", "whether", "why"})


class State(StrEnum):
    """How a stretch of the derivative tells a matter."""

    OPEN = "open"  # hedged, planned, asked, denied to be known
    DENIED = "denied"
    FUTURE = "future"
    FLAT = "flat"
    NAMED = "named"  # only named: no finite verb stands with it


@dataclass(frozen=True, slots=True)
class Matter:
    """What a cue of a source statement governs, and the derivative's words for it."""

    statement: int
    cue: Cue
    head: Match | None  # the governed predicate, when it stands in the derivative
    hits: tuple[Match, ...]  # all governed words that stand there
    subject: tuple[Match, ...]
    share: float  # of the governed words, those that stand there
    clause: int  # of the derivative

    @property
    def at(self) -> int:
        """The token of the derivative at which its state is judged."""
        return self.head.derivative if self.head else max(m.derivative for m in self.hits or self.subject)


def matters(
    pairs: View, scales: frozenset[str], but: Callable[[View, int, Entry], bool] | None = None
) -> Iterator[Matter]:
    """The matters that cues of these scales leave open, as far as they stand in the derivative; `but` tells
    of which cues, by their statement, nobody wants to hear."""
    for statement, old in enumerate(pairs.old):
        for entry in old.of(CueKind.MODALITY):
            if entry[0].scale in scales and not (but is not None and but(pairs, statement, entry)):
                matter = _matter(pairs, statement, *entry)
                if matter is not None:
                    yield matter


def _matter(pairs: View, statement: int, cue: Cue, first: int, end: int) -> Matter | None:
    old = pairs.old[statement]
    clause = old.clause[min(end, len(old.clause) - 1)]
    governed = _governed(old, cue, clause, end)
    subject = [i for i in range(first) if old.content[i] and old.clause[i] == old.clause[first]][-BEFORE:]
    if not governed:
        governed, subject = subject, []
    subject = [i for i in subject if old.facts.tokens[i].lemma not in _CLAIMS]
    hits = [m for i in governed for m in _found(pairs, statement, i)]
    beside = [m for i in subject for m in _found(pairs, statement, i)]
    if not hits or len({m.source for m in (*hits, *beside)}) < min(2, len(governed) + len(subject)):
        return None
    home = _home(pairs.new, hits)
    inside = tuple(m for m in hits if pairs.new.clause[m.derivative] == home)
    head = next((m for m in inside if _predicative(old, m.source)), None)
    return Matter(statement, cue, head, inside, tuple(beside), len(hits) / len(governed), home)


def _governed(side: Side, cue: Cue, clause: int, end: int) -> list[int]:
    """The content words that a cue leaves open: in its scope, or in the clause that begins after it."""
    tokens, stop, scope = side.facts.tokens, _stop(side, cue), cue.scope
    found: list[int] = []
    for index in range(end, len(tokens)):
        if not side.content[index]:
            continue
        span = tokens[index].span
        if span.start >= stop or len(found) == REACH:
            break
        if side.clause[index] == clause or scope.covers(span):
            found.append(index)
    return found


def _stop(side: Side, cue: Cue) -> int:
    """Where what a cue leaves open ends for sure: with its quotation, or before the "said" behind it."""
    ends = [q.span.end for q in side.facts.quotations if q.span.covers(cue.span)]
    for made in side.facts.attributions:
        if made.content.covers(cue.span) and made.span.start > cue.span.end:
            ends.append(min(made.span.start, made.speaker.start if made.speaker else made.span.start))
    return min((end for end in ends if end > cue.span.end), default=len(side.facts.statement.text))


def _found(pairs: View, statement: int, index: int) -> list[Match]:
    return [m for m in pairs.back.get((statement, index), ()) if m.relation != "antonym"]


def _home(side: Side, hits: list[Match]) -> int:
    counts: dict[int, int] = {}
    for match in hits:
        clause = side.clause[match.derivative]
        counts[clause] = counts.get(clause, 0) + 1
    return max(sorted(counts), key=lambda clause: counts[clause])


def _predicative(side: Side, index: int) -> bool:
    """Whether a word can be what a clause says of its subject."""
    token = side.facts.tokens[index]
    if token.tag is Tag.VERB or (token.tag is Tag.ADJECTIVE and _after_be(side, index)):
        return True
    return token.norm.endswith(("ed", "ing")) and index > 0 and is_auxiliary(side.facts.tokens[index - 1])


def _after_be(side: Side, index: int) -> bool:
    return any(is_auxiliary(token) for token in side.facts.tokens[max(0, index - 2) : index])


def state(pairs: View, index: int, *, strict: bool = False) -> State:
    """How the derivative tells the matter that one of its words stands for.

    `strict` counts a hedge anywhere in the statement: for words whose predicate has no counterpart.
    """
    side = pairs.new
    clause = side.clause[index]
    if _open(pairs, index, strict=strict):
        return State.OPEN
    if _denied(side, index):
        return State.DENIED
    for cue, first, _ in side.of(CueKind.MODALITY):
        if (
            side.clause[first] == clause
            and cue.scale == "certainty"
            and (cue.rung >= FIRM or cue.lemma in WILL)
        ):
            return State.FUTURE
    tokens = side.facts.tokens
    if index and tokens[index].norm.endswith("ing") and tokens[index - 1].tag is Tag.PREPOSITION:
        return State.NAMED  # "a question about joining"
    return State.FLAT if asserted(side, clause) else State.NAMED


def _open(pairs: View, index: int, *, strict: bool) -> bool:
    side = pairs.new
    span = side.facts.tokens[index].span
    for cue, first, end in side.cues:
        if cue.kind not in (CueKind.MODALITY, CueKind.CERTAINTY, CueKind.CONDITION) or cue.rung > OPEN:
            continue
        if cue.lemma in WILL or (
            cue.kind is CueKind.CERTAINTY and any(i in pairs.forth for i in range(first, end))
        ):
            continue
        if cue.kind is CueKind.CONDITION and cue.scale not in ("condition", "pending"):
            continue
        if strict or side.clause[first] == side.clause[index] or cue.scope.covers(span):
            return True
    before = [token.norm for token in side.facts.tokens[max(0, index - 12) : index]]
    if side.facts.statement.text.rstrip(" \"'”’").endswith("?") or not _LATER.isdisjoint(before[-4:]):
        return True
    return not _QUESTIONS.isdisjoint(before) or _infinitive(side, index)


def _infinitive(side: Side, index: int) -> bool:
    """Whether "to" makes a word an infinitive; in "came to no harm" it does not."""
    tokens = side.facts.tokens
    if index and tokens[index - 1].norm == "to":
        return True
    return index > 1 and tokens[index - 2].norm == "to" and tokens[index - 1].tag is not Tag.DETERMINER


def _denied(side: Side, index: int) -> bool:
    span = side.facts.tokens[index].span
    return any(
        side.clause[first] == side.clause[index] or cue.scope.covers(span)
        for cue, first, _ in side.of(CueKind.NEGATION)
        if firm(cue) or cue.lemma in ("rule out", "exclude", "dismiss")
    ) or denies_by_word(side, index)


def asserted(side: Side, clause: int) -> bool:
    """Whether a clause has a finite verb, so that it says something."""
    tokens = side.facts.tokens
    for index, place in enumerate(side.clause):
        if place != clause:
            continue
        token, before = tokens[index], tokens[max(0, index - 1)]
        if is_auxiliary(token) and token.norm not in ("be", "been", "being", "having"):
            return True
        if token.tag is Tag.VERB and not token.norm.endswith("ing") and before.norm != "to":
            return True
    return False


def rests(pairs: View, matter: Matter) -> bool:
    """Whether the derivative's clause rests on the matter's own statement more than on another, or has its
    predicate from there alone."""
    counts: dict[tuple[int, int], int] = pairs.support(matter.clause)
    mine = sum(n for (statement, _), n in counts.items() if statement == matter.statement)
    other = [0] * len(pairs.old)
    for (statement, _), count in counts.items():
        other[statement] += count
    if mine >= 2 and mine == max(other):
        return True
    head = matter.head
    return head is not None and all(
        match.statement == matter.statement for match in pairs.forth.get(head.derivative, ())
    )


def stretch(pairs: View, matter: Matter) -> Span:
    """Where the derivative tells the matter: its predicate with the helping verbs before it."""
    tokens = pairs.new.facts.tokens
    index = matter.at
    first = index
    while first and (
        is_auxiliary(tokens[first - 1]) or tokens[first - 1].norm in ("not", "n't", "never", "no")
    ):
        first -= 1
    if matter.head is None and first == index:
        verb = [
            i
            for i, clause in enumerate(pairs.new.clause)
            if clause == matter.clause
            and (tokens[i].tag is Tag.VERB or is_auxiliary(tokens[i]))
            and tokens[i].lemma not in _CLAIMS
        ]
        if verb:
            near = min(verb, key=lambda i: abs(i - index))
            return pairs.new.span(min(near, index), max(near, index))
    return pairs.new.span(first, index)

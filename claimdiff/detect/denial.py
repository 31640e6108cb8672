"""Denials that went or came while the words around them stayed: weak evidence, in other words."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.cueview import Side, View, contraries, is_auxiliary, opposite
from claimdiff.detect.opposition import DEGREE, MIN_SLOT, Clash
from claimdiff.detect.outlook import asserted
from claimdiff.detect.polarity import firm, limits, negative, nested, ranks, unlike
from claimdiff.detect.seen import norms
from claimdiff.model import Cue, CueKind, Span, Tag

_TIMES = frozenset({"before", "until", "till"})
NEAR = 10  # content words on each side of a denial in which its matter is looked for

# Who does not comment denies nothing.
_SILENCE = frozenset(
    {
        "answer", "available", "clear", "comment", "disclose", "elaborate", "give", "identify", "immediately",
        "know", "mention", "name", "reach", "reply", "respond", "response", "return", "reveal", "say",
        "specify", "tell",
    }
)  # fmt: skip


def lost(pairs: View) -> Iterator[Clash]:
    """A denial of the source around words that the derivative states without any."""
    if not any(firm(cue) for old in pairs.old for cue, _, _ in old.of(CueKind.NEGATION)):
        return
    if _negative(pairs.new):
        return
    for statement, old in enumerate(pairs.old):
        for cue, first, end in old.of(CueKind.NEGATION):
            if _idle(old, cue, first, end):
                continue
            clause, strength, at = _loosely(pairs, statement, cue, first, end)
            if strength and asserted(pairs.new, clause):
                yield Clash(
                    "negation-lost", strength, _told(pairs.new, clause, at), statement, _cue(old, cue, end)
                )


def _idle(side: Side, cue: Cue, first: int, end: int) -> bool:
    """Whether a negation tells too little of what stands around it."""
    if not firm(cue) or limits(side, end) or nested(side, cue) or _of_a_part(side, cue, first):
        return True
    if not _TIMES.isdisjoint([token.norm for token in side.facts.tokens[end : end + 6]]):
        return True
    return any(side.facts.tokens[i].lemma in _SILENCE for i in side.heads(cue, end, 1))


def _of_a_part(side: Side, cue: Cue, first: int) -> bool:
    """Whether "not" denies a part and no predicate: "though not the largest"."""
    return cue.lemma == "not" and not any(
        is_auxiliary(t) for t in side.facts.tokens[max(0, first - 3) : first]
    )


def _cue(side: Side, cue: Cue, end: int) -> Span:
    return cue.span if end >= len(side.clause) else cue.span.join(side.facts.tokens[end].span)


def _told(side: Side, clause: int, at: int) -> Span:
    """The verb of a clause nearest to a word, with that word."""
    tokens = side.facts.tokens
    verbs = [
        i for i, c in enumerate(side.clause) if c == clause and tokens[i].tag in (Tag.VERB, Tag.AUXILIARY)
    ]
    near = min(verbs, key=lambda i: abs(i - at), default=at)
    return side.span(min(near, at), max(near, at))


def _loosely(pairs: View, statement: int, cue: Cue, first: int, end: int) -> tuple[int, float, int]:
    """The derivative's clause for what a cue denies, with a belief in its being the same matter."""
    old = pairs.old[statement]
    place = old.clause[first]
    governed = [i for i in range(end, len(old.clause)) if old.content[i] and old.clause[i] == place][:NEAR]
    subject = [i for i in range(first) if old.content[i] and old.clause[i] == place][-NEAR:]
    hits = [m for i in governed for m in pairs.back.get((statement, i), ()) if m.relation != "antonym"]
    beside = [m for i in subject for m in pairs.back.get((statement, i), ()) if m.relation != "antonym"]
    if not (hits or (beside and not governed)) or len(hits) + len(beside) < MIN_SLOT:
        return 0, 0.0, 0
    if any(_contrary(pairs, statement, i) for i in governed):
        return 0, 0.0, 0
    clauses = [pairs.new.clause[m.derivative] for m in hits or beside]
    clause = max(sorted(set(clauses)), key=clauses.count)
    counts = pairs.support(clause)
    if counts.get((statement, place), 0) < max(counts.values()):
        return 0, 0.0, 0
    share = (len(hits) + len(beside)) / max(1, len(governed) + len(subject))
    told = counts.get((statement, place), 0) / max(1, len(pairs.new.inside(clause)))
    return clause, round(min(0.45, 0.1 + 0.25 * share + 0.25 * told), 2), (hits or beside)[0].derivative


def _contrary(pairs: View, statement: int, index: int) -> bool:
    """Whether the derivative has the opposite of a denied word, which says the same."""
    word = pairs.old[statement].facts.tokens[index]
    turned, formed = contraries(word.lemma, word.norm)
    return any(
        content and (token.lemma in turned or token.norm in turned or token.norm in formed)
        for token, content in zip(pairs.new.facts.tokens, pairs.new.content, strict=True)
    )


def gained(pairs: View) -> Iterator[Clash]:
    """A denial of the derivative around words that the source states without any."""
    for cue, first, end in pairs.new.of(CueKind.NEGATION):
        if _idle(pairs.new, cue, first, end):
            continue
        if any(ranks(old) for old in pairs.old) and cue.lemma.startswith("no"):
            continue
        clause = pairs.new.clause[first]
        counts = pairs.support(clause)
        if not counts:
            continue
        (statement, place), count = max(sorted(counts.items()), key=lambda item: item[1])
        if count < MIN_SLOT or any(_negative(old) for old in pairs.old):
            continue
        told = count / max(1, len(pairs.new.inside(clause)))
        old = pairs.old[statement]
        governed = [i for i in range(end, len(pairs.new.clause)) if pairs.new.clause[i] == clause]
        theirs = [token for token in old.facts.tokens if token.content]
        if any(opposite(pairs.new.facts.tokens[i], token) for i in governed for token in theirs):
            continue
        match = next(
            m
            for i in pairs.new.inside(clause)
            for m in pairs.forth.get(i, ())
            if m.statement == statement and old.clause[m.source] == place
        )
        strength = round(min(0.35, 0.1 + 0.3 * told), 2)
        yield Clash(
            "negation-gained",
            strength,
            _cue(pairs.new, cue, end),
            statement,
            old.facts.tokens[match.source].span,
        )


def _negative(side: Side) -> bool:
    """Whether anything in a statement may deny."""
    if side.of(CueKind.NEGATION) or not DEGREE.isdisjoint(norms(side.facts)):
        return True
    return any(negative(token) or unlike(token) for token in side.facts.tokens)

"""Polarity: what the source says does not hold is told as holding, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from claimdiff.detect.cueview import Side, View, is_auxiliary, opposite, opposites, slot, vague, view
from claimdiff.model import Cue, CueKind, Kind, Match, Pair, Rule, Severity, Signal, Span, Tag, Token, Type

_rule = partial(Rule, kind=Kind.DISTORTION, type=Type.NEGATION, severity=Severity.MAJOR)
RULES: tuple[Rule, ...] = (
    _rule(
        "negation-dropped",
        summary="A negation of the source is gone, and its predicate stands.",
        why="The derivative says that something happened which the source says did not.",
        example=("The council did not approve the budget.", "The council approved the budget."),
        twin=("The council did not approve the budget.", "The council failed to approve the budget."),
    ),
    _rule(
        "negation-added",
        summary="The derivative denies what the source says.",
        why="A single word turns the claim into its opposite.",
        example=("The union signed the contract.", "The union has not signed the contract."),
        twin=("The union rejected the contract.", "The union did not accept the contract."),
    ),
    _rule(
        "negation-antonym",
        summary="A word has been replaced by its opposite.",
        why="Opposites stand in the same slot and read as smoothly as the right word.",
        example=("The jury found the mayor guilty.", "The jury found the mayor innocent."),
        twin=("The jury found the mayor guilty.", "The jury found the mayor not innocent."),
    ),
    _rule(
        "negation-evidence",
        summary="A lack of evidence is told as evidence of the contrary.",
        why="Not knowing that something is so is not knowing that it is not so.",
        example=("There is no evidence that the bridge was unsafe.", "The bridge was not unsafe."),
        twin=(
            "There is no evidence that the bridge was unsafe.",
            "Nothing shows that the bridge was unsafe.",
        ),
    ),
)

MIN_SLOT = 2  # neighbours that match, for two opposites to stand in one slot
MIN_SHARE = 0.4  # of a clause's content words in one source clause, for the two to say the same thing
MIN_MATCH = 0.8  # for words that are not the same word, to stand for one another
_VERBS = 0.8  # the rung of the verbs that deny by their sense: "rejected", "halted"

# Words of a clause that deny without a cue of their own; where one stands, polarity is not judged.
_NEGATIVE = frozenset(
    {"against", "away", "few", "forgo", "hold", "ignore", "instead", "keep", "last", "late", "leave", "less", "lose",
     "nil", "off", "only", "out", "overdue", "postpone", "remain", "resist", "safe", "shun", "still", "until", "wait",
     "yet", "zero"}
)  # fmt: skip
_LIMITED = frozenset(
    {"all", "every", "everyone", "everything", "always", "only", "necessarily", "much", "many"}
)
_NO = frozenset({"neither", "no", "no one", "nobody", "none", "never", "nothing"})
_LOOSE = frozenset({"nothing", "without", "no such", "far from"})
_CLOSE = frozenset({"exact", "lemma", "stem"})
_RANKS = frozenset({"best", "first", "last", "most", "only", "record", "top", "worst"})
_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "mis")
_EVIDENCE = frozenset(
    {"evidence", "proof", "indication", "sign", "determine", "establish", "confirm", "verify", "prove", "know",
     "clear", "conclude", "find", "rule", "decide", "sure", "certain", "show", "whether", "if"}
)  # fmt: skip


def detect(pair: Pair) -> Iterator[Signal]:
    """The words of the derivative whose polarity is not that of their source."""
    pairs = view(pair)
    evidence = list(_evidence(pairs))
    yield from evidence
    if not evidence:
        yield from _added(pairs)
        yield from _dropped(pairs)
    yield from _antonyms(pairs)


def _added(pairs: View) -> Iterator[Signal]:
    for cue, first, end in pairs.new.of(CueKind.NEGATION):
        if (
            not _firm(cue)
            or _limits(pairs.new, end)
            or _nested(pairs.new, cue)
            or _same_word(pairs.forth, range(first, end))
        ):
            continue
        heads = [] if _until(pairs.new, end, *pairs.old) else _heads(pairs.new, cue, end)
        hit = _counterpart(heads, pairs.forth)
        if hit is None or hit.relation == "antonym":
            continue
        old = pairs.old[hit.statement]
        clause = old.clause[hit.source]
        if cue.lemma in _NO and _ranks(old):
            continue
        if _denies(old, hit.source, pairs.new) or _opposed(pairs, pairs.new, heads, old, clause):
            continue
        share = _share(pairs, pairs.new.clause[hit.derivative], hit.statement, clause)
        if share < 2:
            continue
        strength = _strength(cue, share, hit, heads, hit.derivative, pairs.new)
        new_span = Span(cue.span.start, pairs.new.facts.tokens[hit.derivative].span.end)
        old_span = old.facts.tokens[hit.source].span
        yield _signal("negation-added", strength, pairs, new_span, hit.statement, old_span,
                      "{new!r} denies what the source says: {old!r}")  # fmt: skip


def _dropped(pairs: View) -> Iterator[Signal]:
    for statement, old in enumerate(pairs.old):
        for cue, first, end in old.of(CueKind.NEGATION):
            back = {
                i: pairs.back[statement, i] for i in range(len(old.clause)) if (statement, i) in pairs.back
            }
            if (
                not _firm(cue)
                or _limits(old, end)
                or _nested(old, cue)
                or _same_word(back, range(first, end))
            ):
                continue
            heads = [] if _until(old, end, pairs.new) else _heads(old, cue, end)
            hit = _counterpart(heads, back)
            if hit is None or hit.relation == "antonym":
                continue
            clause = pairs.new.clause[hit.derivative]
            if _denies(pairs.new, hit.derivative, old) or _opposed(pairs, old, heads, pairs.new, clause):
                continue
            share = _share(pairs, clause, statement, old.clause[hit.source])
            if share < 2:
                continue
            strength = _strength(cue, share, hit, heads, hit.source, old)
            old_span = Span(cue.span.start, old.facts.tokens[hit.source].span.end)
            new_span = _predicate(pairs, cue, heads, back, hit)
            yield _signal("negation-dropped", strength, pairs, new_span, statement, old_span,
                          "{old!r} in the source, {new!r} here: the negation is gone")  # fmt: skip


def _antonyms(pairs: View) -> Iterator[Signal]:
    old_words = {t.lemma for side in pairs.old for t in side.facts.tokens}
    new_words = {t.lemma for t in pairs.new.facts.tokens}
    for index, token in enumerate(pairs.new.facts.tokens):
        if not pairs.new.content[index] or token.lemma in old_words:
            continue
        if any(m.relation != "antonym" for m in pairs.forth.get(index, ())):
            continue
        for (statement, clause), count in sorted(pairs.support(pairs.new.clause[index]).items()):
            old = pairs.old[statement]
            for other in old.inside(clause):
                word = old.facts.tokens[other]
                free = all(m.relation == "antonym" for m in pairs.back.get((statement, other), ()))
                if not free or word.lemma in new_words or not opposite(token, word):
                    continue
                if slot(pairs, index, statement, other) < MIN_SLOT:
                    continue
                if _odd(pairs.new, index) != _odd(old, other):
                    continue
                strength = 0.7 if count > 2 else 0.5
                yield _signal("negation-antonym", strength, pairs, token.span, statement, word.span,
                              "{old!r} in the source, its opposite {new!r} here")  # fmt: skip


def _evidence(pairs: View) -> Iterator[Signal]:
    """'No evidence that X', told as 'not X'."""
    new_lemmas = {token.lemma for token in pairs.new.facts.tokens}
    if new_lemmas & _EVIDENCE:
        return
    for statement, old in enumerate(pairs.old):
        for cue, _, end in old.of(CueKind.NEGATION):
            heads = old.heads(cue, end, 6)
            first = heads[0] if heads else -1
            if (
                first < 0
                or old.facts.tokens[first].lemma not in _EVIDENCE
                or (statement, first) in pairs.back
            ):
                continue
            hits = [
                m for i in heads[1:] for m in pairs.back.get((statement, i), ()) if m.relation != "antonym"
            ]
            for denial, start, stop in pairs.new.of(CueKind.NEGATION):
                clause = pairs.new.clause[start]
                governed = [
                    m for m in hits if pairs.new.clause[m.derivative] == clause and m.derivative >= stop
                ]
                if denial.scale == "full" and governed and len(hits) > 1:
                    span = Span(denial.span.start, pairs.new.facts.tokens[governed[0].derivative].span.end)
                    old_span = Span(cue.span.start, old.facts.tokens[first].span.end)
                    yield _signal("negation-evidence", 0.65, pairs, span, statement, old_span,
                                  "{old!r} in the source became the denial {new!r}")  # fmt: skip
                    return


def _predicate(pairs: View, cue: Cue, heads: list[int], back: dict[int, list[Match]], hit: Match) -> Span:
    """Where the derivative says what the source denies: with a negated subject, up to its verb."""
    span = pairs.new.facts.tokens[hit.derivative].span
    if cue.lemma not in _NO:
        return span
    for match in (m for index in heads for m in back.get(index, ())):
        if pairs.new.facts.tokens[match.derivative].tag is Tag.VERB:
            return span.join(pairs.new.facts.tokens[match.derivative].span)
    return span


def _strength(cue: Cue, share: int, hit: Match, heads: list[int], place: int, side: Side) -> float:
    """Belief in a lost or new negation: most when its own predicate is there, word for word."""
    predicate = side.facts.tokens[place].tag in (Tag.VERB, Tag.ADJECTIVE)
    if (heads[0] != place and cue.lemma not in _NO and not predicate) or (
        cue.lemma in _LOOSE and not predicate
    ):
        return 0.35
    if hit.relation not in _CLOSE and hit.score < MIN_MATCH:
        return 0.4
    return 0.75 if cue.scale == "full" and share > 2 else 0.6


def _firm(cue: Cue) -> bool:
    """Whether the cue alone turns its predicate round: "not", "failed to"; not "rejected" or "hardly"."""
    return cue.scale == "full" or (cue.scale == "implicit" and cue.rung != _VERBS)


def _limits(side: Side, end: int) -> bool:
    """Whether a negation only limits ("not all") instead of denying."""
    tokens = side.facts.tokens
    return end < len(tokens) and tokens[end].norm in _LIMITED


def _until(side: Side, end: int, *others: Side) -> bool:
    """Whether a negation only sets a time that the other text sets otherwise: "not before", "after"."""
    here = {token.norm for token in side.facts.tokens[end : end + 6]} & {"before", "until", "till"}
    return bool(here) and not any(token.norm in here for other in others for token in other.facts.tokens)


def _ranks(side: Side) -> bool:
    """Whether a statement says that something is the most or the first, which "no other" says as well."""
    return any(
        token.norm in _RANKS or (token.norm.endswith("est") and len(token.norm) > 5)
        for token in side.facts.tokens
    )


def _heads(side: Side, cue: Cue, end: int) -> list[int]:
    """What is denied: for "none of the men was hurt" the predicate, else the first words in scope."""
    tokens = side.facts.tokens
    if end < len(tokens) and tokens[end].norm == "of":
        auxiliary = next((i for i in range(end, len(tokens)) if is_auxiliary(tokens[i])), end)
        end = auxiliary if tokens[auxiliary].span.end <= cue.scope.end else end
    return [
        i
        for i in side.heads(cue, end, 4)
        if not vague(tokens[i])
        and tokens[i].tag not in (Tag.NUMBER, Tag.NAME)
        and not tokens[i].norm[0].isdigit()
    ]


def _counterpart(heads: list[int], matched: dict[int, list[Match]]) -> Match | None:
    """What the first of the governed words stands for; the second will do when the first is new."""
    for index in heads[:2]:
        if matched.get(index):
            return matched[index][0]
    return None


def _same_word(matched: dict[int, list[Match]], cue: range) -> bool:
    """Whether the negative word itself has a counterpart: "rejected" for "rejects", "lack" for "lacked"."""
    return any(m.relation != "antonym" for index in cue for m in matched.get(index, ()))


def _share(pairs: View, clause: int, statement: int, old_clause: int) -> int:
    """How many content words a derivative clause shares with a source clause; 0 when another has more."""
    support = pairs.support(clause)
    here = support.get((statement, old_clause), 0)
    if not here or here < max(support.values()) or here < MIN_SHARE * len(pairs.new.inside(clause)):
        return 0
    return here


def _nested(side: Side, cue: Cue) -> bool:
    """Whether another negation governs this one or is governed by it: two make none."""
    return any(
        other is not cue and (other.scope.covers(cue.span) or cue.scope.covers(other.span))
        for other, _, _ in side.of(CueKind.NEGATION)
        if _firm(other) and abs(other.span.start - cue.span.start) < 40
    )


def _denies(side: Side, index: int, other: Side) -> bool:
    """Whether anything in the word's clause may deny it, however weakly, that is not on the other side too."""
    tokens = side.facts.tokens
    known = {word for token in other.facts.tokens for word in (token.norm, token.lemma)}
    for cue, first, end in side.of(CueKind.NEGATION):
        if cue.scope.covers(tokens[index].span) and _firm(cue):
            return True
        fresh = all(token.lemma not in known for token in tokens[first:end])
        if side.clause[first] == side.clause[index] and (fresh or (_firm(cue) and first < index)):
            return True
    return any(
        _negative(tokens[i]) and tokens[i].lemma not in known and tokens[i].norm not in known
        for i, clause in enumerate(side.clause)
        if clause == side.clause[index]
    )


def _negative(token: Token) -> bool:
    words = (token.lemma, token.norm)
    return any(word in _NEGATIVE or word.endswith("less") or _prefixed(word) for word in words)


def _prefixed(lemma: str) -> bool:
    return any(
        lemma.startswith(prefix) and lemma[len(prefix) :] in opposites().get(lemma, ())
        for prefix in _PREFIXES
    )


def _opposed(pairs: View, side: Side, heads: list[int], other: Side, clause: int) -> bool:
    """Whether the other clause says the opposite of a governed word, which makes up for the negation."""
    words = [side.facts.tokens[i] for i in heads]
    return any(opposite(word, other.facts.tokens[i]) for word in words for i in other.inside(clause))


def _odd(side: Side, index: int) -> bool:
    token = side.facts.tokens[index]
    over = [
        cue
        for cue, first, _ in side.of(CueKind.NEGATION)
        if cue.scope.covers(token.span)
        and not cue.span.overlaps(token.span)
        and side.clause[first] == side.clause[index]
    ]
    return len(over) % 2 == 1


def _signal(
    rule: str, strength: float, pairs: View, new: Span, statement: int, old: Span, message: str
) -> Signal:
    before = old.of(pairs.old[statement].facts.statement.text)
    after = new.of(pairs.new.facts.statement.text)
    types = (Type.NEGATION, Type.MODALITY) if rule == "negation-evidence" else (Type.NEGATION,)
    text = message.replace("{old!r}", f"“{before}”").replace("{new!r}", f"“{after}”")
    return Signal(rule, types, Severity.MAJOR, strength, text + ".", new, (statement, old), before, after)

"""What is to come, told more firmly: the same words under a word of the source that leaves them open and
under a word of the derivative that binds more."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.cueview import Side, View
from claimdiff.detect.prospect import PLAN, WOULD, Chain, Prospect, chains, prospect
from claimdiff.lexicon import words
from claimdiff.model import Match, Severity, Signal, Span, Type

WILL = 0.8  # from here on it is told as what will be
WISH = 0.3  # up to here it is no more than possible or wished for
STEP = 0.2  # on the ladder
BOUND = 0.3  # from a plan to "is to": less is the same thing in the words of a schedule
_ASKING = frozenset({"whether", "if", "unless"})
_ALLOWED = frozenset({"able", "allow", "free", "permit"})  # what "may" and "can" say as well
_MINDS = frozenset(
    {"anticipate", "believe", "bet", "estimate", "expect", "expectation", "forecast", "foresee", "hope",
     "opinion", "predict", "prediction", "reckon", "think", "view"}
)  # fmt: skip
Old = tuple[int, Prospect]  # with the number of its source statement


def firmer(pairs: View) -> Iterator[Signal]:
    """Words that stand under a looser word in the source than in the derivative."""
    mine = chains(pairs.new)
    theirs = [(n, chain) for n, side in enumerate(pairs.old) for chain in chains(side)] if mine else []
    if not _may_bind(mine, [chain for _, chain in theirs]):
        return
    new = [prospect(pairs.new, chain) for chain in mine]
    old = [(n, prospect(pairs.old[n], chain)) for n, chain in theirs]
    table = {made.first: [_shared(pairs, made, n, one) for n, one in old] for made in new}
    for made in new:
        found = [(hits, at) for at, hits in enumerate(table[made.first]) if hits[0]]
        if not found or _doubted(pairs.new, made):
            continue
        hits, at = max(found, key=lambda item: (item[0], _heads(pairs, made, old[item[1]]), -item[1]))
        n, one = old[at]
        rung = _loose_rung(pairs.old[n], one)
        step = BOUND if _be_to(pairs, made) else STEP
        if rung > PLAN or made.rung - rung < step - 0.01 or not _rests(pairs, made, n, one, hits[0]):
            continue
        others = [other for other in new if other is not made and not _matched(table[other.first], at)]
        others = [o for o in others if any(table[o.first][at]) or o.subject & made.governed or not o.subject]
        if _eased(pairs, made, one, rung, others) or _worded(pairs, made, n, one):
            continue
        strength = _strength(pairs, made, old[at], hits)
        if strength:
            yield _signal(pairs, made, n, one, rung, strength)


def _may_bind(new: list[Chain], old: list[Chain]) -> bool:
    """Whether any word of the derivative binds more than the loosest of the source."""
    loosest = min((chain.rung for chain in old), default=1.0)
    firmest = max((chain.rung for chain in new), default=0.0)
    return loosest <= PLAN and firmest - loosest >= STEP - 0.01


def _matched(hits: list[tuple[int, int]], but: int) -> bool:
    """Whether the source has a word of its own for this one, beside the one that is compared."""
    return any(own for at, (own, _) in enumerate(hits) if at != but)


def _be_to(pairs: View, made: Prospect) -> bool:
    return made.end - made.first == 2 and pairs.new.facts.tokens[made.first].lemma == "be"


def _doubted(side: Side, made: Prospect) -> bool:
    """Whether a question, a condition right before it or a quotation makes the derivative's word no word of
    its own."""
    span = side.facts.tokens[made.first].span
    if any(one.span.covers(span) for one in side.facts.quotations):
        return True
    before = range(max(0, made.first - 8), made.first)
    if side.facts.tokens[made.first].norm == "should":
        return True
    if made.head is not None and side.facts.tokens[made.head].lemma in _ALLOWED:
        return True
    clause = side.clause[made.first]
    asked = any(side.facts.tokens[i].norm in _ASKING for i in before if side.clause[i] == clause)
    return asked or side.facts.statement.text.rstrip().endswith("?")


def _shared(pairs: View, made: Prospect, statement: int, one: Prospect) -> tuple[int, int]:
    """How many words both govern, and how many more stand in both clauses."""
    own = other = 0
    for i in made.governed | made.subject:
        places = {
            m.source for m in pairs.forth.get(i, ()) if m.statement == statement and m.relation != "antonym"
        }
        if i in made.governed and places & one.governed:
            own += 1
        elif places & (one.governed | one.subject):
            other += 1
    return own, other


def _loose_rung(old: Side, one: Prospect) -> float:
    """The rung of the source's word; a bare "would" leaves open only what a draft says."""
    if not one.would:
        return one.rung
    drafts = words("prospect", "draft", "nouns")
    before = old.facts.tokens[max(0, one.first - 14) : one.first]
    reported = any(token.lemma in ("say", "tell", "add", "promise") for token in before)
    return WOULD if any(token.lemma in drafts for token in before) and not reported else 1.0


def _eased(pairs: View, made: Prospect, one: Prospect, rung: float, others: list[Prospect]) -> bool:
    """Whether the derivative leaves it open in another place, or names the draft."""
    side = pairs.new
    if one.would:
        drafts = words("prospect", "draft", "nouns")
        if any(token.lemma in drafts for token in side.facts.tokens):
            return True
    if rung >= WISH and any(token.lemma in _MINDS for token in side.facts.tokens[: made.first]):
        return True
    if made.would and (rung > WISH or _conditional(side) or not _reported(side)):
        return True
    return any(other.rung <= rung + 0.1 and not other.would for other in others)


def _reported(side: Side) -> bool:
    """Whether "would" may be the "will" of somebody's words."""
    said = words("reporting", "group", "say", "clause") | words("reporting", "group", "promise", "clause")
    return bool(side.facts.attributions) or any(token.lemma in said for token in side.facts.tokens)


def _conditional(side: Side) -> bool:
    drafts = words("prospect", "draft", "nouns")
    return any(token.norm == "if" or token.lemma in drafts for token in side.facts.tokens)


def _worded(pairs: View, made: Prospect, statement: int, one: Prospect) -> bool:
    """Whether the source's loose words have counterparts of their own beside the derivative's firmer ones."""
    return any(
        m.relation in ("exact", "lemma", "synonym", "stem") and not made.first <= m.derivative < made.end
        for i in range(one.first, one.end)
        for m in pairs.back.get((statement, i), ())
    )


def _rests(pairs: View, made: Prospect, statement: int, one: Prospect, hits: int) -> bool:
    """Whether the derivative's words rest on this clause of the source more than on another or on words
    before or beside the loose one."""
    mine = one.governed | one.subject
    counts: dict[tuple[int, int], int] = {}
    for i in sorted(made.governed):
        for m in pairs.forth.get(i, ()):
            if m.statement != statement or m.source not in mine:
                place = (m.statement, pairs.old[m.statement].clause[m.source])
                counts[place] = counts.get(place, 0) + 1
    return max(counts.values(), default=0) <= hits


def _strength(pairs: View, made: Prospect, old: Old, hits: tuple[int, int]) -> float:
    (own, other), one = hits, old[1]
    head = _heads(pairs, made, old)
    if made.duty and not one.duty and not (head and one.rung <= WISH):
        return 0.0
    if (head and own >= 2) or own >= 4:
        belief = 0.85
    elif head or own >= 3 or (own == 2 and other):
        belief = 0.7
    else:
        belief = 0.5 if own + other >= 2 else 0.3
    if made.would:
        return belief - 0.1 if head else 0.0
    return belief


def _heads(pairs: View, made: Prospect, old: Old) -> bool:
    """Whether both stand before the same verb."""
    statement, one = old
    if made.head is None or one.head is None:
        return False
    found: list[Match] = pairs.forth.get(made.head, [])
    return any(m.statement == statement and m.source == one.head for m in found)


def _signal(
    pairs: View, made: Prospect, statement: int, one: Prospect, rung: float, strength: float
) -> Signal:
    old = pairs.old[statement].span(one.first, one.end - 1)
    new = pairs.new.span(made.first, made.end - 1)
    before = old.of(pairs.old[statement].facts.statement.text)
    after = _shown(pairs, made, new)
    if made.rung < WILL and not made.would:
        rule = "modality-firmer"
    else:
        rule = "modality-strengthened" if rung <= WISH else "modality-plan"
    text = f"“{before}” in the source, “{after.of(pairs.new.facts.statement.text)}” here."
    return Signal(
        rule, (Type.MODALITY,), Severity.MAJOR, round(strength, 2), text, after, (statement, old), before,
        after.of(pairs.new.facts.statement.text),
    )  # fmt: skip


def _shown(pairs: View, made: Prospect, span: Span) -> Span:
    """The word with the verb that it governs, where that follows at once."""
    if made.head is not None and made.head - made.end < 2:
        return span.join(pairs.new.facts.tokens[made.head].span)
    return span

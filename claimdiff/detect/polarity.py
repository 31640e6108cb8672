"""Which negations deny a word of a statement, and which only look so."""

from __future__ import annotations

from claimdiff.detect.cueview import Side, is_auxiliary, opposites, vague
from claimdiff.detect.seen import lemmas, norms, superlatives
from claimdiff.model import Cue, CueKind, Tag, Token

BESIDE = 5  # tokens within which a verb that denies by its sense turns a word round
_VERBS = 0.8  # the rung of the verbs that deny by their sense: "rejected", "halted"
# Words of a clause that deny without a cue of their own; where one stands, polarity is not judged.
_NEGATIVE = frozenset(
    {
        "against", "away", "defer", "delay", "few", "forgo", "hold", "ignore", "instead", "keep",
        "last", "late", "leave", "less", "lose", "nil", "off", "only", "out", "overdue", "postpone",
        "remain", "resist", "safe", "shun", "until", "wait", "yet", "zero",
    }
)  # fmt: skip
_LIMITED = frozenset(
    {"all", "every", "everyone", "everything", "always", "only", "necessarily", "much", "many"}
)
_NOBODY = frozenset({"neither", "nobody", "none", "nothing"})
_COMPARED = frozenset({"better", "bigger", "different", "higher", "larger", "less", "lower", "more", "worse"})
_RANKS = frozenset({"best", "first", "last", "most", "only", "record", "top", "worst"})
_TIMES = frozenset({"before", "until", "till"})
_UNITED = ("under", "unif", "union", "uniq", "unit", "univers", "unlock", "unveil")
_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "mis")


def firm(cue: Cue) -> bool:
    """Whether the cue alone turns its predicate round: "not", "failed to"; not "rejected" or "hardly"."""
    return cue.scale == "full" or (cue.scale == "implicit" and cue.rung != _VERBS)


def limits(side: Side, end: int) -> bool:
    """Whether a negation only limits ("not all") instead of denying."""
    tokens = side.facts.tokens
    return end < len(tokens) and (
        tokens[end].norm in _LIMITED or (tokens[end - 1].norm == "no" and tokens[end].norm in _COMPARED)
    )


def until(side: Side, end: int, *others: Side) -> bool:
    """Whether a negation only sets a time that the other text sets otherwise: "not before", "after"."""
    here = _TIMES.intersection([token.norm for token in side.facts.tokens[end : end + 6]])
    return bool(here) and all(here.isdisjoint(norms(other.facts)) for other in others)


def ranks(side: Side) -> bool:
    """Whether a statement says that something is the most or the first, which "no other" says as well."""
    return bool(superlatives(side.facts)) or not _RANKS.isdisjoint(norms(side.facts))


def denied_heads(side: Side, cue: Cue, end: int) -> list[int]:
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


def nested(side: Side, cue: Cue) -> bool:
    """Whether another negation governs this one or is governed by it: two make none."""
    return any(
        other is not cue and (other.scope.covers(cue.span) or cue.scope.covers(other.span))
        for other, _, _ in side.of(CueKind.NEGATION)
        if firm(other) and abs(other.span.start - cue.span.start) < 40
    )


def denies(side: Side, index: int, other: Side) -> bool:
    """Whether anything in the word's clause may deny it that is not on the other side too."""
    tokens = side.facts.tokens
    known = norms(other.facts) | lemmas(other.facts)
    for cue, first, end in side.of(CueKind.NEGATION):
        fresh = all(token.lemma not in known for token in tokens[first:end])
        if cue.scope.covers(tokens[index].span) and (firm(cue) or (fresh and cue.scale == "implicit")):
            return True
        if firm(cue) and (cue.span.covers(tokens[index].span) or 0 < first - index <= 2):  # "expelled none"
            return True
        if side.clause[first] == side.clause[index] and (fresh or (firm(cue) and first < index)):
            return True
    own = side.clause[index]
    return any(
        clause == own and token.lemma not in known and token.norm not in known and negative(token)
        for token, clause in zip(tokens, side.clause, strict=True)
    )


def denies_by_word(side: Side, index: int) -> bool:
    """Whether "neither", "nobody" or the like is the subject of a word's clause."""
    tokens = side.facts.tokens
    if _NOBODY.isdisjoint(norms(side.facts)):
        return False
    return any(tokens[i].norm in _NOBODY for i in range(index) if side.clause[i] == side.clause[index])


def negative(token: Token) -> bool:
    """Whether a word denies by its sense or its form: "remain", "homeless", "unpaid"."""
    return _negative(token.lemma) or (token.norm != token.lemma and _negative(token.norm))


def _negative(word: str) -> bool:
    return word in _NEGATIVE or word.endswith("less") or (word.startswith(_PREFIXES) and _prefixed(word))


def unlike(token: Token) -> bool:
    """Whether a word looks negative: "unreachable", "unmoved"; only good for keeping silent."""
    return token.norm.startswith("un") and len(token.norm) > 6 and not token.norm.startswith(_UNITED)


def _prefixed(word: str) -> bool:
    others = opposites().get(word, ())
    return any(word.startswith(prefix) and word[len(prefix) :] in others for prefix in _PREFIXES)


def odd(side: Side, index: int) -> bool:
    token = side.facts.tokens[index]
    over = [
        cue
        for cue, first, _ in side.of(CueKind.NEGATION)
        if cue.scope.covers(token.span)
        and not cue.span.overlaps(token.span)
        and (firm(cue) or index - first < BESIDE)
        and side.clause[first] == side.clause[index]
    ]
    return len(over) % 2 == 1

"""Cause and effect in a statement: where they stand, what ties them, and whether a cause is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from claimdiff.detect.cueview import Side, View
from claimdiff.detect.seen import edges, lemmas
from claimdiff.model import Cue, CueKind, Tag

STRONG = 0.9  # a rung from here on names a cause whatever stands around it
CAUSAL = 0.5  # and from here on the source may mean one
REACH = 60  # tokens on each side in which cause and effect are looked for
BESIDE = 2  # tokens before a cause in which a small word can give it as a reason

# Small words by which a source can give a reason without a cue.
_REASONS = frozenset({"as", "over", "given", "since", "by", "from", "through", "so", "with"})
# Words of time that often give a reason as well.
SOFT = frozenset({"as", "since", "amid", "amidst", "when", "while", "once", "with", "upon"})
_CLEAR = frozenset({"over", "given"})
_TRAILING = frozenset({"afterwards", "later", "subsequently"})
_AFTERWARDS = frozenset(
    {
        "a day after", "a month after", "a week after", "a year after", "after", "amid", "amidst", "as",
        "come after", "come amid", "come as", "days after", "during", "follow", "following", "follows",
        "hard on the heels of", "hours after", "immediately after", "in the aftermath of", "in the midst of",
        "in the wake of", "just after", "minutes after", "moments after", "months after", "on the back of",
        "on the heels of", "once", "shortly after", "since", "soon after", "subsequent to", "the day after",
        "the month after", "the week after", "upon", "weeks after", "when", "within days of",
        "within hours of", "within weeks of", "years after",
    }
)  # fmt: skip
_UNKNOWN = frozenset({"cause", "reason", "why", "trigger", "motive", "origin", "source"})
_UNTOLD = frozenset(
    {
        "clear", "early", "establish", "give", "identify", "investigate", "investigation", "know", "name",
        "no", "not", "n't", "pinpoint", "probe", "soon", "unclear", "unexplained", "unknown", "yet",
    }
)  # fmt: skip

OBJECTS = frozenset({Tag.ADJECTIVE, Tag.DETERMINER, Tag.NAME, Tag.NOUN, Tag.NUMBER, Tag.PRONOUN})

Places = set[tuple[int, int]]  # (source statement, token)


class Ends(NamedTuple):
    cause: frozenset[int]
    effect: frozenset[int]


def ends(side: Side, cue: Cue, first: int, end: int) -> Ends:
    """The content words of cause and effect around a causal word."""
    tokens = side.facts.tokens
    before = _words(side, range(max(0, first - REACH), first))
    after = _words(side, range(end, min(end + REACH, len(tokens)))) | _inner(side, cue, first, end)
    backward = cue.scale == "backward" or (end < len(tokens) and tokens[end].norm == "by")
    joined = first > 0 and tokens[first - 1].norm in {"and", "but", "that"}
    if backward and (not before or (joined and any(t.norm == "," for t in tokens[end:]))):
        comma = next((i for i in range(end, len(tokens)) if tokens[i].norm == ","), end)
        return Ends(frozenset(i for i in after if i < comma), frozenset(i for i in after if i > comma))
    return Ends(after, before) if backward else Ends(before, after)


def own(side: Side, cue: Cue, first: int, end: int) -> list[int]:
    """The tokens that are a cue's own words, without those that only stand between them ("force * to")."""
    words = cue.lemma.split()
    if "*" not in words:
        return list(range(first, end))
    return [
        i
        for i in range(first, end)
        if i == first or {side.facts.tokens[i].norm, side.facts.tokens[i].lemma} & set(words)
    ]


def _inner(side: Side, cue: Cue, first: int, end: int) -> frozenset[int]:
    if "*" not in cue.lemma:
        return frozenset()
    return _words(side, range(first, end)) - frozenset(own(side, cue, first, end))


def _words(side: Side, places: range) -> frozenset[int]:
    tokens, content = side.facts.tokens, side.content
    return frozenset([i for i in places if content[i] and tokens[i].tag is not Tag.NUMBER])


def matched(pairs: View, indexes: Iterable[int]) -> Places:
    """The source tokens that a set of derivative tokens stands for."""
    return {
        (statement, source)
        for i in indexes
        for _, statement, source, relation, _ in pairs.forth.get(i, ())
        if relation != "antonym"
    }


def source_causes(pairs: View, low: float = STRONG, high: float = 1.0) -> list[tuple[int, Cue, Ends]]:
    """The causes that the source names, with their ends."""
    return [
        (statement, cue, ends(old, cue, first, end))
        for statement, old in enumerate(pairs.old)
        for cue, first, end in old.of(CueKind.CAUSALITY)
        if cue.scale in ("forward", "backward") and low <= cue.rung <= high
    ]


def of(places: Places, statement: int) -> set[int]:
    """The tokens of one source statement among places."""
    return {i for k, i in places if k == statement}


def tie(pairs: View, causes: Places, effects: Places) -> tuple[int, Cue] | None:
    """A word of order or link between the source's words for cause and effect, where no cause is named."""
    for statement, old in enumerate(pairs.old):
        one, other = of(causes, statement), of(effects, statement)
        if not one or not other or _named(old, one, other):
            continue
        for cue, first, _ in old.of(CueKind.CAUSALITY):
            if cue.scale not in ("order", "link") or cue.lemma in _CLEAR:
                continue
            if _splits(first, one, other) or first == 0 or cue.lemma in _TRAILING:
                return statement, cue
    return None


def _splits(place: int, one: set[int], other: set[int]) -> bool:
    """Whether a word stands between most of the words of cause and most of those of effect."""
    before = sum(i < place for i in one) * 2 > len(one), sum(i < place for i in other) * 2 > len(other)
    return before[0] != before[1]


def _named(old: Side, one: set[int], other: set[int]) -> bool:
    """Whether a source statement names a cause, firmly or in part, near these words."""
    low, high = min(one | other), max(one | other)
    tokens = old.facts.tokens
    return any(
        cue.scale in ("forward", "backward") and names(old, cue, first) and low - 3 <= first <= high + 3
        for cue, first, _ in old.of(CueKind.CAUSALITY)
    ) or any(tokens[i].norm in _CLEAR and _splits(i, one, other) for i in range(max(0, low - 2), high))


def names(side: Side, cue: Cue, first: int) -> bool:
    """Whether a cue names a cause: by itself, or as a verb of many senses that has an object."""
    if cue.rung >= STRONG or cue.rung == CAUSAL or cue.scale == "backward":
        return cue.rung >= CAUSAL
    following = side.facts.tokens[first + 1] if first + 1 < len(side.clause) else None
    return cue.rung >= CAUSAL and following is not None and following.tag in OBJECTS


def reasons(pairs: View, causes: Places, effects: Places) -> bool:
    """Whether the source may give this reason in its own way: by a cue that touches both, or a small word."""
    for statement, old in enumerate(pairs.old):
        one, other = of(causes, statement), of(effects, statement)
        for cue, first, end in old.of(CueKind.CAUSALITY):
            if cue.scale not in ("forward", "backward") or not names(old, cue, first):
                continue
            there = ends(old, cue, first, end)
            if cue.rung >= STRONG and ((one & there.cause) or (other & there.effect)):
                return True
            if (one & there.cause and other & there.effect) or (one & there.effect and other & there.cause):
                return True
        if one and other:
            near = {i for place in one for i in range(max(0, place - BESIDE), place)}
            low = min(one | other)
            if any(_gives_reason(old, i) and (i < low or _splits(i, one, other)) for i in sorted(near)):
                return True
    return False


def _gives_reason(side: Side, index: int) -> bool:
    """Whether a small word can give a reason: "over the price", "fined for dumping"."""
    tokens = side.facts.tokens
    following = tokens[index + 1].norm if index + 1 < len(tokens) else ""
    verb = index + 1 < len(tokens) and tokens[index + 1].tag is Tag.VERB
    return (
        tokens[index].norm in _REASONS
        or (tokens[index].norm == "for" and following.endswith("ing"))
        or (tokens[index].norm == "to" and verb)
    )


def untold(pairs: View, effects: Places) -> tuple[int, Cue | None, int] | None:
    """The source statement, and its word, that says the cause of an effect is not known."""
    for statement, old in enumerate(pairs.old):
        if _UNKNOWN.isdisjoint(lemmas(old.facts)) or not of(effects, statement):
            continue
        tokens = old.facts.tokens
        for index, token in enumerate(tokens):
            if token.lemma not in _UNKNOWN or (token.norm != "why" and token.tag is not Tag.NOUN):
                continue
            near = tokens[max(0, index - 8) : index + 9]
            if any(t.lemma in _UNTOLD or t.norm in _UNTOLD for t in near):
                return statement, None, index
    return None


def afterwards(pairs: View) -> list[tuple[int, Cue, set[int], set[int]]]:
    """For each "Y after X" of the source: its statement, the word, the words of X, and those of Y."""
    out = []
    for statement, old in enumerate(pairs.old):
        for cue, first, end in old.of(CueKind.CAUSALITY):
            if cue.scale != "order" or cue.lemma not in _AFTERWARDS:
                continue
            tokens = old.facts.tokens
            ruled = edges(old.facts).inside(cue.scope)
            later = {i for i in range(end, ruled.stop) if old.content[i]}
            sooner = {i for i in range(first) if old.content[i] and old.clause[i] >= old.clause[first] - 1}
            if not sooner:  # "After X, Y"
                comma = next((i for i in range(end, len(tokens)) if tokens[i].norm == ","), len(tokens))
                sooner = {i for i in later if i > comma} or _after(old, comma)
                later = {i for i in range(end, comma) if old.content[i]}
            out.append((statement, cue, later, sooner))
    return out


def _after(side: Side, comma: int) -> set[int]:
    return {i for i in range(comma + 1, len(side.clause)) if side.content[i]}


_CHANGES = frozenset(
    {
        "aid", "boost", "cause", "change", "curb", "cut", "damage", "decrease", "double", "ease", "extend",
        "halve", "harm", "help", "hurt", "improve", "increase", "lead", "lengthen", "lessen", "lift", "lower",
        "make", "prevent", "produce", "prolong", "protect", "raise", "reduce", "shorten", "slow", "stop",
        "strengthen", "treble", "trigger", "triple", "weaken", "worsen",
    }
)  # fmt: skip


def has_link(pairs: View) -> bool:
    """Whether the source has a link ("associated with") where the derivative has none."""
    if any(cue.scale == "link" for cue, _, _ in pairs.new.of(CueKind.CAUSALITY)):
        return False
    return any(cue.scale == "link" for old in pairs.old for cue, _, _ in old.of(CueKind.CAUSALITY))


def linked(pairs: View) -> tuple[int, Cue, int] | None:
    """A link in the source ("associated with") that a verb of change tells as an effect: its statement,
    the word of the source, and the verb."""
    tokens = pairs.new.facts.tokens
    for statement, old in enumerate(pairs.old):
        links = [cue for cue, _, _ in old.of(CueKind.CAUSALITY) if cue.scale == "link"]
        if not links or any(c.rung >= STRONG for c, _, _ in old.of(CueKind.CAUSALITY)):
            continue
        for index, token in enumerate(tokens):
            if token.lemma not in _CHANGES or token.tag is not Tag.VERB:
                continue
            if tokens[max(0, index - 1)].lemma == "be":
                continue
            clause = pairs.new.inside(pairs.new.clause[index])
            subject = of(matched(pairs, [i for i in clause if i < index]), statement)
            effect = of(matched(pairs, [i for i in clause if i > index]), statement)
            if subject and effect and not _hedges(pairs.new, index):
                return statement, links[0], index
    return None


_EFFECTS = frozenset(
    {
        "advantage", "benefit", "consequence", "damage", "effect", "harm", "impact", "improvement",
        "influence", "protection", "result",
    }
)  # fmt: skip


def noun_for_link(pairs: View) -> tuple[int, Cue, int] | None:
    """A noun for a link ("the association") that a noun for an effect ("the benefit") takes the place of:
    its statement, the word of the source, and the noun."""
    tokens = pairs.new.facts.tokens
    for statement, old in enumerate(pairs.old):
        nouns = _EFFECTS - lemmas(old.facts)
        for cue, first, end in old.of(CueKind.CAUSALITY):
            if cue.scale != "link" or end != first + 1 or old.facts.tokens[first].tag is not Tag.NOUN:
                continue
            for index, token in enumerate(tokens):
                if token.tag is not Tag.NOUN or token.lemma not in nouns or index in pairs.forth:
                    continue
                if len(of(matched(pairs, pairs.new.inside(pairs.new.clause[index])), statement)) > 1:
                    return statement, cue, index
    return None


def _hedges(side: Side, index: int) -> bool:
    return any(
        cue.rung <= CAUSAL and side.clause[first] == side.clause[index] and first < index
        for cue, first, _ in side.of(CueKind.MODALITY)
    )


def chained(pairs: View, index: int) -> tuple[int, int] | None:
    """A source word for the subject of a verb, where its object comes from another statement."""
    clause = pairs.new.inside(pairs.new.clause[index])
    subject = matched(pairs, [i for i in clause if i < index])
    effect = matched(pairs, [i for i in clause if i > index])
    one, other = {k for k, _ in subject}, {k for k, _ in effect}
    if len(one) != 1 or len(other) != 1 or one == other or len(effect) < 2:
        return None
    return min(subject)

"""Conditions, limits and caveats that went missing, so that the claim reaches further than the source's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from claimdiff.detect.cueview import Side, View, view
from claimdiff.model import Cue, CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Span, Type

DROPPED = "qualifier-dropped"
CAVEAT = "qualifier-caveat"
ADDED = "qualifier-added"
WAIVED = "qualifier-waived"
DESCRIBED = "qualifier-group"

RULES: tuple[Rule, ...] = (
    Rule(
        DROPPED, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "A condition or limit of the source's claim is gone while the claim itself is kept.",
        "Without its condition the claim covers cases that the source left out.",
        ("The mine will reopen in May if the board agrees.", "The mine will reopen in May."),
        ("The mine will reopen in May if the board agrees.",
         "With the board's agreement the mine will reopen in May."),
    ),
    Rule(
        CAVEAT, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "The source turns or limits its claim in the same breath, and the rewrite stops before that.",
        "A finding without its caveat is a stronger finding.",
        ("The drug eased pain, but the researchers cautioned that the trial was small.", "The drug eased pain."),
        ("The drug eased pain, and the trial's sponsor, based in Basel, paid for it.", "The drug eased pain."),
    ),
    Rule(
        ADDED, Kind.DISTORTION, Type.QUALIFIER, Severity.MINOR,
        "A condition or limit stands here that the source does not have.",
        "The rewrite makes the claim depend on something that nobody said.",
        ("The mine will reopen in May.", "The mine will reopen in May if prices recover."),
        ("The mine will reopen in May, provided prices recover.", "The mine will reopen in May if prices recover."),
    ),
    Rule(
        WAIVED, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "The rewrite says that no condition applies; the source does not say so.",
        "Regardless, unconditionally and forever are claims of their own.",
        ("Refunds are paid if the form is filed by June.", "Refunds are paid regardless of when the form is filed."),
        ("Refunds are paid whenever the form is filed.", "Refunds are paid regardless of when the form is filed."),
    ),
    Rule(
        DESCRIBED, Kind.DISTORTION, Type.QUALIFIER, Severity.MAJOR,
        "The words that say which of a group are meant are gone.",
        "What holds of those who qualify is told of the whole group.",
        ("Tenants who signed before March will get a refund in full.", "Tenants will get a refund in full."),
        ("Tenants, who met on Monday, will get a refund in full.", "Tenants will get a refund in full."),
    ),
)  # fmt: skip

CLAIM = 6  # content words next to a limit that tell whether its claim is kept
RESTS = 0.4  # share of the matched words that must come from a statement before its limits are missed
CARRIED = 0.25  # share of a limit's content words that may come back by chance
KEPT_CLAIM = 0.5  # share of the main claim's content words that must come back before its limit is missed
MIN_KEPT = 2
_MARKS = frozenset({";", ":", "–", "--", "?", "!", ".", '"', "(", ")"})
_FAMILY = {"condition": ("condition", "focus"), "focus": ("focus", "condition", "quantifier", "modality"),
           "concession": ("concession",)}  # fmt: skip
_SHORT = frozenset({"partly", "temporary", "provisional"})  # scales whose word is itself the limit
_INVERTED = frozenset({"should", "were", "had", "with", "without"})
_REQUIRES = frozenset({"must", "qualify", "eligible", "require", "requirement", "need", "once", "depend", "hinge",
                       "condition", "prerequisite", "oblige", "necessary"})  # fmt: skip
_TIMES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday spring summer autumn winter week month year now midnight noon next "
    "morning evening today tomorrow".split()
)
_NUMBERS = frozenset("one two three four five six seven eight nine ten eleven twelve this half".split())
_BOUNDS = frozenset({"only", "just", "merely", "at least", "at most", "up to", "within", "no more than", "but only",
                     "with at least", "with more than", "with fewer than", "with less than", "of more than"})  # fmt: skip
_FREE = frozenset({"any", "anyone", "anybody", "anything", "anywhere", "wherever", "whoever", "whichever"})
_NEGATIVE = frozenset({"not", "n't", "no", "without", "never", "nor", "neither", "if", "whether", "nobody", "none", "than",
                       "deny", "denied", "denies", "denying", "before", "prevent", "ban", "banned", "barred", "lack",
                       "avoid", "against", "cannot", "reject", "rejected", "hardly", "refuse", "refused", "unable",
                       "unlikely", "too", "rule", "ruled", "stop", "stopped", "hard", "doubt", "dispute", "rejects",
                       "first", "forbid", "exclude", "only", "check", "nothing", "unless", "hope", "ever", "least",
                       "free", "should", "most", "dismiss", "dismissed", "little", "few", "rather"})  # fmt: skip
_RELATIVE = frozenset({"who", "whose"})
_GROUPS = frozenset({"people", "men", "women", "children", "staff", "police", "those", "youth"})
_WEAK = 0.35


class Limit(NamedTuple):
    """A limiting cue of a source statement with the tokens that it rules and those of the claim it limits."""

    statement: int
    cue: Cue
    clause: tuple[int, ...]
    main: tuple[int, ...]
    span: Span


def detect(pair: Pair) -> Iterator[Signal]:
    """Signals for limits of the source's claims that the rewrite dropped, added or waived."""
    sight = view(pair)
    near = _near(pair)
    best: dict[int, Signal] = {}
    for number, side in enumerate(sight.old):
        if not _rests_on(sight, number):
            continue
        for limit in _limits(side, number):
            signal = _dropped(sight, limit, near)
            if signal is not None and (number not in best or best[number].strength < signal.strength):
                best[number] = signal
    yield from (best[number] for number in sorted(best))
    yield from _waived(sight)
    yield from _opened(sight)
    yield from _described(sight, near)
    yield from _added(sight)


def _rests_on(sight: View, number: int) -> bool:
    """Whether the rewrite takes a fair part of its matched words from this source statement."""
    here = sum(1 for matches in sight.forth.values() if any(match.statement == number for match in matches))
    return here >= RESTS * len(sight.forth)


def _near(pair: Pair) -> set[str]:
    """The word stems of the statement and of its neighbours in the rewrite."""
    found = _stems(pair.derivative)
    order = [facts.statement.id for facts in pair.context.derivative]
    if pair.derivative.statement.id in order:
        at = order.index(pair.derivative.statement.id)
        for facts in pair.context.derivative[max(0, at - 1) : at + 2]:
            found |= _stems(facts)
    return found


def _stems(facts: Facts) -> set[str]:
    return {word for token in facts.tokens for word in (token.stem, token.norm)}


def _limits(side: Side, number: int) -> Iterator[Limit]:
    for cue, first, end in side.cues:
        if cue.kind not in (CueKind.CONDITION, CueKind.CONCESSION, CueKind.FOCUS):
            continue
        if cue.scale in ("waived", "exclusive", "rank", "idiom"):
            continue
        low, high = _sentence_part(side, first)
        stop = _clause_stop(side, first, end, high)
        clause = tuple(i for i in range(end, stop) if _says(side, i))
        main = _main(side, first, stop, low, high)
        if cue.scale in _SHORT or cue.scale == "measure":
            clause = ()
            main = tuple(i for i in range(max(low, first - 7), min(high, end + 7))
                         if _says(side, i) and not first <= i < end)  # fmt: skip
        yield Limit(number, cue, clause, main, side.span(first, max(end, stop if clause else end) - 1))


def _main(side: Side, first: int, stop: int, low: int, high: int) -> tuple[int, ...]:
    """The content tokens of the claim that a limit hangs on: the words before it back to the clause's
    beginning, or those after its comma when it comes first."""
    tokens = side.facts.tokens
    before: list[int] = []
    for index in range(first - 1, low - 1, -1):
        if len(before) == CLAIM or (tokens[index].norm in ("and", "but") and tokens[index - 1].norm == ","):
            break
        if _says(side, index):
            before.append(index)
    if len(before) >= MIN_KEPT:
        return tuple(reversed(before))
    after = [index for index in range(stop, high) if _says(side, index)]
    return tuple(after[:CLAIM])


def _says(side: Side, index: int) -> bool:
    return side.content[index] or side.facts.tokens[index].norm[0].isdigit()


def _sentence_part(side: Side, at: int) -> tuple[int, int]:
    """The tokens around a cue up to the next strong mark on either side."""
    tokens = side.facts.tokens
    low = next((i + 1 for i in range(at - 1, -1, -1) if tokens[i].norm in _MARKS), 0)
    high = next((i for i in range(at, len(tokens)) if tokens[i].norm in _MARKS), len(tokens))
    return low, high


def _clause_stop(side: Side, first: int, end: int, high: int) -> int:
    """The index after the words that a limiting cue rules: up to the next comma, or the end."""
    tokens = side.facts.tokens
    for index in range(end, high):
        if tokens[index].norm == "," and index - end >= 2:
            return index
    return high


def _dropped(sight: View, limit: Limit, near: set[str]) -> Signal | None:
    side = sight.old[limit.statement]
    kept = [i for i in limit.main if (limit.statement, i) in sight.back or _in(side, i, near)]
    if len(kept) < MIN_KEPT or len(kept) < KEPT_CLAIM * len(limit.main):
        return None
    if not limit.clause and limit.cue.scale not in _SHORT and limit.cue.scale != "measure":
        return None
    carried = sum(1 for i in limit.clause if _in(side, i, near) or (limit.statement, i) in sight.back)
    if carried > CARRIED * len(limit.clause):
        return None
    if _restated(sight, limit):
        return None
    return _signal(sight, limit, len(kept) / max(1, len(limit.main)))


def _in(side: Side, index: int, near: set[str]) -> bool:
    token = side.facts.tokens[index]
    return token.stem in near or token.norm in near


def _restated(sight: View, limit: Limit) -> bool:
    """Whether the rewrite has a limiting cue of its own that may stand for the source's."""
    families = _FAMILY[limit.cue.kind.value]
    tokens = sight.new.facts.tokens
    if limit.cue.kind is CueKind.CONDITION and (
        tokens[0].norm in _INVERTED or any(token.lemma in _REQUIRES or token.norm in _REQUIRES for token in tokens)
    ):
        return True
    for cue in sight.pair.derivative.cues:
        if cue.kind.value not in families or cue.scale in ("waived", "exclusive", "rank"):
            continue
        if cue.kind is CueKind.QUANTIFIER and not 0.0 < cue.rung < 0.9:
            continue
        if cue.kind is CueKind.MODALITY and limit.cue.scale not in _SHORT:
            continue
        return True
    return False


def _signal(sight: View, limit: Limit, share: float) -> Signal:
    side = sight.old[limit.statement]
    words = limit.span.of(side.facts.statement.text)
    concession = limit.cue.kind is CueKind.CONCESSION
    after = [side.facts.tokens[i].norm for i in limit.clause[:3]]
    strength = min(0.7, limit.cue.rung + (0.05 if share >= 0.6 else 0.0))
    if (limit.cue.scale == "pending" and any(norm in _TIMES or norm[0].isdigit() for norm in after)) or (
        limit.cue.lemma in _BOUNDS and (any(n[0].isdigit() or n in _NUMBERS for n in after[:2]) or after[0] in _TIMES)
    ):
        strength = _WEAK
    return Signal(
        CAVEAT if concession else DROPPED, (Type.QUALIFIER,), Severity.MAJOR if strength >= 0.5 else Severity.MINOR,
        strength, f"The source says “{words}”; that is missing here.", _whole(sight), (limit.statement, limit.span),
        words, "",
    )  # fmt: skip


def _whole(sight: View) -> Span:
    tokens = sight.new.facts.tokens
    last = len(tokens) - 1
    while last > 0 and not tokens[last].norm[0].isalnum():
        last -= 1
    return tokens[0].span.join(tokens[last].span) if tokens else Span(0, 0)


def _quoted(side: Side, span: Span) -> bool:
    return any(quotation.span.overlaps(span) for quotation in side.facts.quotations)


def _waived(sight: View) -> Iterator[Signal]:
    source = {t for facts in sight.pair.sources for t in _stems(facts)}
    olds = [(n, cue) for n, side in enumerate(sight.old) for cue, _, _ in side.of(CueKind.CONDITION)]
    if any(cue.scale == "waived" for _, cue in olds):
        return
    limits = [(n, cue) for n, cue in olds if cue.rung >= 0.5]
    limits += [(n, c) for n, side in enumerate(sight.old) for c, _, _ in side.of(CueKind.FOCUS) if c.scale != "rank"]
    for cue, first, end in sight.new.of(CueKind.CONDITION):
        if cue.scale != "waived" or _quoted(sight.new, cue.span):
            continue
        if all(t.stem in source for t in sight.new.facts.tokens[first:end]):
            continue
        now = cue.span.of(sight.new.facts.statement.text)
        place = (limits[0][0], limits[0][1].span) if limits else None
        was = place[1].of(sight.old[place[0]].facts.statement.text) if place else ""
        yield Signal(
            WAIVED, (Type.QUALIFIER,), Severity.MAJOR, 0.65 if place else 0.5,
            f"“{was}” in the source, “{now}” here." if place else f"“{now}” here; the source sets no such scope.",
            cue.span, place, was, now,
        )  # fmt: skip


def _opened(sight: View) -> Iterator[Signal]:
    """A free choice ("anyone", "any customer") where the source names a limited group."""
    tokens = sight.new.facts.tokens
    source = {t for facts in sight.pair.sources for t in _stems(facts)}
    for index, token in enumerate(tokens):
        if token.norm not in _FREE or token.norm in source or _quoted(sight.new, token.span):
            continue
        if any(t.norm in _NEGATIVE for t in tokens[max(0, index - 8) : index]):
            continue
        last = min(index + 1, len(tokens) - 1)
        span = sight.new.span(index, last if token.norm == "any" else index)
        limited = any(
            cue.kind in (CueKind.CONDITION, CueKind.FOCUS) and cue.scale != "rank"
            for facts in sight.pair.sources for cue in facts.cues
        ) or bool(source & _RELATIVE)  # fmt: skip
        now = span.of(sight.new.facts.statement.text)
        yield Signal(
            WAIVED, (Type.QUALIFIER, Type.QUANTIFIER), Severity.MAJOR, 0.55 if limited else 0.4,
            f"“{now}” here; the source speaks of fewer.", span, None, "", now,
        )  # fmt: skip


def _described(sight: View, near: set[str]) -> Iterator[Signal]:
    """A plural noun whose restricting clause ("buyers who pay in full") is gone."""
    for number, side in enumerate(sight.old):
        tokens = side.facts.tokens
        for index in range(1, len(tokens) - 2):
            if tokens[index].norm not in _RELATIVE or not _plural(tokens[index - 1].norm):
                continue
            back = sight.back.get((number, index - 1))
            if not back or not _plural(sight.new.facts.tokens[back[0].derivative].norm):
                continue
            low, high = _sentence_part(side, index)
            stop = _clause_stop(side, index, index + 1, high)
            clause = [i for i in range(index + 1, stop) if _says(side, i)]
            rest = [i for i in range(low, high) if _says(side, i) and not index - 1 <= i < stop]
            kept = [i for i in rest if (number, i) in sight.back or _in(side, i, near)]
            if len(clause) < 2 or len(kept) < MIN_KEPT or len(kept) < KEPT_CLAIM * len(rest):
                continue
            if any(_in(side, i, near) or (number, i) in sight.back for i in clause[:4]):
                continue
            if any(cue.kind is CueKind.CONDITION for cue in sight.pair.derivative.cues):
                continue
            span = side.span(index - 1, stop - 1)
            at = back[0].derivative
            was, now = span.of(side.facts.statement.text), sight.new.facts.tokens[at].text
            yield Signal(
                DESCRIBED, (Type.QUALIFIER,), Severity.MAJOR, 0.4,
                f"“{was}” in the source, only “{now}” here.", sight.new.facts.tokens[at].span, (number, span), was, now,
            )  # fmt: skip
            return


def _plural(norm: str) -> bool:
    return norm in _GROUPS or (len(norm) > 3 and norm.endswith("s") and not norm.endswith(("ss", "us", "is")))


def _added(sight: View) -> Iterator[Signal]:
    limiting = (CueKind.CONDITION, CueKind.FOCUS, CueKind.CONCESSION)
    if any(cue.kind in limiting and cue.scale != "rank" for facts in sight.pair.sources for cue in facts.cues):
        return
    for cue, first, end in sight.new.of(CueKind.CONDITION):
        if cue.scale in ("waived", "soft") or _quoted(sight.new, cue.span):
            continue
        stop = _clause_stop(sight.new, first, end, _sentence_part(sight.new, first)[1])
        words = [i for i in range(end, stop) if _says(sight.new, i)]
        if not words or any(i in sight.forth for i in words):
            continue
        span = sight.new.span(first, stop - 1)
        now = span.of(sight.new.facts.statement.text)
        yield Signal(
            ADDED, (Type.QUALIFIER,), Severity.MINOR, 0.5 if cue.scale in ("open", "strict") else 0.35,
            f"“{now}” limits the claim here; the source has no such limit.", span, None, "", now,
        )  # fmt: skip

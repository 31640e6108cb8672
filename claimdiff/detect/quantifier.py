"""How many, how often, how widely: some that became all, members that became the membership."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from claimdiff.detect.cueview import Side, View, view
from claimdiff.model import Cue, CueKind, Kind, Pair, Rule, Severity, Signal, Span, Token, Type

WIDENED = "quantifier-widened"
NARROWED = "quantifier-narrowed"
FREQUENCY = "quantifier-frequency"
ADDED = "quantifier-added"

RULES: tuple[Rule, ...] = (
    Rule(
        WIDENED, Kind.DISTORTION, Type.QUANTIFIER, Severity.MAJOR,
        "The rewrite speaks of more of a group, or of a wider area, than the source.",
        "What some did becomes what all did: those who did not are misreported.",
        ("Some farmers' groups back the plan.", "Farmers back the plan."),
        ("Several farmers' groups back the plan.", "A number of farmers' groups back the plan."),
    ),
    Rule(
        NARROWED, Kind.DISTORTION, Type.QUANTIFIER, Severity.MINOR,
        "The rewrite speaks of less of a group, or of a smaller area, than the source.",
        "A finding about all of a group shrinks to an exception.",
        ("All clinics in the region will close.", "Some clinics in the region will close."),
        ("All 12 clinics in the region will close.", "Every clinic in the region will close."),
    ),
    Rule(
        FREQUENCY, Kind.DISTORTION, Type.QUANTIFIER, Severity.MAJOR,
        "Something happens clearly more or less often than in the source.",
        "A habit and an exception are different accusations.",
        ("The lift sometimes fails in winter.", "The lift always fails in winter."),
        ("The lift often fails in winter.", "In winter the lift frequently fails."),
    ),
    Rule(
        ADDED, Kind.DISTORTION, Type.QUANTIFIER, Severity.MAJOR,
        "All, most, only, first, never or everywhere was added; the source does not say how many.",
        "A claim about every case needs a source that looked at every case.",
        ("Teachers in Leeds rejected the offer.", "All teachers in Leeds rejected the offer."),
        ("Each of the teachers rejected the offer.", "All the teachers rejected the offer."),
    ),
)  # fmt: skip

GAP = 0.2  # shares closer than this are one claim
SCALES = ("share", "reach", "pair")
REACH = 4  # tokens after a quantifier in which the counted noun stands
_SKIP = frozenset({"the", "of", "its", "their", "his", "her", "these", "those", "our", "a", "an"})
_ENDS = frozenset(
    "is are was were be been has have had will would could should may might can must do does did who that which "
    "in on at by for from with to into and or but said say says told after before when while because".split()
)
_NEGATIONS = frozenset({"not", "n't", "no", "without", "never", "nor", "neither", "hardly", "if", "whether", "nobody",
                        "none", "than", "deny", "denied", "refused", "unable", "before", "lack", "prevent", "ban",
                        "impossible", "unlikely", "avoid", "against", "cannot", "rejected", "hard", "doubt"})  # fmt: skip
_FIGURE = re.compile(r"third|quarter|half|fifth|\b(?:in|out of) ")
_COUNT = re.compile(r"(?:dozens|scores|hundreds|thousands|countless|twice|one or two|two or three|a couple|a pair)\b")
_TIMES = frozenset({"second", "minut", "hour", "day", "night", "week", "month", "quarter", "year", "decad", "morn",
                    "time", "fortnight", "season", "winter", "summer", "spring", "autumn", "even", "monday", "tuesday",
                    "wednesday", "thursday", "friday", "saturday", "sunday"})  # fmt: skip
_SOFT = frozenset({"mostly", "mainly", "chiefly", "largely", "primarily", "predominantly", "each", "in the main",
                   "for the most part", "by and large", "entirely", "wholly", "whole", "entire"})  # fmt: skip
_FREE = frozenset({"any", "anyone", "anybody", "anything", "anywhere", "wherever", "whoever", "whichever"})
_WHOLES = frozenset(
    {"full", "total", "complete", "completely", "fully", "per", "always", "entirely", "throughout", "across", "each",
     "wholly", "exempt", "unanimous", "every", "ban"}
)  # fmt: skip
_PEOPLE = frozenset({"people", "men", "women", "children", "staff", "police", "voters", "of", "young"})
_PARTIAL = frozenset(
    {"some", "some of", "several", "several of", "certain", "a few", "a few of", "few", "a minority", "part of",
     "a minority of", "parts of", "a section of", "some parts of", "selected", "a handful of", "in part of",
     "in parts of", "a small group", "a small number", "one or two", "a portion of", "a third", "a quarter"}
)  # fmt: skip
_NATION = frozenset({"country", "nation", "national", "nationwide", "countrywide", "world", "global", "globe"})


class Quantifier(NamedTuple):
    """A quantifying cue of one statement with the tokens of the noun that it counts."""

    statement: int
    cue: Cue
    first: int
    noun: tuple[int, ...]


def detect(pair: Pair) -> Iterator[Signal]:
    """Signals for shares, spread and frequency that differ, outside quotation marks."""
    sight = view(pair)
    old = [entry for number, side in enumerate(sight.old) for entry in _quantifiers(side, number)]
    new = [entry for entry in _quantifiers(sight.new, -1) if not _quoted(sight.new, entry.cue.span)]
    for entry in new:
        if entry.cue.scale == "frequency":
            yield from _frequency(sight, entry, old)
        elif entry.cue.scale in SCALES:
            yield from _share(sight, entry, [o for o in old if o.cue.scale in SCALES])
    yield from _singular(sight)
    yield from _dropped(sight, old, new)


def _quantifiers(side: Side, number: int) -> Iterator[Quantifier]:
    tokens = side.facts.tokens
    for cue, first, end in side.of(CueKind.QUANTIFIER):
        if cue.lemma == "some" and end < len(tokens) and (tokens[end].norm[0].isdigit() or tokens[end].norm in _NUMBERS):
            continue  # "some 500" is about 500
        yield Quantifier(number, cue, first, _noun(side, end))


def _noun(side: Side, end: int) -> tuple[int, ...]:
    """The content tokens right after a quantifier, up to the end of its noun phrase."""
    found: list[int] = []
    tokens = side.facts.tokens
    for index in range(end, min(len(tokens), end + REACH + 2)):
        norm = tokens[index].norm
        if norm in _ENDS or not (norm[0].isalnum() or norm in ("'", "-", "'s")):
            break
        if norm not in _SKIP and norm != "'s" and norm[0].isalpha():
            found.append(index)
    return tuple(found[:REACH])


def _quoted(side: Side, span: Span) -> bool:
    return any(quotation.span.overlaps(span) for quotation in side.facts.quotations)


def _stems(sight: View) -> set[str]:
    return {t.stem for side in sight.old for t in side.facts.tokens} | {
        t.norm for side in sight.old for t in side.facts.tokens
    }


def _partner(sight: View, entry: Quantifier, old: list[Quantifier]) -> Quantifier | None:
    """The source quantifier of the same noun, the nearest in meaning when there are several."""
    found = [
        other
        for index in entry.noun
        for match in sight.forth.get(index, ())
        for other in old
        if other.statement == match.statement and match.source in other.noun
    ]
    return min(found, key=lambda other: abs(other.cue.rung - entry.cue.rung), default=None)


def _share(sight: View, entry: Quantifier, old: list[Quantifier]) -> Iterator[Signal]:
    rung = entry.cue.rung
    if entry.cue.lemma in _FREE or (entry.cue.lemma in ("most", "a majority", "a majority of") and _superlative(sight.new, entry)):
        return
    if _is_rate(sight.new, entry):
        return
    counted = _counted_set(sight.new, entry)
    partner = _partner(sight, entry, old) or (_subset(sight, counted, old) if counted else None)
    if partner is not None:
        if abs(rung - partner.cue.rung) > GAP and not (rung == 0.0 and partner.cue.lemma in _FREE):
            yield _moved(sight, entry, partner, 0.65 if partner.cue.rung > 0.0 else 0.4)
        return
    if _FIGURE.search(entry.cue.lemma) or counted or rung < 0.7 or _polar(sight.new, entry) or entry.cue.scale == "pair":
        return
    if any(abs(rung - other.cue.rung) <= GAP for other in old if other.cue.lemma not in _FREE):
        return
    shares = [share for facts in sight.pair.sources for share in _shares(facts.statement.text)]
    if any(share >= 0.5 if rung < 0.9 else share >= 0.85 for share in shares):
        return
    loose = [o for o in old if 0.0 < o.cue.rung < rung - GAP and o.cue.scale != "pair" and not _carried(sight, o)]
    if loose:
        yield _moved(sight, entry, min(loose, key=lambda o: (o.cue.rung, o.statement, o.cue.span)), 0.55)
    elif not _whole(sight, entry):
        yield _bare(sight, entry)


def _is_rate(side: Side, entry: Quantifier) -> bool:
    """Whether the words give a rate ("every hour", "each month", "for every"), a count, or an exception."""
    tokens = side.facts.tokens
    after = [token for token in tokens[entry.first + 1 : entry.first + 3]]
    if entry.cue.lemma in ("every", "each") and after:
        before = tokens[entry.first - 1].norm if entry.first else ""
        return before in ("for", "of", "in") or after[0].stem in _TIMES or after[0].norm in _NUMBERS
    if entry.cue.lemma in ("all", "everything", "everyone") and after:
        return after[0].norm == "but"
    return bool(_COUNT.match(entry.cue.lemma))


def _superlative(side: Side, entry: Quantifier) -> bool:
    """Whether "most" compares ("most powerful") or "majority" is a margin ("a majority of 25")."""
    tokens = side.facts.tokens
    after = [token.norm for token in tokens[entry.first + 1 : entry.first + 5]]
    if entry.cue.lemma != "most":
        return any(n[0].isdigit() or n in _NUMBERS for n in after[1:4])
    before = tokens[entry.first - 1].norm if entry.first else ""
    plural = any(n in _PEOPLE or (n.endswith("s") and not n.endswith(("ss", "us", "is"))) for n in after[:3])
    return before in ("the", "its", "his", "her", "their", "'s", "s") or not (plural or after[:1] == ["of"])


def _counted_set(side: Side, entry: Quantifier) -> str:
    """The figure in "all nine", "none of the 17", or ""."""
    for token in side.facts.tokens[entry.first + 1 : entry.first + 5]:
        if token.norm[0].isdigit() or token.norm in _NUMBERS:
            return _NUMBERS.get(token.norm, token.norm)
        if token.norm not in _SKIP and token.norm not in ("one", "single"):
            return ""
    return ""


def _subset(sight: View, number: str, old: list[Quantifier]) -> Quantifier | None:
    """The source's part of a counted set: "six of the nine", "most of the 340"."""
    for at, side in enumerate(sight.old):
        tokens = [_NUMBERS.get(token.norm, token.norm) for token in side.facts.tokens]
        for index, norm in enumerate(tokens):
            if norm != number:
                continue
            for other in old:
                if other.statement == at and 0 < index - other.first <= 5:
                    return other
            head = next((i for i in range(max(0, index - 4), index - 1) if tokens[i][0].isdigit()), -1)
            if head >= 0 and "of" in tokens[head + 1 : index] and tokens[head] != number:
                share = _ratio(tokens[head], number)
                span = side.span(head, index)
                return Quantifier(at, Cue(CueKind.QUANTIFIER, span, "share", share, span, "part"), head, ())
    return None


def _ratio(part: str, whole: str) -> float:
    try:
        return min(1.0, float(part.replace(",", "")) / float(whole.replace(",", "")))
    except (ValueError, ZeroDivisionError):
        return 0.5


_SHARE = re.compile(
    r"\b([0-9.,]++|[a-z]++)[ -]+(?:(?:out )?of|in)(?: the| its| their| his| her| last year's)? ([0-9,]++|[a-z]++)\b"
    r"|([0-9.]++) ?(?:%|per ?cent)", re.IGNORECASE,
)  # fmt: skip


def _shares(text: str) -> Iterator[float]:
    """Shares that a text gives in figures: 60%, "seven in ten", "31 of last year's 38"."""
    for match in _SHARE.finditer(text):
        part, whole, percent = match.groups()
        if percent:
            yield _ratio(percent, "100")
            continue
        part, whole = (_NUMBERS.get(w.lower(), w) for w in (part, whole))
        if part[0].isdigit() and whole[0].isdigit() and _ratio(whole, part) >= 0.999:
            yield _ratio(part, whole)


def _whole(sight: View, entry: Quantifier) -> bool:
    """Whether the source speaks of a whole in other words."""
    after = [token.norm for token in sight.new.facts.tokens[entry.first + 1 : entry.first + 6]]
    return bool(_stems(sight) & _WHOLES) or (entry.cue.rung >= 0.9 and "but" in after)


def _bare(sight: View, entry: Quantifier) -> Signal:
    words = entry.cue.span.of(sight.new.facts.statement.text)
    strength = 0.55 if entry.cue.rung >= 0.9 else 0.5
    if entry.cue.scale == "reach" and _stems(sight) & _NATION:
        strength = 0.3
    nothing = any(c.rung == 0.0 and c.kind is CueKind.QUANTIFIER for f in sight.pair.sources for c in f.cues)
    if entry.cue.lemma in _SOFT or (nothing and entry.cue.rung == 1.0):
        strength = 0.35
    return Signal(
        ADDED, (Type.QUANTIFIER,), Severity.MAJOR, strength,
        f"“{words}” here; the source does not say that it is so of that many.", entry.cue.span, None, "", words,
    )  # fmt: skip


def _moved(sight: View, entry: Quantifier, other: Quantifier, strength: float) -> Signal:
    side = sight.old[other.statement]
    was = other.cue.span.of(side.facts.statement.text)
    now = entry.cue.span.of(sight.new.facts.statement.text)
    wider = entry.cue.rung > other.cue.rung
    if abs(entry.cue.rung - other.cue.rung) < 0.3:
        strength = min(strength, 0.5)
    if {entry.cue.scale, other.cue.scale} == {"share", "reach"}:
        strength -= 0.05
    return Signal(
        WIDENED if wider else NARROWED, (Type.QUANTIFIER,), Severity.MAJOR if wider else Severity.MINOR,
        strength, f"“{was}” in the source, “{now}” here.", entry.cue.span, (other.statement, other.cue.span), was, now,
    )  # fmt: skip


def _polar(side: Side, entry: Quantifier) -> bool:
    """Whether "any", "all" or "every" stands under a negation or a condition, or in a set phrase."""
    before = [token.norm for token in side.facts.tokens[max(0, entry.first - 5) : entry.first]]
    return any(norm in _NEGATIONS for norm in before)


def _carried(sight: View, other: Quantifier) -> bool:
    """Whether the derivative still has the source's quantifier, on whatever scale."""
    return any(
        cue.kind is CueKind.QUANTIFIER and cue.scale in SCALES and abs(cue.rung - other.cue.rung) <= GAP
        for cue in sight.pair.derivative.cues
    )


_NUMBERS = {
    word: str(number) for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split())
}  # fmt: skip


def _frequency(sight: View, entry: Quantifier, old: list[Quantifier]) -> Iterator[Signal]:
    now = entry.cue.span.of(sight.new.facts.statement.text)
    others = [o for o in old if o.cue.scale == "frequency"]
    if _polar(sight.new, entry) or any(abs(o.cue.rung - entry.cue.rung) <= GAP for o in others):
        return
    stems = _stems(sight)
    if others:
        other = min(others, key=lambda o: (abs(o.cue.rung - entry.cue.rung), o.statement, o.cue.span))
        was = other.cue.span.of(sight.old[other.statement].facts.statement.text)
        strength = 0.6 if abs(other.cue.rung - entry.cue.rung) >= 0.4 else 0.4
        yield Signal(
            FREQUENCY, (Type.QUANTIFIER,), Severity.MAJOR, strength,
            f"“{was}” in the source, “{now}” here.", entry.cue.span, (other.statement, other.cue.span), was, now,
        )  # fmt: skip
    elif entry.cue.rung in (0.0, 1.0) or entry.cue.rung == 0.1:
        negated = bool(stems & _NEGATIONS) or "every" in stems or "each" in stems or bool(stems & {"ever", "first"})
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


def _singular(sight: View) -> Iterator[Signal]:
    """Only, sole, first and biggest that the source does not say."""
    olds = [(n, c) for n, side in enumerate(sight.old) for c, _, _ in side.of(CueKind.FOCUS)]
    stems = _stems(sight)
    for cue, first, end in sight.new.of(CueKind.FOCUS):
        if cue.scale not in ("exclusive", "rank") or cue.rung < 1.0 or _quoted(sight.new, cue.span):
            continue
        words = [t for t in sight.new.facts.tokens[first:end] if t.norm not in ("the", "for", "in", "of", "on", "time")]
        partial = [(n, c) for n, c in olds if c.scale == cue.scale and c.rung < 1.0]
        same = any(c.scale == cue.scale and c.rung == 1.0 for _, c in olds)
        known = all(t.stem in stems or t.norm in stems for t in words)
        if partial and not same:
            number, other = partial[0]
            was = other.span.of(sight.old[number].facts.statement.text)
            now = cue.span.of(sight.new.facts.statement.text)
            yield Signal(
                ADDED, (Type.QUANTIFIER,), Severity.MAJOR, 0.6,
                f"“{was}” in the source, “{now}” here.", cue.span, (number, other.span), was, now,
            )  # fmt: skip
        elif not same and not known and not (cue.scale == "exclusive" and stems & {"only", "alone", "single", "one"}):
            now = cue.span.of(sight.new.facts.statement.text)
            strength = 0.55 if cue.scale == "exclusive" else 0.35
            yield Signal(
                ADDED, (Type.QUANTIFIER,), Severity.MAJOR, strength,
                f"“{now}” is not in the source.", cue.span, None, "", now,
            )  # fmt: skip


def _dropped(sight: View, old: list[Quantifier], new: list[Quantifier]) -> Iterator[Signal]:
    """A noun that some, several or certain limited in the source and nothing limits here."""
    if any(entry.cue.scale in SCALES and entry.cue.rung > 0 for entry in new):
        return
    for other in old:
        if other.cue.lemma not in _PARTIAL or _quoted(sight.old[other.statement], other.cue.span):
            continue
        here = sorted(
            match.derivative for index in other.noun for match in sight.back.get((other.statement, index), ())
        )
        if not here or _bounded(sight.new, here[0]) or not _told(sight, other):
            continue
        was = sight.old[other.statement].span(other.first, other.noun[0]).of(
            sight.old[other.statement].facts.statement.text
        )
        span = sight.new.span(here[0], here[-1] if here[-1] - here[0] < REACH else here[0])
        now = span.of(sight.new.facts.statement.text)
        token = sight.new.facts.tokens[here[-1]]
        subject = _leads(sight.new, here[0]) and token.norm.endswith("s")
        yield Signal(
            WIDENED, (Type.QUANTIFIER,), Severity.MAJOR, 0.6 if subject else 0.4,
            f"“{was}” in the source, “{now}” without the limit here.", span, (other.statement, other.cue.span), was, now,
        )  # fmt: skip


def _told(sight: View, other: Quantifier) -> bool:
    """Whether the rewrite also carries what the source says of the quantified noun."""
    side = sight.old[other.statement]
    after = [i for i in range(other.noun[-1] + 1, min(len(side.clause), other.noun[-1] + 9)) if side.content[i]][:4]
    return sum(1 for i in after if (other.statement, i) in sight.back) * 2 >= max(1, len(after))


def _bounded(side: Side, index: int) -> bool:
    """Whether something before a noun limits it: a figure, an article, another determiner."""
    before = [token.norm for token in side.facts.tokens[max(0, index - 3) : index]]
    return any(n[0].isdigit() or n in _NUMBERS or n in ("a", "an", "one", "other", "others", "those") for n in before)


def _leads(side: Side, index: int) -> bool:
    """Whether a noun opens its clause, bare or after an article and an adjective."""
    clause = side.clause[index]
    return sum(1 for at in range(index) if side.clause[at] == clause) <= 2

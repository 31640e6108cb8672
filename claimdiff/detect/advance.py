"""Events that have come further than in the source: asked for and got, due and done, alleged and real."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.cueview import Side, View, is_auxiliary
from claimdiff.detect.hedge import WILL
from claimdiff.detect.outlook import State, matters, rests, state
from claimdiff.model import Cue, CueKind, Match, Severity, Signal, Span, Tag, Type

_ASKING = frozenset(
    {
        "appeal for", "apply for", "apply to", "application for", "ask for", "ask to", "bid for", "call for",
        "demand", "demand for", "make an offer", "negotiate", "offer", "offer of", "offer to", "petition",
        "plea for", "plead for", "press for", "push for", "request", "request for", "seek", "seek to", "want",
    }
)  # fmt: skip
_GETTING = frozenset(
    {
        "accept", "award", "collect", "deliver", "donate", "earn", "gain", "get", "give", "grant", "hand",
        "obtain", "pay", "provide", "receive", "secure", "send", "supply", "take", "win",
    }
)  # fmt: skip
_AHEAD = frozenset(
    {
        "about to", "are to", "due to be", "go to be", "is to", "poised to", "scheduled for", "scheduled to",
        "set for", "set to", "slated for", "slated to", "will", "'ll", "wo",
    }
)  # fmt: skip
_PAST = frozenset({"had", "has", "have", "was", "were"})
# Adjectives that make a thing doubtful, and those that put it into the future.
_DOUBTFUL = frozenset(
    {
        "alleged", "apparent", "likely", "possible", "potential", "presumed", "probable", "purported",
        "reported", "rumored", "rumoured", "supposed", "suspected", "unconfirmed", "would-be",
    }
)  # fmt: skip
_COMING = frozenset(
    {"draft", "eventual", "future", "planned", "proposed", "prospective", "provisional", "tentative"}
)
_CASES = frozenset(
    {
        "accusation", "allegation", "bid", "case", "charge", "claim", "fear", "hearing", "inquiry",
        "investigation", "plan", "probe", "proposal", "risk", "suspicion", "talk", "threat", "trial",
    }
)  # fmt: skip


def granted(pairs: View) -> Iterator[Signal]:
    """What was offered or asked for, told as given or got."""
    tokens = pairs.new.facts.tokens
    for matter in matters(pairs, frozenset({"intent"})):
        cue = matter.cue
        if cue.lemma not in _ASKING or not rests(pairs, matter) or _repeated(pairs.new, cue):
            continue
        for index in (i for i, clause in enumerate(pairs.new.clause) if clause == matter.clause):
            token = tokens[index]
            before = tokens[max(0, index - 1)]
            if token.tag is not Tag.VERB or token.lemma not in _GETTING or before.norm in ("to", "-"):
                continue
            if token.norm in ("given", "taken") and not is_auxiliary(before):
                continue
            told = state(pairs, index, strict=True)
            won = (
                told is State.NAMED
                and token.norm.endswith("ing")
                and before.norm in ("after", "by", "having")
            )
            if (told is State.FLAT or won) and len(matter.hits) > 1:
                yield _signal("modality-done", 0.6, pairs, token.span, matter.statement, cue.span)
                return


def _repeated(side: Side, cue: Cue) -> bool:
    """Whether the derivative asks or offers in a word of its own."""
    return any(c.lemma in _ASKING or c.lemma == cue.lemma for c, _, _ in side.of(CueKind.MODALITY))


def early(pairs: View) -> Iterator[Signal]:
    """What is due, told as having happened."""
    tokens = pairs.new.facts.tokens
    for statement, old in enumerate(pairs.old):
        for cue, _, end in old.of(CueKind.MODALITY):
            if cue.lemma not in _AHEAD or cue.scale != "certainty":
                continue
            hit = _verb(pairs, statement, old.heads(cue, end, 1))
            if hit is None or not _past(pairs.new, hit.derivative, old, hit.source):
                continue
            if state(pairs, hit.derivative) is State.FLAT and _neighbours(pairs, hit):
                span = tokens[hit.derivative].span
                yield _signal("modality-done", 0.5, pairs, span, statement, cue.span)
                return


def _verb(pairs: View, statement: int, heads: list[int]) -> Match | None:
    for index in heads:
        for match in pairs.back.get((statement, index), ()):
            if (
                match.relation in ("exact", "lemma", "stem")
                and pairs.new.facts.tokens[match.derivative].tag is Tag.VERB
            ):
                return match
    return None


def _past(side: Side, index: int, old: Side, place: int) -> bool:
    """Whether a verb is told as past where the source has its bare form."""
    token = side.facts.tokens[index]
    helpers = [t.norm for t in side.facts.tokens[max(0, index - 3) : index] if is_auxiliary(t)]
    if any(word in helpers for word in ("be", "will", "would", "is", "are", "to")):
        return False
    changed = token.norm != old.facts.tokens[place].norm and not token.norm.endswith(("s", "ing"))
    return changed and (not helpers or bool(_PAST.intersection(helpers))) and _after_subject(side, index)


def _after_subject(side: Side, index: int) -> bool:
    """Whether something stands before a verb in its clause: no participle at the head of a phrase."""
    return any(
        side.content[i] or side.facts.tokens[i].tag is Tag.PRONOUN
        for i in range(index)
        if side.clause[i] == side.clause[index]
    )


def _neighbours(pairs: View, hit: Match) -> bool:
    """Whether more of the derivative's clause stands in the source's clause."""
    counts = pairs.support(pairs.new.clause[hit.derivative])
    return counts.get((hit.statement, pairs.old[hit.statement].clause[hit.source]), 0) >= 2


def bare(pairs: View) -> Iterator[Signal]:
    """A possible, alleged or planned thing, told as the thing itself."""
    for statement, old in enumerate(pairs.old):
        for cue, first, end in old.of(CueKind.MODALITY):
            word = cue.span.of(old.facts.statement.text).lower()
            if word not in _DOUBTFUL | _COMING or (statement, first) in pairs.back:
                continue
            hit = _noun(pairs, statement, end)
            if hit is None or _doubted(pairs, hit.derivative):
                continue
            strength = 0.55 if word in _DOUBTFUL else 0.35
            yield _signal(
                "modality-bare",
                strength,
                pairs,
                pairs.new.facts.tokens[hit.derivative].span,
                statement,
                cue.span,
            )
            return


def _noun(pairs: View, statement: int, start: int) -> Match | None:
    """The derivative's word for the noun that follows an adjective, in the same form."""
    tokens = pairs.old[statement].facts.tokens
    for index in range(start, min(start + 3, len(tokens))):
        if tokens[index].tag is Tag.NOUN and not (
            index + 1 < len(tokens) and tokens[index + 1].tag is Tag.NOUN
        ):
            found = pairs.back.get((statement, index), ())
            return next((m for m in found if m.relation in ("exact", "lemma")), None)
        if tokens[index].tag not in (Tag.ADJECTIVE, Tag.NOUN):
            return None
    return None


def _doubted(pairs: View, index: int) -> bool:
    """Whether the derivative doubts, plans or tries the thing in words of its own."""
    side = pairs.new
    tokens = side.facts.tokens
    near = tokens[max(0, index - 3) : index + 3]
    if any(token.lemma in _CASES for token in near):
        return True
    if tokens[index].tag is not Tag.NOUN:
        return True
    soft = [cue for cue, _, _ in side.of(CueKind.MODALITY) if cue.rung <= 0.6 and cue.lemma not in WILL]
    conditional = any(token.norm in ("would", "could", "if", "whether") for token in tokens)
    return bool(soft) or conditional or any(cue.scale == "settled" for cue, _, _ in side.cues)


def _signal(rule: str, strength: float, pairs: View, new: Span, statement: int, old: Span) -> Signal:
    before = old.of(pairs.old[statement].facts.statement.text)
    after = new.of(pairs.new.facts.statement.text)
    text = f"“{before}” in the source, but here it is told as a fact: “{after}”."
    if rule == "modality-done":
        text = f"“{before}” in the source, “{after}” here."
    return Signal(
        rule, (Type.MODALITY,), Severity.MAJOR, strength, text, new, (statement, old), before, after
    )

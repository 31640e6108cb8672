"""Words that the source gives as somebody's and the derivative tells flat."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff import lexicon
from claimdiff.detect.ground import ACTS, FEW, Ground, Links, beside, grounds_of, holds
from claimdiff.detect.kinship import same
from claimdiff.detect.passage import Index
from claimdiff.detect.seen import lemmas, norms
from claimdiff.detect.speaker import Speaker, is_body, speaker_of
from claimdiff.detect.stance import Report, report_of
from claimdiff.model import Attribution, Facts, Pair, Role, Severity, Signal, Span, Stance, Type

_HEDGES = frozenset(
    {"may", "might", "could", "would", "reportedly", "allegedly", "alleged", "apparently",
     "purportedly", "supposedly", "likely", "possibly", "perhaps", "probably", "claim", "claims",
     "claimed", "suspected", "accused", "believed", "appears", "appeared", "seems", "seemed",
     "described", "blamed", "seen", "called", "regarded", "considered", "expects", "expected"}
)  # fmt: skip
_NOT = frozenset({"no", "not", "n't", "never", "nothing", "nobody", "none", "neither"})
_CHECKED = frozenset({"verified", "checked", "corroborated", "substantiated", "verify", "corroborate"})


def dropped(pair: Pair, index: Index, links: Links, reports: list[Attribution]) -> Iterator[Signal]:
    """A statement that rests on what somebody says and tells it flat; it hedges nothing (see `hedged`)."""
    text = pair.derivative.statement.text
    whole = Span(0, len(text))
    grounds, linked, _ = grounds_of(pair, _said(pair, links), whole)
    grounds = [one for one in grounds if one.made.stance not in ACTS and holds(pair, one)]
    grounds.sort(key=lambda one: report_of(one.made).group in {"deny", "disagree", "doubt"})
    if linked < FEW or not grounds:
        return
    ground = grounds[0]
    old = speaker_of(pair.sources[ground.statement], ground.made)
    acting = [new for one in reports if (new := speaker_of(pair.derivative, one)) is not None]
    if old is not None and any(same(new, old, index) is not False for new in acting):
        return
    report = report_of(ground.made)
    disputed = _disputed(pair, ground)
    strength = _weight(report, old, disputed)
    if old is not None and _mentioned(pair, old):
        strength = min(strength, 0.6 if disputed else 0.25)
        if _own_denial(pair, ground) and report.stance is Stance.NEUTRAL:
            strength = max(strength, 0.5)
    if pair.derivative.statement.role is Role.HEADLINE and not disputed:
        strength = min(strength, 0.15 if report.stance is Stance.NEUTRAL else 0.4)
    if strength < 0.1:
        return
    phrase = ground.made.span if old is None else ground.made.speaker or ground.made.span
    denied = report.group in {"deny", "disagree", "doubt"}
    who = old.text if old else ground.made.span.of(pair.sources[ground.statement].statement.text)
    covered = [pair.derivative.tokens[i].span for i in sorted(links)]
    span = Span(covered[0].start, covered[-1].end)
    message = f"The source gives this as what {who} said, here it stands as fact." if old else (
        f"The source says “{who}”, here it stands as fact."
    )  # fmt: skip
    if old and denied:
        message = f"In the source {who} denies this, here it stands as fact."
    severity = Severity.MAJOR if strength >= 0.5 else Severity.MINOR
    source = (ground.statement, phrase.join(ground.made.span))
    yield Signal(
        "attribution-dropped", (Type.ATTRIBUTION,), severity, strength, message, span, source, who, ""
    )


def hedged(facts: Facts) -> bool:
    """Whether a statement leaves open what it tells, so that nothing in it is told flat."""
    if _HEDGES.isdisjoint(norms(facts)):
        return False
    return any(token.norm in _HEDGES and token.text != "May" for token in facts.tokens)


def _said(pair: Pair, links: Links) -> Links:
    """The links without the words that only name the source's speakers: they tell nothing of his words."""
    named = [
        (number, one.speaker)
        for number, facts in enumerate(pair.sources)
        for one in facts.attributions
        if one.speaker
    ]

    if not named:
        return links

    def naming(place: tuple[int, int]) -> bool:
        span = pair.sources[place[0]].tokens[place[1]].span
        return any(number == place[0] and speaker.covers(span) for number, speaker in named)

    return {i: places for i, places in links.items() if not all(naming(place) for place in places)}


def unmarked(pair: Pair) -> Iterator[Signal]:
    """ "what he called an accident", told as an accident."""
    if pair.derivative.attributions or not any("what" in norms(facts) for facts in pair.sources):
        return
    tokens = pair.derivative.tokens
    known = lexicon.words("reporting", "marked", "verbs")
    if "so" in norms(pair.derivative) or not known.isdisjoint(lemmas(pair.derivative)):
        return
    for number, facts in enumerate(pair.sources):
        back = {m.source: m.derivative for m in pair.matches if m.statement == number}
        for at, token in enumerate(facts.tokens):
            ahead = range(at + 2, min(at + 6, len(facts.tokens))) if token.norm == "what" else range(0)
            verb = next((i for i in ahead if facts.tokens[i].lemma in known), None)
            if verb is None:
                continue
            named = [i for i in range(verb + 1, min(verb + 7, len(facts.tokens))) if facts.tokens[i].content]
            here = next((back[i] for i in named[:2] if i in back), None)
            if here is None or any(q.span.covers(tokens[here].span) for q in pair.derivative.quotations):
                continue
            span = token.span.join(facts.tokens[verb].span)
            old, new = span.of(facts.statement.text), tokens[here].text
            yield Signal(
                "attribution-dropped", (Type.ATTRIBUTION,), Severity.MAJOR, 0.6,
                f"“{new}” is somebody's own word in the source (“{old}”), here it stands as fact.",
                tokens[here].span, (number, span), old, new,
            )  # fmt: skip
            return


def _weight(report: Report, old: Speaker | None, disputed: bool) -> float:
    """How much a reader loses with the speaker: least for plain facts from a body that counts them."""
    if report.factive or report.stance in {*ACTS}:
        return 0.1 if report.stance is Stance.FACT else 0.0
    if report.group in {"predict", "fear"} or (old is not None and old.pronoun):
        return 0.2
    weight = 0.3
    if report.stance in {Stance.CLAIM, Stance.ACCUSE, Stance.BELIEVE} or report.group == "deny":
        weight = 0.3 if report.group in {"call", "suggest"} else 0.55
    if old is None:
        weight = 0.55
    elif _unnamed(old):
        weight = max(weight, 0.5)
    elif old.anonymous and not old.single and not is_body(old):
        weight = max(weight, 0.35)
    if old is not None and any(word in _partisan() for word in old.text.lower().split()):
        weight = max(weight, 0.5)
    return min(0.8, weight + 0.3) if disputed else weight


def _unnamed(old: Speaker) -> bool:
    """One whom the source will not name: an official, a diplomat, a person familiar with the matter."""
    words = frozenset(old.text.lower().split())
    return bool(words & lexicon.words("speaker", "many", "anonymous")) and not old.proper


def _own_denial(pair: Pair, ground: Ground) -> bool:
    """Somebody says of himself that he did not: nobody else can vouch for it."""
    tokens = list(pair.sources[ground.statement].within(ground.made.content))
    if tokens and tokens[0].norm == "that":
        tokens = tokens[1:]
    own = bool(tokens) and tokens[0].norm in {"he", "she", "they", "it", "i", "we"}
    denied = any(token.norm in _NOT for token in tokens[1:7])
    return own and denied and any(token.norm in _NOT for token in pair.derivative.tokens)


def _partisan() -> frozenset[str]:
    return lexicon.words("speaker", "many", "partisan")


def _disputed(pair: Pair, ground: Ground) -> bool:
    """Somebody else contradicts it beside the place where it stands, or nobody could check it."""
    for facts in beside(pair, ground):
        for one in facts.attributions:
            if one.verb != ground.made.verb and report_of(one).group in {"deny", "doubt", "disagree"}:
                return True
        norms = [token.norm for token in facts.tokens]
        for at, norm in enumerate(norms):
            if norm in _CHECKED and {"not", "n't", "neither", "nor", "no"}.intersection(
                norms[max(0, at - 9) : at]
            ):
                return True
    return False


def _mentioned(pair: Pair, old: Speaker) -> bool:
    """The derivative speaks of the source's speaker, so that readers see whose word it is."""
    there = {token.stem for token in pair.derivative.tokens}
    return bool(old.proper & there) if old.proper else bool(old.stems) and old.stems <= there

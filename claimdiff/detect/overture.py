"""An approach that was turned down or left without an answer is told as one that is under way."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.lexicon import words
from claimdiff.model import CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Span, Tag, Type

RULES = (
    Rule(
        "overture-unanswered", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
        "The other side's silence or refusal is gone, and only the attempt is left.",
        "An offer that was ignored reads like talks that are going on.",
        ("The junta has ignored the bloc's offers of mediation since June.",
         "The bloc has been trying to engage with the junta."),
        ("The junta has ignored the bloc's offers of mediation since June.",
         "The bloc's offers of mediation have met silence from the junta since June."),
    ),
)  # fmt: skip

_FAR = 12  # tokens between a refusal and what was refused
_BOTH = 0.75
_ONE = 0.6


def detect(pair: Pair) -> Iterator[Signal]:
    """A refused approach in the source, and an attempt by its maker without any refusal here."""
    attempt = _attempt(pair.derivative)
    if attempt is None or _refuses(pair.derivative):
        return
    for number, facts in enumerate(pair.sources):
        found = _refused(facts)
        if found is None:
            continue
        makers = sum(_stands(pair, number, facts, index) for index in found[1])
        if not makers:
            continue
        tokens, text = pair.derivative.tokens, pair.derivative.statement.text
        span = Span(tokens[attempt[0]].span.start, tokens[attempt[1]].span.end)
        there = Span(facts.tokens[found[0]].span.start, facts.tokens[max(found[1])].span.end)
        old, new = there.of(facts.statement.text), span.of(text)
        yield Signal(
            "overture-unanswered", (Type.PREDICATE, Type.QUALIFIER), Severity.MAJOR,
            _BOTH if makers > 1 else _ONE,
            f"The source says “{old}”; here it is only “{new}”, and the refusal is gone.",
            span, (number, there), old, new,
        )  # fmt: skip
        return


def _attempt(facts: Facts) -> tuple[int, int] | None:
    """The first and last token of the words that tell an attempt or a contact."""
    for index, token in enumerate(facts.tokens):
        working = token.lemma == "work" and [t.norm for t in facts.tokens[index + 1 : index + 2]] == ["to"]
        if token.tag in {Tag.VERB, Tag.NOUN} and (working or token.lemma in words("overture", "attempts")):
            end = index
            for after in range(index + 1, min(index + 4, len(facts.tokens))):
                if facts.tokens[after].content and facts.tokens[after].tag is Tag.VERB:
                    end = after
            return index, end
    return None


def _refuses(facts: Facts) -> bool:
    """Whether a statement says in any way that there was no yes."""
    return any(cue.kind is CueKind.NEGATION for cue in facts.cues) or any(
        token.lemma in words("overture", "refusals") for token in facts.tokens
    )


def _refused(facts: Facts) -> tuple[int, list[int]] | None:
    """A refusal (its token) and the content words of the approach that it meets."""
    tokens = facts.tokens
    for index, token in enumerate(tokens):
        if token.lemma not in words("overture", "refusals") or token.tag not in {Tag.VERB, Tag.ADJECTIVE}:
            continue
        ahead = range(index + 1, min(index + _FAR, len(tokens)))
        for at in ahead:
            if tokens[at].norm in {",", ";", "but"}:
                break
            if tokens[at].lemma in words("overture", "approaches"):
                return index, [i for i in range(index + 1, min(at + 6, len(tokens))) if tokens[i].content]
    return None


def _stands(pair: Pair, statement: int, facts: Facts, index: int) -> bool:
    """Whether a source token is matched, or names somebody whom the derivative names too."""
    if any(m.statement == statement and m.source == index and m.relation != "antonym" for m in pair.matches):
        return True
    span = facts.tokens[index].span
    keys = {name.key for name in facts.names if name.span.covers(span)}
    return any(name.key in keys for name in pair.derivative.names)

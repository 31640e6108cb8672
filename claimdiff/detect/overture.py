"""An approach that was turned down or left without an answer is told as one that is under way."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from claimdiff.detect.act import Listing, entry, listing_of
from claimdiff.detect.clause import Clause, clauses
from claimdiff.detect.seen import lemmas
from claimdiff.lexicon import words
from claimdiff.model import CueKind, Facts, Kind, Pair, Rule, Severity, Signal, Span, Tag, Type

RULES = (
    Rule(
        "predicate-unanswered", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
        "A refusal, a rejection or a silence is gone, and only the attempt is left.",
        "An offer that was turned down reads like one that is under way.",
        ("The junta ignored the bloc's offers of talks.", "The bloc has been seeking talks with the junta."),
        ("The junta ignored the bloc's offers of talks.",
         "The junta did not answer the bloc's offers of talks."),
    ),
)  # fmt: skip

_FAR = 12  # tokens between a refusal and what was refused
_BOTH = 0.9
_ONE = 0.8


def detect(pair: Pair) -> Iterator[Signal]:
    """A refusal that is gone while its object lives on, else a refused approach that became an attempt."""
    found = next(_gone(pair), None) or next(_attempted(pair), None)
    if found is not None:
        yield found


def _attempted(pair: Pair) -> Iterator[Signal]:
    """A refused approach in the source, and an attempt by its maker without any refusal here."""
    refused = words("overture", "refusals")
    if all(refused.isdisjoint(lemmas(facts)) for facts in pair.sources):
        return
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
            "predicate-unanswered", (Type.PREDICATE, Type.QUALIFIER), Severity.MAJOR,
            _BOTH if makers > 1 else _ONE,
            f"The source says “{old}”; here it is only “{new}”, and the refusal is gone.",
            span, (number, there), old, new,
        )  # fmt: skip
        return


def _attempt(facts: Facts) -> tuple[int, int] | None:
    """The first and last token of the words that tell an attempt or a contact."""
    attempts, said = words("overture", "attempts"), lemmas(facts)
    if "work" not in said and attempts.isdisjoint(said):
        return None
    for index, token in enumerate(facts.tokens):
        if token.lemma != "work" and token.lemma not in attempts:
            continue
        working = token.lemma == "work" and [t.norm for t in facts.tokens[index + 1 : index + 2]] == ["to"]
        if token.tag in {Tag.VERB, Tag.NOUN} and (working or token.lemma in attempts):
            end = index
            for after in range(index + 1, min(index + 4, len(facts.tokens))):
                if facts.tokens[after].content and facts.tokens[after].tag is Tag.VERB:
                    end = after
            return index, end
    return None


def _refuses(facts: Facts) -> bool:
    """Whether a statement says in any way that there was no yes."""
    return any(cue.kind is CueKind.NEGATION for cue in facts.cues) or not (
        words("overture", "refusals").isdisjoint(lemmas(facts))
    )


def _refused(facts: Facts) -> tuple[int, list[int]] | None:
    """A refusal (its token) and the content words of the approach that it meets."""
    tokens, refusals = facts.tokens, words("overture", "refusals")
    for index, token in enumerate(tokens):
        if token.lemma not in refusals or token.tag not in {Tag.VERB, Tag.ADJECTIVE}:
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


# --- a refusal that is gone ------------------------------------------------------------------------

_CLOSE = 12  # tokens of the derivative within which what was refused must live on


def _gone(pair: Pair) -> Iterator[Signal]:
    """A verb of refusal in the source whose object lives on in the derivative, without any negative word."""
    refusals, told = words("predicate", "refusal"), [_may_refuse(facts) for facts in pair.sources]
    if not any(told) or _turns_down(pair.derivative):
        return
    kept = {(m.statement, m.source) for m in pair.matches if m.relation != "antonym"}
    for number, facts in enumerate(pair.sources):
        for clause in clauses(facts) if told[number] else ():
            token = facts.tokens[clause.verb]
            after = facts.tokens[clause.verb + 1 : clause.verb + 2]
            if after and after[0].norm == "by":
                continue  # "declined by 6 percent"
            if (number, clause.verb) in kept or not (
                token.lemma in refusals or _phrase_at(facts, clause.verb)
            ):
                continue
            complement = _complement(facts, clause)
            carried = [m.derivative for m in pair.matches if m.statement == number and m.source in complement]
            if len(carried) < 2 or max(carried) - min(carried) > _CLOSE:
                continue
            span = Span(
                pair.derivative.tokens[min(carried)].span.start, pair.derivative.tokens[max(carried)].span.end
            )
            there = Span(token.span.start, facts.tokens[max(complement)].span.end)
            was, now = there.of(facts.statement.text), span.of(pair.derivative.statement.text)
            yield Signal(
                "predicate-unanswered", (Type.PREDICATE,), Severity.MAJOR, 0.6,
                f"The source says “{was}”; here it is only “{now}”, and the refusal is gone.",
                span, (number, there), was, now,
            )  # fmt: skip
            return


def _may_refuse(facts: Facts) -> bool:
    """Whether a statement has a word of refusal, or the first word of a phrase of it."""
    said = lemmas(facts)
    return not (words("predicate", "refusal").isdisjoint(said) and _phrases().sizes.keys().isdisjoint(said))


def _phrase_at(facts: Facts, verb: int) -> bool:
    """Whether a phrase of refusal begins with a verb: "left unanswered"."""
    phrases = words("predicate", "refusal_phrase")
    return any(entry(facts.tokens, verb, size) in phrases for size in (2, 3, 4))


@cache
def _phrases() -> Listing:
    return listing_of(words("predicate", "refusal_phrase"))


def _turns_down(facts: Facts) -> bool:
    """Whether a statement has any word of refusal, silence or denial."""
    if any(cue.kind is CueKind.NEGATION for cue in facts.cues):
        return True
    said = lemmas(facts)
    if not (
        words("overture", "fruitless").isdisjoint(said) and words("predicate", "refusal").isdisjoint(said)
    ):
        return True
    phrases, tokens = _phrases(), facts.tokens
    return any(phrases.longest(tokens, at) for at in range(len(tokens)))


def _complement(facts: Facts, clause: Clause) -> set[int]:
    """Content words from the verb to the end of its clause (and the object before a passive verb)."""
    found = set()
    for index in range(clause.verb + 1, len(facts.tokens)):
        token = facts.tokens[index]
        if token.norm in {",", ";", ":", "–"}:
            break
        if token.content:
            found.add(index)
    if clause.passive and clause.object is not None:
        found.add(clause.object)
    return found

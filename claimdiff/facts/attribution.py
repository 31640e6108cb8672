"""Who is said to have said what: reporting phrases, their speakers and what they cover."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from claimdiff import lexicon
from claimdiff.facts import reporting
from claimdiff.facts.reporting import Verb
from claimdiff.facts.speech import (
    BE,
    ENOUGH,
    LINKS,
    MARKS,
    Words,
    clause_end,
    clause_start,
    cover,
    first_subject,
    mark_quoted,
    outermost,
    plain_norms,
    speaker_end,
)
from claimdiff.facts.spoken import VIEWS, by_view, colon, pointed_back, put_at, view_is, with_speaker
from claimdiff.facts.subject import inverted, is_noun, licensed, reports, subject, trailing
from claimdiff.facts.voice import carry_speakers
from claimdiff.model import Attribution, Name, Quotation, Span, Stance, Token

__all__ = ["carry_speakers", "find_attributions"]

_PERSONAL = frozenset({Stance.ACCUSE, Stance.PRAISE, Stance.WARN, Stance.URGE, Stance.BELIEVE})


def find_attributions(
    text: str, tokens: Sequence[Token], names: Sequence[Name], quotations: Sequence[Quotation]
) -> tuple[Attribution, ...]:
    """The reporting phrases of a statement, in the order of their verbs; none from within a quotation."""
    outer = outermost(quotations)
    quoted = mark_quoted(tokens, outer)
    words = Words(text, tokens, plain_norms(tokens, outer), names, outer, quoted)
    found: list[Attribution] = []
    openers, norms = _openers(), words.norms
    at = 0
    while at < len(tokens):
        if quoted[at] or norms[at] not in openers:
            at += 1
            continue
        made, length = _at(words, at)
        if made is not None:
            found.append(_shared(words, made, at, found))
        at += length
    return _bounded(found)


@cache
def _openers() -> frozenset[str]:
    """All words with which a reporting phrase may begin, as `_at` looks for them."""
    own = ("according", "by", "in", "to", "put", "puts", ":")
    return VIEWS.union(own, reporting.adverbs(), reporting.phrases(), reporting.forms())


def _shared(words: Words, made: Attribution, at: int, found: list[Attribution]) -> Attribution:
    """In "X said ..., adding that ..." the participle has the speaker of the phrase before it."""
    if (
        not found
        or not found[-1].speaker
        or not words.norms[at].endswith("ing")
        or words.norms[at] == "according"
    ):
        return made
    if at == 0 or words.norms[at - 1] != ",":
        return made
    last = found[-1]
    return made._replace(speaker=last.speaker, key=last.key, plural=last.plural, anonymous=last.anonymous)


def _at(words: Words, at: int) -> tuple[Attribution | None, int]:
    """The reporting phrase whose verb begins at a token, and how many tokens the verb takes."""
    norm = words.norms[at]
    if norm == "according" and words.norms[at + 1 : at + 2] == ["to"]:
        return _by_noun(words, at, at + 2, "accord"), 2
    if norm in {"by", "in", "to"} and VIEWS.intersection(words.norms[at + 1 : at + 9]):
        return by_view(words, at), 1
    if norm in VIEWS and words.norms[at + 1 : at + 2] in (["is"], ["was"]):
        return view_is(words, at), 1
    if norm in {"put", "puts"}:
        return put_at(words, at), 1
    if norm in reporting.adverbs():
        return _alone(words, at, 1, reporting.adverbs()[norm]), 1
    phrase = _phrase(words, at)
    verb, length = phrase or (reporting.forms().get(norm), 1)
    if verb is None or (length == 1 and is_noun(words, at, verb)):
        return colon(words, at), 1
    if _impersonal(words, at):
        return _alone(words, at, 1, verb.lemma), 1
    return _by_verb(words, at, length, verb), length


def _phrase(words: Words, at: int) -> tuple[Verb, int] | None:
    listed = reporting.phrases().get(words.norms[at])
    if not listed:
        return None
    here = words.norms[at : at + len(listed[0][0]) + 2]  # the longest comes first
    for parts, verb in listed:
        size = len(parts)
        if parts[-1] not in here:
            continue
        if tuple(here[:size]) == parts:
            return verb, size
        skip = [n for n in here[: size + 2] if not n.endswith("ly") and n != "also"]
        if tuple(skip[:size]) == parts:
            return verb, size
    return None


def _impersonal(words: Words, at: int) -> bool:
    """ "is believed to", "was reported to", "are said to", "it is thought that"."""
    if words.norms[at] not in lexicon.words("reporting", "impersonal", "verbs"):
        return False
    follows = words.norms[at + 1 : at + 2]
    return follows in (["to"], ["that"]) and any(n in BE for n in words.norms[max(0, at - 3) : at])


def _alone(words: Words, at: int, length: int, lemma: str) -> Attribution:
    """A report that names nobody; it covers the clause that it stands in."""
    verb = reporting.by_lemma()[lemma]
    span = words.tokens[at].span.join(words.tokens[at + length - 1].span)
    start = clause_start(words, at)
    content = cover(words, start, clause_end(words, at))
    strength = 1 if verb.stance is Stance.NEUTRAL else verb.strength
    stance = Stance.BELIEVE if verb.stance is Stance.NEUTRAL else verb.stance
    return Attribution(span, verb.lemma, stance, strength, content, anonymous=True)


def _by_noun(words: Words, at: int, start: int, lemma: str) -> Attribution | None:
    """ "according to X": the whole statement up to a semicolon is what X says."""
    end = speaker_end(words, start, leading=at - clause_start(words, at) < ENOUGH)
    if end <= start:
        return None
    left = clause_start(words, at)
    before = cover(words, left, at)
    after = cover(words, end, clause_end(words, end))
    content = before if at - left >= ENOUGH else after
    span = words.tokens[at].span.join(words.tokens[end - 1].span)
    return with_speaker(words, Attribution(span, lemma, Stance.NEUTRAL, 0, content), start, end)


def _by_verb(words: Words, at: int, length: int, verb: Verb) -> Attribution | None:
    """A verb with its subject before it ("X said") or behind it ("..., said X")."""
    norms, after = words.norms, at + length
    span = words.tokens[at].span.join(words.tokens[min(after, len(norms)) - 1].span)
    if not reports(words, at, after, verb):
        return None
    if norms[at].endswith("ing"):
        place = next((i for i in (at - 1, at - 2) if i >= 0 and norms[i] in BE), None)
        if place is None:
            return _participle(words, at, after, verb)
        start, stop = subject(words, place)  # "is asking"
        if verb.frame == "object":
            return None  # "is considering a bill" is an act
    else:
        start, stop = subject(words, at)
    being = any(norm in BE and norm != "'s" for norm in norms[max(0, at - 2) : at])
    if being and not norms[at].endswith("ing"):
        return _passive(words, at, after, verb)
    if verb.frame != "object" and inverted(words, at, after, verb):
        end = speaker_end(words, after)
        content = cover(words, clause_start(words, at), at)
        return with_speaker(
            words, Attribution(span, verb.lemma, verb.stance, verb.strength, content), after, end
        )
    if start == stop or (norms[at] == "accused" and norms[after : after + 1] == ["of"]):
        return None
    return _said(words, at, after, verb, start, stop)


def _said(words: Words, at: int, after: int, verb: Verb, start: int, stop: int) -> Attribution | None:
    """A verb with its subject before it."""
    norms = words.norms
    if verb.frame == "object" and norms[start - 1 : start] in (["that"], ["which"]):
        return None  # "cold that the office had not foreseen"
    forward = norms[at - 1] in {"who", "which"} or not trailing(words, start, after)
    told = verb.stance in {Stance.ASK, Stance.URGE} and "to" in norms[after : after + 10]
    object_too = verb.lemma in reporting.with_object() and at > 0
    if verb.frame == "that" and not (told or object_too or licensed(words, start, after, forward)):
        return None
    if forward:
        content = cover(words, after, clause_end(words, after))
    else:
        content = cover(words, clause_start(words, start), start)
    if verb.group in {"deny", "disagree", "doubt"} and (content.start >= content.end or not forward):
        back, speaker = pointed_back(words, start)
        if back.start < back.end and speaker < stop:
            content, start = back, speaker
    span = words.tokens[at].span.join(words.tokens[min(after, len(norms)) - 1].span)
    made = Attribution(span, verb.lemma, verb.stance, verb.strength, content)
    return with_speaker(words, made, start, stop)


def _passive(words: Words, at: int, after: int, verb: Verb) -> Attribution | None:
    """ "was accused by X of": X speaks."""
    norms = words.norms
    if verb.frame == "phrase":
        start, stop = subject(words, at)
        content = cover(words, after, clause_end(words, after))
        if start == stop:
            return None
        span = words.tokens[at].span.join(words.tokens[after - 1].span)
        return with_speaker(
            words, Attribution(span, verb.lemma, verb.stance, verb.strength, content), start, stop
        )
    place = next((i for i in range(after, min(after + 4, len(norms))) if norms[i] == "by"), None)
    if place is None or verb.stance not in _PERSONAL:
        return None
    if norms[at - 1] == "being" and verb.group == "believe":
        return None  # "is being considered by"
    end = place + 1
    while end < len(norms) and norms[end] not in MARKS | LINKS | {"of", "for"} and end - place < 12:
        end += 1
    content = cover(words, clause_start(words, at), clause_end(words, at))
    made = Attribution(words.tokens[at].span, verb.lemma, verb.stance, verb.strength, content)
    return with_speaker(words, made, place + 1, end)


def _participle(words: Words, at: int, after: int, verb: Verb) -> Attribution | None:
    """ "..., adding that" and "..., saying": the subject is that of the clause before."""
    if at == 0 or words.norms[at - 1] != "," or words.norms[at] in {"according", "assuming", "supposing"}:
        return None
    if verb.frame != "clause" and words.norms[after : after + 1] not in (["that"], ['"']):
        return None
    content = cover(words, after, clause_end(words, after))
    made = Attribution(words.tokens[at].span, verb.lemma, verb.stance, verb.strength, content)
    start, stop = first_subject(words, at)
    return with_speaker(words, made, start, stop) if stop > start else None


def _bounded(found: list[Attribution]) -> tuple[Attribution, ...]:
    """Contents cut where the next reporting phrase begins: each speaker keeps his own words.

    In "A expects X, B said" what B said holds what A expects; in "X, A said, and Y, B said" it begins
    after A.
    """
    out = []
    for index, one in enumerate(found):
        content = one.content
        if index + 1 < len(found) and content.start >= one.span.end:
            edge = _start(found[index + 1])
            if content.start < edge:
                content = Span(content.start, min(content.end, edge))
        if index and content.end <= one.span.start:
            earlier = found[index - 1]
            edge = earlier.span.end if not earlier.speaker else max(earlier.span.end, earlier.speaker.end)
            if content.start < edge <= content.end and earlier.content.end <= earlier.span.start:
                content = Span(edge, content.end)
        out.append(one._replace(content=content))
    return tuple(out)


def _start(one: Attribution) -> int:
    return min(one.span.start, one.speaker.start) if one.speaker else one.span.start

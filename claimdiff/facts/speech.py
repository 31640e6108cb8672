"""Walks over the words around a reporting verb: its subject, its clause, the noun phrase that speaks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from claimdiff import lexicon
from claimdiff.facts import reporting
from claimdiff.model import Name, Quotation, Span, Token

PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "you", "who"})
LINKS = frozenset(
    {"and", "but", "while", "as", "because", "which", "who", "that", "though", "although", "when",
     "where", "if", "after", "before", "since", "so", "whereas", "what", "than", "until", "unless",
     "or", "nor", "yet", "whose"}
)  # fmt: skip
HELPERS = frozenset(
    {"has", "have", "had", "also", "later", "then", "further", "once", "always", "never", "even",
     "still", "now", "again", "himself", "herself", "themselves", "itself", "both", "all", "would",
     "will", "did", "does", "do", "could", "can", "may", "might", "should", "only", "today",
     "yesterday", "since", "long", "yet", "not", "n't", "twice", "often", "already", "just", "first",
     "earlier", "instead", "thus", "therefore", "too", "sometimes", "meanwhile", "soon", "ever"}
)  # fmt: skip
BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "'s", "'re"})
LEADS = frozenset(
    {"in", "on", "at", "after", "before", "speaking", "asked", "however", "meanwhile", "but", "and",
     "for", "by", "during", "earlier", "later", "yesterday", "today", "while", "when", "as", "since",
     "still", "separately", "yet", "under", "with", "despite", "citing", "addressing", "writing",
     "pressed", "although", "though", "from"}
)  # fmt: skip
TRAILS = frozenset(
    {"on", "in", "at", "to", "as", "after", "before", "during", "of", "from", "by", "with", "when",
     "while", "late", "early", "earlier", "later", "yesterday", "today", "monday", "tuesday",
     "wednesday", "thursday", "friday", "saturday", "sunday", "last", "this", "through", "via",
     "outside", "over", "about", "ahead", "following", "for", "reporters", "journalists", "parliament",
     "afterwards", "recently", "bluntly", "simply", "flatly"}
)  # fmt: skip
DETERMINERS = frozenset(
    {"the", "a", "an", "one", "two", "three", "its", "his", "her", "their", "some", "several", "many",
     "another", "head", "chief", "director", "president", "chairman", "chair", "professor", "minister",
     "who"}
)  # fmt: skip
STOPS = frozenset({";", ":", "(", ")", "–", "--", "?", "!"})
QUOTES = frozenset({'"', "'"})
NOT_HEADS = frozenset(
    {"of", "at", "for", "in", "with", "from", "on", "to", "who", "familiar", "close", ",", "(", "by"}
)  # fmt: skip
MARKS = frozenset({",", ".", *STOPS, *QUOTES})
_TIMES = frozenset(
    {"ago", "days", "day", "hours", "weeks", "week", "months", "month", "years", "year", "before",
     "after"}
)  # fmt: skip
FINITE = frozenset(
    {"would", "will", "had", "has", "have", "is", "was", "are", "were", "could", "can", "may", "might",
     "should", "did"}
)  # fmt: skip
_SPANS = frozenset({"since", "until"})  # "the leader since May"
_FARTHEST = 400  # words that a clause may have
ENOUGH = 4  # words after a verb that make a clause of its own


class Words(NamedTuple):
    """A statement's tokens with what is needed to walk over them."""

    text: str
    tokens: Sequence[Token]
    norms: list[str]
    names: Sequence[Name]
    quotations: Sequence[Quotation]
    quoted: list[bool]


def plain_norms(tokens: Sequence[Token], quotations: Sequence[Quotation]) -> list[str]:
    """The tokens' folded forms, where a lone apostrophe that is no quotation mark counts as "'s"."""
    marks = {place for one in quotations for place in (one.span.start, one.span.end - 1)}
    return ["'s" if t.norm == "'" and t.span.start not in marks else t.norm for t in tokens]


def mark_quoted(tokens: Sequence[Token], quotations: Sequence[Quotation]) -> list[bool]:
    """For each token whether it stands inside one of the quotations, which come in order."""
    quoted = [False] * len(tokens)
    at = 0
    for one in quotations:
        while at < len(tokens) and tokens[at].span.end <= one.inner.start:
            at += 1
        while at < len(tokens) and tokens[at].span.start < one.inner.end:
            quoted[at] = True
            at += 1
    return quoted


@cache
def _roles() -> frozenset[str]:
    classes = lexicon.load("speaker")
    return frozenset(
        word for part in ("role", "body") for entries in classes[part].values() for word in entries
    )


def is_role(norm: str) -> bool:
    """A noun for somebody who speaks in the news."""
    return norm in _roles()


def outermost(quotations: Sequence[Quotation]) -> list[Quotation]:
    """The quotations that lie in no other; they come in order."""
    kept: list[Quotation] = []
    for one in quotations:
        if not kept or one.span.start >= kept[-1].span.end:
            kept.append(one)
    return kept


def subject_start(words: Words, stop: int) -> int:
    """Where the noun phrase that ends before a token begins."""
    start = stop
    verbs = reporting.forms()
    while start > 0 and stop - start < 16:
        norm = words.norms[start - 1]
        joined = norm == "and" and 1 < start < stop and _capital(words, start) and _capital(words, start - 2)
        joined = joined or (norm == "that" and start > 1 and is_role(words.norms[start - 2]))
        joined = joined or (norm in _SPANS and 0 < stop - start <= 3 and start > 1)
        if not joined and (norm in MARKS or norm in LINKS or words.quoted[start - 1]):
            break
        if norm in verbs and verbs[norm].frame == "clause" and norm != verbs[norm].lemma:
            break
        if norm == "to" and words.norms[start - 2 : start - 1] == ["according"]:
            break
        start -= 1
    while start < stop and words.norms[start] in LEADS - {"by", "for"}:
        start += 1
    return start


def comma_before(words: Words, at: int) -> int | None:
    """The comma that opens an apposition or a relative clause ending at a token."""
    for place in range(at - 1, max(0, at - 18), -1):
        if words.norms[place] == "," and not words.quoted[place]:
            return place
        if words.norms[place] in STOPS or words.quoted[place]:
            return None
    return None


def first_subject(words: Words, at: int) -> tuple[int, int]:
    """The noun phrase that opens the clause before a participle, a leading time or place skipped."""
    start = clause_start(words, at)
    for place in reversed(range(start, at - 1)):
        if words.norms[place] in STOPS or words.quoted[place]:
            start = place + 1
            break
    if "," in words.norms[start : min(start + 12, at - 1)]:
        comma = words.norms.index(",", start)
        if words.norms[start] in LEADS or any(norm in _TIMES for norm in words.norms[start:comma]):
            start = comma + 1
    end = start
    verbs = reporting.forms()
    while end < at and end - start < 12 and words.norms[end] not in MARKS and words.norms[end] not in verbs:
        if words.norms[end] in HELPERS or words.norms[end] in BE:
            break
        end += 1
    return start, end


def speaker_end(words: Words, start: int, *, leading: bool = False) -> int:
    """Where a speaker that begins at a token ends, one apposition included."""
    end = start
    while end < len(words.norms) and words.norms[end] not in MARKS and end - start < 20:
        norm = words.norms[end]
        if end > start and (
            norm in LINKS - {"and", "or"} or (norm in {"on", "in"} and _is_time(words, end + 1))
        ):
            break
        if norm == "and" and not _capital(words, end + 1) and words.norms[end + 1 : end + 2] != ["the"]:
            break
        end += 1
    if words.norms[end : end + 1] == [","] and end + 1 < len(words.norms):
        follows = words.norms[end + 1]
        last = words.tokens[end - 1].text[:1].islower()
        titled = _capital(words, end + 1) and (last or not any(_capital(words, i) for i in range(start, end)))
        if titled or follows in DETERMINERS or is_role(follows) or words.norms[end + 2 : end + 3] == ["'s"]:
            far = end + 1
            while far < len(words.norms) and words.norms[far] not in MARKS and words.norms[far] != "who":
                far += 1
            clause = FINITE.intersection(words.norms[end + 1 : far])
            open_end = leading and words.norms[far : far + 1] != [","]
            return end if far - end > 14 or clause or open_end else far
    return end


def _capital(words: Words, at: int) -> bool:
    return at < len(words.tokens) and words.tokens[at].text[:1].isupper()


def _is_time(words: Words, at: int) -> bool:
    return at < len(words.norms) and (words.norms[at] in TRAILS or words.tokens[at].text[:1].isdigit())


def clause_start(words: Words, at: int) -> int:
    """The first token after the semicolon before a token."""
    place, least = at, max(0, at - _FARTHEST)
    while place > least and not (words.norms[place - 1] == ";" and not words.quoted[place - 1]):
        place -= 1
    return place


def clause_end(words: Words, at: int) -> int:
    """The semicolon after a token, or the end."""
    place, most = at, min(len(words.norms), at + _FARTHEST)
    while place < most and not (words.norms[place] == ";" and not words.quoted[place]):
        place += 1
    return place


def cover(words: Words, start: int, end: int) -> Span:
    """The span of some tokens without the marks at its edges that belong to neither side."""
    while start < end and words.norms[start] in {",", ":", "that", "–"}:
        start += 1
    while end > start and words.norms[end - 1] in {",", ".", "–"}:
        end -= 1
    if start >= end:
        place = words.tokens[start].span.start if start < len(words.tokens) else len(words.text)
        return Span(place, place)
    return words.tokens[start].span.join(words.tokens[end - 1].span)


def head_noun(norms: list[str]) -> str:
    """The last noun of the first noun phrase: "a senior official at the ministry" gives "official"."""
    end = next((i for i, norm in enumerate(norms) if i and norm in NOT_HEADS), len(norms))
    return norms[end - 1]

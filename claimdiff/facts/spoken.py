"""Reports without a verb of speech, and the speaker of any report as a span with what is known of him."""

from __future__ import annotations

from claimdiff import lexicon
from claimdiff.facts.speech import (
    BE,
    ENOUGH,
    MARKS,
    QUOTES,
    Words,
    clause_end,
    clause_start,
    cover,
    head_noun,
    speaker_end,
)
from claimdiff.facts.subject import subject
from claimdiff.model import Attribution, Span, Stance

VIEWS = frozenset(
    {"account", "estimate", "estimation", "eyes", "judgement", "judgment", "opinion", "reckoning",
     "telling", "view"}
)  # fmt: skip
_CLAIMS = frozenset(
    {"accusation", "account", "allegation", "assertion", "charge", "claim", "statement", "version"}
)
_PUT = 16  # words within which "put the cost at 3 million" names its figure


def by_view(words: Words, at: int) -> Attribution | None:
    """ "by X's account", "in the view of X"."""
    end = next(place for place in range(at + 1, at + 9) if words.norms[place] in VIEWS)
    if words.norms[end + 1 : end + 2] == ["of"]:
        start, stop = end + 2, speaker_end(words, end + 2)
        last = stop
    else:
        start, stop, last = at + 1, end, end + 1
        owned = words.norms[stop - 1] in {"'s", "'", "his", "her", "their", "its", "own"}
        if not owned or any(norm in MARKS - {"'"} for norm in words.norms[start:stop]):
            return None
    leads = at - clause_start(words, at) < ENOUGH
    content = (
        cover(words, last, clause_end(words, last)) if leads else cover(words, clause_start(words, at), at)
    )
    made = Attribution(
        words.tokens[at].span.join(words.tokens[last - 1].span), "accord", Stance.NEUTRAL, 0, content
    )
    while stop > start and words.norms[stop - 1] in {"'s", "'", "own"}:
        stop -= 1
    return with_speaker(words, made, start, stop)


def colon(words: Words, at: int) -> Attribution | None:
    """'X: "..."', the form of headlines and transcripts."""
    if words.norms[at] != ":" or not 1 <= at <= 8:
        return None
    follows = at + 1 < len(words.tokens) and words.norms[at + 1] in QUOTES
    known = any(name.span.overlaps(words.tokens[0].span) for name in words.names)
    if not (follows or known) or any(words.quoted[:at]):
        return None
    content = cover(words, at + 1, len(words.tokens))
    made = Attribution(words.tokens[0].span.join(words.tokens[at].span), "say", Stance.NEUTRAL, 0, content)
    return with_speaker(words, made, 0, at)


def put_at(words: Words, at: int) -> Attribution | None:
    """ "X put the cost at 3 million": an estimate."""
    norms = words.norms
    end = min(len(norms), at + _PUT)
    figure = next((i for i in range(at + 2, end) if norms[i] == "at"), None)
    if figure is None or any(norm in MARKS - {","} for norm in norms[at + 1 : figure]):
        return None
    if not any(
        norm[:1].isdigit() or norm in {"about", "around", "some", "nearly"}
        for norm in norms[figure + 1 : figure + 4]
    ):
        return None
    start, stop = subject(words, at)
    if start == stop or norms[stop - 1] in BE:
        return None
    content = cover(words, at + 1, clause_end(words, at))
    made = Attribution(words.tokens[at].span, "estimate", Stance.BELIEVE, 1, content)
    return with_speaker(words, made, start, stop)


def view_is(words: Words, at: int) -> Attribution | None:
    """ "The ministry's view is that ..."."""
    norms = words.norms
    owner = next((i for i in range(at - 1, max(-1, at - 5), -1) if norms[i] == "'s"), None)
    if owner is None or norms[at + 2 : at + 3] != ["that"]:
        return None
    start, stop = subject(words, owner)
    content = cover(words, at + 2, clause_end(words, at))
    made = Attribution(words.tokens[at].span, "believe", Stance.BELIEVE, 1, content)
    return with_speaker(words, made, start, stop) if start < stop else None


def pointed_back(words: Words, start: int) -> tuple[Span, int]:
    """What "..., which X denies" and "..., a claim X denies" point back to, the clause before, and where X
    begins."""
    norms, place, speaker = words.norms, start, start
    if norms[start + 1 : start + 2] and norms[start] in {"a", "an", "the"} and norms[start + 1] in _CLAIMS:
        speaker = start + 2 + (norms[start + 2 : start + 3] in (["that"], ["which"]))
        place = start
    elif norms[place - 1 : place] == ["which"]:
        place -= 1
    else:
        return cover(words, start, start), start
    if norms[place - 1 : place] != [","]:
        return cover(words, start, start), start
    return cover(words, clause_start(words, place - 1), place - 1), speaker


def with_speaker(words: Words, made: Attribution, start: int, end: int) -> Attribution | None:
    while start < end and words.norms[start] in MARKS:
        start += 1
    while end > start and words.norms[end - 1] in MARKS:
        end -= 1
    if start >= end or words.norms[start] == "there":
        return None
    span = words.tokens[start].span.join(words.tokens[end - 1].span)
    inside = [name for name in words.names if span.covers(name.span)]
    norms = words.norms[start:end]
    head = head_noun(norms)
    many = lexicon.words("speaker", "many", "plural")
    plain = [name for name in inside if not name.pronoun]
    person = next((n for n in plain if n.kind.value == "person"), None)
    chosen = person or next(iter(plain or inside), None)
    return made._replace(
        speaker=span,
        key=chosen.key if chosen else head,
        plural=head in many or head == "they",
        anonymous=person is None and (not inside or head in lexicon.words("speaker", "many", "anonymous")),
    )

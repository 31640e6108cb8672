"""Cues: the words that negate, hedge, quantify, bind to a cause, heighten or limit, with their scope."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from claimdiff.facts.cuelist import WILD, Entry, Group, starting
from claimdiff.facts.token import stem
from claimdiff.model import Cue, CueKind, Span, Tag, Token

# A phrase that only looks like a cue is listed under this scale, so that it wins over the shorter cue.
_IDIOM = "idiom"
_WILD_MAX = 3

# Words that end the clause of a cue, alone or after a comma.
_BREAKS = frozenset(
    {
        "although", "because", "but", "despite", "except", "if", "though", "unless", "until", "when",
        "whereas", "whether", "which", "while", "who", "whose",
    }
)  # fmt: skip
_COMMA_BREAKS = _BREAKS | frozenset(
    {"after", "and", "as", "before", "nor", "or", "since", "so", "that", "then", "where", "with", "yet"}
)
_STOPS = frozenset({";", ":", "–", "--", "?", "!"})
_MAY_BREAK = _STOPS | {",", "and"}
_SUBJECTS = frozenset(
    {
        "are", "can", "cannot", "could", "did", "do", "does", "had", "has", "have", "he", "i", "is", "it",
        "may", "might", "must", "she", "should", "there", "they", "was", "we", "were", "will", "would",
        "you",
    }
)  # fmt: skip
_OWNERS = frozenset(
    {
        "a", "an", "any", "first", "her", "his", "its", "last", "my", "our", "that", "the", "their", "this",
        "your",
    }
)  # fmt: skip
_BE = frozenset({"are", "be", "been", "is", "was", "were"})
_SPLIT = {"n't": ("n't", "not"), "wo": ("wo", "will"), "ca": ("ca", "can"), "sha": ("sha", "shall")}


def find_cues(text: str, tokens: tuple[Token, ...]) -> tuple[Cue, ...]:
    """The cues of a statement in order of their start, each with the stretch of `text` that it governs.

    Of two overlapping cues of one kind the longer stands. Cues of different kinds may overlap.
    """
    bare = all(token.lemma == token.norm for token in tokens)
    if bare:
        keys = [_keys(token) for token in tokens]
        hits = [hit for start in range(len(tokens)) for hit in _at_bare(tokens, keys, start)]
    else:
        known = [_known(token.norm, token.lemma) for token in tokens]
        keys = [own for own, _ in known]
        hits = [
            hit
            for start, (_, groups) in enumerate(known)
            if groups
            for hit in _at(tokens, keys, start, groups)
        ]
    if not hits:
        return ()
    hits.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
    taken: set[tuple[CueKind, int]] = set()
    ends = _clause_ends(tokens)
    cues = []
    for start, end, entry in hits:
        places = [(entry.kind, at) for at in range(start, end)]
        if not taken.isdisjoint(places):
            continue
        taken.update(places)
        if entry.scale != _IDIOM and not _other_sense(tokens, start, end, entry):
            span = tokens[start].span.join(tokens[end - 1].span)
            cues.append(
                Cue(
                    entry.kind,
                    span,
                    entry.scale,
                    entry.rung,
                    _scope(tokens, ends, start, end, entry.kind),
                    entry.text,
                )
            )
    return tuple(sorted(cues, key=lambda cue: (cue.span, cue.kind)))


@lru_cache(maxsize=1 << 14)
def _known(norm: str, lemma: str) -> tuple[tuple[str, ...], tuple[Group, ...]]:
    """What a token may stand for in an entry, and the entries that it may begin."""
    keys = _SPLIT.get(norm) or ((norm,) if lemma == norm else (norm, lemma))
    return keys, tuple([group for group in map(starting, keys) if group])


def _keys(token: Token) -> tuple[str, ...]:
    """The same where no word has a lemma of its own: there a stem must do."""
    split = _SPLIT.get(token.norm)
    if split:
        return split
    return (token.norm, "~" + token.stem) if token.stem != token.norm else (token.norm,)


def _at(
    tokens: tuple[Token, ...], keys: list[tuple[str, ...]], start: int, groups: tuple[Group, ...]
) -> Iterator[tuple[int, int, Entry]]:
    """The entries that begin at a token, with the end of their longest match."""
    following = keys[start + 1] if start + 1 < len(keys) else ()
    for group in groups:
        for entry in group.before(following):
            end = _match(tokens, keys, start, entry.words, 0, entry.literal, False)
            if end:
                yield start, end, entry


def _at_bare(
    tokens: tuple[Token, ...], keys: list[tuple[str, ...]], start: int
) -> Iterator[tuple[int, int, Entry]]:
    seen = set()
    for key in (*keys[start], "~" + tokens[start].stem):
        group = starting(key)
        for entry in group.entries if group else ():
            if entry in seen or (key[0] == "~" and entry.literal):
                continue
            seen.add(entry)
            end = _match(tokens, keys, start, entry.words, 0, entry.literal, True)
            if end:
                yield start, end, entry


def _match(
    tokens: tuple[Token, ...],
    keys: list[tuple[str, ...]],
    at: int,
    words: tuple[str, ...],
    first: int,
    literal: bool,
    bare: bool,
) -> int:
    """The index after the last token of a match of `words`, from the `first` on, at a token; or 0."""
    for position in range(first, len(words)):
        word = words[position]
        if word == WILD:
            for gap in range(1, _WILD_MAX + 1):
                end = _match(tokens, keys, at + gap, words, position + 1, literal, bare)
                if end:
                    return end
            return 0
        if at >= len(tokens):
            return 0
        if literal:
            norm = tokens[at].norm
            if norm != word and not (norm in _SPLIT and word in keys[at]):
                return 0
        elif word not in keys[at] and not (bare and len(word) > 3 and stem(word) == tokens[at].stem):
            return 0
        at += 1
    return at


def _other_sense(tokens: tuple[Token, ...], start: int, end: int, entry: Entry) -> bool:
    """Whether the words are no cue here: the month of May, a last will, No. 7, due to rule."""
    token = tokens[start]
    before = tokens[start - 1].norm if start else ""
    after = tokens[end] if end < len(tokens) else None
    follows = after.norm if after else ""
    if entry.words == ("may",):
        return _is_month(token, tokens[start - 1] if start else None, follows)
    if entry.words in (("will",), ("might",), ("can",), ("must",)):
        return before in _OWNERS or token.tag is Tag.NAME
    if entry.words == ("no",):
        return follows == "." and end + 1 < len(tokens) and tokens[end + 1].norm[0].isdigit()
    if entry.words[0] == "due":
        timed = _is_timed(tokens, start)
        return (
            timed
            if entry.kind is CueKind.CAUSALITY
            else not timed and entry.words == ("due",) and follows == "to"
        )
    if entry.words == ("reported",):  # "a reported leak", "was reported to", and not "reported a leak"
        return not (before in _OWNERS or before in _BE or follows == "to")
    if entry.words == ("expect",):
        return before == "to"
    if entry.words == ("tip",):
        return follows == "off"
    if entry.words == ("draft",):
        return follows == "-"
    if entry.words == ("suspect",):
        return token.tag is Tag.NOUN
    if entry.kind is CueKind.CAUSALITY and (entry.scale == "forward" or entry.words[0] in ("lead", "result")):
        return token.tag is Tag.NOUN
    if entry.words == ("as",):
        return follows in ("a", "an", "well", "many", "much", "far", "of", "little", "few", "long", "soon")
    if entry.words == ("so",):
        return follows not in ("that", ",", "the", "it", "they", "he", "she")
    return False


def _is_timed(tokens: tuple[Token, ...], start: int) -> bool:
    """Whether "due" speaks of time ("is due to rule") and not of a cause ("closed due to rain")."""
    if start + 2 >= len(tokens) or tokens[start + 1].norm != "to":
        return True
    target = tokens[start + 2]
    return target.norm in ("be", "have") or (
        target.tag is Tag.VERB
        and start > 0
        and tokens[start - 1].lemma in ("be", "not", "also", "now", "still")
    )


def _is_month(token: Token, before: Token | None, follows: str) -> bool:
    if token.text[0].islower() or (before is None and not follows[:1].isdigit()):
        return False
    title_case = before is not None and before.text[0].isupper() and before.tag is not Tag.PREPOSITION
    return follows[:1].isdigit() or not title_case or token.text.isupper() is (before is None)


def _scope(tokens: tuple[Token, ...], ends: list[int], start: int, end: int, kind: CueKind) -> Span:
    """From the cue to the end of its clause; a hedge governs its own words as well."""
    last = end
    if end < len(tokens) and not _breaks(tokens, end):
        last = ends[end + 1]
    first = tokens[start if kind is not CueKind.NEGATION else min(end, len(tokens) - 1)].span.start
    stop = tokens[max(last, end) - 1].span.end
    return Span(min(first, stop), stop)


def _clause_ends(tokens: tuple[Token, ...]) -> list[int]:
    """For each token, and the end, the index of the first token from it on that ends a clause."""
    here = len(tokens)
    ends = [here] * (here + 1)
    for index in range(here - 1, -1, -1):
        norm = tokens[index].norm
        if norm in _BREAKS or (norm in _MAY_BREAK and _breaks(tokens, index)):
            here = index
        ends[index] = here
    return ends


def _breaks(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a clause ends before a token, even right after a cue."""
    norm = tokens[index].norm
    following = tokens[index + 1].norm if index + 1 < len(tokens) else ""
    return (
        norm in _STOPS
        or (norm == "," and following in _COMMA_BREAKS)
        or (norm == "and" and following in _SUBJECTS)
    )

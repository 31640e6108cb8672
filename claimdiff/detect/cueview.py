"""A pair as the cue detectors see it: clauses, the cues in them, and what each cue's words stand for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import compress

from claimdiff.detect.once import once
from claimdiff.detect.seen import edges
from claimdiff.lexicon import load
from claimdiff.model import Cue, CueKind, Facts, Match, Pair, Span, Tag, Token

MAX_CUES = 200  # a statement with more is no sentence; the detectors compare cues with each other

_MARKS = frozenset({";", ":", "–", "--", "?", "!", ".", '"'})
_OPENERS = frozenset(
    {
        "after", "although", "amid", "as", "because", "before", "but", "despite", "except", "following",
        "if", "since", "though", "unless", "until", "when", "whereas", "whether", "which", "while",
        "who", "whose",
    }
)  # fmt: skip
_AFTER_COMMA = _OPENERS | {"and", "or", "nor", "so", "yet", "then", "with", "where", "that"}
_CUTTING = _MARKS | _AFTER_COMMA
_HEAD_STOPS = frozenset({",", '"', "'"})
_JOINED = frozenset({"as", "such", "long", "soon", "well"})  # with these before it an opener opens nothing
_SUBJECTS = frozenset(
    {
        "are", "can", "could", "did", "do", "does", "had", "has", "have", "he", "i", "is", "it", "may",
        "might", "must", "she", "there", "they", "was", "we", "were", "will", "would",
    }
)  # fmt: skip
_NOBODY = frozenset({"neither", "no", "nobody", "none", "nothing"})
_CLAUSE_SUBJECTS = _SUBJECTS | _NOBODY
_AUXILIARIES = frozenset(
    {
        "am", "are", "be", "been", "being", "can", "could", "did", "do", "does", "had", "has", "have",
        "having", "is", "may", "might", "must", "shall", "should", "was", "were", "will", "would",
    }
)  # fmt: skip
_SMALL = _AUXILIARIES | frozenset(
    {
        "a", "about", "above", "according", "added", "adding", "after", "again", "against", "all",
        "also", "an", "and", "any", "anyone", "anything", "as", "at", "because", "before", "both",
        "but", "by", "each", "either", "even", "ever", "for", "from", "he", "her", "here", "him", "his",
        "how", "i", "if", "immediately", "in", "into", "it", "its", "just", "more", "most", "mr", "mrs",
        "ms", "my", "neither", "never", "no", "none", "nor", "not", "of", "on", "only", "or", "other",
        "our", "out", "over", "own", "said", "say", "saying", "says", "she", "since", "so", "some",
        "still", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they",
        "this", "those", "through", "to", "told", "too", "under", "until", "up", "very", "we", "what",
        "when", "where", "which", "while", "who", "whom", "why", "with", "without", "yet", "you",
        "your",
    }
)  # fmt: skip
_TAGS = frozenset({Tag.AUXILIARY, Tag.MODAL, Tag.PUNCTUATION, Tag.DETERMINER, Tag.PRONOUN})
_VAGUE = frozenset(
    {"make", "take", "give", "get", "go", "come", "put", "set", "have", "be", "do", "keep", "new"}
)


_NOT_PREFIXES = ("un", "non", "non-")
_STUB = 3  # letters of a word that is too short for one of these prefixes to tell anything
_NONE: frozenset[str] = frozenset()

Entry = tuple[Cue, int, int]  # a cue with its tokens: from the second on, up to the third


@dataclass(frozen=True, slots=True)
class Side:
    """One statement of a pair: the clause of each token, and its cues by kind with their token ranges."""

    facts: Facts
    clause: tuple[int, ...]
    content: tuple[bool, ...]
    members: Mapping[int, Sequence[int]]  # the content tokens of each clause
    cues: tuple[Entry, ...]
    kinds: Mapping[CueKind, Sequence[Entry]]  # the same cues by their kind

    def of(self, kind: CueKind) -> Sequence[Entry]:
        return self.kinds.get(kind, ())

    def inside(self, clause: int) -> Sequence[int]:
        """The content tokens of a clause."""
        return self.members.get(clause, ())

    def heads(self, cue: Cue, end: int, limit: int = 3) -> list[int]:
        """The first content tokens that a cue governs: what it denies or hedges."""
        found: list[int] = []
        tokens, stop = self.facts.tokens, cue.scope.end
        for index in range(end, len(tokens)):
            token = tokens[index]
            if token.span.end > stop or (token.norm in _HEAD_STOPS and index > end):
                break
            if self.content[index]:
                found.append(index)
                if len(found) == limit:
                    break
        return found

    def span(self, first: int, last: int) -> Span:
        """The span of the tokens from `first` to `last`, both included."""
        return self.facts.tokens[first].span.join(self.facts.tokens[last].span)


@dataclass(frozen=True, slots=True)
class View:
    """Both sides of a pair with the matched content words in both directions."""

    pair: Pair
    new: Side
    old: tuple[Side, ...]
    forth: dict[int, list[Match]]
    back: dict[tuple[int, int], list[Match]]

    def support(self, clause: int) -> dict[tuple[int, int], int]:
        """How many content words of a derivative clause each source clause carries."""
        counts: dict[tuple[int, int], int] = {}
        for index in self.new.inside(clause):
            for _, statement, source, _, _ in self.forth.get(index, ()):
                place = (statement, self.old[statement].clause[source])
                counts[place] = counts.get(place, 0) + 1
        return counts


@once
def view(pair: Pair) -> View:
    """The pair, split into clauses and indexed by its matched content words."""
    new = side(pair.derivative)
    old = tuple(side(facts) for facts in pair.sources)
    forth: dict[int, list[Match]] = {}
    back: dict[tuple[int, int], list[Match]] = {}
    for match in pair.matches:
        if new.content[match.derivative] and old[match.statement].content[match.source]:
            forth.setdefault(match.derivative, []).append(match)
            back.setdefault((match.statement, match.source), []).append(match)
    return View(pair, new, old, forth, back)


@once
def side(facts: Facts) -> Side:
    tokens = facts.tokens
    begins = edges(facts).starts
    cues = []
    for cue in facts.cues[:MAX_CUES]:
        start, stop = cue.span
        first = bisect_left(begins, start)
        cues.append((cue, first, max(first + 1, bisect_left(begins, stop, first))))
    clause, content = _clauses(tokens), _content(tokens)
    members: dict[int, list[int]] = {}
    for index in compress(range(len(content)), content):
        members.setdefault(clause[index], []).append(index)
    return Side(facts, clause, content, members, tuple(cues), by_kind(cues))


def by_kind(cues: Iterable[Entry]) -> Mapping[CueKind, Sequence[Entry]]:
    """Cues by their kind, in their order."""
    kinds: dict[CueKind, list[Entry]] = {}
    for entry in cues:
        kinds.setdefault(entry[0].kind, []).append(entry)
    return kinds


def slot(pairs: View, index: int, statement: int, place: int) -> int:
    """How many of the nearest content words of a derivative token match those of a source token."""
    near = set(_around(pairs.old[statement], place, 3))
    return sum(
        any(m.statement == statement and m.source in near for m in pairs.forth.get(i, ()))
        for i in _around(pairs.new, index, 2)
    )


def _around(side: Side, index: int, reach: int) -> list[int]:
    """The nearest content tokens before and after a token, as many as `reach` on each side."""
    before = [i for i in range(max(0, index - 12), index) if side.content[i]][-reach:]
    after = [i for i in range(index + 1, min(len(side.content), index + 12)) if side.content[i]][:reach]
    return before + after


def _clauses(tokens: tuple[Token, ...]) -> tuple[int, ...]:
    cuts = []  # where a clause begins
    for index in [index for index, token in enumerate(tokens) if token.norm in _CUTTING]:
        if tokens[index].norm in _MARKS:
            cuts.append(index + 1)
        elif index and index not in cuts[-1:] and _opens(tokens, index):
            cuts.append(index)
    out: list[int] = []
    for number, cut in enumerate((*cuts, len(tokens))):
        out += [number] * (cut - len(out))
    return tuple(out)


def _opens(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether one of the words that may open a clause behind a comma opens one here."""
    norm, before = tokens[index].norm, tokens[index - 1].norm
    if before == "," or (norm in _OPENERS and before not in _JOINED):
        return True
    if norm not in ("and", "but") or index + 1 == len(tokens):
        return False
    return tokens[index + 1].norm in _CLAUSE_SUBJECTS


def _content(tokens: tuple[Token, ...]) -> tuple[bool, ...]:
    """Whether each token is a word that tells something."""
    return tuple(
        [
            token.content and token.tag not in _TAGS and token.norm not in _SMALL and token.norm[0].isalnum()
            for token in tokens
        ]
    )


def is_auxiliary(token: Token) -> bool:
    return token.norm in _AUXILIARIES


def vague(token: Token) -> bool:
    """Whether a word says too little for its negation to tell anything."""
    return token.lemma in _VAGUE


@cache
def opposites() -> dict[str, frozenset[str]]:
    """The opposites of a lemma, from the lexicon."""
    table: dict[str, set[str]] = {}
    for one, other in load("antonym")["pairs"]:
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


def opposite(one: Token, other: Token) -> bool:
    """Whether two words are opposites."""
    turned, formed = contraries(one.lemma, one.norm)
    return other.lemma in turned or other.norm in turned or other.norm in formed


@lru_cache(maxsize=4096)
def contraries(lemma: str, norm: str) -> tuple[frozenset[str], frozenset[str]]:
    """The opposites of a word: those of the lexicon, as lemmas or as they stand in a text, and those that
    a prefix makes of it or it of them ("paid", "unpaid"), only as they stand there."""
    formed = {f"{prefix}{norm}" for prefix in _NOT_PREFIXES if len(norm) > _STUB}
    for prefix in _NOT_PREFIXES:
        if norm.startswith(prefix) and len(norm) > len(prefix) + _STUB:
            formed.add(norm.removeprefix(prefix))
    table = opposites()
    return table.get(lemma, _NONE) | table.get(norm, _NONE), frozenset(formed)

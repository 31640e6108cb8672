"""Quotations: words between marks must be the source's words, of the same speaker, of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from claimdiff.detect.passage import Index, Passage, find_exact, find_near, index_of, respelt
from claimdiff.detect.quote_rules import RULES
from claimdiff.detect.quoted import other_speaker, reaimed, signal
from claimdiff.detect.speaker import LIGHT
from claimdiff.model import (
    Facts,
    Pair,
    Quotation,
    Role,
    Signal,
    Span,
    Tag,
    Token,
)

__all__ = ["RULES", "detect"]

_GAP = re.compile(r"\[[^\]]{0,80}\]|…|\.(?: ?\.){1,3}")
# Words whose loss turns or broadens what was said.
_PIVOTS = frozenset(
    {"not", "n't", "no", "never", "nobody", "nothing", "none", "neither", "nor", "without", "hardly",
     "barely", "scarcely", "if", "unless", "but", "provided", "until", "except", "however", "although",
     "though", "may", "might", "could", "perhaps", "probably", "possibly", "almost", "nearly", "some",
     "only", "should", "would", "rarely", "seldom", "yet"}
)  # fmt: skip
_NEAR = 0.6  # share of the quoted words that a passage must hold in order to be their original
_MANY = 4  # quoted words that cannot be alike by chance


class _Piece(NamedTuple):
    """A run of quoted words without an ellipsis or an insertion; `tokens` are indexes in the statement."""

    tokens: tuple[int, ...]
    words: tuple[str, ...]


def detect(pair: Pair) -> Iterator[Signal]:
    """Evidence that a quotation of the derivative is not what the source quotes."""
    if not pair.derivative.quotations:
        return
    index = index_of(pair.context.sources or pair.sources)
    sources = pair.context.sources or pair.sources
    reached = -1
    for quotation in pair.derivative.quotations:
        if quotation.span.start < reached:
            continue
        reached = quotation.span.end
        pieces = quoted_pieces(pair.derivative, quotation)
        found = []
        for piece in pieces:
            signals, place = _piece(pair, sources, index, quotation, piece)
            yield from signals
            found.append(place)
        yield from _joined(pair, index, pieces, found)


def quoted_pieces(facts: Facts, quotation: Quotation) -> list[_Piece]:
    text = facts.statement.text
    inner = quotation.inner
    gaps = [Span(*m.span()).shift(inner.start) for m in _GAP.finditer(inner.of(text))]
    runs: list[list[int]] = [[]]
    current = 0
    for place, token in enumerate(facts.tokens):
        if not inner.covers(token.span) or token.tag is Tag.PUNCTUATION or not token.norm[0].isalnum():
            continue
        while current < len(gaps) and gaps[current].end <= token.span.start:
            current += 1
            if runs[-1]:
                runs.append([])
        if current < len(gaps) and gaps[current].overlaps(token.span):
            continue
        runs[-1].append(place)
    return [_Piece(tuple(run), tuple(facts.tokens[i].norm for i in run)) for run in runs if run]


def _piece(
    pair: Pair, sources: tuple[Facts, ...], index: Index, quotation: Quotation, piece: _Piece
) -> tuple[list[Signal], int | None]:
    """What is wrong with one piece, and where in the index it stands."""
    exact = find_exact(index, piece.words)
    quoted = [place for place in exact if index.quotation[place] >= 0]
    if quoted:
        place = quoted[0]
        signals = [
            *_cut(pair, sources, index, piece, quoted),
            *other_speaker(pair, sources, index, quotation, quoted),
        ]
        if len(piece.words) < 8:
            signals += reaimed(pair, sources, index, quotation, piece.tokens[0], quoted)
        return signals, place
    if exact:
        return list(_promoted(pair, index, piece, exact[0])), exact[0]
    return _inexact(pair, sources, index, piece)


def _inexact(
    pair: Pair, sources: tuple[Facts, ...], index: Index, piece: _Piece
) -> tuple[list[Signal], int | None]:
    near = find_near(index, piece.words)
    size = len(piece.words)
    share = len(near.pairs) / size if near else 0.0
    heavy = near is not None and any(piece.words[i] not in LIGHT for i, _ in near.pairs)
    if near is not None and heavy and share >= _NEAR and (size > 2 or share == 1):
        spliced = _spliced(pair, index, piece)
        return [spliced or _altered(pair, sources, index, piece, near)], near.start
    if near is not None and size >= 6 and (spliced := _spliced(pair, index, piece)):
        return [spliced], near.start
    return [_invented(pair, index, piece)], None


def _span(tokens: tuple[Token, ...], places: list[int]) -> Span:
    return tokens[places[0]].span.join(tokens[places[-1]].span)


def _source(
    pair: Pair, sources: tuple[Facts, ...], index: Index, start: int, end: int
) -> tuple[int, Span] | None:
    """A stretch of the index as a place in the pair's own source statements, when it lies in one."""
    number, first = index.places[start]
    last = max(index.places[i][1] for i in range(start, max(start + 1, end)) if index.places[i][0] == number)
    facts = sources[number]
    for local, one in enumerate(pair.sources):
        if one is facts or one.statement == facts.statement:
            return local, facts.tokens[first].span.join(facts.tokens[last].span)
    return None


def _altered(pair: Pair, sources: tuple[Facts, ...], index: Index, piece: _Piece, near: Passage) -> Signal:
    tokens = pair.derivative.tokens
    matched = {i for i, _ in near.pairs}
    kept = {j for _, j in near.pairs}
    low = near.start - near.pairs[0][0]
    first, last = near.pairs[0], near.pairs[-1]
    start = max(0, low) if first[0] else near.start
    end = min(len(index.words), near.end + (len(piece.words) - 1 - last[0]))
    lost = [j for j in range(start, end) if j not in kept]
    new = [place for i, place in enumerate(piece.tokens) if i not in matched]
    quoted = any(index.quotation[j] >= 0 for j in kept)
    old_text = " ".join(index.words[j] for j in lost)
    source = (
        _source(pair, sources, index, lost[0], lost[-1] + 1)
        if lost
        else _source(pair, sources, index, start, end)
    )
    if not new:
        where = _gap_span(pair, piece, near)
        pivot = any(index.words[j] in _PIVOTS for j in lost)
        message = f"The quotation leaves out “{old_text}” without a mark."
        light = len(lost) <= 2 and all(index.words[j] in LIGHT for j in lost)
        return signal(
            "quote-cut", 0.85 if pivot else 0.45 if light else 0.55, message, where, source, old_text, ""
        )
    new_text = " ".join(tokens[i].text for i in new)
    if not quoted:
        message = f"The source does not quote this: “{new_text}” stands between marks only here."
        return signal("quote-promoted", 0.7, message, _span(tokens, new), source, old_text, new_text)
    if len(new) == len(lost) and all(
        respelt(tokens[i].norm, index.words[j]) for i, j in zip(new, lost, strict=True)
    ):
        message = f"The quotation spells “{old_text}” as “{new_text}”."
        return signal("quote-altered", 0.3, message, _span(tokens, new), source, old_text, new_text)
    message = f"The source quotes “{old_text}”, here it is “{new_text}”." if lost else (
        f"The quotation adds “{new_text}”, which the source does not quote."
    )  # fmt: skip
    return signal("quote-altered", 0.9, message, _span(tokens, new), source, old_text, new_text)


def _gap_span(pair: Pair, piece: _Piece, near: Passage) -> Span:
    """The two words between which some were left out."""
    tokens = pair.derivative.tokens
    for (i, j), (k, m) in zip(near.pairs, near.pairs[1:], strict=False):
        if m - j > k - i:
            return tokens[piece.tokens[i]].span.join(tokens[piece.tokens[k]].span)
    return _span(tokens, list(piece.tokens))


def _spliced(pair: Pair, index: Index, piece: _Piece) -> Signal | None:
    """The words are two exact runs that stand in different places of the source."""
    size = len(piece.words)
    for cut in range(3, size - 2):
        head, tail = find_exact(index, piece.words[:cut]), find_exact(index, piece.words[cut:])
        if not head or not tail:
            if not head:
                return None
            continue
        if any(0 <= second - first - cut <= 6 for first in head for second in tail):
            return None  # words left out between them: a cut
        tokens = pair.derivative.tokens
        message = "The quotation joins words from two places without a mark."
        return signal("quote-spliced", 0.75, message, _span(tokens, list(piece.tokens)), None)
    return None


def _joined(pair: Pair, index: Index, pieces: list[_Piece], found: list[int | None]) -> Iterator[Signal]:
    """Pieces around an ellipsis must keep their order, come from one quotation and lose no turn of sense."""
    for number in range(1, len(pieces)):
        first, second = found[number - 1], found[number]
        if first is None or second is None:
            continue
        end = first + len(pieces[number - 1].words)
        tokens = pair.derivative.tokens
        where = tokens[pieces[number - 1].tokens[-1]].span.join(tokens[pieces[number].tokens[0]].span)
        if second < end or index.quotation[first] != index.quotation[second]:
            yield signal(
                "quote-spliced", 0.6, "The two parts of the quotation stand apart in the source.", where, None
            )
        elif (lost := [w for w in index.words[end:second] if w in _PIVOTS]) and second - end <= 8:
            message = f"The words left out hold “{lost[0]}”, which turns the sense."
            yield signal("quote-cut", 0.6, message, where, None, lost[0], "")


def _cut(
    pair: Pair, sources: tuple[Facts, ...], index: Index, piece: _Piece, quoted: list[int]
) -> Iterator[Signal]:
    """The same words, but the source's speaker begins or ends with what turns them."""
    if len(piece.words) < 2:
        return
    turns = [_neighbour(index, place, piece) for place in quoted]
    if turns[0] is None or None in turns:
        return
    tokens = pair.derivative.tokens
    outside = {token.norm for token in tokens}
    word, at = turns[0]
    if word in outside or (
        word in {"not", "n't", "no", "never"} and outside & {"not", "n't", "no", "never", "nor"}
    ):
        return
    edge = piece.tokens[0] if at < quoted[0] else piece.tokens[-1]
    strength = 0.75 if word in {"not", "n't", "no", "never", "if", "unless"} else 0.35
    source = _source(pair, sources, index, at, at + 1)
    message = f"The source's quotation goes on with “{word}”, which turns the sense of these words."
    yield signal("quote-cut", strength, message, tokens[edge].span, source, word, "")


def _neighbour(index: Index, place: int, piece: _Piece) -> tuple[str, int] | None:
    """The word beside the fragment, in the same quotation, that turns its sense; with its place."""
    number = index.quotation[place]
    for at in (place - 1, place - 2):
        if (
            at >= 0
            and index.quotation[at] == number
            and index.words[at] in {"not", "n't", "no", "never", "hardly"}
        ):
            return index.words[at], at
    end = place + len(piece.words)
    for at in (end, end + 1):
        if (
            at < len(index.words)
            and index.quotation[at] == number
            and index.words[at] in {"if", "unless", "but", "not"}
        ):
            return index.words[at], at
    return None


def _promoted(pair: Pair, index: Index, piece: _Piece, place: int) -> Iterator[Signal]:
    tokens = pair.derivative.tokens
    size = len(piece.words)
    title = all(tokens[i].text[:1].isupper() for i in piece.tokens if tokens[i].norm not in LIGHT)
    text = " ".join(tokens[i].text for i in piece.tokens)
    where = _span(tokens, list(piece.tokens))
    if size <= 2 and pair.derivative.statement.role is Role.HEADLINE:
        yield signal(
            "quote-scare", 0.3, f"The source does not put “{text}” between marks.", where, None, text, text
        )
        return
    strength = 0.2 if title or size <= 2 else 0.5 if size == 3 else 0.65
    message = f"The source says “{text}” in its own words, not as a quotation."
    yield signal("quote-promoted", strength, message, where, None, text, text)


def _invented(pair: Pair, index: Index, piece: _Piece) -> Signal:
    tokens = pair.derivative.tokens
    size = len(piece.words)
    text = " ".join(tokens[i].text for i in piece.tokens)
    title = all(tokens[i].text[:1].isupper() for i in piece.tokens if tokens[i].norm not in LIGHT)
    held = [w for w in piece.words if w in index.at]
    strength = 0.3 if title else 0.85 if size >= _MANY else 0.75 if size >= 2 else 0.5
    if size <= 2 and len(held) == size:
        strength = 0.4
    where = _span(tokens, list(piece.tokens))
    if size == 1 and not title:
        return signal("quote-scare", 0.5, f"The source does not quote “{text}”.", where, None, "", text)
    return signal("quote-invented", strength, f"No source has these words: “{text}”.", where, None, "", text)

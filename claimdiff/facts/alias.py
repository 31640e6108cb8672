"""A house's own names for one thing: wherever one of a group stands, it gets the key of the group."""

from __future__ import annotations

from collections.abc import Sequence

from claimdiff.lexicon.spelling import plain
from claimdiff.model import Name, NameKind, Token

Group = tuple[str, frozenset[str]]  # its key, and the keys of the others


def renamed(
    names: Sequence[Sequence[Name]], tokens: Sequence[Sequence[Token]], aliases: Sequence[Sequence[str]]
) -> tuple[tuple[Name, ...], ...]:
    """The names of each statement with the groups' keys. A phrase of a group is a name even where it looks
    like none ("the central bank"); of two that overlap the longer one counts."""
    groups = _groups(aliases)
    return tuple(_own(tuple(own), tuple(words), groups) for own, words in zip(names, tokens, strict=True))


def _groups(aliases: Sequence[Sequence[str]]) -> dict[tuple[str, ...], Group]:
    """By the words of each phrase."""
    groups: dict[tuple[str, ...], Group] = {}
    for group in aliases:
        keys = [" ".join(_words(phrase)) for phrase in group]
        for phrase in group:
            if words := _words(phrase):
                groups[words] = (keys[0], frozenset(keys[1:]))
    return groups


def _words(phrase: str) -> tuple[str, ...]:
    from claimdiff.facts.token import tokenize

    return tuple(plain(token.norm) for token in tokenize(phrase))


def _own(
    names: tuple[Name, ...], tokens: tuple[Token, ...], groups: dict[tuple[str, ...], Group]
) -> tuple[Name, ...]:
    said = [plain(token.norm) for token in tokens]
    lengths = sorted({len(words) for words in groups}, reverse=True)
    out = list(names)
    at = 0
    while at < len(said):
        length = next((n for n in lengths if tuple(said[at : at + n]) in groups), 0)
        if length:
            out = _placed(out, tokens[at : at + length], *groups[tuple(said[at : at + length])])
        at += length or 1
    return tuple(sorted(out, key=lambda name: name.span))


def _placed(names: list[Name], tokens: tuple[Token, ...], key: str, others: frozenset[str]) -> list[Name]:
    """With this phrase as a name of the group, unless it is a part of a longer name."""
    span = tokens[0].span.join(tokens[-1].span)
    over = [name for name in names if name.span.overlaps(span)]
    if any(name.span.covers(span) and name.span != span for name in over):
        return names
    kind = next((name.kind for name in over), NameKind.UNKNOWN)
    own = (
        over[0]._replace(span=span, key=key, aliases=others, pronoun=False)
        if over
        else Name(span, key, kind, others)
    )
    return [name for name in names if name not in over] + [own]

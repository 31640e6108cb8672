"""An adjective of degree put before a noun that the source leaves bare: "losses", "devastating losses"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from claimdiff.detect.once import once
from claimdiff.detect.seen import norms
from claimdiff.lexicon import load, words
from claimdiff.lexicon.relations import related
from claimdiff.model import Facts, Kind, Pair, Rule, Severity, Signal, Tag, Token, Type

RULE = Rule(
    "intensity-degree", Kind.DISTORTION, Type.INTENSITY, Severity.MAJOR,
    "A strong adjective stands before a noun for which no part of the source has a strong word.",
    "How bad or how big a thing was is a claim of its own.",
    ("Inspectors saw losses at nine orchards.", "Inspectors saw severe losses at nine orchards."),
    ("Inspectors saw grave losses at nine orchards.",
     "Inspectors saw severe losses at nine orchards."),
)  # fmt: skip

_STRONG = 3.0
_BARE, _MILD = 0.65, 0.6  # belief where the noun stands bare in the source, and where it does not stand
_COUNTS = frozenset({"amount", "array", "bulk", "majority", "minority", "number", "range", "sum"})
_NOMINAL = frozenset({Tag.NOUN, Tag.NAME})
_OWN = frozenset({"exact", "lemma", "stem", "same", "synonym", "derived", "hypernym", "hyponym"})
_NO_DEGREE = frozenset({"armed_group", "regime", "age", "speed", "arrest", "weapon", "cold", "heat"})


@cache
def _scales() -> Mapping[str, Mapping[str, float]]:
    """{word: {scale: rung}} of the single words of the scales of intensity."""
    out: dict[str, dict[str, float]] = {}
    for scale, rungs in load("intensity")["intensity"].items():
        for rung, entries in rungs.items():
            for entry in entries:
                word = entry.removeprefix("=")
                if " " not in word and scale not in _NO_DEGREE:
                    place = out.setdefault(word, {})
                    place[scale] = max(place.get(scale, 0.0), float(rung))
    return out


def heightened(pair: Pair) -> Iterator[Signal]:
    """The strong adjectives before nouns of the derivative that nothing in the source answers to."""
    adjectives = words("heightening", "adjective")
    if adjectives.isdisjoint(norms(pair.derivative)):
        return
    tokens = pair.derivative.tokens
    home = {m.derivative: (m.statement, m.source) for m in pair.matches if m.relation in _OWN}
    for index, token in enumerate(tokens[:-1]):
        if token.norm not in adjectives or token.tag is not Tag.ADJECTIVE or token.text[0].isupper():
            continue
        if index in home or tokens[index + 1].tag not in _NOMINAL:
            continue
        if _quoted(pair.derivative, token) or tokens[index + 1].lemma in _COUNTS:
            continue
        if index and tokens[index - 1].norm in {"no", "not", "less", "without", "-"}:
            continue
        known = _strong(pair.context.sources)
        if any(scale in known for scale in _places(token)) or _said(pair, token):
            continue
        bare = index + 1 in home and _bare(pair, *home[index + 1])
        now = token.text + " " + tokens[index + 1].text
        yield Signal(
            RULE.id, (Type.INTENSITY,), Severity.MAJOR, _BARE if bare else _MILD,
            f"“{now}”: no part of the source has a word as strong.", token.span.join(tokens[index + 1].span),
            None, "", now,
        )  # fmt: skip


def _places(token: Token) -> Mapping[str, float]:
    return _scales().get(token.norm) or _scales().get(token.lemma) or {}


def _bare(pair: Pair, statement: int, index: int) -> bool:
    """Whether a noun of the source has no adjective before it."""
    tokens = pair.sources[statement].tokens
    return not index or tokens[index - 1].tag is not Tag.ADJECTIVE


def _quoted(facts: Facts, token: Token) -> bool:
    return any(quotation.span.covers(token.span) for quotation in facts.quotations)


def _said(pair: Pair, token: Token) -> bool:
    """Whether the source has the word itself or a near one."""
    if token.lemma in pair.context.known or token.stem in pair.context.known:
        return True
    adjectives = words("heightening", "adjective")
    if any(not adjectives.isdisjoint(norms(facts)) for facts in pair.sources):
        return True
    return any(
        (relation := related(token.lemma, other.lemma)) is not None and relation.kind != "antonym"
        for facts in pair.sources
        for other in facts.tokens
        if other.content and other.tag in {Tag.ADJECTIVE, Tag.ADVERB, Tag.NOUN}
    )


@once
def _strong(lines: tuple[Facts, ...]) -> frozenset[str]:
    """The scales on which some statements have a strong word."""
    return frozenset(
        scale
        for facts in lines
        for token in facts.tokens
        for scale, rung in _places(token).items()
        if rung >= _STRONG
    )

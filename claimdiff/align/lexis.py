"""Word knowledge for alignment: which words of two articles may say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from claimdiff.align import statement, word
from claimdiff.align.statement import Alignment
from claimdiff.lexicon import relations
from claimdiff.model import Facts, Match

SYNONYM = 0.7  # what a shared sense counts for in choosing a statement: senses are many
MIN_SYNONYM = 0.5  # senses rarer than this bring statements together that only share a topic
MIN_RELATION = 0.35  # weaker relations between two words are chance


def align(sources: Sequence[Facts], derivative: Sequence[Facts]) -> tuple[Alignment, ...]:
    """The alignment of every derivative statement, in order."""
    return statement.align(sources, derivative, related_terms(sources, derivative))


def match_words(derivative: Facts, sources: Sequence[Facts]) -> tuple[Match, ...]:
    """Which words of a derivative statement stand for which words of its source statements."""
    return word.match_words(derivative, sources, relate, relations.phrases())


def relate(new: str, olds: Iterable[str]) -> dict[str, tuple[str, float]]:
    """The relations of a lemma or phrase to others as kind and weight; those to speak of."""
    found = {}
    for old in relations.near(new, olds):
        relation = relations.related(new, old)
        if relation and relation.weight >= MIN_RELATION:
            found[old] = (relation.kind, relation.weight)
    return found


def related_terms(
    sources: Sequence[Facts], derivative: Sequence[Facts]
) -> Mapping[str, Sequence[tuple[str, float]]]:
    """For each stem of the derivative, the other stems of the sources that share a sense with it."""
    stems: dict[str, set[str]] = defaultdict(set)
    for facts in sources:
        for token in facts.tokens:
            if token.content:
                stems[token.lemma].add(token.stem)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    words = {(token.lemma, token.stem) for facts in derivative for token in facts.tokens if token.content}
    for lemma, stem in sorted(words):
        for other in stems.keys() & relations.synonyms(lemma):  # the strongest counts, in whatever order
            for there in stems[other]:
                relation = relations.related(lemma, other)
                if there != stem and relation and relation.weight >= MIN_SYNONYM:
                    found[stem][there] = max(found[stem].get(there, 0.0), SYNONYM * relation.weight)
    return {stem: tuple(sorted(others.items())) for stem, others in found.items()}

"""The words of a statement as sets, made once: a rule asks them first whether it has anything to look for."""

from __future__ import annotations

from claimdiff.detect.once import once
from claimdiff.model import Facts


@once
def norms(facts: Facts) -> frozenset[str]:
    """The words of a statement as they stand there, folded."""
    return frozenset([token.norm for token in facts.tokens])


@once
def lemmas(facts: Facts) -> frozenset[str]:
    """The base forms of a statement's words."""
    return frozenset([token.lemma for token in facts.tokens])


@once
def stems(facts: Facts) -> frozenset[str]:
    """The stems of a statement's words."""
    return frozenset([token.stem for token in facts.tokens])

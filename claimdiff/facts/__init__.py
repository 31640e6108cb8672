"""Facts: what each statement of a document says, as typed spans with normalised values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from claimdiff.facts.alias import renamed
from claimdiff.facts.attribution import carry_speakers, find_attributions
from claimdiff.facts.cue import find_cues
from claimdiff.facts.moment import find_moments
from claimdiff.facts.name import find_names, resolve
from claimdiff.facts.number import find_quantities
from claimdiff.facts.quotation import find_quotations
from claimdiff.facts.token import tokenize
from claimdiff.model import Document, Facts, Name, Statement

__all__ = ["read_facts"]


def read_facts(
    document: Document,
    *,
    lead: Callable[[str], int] | None = None,
    aliases: Sequence[Sequence[str]] = (),
) -> tuple[Facts, ...]:
    """The facts of every statement of a segmented document, in order. Names are unified over the
    document, pronouns and quotations get the person that they belong to.

    `lead` tells how many characters at the start of a statement's text say nothing of their own (a
    section label, a dateline); facts are read from what follows. `aliases` are groups of names that mean the
    same: all of a group get the key of its first.
    """
    first = [_own(statement, lead(statement.text) if lead else 0) for statement in document.statements]
    names = resolve(tuple(f.names for f in first), tuple(f.tokens for f in first))
    if aliases:
        names = renamed(names, tuple(f.tokens for f in first), aliases)
    said = [_said(facts, found) for facts, found in zip(first, names, strict=True)]
    return carry_speakers(tuple(said))


def _said(facts: Facts, names: tuple[Name, ...]) -> Facts:
    """The facts with the names that the document gives them, and who is said to have said what."""
    found = find_attributions(facts.statement.text, facts.tokens, names, facts.quotations)
    return replace(facts, names=names, attributions=found)


def _own(statement: Statement, lead: int) -> Facts:
    """What can be read from a statement alone."""
    text = " " * lead + statement.text[lead:]  # blanks keep the offsets
    tokens = tokenize(text)
    moments = find_moments(text, tokens)
    return Facts(
        statement=statement,
        tokens=tokens,
        quantities=find_quantities(text, tokens, moments),
        moments=moments,
        names=find_names(text, tokens),
        quotations=find_quotations(text, inside=statement.inside),
        cues=find_cues(text, tokens),
    )

"""The reporting verbs of the lexicon with all their forms, ready to be looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from claimdiff import lexicon
from claimdiff.model import Stance

_LONGEST = 5  # words of the longest phrase
_VOWELS = "aeiou"


class Verb(NamedTuple):
    """A reporting verb or phrase. `frame` is "clause", "that", "object" or "phrase" (see the lexicon)."""

    lemma: str
    group: str
    stance: Stance
    strength: int
    factive: bool
    frame: str


def inflect(lemma: str, irregular: Mapping[str, list[str]]) -> Iterator[str]:
    """The finite and participle forms of a verb, the lemma first."""
    yield lemma
    if lemma in irregular:
        yield from irregular[lemma]
        return
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        yield from (lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing")
    elif lemma.endswith("e"):
        yield from (lemma + "s", lemma + "d", lemma[:-1] + "ing")
    else:
        if (
            len(lemma) > 2
            and lemma[-1] not in "wxyh" + _VOWELS
            and lemma[-2] in _VOWELS
            and lemma[-3] not in _VOWELS
        ):
            yield from (lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing")  # admitted, signalled
        sibilant = lemma.endswith(("s", "sh", "ch", "x", "z"))
        yield from (lemma + ("es" if sibilant else "s"), lemma + "ed", lemma + "ing")


@cache
def forms() -> dict[str, Verb]:
    """Single-word forms to their verbs."""
    return {form: verb for form, verb in _all_forms() if " " not in form}


@cache
def phrases() -> dict[str, tuple[tuple[tuple[str, ...], Verb], ...]]:
    """First word to the phrases that begin with it, the longest first."""
    table: dict[str, list[tuple[tuple[str, ...], Verb]]] = {}
    for form, verb in _all_forms():
        words = tuple(form.split())
        if 1 < len(words) <= _LONGEST:
            table.setdefault(words[0], []).append((words, verb))
    return {word: tuple(sorted(found, key=lambda one: -len(one[0]))) for word, found in table.items()}


def _all_forms() -> Iterator[tuple[str, Verb]]:
    data = lexicon.load("reporting")
    irregular = data["irregular"]
    for name, group in data["group"].items():
        for frame in ("object", "that", "clause", "phrases"):
            for entry in group.get(frame, ()):
                verb = Verb(
                    entry,
                    name,
                    Stance(group["stance"]),
                    group["strength"],
                    group["factive"],
                    frame.rstrip("s"),
                )
                head, _, rest = entry.partition(" ")
                for form in inflect(head, irregular):
                    yield (f"{form} {rest}" if rest else form), verb


@cache
def by_lemma() -> dict[str, Verb]:
    """Lemma to verb."""
    return {verb.lemma: verb for _, verb in _all_forms()}


@cache
def adverbs() -> dict[str, str]:
    """Adverbs that report without a speaker, to the lemma of the verb that they stand for."""
    return {word: lemma for lemma, words in lexicon.load("reporting")["adverb"].items() for word in words}


@cache
def with_object() -> frozenset[str]:
    """Lemmas of the verbs that may take the thing itself, beside a clause or not."""
    groups = lexicon.load("reporting")["group"].values()
    return frozenset(lemma for group in groups for lemma in group.get("object", ()))

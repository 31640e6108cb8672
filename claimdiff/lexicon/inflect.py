"""Inflection: from the form that stands in a text to the lemmas it may belong to.

Irregular forms come from irregular.toml and from the word graph, regular ones from the spelling rules;
a rule counts only when the vocabulary knows its result.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff.lexicon import load
from claimdiff.lexicon.graph import graph

VOWELS = "aeiou"


class Form(NamedTuple):
    """A reading of a word form. `shape` is "base", "s" (plural, third person), "past", "participle",
    "ing", "er" or "est"; `part` is "n", "v", "a" or "r"."""

    lemma: str
    part: str
    shape: str


@lru_cache(maxsize=1 << 14)
def counts(word: str) -> Mapping[str, int]:
    """{part of speech: tagged occurrences in a general corpus, at least 1}, the commonest first.

    A sense in which the word is a proper name counts only when it has no other."""
    number = graph().find(word)
    if number < 0:
        return {}
    senses = graph().senses(number)
    found: dict[str, int] = {}
    for sense in [sense for sense in senses if not sense.name] or senses:
        found[sense.part] = found.get(sense.part, 1) + sense.tagged
    if len(found) < 2:
        return found
    return dict(sorted(found.items(), key=lambda item: (-item[1], "nvar".index(item[0]))))


@lru_cache(maxsize=1 << 14)
def name_only(word: str) -> bool:
    """Whether a word of the vocabulary is nothing but a proper name."""
    number = graph().find(word)
    return number >= 0 and all(sense.name for sense in graph().senses(number))


@cache
def irregular() -> Mapping[str, tuple[Form, ...]]:
    """The readings of every form in irregular.toml."""
    table = load("irregular")
    found: dict[str, list[Form]] = {}

    def add(forms: str, lemma: str, part: str, shape: str) -> None:
        for form in forms.split("/"):
            found.setdefault(form, []).append(Form(lemma, part, shape))

    for entry in table["verbs"]:
        lemma, past, participle = entry.split()
        add(past, lemma, "v", "past")
        add(past if participle == "=" else participle, lemma, "v", "participle")
    for entry in table["nouns"]:
        lemma, plural = entry.split()
        add(plural, lemma, "n", "s")
    for entry in table["adjectives"]:
        lemma, comparative, superlative = entry.split()
        part = "r" if lemma == "well" else "a"
        add(comparative, lemma, part, "er")
        add(superlative, lemma, part, "est")
    shapes = {"v": ("v", "s"), "g": ("v", "ing"), "d": ("v", "past"), "n": ("n", "s")}
    for entry in table["extra"]:
        form, shape, lemma = entry.split()
        add(form, lemma, *shapes[shape])
    return {form: tuple(dict.fromkeys(readings)) for form, readings in found.items()}


@cache
def _exceptions() -> list[str]:
    return graph().forms().split("\n")


def exceptions(form: str) -> Iterator[tuple[str, str]]:
    """The (part of speech, lemma) of an irregular form of the word graph, whose lines are sorted."""
    lines = _exceptions()
    at = bisect_left(lines, form + " ")
    while at < len(lines) and lines[at].startswith(form + " "):
        _, part, lemma = lines[at].split()
        yield part, lemma
        at += 1


def shape_of(form: str, part: str) -> str:
    """The inflection that an irregular form's ending shows."""
    if part == "n" or (part == "v" and form.endswith("s")):
        return "s"
    if part == "v":
        return "ing" if form.endswith("ing") else "past"
    return "est" if form.endswith("st") else "er"


def undouble(stem: str) -> Iterator[str]:
    """What a stem may have been before -ed, -ing, -er: "stopp" was "stop", "mov" was "move"."""
    yield stem + "e"
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in VOWELS:
        yield stem if stem[-1] in "lsz" else stem[:-1]
        yield stem[:-1] if stem[-1] in "lsz" else stem
        return
    if stem.endswith("ck"):
        yield stem[:-1]  # panicked
    yield stem


def unmark(form: str, ending: str) -> Iterator[str]:
    """The lemmas that a form may have had before `ending`, the likeliest first."""
    stem = form[: -len(ending)]
    if len(stem) < 2:
        return
    if stem.endswith("i") and ending != "ing":
        yield stem[:-1] + "y"
        if ending != "ed":
            return
    # "hoped" is from "hope" and "walked" from "walk": a stem that reads as a word on its own
    # comes second when it ends in one consonant after one vowel, since that would have doubled.
    found = list(undouble(stem))
    last = stem[-3:]
    if len(last) < 3 or last[2] in VOWELS + "wxy" or last[1] not in VOWELS or last[0] in VOWELS:
        found.sort(key=lambda lemma: lemma == stem + "e")
    yield from found


def plural_stems(form: str) -> Iterator[str]:
    if form.endswith("ies") and len(form) > 4:
        yield form[:-3] + "y"
        yield form[:-1]
    elif form.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
        yield form[:-1]
        yield form[:-2]
        if form.endswith(("zzes", "sses")):
            yield form[:-3]
    elif form.endswith("s") and not form.endswith(("ss", "us", "is")) and len(form) > 2:
        yield form[:-1]


def known_as(lemma: str, part: str) -> bool:
    return part in counts(lemma)


def first_known(stems: Iterator[str], part: str) -> str:
    return next((stem for stem in stems if known_as(stem, part)), "")


def regular(form: str) -> Iterator[Form]:
    """The readings by spelling rules; each lemma is in the vocabulary as that part of speech."""
    rules: list[tuple[str, Iterator[str], tuple[str, ...]]] = []
    if form.endswith("s"):
        rules = [("n", plural_stems(form), ("s",)), ("v", plural_stems(form), ("s",))]
    elif form.endswith("ed"):
        rules = [("v", unmark(form, "ed"), ("past", "participle"))]
    elif form.endswith("ing"):
        rules = [("v", unmark(form, "ing"), ("ing",))]
    elif form.endswith("er"):
        rules = [("a", unmark(form, "er"), ("er",)), ("r", unmark(form, "er"), ("er",))]
    elif form.endswith("est"):
        rules = [("a", unmark(form, "est"), ("est",)), ("r", unmark(form, "est"), ("est",))]
    for part, stems, shapes in rules:
        lemma = first_known(stems, part)
        if lemma:
            yield from (Form(lemma, part, shape) for shape in shapes)


@lru_cache(maxsize=1 << 14)
def readings(form: str) -> tuple[Form, ...]:
    """Every reading of a lower-case form: irregular ones first, then the regular, then the form itself."""
    found = list(irregular().get(form, ()))
    parts = {reading.part for reading in found}
    for part, lemma in exceptions(form):
        if part not in parts and known_as(lemma, part):
            shape = shape_of(form, part)
            found.append(Form(lemma, part, shape))
            if shape == "past":
                found.append(Form(lemma, part, "participle"))
    parts = {reading.part for reading in found}
    found += (reading for reading in regular(form) if reading.part not in parts)
    found += (Form(form, part, "base") for part in counts(form))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1 << 14)
def lemmas(form: str, pos: str = "") -> tuple[str, ...]:
    """The lemmas that a lower-case form may belong to, as part of speech `pos` ("n", "v", "a", "r")
    or as any; the likeliest first. Empty for a form that nobody knows."""
    found: dict[str, float] = {}
    for reading in readings(form):
        if not pos or reading.part == pos:
            weight = float(counts(reading.lemma).get(reading.part, 1))
            if reading.shape == "base" and reading.lemma == form:
                weight = weight / 2 if pos else weight
            found[reading.lemma] = max(found.get(reading.lemma, 0.0), weight)
    return tuple(sorted(found, key=lambda lemma: (-found[lemma], lemma)))


# British endings with their American ones: tried at the end of a word or before another ending.
_SPELLINGS = (
    ("our", "or"), ("is", "iz"), ("ys", "yz"), ("tre", "ter"), ("bre", "ber"), ("ogue", "og"),
    ("ence", "ense"), ("ll", "l"), ("mme", "m"), ("ae", "e"), ("oe", "e"), ("grey", "gray"), ("tyre", "tire"),
)  # fmt: skip
BRITISH = re.compile("|".join(british for british, _ in _SPELLINGS))


@lru_cache(maxsize=1 << 14)
def american(word: str) -> str:
    """The American spelling of a British one, where the word graph gives both the same sense; any other
    word as it is. Spellings that are equal here are one word."""
    if len(word) < 4 or not BRITISH.search(word):
        return word
    others = [other for other in _respelt(word) if graph().find(other) >= 0]
    number = graph().find(word) if others else -1
    if number < 0:
        return word
    mine = {sense.synset for sense in graph().senses(number) if not sense.name}
    for other in others:
        if any(sense.synset in mine for sense in graph().senses(graph().find(other))):
            return other
    return word


def _respelt(word: str) -> Iterator[str]:
    for british, american in _SPELLINGS:
        at = word.rfind(british)
        if at > 0 or (at == 0 and len(british) > 3):
            yield word[:at] + american + word[at + len(british) :]

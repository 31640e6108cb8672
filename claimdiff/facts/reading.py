"""The readings of a word: which classes it may be, at what cost, and its lemma in each.

Classes are the finer parts of speech of lexicon/tags.toml; a cost is roughly the negative logarithm
of a probability. Everything here is known of the word alone; tagging.py looks at its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from math import log
from typing import NamedTuple

from claimdiff.lexicon import load
from claimdiff.lexicon.graph import graph
from claimdiff.lexicon.inflect import Form, counts, name_only, readings

Costs = tuple[tuple[str, float], ...]

# How often a lemma stands in this form, against its other forms.
_SHARE = {
    ("n", "base"): ("N", 0.7), ("n", "s"): ("NS", 0.3), ("v", "base"): ("V", 0.35), ("v", "s"): ("VS", 0.12),
    ("v", "past"): ("VD", 0.3), ("v", "participle"): ("VN", 0.28), ("v", "ing"): ("VG", 0.2),
    ("a", "base"): ("J", 0.9), ("a", "er"): ("J", 0.1), ("a", "est"): ("J", 0.1),
    ("r", "base"): ("R", 0.9), ("r", "er"): ("R", 0.1), ("r", "est"): ("R", 0.1),
}  # fmt: skip
_PART = {
    "N": "n", "NS": "n", "NM": "n", "V": "v", "VS": "v", "VD": "v", "VN": "v", "VG": "v", "HV": "v",
    "HB": "v", "DO": "v", "J": "a", "R": "r",
}  # fmt: skip
MAX_LENGTH = 40  # what is longer is no English word, and rules over endings would only cost time


class Word(NamedTuple):
    """A word form: the costs of its classes, whether a dictionary knows it, and whether a name."""

    costs: Costs
    listed: bool
    closed: bool
    name: bool


def parse(entry: str) -> Costs:
    pairs = (item.rsplit(":", 1) for item in entry.split())
    return tuple((name, float(cost)) for name, cost in pairs)


@cache
def _table(section: str) -> Mapping[str, Costs]:
    return {word: parse(entry) for word, entry in load("tags")[section].items()}


@cache
def listed(name: str) -> frozenset[str]:
    return frozenset(load("tags")["other"][name])


@lru_cache(maxsize=1 << 14)
def word(norm: str) -> Word:
    """What is known of a folded lower-case word form."""
    if costs := _table("closed").get(norm):
        return Word(costs, True, True, False)
    if norm[:1].isdigit() or norm in listed("numbers") or (len(norm) == 1 and norm.isnumeric()):
        return Word((("CD", 0.0),), True, True, False)
    if len(norm) > MAX_LENGTH:
        return Word((("N", 0.5), ("NM", 0.5)), False, False, False)
    if costs := _table("favoured").get(norm):
        return Word(costs, True, False, _named(norm))
    if found := _costs(readings(norm)):
        return Word(found, not name_only(norm), False, _named(norm))
    return Word(_guess(norm), False, False, False)


def _named(norm: str) -> bool:
    """Whether the word is a proper name in one of its senses."""
    number = graph().find(norm)
    return number >= 0 and any(sense.name for sense in graph().senses(number))


def _costs(forms: tuple[Form, ...]) -> Costs:
    weights: dict[str, float] = {}
    for form in forms:
        name, share = _SHARE[form.part, form.shape]
        if form.part == "n" and form.shape == "base" and form.lemma in listed("plurals"):
            name = "NS"
        weight = share * counts(form.lemma).get(form.part, 1)
        weights[name] = max(weights.get(name, 0.0), weight)
    total = sum(weights.values())
    return tuple((name, -log(weight / total)) for name, weight in weights.items() if weight > 0.004 * total)


def _guess(norm: str) -> Costs:
    """Classes of an unknown word: by the known word that it ends in, else by its ending."""
    if tail := _tail(norm):
        return _costs(readings(tail))
    for length in range(min(5, len(norm) - 2), 0, -1):
        if costs := _table("endings").get(norm[-length:]):
            return costs
    return (("N", 0.3), ("J", 2.0), ("V", 3.0))


def _tail(norm: str) -> str:
    """The longest known word of five letters or more that an unknown word ends in, after two or more."""
    for start in range(2, len(norm) - 4):
        tail = norm[start:]
        if readings(tail) and not name_only(tail):
            return tail
    return ""


@lru_cache(maxsize=1 << 14)
def lemma(norm: str, name: str) -> str:
    """The dictionary form of a word form read as class `name`."""
    if norm in load("tags")["lemmas"] and (name, norm) not in (("PO", "her"), ("NM", "us"), ("N", "being")):
        return str(load("tags")["lemmas"][norm])
    if name == "CD":
        return norm.replace(",", "") if norm[:1].isdigit() else norm
    if norm.startswith(("http", "www.")):
        return norm
    if "." in norm:
        return norm.replace(".", "") if len(norm) > 3 and norm not in ("a.m.", "p.m.", "a.m", "p.m") else norm
    part = _PART.get(name)
    if part is None or len(norm) > MAX_LENGTH or norm in listed("plurals"):
        return norm
    if norm in _table("closed") and part in "ar":
        return norm
    return _known(norm, name, part) or _unknown(norm, name)


def _known(norm: str, name: str, part: str) -> str:
    alike = [form for form in readings(norm) if form.part == part]
    if name == "NM" and any(form.lemma == norm for form in alike):
        return norm
    # "leaders" is in the dictionary, and is still the plural of "leader": nouns go by frequency.
    forms = [form for form in alike if part == "n" or _SHARE[form.part, form.shape][0] == name] or alike
    if forms:
        return max(forms, key=lambda form: (counts(form.lemma).get(part, 0), form.lemma != norm)).lemma
    # "the wounded" as a noun, "a said amount" as an adjective: what the dictionary has of another part.
    base = [form.lemma for form in readings(norm) if form.lemma == norm] or [f.lemma for f in readings(norm)]
    return base[0] if base else ""


def _unknown(norm: str, name: str) -> str:
    """The lemma of a word that no dictionary has, by the known word it ends in or by its ending."""
    if tail := _tail(norm):
        part = _PART[name]
        return norm[: -len(tail)] + (_known(tail, name, part) or tail)
    plural = norm.endswith("s") and len(norm) > 3 and not norm.endswith(("ss", "us", "is"))
    if name in ("NS", "VS") and plural:
        return norm[:-3] + "y" if norm.endswith("ies") and len(norm) > 5 else norm[:-1]
    if name in ("VD", "VN") and norm.endswith("ed") and len(norm) > 5:
        return _strip(norm[:-2])
    if name == "VG" and norm.endswith("ing") and len(norm) > 6:
        return _strip(norm[:-3])
    return norm


def _strip(stem: str) -> str:
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        return stem[:-1]
    return stem + "e" if stem[-1] in "cgsuvz" and not stem.endswith("ss") else stem

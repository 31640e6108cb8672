"""Reporting verbs as commitments: how far one is from another."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from claimdiff import lexicon
from claimdiff.model import Attribution, Stance


class Report(NamedTuple):
    """The group of a reporting verb in the lexicon, with what it commits its speaker to."""

    group: str
    stance: Stance
    strength: int
    factive: bool


@cache
def _groups() -> dict[str, Report]:
    table: dict[str, Report] = {}
    for name, group in lexicon.load("reporting")["group"].items():
        report = Report(name, Stance(group["stance"]), group["strength"], group["factive"])
        for frame in ("object", "that", "clause", "phrases"):
            for lemma in group.get(frame, ()):
                table[lemma] = report
    return table


def report_of(made: Attribution) -> Report:
    """What the verb of a reporting phrase commits to; "according to" is plain saying."""
    return _groups().get(made.verb) or Report("say", made.stance, made.strength, False)


def stance_gap(old: Report, new: Report) -> float:
    """How wrong it is to put the one verb for the other: 0 the same, 1 the opposite."""
    if old.group == new.group:
        return 0.0
    return _gaps().get((old.group, new.group), 0.0)


@cache
def _stems() -> dict[str, str]:
    return {lemma.rstrip("e"): report.group for lemma, report in _groups().items() if " " not in lemma}


@lru_cache(maxsize=4096)
def group_of(norm: str) -> str:
    """The group of a reporting verb in any regular form, or ""."""
    stems = _stems()
    for ending in ("", "s", "d", "ed", "es", "ing", "e"):
        if norm.endswith(ending) and (group := stems.get(norm.removesuffix(ending).rstrip("e"))):
            return group
    return ""


@cache
def _gaps() -> dict[tuple[str, str], float]:
    gaps = {}
    for entry in lexicon.load("reporting")["gap"]:
        for old in entry["old"]:
            for new in entry["new"]:
                gaps[old, new] = entry["gap"]
    return gaps

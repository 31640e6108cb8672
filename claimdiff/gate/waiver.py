"""Waivers: findings that somebody has looked at and lets pass, with a reason, in `claimdiff-waivers.toml`.

A waiver names one finding of one derivative. It lapses when the statement changes, when the finding is
gone, or when its date has passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from claimdiff.errors import ConfigError
from claimdiff.gate import edits, entries
from claimdiff.model import Comparison, Finding, Pardon

FILE = "claimdiff-waivers.toml"
BY = "waiver"
FORM = entries.Form(
    table="waiver",
    noun="a waiver",
    required=("finding", "derivative", "rule", "statement", "reason"),
    optional=("by", "expires"),
    header=(
        "# Findings of claimdiff that somebody has looked at and lets pass, each with a reason.\n"
        '# `claimdiff waive FINDING --reason "..."` adds one. A waiver ends when its statement changes,\n'
        "# when the finding is gone, and after the day in `expires`. Sorted by derivative and finding.\n"
    ),
)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that may pass. `derivative` is its path from the waivers file, with forward slashes;
    `statement` are the words that the finding was about (an omission's are the source's); `expires` is the
    last day on which the waiver holds, "" for no end."""

    finding: str
    derivative: str
    rule: str
    statement: str
    reason: str
    by: str = ""
    expires: str = ""


def read(text: str, name: str) -> tuple[Waiver, ...]:
    """The waivers in a file's text, in its order; ConfigError says what is wrong in it and in which line."""
    return tuple(Waiver(**entry.values) for entry in entries.read(FORM, text, name))


def waive(
    comparison: Comparison, finding: str, derivative: str, *, reason: str, by: str = "", expires: str = ""
) -> Waiver:
    """A waiver for the finding with this id; ConfigError when the comparison has none."""
    found = next((own for own in comparison.findings if own.id == finding), None)
    if found is None:
        raise ConfigError(
            f"{derivative}: no finding is called {finding!r}; take its id from a report of today"
        )
    statement = entries.words(comparison)[finding]
    return Waiver(finding, derivative, found.rule, statement, reason, by, expires)


def add(text: str, waiver: Waiver, name: str) -> str:
    """The file's text with the waiver in sorted place, or instead of the one for the same finding; all else
    stays as it is. Raises ConfigError when the file or the waiver is not in order."""
    return edits.edit(FORM, text, name, [asdict(waiver)])


def apply(
    waivers: Sequence[Waiver], comparison: Comparison, derivative: str, today: str
) -> tuple[tuple[Pardon, ...], tuple[str, ...]]:
    """The findings of this derivative that are waived on the day `today`, and a line for each of its waivers
    that has expired or matches nothing."""
    entries.hold_day(today)
    words = entries.words(comparison)
    findings = {own.id: own for own in comparison.findings}
    pardons: dict[str, Pardon] = {}
    warnings: list[str] = []
    for waiver in waivers:
        if waiver.derivative != entries.clean(derivative):
            continue
        finding = findings.get(waiver.finding)
        matches = finding is not None and _is_about(waiver, finding, words[finding.id])
        told = f"waiver {waiver.finding} for {derivative}"
        if waiver.expires and waiver.expires < today:
            then = "the finding counts again" if matches else "it matches no finding; remove it"
            warnings.append(f"{told} expired on {waiver.expires}: {then}")
        elif finding is None or not matches:
            warnings.append(f"{told}: its statement has changed or the finding is gone; remove it")
        else:
            pardons[finding.id] = Pardon(finding, BY, waiver.reason, waiver.by, waiver.expires)
    return tuple(pardons[own.id] for own in comparison.findings if own.id in pardons), tuple(warnings)


def _is_about(waiver: Waiver, finding: Finding, words: str) -> bool:
    return waiver.rule == finding.rule and entries.fold(waiver.statement) == entries.fold(words)

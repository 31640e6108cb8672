"""The baseline: findings that were there when a house took claimdiff up, in `claimdiff-baseline.toml`.

They do not count; what is not in the list does. The list loses what is fixed, and takes in nothing new
unless it is told to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from claimdiff.gate import edits, entries
from claimdiff.model import Comparison, Pardon

FILE = "claimdiff-baseline.toml"
BY = "baseline"
FORM = entries.Form(
    table="accepted",
    noun="an accepted finding",
    required=("finding", "derivative", "rule", "statement"),
    optional=(),
    header=(
        "# Findings that were there when claimdiff was taken up here: a check fails only on others.\n"
        "# `claimdiff baseline` wrote this list. Run it again to take out what has been fixed; it puts in\n"
        "# nothing new unless it is told to. Entries are sorted by derivative and finding.\n"
    ),
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that was there before. `derivative` is its path from the baseline file, with forward slashes;
    `statement` are the words that it is about (an omission's are the source's)."""

    finding: str
    derivative: str
    rule: str
    statement: str

    @property
    def key(self) -> entries.Key:
        return self.derivative, self.finding


@dataclass(frozen=True, slots=True)
class Update:
    """A baseline brought up to date: the file's new text, how many entries it kept (those of derivatives that
    were not judged too), lost and took in, and the new findings that it did not take in."""

    text: str
    kept: int
    removed: int
    added: int
    refused: tuple[Accepted, ...] = ()


def read(text: str, name: str) -> tuple[Accepted, ...]:
    """The entries in a file's text, in its order; ConfigError says what is wrong in it and in which line."""
    return tuple(Accepted(**entry.values) for entry in entries.read(FORM, text, name))


def accept(comparison: Comparison, derivative: str) -> tuple[Accepted, ...]:
    """An entry for each finding of a comparison."""
    words, path = entries.words(comparison), entries.clean(derivative)
    return tuple(Accepted(own.id, path, own.rule, words[own.id]) for own in comparison.findings)


def apply(
    accepted: Sequence[Accepted], comparison: Comparison, derivative: str
) -> tuple[tuple[Pardon, ...], tuple[str, ...]]:
    """The findings of this derivative that were there before, and a line for each of its entries that matches
    nothing any more."""
    there = {own.key: own for own in accept(comparison, derivative)}
    held: set[str] = set()
    warnings: list[str] = []
    for own in accepted:
        if own.derivative != entries.clean(derivative):
            continue
        if _is_there(own, there):
            held.add(own.finding)
        else:
            warnings.append(
                f"baseline entry {own.finding} for {derivative}: its statement has changed or the finding is "
                "gone; run `claimdiff baseline` to take it out"
            )
    return tuple(Pardon(own, BY) for own in comparison.findings if own.id in held), tuple(warnings)


def update(
    text: str, comparisons: Sequence[tuple[str, Comparison]], *, accept_new: bool = False, name: str = FILE
) -> Update:
    """The baseline after the derivatives in `comparisons` were judged, each with its path from the file.

    An empty text is a first baseline, which takes in every finding. Any other only loses what is gone and
    keeps what it has of derivatives that were not judged; `accept_new` lets it take in what is new. The
    comparisons' findings are what counts: leave out what is pardoned otherwise. The text comes back as it
    was when nothing changed.
    """
    old = read(text, name)
    judged = {entries.clean(derivative) for derivative, _ in comparisons}
    there = {own.key: own for path, comparison in comparisons for own in accept(comparison, path)}
    kept = {own.key for own in old if own.derivative not in judged or _is_there(own, there)}
    gone = frozenset(own.key for own in old) - kept
    new = [there[key] for key in sorted(there.keys() - kept)]
    added = new if accept_new or entries.is_blank(text) else []
    changes = bool(added or gone) or entries.is_blank(text)
    made = edits.edit(FORM, text, name, [asdict(own) for own in added], gone) if changes else text
    return Update(made, len(kept), len(gone), len(added), () if added else tuple(new))


def _is_there(own: Accepted, there: Mapping[entries.Key, Accepted]) -> bool:
    found = there.get(own.key)
    return (
        found is not None
        and found.rule == own.rule
        and entries.fold(found.statement) == entries.fold(own.statement)
    )

"""The five criteria by which the European Broadcasting Union and the BBC judge answers about news, and
which of them each kind and type of finding falls under."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from claimdiff.model import Finding, Kind, Severity, Type


class Criterion(NamedTuple):
    """A criterion and the question that it asks of a derivative."""

    name: str
    meaning: str


CRITERIA = (
    Criterion("accuracy", "Are the facts those of the source: figures, dates, names, and who did what?"),
    Criterion("sourcing", "Is what was said given to those who said it, in their own words?"),
    Criterion("opinion and fact", "Does what is claimed, planned or likely still read as that?"),
    Criterion("editorialisation", "Is there anything that the source does not say, or says less loudly?"),
    Criterion("context", "Is anything gone that a reader needs to judge the rest?"),
)
ACCURACY, SOURCING, OPINION, EDITORIAL, CONTEXT = (own.name for own in CRITERIA)

OF_TYPE = {
    Type.NUMBER: ACCURACY,
    Type.TIME: ACCURACY,
    Type.ENTITY: ACCURACY,
    Type.ROLE: ACCURACY,
    Type.NEGATION: ACCURACY,
    Type.MODALITY: OPINION,
    Type.ATTRIBUTION: SOURCING,
    Type.QUOTE: SOURCING,
    Type.QUANTIFIER: ACCURACY,
    Type.CAUSALITY: ACCURACY,
    Type.INTENSITY: EDITORIAL,
    Type.QUALIFIER: CONTEXT,
    Type.PREDICATE: ACCURACY,
}
OF_KIND = {Kind.DISTORTION: ACCURACY, Kind.ADDITION: EDITORIAL, Kind.OMISSION: CONTEXT}


def criterion(kind: Kind, types: Sequence[Type]) -> str:
    """The name of the criterion of a finding: that of its first type, else that of its kind."""
    return OF_TYPE[types[0]] if types else OF_KIND[kind]


def table(findings: Sequence[Finding]) -> list[tuple[str, str, int, int]]:
    """Rows of counts, one for each criterion that some finding falls under: its name, its question,
    major ones, minor ones."""
    rows = []
    for name, meaning in CRITERIA:
        own = [finding for finding in findings if criterion(finding.kind, finding.types) == name]
        major = sum(finding.severity is Severity.MAJOR for finding in own)
        if own:
            rows.append((name, meaning, major, len(own) - major))
    return rows

"""The head of the HTML page: the verdict in a sentence, and how many findings there are of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claimdiff.model import Comparison, Finding, Kind, Severity, Type
from claimdiff.render.criteria import CRITERIA, criterion

NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
PART = 100  # the length of the longest bar


@dataclass(frozen=True, slots=True)
class Bar:
    """Findings of a type, or of a kind that has no types, with the lengths of their bars."""

    label: str
    kind: Kind
    major: int
    minor: int
    long: float
    longer: float


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of an editorial criterion, with the question that it asks."""

    criterion: str
    meaning: str
    bars: tuple[Bar, ...]


def sentence(comparison: Comparison) -> str:
    """What an editor would write above the report."""
    clauses = list(_clauses(comparison))
    minor = sum(finding.severity is Severity.MINOR for finding in comparison.findings)
    look = "deserves a look" if minor == 1 else "deserve a look"
    rest = f"{_number(minor)} smaller {'point' if minor == 1 else 'points'} {look}"
    if not clauses:
        return f"Nothing found changes the story, but {rest}." if minor else _clean(comparison)
    text = clauses[0] if len(clauses) == 1 else ", ".join(clauses[:-1]) + f", and {clauses[-1]}"
    text = text if len(clauses) != 2 else " and ".join(clauses)
    return _capital(text + (f"; {rest}." if minor else "."))


def _clean(comparison: Comparison) -> str:
    lost = comparison.summary.covered.total - comparison.summary.covered.held
    if lost:
        verb = "is" if lost == 1 else "are"
        return _capital(
            f"nothing was added or bent, though {_number(lost)} of the "
            f"{comparison.summary.covered.total:,} source statements {verb} not carried."
        )
    return "Nothing was added, left out or bent: the derivative says what the source says."


def _clauses(comparison: Comparison) -> Iterator[str]:
    """A clause for each kind with major findings; the first names what is counted, and the source."""
    major = [own for own in comparison.findings if own.severity is Severity.MAJOR]
    plural = len(comparison.sources) > 1
    source, pronoun = ("the sources", "them") if plural else ("the source", "it")
    named = False

    def counted(kind: Kind) -> tuple[int, str]:
        number = len({_statement(own) for own in major if own.kind is kind})
        noun = "" if named else " statement" if number == 1 else " statements"
        return number, _number(number) + noun

    number, words = counted(Kind.DISTORTION)
    if number:
        verb = "no longer says what" if number == 1 else "no longer say what"
        yield f"{words} {verb} {source} {'say' if plural else 'says'}"
        named = True
    number, words = counted(Kind.ADDITION)
    if number:
        yield f"{words} {'has' if number == 1 else 'have'} no basis in {pronoun if named else source}"
        named = True
    number, words = counted(Kind.OMISSION)
    if number:
        matter, were = ("matters", "was") if number == 1 else ("matter", "were")
        yield f"{words} that {matter} {were} left out"


def _statement(finding: Finding) -> str:
    place = finding.derivative or finding.source
    return place.statement if place else finding.id


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def groups(comparison: Comparison) -> list[Group]:
    """The findings by type, the types by criterion; a finding of two types counts under both."""
    found: dict[tuple[Kind, Type | None], list[Finding]] = defaultdict(list)
    for finding in comparison.findings:
        for type in finding.types or (None,):
            found[finding.kind, type].append(finding)
    most = max((len(own) for own in found.values()), default=1)
    order: list[tuple[Kind, Type | None]] = [(kind, type) for kind in Kind for type in (*Type, None)]
    grouped: dict[str, list[Bar]] = defaultdict(list)
    for kind, type in order:
        if (kind, type) in found:
            name = criterion(kind, (type,) if type else ())
            grouped[name].append(_bar(kind, type, found[kind, type], most))
    return [Group(*own, tuple(grouped[own.name])) for own in CRITERIA if own.name in grouped]


def _bar(kind: Kind, type: Type | None, findings: Sequence[Finding], most: int) -> Bar:
    major = sum(finding.severity is Severity.MAJOR for finding in findings)
    long, longer = (round(PART * number / most, 2) for number in (major, len(findings)))
    return Bar((type or kind).value, kind, major, len(findings) - major, long, longer)

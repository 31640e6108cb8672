"""The values that the HTML page is filled with: plain words and links, without any markup."""

from __future__ import annotations

from dataclasses import dataclass

from claimdiff.model import Finding


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a statement: whether the other side lacks them, and the finding that they are in."""

    text: str
    changed: bool = False
    state: str = ""
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement on one side of a card or row, with where it stands."""

    where: str
    runs: tuple[Run, ...]
    headline: bool = False


@dataclass(frozen=True, slots=True)
class Goto:
    """A link within the page."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A finding."""

    id: str
    number: int
    finding: Finding
    state: str
    sign: str
    title: str
    confidence: str
    criteria: str
    source: Said | None
    derivative: Said | None
    stood: Goto | None
    row: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the aligned text."""

    id: str
    state: str
    label: str
    sign: str
    sources: tuple[Said, ...]
    derivative: Said | None
    chips: tuple[Card, ...] = ()
    moved: Goto | None = None


@dataclass(frozen=True, slots=True)
class Fold:
    """Neighbouring rows under one line that says what they are; a single one without it stands open."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A statement on the map."""

    state: str
    weight: str
    sign: str
    hint: str
    target: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A document on the map."""

    side: str
    name: str
    cells: tuple[Cell, ...]

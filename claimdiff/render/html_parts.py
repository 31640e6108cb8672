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
    """A finding. `beside` are the source's statements where no words of them are marked, `page` its rule's
    page, `ruling` what it means for the text where a policy has judged that."""

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
    beside: tuple[Said, ...] = ()
    page: str = ""
    ruling: str = ""
    stops: bool = False


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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the policy stops the text, with the setting and where it was set, and the findings behind it."""

    message: str
    origin: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Pardoned:
    """A finding that does not count, and why; `row` is where its statement stands."""

    state: str
    sign: str
    title: str
    message: str
    why: str
    row: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The policy's verdict."""

    outcome: str
    sign: str
    headline: str
    reasons: tuple[Reason, ...]
    pardons: tuple[Pardoned, ...]
    tally: str
    warnings: tuple[str, ...]

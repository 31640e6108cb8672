"""What the review remembers, and what follows from it. Nothing here reads a clock or a database.

The log is the truth: every decision is an event, none is ever changed or deleted. What is decided now, and
where a text stands, is worked out from the events that nobody has undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from claimdiff.model import Comparison, Finding, Severity


class Act(StrEnum):
    """What somebody did."""

    CREATED = "created"
    EDITED = "edited"  # a new revision of the derivative; `text` says what was changed, or ""
    ACCEPTED = "accepted"  # the finding is real and must be fixed
    DISMISSED = "dismissed"  # it may pass; `text` is the reason
    COMMENTED = "commented"  # on a finding, or on the text as a whole
    UNDONE = "undone"  # `of` is the event that no longer counts
    CHANGES_ASKED = "changes-asked"
    SIGNED_OFF = "signed-off"
    REOPENED = "reopened"


DECIDING = frozenset({Act.ACCEPTED, Act.DISMISSED})
UNDOABLE = DECIDING | {Act.COMMENTED, Act.CHANGES_ASKED, Act.SIGNED_OFF, Act.REOPENED}


class State(StrEnum):
    """Where a text stands."""

    NEW = "new"
    IN_REVIEW = "in review"
    CHANGES_ASKED = "changes asked"
    SIGNED_OFF = "signed off"


_AFTER = {
    Act.CREATED: State.NEW,
    Act.EDITED: State.IN_REVIEW,
    Act.CHANGES_ASKED: State.CHANGES_ASKED,
    Act.SIGNED_OFF: State.SIGNED_OFF,
    Act.REOPENED: State.IN_REVIEW,
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it was given: its name, its bytes and, where it was said, its form ("markdown", "ninjs")."""

    name: str
    data: bytes
    form: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the log. `at` is UTC in ISO form, `finding` a finding's id or "", `of` the number of the
    event that this one undoes, or 0."""

    number: int
    comparison: str
    revision: int
    act: Act
    author: str
    at: str
    finding: str = ""
    text: str = ""
    of: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a finding, last."""

    finding: str
    act: Act
    reason: str
    author: str
    at: str


class Standing(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    NEW = "new"  # open, and not there in the revision before
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    FIXED = "fixed"  # was there in an earlier revision and is gone


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is: findings that count or were dismissed, how many are decided, and the major ones
    that nobody has decided or that were accepted and are still there."""

    decided: int
    total: int
    undecided_major: int
    unfixed_major: int


def effective(events: Iterable[Event]) -> list[Event]:
    """The events that count: nobody has undone them."""
    events = list(events)
    undone = {event.of for event in events if event.act is Act.UNDONE}
    return [event for event in events if event.act is not Act.UNDONE and event.number not in undone]


def decisions(events: Iterable[Event]) -> dict[str, Decision]:
    """The last decision on each finding, by its id."""
    return {
        event.finding: Decision(event.finding, event.act, event.text, event.author, event.at)
        for event in effective(events)
        if event.act in DECIDING
    }


def comments(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The comments on each finding, in order; under "" those on the text as a whole."""
    out: dict[str, list[Event]] = {}
    for event in effective(events):
        if event.act is Act.COMMENTED:
            out.setdefault(event.finding, []).append(event)
    return out


def state(events: Iterable[Event]) -> State:
    """Where the text stands after these events. A decision or a comment begins a review, and changes
    nothing else: what was said of a signed text leaves it signed."""
    now = State.NEW
    for event in effective(events):
        now = _AFTER.get(event.act, State.IN_REVIEW if now is State.NEW else now)
    return now


def last_undoable(events: Sequence[Event], author: str) -> Event | None:
    """What `author` can undo: the last that this person did and that still counts. A new revision cannot
    be undone, and nothing before it."""
    for event in reversed(effective(events)):
        if event.act is Act.EDITED:
            return None
        if event.author == author and event.act in UNDOABLE:
            return event
    return None


def standings(
    now: Sequence[Finding], before: Sequence[Finding] | None, decided: dict[str, Decision]
) -> dict[str, Standing]:
    """Where each finding stands, by its id: those of this revision, and those that an earlier one had."""
    old = {own.id for own in before} if before is not None else {own.id for own in now}
    out: dict[str, Standing] = {}
    for finding in now:
        decision = decided.get(finding.id)
        fresh = Standing.OPEN if finding.id in old else Standing.NEW
        out[finding.id] = Standing(decision.act.value) if decision else fresh
    here = {own.id for own in now}
    out |= {own.id: Standing.FIXED for own in before or () if own.id not in here}
    return out


def progress(comparison: Comparison, decided: dict[str, Decision]) -> Progress:
    """How far the review of this revision is. Dismissed findings stand among the verdict's pardons."""
    verdict = comparison.verdict
    forgiven = [own.finding for own in verdict.pardons if own.finding.id in decided] if verdict else []
    left = {own.id: own for own in (*comparison.findings, *forgiven)}
    open_ = [own for own in left.values() if own.id not in decided]
    accepted = [
        own for own in comparison.findings if own.id in decided and decided[own.id].act is Act.ACCEPTED
    ]
    return Progress(
        decided=len(left) - len(open_),
        total=len(left),
        undecided_major=sum(own.severity is Severity.MAJOR for own in open_),
        unfixed_major=sum(own.severity is Severity.MAJOR for own in accepted),
    )

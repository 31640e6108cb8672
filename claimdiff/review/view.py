"""Where a comparison stands, worked out from its log and its revisions. Nothing here reads a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from claimdiff.checking import Desk
from claimdiff.gate import waiver
from claimdiff.gate.policy import Policy
from claimdiff.model import Comparison, Finding, Outcome, Pardon
from claimdiff.review import record
from claimdiff.review.record import Act, Decision, Event, Progress, Standing, State, Text
from claimdiff.review.tables import Revision, Row


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A revision with the log: all that a decision is held to. `judged` counts what was dismissed among its
    pardons."""

    events: tuple[Event, ...]
    judged: Comparison

    @property
    def state(self) -> State:
        return record.state(self.events)

    @property
    def decisions(self) -> dict[str, Decision]:
        return record.decisions(self.events)

    @property
    def progress(self) -> Progress:
        return record.progress(self.judged, self.decisions)

    @property
    def findings(self) -> dict[str, Finding]:
        """All findings that can be decided on, by id: those that count and those that were pardoned."""
        verdict = self.judged.verdict
        pardoned = [own.finding for own in verdict.pardons] if verdict else []
        return {own.id: own for own in (*self.judged.findings, *pardoned)}

    def row(self, old: Row) -> Row:
        """What the desk lists after the last event."""
        last, now, verdict = self.events[-1], self.progress, self.judged.verdict
        return replace(
            old,
            updated=last.at,
            last=last.number,
            last_author=last.author,
            state=self.state,
            outcome=verdict.outcome.value if verdict else Outcome.BLOCK.value,
            drift=self.judged.summary.drift,
            decided=now.decided,
            total=now.total,
            major=now.undecided_major,
        )


def standpoint(desk: Desk, comparison: Comparison, events: Sequence[Event]) -> Standpoint:
    """A comparison that no policy has looked at yet, judged with what was dismissed."""
    dismissed = {own.finding: own for own in record.decisions(events).values() if own.act is Act.DISMISSED}

    def pardon(asked: Comparison) -> tuple[list[Pardon], list[str]]:
        found = [(own, dismissed[own.id]) for own in asked.findings if own.id in dismissed]
        return [Pardon(own, waiver.BY, why.reason, why.author) for own, why in found], []

    return Standpoint(tuple(events), desk.judge(comparison, comparison.derivative.name, [pardon]))


@dataclass(frozen=True, slots=True)
class View:
    """All that a page shows of a comparison in one of its revisions.

    `row` is the comparison as it stands now, whichever `revision` is shown. `comparison` is judged, with
    what was dismissed among the verdict's pardons. `standings` are by finding, those of `fixed` among
    them: findings of earlier revisions that this one does not have any more, without places.
    `path` is what waivers call the derivative, `desk` what all of it was judged by: the server's, under the
    policy that the comparison was asked with."""

    row: Row
    revision: int
    comparison: Comparison
    standings: Mapping[str, Standing]
    fixed: tuple[Finding, ...]
    decisions: Mapping[str, Decision]
    comments: Mapping[str, Sequence[Event]]
    progress: Progress
    events: tuple[Event, ...]
    revisions: tuple[Revision, ...]
    sources: tuple[Text, ...]
    derivative: Text
    path: str
    desk: Desk

    @property
    def current(self) -> bool:
        """Whether this is the revision that decisions are about."""
        return self.revision == self.row.revision


def view(
    desk: Desk,
    row: Row,
    comparison: Comparison,
    events: Sequence[Event],
    revisions: Sequence[Revision],
    texts: tuple[tuple[Text, ...], Text],
    earlier: Sequence[tuple[int, Finding]],
    revision: int,
) -> View:
    """The view of a revision. `comparison` is what no policy has looked at yet, `earlier` are the findings of
    the revisions before with the number of each one's revision."""
    now = standpoint(desk, comparison, events)
    decided = now.decisions
    shown = [own for id, own in now.findings.items() if id in decided or own in now.judged.findings]
    before = [own for number, own in earlier if number == revision - 1] if revision > 1 else None
    there = {own.id for own in comparison.findings}
    policy = desk.policy(comparison.derivative.name)
    gone = {own.id: own for _, own in earlier if own.id not in there and _asked(own, policy)}
    standings = record.standings(shown, before, decided)
    return View(
        row=row,
        revision=revision,
        comparison=now.judged,
        standings={own.id: standings[own.id] for own in shown} | dict.fromkeys(gone, Standing.FIXED),
        fixed=tuple(replace(own, severity=policy.severity(own)) for own in gone.values()),
        decisions=decided,
        comments=record.comments(events),
        progress=now.progress,
        events=now.events,
        revisions=tuple(revisions),
        sources=texts[0],
        derivative=texts[1],
        path=desk.path(comparison.derivative.name),
        desk=desk,
    )


def _asked(finding: Finding, policy: Policy) -> bool:
    """Whether the policy wants to hear of such a finding."""
    least = min(policy.get("min-confidence"), policy.threshold(finding))
    return policy.wants(finding) and finding.confidence >= least

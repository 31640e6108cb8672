"""A run from its input to its summary: what is done already is passed over, the rest is worked off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from claimdiff.batch.inputs import Input, Reading
from claimdiff.batch.manifest import Manifest, alone, claim, still
from claimdiff.batch.parts import Parts, WriteError, Writer
from claimdiff.batch.place import Place
from claimdiff.batch.pool import Crew, Pool, Tasks
from claimdiff.batch.row import Row
from claimdiff.batch.rows import ERROR, STOP
from claimdiff.errors import ClaimdiffError


class ChangedError(ClaimdiffError):
    """The input is not what finished partitions were made from."""


class StrictError(ClaimdiffError):
    """The first error row of a run that asked to stop there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a run needs."""

    input: Input
    output: Place
    manifest: Manifest
    tasks: Tasks
    parts: Parts
    processes: int = 1
    limit: float | None = None
    strict: bool = False
    restart: bool = False
    crew: Callable[[Tasks, Callable[[], None]], Crew] | None = None  # instead of processes of this machine


@dataclass(slots=True)
class State:
    """How far a run is. `before` are rows of partitions that were there; `share` is how much of the input
    has been read."""

    outcomes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    before: int = 0
    reading: Reading = field(default_factory=lambda: Reading(0))
    read: int = 0
    ended: bool = False

    @property
    def done(self) -> int:
        return sum(self.outcomes.values())

    def count(self, outcome: str, kind: str | None) -> None:
        self.outcomes[outcome] += 1
        if kind:
            self.kinds[kind] += 1


def run(plan: Plan, heard: Callable[[State], None] = lambda _: None) -> State:
    """Do all partitions that are not there. `heard` is told of every step, and now and then between."""
    try:
        plan.output.mkdir(parents=True, exist_ok=True)
        with alone(plan.output):
            claim(plan.output, plan.manifest, restart=plan.restart)
            return _work(plan, heard)
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        raise WriteError(f"{what}cannot be written or read ({error.strerror or error})") from None


def _work(plan: Plan, heard: Callable[[State], None]) -> State:
    state = State(reading=Reading(sum(plan.input.sizes())))
    crew = _crew(plan, lambda: heard(state))
    todo = _todo(plan, state, heard)
    writer: Writer | None = None
    try:
        for done in crew.work(todo):
            if done.outcome == STOP:
                raise ChangedError(done.reason)
            number = plan.parts.of(done.number)
            if plan.strict and done.outcome == ERROR:
                raise StrictError(f"row {done.number}: {done.kind}: {done.reason} (--strict stops here)")
            writer = writer or plan.parts.writer(number)
            writer.add(done)
            if writer.count == plan.parts.rows:
                still(plan.output, plan.manifest)
                writer.commit()
                writer = None
            state.count(done.outcome, done.kind)
            heard(state)
        still(plan.output, plan.manifest)
        if writer is not None:
            writer.commit()
            writer = None
    finally:
        crew.close()
        if writer is not None:
            writer.drop()
    state.ended = True
    heard(state)
    return state


def _crew(plan: Plan, heard: Callable[[], None]) -> Crew:
    if plan.crew:
        return plan.crew(plan.tasks, heard)
    return Pool(plan.tasks, plan.processes, plan.limit, heard)


# --- what is there already --------------------------------------------------------------------------


def _todo(plan: Plan, state: State, heard: Callable[[State], None]) -> Iterator[Row]:
    """The rows of partitions that are not done. Those that are done must be of this input."""
    here, kept, standing = -1, None, plan.parts.done()
    for row in plan.input.rows(state.reading):
        state.read = row.number
        number = plan.parts.of(row.number)
        if number != here:
            _ended(kept, plan, here)
            here, kept = number, plan.parts.pairs(number) if number in standing else None
        if kept is None:
            yield row
            continue
        found = next(kept, None)
        if found is None or (found["row"], found["pair"], found["input"]) != (row.number, row.id, row.stamp):
            raise _changed(plan, f"row {row.number}")
        if plan.strict and found["outcome"] == ERROR:
            raise StrictError(
                f"row {row.number}: {found['trouble']}: {found['reason']} (--strict stops here)"
            )
        state.before += 1
        state.count(found["outcome"], found["trouble"])
        heard(state)
    _ended(kept, plan, here)
    if here + 1 in standing:
        raise _changed(plan, "its end")


def _ended(kept: Iterator[dict[str, Any]] | None, plan: Plan, number: int) -> None:
    if kept is not None and next(kept, None) is not None:
        raise _changed(plan, f"the end of partition {number}")


def _changed(plan: Plan, where: str) -> ChangedError:
    return ChangedError(
        f"{plan.output}: the input is not what it was when this run began (at {where}); name another folder, "
        "or give --restart to begin anew"
    )

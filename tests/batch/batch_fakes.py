"""An engine that costs nothing and does what a row's derivative tells it to, and the command that runs it."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimdiff.batch import rows
from claimdiff.batch.pool import Tasks
from claimdiff.batch.row import Kind, Row
from claimdiff.batch.rows import Done, Maker
from claimdiff.model import (
    Comparison,
    Counts,
    Document,
    Finding,
    Outcome,
    Place,
    Role,
    Severity,
    Span,
    Statement,
    Status,
    Summary,
    Tally,
    Type,
    Verdict,
)
from claimdiff.model import Kind as What

if TYPE_CHECKING:
    from claimdiff.batch.run import Plan

MAKER = Maker("0", "fake engine, sixteen")


def start(setup: Any) -> None:
    """Nothing is loaded."""


def do(setup: Any, row: Row) -> Done:
    word, _, given = (row.derivative.text or "").partition(" ")
    if word == "slow":
        time.sleep(float(given))
    elif word == "exit":
        os._exit(int(given))
    elif word == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif word == "once":
        if not Path(given).exists():
            Path(given).touch()
            os._exit(1)
    elif word == "raise":
        raise RuntimeError(given)
    elif word == "alone":  # note who else works, by marks that others leave
        Path(given, "alone").write_text(" ".join(sorted(own.name for own in Path(given).glob("at-*"))))
        os._exit(1)
    elif word == "try":  # the second time, note who else works while this takes its time
        if not Path(given, "first").exists():
            Path(given, "first").touch()
            os._exit(1)
        time.sleep(0.5)
        Path(given, "tried").write_text(" ".join(sorted(own.name for own in Path(given).glob("at-*"))))
    elif word == "mark":
        mark = Path(given, f"at-{row.id}")
        mark.touch()
        time.sleep(0.3)
        mark.unlink()
    return rows.judged(row, comparison(row), MAKER)


def comparison(row: Row) -> Comparison:
    """A comparison whose figures follow from the row's id."""
    chance = int(sha256(row.id.encode()).hexdigest()[:4], 16) / 65536
    text = row.derivative.text or ""
    statement = Statement("d.1", "d", Span(0, len(text)), Role.BODY, text, (), status=Status.DISTORTED)
    document = Document("d", row.id, text, statements=(statement,))
    place = Place("d", "d.1", Span(0, len(text)))
    type = list(Type)[int(chance * len(Type))]
    finding = Finding(
        "f" + row.id, "a-rule", What.DISTORTION, (type,), Severity.MAJOR, 0.5, "A message.", place, None
    )
    summary = Summary(round(chance, 4), 1.0, 1 - round(chance, 4), Counts(0, 0, 1), Tally(1, 1), Tally(0, 1))
    outcome = Outcome.BLOCK if chance > 0.5 else Outcome.REVIEW
    return Comparison((), document, (), (finding,), summary, "0", verdict=Verdict(outcome))


def failed(row: Row, kind: Kind, reason: str) -> Done:
    return rows.error(row, kind, reason, MAKER)


def tasks() -> Tasks:
    return Tasks(None, start, do, failed)


def plan(source: Path, output: Path, **given: Any) -> Plan:
    from claimdiff.batch.inputs import find  # not at the top: processes for the work need none of it
    from claimdiff.batch.manifest import Manifest
    from claimdiff.batch.parts import Parts
    from claimdiff.batch.run import Plan

    size, form = given.pop("rows", 7), given.pop("form", "jsonl")
    input = find([str(source)], given.pop("columns", {}))
    manifest = Manifest({"form": "claimdiff batch 1", "sizes": input.sizes(), "rows": size, "to": form})
    given.setdefault("processes", 2)
    given.setdefault("tasks", tasks())
    return Plan(input=input, output=output, manifest=manifest, parts=Parts(output, form, size), **given)


def far(plan: Plan, client: Any, **given: Any) -> Plan:
    """The plan with a cluster to do it."""
    from claimdiff.batch.cluster import Cluster

    own = {"limit": plan.limit} | given
    return replace(plan, crew=lambda tasks, heard: Cluster(tasks, client, heard=heard, **own))


def main() -> None:
    """Run over a table: INPUT OUTPUT FORM [SCHEDULER]."""
    from claimdiff.batch.cluster import connected
    from claimdiff.batch.finish import finish
    from claimdiff.batch.run import run
    from claimdiff.batch.summary import by

    own = plan(Path(sys.argv[1]), Path(sys.argv[2]), form=sys.argv[3])
    if len(sys.argv) > 4:
        with connected(sys.argv[4]) as client:
            run(far(own, client))
    else:
        run(own)
    finish(own, [by("outlet"), by("day:month")], 0, "")


if __name__ == "__main__":
    import batch_fakes  # by this name other machines know it too

    batch_fakes.main()

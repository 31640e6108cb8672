"""The end of a run: the pages of the worst pairs, and the summary as JSON, Markdown and HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from claimdiff.batch import page, work
from claimdiff.batch.inputs import Reading
from claimdiff.batch.manifest import REPORTS
from claimdiff.batch.parts import WriteError
from claimdiff.batch.place import save
from claimdiff.batch.pool import Pool, Tasks
from claimdiff.batch.row import Row
from claimdiff.batch.run import Plan
from claimdiff.batch.summary import WORST, By, Summary, data, summarise


def finish(plan: Plan, groups: Sequence[By], pages: int, docs: str) -> None:
    """Write the summary of a run whose partitions are all there, and the reports of its worst pairs."""
    summary = summarise(plan.parts, groups, worst=max(WORST, pages))
    setup = plan.tasks.setup
    made: Mapping[int, str] = {}
    try:
        if pages and summary.worst and isinstance(setup, work.Setup):
            tasks = work.pages(setup, docs)
            made = _pages(plan, summary, pages, tasks)
        told = data(summary, made)
        texts = {
            "summary.json": json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n",
            "summary.md": page.markdown(told),
            "summary.html": page.html(told),
        }
        for name, text in texts.items():
            save(plan.output / name, text.encode("utf-8", "replace"))
    except OSError as error:
        raise WriteError(
            f"{plan.output}: the summary cannot be written ({error.strerror or error})"
        ) from None


def _pages(plan: Plan, summary: Summary, most: int, tasks: Tasks) -> dict[int, str]:
    """Render the worst pairs; their texts are read from the input again."""
    wanted = {row["row"] for row in summary.worst[:most]}
    folder = plan.output / REPORTS
    folder.mkdir(exist_ok=True)
    pool = Pool(tasks, min(plan.processes, len(wanted)), plan.limit)
    last = max(wanted)
    made = {}

    def rows() -> Iterator[Row]:
        for row in plan.input.rows(Reading(0)):
            if row.number in wanted:
                yield row
            if row.number >= last:
                return

    try:
        for done in pool.work(rows()):
            if done.lines[0]:
                name = f"{done.number:06}.html"
                save(folder / name, done.lines[0])
                made[done.number] = f"{REPORTS}/{name}"
    finally:
        pool.close()
    return made

"""`claimdiff batch`: many pairs, from tables or folders, into tables and a summary."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimdiff.cli import desk, options, show
from claimdiff.cli.desk import Choices
from claimdiff.cli.exits import Exit, worst
from claimdiff.cli.output import Talk

if TYPE_CHECKING:
    from claimdiff.batch.run import Plan, State
    from claimdiff.batch.summary import By

ROWS, LIMIT, PAGES = 500, 300.0, 20
FORMS = ("jsonl", "parquet")


def _columns(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for own in given:
        name, sign, column = own.partition("=")
        if not sign or not column:
            raise click.BadParameter(f"{own!r}: write NAME=COLUMN, such as source=wire_text", ctx, param)
        found[name] = column
    return found


def _groups(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> tuple[By, ...]:
    from claimdiff.batch.summary import by

    return tuple(by(own) for own in dict.fromkeys(given))


@click.command()
@click.argument("inputs", metavar="INPUT ...", nargs=-1, required=True)
@click.option(
    "-o", "--output", "folder", metavar="OUTPUT", required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the results; it is made if need be.",
)  # fmt: skip
@click.option(
    "--column", "columns", metavar="NAME=COLUMN", multiple=True, callback=_columns,
    help="Which column is the id, source, sources, derivative, source_path, source_paths or derivative_path. "
    "Repeatable.",
)  # fmt: skip
@click.option(
    "--by", "groups", metavar="COLUMN[:PART]", multiple=True, callback=_groups,
    help="Let the summary count by this column too; of a date by its :year, :month or :day. Repeatable.",
)  # fmt: skip
@click.option(
    "--to", "form", type=click.Choice(FORMS), default="jsonl", show_default=True, help="What to write."
)
@click.option(
    "--partition-size", "rows", type=click.IntRange(min=1), metavar="NUMBER", default=ROWS, show_default=True,
    help="How many pairs a file of the output holds.",
)  # fmt: skip
@click.option(
    "--processes", type=click.IntRange(min=1), metavar="NUMBER",
    help="How many work at once; one for each core.",
)  # fmt: skip
@click.option(
    "--time-limit", "limit", type=click.FloatRange(min=0), metavar="SECONDS", default=LIMIT,
    show_default=True, help="Give a pair up that takes longer; 0 never does.",
)  # fmt: skip
@click.option(
    "--reports", "pages", type=click.IntRange(min=0), metavar="NUMBER", default=PAGES, show_default=True,
    help="Render so many of the worst pairs as HTML pages.",
)  # fmt: skip
@click.option("--gate", is_flag=True, help="Say 1 when the policy stops a text.")
@click.option("--strict", is_flag=True, help="Stop at the first pair that cannot be judged.")
@click.option("--restart", is_flag=True, help="Remove the run that OUTPUT holds, and begin anew.")
@desk.options
@show.rules_url
@options.talk
@click.pass_obj
def batch(
    talk: Talk,
    inputs: tuple[str, ...],
    folder: Path,
    columns: dict[str, str],
    groups: tuple[By, ...],
    form: str,
    rows: int,
    processes: int | None,
    limit: float,
    pages: int,
    gate: bool,
    strict: bool,
    restart: bool,
    choices: Choices,
    rules_url: str,
) -> Exit:
    """Judge all pairs of INPUT by the policy and write what was found, and a summary, to OUTPUT.

    INPUT is a table in JSONL, CSV or Parquet, several of them, a pattern, or a folder: of tables, or of pairs
    as for `claimdiff report`. A row holds an id, source (or sources, a list) and derivative, or the paths of
    files in source_path (or source_paths) and derivative_path. Other columns are carried through.

    A run that was stopped, however that came about, goes on when the same command is given again, and ends
    with the same bytes as if it had not been stopped. A pair that cannot be judged becomes an error row.

    The exit code is 0 when all pairs were judged; 2 when some were not; 3 when these few are not
    comparable with their sources; with --gate 1 when all were judged and the policy stops one.

    \b
    Examples:
      claimdiff batch rewrites.jsonl -o audit --by outlet --by published:month
      claimdiff batch 'archive/*.parquet' -o audit --to parquet --column source=wire --column derivative=text
      claimdiff batch pairs/ -o audit --profile strict --gate
    """
    plan = _plan(
        inputs, folder, columns, form, rows, processes or _cores(), limit or None, choices, strict, restart
    )
    from claimdiff.batch.progress import Progress
    from claimdiff.batch.run import run

    terminal = sys.stderr is not None and sys.stderr.isatty()
    progress = Progress(terminal, talk.progress, talk.say)
    try:
        state = run(plan, progress.heard)
    finally:
        progress.clear()
    from claimdiff.batch.finish import finish

    talk.progress("writing the summary")
    finish(plan, groups, pages, rules_url)
    talk.progress("")
    talk.say(_told(state, folder))
    return _code(state, gate=gate)


def _plan(
    inputs: tuple[str, ...],
    folder: Path,
    columns: dict[str, str],
    form: str,
    rows: int,
    processes: int,
    limit: float | None,
    choices: Choices,
    strict: bool,
    restart: bool,
) -> Plan:
    from claimdiff import __version__, cache
    from claimdiff.batch import manifest, tables, work
    from claimdiff.batch.inputs import find
    from claimdiff.batch.parts import Parts
    from claimdiff.batch.rows import Maker
    from claimdiff.batch.run import Plan

    if form == "parquet":
        tables.arrow()
    if choices.today is None and not restart:
        choices = replace(choices, today=manifest.day(folder))
    own = replace(choices.desk(), cache=None)  # the partitions keep what was done
    own.policy("")  # what is wrong with it is wrong for every pair
    input = find(inputs, columns)
    maker = Maker(__version__, cache.engine_signature())
    return Plan(
        input=input,
        output=folder,
        manifest=manifest.manifest(input, own, maker, form=form, rows=rows, limit=limit),
        tasks=work.tasks(work.Setup(own, maker)),
        parts=Parts(folder, form, rows),
        processes=processes,
        limit=limit,
        strict=strict,
        restart=restart,
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _told(state: State, folder: Path) -> str:
    outcomes = state.outcomes
    words = {"pass": "pass", "review": "for review", "block": "blocked", "error": "not judged"}
    parts = [f"{outcomes[own]:,} {word}" for own, word in words.items() if outcomes[own]]
    told = f"{state.done:,} pairs: {', '.join(parts) or 'none'}"
    if state.kinds:
        told += f" ({', '.join(f'{number:,} {kind}' for kind, number in sorted(state.kinds.items()))})"
    return f"{told}; start at {folder / 'summary.html'}"


def _code(state: State, *, gate: bool) -> Exit:
    codes = [Exit.OK]
    if state.kinds:
        lone = set(state.kinds) == {"not comparable"}
        codes.append(Exit.NOT_COMPARABLE if lone else Exit.TROUBLE)
    if gate and state.outcomes["block"]:
        codes.append(Exit.FOUND)
    return worst(codes)

"""`claimdiff batch`: many pairs, from tables or folders, into tables and a summary."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimdiff.cli import archive as archives
from claimdiff.cli import desk, options, show
from claimdiff.cli.desk import Choices
from claimdiff.cli.exits import Exit, worst
from claimdiff.cli.output import Talk
from claimdiff.errors import InputError

if TYPE_CHECKING:
    from claimdiff.batch.archive import Archive
    from claimdiff.batch.place import Place
    from claimdiff.batch.run import Plan, State
    from claimdiff.batch.summary import By
    from claimdiff.checking import Desk

ROWS, LIMIT, PAGES = 500, 300.0, 20
FORMS = ("jsonl", "parquet")


class Folder(click.Path):
    """A folder, or a URL of one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from claimdiff.batch.place import is_url, place

        if not isinstance(value, str) or not is_url(value):
            return super().convert(value, param, ctx)
        found = place(value)
        return found if not isinstance(found, Path) else super().convert(str(found), param, ctx)


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
    type=Folder(file_okay=False, path_type=Path),
    help="The folder for the results, or a URL of one; it is made if need be.",
)  # fmt: skip
@archives.option(
    required=False,
    help="Find the sources of rows that name none among these stored articles: a folder of texts, a .jsonl "
    "file, or an .sqlite file.",
)
@archives.index_option
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
    "--scheduler", "address", metavar="ADDRESS",
    help="Let the workers of this Dask scheduler judge, such as tcp://host:8786, and not this machine.",
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
    folder: Place,
    archive: Path | None,
    index_path: Path | None,
    columns: dict[str, str],
    groups: tuple[By, ...],
    form: str,
    rows: int,
    processes: int | None,
    address: str | None,
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
    as for `claimdiff report`. It may be a URL that fsspec knows, such as s3://bucket/table.jsonl. A row holds
    an id, source (or sources, a list) and derivative, or the paths of files in source_path (or source_paths)
    and derivative_path. Other columns are carried through. With --archive a row may lack its source: the text
    is compared with what it was likely made from, as by `claimdiff trace --compare`.

    A run that was stopped, however that came about, goes on when the same command is given again, and ends
    with the same bytes as if it had not been stopped. A pair that cannot be judged becomes an error row.

    The exit code is 0 when all pairs were judged; 2 when some were not; 3 when these few are not
    comparable with their sources, or have none in the archive; with --gate 1 when all were judged and the
    policy stops one.

    \b
    Examples:
      claimdiff batch rewrites.jsonl -o audit --by outlet --by published:month
      claimdiff batch 'archive/*.parquet' -o audit --to parquet --column source=wire --column derivative=text
      claimdiff batch pairs/ -o audit --profile strict --gate
      claimdiff batch rewrites.jsonl -o audit --archive wire/
      claimdiff batch 's3://desk/2026-*.parquet' -o s3://desk/audit --scheduler tcp://dask:8786
    """
    if index_path and not archive:
        raise click.UsageError("--index is the index of an archive; name that with --archive.")
    if address == "":  # an empty variable; this machine is not what was asked for
        raise click.UsageError("--scheduler names no address; it is like tcp://host:8786.")
    plan = _plan(
        inputs, folder, columns, form, rows, processes or _cores(), limit or None, choices, strict, restart,
        lambda own: _archive(archive, index_path, folder, own, talk) if archive else None,
    )  # fmt: skip
    from claimdiff.batch.progress import Progress
    from claimdiff.batch.run import run

    terminal = sys.stderr is not None and sys.stderr.isatty()
    progress = Progress(terminal, talk.progress, talk.say)
    try:
        with _scheduled(plan, address, talk) if address else nullcontext(plan) as own:
            state = run(own, progress.heard)
    except KeyboardInterrupt:
        progress.clear()
        talk.say("stopped; the same command goes on from here")
        raise
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
    folder: Place,
    columns: dict[str, str],
    form: str,
    rows: int,
    processes: int,
    limit: float | None,
    choices: Choices,
    strict: bool,
    restart: bool,
    archived: Callable[[Desk], Archive | None],
) -> Plan:
    from claimdiff import __version__, cache
    from claimdiff.batch import manifest, tables, work
    from claimdiff.batch.away import away
    from claimdiff.batch.inputs import find
    from claimdiff.batch.parts import Parts
    from claimdiff.batch.rows import Maker
    from claimdiff.batch.run import Plan

    if form == "parquet":
        tables.arrow()
    if choices.today is None and not restart:
        choices = replace(choices, today=manifest.day(folder))
    own = away(replace(choices.desk(), cache=None))  # the partitions keep what was done
    own.prepare()
    own.policy("")  # what is wrong with it is wrong for every pair
    input = find(inputs, columns)
    maker = Maker(__version__, cache.engine_signature())
    archive = archived(own)
    return Plan(
        input=input,
        output=folder,
        manifest=manifest.manifest(input, own, maker, form=form, rows=rows, limit=limit, archive=archive),
        tasks=work.tasks(work.Setup(own, maker, archive)),
        parts=Parts(folder, form, rows),
        processes=processes,
        limit=limit,
        strict=strict,
        restart=restart,
    )


@contextmanager
def _scheduled(plan: Plan, address: str, talk: Talk) -> Iterator[Plan]:
    """The plan with a cluster to do it."""
    from claimdiff.batch.away import far
    from claimdiff.batch.cluster import Cluster, connected

    def say(text: str) -> None:
        talk.progress("")
        talk.say(text)

    with connected(address) as client:
        tasks = far(plan.tasks.setup)
        yield replace(plan, crew=lambda _, heard: Cluster(tasks, client, plan.limit, heard, say))


def _archive(place: Path, index_path: Path | None, output: Place, own: Desk, talk: Talk) -> Archive:
    """The archive with its index brought up to date."""
    from claimdiff.batch.archive import Archive
    from claimdiff.trace import Index, Reading

    if isinstance(output, Path) and output.resolve().is_relative_to(place.resolve()):
        raise click.UsageError(f"{output}: lies in the archive, and would be searched as well.")
    how = Reading(own.form, own.encoding, own.policy("").get("max-bytes"))
    index = Index(index_path or archives.index_of(place), how)
    click.get_current_context().call_on_close(index.close)  # last of all, so that SQLite removes its log
    archives.bring_up_to_date(index, place, how, talk)
    with index.transaction():
        problems, content, size = index.problems(), index.content(), index.size()
    archives.say_problems(problems, talk)
    if not size:
        raise InputError(f"{place}: the archive holds no article; check the path")
    return Archive(place.as_posix(), place.resolve(), index.path.resolve(), how, content)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _told(state: State, folder: Place) -> str:
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
        lone = set(state.kinds) <= {"not comparable", "no source"}
        codes.append(Exit.NOT_COMPARABLE if lone else Exit.TROUBLE)
    if gate and state.outcomes["block"]:
        codes.append(Exit.FOUND)
    if gate and not state.done:  # what nobody judged passes no gate
        codes.append(Exit.TROUBLE)
    return worst(codes)

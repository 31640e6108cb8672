"""`claimdiff waive`: let a finding pass, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from claimdiff.cli import desk, options, output
from claimdiff.cli.desk import Choices, text_of
from claimdiff.cli.exits import Exit
from claimdiff.cli.lock import locked
from claimdiff.cli.output import Talk
from claimdiff.cli.pairs import Task, tasks
from claimdiff.errors import InputError
from claimdiff.gate.entries import is_day

if TYPE_CHECKING:
    from claimdiff.checking import Desk
    from claimdiff.model import Comparison

LEAST = 4  # characters of an id that may stand for it


@click.command()
@click.argument("finding")
@click.argument("derivatives", metavar="[DERIVATIVE ...]", nargs=-1, type=desk.FILE)
@click.option(
    "--reason",
    required=True,
    metavar="TEXT",
    help="Why it may pass; whoever reads the file will want to know.",
)
@click.option("--by", default="", metavar="NAME", help="Who decided it.")
@click.option("--expires", default="", metavar="DATE", help="The last day on which it holds, as 2026-12-31.")
@click.option(
    "--source",
    "sources",
    metavar="FILE",
    multiple=True,
    type=desk.FILE,
    help="A source of all the derivatives that are named. Repeatable.",
)
@click.option(
    "--pairs", metavar="FILE", type=desk.FILE, help="Look in the pairs of this .jsonl or .toml file."
)
@desk.options
@options.talk
@click.pass_obj
def waive(
    talk: Talk,
    finding: str,
    derivatives: tuple[str, ...],
    reason: str,
    by: str,
    expires: str,
    sources: tuple[str, ...],
    pairs: str | None,
    choices: Choices,
) -> Exit:
    """Waive FINDING, named by its id or the first four letters of it or more, as `claimdiff check` shows it,
    and write that into claimdiff-waivers.toml, which belongs under version control like the texts.

    It is looked for in each DERIVATIVE, or in all that the configuration pairs with a source. A waiver ends
    when its statement changes, when the finding is gone, and after the day of --expires. A finding that is
    waived already gets the new reason. Name the same --profile as for the check, if you name one there.

    \b
    Examples:
      claimdiff waive 4f0c2a rewrite.md --reason "the desk has the new figure" --by "A. Editor"
      claimdiff waive 4f0c2a --reason "agreed with the agency" --expires 2026-12-31
    """
    if not reason.strip():
        raise click.UsageError("a waiver needs a reason; say it in --reason.")
    if expires and not is_day(expires):
        raise click.UsageError(f"--expires {expires!r} is no day such as 2026-12-31.")
    if expires and expires < choices.day():
        raise click.UsageError(f"--expires {expires} has passed; the waiver would never hold.")
    own = choices.desk(without=("waivers", "baseline"))
    name, comparison, id = _find(own, tasks(own, derivatives, sources, pairs), finding, talk)
    from claimdiff.gate import waiver

    path = choices.file(own.config, "waivers", choices.waivers, needed=False)
    made = waiver.waive(comparison, id, own.path(name), reason=reason, by=by, expires=expires)
    with locked(path.resolve().parent):
        text = text_of(path) if path.exists() else ""
        output.save(waiver.add(text, made, str(path)), path)
    talk.say(f"waived {id} {made.rule} of {made.derivative} in {path}")
    return Exit.OK


def _find(own: Desk, work: Sequence[Task], finding: str, talk: Talk) -> tuple[str, Comparison, str]:
    """The derivative's name, its comparison and the full id of the one finding that is meant."""
    found: list[tuple[str, Comparison, str]] = []
    failed: list[str] = []
    for task in work:
        try:
            comparison = task.check(own)
        except Exception as error:
            if len(work) == 1:
                raise
            failed.append(f"{task.name}: {error}")
            continue
        found += [
            (task.name, comparison, own.id)
            for own in comparison.findings
            if own.id == finding or (len(finding) >= LEAST and own.id.startswith(finding))
        ]
    for line in failed:
        talk.say(f"{line}; not looked at")
    exact = [entry for entry in found if entry[2] == finding]
    left = exact or found
    if len(left) != 1:
        where = ", ".join(task.name for task in work[:3]) + (" and others" if len(work) > 3 else "")
        told = ", ".join(f"{id} in {name}" for name, _, id in left[:5])
        raise InputError(
            f"{finding}: begins {len(left)} findings ({told}); write more of it, or name the derivative"
            if left
            else f"{finding}: no finding of {where} has this id; `claimdiff check` shows the ids"
        )
    return left[0]

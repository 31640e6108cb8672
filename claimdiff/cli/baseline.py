"""`claimdiff baseline`: accept what is there today, and fail on what is new."""

from __future__ import annotations

import click

from claimdiff.cli import desk, options, output
from claimdiff.cli.desk import Choices, text_of
from claimdiff.cli.exits import Exit
from claimdiff.cli.lock import locked
from claimdiff.cli.output import Talk
from claimdiff.cli.pairs import tasks


@click.command()
@click.argument("derivatives", metavar="[DERIVATIVE ...]", nargs=-1, type=desk.FILE)
@click.option("--accept-new", is_flag=True, help="Take in what is new since the baseline was made.")
@click.option(
    "--source",
    "sources",
    metavar="FILE",
    multiple=True,
    type=desk.FILE,
    help="A source of all the derivatives that are named. Repeatable.",
)
@click.option("--pairs", metavar="FILE", type=desk.FILE, help="Take the pairs in this .jsonl or .toml file.")
@desk.options
@options.talk
@click.pass_obj
def baseline(
    talk: Talk,
    derivatives: tuple[str, ...],
    accept_new: bool,
    sources: tuple[str, ...],
    pairs: str | None,
    choices: Choices,
) -> Exit:
    """Write the findings of each DERIVATIVE into claimdiff-baseline.toml; a check then fails on others only.

    Without a DERIVATIVE, all are taken that the configuration pairs with a source. The first run takes in
    everything that no waiver lets pass. Every later one takes out what has been fixed, and takes in
    nothing new: it names what it refused and ends with 1, unless --accept-new is given.

    \b
    Examples:
      claimdiff baseline
      claimdiff baseline rewrites/*.md --accept-new
    """
    own = choices.desk(without=("baseline",))
    work = tasks(own, derivatives, sources, pairs)
    judged = []
    for number, task in enumerate(work, 1):
        talk.progress(f"{number} of {len(work)}: {task.derivative}")
        judged.append((own.path(task.name), task.check(own)))
    talk.progress("")
    from claimdiff.gate.baseline import update

    path = choices.file(own.config, "baseline", choices.baseline, needed=False)
    with locked(path.resolve().parent):
        text = text_of(path) if path.exists() else ""
        made = update(text, judged, accept_new=accept_new, name=str(path))
        if made.text != text:
            output.save(made.text, path)
    talk.say(f"{path}: {made.kept} kept, {made.removed} taken out, {made.added} taken in")
    for refused in made.refused:
        talk.say(f"refused, since it is new: {refused.finding} {refused.rule} of {refused.derivative}")
    if made.refused:
        talk.say("fix these, waive them, or take them in with --accept-new")
        return Exit.FOUND
    return Exit.OK

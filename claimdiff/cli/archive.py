"""What the commands that search an archive have in common: options, the index, and what they say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from claimdiff.errors import InputError
from claimdiff.render.words import count

if TYPE_CHECKING:
    from claimdiff.cli.output import Talk
    from claimdiff.trace import Index, Reading
    from claimdiff.trace.index import Problem

NAMED = 10  # problems that are named; --verbose names all
Command = TypeVar("Command", bound=Callable[..., object])


def option(*, required: bool, help: str) -> Callable[[Command], Command]:
    """The archive; the command gets it as `archive`."""
    return click.option(
        "--archive", "archive", metavar="PATH", required=required, type=click.Path(path_type=Path), help=help
    )


index_option = click.option(
    "--index", "index_path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Where the archive's index is kept; otherwise among the user's caches.",
)  # fmt: skip


def index_of(archive: Path) -> Path:
    """Where the index of this archive is kept among the caches of the user."""
    from hashlib import sha256

    from claimdiff.cache import default_folder

    folder = default_folder()
    if folder is None:
        raise InputError("there is no folder for caches; name a file for the index with --index")
    try:
        place = str(archive.resolve()).encode("utf-8", "surrogateescape")
    except (OSError, RuntimeError) as error:
        raise InputError(f"{archive}: cannot be read ({error}); check the path") from None
    return folder / "trace" / f"{sha256(place).hexdigest()[:24]}.sqlite"


def bring_up_to_date(index: Index, archive: Path, how: Reading, talk: Talk) -> None:
    """Make the index hold what the archive holds, and say what was done."""
    from claimdiff.trace import update

    if index.rebuilt:
        talk.say(f"{index.path}: is made anew, because {index.rebuilt}")
    changes = update(index, archive, how, talk.progress)
    talk.progress("")
    if changes:
        talk.say(
            f"indexed {archive}: {changes.added:,} articles new, {changes.changed:,} changed, "
            f"{changes.removed:,} gone"
        )


def say_problems(problems: Sequence[Problem], talk: Talk) -> None:
    """Name what of the archive could not be read."""
    if not problems:
        return
    talk.say(f"{count(len(problems), 'text')} of the archive could not be read:")
    shown = problems if talk.verbose else problems[:NAMED]
    for problem in shown:
        talk.say(f"  {problem.name}: {problem.reason}")
    if len(shown) < len(problems):
        talk.say(f"  and {len(problems) - len(shown)} more; --verbose names all")

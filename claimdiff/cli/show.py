"""How a comparison is shown: the options for it, and where the result goes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimdiff.cli import output
from claimdiff.cli.output import Talk
from claimdiff.render import FORMATS
from claimdiff.render.link import DOCS

if TYPE_CHECKING:
    from claimdiff.model import Comparison

STDIN = "-"
TWO_COLUMNS, MOST_FOR_TWO = 120, 200  # the widths of two columns in a file, and at most


@dataclass(frozen=True, slots=True)
class Look:
    """What the user wants to see, and where."""

    form: str
    target: str | None
    color: str
    side_by_side: bool
    pager: bool
    rules_url: str

    @property
    def to_file(self) -> bool:
        return self.target is not None and self.target != STDIN


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What to show and where; the command gets it as `look`."""

    @wraps(command)
    def gathering(
        *args: Any,
        form: str,
        target: str | None,
        color: str,
        side_by_side: bool,
        no_pager: bool,
        rules_url: str,
        **rest: Any,
    ) -> Any:
        own = Look(form, target, color, side_by_side, not no_pager, rules_url)
        return command(*args, look=own, **rest)

    for option in reversed((_format, _target, _color, _side_by_side, _no_pager, rules_url)):
        gathering = option(gathering)
    return gathering


_format = click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMATS)),
    metavar="NAME",
    default="text",
    show_default=True,
    help="What to make of it: " + "; ".join(f"{own.name}, {own.summary}" for own in FORMATS.values()) + ".",
)
_target = click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    help="Write to this file instead of standard output.",
)
_color = click.option(
    "--color",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="Colour the text; auto is for terminals and heeds NO_COLOR and FORCE_COLOR.",
)
_side_by_side = click.option(
    "--side-by-side",
    is_flag=True,
    help=f"Show the text with both articles in two columns, from a width of {TWO_COLUMNS} on.",
)
_no_pager = click.option(
    "--no-pager", is_flag=True, help="Print a long text to the terminal at once, not page by page."
)
rules_url = click.option(
    "--rules-url",
    metavar="URL",
    default=DOCS,
    show_default=True,
    help="Where the pages of the rules are, for links: a folder, or an address with {rule} in it.",
)


def show(comparison: Comparison, look: Look, talk: Talk) -> None:
    """Render the comparison and print it, page it or write it to the file that was named."""
    terminal = not look.to_file and sys.stdout is not None and sys.stdout.isatty()
    color = output.wants_color(look.color, to_file=look.to_file)
    text = render(
        comparison,
        look.form,
        color=color,
        width=_width(look.side_by_side, terminal=terminal),
        verbose=talk.verbose,
        side_by_side=look.side_by_side,
        encoding=(sys.stdout.encoding if terminal else None) or "utf-8",
        docs=look.rules_url,
    )
    if look.target is not None and look.to_file:
        output.save(text, Path(look.target))
        talk.say(f"wrote {look.target}")
    elif terminal and look.pager and look.form == "text" and _is_long(text):
        click.echo_via_pager(text, color=color)
    else:
        output.emit(text)


def render(comparison: Comparison, form: str, **options: Any) -> str:
    """The comparison in a format; paths are told from the current folder."""
    if "rules" in FORMATS[form].options():
        from claimdiff.detect import RULES

        options["rules"] = RULES
    return FORMATS[form].render(comparison, root=Path.cwd().as_posix(), **options)


def _width(side_by_side: bool, *, terminal: bool) -> int:
    if not side_by_side:
        return output.width(to_file=not terminal)
    if not terminal:
        return TWO_COLUMNS
    return min(MOST_FOR_TWO, shutil.get_terminal_size((output.PIPED_WIDTH, 24)).columns)


def _is_long(text: str) -> bool:
    """Whether a terminal would scroll."""
    return text.count("\n") >= shutil.get_terminal_size((output.PIPED_WIDTH, 24)).lines


def refuse_overwriting(names: Sequence[str], target: str | None) -> None:
    """Stop before a text that is read would be written over."""
    if target is None or target == STDIN:
        return
    place = Path(target)
    for name in names:
        if name != STDIN and place.is_file() and Path(name).is_file() and place.samefile(name):
            raise click.UsageError(f"-o {target} is one of the texts; it would be overwritten.")

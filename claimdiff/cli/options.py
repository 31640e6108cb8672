"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from claimdiff.cli.output import Talk

Command = TypeVar("Command", bound=Callable[..., Any])


def _share(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if not 0 <= value <= 1:  # false for nan too
        raise click.BadParameter(f"{value:g} is not a number from 0 to 1", ctx, param)
    return value


def engine(command: Command) -> Command:
    """How to read and judge."""
    encoding = click.option(
        "--encoding", metavar="NAME", help="Encoding of the files, such as cp1252; otherwise UTF-8."
    )
    confidence = click.option(
        "--min-confidence",
        type=float,
        metavar="NUMBER",
        callback=_share,
        default=0.5,
        show_default=True,
        help="Leave out findings that are less certain than this, from 0 to 1.",
    )
    return encoding(confidence(command))


def talk(command: Command) -> Command:
    """How much to say on standard error."""

    def keep(name: str) -> Callable[[click.Context, click.Parameter, bool], bool]:
        def callback(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
            setattr(ctx.ensure_object(Talk), name, value)
            return value

        return callback

    quiet = click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=keep("quiet"),
        help="Say nothing on standard error but errors.",
    )
    verbose = click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=keep("verbose"),
        help="Say more: whole statements in text output, and the traceback of an error.",
    )
    return quiet(verbose(command))

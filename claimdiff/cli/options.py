"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import click

from claimdiff.cli.output import Talk
from claimdiff.model import MIN_CONFIDENCE

Command = TypeVar("Command", bound=Callable[..., Any])


# What claimdiff.read knows; written out so that --help need not load it. A test holds them together.
FORMS = ("text", "markdown", "html", "ninjs", "nitf", "newsml", "rss", "docx", "pdf")
MAX_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Engine:
    """How to read the texts and judge them."""

    form: str | None
    encoding: str | None
    max_bytes: int
    lang: str | None
    min_confidence: float


def _share(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if not 0 <= value <= 1:  # false for nan too
        raise click.BadParameter(f"{value:g} is not a number from 0 to 1", ctx, param)
    return value


def engine(command: Callable[..., Any]) -> Callable[..., Any]:
    """How to read and judge; the command gets it as `engine`."""

    @wraps(command)
    def gathering(
        *args: Any,
        input_format: str | None,
        encoding: str | None,
        max_bytes: int,
        lang: str | None,
        min_confidence: float,
        **rest: Any,
    ) -> Any:
        own = Engine(input_format, encoding, max_bytes, lang, min_confidence)
        return command(*args, engine=own, **rest)

    return _form(_encoding(_max_bytes(_lang(_min_confidence(gathering)))))


_form = click.option(
    "--input-format",
    type=click.Choice(FORMS),
    help="What the texts are; otherwise their extensions say it, or how they begin.",
)
_encoding = click.option(
    "--encoding",
    metavar="NAME",
    help="Encoding of the texts, such as cp1252; otherwise UTF-8, or what they declare.",
)
_max_bytes = click.option(
    "--max-bytes",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    default=MAX_BYTES,
    show_default=True,
    help="Refuse a text that is larger than this.",
)
_lang = click.option(
    "--lang",
    type=click.Choice(("en",)),
    help="Judge the texts as English even where they look like another language.",
)
_min_confidence = click.option(
    "--min-confidence",
    type=float,
    metavar="NUMBER",
    callback=_share,
    default=MIN_CONFIDENCE,
    show_default=True,
    help="Leave out findings that are less certain than this, from 0 to 1.",
)


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

"""Options that several commands have."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from claimdiff.cli import verifier as asked
from claimdiff.cli.output import Talk
from claimdiff.model import MIN_CONFIDENCE, Boilerplate

if TYPE_CHECKING:
    from claimdiff.verify.protocol import Verifier
    from claimdiff.verify.spec import Spec

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
    boilerplate: Boilerplate | None
    verifier: Spec | None

    def prepare(self) -> None:
        """Open the verifier, so that what is wrong with it is said before anything is read. Raises
        VerifierError."""
        self._opened()

    @property
    def judging(self) -> dict[str, Any]:
        """The arguments of `compare` that say how to judge."""
        return {
            "min_confidence": self.min_confidence,
            "lang": self.lang,
            "boilerplate": self.boilerplate,
            "verifier": self._opened(),
        }

    def _opened(self) -> Verifier | None:
        if self.verifier is None:
            return None
        from claimdiff.verify.spec import opened

        return opened(self.verifier)


def share(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if not 0 <= value <= 1:  # false for nan too
        raise click.BadParameter(f"{value:g} is not a number from 0 to 1", ctx, param)
    return value


def _house(ctx: click.Context, param: click.Parameter, value: str | None) -> Boilerplate | None:
    """The phrases in a file like lexicon/boilerplate.toml: lists of phrases by where they stand in a line."""
    if value is None:
        return None
    try:
        lists = tomllib.loads(Path(value).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise click.BadParameter(f"{value}: cannot be read ({reason})", ctx, param) from None
    for key, phrases in lists.items():
        if key not in Boilerplate._fields:
            known = ", ".join(Boilerplate._fields)
            raise click.BadParameter(f"{value}: no such list as {key}; there are {known}", ctx, param)
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
            raise click.BadParameter(f"{value}: {key} is no list of phrases in quotes", ctx, param)
    return Boilerplate(**{key: tuple(phrases) for key, phrases in lists.items()})


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
        boilerplate: Boilerplate | None,
        verifier: Spec | None,
        no_cache: bool,
        **rest: Any,
    ) -> Any:
        judge = asked.anew(verifier, no_cache)
        own = Engine(input_format, encoding, max_bytes, lang, min_confidence, boilerplate, judge)
        return command(*args, engine=own, **rest)

    judged = asked.options(asked.no_cache(gathering))
    return _form(_encoding(_max_bytes(_lang(_min_confidence(_boilerplate(judged))))))


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
_boilerplate = click.option(
    "--boilerplate",
    metavar="FILE",
    callback=_house,
    help="Your house's lines that are no part of a story: a TOML file of lines, beginnings and endings.",
)
_min_confidence = click.option(
    "--min-confidence",
    type=float,
    metavar="NUMBER",
    callback=share,
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

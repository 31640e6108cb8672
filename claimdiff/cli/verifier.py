"""The options by which a command asks for a second opinion.

They come from the command line alone: a file in a repository must not be able to send articles, or a key,
to an address of its choosing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from claimdiff.cli.output import Talk
from claimdiff.errors import ClaimdiffError

if TYPE_CHECKING:
    from claimdiff.verify.spec import Spec

# What claimdiff.verify.spec knows; written out so that nobody who asks no verifier loads it.
KINDS = "llm:MODEL, hf:PATH_OR_NAME, onnx:FILE"
URL = "CLAIMDIFF_VERIFIER_URL"
ANSWERS = "answers.sqlite"


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Who gives a second opinion; the command gets it as `verifier`, a Spec or None."""

    @wraps(command)
    def gathering(*args: Any, verifier: str | None, **given: Any) -> Any:
        own = {name: given.pop(f"verifier_{name}") for name in _FIELDS}
        return command(*args, verifier=_spec(verifier, own), **given)

    for option in reversed(list(_options())):
        gathering = option(gathering)
    return gathering


# For commands that keep nothing else; the others have one for all that is kept.
no_cache = click.option(
    "--no-cache", is_flag=True, help="Ask a verifier anew, and keep none of its answers."
)  # fmt: skip


def anew(verifier: Spec | None, no_cache: bool) -> Spec | None:
    """Who gives a second opinion; without caches, what a model answered before counts for nothing."""
    return replace(verifier, answers="") if verifier and no_cache else verifier


_FIELDS = ("url", "key_file", "device", "hub", "seconds", "tokens", "parallel")


def _spec(named: str | None, own: dict[str, Any]) -> Spec | None:
    given = {name: value for name, value in own.items() if value not in (None, "", False)}
    if named is None:
        told = [name for name in given if name != "url"]  # the address may stand in the environment
        if told:
            raise click.UsageError(f"--verifier-{told[0].replace('_', '-')} goes with --verifier.")
        return None
    from claimdiff.verify.spec import Spec, parse

    try:
        kind, name = parse(named)
    except ClaimdiffError as error:
        raise click.BadParameter(str(error), param_hint="--verifier") from None
    _show_progress()
    return Spec(kind, name, **given, answers=_answers() if kind == "llm" else "")


def _show_progress() -> None:
    """Let the terminal say how far the asking is."""
    from claimdiff.verify.progress import listen

    talk = click.get_current_context().obj
    if isinstance(talk, Talk):
        listen(
            lambda done, asked: talk.progress(f"second opinion: {done} of {asked}" if done < asked else "")
        )


def _answers() -> str:
    """The file in which the answers of a model are kept, so that nothing is asked and paid for twice."""
    from claimdiff.cache import default_folder

    folder = default_folder()
    return str(folder / ANSWERS) if folder else ""


def _options() -> Iterator[Callable[..., Any]]:
    yield click.option(
        "--verifier", metavar="KIND:NAME", help=f"Ask for a second opinion: {KINDS}. Off unless you name one."
    )
    yield click.option(
        "--verifier-url", metavar="URL", envvar=URL, show_envvar=True,
        help="Where the model of llm: is asked; the texts that it judges are sent there.",
    )  # fmt: skip
    yield click.option(
        "--verifier-key-file", metavar="FILE", type=click.Path(),
        help="A file with the key for it, in place of CLAIMDIFF_VERIFIER_KEY.",
    )  # fmt: skip
    yield click.option(
        "--verifier-device", metavar="NAME", help="Where a local model computes.  [default: cpu]"
    )
    yield click.option("--verifier-hub", is_flag=True, help="Let a model of hf: be fetched from its hub.")
    yield click.option(
        "--verifier-seconds", metavar="NUMBER", type=click.FloatRange(min=0, min_open=True),
        help="The most time for one comparison; what is left then is not judged.",
    )  # fmt: skip
    yield click.option(
        "--verifier-tokens", metavar="NUMBER", type=click.IntRange(min=1),
        help="The most tokens of llm: for one comparison.",
    )  # fmt: skip
    yield click.option(
        "--verifier-parallel", metavar="NUMBER", type=click.IntRange(1, 64),
        help="Requests at the same time.  [default: 4]",
    )  # fmt: skip

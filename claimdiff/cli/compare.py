"""`claimdiff compare`: one derivative against its sources."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimdiff.cli import options, output
from claimdiff.cli.exits import Exit
from claimdiff.cli.output import Talk

if TYPE_CHECKING:
    from claimdiff.model import Comparison, Document

STDIN = "-"
FORMATS = ("text", "markdown", "json")


@click.command(short_help="Compare a rewrite with its source.")
@click.argument("sources", metavar="SOURCE [SOURCE ...]", nargs=-1, required=True)
@click.argument("derivative")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What to print: text for reading here, a Markdown report, or JSON with everything.",
)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    help="Write to this file instead of standard output.",
)
@click.option(
    "--color",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="Colour the text; auto is for terminals and heeds NO_COLOR and FORCE_COLOR.",
)
@options.engine
@options.talk
@click.pass_obj
def compare(
    talk: Talk,
    sources: tuple[str, ...],
    derivative: str,
    form: str,
    target: str | None,
    color: str,
    encoding: str | None,
    min_confidence: float,
) -> Exit:
    """Compare DERIVATIVE with one SOURCE or several and print what was added, left out or distorted.

    The files are plain text, or Markdown when their name ends in .md. One of them may be -, which is
    standard input read as plain text. With several sources, a statement is added only when none of
    them carries it.

    The exit code is 0 when the comparison was made, whatever it found; 2 when a file could not be read;
    3 when the texts cannot be compared.

    \b
    Examples:
      claimdiff compare source.txt rewrite.txt
      claimdiff compare wire.txt release.txt rewrite.txt --min-confidence 0.8
      claimdiff compare source.md rewrite.md --format markdown -o report.md
      curl -s https://example.org/rewrite.txt | claimdiff compare source.txt - --format json
    """
    names = [*sources, derivative]
    if names.count(STDIN) > 1:
        raise click.UsageError("only one of the texts can be -, standard input.")
    _refuse_overwriting(names, target)
    documents = [_read(name, f"t{number}", encoding) for number, name in enumerate(names)]
    from claimdiff.pipeline import compare as judge

    comparison = judge(documents[:-1], documents[-1], min_confidence=min_confidence)
    to_file = target is not None and target != STDIN
    text = _render(comparison, form, color=color, to_file=to_file, verbose=talk.verbose)
    if target is None or not to_file:
        output.emit(text)
    else:
        output.save(text, Path(target))
        talk.say(f"wrote {target}")
    return Exit.OK


def _refuse_overwriting(names: Sequence[str], target: str | None) -> None:
    if target is None or target == STDIN:
        return
    place = Path(target)
    for name in names:
        if name != STDIN and place.is_file() and Path(name).is_file() and place.samefile(name):
            raise click.UsageError(f"-o {target} is one of the texts; it would be overwritten.")


def _read(name: str, id: str, encoding: str | None) -> Document:
    from claimdiff import read

    if name != STDIN:
        return read.read_path(Path(name), id=id, encoding=encoding)
    data = sys.stdin.buffer.read(read.MAX_BYTES + 1) if sys.stdin is not None else b""
    return read.read_bytes(data, id=id, name="standard input", encoding=encoding)


def _render(comparison: Comparison, form: str, *, color: str, to_file: bool, verbose: bool) -> str:
    if form == "json":
        return comparison.to_json() + "\n"
    if form == "markdown":
        from claimdiff.render import markdown

        return markdown.render(comparison)
    from claimdiff.render import text

    colored, width = output.wants_color(color, to_file=to_file), output.width(to_file=to_file)
    return text.render(comparison, color=colored, width=width, verbose=verbose)

"""`claimdiff compare`: one derivative against its sources."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimdiff.cli import options, show
from claimdiff.cli.exits import Exit
from claimdiff.cli.options import Engine
from claimdiff.cli.output import Talk
from claimdiff.cli.show import STDIN, Look

if TYPE_CHECKING:
    from claimdiff.model import Document


@click.command()
@click.argument("sources", metavar="SOURCE [SOURCE ...]", nargs=-1, required=True)
@click.argument("derivative")
@show.options
@options.engine
@options.talk
@click.pass_obj
def compare(
    talk: Talk,
    sources: tuple[str, ...],
    derivative: str,
    look: Look,
    engine: Engine,
) -> Exit:
    """Compare DERIVATIVE with one SOURCE or several and print what was added, left out or distorted.

    The files may be plain text, Markdown, HTML, Word, PDF, ninjs, NITF, NewsML, RSS or Atom, as their
    names or their content say. One of them may be -, standard input. With several sources, a statement is
    added only when none of them carries it.

    The exit code is 0 when the comparison was made, whatever it found; 2 when a file could not be read;
    3 when the texts cannot be compared, as when one of them is not in English.

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
    show.refuse_overwriting(names, look.target)
    engine.prepare()
    documents = [_read(name, f"t{number}", engine) for number, name in enumerate(names)]
    from claimdiff.pipeline import compare as judge

    comparison = judge(documents[:-1], documents[-1], **engine.judging)
    show.show(comparison, look, talk)
    return Exit.OK


def _read(name: str, id: str, how: Engine) -> Document:
    from claimdiff import read

    if name != STDIN:
        return read.read_path(
            Path(name), id=id, form=how.form, encoding=how.encoding, max_bytes=how.max_bytes
        )
    data = sys.stdin.buffer.read(how.max_bytes + 1) if sys.stdin is not None else b""
    return read.read_bytes(
        data, id=id, name="standard input", form=how.form, encoding=how.encoding, max_bytes=how.max_bytes
    )

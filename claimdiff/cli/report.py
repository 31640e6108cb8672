"""`claimdiff report`: a folder of pairs as pages with an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimdiff.cli import options, output, show
from claimdiff.cli.exits import Exit
from claimdiff.cli.options import Engine
from claimdiff.cli.output import Talk
from claimdiff.errors import ClaimdiffError, InputError
from claimdiff.render import FORMATS, Format

if TYPE_CHECKING:
    from claimdiff.folder import PairFiles
    from claimdiff.model import Comparison

INDEX = "index"


@dataclass(frozen=True, slots=True)
class _Pages:
    """Where reports go, and what they are."""

    target: Path
    form: Format
    rules_url: str

    def write(self, name: str, comparison: Comparison) -> None:
        text = show.render(
            comparison, self.form.name, title=name, docs=self.rules_url, color=False, width=output.PIPED_WIDTH
        )
        output.save(text, self.target / f"{name}{self.form.suffix}")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "--output", "target", metavar="REPORTS", required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the reports; it is made if need be.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(tuple(FORMATS)), metavar="NAME", default="markdown",
    show_default=True, help="What to make of each pair, as for compare: html, markdown, sarif and so on.",
)  # fmt: skip
@show.rules_url
@options.engine
@options.talk
@click.pass_obj
def report(talk: Talk, folder: Path, target: Path, form: str, rules_url: str, engine: Engine) -> Exit:
    """Compare every pair in FOLDER and write a report of each, and an index of all in Markdown.

    A pair is a folder NAME with source.txt (or several: source1.txt, source2.html) and derivative.txt; in
    place of .txt stands the extension of any form that can be read. Its report is REPORTS/NAME.md, or what
    files of the format end in; the index is REPORTS/index.md. A pair that cannot be compared is named and
    the others are still rendered; the exit code is then 2. No file in REPORTS is ever deleted.

    \b
    Examples:
      claimdiff report seeds -o reports
      claimdiff report seeds -o pages --format html
    """
    from claimdiff.folder import find_pairs

    pairs = list(find_pairs(folder))
    if not pairs:
        raise InputError(
            f"{folder}: holds no pair; one is a folder in it with source.txt and derivative.txt (or .md, ...)"
        )
    engine.prepare()
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output.OutputError(f"{target}: cannot be made ({error.strerror})") from None
    done, broken = _render_pairs(pairs, _Pages(target, FORMATS[form], rules_url), talk, engine)
    from claimdiff.render import index

    suffix = FORMATS[form].suffix
    output.save(index.render(done, broken=broken, suffix=suffix), target / f"{INDEX}.md")
    _say_stale(target, {f"{name}{suffix}" for name, _ in done} | {f"{INDEX}.md"}, talk)
    talk.say(f"wrote {len(done)} of {len(pairs)} reports to {target}; start at {target / INDEX}.md")
    return Exit.TROUBLE if broken else Exit.OK


def _render_pairs(
    pairs: Sequence[PairFiles], pages: _Pages, talk: Talk, how: Engine
) -> tuple[list[tuple[str, Comparison]], list[tuple[str, str]]]:
    done: list[tuple[str, Comparison]] = []
    broken: list[tuple[str, str]] = []
    for number, pair in enumerate(pairs, 1):
        talk.progress(f"{number} of {len(pairs)}: {pair.name}")
        try:
            comparison = _compare(pair, how)
            pages.write(pair.name, comparison)
            done.append((pair.name, comparison))
        except Exception as error:
            talk.progress("")
            talk.trace()
            reason = str(error) if isinstance(error, ClaimdiffError) else output.internal(error)
            talk.error(f"{pair.name}: {reason}")
            broken.append((pair.name, reason))
    talk.progress("")
    return done, broken


def _compare(pair: PairFiles, how: Engine) -> Comparison:
    if pair.name.lower() == INDEX:
        raise InputError(f"a pair cannot be called {pair.name}; {INDEX}.md is the index")
    paths = pair.whole()
    from claimdiff.pipeline import compare
    from claimdiff.read import read_path

    documents = [
        replace(
            read_path(path, id=path.stem, form=how.form, encoding=how.encoding, max_bytes=how.max_bytes),
            name=path.name,
        )
        for path in paths
    ]
    return compare(documents[:-1], documents[-1], **how.judging)


def _say_stale(target: Path, written: set[str], talk: Talk) -> None:
    """Name the pages that no pair of this run accounts for; they may be the user's own."""
    endings = {Path(name).suffix for name in written}
    files = (own.name for own in target.iterdir() if own.suffix in endings)
    stale = sorted(name for name in files if name not in written)
    if stale:
        talk.say(f"not from this run, left as they are: {', '.join(stale)}")

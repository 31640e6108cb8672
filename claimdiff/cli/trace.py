"""`claimdiff trace`: which articles of an archive a text was made from."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimdiff.cli import archive as archives
from claimdiff.cli import options, output
from claimdiff.cli.exits import Exit
from claimdiff.cli.options import Engine
from claimdiff.cli.output import Talk
from claimdiff.cli.show import STDIN, refuse_overwriting
from claimdiff.errors import NotComparableError
from claimdiff.render.words import count, plain

if TYPE_CHECKING:
    from claimdiff.model import Comparison, Document
    from claimdiff.trace import Trace, Traced

PASSAGES = 3  # that the text shows of each candidate
WIDE = 76


@click.command()
@click.argument("derivative")
@archives.option(
    required=True, help="The stored articles: a folder of texts, a .jsonl file, or an .sqlite file."
)
@archives.index_option
@click.option(
    "--top", type=click.IntRange(1, 100), default=5, show_default=True, help="Show so many candidates."
)
@click.option("--compare", is_flag=True, help="Go on to compare with the likely sources together.")
@click.option(
    "--itself", is_flag=True, help="Let the text itself, where it is in the archive, be a candidate."
)
@click.option("--no-update", is_flag=True, help="Ask the index as it is, without a look at the archive.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
    help="What to print.",
)  # fmt: skip
@click.option("-o", "--output", "target", metavar="FILE", help="Write to this file, not to standard output.")
@options.engine
@options.talk
@click.pass_obj
def trace(
    talk: Talk,
    derivative: str,
    archive: Path,
    index_path: Path | None,
    top: int,
    compare: bool,
    itself: bool,
    no_update: bool,
    form: str,
    target: str | None,
    engine: Engine,
) -> Exit:
    """Find which of the articles in an archive DERIVATIVE was made from.

    The articles are indexed once; later runs read only what is new or changed. Candidates come with what
    they share with the text. Two or more of them may be sources together.

    The exit code is 0 when a likely source was found, 3 when nothing is like the text, 2 when
    something could not be read or used. Unreadable files in the archive are named, and stop nothing.

    \b
    Examples:
      claimdiff trace rewrite.txt --archive wire/
      claimdiff trace rewrite.txt --archive wire.jsonl --compare
      claimdiff trace rewrite.txt --archive wire.sqlite --format json -o trace.json
    """
    from claimdiff.trace import Index, Reading, find

    refuse_overwriting([derivative, str(archive)], target)
    engine.prepare()
    document = _read(derivative, engine)
    how = Reading(engine.form, engine.encoding, engine.max_bytes)
    index = Index(index_path or archives.index_of(archive), how, fixed=no_update)
    try:
        if not no_update:
            archives.bring_up_to_date(index, archive, how, talk)
        found = find(index, archive, document, how, top=top, itself=itself, boilerplate=engine.boilerplate)
    finally:
        index.close()
    archives.say_problems(found.problems, talk)
    code = Exit.OK if found.sources else Exit.NOT_COMPARABLE
    comparison = None
    if compare and found.sources:
        try:
            comparison = _compare(found, document, engine)
        except NotComparableError as error:  # what was found is worth telling all the same
            talk.error(str(error))
            code = Exit.NOT_COMPARABLE
    if form == "json":
        text = _as_json(found, comparison)
    else:
        text = _as_text(found, comparison, archive, whole=talk.verbose)
    if target is None or target == STDIN:
        output.emit(text)
    else:
        output.save(text, Path(target))
        talk.say(f"wrote {target}")
    return code


def _read(name: str, how: Engine) -> Document:
    from claimdiff import read

    data = _stdin(how.max_bytes) if name == STDIN else read.load(Path(name), how.max_bytes)
    form = how.form or (None if name == STDIN else read.form.of_name(name))
    called = "standard input" if name == STDIN else name
    return read.read_bytes(
        data, id="d", name=called, form=form, encoding=how.encoding, max_bytes=how.max_bytes
    )


def _stdin(most: int) -> bytes:
    return sys.stdin.buffer.read(most + 1) if sys.stdin is not None else b""


def _compare(found: Trace, document: Document, engine: Engine) -> Comparison | None:
    """The comparison with the best few that are still there."""
    from claimdiff.pipeline import compare

    return compare(found.together, document, **engine.judging) if found.together else None


def _as_json(found: Trace, comparison: Comparison | None) -> str:
    from claimdiff.trace import as_json

    data = as_json(found)
    if comparison is not None:
        data["comparison"] = json.loads(comparison.to_json())
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _as_text(found: Trace, comparison: Comparison | None, archive: Path, *, whole: bool) -> str:
    total = f"the {found.articles:,} articles of {archive}"
    if found.sources:
        said = f"{found.derivative}: {count(len(found.sources), 'likely source')} among {total}"
    else:
        said = f"{found.derivative}: no likely source among {total}"
    lines = [plain(said)]
    for own in found.identical:
        lines.append(plain(f"{own.name} is this text itself, word for word"))
    others = False
    for number, one in enumerate(found.traced, 1):
        if not one.candidate.likely and not others:
            others = True
            lines += ["", "Others that share something:"]
        lines += ["", *_candidate(one, number, found.derivative, whole)]
    text = "\n".join(lines) + "\n"
    if comparison is not None:
        from claimdiff.cli.show import render

        report = render(comparison, "text", color=False, width=output.PIPED_WIDTH, encoding="utf-8")
        text += "\n" + report
    return text


def _candidate(one: Traced, number: int, derivative: str, whole: bool) -> list[str]:
    from claimdiff.trace import best_passages

    article, candidate = one.candidate.article, one.candidate
    about = "  ".join(part for part in (article.title and f"“{article.title}”", article.date) if part)
    carries = f"   carries {candidate.score:.0%} of the text"
    if candidate.gain < candidate.score:
        carries += f", {candidate.gain:.0%} beyond those above"
    lines = [f"{number}. {article.name}", *([f"   {about}"] if about else []), carries]
    if one.document is None:
        lines.append("   is not as the index knows it any more; run again to see what it shares")
    if not candidate.likely:
        return list(map(plain, lines))
    for what, found in (("names", one.shared.names), ("figures", one.shared.figures)):
        if found:
            lines.append(f"   {what}: {', '.join(found)}")
    for passage in one.shared.passages if whole else best_passages(one.shared, PASSAGES):
        lines.append(f"   {derivative}:{passage.derivative.line}  {passage.derivative.text}")
        lines.append(f"   {article.name}:{passage.source.line}  {passage.source.text}")
    first, *others = map(plain, lines)  # a path is of use in full only
    return [first, *(line if whole else _cut(line) for line in others)]


def _cut(line: str) -> str:
    return line if len(line) <= WIDE else line[: WIDE - 1].rstrip() + "…"

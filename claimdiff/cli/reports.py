"""Reports of a run over several pairs: where each goes, and the table that ends the run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimdiff import __version__
from claimdiff.cli import output, show
from claimdiff.cli.exits import Exit
from claimdiff.cli.output import Talk
from claimdiff.render import FORMATS, several, unjudged
from claimdiff.render.unjudged import Trouble
from claimdiff.render.words import plain

if TYPE_CHECKING:
    from claimdiff.cli.pairs import Task
    from claimdiff.model import Comparison

NAME = "{name}"
SHORTS = {".md": "markdown", ".htm": "html", ".jsonl": "json"}  # beside the formats' own endings
WORDS = {
    Exit.OK: "passes",
    Exit.FOUND: "blocked",
    Exit.TROUBLE: "not judged",
    Exit.NOT_COMPARABLE: "not comparable",
}
PASSED_OVER = "passed over"  # it was not judged, and need not be
Judged = Sequence[tuple[str, "Comparison"]]


@dataclass(frozen=True, slots=True)
class Target:
    """A format and the file for it; None is standard output. {name} in it gives every pair a file."""

    form: str
    path: str | None


def targets(ctx: click.Context, param: click.Parameter, given: Sequence[str]) -> tuple[Target, ...]:
    """What --output says: FORMAT=FILE, or a FILE whose ending says the format."""
    return tuple(_target(ctx, param, own) for own in given)


def _target(ctx: click.Context, param: click.Parameter, given: str) -> Target:
    form, sign, path = given.partition("=")
    if "-" in (path, given):
        raise click.BadParameter(f"{given!r}: what goes to standard output is said by --format", ctx, param)
    if sign and form in FORMATS:
        if not path:
            raise click.BadParameter(f"{given!r} names no file", ctx, param)
        return Target(form, path)
    ending = Path(given).suffix.lower()
    by_ending = {own.suffix: own.name for own in reversed(FORMATS.values())} | SHORTS
    if ending not in by_ending:
        raise click.BadParameter(
            f"{given!r} does not say its format; write FORMAT=FILE with one of {', '.join(FORMATS)}",
            ctx,
            param,
        )
    return Target(by_ending[ending], given)


def refuse(targets: Sequence[Target], work: Sequence[Task], path_of: Callable[[str], str]) -> None:
    """Stop before anything is judged that could not be written, or would be written over."""
    taken: set[str] = set()
    for target in targets:
        if len(work) > 1 and target.form not in several.JOINABLE and NAME not in (target.path or ""):
            where = target.path or "standard output"
            raise click.UsageError(
                f"{target.form} holds one pair, not {len(work)}; put {NAME} into the name of {where}."
            )
        for path in _places(target, [path_of(task.name) for task in work]):
            if _real(path) in taken:
                raise click.UsageError(f"two reports would go to {path}.")
            taken.add(_real(path))
    inputs = {_real(name): name for task in work for name in (task.derivative, *task.sources)}
    for own in sorted(taken & inputs.keys()):
        raise click.UsageError(f"{inputs[own]} is one of the texts; a report would be written over it.")


def _places(target: Target, names: Sequence[str]) -> list[Path]:
    """Where a target's reports go, for texts with these names."""
    if target.path is None:
        return []
    if NAME not in target.path:
        return [Path(target.path)]
    return [Path(target.path.replace(NAME, _file(name))) for name in names]


def _real(path: str | Path) -> str:
    """A path without links, also where these lead in a circle."""
    return os.path.realpath(path)


def write(
    target: Target, judged: Judged, troubles: Sequence[Trouble], *, color: str, rules_url: str, talk: Talk
) -> None:
    """Render the judged pairs, all in one file or each in its own; the first says what was not judged, where
    its format can."""
    texts_read = {_real(own.name) for _, pair in judged for own in pair.documents()}
    places = _places(target, [name for name, _ in judged])
    for path in places:
        if _real(path) in texts_read:
            raise output.OutputError(f"{path}: is one of the texts; no report is written over it")
    unread = "" if target == Target("text", None) else unjudged.render(target.form, troubles, __version__)
    apart = target.path is not None and NAME in target.path
    if not judged and (apart or not unread):
        if target.path is not None:
            talk.say(f"{target.path}: not written, since nothing was judged")
        return
    if apart:
        for path, (name, own) in zip(places, judged, strict=True):
            output.save(_render(target, name, own, color="never", rules_url=rules_url, talk=talk), path)
        talk.say(f"wrote {len(judged)} reports, {target.path}")
        return
    texts = [_render(target, name, own, color=color, rules_url=rules_url, talk=talk) for name, own in judged]
    texts += [unread] if unread else []
    text = several.join(target.form, texts) if len(texts) > 1 else texts[0]
    if target.path is None:
        output.emit(text, needed=True)
    else:
        output.save(text, Path(target.path))
        talk.say(f"wrote {target.path}")


def _file(name: str) -> str:
    """A pair's name as a part of a file's name."""
    return name.strip("/").replace("/", "-").replace("\\", "-")


def _render(
    target: Target, name: str, comparison: Comparison, *, color: str, rules_url: str, talk: Talk
) -> str:
    to_file = target.path is not None
    terminal = not to_file and sys.stdout is not None and sys.stdout.isatty()
    return show.render(
        comparison,
        target.form,
        title=name,
        color=output.wants_color(color, to_file=to_file),
        width=output.width(to_file=to_file),
        verbose=talk.verbose,
        encoding=(sys.stdout.encoding if terminal else None) or "utf-8",
        docs=rules_url,
    )


def table(rows: Sequence[tuple[str, Exit, Comparison | None]]) -> str:
    """A line for each pair, and one for all."""
    lines = []
    width = max(map(len, (*WORDS.values(), PASSED_OVER)))
    for name, code, own in rows:
        told, word = "", WORDS[code] if own or code is not Exit.OK else PASSED_OVER
        if own:
            counts = own.summary.counts
            told = (
                f"{counts.distortion:>4} {counts.addition:>4} {counts.omission:>4}  {own.summary.drift:.2f}"
            )
        lines.append(f"{word:<{width}}  {told:<20}  {plain(name)}")
    head = f"{'verdict':<{width}}  {'dist  add  om  drift':<20}  text"
    passed = sum(code is Exit.OK and own is not None for _, code, own in rows)
    return "\n".join(("", head, *lines, f"{passed} of {len(rows)} pass", ""))

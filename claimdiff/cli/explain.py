"""`claimdiff explain`: one rule in full."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from claimdiff.cli import output
from claimdiff.cli.exits import Exit
from claimdiff.gate.nearest import distance

if TYPE_CHECKING:
    from claimdiff.model import Rule


@click.command()
@click.argument("rule")
def explain(rule: str) -> Exit:
    """Say what RULE catches, why it matters, an example, and its harmless twin: a rewrite that looks
    alike and is fine.

    \b
    Example:
      claimdiff explain number-changed
    """
    from claimdiff.detect import RULES

    known = {own.id: own for own in RULES}
    name = rule.strip().lower()
    if name not in known:
        like = near(name, known)
        hint = f"Did you mean {' or '.join(like)}?" if like else "`claimdiff rules` lists them."
        raise click.UsageError(f"there is no rule {rule!r}. {hint}")
    output.emit("\n".join(_lines(known[name], output.width(to_file=False))) + "\n")
    return Exit.OK


def _lines(rule: Rule, width: int) -> Iterator[str]:
    kind = f"{rule.kind} ({rule.type})" if rule.type else rule.kind.value
    yield f"{rule.id}: {kind}, {rule.severity}"
    for text in (rule.summary, rule.why):
        yield ""
        yield from textwrap.wrap(text, width)
    for head, (source, derivative) in (("Caught:", rule.example), ("Harmless:", rule.twin)):
        yield from ("", head)
        for side, text in (("source", source), ("derivative", derivative)):
            yield from textwrap.wrap(
                text, width, initial_indent=f"  {side:<12}", subsequent_indent=" " * 14
            ) or [f"  {side:<12}(nothing)"]


def near(name: str, known: Iterable[str]) -> list[str]:
    """Up to three names like a mistyped one: those a few letters away, else those that share a part."""
    most = max(2, len(name) // 4)
    ranked = sorted((distance(name, other, most), other) for other in known)
    parts = {part for part in name.replace("_", "-").split("-") if len(part) > 2}
    close = [other for far, other in ranked if far <= most]
    return (close or [other for _, other in ranked if parts & set(other.split("-"))])[:3]

"""`claimdiff rules`: what can be found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from claimdiff.cli import output
from claimdiff.cli.exits import Exit

if TYPE_CHECKING:
    from claimdiff.model import Rule


@click.command()
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
    help="A table to read, or JSON with all that is known of each rule.",
)  # fmt: skip
def rules(form: str) -> Exit:
    """List the rules: name, kind, type, severity, and what each catches.

    `claimdiff explain RULE` says more about one.

    \b
    Examples:
      claimdiff rules
      claimdiff rules --format json
    """
    from claimdiff.detect import RULES

    output.emit(_json(RULES) if form == "json" else _table(RULES))
    return Exit.OK


def _table(rules: Sequence[Rule]) -> str:
    head = ("rule", "kind", "type", "severity", "what it catches")
    rows = [head, *((own.id, own.kind, own.type or "-", own.severity, own.summary) for own in rules)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = (
        "  ".join([*(f"{cell:<{size}}" for cell, size in zip(row, widths, strict=False)), row[4]])
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _json(rules: Sequence[Rule]) -> str:
    return json.dumps([_fields(own) for own in rules], ensure_ascii=False, indent=2) + "\n"


def _fields(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "kind": rule.kind,
        "type": rule.type,
        "severity": rule.severity,
        "summary": rule.summary,
        "why": rule.why,
        "example": {"source": rule.example[0], "derivative": rule.example[1]},
        "twin": {"source": rule.twin[0], "derivative": rule.twin[1]},
    }

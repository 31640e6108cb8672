"""`claimdiff schema`: the form of the JSON output."""

from __future__ import annotations

import click

from claimdiff.cli import output
from claimdiff.cli.exits import Exit


@click.command()
def schema() -> Exit:
    """Print the JSON schema of what `claimdiff compare --format json` prints.

    \b
    Example:
      claimdiff schema > comparison.schema.json
    """
    from claimdiff import store

    output.emit(store.schema())
    return Exit.OK

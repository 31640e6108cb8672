"""`claimdiff config`: what is in force, and where it was set."""

from __future__ import annotations

import click

from claimdiff.cli import desk, options, output
from claimdiff.cli.desk import Choices
from claimdiff.cli.exits import Exit
from claimdiff.cli.output import Talk
from claimdiff.render.words import plain


@click.command()
@click.argument("derivative", required=False)
@click.option("--schema", is_flag=True, help="Print the JSON schema of claimdiff.toml, for editors.")
@desk.options
@options.talk
@click.pass_obj
def config(talk: Talk, derivative: str | None, schema: bool, choices: Choices) -> Exit:
    """Print the policy in force, for all texts or for one DERIVATIVE, in the form of claimdiff.toml.

    Behind each value stands where it was set: by default, by the profile, in which line of the
    configuration, or on the command line.

    \b
    Examples:
      claimdiff config
      claimdiff config rewrites/story.md --profile strict
      claimdiff config --schema > claimdiff.schema.json
    """
    if schema:
        from claimdiff.gate.schema import schema as written

        output.emit(written())
        return Exit.OK
    from claimdiff.gate.policy import in_force

    own = choices.desk()
    told = own.config.path or "no configuration file"
    name = own.path(derivative) if derivative else None
    text = in_force(
        own.policy(derivative or ""), own.config, title=f"{told}{f', for {name}' if name else ''}"
    )
    output.emit("\n".join(map(plain, text.split("\n"))))
    return Exit.OK

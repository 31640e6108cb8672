"""The command `claimdiff`: its commands in the order of the help, and how errors end."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from claimdiff import __version__
from claimdiff.cli.compare import compare
from claimdiff.cli.exits import Exit
from claimdiff.cli.explain import explain
from claimdiff.cli.output import Talk, internal
from claimdiff.cli.render import render
from claimdiff.cli.report import report
from claimdiff.cli.rules import rules
from claimdiff.cli.schema import schema
from claimdiff.errors import ClaimdiffError, NotComparableError

COMMANDS = (compare, render, report, rules, explain, schema)


class Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [command.name or "" for command in COMMANDS]


@click.group(
    cls=Group,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="claimdiff")
def app() -> None:
    """Does the rewrite still say what the source says?

    claimdiff compares a news article with a rewrite of it, statement by statement, and names what was
    added, what was left out and what was distorted. It needs no network and no model.

    \b
    Try it:
      claimdiff compare source.txt rewrite.txt
      claimdiff compare wire.txt release.txt rewrite.md --format markdown -o report.md
      claimdiff explain number-changed
    """


def run(args: Sequence[str] | None = None) -> int:
    """Run the command; every way to fail ends here, in a line on stderr and an exit code."""
    talk = Talk()
    try:
        given = list(sys.argv[1:] if args is None else args)
        return int(app.main(given, prog_name="claimdiff", standalone_mode=False, obj=talk) or Exit.OK)
    except click.ClickException as error:
        error.show()
        return Exit.TROUBLE
    except (click.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except SystemExit as stop:  # click's answer to a pipe that nobody reads, and shell completion's end
        return Exit.TROUBLE if stop.code else Exit.OK
    except ClaimdiffError as error:
        talk.trace()
        talk.error(str(error))
        return Exit.NOT_COMPARABLE if isinstance(error, NotComparableError) else Exit.TROUBLE
    except Exception as error:
        talk.trace()
        talk.error(internal(error))
        return Exit.TROUBLE

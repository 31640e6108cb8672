"""The command `claimdiff`: its commands in the order of the help, and how errors end.

A command's module is imported when that command is run, so that the help and the version of the program
wait for none of them.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, Never

import click

from claimdiff import __version__
from claimdiff.cli.exits import Exit
from claimdiff.errors import ClaimdiffError, NotComparableError

# The command NAME is the function NAME of the module claimdiff.cli.NAME, with _ for -.
COMMANDS = {
    "compare": "Compare a rewrite with its source.",
    "check": "Say whether a rewrite may go out.",
    "waive": "Let a finding pass, with a reason.",
    "baseline": "Accept the findings of today, and fail on new ones only.",
    "review": "Review texts in a browser, and serve the HTTP API.",
    "config": "Print the policy in force, and where each value was set.",
    "render": "Render a stored comparison.",
    "report": "Render a folder of pairs as reports.",
    "batch": "Judge tables of pairs, with several processes.",
    "trace": "Find the articles that a text was made from.",
    "verify-bench": "Measure a verifier on labelled texts of your own.",
    "rules": "List the rules.",
    "explain": "Say what a rule catches and why.",
    "schema": "Print the JSON schema of the JSON output.",
}


def _of(name: str) -> click.Command:
    own = name.replace("-", "_")
    command: click.Command = getattr(import_module(f"claimdiff.cli.{own}"), own)
    return command


class Commands(MutableMapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in COMMANDS:
            raise KeyError(name)
        command = _of(name)
        command.short_help = COMMANDS[name]
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS

    def _fixed(self, *_: Any) -> Never:
        raise TypeError("the commands are those of COMMANDS")

    __setitem__ = __delitem__ = _fixed


class Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; `Talk`, which it gets, is what the user wants to hear."""
        from claimdiff.cli.output import Talk

        talk = ctx.ensure_object(Talk)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except SystemExit as stop:
            if stop.code == Exit.TERMINATED:
                raise
            raise RuntimeError("a part of the program tried to end it") from stop
        except Exception:
            talk.trace()
            raise


@click.group(
    cls=Group,
    commands=Commands(),
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
    if args is None:
        _heed_termination()
        gc.set_threshold(50_000, 20, 20)  # a run is short, and the word lists that it loads are no garbage
    try:
        given = list(sys.argv[1:] if args is None else args)
        return int(app.main(given, prog_name="claimdiff", standalone_mode=False) or Exit.OK)
    except click.ClickException as error:
        error.show()
        return Exit.TROUBLE
    except (click.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except SystemExit as stop:  # SIGTERM, click's answer to a pipe without a reader, completion's end
        if stop.code == Exit.TERMINATED:
            return Exit.TERMINATED
        return Exit.TROUBLE if stop.code else Exit.OK
    except Exception as error:
        return _failed(error)
    finally:
        if args is None:  # the process ends: what is left need not be searched for garbage first
            gc.freeze()


def _heed_termination() -> None:
    """Let SIGTERM end the run as Ctrl-C does, so that no half-written file stays behind."""
    import signal

    def stop(*_: Any) -> Never:
        raise SystemExit(Exit.TERMINATED)

    with suppress(ValueError):  # elsewhere than in the main thread no signal can be heard
        signal.signal(signal.SIGTERM, stop)


def _failed(error: Exception) -> Exit:
    from claimdiff.cli.output import Talk, internal

    Talk().error(str(error) if isinstance(error, ClaimdiffError) else internal(error))
    return Exit.NOT_COMPARABLE if isinstance(error, NotComparableError) else Exit.TROUBLE

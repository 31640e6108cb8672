"""The command line: `main` runs it, `claimdiff.cli.app` lists its commands."""

from __future__ import annotations

from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> int:
    """Run `claimdiff` with these arguments, or with those of the process; returns the exit code."""
    try:
        from claimdiff.cli.app import run

        return run(args)
    except KeyboardInterrupt:  # however early it comes
        return 130

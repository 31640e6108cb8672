"""What a run works on: derivatives with their sources, from the command line, a file or the configuration."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimdiff.cli.show import STDIN
from claimdiff.errors import ConfigError, InputError

if TYPE_CHECKING:
    from claimdiff.checking import Desk, Text
    from claimdiff.model import Comparison


STANDARD = "standard input"  # what - is called


@dataclass(frozen=True, slots=True)
class Task:
    """A derivative, and its sources where they are known already."""

    derivative: str
    sources: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the derivative is called."""
        return STANDARD if self.derivative == STDIN else self.derivative

    def check(self, own: Desk) -> Comparison:
        """The judged comparison; raises whatever keeps it from being made."""
        derivative, sources = self.load(own)
        return own.check(sources, derivative)

    def load(self, own: Desk) -> tuple[Text, tuple[Text, ...]]:
        """The derivative and its sources."""
        derivative = _load(own, self.derivative)
        if self.sources:
            sources = tuple(_load(own, name) for name in self.sources)
        else:
            sources = tuple(map(own.load, own.sources(derivative)))
        for source in sources:
            if Path(source.name).resolve() == Path(derivative.name).resolve():
                raise InputError(
                    f"{self.name}: is named as its own source; name the text that it was made from"
                )
        return derivative, sources


def _load(own: Desk, name: str) -> Text:
    if name != STDIN:
        return own.load(name)
    from claimdiff.checking import Text

    limit: int = own.policy(name).get("max-bytes")
    data = sys.stdin.buffer.read(limit + 1) if sys.stdin is not None else b""
    return Text(STANDARD, data)


def tasks(
    own: Desk, derivatives: Sequence[str], sources: Sequence[str] = (), pairs: str | None = None
) -> list[Task]:
    """The work of a run, in order; wrong usage when there is none."""
    if [*derivatives, *sources].count(STDIN) > 1:
        raise click.UsageError("only one of the texts can be -, standard input.")
    if STDIN in sources and len(derivatives) > 1:
        raise click.UsageError("- as a source can be read once only; name one derivative.")
    if pairs is not None:
        if derivatives or sources:
            raise click.UsageError("--pairs names all texts; give it alone.")
        return _listed(Path(pairs))
    if derivatives:
        return [Task(name, tuple(sources)) for name in dict.fromkeys(derivatives)]
    if sources:
        raise click.UsageError("name the derivative that rests on --source.")
    from claimdiff.checking import near
    from claimdiff.gate.pairing import derivatives as configured

    found = configured(own.config.pairs, own.config.folder)
    if not found:
        path = own.config.path
        told = f"no file is like a pattern of [[pairs]] in {path}" if path else "there is no claimdiff.toml"
        raise click.UsageError(f"name a derivative, or say by [[pairs]] which texts to check; {told}.")
    return [Task(near(path)) for path in found]


def _listed(path: Path) -> list[Task]:
    """The pairs in a file: a JSON object a line, or [[pairs]] in TOML; paths count from its folder."""
    from claimdiff.gate.config import line_of

    text = _text(path)
    rows: list[tuple[Any, int]]
    if path.suffix.lower() == ".toml":
        import tomllib

        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise ConfigError(f"{path}: is no TOML ({error})") from None
        if not isinstance(data.get("pairs"), list) or len(data) != 1:
            raise ConfigError(f"{path}: must hold [[pairs]] alone, each with derivative and source")
        rows = [(row, line_of(text, ("pairs", str(at)))) for at, row in enumerate(data["pairs"])]
    else:
        rows = []
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    rows.append((json.loads(line), number))
                except (ValueError, RecursionError) as error:
                    raise ConfigError(f"{path}:{number}: is no JSON ({error})") from None
    if not rows:
        raise ConfigError(f"{path}: holds no pair")
    return [_row(row, f"{path}:{line}", path.parent) for row, line in rows]


def _row(row: Any, where: str, folder: Path) -> Task:
    if not isinstance(row, dict):
        raise ConfigError(f"{where}: is no pair; write derivative and source")
    derivative = row.get("derivative")
    named = [row[key] for key in ("source", "sources") if key in row]
    given = named[0] if len(named) == 1 else None
    sources = [given] if isinstance(given, str) else given
    fine = isinstance(sources, list) and sources and all(isinstance(own, str) and own for own in sources)
    if not isinstance(derivative, str) or not derivative or not fine or not isinstance(sources, list):
        raise ConfigError(f"{where}: needs derivative, a path, and source, a path or a list of them")
    return Task(str(folder / derivative), tuple(str(folder / own) for own in sources))


def _text(path: Path) -> str:
    from claimdiff.cli.desk import text_of

    return text_of(path).removeprefix("\ufeff")

"""The configuration file: found, read, and held to the table of settings, with the line of what is wrong.

It is `claimdiff.toml`, or `[tool.claimdiff]` in pyproject.toml; the nearest one upward counts, and in one
folder the first of these.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from claimdiff.errors import ConfigError
from claimdiff.gate.nearest import nearest
from claimdiff.gate.setting import BY_NAME, TEXTS, EntryError, shown

NAME = "claimdiff.toml"
PROJECT = "pyproject.toml"
ENCODING = "utf-8-sig"  # some editors of Windows put a mark before a text
PAIRS, OVERRIDES, PATHS = "pairs", "overrides", "paths"
_HEADER = re.compile(r"\s*+(\[\[?)\s*+([^\]\n]++)\]")
_KEY = re.compile(
    r"\s*+((?:\"[^\"\n]*+\"|'[^'\n]*+'|[\w-]++)(?:\s*+\.\s*+(?:\"[^\"\n]*+\"|'[^'\n]*+'|[\w-]++))*+)\s*+="
)
_PART = re.compile(r"\"([^\"]*+)\"|'([^']*+)'|([\w-]++)")


class Value(NamedTuple):
    """A setting's value and where it was set."""

    value: Any
    origin: str


Layer = Mapping[str, Value]
"""Settings by name; an entry of a table stands under `name.key`."""


@dataclass(frozen=True, slots=True)
class PairPattern:
    """Which derivatives rest on which sources: `{slug}` in the derivative's pattern catches a part of its
    path that the sources' patterns take up (see gate/pairing.py)."""

    derivative: str
    source: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Override:
    """Other settings for the derivatives whose path is like one of `paths`."""

    paths: tuple[str, ...]
    layer: Layer


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration file says. Paths in it count from `folder`, without a file the current one."""

    folder: Path
    path: Path | None = None
    layer: Layer = field(default_factory=dict)
    pairs: tuple[PairPattern, ...] = ()
    overrides: tuple[Override, ...] = ()


def find(folder: Path) -> Path | None:
    """The configuration that is nearest upward from a folder, or None."""
    for place in (folder, *folder.parents):
        if os.path.lexists(place / NAME):  # a folder or a link that leads nowhere is an error, not a gap
            return place / NAME
        project = place / PROJECT
        if project.is_file() and "claimdiff" in _tools(project):
            return project
    return None


def read(path: Path) -> Config:
    """The configuration in a file; ConfigError says what is wrong in it and in which line."""
    data = _load(path)
    prefix: tuple[str, ...] = ()
    if path.name == PROJECT:
        prefix = ("tool", "claimdiff")
        data = _tools(path).get("claimdiff", {})
        if not isinstance(data, dict):
            raise ConfigError(
                f"{path}: tool.claimdiff is no table; write [tool.claimdiff] above its settings"
            )
    return _Reader(path, path.read_text(encoding=ENCODING), prefix).config(data)


def _tools(project: Path) -> dict[str, Any]:
    tools = _load(project).get("tool", {})
    return tools if isinstance(tools, dict) else {}


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding=ENCODING))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"{path}: cannot be read ({reason})") from None


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    text: str
    prefix: tuple[str, ...]

    def config(self, data: Mapping[str, Any]) -> Config:
        own = {key: value for key, value in data.items() if key not in (PAIRS, OVERRIDES)}
        return Config(
            folder=self.path.parent,
            path=self.path,
            layer=self._layer(own, (), further=(PAIRS, OVERRIDES)),
            pairs=tuple(self._pair(entry, at) for entry, at in self._tables(data, PAIRS)),
            overrides=tuple(self._override(entry, at) for entry, at in self._tables(data, OVERRIDES)),
        )

    def _layer(self, data: Mapping[str, Any], at: tuple[str, ...], further: Sequence[str] = ()) -> Layer:
        layer: dict[str, Value] = {}
        for key, value in data.items():
            if key not in BY_NAME:
                self._fail((*at, key), _unknown(key, (*BY_NAME, *further)))
            setting = BY_NAME[key]
            if at and setting.once:
                self._fail((*at, key), f"{key} holds for a whole run; set it at the top")
            try:
                checked = setting.form.check(value)
            except ValueError as error:
                inside = (error.key,) if isinstance(error, EntryError) else ()
                self._fail((*at, key, *inside), f"{key}: {error}")
            if setting.table:
                for inner, own in checked.items():
                    layer[f"{key}.{inner}"] = Value(own, self._origin((*at, key, inner)))
            else:
                layer[key] = Value(checked, self._origin((*at, key)))
        return layer

    def _tables(self, data: Mapping[str, Any], name: str) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
        entries = data.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._fail((name,), f"{name} must be tables, each beginning with [[{name}]]")
        for number, entry in enumerate(entries):
            yield entry, (name, str(number))

    def _pair(self, entry: Mapping[str, Any], at: tuple[str, ...]) -> PairPattern:
        sources = {"source", "sources"} & entry.keys()
        for key in entry:
            if key not in ("derivative", "source", "sources"):
                self._fail((*at, key), _unknown(key, ("derivative", "source")))
        if "derivative" not in entry or len(sources) != 1:
            self._fail(at, "a pair needs derivative and source, each a path or a pattern")
        key = sources.pop()
        try:
            (pattern,) = self._patterns([entry["derivative"]])
            patterns = self._patterns(entry[key])
        except ValueError as error:
            self._fail(at, f"pairs: {error}")
        if not patterns:
            self._fail((*at, key), "a pair needs at least one source")
        unknown = [name for name in captures(" ".join(patterns)) if name not in captures(pattern)]
        if unknown:
            self._fail((*at, key), f"{{{unknown[0]}}} is not in the derivative's pattern {pattern!r}")
        return PairPattern(pattern, patterns, self._origin(at))

    def _patterns(self, value: Any) -> tuple[str, ...]:
        patterns = tuple(own.removeprefix("./") for own in TEXTS.check(value))
        for name in (name for own in patterns for name in captures(own)):
            if not name.isidentifier():
                raise ValueError(f"{{{name}}} cannot be a name; write letters, such as {{slug}}")
        return patterns

    def _override(self, entry: Mapping[str, Any], at: tuple[str, ...]) -> Override:
        if PATHS not in entry:
            self._fail(at, 'overrides need paths, such as paths = ["briefs/*.md"]')
        try:
            paths = self._patterns(entry[PATHS])
        except ValueError as error:
            self._fail((*at, PATHS), f"{PATHS}: {error}")
        return Override(
            paths, self._layer({k: v for k, v in entry.items() if k != PATHS}, at, further=(PATHS,))
        )

    def _origin(self, at: tuple[str, ...]) -> str:
        line = line_of(self.text, (*self.prefix, *at))
        return f"{self.path.name}:{line}" if line else self.path.name

    def _fail(self, at: tuple[str, ...], message: str) -> Any:
        line = line_of(self.text, (*self.prefix, *at))
        raise ConfigError(f"{self.path}{f':{line}' if line else ''}: {message}")


def _unknown(key: str, known: Sequence[str]) -> str:
    close = nearest(key, known)
    hint = f"did you mean {close}?" if close else "`claimdiff config` lists those that there are"
    return f"{shown(key)} is no setting; {hint}"


def captures(pattern: str) -> list[str]:
    """The names in braces."""
    return re.findall(r"\{(\w+)\}", pattern)


def line_of(text: str, at: Sequence[str]) -> int:
    """The line in which a key of a TOML text is set, or that of the nearest table around it; 0 for none.

    The number of an array's table stands for itself: ("pairs", "1", "source").
    """
    best, depth = 0, 0
    table: tuple[str, ...] = ()
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = ()
            parts = _parts(header[2])
            for part in parts[:-1]:
                table = _inside((*table, part), seen)
            table = (*table, *parts[-1:])
            places = [table]
            if header[1] == "[[":
                seen[table] = seen.get(table, -1) + 1
            table = _inside(table, seen)
            places.append(table)
        elif key:
            places = [(*table, *_parts(key[1]))]
        else:
            continue
        for place in places:
            if len(place) > depth and place == tuple(at[: len(place)]):
                best, depth = number, len(place)
    return best


def _inside(table: tuple[str, ...], seen: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """A table's place; that of an array's last one when it is an array."""
    return (*table, str(seen[table])) if table in seen else table


def _parts(key: str) -> tuple[str, ...]:
    return tuple(found[1] or found[2] or found[3] or "" for found in _PART.finditer(key))

"""Which sources a derivative rests on: patterns with captures, and paths that are like a pattern.

In a pattern `*` stands for any characters of one name, `?` for one, `**` for any number of folders, and
`{slug}` for a part of one name that the patterns of the sources take up.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from claimdiff.errors import ConfigError
from claimdiff.gate.config import PairPattern

_PIECE = re.compile(r"\*\*/|\*\*|\*|\?|\{\w+\}")
_WILD = re.compile(r"[*?]")


def is_like(path: str, pattern: str) -> bool:
    """Whether a path, with forward slashes, is like a pattern. One without a slash is held to the last
    name of the path alone."""
    if "/" not in pattern:
        path = PurePosixPath(path).name
    return _regex(pattern).fullmatch(path) is not None


def sources(path: str, patterns: Sequence[PairPattern], folder: Path) -> tuple[Path, ...]:
    """The sources that the first pattern for this derivative names, sorted within each of its patterns; none
    when no pattern is for it. A source without a wildcard is named whether it is there or not, so that
    one that is missing is an error for whoever reads it. Raises ConfigError when a pattern is for the
    derivative but none of its sources is there."""
    for pattern in patterns:
        found = _regex(pattern.derivative).fullmatch(path)
        if found:
            named = [own for source in pattern.source for own in _expand(source, found.groupdict(), folder)]
            own = folder / path
            named = [place for place in dict.fromkeys(named) if place != own]
            if not named:
                told = ", ".join(_fill(source, found.groupdict()) for source in pattern.source)
                raise ConfigError(
                    f"{path}: no source is like {told} ({pattern.origin}); add it or name it with --source"
                )
            return tuple(named)
    return ()


def derivatives(patterns: Sequence[PairPattern], folder: Path) -> tuple[Path, ...]:
    """All files that are like the derivative's pattern of a pair, sorted."""
    found: set[str] = set()
    for pattern in patterns:
        wild = re.sub(r"\{\w+\}", "*", _literal(pattern.derivative))
        like = _regex(pattern.derivative)
        places = glob.glob(wild, root_dir=folder, recursive=True, include_hidden=False)  # noqa: PTH207
        found |= {
            path
            for own in places
            if like.fullmatch(path := own.replace("\\", "/")) and (folder / own).is_file()
        }
    return tuple(folder / path for path in sorted(found))


def _expand(pattern: str, caught: dict[str, str], folder: Path) -> list[Path]:
    if not _WILD.search(pattern):
        return [folder / _fill(pattern, caught)]
    filled = _fill(_literal(pattern), {name: glob.escape(value) for name, value in caught.items()})
    return [folder / own for own in sorted(glob.glob(filled, root_dir=folder, recursive=True))  # noqa: PTH207
            if (folder / own).is_file()]  # fmt: skip


def _literal(pattern: str) -> str:
    """A pattern in which brackets stand for themselves, as `glob` writes that."""
    return pattern.replace("[", "[[]")


def _fill(pattern: str, caught: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: caught.get(found[1], found[0]), pattern)


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    out, at, seen = [], 0, set()
    for found in _PIECE.finditer(pattern):
        out.append(re.escape(pattern[at : found.start()]))
        piece, at = found[0], found.end()
        name = piece[1:-1]
        if piece == "**/":
            out.append("(?:[^/]+/)*")
        elif piece == "**":
            out.append(".*")
        elif piece == "*":
            out.append("[^/]*")
        elif piece == "?":
            out.append("[^/]")
        elif name in seen:
            out.append(f"(?P={name})")
        else:
            seen.add(name)
            out.append(f"(?P<{name}>[^/]+)")
    return re.compile("".join([*out, re.escape(pattern[at:])]), re.DOTALL)

"""A folder of pairs: in it a folder for each, with source.txt (or source1.txt, source2.html) and
derivative.txt, in any form that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claimdiff.errors import InputError
from claimdiff.read import EXTENSIONS


@dataclass(frozen=True, slots=True)
class PairFiles:
    """A folder's texts; `sources` in the order of their numbers."""

    name: str
    sources: tuple[Path, ...]
    derivatives: tuple[Path, ...]

    def whole(self) -> tuple[Path, ...]:
        """The sources and then the derivative; raises InputError where one is missing or there are two."""
        if self.sources and len(self.derivatives) == 1:
            return (*self.sources, *self.derivatives)
        missing = "source" if not self.sources else "derivative"
        number = "more than one" if self.sources and self.derivatives else "no"
        raise InputError(f"has {number} {missing} (.txt, .md or another form)")


def find_pairs(folder: Path) -> Iterator[PairFiles]:
    """The folders that hold a source or a derivative, by name."""
    for place in sorted(folder.iterdir(), key=lambda own: natural(own.name)):
        if place.is_dir() and not place.name.startswith("."):
            files = [own for own in place.iterdir() if own.suffix.lower() in EXTENSIONS]
            files.sort(key=lambda own: (natural(own.stem), own.suffix))
            sources = tuple(own for own in files if own.name.startswith("source"))
            derivatives = tuple(own for own in files if own.stem == "derivative")
            if sources or derivatives:
                yield PairFiles(place.name, sources, derivatives)


def natural(name: str) -> list[tuple[int, str]]:
    """An order in which source2 comes before source10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]

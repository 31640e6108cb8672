"""Word knowledge as data: TOML files in this folder, and one small reader.

A file holds tables; a table maps a name to a list of entries or to further tables. Files are read
once, on first use; nothing is read at import.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The lexicon file `name`.toml as it stands; treat it as read-only."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str, *path: str) -> frozenset[str]:
    """The entries of one list of a lexicon file, reached by its keys."""
    node: Any = load(name)
    for key in path:
        node = node[key]
    return frozenset(node)

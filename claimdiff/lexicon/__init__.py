"""Word knowledge as data: TOML files in this folder, and one small reader.

A file holds tables; a table maps a name to a list of entries or to further tables. Files are read
once, on first use; nothing is read at import.

Reading TOML takes fifty times as long as reading JSON. So `tables.jsonl` has every file a second time,
compiled by tools/build_tables.py, each under the digest of the text that it was made from. The TOML file
decides: it is read and digested each time, and where the digest is another one, it is parsed itself.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

COMPILED = "tables.jsonl"


@cache
def load(name: str) -> dict[str, Any]:
    """The lexicon file `name`.toml as it stands; treat it as read-only."""
    text = data(f"{name}.toml")
    digest, compiled = _compiled().get(name, ("", ""))
    if digest == fingerprint(text):
        table: dict[str, Any] = json.loads(compiled)
        return table
    import tomllib

    return tomllib.loads(text.decode("utf-8"))


@cache
def words(name: str, *path: str) -> frozenset[str]:
    """The entries of one list of a lexicon file, reached by its keys."""
    node: Any = load(name)
    for key in path:
        node = node[key]
    return frozenset(node)


def data(name: str) -> bytes:
    """The bytes of a file of this folder, also where the package lies in an archive."""
    loader: Any = __spec__.loader
    found: bytes = loader.get_data(str(Path(__file__).with_name(name)))
    return found


def fingerprint(text: bytes) -> str:
    """What stands for a file's text, whichever line ends a checkout gave it."""
    from hashlib import sha256  # takes longer to load than a table, and most commands read none

    return sha256(text.replace(b"\r\n", b"\n")).hexdigest()


@cache
def _compiled() -> dict[str, tuple[str, str]]:
    """{name: (digest of the TOML, the same table as JSON)}, as far as there is any."""
    try:
        lines = data(COMPILED).decode("utf-8").split("\n")
    except OSError:
        return {}
    rows = (line.split("\t", 2) for line in lines if line)
    return {name: (digest, table) for name, digest, table in rows}

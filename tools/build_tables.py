"""Compile the lexicon's TOML files into claimdiff/lexicon/tables.jsonl, which is read much faster.

    python tools/build_tables.py

Run it after every change to a file of claimdiff/lexicon; until then the changed file is read from its
TOML, which is right and slow. One line a file: its name, the digest of its text, its table as JSON.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from claimdiff import lexicon

FOLDER = Path(lexicon.__file__).parent


def lines() -> str:
    """What tables.jsonl has to hold now."""
    rows = []
    for path in sorted(FOLDER.glob("*.toml")):
        text = path.read_bytes()
        table = json.dumps(tomllib.loads(text.decode("utf-8")), ensure_ascii=False, separators=(",", ":"))
        rows.append(f"{path.stem}\t{lexicon.fingerprint(text)}\t{table}\n")
    return "".join(rows)


def main() -> None:
    """Write the file."""
    (FOLDER / lexicon.COMPILED).write_text(lines(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

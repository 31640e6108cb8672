"""Find the source: which of many stored articles a text was made from.

`update` brings an `Index` up to date with an archive; `find` asks it for the sources of a text.
"""

from __future__ import annotations

from claimdiff.trace.archive import Reading
from claimdiff.trace.find import TOGETHER, Trace, Traced, as_json, best_passages, find
from claimdiff.trace.index import Index
from claimdiff.trace.opening import IndexFileError
from claimdiff.trace.update import Changes, update

__all__ = [
    "TOGETHER",
    "Changes",
    "Index",
    "IndexFileError",
    "Reading",
    "Trace",
    "Traced",
    "as_json",
    "best_passages",
    "find",
    "update",
]

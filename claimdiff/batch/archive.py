"""The archive of a run, in which the sources are found of the rows that name none.

The index is brought up to date once, before the run; whoever works on rows only reads it. Should the archive
change while the run goes on, the run ends: its rows would be of two archives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING

from claimdiff.batch.row import LENGTH, Kind, RowError
from claimdiff.batch.rows import Traced
from claimdiff.errors import ClaimdiffError

if TYPE_CHECKING:
    from claimdiff.checking import Desk, Text
    from claimdiff.model import Comparison
    from claimdiff.trace import Index, Reading, Trace

EVERYWHERE = "every machine that works needs the archive and its index at the same path"
AGAIN = "bring back what the run began with, or begin anew with --restart"


class ArchiveError(ClaimdiffError):
    """The archive or its index is not what the run began with, or not there."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive with an index that is up to date. `name` is what the user calls it; `content` is the digest
    of its articles as the index has them."""

    name: str
    place: Path
    index: Path
    how: Reading
    content: str


def check(own: Archive) -> None:
    """Raise ArchiveError where this machine does not have what the run began with."""
    if not own.place.exists():
        raise ArchiveError(f"{own.place}: the archive is not there; {EVERYWHERE}")
    if not own.index.is_file():
        raise ArchiveError(f"{own.index}: the archive's index is not there; {EVERYWHERE}")
    index = _opened(own)
    with index.transaction():
        _same(own, index.content())


def compare(own: Archive, desk: Desk, text: Text, traced: list[Traced]) -> Comparison:
    """The judged comparison of a text with its likely sources, which are added to `traced`. Raises RowError
    when there is none, ArchiveError when the archive has changed, and what a comparison raises."""
    from claimdiff.trace import TOGETHER, IndexFileError, find

    policy = desk.policy(text.name)
    document = desk.document(text, "d")
    try:
        found = find(
            _opened(own), own.place, document, own.how,
            top=TOGETHER, passages=False, boilerplate=policy.engine["boilerplate"],
        )  # fmt: skip
    except IndexFileError as error:
        raise ArchiveError(str(error)) from None
    _same(own, found.content)
    if not found.sources:
        raise RowError(Kind.NO_SOURCE, _nothing(own, found))
    sources = []
    for one in found.sources:
        article = one.candidate.article
        if one.document is None:
            raise ArchiveError(f"{article.name}: is not as the index of {own.name} knows it; {AGAIN}")
        traced.append(Traced(article.name, one.candidate.score, article.digest.hex()[:LENGTH]))
        sources.append(replace(one.document, name=article.name))
    return desk.judge(desk.compare_documents(sources, document, policy), text.name)


def _same(own: Archive, content: str) -> None:
    if content != own.content:
        raise ArchiveError(f"{own.index}: is not the index of {own.name} as this run began with it; {AGAIN}")


def _nothing(own: Archive, found: Trace) -> str:
    """Why there is no source."""
    told = f"no likely source among the {found.articles:,} articles of {own.name}"
    if found.traced:
        best = found.traced[0].candidate
        told += f"; the nearest, {best.article.name}, carries {best.score:.0%} of the text"
    if found.identical:
        told += f"; {_names([article.name for article in found.identical])} is the text itself"
    return told


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} (and {len(names) - 1} more)"


# --- the index, once for each thread, which SQLite asks for ---------------------------------------------

_here = local()


def _opened(own: Archive) -> Index:
    from claimdiff.trace import Index, IndexFileError

    kept: tuple[Archive, Index] | None = getattr(_here, "kept", None)
    if kept is not None and kept[0] == own:
        return kept[1]
    if kept is not None:
        kept[1].close()
        del _here.kept
    try:
        index = Index(own.index, own.how, fixed=True)
    except IndexFileError as error:
        told = str(error).partition(";")[0]
        raise ArchiveError(f"{told}; {EVERYWHERE}, made by the same program") from None
    _here.kept = (own, index)
    return index

"""The whole way from a text to its likely sources, with what they share; and the same as JSON."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from claimdiff import __version__
from claimdiff.errors import InputError, NotComparableError
from claimdiff.model import Boilerplate, Document
from claimdiff.segment import segment
from claimdiff.trace import archive
from claimdiff.trace.archive import Holder, Reading
from claimdiff.trace.index import Index, Problem, Stored
from claimdiff.trace.search import Candidate, search
from claimdiff.trace.shared import Passage, Place, Shared, claims, shared
from claimdiff.trace.terms import digest, fingerprint

NOTHING = Shared((), (), ())
TOGETHER = 3  # sources that a text is compared with at most


@dataclass(frozen=True, slots=True)
class Traced:
    """A candidate with what it shares with the text. `document` is None where the article is not there any
    more as the index knows it."""

    candidate: Candidate
    shared: Shared = NOTHING
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What an archive has on a text. `identical` are articles with the same words, which are the text itself;
    `problems` what of the archive could not be read; `content` is the digest of all articles (see Index)."""

    derivative: str
    articles: int
    traced: tuple[Traced, ...]
    identical: tuple[Stored, ...]
    problems: tuple[Problem, ...]
    content: str = ""

    @property
    def sources(self) -> tuple[Traced, ...]:
        """The likely ones."""
        return tuple(own for own in self.traced if own.candidate.likely)

    @property
    def together(self) -> tuple[Document, ...]:
        """The documents of the best few sources: what the text is to be compared with."""
        there = (own.document for own in self.sources if own.document is not None)
        return tuple(islice(there, TOGETHER))


def find(
    index: Index,
    place: Path,
    derivative: Document,
    how: Reading,
    *,
    top: int,
    itself: bool = False,
    passages: bool = True,
    boilerplate: Boilerplate | None = None,
) -> Trace:
    """The `top` candidates for the sources of a text among the articles of an archive, as the index has
    them. Articles with the same words are candidates only when the text `itself` is asked for. Without
    `passages` there is nothing of what they share, only likely ones are read, and there are no problems.
    Raises NotComparableError for a text without words."""
    house = boilerplate or Boilerplate()
    whole = segment(derivative, "d", house)
    text = claims(whole)
    if not any(found for _, found in text):
        raise NotComparableError(f"{derivative.name}: holds no words to search for")
    with index.transaction():
        same = index.same([fingerprint(block.text for block in whole.blocks)])
        identical = index.articles(same)
        leave = [] if itself else same
        found, weights = search(index, [terms for _, terms in text], top=top, leave=leave)
        count, content = index.size(), index.content()
        problems = index.problems() if passages else []
    traced = []
    for candidate in found:
        wanted = passages or candidate.likely
        document = _document(place, candidate.article, how) if wanted else None
        own = NOTHING
        if passages and document is not None:
            own = shared(text, whole.text, segment(document, "s", house), weights)
        traced.append(Traced(candidate, own, document))
    return Trace(derivative.name, count, tuple(traced), tuple(identical), tuple(problems), content)


def _document(place: Path, article: Stored, how: Reading) -> Document | None:
    """The article, read again; None when it is not what the index knows."""
    holder = Holder(article.file, place / article.file if place.is_dir() else place)
    with suppress(InputError, ValueError):
        item = archive.again(holder, article.key, article.place, how)
        if digest(item.data) == article.digest:
            return archive.record(holder, item, how).document
    return None


# --- as JSON ------------------------------------------------------------------------------------------


def as_json(trace: Trace) -> dict[str, Any]:
    """The trace as plain data (docs/trace.md)."""
    return {
        "version": __version__,
        "derivative": trace.derivative,
        "articles": trace.articles,
        "found": bool(trace.sources),
        "identical": [_article(own) for own in trace.identical],
        "candidates": [_candidate(own) for own in trace.traced],
        "problems": [{"name": own.name, "reason": own.reason} for own in trace.problems],
    }


def _article(article: Stored) -> dict[str, str]:
    return {
        "name": article.name,
        "file": article.file,
        "id": article.key,
        "title": article.title,
        "date": article.date,
    }


def _candidate(own: Traced) -> dict[str, Any]:
    candidate = own.candidate
    return {
        **_article(candidate.article),
        "score": candidate.score,
        "gain": candidate.gain,
        "likely": candidate.likely,
        "names": list(own.shared.names),
        "figures": list(own.shared.figures),
        "passages": [
            {
                "share": passage.share,
                "derivative": _where(passage.derivative),
                "source": _where(passage.source),
            }
            for passage in own.shared.passages
        ],
    }


def _where(place: Place) -> dict[str, Any]:
    return {"start": place.span.start, "end": place.span.end, "line": place.line, "text": place.text}


def best_passages(found: Shared, most: int) -> list[Passage]:
    """The passages that share most, in the order of the text."""
    chosen = sorted(range(len(found.passages)), key=lambda at: (-found.passages[at].share, at))[:most]
    return [found.passages[at] for at in sorted(chosen)]

"""Which blocks of a web page are its article. trafilatura says what the article's words are; those blocks
of our own reading that hold them are kept, so that every place still leads back to the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from claimdiff.errors import InputError
from claimdiff.model import Block, BlockKind

_WORD = re.compile(r"\w+")
_RUN = 4  # words that are compared together
_SHARE = 0.7  # of a block's runs that the article must have

Notes = tuple[str, ...]


def choose(
    text: str, blocks: Sequence[Block], *, headline: str, tame: bool, name: str
) -> tuple[tuple[Block, ...], Notes]:
    """The article's blocks, its headline first where the page shows it; all blocks, and a note that
    says so, when no article is found or the page is not `tame`."""
    article = _article(text, name) if tame else []
    kept = _kept(blocks, article)
    if not kept:
        reason = "" if tame else " (its tags are too many, or nested too deeply)"
        return tuple(blocks), (f"no article body was told apart in the page{reason}; all of it was read",)
    first = _headline(blocks, kept, headline)
    chosen = [first, *kept] if first is not None else kept
    return tuple(blocks[at] for at in chosen), ()


def _article(text: str, name: str) -> list[str]:
    """The lines of the article as trafilatura sees it."""
    try:
        import trafilatura
    except ImportError:
        raise InputError(
            f"{name}: is a web page, which needs trafilatura; pip install 'claimdiff[html]'"
        ) from None
    try:
        found = trafilatura.extract(
            text, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False
        )
    except Exception:  # whatever a page does to a parser that is not ours, we can still read it all
        return []
    return found.splitlines() if found else []


def _kept(blocks: Sequence[Block], article: Sequence[str]) -> list[int]:
    """The blocks whose words are the article's, by number. A block of a few words must be a line of its
    own there and stand between longer ones that are kept: the page's furniture is made of such."""
    lines = {tuple(_words(line)) for line in article}
    runs = {run for line in article for run in _runs(_words(line))}
    long, short = [], []
    for at, block in enumerate(blocks):
        words = _words(block.text)
        own = list(_runs(words))
        if own and sum(run in runs for run in own) >= _SHARE * len(own):
            long.append(at)
        elif words and not own and tuple(words) in lines:
            short.append(at)
    if not long:
        return short
    inside = [at for at in short if long[0] < at < long[-1]]
    return _once(blocks, sorted([*long, *inside]))


def _once(blocks: Sequence[Block], kept: Sequence[int]) -> list[int]:
    """Each block once: a headline stands in the navigation too, a summary in a box."""
    best: dict[tuple[str, ...], int] = {}
    for at in kept:
        key = tuple(_words(blocks[at].text))
        other = best.setdefault(key, at)
        if blocks[at].kind is BlockKind.HEADING and blocks[other].kind is not BlockKind.HEADING:
            best[key] = at
    return sorted(best.values())


def _headline(blocks: Sequence[Block], kept: Sequence[int], headline: str) -> int | None:
    """The heading before the article that is its headline, unless the article has it."""
    words = _words(headline)
    if blocks[kept[0]].kind is BlockKind.HEADING:
        return None
    above = [at for at in range(kept[0]) if blocks[at].kind is BlockKind.HEADING]
    named = [at for at in above if _words(blocks[at].text) == words]
    return (named or above)[-1] if above else None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))

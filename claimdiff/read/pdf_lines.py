"""Lines of printed pages -> paragraphs: which lines stand on every page, and which go on in the next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

_ZONE = 3  # lines at the top and at the foot of a page among which running lines are looked for
_SHARE = 0.4  # of the pages that have a line, so that left and right pages may differ
_GAP = 1.35  # times the usual distance between lines
_FULL = 0.85  # of the longest lines near by: where the next word would have fitted, a line was ended by hand
_NEAR = 8
_LARGE = 1.2  # times the usual height of letters: a heading
_SIZE = 0.08  # how much two heights of letters may differ in one paragraph

_DIGITS = re.compile(r"\d+")
_PAGE = re.compile(r"(?i)[-–—|\s]*(?:page\s*)?(\d{1,4})(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*\Z")
_OF = re.compile(r"(?i)page\s*\d|\d\s*(?:/|of)\s*\d")
# What browsers print at the top and the foot of a page.
_PRINTED = re.compile(r"(?:\S{2,9}:/\S+\s+\d{1,4}/\d{1,4}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}, \d{1,2}:\d\d\b.*)\Z")
_BULLET = re.compile(r"(?:[-*•‣◦▪●·]|\d{1,2}[.)])[ \t\u00a0]++(?=.*\w)")
_ENDS = re.compile(r"[.!?…:][\"'”’»)\]]*+\Z")
_HYPHEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]\Z")
_START = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# First parts of words that have a hyphen nearly always; "in-" or "pro-" are mostly halves of one word.
_KEEPING = re.compile(
    r"(?:all|cross|double|far|first|five|four|half|high|ill|long|low|mid|nine|non|quarter|self|semi|seven|"
    r"single|six|ten|third|three|two|vice|well|wide)\Z"
)


class Line(NamedTuple):
    """A line of a page: where it begins (from the page's foot up) and how high its letters are; a size of
    0 for a line whose place is not known."""

    text: str
    x: float
    y: float
    size: float


class Paragraph(NamedTuple):
    """The words of a paragraph; `mark` is how long the mark of a list's item before them is, `large` says
    that its letters are larger than those of most of the text."""

    text: str
    mark: int
    large: bool


# --- what stands on every page --------------------------------------------------------------------------


def furniture(pages: Sequence[Sequence[Line]]) -> list[set[int]]:
    """For each page the indices of its running heads and feet and of its number."""
    zones = [_zone(page) for page in pages]
    filled = sum(bool(page) for page in pages)
    seen: Counter[tuple[str, float]] = Counter()
    for page, zone in zip(pages, zones, strict=True):
        seen.update({_norm(page[at]) for at in zone})
    wanted = max(2, _SHARE * filled)
    steps = _numbering(pages, zones)
    found = []
    for number, (page, zone) in enumerate(zip(pages, zones, strict=True)):
        gone = set()
        for at in zone:
            text = page[at].text
            paged = _PAGE.match(text)
            repeated = seen[_norm(page[at])] >= wanted
            numbered = paged and (_OF.search(text) or int(paged[1]) - number in steps)
            if (repeated and not paged) or numbered or _PRINTED.match(text):
                gone.add(at)
        found.append(gone if len(gone) < len(page) else set())
    return found


def _zone(page: Sequence[Line]) -> list[int]:
    """The indices of the lines at the top and the foot of a page, by place where it is known."""
    order = (
        sorted(range(len(page)), key=lambda at: -page[at].y)
        if all(line.size for line in page)
        else [*range(len(page))]
    )
    return sorted({*order[:_ZONE], *order[-_ZONE:]})


def _norm(line: Line) -> tuple[str, float]:
    """What a running line has in common on all pages: its words but for numbers, and its height."""
    return _DIGITS.sub("#", " ".join(line.text.split()).casefold()), round(line.y)


def _numbering(pages: Sequence[Sequence[Line]], zones: Sequence[list[int]]) -> set[int]:
    """What to take from a page's number for its index: the differences that most pages agree on."""
    counts: Counter[int] = Counter()
    for number, (page, zone) in enumerate(zip(pages, zones, strict=True)):
        bare = {int(match[1]) - number for at in zone if (match := _PAGE.match(page[at].text))}
        counts.update(bare)
    single = len(pages) == 1
    return {
        step
        for step, count in counts.items()
        if (single and step == 1) or count >= max(2, _SHARE * len(pages))
    }


# --- which lines belong together ------------------------------------------------------------------------


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """The paragraphs of the pages, in order; one may go on over a page's end."""
    lines = [(line, number) for number, page in enumerate(pages) for line in page]
    known = Counter(word.lower() for line, _ in lines for word in _WORD.findall(line.text))
    gaps = _gaps(pages)
    groups: list[list[Line]] = []
    for at, (line, number) in enumerate(lines):
        above, page = lines[at - 1] if at else (line, -1)
        if not at or _parts(above, line, page != number, gaps.get(above.size), _width(lines, at - 1)):
            groups.append([])
        groups[-1].append(line)
    return [*_joined(groups, known)]


def _gaps(pages: Sequence[Sequence[Line]]) -> dict[float, float]:
    """The usual distance between two lines, for each height of letters."""
    found: dict[float, list[float]] = {}
    for page in pages:
        for above, below in pairwise(page):
            gap = above.y - below.y
            if above.size == below.size and 0 < gap < 4 * max(1.0, above.size):
                found.setdefault(above.size, []).append(gap)
    # Most breaks are within paragraphs; among few, the smaller ones are.
    return {size: min(median(gaps), 2 * min(gaps)) for size, gaps in found.items()}


def _width(lines: Sequence[tuple[Line, int]], at: int) -> int:
    """How many characters fit on a line, as its neighbours of the same column show."""
    line = lines[at][0]
    near = (other for other, _ in lines[max(0, at - _NEAR) : at + _NEAR + 1])
    return max(
        len(own.text) for own in near if own.size == line.size and abs(own.x - line.x) <= 6 * line.size
    )


def _parts(above: Line, below: Line, turned: bool, gap: float | None, width: int) -> bool:
    """Does a paragraph end between these two lines?"""
    if abs(above.size - below.size) > _SIZE * max(above.size, below.size) or _BULLET.match(below.text):
        return True
    down = above.y - below.y
    if not turned and above.size and abs(down) < 0.3 * above.size:
        return False  # one line in two pieces
    ended = _ENDS.search(above.text) is not None
    first = below.text.split(maxsplit=1)[0]
    fits = len(above.text) + 1 + len(first) < _FULL * width
    if fits and (ended or not first.lstrip("\"'“‘(")[:1].islower()):
        return True
    if turned or down < 0 or not above.size:  # the next page, the next column, or places unknown
        return ended
    if down > _GAP * (gap or 1.2 * above.size):
        return True
    return ended and 0.8 * above.size < below.x - above.x < 6 * above.size


def _joined(groups: Sequence[Sequence[Line]], known: Counter[str]) -> Iterator[Paragraph]:
    sizes: Counter[float] = Counter()
    for group in groups:
        sizes[group[0].size] += sum(len(line.text) for line in group)
    usual = max(sizes, key=lambda size: (sizes[size], -size), default=0.0)
    for group in groups:
        parts = [group[0].text]
        for line in group[1:]:
            _join(parts, line.text, known)
        text = "".join(parts)
        mark = _BULLET.match(text)
        yield Paragraph(text, mark.end() if mark else 0, group[0].size > _LARGE * usual)


def _join(parts: list[str], line: str, known: Counter[str]) -> None:
    """Add a line to a paragraph, with a space or without the hyphen that parts a word."""
    above = parts[-1]
    broken, start = _HYPHEN.search(above), _START.match(line)
    if not broken or not start:
        parts.append(line if above.endswith(("—", "/")) else f" {line}")
        return
    first, second = broken[1], start.group()
    if above.endswith("\u00ad") or not _keeps(above, first, second, known):
        parts[-1] = above[:-1]
    parts.append(line)


def _keeps(above: str, first: str, second: str, known: Counter[str]) -> bool:
    """Is the hyphen at a line's end part of the word? As the rest of the text has it, if it does."""
    whole, parted = f"{first}{second}".lower(), f"{first}-{second}".lower()
    if known[whole] or known[parted]:
        return known[parted] >= known[whole]
    before = above[: -len(first) - 1]
    return (
        before.endswith(("-", *"0123456789")) or not second.islower() or bool(_KEEPING.match(first.lower()))
    )

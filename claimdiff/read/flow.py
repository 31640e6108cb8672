"""Tags and words -> blocks: what a page of HTML, NITF or XHTML shows, without what it hides.

White space is taken together as a page shows it. A table's row is one block, unless its cells hold
paragraphs of their own: such a table only lays out a page. Nothing here calls itself, so that no
depth of nesting matters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from claimdiff.model import Block, BlockKind
from claimdiff.read.view import Run, view


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2"})
_ITEMS = frozenset({"li", "dd", "dt"})
_CELLS = frozenset({"td", "th"})
_TABLE = _CELLS | {"table", "tr", "thead", "tbody", "tfoot", "caption"}
_OTHER = _names(
    """address article aside blockquote body center details div dl fieldset figure footer form header
    hgroup hr html legend main ol p pre section summary ul block bq body.content fn lead"""
)
BLOCKS = _HEADINGS | _ITEMS | _TABLE | _OTHER
VOID = _names("area base br col embed hr img input link meta param source track wbr basefont frame")
_HIDDEN = _names(
    """audio button canvas colgroup datalist dialog figcaption head iframe map math meter nav noembed
    noframes noscript object optgroup option progress script select style svg template textarea title
    video abstract body.end byline dateline distributor docdata media media-caption media-metadata
    media-producer nitf-table"""
)
# A tag of the first kind ends an open one of the second that stands on top.
_ENDS = {
    **dict.fromkeys(BLOCKS, frozenset({"p"})),
    "li": frozenset({"p", "li"}),
    "dt": frozenset({"p", "dt", "dd"}),
    "dd": frozenset({"p", "dt", "dd"}),
    "td": frozenset({"p", "td", "th"}),
    "th": frozenset({"p", "td", "th"}),
    "tr": frozenset({"p", "td", "th", "tr"}),
    "tbody": frozenset({"p", "td", "th", "tr", "thead", "tbody"}),
}
_STYLE = re.compile(r"(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden)", re.IGNORECASE)
_SPACES = re.compile(r"[^\S ]\s*+| \s++")  # white space that is more or other than one plain space
_LEADING = re.compile(r"\s*+")
_DEEPEST_TABLE = 8


class _Open(NamedTuple):
    name: str
    row: bool


class _Part(NamedTuple):
    kind: BlockKind
    runs: list[Run]


class _Row:
    def __init__(self) -> None:
        self.cells: list[list[_Part]] = []
        self.heads = 0


class Flow:
    """Takes tags and words, in order, and has the blocks of what a reader would see."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[_Part] = []
        self._open: list[_Open] = []
        self._count: defaultdict[str, int] = defaultdict(int)
        self._headings = self._items = 0  # how many of those are open
        self._hidden = 0  # how many tags were open with the one that hides; 0 for nothing hidden
        self._rows: list[_Row] = []
        self._runs: list[Run] = []
        self._gap = True  # is the last character shown a space, or none?
        self._broken = False  # is the last thing seen a line break?

    def blocks(self) -> tuple[Block, ...]:
        """All blocks; what is still open is closed."""
        while self._open:
            self._pop()
        self._flush()
        found = []
        for part in self.parts:
            shown, pieces = view(self.text, part.runs)
            if pieces and shown.strip():
                found.append(Block(part.kind, shown, pieces))
        return tuple(found)

    def open(self, name: str, attributes: dict[str, str], start: int, end: int, closed: bool = False) -> None:
        ended = _ENDS.get(name, frozenset())
        while self._open and self._open[-1].name in ended:
            self._pop()
        if name == "br":
            self._break(start, end)
        elif name in BLOCKS and not self._hidden:
            self._flush()
        if closed or name in VOID:
            return
        row = name == "tr" and not self._hidden and len(self._rows) < _DEEPEST_TABLE
        self._open.append(_Open(name, row))
        self._tally(name, 1)
        if not self._hidden:
            self._enter(name, attributes, row)
        if name == "q":
            self.words(start, end, "“")

    def _tally(self, name: str, by: int) -> None:
        self._count[name] += by
        self._headings += by * (name in _HEADINGS)
        self._items += by * (name in _ITEMS)

    def _enter(self, name: str, attributes: dict[str, str], row: bool) -> None:
        if row:
            self._rows.append(_Row())
        elif name in _CELLS and self._rows:
            self._rows[-1].cells.append([])
            self._rows[-1].heads += name == "th"
        if name in _HIDDEN or _hides(attributes):
            self._hidden = len(self._open)

    def close(self, name: str, start: int, end: int) -> None:
        if name == "q" and self._count[name]:
            self.words(start, end, "”")
        if name == "br":
            self._break(start, end)
        if not self._count[name]:
            return
        while self._pop() != name:
            continue

    def words(self, start: int, end: int, instead: str | None) -> None:
        if self._hidden or start == end:
            return
        if instead is not None:
            if instead.isspace():
                self._space(start, end)
            else:
                self._add((start, end, instead))
            return
        text, at = self.text, start
        if self._gap:
            lead = _LEADING.match(text, start, end)
            at = lead.end() if lead else start
        for found in _SPACES.finditer(text, at, end):
            self._add((at, found.start(), None))
            if self._count["pre"] and found.group().count("\n") > 1:
                self._flush()
            self._space(found.start(), found.end())
            at = found.end()
        self._add((at, end, None))

    def raw(self, name: str, attributes: dict[str, str], words: str) -> None:
        """Scripts and the like show nothing."""

    def _add(self, run: Run) -> None:
        if run[0] < run[1]:
            self._runs.append(run)
            self._gap = run[2] is None and self.text[run[1] - 1].isspace()
            self._broken &= self._gap and run[1] - run[0] == 1

    def _space(self, start: int, end: int) -> None:
        if not self._gap:
            self._runs.append((start, end, " "))
            self._gap = True

    def _break(self, start: int, end: int) -> None:
        """A line break is a space; two of them part paragraphs."""
        if self._hidden:
            return
        if self._broken:
            self._flush()
            return
        self._space(start, end)
        self._broken = True

    def _pop(self) -> str:
        name, row = self._open.pop()
        self._tally(name, -1)
        if not self._hidden and name in BLOCKS:
            self._flush(name)
        if self._hidden > len(self._open):
            self._hidden = 0
        if row:
            self._end_row(self._rows.pop())
        return name

    def _flush(self, closing: str = "") -> None:
        """End the block that is being read, if there is one."""
        runs, self._runs = self._runs, []
        self._gap, self._broken = True, False
        if runs and runs[-1][2] == " ":
            runs.pop()
        if runs:
            self._put([_Part(self._kind(closing), runs)])

    def _kind(self, closing: str) -> BlockKind:
        if closing in _HEADINGS or self._headings:
            return BlockKind.HEADING
        if closing in _ITEMS or self._items:
            return BlockKind.ITEM
        return BlockKind.PARAGRAPH

    def _put(self, parts: list[_Part]) -> None:
        if not self._rows:
            self.parts += parts
            return
        row = self._rows[-1]
        if not row.cells:
            row.cells.append([])
        row.cells[-1] += parts

    def _end_row(self, row: _Row) -> None:
        filled = [cell for cell in row.cells if cell]
        if row.heads == len(row.cells) > 1:
            return  # it names the columns
        if len(row.cells) < 2 or any(len(cell) > 1 for cell in filled):
            self._put([part for cell in filled for part in cell])
        elif filled:
            runs: list[Run] = []
            for (part,) in filled:
                first = part.runs[0][0]
                runs += [(first, first, ", "), *part.runs] if runs else part.runs
            self._put([_Part(BlockKind.CELL, runs)])


def _hides(attributes: dict[str, str]) -> bool:
    return bool(attributes) and (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _STYLE.search(attributes.get("style", "")) is not None
    )

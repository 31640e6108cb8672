"""Markdown -> blocks of plain text, each with pieces that lead back into the raw text.

The parser's inline tokens carry no positions; those which swallow text (links, images, code, HTML)
note where they began and ended, and what lies between is found by walking on from there. Code
blocks, images, footnotes and the header row of a table are left out; of HTML its words are read.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from claimdiff.model import Block, BlockKind
from claimdiff.read.flow import Flow
from claimdiff.read.layer import Layer, one_newline
from claimdiff.read.markdown_rules import is_tangled, parser, shallow
from claimdiff.read.markup import scan
from claimdiff.read.view import Run, view

if TYPE_CHECKING:
    from markdown_it.token import Token

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MARKUP = frozenset({"em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close"})
_BREAK = re.compile(r"(?i)<br\b")
_HIDING = re.compile(r"(?i)<(/?)(?:script|style|template)\b")


def markdown_blocks(text: str, skip: int = 0) -> tuple[Block, ...]:
    """The blocks of a Markdown page after its first `skip` lines, in order."""
    if "\r" in text:
        layer = one_newline(text)
        return layer.lift(markdown_blocks(layer.text, skip))
    lines = _CONTROL.sub(" ", text).split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    tokens = parser(links=not is_tangled(text)).parse("\n" * skip + "\n".join(map(shallow, lines[skip:])))
    return tuple(_blocks(text, lines, starts, tokens))


def _blocks(text: str, lines: list[str], starts: list[int], tokens: list[Token]) -> Iterator[Block]:
    kind, head, row = BlockKind.PARAGRAPH, False, list[Run]()
    items = 0
    seek = 0  # where in the row's line the next cell is looked for
    in_row = False
    for token in tokens:
        match token.type:
            case "heading_open":
                kind = BlockKind.HEADING
            case "list_item_open":
                items += 1
            case "list_item_close":
                items -= 1
            case "paragraph_open":
                kind = BlockKind.ITEM if items else BlockKind.PARAGRAPH
            case "thead_open" | "thead_close":
                head = token.nesting == 1
            case "tr_open":
                row, seek, in_row = [], 0, True
            case "tr_close":
                in_row = False
                yield from _block(text, BlockKind.CELL, row)
            case "html_block":
                yield from _html(text, lines, starts, token)
            case "inline" if not head:
                place, seek = _anchor(lines, starts, token, seek if in_row else -1)
                runs = list(_runs(token, place))
                if not in_row:
                    yield from _block(text, kind, runs)
                elif runs:
                    row += [(runs[0][0], runs[0][0], ", "), *runs] if row else runs


def _block(text: str, kind: BlockKind, runs: list[Run]) -> Iterator[Block]:
    shown, pieces = view(text, runs)
    if pieces and shown.strip():
        yield Block(kind, shown, pieces)


def _html(text: str, lines: list[str], starts: list[int], token: Token) -> Iterator[Block]:
    """What a block of HTML shows: its lines without the marks of quotations before them, read as a page."""
    runs: list[Run] = []
    number = token.map[0] if token.map else 0
    for content in token.content.rstrip("\n").split("\n"):
        end = starts[number] + len(lines[number])
        runs += [(end - len(content.lstrip()), end, None), (end, end + 1, "\n")]
        number += 1
    layer = Layer(text, runs)
    flow = Flow(layer.text)
    scan(layer.text, flow)
    yield from layer.lift(flow.blocks())


def _anchor(lines: list[str], starts: list[int], token: Token, seek: int) -> tuple[Sequence[int], int]:
    """For each character of an inline token's content its offset in the text, with one more for the end.

    Each line of the content stands in one raw line: at its end, or for a table cell (`seek` >= 0)
    next after the cells before it, where a bar may be escaped.
    """
    place = array("q")
    number, last = token.map or (0, 0)
    first = token.content.split("\n", 1)[0].strip()
    while number + 1 < last and first not in lines[number]:  # a line of odd spaces, which was stripped
        number += 1
    for content in token.content.split("\n"):
        raw, start = (lines[number], starts[number]) if number < len(lines) else ("", starts[-1])
        number += 1
        if seek >= 0:
            offsets = _cell(raw, content, seek)
            seek = offsets[-1]
        else:
            bare = content.strip()
            at = raw.rfind(bare) - (len(content) - len(content.lstrip()))
            offsets = [max(0, at + step) for step in range(len(content) + 1)]
        place.extend(start + offset for offset in offsets)
    return place, seek


def _cell(raw: str, content: str, seek: int) -> list[int]:
    at = raw.find(content, seek)
    if at >= 0:
        return list(range(at, at + len(content) + 1))
    escaped = raw.find(content.replace("|", "\\|"), seek)
    offsets, at = [], max(escaped, seek)
    for char in content:
        at += char == "|"
        offsets.append(at)
        at += 1
    return [*offsets, at]


def _runs(token: Token, place: Sequence[int]) -> Iterator[Run]:
    """The text of an inline token as runs of the document's text."""
    content, at, hidden = token.content, 0, False
    for child in token.children or ():
        at = child.meta.get("start", at)
        if child.type == "html_inline" and (hiding := _HIDING.match(child.content)):
            hidden = not hiding[1]
        stop, runs = _child(child, content, at, place)
        if not hidden:
            yield from runs
        at = max(stop, child.meta.get("end", at))


def _child(child: Token, content: str, at: int, place: Sequence[int]) -> tuple[int, Sequence[Run]]:
    """How far the content is read with this part of it, which begins at `at` or later, and its runs."""
    match child.type:
        case "text" | "text_special" if child.content:
            found = content.find(child.markup or child.content, at)
            stop = found + len(child.markup or child.content)
            if found < 0:
                return at, ()
            if child.markup and child.info != "escape":
                return stop, ((place[found], place[stop - 1] + 1, child.content),)
            return stop, [*_straight(place, stop - 1 if child.markup else found, stop)]
        case "code_inline":
            return at, [*_code(child, content, at, place)]
        case "softbreak" | "hardbreak":
            first = content.find("\n", at)
            return at, ((place[first], place[first] + 1, " "),) if first >= 0 else ()
        case "html_inline" if _BREAK.match(child.content):
            return at, ((place[at], place[child.meta["end"] - 1] + 1, " "),)
        case "link_open":
            return at + 1, ()
        case kind if kind in _MARKUP:
            found = content.find(child.markup, at)
            return found + len(child.markup) if found >= 0 else at, ()
    return at, ()


def _code(child: Token, content: str, at: int, place: Sequence[int]) -> Iterator[Run]:
    ticks = len(child.markup)
    inner = content.find(child.content, at + ticks)
    end = child.meta.get("end", at)
    if 0 <= inner <= end:
        yield from _straight(place, inner, inner + len(child.content))
    elif end - ticks > at + ticks:  # a line break in it was turned into a space
        yield from _straight(place, at + ticks, end - ticks)


def _straight(place: Sequence[int], start: int, end: int) -> Iterator[Run]:
    """The content in [start, end) as runs of neighbouring characters."""
    first = start
    for at in range(start + 1, end + 1):
        if at == end or place[at] != place[at - 1] + 1:
            yield place[first], place[at - 1] + 1, None
            first = at

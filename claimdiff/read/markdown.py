"""Markdown -> blocks of plain text, each with pieces that lead back into the raw text.

The parser's inline tokens carry no positions. Its inline rules are wrapped so that those which
swallow text (links, images, code, HTML) note where they began and ended; what lies between is
found by walking on from there. Code blocks, HTML, images and the header row of a table are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from claimdiff.model import Block, BlockKind
from claimdiff.read.view import Run, view

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    _Rule = Callable[[StateInline, bool], bool]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_WRAPPED = ("link", "image", "autolink", "html_inline", "backticks", "newline")
_MARKUP = frozenset({"em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close"})


def markdown_blocks(text: str, skip: int = 0) -> tuple[Block, ...]:
    """The blocks of a Markdown page after its first `skip` lines, in order."""
    lines = _CONTROL.sub(" ", text).split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    tokens = _parser().parse("\n" * skip + "\n".join(lines[skip:]))
    return tuple(_blocks(text, lines, starts, tokens))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 60}).enable(["table", "strikethrough"])
    parser.disable("text_join")  # keeps entities and escapes apart, with their markup
    names = parser.get_active_rules()["inline"]
    for name, rule in zip(names, parser.inline.ruler.getRules(""), strict=True):
        if name in _WRAPPED:
            parser.inline.ruler.at(name, _noting(rule))
    return parser


def _noting(rule: _Rule) -> _Rule:
    """The rule, noting on the first and last token that it pushes where its markup begins and ends."""

    def noting(state: StateInline, silent: bool) -> bool:
        before, start = len(state.tokens), state.pos
        found = rule(state, silent)
        if found and not silent and len(state.tokens) > before:
            pushed = state.tokens[before:]
            first = pushed[1] if pushed[0].type == "text" and len(pushed) > 1 else pushed[0]
            first.meta["start"] = start
            pushed[-1].meta["end"] = state.pos
        return found

    return noting


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


def _anchor(lines: list[str], starts: list[int], token: Token, seek: int) -> tuple[list[int], int]:
    """For each character of an inline token's content its offset in the text, with one more for the end.

    Each line of the content stands in one raw line: at its end, or for a table cell (`seek` >= 0)
    next after the cells before it, where a bar may be escaped.
    """
    place: list[int] = []
    number = token.map[0] if token.map else 0
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
        place += [start + offset for offset in offsets]
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


def _runs(token: Token, place: list[int]) -> Iterator[Run]:
    """The text of an inline token as runs of the document's text."""
    content, at = token.content, 0
    for child in token.children or ():
        at = child.meta.get("start", at)
        match child.type:
            case "text" | "text_special" if child.content:
                raw = child.markup or child.content
                found = content.find(raw, at)
                if found < 0:
                    continue
                at = found + len(raw)
                if child.info == "escape":
                    yield from _straight(place, at - 1, at)
                elif child.markup:
                    yield place[found], place[at - 1] + 1, child.content
                else:
                    yield from _straight(place, found, at)
            case "code_inline":
                ticks = len(child.markup)
                inner = content.find(child.content, at + ticks)
                end = child.meta.get("end", at)
                if 0 <= inner <= end:
                    yield from _straight(place, inner, inner + len(child.content))
                elif end - ticks > at + ticks:  # a line break in it was turned into a space
                    yield from _straight(place, at + ticks, end - ticks)
            case "softbreak" | "hardbreak":
                first = content.find("\n", at)
                if first >= 0:
                    yield place[first], place[first] + 1, " "
            case "link_open":
                at += 1
            case kind if kind in _MARKUP:
                found = content.find(child.markup, at)
                at = found + len(child.markup) if found >= 0 else at
        at = max(at, child.meta.get("end", at))


def _straight(place: list[int], start: int, end: int) -> Iterator[Run]:
    """The content in [start, end) as runs of neighbouring characters."""
    first = start
    for at in range(start + 1, end + 1):
        if at == end or place[at] != place[at - 1] + 1:
            yield place[first], place[at - 1] + 1, None
            first = at

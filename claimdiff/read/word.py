"""A Word file -> Document: its paragraphs joined by blank lines, as they read with all changes accepted.

The document's text is what Word shows; blocks lead into it. Changes, comments, footnotes and
hidden text are counted and told in the notes, so that nobody takes half of them for the article.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from claimdiff.errors import InputError
from claimdiff.model import Block, BlockKind, Document
from claimdiff.read.view import Run, view
from claimdiff.read.word_package import check_package

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"

_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK})
_ASIDE = frozenset({*_GONE, f"{_W}p", f"{_W}pPr", f"{_W}rPr", f"{_W}rt"})
_WRAPPERS = frozenset({f"{_W}{tag}" for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "body")})
_BREAKS = frozenset({f"{_W}br", f"{_W}cr"})
_BULLET = re.compile(r"[ \t]*+(?:[-*•‣◦▪●·]|\d{1,2}[.)])[ \t\u00a0]++(?=[^\n]*\w)")
_APART = re.compile(r"\n[ \t]*+\n\s*+")  # two line breaks are as good as a paragraph's end
_CELL = 80  # a row of cells no longer than this is one line of a table; longer ones hold prose
_LEVELS = 20  # how far a style is followed to those that it is based on

_Kinds = Callable[[Any], BlockKind]


class _Line(NamedTuple):
    """A line of the text: a paragraph, or the cells of a table's row. A row of column heads says
    nothing by itself and makes no block."""

    kind: BlockKind
    cells: tuple[str, ...]
    shown: bool = True


def read_docx(data: bytes, *, id: str, name: str) -> Document:
    """The document in a .docx file; raises InputError for anything that is none."""
    check_package(data, name)
    try:
        import docx
    except ImportError:
        raise InputError(
            f"{name}: reading Word files needs python-docx; pip install 'claimdiff[docx]'"
        ) from None
    try:
        word = docx.Document(io.BytesIO(data))
        lines = [line for line in _lines(word) if any(cell.strip() for cell in line.cells)]
        text = "\n\n".join("\t".join(line.cells) for line in lines)
        blocks = tuple(_blocks(text, lines))
        return Document(id, name, text, blocks, metadata=_metadata(word), notes=_notes(word.element.body))
    except Exception as error:  # python-docx has no error of its own for most damage
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise InputError(
            f"{name}: cannot be read as a Word file ({reason}); save it again as .docx"
        ) from None


def _blocks(text: str, lines: list[_Line]) -> Iterator[Block]:
    at = 0
    for kind, cells, shown in lines:
        runs: list[Run] = []
        for cell in cells:
            if runs and cell.strip():
                runs.append((at - 1, at, ", "))
            runs.append((at, at + len(cell), None))
            at += len(cell) + 1
        at += 1
        mark = _BULLET.match(cells[0]) if kind is BlockKind.PARAGRAPH else None
        if mark:
            kind, runs = BlockKind.ITEM, [(runs[0][0] + mark.end(), runs[0][1], None)]
        plain, pieces = view(text, runs)
        if shown and pieces and plain.strip():
            yield Block(kind, plain, pieces)


# --- the order of the lines ---------------------------------------------------------------------------


def _lines(word: WordDocument) -> Iterator[_Line]:
    """The document's lines. A paragraph whose mark was deleted goes on in the next one."""
    kind_of = _kinds(word)
    before = ""
    for node, in_row in _nodes(word.element.body):
        if node.tag == f"{_W}tr":
            yield _Line(BlockKind.CELL, _row(node), shown=not _has(node, "trPr", "tblHeader"))
            continue
        text = before + _text(node)
        before = ""
        if _has(node, "pPr", "rPr", "del") and not in_row:
            before = text
        else:
            kind = kind_of(node)
            yield from (_Line(kind, (part,)) for part in _APART.split(text))
    if before:
        yield _Line(BlockKind.PARAGRAPH, (before,))


def _nodes(body: Any) -> Iterator[tuple[Any, bool]]:
    """The paragraphs and the short rows of tables, in order; and whether they stand in a table."""
    stack = [(iter(body), False)]
    while stack:
        node = next(stack[-1][0], None)
        inside = stack[-1][1]
        if node is None:
            stack.pop()
        elif node.tag == f"{_W}p":
            yield node, inside
            stack += [(iter(box), inside) for box in reversed([*_boxes(node)])]
        elif node.tag == f"{_W}tr" and not _has(node, "trPr", "del"):
            if _is_short(node):
                yield node, True
            else:
                stack.append((iter(node), True))
        elif node.tag in _WRAPPERS or node.tag in (f"{_W}tbl", f"{_W}tc"):
            stack.append((iter(node), inside))


def _boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes that hang on a paragraph, each once."""
    return (node for node in _walk(paragraph, _GONE) if node.tag == f"{_W}txbxContent")


def _is_short(row: Any) -> bool:
    """Is the row one line of a table: several cells, each with a few words at most?"""
    cells = [cell for cell in row if cell.tag == f"{_W}tc"]
    full = 0
    for cell in cells:
        said = [text for text in map(_text, _paragraphs(cell)) if text.strip()]
        if len(said) > 1 or any(len(text) > _CELL for text in said) or cell.find(f"{_W}tbl") is not None:
            return False
        full += len(said)
    return len(cells) > 1 and full > 0


def _row(row: Any) -> tuple[str, ...]:
    cells = (cell for cell in row if cell.tag == f"{_W}tc")
    return tuple("".join(map(_text, _paragraphs(cell))).strip() for cell in cells)


def _paragraphs(cell: Any) -> Iterator[Any]:
    return (node for node in _walk(cell, _GONE) if node.tag == f"{_W}p")


# --- what a paragraph says ----------------------------------------------------------------------------


def _text(paragraph: Any) -> str:
    """The words of a paragraph without deleted and hidden ones; a line break is a newline."""
    parts = []
    for node in _walk(paragraph, _ASIDE):
        if node.tag in (f"{_W}t", _MATH):
            parts.append(node.text or "")
        elif node.tag in _BREAKS:
            parts.append("\n")
        elif node.tag == f"{_W}tab":
            parts.append("\t")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("\u2011")
    return "".join(parts)


def _walk(root: Any, aside: frozenset[str]) -> Iterator[Any]:
    """The elements below this one in order, without those aside, hidden runs, and what is in them."""
    stack = [iter(root)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.tag not in aside and not _is_hidden(node):
            yield node
            stack.append(iter(node))


def _is_hidden(node: Any) -> bool:
    return node.tag == f"{_W}r" and _has(node, "rPr", "vanish")


def _has(node: Any, *path: str) -> bool:
    """Is there an element at this path, and is it not switched off?"""
    found = node.find("/".join(_W + tag for tag in path))
    return found is not None and found.get(f"{_W}val") not in ("0", "false", "off")


def _kinds(word: WordDocument) -> _Kinds:
    """A function that tells the kind of a paragraph by its style, outline level and numbering."""
    own: dict[str, Any] = {style.get(f"{_W}styleId"): style for style in word.styles.element}
    known: dict[str, BlockKind] = {}

    def of_style(style: str) -> BlockKind:
        if style not in known:
            known[style] = _style_kind(own, style)
        return known[style]

    def of(paragraph: Any) -> BlockKind:
        marks = paragraph.find(f"{_W}pPr")
        if marks is None:
            return BlockKind.PARAGRAPH
        named = marks.find(f"{_W}pStyle")
        kind = of_style(named.get(f"{_W}val") or "") if named is not None else BlockKind.PARAGRAPH
        return kind if kind is BlockKind.HEADING else _marked_kind(marks) or kind

    return of


def _marked_kind(marks: Any) -> BlockKind | None:
    """The kind that a paragraph's or a style's own settings give it."""
    level = marks.find(f"{_W}outlineLvl")
    if level is not None and level.get(f"{_W}val") in set("012345678"):
        return BlockKind.HEADING
    number = marks.find(f"{_W}numPr/{_W}numId")
    if number is not None:
        return BlockKind.PARAGRAPH if number.get(f"{_W}val") == "0" else BlockKind.ITEM
    return None


def _style_kind(own: dict[str, Any], id: str) -> BlockKind:
    for _ in range(_LEVELS):
        style = own.get(id)
        if style is None:
            break
        named, marks, base = (style.find(_W + tag) for tag in ("name", "pPr", "basedOn"))
        called = (named.get(f"{_W}val") or "").lower() if named is not None else ""
        if called.startswith("heading ") or called == "title":
            return BlockKind.HEADING
        kind = BlockKind.ITEM if called.startswith("list ") else marks is not None and _marked_kind(marks)
        if kind:
            return kind
        id = base.get(f"{_W}val") or "" if base is not None else ""
    return BlockKind.PARAGRAPH


# --- about the file -----------------------------------------------------------------------------------


def _metadata(word: WordDocument) -> tuple[tuple[str, str], ...]:
    package = word.part.package
    if package is None or not any(own.reltype == _CORE for own in package.rels.values()):
        return ()  # python-docx would make some up
    core = word.core_properties
    dates = (("created", core.created), ("modified", core.modified))
    pairs = [("title", core.title), ("author", core.author)]
    pairs += [(key, date.isoformat(" ", "minutes")) for key, date in dates if date is not None]
    return tuple((key, value.strip()) for key, value in pairs if value and value.strip())


def _notes(body: Any) -> tuple[str, ...]:
    """What there is in the file beside the text that was read."""

    def count(*tags: str) -> int:
        return sum(1 for tag in tags for _ in body.iter(_W + tag))

    changes, comments = count("ins", "del", "moveTo"), count("commentReference")
    footnotes, parts = count("footnoteReference", "endnoteReference"), count("altChunk")
    notes = []
    if changes:
        notes.append(f"{_many(changes, 'tracked change')}: the text is read as if all were accepted")
    for number, what in ((comments, "comment"), (footnotes, "footnote"), (parts, "embedded file")):
        if number:
            notes.append(f"{_many(number, what)} not read")
    if any(map(_is_hidden, body.iter(f"{_W}r"))):
        notes.append("hidden text is not read")
    return tuple(notes)


def _many(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number > 1 else "")

"""A PDF file -> Document: its lines joined to paragraphs, without what stands on every page.

The document's text is made here from what the pages show, so that its blocks are slices of it.
Whatever pypdf stumbles over comes out as one InputError.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from claimdiff.errors import InputError
from claimdiff.model import Block, BlockKind, Document
from claimdiff.read.pdf_lines import Line, Paragraph, furniture, paragraphs
from claimdiff.read.view import view

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 200  # more is a book; a report of this length takes half a minute
_MAX_CHARACTERS = 2_000_000
_MAX_STREAM = 8 << 20  # bytes of one stream once unpacked; a dense page has 100 kB
_MAX_PARSING = 400_000  # operands of one page
_MAX_DRAWN = 500_000  # operations on all pages
_MAX_FORMS = 500
_MAX_HEADING = 220
_MAX_SAID = 3  # running lines that the notes quote

_SURROGATE = re.compile("[\ud800-\udfff]")
_LETTER = re.compile(r"[^\W_]")
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08]")


def read_pdf(data: bytes, *, id: str, name: str) -> Document:
    """The document in a PDF file; raises InputError for anything that has no text to read."""
    if b"%PDF-" not in data[:1024]:
        raise InputError(f"{name}: not a PDF file; pass the file as it was exported")
    try:
        import pypdf
    except ImportError:
        raise InputError(f"{name}: reading PDF files needs pypdf; pip install 'claimdiff[pdf]'") from None
    limits = pypdf.Configuration(
        zlib_maximum_output_length=_MAX_STREAM,
        lzw_maximum_output_length=_MAX_STREAM,
        run_length_maximum_output_length=_MAX_STREAM,
        brotli_maximum_output_length=_MAX_STREAM,
        array_based_stream_maximum_output_length=_MAX_STREAM,
        maximum_declared_stream_length=len(data) + 1,
        stream_decoding_work_maximum_length=4 * _MAX_STREAM,
        stream_parsing_work_maximum_count=_MAX_PARSING,
        xform_maximum_invocations_per_extraction=_MAX_FORMS,
        page_tree_maximum_entries=10 * MAX_PAGES,
        jbig2dec_binary=None,
    )
    try:
        with _quiet(), pypdf.apply_configuration(limits):
            return _read(pypdf.PdfReader(io.BytesIO(data)), id, name)
    except InputError:
        raise
    except Exception as error:  # pypdf lets errors of many kinds through for broken files
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise InputError(
            f"{name}: cannot be read as a PDF file ({reason}); export it again, or save its text as .txt"
        ) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """pypdf logs and warns about what it mends; nobody here can act on that."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _read(reader: PdfReader, id: str, name: str) -> Document:
    if reader.is_encrypted:
        _unlock(reader, name)
    number = len(reader.pages)
    if number > MAX_PAGES:
        raise InputError(f"{name}: {number} pages, more than {MAX_PAGES}; export the article's pages only")
    pages = _pages(reader, name)
    _check_text(pages, reader, name)
    running = furniture(pages)
    kept = [
        [line for at, line in enumerate(page) if at not in gone]
        for page, gone in zip(pages, running, strict=True)
    ]
    text, blocks = _text(paragraphs(kept))
    left_out = [
        page[at].text.strip() for page, gone in zip(pages, running, strict=True) for at in sorted(gone)
    ]
    notes = tuple(_notes([len(page) for page in pages], left_out))
    return Document(id, name, text, blocks, metadata=_metadata(reader), notes=notes)


def _unlock(reader: PdfReader, name: str) -> None:
    """Open a file that only bars changes, which needs no password; raise for one that bars reading."""
    try:
        opened = bool(reader.decrypt(""))
    except Exception:  # an algorithm that pypdf has not, a dictionary that is broken
        opened = False
    if not opened:
        raise InputError(f"{name}: protected with a password; save a copy without one")


def _pages(reader: PdfReader, name: str) -> list[list[Line]]:
    pages, size, drawn = [], 0, [0]
    for page in reader.pages:
        lines = _lines(page, drawn)
        if drawn[0] > _MAX_DRAWN:
            raise InputError(f"{name}: far more is drawn on its pages than text; pass its text as .txt")
        size += sum(len(line.text) for line in lines)
        if size > _MAX_CHARACTERS:
            raise InputError(
                f"{name}: more than {_MAX_CHARACTERS:,} characters; export the article's pages only"
            )
        pages.append(lines)
    return pages


def _lines(page: PageObject, drawn: list[int]) -> list[Line]:
    """The lines of a page in the order of the file, each with its place and the height of its letters.

    Adds to `drawn` how many operations draw the page.
    """
    lines: list[Line] = []
    parts: list[str] = []
    place: list[tuple[float, float, float]] = []

    def end() -> None:
        text = _SURROGATE.sub("\ufffd", "".join(parts)).rstrip()
        if text.strip():
            lines.append(Line(text.strip(), *(place[0] if place else (0.0, 0.0, 0.0))))
        parts.clear()
        place.clear()

    def visit(text: str, outer: Any, inner: Any, font: object, size: float) -> None:
        for number, part in enumerate(text.split("\n")):
            if number:
                end()
            if part.strip() and not place:
                place.append(_place(outer, inner, size))
            parts.append(part)

    def count(*_: object) -> None:
        drawn[0] += 1

    page.extract_text(visitor_text=visit, visitor_operand_before=count)
    end()
    return lines


def _place(outer: Sequence[float], inner: Sequence[float], size: float) -> tuple[float, float, float]:
    """Where a text stands on its page, and how high it is."""
    x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
    y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
    height = abs(inner[2] * outer[1] + inner[3] * outer[3]) or 1.0
    return round(x, 1), round(y, 1), round(size * height, 1)


def _check_text(pages: list[list[Line]], reader: PdfReader, name: str) -> None:
    text = "".join(line.text for page in pages for line in page)
    letters = len(_LETTER.findall(text))
    if letters < 3:
        pictures = any("/XObject" in (page.get("/Resources") or {}) for page in reader.pages)
        if pictures:
            raise InputError(
                f"{name}: holds pictures of text, no text; run it through OCR, or pass its text as .txt"
            )
        raise InputError(f"{name}: there is no text in it; pass its text as .txt")
    if len(_UNKNOWN.findall(text)) * 5 > letters:
        raise InputError(f"{name}: does not say which letters it shows; pass its text as .txt")


def _text(found: Sequence[Paragraph]) -> tuple[str, tuple[Block, ...]]:
    """The paragraphs as one text, and its blocks."""
    blocks, at = [], 0
    joined = "\n\n".join(paragraph.text for paragraph in found)
    for text, mark, large in found:
        shown, pieces = view(joined, ((at + mark, at + len(text), None),))
        at += len(text) + 2
        if shown.strip():
            heading = large and len(shown) <= _MAX_HEADING
            kind = BlockKind.HEADING if heading else BlockKind.ITEM if mark else BlockKind.PARAGRAPH
            blocks.append(Block(kind, shown, pieces))
    return joined, tuple(blocks)


def _notes(lines: Sequence[int], left_out: Sequence[str]) -> Iterator[str]:
    yield f"{len(lines)} page{'s' if len(lines) > 1 else ''} read"
    empty = lines.count(0)
    if empty:
        yield f"{empty} of them without text (pictures or blank)"
    said = list(dict.fromkeys(left_out))
    if said:
        shown = ", ".join(f"“{line[:60]}”" for line in said[:_MAX_SAID])
        more = f" and {len(said) - _MAX_SAID} more" if len(said) > _MAX_SAID else ""
        yield f"left out as running lines of the pages: {shown}{more}"


def _metadata(reader: PdfReader) -> tuple[tuple[str, str], ...]:
    """What the file says of itself; a broken entry is passed over."""
    try:
        told = reader.metadata
        if told is None:
            return ()
        pairs = [("title", told.title), ("author", told.author)]
        for key, raw in (("created", told.creation_date_raw), ("modified", told.modification_date_raw)):
            pairs.append((key, _date(raw) if raw else None))
        return tuple((key, _SURROGATE.sub("\ufffd", str(value)).strip()) for key, value in pairs if value)
    except Exception:
        return ()


_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?")


def _date(raw: str) -> str:
    """ "D:20250304091500Z" as "2025-03-04 09:15"; what has another form as it stands."""
    found = _DATE.match(str(raw))
    if not found:
        return str(raw)
    year, month, day, hour, minute = found.groups()
    date = "-".join(part for part in (year, month, day) if part)
    return f"{date} {hour}:{minute}" if minute else date

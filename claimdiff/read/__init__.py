"""Bytes or text in, Document out: the untouched text, and its paragraphs with the way back into it.

Whatever cannot be read raises InputError with one line that says what, where and what to do.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from claimdiff.errors import InputError
from claimdiff.model import Document
from claimdiff.read.decode import decode
from claimdiff.read.form import (
    DOCX,
    EXTENSIONS,
    FORMS,
    HTML,
    MARKDOWN,
    NEWSML,
    NINJS,
    NITF,
    PDF,
    RSS,
    TEXT,
    of_bytes,
    of_name,
    of_text,
)
from claimdiff.read.layer import one_newline
from claimdiff.read.matter import read_matter
from claimdiff.read.parsed import Parsed
from claimdiff.read.plain import plain_blocks

__all__ = ["EXTENSIONS", "FORMS", "MAX_BYTES", "load", "matter_of", "read_bytes", "read_path", "read_text"]

# Some 1.5 million words: far above any article, which takes a few thousand.
MAX_BYTES = 10_000_000

_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_FILE = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_DECLARING = frozenset({HTML, NITF, NEWSML, RSS, None})
_READERS = {
    HTML: ("html", "read_html"),
    NINJS: ("ninjs", "read_ninjs"),
    NITF: ("newswire", "read_nitf"),
    NEWSML: ("newswire", "read_newsml"),
    RSS: ("feed", "read_feed"),
}


def read_path(
    path: Path, *, id: str, form: str | None = None, encoding: str | None = None, max_bytes: int = MAX_BYTES
) -> Document:
    """The document in a file: in `form`, or what its extension says, or else what its content looks like."""
    data = load(path, max_bytes)
    form = form or of_name(path.name)
    return read_bytes(data, id=id, name=str(path), form=form, encoding=encoding, max_bytes=max_bytes)


def load(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a file, at most one more than `max_bytes`; InputError for what is no file."""
    try:
        _refuse_odd_file(path, max_bytes)
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the path") from None
    except PermissionError:
        raise InputError(f"{path}: no permission to read it; check the file's rights") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read ({reason}); check the path") from None


def matter_of(data: bytes, name: str, form: str | None = None) -> tuple[tuple[str, str], ...]:
    """What a text says of itself in its front matter, without reading the rest of it."""
    if (form or of_name(name) or MARKDOWN) not in (MARKDOWN, TEXT) or not data[:8].lstrip(
        b"\xef\xbb\xbf"
    ).startswith((b"---", b"+++")):
        return ()
    return read_matter(one_newline(decode(data, name, None, declares=False)[0]).text)[0]


def read_bytes(
    data: bytes,
    *,
    id: str,
    name: str,
    form: str | None = None,
    encoding: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Document:
    """The document in these bytes, in `form` or in what they look like."""
    if len(data) > max_bytes:
        raise _too_large(name, None, max_bytes, "bytes")
    form = form or of_bytes(data)
    if form == DOCX:
        from claimdiff.read.word import read_docx

        return read_docx(data, id=id, name=name)
    if form == PDF:
        from claimdiff.read.pdf import read_pdf

        return read_pdf(data, id=id, name=name)
    text, notes = decode(data, name, encoding, declares=form in _DECLARING)
    form = form or of_text(text)
    if form is None:
        raise InputError(f"{name}: is XML of a kind that is not known; say what it is with --input-format")
    return _document(text, id, name, form, notes)


def read_text(
    text: str, *, id: str, name: str = "", markdown: bool = False, form: str | None = None
) -> Document:
    """The document with this text: plain text, or what `form` or `markdown` says. Lone surrogates become
    U+FFFD, one for one; all else stays."""
    if len(text) > MAX_BYTES:
        raise _too_large(name or "text", len(text), MAX_BYTES, "characters")
    return _document(text, id, name, form or (MARKDOWN if markdown else TEXT), ())


def _document(text: str, id: str, name: str, form: str, notes: tuple[str, ...]) -> Document:
    text, lost = _SURROGATE.subn("\ufffd", text)
    if lost:
        notes = (*notes, f"{lost} lone surrogate(s) in the text were read as U+FFFD")
    parsed = _reader(form)(text, name=name or "text")
    return Document(id, name, text, parsed.blocks, metadata=parsed.metadata, notes=(*notes, *parsed.notes))


def _reader(form: str) -> Callable[..., Parsed]:
    """The reader of a form that is text, loaded when it is needed."""
    if form in (TEXT, MARKDOWN):
        return _read_plain if form == TEXT else _read_markdown
    if form not in _READERS:
        raise InputError(f"{form!r}: no such form of text; there are {', '.join(FORMS)}")
    module, function = _READERS[form]
    found: Callable[..., Parsed] = getattr(import_module(f"claimdiff.read.{module}"), function)
    return found


def _read_plain(text: str, *, name: str) -> Parsed:
    if "\r" not in text:
        return Parsed(plain_blocks(text))
    lines = one_newline(text)
    return Parsed(lines.lift(plain_blocks(lines.text)))


def _read_markdown(text: str, *, name: str) -> Parsed:
    from claimdiff.read.markdown import markdown_blocks

    lines = one_newline(text)
    matter, skip = read_matter(lines.text)
    blocks = markdown_blocks(lines.text, skip)
    return Parsed(lines.lift(blocks) if "\r" in text else blocks, matter)


def _refuse_odd_file(path: Path, max_bytes: int) -> None:
    """Opening a pipe would wait for ever, and a device has no end."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{path}: is a folder; name a file in it")
    for is_odd, what in _NO_FILE:
        if is_odd(status.st_mode):
            raise InputError(f"{path}: is {what} and no file; pipe it in and pass - for it")
    if status.st_size > max_bytes:
        raise _too_large(str(path), status.st_size, max_bytes, "bytes")


def _too_large(name: str, size: int | None, limit: int, unit: str) -> InputError:
    has = f"{size:,}" if size is not None else f"more than {limit:,}"
    return InputError(
        f"{name}: has {has} {unit}, the limit is {limit:,}; pass one article only, or set --max-bytes"
    )

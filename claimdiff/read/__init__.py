"""Bytes or text in, Document out: the untouched text, and its paragraphs with the way back into it.

Whatever cannot be read raises InputError with one line that says what, where and what to do.
"""

from __future__ import annotations

import re
from pathlib import Path

from claimdiff.errors import InputError
from claimdiff.model import Document
from claimdiff.read import markdown as _markdown
from claimdiff.read.decode import decode
from claimdiff.read.matter import read_matter
from claimdiff.read.plain import plain_blocks

__all__ = ["MAX_BYTES", "read_bytes", "read_path", "read_text"]

# Some 150,000 words, far above any article, and already minutes of work.
MAX_BYTES = 1_000_000

_MARKDOWN = frozenset({".md", ".markdown", ".mdown"})
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_path(path: Path, *, id: str, encoding: str | None = None) -> Document:
    """The document in a file; Markdown by its extension, plain text otherwise."""
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; name a text or Markdown file in it")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the path") from None
    except PermissionError:
        raise InputError(f"{path}: no permission to read it; check the file's rights") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read ({reason}); check the path") from None
    markdown = path.suffix.lower() in _MARKDOWN
    return read_bytes(data, id=id, name=str(path), markdown=markdown, encoding=encoding)


def read_bytes(
    data: bytes, *, id: str, name: str, markdown: bool = False, encoding: str | None = None
) -> Document:
    """The document in these bytes: UTF-8 or what its byte order mark says, unless `encoding` is given."""
    if len(data) > MAX_BYTES:
        raise _too_large(name, "bytes")
    return read_text(decode(data, name, encoding), id=id, name=name, markdown=markdown)


def read_text(text: str, *, id: str, name: str = "", markdown: bool = False) -> Document:
    """The document with this text; newlines become LF, lone surrogates U+FFFD, all else stays."""
    if len(text) > MAX_BYTES:
        raise _too_large(name or "text", "characters")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, lost = _SURROGATE.subn("\ufffd", text)
    notes = (f"{lost} lone surrogate(s) in the text were read as U+FFFD",) if lost else ()
    if not markdown:
        return Document(id, name, text, plain_blocks(text), notes=notes)
    matter, lines = read_matter(text)
    return Document(id, name, text, _markdown.markdown_blocks(text, lines), metadata=matter, notes=notes)


def _too_large(name: str, unit: str) -> InputError:
    return InputError(f"{name}: more than {MAX_BYTES:,} {unit}; split it, or pass one article only")

"""Bytes -> str, or an InputError that says which byte and what to do."""

from __future__ import annotations

import codecs

from claimdiff.errors import InputError

_MAGIC = (
    (b"%PDF-", "a PDF file; save its text as .txt or .md first"),
    (b"PK\x03\x04", "a zip archive (.docx, .odt and .epub are such); save its text as .txt or .md first"),
    (b"PK\x05\x06", "an empty zip archive; pass a text file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls); save its text as .txt or .md first"),
    (b"{\\rtf", "an RTF file; save its text as .txt or .md first"),
    (b"\x89PNG", "a PNG image; pass a text file"),
    (b"\xff\xd8\xff", "a JPEG image; pass a text file"),
    (b"GIF8", "a GIF image; pass a text file"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"\x7fELF", "a program; pass a text file"),
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the UTF-16 one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Escapes and name encodings of Python's registry: not encodings of articles, and some take
# quadratic time.
_NOT_TEXT = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})


def decode(data: bytes, name: str, encoding: str | None) -> str:
    """The text of `data` without its byte order mark; UTF-8 unless a mark or `encoding` says otherwise."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"{name}: looks like {what}")
    if encoding is not None:
        codec = _codec(encoding)
        return _strict(data, name, codec, 0).removeprefix("\ufeff")
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name, codec, len(mark))
    _refuse_binary(data, name)
    return _strict(data, name, "utf-8", 0)


def _codec(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding).name
        if codec in _NOT_TEXT or codec.replace("_", "-") in _NOT_TEXT:
            raise LookupError
        b" ".decode(codec, "ignore")  # refuses codecs that do not make text
    except (LookupError, ValueError):
        raise InputError(
            f"--encoding {encoding!r}: no such text encoding; try utf-8, cp1252, latin-1 or utf-16"
        ) from None
    return codec


def _refuse_binary(data: bytes, name: str) -> None:
    """A stray NUL is tolerated; NULs all over mean a binary file or UTF-16 without its mark."""
    zeros = data.count(0)
    if zeros <= 8 or zeros * 200 < len(data):
        return
    for codec, zero_at in (("utf-16-le", 1), ("utf-16-be", 0)):
        if data[zero_at::2].count(0) * 10 > len(data) * 4 and data[1 - zero_at :: 2].count(0) * 50 < len(
            data
        ):
            raise InputError(f"{name}: looks like UTF-16 without a byte order mark; pass --encoding {codec}")
    raise InputError(f"{name}: looks like a binary file ({zeros} NUL bytes); pass a text file")


def _strict(data: bytes, name: str, codec: str, skipped: int) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        at = error.start
        hint = "cp1252" if codec == "utf-8" else "utf-8"
        byte = f"byte 0x{data[at]:02X} at offset {at + skipped}" if at < len(data) else "the last byte"
        raise InputError(
            f"{name}: {byte} is not valid {codec}; if the text is in another encoding, name it "
            f"with --encoding (for example --encoding {hint})"
        ) from None
    except (UnicodeError, ValueError) as error:
        raise InputError(f"{name}: cannot be decoded as {codec} ({error}); pass another --encoding") from None

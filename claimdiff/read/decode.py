"""Bytes -> str, or an InputError that says which byte and what to do."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from claimdiff.errors import InputError

_MAGIC = (
    (b"%PDF-", "a PDF file; say so with --input-format pdf"),
    (b"PK\x03\x04", "a zip archive; a Word file (.docx) is one: say so with --input-format docx"),
    (b"PK\x05\x06", "an empty zip archive; pass a text file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls); save it as .docx or .txt first"),
    (b"{\\rtf", "an RTF file; save it as .docx or .txt first"),
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

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})"""
    rb"""|<meta[^>]{0,400}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARATION_WITHIN = 4096
# Pages that declare one of these mean Windows' superset of it, and browsers read them so.
_WESTERN = frozenset({"iso8859-1", "ascii", "iso8859-15"})
_GUESSED_FROM = 100_000

_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)  # a character of more than one byte in UTF-8, surrogates included
_HIGH = re.compile(rb"[\x80-\xff]+")
_MISPLACED = re.compile("[a-z][À-ÖØ-Þ\u2122\u0192\u2021]|[\x80-\x9f]")


class Decoded(NamedTuple):
    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, name: str, encoding: str | None, *, declares: bool = False) -> Decoded:
    """The text of `data` without its byte order mark, and a note where its encoding is a guess.

    In this order: `encoding`; a byte order mark; UTF-8; with `declares`, what the text says of itself
    as HTML and XML do; Windows' western encoding, where that makes sense; charset-normalizer.
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"{name}: looks like {what}")
    if encoding is not None:
        codec = _codec(encoding)
        return Decoded(_strict(data, name, codec, 0).removeprefix("\ufeff"))
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data[len(mark) :], name, codec, len(mark)))
    _refuse_binary(data, name)
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        declared = _declared(data) if declares else None
        if declared is not None:
            return Decoded(declared)
        if _is_damaged(data, error):
            _strict(data, name, "utf-8", 0)
        return _guess(data, name)


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:_DECLARATION_WITHIN])
    if not found:
        return None
    try:
        codec = codecs.lookup((found[1] or found[2]).decode("ascii", "replace")).name
        codec = "cp1252" if codec in _WESTERN else codec
        return None if codec == "utf-8" or codec in _NOT_TEXT else data.decode(codec)
    except (LookupError, UnicodeError, ValueError):
        return None


def _is_damaged(data: bytes, error: UnicodeDecodeError) -> bool:
    """Is it UTF-8 with a fault in it, or no UTF-8 at all?"""
    if error.reason == "unexpected end of data" and data[error.start] < 0xC4:
        return True  # cut inside a letter; as a western letter it would be Â or Ã
    sound = len(_SEQUENCE.findall(data))
    return sound > 0 and sound >= len(_HIGH.findall(_SEQUENCE.sub(b"", data)))


def _guess(data: bytes, name: str) -> Decoded:
    western = _western(data)
    if western is not None:
        return Decoded(western, (_note("cp1252"),))
    try:
        import charset_normalizer
    except ImportError:
        raise InputError(
            f"{name}: is not UTF-8; name its encoding with --encoding, or have it guessed after "
            "pip install 'claimdiff[encoding]'"
        ) from None
    best = charset_normalizer.from_bytes(data[:_GUESSED_FROM]).best()
    if best is None:
        return Decoded(_strict(data, name, "utf-8", 0))  # says which byte is at fault
    return Decoded(_strict(data, name, best.encoding, 0), (_note(best.encoding),))


def _note(codec: str) -> str:
    return f"is not UTF-8 and was read as {codec}, which is a guess; --encoding names another"


def _western(data: bytes) -> str | None:
    """The text in Windows' western encoding, when it looks like English or one of its neighbours: few
    letters have accents, and no capital stands behind a small letter."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    odd = len(_MISPLACED.findall(text))
    return text if (high <= 3 or high * 6 <= len(data)) and odd * 4 <= high else None


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

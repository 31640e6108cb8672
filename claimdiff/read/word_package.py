"""What a Word file is before anyone parses it: a zip archive of bounded size, without DTDs.

python-docx reads every part of the archive into memory and hands its XML to lxml; so sizes, ratios
and document type declarations are looked at first.
"""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

from claimdiff.errors import InputError

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 16
_MAX_PARTS = 5_000
# XML takes some ten times its size once parsed; a long report has 5 MB of it.
_MAX_XML = 8 << 20
_MAX_ALL = 32 << 20
_SAVE = "save it again as .docx, or save its text as .txt"


class _RootError(Exception):
    """The root element begins: nothing after it can declare a document type."""


def check_package(data: bytes, name: str) -> None:
    """Raise InputError unless python-docx may read these bytes."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise InputError(f"{name}: protected with a password; save it without one")
        raise InputError(f"{name}: an old Word file (.doc); open it in a word processor and save it as .docx")
    if not data.startswith(b"PK"):
        raise InputError(f"{name}: not a Word file (.docx); pass the file as the word processor saved it")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, len(data), name)
    except InputError:
        raise
    except Exception as error:  # zipfile lets many kinds through: zlib, struct, EOF, NotImplemented
        raise InputError(f"{name}: a damaged .docx archive ({_reason(error)}); {_SAVE}") from None


def _check_parts(archive: zipfile.ZipFile, size: int, name: str) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names:
        what = "an OpenDocument file" if "content.xml" in names else "a zip archive without a Word document"
        raise InputError(f"{name}: {what}; {_SAVE}")
    if len(parts) > _MAX_PARTS:
        raise InputError(f"{name}: an archive of {len(parts):,} parts, more than {_MAX_PARTS:,}; {_SAVE}")
    if any(part.flag_bits & 1 for part in parts):
        raise InputError(f"{name}: protected with a password; save it without one")
    # zipfile gives no more bytes of a part than the archive declares for it.
    if sum(part.file_size for part in parts) > _MAX_ALL + 20 * size:
        raise _bomb(name)
    left = _MAX_XML + 5 * size
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            left -= _check_xml(archive, part, left, name)


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, name: str) -> int:
    """The part's real size; raises when it is more than is left, or declares a document type."""
    seen, looking = 0, True
    parser = expat.ParserCreate()

    def root(*_: object) -> None:
        raise _RootError

    def declared(*_: object) -> None:
        raise InputError(f"{name}: its part {part.filename} declares a document type, which no Word file "
                         f"does and which may hold entities; {_SAVE}")  # fmt: skip

    parser.StartElementHandler = root
    parser.StartDoctypeDeclHandler = declared
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            seen += len(chunk)
            if seen > left:
                raise _bomb(name)
            if looking:
                try:
                    parser.Parse(chunk)
                except _RootError:
                    looking = False
    return seen


def _bomb(name: str) -> InputError:
    return InputError(f"{name}: unpacks to far more than its size, as no article does; {_SAVE}")


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__

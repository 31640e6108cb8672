"""PDF files made by hand: pages of lines at places, in one standard font."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

Line = tuple[float, float, float, str]  # x, y, size, words


def content(lines: Sequence[Line]) -> bytes:
    """The content stream that sets these lines."""
    parts = []
    for x, y, size, words in lines:
        raw = words.encode("cp1252", "replace")
        for char in (b"\\", b"(", b")"):
            raw = raw.replace(char, b"\\" + char)
        parts.append(b"BT /F1 %.1f Tf %.1f %.1f Td (%s) Tj ET" % (size, x, y, raw))
    return b"\n".join(parts)


def paper(
    pages: Sequence[Sequence[Line]],
    *,
    info: str = "",
    extra: str = "",
    streams: Sequence[bytes] = (),
    length: int | None = None,
    resources: str = "",
) -> bytes:
    """A PDF of these pages. `streams` replace the pages' contents, `extra` goes into the trailer."""
    made = streams or [content(lines) for lines in pages]
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(made)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(made)} >>".encode(),
        font.encode(),
    ]
    for at, stream in enumerate(made):
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * at} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> {resources} >> >>"
        )
        packed = zlib.compress(stream, 9)
        size = len(packed) if length is None else length
        head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % size
        objects += [page.encode(), head + packed + b"\nendstream"]
    if info:
        objects.append(info.encode())
        extra += f" /Info {len(objects)} 0 R"
    return _file(objects, extra)


def _file(objects: Sequence[bytes], extra: str) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, own in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, own)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R {extra} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer.encode()


def set_lines(
    words: Sequence[str], *, top: float = 780, left: float = 72, size: float = 11, lead: float = 14
) -> list[Line]:
    """Lines below each other; an empty one leaves a gap."""
    return [(left, top - lead * at, size, line) for at, line in enumerate(words) if line]

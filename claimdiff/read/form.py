"""What a file is: by its name, and else by how it begins. `--input-format` is asked before either."""

from __future__ import annotations

import re
from pathlib import PurePath

TEXT, MARKDOWN, HTML = "text", "markdown", "html"
NINJS, NITF, NEWSML, RSS = "ninjs", "nitf", "newsml", "rss"
DOCX, PDF = "docx", "pdf"
FORMS = (TEXT, MARKDOWN, HTML, NINJS, NITF, NEWSML, RSS, DOCX, PDF)

# None: the content decides.
_BY_NAME: dict[str, str | None] = {
    ".txt": TEXT, ".text": TEXT,
    ".md": MARKDOWN, ".markdown": MARKDOWN, ".mdown": MARKDOWN,
    ".html": HTML, ".htm": HTML, ".xhtml": HTML,
    ".ninjs": NINJS, ".json": NINJS, ".xml": None,
    ".nitf": NITF, ".newsml": NEWSML, ".rss": RSS, ".atom": RSS,
    ".docx": DOCX, ".pdf": PDF,
}  # fmt: skip
EXTENSIONS = frozenset(_BY_NAME)

_ROOTS = {
    "html": HTML,
    "nitf": NITF,
    "newsitem": NEWSML, "newsmessage": NEWSML, "packageitem": NEWSML, "newsml": NEWSML,
    "rss": RSS, "feed": RSS, "rdf": RSS, "entry": RSS, "item": RSS,
}  # fmt: skip
_PROLOGUE = re.compile(r"(?:\s++|<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->)*+")
_DOCTYPE = re.compile(r"<!doctype\s++(\w++)[^>\[]*+>?", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w-]++:)?([\w-]++)[\s/>]")
_LOOK = 20_000
_NINJS_KEYS = re.compile(r'"(?:headlines?|bod(?:y_\w++|ies)|versioncreated|versionCreated)"\s*+:')


def of_name(name: str) -> str | None:
    """What the extension says, or None."""
    return _BY_NAME.get(PurePath(name).suffix.lower())


def of_bytes(data: bytes) -> str | None:
    """A form that is no text, by its first bytes; None for what may be text."""
    if data.startswith(b"%PDF-"):
        return PDF
    return DOCX if data.startswith(b"PK\x03\x04") and b"word/" in data else None


def of_text(text: str) -> str | None:
    """What a text is, by how it begins: a whole page or a known wire form, otherwise plain text. None for
    XML of a kind that no reader knows."""
    head = text[:_LOOK]
    start = head.lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return NINJS if _NINJS_KEYS.search(text) else TEXT
    if not start.startswith("<"):
        return TEXT
    at = _after(_PROLOGUE, start, 0)
    doctype = _DOCTYPE.match(start, at)
    if doctype:
        if doctype[1].lower() == "html":
            return HTML
        at = _after(_PROLOGUE, start, doctype.end())
    root = _ROOT.match(start, at)
    named = root or doctype
    unknown = None if start.startswith("<?xml") else TEXT
    return _ROOTS.get(named[1].lower(), unknown) if named else unknown


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at

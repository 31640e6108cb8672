"""What reports point at: the page of a rule, and the file of a document."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote

from claimdiff.model import Document

DOCS = "docs/rules/"  # there is no public place yet, so pages are told from the root of the checkout
ADDRESS = "/:?#@!$&'*+,;=%{}~"  # what an address may hold, but for what Markdown takes for its own
DRIVE = re.compile(r"[A-Za-z]:/")


def page(rule: str, docs: str = DOCS) -> str:
    """The address of a rule's page, or "" where there are none. `docs` is the folder that holds the
    pages, or an address with {rule} in it."""
    if not docs:
        return ""
    name = quote(rule, safe="", errors="replace")
    docs = quote(docs, safe=ADDRESS, errors="replace")
    return docs.replace("{rule}", name) if "{rule}" in docs else f"{docs.rstrip('/')}/{name}.md"


def absolute(address: str) -> str:
    """The address where it is one by itself, else ""."""
    return address if re.match(r"https?://[^/]", address) else ""


def path(document: Document, root: str = "") -> str:
    """The document's file with slashes, told from `root` if it lies there."""
    name = (document.name or document.id).replace("\\", "/")
    folder = root.replace("\\", "/").rstrip("/") + "/"
    return posixpath.normpath(name.removeprefix(folder) if root else name)


def uri(document: Document, root: str = "") -> str:
    """The document's file as a URI, relative where the path is."""
    name = path(document, root)
    if DRIVE.match(name):
        return f"file:///{name[:2]}{quoted(name[2:])}"
    return f"file:///{quoted(name.lstrip('/'))}" if name.startswith("/") else quoted(name)


def quoted(name: str) -> str:
    """A name or a path as a part of a URI."""
    return quote(name, safe="/", errors="replace")

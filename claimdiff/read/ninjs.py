"""ninjs, the JSON of the wire agencies: versions 1 (body_text, body_xhtml) and 2 and 3 (bodies)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from claimdiff.errors import InputError
from claimdiff.model import Block, BlockKind, Span
from claimdiff.read.about import plain
from claimdiff.read.html import fragment_blocks
from claimdiff.read.json_text import Path, strings, unescaped
from claimdiff.read.layer import one_newline
from claimdiff.read.parsed import Parsed, with_headline
from claimdiff.read.plain import plain_blocks
from claimdiff.read.view import view

_BODIES = ("body_xhtml", "body_html", "body_text")
_METADATA = (
    ("headline", (("headline",), ("headlines", 0, "value"))),
    ("byline", (("byline",), ("by",), ("bylines", 0, "value"))),
    ("date", (("versioncreated",), ("versionCreated",), ("firstcreated",), ("firstCreated",))),
    ("url", (("canonicalurl",), ("canonicalUrl",), ("uri",))),
    ("isBasedOn", (("isBasedOn",),)),
    ("language", (("language",),)),
    ("ednote", (("ednote",), ("edNote",))),
    ("located", (("located",),)),
)  # fmt: skip


def read_ninjs(text: str, *, name: str) -> Parsed:
    """The headline and the body of an item; places are those in the JSON text, between its escapes."""
    known = strings(text, name=name)
    body = _body(text, known)
    if body is None:
        raise InputError(
            f"{name}: has no body_text, body_xhtml, body_html or bodies, as a ninjs item would; "
            "if it is no ninjs, say what it is with --input-format"
        )
    blocks = list(_blocks(text, *body))
    headline = _first(known, (("headline",), ("headlines", 0, "value")))
    if headline is not None:
        blocks = with_headline(unescaped(text, headline).lift(_heading(text, headline)), blocks)
    pairs = ((key, _first(known, paths)) for key, paths in _METADATA)
    metadata = ((key, plain(unescaped(text, span).text)) for key, span in pairs if span is not None)
    return Parsed(tuple(blocks), tuple((key, value) for key, value in metadata if value))


def _heading(text: str, span: Span) -> Iterator[Block]:
    inner = unescaped(text, span).text
    shown, pieces = view(inner, ((0, len(inner), None),))
    if shown.strip():
        yield Block(BlockKind.HEADING, shown, pieces)


def _first(known: Mapping[Path, Span], paths: tuple[Path, ...]) -> Span | None:
    """The first of these strings that is there and not empty."""
    found = (known[path] for path in paths if path in known)
    return next((span for span in found if span.start < span.end), None)


def _body(text: str, known: Mapping[Path, Span]) -> tuple[Span, bool] | None:
    """Where the body stands, and whether it is HTML; what has markup goes before what has none."""
    for key in _BODIES:
        span = _first(known, ((key,),))
        if span is not None:
            return span, key != "body_text"
    found = []
    for path, span in known.items():
        if len(path) == 3 and path[0] == "bodies" and path[2] == "value":
            kinds = (known.get((*path[:2], key)) for key in ("contenttype", "contentType"))
            kind = next((unescaped(text, own).text for own in kinds if own), "text/plain")
            found.append((span, "html" in kind))
    return max(found, key=lambda body: body[1], default=None)


def _blocks(text: str, span: Span, html: bool) -> tuple[Block, ...]:
    layer = unescaped(text, span)
    if html:
        return layer.lift(fragment_blocks(layer.text))
    lines = one_newline(layer.text)
    return layer.lift(lines.lift(plain_blocks(lines.text)))

"""NITF and NewsML, the XML of the wire agencies: what stands in the body, with its places in the file."""

from __future__ import annotations

from collections.abc import Mapping

from claimdiff.errors import InputError
from claimdiff.model import Block
from claimdiff.read.about import plain
from claimdiff.read.flow import Flow
from claimdiff.read.html import fragment_blocks
from claimdiff.read.layer import Layer, one_newline
from claimdiff.read.parsed import Parsed, with_headline
from claimdiff.read.plain import plain_blocks
from claimdiff.read.view import Run
from claimdiff.read.xml import scan_xml

# Elements whose words are said about the text, and the names they are kept under.
_NITF = {"byline": "byline", "dateline": "dateline", "title": "title", "hl1": "headline"}
_NEWSML = {
    "headline": "headline", "by": "byline", "byline": "byline", "dateline": "dateline", "ednote": "ednote",
    "contentcreated": "date", "versioncreated": "date", "slugline": "slugline",
}  # fmt: skip
_MOST = 2_000  # characters of an element that is kept for what it says about the text


def read_nitf(text: str, *, name: str) -> Parsed:
    """The main headline and the content of a NITF document."""
    return _read(text, name, "NITF", {"body.content"}, {"hl1", "headline"}, _NITF, {"nitf"})


def read_newsml(text: str, *, name: str) -> Parsed:
    """The headline and the inline content (XHTML, NITF or text) of a NewsML-G2 item; of several items
    the first. NewsML 1 is read where its content is inline."""
    content = {"inlinexml", "inlinedata", "datacontent"}
    return _read(text, name, "NewsML", content, {"headline"}, _NEWSML, {"newsitem"})


def _read(
    text: str,
    name: str,
    form: str,
    content: set[str],
    headlines: set[str],
    about: Mapping[str, str],
    items: set[str],
) -> Parsed:
    sink = _Item(text, content, headlines, about, items)
    scan_xml(text, sink, name)
    if not sink.found:
        where = " or ".join(sorted(content))
        raise InputError(f"{name}: has no {where}, as {form} would; say what it is with --input-format")
    blocks = list(sink.blocks())
    blocks = with_headline(sink.headline.blocks(), blocks) if sink.headline else blocks
    metadata = ((key, plain(value)) for key, value in sink.about.items())
    notes = (f"holds {sink.items} items; the first was read",) if sink.items > 1 else ()
    return Parsed(tuple(blocks), tuple((key, value) for key, value in metadata if value), notes)


class _Item:
    """Sorts the elements of a file: content to one flow, the headline to another, the rest to `about`."""

    def __init__(
        self, text: str, content: set[str], headlines: set[str], about: Mapping[str, str], items: set[str]
    ) -> None:
        self.text = text
        self.flow = Flow(text)
        self.headline: Flow | None = None
        self.about: dict[str, str] = {}
        self.found = False
        self.items = 0
        self._names = about
        self._content, self._headlines, self._items = content, headlines, items
        self._depth = self._content_at = self._about_at = 0
        self._key = ""
        self._data: list[Run] = []  # the content where it is text and no elements
        self._marked = False
        self._kind = ""

    def blocks(self) -> tuple[Block, ...]:
        if self._marked:
            return self.flow.blocks()
        layer = Layer(self.text, self._data)
        if "html" in self._kind or layer.text.lstrip().startswith("<"):
            return layer.lift(fragment_blocks(layer.text))
        lines = one_newline(layer.text)
        return layer.lift(lines.lift(plain_blocks(lines.text)))

    def open(self, name: str, attributes: dict[str, str], start: int, end: int, closed: bool) -> None:
        self._depth += 1
        self.items += name in self._items
        if self.items > 1:
            return
        if self._content_at:
            self._marked = True
            self.flow.open(name, attributes, start, end, closed)
            return
        if name in self._content and not self.found:
            self.found, self._content_at = True, self._depth
            self._kind = attributes.get("contenttype", "")
        elif name in self._names and not self._about_at:
            key = self._names[name]
            self._about_at, self._key = self._depth, "" if key in self.about else key
            if name in self._headlines and self.headline is None:
                self.headline = Flow(self.text)
                self.headline.open("h1", {}, start, end)
        elif name == "date.issue" and attributes.get("norm"):
            self.about.setdefault("date", attributes["norm"])
        elif name == "language" and attributes.get("tag"):
            self.about.setdefault("language", attributes["tag"])

    def close(self, name: str, start: int, end: int) -> None:
        if self._depth == self._content_at:
            self._content_at = 0
        elif self._depth == self._about_at:
            self._about_at = 0
            if self.headline is not None:
                self.headline.close("h1", start, end)
            self._key = ""
        elif self._content_at:
            self.flow.close(name, start, end)
        self._depth -= 1

    def words(self, start: int, end: int, instead: str | None) -> None:
        if self.items > 1:
            return
        if self._content_at:
            self.flow.words(start, end, instead)
            if not self._marked:
                self._data.append((start, end, instead))
        elif self._about_at:
            self._said(start, end, instead)

    def _said(self, start: int, end: int, instead: str | None) -> None:
        said = self.about.get(self._key, "")
        if self._key and len(said) < _MOST:
            self.about[self._key] = said + (self.text[start:end] if instead is None else instead)
        if self._key == "headline" and self.headline is not None:
            self.headline.words(start, end, instead)

    def raw(self, name: str, attributes: dict[str, str], words: str) -> None:
        """XML has none."""

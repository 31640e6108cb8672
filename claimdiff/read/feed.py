"""RSS and Atom: one item of a feed, its title and its text, with places in the file."""

from __future__ import annotations

from claimdiff.errors import InputError
from claimdiff.model import Block
from claimdiff.read.about import plain
from claimdiff.read.flow import Flow
from claimdiff.read.html import fragment_blocks
from claimdiff.read.layer import Layer
from claimdiff.read.parsed import Parsed, with_headline
from claimdiff.read.view import Run
from claimdiff.read.xml import scan_xml

_ITEMS = frozenset({"item", "entry"})
# "encoded" is content:encoded; what comes first is taken when an item has several.
_BODIES = ("encoded", "content", "description", "summary")
_ABOUT = {
    "title": "headline", "creator": "byline", "author": "byline", "pubdate": "date", "published": "date",
    "updated": "updated", "link": "url",
}  # fmt: skip
_MOST = 2_000


def read_feed(text: str, *, name: str) -> Parsed:
    """The title and the fullest text of the first item; a note says how many items there are."""
    sink = _Feed(text)
    scan_xml(text, sink, name)
    if not sink.items:
        raise InputError(
            f"{name}: holds no item or entry, as a feed would; say what it is with --input-format"
        )
    blocks: list[Block] = list(sink.blocks())
    blocks = with_headline(sink.title.blocks(), blocks)
    pairs = ((key, plain(value)) for key, value in sink.about.items())
    about = tuple((key, value) for key, value in pairs if value)
    return Parsed(tuple(blocks), about, tuple(_notes(sink, dict(about).get("headline", ""))))


def _notes(sink: _Feed, title: str) -> list[str]:
    notes = []
    if sink.items > 1:
        which = f'"{title[:80]}"' if title else "the first"
        notes.append(f"holds {sink.items} items; only the first was read, {which}; save another on its own")
    if sink.taken in ("description", "summary"):
        notes.append(f"has no full text in its item; the {sink.taken} was read")
    return notes


class _Feed:
    """Keeps the title, the bodies and the rest of the first item."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.items = 0
        self.title = Flow(text)
        self.about: dict[str, str] = {}
        self.taken = ""
        self._bodies: dict[str, list[Run]] = {}
        self._flows: dict[str, Flow] = {}  # XHTML that stands in the feed unescaped
        self._path: list[str] = []
        self._item_at = 0
        self._element = ""  # the element of the item that is being read

    def blocks(self) -> tuple[Block, ...]:
        for name in _BODIES:
            if name in self._flows:
                found = self._flows[name].blocks()
            else:
                layer = Layer(self.text, self._bodies.get(name, ()))
                found = layer.lift(fragment_blocks(layer.text))
            if found:
                self.taken = name
                return found
        return ()

    def open(self, name: str, attributes: dict[str, str], start: int, end: int, closed: bool) -> None:
        self._path.append(name)
        depth = len(self._path)
        if name in _ITEMS and not self._item_at:
            self.items += 1
            if self.items == 1:
                self._item_at = depth
        elif self._item_at and depth == self._item_at + 1:
            self._element = name
            if name == "title":
                self.title.open("h1", {}, start, end)
            if name == "link" and attributes.get("rel", "alternate") == "alternate" and "href" in attributes:
                self.about.setdefault("url", attributes["href"])
        elif self._element in _BODIES:
            flow = self._flows.setdefault(self._element, Flow(self.text))
            flow.open(name, attributes, start, end, closed)

    def close(self, name: str, start: int, end: int) -> None:
        depth = len(self._path)
        self._path.pop()
        if depth == self._item_at:
            self._item_at = 0
        elif self._item_at and depth == self._item_at + 1:
            self._element = ""
        elif self._element in self._flows:
            self._flows[self._element].close(name, start, end)

    def words(self, start: int, end: int, instead: str | None) -> None:
        own = self._element
        if own in _BODIES:
            if own in self._flows:
                self._flows[own].words(start, end, instead)
            self._bodies.setdefault(own, []).append((start, end, instead))
            return
        if own == "title":
            self.title.words(start, end, instead)
        key = _ABOUT.get(own, "")
        said = self.about.get(key, "")
        if key and len(said) < _MOST:
            self.about[key] = said + (self.text[start:end] if instead is None else instead)

    def raw(self, name: str, attributes: dict[str, str], words: str) -> None:
        """XML has none."""

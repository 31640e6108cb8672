"""HTML -> blocks. Of a whole page the article's body is chosen; a fragment from a CMS is read as it is."""

from __future__ import annotations

from claimdiff.model import Block
from claimdiff.read.about import about
from claimdiff.read.flow import VOID, Flow
from claimdiff.read.markup import scan
from claimdiff.read.page import choose
from claimdiff.read.parsed import Parsed

_PAGE = frozenset({"html", "head", "body"})
_DEEPEST = 250
_MOST_TAGS = 100_000


def read_html(text: str, *, name: str) -> Parsed:
    """The blocks of a page or a fragment; InputError when it is a page and trafilatura is missing."""
    sink = _Page(text)
    scan(text, sink)
    metadata = about(sink.meta, sink.linked_data)
    blocks = sink.flow.blocks()
    if not sink.is_page:
        return Parsed(blocks, metadata)
    headline = next((value for key, value in metadata if key == "headline"), "")
    chosen, notes = choose(text, blocks, headline=headline, tame=sink.tame(), name=name)
    return Parsed(chosen, metadata, notes)


def fragment_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of HTML that is known to be an article's body."""
    flow = Flow(text)
    scan(text, flow)
    return flow.blocks()


class _Page:
    """A flow that also keeps what the page's head says."""

    def __init__(self, text: str) -> None:
        self.flow = Flow(text)
        self.is_page = False
        self.tags = self.deepest = self._depth = 0
        self.meta: dict[str, str] = {}
        self.linked_data: list[str] = []

    def open(self, name: str, attributes: dict[str, str], start: int, end: int, closed: bool) -> None:
        self.is_page |= name in _PAGE
        self.tags += 1
        self._depth += name not in VOID and not closed
        self.deepest = max(self.deepest, self._depth)
        if name == "meta":
            key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
            self.meta.setdefault(key.lower(), attributes.get("content", ""))
        elif name == "link":
            self._link(attributes)
        elif name == "html" and attributes.get("lang"):
            self.meta.setdefault("lang", attributes["lang"])
        if attributes.get("itemprop") == "isBasedOn" and name in ("a", "link"):
            self.meta.setdefault("isbasedon", attributes.get("href", ""))
        self.flow.open(name, attributes, start, end, closed)

    def tame(self) -> bool:
        """Whether the page is one that other parsers cope with: lxml cuts off what is nested deeper than
        256 tags, and needs some kilobytes for each tag."""
        return self.deepest <= _DEEPEST and self.tags <= _MOST_TAGS

    def _link(self, attributes: dict[str, str]) -> None:
        kinds = attributes.get("rel", "").lower().split()
        for kind in ("canonical", "isbasedon"):
            if kind in kinds:
                self.meta.setdefault(kind, attributes.get("href", ""))

    def close(self, name: str, start: int, end: int) -> None:
        self._depth -= 1
        self.flow.close(name, start, end)

    def words(self, start: int, end: int, instead: str | None) -> None:
        self.flow.words(start, end, instead)

    def raw(self, name: str, attributes: dict[str, str], words: str) -> None:
        if name == "title":
            self.meta.setdefault("title", words)
        elif name == "script" and attributes.get("type", "").lower().strip() == "application/ld+json":
            self.linked_data.append(words)

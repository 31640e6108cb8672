"""HTML text -> tags and words with their places, told to a sink.

The standard library's parser gives lines and columns, and takes quadratic time on unclosed tags (it
spends seven seconds on twenty thousand characters of "<a "). This scanner reads as browsers do, but
for names that it need not know, and every character is looked at a bounded number of times.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Protocol

from claimdiff.read.view import Run

_MARKUP = re.compile(r"<(?=[a-zA-Z/!?])")
_NAME = re.compile(r"[a-zA-Z][^\s/>]*+")
_REST = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"']++))?+""")
_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,8};?|#[0-9]{1,9};?|[a-zA-Z][a-zA-Z0-9]{1,31};?)")

# What these hold is no markup; of a title and a text field the entities still count.
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "iframe", "noembed", "noframes", "xmp", "title", "textarea")
}
_WITH_ENTITIES = frozenset({"title", "textarea"})


class Sink(Protocol):
    """Is told of each tag and each stretch of words, in order."""

    def open(self, name: str, attributes: dict[str, str], start: int, end: int, closed: bool) -> None: ...

    def close(self, name: str, start: int, end: int) -> None: ...

    def words(self, start: int, end: int, instead: str | None) -> None: ...

    def raw(self, name: str, attributes: dict[str, str], words: str) -> None:
        """What a script or a style holds."""


def scan(text: str, sink: Sink) -> None:
    """Tell the sink what stands in a text. No input is an error."""
    _Scanner(text, sink).run()


def attributes(text: str) -> dict[str, str]:
    """The attributes in what stands between a tag's name and its end; of equal names the first."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] or ""
        if value[:1] in ('"', "'"):
            value = value[1:-1]
        found.setdefault(match[1].lower(), html.unescape(value) if "&" in value else value)
    return found


def entities(text: str, start: int, end: int) -> Iterator[Run]:
    """The words in [start, end) as runs, each entity replaced by what it stands for."""
    if text.find("&", start, end) < 0:
        yield start, end, None
        return
    for found in _ENTITY.finditer(text, start, end):
        meant = html.unescape(found.group())
        if meant == found.group():
            continue
        if start < found.start():
            yield start, found.start(), None
        rest = _unread(found.group(), meant)
        yield found.start(), found.end() - rest, meant[: len(meant) - rest]
        start = found.end() - rest
    if start < end:
        yield start, end, None


def _unread(entity: str, meant: str) -> int:
    """How many letters at the end are no part of the entity: "&ampere" is "&" and "ere"."""
    rest = 0
    while rest < len(meant) - 1 and meant[-1 - rest] == entity[-1 - rest]:
        rest += 1
    return rest


class _Scanner:
    def __init__(self, text: str, sink: Sink) -> None:
        self.text = text
        self.sink = sink
        self.last = text.rfind(">")
        self.quoted = True  # False once a quotation mark in a tag was never closed

    def run(self) -> None:
        text, at = self.text, 0
        found = _MARKUP.search(text)
        while found:
            start = found.start()
            end = self._markup(start)
            if end:
                self._words(at, start)
                at = end = self._told(start, end)
            found = _MARKUP.search(text, end or start + 1)
        self._words(at, len(text))

    def _words(self, start: int, end: int) -> None:
        if start < end:
            for run in entities(self.text, start, end):
                self.sink.words(*run)

    def _markup(self, start: int) -> int:
        """Where the markup at `start` ends; 0 when it is only a less-than sign."""
        text = self.text
        sign = text[start + 1 : start + 2]
        if sign in ("!", "?"):
            if text.startswith("<!--", start):
                closed = text.startswith((">", "->"), start + 4)
                end = text.find(">" if closed else "-->", start + 4) + (1 if closed else 3)
                return end if end > 2 else len(text)
            return self._next_end(start) or len(text)
        if sign == "/":
            return self._next_end(start)
        if not _NAME.match(text, start + 1):
            return 0
        if self.quoted:
            found = _REST.match(text, start + 1)
            if found:
                return found.end()
            self.quoted = False
        return self._next_end(start)

    def _next_end(self, start: int) -> int:
        return self.text.find(">", start) + 1 if start < self.last else 0

    def _told(self, start: int, end: int) -> int:
        """Tell the sink of the markup in [start, end); the place where the scan goes on."""
        text = self.text
        closing = text[start + 1] == "/"
        name = _NAME.match(text, start + 1 + closing, end)
        if not name:
            return end
        word = name.group().lower()
        if closing:
            self.sink.close(word, start, end)
            return end
        inner = text[name.end() : end - 1]
        own = attributes(inner) if inner.strip(" /") else {}
        if word not in _RAW or inner.endswith("/"):
            self.sink.open(word, own, start, end, inner.endswith("/"))
            return end
        return self._raw(word, own, start, end)

    def _raw(self, word: str, own: dict[str, str], start: int, end: int) -> int:
        stop = _RAW[word].search(self.text, end)
        last = stop.start() if stop else len(self.text)
        words = self.text[end:last]
        self.sink.raw(word, own, html.unescape(words) if word in _WITH_ENTITIES else words)
        return self._next_end(last) or len(self.text)

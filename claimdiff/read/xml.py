"""XML text -> tags and words with their places, through expat. No DTD is read and no entity declared."""

from __future__ import annotations

import html
from typing import NoReturn
from xml.parsers import expat

from claimdiff.errors import InputError
from claimdiff.read.markup import Sink


def scan_xml(text: str, sink: Sink, name: str) -> None:
    """Tell the sink what stands in an XML text, names without their prefix.

    Raises InputError for what is not well formed, and for declarations of its own: entities that
    stand for more than themselves, or for a file, are how XML is turned against its reader.
    """
    feed = _Feed(text, sink, name)
    try:
        feed.parser.Parse(feed.data, True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "unknown error")
        raise InputError(
            f"{name}: is no well-formed XML ({reason}, line {error.lineno}); if it is no XML, "
            "say what it is with --input-format"
        ) from None


class _Feed:
    """Turns expat's byte offsets into places in the text."""

    def __init__(self, text: str, sink: Sink, name: str) -> None:
        self.text = text
        self.data = text.encode("utf-8", "replace")
        self.sink = sink
        self.name = name
        self._ascii = len(self.data) == len(text)
        self._byte = self._at = 0
        parser = self.parser = expat.ParserCreate("utf-8")
        parser.buffer_text = False
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.SkippedEntityHandler = self._skipped
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._refuse

    def _place(self) -> int:
        byte = self.parser.CurrentByteIndex
        if self._ascii:
            return byte
        self._at += len(self.data[self._byte : byte].decode("utf-8"))
        self._byte = byte
        return self._at

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        at = self._place()
        own = {_bare(key): value for key, value in attributes.items()}
        self.sink.open(_bare(tag), own, at, self._after(at, ">"), False)

    def _end(self, tag: str) -> None:
        at = self._place()
        self.sink.close(_bare(tag), at, self._after(at, ">"))

    def _characters(self, words: str) -> None:
        at = self._place()
        if self.text.startswith(words, at):
            self.sink.words(at, at + len(words), None)
        elif self.text.startswith("&", at):
            self.sink.words(at, self._after(at, ";"), words)
        else:  # a line break that is not LF
            self.sink.words(at, at + 1 + self.text.startswith("\r\n", at), words)

    def _skipped(self, entity: str, parameter: bool) -> None:
        at = self._place()
        if not parameter:
            self.sink.words(at, self._after(at, ";"), html.unescape(f"&{entity};"))

    def _after(self, at: int, sign: str) -> int:
        """Where the markup at `at` ends; 200 characters are enough for all but tags with much in them."""
        found = self.text.find(sign, at, at + 200)
        return found + 1 if found >= 0 else at + 1

    def _doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        if internal:
            self._refuse()

    def _refuse(self, *_: object) -> NoReturn:
        raise InputError(
            f"{self.name}: declares entities or a document type of its own, which is not read; "
            "remove the declaration"
        )


def _bare(name: str) -> str:
    return name.rpartition(":")[2].lower()

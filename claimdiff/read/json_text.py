"""JSON text -> its strings with their places, so that words in them lead back to the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from claimdiff.errors import InputError
from claimdiff.model import Span
from claimdiff.read.layer import Layer
from claimdiff.read.view import Run

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]', re.DOTALL)
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_SIMPLE = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_DEEPEST = 5

Path = tuple[str | int, ...]


class _Level(NamedTuple):
    array: bool
    path: Path


def strings(text: str, *, name: str) -> dict[Path, Span]:
    """Where each string of a JSON object stands, without its quotation marks, by the way to it.

    Only the outer levels are looked at. Raises InputError for what is no JSON object.
    """
    try:
        data = json.loads(text, parse_int=len, parse_float=len)  # numbers of any length, unread
    except RecursionError:
        raise InputError(f"{name}: is nested too deeply; pass the item itself") from None
    except ValueError as error:
        raise InputError(f"{name}: is no JSON ({error}); check the file") from None
    if not isinstance(data, dict):
        raise InputError(f"{name}: is no JSON object; pass one item of the feed")
    return dict(_strings(text))


def _strings(text: str) -> Iterator[tuple[Path, Span]]:
    """The text is known to be sound JSON."""
    levels: list[_Level] = []
    index: list[int] = []  # how many commas each level has had
    key: list[str] = []
    for token in _TOKEN.finditer(text):
        match token.group()[0]:
            case "{" | "[" as sign:
                path = (*levels[-1].path, _step(levels, index, key)) if 0 < len(levels) < _DEEPEST else ()
                levels.append(_Level(sign == "[", path))
                index.append(0)
                key.append("")
            case "}" | "]":
                levels.pop(), index.pop(), key.pop()
            case ",":
                index[-1] += 1
                key[-1] = ""
            case '"' if levels and not levels[-1].array and not key[-1]:
                key[-1] = token.group()
            case '"' if 0 < len(levels) <= _DEEPEST:
                own = Span(token.start() + 1, token.end() - 1)
                yield (*levels[-1].path, _step(levels, index, key)), own


def _step(levels: list[_Level], index: list[int], key: list[str]) -> str | int:
    return index[-1] if levels[-1].array else str(json.loads(key[-1], strict=False))


def unescaped(text: str, span: Span) -> Layer:
    """The string in this place as it is meant."""
    return Layer(text, _runs(text, span))


def _runs(text: str, span: Span) -> Iterator[Run]:
    at = span.start
    while found := _ESCAPE.search(text, at, span.end):
        start, end = found.span()
        if at < start:
            yield at, start, None
        at = end
        if found[2]:
            yield start, end, _SIMPLE[found[2]]
            continue
        code = int(found[1], 16)
        if 0xD800 <= code < 0xDC00:
            low = _ESCAPE.match(text, end, span.end)
            if low and low[1] and 0xDC00 <= int(low[1], 16) < 0xE000:
                code = 0x10000 + ((code - 0xD800) << 10) + int(low[1], 16) - 0xDC00
                at = low.end()
        yield start, at, "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
    if at < span.end:
        yield at, span.end, None

"""What a page says about itself: headline, byline, date, address, language and what it is based on."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from claimdiff.read.parsed import Metadata

_MOST_NODES = 10_000
_LONGEST = 2_000  # characters of a value
_ARTICLES = ("article", "posting", "report", "newsitem")
_NAMES = {
    "headline": ("og:title", "twitter:title", "dc.title", "title"),
    "byline": ("author", "article:author", "dc.creator", "parsely-author", "byl"),
    "date": ("article:published_time", "date", "dc.date", "datepublished", "pubdate", "parsely-pub-date"),
    "url": ("canonical", "og:url"),
    "isBasedOn": ("isbasedon",),
}


def about(meta: Mapping[str, str], linked_data: Sequence[str]) -> Metadata:
    """Pairs of a name and a value, from JSON-LD where it has them and else from meta and link tags.

    `meta` has the tags' names in lower case, "canonical" for that link and "title" and "lang" of the page.
    """
    found = _articles(linked_data)
    pairs: list[tuple[str, str]] = []
    for key, names in _NAMES.items():
        values = found.get(key, []) if key != "url" or not meta.get("canonical") else []
        values = values or [meta[name] for name in names if meta.get(name)][:1]
        pairs += [(key, own) for own in dict.fromkeys(map(plain, values)) if own and not _odd(key, own)]
    if meta.get("lang"):
        pairs.append(("language", plain(meta["lang"])))
    return tuple(pairs)


def plain(value: str) -> str:
    """A value on one line, of bounded length, that any file can hold."""
    return " ".join(value.split())[:_LONGEST].encode("utf-8", "replace").decode("utf-8")


def _odd(key: str, value: str) -> bool:
    return key == "byline" and value.startswith(("http://", "https://"))


def _articles(scripts: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for script in scripts:
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            if not any(str(kind).lower().endswith(_ARTICLES) for kind in _list(node.get("@type"))):
                continue
            page = node.get("mainEntityOfPage")
            values = {
                "headline": _texts(node.get("headline"))[:1],
                "byline": _texts(node.get("author")),
                "date": _texts(node.get("datePublished"))[:1],
                "url": _texts(node.get("url") or page, "@id", "url")[:1],
                "isBasedOn": _texts(node.get("isBasedOn"), "url", "@id", "name"),
            }
            for key, value in values.items():
                if value:
                    found.setdefault(key, value)
    return found


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Every object in the data, outer ones first."""
    queue, seen = deque([data]), 0
    while queue and seen < _MOST_NODES:
        node = queue.popleft()
        seen += 1
        if isinstance(node, dict):
            yield node
            queue.extend(value for value in node.values() if isinstance(value, dict | list))
        elif isinstance(node, list):
            queue.extend(node[:_MOST_NODES])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(value: Any, *keys: str) -> list[str]:
    """The words of a value that may be a string, an object that has a name, or a list of such."""
    out = []
    for item in _list(value):
        if isinstance(item, dict):
            item = next((item[key] for key in keys or ("name",) if isinstance(item.get(key), str)), None)
        if isinstance(item, str) and item.strip():
            out.append(item)
    return out

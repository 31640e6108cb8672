"""Front matter: pairs between two fences at the very start of a page, `---` for YAML or `+++` for TOML.

Of YAML what pages hold: `key: value` lines, lists, nested keys, quoted and folded values.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

_NEWLINE = re.compile(r"\r\n?|\n")
_PAIR = re.compile(r"(\s*+)[\"']?([\w.@-]++(?: [\w.-]++){0,3}+)[\"']?\s*+:(?:\s++(.*)|)\Z")
_LIST = re.compile(r"\s*+-\s++(.*)\Z")
_ENTRY = re.compile(r"\s*+(\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'|[^,]*+)\s*+(?:,|\Z)")
_COMMENT = re.compile(r"\s#.*\Z")
_QUOTED = re.compile(r"(?:\"((?:[^\"\\]|\\.)*+)\"|'((?:[^']|'')*+)')\s*+(?:#.*)?\Z")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": " ", "t": " ", "r": " "}
_FOLDED = re.compile(r"[|>][+-]?\d?\Z")
Metadata = tuple[tuple[str, str], ...]


def read_matter(text: str) -> tuple[Metadata, int]:
    """The pairs of the front matter and the number of its lines; nothing and 0 when there is none.

    A list gives one pair an entry; a nested key is joined to its parent's with a dot.
    """
    first = _NEWLINE.split(text[:8].lstrip("\ufeff"), maxsplit=1)[0].rstrip()
    if first not in ("---", "+++"):
        return (), 0
    lines = _NEWLINE.split(text)
    ends = ("---", "...") if first == "---" else ("+++",)
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip() in ends), None)
    if end is None:
        return (), 0
    pairs = _yaml(lines[1:end]) if first == "---" else _toml(lines[1:end])
    return ((), 0) if pairs is None else (pairs, end + 1)


def _yaml(lines: list[str]) -> Metadata | None:
    """The pairs in these lines; None when the first line that says anything is not of this form."""
    pairs: list[tuple[str, list[str]]] = []
    parent = child = ""
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entry = _LIST.match(line)
        pair = _PAIR.match(entry[1] if entry else line)
        if entry and not parent:
            return None
        if entry and not (pair and not entry[1].startswith(('"', "'"))):
            pairs.append((f"{parent}.{child}" if child and line[0].isspace() else parent, [_bare(entry[1])]))
        elif pair:
            nested = bool(entry or (pair[1] and parent))
            parent, child = (parent, pair[2]) if nested else (pair[2], "")
            key = f"{parent}.{child}" if nested else parent
            pairs.extend((key, [value]) for value in _values(pair[3] or ""))
        elif not parent:
            return None
        else:
            key = f"{parent}.{child}" if child else parent
            if pairs and pairs[-1][0] == key:
                pairs[-1][1].append(line.strip())
            else:
                pairs.append((key, [line.strip()]))
    return tuple((key, " ".join(parts).strip()) for key, parts in pairs) if parent else None


def _values(value: str) -> list[str]:
    value = value.strip()
    if value.startswith("["):
        closed = value.rfind("]")
        entries = _ENTRY.finditer(value, 1, closed if closed > 0 else len(value))
        return [bare for entry in entries if (bare := _bare(entry[1]))]
    return [_bare(value)] if value and not _FOLDED.match(value) else []


def _bare(value: str) -> str:
    """A value without its quotation marks, or without the comment after it."""
    value = value.strip()
    quoted = _QUOTED.match(value)
    if quoted:
        if quoted[1] is None:
            return quoted[2].replace("''", "'")
        return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), quoted[1])
    return "" if value.startswith("#") else _COMMENT.sub("", value).strip()


def _toml(lines: list[str]) -> Metadata | None:
    try:
        table = tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return None
    return tuple(_flat(table))


def _flat(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The pairs of a table in order, without calling itself: a table may be nested without bound."""
    stack: list[tuple[str, Any]] = [*reversed(table.items())]
    while stack:
        key, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{key}.{name}", inner) for name, inner in reversed(value.items())]
        elif isinstance(value, list):
            stack += [(key, inner) for inner in reversed(value)]
        elif isinstance(value, bool):
            yield key, str(value).lower()
        else:
            yield key, value.isoformat() if hasattr(value, "isoformat") else str(value)

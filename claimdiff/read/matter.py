"""Front matter: simple `key: value` lines between two `---` fences at the very start of a page."""

from __future__ import annotations

import re

_PAIR = re.compile(r"(\s*+)([\w.-]++(?: [\w.-]++){0,3}+)\s*+:(?:\s++(.*)|)\Z")
_LIST = re.compile(r"\s*+-\s++(.*)\Z")
Metadata = tuple[tuple[str, str], ...]


def read_matter(text: str) -> tuple[Metadata, int]:
    """The pairs of the front matter and the number of its lines; nothing and 0 when there is none.

    A list gives one pair an entry; a nested key is joined to its parent's with a dot.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return (), 0
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip() in ("---", "...")), None)
    if end is None:
        return (), 0
    pairs = _pairs(lines[1:end])
    return ((), 0) if pairs is None else (pairs, end + 1)


def _pairs(lines: list[str]) -> Metadata | None:
    """The pairs in these lines; None when the first line that says anything is not of this form."""
    pairs: list[tuple[str, str]] = []
    parent = ""
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entry, pair = _LIST.match(line), _PAIR.match(line)
        if entry and parent:
            pairs.append((parent, _bare(entry[1])))
        elif pair:
            key = f"{parent}.{pair[2]}" if pair[1] and parent else pair[2]
            if not pair[1]:
                parent = pair[2]
            pairs.extend((key, value) for value in _values(pair[3] or ""))
        elif not parent:
            return None
        elif pairs and pairs[-1][0] == parent:
            pairs[-1] = (parent, f"{pairs[-1][1]} {line.strip()}".strip())
        else:
            pairs.append((parent, line.strip()))
    return tuple(pairs) if parent else None


def _values(value: str) -> list[str]:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return [entry for entry in map(_bare, value[1:-1].split(",")) if entry]
    return [_bare(value)] if value not in ("", "|", ">", "|-", ">-") else []


def _bare(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value

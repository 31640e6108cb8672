"""Changing a file of entries: they are put in and taken out, and every other character of the file stays as
it is, comments too. What comes out is read again and held against what it should say."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from claimdiff.errors import ConfigError
from claimdiff.gate.entries import Form, Key, clean, fault, is_blank, read

_SHORT = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}

_Change = tuple[int, int, str]  # what stands between two offsets becomes this


def quoted(text: str) -> str:
    """A TOML string on one line; all that cannot be seen is written as an escape."""
    return f'"{"".join(map(_escaped, clean(text)))}"'


def _escaped(letter: str) -> str:
    if letter in _SHORT:
        return _SHORT[letter]
    if letter.isprintable():
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def written(form: Form, values: Mapping[str, str], newline: str = "\n") -> str:
    """An entry as it stands in a file: its header and one key a line."""
    keys = [key for key in (*form.required, *form.optional) if values.get(key)]
    lines = [f"[[{form.table}]]", *(f"{key} = {quoted(values[key])}" for key in keys)]
    return "".join(line + newline for line in lines)


def edit(
    form: Form, text: str, name: str, put: Sequence[Mapping[str, str]], drop: frozenset[Key] = frozenset()
) -> str:
    """The text with these entries in sorted place, instead of those with the same key, and without those to
    drop; a text that says nothing gets the header. Raises ConfigError when an entry is not in order."""
    newline = "\r\n" if "\r\n" in text else "\n"
    text = _begun(form, text, newline)
    old = read(form, text, name)
    new = dict(_in_order(form, own, name) for own in put)
    changes: list[_Change] = []
    for entry in old:
        if entry.key in new:
            changes.append((entry.start, entry.end, written(form, new[entry.key], newline)))
        elif entry.key in drop:
            changes.append((entry.start, _past_blank(text, entry.end), ""))
    tops = list(accumulate((entry.key for entry in old), max))
    for key in sorted(new.keys() - {entry.key for entry in old}):
        place = bisect_right(tops, key)
        at = old[place].lead if place < len(old) else len(text)
        changes.append((at, at, written(form, new[key], newline) + newline))
    made = _begun(form, _changed(text, changes, newline), newline)
    _hold(form, made, name, {**{own.key: own.values for own in old if own.key not in drop}, **new})
    return made


def _begun(form: Form, text: str, newline: str) -> str:
    """The text, with the header when it says nothing: no file is ever left empty, as one that was never
    written."""
    return text + form.header.replace("\n", newline) if is_blank(text) else text


def _in_order(form: Form, given: Mapping[str, str], name: str) -> tuple[Key, dict[str, str]]:
    """The entry as a file can hold it, with its key."""
    values = {key: clean(value) for key, value in given.items() if value or key in form.required}
    wrong = fault(form, values)
    if wrong:
        raise ConfigError(f"{name}: {wrong}")
    return (values["derivative"], values["finding"]), values


def _past_blank(text: str, at: int) -> int:
    """Where the blank lines that begin here end."""
    end = at
    while True:
        line = text.find("\n", end) + 1
        if not line or text[end:line].strip():
            return end
        end = line


def _changed(text: str, changes: Sequence[_Change], newline: str) -> str:
    """The text with its changes; entries that are put in get a blank line before and after them."""
    out: list[str] = []
    at, tail = 0, ""
    for start, end, new in sorted(changes, key=lambda change: change[:2]):
        kept = text[at:start]
        out.append(kept)
        tail = (tail + kept)[-4:]
        if new and start == end and not is_blank(tail):
            gap = "" if tail.endswith(newline * 2) else newline if tail.endswith("\n") else newline * 2
            out.append(gap)
        out.append(new)
        tail = (tail + new)[-4:]
        at = end
    out.append(text[at:])
    made = "".join(out)
    if changes and at == len(text):
        made = made.rstrip("\r\n") + newline if made.strip() else made
    return made


def _hold(form: Form, made: str, name: str, expected: Mapping[Key, Mapping[str, str]]) -> None:
    """Raise ConfigError unless the new text says just what it should."""
    found = {own.key: dict(own.values) for own in read(form, made, name)}
    if found != {key: dict(values) for key, values in expected.items()}:
        raise ConfigError(f"{name}: could not be changed without changing more; write the entry by hand")

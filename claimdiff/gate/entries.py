"""Files of entries in TOML that people review and git merges: `[[name]]` tables of one key a line, sorted.

They are read whole and strictly, with the line of each entry for the messages and its place for whoever
changes the file (`claimdiff.gate.edits`).
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claimdiff.errors import ConfigError
from claimdiff.gate.nearest import nearest
from claimdiff.model import Comparison, Finding

DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
MANY_LINES = ("statement", "reason")  # may break into lines; what else a message repeats may not
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_BOM = "\ufeff"
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_AT_LINE = re.compile(r"line (\d{1,9})")
_PART = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"{1,2}+(?!"))*+"{3,5}+'
    r"|'''(?:[^']|'{1,2}+(?!'))*+'{3,5}+"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|#[^\r\n]*+"
    r"|[\[\]{}\n]"
    r"|[^\"'#\[\]{}\n]++"
    r"|[\s\S]"
)

Key = tuple[str, str]  # the derivative's path and the finding's id: what an entry is sorted and known by


@dataclass(frozen=True, slots=True)
class Form:
    """What a file holds: the name of its tables, what one is called in a message, their keys in the order
    in which they are written, and the comment that a new file begins with."""

    table: str
    noun: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    header: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A checked entry with the line of its header, and its place: from its header, or the comment right
    above it (`lead`), to the end of its last value's line."""

    values: Mapping[str, str]
    line: int
    lead: int
    start: int
    end: int

    @property
    def key(self) -> Key:
        return self.values["derivative"], self.values["finding"]


# --- values -----------------------------------------------------------------------------------------


def is_day(text: str) -> bool:
    """Whether this is a day of the calendar, as in 2026-12-31."""
    found = DAY.match(text)
    if not found:
        return False
    year, month, day = map(int, found.groups())
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return year > 0 and 0 < month <= 12 and 0 < day <= MONTHS[month - 1] + leap


def hold_day(today: str) -> None:
    """Raise ConfigError unless `today` is a day: with anything else nothing would ever expire."""
    if not is_day(today):
        raise ConfigError(f"today is given as {today!r}, which is no day; write it like 2026-12-31")


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in a text."""
    return not any(letter.isprintable() and not letter.isspace() for letter in text)


def clean(text: str) -> str:
    """The text as a file can hold it: lone surrogates are U+FFFD, as in a text that is read."""
    return _SURROGATE.sub("\ufffd", text)


def fold(text: str) -> str:
    """The words of a text, whatever their case and the white space between them."""
    return " ".join(clean(text).casefold().split())


def words(comparison: Comparison) -> dict[str, str]:
    """The statement that each finding is about, by the finding's id: the derivative's, or for an omission the
    source's."""
    texts = {own.id: own.text for document in comparison.documents() for own in document.statements}
    return {own.id: _statement(own, texts) for own in comparison.findings}


def _statement(finding: Finding, texts: Mapping[str, str]) -> str:
    place = finding.derivative or finding.source
    return clean(texts.get(place.statement, "")) if place else ""


def fault(form: Form, values: Mapping[str, object]) -> str:
    """What is wrong with the values of an entry and what to do about it; "" for nothing."""
    known = (*form.required, *form.optional)
    for key, value in values.items():
        if key not in known:
            close = nearest(key, known)
            return f"{key!r} is no key of {form.noun}; " + (
                f"did you mean {close!r}?" if close else f"there are {', '.join(known)}"
            )
        if not isinstance(value, str):
            what = "day; write it like 2026-12-31" if key == "expires" else "text; put it in quotation marks"
            return f"{key} is no {what}"
        if is_blank(value):
            return f"{key} is empty; fill it in" + ("" if key in form.required else " or leave it out")
        if key not in MANY_LINES and _CONTROL.search(value):
            return f"{key} = {value!r} holds a control character; take it out"
    missing = next((key for key in form.required if key not in values), None)
    if missing:
        return f'{form.noun} needs {missing}; add a line {missing} = "..."'
    day = str(values.get("expires", "2000-01-01"))
    if not is_day(day):
        return f"expires = {day!r} is no day of the calendar; write it like 2026-12-31"
    path = str(values["derivative"])
    if "\\" in path or path.startswith("/") or posixpath.normpath(path) != path:
        return f"derivative = {path!r} is no plain path from this file; write it like rewrites/story.md"
    return ""


# --- reading ----------------------------------------------------------------------------------------


def read(form: Form, text: str, name: str) -> tuple[Entry, ...]:
    """The entries of a file in their order; ConfigError says what is wrong and in which line."""
    data = _load(text, name)
    for key in data:
        if key != form.table:
            close = nearest(key, (form.table,))
            hint = f"did you mean [[{close}]]?" if close else f"it holds [[{form.table}]] tables alone"
            raise ConfigError(f"{name}:{_line_of(text, key)}: {key!r} has no place in this file; {hint}")
    tables = data.get(form.table, [])
    places = list(_places(form, text))
    if not isinstance(tables, list) or len(tables) != len(places) or (form.table in data and not places):
        line = _line_of(text, form.table)
        raise ConfigError(
            f"{name}:{line}: {form.table!r} must be tables; begin each with a line [[{form.table}]]"
        )
    entries: dict[Key, Entry] = {}
    for table, (line, *place) in zip(tables, places, strict=True):
        values = {key: _day_as_text(key, value) for key, value in table.items()}
        wrong = fault(form, values)
        if wrong:
            raise ConfigError(f"{name}:{line}: {wrong}")
        entry = Entry({key: str(value) for key, value in values.items()}, line, *place)
        first = entries.setdefault(entry.key, entry)
        if first is not entry:
            raise ConfigError(
                f"{name}:{line}: finding {entry.key[1]} of {entry.key[0]} stands in line {first.line} "
                "already; remove one of the two"
            )
    return tuple(entries.values())


def _load(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix(_BOM))
    except RecursionError:
        raise ConfigError(f"{name}: values are nested too deep; an entry holds plain texts") from None
    except ValueError as error:
        found = _AT_LINE.search(str(error))
        line = found[1] if found else str(text.count("\n") + 1)
        raise ConfigError(f"{name}:{line}: this is no TOML ({error}); mend the line") from None


def _day_as_text(key: str, value: object) -> object:
    """A TOML date as text; a time of day or a moment is none."""
    is_date = key == "expires" and hasattr(value, "year") and not hasattr(value, "hour")
    return value.isoformat() if is_date and hasattr(value, "isoformat") else value


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, or several when a value goes on: `sign` is "[" for a header, "#" for a comment, "" for a
    line with nothing, "k" for a key with its value."""

    number: int
    start: int
    end: int
    sign: str


def _lines(text: str) -> Iterator[_Line]:
    """The lines of a text that is known to be TOML, the newline included."""
    number, sign, depth, newlines = 1, "", 0, 0
    start = len(_BOM) if text.startswith(_BOM) else 0
    for found in _PART.finditer(text, start):
        part = found.group()
        if not sign and not part.isspace():
            sign = part[0] if part[0] in "[#" else "k"
        if part in ("[", "{"):
            depth += 1
        elif part in ("]", "}"):
            depth -= 1
        newlines += part.count("\n")
        if part == "\n" and depth <= 0:
            yield _Line(number, start, found.end(), sign)
            number, start, sign, depth, newlines = number + newlines, found.end(), "", 0, 0
    if start < len(text):
        yield _Line(number, start, len(text), sign)


def _places(form: Form, text: str) -> Iterator[tuple[int, int, int, int]]:
    """The line of each entry's header, its lead, start and end."""
    at: tuple[int, int, int] | None = None
    end = lead = 0
    above = False  # whether a comment stands right above
    for line in _lines(text):
        if line.sign == "[" and _is_header(form, text[line.start : line.end]):
            if at:
                yield *at, end
            whole = lead <= text.startswith(_BOM)  # what a file begins with is about the whole file
            at = (line.number, lead if above and not whole else line.start, line.start)
        if line.sign in ("k", "["):
            end = line.end
        lead = lead if above and line.sign == "#" else line.start
        above = line.sign == "#"
    if at:
        yield *at, end


def _is_header(form: Form, line: str) -> bool:
    plain = line.strip() == f"[[{form.table}]]"
    return plain or (line.lstrip().startswith("[[") and tomllib.loads(line.strip()) == {form.table: [{}]})


def _line_of(text: str, key: str) -> int:
    """The first line that says something of a key at the top of the file; it is known to be there."""
    inside = False
    for line in _lines(text):
        if line.sign == "[" or (line.sign == "k" and not inside):
            inside = inside or line.sign == "["
            if key in tomllib.loads(text[line.start : line.end].removeprefix(_BOM)):
                return line.number
    return 1

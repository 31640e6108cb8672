"""What people type, in the form in which it is kept: no character in it acts, and all of it is UTF-8."""

from __future__ import annotations

import re

from claimdiff.errors import InputError
from claimdiff.gate.entries import clean, is_blank

NAME, AUTHOR, WORDS = 500, 200, 20_000  # characters that may be in each
ROWS = 200  # rows of a page
FURTHEST = 2**53  # what a number in JSON can be

_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:T[0-9:]{2,8}Z?)?)?")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def name(text: str) -> str:
    """A name, which may be empty, on one line."""
    return _short(_BREAK.sub(" ", clean(text)).strip(), NAME, "a name")


def author(text: str) -> str:
    """Who acts; InputError for nobody."""
    told = _short(" ".join(_BREAK.sub(" ", clean(text)).split()), AUTHOR, "the name of who decides")
    if is_blank(told):
        raise InputError("nobody is named as the one who decides; give a name")
    return told


def words(text: str, *, needed: str = "") -> str:
    """A reason, a comment or a note, whose lines stay. Where it is `needed`, InputError for a blank one."""
    told = clean(text).replace("\r\n", "\n").replace("\r", "\n")
    told = _short(_CONTROL.sub("\ufffd", told).strip(), WORDS, needed or "the text")
    if needed and is_blank(told):
        raise InputError(f"{needed} is empty; write a few words")
    return "" if is_blank(told) else told


def moment(text: str) -> str:
    """A day, or a time as the clock gives it; "" stays."""
    if text and not _MOMENT.fullmatch(text):
        raise InputError(f"since is {text[:40]!r}, which is no time; write it like 2026-11-22")
    return text


def page(limit: int, offset: int) -> None:
    """InputError for a page that nobody can be given."""
    if not (0 < limit <= ROWS and 0 <= offset < FURTHEST):
        raise InputError(f"a page has 1 to {ROWS} rows, and begins at 0 or later")


def _short(text: str, limit: int, what: str) -> str:
    if len(text) > limit:
        raise InputError(f"{what} has {len(text):,} characters, the limit is {limit:,}; make it shorter")
    return text

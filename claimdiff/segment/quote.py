"""Which places of a text lie inside a quotation that was opened before them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARK = re.compile("[\"“”„«»'‘’]")
# A single mark that closes a quotation stands after a sentence mark or before one; the rest are apostrophes.
_AFTER = ",.!?…;:—"
_BEFORE = ",.!?…;:—)"


def opened(text: str, places: Sequence[int]) -> list[bool]:
    """For each place, in order: does it lie inside a quotation that the text opened before it?"""
    closable = max((mark.start() for mark in _MARK.finditer(text) if _closes_single(text, mark)), default=-1)
    answers: list[bool] = []
    mode = ""
    marks = iter([*_MARK.finditer(text)])
    mark = next(marks, None)
    for place in places:
        while mark and mark.start() < place:
            mode = _turn(text, mark, mode, closable)
            mark = next(marks, None)
        answers.append(bool(mode))
    return answers


def _turn(text: str, mark: re.Match[str], mode: str, closable: int) -> str:
    """What kind of quotation is open after this mark: "double", "single" or none."""
    char = mark.group()
    if mode == "double":
        return "" if char in '"”»' else mode
    if mode == "single":
        return "" if _closes_single(text, mark) else mode
    if char in "“„«" or (char == '"' and not _follows_word(text, mark.start())):
        return "double"
    if char in "'‘" and mark.start() < closable and _opens_single(text, mark):
        return "single"
    return ""


def _follows_word(text: str, at: int) -> bool:
    """An inch mark or a stray closing mark: it follows a character and no word follows it."""
    return at > 0 and not text[at - 1].isspace() and not text[at + 1 : at + 2].isalnum()


def _opens_single(text: str, mark: re.Match[str]) -> bool:
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    return (not before or before.isspace() or before in "([—–") and after.isalpha()


def _closes_single(text: str, mark: re.Match[str]) -> bool:
    if mark.group() not in "'’":
        return False
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    if not before or before.isspace() or after.isalnum():
        return False
    return before in _AFTER or not after or after in _BEFORE

"""Lines that their own words tell to be no part of the story: patterns and phrases of the lexicon."""

from __future__ import annotations

import re
from functools import cache

from claimdiff.lexicon import words
from claimdiff.model import Block, BlockKind
from claimdiff.segment.phrase import MAX_LINE, Phrases, fold, known

MAX_SHORT = 120

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*+\Z")
_LETTER = re.compile(r"[^\W\d_]")
_MAX_BARE = 16  # a line without letters of at most this length is a count, a clock or a rule
_PART = re.compile(r"\s*+[|•·›»>]\s*+|\s++/\s++")
_PART_WORDS = 4
_MAIL = re.compile(r"[\w.+-]++@[\w-]++\.\w")
_ASKS_TO_WRITE = re.compile(
    r"(?i)(?:contact|write|reach|get|do you|have you|got|email|e-mail|call|send|if you)\b"
)


def is_furniture(block: Block, text: str, first: bool, own: Phrases) -> bool:
    """Is this line boilerplate wherever it stands? `own` are the user's phrases."""
    if not WORD.search(text) or (len(text) <= _MAX_BARE and not _LETTER.search(text)):
        return block.kind is not BlockKind.CELL or not WORD.search(text)
    if block.kind is BlockKind.CELL:
        return hits(text, "cell")
    if len(text) > MAX_LINE:
        return False
    folded = fold(text)
    if own.match(folded) or known("phrases").match(folded) or known("phrases_note").match(folded):
        return True
    if hits(text, "line") or (not first and hits(text, "teaser")) or _ends_as_caption(text):
        return True
    return (len(text) <= MAX_SHORT and (hits(text, "whole") or _is_menu(text))) or _asks_to_write(text)


def is_note(text: str) -> bool:
    """Is it an editor's note: a correction, a clarification?"""
    return known("phrases_note").match(fold(text[:MAX_LINE]))


def is_credit(text: str) -> bool:
    """Does the line say who wrote or pictured something?"""
    return hits(text, "credit")


def hits(text: str, group: str) -> bool:
    """Does a pattern of this group of the data match the text at its start?"""
    return _pattern(group).match(text) is not None


def _ends_as_caption(text: str) -> bool:
    return _pattern("caption").search(text) is not None


def _is_menu(text: str) -> bool:
    """ "News | Sport | Weather", "Home > Business": short names side by side."""
    parts = [part for part in _PART.split(text) if part]
    enough = len(parts) > 2 or (len(parts) == 2 and any(mark in text for mark in "›»>"))
    return enough and all(
        len(part.split()) <= _PART_WORDS and not part[:1].islower() and not TERMINAL.search(part)
        for part in parts
    )


def _asks_to_write(text: str) -> bool:
    return _MAIL.search(text) is not None and (
        _ASKS_TO_WRITE.match(text) is not None or (len(text) <= MAX_SHORT and not TERMINAL.search(text))
    )


@cache
def _pattern(group: str) -> re.Pattern[str]:
    """The group's patterns as one; (?i) at the start of one holds for that one only."""
    parts = sorted(words("boilerplate", group, "patterns"))
    scoped = (f"(?i:{part[4:]})" if part.startswith("(?i)") else f"(?:{part})" for part in parts)
    return re.compile("|".join(scoped))

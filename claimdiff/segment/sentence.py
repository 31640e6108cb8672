"""A block's text -> sentences.

Every sentence mark followed by a space is a candidate. Whether a period after a word ends a
sentence is for Punkt to say, with our own parameters; what Punkt gets wrong in news is decided
before it is asked: quotations and their speech tags, numbered abbreviations, initials, times of day.
"""

from __future__ import annotations

import re
from functools import cache

from claimdiff.lexicon import words
from claimdiff.model import Span
from claimdiff.segment import punkt

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?:\[\d{1,3}\])*+(?:\s[”»](?=\s|\Z))?+\s++")
_OPENER = re.compile(r"[\"'“‘«„(\[]*+")
_NEXT = re.compile(r"[\w.&'’-]*+")
_LAST = re.compile(r"[\w.&/'’-]*\Z")
_DASH = re.compile(r"[—–-]")
_ENUMERATOR = re.compile(r"(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})\Z")
_TAG = re.compile(r"\A(?:(?:[A-Z][\w'’-]*+\.?|de|van|von|al|bin|of)\s){1,5}(?P<verb>[a-z]++)\b")
# After "The" only a tag that ends there counts: "the minister asked." but not "The minister said no."
_PLAIN_TAG = re.compile(r"\A\w++\s(?:[\w'’-]++\s){1,3}?(?P<verb>[a-z]++)(?=[.,]|\Z)")
_DETERMINER = re.compile(r"(?:The|A|An|One|His|Her|Their)\b")


def sentences(text: str) -> tuple[list[Span], bool]:
    """The sentences of a text without surrounding white space, and whether Punkt had its say on all."""
    ends = [end for end in _END.finditer(text) if end.end() < len(text)]
    marks, complete = punkt.breaks(text) if ends else (None, True)
    spans: list[Span] = []
    start = len(text) - len(text.lstrip())
    for end in ends:
        if _splits(text, start, end, marks):
            stop = len(text[end.start() : end.end()].rstrip()) + end.start()
            start = _close(spans, text, start, stop, end.end())
    stop = len(text.rstrip())
    if start < stop:
        _close(spans, text, start, stop, stop)
    return spans, complete


def _close(spans: list[Span], text: str, start: int, stop: int, following: int) -> int:
    """Add the sentence [start, stop); marks without a word belong to the sentence before."""
    if spans and not _has_word(text, start, stop):
        spans[-1] = Span(spans[-1].start, stop)
    else:
        spans.append(Span(start, stop))
    return following


_WORD = re.compile(r"\w")


def _has_word(text: str, start: int, stop: int) -> bool:
    return _WORD.search(text, start, stop) is not None


def _splits(text: str, start: int, end: re.Match[str], marks: frozenset[int] | None) -> bool:
    """Does the sentence that began at `start` end with this mark?"""
    here, closed = end.group(), end.group().rstrip()
    opener = _OPENER.match(text, end.end())
    at = opener.end() if opener else end.end()
    upcoming = _NEXT.match(text, at)
    following = upcoming.group() if upcoming else ""
    if _continues(text, at, following):
        return False
    kind = here[0]
    before = _word_before(text, start, end.start())
    if closed.startswith(("...", "…", "..")):
        return len(closed) > len(closed.rstrip("\"'”’»)]")) or _starts(following)
    if kind in "!?" or "!" in closed or "?" in closed:
        return _exclaimed(text, start, end, at, before, following)
    return _period(text, start, end, before, following, marks)


def _continues(text: str, at: int, following: str) -> bool:
    """A lower-case word or a dash goes on with the sentence; "iPhone" and "eBay" do not."""
    first = text[at : at + 1]
    if _DASH.match(first):
        return True
    return first.islower() and not any(char.isupper() for char in following)


def _word_before(text: str, start: int, stop: int) -> str:
    match = _LAST.search(text[max(start, stop - 40) : stop])
    return match.group().rpartition("/")[2].lstrip("'’-") if match else ""


def _starts(following: str) -> bool:
    return following.rstrip(".").replace("’", "'").lower() in _list("starters")


def _exclaimed(text: str, start: int, end: re.Match[str], at: int, before: str, following: str) -> bool:
    closed = end.group().rstrip()
    if before.lower() in _list("exclaiming") and closed == "!":
        return _starts(following)
    if ")" in closed or "]" in closed:
        return _bracket_opens(text, start)
    if closed[-1] in "\"'”’»":
        return not _is_tag(text, at)
    return True


def _bracket_opens(text: str, start: int) -> bool:
    opener = _OPENER.match(text, start)
    return opener is not None and any(char in "([" for char in opener.group())


def _is_tag(text: str, at: int) -> bool:
    """ "Smith asked." or "the minister asked." after a quotation that ends in a question mark."""
    pattern = _PLAIN_TAG if _DETERMINER.match(text, at) else _TAG
    return any(tag["verb"] in _list("speech") for tag in pattern.finditer(text[at : at + 80]))


def _period(
    text: str, start: int, end: re.Match[str], before: str, following: str, marks: frozenset[int] | None
) -> bool:
    word = before.lower()
    closed = end.group().rstrip()
    opener = _OPENER.match(text, start)
    first_word = opener is not None and opener.end() == end.start() - len(before)
    if first_word and _ENUMERATOR.match(before) and len(closed) == 1:
        return False
    capital = before[:1].isupper()
    if word in _list("joining") or (capital and word in _list("titles")):
        return len(closed) > 1
    if word in _list("numbered") and following[:1].isdigit():
        return False
    if word in _list("clock"):
        return following.rstrip(".").lower() not in _list("after_clock")
    if word in _list("numbered") and word not in _list("proper") and len(word) > 1:
        return True
    if _initial(before) and len(closed) == 1:
        joins = _initial(following.rstrip(".")) or not _starts(following)
        return not (joins and capital and following[:1].isupper())
    if word in _list("general") or (capital and word in _list("proper")) or _dotted(before):
        return _starts(following) or (len(closed) > 1 and ")" not in closed)
    if word in _list("titles") or word in _list("proper"):
        return True  # written small they are ordinary words: "ill", "gen", "mass"
    return marks is None or any(place in marks for place in range(end.start() + 1, end.end() + 1))


def _initial(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _dotted(word: str) -> bool:
    """Single letters joined by periods, as in "U.S" or "W.E.B"."""
    letters = word.split(".")
    return len(letters) > 1 and all(len(letter) == 1 and letter.isalpha() for letter in letters)


@cache
def _list(name: str) -> frozenset[str]:
    return words("abbreviations", name)

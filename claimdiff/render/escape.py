"""The one place where words become Markdown.

`Markdown` is text that is Markdown already; any other string is an article's or a file's words and
is escaped before it is shown. Templates get this for every value, so that forgetting is not possible.
"""

from __future__ import annotations

import re
import unicodedata

from claimdiff.model import Span
from claimdiff.render.passage import Passage
from claimdiff.render.words import plain

# Characters that mean something within a line of CommonMark or of a table; "#3" means nothing.
INLINE = re.compile(r"[\\`*_<>\[\]|&~]|#(?!\w)")
# What would begin a heading, a list, a rule or an underline at the start of a line.
OPENING = re.compile(r"(?=[-+=#])|(?<![\s\S])\d{1,9}(?=[.)](?:\s|$))")
SIMPLE = re.compile(r"[\w.-]+", re.ASCII)
# Markdown readers agree that these are punctuation; of the other symbols some say so, some not.
ASCII = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class Markdown(str):
    """Text that needs no escaping any more; joining or cutting it gives a plain str again."""

    __slots__ = ()


def escape(text: object) -> Markdown:
    """The value as Markdown that shows just these words, on one line."""
    if isinstance(text, Markdown):
        return text
    return Markdown(_opening(_inline(plain(str(text)).strip())))


def marked(passage: Passage) -> Markdown:
    """The passage with its marks in bold."""
    passage = passage.map(plain)
    spread = Passage(passage.text, _spread(passage))
    runs = (f"**{_inline(run)}**" if bold else _inline(run) for run, bold in spread.parts())
    return Markdown(_opening("".join(runs).strip()))


def code(text: str) -> Markdown:
    """A name in code type, when it is as simple as names are."""
    return Markdown(f"`{text}`") if SIMPLE.fullmatch(text) else escape(text)


def linked(rule: str, page: str) -> Markdown:
    """The name of a rule, as a link to its page where there is one."""
    return Markdown(f"[{code(rule)}]({page})") if page else code(rule)


def _inline(text: str) -> str:
    return INLINE.sub(r"\\\g<0>", text)


def _opening(text: str) -> str:
    found = OPENING.match(text)
    return f"{found[0]}\\{text[found.end() :]}" if found else text


def _spread(passage: Passage) -> tuple[Span, ...]:
    """The marks where Markdown takes `**` for bold: not between a letter outside and a punctuation mark
    inside, nor beside a space inside. Edges lose such characters; a mark of nothing else gets its word."""
    spread: list[Span] = []
    for mark in passage.marks:
        span = _trimmed(passage.text, mark) or _grown(passage.text, mark)
        while span and spread and span.start <= spread[-1].end:
            span = span.join(spread.pop())
        if span:
            spread.append(span)
    return tuple(spread)


def _trimmed(text: str, mark: Span) -> Span | None:
    start, end = mark
    while start < end and start and not _may_stand(text[start - 1], text[start]):
        start += 1
    while start < end and end < len(text) and not _may_stand(text[end], text[end - 1]):
        end -= 1
    start, end = _stripped(text, start, end)
    return Span(start, end) if start < end else None


def _grown(text: str, mark: Span) -> Span | None:
    start, end = _stripped(text, *mark)
    if start == end:
        return None
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return Span(start, end)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _may_stand(outside: str, inside: str) -> bool:
    """Whether `**` between these two characters opens or closes bold on the inner side."""
    if outside.isspace() or not (inside in ASCII or unicodedata.category(inside)[0] in "PS"):
        return not inside.isspace()
    return outside in ASCII or unicodedata.category(outside)[0] == "P"

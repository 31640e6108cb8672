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


def _inline(text: str) -> str:
    return INLINE.sub(r"\\\g<0>", text)


def _opening(text: str) -> str:
    found = OPENING.match(text)
    return f"{found[0]}\\{text[found.end() :]}" if found else text


def _spread(passage: Passage) -> tuple[Span, ...]:
    """The marks, grown where Markdown would not take `**` for bold: it must not stand between a
    letter outside and a punctuation mark inside, nor have a space inside."""
    text = passage.text
    grown: list[Span] = []
    for start, end in passage.marks:
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start == end:
            continue
        while start and not _may_stand(text[start - 1], text[start]):
            start -= 1
        while end < len(text) and not _may_stand(text[end], text[end - 1]):
            end += 1
        if grown and start <= grown[-1].end:
            start, end = grown[-1].start, max(end, grown.pop().end)
        grown.append(Span(start, end))
    return tuple(grown)


def _may_stand(outside: str, inside: str) -> bool:
    """Whether `**` between these two characters opens or closes bold on the inner side."""
    if outside.isspace() or not (inside in ASCII or unicodedata.category(inside)[0] in "PS"):
        return not inside.isspace()
    return outside in ASCII or unicodedata.category(outside)[0] == "P"

"""Words inside quotation marks, with the marks told from apostrophes."""

from __future__ import annotations

import re
from typing import NamedTuple

from claimdiff.model import Quotation, Span

_OPENING = {
    "“": "double",
    "„": "double",
    "‟": "double",
    "«": "double",
    "‹": "single",
    "‘": "single",
    "‚": "single",
}
_CLOSING = {"”": "double", "»": "double", "›": "single", "’": "single"}
_STRAIGHT = {'"': "double", "'": "single", "＂": "double"}
_MARK = re.compile(f"[{''.join((*_OPENING, *_CLOSING, *_STRAIGHT))}]")
_SINGLE = re.compile("['’‘]")
_DEEPEST = 6  # marks open at once; more is no prose
_ENDS = frozenset(".,;:!?…")
_BEFORE_OPENING = frozenset("([{-–—/\"'“‘«„‚")
# What a leading apostrophe stands in front of when it is no quotation mark.
_ELISIONS = frozenset(
    {"bout", "cause", "cos", "cuz", "em", "er", "fraid", "gainst", "im", "is", "n", "nother", "nuff",
     "round", "s", "tis", "til", "till", "tude", "twas", "twere", "twill", "twould", "un"}
)  # fmt: skip


class _Open(NamedTuple):
    start: int
    kind: str
    sure: bool  # an opening mark without its closing one is believed


def find_quotations(text: str, *, inside: bool = False) -> tuple[Quotation, ...]:
    """The quotations of a statement's text in order, an outer one before those nested in it.

    `inside` says that the text begins within a quotation that an earlier statement opened. A quotation
    that ends elsewhere runs to the end of the text. Takes time linear in the text's length.
    """
    places = [(match.start(), match.group()) for match in _MARK.finditer(text)]
    if not places and not inside:
        return ()
    strong, opening = _look_ahead(text)
    found: list[Quotation] = []
    stack: list[_Open] = []
    carried = inside
    head = len(text) - len(text.lstrip())
    for at, mark in places:
        kind = _role(text, at, mark, stack, strong, opening, carried)
        if kind is None:
            continue
        action, family = kind
        if action == "open":
            if carried and not stack and at == head:
                carried = False  # the quotation is opened again, as at the head of a new paragraph
            stack.append(_Open(at, family, mark != "'" or _led_in(text, at)))
            del stack[:-_DEEPEST]
            continue
        level = next((i for i in reversed(range(len(stack))) if stack[i].kind == family), None)
        if level is not None:
            start = stack[level].start
            found.append(Quotation(Span(start, at + 1), Span(start + 1, at)))
            del stack[level:]
        elif not stack and (carried or (not found and family == "double")) and at > head:
            carried = False
            found.append(Quotation(Span(0, at + 1), Span(0, at), opened=False))
    end = len(text)
    if carried and text.strip():
        found.append(Quotation(Span(0, end), Span(0, end), opened=False, closed=False))
    found += [
        Quotation(Span(item.start, end), Span(item.start + 1, end), closed=False)
        for item in stack
        if item.sure and text[item.start + 1 :].strip()
    ]
    return tuple(sorted(found, key=lambda one: (one.span.start, -one.span.end)))


def _look_ahead(text: str) -> tuple[list[int], list[int]]:
    """For each place, where the next certain closing and the next possible opening single mark stand."""
    size = len(text)
    strong: list[int] = []
    opening: list[int] = []
    for match in _SINGLE.finditer(text):
        at = match.start()
        if _opens(text, at):
            opening += [at] * (at + 1 - len(opening))
        elif _closes(text, at) and (text[at - 1] in _ENDS or text[at - 1] != "s" or _ended(text, at + 1)):
            strong += [at] * (at + 1 - len(strong))
    strong += [size] * (size + 1 - len(strong))
    opening += [size] * (size + 1 - len(opening))
    return strong, opening


def _role(
    text: str, at: int, mark: str, stack: list[_Open], strong: list[int], opening: list[int], carried: bool
) -> tuple[str, str] | None:
    """Whether the character opens or closes a quotation, and of which family of marks; None for neither."""
    family = _OPENING.get(mark) or _CLOSING.get(mark) or _STRAIGHT[mark]
    pending = any(item.kind == family for item in stack)
    if family == "single" and mark not in "‹›":
        return _single(text, at, mark, pending or carried, strong, opening)
    if mark in "“‟«‹" and pending and not _opens(text, at):
        return "close", family  # „German“ and »Danish« marks
    if mark in _OPENING:
        return "open", family
    if mark in _STRAIGHT:
        if pending or (carried and not _opens(text, at)):
            return "close", family
        return ("open", family) if _opens(text, at) else _late(text, at, family)
    if not pending and not carried and _opens(text, at):
        return "open", family  # ”Swedish” and »Danish« marks
    return "close", family


def _late(text: str, at: int, family: str) -> tuple[str, str] | None:
    """A straight double mark that closes what was opened elsewhere; after a digit it means inches."""
    return ("close", family) if at and (text[at - 1].isalpha() or text[at - 1] in _ENDS) else None


def _single(
    text: str, at: int, mark: str, pending: bool, strong: list[int], opening: list[int]
) -> tuple[str, str] | None:
    if mark == "‚" and not _opens(text, at):
        return None
    if _opens(text, at) and not (mark == "’" and pending):
        if _elided(text, at):
            return None
        if mark == "’" or (mark == "'" and strong[at + 1] >= opening[at + 1] and not _led_in(text, at)):
            return None
        return "open", "single"
    if not pending or mark == "‘" or not _closes(text, at):
        return None
    possessive = text[at - 1] == "s" and not _ended(text, at + 1)
    if possessive and strong[at + 1] < opening[at + 1]:
        return None  # workers’ before a mark that surely closes
    return "close", "single"


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return (before.isspace() or before in _BEFORE_OPENING) and not after.isspace() and after not in ",;:!?)]"


def _closes(text: str, at: int) -> bool:
    after = text[at + 1] if at + 1 < len(text) else " "
    return at > 0 and not text[at - 1].isspace() and not after.isalnum()


def _ended(text: str, at: int) -> bool:
    """A mark, the end of the text or a closing bracket stands here: no noun follows a possessive."""
    return at >= len(text) or text[at] in _ENDS or text[at] in ')]}"”»–—'


def _led_in(text: str, at: int) -> bool:
    """The text begins here, or a comma or colon leads in: the place of a long quotation."""
    before = text[max(0, at - 2) : at].strip()
    return at == 0 or before in {",", ":", '"', "“"}


def _elided(text: str, at: int) -> bool:
    end = at + 1
    if end < len(text) and text[end].isdigit():
        rest = text[end : end + 3]
        return rest[:2].isdigit() and rest[2:] in {"s", " ", ""}
    while end < len(text) and text[end].isalpha() and end - at < 8:
        end += 1
    follows = text[end] if end < len(text) else " "
    return text[at + 1 : end].lower() in _ELISIONS and follows not in _ENDS

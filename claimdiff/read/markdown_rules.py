"""The Markdown parser as we need it: it notes where markup stands, knows footnotes, bounds nesting."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

    _Rule = Callable[[StateInline, bool], bool]

_WRAPPED = ("link", "image", "autolink", "html_inline", "backticks", "newline")
_DEFINITION = re.compile(r"\[\^[^\]\[\s]{1,100}\]:")
_REFERENCE = re.compile(r"\[\^[^\]\[\s]{1,100}\](?!\()")
_INLINE_NOTE = re.compile(r"\^\[[^\]\[\n]{1,2000}\]")

# Beyond its limit of nesting the parser passes over text without a word; so no line gets there.
_NESTING = 100
_MARK = r"[ \t]{0,3}+(?:>|[-*+](?=[ \t]))"
_DEEP = re.compile(rf"((?:{_MARK}){{20}})(?:{_MARK})++")
_BRACKET = re.compile(r"[\[\]]|\n[ \t]*+\n")
_TANGLED = 500
_INDENT = re.compile(r"[ \t]{49,}+")
_HEAD = re.compile(rf"(?:{_MARK})*+[ \t]*+")


def shallow(line: str) -> str:
    """The line with no more marks of quotations and lists, and no more indent, than a page can have."""
    head = _HEAD.match(line)
    if not head or not head.group():
        return line
    marks = _INDENT.sub(" " * 48, _DEEP.sub(r"\1", head.group(), count=1), count=1)
    return marks + line[head.end() :]


def is_tangled(text: str) -> bool:
    """Are brackets open within brackets beyond all sense? Then links take the parser quadratic time."""
    depth = 0
    for found in _BRACKET.finditer(text):
        mark = found.group()
        depth = depth + 1 if mark == "[" else max(0, depth - 1) if mark == "]" else 0
        if depth > _TANGLED:
            return True
    return False


@cache
def parser(links: bool = True) -> MarkdownIt:
    """CommonMark with tables, struck out text and footnotes, which make no token.

    Its links, images, code spans and breaks have in `meta` where in the content they start and end.
    """
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable(["table", "strikethrough"])
    made.disable("text_join")  # keeps entities and escapes apart, with their markup
    if not links:
        made.disable(["link", "image"])
    names = made.get_active_rules()["inline"]
    for name, rule in zip(names, made.inline.ruler.getRules(""), strict=True):
        if name in _WRAPPED:
            made.inline.ruler.at(name, _noting(rule))
    made.inline.ruler.before("link", "footnote", _noting(_reference))
    made.block.ruler.before("reference", "footnote", _definition, {"alt": ["paragraph", "reference"]})
    return made


def _noting(rule: _Rule) -> _Rule:
    """The rule, noting on the first and last token that it pushes where its markup begins and ends."""

    def noting(state: StateInline, silent: bool) -> bool:
        before, start = len(state.tokens), state.pos
        found = rule(state, silent)
        if found and not silent and len(state.tokens) > before:
            pushed = state.tokens[before:]
            first = pushed[1] if pushed[0].type == "text" and len(pushed) > 1 else pushed[0]
            first.meta["start"] = start
            pushed[-1].meta["end"] = state.pos
        return found

    return noting


def _reference(state: StateInline, silent: bool) -> bool:
    """The mark of a footnote, or one written in its place: "[^1]", "^[See page 4.]"."""
    pattern = _REFERENCE if state.src[state.pos] == "[" else _INLINE_NOTE
    found = pattern.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("footnote", "", 0)
    state.pos = found.end()
    return True


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """ "[^1]: The note", with the lines that go on with it and the indented ones after a blank one."""
    first = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not _DEFINITION.match(state.src, first, state.eMarks[start]):
        return False
    if silent:
        return True
    parent, state.parentType = state.parentType, "paragraph"
    line = start + 1
    while line < end:
        following = state.skipEmptyLines(line)
        indented = following < end and state.sCount[following] - state.blkIndent >= 4
        if not indented and (following > line or _terminates(state, line, end)):
            break
        line = following + 1
    state.parentType = parent
    state.line = min(line, end)
    return True


def _terminates(state: StateBlock, line: int, end: int) -> bool:
    rules = state.md.block.ruler.getRules("paragraph")
    return state.sCount[line] < 0 or any(rule(state, line, end, True) for rule in rules)

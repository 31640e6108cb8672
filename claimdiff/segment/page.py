"""Lines that are boilerplate for where they stand: above the story, in lists of others, at the foot."""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimdiff.model import Block, BlockKind
from claimdiff.segment.furniture import MAX_SHORT, TERMINAL, WORD, hits, is_credit
from claimdiff.segment.phrase import fold, known

_TRAILING = 3  # blocks at the end in which weaker signs count
_FOOT = 12  # blocks at the end in which phrases of leave-taking do
_RELEASE = 20  # blocks that the last part of a press release may have
_LABEL_WORDS = 4  # a heading of fewer words names a section, one of more makes a claim
_PROSE_WORDS = 8  # a sentence of so many words begins the story
_TITLE_WORDS = 24
_MAX_LIST = 15
_AD_WORDS = 8

_LONE = (BlockKind.PARAGRAPH, BlockKind.HEADING)
_ASKS = re.compile(r"(?:how|what|when|where|who|why)\b[^?]*\Z", re.IGNORECASE)  # "What the trials found"
_SAYS = re.compile(r"\d|: ?\w")  # a figure or a value after a label: "Verdict: guilty"
_QUOTED = re.compile(r"[\"“'‘][^\"“”‘]{1,60}[\"”'’]\Z")
_STOP = re.compile(r"[.;,][\"'”’»)\]]*+\Z")
_NAMES = re.compile(
    r"(?:[A-ZÀ-Þ][\w.'’-]*+(?: (?:[A-ZÀ-Þ][\w.'’-]*+|de|la|van|von|der|den|bin|al|el|da|di|dos)){1,3}+)"
    r"(?:(?:,| and| &|, and) [A-ZÀ-Þ][\w.'’-]*+(?: [A-ZÀ-Þ][\w.'’-]*+){1,3}+)*+\Z"
)
_JOINING = frozenset(
    {"and", "at", "de", "der", "di", "for", "in", "la", "of", "the", "van", "von", "with", "&"}
)
_CREDIT_END = re.compile(r"\b(?:by|and|with|from)\s*+\Z|[,&:]\s*+\Z", re.IGNORECASE)
_CONTACT = re.compile(r"(?i)(?:(?:media|press|investor|public|for media|for press)[\w ]{0,24} )?contacts?\b")
_AD = re.compile(r"(?i)(?:a message from|presented by|sponsored by|a word from|together with) [^.!?]{1,40}\Z")


def spread(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool], headline: int | None) -> None:
    """Mark what is boilerplate for where it stands; the first block is left to its own words."""
    _labels(blocks, texts, marked)
    _top(blocks, texts, marked, headline)
    _lists(blocks, texts, marked, headline)
    _foot(blocks, texts, marked)


def is_prose(block: Block, text: str) -> bool:
    """Does the story speak here: a sentence, or the item of a list that ends like one?"""
    return TERMINAL.search(text) is not None and len(WORD.findall(text)) >= _PROSE_WORDS


def is_lone(block: Block, text: str) -> bool:
    return block.kind in _LONE and not TERMINAL.search(text)


def _count(text: str) -> int:
    return len(WORD.findall(text)) if len(text) <= MAX_SHORT else MAX_SHORT


# --- one line after another ------------------------------------------------------------------------------


def _labels(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool]) -> None:
    """Section labels, names that a credit goes on with, what stands last, the firm behind a release."""
    last = len(blocks) - 1
    about = False
    for at in range(1, len(blocks)):
        if marked[at]:
            continue
        text, left, count = texts[at], last - at, _count(texts[at])
        lone = is_lone(blocks[at], text)
        label = lone and _is_label(text, count)
        signed = marked[at - 1] and _NAMES.match(text) is not None and _credits(texts[at - 1])
        closing = at > 1 and left < _TRAILING and hits(text, "trailing")
        leaving = at > 1 and left < _FOOT and (known("phrases_foot").match(fold(text)) or hits(text, "bio"))
        about = _about(about, blocks[at], text, count, left)
        marked[at] = label or signed or closing or leaving or (about and not lone)


def _is_label(text: str, count: int) -> bool:
    """A lone line that names what follows: "Background", "What the ruling says:", "‘Nobody told us’"."""
    if text.endswith(":"):
        return count <= _LABEL_WORDS + 1
    if (_ASKS.match(text) or _QUOTED.match(text)) and count <= _LABEL_WORDS + 2:
        return True
    return count < _LABEL_WORDS and not _SAYS.search(text)


def _about(about: bool, block: Block, text: str, count: int, left: int) -> bool:
    """Are we below an "About the company" line near the end?"""
    if count <= 8 and left <= _TRAILING and hits(text, "about"):
        return True
    return about and block.kind is not BlockKind.HEADING


def _credits(text: str) -> bool:
    return _CREDIT_END.search(text) is not None or is_credit(text)


# --- by place ---------------------------------------------------------------------------------------------


def _top(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool], headline: int | None) -> None:
    """Names between the headline and the story: who wrote it, where, for whom."""
    if headline is None:
        return
    for at in range(headline + 1, len(blocks)):
        if is_prose(blocks[at], texts[at]):
            return
        if is_lone(blocks[at], texts[at]) and _is_signature(texts[at]):
            marked[at] = True


def _is_signature(text: str) -> bool:
    tokens = text.replace(",", " ").replace("|", " ").split()
    if not 1 < len(tokens) <= (8 if "," in text else 5) or len(text) > MAX_SHORT:
        return False
    return tokens[0][:1].isupper() and all(
        token[:1].isupper() or token.startswith("@") or token in _JOINING for token in tokens
    )


def _lists(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool], headline: int | None) -> None:
    """The titles below "Most read" or "Related articles", up to the story's next sentence, and the lines
    of an advertisement."""
    for at, text in enumerate(texts):
        if at == headline or len(text) > MAX_SHORT:
            continue
        if _heads_list(blocks[at], text):
            marked[at] = True
            for below in range(at + 1, min(len(blocks), at + 1 + _MAX_LIST)):
                if below == headline or not _is_title(texts[below]):
                    break
                marked[below] = True
        elif _AD.match(text):
            marked[at] = True
            for below in range(at + 1, min(len(blocks), at + 3)):
                if _count(texts[below]) > _AD_WORDS:
                    break
                marked[below] = True


def _heads_list(block: Block, text: str) -> bool:
    return (
        block.kind is not BlockKind.CELL
        and (not TERMINAL.search(text) or text.endswith("..."))
        and _count(text) <= _PROSE_WORDS
        and known("phrases_list").match(fold(text))
    )


def _is_title(text: str) -> bool:
    return not _STOP.search(text) and len(text.split()) <= _TITLE_WORDS


def _foot(blocks: Sequence[Block], texts: Sequence[str], marked: list[bool]) -> None:
    """The last part of a press release: about the firm, notes to editors, whom to call."""
    release = any(known("phrases_release").match(fold(text)) for text in texts)
    if not release:
        return
    for at in range(max(2, len(blocks) - _RELEASE), len(blocks)):
        if marked[at - 1] or is_lone(blocks[at], texts[at]):
            about = hits(texts[at], "about") and _count(texts[at]) <= _PROSE_WORDS
            if about or (_CONTACT.match(texts[at]) and is_lone(blocks[at], texts[at])):
                marked[at:] = [True] * (len(blocks) - at)
                return

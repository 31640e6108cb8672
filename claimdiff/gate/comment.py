"""Waivers in the text itself, as comments of Markdown and HTML:

    <!-- claimdiff: ignore number-changed reason="updated at 14:05" by="AE" expires="2026-12-31" -->

What follows `ignore` names rules, types, kinds or single findings. A comment after text on its line holds
for the statement before it, one that begins its line for the next statement, and one inside a statement
for that one; what it says of omissions holds for those that would have stood where it stands. A finding's
id holds wherever the comment stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from claimdiff.errors import ConfigError
from claimdiff.gate.entries import hold_day, is_blank, is_day
from claimdiff.gate.nearest import nearest
from claimdiff.model import Comparison, Document, Finding, Kind, Pardon, Role, Span, Statement, Type

BY = "comment"
KEYS = ("reason", "by", "expires")

_MARK = re.compile(r"<!--\s*+claimdiff(?:\s*+(:)|\s++ignore\b)", re.IGNORECASE)
_END = "-->"
_VISIBLE = "a claimdiff comment is part of the visible text; write it where the page takes it for a comment"
_SHOWN = 40  # characters of an unknown word that a message repeats
_WORD = re.compile(r"[\w-]++")
_PART = re.compile(
    r"""[\s,]++|(?P<key>[\w-]++)\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)')(?=[\s,]|\Z)"""
    r"""|(?P<word>[\w-]++)(?=[\s,]|\Z)"""
)
_ID = re.compile(r"[0-9a-f]{12}(?:-[1-9][0-9]{0,8})?\Z")
_NEWLINE = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Comment:
    """A waiver in the text. `where` is the file with the line; `named` are the rules, types, kinds and
    findings that it names. It holds for the derivative's `statement` with this id ("" for none) and for
    omissions after the statement `after` ("" for the beginning; None inside a statement)."""

    where: str
    span: Span
    named: tuple[str, ...]
    reason: str
    by: str = ""
    expires: str = ""
    statement: str = ""
    after: str | None = None


# --- reading ----------------------------------------------------------------------------------------


def read(document: Document, rules: Iterable[str]) -> tuple[Comment, ...]:
    """The waivers in a document with statements; `rules` are the ids of all rules.

    Raises ConfigError, with the line, for one that is not in order or that readers would see.
    """
    if not _MARK.search(document.text) and not any(_MARK.search(own.text) for own in document.statements):
        return ()
    page = _Page(document)
    for statement in document.statements:
        if _MARK.search(statement.text):
            raise page.error(statement.span.start, _VISIBLE)
    known = frozenset((*rules, *(own.value for own in Type), *(own.value for own in Kind)))
    return tuple(_comments(page, known))


def _comments(page: _Page, known: frozenset[str]) -> Iterator[Comment]:
    text = page.document.text
    found = _MARK.search(text)
    while found:
        start = found.start()
        end = text.find(_END, found.end())
        if end < 0:
            raise page.error(start, "a claimdiff comment has no end; close it with -->")
        if not found[1]:
            raise page.error(
                start, "a claimdiff comment lacks its colon; begin it with <!-- claimdiff: ignore"
            )
        span = Span(start, end + len(_END))
        if page.is_visible(span):
            raise page.error(start, _VISIBLE)
        try:
            named, values = _parts(text[found.end() : end], known)
        except ValueError as error:
            raise page.error(start, f"a claimdiff comment {error}") from None
        statement, after = page.subject(span)
        yield Comment(page.where(start), span, named, values["reason"], values.get("by", ""),
                      values.get("expires", ""), statement, after)  # fmt: skip
        found = _MARK.search(text, span.end)


def _parts(body: str, known: frozenset[str]) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """What a comment names, and its values; ValueError says what is wrong with it."""
    named: dict[str, None] = {}
    values: dict[str, str] = {}
    first = _WORD.match(body.lstrip())
    verb = first.group() if first else ""
    if verb != "ignore":
        raise ValueError(
            f"says {verb[:_SHOWN]!r} where only 'ignore' is known; write <!-- claimdiff: ignore RULE ..."
        )
    at = body.index(verb) + len(verb)
    while at < len(body):
        part = _PART.match(body, at)
        if not part:
            raise ValueError(
                f"is not understood at {body[at : at + 30].split()[0]!r}; "
                'write it like: ignore number-changed reason="..."'
            )
        at = part.end()
        if part["word"]:
            named[_selector(part["word"], known)] = None
        elif part["key"]:
            _take(values, part["key"], part["double"] if part["single"] is None else part["single"])
    if not named:
        raise ValueError("names nothing to ignore; name a rule, a type, a kind or a finding after 'ignore'")
    if "reason" not in values:
        raise ValueError('gives no reason; add reason="..."')
    return tuple(named), values


def _selector(word: str, known: frozenset[str]) -> str:
    if word in known or _ID.match(word):
        return word
    close = nearest(word, sorted(known))
    hint = f"did you mean {close!r}?" if close else "`claimdiff rules` lists the rules, types and kinds"
    raise ValueError(
        f"ignores {word[:_SHOWN]!r}, which is no rule, type, kind or whole id of a finding; {hint}"
    )


def _take(values: dict[str, str], key: str, value: str) -> None:
    if key not in KEYS:
        close = nearest(key, KEYS)
        hint = f"did you mean {close!r}?" if close else f"there are {', '.join(KEYS)}"
        raise ValueError(f"holds {key[:_SHOWN]!r}, which nobody knows; {hint}")
    if key in values:
        raise ValueError(f"gives {key} twice; take one out")
    if is_blank(value):
        raise ValueError(f"has an empty {key}; fill it in" + ("" if key == "reason" else " or take it out"))
    if key == "expires" and not is_day(value):
        raise ValueError(f"expires on {value!r}, which is no day of the calendar; write it like 2026-12-31")
    values[key] = " ".join(value.split())


class _Page:
    """A document with its lines, visible runs and statements in the order in which they stand in the text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.newlines = [found.start() for found in _NEWLINE.finditer(document.text)]
        pieces = [piece for block in document.blocks for piece in block.pieces]
        pieces += [piece for statement in document.statements for piece in statement.pieces]
        runs = sorted((own.raw, own.raw + own.length) for own in pieces if own.length > 0)
        self.run_starts = [start for start, _ in runs]
        self.run_ends: list[int] = []  # the furthest end so far
        for _, end in runs:
            self.run_ends.append(max(end, self.run_ends[-1] if self.run_ends else 0))
        self.all = sorted(document.statements, key=lambda own: own.span)
        self.claims = [own for own in self.all if own.role is not Role.BOILERPLATE]
        self.all_starts = [own.span.start for own in self.all]
        self.claim_starts = [own.span.start for own in self.claims]

    def line(self, at: int) -> int:
        return bisect_left(self.newlines, at) + 1

    def where(self, at: int) -> str:
        return f"{self.document.name or 'text'}:{self.line(at)}"

    def error(self, at: int, message: str) -> ConfigError:
        return ConfigError(f"{self.where(at)}: {message}")

    def is_visible(self, span: Span) -> bool:
        """Whether some of it is shown to a reader."""
        begun = bisect_left(self.run_starts, span.end)
        return begun > 0 and self.run_ends[begun - 1] > span.start

    def subject(self, span: Span) -> tuple[str, str | None]:
        """The statement that a comment holds for, and the one after which the omissions would have stood."""
        begun = bisect_left(self.all_starts, span.start)
        before: Statement | None = self.all[begun - 1] if begun else None
        if before and span.end <= before.span.end:
            return before.id, None
        claims = bisect_left(self.claim_starts, span.start)
        after = self.claims[claims - 1].id if claims else ""
        if before and self.line(before.span.end) == self.line(span.start):
            return before.id, after
        following = bisect_right(self.claim_starts, span.end - 1)
        return (self.claims[following].id if following < len(self.claims) else ""), after


# --- holding ----------------------------------------------------------------------------------------


def apply(
    comments: Sequence[Comment], comparison: Comparison, today: str
) -> tuple[tuple[Pardon, ...], tuple[str, ...]]:
    """The findings that comments in the derivative let pass on the day `today`, and a line for each comment
    that has expired, and for each name in one that matches nothing."""
    hold_day(today)
    standing = _Standing(comparison.findings)
    pardons: dict[str, Pardon] = {}
    warnings: list[str] = []
    for comment in comments:
        reached, idle = standing.reached(comment)
        if comment.expires and comment.expires < today:
            then = "what it let pass counts again" if reached else "it matches no finding; remove it"
            warnings.append(f"{comment.where}: the comment expired on {comment.expires}: {then}")
            continue
        for finding in reached:
            pardons.setdefault(finding.id, Pardon(finding, BY, comment.reason, comment.by, comment.expires))
        warnings += [
            f"{comment.where}: the comment ignores {name}, but no such finding is there any more; remove it"
            for name in idle
        ]
    return tuple(pardons[own.id] for own in comparison.findings if own.id in pardons), tuple(warnings)


class _Standing:
    """Findings by the statement that they are about, by the one that they would have stood after, by id."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.at: dict[str, list[Finding]] = {}
        self.after: dict[str, list[Finding]] = {}
        self.own: dict[str, Finding] = {}
        for finding in findings:
            self.own[finding.id] = finding
            if finding.derivative:
                self.at.setdefault(finding.derivative.statement, []).append(finding)
            elif finding.after is not None:
                self.after.setdefault(finding.after, []).append(finding)

    def reached(self, comment: Comment) -> tuple[list[Finding], list[str]]:
        """The findings that a comment is about, and the names in it that are about none."""
        near = list(self.at.get(comment.statement, ()))
        if comment.after is not None:
            near += self.after.get(comment.after, ())
        by_id = [self.own[name] for name in comment.named if name in self.own]
        used = {finding.id for finding in by_id}
        found = {finding.id: finding for finding in by_id}
        named = frozenset(comment.named)
        for finding in near:
            names = _names(finding, named)
            if names:
                used |= names
                found[finding.id] = finding
        return list(found.values()), [name for name in comment.named if name not in used]


def _names(finding: Finding, named: frozenset[str]) -> set[str]:
    """Which of the names a finding goes by; none unless they let it pass. One of several types does not: a
    comment about a date says nothing of the number that changed with it."""
    types = {own.value for own in finding.types}
    names = named & {finding.rule, finding.kind.value}
    return set(names | (named & types)) if names or (types and types <= named) else set()

"""The comparison for a terminal: the verdict, every finding with both articles' words, and the counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from claimdiff.model import Comparison, Finding, Place, Severity, Span, Status
from claimdiff.render import words
from claimdiff.render.passage import Passage, of_place

RESET = "\x1b[0m"
BOLD, RED, GREEN, YELLOW = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m"
SEVERITY = {Severity.MAJOR: BOLD + RED, Severity.MINOR: BOLD + YELLOW}
SIDES = {"source": ("[-", "-]", RED), "derivative": ("{+", "+}", GREEN)}

LEAST_WIDTH = 40
LABEL = 18  # columns before an article's words
CLIP, CLIP_VERBOSE = 400, 100_000


def render(comparison: Comparison, *, color: bool, width: int, verbose: bool = False) -> str:
    """The comparison as text with a final newline, at most `width` columns wide unless a word is wider.

    Escape codes appear only with `color`. `verbose` shows long statements whole, names the evidence,
    and adds what became of every statement.
    """
    page = _Page(comparison, color, max(LEAST_WIDTH, width), CLIP_VERBOSE if verbose else CLIP)
    parts = [list(page.head())]
    findings = sorted(comparison.findings, key=lambda own: own.severity is Severity.MINOR)
    parts += [list(page.finding(own, verbose)) for own in findings]
    parts.append(list(page.counts()))
    if verbose:
        parts.append(list(page.statements()))
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


class _Page:
    """Lines for one comparison; what they hold of the articles is plain."""

    def __init__(self, comparison: Comparison, color: bool, width: int, clip: int) -> None:
        self.comparison = comparison
        self.color = color
        self.width = width
        self.clip = clip
        self.lines = words.Lines(comparison)
        self.all = {own.id: own for side in comparison.documents() for own in side.statements}

    def head(self) -> Iterator[str]:
        title, verdict = words.title(self.comparison), words.verdict(self.comparison)
        yield from self._wrap(Passage(title), "")
        yield from self._wrap(Passage(verdict, (Span(0, verdict.index(";")),)), "", codes=BOLD)
        for note in self.comparison.notes:
            yield from self._wrap(Passage(note), "note: ")

    def finding(self, finding: Finding, verbose: bool) -> Iterator[str]:
        word = finding.severity.upper()
        head = f"{word} {words.what(finding)}: {finding.message}"
        yield from self._wrap(
            Passage(head, (Span(0, len(word)),)), "", codes=SEVERITY[finding.severity] + BOLD
        )
        for side, place in (("source", finding.source), ("derivative", finding.derivative)):
            if place:
                passage = of_place(self.all[place.statement], place).clip(self.clip)
                label = f"  {self._side(side, place)}:{self.lines.of(place)}"
                yield from self._wrap(passage, f"{label:<{LABEL}}", side=side)
        if finding.after is not None:
            where = f"after line {self._line(finding.after)}" if finding.after else "at the beginning"
            yield from self._wrap(Passage(f"would have stood {where}"), f"{'  derivative':<{LABEL}}")
        because = f", because of {', '.join(finding.because)}" if verbose and finding.because else ""
        yield from self._wrap(Passage(f"{finding.rule}, {words.confidence(finding)}{because}"), "  ")

    def _side(self, side: str, place: Place) -> str:
        """The side, with the document's id where there are several of that side."""
        many = side == "source" and len(self.comparison.sources) > 1
        return f"{side} {place.document}" if many else side

    def _line(self, statement: str) -> int:
        return self.lines.of(self.all[statement].place())

    def counts(self) -> Iterator[str]:
        if self.comparison.findings:
            yield f"{'':<12}{'major':>7}{'minor':>7}{'all':>7}"
            for name, major, minor, total in words.table(self.comparison.findings):
                yield f"{name:<12}{major:>7}{minor:>7}{total:>7}"

    def statements(self) -> Iterator[str]:
        """What became of each statement, the derivative's first."""
        origin = {link.derivative: ", ".join(link.sources) for link in self.comparison.links}
        for document in (self.comparison.derivative, *self.comparison.sources):
            yield from self._wrap(Passage(f"Statements of {document.name or document.id}:"), "")
            for own in document.statements:
                status = own.status or Status.BOILERPLATE
                rests = f" (from {origin[own.id]})" if own.id in origin else ""
                yield from self._wrap(Passage(own.text), f"  {own.id} {status}{rests}: ", indent=6)

    def _wrap(
        self, passage: Passage, label: str, *, side: str = "", codes: str = "", indent: int | None = None
    ) -> Iterator[str]:
        """The passage in lines that hang under the label, its marks dressed for the side or in codes."""
        before, after, codes = SIDES.get(side, ("", "", codes))
        passage = passage.map(words.plain)
        if not self.color:
            codes = ""
            passage = Passage(
                "".join(f"{before}{run}{after}" if own else run for run, own in passage.parts())
            )
        hang = " " * (columns(label) if indent is None else indent)
        line, used, fresh = words.plain(label), columns(label), True
        for word, shown in _words(passage, codes):
            if not fresh and used + 1 + columns(word) > self.width:
                yield line.rstrip()
                line, used, fresh = hang, len(hang), True
            line += shown if fresh else f" {shown}"
            used += columns(word) + (not fresh)
            fresh = False
        yield line.rstrip()


def _words(passage: Passage, codes: str) -> Iterator[tuple[str, str]]:
    """The words between the spaces, each as it is and with the codes on what is marked of it."""
    for found in re.finditer(r"\S+", passage.text):
        shown, at = "", found.start()
        for start, end in passage.marks if codes else ():
            if at < end and start < found.end():
                start, end = max(at, start), min(end, found.end())
                shown += f"{passage.text[at:start]}{codes}{passage.text[start:end]}{RESET}"
                at = end
        yield found[0], shown + passage.text[at : found.end()]


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 2 if _is_wide(char) else 1 for char in text
    )


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"

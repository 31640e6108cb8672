"""The comparison for a terminal: the verdict, every finding with both articles' words, and the counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from claimdiff.model import Comparison, Finding, Outcome, Place, Severity, Span, Status
from claimdiff.render import words
from claimdiff.render.charset import fitting
from claimdiff.render.passage import Passage, of_place

RESET = "\x1b[0m"
BOLD, RED, GREEN, YELLOW = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[33m"
SEVERITY = {Severity.MAJOR: BOLD + RED, Severity.MINOR: BOLD + YELLOW}
OUTCOME = {Outcome.PASS: BOLD + GREEN, Outcome.REVIEW: BOLD + YELLOW, Outcome.BLOCK: BOLD + RED}
SIDES = {"source": ("[-", "-]", RED), "derivative": ("{+", "+}", GREEN)}

LEAST_WIDTH = 40
LEAST_FOR_TWO = 120  # in less, two columns of prose become ribbons
NO_ROOM = f"two columns need a width of {LEAST_FOR_TWO}, and this is {{}}; here are the findings one by one"
LABEL = 18  # columns before an article's words
CLIP, CLIP_VERBOSE = 400, 100_000


def render(
    comparison: Comparison,
    *,
    color: bool,
    width: int,
    verbose: bool = False,
    side_by_side: bool = False,
    encoding: str = "utf-8",
) -> str:
    """The comparison as text with a final newline, at most `width` columns wide unless a word is wider.
    A policy's verdict is the first of it.

    Escape codes appear only with `color`. `verbose` shows long statements whole, names the evidence,
    adds what became of every statement, and why findings do not count. `side_by_side` shows the two
    articles in two columns, each finding below its statement, where there is room for them. What
    `encoding` cannot say is said in characters that it has.
    """
    clip = CLIP_VERBOSE if verbose else CLIP
    page = Page(comparison, color, max(LEAST_WIDTH, width), clip, fitting(encoding))
    parts = [list(page.head())]
    if side_by_side and page.width >= LEAST_FOR_TWO:
        from claimdiff.render import sidebyside

        parts.append(list(sidebyside.lines(page, verbose)))
    else:
        if side_by_side:
            parts.append(list(page.wrap(Passage(NO_ROOM.format(page.width)), "note: ")))
        findings = sorted(comparison.findings, key=page.ruling.rank)
        parts += [list(page.finding(own, verbose)) for own in findings]
    parts.append(list(page.counts()))
    if verbose:
        parts += [list(page.pardons()), list(page.statements())]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


class Page:
    """Lines for one comparison; what they hold of the articles is plain."""

    def __init__(
        self, comparison: Comparison, color: bool, width: int, clip: int, fit: Callable[[str], str]
    ) -> None:
        self.comparison = comparison
        self.color = color
        self.width = width
        self.clip = clip
        self.fit = fit
        self.lines = words.Lines(comparison)
        self.ruling = words.Ruling(comparison)
        self.all = {own.id: own for side in comparison.documents() for own in side.statements}

    def head(self) -> Iterator[str]:
        judged = self.comparison.verdict
        if judged:
            word = Span(0, len(words.OUTCOMES[judged.outcome]))
            decision = Passage(words.decision(self.comparison), (word,))
            yield from self.wrap(decision, "", codes=OUTCOME[judged.outcome])
        title, verdict = words.title(self.comparison), words.verdict(self.comparison)
        yield from self.wrap(Passage(title), "")
        yield from self.wrap(Passage(verdict, (Span(0, verdict.index(";")),)), "", codes=BOLD)
        for note in words.notes(self.comparison):
            yield from self.wrap(Passage(note), "note: ")
        if pardons := words.pardons(judged):
            yield from self.wrap(Passage(pardons), "not counted: ")
        for warning in judged.warnings if judged else ():
            yield from self.wrap(Passage(warning), "warning: ")

    def title(self, finding: Finding) -> str:
        """The finding in a line, with what it means for the text where there is a verdict."""
        said = self.ruling.said(finding)
        weight = f", {said}" if said else ""
        return f"{finding.severity.upper()} {words.what(finding)}{weight}: {finding.message}"

    def finding(self, finding: Finding, verbose: bool) -> Iterator[str]:
        word = finding.severity.upper()
        head = Passage(self.title(finding), (Span(0, len(word)),))
        yield from self.wrap(head, "", codes=SEVERITY[finding.severity] + BOLD)
        for side, place in (("source", finding.source), ("derivative", finding.derivative)):
            if place:
                passage = of_place(self.all[place.statement], place).clip(self.clip)
                label = f"  {self._side(side, place)}:{self.lines.of(place)}"
                yield from self.wrap(passage, f"{label:<{LABEL}}", side=side)
        if finding.after is not None:
            where = f"after line {self._line(finding.after)}" if finding.after else "at the beginning"
            yield from self.wrap(Passage(f"would have stood {where}"), f"{'  derivative':<{LABEL}}")
        yield from self.wrap(Passage(self.evidence(finding, verbose)), "  ")

    def evidence(self, finding: Finding, verbose: bool) -> str:
        """The rule, how sure it is and, if wanted, what else was seen."""
        because = f", because of {', '.join(finding.because)}" if verbose and finding.because else ""
        return f"{finding.rule}, {self.ruling.sure(finding)}{because}"

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

    def pardons(self) -> Iterator[str]:
        """Each finding that does not count, with the reason why."""
        judged = self.comparison.verdict
        if judged and judged.pardons:
            yield "Not counted:"
        for own in judged.pardons if judged else ():
            place = own.finding.derivative or own.finding.source
            where = f" ({place.statement}, line {self.lines.of(place)})" if place else ""
            told = f"{own.finding.severity} {words.what(own.finding)}{where}: {own.finding.message}"
            yield from self.wrap(Passage(told), "  ", indent=6)
            yield from self.wrap(Passage(words.pardon(own)), " " * 6)

    def statements(self) -> Iterator[str]:
        """What became of each statement, the derivative's first."""
        origin = {link.derivative: ", ".join(link.sources) for link in self.comparison.links}
        for document in (self.comparison.derivative, *self.comparison.sources):
            yield from self.wrap(Passage(f"Statements of {document.name or document.id}:"), "")
            for own in document.statements:
                status = own.status or Status.BOILERPLATE
                rests = f" (from {origin[own.id]})" if own.id in origin else ""
                yield from self.wrap(Passage(own.text), f"  {own.id} {status}{rests}: ", indent=6)

    def wrap(
        self,
        passage: Passage,
        label: str,
        *,
        side: str = "",
        codes: str = "",
        indent: int | None = None,
        width: int = 0,
    ) -> Iterator[str]:
        """The passage in lines that hang under the label, its marks dressed for the side or in codes.
        With a `width` of its own no line is wider: words are cut for it."""
        before, after, codes = SIDES.get(side, ("", "", codes))
        passage = passage.map(lambda run: self.fit(words.plain(run)))
        if not self.color:
            codes = ""
            passage = Passage(
                "".join(f"{before}{run}{after}" if own else run for run, own in passage.parts())
            )
        label = self.fit(words.plain(label))
        hang = " " * (columns(label) if indent is None else indent)
        line, used, fresh = label, columns(label), True
        for word, shown, apart in _words(passage, codes, width - len(hang)):
            if not fresh and used + apart + columns(word) > (width or self.width):
                yield line.rstrip()
                line, used, fresh = hang, len(hang), True
            line += shown if fresh else " " * apart + shown
            used += columns(word) + (apart if not fresh else 0)
            fresh = False
        yield line.rstrip()


def _words(passage: Passage, codes: str, most: int) -> Iterator[tuple[str, str, int]]:
    """The words between the spaces, each as it is, with the codes on what is marked of it, and with the
    space before it. A word of more than `most` columns comes in parts, if `most` is a number above 0."""
    for found in re.finditer(r"\S+", passage.text):
        start = found.start()
        for end in _cuts(found[0], start, most):
            shown, at = "", start
            for mark in passage.marks if codes else ():
                if at < mark.end and mark.start < end:
                    first, last = max(at, mark.start), min(end, mark.end)
                    shown += f"{passage.text[at:first]}{codes}{passage.text[first:last]}{RESET}"
                    at = last
            yield passage.text[start:end], shown + passage.text[at:end], int(start == found.start())
            start = end


def _cuts(word: str, start: int, most: int) -> Iterator[int]:
    """Where the parts of a word end."""
    if 0 < most < columns(word):
        used = 0
        for at, char in enumerate(word, start):
            if used + columns(char) > most and used:
                yield at
                used = 0
            used += columns(char)
    yield start + len(word)


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 2 if _is_wide(char) else 1 for char in text
    )


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"

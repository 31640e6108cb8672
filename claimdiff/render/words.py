"""The words that every report uses: the verdict, counts, confidence, and text that is safe to show."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from claimdiff.model import Comparison, Document, Finding, Kind, Place, Severity

# The least confidence that each word stands for.
CONFIDENCE = ((0.6, "high confidence"), (0.4, "medium confidence"), (0.0, "low confidence"))

# Line breaks of every sort become a space. A control character would steer a terminal, and a
# directional override would show words in another order than they have: both are made visible.
BREAK = re.compile(r"[ \t]*[\n\r\v\f\x85\u2028\u2029][\s]*|\t")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]")


def plain(text: str) -> str:
    """The text on one line, without a character that acts instead of being read."""
    return CONTROL.sub(_visible, BREAK.sub(" ", text))


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 finding", "2 findings"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def verdict(comparison: Comparison) -> str:
    """The outcome in one sentence, scores with the counts that they are made of."""
    summary = comparison.summary
    carried, supported = summary.covered, summary.supported
    return (
        f"{tally(comparison.findings)}; "
        f"{carried.held} of {count(carried.total, 'source statement')} carried, "
        f"{supported.held} of {count(supported.total, 'derivative statement')} supported; "
        f"drift {summary.drift:.2f}"
    )


def tally(findings: Sequence[Finding]) -> str:
    """How many findings there are: "5 major and 3 minor findings"."""
    major = sum(finding.severity is Severity.MAJOR for finding in findings)
    minor = len(findings) - major
    if not findings:
        return "No findings"
    if major and minor:
        return f"{major} major and {count(minor, 'minor finding')}"
    return count(major, "major finding") if major else count(minor, "minor finding")


def table(findings: Sequence[Finding]) -> list[tuple[str, int, int, int]]:
    """Rows of counts: a name, major ones, minor ones, all; a row for each kind, then one for all."""
    rows = [_row(kind, [own for own in findings if own.kind is kind]) for kind in Kind]
    return [*rows, _row("all", findings)]


def _row(name: str, findings: Sequence[Finding]) -> tuple[str, int, int, int]:
    major = sum(finding.severity is Severity.MAJOR for finding in findings)
    return name, major, len(findings) - major, len(findings)


def what(finding: Finding) -> str:
    """The finding's kind and types: "distortion (number, time)"."""
    types = ", ".join(finding.types)
    return f"{finding.kind} ({types})" if types else finding.kind.value


def confidence(finding: Finding) -> str:
    return next(word for least, word in CONFIDENCE if finding.confidence >= least)


def title(comparison: Comparison) -> str:
    """What is compared with what, by the names of the files."""
    sources = " and ".join(document.name or document.id for document in comparison.sources)
    return f"{comparison.derivative.name or 'the derivative'} against {sources or 'its source'}"


class Lines:
    """Line numbers of places, from 1, for the documents of a comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self._breaks = {document.id: _breaks(document) for document in comparison.documents()}

    def of(self, place: Place) -> int:
        return bisect_left(self._breaks[place.document], place.span.start) + 1


def _breaks(document: Document) -> list[int]:
    """Where each line ends: at LF, CRLF or a CR of its own."""
    return [found.end() - 1 for found in re.finditer(r"\r\n?|\n", document.text)]

"""The words that every report uses: the verdict, counts, confidence, and text that is safe to show.

`verdict` is what was found, `decision` what a policy makes of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from claimdiff.model import (
    Comparison,
    Document,
    Failure,
    Finding,
    Kind,
    Outcome,
    Pardon,
    Place,
    Severity,
    Verdict,
)

# The least confidence that each word stands for.
CONFIDENCE = ((0.6, "high confidence"), (0.4, "medium confidence"), (0.0, "low confidence"))
OUTCOMES = {Outcome.PASS: "Passed", Outcome.REVIEW: "For review", Outcome.BLOCK: "Blocked"}
STOPS, INFORMS = "stops it", "for information"
# What makes a finding not count, as one says it of the finding, in the order in which they are counted.
PARDONED = {
    "waiver": "waived",
    "comment": "waived in the text",
    "baseline": "in the baseline",
    "expected": "expected",
}

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


def decision(comparison: Comparison) -> str:
    """The policy's verdict in a line, with the setting behind each reason; "" without a verdict."""
    verdict = comparison.verdict
    if verdict is None or not verdict.failures:
        return headline(comparison)
    return f"{OUTCOMES[verdict.outcome]}: {'; '.join(map(failure, verdict.failures))}"


def headline(comparison: Comparison) -> str:
    """The policy's verdict without its reasons; "" without a verdict."""
    verdict = comparison.verdict
    if verdict is None:
        return ""
    word, number = OUTCOMES[verdict.outcome], len(comparison.findings)
    if verdict.outcome is Outcome.BLOCK:
        return f"{word}: the policy stops this text"
    if number:
        tail = "which does not stop the text" if number == 1 else "none of which stops the text"
        return f"{word}: {tally(comparison.findings)}, {tail}"
    warned = f", but {count(len(verdict.warnings), 'warning')}" if verdict.warnings else ""
    return f"{word}: no findings{warned}"


def failure(failure: Failure) -> str:
    """A reason with its setting and where that was set: '2 major findings (fail-on = "major", profile
    rewrite)'."""
    where = ", ".join(part for part in (failure.setting, failure.origin) if part)
    return f"{failure.message.strip().removesuffix('.')} ({where})" if where else failure.message


def notes(comparison: Comparison) -> tuple[str, ...]:
    """What a reader should know of how the comparison was made: of the second opinion first, if one was
    asked. What of it is missing stands among a verdict's warnings, and else here."""
    opinion = comparison.opinion
    if opinion is None:
        return comparison.notes
    gaps = () if comparison.verdict else tuple(opinion.gaps())
    judged = f"{opinion.judged} of {count(opinion.asked, 'statement')} judged"
    return (f"Second opinion by {opinion.verifier}: {judged}", *gaps, *comparison.notes)


def opinion(finding: Finding) -> str:
    """What the second opinion has to do with the finding, in a few words; "" for nothing."""
    if finding.rule.startswith("verifier-"):
        return "second opinion alone"
    last = finding.because[-1] if finding.because else ""
    if not last.startswith("verifier "):
        return ""
    return f"second opinion {last.rpartition(' ')[2]}"


def pardons(verdict: Verdict | None) -> str:
    """How many findings do not count, by what pardons them: "2 waived, 1 in the baseline"; "" for none."""
    number = Counter(pardon.by for pardon in verdict.pardons) if verdict else Counter[str]()
    names = [*PARDONED, *sorted(number.keys() - PARDONED.keys())]
    return ", ".join(f"{number[by]:,} {PARDONED.get(by, by)}" for by in names if number[by])


def pardon(pardon: Pardon) -> str:
    """Why a finding does not count: "waived by Ida until 2031-05-01: the desk knows"."""
    who, until = (
        (f" by {pardon.who}" if pardon.who else ""),
        (f" until {pardon.until}" if pardon.until else ""),
    )
    reason = f": {pardon.reason.strip()}" if pardon.reason.strip() else ""
    return f"{PARDONED.get(pardon.by, pardon.by)}{who}{until}{reason}"


class Ruling:
    """What a comparison's verdict means for each of its findings; without one, nothing."""

    def __init__(self, comparison: Comparison) -> None:
        failures = comparison.verdict.failures if comparison.verdict else ()
        self.given = comparison.verdict is not None
        self._stopping = frozenset(id for failure in failures for id in failure.findings)

    def stops(self, finding: Finding) -> bool:
        return finding.id in self._stopping

    def said(self, finding: Finding) -> str:
        """Whether the finding stops the text, in words; "" without a verdict."""
        return (STOPS if self.stops(finding) else INFORMS) if self.given else ""

    def sure(self, finding: Finding) -> str:
        """How sure it is; with a verdict also the id by which a waiver names it."""
        told = ", ".join(filter(None, (confidence(finding), opinion(finding))))
        return f"{told}, id {finding.id}" if self.given else told

    def is_grave(self, finding: Finding) -> bool:
        """Whether a report for machines calls it an error: with a verdict when it stops the text,
        without one when it is major."""
        return self.stops(finding) if self.given else finding.severity is Severity.MAJOR

    def rank(self, finding: Finding) -> tuple[bool, bool]:
        """What sorts those first that stop the text, then major ones."""
        return not self.stops(finding), finding.severity is Severity.MINOR


class Lines:
    """Line numbers of places, from 1, for the documents of a comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self._breaks = {document.id: _breaks(document) for document in comparison.documents()}

    def of(self, place: Place) -> int:
        return bisect_left(self._breaks[place.document], place.span.start) + 1


def _breaks(document: Document) -> list[int]:
    """Where each line ends: at LF, CRLF or a CR of its own."""
    return [found.end() - 1 for found in re.finditer(r"\r\n?|\n", document.text)]

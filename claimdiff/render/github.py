"""Annotations for GitHub: workflow commands, one a line, that a job prints into its log."""

from __future__ import annotations

from collections import Counter

from claimdiff.model import Comparison, Finding, Outcome
from claimdiff.render import words
from claimdiff.render.columns import Breaks
from claimdiff.render.machine import Places, title

MOST = 10  # annotations of a level that GitHub keeps of a step; the rest it drops without a word


def render(comparison: Comparison, *, root: str = "") -> str:
    """The commands, at most ten of a level, then one with the verdict that counts all of them: an error
    when a policy stops the text, else a notice. With a verdict, an error is a finding that stops the text;
    without one, a major finding."""
    places = Places(comparison, breaks=Breaks.GIT, root=root)
    judged = comparison.verdict
    last = "error" if judged and judged.outcome is Outcome.BLOCK else "notice"
    shown: Counter[str] = Counter({last: 1})
    lines, left = [], 0
    for finding in places.findings():
        level = "error" if places.ruling.is_grave(finding) else "warning"
        shown[level] += 1
        if shown[level] <= MOST:
            lines.append(_annotation(places, finding, level))
        else:
            left += 1
    lines.append(f"::{last} title=claimdiff::{escape(_verdict(comparison, left))}")
    return "".join(f"{line}\n" for line in lines)


def _verdict(comparison: Comparison, left: int) -> str:
    """The policy's verdict, what was found, what does not count, and warnings."""
    found = words.verdict(comparison) + "."
    if left:
        found += f" {words.count(left, 'finding')} not shown here; the report has all of them."
    judged = comparison.verdict
    told = [words.plain(note) for note in words.notes(comparison)] if comparison.opinion else []
    if not judged:
        return "\n".join([found, *told])
    pardons = words.pardons(judged)
    lines = [f"{words.plain(words.decision(comparison))}.", found]
    lines += [f"Not counted: {words.plain(pardons)}."] if pardons else []
    return "\n".join([*lines, *told, *(f"Warning: {words.plain(warning)}" for warning in judged.warnings)])


def _annotation(places: Places, finding: Finding, level: str) -> str:
    """The command for a finding. A range over several lines has no columns, which is how GitHub wants it;
    the end column is the last one inside."""
    place = places.target(finding)
    region = places.region(place)
    about = {"file": places.path(place), "line": region.start.line, "endLine": region.end.line}
    if region.one_line:
        about["col"] = region.start.column
        about["endColumn"] = max(region.start.column, region.end.column - 1)
    about["title"] = title(finding)
    told = ",".join(f"{key}={_property(str(value))}" for key, value in about.items())
    return f"::{level} {told}::{escape(places.message(finding))}"


def escape(text: str) -> str:
    """Words after the second `::` of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return escape(words.plain(text)).replace(":", "%3A").replace(",", "%2C")

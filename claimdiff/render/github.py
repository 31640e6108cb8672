"""Annotations for GitHub: workflow commands, one a line, that a job prints into its log."""

from __future__ import annotations

from collections import Counter

from claimdiff.model import Comparison, Finding, Severity
from claimdiff.render import words
from claimdiff.render.columns import Breaks
from claimdiff.render.machine import Places, title

MOST = 10  # annotations of a level that GitHub keeps of a step; the rest it drops without a word
LEVELS = {Severity.MAJOR: "error", Severity.MINOR: "warning"}


def render(comparison: Comparison, *, root: str = "") -> str:
    """The commands, at most ten of a level, then a notice with the verdict that counts all of them."""
    places = Places(comparison, breaks=Breaks.GIT, root=root)
    shown: Counter[Severity] = Counter()
    lines = []
    for finding in places.findings():
        shown[finding.severity] += 1
        if shown[finding.severity] <= MOST:
            lines.append(_annotation(places, finding))
    left = sum(max(0, number - MOST) for number in shown.values())
    verdict = words.verdict(comparison) + "."
    if left:
        verdict += f" {words.count(left, 'finding')} not shown here; the report has all of them."
    lines.append(f"::notice title=claimdiff::{escape(verdict)}")
    return "".join(f"{line}\n" for line in lines)


def _annotation(places: Places, finding: Finding) -> str:
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
    return f"::{LEVELS[finding.severity]} {told}::{escape(places.message(finding))}"


def escape(text: str) -> str:
    """Words after the second `::` of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return escape(words.plain(text)).replace(":", "%3A").replace(",", "%2C")

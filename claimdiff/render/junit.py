"""JUnit's XML, which every CI system shows: a test case for each statement of either side. It fails when a
finding speaks of it; boilerplate is skipped."""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from claimdiff.model import Comparison, Document, Finding, Severity, Statement, Status
from claimdiff.render import words
from claimdiff.render.link import path
from claimdiff.render.machine import Places, shown

NAME = 100  # characters of a statement in the name of its test case
# What `words.plain` leaves and XML 1.0 does not take.
OUTSIDE = re.compile("[\ufffe\uffff]")


def render(comparison: Comparison, *, root: str = "") -> str:
    """The results: a suite for each document. An omission fails the source's statement."""
    places = Places(comparison, root=root)
    failed: dict[str, list[Finding]] = defaultdict(list)
    for finding in places.findings():
        place = finding.derivative or finding.source or places.target(finding)
        failed[place.statement].append(finding)
    top = Element("testsuites", name="claimdiff")
    suites = [_suite(top, places, own, failed) for own in (comparison.derivative, *comparison.sources)]
    for count in ("tests", "failures", "errors", "skipped"):
        top.set(count, str(sum(int(suite.get(count, 0)) for suite in suites)))
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"


def _suite(top: Element, places: Places, document: Document, failed: dict[str, list[Finding]]) -> Element:
    name = _clean(path(document, places.root))
    dull = sum(_is_dull(own, failed) for own in document.statements)
    suite = SubElement(
        top,
        "testsuite",
        name=name,
        tests=str(len(document.statements)),
        failures=str(sum(own.id in failed for own in document.statements)),
        errors="0",
        skipped=str(dull),
    )
    for own in document.statements:
        line = str(places.line(own.place()))
        title = _clean(f"{own.id} {shown(own, NAME)}")
        case = SubElement(suite, "testcase", classname=name, name=title, file=name, line=line)
        if findings := failed.get(own.id):
            _failure(case, places, findings)
        elif _is_dull(own, failed):
            SubElement(case, "skipped", message="boilerplate, not compared")
    return suite


def _is_dull(statement: Statement, failed: dict[str, list[Finding]]) -> bool:
    return statement.status is Status.BOILERPLATE and statement.id not in failed


def _failure(case: Element, places: Places, findings: list[Finding]) -> None:
    """One failure for all findings of a statement, since not every reader takes more than one."""
    gravest = findings[0]
    head = f"{gravest.severity} {words.what(gravest)}: {gravest.message}"
    if len(findings) > 1:
        head += f" (and {words.count(len(findings) - 1, 'finding')} more)"
    severity = Severity.MAJOR if any(own.severity is Severity.MAJOR for own in findings) else Severity.MINOR
    failure = SubElement(case, "failure", message=_clean(head), type=severity.value)
    failure.text = "\n".join(
        _clean_lines(f"{own.severity} {words.what(own)}\n{places.message(own)}") for own in findings
    )


def _clean_lines(text: str) -> str:
    return "\n".join(_clean(line) for line in text.split("\n"))


def _clean(text: str) -> str:
    """Words on one line that XML can hold."""
    return OUTSIDE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", words.plain(text))

"""JUnit's XML, which every CI system shows: a test case for each statement of either side. It fails when a
finding speaks of it; boilerplate is skipped.

With a policy's verdict there is a test case for that, too, which fails when the text is stopped; a statement
fails only for findings that stop the text, and what else is said of it is its output."""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from claimdiff.model import Comparison, Document, Finding, Outcome, Severity, Statement, Status, Verdict
from claimdiff.render import words
from claimdiff.render.link import path
from claimdiff.render.machine import Places, shown

NAME = 100  # characters of a statement in the name of its test case
# What `words.plain` leaves and XML 1.0 does not take.
OUTSIDE = re.compile("[\ufffe\uffff]")


def render(comparison: Comparison, *, root: str = "") -> str:
    """The results: a suite for each document. An omission fails the source's statement."""
    places = Places(comparison, root=root)
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in places.findings():
        place = finding.derivative or finding.source or places.target(finding)
        found[place.statement].append(finding)
    top = Element("testsuites", name="claimdiff")
    suites = [_suite(top, places, own, found) for own in (comparison.derivative, *comparison.sources)]
    for count in ("tests", "failures", "errors", "skipped"):
        top.set(count, str(sum(int(suite.get(count, 0)) for suite in suites)))
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"


def _suite(top: Element, places: Places, document: Document, found: dict[str, list[Finding]]) -> Element:
    name = clean(path(document, places.root))
    suite = SubElement(top, "testsuite", name=name, tests="", failures="", errors="0", skipped="")
    if places.ruling.given and document is places.comparison.derivative:
        _verdict(SubElement(suite, "testcase", classname=name, name="verdict", file=name), places.comparison)
    for own in document.statements:
        line = str(places.line(own.place()))
        title = clean(f"{own.id} {shown(own, NAME)}")
        case = SubElement(suite, "testcase", classname=name, name=title, file=name, line=line)
        _judge(case, places, own, found.get(own.id, []))
    suite.set("tests", str(len(suite)))
    for count, tag in (("failures", "failure"), ("skipped", "skipped")):
        suite.set(count, str(len(suite.findall(f"testcase/{tag}"))))
    if places.comparison.opinion and not places.ruling.given and document is places.comparison.derivative:
        told = words.notes(places.comparison)
        SubElement(suite, "system-out").text = "\n".join(map(clean, told))
    return suite


def _verdict(case: Element, comparison: Comparison) -> None:
    """The case that is the whole text: it fails when the policy stops it."""
    judged = comparison.verdict or Verdict(Outcome.PASS)
    decision = f"{words.decision(comparison)}."
    if judged.outcome is Outcome.BLOCK:
        failure = SubElement(case, "failure", message=clean(decision), type=Outcome.BLOCK.value)
        failure.text = "\n".join(clean(words.failure(own)) for own in judged.failures)
    pardons = words.pardons(judged)
    lines = [] if judged.outcome is Outcome.BLOCK else [decision]
    lines += [f"{words.verdict(comparison)}."]
    lines += [f"Not counted: {pardons}."] if pardons else []
    lines += words.notes(comparison) if comparison.opinion else ()
    lines += [f"Warning: {warning}" for warning in judged.warnings]
    SubElement(case, "system-out").text = "\n".join(map(clean, lines))


def _judge(case: Element, places: Places, statement: Statement, findings: list[Finding]) -> None:
    """What the case of a statement says. Without a verdict every finding fails it."""
    ruling = places.ruling
    failing = [own for own in findings if ruling.stops(own) or not ruling.given]
    telling = [own for own in findings if ruling.given and not ruling.stops(own)]
    if failing:
        _failure(case, places, failing)
    if telling:
        SubElement(case, "system-out").text = _told(places, telling)
    if not findings and statement.status is Status.BOILERPLATE:
        SubElement(case, "skipped", message="boilerplate, not compared")


def _failure(case: Element, places: Places, findings: list[Finding]) -> None:
    """One failure for all findings of a statement, since not every reader takes more than one."""
    gravest = findings[0]
    head = f"{gravest.severity} {words.what(gravest)}: {gravest.message}"
    if len(findings) > 1:
        head += f" (and {words.count(len(findings) - 1, 'finding')} more)"
    severity = Severity.MAJOR if any(own.severity is Severity.MAJOR for own in findings) else Severity.MINOR
    failure = SubElement(case, "failure", message=clean(head), type=severity.value)
    failure.text = _told(places, findings)


def _told(places: Places, findings: list[Finding]) -> str:
    return "\n".join(
        _clean_lines(f"{own.severity} {words.what(own)}\n{places.message(own)}") for own in findings
    )


def _clean_lines(text: str) -> str:
    return "\n".join(clean(line) for line in text.split("\n"))


def clean(text: str) -> str:
    """Words on one line that XML can hold."""
    return OUTSIDE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", words.plain(text))

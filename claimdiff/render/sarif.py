"""SARIF 2.1.0: a result in the derivative for each finding, with the source as a related location.

Columns count code points, and the log says so. Only rules that found something are described.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from claimdiff.model import Comparison, Finding, Opinion, Pardon, Place, Rule, Severity, Verdict
from claimdiff.render import link, words
from claimdiff.render.criteria import criterion
from claimdiff.render.escape import escape
from claimdiff.render.machine import Places, dump, shown

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.MAJOR: "error", Severity.MINOR: "warning"}
MOST = 1000  # characters of a description; GitHub takes 1,024


def render(
    comparison: Comparison,
    *,
    rules: Sequence[Rule] = (),
    docs: str = link.DOCS,
    root: str = "",
    waived: bool = False,
) -> str:
    """The log, with one run. What is known of a rule comes from `rules`.

    With a verdict, an error is a finding that stops the text; without one, a major finding. `waived` adds
    the findings that do not count, as suppressed results; not every reader passes over such."""
    places = Places(comparison, root=root)
    pardons = comparison.verdict.pardons if comparison.verdict and waived else ()
    findings = [*places.findings(), *(own.finding for own in pardons)]
    used = list(dict.fromkeys(finding.rule for finding in findings))
    known = {rule.id: rule for rule in rules}
    driver = {
        "name": "claimdiff",
        "version": comparison.version,
        "rules": [_rule(id, known.get(id), docs) for id in used],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"claimdiff/{link.uri(comparison.derivative, root)}"},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "artifacts": [_artifact(comparison, place, root) for place in comparison.documents()],
        "results": [
            *(_result(places, own, used.index(own.rule)) for own in places.findings()),
            *(_suppressed(places, own, used.index(own.finding.rule)) for own in pardons),
        ],
        "properties": _properties(comparison),
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _properties(comparison: Comparison) -> dict[str, Any]:
    summary = comparison.summary
    told: dict[str, Any] = {"drift": summary.drift, "coverage": summary.coverage, "support": summary.support}
    if comparison.opinion:
        told |= {"verification": _opinion(comparison.opinion)}
    return told | ({"verdict": _verdict(comparison.verdict)} if comparison.verdict else {})


def _opinion(opinion: Opinion) -> dict[str, Any]:
    return {
        "verifier": opinion.verifier,
        "asked": opinion.asked,
        "judged": opinion.judged,
        "unjudged": [{"statement": id, "reason": reason} for id, reason in opinion.unjudged],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome,
        "failures": [
            {
                "setting": own.setting,
                "origin": own.origin,
                "message": own.message,
                "findings": list(own.findings),
            }
            for own in verdict.failures
        ],
    }


def _artifact(comparison: Comparison, document: Any, root: str) -> dict[str, Any]:
    role = "analysisTarget" if document is comparison.derivative else "referencedOnCommandLine"
    return {"location": {"uri": link.uri(document, root)}, "roles": [role]}


def _rule(id: str, rule: Rule | None, docs: str) -> dict[str, Any]:
    page = link.page(id, docs)
    told: dict[str, Any] = {"id": id}
    if rule:
        level = LEVELS[rule.severity]
        told |= {
            "shortDescription": {"text": rule.summary[:MOST]},
            "fullDescription": {"text": rule.why[:MOST]},
            "help": {"text": _help(rule, page), "markdown": _markdown(rule, page)},
            "defaultConfiguration": {"level": level},
            "properties": {
                "tags": [*_tags((rule.kind.value, *filter(None, [rule.type])), rule)],
                "problem.severity": level,
            },
        }
    if link.absolute(page):  # the format takes no relative address here
        told["helpUri"] = page
    return told


def _tags(of: Iterable[str], rule: Rule) -> Iterable[str]:
    types = (rule.type,) if rule.type else ()
    return (*of, criterion(rule.kind, types))


def _help(rule: Rule, page: str) -> str:
    lines = [rule.summary, rule.why]
    for name, (source, derivative) in (("Caught", rule.example), ("Harmless", rule.twin)):
        lines.append(f"{name}:\n  source: {source}\n  derivative: {derivative or '(nothing)'}")
    return "\n\n".join([*lines, f"See {page}"] if page else lines)


def _markdown(rule: Rule, page: str) -> str:
    rows = [
        f"| {name} | {escape(source)} | {escape(derivative)} |"
        for name, (source, derivative) in (("caught", rule.example), ("harmless", rule.twin))
    ]
    table = "\n".join(("| | source | derivative |", "| :--- | :--- | :--- |", *rows))
    more = [f"[More about this rule]({page})"] if page else []
    return "\n\n".join([escape(rule.summary), escape(rule.why), table, *more])


def _result(places: Places, finding: Finding, index: int) -> dict[str, Any]:
    message = _text(words.plain(finding.message))
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "error" if places.ruling.is_grave(finding) else "warning",
        "rank": round(100 * finding.confidence, 2),
    }
    if finding.source:
        said = shown(places.statements[finding.source.statement])
        message += f" [Source](1): {_text(said)}"
        result["relatedLocations"] = [
            {"id": 1, **_location(places, finding.source), "message": {"text": "what the source says"}}
        ]
    return {
        **result,
        "message": {"text": message},
        "locations": [_location(places, places.target(finding))],
        "partialFingerprints": {"claimdiff/v1": finding.id, "primaryLocationLineHash": finding.id},
        "properties": {
            "kind": finding.kind,
            "types": list(finding.types),
            "criterion": criterion(finding.kind, finding.types),
            "confidence": finding.confidence,
            **_weight(places, finding),
        },
    }


def _weight(places: Places, finding: Finding) -> dict[str, Any]:
    """What the level says no more where there is a verdict."""
    ruling = places.ruling
    return {"severity": finding.severity, "stops": ruling.stops(finding)} if ruling.given else {}


def _suppressed(places: Places, pardon: Pardon, index: int) -> dict[str, Any]:
    kind = "inSource" if pardon.by == "comment" else "external"
    why = {"kind": kind, "justification": words.plain(words.pardon(pardon))}
    return {**_result(places, pardon.finding, index), "suppressions": [why]}


def _text(text: str) -> str:
    """Words in which nothing reads as a link of a SARIF message."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _location(places: Places, place: Place) -> dict[str, Any]:
    region = places.region(place)
    told: dict[str, Any] = {
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    }
    if said := places.words(place):
        told["snippet"] = {"text": said}
    file = {"uri": link.uri(places.document(place), places.root)}
    return {"physicalLocation": {"artifactLocation": file, "region": told}}

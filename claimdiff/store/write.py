"""A comparison as JSON text, keys in the order in which claimdiff/schema.json names them."""

from __future__ import annotations

import json
import re
from typing import Any

from claimdiff.errors import FormatError
from claimdiff.model import (
    Comparison,
    Document,
    Edit,
    Failure,
    Finding,
    Link,
    Opinion,
    Pardon,
    Place,
    Statement,
    Summary,
    Verdict,
)
from claimdiff.store.form import NAME, VERSION, plain_pieces

SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(comparison: Comparison, *, indent: int | None = 2) -> str:
    """The comparison as JSON text without a final newline; equal comparisons give equal text."""
    tool = {"name": NAME, "version": comparison.version}
    if comparison.opinion:
        tool["verifier"] = comparison.opinion.verifier
    data: dict[str, Any] = {
        "schema_version": VERSION,
        "tool": tool,
        "sources": [_document(document) for document in comparison.sources],
        "derivative": _document(comparison.derivative),
        "links": [_link(link) for link in comparison.links],
        "findings": [_finding(finding) for finding in comparison.findings],
        "summary": _summary(comparison.summary),
    }
    if comparison.opinion:
        data["verification"] = _opinion(comparison.opinion)
    if comparison.notes:
        data["notes"] = list(comparison.notes)
    if comparison.verdict:
        data["verdict"] = _verdict(comparison.verdict)
    text = json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False)
    # A lone surrogate has no UTF-8 form; inside a JSON string it has an escape.
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _document(document: Document) -> dict[str, Any]:
    data: dict[str, Any] = {"id": document.id, "name": document.name, "text": document.text}
    data["statements"] = [_statement(document, statement) for statement in document.statements]
    if document.metadata:
        data["metadata"] = [list(entry) for entry in document.metadata]
    if document.notes:
        data["notes"] = list(document.notes)
    return data


def _statement(document: Document, statement: Statement) -> dict[str, Any]:
    if statement.status is None:
        raise FormatError(f"statement {statement.id!r} was not judged, so it cannot be stored")
    data: dict[str, Any] = {
        "id": statement.id,
        "start": statement.span.start,
        "end": statement.span.end,
        "role": statement.role.value,
        "status": statement.status.value,
    }
    if statement.text != statement.span.of(document.text):
        data["text"] = statement.text
    if statement.pieces != plain_pieces(statement.span, statement.text):
        data["pieces"] = [list(piece) for piece in statement.pieces]
    if statement.inside:
        data["inside"] = True
    if statement.section:
        data["section"] = statement.section
    return data


def _link(link: Link) -> dict[str, Any]:
    return {
        "derivative": link.derivative,
        "sources": list(link.sources),
        "relation": link.relation.value,
        "score": link.score,
        "edits": [_edit(edit) for edit in link.edits],
    }


def _edit(edit: Edit) -> dict[str, str]:
    data = {"op": edit.op, "text": edit.new or edit.old}
    if edit.op == "equal" and edit.old != edit.new:
        data["old"] = edit.old
    return data


def _finding(finding: Finding) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": finding.id,
        "rule": finding.rule,
        "kind": finding.kind.value,
        "types": [type.value for type in finding.types],
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "message": finding.message,
        "derivative": _place(finding.derivative),
        "source": _place(finding.source),
    }
    if finding.after is not None:
        data["after"] = finding.after
    if finding.because:
        data["because"] = list(finding.because)
    return data


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    start, end = place.span
    return {"document": place.document, "statement": place.statement, "start": start, "end": end}


def _summary(summary: Summary) -> dict[str, Any]:
    counts, covered, supported = summary.counts, summary.covered, summary.supported
    return {
        "drift": summary.drift,
        "coverage": summary.coverage,
        "support": summary.support,
        "counts": {
            "addition": counts.addition,
            "omission": counts.omission,
            "distortion": counts.distortion,
        },
        "covered": {"held": covered.held, "total": covered.total},
        "supported": {"held": supported.held, "total": supported.total},
    }


def _opinion(opinion: Opinion) -> dict[str, Any]:
    unjudged = [{"statement": id, "reason": reason} for id, reason in opinion.unjudged]
    return {"asked": opinion.asked, "judged": opinion.judged, "unjudged": unjudged}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.value,
        "failures": [_failure(failure) for failure in verdict.failures],
        "pardons": [_pardon(pardon) for pardon in verdict.pardons],
        "warnings": list(verdict.warnings),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "setting": failure.setting,
        "origin": failure.origin,
        "message": failure.message,
        "findings": list(failure.findings),
    }


def _pardon(pardon: Pardon) -> dict[str, Any]:
    return {
        "finding": _finding(pardon.finding),
        "by": pardon.by,
        "reason": pardon.reason,
        "who": pardon.who,
        "until": pardon.until,
    }

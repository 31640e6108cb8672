"""What the API answers: the contract's JSON, and what a CMS needs of it in short."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from claimdiff import __version__, store
from claimdiff.model import Comparison, Finding, Outcome, Place
from claimdiff.render import words
from claimdiff.render.machine import ACTING, Places
from claimdiff.review import export
from claimdiff.review.tables import Row
from claimdiff.review.view import View

TOOL = {"name": "claimdiff", "version": __version__}
NOT_COMPARABLE = "not_comparable"


def page(id: str) -> str:
    """The path of a comparison's page."""
    return f"/comparisons/{id}"


def reply(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON, in which nothing acts on a terminal that shows it."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    safe = ACTING.sub(lambda found: json.dumps(found[0])[1:-1], text)
    return Response(safe.encode(), status, headers, "application/json")


def checked(view: View, base: str) -> dict[str, Any]:
    """What POST /v1/check says of a text."""
    comparison = view.comparison
    verdict, summary = comparison.verdict, comparison.summary
    places = Places(comparison)
    findings = list(places.findings())
    outcome = verdict.outcome if verdict else Outcome.BLOCK
    failures = verdict.failures if verdict else ()
    return {
        "id": view.row.id,
        "revision": view.revision,
        "name": view.row.name,
        "verdict": outcome.value,
        "reason": "; ".join(own.message for own in failures) or _reason(len(findings)),
        "counts": {
            "addition": summary.counts.addition,
            "omission": summary.counts.omission,
            "distortion": summary.counts.distortion,
            "major": sum(own.severity.value == "major" for own in findings),
            "minor": sum(own.severity.value == "minor" for own in findings),
            "pardoned": len(verdict.pardons) if verdict else 0,
        },
        "failures": [
            {
                "setting": own.setting,
                "origin": own.origin,
                "message": own.message,
                "findings": list(own.findings),
            }
            for own in failures
        ],
        "findings": [_finding(places, own) for own in findings],
        "scores": {"drift": summary.drift, "coverage": summary.coverage, "support": summary.support},
        "notes": [*words.notes(comparison), *_gaps(comparison)],
        "state": view.row.state.value,
        "report_url": base + page(view.row.id),
        "tool": TOOL,
    }


def _gaps(comparison: Comparison) -> Iterable[str]:
    """What a verifier did not judge: `words.notes` leaves that to a verdict's warnings, untold here."""
    return comparison.opinion.gaps() if comparison.opinion and comparison.verdict else ()


def _reason(findings: int) -> str:
    if not findings:
        return "nothing was found"
    return "1 finding, which stops nothing" if findings == 1 else f"{findings} findings, which stop nothing"


def not_comparable(name: str, reason: str) -> dict[str, Any]:
    """The same for texts that cannot be held to each other; nothing is kept of them."""
    none = dict.fromkeys(("addition", "omission", "distortion", "major", "minor", "pardoned"), 0)
    return {
        "id": None,
        "revision": None,
        "name": name,
        "verdict": NOT_COMPARABLE,
        "reason": reason,
        "counts": none,
        "failures": [],
        "findings": [],
        "scores": None,
        "notes": [],
        "state": None,
        "report_url": None,
        "tool": TOOL,
    }


def compared(view: View, base: str) -> dict[str, Any]:
    """What POST /v1/compare says: everything."""
    return {
        "id": view.row.id,
        "revision": view.revision,
        "comparison": json.loads(store.to_json(view.comparison, indent=None)),
        "report_url": base + page(view.row.id),
    }


def viewed(view: View, base: str) -> dict[str, Any]:
    """A comparison with all that was decided of it."""
    return export.data(view) | {"current": view.current, "report_url": base + page(view.row.id)}


def stands(view: View, base: str) -> dict[str, Any]:
    """The same without the texts: what an act has changed."""
    full = viewed(view, base)
    return {key: value for key, value in full.items() if key != "comparison"}


def listed(row: Row, base: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "state": row.state.value,
        "revision": row.revision,
        "verdict": row.outcome,
        "drift": row.drift,
        "findings": {
            "total": row.total,
            "decided": row.decided,
            "open": row.open,
            "undecided_major": row.major,
        },
        "author": row.author,
        "created": row.created,
        "updated": row.updated,
        "last_author": row.last_author,
        "report_url": base + page(row.id),
    }


def _finding(places: Places, own: Finding) -> dict[str, Any]:
    return {
        "id": own.id,
        "rule": own.rule,
        "kind": own.kind.value,
        "types": [type.value for type in own.types],
        "severity": own.severity.value,
        "confidence": own.confidence,
        "stops": places.ruling.stops(own),
        "message": own.message,
        "derivative": _place(places, own.derivative),
        "source": _place(places, own.source),
        "after": own.after,
    }


def _place(places: Places, place: Place | None) -> dict[str, Any] | None:
    """A place as an editor finds it: offsets of code points, line and column, its words, and the statement
    around them."""
    if place is None:
        return None
    start, end = places.region(place)
    return {
        "document": place.document,
        "name": places.documents[place.document].name,
        "statement": place.statement,
        "start": place.span.start,
        "end": place.span.end,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "text": places.words(place),
        "snippet": places.statements[place.statement].text,
    }

"""Reviewdog's diagnostic format: a diagnostic in the derivative for each finding. Columns count the bytes
of UTF-8, and an end is the first column outside."""

from __future__ import annotations

from typing import Any

from claimdiff.model import Comparison, Finding, Place
from claimdiff.render import link
from claimdiff.render.columns import Breaks, Spot, Unit
from claimdiff.render.machine import Places, dump


def render(comparison: Comparison, *, docs: str = link.DOCS, root: str = "") -> str:
    """The diagnostics, the gravest first: an error is a finding that stops the text, and without a verdict
    a major one."""
    places = Places(comparison, Unit.UTF8, Breaks.GIT, root)
    findings = [_diagnostic(places, finding, docs) for finding in places.findings()]
    return dump({"source": {"name": "claimdiff"}, "diagnostics": findings})


def _diagnostic(places: Places, finding: Finding, docs: str) -> dict[str, Any]:
    page = link.page(finding.rule, docs)
    told: dict[str, Any] = {
        "message": places.message(finding),
        "location": _location(places, places.target(finding)),
        "severity": "ERROR" if places.ruling.is_grave(finding) else "WARNING",
        "code": {"value": finding.rule, **({"url": page} if page else {})},
    }
    if finding.source:
        told["relatedLocations"] = [
            {"message": "what the source says", "location": _location(places, finding.source)}
        ]
    return told


def _location(places: Places, place: Place) -> dict[str, Any]:
    region = places.region(place)
    return {
        "path": places.path(place),
        "range": {"start": _spot(region.start), "end": _spot(region.end)},
    }


def _spot(spot: Spot) -> dict[str, int]:
    return {"line": spot.line, "column": spot.column}

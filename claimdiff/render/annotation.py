"""W3C Web Annotations in JSON-LD: the finding as the body, its places in derivative and source as targets.

Positions count code points of the decoded text, from 0; an end is the first position outside.
"""

from __future__ import annotations

from typing import Any

from claimdiff.model import Comparison, Finding, Place
from claimdiff.render import link, words
from claimdiff.render.criteria import criterion
from claimdiff.render.machine import Places, dump

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
AROUND = 32  # characters before and after a quotation, to find it again


def render(comparison: Comparison, *, root: str = "") -> str:
    """A collection with one page that holds an annotation for each finding, major ones first."""
    places = Places(comparison, root=root)
    items = [_annotation(places, finding) for finding in places.findings()]
    page = {"id": "#page", "type": "AnnotationPage", "partOf": "#findings", "startIndex": 0, "items": items}
    return dump(
        {
            "@context": CONTEXT,
            "id": "#findings",
            "type": "AnnotationCollection",
            "label": words.plain(words.title(comparison)),
            "generator": {"type": "Software", "name": f"claimdiff {comparison.version}"},
            "total": len(items),
            "first": page,
        }
    )


def _annotation(places: Places, finding: Finding) -> dict[str, Any]:
    tags = (
        finding.severity,
        finding.kind,
        *finding.types,
        criterion(finding.kind, finding.types),
        finding.rule,
    )
    return {
        "id": f"#finding-{link.quoted(finding.id)}",
        "type": "Annotation",
        "motivation": "assessing",
        "body": [
            {
                "type": "TextualBody",
                "value": places.message(finding),
                "format": "text/plain",
                "language": "en",
                "purpose": "assessing",
            },
            *({"type": "TextualBody", "value": tag, "purpose": "tagging"} for tag in tags),
        ],
        "target": [_target(places, place) for place in (places.target(finding), finding.source) if place],
    }


def _target(places: Places, place: Place) -> dict[str, Any]:
    """A place, by position and by its words. A point where words are missing has only the position."""
    document, (start, end) = places.document(place), place.span
    selectors: list[dict[str, Any]] = [{"type": "TextPositionSelector", "start": start, "end": end}]
    if start < end:
        quote = {
            "type": "TextQuoteSelector",
            "exact": document.text[start:end],
            "prefix": document.text[max(0, start - AROUND) : start],
            "suffix": document.text[end : end + AROUND],
        }
        selectors.insert(0, quote)
    source = link.uri(document, places.root)
    return {"type": "SpecificResource", "source": source, "selector": selectors}

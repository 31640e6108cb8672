"""All of it, in the published JSON form."""

from __future__ import annotations

from claimdiff.model import Comparison


def render(comparison: Comparison) -> str:
    """The comparison as JSON (see `claimdiff schema`)."""
    return comparison.to_json() + "\n"

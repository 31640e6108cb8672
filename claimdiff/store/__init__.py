"""A comparison as JSON and back, in the form that claimdiff/schema.json describes.

Reading back what was written gives an equal comparison, so a stored one can be rendered and judged
without the engine.
"""

from __future__ import annotations

from claimdiff.store.read import from_json
from claimdiff.store.write import to_json

__all__ = ["from_json", "schema", "to_json"]


def schema() -> str:
    """The JSON schema of a stored comparison, as text."""
    from importlib.resources import files  # takes longer to load than a stored comparison to read

    return files("claimdiff").joinpath("schema.json").read_text(encoding="utf-8")

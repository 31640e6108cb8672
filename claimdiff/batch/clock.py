"""The one place of the batch that asks for the time: for limits and for progress, never for a result."""

from __future__ import annotations

from time import monotonic

__all__ = ["monotonic"]

"""The one place of the verifiers that asks for the time: for limits and waiting, never for an answer."""

from __future__ import annotations

from time import monotonic, time

__all__ = ["monotonic", "time"]

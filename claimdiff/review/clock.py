"""The one place in which the review asks for the time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """The time in UTC, as in 2026-11-22T10:15:00Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

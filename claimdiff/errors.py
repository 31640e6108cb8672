"""The errors that claimdiff raises: each says what went wrong, where, and what to do about it.

The library raises them; only `claimdiff.cli` turns one into an exit code.
"""

from __future__ import annotations


class ClaimdiffError(Exception):
    """Base of every error that claimdiff raises on purpose; its text is one line for a user."""


class InputError(ClaimdiffError):
    """A text that could not be read: missing, not a file, not decodable, too large."""


class NotComparableError(ClaimdiffError):
    """The texts were read but cannot be judged against each other: one is empty, holds no prose or is not in
    English, or they have nothing in common."""


class FormatError(ClaimdiffError):
    """Stored data (a comparison as JSON) that does not have the form it should have."""


class ConfigError(ClaimdiffError):
    """A configuration, waivers or baseline file that is missing, broken or says what nobody understands."""

"""What can go wrong in a review, beyond what goes wrong in a comparison."""

from __future__ import annotations

from claimdiff.errors import ClaimdiffError


class Refused(ClaimdiffError):  # noqa: N818 - what it says of an act
    """An act that the state of the text, or the revision that it was made on, does not allow."""


class Unknown(ClaimdiffError):  # noqa: N818 - what it says of an act
    """There is no such comparison, revision or finding."""


class Unavailable(ClaimdiffError):  # noqa: N818 - what it says of an act
    """The database cannot be used just now: it is held by another, the disk is full, or it is damaged."""

"""The fingerprint of a finding: by words alone, so that edits elsewhere do not move it."""

from __future__ import annotations

import hashlib


def plain(text: str) -> str:
    """Words without their case and spacing."""
    return " ".join(text.casefold().split())


def fingerprint(*parts: str) -> str:
    """A digest of these words, without offsets and numbering."""
    words = "\x1f".join(map(plain, parts)).encode("utf-8", "replace")
    return hashlib.sha256(words).hexdigest()[:12]

"""Imported once by the process from which the others are made, so that each of them starts with the word
data in its memory: a comparison of two sentences reads all of it."""

from __future__ import annotations

from contextlib import suppress


def _warm() -> None:
    from claimdiff.pipeline import compare

    compare("The mayor said the bridge may close.", "The mayor said the bridge will close.", lang="en")


with suppress(Exception):  # what is wrong shows again, and is told, where a pair is judged
    _warm()

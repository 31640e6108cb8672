"""Alignment: which statements of the sources a derivative statement rests on, and word for word how."""

from claimdiff.align.lexis import align, match_words
from claimdiff.align.statement import Alignment

__all__ = ["Alignment", "align", "match_words"]

"""The form in which names and words of all lists are kept: lower case, without accents."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ə": "e",
        "ħ": "h",
    }
)


@lru_cache(maxsize=1 << 14)
def plain(word: str) -> str:
    """A word in lower case without accents."""
    word = word.lower()
    if word.isascii():
        return word
    spread = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))

"""Words in the characters that a terminal has: what its encoding lacks is said otherwise."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

# What reports and articles use and old encodings lack.
PLAINER = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
    "–": "-", "—": "--", "−": "-", "‑": "-", "‐": "-", "…": "...", "•": "*", "·": "*",
    "⟨": "<", "⟩": ">", "×": "x", "→": "->", "│": "|", "\u00a0": " ", "\u2009": " ", "\u202f": " ",
    "€": "EUR", "£": "GBP", "¥": "JPY", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i",
    "\u200b": "", "\u200d": "", "\ufe0f": "", "\u00ad": "", "\ufeff": "",
}  # fmt: skip


def fitting(encoding: str) -> Callable[[str], str]:
    """A function that gives a text in characters of an encoding, alike as far as it goes."""

    def fit(text: str) -> str:
        if _has(encoding, text):
            return text
        return "".join(char if _has(encoding, char) else _plainer(char, encoding) for char in text)

    return (lambda text: text) if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else fit


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _plainer(char: str, encoding: str) -> str:
    """The character without its accents, or what stands for it, or "?"."""
    if "\u2400" <= char <= "\u2420":  # the picture of a control character
        return f"^{chr(ord(char) - 0x2400 + 0x40)}"
    if char in PLAINER:
        return PLAINER[char]
    if unicodedata.combining(char):
        return ""
    parts = (own for own in unicodedata.normalize("NFKD", char) if not unicodedata.combining(own))
    return "".join(own if _has(encoding, own) else PLAINER.get(own, "?") for own in parts)

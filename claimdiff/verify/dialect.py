"""The fields of a request that not every endpoint takes, and how one that refuses a field is asked again."""

from __future__ import annotations

from threading import Lock
from typing import Any

from claimdiff.verify.request import ROOM, SEED, schema

Level = tuple[int, ...]
# Each field with the ways to send it, the best first; None leaves it out.
FORMS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("response_format", ("response_format", "json_schema", "json_object", "guided"), 3),
    ("seed", ("seed",), 2),
    ("temperature", ("temperature",), 2),
    ("max_tokens", ("max_tokens", "max_completion_tokens"), 3),
)


class Dialect:
    """What an endpoint was found to take, kept for as long as the verifier is open."""

    def __init__(self) -> None:
        self._level: Level = (0,) * len(FORMS)
        self._lock = Lock()

    @property
    def level(self) -> Level:
        with self._lock:
            return self._level

    def refused(self, level: Level, message: str) -> bool:
        """An endpoint that was asked at this level refused with this message: whether there is another
        way to ask, which is then kept."""
        text = message.lower()
        for place, (_, names, ways) in enumerate(FORMS):
            if any(name in text for name in names) and level[place] + 1 < ways:
                with self._lock:
                    raised = max(self._level[place], level[place] + 1)  # another thread may have been first
                    self._level = (*self._level[:place], raised, *self._level[place + 1 :])
                return True
        return False


def fields(level: Level, questions: int) -> dict[str, Any]:
    """The fields of a request for so many questions."""
    form, seed, temperature, limit = level
    found: dict[str, Any] = {}
    if form == 0:
        named = {"name": "verdicts", "strict": True, "schema": schema()}
        found["response_format"] = {"type": "json_schema", "json_schema": named}
    elif form == 1:
        found["response_format"] = {"type": "json_object"}
    if seed == 0:
        found["seed"] = SEED
    if temperature == 0:
        found["temperature"] = 0
    room = ROOM[0] + ROOM[1] * questions
    if limit == 0:
        found["max_tokens"] = room
    elif limit == 1:
        found["max_completion_tokens"] = 4 * room  # who wants this name counts a model's thoughts, too
    return found

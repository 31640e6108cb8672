"""Walking through parsed JSON that nobody has checked yet: each step checks one thing, and a wrong
turn is a FormatError that names the place ("$.links[3].score: ...")."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Never, TypeVar

from claimdiff.errors import FormatError

Member = TypeVar("Member", bound=StrEnum)

SHOWN = 60  # characters of a wrong value that a message shows


def parse(text: str) -> Node:
    """The root of a JSON text; NaN and the infinities are no JSON."""

    def refuse(constant: str) -> Never:
        raise FormatError(f"not valid JSON: {constant} is not a number there")

    try:
        return Node(json.loads(text, parse_constant=refuse))
    except RecursionError:
        raise FormatError("not a comparison: nested too deeply") from None
    except ValueError as error:
        raise FormatError(f"not valid JSON: {error}") from None


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the way to it from the root."""

    value: Any
    path: str = "$"

    def fail(self, expected: str) -> Never:
        """Say what should stand here, and what does."""
        if isinstance(self.value, dict | list):
            found = "an object" if isinstance(self.value, dict) else "an array"
        else:
            found = json.dumps(self.value)
        if len(found) > SHOWN:
            found = found[:SHOWN] + "…"
        raise FormatError(f"{self.path}: expected {expected}, found {found}")

    def find(self, key: str) -> Node | None:
        """The value under a key, or None when it is absent or null."""
        if not isinstance(self.value, dict):
            self.fail("an object")
        value = self.value.get(key)
        return None if value is None else Node(value, f"{self.path}.{key}")

    def get(self, key: str) -> Node:
        """The value under a key that must be there; null is a value."""
        if not isinstance(self.value, dict):
            self.fail("an object")
        if key not in self.value:
            raise FormatError(f"{self.path}: {key!r} is missing")
        return Node(self.value[key], f"{self.path}.{key}")

    def items(self, *, least: int = 0) -> Iterator[Node]:
        if not isinstance(self.value, list):
            self.fail("an array")
        if len(self.value) < least:
            self.fail(f"at least {least} of them")
        return (Node(value, f"{self.path}[{index}]") for index, value in enumerate(self.value))

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.fail("a string")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail("true or false")
        return self.value

    def count(self) -> int:
        """A whole number from 0; true and false are no numbers."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 0:
            self.fail("a whole number from 0")
        return self.value

    def share(self) -> float:
        """A number from 0 to 1."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            self.fail("a number")
        if not 0 <= self.value <= 1:
            self.fail("a number from 0 to 1")
        return float(self.value)

    def member(self, of: type[Member]) -> Member:
        if self.value not in (choices := [member.value for member in of]):
            self.fail(f"one of {', '.join(choices)}")
        return of(self.value)

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

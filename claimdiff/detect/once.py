"""What is worked out once for a value that all pairs of a comparison share, and told apart by identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from claimdiff.model import Facts

_MOST = 16  # values remembered for each function: what one pair asks of its own statements, and no more

_ALL: list[dict[int, tuple[Any, Any]]] = []

Key = TypeVar("Key")
Value = TypeVar("Value")


def once(build: Callable[[Key], Value]) -> Callable[[Key], Value]:
    """Remember what a function of one frozen value gave for the last few values.

    The value itself is kept beside the result, so that its identity cannot pass to another one."""
    kept: dict[int, tuple[Any, Any]] = {}
    _ALL.append(kept)

    @wraps(build)
    def remembered(key: Key) -> Value:
        found = kept.get(id(key))
        if found is None or found[0] is not key:
            found = (key, build(key))
            if len(kept) >= _MOST:
                kept.clear()
            kept[id(key)] = found
        return found[1]

    return remembered


def forget() -> None:
    """Let go of all that is remembered: a comparison that is done should not outlive itself."""
    for kept in _ALL:
        kept.clear()


@once
def positions(lines: tuple[Facts, ...]) -> Mapping[str, int]:
    """Where each statement stands in its row, by its id."""
    return {facts.statement.id: at for at, facts in reversed(list(enumerate(lines)))}

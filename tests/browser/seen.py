"""What the browser is shown, and what it does meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from invented import HARBOUR, NAMES, RUNS, WIDE, Texts, long

import claimdiff
from claimdiff.model import Comparison

SEEDS = Path(__file__).parents[2] / "seeds"
PAIRS = {"harbour": HARBOUR, "names": NAMES, "wide": WIDE, "runs": RUNS}


def _texts(name: str) -> Texts:
    if name == "long":
        return long()
    if name in PAIRS:
        return PAIRS[name]
    source, derivative = (next((SEEDS / name).glob(f"{side}.*")) for side in ("source", "derivative"))
    return Texts(
        source.read_text(encoding="utf-8"),
        derivative.read_text(encoding="utf-8"),
        (source.name, derivative.name),
    )


@cache
def compared(name: str) -> Comparison:
    """The comparison of an invented pair, or of one of seeds/, by its name."""
    texts = _texts(name)
    made = claimdiff.compare(texts.source, texts.derivative)
    source, derivative = texts.names
    return replace(
        made,
        sources=(replace(made.sources[0], name=source),),
        derivative=replace(made.derivative, name=derivative),
    )


class Watched:
    """A page and what it did: messages of its console, errors, and what it asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.messages: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: (self.messages.append("dialog"), dialog.dismiss()))


Opener = Callable[..., Watched]

"""What a reader of marked-up text gives, before it is a document."""

from __future__ import annotations

from typing import NamedTuple

from claimdiff.model import Block

Metadata = tuple[tuple[str, str], ...]


class Parsed(NamedTuple):
    """The blocks of a text, what it says about itself, and what a user should know of the reading."""

    blocks: tuple[Block, ...]
    metadata: Metadata = ()
    notes: tuple[str, ...] = ()


def with_headline(headline: tuple[Block, ...], blocks: list[Block]) -> list[Block]:
    """The blocks with the headline before them, unless they begin with it."""
    first = blocks[0].text.split() if blocks else []
    return blocks if headline and headline[0].text.split() == first else [*headline, *blocks]

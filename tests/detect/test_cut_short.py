"""Statements that end anywhere: no final period, half a sentence, one word. No detector trips over it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from claimdiff.align import match_words
from claimdiff.detect import signals
from claimdiff.facts import read_facts
from claimdiff.model import Context, Facts, Pair, Span
from claimdiff.read import read_text
from claimdiff.segment import segment

CASES = Path(__file__).parent.parent / "cases"
FILES = sorted(CASES.glob("*.toml"))


def facts(text: str, id: str) -> tuple[Facts, ...]:
    return read_facts(segment(read_text(text, id=id), id))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_detector_needs_the_end_of_a_sentence(path: Path) -> None:
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        source, derivative = (
            case[side].replace("[[", "").replace("]]", "") for side in ("source", "derivative")
        )
        words = derivative.rstrip(".!?”\"' ").split()
        old = facts(source.rstrip(".!?”\"' "), "s")
        for size in (len(words), 2 * len(words) // 3, 1):
            new = facts(" ".join(words[:size]), "d")
            for own in new:
                for signal in signals(Pair(own, old, match_words(own, old), Context(old, new))):
                    assert Span(0, len(own.statement.text)).covers(signal.derivative)

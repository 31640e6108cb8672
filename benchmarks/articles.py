"""Measures over labelled article pairs (benchmarks/articles/*.json): links, flags, omissions, types.

A file holds both texts, their sentences in order, which sentence rests on which, and the findings that an
editor would make (docs/verifiers.md has the form). Sentences of the labels and statements of the program meet
by their place in the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import claimdiff
from claimdiff.bench import labels
from claimdiff.bench.measure import DRIFT, Count, count, figures, owner
from claimdiff.model import Statement

PATHS = tuple(sorted((Path(__file__).parent / "articles").glob("*.json")))


def measure(paths: Iterable[Path]) -> dict[str, float]:
    """The measures over all files together, each from 0 to 1 but for `false` (per 100 supported)."""
    total: Count = Counter()
    for path in paths:
        case = labels.read_article(path)
        total.update(count(case, claimdiff.compare(case.source, case.derivative)))
    return figures(total)


def drifting(case: dict[str, Any]) -> Callable[[Statement], bool]:
    """A function that tells whether the labels call the sentence of a derivative statement drift."""
    own = labels.article(case, "")

    def answer(statement: Statement) -> bool:
        at = owner(statement.span, own.new)
        return at is not None and own.labels[at] in DRIFT

    return answer


def owners(statements: Iterable[Statement], case: dict[str, Any], side: str) -> list[int | None]:
    """For each statement the labelled sentence of its side that it is, if any."""
    sentences = labels.locate(case[side], case["segments"][side], side)
    return [owner(statement.span, sentences) for statement in statements]

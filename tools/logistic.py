"""Logistic regression in pure Python: a few features, a small ridge, Newton's method."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

ROUNDS = 25


def fit(
    rows: Sequence[Sequence[float]],
    answers: Sequence[bool],
    *,
    ridge: float,
    times: Sequence[float] | None = None,
) -> list[float]:
    """The coefficients under which the answers are likeliest; each row counts `times` (once without)."""
    size = len(rows[0])
    counts = times or [1.0] * len(rows)
    beta = [0.0] * size
    for _ in range(ROUNDS):
        slope = [-ridge * b for b in beta]
        curve = [[ridge * (a == b) for b in range(size)] for a in range(size)]
        for row, answer, count in zip(rows, answers, counts, strict=True):
            p = chance(beta, row)
            for a in range(size):
                slope[a] += count * (answer - p) * row[a]
                for b in range(size):
                    curve[a][b] += count * p * (1 - p) * row[a] * row[b]
        beta = [b + step for b, step in zip(beta, _solve(curve, slope), strict=True)]
    return beta


def chance(beta: Sequence[float], row: Sequence[float]) -> float:
    """The probability of a yes."""
    logit = sum(b * value for b, value in zip(beta, row, strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))


def _solve(matrix: list[list[float]], right: Sequence[float]) -> list[float]:
    """The solution of a positive definite system, by elimination."""
    size = len(right)
    table = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(size):
        for row in range(at + 1, size):
            share = table[row][at] / table[at][at]
            table[row] = [x - share * y for x, y in zip(table[row], table[at], strict=True)]
    out = [0.0] * size
    for at in reversed(range(size)):
        known = sum(table[at][k] * out[k] for k in range(at + 1, size))
        out[at] = (table[at][size] - known) / table[at][at]
    return out

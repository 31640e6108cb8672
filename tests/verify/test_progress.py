"""How far the asking is reaches whoever listens, and nobody else."""

from __future__ import annotations

from claimdiff.verify.progress import listen, tell


def test_one_listener_hears_it() -> None:
    first: list[tuple[int, int]] = []
    second: list[tuple[int, int]] = []
    try:
        listen(lambda *told: first.append(told))
        tell(1, 2)
        listen(lambda *told: second.append(told))
        tell(2, 2)
    finally:
        listen(None)
    tell(0, 9)
    assert (first, second) == ([(1, 2)], [(2, 2)])

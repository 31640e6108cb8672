"""A labelled pair of articles, small enough to be counted by hand."""

from __future__ import annotations

from typing import Any

OLD = [
    "Bakery adds a shop",
    "The Lund bakery will open a second shop in June, its owner said.",
    "It sold 4,000 loaves last month.",
    "The union was not asked.",
]
NEW = [
    "Bakery adds a shop",
    "In June the Lund bakery will open a second shop, its owner said.",
    "Last month it sold 5,000 loaves.",
    "A rival from Oslo is furious about 12 lost customers.",
    "Read more",
]


def pair(**changes: Any) -> dict[str, Any]:
    own: dict[str, Any] = {
        "id": "bakery",
        "source": "\n\n".join(OLD),
        "derivative": "\n\n".join(NEW),
        "segments": {"source": OLD, "derivative": NEW},
        "links": [
            {"d": 0, "s": [0], "relation": "verbatim"},
            {"d": 1, "s": [1], "relation": "paraphrase"},
            {"d": 2, "s": [2], "relation": "distorted"},
        ],
        "added": [3],
        "omitted": [3],
        "boilerplate": {"source": [], "derivative": [4]},
        "findings": [
            {"kind": "distortion", "types": ["number"], "severity": "major", "d": 2, "s": [2],
             "derivative_span": "5,000 loaves"},
            {"kind": "addition", "severity": "minor", "d": 3, "derivative_span": NEW[3]},
            {"kind": "omission", "severity": "major", "s": [3]},
        ],
    }  # fmt: skip
    return own | changes

"""Fit the coefficients of the further links: writes claimdiff/align/further.toml.

    python -m tools.train_links [--validate]

A logistic regression on the labelled articles (benchmarks/articles): for each linked derivative statement,
which other source statements do the labels give it? Fitted by Newton's method with a small ridge, in
pure Python; the same articles give the same file. `--validate` writes nothing: it fits on all articles but
one group (the first letter of their names) and prints precision and recall on that group.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import articles
from claimdiff.align import further, lexis, statement
from claimdiff.model import Role
from tools.logistic import chance, fit
from tools.train_weights import facts_of

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "claimdiff" / "align" / "further.toml"
NAMES = ("bias", "headline", *further.FEATURES)
RIDGE = 0.3
HEAD = """\
# Which further source statements a derivative statement rests on: see further.py.
# Fitted by tools/train_links.py.
"""


class Row(NamedTuple):
    group: str
    values: tuple[float, ...]
    linked: bool


def rows(path: Path) -> Iterator[Row]:
    """The candidates of an article pair beside each best link."""
    case = json.loads(path.read_text(encoding="utf-8"))
    sources, derivative = facts_of(case["source"], "s"), facts_of(case["derivative"], "d")
    sides = ((sources, "source"), (derivative, "derivative"))
    old, new = (articles.owners([f.statement for f in facts], case, side) for facts, side in sides)
    wanted = {(link["d"], j) for link in case["links"] for j in link["s"]}
    related = lexis.related_terms(sources, derivative)
    links = statement.first(sources, derivative, related)
    places = frozenset(links.best.values())
    for i, best in links.best.items():
        if i not in links.exact:
            headline = float(derivative[i].statement.role is Role.HEADLINE)
            for j, values in further.candidates(i, [best], links, places, related, sources).items():
                yield Row(path.name[0], (1.0, headline, *values), (new[i], old[j]) in wanted)


def coefficients(seen: Sequence[Row]) -> list[float]:
    """The coefficients, in the order of NAMES."""
    return fit([row.values for row in seen], [row.linked for row in seen], ridge=RIDGE)


def validate(seen: Sequence[Row]) -> None:
    """Fit without a group of articles, measure on it."""
    total: Counter[tuple[bool, bool]] = Counter()
    for group in sorted({row.group for row in seen}):
        beta = coefficients([row for row in seen if row.group != group])
        count = Counter((row.linked, chance(beta, row.values) >= 0.5) for row in seen if row.group == group)
        total.update(count)
        report(f"without {group}", count)
    report("together", total)


def report(name: str, count: Counter[tuple[bool, bool]]) -> None:
    hit, missed, false = count[True, True], count[True, False], count[False, True]
    print(f"{name:10}  links {hit + missed:3}  precision {hit / max(1, hit + false):.3f}  "
          f"recall {hit / max(1, hit + missed):.3f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--validate", action="store_true", help="measure on held-out articles; write nothing")
    args = parser.parse_args()
    seen = [row for path in articles.PATHS for row in rows(path)]
    if args.validate:
        validate(seen)
        return
    lines = [f"{name} = {value:.2f}\n" for name, value in zip(NAMES, coefficients(seen), strict=True)]
    TARGET.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

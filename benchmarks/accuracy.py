"""How right claimdiff is, on every labelled set at hand, beside the baselines; fails below the floors.

    python -m benchmarks.accuracy [--shared FOLDER] [--only SET ...] [--json FILE] [--update --reason TEXT]

Sets: `gold` (article pairs with complete labels), `pairs` (claims
beside a passage, with the source sentences themselves as supported claims), `summedits` and `defacto`
(public sets), and what is always there: `articles` (benchmarks/articles) and `cases` (tests/cases).

Floors live in floors.json; `--update` raises them to what was measured, and lowers one only with a
`--reason`, which is kept beside it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import claimdiff
from benchmarks import articles
from claimdiff.bench.measure import claims as measure_claims

ROOT = Path(__file__).resolve().parent.parent
FLOORS = Path(__file__).with_name("floors.json")
SLACK = 0.005  # a floor is held with this much room for rounding
LOWER_IS_BETTER = {"articles.false", "cases.false", "gold.false", "pairs.false"}

# What a user would get elsewhere, for the table: measured with word overlap, or published.
BASELINES = {
    "gold.segment": 0.992, "gold.align": 0.889, "gold.flag": 0.383, "gold.kind": 0.526, "gold.omit": 0.575,
    "gold.type": 0.02, "gold.span": 0.57, "gold.major": 0.36, "gold.false": 17.2,
    "pairs.balanced": 0.50, "summedits.balanced": 0.591,
}  # fmt: skip

Claim = tuple[str, str, str]  # passage, claim, label ("supported" or what is wrong)


def flagged(source: str, derivative: str) -> bool:
    """Whether claimdiff finds anything wrong in a claim held against a passage."""
    try:
        comparison = claimdiff.compare(source, derivative)
    except claimdiff.NotComparableError:
        return True
    return any(finding.derivative is not None for finding in comparison.findings)


# --- sets -----------------------------------------------------------------------------------------


def pairs(shared: Path) -> Iterator[Claim]:
    for path in sorted((shared / "pairs").rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", row["source"]):
                yield row["source"], sentence, "supported"
            for claim in row["supported"]:
                yield row["source"], claim, "supported"
            for claim, kind, _ in row["distorted"]:
                yield row["source"], claim, kind
            for claim, _ in row["added"]:
                yield row["source"], claim, "added"


def public(shared: Path, name: str, split: str) -> Iterator[Claim]:
    folder = shared / "data" / name
    texts = {
        row["doc"]: row["text"]
        for row in map(json.loads, (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines())
    }
    for row in map(json.loads, (folder / "claims.jsonl").read_text(encoding="utf-8").splitlines()):
        if row["split"] == split:
            yield (
                texts[row["doc"]],
                row["derivative"],
                ("supported" if row["label"] == "consistent" else row.get("domain", "distorted")),
            )


def cases() -> Iterator[Claim]:
    for path in sorted((ROOT / "tests" / "cases").glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            source, derivative = (re.sub(r"\[\[|\]\]", "", case[side]) for side in ("source", "derivative"))
            yield source, derivative, path.stem if case["expect"] else "supported"


def balanced(claims: Iterable[Claim]) -> dict[str, float]:
    """Balanced accuracy, its two halves, and the recall by label."""
    return measure_claims((label, flagged(source, claim)) for source, claim, label in claims)


# --- floors and table -----------------------------------------------------------------------------


def measure(shared: Path, only: set[str]) -> dict[str, float]:
    """All figures as {"set.measure": value}, for the sets that are there."""
    jobs: dict[str, Any] = {
        "cases": lambda: balanced(cases()),
        "articles": lambda: articles.measure(articles.PATHS),
    }
    if shared.is_dir():
        jobs |= {
            "gold": lambda: articles.measure(sorted((shared / "gold").glob("*.json"))),
            "pairs": lambda: balanced(pairs(shared)),
            "summedits": lambda: balanced(public(shared, "summedits", "test")),
            "defacto": lambda: balanced(public(shared, "defacto", "val")),
        }
    else:
        print(f"{shared} is not here: measuring on our own articles and cases alone", file=sys.stderr)
    out: dict[str, float] = {}
    for name, job in jobs.items():
        if not only or name in only:
            out |= {f"{name}.{measure}": round(value, 4) for measure, value in job().items()}
    return out


def below(figures: dict[str, float], floors: dict[str, dict[str, Any]]) -> list[str]:
    """The figures that are worse than their floor."""
    out = []
    for name, floor in floors.items():
        if name in figures:
            sign = -1 if name in LOWER_IS_BETTER else 1
            if sign * figures[name] < sign * floor["floor"] - SLACK:
                out.append(f"{name} is {figures[name]}, its floor is {floor['floor']}")
    return out


def table(figures: dict[str, float], floors: dict[str, dict[str, Any]]) -> str:
    rows = [f"{'measure':34}{'now':>9}{'floor':>9}{'baseline':>10}"]
    for name, value in figures.items():
        floor = floors.get(name, {}).get("floor", "")
        rows.append(f"{name:34}{value:>9.3f}{floor!s:>9}{BASELINES.get(name, '')!s:>10}")
    return "\n".join(rows)


def update(figures: dict[str, float], floors: dict[str, dict[str, Any]], reason: str) -> None:
    """Raise the floors to what was measured; lowering one needs a reason."""
    for name, floor in floors.items():
        if name not in figures:
            continue
        sign = -1 if name in LOWER_IS_BETTER else 1
        if sign * figures[name] < sign * floor["floor"]:
            if not reason:
                raise SystemExit(
                    f"{name} would sink from {floor['floor']} to {figures[name]}: give a --reason"
                )
            floor["lowered"] = reason
        floor["floor"] = round(figures[name], 3)
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--reason", default="")
    options = parser.parse_args()
    floors: dict[str, dict[str, Any]] = defaultdict(dict, json.loads(FLOORS.read_text(encoding="utf-8")))
    figures = measure(options.shared, set(options.only))
    print(table(figures, floors))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if options.update:
        update(figures, floors, options.reason)
        return 0
    problems = below(figures, floors)
    for problem in problems:
        print(f"below its floor: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())

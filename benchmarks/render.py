"""How long the HTML report takes beside the comparison that it shows.

    python -m benchmarks.render [--rounds 7]

One pair of about sixty statements a side, compared and rendered in turns in one process; the table has
medians, and the share that rendering has of comparing. Writes benchmarks/results/render.json.
"""

from __future__ import annotations

import argparse
import json
import platform
from pathlib import Path
from statistics import median
from time import perf_counter

import claimdiff
from claimdiff.render import html

RESULTS = Path(__file__).parent / "results" / "render.json"
MOST = 0.1  # the share that rendering may have
TOWNS = ("Tollen", "Ronsey", "Varmouth", "Aldersund", "Keld", "Moorwick", "Harrowby")
PEOPLE = ("Ragna Osei", "Tobias Lindqvist", "Amara Dell", "Ivo Castellan", "Noor Haddad")
THINGS = ("bridge", "school", "tram depot", "library", "sea wall", "clinic", "water tower", "market hall")


def pair(statements: int = 60) -> tuple[str, str]:
    """A source and a rewrite of about so many statements; every fourth is bent."""
    old, new = [], []
    for plot in range(statements // 3):
        town, person = TOWNS[plot % len(TOWNS)], PEOPLE[plot % len(PEOPLE)]
        thing, cost = THINGS[plot % len(THINGS)], 2 + plot * 7 % 40
        plan = f"The {thing} near the {THINGS[-plot % 8]} in {town} may be rebuilt next year, {person} said."
        price = f"The work is expected to cost {cost} million euros and to take {5 + plot % 9} months."
        protest = f"“We were not asked about the {thing},” said one who has lived there since {1970 + plot}."
        old.append(" ".join((plan, price, protest)))
        plan = plan.replace("may be", "will be") if plot % 3 == 0 else plan
        price = price.replace(f"{cost} million", f"{cost + 9} million") if plot % 4 == 0 else price
        new.append(" ".join((plan, price, protest) if plot % 5 else (plan, price)))
    return "\n\n".join(old), "\n\n".join(new)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    source, derivative = pair()
    comparison = claimdiff.compare(source, derivative)
    html.render(comparison)  # both are warm
    compared, rendered, ratios = [], [], []
    for _ in range(rounds):
        start = perf_counter()
        comparison = claimdiff.compare(source, derivative)
        middle = perf_counter()
        html.render(comparison)
        end = perf_counter()
        compared.append(middle - start)
        rendered.append(end - middle)
        ratios.append((end - middle) / (middle - start))
    figures = {
        "statements": len(comparison.derivative.statements),
        "findings": len(comparison.findings),
        "compare_ms": round(1000 * median(compared), 1),
        "html_ms": round(1000 * median(rendered), 1),
        "share": round(median(ratios), 4),
        "share_lowest_highest": [round(min(ratios), 4), round(max(ratios), 4)],
    }
    for name, value in figures.items():
        print(f"{name:<22}{value}")
    machine = {
        "machine": platform.machine(),
        "python": platform.python_version(),
        "claimdiff": claimdiff.__version__,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps({**machine, "rounds": rounds, **figures}, indent=2) + "\n", encoding="utf-8"
    )
    print(f"at most {MOST}: {'held' if median(ratios) <= MOST else 'missed'}")
    return int(median(ratios) > MOST)


if __name__ == "__main__":
    raise SystemExit(main())

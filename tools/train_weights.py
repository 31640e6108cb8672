"""Count how much each rule's signals say on labelled claims: writes claimdiff/detect/weights.toml.

    python -m tools.train_weights [--shared FOLDER] [--validate]

It counts on our own labelled articles (benchmarks/articles) and on the claim pairs in shared/pairs, never on
shared/gold, which only measures. The articles are what an editor sees; the claim pairs are many. So a
statement of an article counts ARTICLE times.

For each rule and each fifth of strength, and apart for statements in the source's own words, it counts
how often the signal fires on claims that were changed and on claims that were not, and stores the log
of the ratio of the two rates. A detector's own strength stands for SMOOTHING further observations, so
that rare rules stay near what their author believes.
`--validate` writes nothing: it trains on some passages (and on some sets) and measures on the others.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path
from typing import NamedTuple

from benchmarks import articles
from claimdiff.align import align, match_words
from claimdiff.detect import signals
from claimdiff.detect import verdict as w
from claimdiff.facts import read_facts
from claimdiff.model import Context, Facts, Pair
from claimdiff.read import read_text
from claimdiff.segment import lead, segment

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "claimdiff" / "detect" / "weights.toml"
SMOOTHING = 20
LIMITS = (-0.7, 3.5)  # no count, however lopsided, decides alone
TRUST = 1.0  # nats that a count may move a weight from the detectors' own belief
ARTICLE = 10  # what a statement of an article counts beside a claim
FOLDS = 5

Table = dict[str, dict[int, float]]


class Case(NamedTuple):
    """A claim: the set and passage it is from, whether it was changed, and its strongest signals, each
    with whether the wording is otherwise kept."""

    group: str
    passage: str
    wrong: bool
    strengths: dict[tuple[str, bool], float]

    @property
    def times(self) -> int:
        return ARTICLE if self.group == "articles" else 1


def facts_of(text: str, id: str) -> tuple[Facts, ...]:
    document = segment(read_text(text, id=id), id)
    return read_facts(document, lead=lead) if id == "d" else read_facts(document)


def observe(
    old: tuple[Facts, ...], new: tuple[Facts, ...]
) -> Iterator[tuple[Facts, dict[tuple[str, bool], float]]]:
    """The linked statements of a derivative with {(rule, wording kept): greatest strength}."""
    context = Context(old, new)
    for alignment in align(old, new):
        if alignment.exact or not alignment.sources:
            continue
        facts = new[alignment.derivative]
        linked = tuple(old[j] for j in sorted(alignment.sources))
        pair = Pair(facts, linked, match_words(facts, linked), context, (), alignment.score)
        kept = w.keeps(pair)
        found: dict[tuple[str, bool], float] = {}
        for signal in signals(pair):
            found[signal.rule, kept] = max(found.get((signal.rule, kept), 0.0), signal.strength)
        yield facts, found


def claims(shared: Path) -> Iterator[Case]:
    for path in sorted((shared / "pairs").rglob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            old = facts_of(row["source"], "s")
            labelled = [(claim, False) for claim in row["supported"]]
            labelled += [(claim[0], True) for claim in [*row["distorted"], *row["added"]]]
            for claim, wrong in labelled:
                found: dict[tuple[str, bool], float] = {}
                for _, strengths in observe(old, facts_of(claim, "d")):
                    found |= {rule: max(s, found.get(rule, 0.0)) for rule, s in strengths.items()}
                yield Case(path.stem, f"{path.stem}.{number}", wrong, found)


def statements() -> Iterator[Case]:
    for path in articles.PATHS:
        case = json.loads(path.read_text(encoding="utf-8"))
        drifts = articles.drifting(case)
        for facts, strengths in observe(facts_of(case["source"], "s"), facts_of(case["derivative"], "d")):
            yield Case("articles", path.stem, drifts(facts.statement), strengths)


def train(seen: Sequence[Case]) -> Table:
    """The weights: counted log ratios, smoothed by the detectors' own strengths."""
    total: Counter[bool] = Counter()
    count: Counter[tuple[str, int, bool]] = Counter()
    believed: dict[tuple[str, int], list[float]] = defaultdict(list)
    for case in seen:
        total[case.wrong] += case.times
        for (rule, kept), strength in case.strengths.items():
            count[rule, w.step(strength, kept=kept), case.wrong] += case.times
            believed[rule, w.step(strength, kept=kept)].append(w.log_odds(strength) - w.log_odds(w.PRIOR))
    table: Table = defaultdict(dict)
    for rule, at in sorted(believed):
        right, false = count[rule, at, True], count[rule, at, False]
        counted = log((right + 0.5) / (total[True] + 1)) - log((false + 0.5) / (total[False] + 1))
        own = sum(believed[rule, at]) / len(believed[rule, at])
        value = (SMOOTHING * own + (right + false) * counted) / (SMOOTHING + right + false)
        value = min(own + TRUST, max(own - TRUST, value))
        table[rule][at] = round(min(LIMITS[1], max(LIMITS[0], value)), 2)
    return dict(table)


def probability(case: Case, table: Table) -> float:
    values = sorted(
        (
            table.get(rule, {}).get(w.step(s, kept=kept), w.log_odds(s) - w.log_odds(w.PRIOR))
            for (rule, kept), s in case.strengths.items()
        ),
        reverse=True,
    )
    lead = values[0] if values else 0.0
    return w.combine(sum(values), lead)


def report(name: str, judged: Sequence[tuple[bool, float]]) -> None:
    """Balanced accuracy at 0.5, and how often each tenth of confidence was right."""
    wrong = [p for is_wrong, p in judged if is_wrong]
    right = [p for is_wrong, p in judged if not is_wrong]
    recall = sum(p >= 0.5 for p in wrong) / len(wrong)
    false = sum(p >= 0.5 for p in right) / len(right)
    print(f"{name:28} claims {len(judged):5}  recall {recall:.3f}  false {false:.3f}  "
          f"balanced {(recall + 1 - false) / 2:.3f}")  # fmt: skip


def validate(seen: Sequence[Case]) -> None:
    """Train on some, measure on the others: by passage, then by set."""
    judged: list[tuple[bool, float]] = []
    for fold in range(FOLDS):
        held = [zlib.crc32(case.passage.encode()) % FOLDS == fold for case in seen]
        table = train([case for case, out in zip(seen, held, strict=True) if not out])
        judged += [(c.wrong, probability(c, table)) for c, out in zip(seen, held, strict=True) if out]
    report("passages held out", judged)
    print("  confidence   claims  changed (as if PRIOR of them were)")
    for low in range(0, 10):
        inside = [(y, p) for y, p in judged if low / 10 <= p < (low + 1) / 10 or (low == 9 and p == 1)]
        if inside:
            share = sum(y for y, _ in judged) / len(judged)
            yes = w.PRIOR / share * sum(y for y, _ in inside)
            no = (1 - w.PRIOR) / (1 - share) * sum(not y for y, _ in inside)
            print(f"  {low / 10:.1f} to {(low + 1) / 10:.1f}   {len(inside):6}  {yes / (yes + no):.2f}")
    for group in sorted({case.group for case in seen}):
        table = train([case for case in seen if case.group != group])
        report(
            f"{group}, trained without", [(c.wrong, probability(c, table)) for c in seen if c.group == group]
        )


def write(table: Table) -> None:
    lines = [
        "# Weights of signals: log likelihood ratios in nats, by rule and by fifth of strength: 0 to 4",
        "# in reworded statements, 5 to 9 in those that keep the source's own words.",
        "# Written by `python -m tools.train_weights`; do not edit.",
        "",
    ]
    for rule, steps in sorted(table.items()):
        lines += [f"[rules.{rule}]", *(f"{at} = {value}" for at, value in sorted(steps.items())), ""]
    TARGET.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--validate", action="store_true")
    options = parser.parse_args()
    seen = [*statements(), *claims(options.shared)]
    if options.validate:
        validate(seen)
    else:
        write(train(seen))


if __name__ == "__main__":
    main()

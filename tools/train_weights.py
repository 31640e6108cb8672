"""Count how much each rule's signals say on labelled claims: writes claimdiff/detect/weights.toml.

    python -m tools.train_weights [--shared FOLDER] [--validate]

It counts on our own labelled articles (benchmarks/articles) and on the claim pairs in shared/pairs, never on
shared/gold, which only measures. The articles are what an editor sees; the claim pairs are many. So a
statement of an article counts ARTICLE times.

For each rule and each fifth of strength, and apart for statements in the source's own words, it counts
how often the signal fires on claims that were changed and on claims that were not, and stores the log
of the ratio of the two rates. A detector's own strength stands for SMOOTHING further observations, so
that rare rules stay near what their author believes. How the signals of a statement add up is then fitted
on articles from which no rule was made (UNREAD), with weights counted without them.
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
from claimdiff.model import MIN_CONFIDENCE, Context, Facts, Pair
from claimdiff.read import read_text
from claimdiff.segment import lead, segment
from tools.logistic import chance, fit

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "claimdiff" / "detect" / "weights.toml"
SMOOTHING = 20
LIMITS = (-0.7, 3.5)  # no count, however lopsided, decides alone
TRUST = 1.0  # nats that a count may move a weight from the detectors' own belief
ARTICLE = 10  # what a statement of an article counts beside a claim
FOLDS = 5
UNREAD = "efg"  # the articles from whose errors no rule was made: they tell what confidence is worth
RIDGE = 1.0
ALONE = 0.12  # share of lone claims taken to be changed: low, so that a harmless twin passes in silence

Table = dict[str, dict[int, float]]
Strengths = dict[str, float]
Model = dict[str, list[float]]


class Case(NamedTuple):
    """A claim: the set and passage it is from, whether it was changed, its strongest signals by rule, and
    the manner of the statement that they are from."""

    group: str
    passage: str
    wrong: bool
    strengths: dict[str, float]
    how: w.Manner

    @property
    def times(self) -> int:
        return ARTICLE if self.group == "articles" else 1

    @property
    def batch(self) -> str:
        """What is held out together: a batch of articles, a part of the passages."""
        return self.passage[0] if self.group == "articles" else str(zlib.crc32(self.passage.encode()) % FOLDS)


def facts_of(text: str, id: str) -> tuple[Facts, ...]:
    document = segment(read_text(text, id=id), id)
    return read_facts(document, lead=lead) if id == "d" else read_facts(document)


def observe(old: tuple[Facts, ...], new: tuple[Facts, ...]) -> Iterator[tuple[Facts, Strengths, w.Manner]]:
    """The linked statements of a derivative with {rule: greatest strength} and their manner."""
    context = Context(old, new)
    for alignment in align(old, new):
        if alignment.exact or not alignment.sources:
            continue
        facts = new[alignment.derivative]
        linked = tuple(old[j] for j in sorted(alignment.sources))
        pair = Pair(facts, linked, match_words(facts, linked), context, (), alignment.score)
        found: Strengths = {}
        for signal in signals(pair):
            found[signal.rule] = max(found.get(signal.rule, 0.0), signal.strength)
        yield facts, found, w.manner(pair)


def claims(shared: Path) -> Iterator[Case]:
    for path in sorted((shared / "pairs").rglob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            old = facts_of(row["source"], "s")
            labelled = [(claim, False) for claim in row["supported"]]
            labelled += [(claim[0], True) for claim in [*row["distorted"], *row["added"]]]
            for claim, wrong in labelled:
                seen = [(found, how) for _, found, how in observe(old, facts_of(claim, "d"))]
                if len(seen) == 1:
                    yield Case(path.stem, f"{path.stem}.{number}", wrong, *seen[0])


def statements() -> Iterator[Case]:
    for path in articles.PATHS:
        case = json.loads(path.read_text(encoding="utf-8"))
        drifts = articles.drifting(case)
        seen = observe(facts_of(case["source"], "s"), facts_of(case["derivative"], "d"))
        for facts, found, how in seen:
            yield Case("articles", path.stem, drifts(facts.statement), found, how)


def train(seen: Sequence[Case]) -> Table:
    """The weights: counted log ratios, smoothed by the detectors' own strengths. What was counted on lone
    claims counts a little for articles too; not the other way round."""
    total: Counter[tuple[bool, bool]] = Counter()
    count: Counter[tuple[str, int, bool]] = Counter()
    believed: dict[tuple[str, int], list[float]] = defaultdict(list)
    for case in seen:
        for alone in {case.how.alone, False}:
            total[alone, case.wrong] += case.times
            for rule, strength in case.strengths.items():
                at = w.step(strength, case.how._replace(alone=alone))
                count[rule, at, case.wrong] += case.times
                believed[rule, at].append(w.log_odds(strength) - w.log_odds(w.PRIOR))
    table: Table = defaultdict(dict)
    for rule, at in sorted(believed):
        right, false = count[rule, at, True], count[rule, at, False]
        wrong, fine = (total[at >= 2 * w.STEPS, answer] for answer in (True, False))
        counted = log((right + 0.5) / (wrong + 1)) - log((false + 0.5) / (fine + 1))
        own = sum(believed[rule, at]) / len(believed[rule, at])
        value = (SMOOTHING * own + (right + false) * counted) / (SMOOTHING + right + false)
        value = min(own + TRUST, max(own - TRUST, value))
        table[rule][at] = round(min(LIMITS[1], max(LIMITS[0], value)), 2)
    return dict(table)


def values(case: Case, table: Table) -> tuple[float, ...]:
    """The features of a claim under some weights."""
    found = sorted(
        (
            (table.get(rule, {}).get(w.step(s, case.how), w.log_odds(s) - w.log_odds(w.PRIOR)), s)
            for rule, s in case.strengths.items()
        ),
        reverse=True,
    )
    lead, belief = found[0] if found else (0.0, 0.0)
    return w.row(sum(value for value, _ in found), lead, case.how, sure=belief >= w.SURE)


def held_out(seen: Sequence[Case]) -> list[tuple[Case, tuple[float, ...]]]:
    """Each claim with its features under weights that were counted without its batch."""
    out = []
    for batch in sorted({case.batch for case in seen}):
        table = train([case for case in seen if case.batch != batch])
        out += [(case, values(case, table)) for case in seen if case.batch == batch]
    return out


def model(judged: Sequence[tuple[Case, tuple[float, ...]]]) -> Model:
    """The coefficients for statements of articles, from UNREAD alone, and for claims that stand alone, as
    if ALONE of them were changed."""
    read = [(case, row) for case, row in judged if case.group == "articles" and case.batch in UNREAD]
    alone = [(case, row) for case, row in judged if case.group != "articles"]
    share = sum(case.wrong for case, _ in alone) / len(alone)
    times = [ALONE / share if case.wrong else (1 - ALONE) / (1 - share) for case, _ in alone]
    return {
        "article": fit([row for _, row in read], [case.wrong for case, _ in read], ridge=RIDGE),
        "alone": fit([row for _, row in alone], [case.wrong for case, _ in alone], ridge=RIDGE, times=times),
    }


def report(name: str, judged: Sequence[tuple[bool, float]], least: float = MIN_CONFIDENCE) -> None:
    """Precision, recall and false alarms of findings with at least that confidence."""
    hit = sum(wrong and p >= least for wrong, p in judged)
    false = sum(not wrong and p >= least for wrong, p in judged)
    bad = sum(wrong for wrong, _ in judged)
    recall, alarms = hit / max(1, bad), false / max(1, len(judged) - bad)
    precision, balanced = hit / max(1, hit + false), (recall + 1 - alarms) / 2
    print(f"{name:34} claims {len(judged):5}  precision {precision:.3f}  recall {recall:.3f}  "
          f"false {alarms:.3f}  balanced {balanced:.3f}")  # fmt: skip


def validate(seen: Sequence[Case]) -> None:
    """Weights and coefficients from some batches and sets, measured on the others."""
    judged = held_out(seen)
    apart: list[tuple[bool, float]] = []
    for batch in sorted({case.batch for case, _ in judged if case.group == "articles"}):
        beta = model([(case, row) for case, row in judged if case.batch != batch])["article"]
        own = [
            (c.wrong, chance(beta, row)) for c, row in judged if c.group == "articles" and c.batch == batch
        ]
        report(f"articles {batch}, held out", own)
        apart += own if batch in UNREAD else []
    for least in (0.2, MIN_CONFIDENCE, 0.3, 0.4, 0.5):
        report(f"articles no rule was made on, {least}", apart, least)
    _reliability(apart)
    for group in sorted({case.group for case in seen} - {"articles"}):
        table = train([case for case in seen if case.group != group])
        beta = model([(case, row) for case, row in judged if case.group != group])["alone"]
        own = [(c.wrong, chance(beta, values(c, table))) for c in seen if c.group == group]
        report(f"{group}, held out", own)


def _reliability(judged: Sequence[tuple[bool, float]]) -> None:
    print("  confidence   statements  drifted")
    for low in (tenth / 10 for tenth in range(10)):
        inside = [wrong for wrong, p in judged if low <= p < low + 0.1]
        if inside:
            print(f"  {low:.1f} to {low + 0.1:.1f}   {len(inside):10}  {sum(inside) / len(inside):.2f}")


def write(table: Table, coefficients: Model) -> None:
    lines = [
        "# Weights of signals: log likelihood ratios in nats, by rule and by fifth of strength: 0 to 4",
        "# in reworded statements, 5 to 9 in those that keep the source's own words, and the same from 10 on",
        "# for claims that stand alone; and the coefficients that put the weights together.",
        "# Written by `python -m tools.train_weights`; do not edit.",
        "",
    ]
    for name, beta in sorted(coefficients.items()):
        pairs = zip(w.FEATURES, beta, strict=True)
        lines += [f"[model.{name}]", *(f"{key} = {value:.2f}" for key, value in pairs), ""]
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
        write(train(seen), model(held_out(seen)))


if __name__ == "__main__":
    main()

"""What a second opinion is worth by how seldom it errs: editors' labels stand in for a verifier, and a part
of its verdicts, picked by the statement's digest, is turned round. docs/verifiers.md has the table.

    python -m benchmarks.opinion [--shared FOLDER]
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import articles
from claimdiff.bench import labels, measure
from claimdiff.bench.labels import ADDED, DISTORTED, SUPPORTED, Article, Labelled
from claimdiff.bench.run import Bench
from claimdiff.model import MIN_CONFIDENCE, Span, Type
from claimdiff.verify import Answer, Judgement, Question

ROOT = Path(__file__).resolve().parent.parent
LEVELS = ((0.0, 0.95), (0.1, 0.9), (0.2, 0.8), (0.3, 0.7))  # how often it errs, and how sure it says it is
SHOWN = ("flag_p", "flag_r", "flag", "false", "type", "span", "major")
MEANS = {DISTORTED: Judgement.DISTORTED, ADDED: Judgement.UNSUPPORTED}


class Editor:
    """Says of each statement what its labels say, but for a part of them."""

    def __init__(self, cases: Iterable[Article], errs: float, sure: float) -> None:
        self.errs, self.sure = errs, sure
        self.signature = f"labels/{errs}"
        self._known: dict[str, tuple[str, Span, list[Labelled]]] = {}
        for case in cases:
            for at, (span, label) in enumerate(zip(case.new, case.labels, strict=True)):
                found = [own for own in case.findings if own.d == at]
                self._known[span.of(case.derivative).strip()] = (label, span, found)

    def judge(self, questions: Sequence[Question]) -> list[Answer]:
        return list(map(self._answer, questions))

    def _answer(self, question: Question) -> Answer:
        text = question.statement
        label, place, found = self._known.get(text.strip(), (SUPPORTED, Span(0, 0), []))
        if int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) < self.errs * 2**32:
            label, found = (DISTORTED if label == SUPPORTED else SUPPORTED), []
        judgement = MEANS.get(label, Judgement.SUPPORTED)
        if judgement is Judgement.SUPPORTED:
            return Answer(question.id, judgement, self.sure)
        spans = [own.span.shift(-place.start) for own in found if own.span]
        return Answer(
            question.id, judgement, self.sure,
            tuple(own for own in Type if any(own in one.types for one in found)),
            tuple(span for span in spans if 0 <= span.start <= span.end <= len(text)),
        )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    options = parser.parse_args()
    sets = {
        "gold": sorted((options.shared / "gold").glob("*.json")),
        "articles e to g": [path for path in articles.PATHS if path.name[0] in "efg"],
    }
    for name, paths in sets.items():
        cases = [labels.read_article(path) for path in paths]
        for errs, sure in LEVELS if cases else ():
            total, _ = Bench(Editor(cases, errs, sure), MIN_CONFIDENCE).articles(cases, lambda _: None)
            for variant, count in total.items():
                figures = measure.figures(count)
                told = "  ".join(f"{own} {figures[own]:6.3f}" for own in SHOWN)
                print(f"{name:16} errs {errs:.1f}  {variant:9} {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

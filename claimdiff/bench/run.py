"""Measuring the rules, a verifier, and both together on the same labelled texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from claimdiff.bench import measure
from claimdiff.bench.labels import Article, Claim
from claimdiff.errors import NotComparableError
from claimdiff.model import Comparison, Opinion, Status
from claimdiff.pipeline import compare
from claimdiff.score import restate
from claimdiff.verify.ask import ask, signature
from claimdiff.verify.merge import LEAST, Teller, merge
from claimdiff.verify.protocol import Answer, Judgement, Unjudged, Verifier
from claimdiff.verify.question import questions

RULES, VERIFIER, BOTH = "rules", "verifier", "both"
TOGETHER = 32  # claims that a verifier is asked about at once
Said = tuple[Answer | Unjudged, ...]
Heard = Callable[[int], None]


@dataclass(slots=True)
class Bench:
    """What there is to measure with, and how far the verifier came: statements that it was asked about and
    judged, why it did not judge others, and how many claims cannot be compared with their passages."""

    verifier: Verifier | None
    min_confidence: float
    asked: int = 0
    judged: int = 0
    gaps: Counter[str] = field(default_factory=Counter)
    strange: int = 0

    @property
    def variants(self) -> tuple[str, ...]:
        return (RULES, VERIFIER, BOTH) if self.verifier else (RULES,)

    def articles(self, cases: Sequence[Article], heard: Heard) -> tuple[dict[str, measure.Count], list[str]]:
        """The counts of each variant over labelled pairs, and which of them cannot be compared. `heard` is
        told how many are done."""
        total: dict[str, measure.Count] = {name: Counter() for name in self.variants}
        odd = []
        for number, case in enumerate(cases):
            heard(number)
            try:
                made = compare(case.source, case.derivative, min_confidence=self.min_confidence)
            except NotComparableError as error:
                odd.append(f"{case.name}: {error}")
                continue
            (said,) = self._ask([made])
            for name, own in self._variants(made, said):
                total[name].update(measure.count(case, own))
        return total, odd

    def claims(self, given: Sequence[Claim], heard: Heard) -> dict[str, dict[str, float]]:
        """The figures of each variant over claims beside a passage. A claim that cannot be compared with its
        passage, such as one that has nothing in common with it, is wrong, whoever is asked."""
        seen: dict[str, list[tuple[str, bool]]] = {name: [] for name in self.variants}
        for at in range(0, len(given), TOGETHER):
            heard(at)
            some = given[at : at + TOGETHER]
            made = [self._compare(claim) for claim in some]
            said = iter(self._ask([own for own in made if own]))
            for claim, own in zip(some, made, strict=True):
                drifts = dict.fromkeys(self.variants, True)
                if own:
                    drifts = {name: _flagged(one) for name, one in self._variants(own, next(said))}
                for name, flagged in drifts.items():
                    seen[name].append((claim.label, flagged))
        return {name: measure.claims(rows) for name, rows in seen.items()}

    def _compare(self, claim: Claim) -> Comparison | None:
        try:
            return compare(claim.passage, claim.text, min_confidence=self.min_confidence)
        except NotComparableError:
            self.strange += 1
            return None

    def _ask(self, made: Sequence[Comparison]) -> list[Said]:
        """What the verifier says of each comparison; it is asked once about all of them."""
        if self.verifier is None:
            return [() for _ in made]
        groups = [questions(own) for own in made]
        flat = [replace(own, id=f"{number}/{own.id}") for number, group in enumerate(groups) for own in group]
        said = iter(ask(self.verifier, flat))
        out = [tuple(replace(next(said), id=own.id) for own in group) for group in groups]
        for own in (one for group in out for one in group):
            self.asked += 1
            if isinstance(own, Unjudged):
                self.gaps[own.reason] += 1
            else:
                self.judged += 1
        return out

    def _variants(self, made: Comparison, said: Said) -> Iterator[tuple[str, Comparison]]:
        yield RULES, made
        if self.verifier:
            name = signature(self.verifier)
            yield VERIFIER, alone(made, said, name)
            yield BOTH, merge(made, said, name, min_confidence=self.min_confidence)


def alone(comparison: Comparison, said: Iterable[Answer | Unjudged], verifier: str) -> Comparison:
    """The comparison as the verifier alone sees it: which statement rests on which, and what was left out,
    is as the program says; what drifted is as the verifier says."""
    links = {own.derivative: own.sources for own in comparison.links}
    teller = Teller(comparison, verifier)
    doubts = [own for own in said if isinstance(own, Answer) and own.probability >= LEAST]
    doubts = [own for own in doubts if own.judgement is not Judgement.SUPPORTED]
    findings = [teller.finding(own, links.get(own.id, ())) for own in doubts]
    findings += [own for own in comparison.findings if own.derivative is None]
    made = restate(comparison, findings)
    added = {own.id for own in doubts if own.judgement is Judgement.UNSUPPORTED}
    bent = {own.id for own in doubts} - added
    statements = tuple(
        replace(own, status=_status(own.id, added, bent)) if own.status is Status.ADDED else own
        for own in made.derivative.statements
    )
    return replace(
        made, derivative=replace(made.derivative, statements=statements), opinion=Opinion(verifier, 0, 0)
    )


def _status(id: str, added: set[str], bent: set[str]) -> Status:
    """What a statement is that rests on none of the source."""
    return Status.ADDED if id in added else Status.DISTORTED if id in bent else Status.PARAPHRASE


def _flagged(comparison: Comparison) -> bool:
    return any(own.derivative is not None for own in comparison.findings)

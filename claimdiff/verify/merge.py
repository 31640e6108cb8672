"""A second opinion put together with the detectors' findings (docs/verifiers.md).

It confirms what both saw, adds what the detectors passed over, and doubts what the verifier holds to be
supported. It never takes a finding on a number, a quotation or a negation away, nor a statement with such
facts that no source carries, and never lowers one across a threshold at which a gate closes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from claimdiff.fingerprint import fingerprint
from claimdiff.model import (
    MIN_CONFIDENCE,
    Comparison,
    Finding,
    Kind,
    Opinion,
    Severity,
    Span,
    Statement,
    Type,
)
from claimdiff.score import restate
from claimdiff.verify.ask import ask, signature
from claimdiff.verify.protocol import Answer, Judgement, Unjudged, Verifier
from claimdiff.verify.question import Shelf, questions

DISTORTION, ADDITION = "verifier-distortion", "verifier-addition"
REQUIRED = frozenset({"quote-unsourced", "number-unsourced"})  # what a policy asked for is no opinion
HELD = frozenset({Type.NUMBER, Type.NEGATION, Type.QUOTE})
FACTS = "addition-fact"  # a statement with a figure, a date, names or a quotation; it has no type
GRAVE = HELD | {Type.ENTITY, Type.ROLE, Type.ATTRIBUTION}
LEAST = 0.5  # a verifier that is less sure says nothing
TRUST = 0.8  # what its word is worth where no detector says the same
THRESHOLDS = (0.5,)  # the default of fail-confidence

_TOLD = {DISTORTION: "A second opinion says that the meaning changed",
         ADDITION: "A second opinion says that no source carries this"}  # fmt: skip


def consult(
    comparison: Comparison,
    verifier: Verifier,
    *,
    min_confidence: float = MIN_CONFIDENCE,
    thresholds: Sequence[float] = THRESHOLDS,
) -> Comparison:
    """The comparison with the verifier's opinion. Findings below `min_confidence` are left out;
    `thresholds` are the confidences from which a finding can stop a text. Raises VerifierError for a
    verifier that cannot be used."""
    name = signature(verifier)
    return merge(
        comparison, ask(verifier, questions(comparison)), name,
        min_confidence=min_confidence, thresholds=thresholds,
    )  # fmt: skip


def merge(
    comparison: Comparison,
    said: Sequence[Answer | Unjudged],
    verifier: str,
    *,
    min_confidence: float = MIN_CONFIDENCE,
    thresholds: Sequence[float] = THRESHOLDS,
) -> Comparison:
    """The comparison with what a verifier of this signature said, each answer of a statement of its own."""
    answers = {own.id: own for own in said if isinstance(own, Answer) and own.probability >= LEAST}
    bars = (min_confidence, *thresholds)
    findings = []
    for finding in comparison.findings:
        answer = answers.get(finding.derivative.statement) if finding.derivative else None
        weighed = _weighed(finding, answer, verifier, bars) if answer else finding
        if weighed is finding or weighed.confidence >= min_confidence:
            findings.append(weighed)
    found = {own.derivative.statement for own in comparison.findings if own.derivative}
    alone = _alone(comparison, [own for id, own in answers.items() if id not in found], verifier)
    findings += [own for own in alone if own.confidence >= min_confidence]
    unjudged = tuple((own.id, own.reason) for own in said if isinstance(own, Unjudged))
    opinion = Opinion(verifier, len(said), len(said) - len(unjudged), unjudged)
    order = {own.id: at for at, own in enumerate(comparison.derivative.statements)}
    last = len(order)
    findings.sort(key=lambda own: order[own.derivative.statement] if own.derivative else last)
    return replace(restate(comparison, _apart(findings)), opinion=opinion)


# --- where the detectors found something ------------------------------------------------------------


def _weighed(finding: Finding, answer: Answer, verifier: str, bars: Sequence[float]) -> Finding:
    """The finding, more certain where the verifier agrees and less where it does not."""
    if finding.rule in REQUIRED:
        return finding
    p, half = finding.confidence, answer.probability / 2
    if answer.judgement is not Judgement.SUPPORTED:
        because = f"verifier {verifier} agrees"
        return _with(finding, round(1 - (1 - p) * (1 - half), 2), because)
    lowered = round(p * (1 - half), 2)
    if is_held(finding):
        lowered = max([lowered, *(_up(bar) for bar in bars if bar <= p)])
    return _with(finding, min(p, lowered), f"verifier {verifier} disagrees")


def is_held(finding: Finding) -> bool:
    """Whether no verifier can take a finding away, or through a gate."""
    return finding.rule == FACTS or bool(HELD & set(finding.types))


def _up(bar: float) -> float:
    """The least confidence, as these are written, that reaches a threshold."""
    return ceil(round(100 * bar, 6)) / 100


def _with(finding: Finding, confidence: float, because: str) -> Finding:
    return replace(finding, confidence=confidence, because=(*finding.because, because))


# --- where they found nothing -----------------------------------------------------------------------


def _alone(comparison: Comparison, answers: Sequence[Answer], verifier: str) -> Iterator[Finding]:
    """A finding for each linked statement of which only the verifier says that something is wrong. One
    without a link is an addition whatever it says."""
    links = {own.derivative: own.sources for own in comparison.links}
    teller = Teller(comparison, verifier)
    for answer in answers:
        if answer.id in links and answer.judgement is not Judgement.SUPPORTED:
            yield teller.finding(answer, links[answer.id])


class Teller:
    """Makes findings of what a verifier says of a comparison's statements."""

    def __init__(self, comparison: Comparison, verifier: str) -> None:
        self._statements = {own.id: own for side in comparison.documents() for own in side.statements}
        self._shelf = Shelf(comparison.sources)
        self._verifier = verifier

    def finding(self, answer: Answer, sources: Sequence[str]) -> Finding:
        """The finding that a doubt is, of a statement that rests on these of the sources."""
        statement = self._statements[answer.id]
        distorted = answer.judgement is Judgement.DISTORTED
        rule = DISTORTION if distorted else ADDITION
        best = self._shelf.like(statement.text, 1, sources) if distorted else ()
        return Finding(
            # Which words it names may change from one run to the next; the finding is still the same one.
            id=fingerprint(rule, statement.text, *(self._statements[id].text for id in sources)),
            rule=rule,
            kind=Kind.DISTORTION if distorted else Kind.ADDITION,
            types=answer.types if distorted else (),
            severity=Severity.MAJOR if GRAVE & set(answer.types) else Severity.MINOR,
            confidence=round(TRUST * answer.probability, 2),
            message=_message(rule, answer),
            derivative=statement.place(_span(statement, answer)),
            source=self._statements[best[0]].place() if best else None,
            because=(f"verifier {self._verifier}",),
        )


def _message(rule: str, answer: Answer) -> str:
    return f"{_TOLD[rule]}: “{answer.reason}”" if answer.reason else f"{_TOLD[rule]}."


def _span(statement: Statement, answer: Answer) -> Span | None:
    """The first words that the verifier names, or None for the whole statement."""
    return next((own for own in answer.spans if own.of(statement.text).strip()), None)


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Tell the verifier's findings with equal fingerprints apart by their order of occurrence."""
    seen: Counter[str] = Counter()
    out = []
    for finding in findings:
        if finding.rule in (DISTORTION, ADDITION):
            seen[finding.id] += 1
            if (count := seen[finding.id]) > 1:
                finding = replace(finding, id=f"{finding.id}-{count}")
        out.append(finding)
    return out

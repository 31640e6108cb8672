"""Silence told as an answer: who could not be reached, or has not spoken, "refused to explain" here."""

from __future__ import annotations

from collections.abc import Iterator

from claimdiff.detect.seen import lemmas
from claimdiff.detect.stance import report_of, stance_gap
from claimdiff.lexicon import words
from claimdiff.model import Facts, Pair, Severity, Signal, Span, Tag, Type

_ANSWERS = frozenset({"refuse", "deny", "decline", "reject"})
_IGNORING = frozenset({"ignore", "snub", "stonewall"})
_UNREACHED = frozenset({"unreached", "decline"})
_WAITED = 0.6  # to have said nothing so far is no refusal
_IGNORED = 0.55  # nor is a letter that was not answered an insult
_NEAR = 5  # tokens


def silenced(pair: Pair) -> Iterator[Signal]:
    """ "could not be reached" became "refused to explain", whatever the rest of the statement says."""
    if not answers(pair.derivative):
        return
    found = _answered(pair) or _waited(pair) or _ignored(pair)
    if found is None:
        return
    gap, number, there, here = found
    old = there.of(pair.sources[number].statement.text)
    new = here.of(pair.derivative.statement.text)
    yield Signal(
        "attribution-stance", (Type.ATTRIBUTION,), Severity.MAJOR, gap,
        f"“{old}” in the source, “{new}” here.", here, (number, there), old, new,
    )  # fmt: skip


def answers(facts: Facts) -> bool:
    """Whether a statement tells an answer of somebody, or that somebody was left without one."""
    if any(report_of(made).group in _ANSWERS for made in facts.attributions):
        return True
    return not _IGNORING.isdisjoint(lemmas(facts))


Found = tuple[float, int, Span, Span]


def _answered(pair: Pair) -> Found | None:
    for made in pair.derivative.attributions:
        report = report_of(made)
        if report.group not in _ANSWERS:
            continue
        olds = [(n, one) for n, facts in enumerate(pair.sources) for one in facts.attributions]
        if any(report_of(one).group == report.group for _, one in olds):
            continue
        for number, one in olds:
            gap = stance_gap(report_of(one), report)
            if report_of(one).group in _UNREACHED and gap >= 0.4:
                return gap, number, one.span, made.span
    return None


def _waited(pair: Pair) -> Found | None:
    """ "has not said" in the source, "refused to say" here."""
    refused = next((one for one in pair.derivative.attributions if report_of(one).group == "refuse"), None)
    if refused is None:
        return None
    for number, facts in enumerate(pair.sources):
        if _balks(facts):
            continue
        tokens = facts.tokens
        for at, token in enumerate(tokens):
            if token.lemma in words("reporting", "silence", "verbs") and token.tag is Tag.VERB:
                before = tokens[max(0, at - 4) : at]
                helped = next((t for t in before if t.norm in ("has", "have", "had", "did")), None)
                if helped and any(t.norm in ("not", "n't", "never") for t in before):
                    return _WAITED, number, helped.span.join(token.span), refused.span
    return None


def _ignored(pair: Pair) -> Found | None:
    """ "did not respond to a request" in the source, "ignored the request" here."""
    tokens = pair.derivative.tokens
    at = next((i for i, token in enumerate(tokens) if token.lemma in _IGNORING), None)
    if at is None or not any(
        t.lemma in words("reporting", "silence", "approaches") for t in tokens[at : at + _NEAR]
    ):
        return None
    for number, facts in enumerate(pair.sources):
        if any(token.lemma in ("ignore", "snub", "stonewall", "disregard") for token in facts.tokens):
            continue
        for one in facts.attributions:
            if report_of(one).group == "unreached":
                return _IGNORED, number, one.span, tokens[at].span
    return None


def _balks(facts: Facts) -> bool:
    return any(token.lemma in ("refuse", "decline", "stonewall") for token in facts.tokens)

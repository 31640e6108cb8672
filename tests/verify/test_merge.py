"""A second opinion put together with findings: the table in merge_cases.toml, and what always holds."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimdiff import compare, store
from claimdiff.detect import RULES
from claimdiff.gate.config import Config, Value
from claimdiff.gate.judge import judge
from claimdiff.gate.policy import policy
from claimdiff.model import (
    Comparison,
    Document,
    Edit,
    Finding,
    Kind,
    Link,
    Outcome,
    Piece,
    Relation,
    Role,
    Severity,
    Span,
    Statement,
    Status,
    Type,
)
from claimdiff.score import restate, summarise
from claimdiff.verify import Answer, Judgement, Question, Unjudged
from claimdiff.verify.merge import ADDITION, DISTORTION, FACTS, REQUIRED, consult, is_held, merge
from claimdiff.verify.question import questions

CASES = tomllib.loads(Path(__file__).with_name("merge_cases.toml").read_text(encoding="utf-8"))["case"]
OLD, NEW = "The guild hired nine clerks.", "Nine clerks joined the guild."
TEXT = "Guild hires clerks.\n\n"
MEANS = {"distorted": Judgement.DISTORTED, "supported": Judgement.SUPPORTED,
         "unsupported": Judgement.UNSUPPORTED}  # fmt: skip


def statement(id: str, document: str, text: str, at: int, status: Status) -> Statement:
    span = Span(at, at + len(text))
    return Statement(id, document, span, Role.BODY, text, (Piece(0, at, len(text)),), status=status)


def one(found: Sequence[Sequence[Any]], *, linked: bool = True) -> Comparison:
    """A comparison with one statement of which these findings are told."""
    old = statement("s.1", "s", OLD, 0, Status.COVERED if linked else Status.OMITTED)
    edits = (Edit(OLD, ""), Edit("", NEW))
    relation = Relation.DISTORTED if found else Relation.PARAPHRASE
    own = statement("d.1", "d", NEW, 0, Status(relation.value) if linked else Status.ADDED)
    findings = tuple(
        Finding(
            id=f"{at:012}", rule=rule, types=tuple(map(Type, types)), confidence=sure,
            kind=Kind.ADDITION if rule.startswith("addition") else Kind.DISTORTION,
            severity=Severity.MAJOR, message="m", derivative=own.place(), source=None,
        )
        for at, (rule, types, sure) in enumerate(found)
    )  # fmt: skip
    sources = (Document("s", "s.txt", OLD, statements=(old,)),)
    derivative = Document("d", "d.txt", NEW, statements=(own,))
    links = (Link("d.1", ("s.1",), relation, 0.5, edits),) if linked else ()
    summary = summarise(sources, derivative, findings)
    return Comparison(sources, derivative, links, findings, summary, "0.1.0")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    linked = case.get("linked", True)
    before = one(case.get("found", []), linked=linked)
    said: list[Answer | Unjudged] = [Unjudged("d.1", "no time was left")]
    if "says" in case:
        means, sure, *types = case["says"]
        named = tuple(own for own in Type if own in (types[0] if types else []))
        said = [Answer("d.1", MEANS[means], sure, named, (Span(5, 11),), "nine, not ten")]
    after = merge(
        before, said, "test/1",
        min_confidence=case.get("min", 0.25), thresholds=case.get("thresholds", (0.5,)),
    )  # fmt: skip
    full = [[own.rule, own.confidence, own.severity.value, list(own.types)] for own in after.findings]
    assert [own[: len(want)] for own, want in zip(full, case["left"], strict=True)] == case["left"]
    usual = "distorted" if case["left"] else "paraphrase"
    (own,) = after.derivative.statements
    assert own.status == case.get("status", usual)
    for finding in after.findings:
        if "because" in case:
            assert finding.because == ((case["because"],) if case["because"] else ())
        if finding.rule in (DISTORTION, ADDITION):
            assert finding.derivative and finding.derivative.span.of(NEW) == "clerks"
            assert "nine, not ten" in finding.message
    assert after.opinion and after.opinion.verifier == "test/1"
    assert (after.opinion.asked, after.opinion.judged) == (1, 1 if "says" in case else 0)


def test_the_rules_of_a_verifier_are_rules() -> None:
    known = {rule.id: rule for rule in RULES}
    assert known[DISTORTION].kind is Kind.DISTORTION
    assert known[ADDITION].kind is Kind.ADDITION
    assert known.keys() >= {FACTS, *REQUIRED}


def test_a_whole_statement_is_named_where_no_words_are() -> None:
    answer = Answer("d.1", Judgement.DISTORTED, 1.0, spans=(Span(3, 3), Span(4, 5)))
    (own,) = merge(one([]), [answer], "v").findings
    assert own.derivative and own.derivative.span == Span(0, len(NEW))
    assert own.source and own.source.statement == "s.1"
    assert own.message == "A second opinion says that the meaning changed."


def test_the_same_statement_twice_has_two_findings() -> None:
    text = "The mayor praised the new pool. The vote was close. The mayor praised the new pool."
    got = compare(
        "The mayor liked the new pool. It was a near vote.", text, verifier=Always(Judgement.DISTORTED)
    )
    ids = [own.id for own in got.findings if own.rule == DISTORTION]
    assert len(ids) == len(set(ids))


# --- properties -------------------------------------------------------------------------------------


class Always:
    """A verifier that says the same of everything."""

    def __init__(self, judgement: Judgement, sure: float = 1.0) -> None:
        self.judgement, self.sure = judgement, sure
        self.signature = f"always/{judgement}"

    def judge(self, questions: Sequence[Question]) -> Sequence[Answer]:
        return [Answer(own.id, self.judgement, self.sure) for own in questions]


SOURCE = """Harbour board keeps fees

The harbour board will not raise fees in 2027, its chair Lena Moss said on Monday. It had planned to raise
them by 12 percent. “We have heard the fishers,” Moss said. Some boats may still pay more, a draft says.

Three piers were closed after the storm. A crane fell on the north pier and hurt two workers.
"""
DERIVATIVE = """Harbour board to raise fees

The harbour board will raise fees in 2027, chair Lena Moss said on Monday. Plans spoke of 15 percent. “We have
always heard the fishers,” Moss said. All boats will pay more. A crane hurt three workers on the north pier
after the storm. A rival port in Denmark is delighted.
"""


@pytest.fixture(scope="module")
def pair() -> Comparison:
    return compare(SOURCE, DERIVATIVE, min_confidence=0.1)


def answers(comparison: Comparison) -> st.SearchStrategy[list[Answer | Unjudged]]:
    def one(own: Question) -> st.SearchStrategy[Answer | Unjudged]:
        place = st.integers(0, len(own.statement))
        span = st.tuples(place, place).map(lambda both: Span(min(both), max(both)))
        answer = st.builds(
            Answer, st.just(own.id), st.sampled_from(Judgement), st.floats(0, 1),
            st.lists(st.sampled_from(Type), unique=True).map(tuple), st.lists(span, max_size=2).map(tuple),
            st.text(max_size=30),
        )  # fmt: skip
        return answer | st.builds(Unjudged, st.just(own.id), st.just("busy"))

    asked: Any = st.tuples(*map(one, questions(comparison)))
    return asked.map(list)


BARS = st.sampled_from([(0.5,), (0.25, 0.7), (0.3,), ()])
slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@slow
@given(data=st.data(), least=st.sampled_from([0.1, 0.25, 0.5]), bars=BARS)
def test_what_holds_of_every_answer(
    pair: Comparison, data: st.DataObject, least: float, bars: tuple[float, ...]
) -> None:
    before = restate(pair, [own for own in pair.findings if own.confidence >= least])
    said = data.draw(answers(pair))
    after = merge(before, said, "v/1", min_confidence=least, thresholds=bars)
    assert after == merge(before, said, "v/1", min_confidence=least, thresholds=bars)
    assert store.from_json(store.to_json(after)) == after
    left = {own.id: own for own in after.findings}
    assert len(left) == len(after.findings)
    for own in before.findings:
        if is_held(own):  # never gone, never through a gate
            now = left[own.id].confidence
            assert now >= least
            for bar in bars:
                assert (now >= bar) or own.confidence < bar
        if own.kind is Kind.OMISSION:
            assert left[own.id] is own
    texts = {own.id: own.text for own in after.documents()}
    statements = {own.id: own for side in after.documents() for own in side.statements}
    for finding in after.findings:
        assert finding.confidence >= least
        for place in filter(None, (finding.derivative, finding.source)):
            assert statements[place.statement].span.covers(place.span)
            assert place.span.of(texts[place.document]).strip() or finding.id in {
                f.id for f in before.findings
            }
    order = [own.id for own in after.derivative.statements]
    places = [order.index(own.derivative.statement) for own in after.findings if own.derivative]
    assert places == sorted(places)
    status = {own.id: own.status for own in after.derivative.statements}
    assert all(status[own.derivative] == Status(own.relation.value) for own in after.links)
    bent = {own.derivative.statement for own in after.findings if own.derivative}
    assert {id for id, own in status.items() if own is Status.DISTORTED} == bent - {
        id for id, own in status.items() if own is Status.ADDED
    }
    assert after.summary == summarise(after.sources, after.derivative, after.findings)
    assert after.opinion and after.opinion.asked == len(said)


@slow
@given(data=st.data(), bar=st.sampled_from([0.25, 0.5, 0.6]))
def test_no_verifier_opens_a_gate_for_a_number_quotation_or_negation(
    pair: Comparison, data: st.DataObject, bar: float
) -> None:
    given_ = {"fail-confidence": Value(bar, "t"), "select": Value(("number", "quote", "negation"), "t")}
    own = policy(Config(Path.cwd()), "d.md", given_, rules=lambda: [rule.id for rule in RULES])
    before = judge(pair, own)
    after = judge(
        merge(pair, data.draw(answers(pair)), "v/1", min_confidence=0.1, thresholds=own.thresholds), own
    )
    assert before.verdict and after.verdict
    if before.verdict.outcome is Outcome.BLOCK:
        assert after.verdict.outcome is Outcome.BLOCK


@pytest.mark.parametrize(
    "added", ["“We will sue the county,” Mayor Kari Lund said on Friday.", "It would cost 45 million crowns."]
)
def test_no_verifier_opens_a_gate_for_a_quotation_or_figure_in_an_added_statement(added: str) -> None:
    own = policy(Config(Path.cwd()), "d.md", {}, rules=lambda: [rule.id for rule in RULES])
    after = judge(compare(SOURCE, f"{SOURCE}\n{added}\n", verifier=Always(Judgement.SUPPORTED)), own)
    assert after.verdict and after.verdict.outcome is Outcome.BLOCK


FAITHFUL = """Harbour board keeps fees

In 2027 fees will not be raised by the harbour board, chair Lena Moss said on Monday. “We have heard the
fishers,” Moss said.
"""


@pytest.mark.parametrize("derivative", [SOURCE, FAITHFUL])
def test_supported_by_all_changes_nothing_but_the_opinion(derivative: str) -> None:
    before = compare(SOURCE, derivative)
    left = restate(before, [own for own in before.findings if not own.derivative])
    assert replace(consult(left, Always(Judgement.SUPPORTED)), opinion=None) == left
    assert consult(before, Always(Judgement.SUPPORTED)).opinion is not None


def test_identical_texts_ask_nothing_and_find_nothing() -> None:
    class Never:
        signature = "never"

        def judge(self, questions: Sequence[Question]) -> Sequence[Answer]:
            raise AssertionError("was asked")

    got = compare(SOURCE, SOURCE, verifier=Never())
    assert got.findings == ()
    assert got.opinion and got.opinion.asked == 0


def test_without_a_verifier_nothing_is_said() -> None:
    got = compare(SOURCE, DERIVATIVE)
    assert got.opinion is None
    assert "verif" not in store.to_json(got)


@pytest.mark.parametrize("change", [lambda own: own.upper(), lambda own: own + " ", lambda own: own])
def test_a_finding_keeps_its_id_whatever_words_are_named(change: Callable[[str], str]) -> None:
    ids = {
        merge(one([]), [Answer("d.1", Judgement.DISTORTED, 0.9, (), (Span(0, n),), change("why"))], "v")
        .findings[0]
        .id
        for n in range(4)
    }
    assert len(ids) == 1

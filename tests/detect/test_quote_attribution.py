"""What the minimal pairs of tests/cases cannot say of the quote and attribution detectors."""

from __future__ import annotations

import pytest

from claimdiff.align import match_words
from claimdiff.detect import attribution, quote
from claimdiff.detect.passage import common, find_exact, find_near, index_of
from claimdiff.detect.stance import Report, stance_gap
from claimdiff.facts import read_facts
from claimdiff.model import Context, Facts, Pair, Signal, Stance
from claimdiff.read import read_text
from claimdiff.segment import segment


def _facts(text: str, id: str) -> tuple[Facts, ...]:
    return read_facts(segment(read_text(text, id=id), id))


def _signals(source: str, derivative: str) -> list[Signal]:
    old, new = _facts(source, "s"), _facts(derivative, "d")
    pairs = [Pair(facts, old, match_words(facts, old), Context(old, new)) for facts in new]
    return [s for pair in pairs for module in (quote, attribution) for s in module.detect(pair)]


def test_a_quotation_is_looked_for_in_all_of_the_source() -> None:
    old = _facts("The hall is old. “The roof leaks every spring,” said Ada Bell.", "s")
    (new,) = _facts("“The roof leaks every spring,” Bell said.", "d")
    pair = Pair(new, old[:1], match_words(new, old[:1]), Context(old, (new,)))
    assert [s for s in quote.detect(pair) if s.strength >= 0.5] == []


def test_the_message_holds_both_values() -> None:
    (one,) = [
        s for s in _signals("“The dam will hold,” Ada Bell said.", "“The dam will burst,” Ada Bell said.")
        if s.rule == "quote-altered"
    ]  # fmt: skip
    assert "hold" in one.message and "burst" in one.message and (one.old, one.new) == ("hold", "burst")


def test_a_respelt_quotation_is_weak_evidence() -> None:
    found = _signals("“The color faded,” said Ada Bell.", "“The colour faded,” said Ada Bell.")
    assert [(s.rule, s.strength < 0.5) for s in found] == [("quote-altered", True)]


def test_a_plain_count_without_its_office_is_weak_evidence() -> None:
    found = _signals(
        "The county said 40 trees fell on the coast road on Sunday.",
        "On Sunday 40 trees fell on the coast road.",
    )
    assert all(s.strength < 0.5 for s in found if s.rule == "attribution-dropped")


@pytest.mark.parametrize(
    "text", ["", "“”", "“ … ”", "“[sic]”", "'", '"' * 50, "said", "X said", "according to", ": “"]
)
def test_odd_texts_do_not_crash(text: str) -> None:
    for source, derivative in ((text, "“We won,” said Ada Bell."), ("“We won,” said Ada Bell.", text)):
        _signals(source or "x", derivative or "x")


def test_passages() -> None:
    index = index_of(_facts("The dam will hold. The town will sleep.", "s"))
    assert find_exact(index, ("will", "sleep")) == [6]
    near = find_near(index, ("town", "may", "sleep"))
    assert near is not None and [i for i, _ in near.pairs] == [0, 2]
    assert find_exact(index, ("never",)) == [] and find_near(index, ("never",)) is None
    assert common(("a", "b", "c"), ("a", "c")) == [(0, 0), (2, 1)]


def test_stances_lie_apart_by_their_group() -> None:
    say, admit = (Report(group, Stance.NEUTRAL, 0, False) for group in ("say", "admit"))
    assert stance_gap(say, say) == 0 and stance_gap(say, admit) >= 0.5 > stance_gap(admit, say)

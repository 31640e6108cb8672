"""The words of a statement as sets, and what stands in a span of it."""

from __future__ import annotations

import pytest

from claimdiff.detect.cueview import contraries
from claimdiff.detect.seen import edges, lemmas, norms, superlatives, within, words
from claimdiff.facts.token import tokenize
from claimdiff.model import Facts, Role, Span, Statement

TEXT = 'The oldest guest paid "the lowest fare", and wasn\'t charged for the rest.'


@pytest.fixture
def facts() -> Facts:
    return Facts(Statement("s1", "s", Span(0, len(TEXT)), Role.BODY, TEXT, ()), tokenize(TEXT))


def test_the_sets_hold_every_word(facts: Facts) -> None:
    assert norms(facts) == {token.norm for token in facts.tokens}
    assert lemmas(facts) == {token.lemma for token in facts.tokens}
    assert words(facts) == {form for token in facts.tokens for form in (token.norm, token.stem)}


def test_a_superlative_is_told_by_its_form(facts: Facts) -> None:
    assert superlatives(facts) == {"oldest", "lowest"}


def test_a_statement_without_words_has_none() -> None:
    empty = Facts(Statement("s1", "s", Span(0, 0), Role.BODY, "", ()))
    assert not norms(empty) and not superlatives(empty) and not within(empty, Span(0, 0))


def test_every_span_holds_the_tokens_that_lie_in_it(facts: Facts) -> None:
    for start in range(len(TEXT) + 1):
        for end in range(start, len(TEXT) + 1):
            span = Span(start, end)
            expected = [i for i, token in enumerate(facts.tokens) if span.covers(token.span)]
            assert list(edges(facts).inside(span)) == expected
            assert list(within(facts, span)) == list(facts.within(span))


@pytest.mark.parametrize(
    ("word", "opposite", "short"), [("paid", "unpaid", "aid"), ("smoker", "non-smoker", "run")]
)
def test_a_prefix_turns_a_word_and_is_taken_off_again(word: str, opposite: str, short: str) -> None:
    assert opposite in contraries(word, word)[1]
    assert word in contraries(opposite, opposite)[1]
    assert not contraries(short, short)[1]

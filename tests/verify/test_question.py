"""What a verifier is asked."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff import compare
from claimdiff.model import Comparison
from claimdiff.verify.question import MOST_LIKE, questions

SOURCE = """Orchard loses half its crop

A late frost killed half of the pear blossom at Tarn Orchard, its owner Ida Falk said on Friday. She had hoped
for a record year. The orchard has 4,000 trees.

Advertisement

Insurers will visit next week. Falk's neighbours lost less because their trees stand higher. The regional
paper had warned of frost in a long report on Monday.
"""


def asked(derivative: str, *sources: str) -> dict[str, tuple[str, ...]]:
    return {own.statement: own.sources for own in questions(compare(sources or SOURCE, derivative))}


def test_the_very_words_of_a_source_are_not_asked() -> None:
    said = "The orchard has 4,000 trees. Insurers will visit next week. There are 4,000 trees in it."
    assert list(asked(said)) == ["There are 4,000 trees in it."]


def test_a_linked_statement_comes_with_what_it_rests_on() -> None:
    (own,) = questions(compare(SOURCE, "Next week the insurers are coming for a visit."))
    assert own.linked and own.sources == ("Insurers will visit next week.",)
    assert own.before == ""
    assert own.context == (
        "The orchard has 4,000 trees.",
        "Falk's neighbours lost less because their trees stand higher.",
    )


def test_boilerplate_is_neither_asked_nor_context() -> None:
    derivative = "Insurers plan to come next week.\n\nAdvertisement\n\nThere are 4,000 trees."
    first, second = questions(compare(SOURCE, derivative))
    assert second.before == first.statement
    assert "Advertisement" not in (*first.context, *second.context, first.statement, second.statement)


def test_one_without_a_link_comes_with_what_is_most_like_it() -> None:
    got = compare(SOURCE, "The frost warnings of a regional paper were ignored.")
    (own,) = questions(replace(got, links=()))
    assert not own.linked
    assert 0 < len(own.sources) <= MOST_LIKE
    assert any("regional paper" in text for text in own.sources)
    assert [SOURCE.replace("\n", " ").index(text) for text in own.sources] == sorted(
        SOURCE.replace("\n", " ").index(text) for text in own.sources
    )


def test_one_that_shares_no_word_still_has_something_beside_it() -> None:
    derivative = "The orchard has 4,000 trees. Penguins applauded thunderously."
    (own,) = questions(compare(SOURCE, derivative))
    assert own.sources == ("Orchard loses half its crop",)


def test_several_sources() -> None:
    got = questions(
        compare([SOURCE, "Ida Falk bought the orchard in 2009."], "In 2009 Falk bought the orchard.")
    )
    assert [own.sources for own in got] == [("Ida Falk bought the orchard in 2009.",)]
    assert got[0].context == ()


WORDS = st.lists(
    st.sampled_from(["frost", "Falk", "orchard", "trees", "4,000", "said", "lost", "blossom", "never"]),
    min_size=2,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS.map(lambda own: " ".join(own).capitalize() + "."), min_size=1, max_size=5))
def test_questions_are_the_statements_in_order_and_the_same_each_time(lines: list[str]) -> None:
    got: Comparison = compare(SOURCE, "Trees were lost.\n\n" + "\n\n".join(lines), lang="en")
    made = questions(got)
    assert made == questions(got)
    order = [own.id for own in got.derivative.statements]
    assert [own.id for own in made] == [id for id in order if id in {own.id for own in made}]
    for own in made:
        assert own.sources and not set(own.sources) & set(own.context)
        assert got.statement(own.id).text == own.statement

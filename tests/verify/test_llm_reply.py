"""Finding the words that a model names in the statement."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdiff.verify import Question, Unjudged
from claimdiff.verify.reply import Fault, answer, answers, completion, find, fold, line, spent
from claimdiff.verify.request import build, items


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (["7"], "It sold 7 tons.", ["7"]),
        (["8"], "It sold 7 tons.", []),
        (["7 tons", "7"], "It sold 7 tons.", ["7 tons"]),
        (["7", "7"], "Of 7 it sold 7.", ["7", "7"]),
        (["7", "7", "7"], "Of 7 it sold 7.", ["7", "7"]),
        (["tons", "It"], "It sold 7 tons.", ["It", "tons"]),
        (["not"], "Another did not.", ["not"]),
        (["he"], "The man, he said.", ["he"]),
        (["ther"], "Another did not.", ["ther"]),
        (["it SOLD"], "It sold 7 tons.", ["It sold"]),
        (['"never"'], "He “never” came.", ["“never”"]),
        (["it's"], "So it’s 7.", ["it’s"]),
        (["7-8"], "From 7–8 tons.", ["7–8"]),
        (["$5 m"], "It cost $5\u00a0m.", ["$5\u00a0m"]),
        ([" 7 "], "It sold 7 tons.", ["7"]),
        (["", " "], "It sold 7 tons.", []),
        (["sold  7"], "It sold 7 tons.", []),
        (["ẞ"], "straße", ["ß"]),
        (["İstanbul"], "To İstanbul it went.", ["İstanbul"]),
        (["aa"], "aaaa aa", ["aa"]),
        (["x"] * 99, "x " * 99, ["x"] * 20),
    ],
)
def test_words_are_found_where_they_stand(words: list[str], text: str, found: list[str]) -> None:
    spans = find(words, text)
    assert [span.of(text) for span in spans] == found
    assert list(spans) == sorted(spans)
    assert not any(one.overlaps(other) for one, other in pairwise(spans))


def test_whole_words_come_first() -> None:
    assert find(["ton"], "Two tons, or a ton.")[0].start == 15


@pytest.mark.parametrize("text", ["İ ß ﬀ ẞ", "\ud800 \x00 \U000e0041 \u202e", "a\u0301", "“”‘’–—\u00a0"])
def test_folding_keeps_the_places(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_many_words_in_a_long_text_take_no_time() -> None:
    find(["a"] * 20, "a " * 20_000)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["supported", "distorted", "number", "7", "tons"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            [
                *("answers", "id", "judgement", "probability", "types", "changed", "reason", "choices"),
                *("message", "content", "refusal", "finish_reason", "usage", "total_tokens", "text", "error"),
            ]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip
QUESTION = Question("d.1", "It sold 7 tons.", ("It sold 8 tons.",))
BATCH = items([QUESTION], "v")
REQUEST = build(BATCH, "v")


@given(JSON)
def test_no_answer_is_too_odd_to_be_checked(value: object) -> None:
    text = json.dumps(value)
    assert isinstance(completion(text, "application/json"), str | Fault)
    assert spent(text) >= 0
    assert isinstance(answers(text, REQUEST, BATCH), dict | Fault)
    if isinstance(value, dict):
        found = answer(value, QUESTION)
        assert isinstance(found, Unjudged) or 0 <= found.probability <= 1


def test_a_reason_may_quote_a_fence() -> None:
    control = {"id": REQUEST.control, "judgement": "distorted", "probability": 1, "types": [], "changed": []}
    own = control | {"id": REQUEST.ids[0], "reason": "the source says ``` 8 ```"}
    found = answers(json.dumps({"answers": [control, own]}), REQUEST, BATCH)
    assert isinstance(found, dict) and not isinstance(found[BATCH[0].key], Unjudged)


@given(JSON, st.text(max_size=20), st.text(max_size=20))
def test_an_answer_for_a_known_id_is_checked_as_well(value: object, before: str, after: str) -> None:
    control = {"id": REQUEST.control, "judgement": "distorted", "probability": 1, "types": [], "changed": []}
    own = value if isinstance(value, dict) else {"reason": value}
    text = json.dumps({"answers": [control, own | {"id": REQUEST.ids[0]}]})
    found = answers(f"{before}{text}{after}", REQUEST, BATCH)
    if isinstance(found, dict):
        assert set(found) == {BATCH[0].key}
        assert found[BATCH[0].key].id == "d.1"


@given(
    st.lists(st.text(alphabet="It sold7.“”’ſİ", max_size=4), max_size=30), st.text(alphabet="It sold7.“”’ſİ")
)
def test_spans_are_words_of_the_statement(words: list[str], text: str) -> None:
    spans = find(words, text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(fold(span.of(text)) in {fold(word.strip()) for word in words} for span in spans)
    assert not any(one.overlaps(other) for one, other in pairwise(spans))


def test_a_line_is_a_line() -> None:
    assert line("a\n\tb\u2028c \x07") == "a b c"
    assert line(7) == "" and line(None) == ""
    assert len(line("x" * 1000)) == 300

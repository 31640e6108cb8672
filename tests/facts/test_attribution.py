"""Reporting phrases: who speaks, with which verb, and what is said."""

from __future__ import annotations

import time

import pytest

from claimdiff import lexicon
from claimdiff.facts import read_facts
from claimdiff.facts.attribution import find_attributions
from claimdiff.facts.quotation import find_quotations
from claimdiff.facts.reporting import by_lemma, forms
from claimdiff.facts.token import tokenize
from claimdiff.model import Attribution, Facts, Stance
from claimdiff.read import read_text
from claimdiff.segment import segment

FORMS = [
    ("The ministry said sales fell.", "say", "The ministry", "sales fell"),
    ("The ministry said that sales fell.", "say", "The ministry", "sales fell"),
    ("Sales fell, the ministry said.", "say", "the ministry", "Sales fell"),
    ("“We won,” said Ada Bell.", "say", "Ada Bell", "“We won,”"),
    ("“We won,” said the coach, a former player.", "say", "the coach, a former player", "“We won,”"),
    ("According to the weather office, it will rain.", "accord", "the weather office", "it will rain"),
    ("It will rain all week, according to the weather office.", "accord", "the weather office",
     "It will rain all week"),
    ("Ada Bell, who leads the union, said pay was low.", "say", "Ada Bell", "pay was low"),
    ("Ada Bell, the union's leader, said pay was low.", "say", "Ada Bell, the union's leader", "pay was low"),
    ("In a statement on Friday, the bank said cards would work.", "say", "the bank", "cards would work"),
    ("Officials say the road is open.", "say", "Officials", "the road is open"),
    ("Residents claim the plant leaked.", "claim", "Residents", "the plant leaked"),
    ("The mayor declined to say who paid.", "decline to say", "The mayor", "who paid"),
    ("The dealer was accused by the museum of selling fakes.", "accuse", "the museum", None),
    ("By the captain's account, the ship was sound.", "accord", "the captain", "the ship was sound"),
    ("The minister admitted that costs had doubled.", "admit", "The minister", "costs had doubled"),
]  # fmt: skip


def _found(text: str) -> tuple[Attribution, ...]:
    return find_attributions(text, tokenize(text), (), find_quotations(text))


def _facts(text: str) -> tuple[Facts, ...]:
    return read_facts(segment(read_text(text, id="s"), "s"))


@pytest.mark.parametrize(("text", "verb", "speaker", "content"), FORMS, ids=[form[0] for form in FORMS])
def test_forms(text: str, verb: str, speaker: str, content: str | None) -> None:
    one = _found(text)[0]
    assert one.verb == verb
    assert one.speaker is not None and one.speaker.of(text) == speaker
    assert content is None or one.content.of(text) == content


@pytest.mark.parametrize(
    "text",
    ["The mine reportedly closed.", "The mine is believed to be closed.", "The mine allegedly closed."],
)
def test_reports_without_a_speaker(text: str) -> None:
    (one,) = _found(text)
    assert one.anonymous and one.speaker is None


@pytest.mark.parametrize(
    "text",
    ["The state of the roads is poor.", "A report on the claims of the project is due.",
     "The proposed limit was exceeded.", "Judges met in the call centre.", ""],
)  # fmt: skip
def test_nouns_report_nothing(text: str) -> None:
    assert _found(text) == ()


def test_nothing_is_read_inside_a_quotation() -> None:
    (one,) = _found("“My father said he was ill,” Ada recalled.")
    assert one.verb == "recall"


def test_plural_and_anonymous_speakers() -> None:
    (one,) = _found("Two officials said the bridge was closed.")
    assert one.plural and one.anonymous and one.key == "officials"


def test_a_participle_shares_the_speaker() -> None:
    first, second = _found("The guide said the cave was shut, adding that it would open in May.")
    assert first.speaker == second.speaker and second.verb == "add"


def test_a_quotation_gets_its_speaker() -> None:
    (one,) = _facts("“We won,” said Ada Bell.")
    assert "bell" in one.quotations[0].speaker


def test_a_lone_quotation_gets_the_speaker_before_it() -> None:
    _, second = _facts("“We won at last,” said Ada Bell. “I never saw such a crowd.”")
    assert "bell" in second.quotations[0].speaker


def test_the_lexicon_is_whole() -> None:
    data = lexicon.load("reporting")
    assert len(by_lemma()) >= 300
    for group in data["group"].values():
        assert Stance(group["stance"]) and 0 <= group["strength"] <= 3
    names = set(data["group"])
    for gap in data["gap"]:
        assert set(gap["old"]) | set(gap["new"]) <= names and 0 < gap["gap"] <= 1
    assert forms()["admitted"].group == "admit" and forms()["denies"].group == "deny"


@pytest.mark.parametrize("file", ["reporting", "speaker"])
def test_lists_are_sorted_without_doubles(file: str) -> None:
    def walk(node: object, name: str) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key not in {"irregular", "gap"}:
                    walk(value, key)
        elif isinstance(node, list):
            assert node == sorted(set(node)), name

    walk(lexicon.load(file), file)


@pytest.mark.parametrize(
    "unit", ["said ", "X, said ", "according to ", ", adding ", "is said to ", "; he said that "]
)
def test_cost_does_not_explode(unit: str) -> None:
    began = time.perf_counter()
    _found(unit * 1_500)
    assert time.perf_counter() - began < 10

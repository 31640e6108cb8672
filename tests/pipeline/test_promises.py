"""What a comparison promises for any texts: identity, determinism, places, several sources, stored form."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import claimdiff
from claimdiff import Comparison, Document, Kind, NotComparableError, Relation, Role, Severity, Status, store

ROOT = Path(claimdiff.__file__).parents[1]
SEEDS = sorted(path for path in (ROOT / "seeds").glob("*") if path.is_dir())
CONTRACT = ROOT.parent / "shared" / "contract" / "comparison.schema.json"
Holds = Callable[[Comparison], None]

SOURCE = """Harbour of Velmora closes its oldest dock

The harbour authority of Velmora will close its oldest dock in March, its director Lena Sorvik said on Monday.

“We had no choice. The dock was built in 1911,” she said. Some 140 workers will move to the new terminal.

The union denied that it had agreed to the plan. A survey found cracks in 12 percent of the piles.

Read more: All about the harbour
"""
DERIVATIVE = """Velmora harbour closes oldest dock

The harbour authority of Velmora has closed its oldest dock, its director Lena Sorvik said on Monday.

“We had no choice. The dock was built in 1911,” she said. Some 410 workers will move to the new terminal.

A survey found cracks in 21 percent of the piles. Neighbours fear that rents will double within a year.
"""
ASIDE = "Quite apart from that, a brass band from Lugano played waltzes in the botanical garden.\n\n"


def comparison(name: Path) -> Comparison:
    (derivative,) = name.glob("derivative.*")
    return claimdiff.compare(sorted(name.glob("source*.*")), derivative)


# --- texts ----------------------------------------------------------------------------------------

WHO = st.sampled_from(
    [
        "Ana Ruiz",
        "The council of Kelda",
        "She",
        "The U.S. navy",
        "Mr. Holt, 54,",
        "Officials",
        "NATO",
        "“We",
        "It",
    ]
)
DID = st.sampled_from(
    ["approved", "has not seen", "may buy", "denied", "was accused by the union of hiding",
     "said nobody blamed",
     "raised", "is expected to lose", "promised to halve", "never mentioned"]
)  # fmt: skip
WHAT = st.sampled_from(
    ["the bridge", "12 boats", "a budget of $3.5 million", "it", "nearly half of the jobs",
     "the Danish minister",
     "a rise of 2 percentage points", "“a disgrace”", "the plan, which critics call reckless,"]
)  # fmt: skip
WHEN = st.sampled_from(
    [
        "on Monday",
        "in March 2021",
        "because of the rain",
        "if the court agrees",
        "two weeks ago",
        "”",
        "at 9 a.m.",
    ]
)
SENTENCE = st.tuples(WHO, DID, WHAT, WHEN).map(lambda words: " ".join(words) + ".")
GAP = st.sampled_from([" ", "\n\n", "\n"])
TEXT = st.lists(st.tuples(SENTENCE, GAP), min_size=1, max_size=9).map(
    lambda parts: "".join(own + gap for own, gap in parts)
)


def assert_nothing_drifted(made: Comparison) -> None:
    assert made.findings == ()
    assert (made.summary.drift, made.summary.coverage, made.summary.support) == (0.0, 1.0, 1.0)
    assert {own.relation for own in made.links} <= {Relation.VERBATIM}
    assert {own.status for own in made.derivative.statements} <= {Status.VERBATIM, Status.BOILERPLATE}


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_identical_texts_do_not_drift(holds: Holds, text: str) -> None:
    made = claimdiff.compare(text, text)
    assert_nothing_drifted(made)
    holds(made)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text_against_itself(holds: Holds, text: str) -> None:
    try:
        made = claimdiff.compare(text, text)
    except NotComparableError:
        return
    assert_nothing_drifted(made)
    holds(made)


@pytest.mark.parametrize("folder", SEEDS, ids=lambda path: path.name)
def test_an_example_against_itself(folder: Path) -> None:
    for path in sorted(folder.glob("*.*")):
        if path.suffix in (".md", ".txt"):
            assert_nothing_drifted(claimdiff.compare(path, path))


def test_white_space_and_typography_do_not_drift() -> None:
    other = SOURCE.replace("“", '"').replace("”", '"').replace("\n\n", "\n \n\n").replace("\n", "\r\n")
    assert_nothing_drifted(claimdiff.compare(SOURCE, other))


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT)
def test_any_two_texts(holds: Holds, source: str, derivative: str) -> None:
    try:
        made = claimdiff.compare(source, derivative)
    except NotComparableError:
        return
    holds(made)
    assert Comparison.from_json(made.to_json()) == made


@settings(max_examples=25, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_any_three_texts(holds: Holds, one: str, two: str, derivative: str) -> None:
    try:
        made = claimdiff.compare([one, two], derivative, min_confidence=0.1)
    except NotComparableError:
        return
    holds(made)


# --- what is found ---------------------------------------------------------------------------------


def test_a_small_pair(holds: Holds) -> None:
    made = claimdiff.compare(SOURCE, DERIVATIVE)
    holds(made)
    status = {own.text[:24]: own.status for own in made.derivative.statements}
    assert status["Neighbours fear that ren"] is Status.ADDED
    assert status["Some 410 workers will mo"] is Status.DISTORTED
    assert status["A survey found cracks in"] is Status.DISTORTED
    assert status["“We had no choice."] is Status.VERBATIM
    (gone,) = (own for own in made.findings if own.kind is Kind.OMISSION)
    assert gone.source is not None and gone.after is not None
    assert made.statement(gone.source.statement).text.startswith("The union denied")
    assert made.statement(gone.after).text.startswith("Some 410 workers")
    assert made.sources[0].statements[-1].role is Role.BOILERPLATE


def test_a_plan_told_as_done_is_a_distortion() -> None:
    made = claimdiff.compare(SOURCE, DERIVATIVE)
    (own,) = (own for own in made.derivative.statements if "has closed its oldest dock" in own.text)
    assert own.status is Status.DISTORTED


def test_what_stands_before_everything_has_no_place_after_a_statement() -> None:
    first = "A storm warning is in force for the whole of the coast.\n\n"
    (gone,) = claimdiff.compare(first + SOURCE, SOURCE).findings
    assert (gone.kind, gone.after) == (Kind.OMISSION, "")


@pytest.mark.parametrize("folder", SEEDS, ids=lambda path: path.name)
def test_promises_hold_for_the_examples(holds: Holds, folder: Path) -> None:
    holds(comparison(folder))


def test_what_the_source_says_twice_may_be_said_once() -> None:
    pull_quote = "The union denied that it had agreed to the plan.\n\n"
    made = claimdiff.compare(SOURCE + pull_quote, SOURCE)
    assert made.findings == ()
    assert made.summary.coverage == 1.0


# --- fingerprints ---------------------------------------------------------------------------------


def fingerprints(source: str, derivative: str) -> list[str]:
    return sorted(own.id for own in claimdiff.compare(source, derivative).findings)


def test_fingerprints_survive_text_inserted_before() -> None:
    before = fingerprints(SOURCE, DERIVATIVE)
    assert len(before) >= 4
    head, gap, rest = SOURCE.partition("\n\n")
    longer = head + gap + ASIDE + rest
    head, gap, rest = DERIVATIVE.partition("\n\n")
    assert fingerprints(longer, head + gap + ASIDE + rest) == before
    assert set(fingerprints(SOURCE, head + gap + ASIDE + rest)) > set(before)
    assert set(fingerprints(longer, DERIVATIVE)) > set(before)


def test_fingerprints_do_not_depend_on_line_breaks() -> None:
    wrapped = "\n\n".join(textwrap.fill(own, 60) for own in DERIVATIVE.split("\n\n"))
    assert wrapped.count("\n") > DERIVATIVE.count("\n")
    assert fingerprints(SOURCE, wrapped) == fingerprints(SOURCE, DERIVATIVE)


@pytest.mark.parametrize("width", [20, 30, 40, 50])
def test_wrapped_lines_make_no_statements(width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(own, width) for own in DERIVATIVE.split("\n\n"))
    assert [own.text for own in claimdiff.compare(SOURCE, wrapped).derivative.statements] == [
        own.text for own in claimdiff.compare(SOURCE, DERIVATIVE).derivative.statements
    ]


def test_fingerprints_do_not_depend_on_the_name_of_the_file(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.txt", "b.txt")]
    for path, text in zip(paths, (SOURCE, DERIVATIVE), strict=True):
        path.write_text(text, encoding="utf-8")
    assert sorted(own.id for own in claimdiff.compare(*paths).findings) == fingerprints(SOURCE, DERIVATIVE)


def test_equal_findings_are_told_apart() -> None:
    extra = "Neighbours fear that rents will double within a year.\n\n"
    found = [own.id for own in claimdiff.compare(SOURCE, SOURCE + extra * 3).findings]
    assert len(found) == len(set(found)) == 3


def test_another_change_has_another_fingerprint() -> None:
    assert fingerprints(SOURCE, SOURCE.replace("140", "410")) != fingerprints(
        SOURCE, SOURCE.replace("140", "150")
    )


# --- determinism ----------------------------------------------------------------------------------

SCRIPT = """
import hashlib, sys
from pathlib import Path
import claimdiff
for folder in sys.argv[1:]:
    (derivative,) = Path(folder).glob("derivative.*")
    made = claimdiff.compare(sorted(Path(folder).glob("source*.*")), derivative, min_confidence=0.1)
    print(hashlib.sha256(made.to_json().encode()).hexdigest())
"""


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    answers = []
    for seed in ("0", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *map(str, SEEDS)],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        answers.append(done.stdout.split())
    assert len(answers[0]) == len(SEEDS) > 0
    assert answers[0] == answers[1]


def test_the_same_bytes_after_other_comparisons() -> None:
    def digest() -> str:
        made = claimdiff.compare(SOURCE, DERIVATIVE, min_confidence=0.1)
        return hashlib.sha256(made.to_json().encode()).hexdigest()

    before = digest()
    claimdiff.compare(ASIDE * 2, ASIDE)
    assert digest() == before


# --- several sources ------------------------------------------------------------------------------

WIRE = (
    "The ferry Aster ran aground off Pello on Saturday. All 212 passengers were taken ashore by lifeboats. "
    "The captain has been questioned by the coast guard.\n"
)
MARKET = (
    "Shares of the shipping company Lindqvist fell by eight percent on Monday. "
    "Analysts expect that repairs will take until autumn. Its chairman did not resign.\n"
)
BOTH = (
    "The ferry Aster ran aground off Pello on Saturday. All 221 passengers were taken ashore by lifeboats. "
    "Shares of the shipping company Lindqvist fell by nine percent on Monday. "
    "A novel about the wreck is planned.\n"
)


def test_added_is_only_what_no_source_carries(holds: Holds) -> None:
    made = claimdiff.compare([WIRE, MARKET], BOTH)
    holds(made)
    assert [own.id for own in made.sources] == ["s1", "s2"]
    assert [own.status for own in made.derivative.statements] == [
        Status.VERBATIM, Status.DISTORTED, Status.DISTORTED, Status.ADDED,
    ]  # fmt: skip
    assert [[made.statement(id).document for id in own.sources] for own in made.links] == [
        ["s1"],
        ["s1"],
        ["s2"],
    ]
    alone = claimdiff.compare(WIRE, BOTH)
    assert sum(own.status is Status.ADDED for own in alone.derivative.statements) == 2


def test_every_finding_names_its_document() -> None:
    made = claimdiff.compare([WIRE, MARKET], BOTH)
    places = [(own.kind, own.source.document if own.source else None) for own in made.findings]
    assert places == [
        (Kind.DISTORTION, "s1"), (Kind.DISTORTION, "s2"), (Kind.ADDITION, None),
        (Kind.OMISSION, "s1"), (Kind.OMISSION, "s2"), (Kind.OMISSION, "s2"),
    ]  # fmt: skip


def test_a_statement_that_both_sources_carry_drifts_from_neither() -> None:
    made = claimdiff.compare([WIRE, WIRE + MARKET], WIRE)
    assert {own.status for own in made.derivative.statements} == {Status.VERBATIM}


def test_the_order_of_the_sources_names_them_and_moves_no_score() -> None:
    one, two = (claimdiff.compare(given, BOTH) for given in ([WIRE, MARKET], [MARKET, WIRE]))
    assert one.summary == two.summary
    assert sorted(own.id for own in one.findings) == sorted(own.id for own in two.findings)
    assert [own.text for own in two.sources] == [MARKET, WIRE]


def test_a_sequence_of_one_is_that_one() -> None:
    assert (
        claimdiff.compare([WIRE], BOTH) == claimdiff.compare(WIRE, BOTH) == claimdiff.compare((WIRE,), BOTH)
    )


# --- what may be given ----------------------------------------------------------------------------


def test_text_path_and_document_are_judged_alike(tmp_path: Path) -> None:
    paths = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for path, text in zip(paths, (SOURCE, DERIVATIVE), strict=True):
        path.write_text(text, encoding="utf-8")
    by_text = claimdiff.compare(SOURCE, DERIVATIVE)
    by_path = claimdiff.compare(paths[0], paths[1])
    assert [own.name for own in by_path.documents()] == [str(path) for path in paths]
    assert isinstance(by_path.derivative, Document)
    again = claimdiff.compare(by_path.sources[0], by_path.derivative)
    assert again == by_path
    assert by_text.findings == by_path.findings
    assert by_text.links == by_path.links
    assert by_text.summary == by_path.summary


def test_a_str_is_a_text_even_when_it_names_a_file(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(SOURCE, encoding="utf-8")
    assert claimdiff.compare(str(path), str(path)).derivative.text == str(path)


def test_min_confidence_filters() -> None:
    found = {}
    for least in (0.1, 0.5, 0.75, 1.0):
        made = claimdiff.compare(SOURCE, DERIVATIVE, min_confidence=least)
        assert all(own.confidence >= least - 0.005 for own in made.findings if own.kind is not Kind.OMISSION)
        found[least] = {own.id for own in made.findings if own.kind is Kind.DISTORTION}
    assert found[1.0] <= found[0.75] <= found[0.5]
    assert len(found[0.1]) >= len(found[0.5]) > len(found[1.0]) == 0


def test_min_confidence_holds_for_omissions_too() -> None:
    for own in claimdiff.compare(SOURCE, DERIVATIVE, min_confidence=1.0).findings:
        assert own.confidence >= 1.0


@pytest.mark.parametrize(
    ("source", "derivative", "says"),
    [
        ([], WIRE, "no source"),
        ("", WIRE, "the source: the text is empty"),
        (WIRE, " \n\n\t", "the derivative: the text is empty"),
        ([WIRE, "\ufeff \n"], WIRE, "nothing to compare"),
        (WIRE, "Read more: All about the harbour\n", "boilerplate"),
        (WIRE * 3, MARKET * 3, "no statement in common"),
    ],
)
def test_not_comparable(source: Any, derivative: str, says: str) -> None:
    with pytest.raises(NotComparableError, match=says) as raised:
        claimdiff.compare(source, derivative)
    assert "\n" not in str(raised.value)


def test_one_line_texts_are_judged() -> None:
    made = claimdiff.compare("The dock will close in March.", "The dock will not close in March.")
    (own,) = made.findings
    assert (own.kind, own.severity) == (Kind.DISTORTION, Severity.MAJOR)


# --- stored form ----------------------------------------------------------------------------------


def schemas() -> list[Any]:
    own = json.loads(store.schema())
    return [own, json.loads(CONTRACT.read_text(encoding="utf-8"))] if CONTRACT.is_file() else [own]


def assert_valid(made: Comparison) -> None:
    data = json.loads(made.to_json())
    for schema in schemas():
        jsonschema.Draft202012Validator(schema).validate(data)
    assert Comparison.from_json(made.to_json()) == made
    assert Comparison.from_json(made.to_json()).to_json() == made.to_json()


@pytest.mark.parametrize("folder", SEEDS, ids=lambda path: path.name)
def test_examples_follow_the_contract_and_read_back(folder: Path) -> None:
    assert_valid(comparison(folder))


@pytest.mark.parametrize(
    "text",
    [
        "One.", "A\x00B is here.", "\ufeffThe dock closed.", "Lone \ud83d here.", "🙂 東京 naïve.",
        "a\r\nb\rc",
        "# Not a heading here\n\n| a | b |\n|---|---|\n| 1 | 2 |", "“", "...", "x" * 5000, "A. B. C. D. E.",
        "\u202eright to left\u202c.", "\u2028line\u2029para", "1" * 400 + " boats sank.",
        "9" * 20 + "e999 boats sank.",
    ],
)  # fmt: skip
def test_odd_texts_follow_the_contract_and_read_back(holds: Holds, text: str) -> None:
    for source, derivative in (
        (text, SOURCE),
        (SOURCE, text),
        (text, text),
        (SOURCE, SOURCE + "\n\n" + text),
    ):
        try:
            made = claimdiff.compare(source, derivative)
        except NotComparableError:
            continue
        assert_valid(made)
        holds(made)


def test_markdown_offsets_lead_into_the_markup(holds: Holds, tmp_path: Path) -> None:
    source, derivative = tmp_path / "source.md", tmp_path / "derivative.md"
    source.write_text(
        "# Dock\n\nSome **140** [workers](http://x.example/) will\nmove to the *new* terminal.\n", "utf-8"
    )
    derivative.write_text(
        "# Dock\n\nSome **41**0 [workers](http://x.example/) will move to the\nnew terminal.\n", "utf-8"
    )
    made = claimdiff.compare(source, derivative)
    holds(made)
    assert_valid(made)
    (own,) = made.findings
    assert own.derivative is not None and own.source is not None
    assert "41**0" in own.derivative.span.of(made.derivative.text)
    assert "140" in own.source.span.of(made.sources[0].text)


def test_a_stored_comparison_says_the_same_of_each_statement() -> None:
    made = claimdiff.compare(SOURCE, DERIVATIVE)
    back = Comparison.from_json(made.to_json())
    for document in made.documents():
        for own in document.statements:
            assert back.statement(own.id) == own
    assert replace(back, version="0") != made

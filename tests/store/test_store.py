"""A stored comparison reads back as the same one, and nothing else is taken for one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimdiff import store
from claimdiff.errors import FormatError
from claimdiff.model import Comparison, Edit, Failure, Outcome, Pardon, Piece, Span, Status, Verdict
from claimdiff.render import markdown, text

CONTRACT = Path(__file__).parents[3] / "shared" / "contract" / "comparison.schema.json"
SCHEMA = json.loads(store.schema())


def with_markup(comparison: Comparison) -> Comparison:
    """The same comparison over a derivative with markup, metadata, notes and odd spellings."""
    document = comparison.derivative
    text = "**Ferry** line\nadds two boats" + document.text
    first = replace(
        document.statements[0],
        span=Span(2, 28),
        text="Ferry line adds two boats",
        pieces=(Piece(0, 2, 5), Piece(5, 9, 20)),
        inside=True,
        section="Our view",
    )
    document = replace(
        document,
        text=text,
        statements=(first, *document.statements[1:]),
        metadata=(("title", "Ferry"), ("tag", "sea"), ("tag", "land")),
        notes=("read as Markdown",),
    )
    link = replace(comparison.links[0], edits=(Edit("ferry ", "Ferry "), Edit("line", ""), Edit("", "lines")))
    return replace(comparison, derivative=document, links=(link, *comparison.links[1:]))


def with_verdict(comparison: Comparison) -> Comparison:
    """The same comparison as a policy has judged it: some findings count, the others are pardoned."""
    counting, pardoned = comparison.findings[:2], comparison.findings[2:]
    verdict = Verdict(
        Outcome.BLOCK,
        failures=(
            Failure('fail-on = "major"', "profile rewrite", "2 major findings", (counting[0].id,)),
            Failure("min-coverage = 0.9", "claimdiff.toml:3", "Coverage is 0.60"),
        ),
        pardons=tuple(
            Pardon(own, by, reason, who, until)
            for own, (by, reason, who, until) in zip(pardoned, PARDONED, strict=False)
        ),
        warnings=("a waiver matches nothing",),
    )
    return replace(comparison, findings=counting, verdict=verdict)


PARDONED = (
    ("waiver", "the desk knows \ud83d", "Ida", "2031-05-01"),
    ("comment", "our analysis", "", ""),
    ("baseline", "", "", ""),
)
VARIANTS: tuple[Callable[[Comparison], Comparison], ...] = (
    lambda pair: pair,
    with_markup,
    with_verdict,
    lambda pair: with_verdict(with_markup(pair)),
    lambda pair: replace(pair, verdict=Verdict(Outcome.PASS)),
    lambda pair: replace(pair, verdict=Verdict(Outcome.REVIEW, warnings=("lapsed",))),
)


@pytest.fixture
def data(pair: Comparison) -> Any:
    return json.loads(pair.to_json())


def test_reading_back_gives_an_equal_comparison(pair: Comparison) -> None:
    for made in (variant(pair) for variant in VARIANTS):
        assert Comparison.from_json(made.to_json()) == made
        assert Comparison.from_json(made.to_json(indent=None)).to_json() == made.to_json()


def test_output_follows_the_schema(pair: Comparison) -> None:
    for made in (variant(pair) for variant in VARIANTS):
        jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(made.to_json()))


def test_keys_stand_in_the_order_of_the_schema(data: Any) -> None:
    assert list(data) == [*SCHEMA["required"], "notes"]
    assert list(data["findings"][0])[:3] == ["id", "rule", "kind"]


def test_what_is_not_there_is_not_written(pair: Comparison) -> None:
    text = pair.to_json()
    assert '"verdict"' not in text and '"section"' not in text
    judged = json.loads(with_verdict(with_markup(pair)).to_json())
    assert list(judged)[-1] == "verdict"
    assert list(judged["verdict"]) == list(SCHEMA["properties"]["verdict"]["properties"])
    assert judged["derivative"]["statements"][0]["section"] == "Our view"
    del judged["verdict"], judged["derivative"]["statements"][0]["section"]
    plain = with_markup(pair)
    first = replace(plain.derivative.statements[0], section="")
    own = replace(plain.derivative, statements=(first, *plain.derivative.statements[1:]))
    plain = replace(plain, derivative=own, findings=plain.findings[:2])
    assert json.dumps(judged) == json.dumps(json.loads(plain.to_json()))


def test_the_least_of_a_verdict_is_read(pair: Comparison, data: Any) -> None:
    data["verdict"] = {"outcome": "review", "failures": []}
    assert Comparison.from_json(json.dumps(data)).verdict == Verdict(Outcome.REVIEW)
    data["verdict"] = None
    assert Comparison.from_json(json.dumps(data)) == pair


def test_a_lone_surrogate_survives_and_the_text_stays_encodable(pair: Comparison) -> None:
    made = replace(pair, notes=("lone \ud83d here",))
    made.to_json().encode("utf-8")
    assert Comparison.from_json(made.to_json()) == made


def test_an_unjudged_statement_cannot_be_stored(pair: Comparison) -> None:
    statements = (replace(pair.derivative.statements[0], status=None),)
    with pytest.raises(FormatError, match=r"d\.1"):
        replace(pair, derivative=replace(pair.derivative, statements=statements)).to_json()


def test_scores_without_their_counts_get_them_from_the_statements(pair: Comparison, data: Any) -> None:
    del data["summary"]["covered"], data["summary"]["supported"]
    assert Comparison.from_json(json.dumps(data)).summary == pair.summary


def test_unknown_properties_are_passed_over(pair: Comparison, data: Any) -> None:
    data["x"] = data["sources"][0]["x"] = data["findings"][0]["x"] = {"y": 1}
    assert Comparison.from_json(json.dumps(data)) == pair


MALFORMED: list[tuple[str, Callable[[Any], object], str]] = [
    ("version", lambda c: c.update(schema_version=2), r"\$\.schema_version: expected 1"),
    ("version true", lambda c: c.update(schema_version=True), r"\$\.schema_version"),
    ("no version", lambda c: c.pop("schema_version"), r"\$: 'schema_version' is missing"),
    ("other tool", lambda c: c["tool"].update(name="diff"), r"\$\.tool\.name"),
    ("no source", lambda c: c.update(sources=[]), r"\$\.sources: expected at least 1"),
    ("sources no array", lambda c: c.update(sources={}), r"\$\.sources: expected an array, found an object"),
    ("text is null", lambda c: c["derivative"].update(text=None), r"\$\.derivative\.text: expected a string"),
    (
        "true for an offset",
        lambda c: c["derivative"]["statements"][0].update(start=True),
        r"\$\.derivative\.statements\[0\]\.start: expected a whole number",
    ),
    (
        "fraction for an offset",
        lambda c: c["derivative"]["statements"][0].update(end=2.5),
        r"statements\[0\]\.end",
    ),
    (
        "end outside",
        lambda c: c["derivative"]["statements"][0].update(end=100_000),
        r"statements\[0\]: 0 to 100000 is no range in a text of",
    ),
    (
        "end before start",
        lambda c: c["derivative"]["statements"][1].update(end=0),
        r"statements\[1\]: \d+ to 0 is no range",
    ),
    (
        "pieces outside",
        lambda c: c["derivative"]["statements"][0].update(pieces=[[0, 0, 999]]),
        r"pieces\[0\]: expected a range inside",
    ),
    (
        "piece of two",
        lambda c: c["derivative"]["statements"][0].update(pieces=[[0, 0]]),
        r"pieces\[0\]: expected three numbers",
    ),
    (
        "source status in the derivative",
        lambda c: c["derivative"]["statements"][0].update(status="covered"),
        r"status: expected one of verbatim, paraphrase, distorted, added, boilerplate",
    ),
    (
        "two documents, one id",
        lambda c: c["sources"].append(copy.deepcopy(c["derivative"]) | {"statements": []}),
        "two documents have the same id",
    ),
    (
        "two statements, one id",
        lambda c: c["derivative"]["statements"].append(c["derivative"]["statements"][0]),
        "two statements have the same id",
    ),
    (
        "link to nothing",
        lambda c: c["links"][0].update(sources=["s.99"]),
        r"\$\.links\[0\]\.sources\[0\]: expected the id of a statement on that side, found \"s\.99\"",
    ),
    (
        "link of nothing",
        lambda c: c["links"][0].update(sources=[]),
        r"links\[0\]\.sources: expected at least",
    ),
    ("link from a source", lambda c: c["links"][0].update(derivative="s.1"), r"links\[0\]\.derivative"),
    ("two links", lambda c: c["links"].append(c["links"][0]), r"links\[3\]\.derivative: .* no link yet"),
    ("score too high", lambda c: c["links"][0].update(score=1.01), r"score: expected a number from 0 to 1"),
    ("unknown edit", lambda c: c["links"][1]["edits"][0].update(op="move"), r"edits\[0\]\.op"),
    ("unknown kind", lambda c: c["findings"][0].update(kind="loss"), r"findings\[0\]\.kind"),
    ("unknown type", lambda c: c["findings"][0].update(types=["mood"]), r"types\[0\]"),
    (
        "place in another document",
        lambda c: c["findings"][0]["source"].update(document="d"),
        r"findings\[0\]\.source\.document",
    ),
    ("place outside", lambda c: c["findings"][0]["source"].update(end=9999), r"source: \d+ to 9999"),
    ("after nothing", lambda c: c["findings"][3].update(after="s.1"), r"findings\[3\]\.after"),
    ("more held than there are", lambda c: c["summary"]["covered"].update(held=99), r"summary\.covered"),
    ("entry of one", lambda c: c["derivative"].update(metadata=[["k"]]), r"metadata\[0\]: expected a pair"),
]


@pytest.mark.parametrize(("change", "says"), [case[1:] for case in MALFORMED], ids=[c[0] for c in MALFORMED])
def test_malformed_data_is_refused_with_its_place(
    data: Any, change: Callable[[Any], object], says: str
) -> None:
    change(data)
    with pytest.raises(FormatError, match=says):
        Comparison.from_json(json.dumps(data))


WRONG_VERDICTS: list[tuple[str, Callable[[Any], object], str]] = [
    ("no object", lambda c: c.update(verdict=3), r"\$\.verdict: expected an object, found 3"),
    ("no outcome", lambda c: c["verdict"].pop("outcome"), r"\$\.verdict: 'outcome' is missing"),
    (
        "unknown outcome",
        lambda c: c["verdict"].update(outcome="fine"),
        r"\$\.verdict\.outcome: expected one of pass, review, block",
    ),
    ("no failures", lambda c: c["verdict"].pop("failures"), r"\$\.verdict: 'failures' is missing"),
    (
        "failures that let pass",
        lambda c: c["verdict"].update(outcome="pass"),
        r"\$\.verdict\.failures: expected none of them where the outcome is pass",
    ),
    (
        "failure for no finding",
        lambda c: c["verdict"]["failures"][1].update(findings=["x"]),
        r"failures\[1\]\.findings\[0\]: expected the id of a finding, found \"x\"",
    ),
    (
        "failure for a pardoned finding",
        lambda c: c["verdict"]["failures"][0].update(findings=[c["verdict"]["pardons"][0]["finding"]["id"]]),
        r"failures\[0\]\.findings\[0\]: expected the id of a finding",
    ),
    (
        "failure without a setting",
        lambda c: c["verdict"]["failures"][0].pop("setting"),
        r"failures\[0\]: 'setting' is missing",
    ),
    (
        "pardon by nobody knows what",
        lambda c: c["verdict"]["pardons"][0].update(by="luck"),
        r"pardons\[0\]\.by: expected one of waiver, comment, baseline, expected, found \"luck\"",
    ),
    (
        "pardoned place outside",
        lambda c: c["verdict"]["pardons"][0]["finding"]["derivative"].update(end=9999),
        r"\$\.verdict\.pardons\[0\]\.finding\.derivative: \d+ to 9999",
    ),
    (
        "pardoned after nothing",
        lambda c: c["verdict"]["pardons"][1]["finding"].update(after="s.1"),
        r"pardons\[1\]\.finding\.after",
    ),
    ("warning no text", lambda c: c["verdict"].update(warnings=[1]), r"verdict\.warnings\[0\]"),
    ("section no text", lambda c: c["derivative"]["statements"][0].update(section=1), r"\]\.section"),
]


@pytest.mark.parametrize(
    ("change", "says"), [case[1:] for case in WRONG_VERDICTS], ids=[c[0] for c in WRONG_VERDICTS]
)
def test_a_malformed_verdict_is_refused_with_its_place(
    pair: Comparison, change: Callable[[Any], object], says: str
) -> None:
    data = json.loads(with_verdict(pair).to_json())
    change(data)
    with pytest.raises(FormatError, match=says):
        Comparison.from_json(json.dumps(data))


@pytest.mark.parametrize(
    "other",
    ["", "{", "[]", "null", "3", "[" * 100_000, '{"a": NaN}', '"\\u12"', "1" * 5000, "{}", "\ufeff{}"],
)
def test_other_texts_are_refused(other: str) -> None:
    with pytest.raises(FormatError):
        Comparison.from_json(other)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in the data with each of its keys."""
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        return [pair for key in keys for pair in ((value, key), *places(value[key]))]
    return []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 400)
    | st.floats(-1, 2)
    | st.sampled_from(["", "s.1", "d", *Status]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "start"]), inner),
    max_leaves=4,
)


@given(seed=st.integers(0, 10**6), value=JSON, remove=st.booleans())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_gives_a_comparison_that_renders_or_a_format_error(
    pair: Comparison, seed: int, value: Any, remove: bool
) -> None:
    data = json.loads(with_verdict(with_markup(pair)).to_json())
    container, key = places(data)[seed % len(places(data))]
    if remove:
        del container[key]
    else:
        container[key] = value
    try:
        read = Comparison.from_json(json.dumps(data))
    except FormatError:
        return
    assert Comparison.from_json(read.to_json()) == read
    assert markdown.render(read).startswith("# ")
    assert text.render(read, color=True, width=80, verbose=True).endswith("\n")


def promises(schema: Any) -> Any:
    """What a schema demands, without its wording."""
    if isinstance(schema, dict):
        return {key: promises(value) for key, value in schema.items() if key not in ("description", "title")}
    return schema


def includes(ours: Any, theirs: Any, path: str = "$") -> None:
    """Our schema demands all that theirs does; what it has besides is properties that may be absent."""
    if isinstance(theirs, dict):
        for key, value in theirs.items():
            assert key in ours, f"{path}.{key}"
            includes(ours[key], value, f"{path}.{key}")
    elif isinstance(theirs, list):
        assert sorted(map(str, ours)) == sorted(map(str, theirs)), path
    else:
        assert ours == theirs, path


def test_our_schema_is_the_shared_contract() -> None:
    if not CONTRACT.exists():
        pytest.skip("../shared/contract/comparison.schema.json is absent")
    includes(promises(SCHEMA), promises(json.loads(CONTRACT.read_text(encoding="utf-8"))))

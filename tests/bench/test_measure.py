"""Figures over labelled texts: small pairs whose figures can be counted by hand, and the published scorer."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from bakery import NEW, OLD, pair

from claimdiff import compare, store
from claimdiff.bench import labels, measure
from claimdiff.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


def test_a_pair_counted_by_hand() -> None:
    case = labels.article(pair(), "bakery")
    out = measure.count(case, compare(case.source, case.derivative))
    got = measure.figures(out)
    assert tuple(got) == measure.COLUMNS
    assert got == pytest.approx(
        {
            "segment": 1.0, "align": 1.0, "flag_p": 1.0, "flag_r": 1.0, "flag": 1.0, "kind": 1.0,
            "omit_p": 1.0, "omit_r": 1.0, "omit": 1.0, "type": 1.0, "major": 1.0, "false": 0.0,
            "span": (5 / 12 + 52 / 53) / 2,  # "5,000", and the statement without its period
        }
    )  # fmt: skip
    assert measure.by_type(out) == {"number": (1, 0, 0)}


def test_what_is_not_found_counts() -> None:
    case = labels.article(pair(), "bakery")
    got = measure.figures(measure.count(case, compare(case.derivative, case.derivative)))
    assert (got["flag_r"], got["type"], got["major"]) == (0.0, 0.0, 0.0)
    assert got["flag_p"] == 1.0  # nothing that was flagged was wrong


def test_counts_of_several_add_up() -> None:
    case = labels.article(pair(), "bakery")
    once = measure.count(case, compare(case.source, case.derivative))
    assert measure.figures(once + once) == measure.figures(once)


def test_claims() -> None:
    seen = [("supported", False), ("supported", True), ("number", True), ("role", False), ("number", True)]
    assert measure.claims(seen) == pytest.approx(
        {
            "balanced": (2 / 3 + 0.5) / 2,
            "recall": 2 / 3,
            "false": 0.5,
            "recall number": 1.0,
            "recall role": 0.0,
        }
    )
    assert measure.claims([]) == {"balanced": 0.5, "recall": 0.0, "false": 0.0}


@pytest.mark.parametrize(
    "name", ["norbeck-caldera-merger", "payroll-breach-notice", "nimbrio-charger-recall-faithful"]
)
def test_they_are_the_figures_of_the_published_scorer(name: str) -> None:
    path, tool = SHARED / "gold" / f"{name}.json", SHARED / "tools" / "score.py"
    if not path.exists() or not tool.exists():
        pytest.skip(f"{path} or {tool} is absent")
    spec = importlib.util.spec_from_file_location("score", tool)
    assert spec and spec.loader
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    case = labels.read_article(path)
    got = compare(case.source, case.derivative)
    theirs = score.judge(json.loads(path.read_text(encoding="utf-8")), json.loads(store.to_json(got)), False)
    ours = {name: round(own, 3) for name, own in measure.figures(measure.count(case, got)).items()}
    assert ours == score.report(Counter(theirs))


# --- what is wrong with a file ----------------------------------------------------------------------

BROKEN: dict[str, tuple[Any, str]] = {
    "no object": ([], "is no labelled pair of articles"),
    "nothing in it": ({}, "'source' is missing"),
    "a sentence that is not there": (
        pair(segments={"source": OLD, "derivative": [*NEW[:4], "Read less"]}),
        "segments.derivative[4] does not stand in the text behind the last one: 'Read less'",
    ),
    "a link to nowhere": (
        pair(links=[{"d": 9, "s": [0], "relation": "paraphrase"}]),
        "links: d: 9 is the number of no sentence; there are 5, counted from 0",
    ),
    "an omission of nothing": (pair(omitted=["3"]), "omitted: '3' is the number of no sentence"),
    "an odd type": (
        pair(findings=[{"kind": "distortion", "types": ["colour"], "severity": "major", "d": 2}]),
        "'colour' is not a valid Type",
    ),
    "words that are not there": (
        pair(findings=[{"kind": "addition", "severity": "major", "d": 3, "derivative_span": "nine"}]),
        "derivative_span does not stand in sentence 3: 'nine'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_pair_is_named(tmp_path: Path, name: str) -> None:
    data, told = BROKEN[name]
    path = tmp_path / "one.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        labels.read_article(path)
    assert str(caught.value).startswith(f"{path}: ") and told in str(caught.value)


ROWS = [
    ('{"source": "A.", "claim": "B.", "label": "supported"}', [("A.", "B.", "supported")]),
    ('{"premise": "A.", "hypothesis": "B.", "label": "Entailment"}', [("A.", "B.", "supported")]),
    ('{"premise": "A.", "hypothesis": "B.", "label": "neutral"}', [("A.", "B.", "neutral")]),
    ('{"document": "A.", "summary": "B.", "label": true}', [("A.", "B.", "supported")]),
    ('{"source": "A.", "derivative": "B.", "label": false}', [("A.", "B.", "distorted")]),
    (
        '{"source": "A.", "supported": ["B."], "distorted": [["C.", "role"], "D."], "added": [["E.", "y"]]}',
        [("A.", "B.", "supported"), ("A.", "C.", "role"), ("A.", "D.", "distorted"), ("A.", "E.", "added")],
    ),
]


@pytest.mark.parametrize(("line", "claims"), ROWS)
def test_rows_of_claims(tmp_path: Path, line: str, claims: list[tuple[str, str, str]]) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text(f"\ufeff{line}\n\n", encoding="utf-8")
    assert [(own.passage, own.text, own.label) for own in labels.read_claims(path)] == claims


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", ":1: is no JSON"),
        ("[]", ':1: is no object; write {"source"'),
        ('{"claim": "B.", "label": "supported"}', ":1: has none of source, premise, passage"),
        ('{"source": "A.", "label": "supported"}', ":1: has none of derivative, claim, hypothesis"),
        ('{"source": "A.", "claim": "B."}', ":1: label: is missing"),
        ('{"source": "A.", "claim": "B.", "label": 1}', ":1: label: 1 can mean either"),
        ('{"source": "A.", "claim": "", "label": "x"}', ":1: claim: is no text"),
        ('{"source": "A.", "supported": [7]}', ":1: supported: must be a list of claims"),
        ('{"source": "A.", "distorted": [[]]}', ":1: distorted: must be a list of claims"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(labels.read_claims(path))
    assert f"{path}{told}" in str(caught.value)


def test_all_our_articles_can_be_read() -> None:
    paths = sorted((ROOT / "benchmarks" / "articles").glob("*.json"))
    assert len(paths) > 20
    for path in paths:
        case = labels.read_article(path)
        assert len(case.labels) == len(case.new) and case.name == path.stem

"""The pair that the program was made for: a news agency's report and a machine's rewrite of it.

The articles are not part of this repository. They are read from the folder beside it where that exists,
and statements are found by a few of their words.
"""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import claimdiff
from claimdiff import Comparison, Finding, Kind, Role, Statement, Status

SHARED = Path(__file__).parents[2] / "shared"
GOLD = SHARED / "gold"
PAIR = GOLD / "seed-pair.json"
SCORER = SHARED / "tools" / "score.py"

pytestmark = pytest.mark.skipif(not PAIR.is_file(), reason=f"needs the labelled pairs ({PAIR} is absent)")

ENGAGE = "has been attempting to engage"
ALARMED = "should be alarmed"
INTENTION = "expressed his intention to hold"
MISSILES = "fourth series of cruise missiles"


@cache
def made() -> Comparison:
    case = json.loads(PAIR.read_text(encoding="utf-8"))
    return claimdiff.compare(case["source"], case["derivative"])


def new(words: str) -> Statement:
    (own,) = (own for own in made().derivative.statements if words in own.text)
    return own


def old(words: str) -> Statement:
    (own,) = (own for own in made().sources[0].statements if words in own.text)
    return own


def findings(statement: Statement) -> list[Finding]:
    """What is said of a derivative statement, or of a source statement that was left out."""
    side = "source" if statement.document == made().sources[0].id else "derivative"
    return [
        own
        for own in made().findings
        if (place := getattr(own, side)) is not None
        and place.statement == statement.id
        and (side == "derivative" or own.kind is Kind.OMISSION)
    ]


@pytest.mark.parametrize(
    ("words", "source"),
    [
        (ENGAGE, "continued to ignore"),
        (ALARMED, "should be condemning"),
        (INTENTION, "recently reported moves"),
    ],
)
def test_distortions(words: str, source: str) -> None:
    own = new(words)
    assert own.status is Status.DISTORTED
    assert [found.kind for found in findings(own)] == [Kind.DISTORTION] * len(findings(own)) != []
    (link,) = (link for link in made().links if link.derivative == own.id)
    assert old(source).id in link.sources


def test_an_alarm_is_no_condemnation() -> None:
    """The finding lies on the changed words, not only somewhere in the statement."""
    spots = [
        own.derivative.span.of(made().derivative.text) for own in findings(new(ALARMED)) if own.derivative
    ]
    assert any("alarmed" in spot for spot in spots), spots


def test_the_missiles_of_february_are_an_addition() -> None:
    own = new(MISSILES)
    assert own.status is Status.ADDED
    assert [found.kind for found in findings(own)] == [Kind.ADDITION]


def test_the_reassurance_is_left_out() -> None:
    own = old("see any signs of any direct action")
    assert own.status is Status.OMITTED
    (found,) = findings(own)
    assert (found.kind, found.severity) == (Kind.OMISSION, claimdiff.Severity.MAJOR)


@pytest.mark.parametrize(
    "words", ["The DPRK issue is China", "not just our problem", "has a role to play and it has influence"]
)
def test_quotations_that_were_carried_over_are_no_findings(words: str) -> None:
    own = new(words)
    assert own.status in (Status.VERBATIM, Status.PARAPHRASE)
    assert findings(own) == []
    assert old(words).status is Status.COVERED


@pytest.mark.parametrize(
    "words", ["See Also:", "Read Next:", "Image via", "Engineered by", "content generation system",
              "Learn more", "originally from", "Read the original"],
)  # fmt: skip
def test_promotional_lines_are_boilerplate(words: str) -> None:
    own = new(words)
    assert (own.role, own.status) == (Role.BOILERPLATE, Status.BOILERPLATE)
    assert findings(own) == []


@pytest.mark.parametrize("words", ["Earlier: ", "©2024"])
def test_so_are_those_of_the_source(words: str) -> None:
    own = old(words)
    assert (own.role, own.status) == (Role.BOILERPLATE, Status.BOILERPLATE)
    assert findings(own) == []


def test_labels_do_not_stand_in_the_way() -> None:
    assert new("What Happened:").id in {link.derivative for link in made().links}
    assert new("Why It Matters:").role is Role.BODY


# --- all labelled pairs ---------------------------------------------------------------------------


@cache
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_scorer", SCORER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def figures() -> dict[str, float]:
    total: Counter[Any] = Counter()
    for path in sorted(GOLD.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        got = json.loads(claimdiff.compare(case["source"], case["derivative"]).to_json())
        total.update(scorer().judge(case, got, errors=False))
    return dict(scorer().report(total))


@pytest.mark.skipif(not SCORER.is_file(), reason=f"needs the scorer ({SCORER} is absent)")
@pytest.mark.parametrize(
    ("figure", "least"),
    [("segment", 0.99), ("align", 0.93), ("flag", 0.55), ("kind", 0.65), ("omit", 0.75)],
)
def test_figures(figure: str, least: float) -> None:
    assert figures()[figure] >= least, figures()


@pytest.mark.skipif(not SCORER.is_file(), reason=f"needs the scorer ({SCORER} is absent)")
def test_false_alarms() -> None:
    assert figures()["false"] <= 10.0, figures()

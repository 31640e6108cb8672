"""`claimdiff rules`, `explain` and `schema`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from claimdiff import store
from claimdiff.cli.explain import near
from claimdiff.detect import RULES
from claimdiff.gate.nearest import distance

Run = Callable[..., Any]


def test_rules_lists_every_rule_on_a_line(run: Run) -> None:
    code, out, err = run("rules")
    assert (code, err) == (0, "")
    head, *lines = out.splitlines()
    assert head.split() == ["rule", "kind", "type", "severity", "what", "it", "catches"]
    assert [line.split()[0] for line in lines] == [rule.id for rule in RULES]


def test_rules_as_json_hold_everything(run: Run) -> None:
    data = json.loads(run("rules", "--format", "json").out)
    assert [own["id"] for own in data] == [rule.id for rule in RULES]
    assert set(data[0]) == {"id", "kind", "type", "severity", "summary", "why", "example", "twin"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_explain_tells_all_of_a_rule(run: Run, rule: Any) -> None:
    code, out, _ = run("explain", rule.id)
    assert code == 0
    told = " ".join(out.split())
    for text in (rule.id, rule.summary, rule.why, *rule.example, *rule.twin):
        assert " ".join(text.split()) in told
    assert max(map(len, out.splitlines())) <= 80


def test_explain_helps_with_a_wrong_name(run: Run) -> None:
    name = RULES[0].id
    code, out, err = run("explain", name[:-1])
    assert (code, out) == (2, "")
    assert "Did you mean" in err
    assert name in err
    assert "`claimdiff rules` lists them" in run("explain", "xyzzyxyzzy").err


def test_near_names() -> None:
    known = ["number-changed", "time-changed", "quote-altered", "negation-flipped"]
    assert near("number-chnged", known)[0] == "number-changed"
    assert near("quote", known) == ["quote-altered"]
    assert near("completely-other", known) == []
    assert distance("kitten", "sitting", 5) == 3
    assert distance("", "abc", 5) == 3


def test_schema_prints_the_schema(run: Run) -> None:
    assert run("schema") == (0, store.schema(), "")

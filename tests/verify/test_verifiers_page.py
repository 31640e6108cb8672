"""docs/verifiers.md: its examples run, and its tables say what the program does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
from markdown_it import MarkdownIt
from test_merge import one

from claimdiff import compare
from claimdiff.bench import labels
from claimdiff.cli import main
from claimdiff.cli.app import app
from claimdiff.folder import find_pairs
from claimdiff.model import Role
from claimdiff.verify import Answer, Judgement
from claimdiff.verify.merge import merge
from claimdiff.verify.question import questions
from claimdiff.verify.request import plan

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "verifiers.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    tokens = MarkdownIt().parse(TEXT)
    return [token.content for token in tokens if token.type == "fence" and token.info == language]


def table(name: str) -> list[list[str]]:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end of {name} -->", TEXT, re.DOTALL)
    assert found
    return [[cell.strip() for cell in row.strip("|\n ").split("|")] for row in found[1].splitlines()[2:]]


def test_the_verifier_of_the_page_works(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    (code,) = blocks("python")
    assert len(code[: code.index("source =")].strip().splitlines()) <= 30
    exec(code, names)
    assert capsys.readouterr().out == ("Opinion(verifier='superlatives/1', asked=2, judged=2, unjudged=())\n")
    result = names["result"]
    (own,) = [own for own in result.findings if own.rule.startswith("verifier-")] or result.findings
    assert own.derivative
    told = own.message + " " + " ".join(own.because)
    assert "superlatives/1" in told and own.derivative.statement == "d.1"


@pytest.mark.parametrize("row", table("merging"), ids=lambda row: f"{row[0]} / {row[1]}")
def test_the_table_of_merging(row: list[str]) -> None:
    rules, says, then = row
    kinds = {"predicate": "predicate-replaced", "number": "number-changed", "quote": "quote-altered"}
    found = []
    if rules != "nothing":
        type, sure = rules.split()
        found = [[kinds[type], [type], float(sure)]]
    judgement, certainty = says.split()
    got = merge(one(found), [Answer("d.1", Judgement(judgement), float(certainty))], "v")
    left = [f"{own.types[0] if own.types else own.rule} {own.confidence:.2f}" for own in got.findings]
    assert (left or ["nothing"]) == [then]


def test_the_table_of_costs_is_about_right() -> None:
    rows = {row[0]: row for row in table("cost")}
    pairs = list(find_pairs(ROOT / "seeds"))
    assert [pair.name for pair in pairs] == list(rows)
    for pair in pairs:
        *sources, derivative = pair.whole()
        made = compare(list(sources), derivative)
        asked = questions(made)
        there = sum(own.role is not Role.BOILERPLATE for own in made.derivative.statements)
        told = plan(asked)
        got = [len(asked), there, told.requests, told.tokens_sent, told.tokens_back]
        said = [int(number.replace(",", "")) for cell in rows[pair.name][3:] for number in cell.split(" of ")]
        assert got == pytest.approx(said, rel=0.15, abs=1), pair.name


def test_the_examples_of_labelled_texts_can_be_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims, article = blocks("json")
    (tmp_path / "one.json").write_text(article, encoding="utf-8")
    (tmp_path / "claims.jsonl").write_text(claims, encoding="utf-8")
    assert main(["verify-bench", str(tmp_path), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["articles"]["pairs"] == 1 and data["articles"]["figures"]["rules"]["flag"] == 1.0
    assert data["claims"]["claims"] == 2
    assert {own.label for own in labels.read_claims(tmp_path / "claims.jsonl")} == {"supported", "modality"}


@pytest.mark.parametrize("line", [line for own in blocks("sh") for line in own.splitlines()])
def test_commands_are_understood(line: str) -> None:
    words = line.split(" #")[0].split()
    with click.Context(app, obj=None) as parent:
        assert app.commands[words[1]].make_context(words[1], words[2:], parent=parent)


def test_all_options_are_told() -> None:
    names = {own.opts[0] for own in app.commands["compare"].params if own.opts[0].startswith("--verifier")}
    assert names == set(re.findall(r"--verifier(?:-[a-z-]+[a-z])?", TEXT))


def test_there_are_as_many_articles_as_it_says() -> None:
    (number,) = re.findall(r"`benchmarks/articles` has (\d+)", TEXT)
    assert len(list((ROOT / "benchmarks" / "articles").glob("*.json"))) == int(number)

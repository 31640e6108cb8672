"""Formats for other programs: each parses back, and nothing in an article breaks out of it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odd import NASTY, of_place, of_words

from claimdiff.model import Comparison, Document, Kind, Severity, Status
from claimdiff.render import FORMATS, link, words
from claimdiff.render.github import escape
from claimdiff.render.machine import dump
from claimdiff.render.table import FORMULA, cell

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE / "sarif.schema.json").read_text(encoding="utf-8"))
ANY = st.one_of(st.sampled_from(NASTY), st.text(max_size=20))
UNESCAPE = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}
COMMAND = re.compile(r"::(error|warning|notice) ([^\r\n]*?)::([^\r\n]*)")


def rendered(name: str, comparison: Comparison) -> str:
    text = FORMATS[name].render(comparison, color=False, width=80)
    text.encode("utf-8")  # no lone surrogate is left
    return text


each_nasty = pytest.mark.parametrize("text", NASTY)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("html", "json")])
@given(text=ANY)
@settings(max_examples=40, deadline=None)
def test_nothing_in_an_article_steers_what_shows_the_output(name: str, text: str) -> None:
    page = rendered(name, of_words(text + "\x1b[31m\x9b\u202e\u2066\ud800\U000e0041"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", page)


def test_machine_json_reads_back_as_it_was() -> None:
    odd = "a\x9b\u202e\U000e0041\ud800\ufeff语"
    assert json.loads(dump({"x": odd})) == {"x": odd}


# --- SARIF ----------------------------------------------------------------------------------------


@given(ANY)
@settings(max_examples=40, deadline=None)
def test_sarif_follows_its_schema(text: str) -> None:
    made = of_words(text)
    data = json.loads(rendered("sarif", made))
    jsonschema.validate(data, SCHEMA)
    first, lost = data["runs"][0]["results"]
    assert first["partialFingerprints"]["claimdiff/v1"] == text
    assert (first["level"], lost["level"]) == ("error", "warning")
    for result in (first, lost):
        links = re.findall(r"(?<!\\)\]\(([^)]*)\)", result["message"]["text"])
        assert links == ["1"], "the only link is ours"
        file = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w./%~-]+|file:///[\w./%~-]*", file, re.ASCII)


def test_sarif_tells_what_rules_are_and_where_their_pages_are() -> None:
    from claimdiff.detect import RULES

    def rules(**options: Any) -> list[dict[str, Any]]:
        data = json.loads(FORMATS["sarif"].render(of_place("12%"), rules=RULES, **options))
        jsonschema.validate(data, SCHEMA)
        found: list[dict[str, Any]] = data["runs"][0]["tool"]["driver"]["rules"]
        return found

    own = next(rule for rule in RULES if rule.id == "number-changed")
    told = rules()[0]
    assert own.example[1] in told["help"]["text"]
    assert "(docs/rules/number-changed.md)" in told["help"]["markdown"]
    assert own.summary == told["shortDescription"]["text"]
    assert "helpUri" not in told  # which must be absolute
    hosted = rules(docs="https://example.org/{rule}.html")[0]
    assert hosted["helpUri"] == "https://example.org/number-changed.html"


def test_the_schema_is_strict() -> None:
    """Our own reduced schema refuses what the format does not know."""
    data = json.loads(rendered("sarif", of_place("12%")))
    for spoil in (
        lambda run: run["results"][0].update(colour="red"),
        lambda run: run["results"][0]["message"].pop("text"),
        lambda run: run.update(columnKind="bytes"),
        lambda run: run["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
    ):
        bad = json.loads(json.dumps(data))
        spoil(bad["runs"][0])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, SCHEMA)


# --- GitHub, reviewdog, JUnit ---------------------------------------------------------------------


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_github_lines_are_our_commands_only(text: str) -> None:
    made = of_words(text)
    page = rendered("github", made)
    lines = page.splitlines()
    assert page == "".join(f"{line}\n" for line in lines)
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]
    for line in lines[:2]:
        found = COMMAND.fullmatch(line)
        assert found
        about = dict(own.split("=", 1) for own in found[2].split(","))
        assert list(about)[:3] == ["file", "line", "endLine"]
        message = re.sub("%(25|0D|0A|3A|2C)", lambda own: UNESCAPE[own[0]], found[3])
        assert message.startswith(words.plain(text))


def test_github_escapes() -> None:
    assert escape("50%\r\n: ,") == "50%25%0D%0A: ,"


def test_github_keeps_to_its_limits_and_says_so(build: Callable[..., Comparison]) -> None:
    from dataclasses import replace

    lines = [(f"Line {number}.", Status.ADDED) for number in range(30)]
    made = build([("Head", Status.COVERED)], lines)
    own = replace(of_place("12%").findings[0], kind=Kind.ADDITION, source=None)
    places = [statement.place() for statement in made.derivative.statements]
    found = [
        replace(own, derivative=place, severity=Severity.MAJOR if at < 12 else Severity.MINOR)
        for at, place in enumerate(places)
    ]
    page = rendered("github", replace(made, findings=tuple(found)))
    assert page.count("::error ") == page.count("::warning ") == 10
    assert "10 findings not shown here" in page.splitlines()[-1]


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_rdjson_parses_back(text: str) -> None:
    data = json.loads(rendered("rdjson", of_words(text)))
    assert [own["severity"] for own in data["diagnostics"]] == ["ERROR", "WARNING"]
    for own in data["diagnostics"]:
        assert own["message"].startswith(words.plain(text))
        assert own["code"]["value"] == text
        start, end = own["location"]["range"]["start"], own["location"]["range"]["end"]
        assert (start["line"], start["column"]) <= (end["line"], end["column"])


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_junit_is_sound_xml_with_a_case_for_each_statement(text: str) -> None:
    made = of_words(text)
    top = ElementTree.fromstring(rendered("junit", made).encode())
    ids = [own.id for document in made.documents() for own in document.statements]
    cases = list(top.iter("testcase"))
    assert sorted(case.get("name", "").split(" ")[0] for case in cases) == sorted(ids)
    failed = [case for case in cases if case.find("failure") is not None]
    assert len(failed) == int(top.get("failures", 0)) == 2
    assert top.get("tests") == str(len(ids))
    assert {own.tag for own in top.iter()} == {"testsuites", "testsuite", "testcase", "failure"}


def test_junit_skips_boilerplate_and_joins_findings(pair: Comparison) -> None:
    from dataclasses import replace

    again = replace(pair.findings[0], message="Once more.", severity=Severity.MINOR)
    top = ElementTree.fromstring(rendered("junit", replace(pair, findings=(*pair.findings, again))))
    assert top.get("skipped") == "2"
    (case,) = [own for own in top.iter("testcase") if own.get("name", "").startswith("d.2 ")]
    (failure,) = case
    assert failure.get("type") == "major"
    assert failure.get("message", "").endswith("(and 1 finding more)")
    assert "Once more." in (failure.text or "")


# --- Web Annotation, CSV --------------------------------------------------------------------------


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_annotations_quote_the_text_as_it_is(text: str) -> None:
    made = of_words(text)
    data = json.loads(rendered("annotation", made))
    assert data["total"] == len(data["first"]["items"]) == 2
    for own in data["first"]["items"]:
        assert unquote(own["id"], errors="replace").startswith("#finding-")
        for target in own["target"]:
            for selector in target["selector"]:
                if "exact" in selector:
                    around = selector["prefix"] + selector["exact"] + selector["suffix"]
                    assert around in made.derivative.text


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_csv_parses_back_and_holds_no_formula(text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(rendered("csv", of_words(text)), newline="")))
    assert [row["severity"] for row in rows] == ["major", "minor"]
    for row in rows:
        assert None not in row.values() and None not in row
        assert not any(own.startswith(FORMULA) for own in row.values())
        assert row["message"].removeprefix("'") == words.plain(text).strip().removeprefix("'")


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "＝", "＠"])
def test_formulas_are_guarded(first: str) -> None:
    assert cell(f"{first}1") == f"'{first}1"
    assert cell(f"\t\r\n {first}1") == f"'{first}1"
    assert cell("a=1") == "a=1"


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "root", "uri"),
    [
        ("a b/ü.md", "", "a%20b/%C3%BC.md"),
        ("./a/../b.md", "", "b.md"),
        ("a:b#c?d.md", "", "a%3Ab%23c%3Fd.md"),
        ("dir\\file.md", "", "dir/file.md"),
        ("/home/desk/wire/a.md", "/home/desk", "wire/a.md"),
        ("/home/desk/wire/a.md", "", "file:///home/desk/wire/a.md"),
        ("//host/a.md", "", "file:///host/a.md"),
        ("C:\\desk\\a b.md", "", "file:///C:/desk/a%20b.md"),
        ("C:\\desk\\a b.md", "C:\\desk", "a%20b.md"),
        ("", "", "d1"),
        ("standard input", "", "standard%20input"),
        ("\ud800.md", "", "%3F.md"),
    ],
)
def test_uris(name: str, root: str, uri: str) -> None:
    assert link.uri(Document("d1", name, ""), root) == uri


@pytest.mark.parametrize(
    ("rule", "docs", "page"),
    [
        ("number-changed", link.DOCS, "docs/rules/number-changed.md"),
        ("number-changed", "../docs/rules", "../docs/rules/number-changed.md"),
        ("number-changed", "https://x.org/r?id={rule}", "https://x.org/r?id=number-changed"),
        ("../../etc", link.DOCS, "docs/rules/..%2F..%2Fetc.md"),
        ("a)b", "my (docs)", "my%20%28docs%29/a%29b.md"),
        ("number-changed", "", ""),
    ],
)
def test_pages_of_rules(rule: str, docs: str, page: str) -> None:
    assert link.page(rule, docs) == page

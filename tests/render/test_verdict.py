"""A policy's verdict in every format: what it says, and that it says nothing where there is none."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from odd import NASTY, of_words
from test_machine_formats import ANY
from test_markdown_page import kinds

from claimdiff.model import Comparison, Failure, Outcome, Pardon, Severity, Status, Verdict
from claimdiff.render import FORMATS, markdown, summary, words
from claimdiff.render.words import Ruling

SCHEMA = json.loads((Path(__file__).parent / "sarif.schema.json").read_text(encoding="utf-8"))
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MAJOR = Failure('fail-on = "major"', "profile rewrite", "2 major findings.")


def rendered(name: str, comparison: Comparison, **options: Any) -> str:
    return FORMATS[name].render(comparison, **({"color": False, "width": 80} | options))


def blocked(pair: Comparison) -> Comparison:
    """The ferry: its two distortions stop it, its addition is waived, its omissions are for information."""
    stopping, pardoned, rest = pair.findings[:2], pair.findings[2], pair.findings[3:]
    failure = replace(MAJOR, findings=tuple(own.id for own in stopping))
    pardon = Pardon(pardoned, "waiver", "Known to the desk", "Ida", "2031-05-01")
    verdict = Verdict(Outcome.BLOCK, (failure,), (pardon,), ("one waiver matches nothing",))
    return replace(pair, findings=(*stopping, *rest), verdict=verdict)


def for_review(pair: Comparison) -> Comparison:
    return replace(pair, verdict=Verdict(Outcome.REVIEW))


def judged_words(text: str) -> Comparison:
    """Words from outside in every part of a verdict."""
    made = of_words(text)
    stopping, other = made.findings
    pardon = Pardon(replace(other, id="other"), "waiver", text, text, text)
    failure = Failure(text, text, text, (stopping.id,))
    verdict = Verdict(Outcome.BLOCK, (failure, failure), (pardon, replace(pardon, by="comment")), (text,))
    return replace(made, findings=(stopping, replace(other, id="another")), verdict=verdict)


# --- words ----------------------------------------------------------------------------------------

REASONS = (
    Failure('fail-on = "major"', "profile rewrite", "2 major findings."),
    Failure("exact-quotations = true", "claimdiff.toml:3", "1 quotation altered"),
)


@pytest.mark.parametrize(
    ("verdict", "findings", "line"),
    [
        (None, 2, ""),
        (Verdict(Outcome.PASS), 0, "Passed: no findings"),
        (Verdict(Outcome.PASS), 1, "Passed: 1 major finding, which does not stop the text"),
        (Verdict(Outcome.REVIEW), 2, "For review: 2 major findings, none of which stops the text"),
        (Verdict(Outcome.REVIEW, warnings=("x",)), 0, "For review: no findings, but 1 warning"),
        (Verdict(Outcome.BLOCK), 2, "Blocked: the policy stops this text"),
        (
            Verdict(Outcome.BLOCK, REASONS),
            2,
            'Blocked: 2 major findings (fail-on = "major", profile rewrite); '
            "1 quotation altered (exact-quotations = true, claimdiff.toml:3)",
        ),
        (Verdict(Outcome.BLOCK, (Failure("", "", "It."),)), 0, "Blocked: It."),
    ],
)
def test_the_verdict_in_a_line(pair: Comparison, verdict: Verdict | None, findings: int, line: str) -> None:
    assert words.decision(replace(pair, findings=pair.findings[:findings], verdict=verdict)) == line


@pytest.mark.parametrize(
    ("by", "line"),
    [
        ([], ""),
        (["waiver"], "1 waived"),
        (["baseline", "waiver", "waiver"], "2 waived, 1 in the baseline"),
        (["expected", "comment"], "1 waived in the text, 1 expected"),
        (["a rule of tomorrow"], "1 a rule of tomorrow"),
    ],
)
def test_pardons_by_kind(pair: Comparison, by: list[str], line: str) -> None:
    pardons = tuple(Pardon(pair.findings[0], own) for own in by)
    assert words.pardons(Verdict(Outcome.PASS, pardons=pardons)) == line


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (("waiver", "Known.", "Ida", "2031-05-01"), "waived by Ida until 2031-05-01: Known."),
        (("comment", " ours ", "", ""), "waived in the text: ours"),
        (("baseline", "", "", ""), "in the baseline"),
        (("expected", "", "", "2031-05-01"), "expected until 2031-05-01"),
    ],
)
def test_a_pardon_in_a_line(pair: Comparison, given: tuple[str, str, str, str], line: str) -> None:
    assert words.pardon(Pardon(pair.findings[0], *given)) == line


def test_a_finding_stops_the_text_when_a_failure_rests_on_it(pair: Comparison) -> None:
    made = blocked(pair)
    ruling = Ruling(made)
    assert [ruling.said(own) for own in made.findings] == ["stops it"] * 2 + ["for information"] * 2
    assert [Ruling(pair).said(own) for own in pair.findings] == [""] * 5


# --- for people -----------------------------------------------------------------------------------


def test_text_begins_with_the_verdict(pair: Comparison) -> None:
    page = rendered("text", blocked(pair))
    assert page.startswith('Blocked: 2 major findings (fail-on = "major", profile rewrite)\nderivative.md')
    assert "\nMAJOR distortion (number), stops it: 12% in the source, 20% here.\n" in page
    assert "\nMINOR omission, for information: This is an omission.\n" in page
    assert "\nnot counted: 1 waived\nwarning: one waiver matches nothing\n" in page
    assert "Known to the desk" not in page
    assert (
        "  minor addition (d.4, line 7): This is an addition.\n      waived by Ida until 2031-05-01: Known"
        in (rendered("text", blocked(pair), verbose=True))
    )
    assert "MAJOR distortion (number), stops it: " in rendered(
        "text", blocked(pair), width=120, side_by_side=True
    )


@pytest.mark.parametrize(("outcome", "code"), [(Outcome.PASS, 32), (Outcome.REVIEW, 33), (Outcome.BLOCK, 31)])
def test_the_word_has_a_colour(pair: Comparison, outcome: Outcome, code: int) -> None:
    page = rendered("text", replace(pair, verdict=Verdict(outcome)), color=True)
    assert re.match(rf"\x1b\[1m\x1b\[{code}m[A-Z]\w+\x1b\[0m", page)


def test_what_stops_the_text_comes_first(pair: Comparison) -> None:
    minor = pair.findings[4]
    made = replace(pair, verdict=Verdict(Outcome.BLOCK, (replace(MAJOR, findings=(minor.id,)),)))
    for name in FORMATS.keys() - {"json", "html", "junit"}:
        page = rendered(name, made)
        said = "The union had not been asked."
        assert page.index(said) < page.index("A plan in the source"), name
    page = markdown.render(made)
    assert "## What stops the text\n\n### 1. Minor omission\n" in page
    assert "## For information\n\n### 2. Major distortion (modality, time)\n" in page
    assert '(fail-on = "major", profile rewrite): finding 1\n' in page


def test_markdown_says_why_and_what_does_not_count(pair: Comparison) -> None:
    for page in (markdown.render(blocked(pair)), summary.render(blocked(pair))):
        assert page.split("\n")[2] == "**Blocked: the policy stops this text.**"
        assert '\n- 2 major findings (fail-on = "major", profile rewrite)' in page
        assert "Warning: one waiver matches nothing\n" in page
        assert "1 waived.\n" in page
        last = page.rstrip().split("\n")[-1]
        assert last.startswith("- Minor addition (d.4, line 7): This is an addition. [`addition-rule`]")
        assert last.endswith(", waived by Ida until 2031-05-01: Known to the desk")


def test_an_omission_that_does_not_count_keeps_its_place(pair: Comparison) -> None:
    *rest, lost = pair.findings
    verdict = Verdict(Outcome.REVIEW, pardons=(Pardon(lost, "baseline"),))
    page = markdown.render(replace(pair, findings=tuple(rest), verdict=verdict))
    assert "- After d.3 (line 5): The union had not been asked. (s.4, line 7; not counted)\n" in page


@pytest.mark.parametrize("text", NASTY)
def test_nothing_in_a_verdict_acts_in_markdown(text: str) -> None:
    for render in (markdown.render, summary.render):
        found = {
            kind: n for kind, n in kinds(render(judged_words(text))).items() if not kind.startswith("text")
        }
        plain = kinds(render(judged_words("Words")))
        for kind in ("html_block", "html_inline", "heading_open", "list_item_open", "table_open", "image"):
            assert found.get(kind, 0) == plain[kind], kind
        links = [kind for kind in found if kind == "link_open"]
        assert not links or found["link_open"] == plain["link_open"]


def test_markdown_is_never_too_long(build: Callable[..., Comparison]) -> None:
    text = "*words* " * 3_000
    made = build([("Head", Status.COVERED)], [(f"{n} {text}", Status.ADDED) for n in range(400)])
    own = of_words("x").findings[0]
    found = [
        replace(own, id=str(n), derivative=at.place()) for n, at in enumerate(made.derivative.statements)
    ]
    found = [replace(one, message=text, source=None) for one in found]
    failures = [Failure(text, text, text, tuple(one.id for one in found[::2]))] * 60
    pardons = [Pardon(one, "waiver", text, text, text) for one in found[200:]]
    verdict = Verdict(Outcome.BLOCK, tuple(failures), tuple(pardons), (text,) * 60)
    judged = replace(made, findings=tuple(found[:200]), notes=(text,) * 60, verdict=verdict)
    page = markdown.render(judged)
    assert len(page) <= markdown.LIMIT
    assert "40 reasons, 40 warnings, " in page and " pardoned findings.\n" in page
    brief = summary.render(judged)
    assert len(brief) < 20_000 and brief.count("\n") < 70
    assert "- 55 more reasons\n" in brief and "\n58 more warnings.\n" in brief


# --- for machines ---------------------------------------------------------------------------------


def test_sarif_has_the_verdict_and_leaves_out_what_does_not_count(pair: Comparison) -> None:
    made = blocked(pair)
    data = json.loads(rendered("sarif", made))
    jsonschema.validate(data, SCHEMA)
    (run,) = data["runs"]
    ids = [own.id for own in made.findings[:2]]
    assert run["properties"]["verdict"] == {
        "outcome": "block",
        "failures": [
            {
                "setting": 'fail-on = "major"',
                "origin": "profile rewrite",
                "message": "2 major findings.",
                "findings": ids,
            }
        ],
    }
    assert [own["level"] for own in run["results"]] == ["error", "error", "warning", "warning"]
    assert not any("suppressions" in own for own in run["results"])


@pytest.mark.parametrize(
    ("by", "kind"),
    [("waiver", "external"), ("comment", "inSource"), ("baseline", "external"), ("expected", "external")],
)
def test_sarif_suppresses_what_does_not_count(pair: Comparison, by: str, kind: str) -> None:
    pardon = Pardon(pair.findings[4], by, "Known")
    made = replace(pair, findings=pair.findings[:4], verdict=Verdict(Outcome.REVIEW, pardons=(pardon,)))
    data = json.loads(rendered("sarif", made, waived=True))
    jsonschema.validate(data, SCHEMA)
    *counting, last = data["runs"][0]["results"]
    assert not any("suppressions" in own for own in counting)
    assert last["suppressions"] == [{"kind": kind, "justification": words.pardon(pardon)}]
    assert data["runs"][0]["tool"]["driver"]["rules"][last["ruleIndex"]]["id"] == last["ruleId"]


def test_github_raises_only_what_stops_the_text(pair: Comparison) -> None:
    lines = rendered("github", blocked(pair)).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 2 + ["::warning"] * 2 + ["::error"]
    assert lines[-1].startswith("::error title=claimdiff::Blocked: 2 major findings (fail-on")
    assert lines[-1].endswith("%0ANot counted: 1 waived.%0AWarning: one waiver matches nothing")
    lines = rendered("github", for_review(pair)).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::warning"] * 5 + ["::notice"]


def test_github_keeps_room_for_the_verdict(build: Callable[..., Comparison]) -> None:
    made = build([("Head", Status.COVERED)], [(f"Line {n}.", Status.ADDED) for n in range(30)])
    own = replace(of_words("x").findings[0], source=None)
    found = [
        replace(own, id=str(n), derivative=at.place()) for n, at in enumerate(made.derivative.statements)
    ]
    failure = replace(MAJOR, findings=tuple(one.id for one in found))
    page = rendered(
        "github", replace(made, findings=tuple(found), verdict=Verdict(Outcome.BLOCK, (failure,)))
    )
    assert page.count("::error ") == 10
    assert "21 findings not shown here" in page.splitlines()[-1]


def test_rdjson_and_csv_say_what_stops_the_text(pair: Comparison) -> None:
    made = blocked(pair)
    severities = [own["severity"] for own in json.loads(rendered("rdjson", made))["diagnostics"]]
    assert severities == ["ERROR", "ERROR", "WARNING", "WARNING"]
    rows = list(csv.DictReader(io.StringIO(rendered("csv", made), newline="")))
    assert [row["stops"] for row in rows] == ["yes", "yes", "no", "no"]
    assert "stops" not in rendered("csv", pair).splitlines()[0]


@pytest.mark.parametrize(("judge", "failures"), [(blocked, 1 + 2), (for_review, 0)])
def test_junit_fails_only_for_what_stops_the_text(
    pair: Comparison, judge: Callable[[Comparison], Comparison], failures: int
) -> None:
    made = judge(pair)
    top = ElementTree.fromstring(rendered("junit", made))
    cases = list(top.iter("testcase"))
    assert top.get("tests") == str(len(cases))
    assert top.get("failures") == str(failures) == str(len(top.findall(".//failure")))
    (verdict,) = [own for own in cases if own.get("name") == "verdict"]
    failure = verdict.find("failure")
    assert (failure is not None) == bool(failures)
    if failure is not None:
        assert failure.get("message") == f"{words.decision(made)}."
        assert failure.get("type") == "block"
    told = "".join(own.text or "" for own in top.iter("system-out"))
    assert told.count("For information.") == len(made.findings) - max(0, failures - 1)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("html", "json")])
@given(text=ANY)
@settings(max_examples=30, deadline=None)
def test_nothing_in_a_verdict_steers_what_shows_the_output(name: str, text: str) -> None:
    made = judged_words(text + "\x1b[31m\x9b\u202e\u2066\ud800\U000e0041")
    page = rendered(name, made, verbose=True, waived=True)
    page.encode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", page)
    if name == "sarif":
        jsonschema.validate(json.loads(page), SCHEMA)
    if name == "junit":
        ElementTree.fromstring(page.encode())
    if name == "github":
        assert len(page.splitlines()) == 3


def test_without_a_verdict_nothing_is_said_of_one(pair: Comparison) -> None:
    for name in FORMATS.keys() - {"html"}:
        page = rendered(name, pair, verbose=True, waived=True)
        for said in ("stops", "for information", "For information", "Blocked", "ot counted", "verdict"):
            assert said not in page, (name, said)
    assert {own.severity for own in pair.findings} == set(Severity)

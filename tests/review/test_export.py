"""A review as a report, as JSON and as waivers that a check honours."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from newsdesk import DERIVATIVE, MENDED, SOURCE, WORSE, texts

from claimdiff import store
from claimdiff.cli import main
from claimdiff.errors import InputError
from claimdiff.gate import waiver
from claimdiff.model import Comparison, Verdict
from claimdiff.review import export
from claimdiff.review.record import Act
from claimdiff.review.service import Review

ANN: dict[str, Any] = {"author": "Ann", "revision": 1}
NASTY = (
    "<script>alert(1)</script> | a | ![x](http://e.org/x) [y](javascript:1) `c` **b** # h"
    "\n\n- item\n\n    code"
)


def dismiss_all(review: Review, id: str, reason: str = "checked by telephone", **who: Any) -> None:
    for finding in review.view(id).comparison.findings:
        review.decide(id, finding.id, Act.DISMISSED, reason, **(who or ANN))


def test_what_there_is(review: Review, ferry: str) -> None:
    assert tuple(export.FORMS) == ("markdown", "json", "waivers")
    for form in export.FORMS:
        assert review.export(ferry, form) == review.export(ferry, form)
    with pytest.raises(InputError, match="there are markdown, json, waivers"):
        review.export(ferry, "pdf")


# --- waivers ----------------------------------------------------------------------------------------


class Checker:
    """`claimdiff check` in a folder with the texts and a file of waivers: its exit code, and the comparison
    that it came to."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.judged: Comparison

    def __call__(self, waivers: str, derivative: str) -> int:
        named = {"source.txt": SOURCE, "derivative.txt": derivative, waiver.FILE: waivers}
        for name, text in named.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        code = main(
            ["check", "derivative.txt", "--source", "source.txt", "--no-cache", "--no-config",
             "--fail-confidence", "0.3", "--format", "json"]
        )  # fmt: skip
        self.judged = store.from_json(self.capsys.readouterr().out)
        return int(code)

    @property
    def verdict(self) -> Verdict:
        assert self.judged.verdict
        return self.judged.verdict


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checker:
    monkeypatch.chdir(tmp_path)
    return Checker(tmp_path, capsys)


def test_check_honours_what_was_dismissed(review: Review, ferry: str, check: Checker) -> None:
    assert check(review.export(ferry, "waivers"), DERIVATIVE) == 1
    dismiss_all(review, ferry, "agreed with the desk\nat 14:05 – “really”")
    assert check(review.export(ferry, "waivers"), DERIVATIVE) == 0
    own = review.view(ferry).comparison.verdict
    assert own
    assert len(own.pardons) == 2
    assert check.verdict == own


def test_check_does_not_let_pass_what_was_not_dismissed(review: Review, ferry: str, check: Checker) -> None:
    first, second = review.view(ferry).comparison.findings
    review.decide(ferry, first.id, Act.DISMISSED, "ok", **ANN)
    review.decide(ferry, second.id, Act.ACCEPTED, **ANN)
    assert [own.finding for own in waiver.read(review.export(ferry, "waivers"), "w")] == [first.id]
    assert check(review.export(ferry, "waivers"), DERIVATIVE) == 1
    assert [own.id for own in check.judged.findings] == [second.id]


def test_waivers_hold_what_is_there_now_alone(review: Review, ferry: str, check: Checker) -> None:
    dismiss_all(review, ferry)
    review.edit(ferry, MENDED, **ANN)
    text = review.export(ferry, "waivers")
    assert [own.rule for own in waiver.read(text, "w")] == ["entity-added"]
    assert check(text, MENDED) == 0
    assert check.verdict.warnings == ()
    assert check(text, WORSE) == 1


def test_nothing_dismissed_is_a_file_without_entries(review: Review, ferry: str) -> None:
    text = review.export(ferry, "waivers")
    assert text == waiver.FORM.header
    assert waiver.read(text, "w") == ()


@pytest.mark.parametrize(
    "name",
    [
        "../other/story.md",
        "/abs/story.md",
        "a\\b\\story.md",
        "./x//story.md",
        "..",
        "/",
        "//",
        ".",
        "a\0b",
        " ",
    ],
)
def test_waivers_name_a_plain_path_whatever_the_text_is_called(review: Review, name: str) -> None:
    sources, derivative = texts()
    id = review.start("x", sources, replace(derivative, name=name, form="text"), author="Ann")
    dismiss_all(review, id)
    assert len(waiver.read(review.export(id, "waivers"), "w")) == 2


@pytest.mark.parametrize(
    "reason", ['"""', "'''", "\\", "# x", "[[waiver]]", "a\nb", "\U000e0001x", "\u202ex", "é\ttab"]
)
def test_odd_reasons_are_read_back(review: Review, ferry: str, reason: str) -> None:
    dismiss_all(review, ferry, reason)
    assert [own.reason for own in waiver.read(review.export(ferry, "waivers"), "w")] == [reason] * 2


# --- JSON -------------------------------------------------------------------------------------------


def test_json_holds_everything(review: Review, ferry: str) -> None:
    first, second = review.view(ferry).comparison.findings
    review.decide(ferry, first.id, Act.DISMISSED, "ok", **ANN)
    review.decide(ferry, second.id, Act.ACCEPTED, author="Bob", revision=1)
    review.comment(ferry, "see line 5", finding=first.id, **ANN)
    review.edit(ferry, DERIVATIVE.replace("Denmark", "Fredrikshavn"), note="place", **ANN)
    data = json.loads(review.export(ferry, "json"))
    view = review.view(ferry)
    assert store.from_json(json.dumps(data["comparison"])) == view.comparison
    assert data["state"] == "in review"
    assert (data["id"], data["name"], data["revision"]) == (ferry, "Ferry", 2)
    assert data["decisions"][0] == {
        "finding": first.id,
        "decision": "dismissed",
        "reason": "ok",
        "author": "Ann",
        "at": view.events[1].at,
    }
    assert data["standings"][second.id] == "fixed"
    assert [own["id"] for own in data["fixed"]] == [second.id]
    assert [own["act"] for own in data["events"]] == [
        "created", "dismissed", "accepted", "commented", "edited",
    ]  # fmt: skip
    assert [own["number"] for own in data["events"]] == [own.number for own in view.events]
    assert data["comments"][0]["text"] == "see line 5"
    assert [own["number"] for own in data["revisions"]] == [1, 2]
    assert data["progress"]["total"] == view.progress.total


# --- Markdown ---------------------------------------------------------------------------------------


def test_report_tells_decisions_and_log(review: Review, ferry: str) -> None:
    first, second = review.view(ferry).comparison.findings
    review.decide(ferry, first.id, Act.DISMISSED, "agreed", **ANN)
    review.decide(ferry, second.id, Act.ACCEPTED, author="Bob", revision=1)
    review.undo(ferry, author="Bob", revision=1)
    text = review.export(ferry, "markdown")
    assert text.startswith("# Ferry\n")
    assert "The text is **in review**, revision 1, 1 of 2 decided. Last: Bob," in text
    assert f"| {first.message} ({first.id}) | major | dismissed | agreed | Ann |" in text
    assert f"({second.id}) | major | open |" in text
    assert "| Bob | undid: accepted a finding (2026-01-01T" in text
    assert text.endswith("|\n")


def test_nothing_that_people_write_acts_in_the_report(review: Review) -> None:
    sources, derivative = texts()
    id = review.start(NASTY, sources, replace(derivative, name=NASTY), author=NASTY)
    dismiss_all(review, id, NASTY, author=NASTY, revision=1)
    review.comment(id, NASTY, author=NASTY, revision=1)
    text = review.export(id, "markdown")
    reader = MarkdownIt("commonmark").enable("table")
    inside = [child for token in reader.parse(text) for child in (token, *(token.children or ()))]
    assert not {own.type for own in inside} & {"html_block", "html_inline", "image", "code_block"}
    links = [str(own.attrs["href"]) for own in inside if own.type == "link_open"]
    assert all("docs/rules/" in link for link in links)
    log = text[text.index("### Log") :].strip().split("\n")[2:]
    assert len(log) == 2 + len(review.view(id).events)
    assert "### Log" not in reader.render(text)


def test_report_of_an_older_revision_says_so(review: Review, ferry: str) -> None:
    dismiss_all(review, ferry)
    review.edit(ferry, MENDED, **ANN)
    text = export.as_markdown(review.view(ferry, 1))
    assert "revision 1 of 2," in text

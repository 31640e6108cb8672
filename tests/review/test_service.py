"""What editors can do with comparisons, and what is refused."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsdesk import DERIVATIVE, MENDED, SOURCE, WORSE, Clock, desk, texts

from claimdiff import store
from claimdiff.errors import ClaimdiffError, ConfigError, InputError, NotComparableError
from claimdiff.gate.waiver import Waiver
from claimdiff.model import Comparison, Outcome, Severity
from claimdiff.review import record
from claimdiff.review.database import Database
from claimdiff.review.record import Act, Standing, State, Text
from claimdiff.review.service import Refused, Review, Unknown, work

ANN: dict[str, Any] = {"author": "Ann", "revision": 1}
BOB: dict[str, Any] = {"author": "Bob", "revision": 1}


def findings(review: Review, id: str) -> dict[str, str]:
    """The id of each finding, by its rule."""
    view = review.view(id)
    pardons = view.comparison.verdict.pardons if view.comparison.verdict else ()
    return {own.rule: own.id for own in (*view.comparison.findings, *(own.finding for own in pardons))}


def acts(review: Review, id: str) -> list[Act]:
    return [own.act for own in review.view(id).events]


def dismiss_all(review: Review, id: str, **who: Any) -> None:
    for finding in review.view(id).comparison.findings:
        review.decide(id, finding.id, Act.DISMISSED, "checked by telephone", **(who or ANN))


# --- starting ---------------------------------------------------------------------------------------


def test_start_judges_and_keeps(review: Review, ferry: str) -> None:
    view = review.view(ferry)
    assert set(findings(review, ferry)) == {"number-changed", "entity-added"}
    assert view.comparison.verdict and view.comparison.verdict.outcome is Outcome.BLOCK
    assert set(view.standings.values()) == {Standing.OPEN}
    assert (view.row.name, view.row.author, view.row.state) == ("Ferry", "Ann", State.NEW)
    assert (view.row.total, view.row.decided, view.row.major, view.row.open) == (2, 0, 2, 2)
    assert (view.row.outcome, view.row.drift) == ("block", view.comparison.summary.drift)
    assert [own.act for own in view.events] == [Act.CREATED]
    assert (view.sources, view.derivative) == (tuple(texts()[0]), texts()[1])
    assert view.current
    assert view.path == "derivative.txt"


def test_same_texts_are_one_comparison(review: Review, ferry: str) -> None:
    before = review.view(ferry)
    assert review.start("Another name", *texts(), author="Bob") == ferry
    assert review.view(ferry) == before
    assert review.search().total == 1


@pytest.mark.parametrize(
    "other",
    [
        texts(derivative=MENDED),
        texts(source=SOURCE + "\nMore is to come.\n"),
        (texts()[0], replace(texts()[1], name="other.txt")),
        (texts()[0], replace(texts()[1], form="markdown")),
        (texts()[0] * 2, texts()[1]),
    ],
)
def test_other_texts_are_another_comparison(
    review: Review, ferry: str, other: tuple[list[Text], Text]
) -> None:
    assert review.find(*other) is None
    assert review.start("Ferry", *other, author="Ann") != ferry


def test_other_settings_of_the_engine_are_another_comparison_and_a_policys_are_not(
    review: Review, ferry: str, database: Database, tmp_path: Path
) -> None:
    stricter = Review(database, desk(tmp_path, fail_on="minor"))
    assert stricter.find(*texts()) == (ferry, 1)
    assert Review(database, desk(tmp_path, sourced_numbers=True)).find(*texts()) is None


def test_byte_order_mark_makes_no_other_text(review: Review, ferry: str) -> None:
    sources, derivative = texts()
    marked = replace(derivative, data=b"\xef\xbb\xbf" + derivative.data)
    assert review.find(sources, marked) == (ferry, 1)


def test_work_is_done_in_any_process(review: Review, tmp_path: Path) -> None:
    job = pickle.loads(pickle.dumps(review.job(*texts())))
    result = work(job)
    assert store.from_json(result).verdict is None
    id = review.start("", *texts(), author="Ann", result=result)
    assert id == job.key
    assert review.row(id).name == "derivative.txt"


def test_job_leaves_waivers_at_home(database: Database, tmp_path: Path) -> None:
    waiver = Waiver("0" * 12, "derivative.txt", "r", "s", "why")
    own = Review(database, replace(desk(tmp_path), waivers=(waiver,)))
    assert own.job(*texts()).desk.waivers == ()


@pytest.mark.parametrize(
    ("sources", "derivative", "error"),
    [
        ([], texts()[1], InputError),
        (texts()[0] * 51, texts()[1], InputError),
        (texts()[0], Text("d.txt", b"x" * 10_000_001), InputError),
        (texts()[0], Text("d", b"x", "wordstar"), InputError),
        (texts()[0], Text("n" * 501, b"x"), InputError),
        (texts()[0], Text("d.txt", b"\x00\x01\x02" * 99), InputError),
        (texts()[0], Text("d.txt", b""), NotComparableError),
        (
            texts()[0],
            Text("d.md", b"A <!-- claimdiff: ignore --> line.\n" + DERIVATIVE.encode()),
            ConfigError,
        ),
    ],
)
def test_texts_that_cannot_be_compared_leave_nothing(
    review: Review, sources: list[Text], derivative: Text, error: type[ClaimdiffError]
) -> None:
    with pytest.raises(error):
        review.start("x", sources, derivative, author="Ann")
    assert review.search().total == 0


def test_starting_at_once_makes_one_comparison(review: Review) -> None:
    with ThreadPoolExecutor(6) as threads:
        ids = set(threads.map(lambda at: review.start(f"n{at}", *texts(), author="Ann"), range(12)))
    (id,) = ids
    assert acts(review, id) == [Act.CREATED]


def test_text_with_a_form_is_read_in_it(review: Review) -> None:
    page = f"<html><body><article><p>{DERIVATIVE}</p></article></body></html>"
    id = review.start("x", texts()[0], Text("page", page.encode(), "html"), author="Ann")
    told = review.view(id).comparison.derivative
    assert not any("<p>" in own.text for own in told.statements)


def test_typed_text_is_read_as_typed_whatever_files_are_encoded_in(
    database: Database, tmp_path: Path
) -> None:
    own = Review(database, replace(desk(tmp_path), encoding="cp1252"))
    old = own.typed("s.txt", SOURCE.replace("Brekke", "Bråten"))
    id = own.start("x", [old], own.typed("d.txt", DERIVATIVE.replace("Brekke", "Bråten")), author="Ann")
    assert "Bråten" in own.view(id).comparison.derivative.text
    own.edit(id, MENDED.replace("Brekke", "Bråten"), author="Ann", revision=1)
    assert "Bråten" in own.view(id).comparison.derivative.text


# --- deciding ---------------------------------------------------------------------------------------


def test_dismissed_finding_is_pardoned_and_an_accepted_one_counts(review: Review, ferry: str) -> None:
    found = findings(review, ferry)
    review.decide(ferry, found["number-changed"], Act.DISMISSED, "updated at 14:05", **ANN)
    review.decide(ferry, found["entity-added"], Act.ACCEPTED, **BOB)
    view = review.view(ferry)
    assert view.comparison.verdict
    (pardon,) = view.comparison.verdict.pardons
    assert (pardon.finding.rule, pardon.by, pardon.reason, pardon.who) == (
        "number-changed", "waiver", "updated at 14:05", "Ann",
    )  # fmt: skip
    assert [own.rule for own in view.comparison.findings] == ["entity-added"]
    assert view.standings == {
        found["number-changed"]: Standing.DISMISSED,
        found["entity-added"]: Standing.ACCEPTED,
    }
    assert (view.progress.decided, view.progress.total, view.progress.unfixed_major) == (2, 2, 1)
    assert (view.row.decided, view.row.major, view.row.state) == (2, 0, State.IN_REVIEW)
    assert (view.row.last_author, view.row.outcome) == ("Bob", "review")  # not certain enough to stop it


@pytest.mark.parametrize("reason", ["", "  \n ", "\u200b", "\x00"])
def test_dismissing_needs_a_reason(review: Review, ferry: str, reason: str) -> None:
    finding = findings(review, ferry)["number-changed"]
    if reason == "\x00":  # is shown as a sign of its own, so it is something
        review.decide(ferry, finding, Act.DISMISSED, reason, **ANN)
        assert review.view(ferry).decisions[finding].reason == "\ufffd"
        return
    with pytest.raises(InputError, match="the reason is empty"):
        review.decide(ferry, finding, Act.DISMISSED, reason, **ANN)
    assert acts(review, ferry) == [Act.CREATED]


@pytest.mark.parametrize("author", ["", " ", "\x00\x1f", "\u200b", "n" * 201])
def test_every_act_needs_an_author(review: Review, ferry: str, author: str) -> None:
    who: dict[str, Any] = {"author": author, "revision": 1}
    finding = findings(review, ferry)["number-changed"]
    tries: list[Callable[[], object]] = [
        lambda: review.start("x", *texts(), author=author),
        lambda: review.decide(ferry, finding, Act.ACCEPTED, **who),
        lambda: review.comment(ferry, "x", **who),
        lambda: review.undo(ferry, **who),
        lambda: review.ask_changes(ferry, **who),
        lambda: review.sign_off(ferry, **who),
        lambda: review.reopen(ferry, **who),
        lambda: review.edit(ferry, MENDED, **who),
    ]
    for attempt in tries:
        with pytest.raises(InputError):
            attempt()
    assert acts(review, ferry) == [Act.CREATED]


def test_what_is_no_decision_is_refused(review: Review, ferry: str) -> None:
    with pytest.raises(InputError, match="no decision"):
        review.decide(ferry, findings(review, ferry)["number-changed"], Act.SIGNED_OFF, "x", **ANN)


def test_same_decision_again_is_the_same_event(review: Review, ferry: str) -> None:
    finding = findings(review, ferry)["number-changed"]
    first = review.decide(ferry, finding, Act.DISMISSED, "a reason", **ANN)
    assert review.decide(ferry, finding, Act.DISMISSED, " a reason ", **ANN) == first
    for reason, who in (("another", ANN), ("another", BOB), ("a reason", ANN)):
        assert review.decide(ferry, finding, Act.DISMISSED, reason, **who) != first
    assert len(acts(review, ferry)) == 5


@pytest.mark.parametrize("id", ["", "x", "0" * 32, "0" * 99, "\x00", "\ud800", "../..", "%" * 32])
def test_unknown_comparison(review: Review, ferry: str, id: str) -> None:
    for attempt in (review.view, review.row, lambda id: review.comment(id, "x", **ANN)):
        with pytest.raises(Unknown):
            attempt(id)


@pytest.mark.parametrize("finding", ["", "x", "0" * 12, "\ud800", "a\x00"])
def test_unknown_finding(review: Review, ferry: str, finding: str) -> None:
    with pytest.raises((Unknown, Refused)):
        review.decide(ferry, finding, Act.ACCEPTED, **ANN)
    if finding:
        with pytest.raises(Unknown):
            review.comment(ferry, "x", finding=finding, **ANN)
    assert acts(review, ferry) == [Act.CREATED]


@pytest.mark.parametrize("revision", [0, -1, 2, 2**63])
def test_unknown_revision(review: Review, ferry: str, revision: int) -> None:
    for attempt in (review.comment, review.sign_off, review.ask_changes, review.reopen):
        with pytest.raises(Unknown):
            attempt(ferry, "x", author="Ann", revision=revision)
    with pytest.raises(Unknown):
        review.view(ferry, revision)
    with pytest.raises(Unknown):
        review.edit(ferry, MENDED, author="Ann", revision=revision)


# --- signing off ------------------------------------------------------------------------------------


def test_sign_off_waits_for_what_is_major(review: Review, ferry: str) -> None:
    found = findings(review, ferry)
    with pytest.raises(Refused, match="2 major findings are undecided"):
        review.sign_off(ferry, **ANN)
    review.decide(ferry, found["number-changed"], Act.DISMISSED, "ok", **ANN)
    with pytest.raises(Refused, match="1 major finding is undecided"):
        review.sign_off(ferry, **ANN)
    review.decide(ferry, found["entity-added"], Act.ACCEPTED, **ANN)
    with pytest.raises(Refused, match="1 major finding was accepted and still there"):
        review.sign_off(ferry, **ANN)
    review.decide(ferry, found["entity-added"], Act.DISMISSED, "also ok", **ANN)
    review.sign_off(ferry, "good to go", **BOB)
    row = review.row(ferry)
    assert (row.state, row.outcome, row.last_author) == (State.SIGNED_OFF, "pass", "Bob")
    assert acts(review, ferry).count(Act.SIGNED_OFF) == 1


def test_minor_findings_keep_no_text(review: Review, invented: Comparison) -> None:
    id = review.start("x", *texts(), author="Ann", result=store.to_json(invented))
    view = review.view(id)
    majors = [own for own in view.comparison.findings if own.severity == "major"]
    assert len(majors) == 3
    assert view.progress.total > 3
    for own in majors:
        review.decide(id, own.id, Act.DISMISSED, "ok", **ANN)
    review.sign_off(id, **ANN)
    assert review.row(id).open > 0


def test_signed_text_is_decided_on_only_after_reopening(review: Review, ferry: str) -> None:
    dismiss_all(review, ferry)
    review.sign_off(ferry, **BOB)
    finding = findings(review, ferry)["number-changed"]
    with pytest.raises(Refused, match="reopen"):
        review.decide(ferry, finding, Act.ACCEPTED, **ANN)
    with pytest.raises(Refused, match="reopen"):
        review.undo(ferry, **ANN)
    for attempt in (review.sign_off, review.ask_changes):
        with pytest.raises(Refused, match="reopen"):
            attempt(ferry, **ANN)
    review.comment(ferry, "a reader wrote", **ANN)
    assert review.row(ferry).state is State.SIGNED_OFF
    review.reopen(ferry, **ANN)
    assert review.row(ferry).state is State.IN_REVIEW
    review.decide(ferry, finding, Act.ACCEPTED, **ANN)


def test_reopening_needs_something_closed(review: Review, ferry: str) -> None:
    with pytest.raises(Refused, match="nothing to reopen"):
        review.reopen(ferry, **ANN)
    review.ask_changes(ferry, "please mend the figure", **ANN)
    assert review.row(ferry).state is State.CHANGES_ASKED
    review.reopen(ferry, **BOB)
    assert review.row(ferry).state is State.IN_REVIEW


# --- undoing ----------------------------------------------------------------------------------------


def test_undo_takes_back_ones_own_last_act(review: Review, ferry: str) -> None:
    found = findings(review, ferry)
    review.decide(ferry, found["number-changed"], Act.DISMISSED, "ok", **ANN)
    review.decide(ferry, found["entity-added"], Act.DISMISSED, "ok", **BOB)
    undone = review.undo(ferry, **ANN)
    assert (undone.act, undone.of, undone.finding) == (Act.UNDONE, 2, found["number-changed"])
    assert set(review.view(ferry).decisions) == {found["entity-added"]}
    assert review.row(ferry).decided == 1
    with pytest.raises(Refused, match="nothing of Ann's to undo"):
        review.undo(ferry, **ANN)
    review.undo(ferry, **BOB)
    assert review.row(ferry).state is State.NEW
    assert len(acts(review, ferry)) == 5


def test_undo_never_goes_past_a_new_revision(review: Review, ferry: str) -> None:
    dismiss_all(review, ferry)
    review.edit(ferry, WORSE, **BOB)
    with pytest.raises(Refused, match="edited"):
        review.undo(ferry, **ANN)
    for author in ("Ann", "Bob"):
        with pytest.raises(Refused, match="nothing"):
            review.undo(ferry, author=author, revision=2)


def test_sign_off_can_be_undone_by_whoever_signed(review: Review, ferry: str) -> None:
    dismiss_all(review, ferry)
    review.sign_off(ferry, **BOB)
    review.undo(ferry, **BOB)
    assert review.row(ferry).state is State.IN_REVIEW


def test_undoing_a_reopening_does_not_sign_what_is_undecided(review: Review, ferry: str) -> None:
    dismiss_all(review, ferry, **BOB)
    review.sign_off(ferry, **ANN)
    review.reopen(ferry, author="Cat", revision=1)
    review.undo(ferry, **BOB)
    with pytest.raises(Refused, match="undecided"):
        review.undo(ferry, author="Cat", revision=1)
    assert review.row(ferry).state is State.IN_REVIEW


# --- editing ----------------------------------------------------------------------------------------


def test_edit_keeps_decisions_and_tells_what_is_fixed_and_new(review: Review, ferry: str) -> None:
    old = findings(review, ferry)
    review.decide(ferry, old["number-changed"], Act.ACCEPTED, **ANN)
    review.decide(ferry, old["entity-added"], Act.DISMISSED, "known", **BOB)
    mended = WORSE.replace("20 percent", "12 percent")
    assert review.edit(ferry, mended, author="Ann", revision=1, note="figure mended") == 2
    view = review.view(ferry)
    new = findings(review, ferry)
    assert new["entity-added"] == old["entity-added"]
    assert "number-changed" in new and new["number-changed"] != old["number-changed"]
    assert view.standings == {
        old["number-changed"]: Standing.FIXED,
        old["entity-added"]: Standing.DISMISSED,
        new["number-changed"]: Standing.NEW,
    }
    assert [own.id for own in view.fixed] == [old["number-changed"]]
    assert view.fixed[0].severity == "major" and "20 percent" in view.fixed[0].message
    assert [own.number for own in view.revisions] == [1, 2]
    assert (view.events[-1].act, view.events[-1].text, view.events[-1].revision) == (
        Act.EDITED, "figure mended", 2,
    )  # fmt: skip
    assert view.derivative == Text("derivative.txt", mended.encode())
    assert view.progress.unfixed_major == 0
    with pytest.raises(Refused, match="does not have this finding any more"):
        review.decide(ferry, old["number-changed"], Act.ACCEPTED, author="Ann", revision=2)
    with pytest.raises(Refused, match="does not have this finding any more"):
        review.decide(ferry, old["number-changed"], Act.DISMISSED, "x", author="Ann", revision=1)


def test_fixed_finding_stays_fixed_and_a_decision_comes_back_with_its_finding(
    review: Review, ferry: str
) -> None:
    old = findings(review, ferry)["number-changed"]
    review.decide(ferry, old, Act.ACCEPTED, **ANN)
    review.edit(ferry, MENDED, author="Ann", revision=1)
    review.edit(ferry, MENDED + "\nIt is a long way to Denmark.\n", author="Ann", revision=2)
    assert review.view(ferry).standings[old] is Standing.FIXED
    review.edit(ferry, DERIVATIVE, author="Ann", revision=3)
    assert review.view(ferry).standings[old] is Standing.ACCEPTED
    assert review.view(ferry).fixed == () or old not in {own.id for own in review.view(ferry).fixed}
    assert review.find(*texts()) == (ferry, 4)


def test_finding_that_comes_back_is_new(review: Review, invented: Comparison) -> None:
    results = [store.to_json(replace(invented, findings=invented.findings[at:])) for at in (0, 1, 0, 2)]
    id = review.start("x", *texts(), author="Ann", result=results[0])
    for number in (1, 2, 3):
        text = f"{DERIVATIVE}{number}"
        review.edit(id, text, author="Ann", revision=number, result=results[number])
    first, second, *rest = (own.id for own in invented.findings)
    assert review.view(id, 2).standings == {first: Standing.FIXED} | dict.fromkeys(
        (second, *rest), Standing.OPEN
    )
    assert review.view(id, 3).standings == {first: Standing.NEW} | dict.fromkeys(
        (second, *rest), Standing.OPEN
    )
    assert [own.id for own in review.view(id).fixed] == [first, second]


def test_what_the_policy_does_not_ask_for_is_never_fixed(
    review: Review, ferry: str, database: Database, tmp_path: Path
) -> None:
    review.edit(ferry, MENDED, **ANN)
    assert Standing.FIXED in review.view(ferry).standings.values()
    other = Review(database, desk(tmp_path, ignore=("number-changed",)), Clock())
    assert Standing.FIXED not in other.view(ferry).standings.values()
    changed = Review(database, desk(tmp_path, **{"severity.number-changed": Severity.MINOR}), Clock())
    assert changed.view(ferry).fixed[0].severity is Severity.MINOR


def test_older_revision_can_be_seen_as_it_was(review: Review, ferry: str) -> None:
    old = findings(review, ferry)["number-changed"]
    review.edit(ferry, MENDED, author="Ann", revision=1)
    view = review.view(ferry, 1)
    assert (view.revision, view.row.revision, view.current) == (1, 2, False)
    assert old in view.standings
    assert view.derivative.data == DERIVATIVE.encode()
    assert review.find(*texts(derivative=MENDED)) == (ferry, 2)
    assert review.find(*texts()) == (ferry, 1)


def test_texts_stay_with_the_comparison_that_began_with_them(review: Review, ferry: str) -> None:
    other = review.start("Other", *texts(derivative=MENDED), author="Bob")
    review.edit(ferry, MENDED, **ANN)
    assert review.find(*texts(derivative=MENDED)) == (other, 1)
    assert review.start("Other", *texts(derivative=MENDED), author="Bob") == other


def test_edit_ends_a_sign_off(review: Review, ferry: str) -> None:
    dismiss_all(review, ferry)
    review.sign_off(ferry, **ANN)
    review.edit(ferry, MENDED, **BOB)
    assert review.row(ferry).state is State.IN_REVIEW


def test_accepted_finding_that_was_fixed_lets_the_text_go(review: Review, ferry: str) -> None:
    found = findings(review, ferry)
    review.decide(ferry, found["number-changed"], Act.ACCEPTED, **ANN)
    review.decide(ferry, found["entity-added"], Act.DISMISSED, "ok", **ANN)
    review.ask_changes(ferry, **ANN)
    review.edit(ferry, MENDED, **BOB)
    review.sign_off(ferry, author="Ann", revision=2)
    assert review.row(ferry).state is State.SIGNED_OFF


def test_same_text_makes_no_revision(review: Review, ferry: str) -> None:
    assert review.edit_job(ferry, DERIVATIVE, 1) is None
    assert review.edit(ferry, DERIVATIVE, **ANN) == 1
    assert acts(review, ferry) == [Act.CREATED]


def test_same_text_is_checked_again_by_another_version(review: Review, invented: Comparison) -> None:
    older = replace(invented, version="0.0.1")
    id = review.start("x", *texts(), author="Ann", result=store.to_json(older))
    assert review.edit(id, DERIVATIVE, **ANN) == 2
    assert set(findings(review, id)) == {"number-changed", "entity-added"}


def test_edit_of_an_older_revision_is_refused(review: Review, ferry: str) -> None:
    review.edit(ferry, MENDED, **ANN)
    with pytest.raises(Refused, match="revision 2 is there now"):
        review.edit(ferry, WORSE, **BOB)
    for attempt in (review.sign_off, review.ask_changes, review.reopen):
        with pytest.raises(Refused, match="revision 2 is there now"):
            attempt(ferry, **BOB)


def test_decision_on_a_finding_that_is_still_there_counts_whatever_was_edited(
    review: Review, ferry: str
) -> None:
    finding = findings(review, ferry)["entity-added"]
    review.edit(ferry, MENDED, **ANN)
    event = review.decide(ferry, finding, Act.DISMISSED, "ok", **BOB)
    assert event.revision == 1
    assert review.view(ferry).standings[finding] is Standing.DISMISSED


def test_two_who_edit_at_once_do_not_overwrite_each_other(review: Review, ferry: str) -> None:
    jobs = [review.edit_job(ferry, text, 1) for text in (MENDED, WORSE)]
    results = [work(job) for job in jobs if job]

    def edit(at: int) -> int | None:
        try:
            return review.edit(ferry, (MENDED, WORSE)[at], author="AB"[at], revision=1, result=results[at])
        except Refused:
            return None

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(edit, range(2)), key=str) == [2, None]
    assert acts(review, ferry) == [Act.CREATED, Act.EDITED]


@pytest.mark.parametrize("text", ["", "\x00" * 99, "<!-- claimdiff: ignore -->\n" + DERIVATIVE])
def test_edit_that_cannot_be_judged_changes_nothing(review: Review, text: str) -> None:
    sources, _ = texts()
    id = review.start("x", sources, Text("d.md", DERIVATIVE.encode()), author="Ann")
    with pytest.raises(ClaimdiffError):
        review.edit(id, text, **ANN)
    assert acts(review, id) == [Act.CREATED]
    assert review.row(id).revision == 1


def test_edited_word_file_is_plain_text(review: Review) -> None:
    docx = pytest.importorskip("docx", reason="python-docx")
    from io import BytesIO

    page = docx.Document()
    for line in DERIVATIVE.split("\n\n"):
        page.add_paragraph(line.strip())
    page.save(out := BytesIO())
    id = review.start("x", texts()[0], Text("story.docx", out.getvalue()), author="Ann")
    old = review.view(id).comparison.derivative.text
    review.edit(id, old.replace("20 percent", "12 percent"), **ANN)
    view = review.view(id)
    assert view.derivative.form == "text"
    assert "number-changed" not in findings(review, id)
    assert Standing.FIXED in view.standings.values()


def test_new_file_can_take_the_place_of_the_old(review: Review, ferry: str) -> None:
    review.edit(ferry, Text("other.html", f"<p>{MENDED}</p>".encode(), "html"), **ANN)
    assert review.view(ferry).derivative == Text("derivative.txt", f"<p>{MENDED}</p>".encode(), "html")


# --- policy -----------------------------------------------------------------------------------------


def test_waivers_of_the_desk_pardon_and_lapse_by_the_clock(database: Database, tmp_path: Path) -> None:
    first = Review(database, desk(tmp_path), Clock())
    id = first.start("x", *texts(), author="Ann")
    finding = next(own for own in first.view(id).comparison.findings if own.rule == "entity-added")
    waiver = Waiver(
        finding.id, "derivative.txt", finding.rule,
        "A rival company from Denmark plans to sue the harbour.", "known", expires="2026-02-01",
    )  # fmt: skip
    own = replace(desk(tmp_path), waivers=(waiver,))
    held = Review(database, own, Clock()).view(id)
    assert [pardon.finding.id for pardon in held.comparison.verdict.pardons] == [finding.id]  # type: ignore[union-attr]
    assert finding.id not in held.standings
    assert held.progress.total == 1
    lapsed = Review(database, own, Clock("2026-02-02")).view(id)
    assert lapsed.comparison.verdict and not lapsed.comparison.verdict.pardons
    assert "expired" in lapsed.comparison.verdict.warnings[0]


def test_list_follows_another_policy_when_it_is_asked_to(
    review: Review, ferry: str, database: Database, tmp_path: Path
) -> None:
    assert review.refresh() == 0
    lenient = Review(database, desk(tmp_path, ignore=("entity-added", "number-changed")), Clock())
    assert lenient.row(ferry).outcome == "block"
    assert lenient.refresh() == 1
    assert (lenient.row(ferry).outcome, lenient.row(ferry).total) == ("pass", 0)
    assert lenient.row(ferry).updated == review.view(ferry).events[-1].at


# --- searching --------------------------------------------------------------------------------------


@pytest.fixture
def shelf(review: Review, invented: Comparison) -> dict[str, str]:
    """Comparisons with odd names, oldest first; made without the engine."""
    names = ["Bridge 100% paid", "Bridge_100 opened", "Ærlige Ærøfergen!", "harbour plan"]
    made = {}
    for at, name in enumerate(names):
        sources, derivative = texts(derivative=f"{DERIVATIVE}{at}")
        derivative = replace(derivative, name=f"desk{at}/story.md")
        made[name] = review.start(name, sources, derivative, author="Ann", result=store.to_json(invented))
    return made


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [3, 2, 1, 0]),
        ("bridge", [1, 0]),
        ("100%", [0]),
        ("%", [0]),
        ("bridge_1", [1]),
        ("!", [2]),
        ("ÆRØ", [2]),
        ("desk2", [2]),
        ("plan HARBOUR", [3]),
        ("plan bridge", []),
        ("\\", []),
        ("' OR 1=1 --", []),
        ("\x00", [3, 2, 1, 0]),
        ("\ud800", []),
        ("a " * 250, [3, 2, 1, 0]),
    ],
)
def test_search_by_words(review: Review, shelf: dict[str, str], words: str, found: list[int]) -> None:
    ids = list(shelf.values())
    page = review.search(words)
    assert page.total == len(page.rows)
    if words.strip("a "):
        assert [own.id for own in page.rows] == [ids[at] for at in found]


def test_search_by_state_person_and_time(review: Review, shelf: dict[str, str]) -> None:
    first, second, third, _ = shelf.values()
    finding = review.view(first).comparison.findings[0].id
    review.decide(first, finding, Act.ACCEPTED, **BOB)
    review.decide(second, finding, Act.ACCEPTED, **BOB)
    review.undo(second, **BOB)
    review.comment(third, "x", author="Cat", revision=1)
    assert [own.id for own in review.search().rows][:3] == [third, second, first]
    assert [own.id for own in review.search(decided_by=" Bob ").rows] == [first]
    assert review.search(decided_by="Cat").total == 0
    assert {own.id for own in review.search(state=State.IN_REVIEW).rows} == {first, third}
    assert review.search(state=State.SIGNED_OFF).total == 0
    assert review.people() == ("Bob",)
    at = review.row(third).updated
    assert [own.id for own in review.search(since=at).rows] == [third]
    assert review.search(since="2026-01-02").total == 0
    assert review.search(since="2026-01-01").total == 4


def test_search_comes_in_pages(review: Review, shelf: dict[str, str]) -> None:
    pages = [review.search(limit=3, offset=at) for at in (0, 3, 6)]
    assert [len(own.rows) for own in pages] == [3, 1, 0]
    assert {own.total for own in pages} == {4}
    assert [row.id for own in pages for row in own.rows] == list(reversed(shelf.values()))


@pytest.mark.parametrize(
    "given",
    [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"offset": 2**63}, {"since": "yesterday"},
     {"since": "2026-1"}, {"words": "x" * 501}],
)  # fmt: skip
def test_search_that_makes_no_sense_is_refused(review: Review, given: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        review.search(**given)


# --- hostile words ----------------------------------------------------------------------------------

ODD = "a\x00b\ud800c\x1b[31md\u2028e\x85f\r\ng\th<script>|`*'\";--"


def test_odd_characters_are_kept_harmless(review: Review) -> None:
    old, new = texts()
    id = review.start(ODD, [replace(old[0], name=ODD)], replace(new, name=ODD), author=ODD)
    finding = findings(review, id)["number-changed"]
    who: dict[str, Any] = {"author": ODD, "revision": 1}
    review.decide(id, finding, Act.DISMISSED, ODD, **who)
    review.comment(id, ODD, finding=finding, **who)
    review.ask_changes(id, ODD, **who)
    review.edit(id, MENDED + ODD.replace("\x00", ""), author=ODD, revision=1, note=ODD)
    view = review.view(id)
    assert view.row.name == "a b\ufffdc [31md e f  g h<script>|`*'\";--"
    assert view.row.author == "a b\ufffdc [31md e f g h<script>|`*'\";--"
    assert view.decisions[finding].reason == "a\ufffdb\ufffdc\ufffd[31md\u2028e\ufffdf\ng\th<script>|`*'\";--"
    assert review.search(ODD).total == 1
    for form in ("markdown", "json", "waivers"):
        review.export(id, form).encode("utf-8")


@pytest.mark.parametrize("text", ["x" * 20_001, "\U0001f600" * 20_001])
def test_words_without_end_are_refused(review: Review, ferry: str, text: str) -> None:
    with pytest.raises(InputError, match="20,001 characters"):
        review.comment(ferry, text, **ANN)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["accept", "dismiss", "comment", "undo", "ask", "sign", "reopen", "edit"]),
            st.sampled_from(["Ann", "Bob"]),
            st.integers(0, 5),
            st.integers(1, 3),
        ),
        max_size=12,
    )
)
def test_no_order_of_acts_signs_what_is_major(
    review: Review, invented: Comparison, acts: list[tuple[str, str, int, int]]
) -> None:
    """Whatever is tried: the list is what the log says, and a signed text has nothing major open."""
    tag = "".join(f"{act}{at}{revision}{who}" for act, who, at, revision in acts)
    old, new = texts(derivative=f"{DERIVATIVE}{tag}")
    id = review.start("x", old, new, author="Ann", result=store.to_json(invented))
    ids = [*(own.id for own in invented.findings), "f" * 12]
    for number, (act, who, at, revision) in enumerate(acts):
        given: dict[str, Any] = {"author": who, "revision": revision}
        less = replace(invented, findings=invented.findings[at % 3 :])
        before = review.view(id)
        try:
            match act:
                case "accept":
                    review.decide(id, ids[at], Act.ACCEPTED, **given)
                case "dismiss":
                    review.decide(id, ids[at], Act.DISMISSED, "why", **given)
                case "comment":
                    review.comment(id, "words", finding=ids[at] if at % 2 else "", **given)
                case "undo":
                    review.undo(id, **given)
                case "ask":
                    review.ask_changes(id, **given)
                case "sign":
                    review.sign_off(id, **given)
                case "reopen":
                    review.reopen(id, **given)
                case "edit":
                    text = f"{DERIVATIVE}{tag}{number}"
                    review.edit(id, text, result=store.to_json(less), **given)
        except (Refused, Unknown):
            assert review.view(id) == before
        view = review.view(id)
        assert view.events[: len(before.events)] == before.events
        assert view.row.state is record.state(view.events)
        if view.row.state is State.SIGNED_OFF:
            assert (view.progress.undecided_major, view.progress.unfixed_major) == (0, 0)
    assert review.refresh() == 0


# --- many at once, and sudden ends --------------------------------------------------------------------


def test_editors_in_threads_lose_nothing(review: Review, ferry: str) -> None:
    finding = findings(review, ferry)["number-changed"]

    def editor(at: int) -> list[int]:
        made = []
        for turn in range(12):
            who: dict[str, Any] = {"author": f"E{at}", "revision": 1}
            act = Act.DISMISSED if turn % 2 else Act.ACCEPTED
            made.append(review.decide(ferry, finding, act, f"{at}.{turn}", **who).number)
            made.append(review.comment(ferry, f"{at}.{turn}", **who).number)
        return made

    with ThreadPoolExecutor(5) as threads:
        numbers = [own for made in threads.map(editor, range(5)) for own in made]
    events = review.view(ferry).events
    assert sorted(numbers) == [own.number for own in events[1:]]
    assert len(numbers) == 120
    assert (
        review.view(ferry).decisions[finding].reason
        == [own.text for own in events if own.act in record.DECIDING][-1]
    )
    assert review.refresh() == 0


EDITOR = """
import sys
from pathlib import Path
from newsdesk import desk
from claimdiff.review.database import Database
from claimdiff.review.record import Act
from claimdiff.review.service import Review

path, id, finding, who, most = sys.argv[1:]
review = Review(Database(Path(path)), desk(Path(path).parent))
for turn in range(int(most)):
    act = Act.DISMISSED if turn % 2 else Act.ACCEPTED
    event = review.decide(id, finding, act, f"{who} {turn}", author=who, revision=1)
    print(event.number, event.text, flush=True)
"""


def editor(path: Path, id: str, finding: str, who: str, most: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", EDITOR, str(path), id, finding, who, str(most)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent,
    )


def told(line: str) -> tuple[int, str]:
    number, text = line.rstrip("\n").split(" ", 1)
    return int(number), text


def test_editors_in_processes_lose_nothing(review: Review, ferry: str) -> None:
    finding = findings(review, ferry)["number-changed"]
    own = [editor(review.database.path, ferry, finding, who, 30) for who in ("Ann", "Bob", "Cat")]
    lines = [line for process in own for line in process.communicate(timeout=120)[0].splitlines()]
    assert len(lines) == 90
    kept = {(event.number, event.text) for event in review.view(ferry).events}
    assert set(map(told, lines)) < kept
    assert len(kept) == 91
    assert review.refresh() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_killed_process_leaves_all_that_it_acknowledged_and_nothing_half_done(
    review: Review, ferry: str, tmp_path: Path
) -> None:
    finding = findings(review, ferry)["number-changed"]
    before = 1
    for turn in range(10):
        process = editor(review.database.path, ferry, finding, f"E{turn}", 1_000_000)
        assert process.stdout
        acknowledged = [told(process.stdout.readline()) for _ in range(1 + turn * 7)]
        process.send_signal(signal.SIGKILL)
        acknowledged += map(told, process.stdout.read().splitlines(keepends=True))
        process.wait()
        process.stdout.close()
        events = review.view(ferry).events[before:]
        kept = [(own.number, own.text) for own in events]
        assert kept[: len(acknowledged)] == acknowledged
        assert len(kept) <= len(acknowledged) + 1  # one may be written and not told of yet
        assert review.refresh() == 0
        before += len(kept)
    with review.database.reading() as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []

"""The policy that a caller asked with is kept with the comparison, and all that is done to it goes by it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from newsdesk import DERIVATIVE, MENDED, SOURCE, Clock, desk, texts

from claimdiff.errors import ConfigError
from claimdiff.gate.config import Layer
from claimdiff.gate.setting import BY_NAME
from claimdiff.review import asked, tables
from claimdiff.review.database import Database, migrate, migrations
from claimdiff.review.record import Act, State
from claimdiff.review.service import Refused, Review, work

ANN: dict[str, Any] = {"author": "Ann", "revision": 1}
EVERY = {
    "profile": "strict",
    "fail-on": "minor",
    "fail-confidence": 0.75,
    "min-confidence": 0,
    "select": ["addition", "number-changed"],
    "ignore": "omission",
    "severity": {"number-changed": "minor", "Ærø.x": "major"},
    "confidence": {"all": 1},
    "exact-quotations": True,
    "sourced-numbers": False,
    "require-verifier": True,
    "min-coverage": 0.25,
    "min-support": 0.5,
    "max-drift": 0.125,
    "limits": [{"at-most": 3}, {"at-most": 0, "of": "addition", "severity": "major"}],
    "expected-sections": "Background",
    "inline-waivers": False,
    "aliases": {"Sundal line": "the line", "Ola Brekke": ["Brekke", "the director"]},
    "boilerplate": {"lines": "Read more", "endings": ["(Reuters)"]},
    "lang": "en",
    "max-bytes": 5000,
    "unused-waivers": "fail",
}


def layer(**given: Any) -> Layer:
    out: dict[str, Any] = {}
    for name, value in given.items():
        out |= asked.checked(name.replace("_", "-"), value)
    return out


def start(review: Review, **policy: Any) -> str:
    return review.under(layer(**policy)).start("Ferry", *texts(), author="Ann")


def rules_of(review: Review, id: str) -> set[str]:
    return {own.rule for own in review.view(id).comparison.findings}


def outcome(review: Review, id: str) -> str:
    verdict = review.view(id).comparison.verdict
    return verdict.outcome.value if verdict else ""


# --- as JSON ------------------------------------------------------------------------------------------


def test_every_setting_is_read_as_it_was_written() -> None:
    assert EVERY.keys() == BY_NAME.keys() - asked.FILES
    own = layer(**EVERY)
    assert asked.read(asked.written(own)) == own
    assert asked.written({}) == asked.NONE and asked.read(asked.NONE) == {}


def test_order_and_short_forms_make_no_difference() -> None:
    turned = layer(**dict(reversed(EVERY.items())))
    assert asked.written(turned) == asked.written(layer(**EVERY))
    assert asked.written(layer(ignore="omission")) == asked.written(layer(ignore=["omission"]))
    assert asked.written(layer(min_confidence=1)) == asked.written(layer(min_confidence=1.0))


@pytest.mark.parametrize(
    "text", ['{"mood":1}', '{"waivers":"/etc/passwd"}', '{"fail-on":"huge"}', '{"limits":[{}]}']
)
def test_what_this_version_does_not_know_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError, match="cannot be used any more: "):
        asked.read(text)


# --- judging ------------------------------------------------------------------------------------------


def test_comparison_is_judged_as_it_was_asked(review: Review, ferry: str) -> None:
    lenient = start(review, fail_on="none")
    assert (outcome(review, ferry), outcome(review, lenient)) == ("block", "review")
    assert (review.row(ferry).outcome, review.row(lenient).outcome) == ("block", "review")
    fewer = start(review, ignore="number-changed")
    assert rules_of(review, fewer) == {"entity-added"} and review.row(fewer).total == 1
    limited = start(review, limits=[{"at-most": 1}], fail_on="none")
    verdict = review.view(limited).comparison.verdict
    assert verdict and [own.origin for own in verdict.failures] == ["request"]


def test_policies_share_texts_and_nothing_else(review: Review, ferry: str) -> None:
    lenient = start(review, fail_on="none")
    assert lenient != ferry and start(review, fail_on="none") == lenient
    assert start(review) == ferry and review.find(*texts()) == (ferry, 1)
    finding = review.view(ferry).comparison.findings[0].id
    review.decide(lenient, finding, Act.DISMISSED, "checked", **ANN)
    assert finding not in review.view(ferry).decisions
    assert review.search().total == 2


def test_others_policy_changes_nothing(review: Review, ferry: str) -> None:
    other = review.under(layer(fail_on="none", min_confidence=1))
    assert outcome(other, ferry) == "block" and other.row(ferry) == review.row(ferry)
    assert other.refresh() == 0


def test_acts_are_held_to_it(review: Review) -> None:
    id = start(review, severity={"number-changed": "minor", "entity-added": "minor"})
    assert review.row(id).major == 0
    review.sign_off(id, **ANN)
    assert review.row(id).state is State.SIGNED_OFF
    other = start(review, severity={"number-changed": "minor"})
    with pytest.raises(Refused, match="1 major finding is undecided"):
        review.sign_off(other, **ANN)


def test_page_and_export_go_by_it(review: Review) -> None:
    id = start(review, ignore=["number-changed", "entity-added"])
    view = review.view(id)
    assert view.desk.policy("derivative.txt").get("ignore") == ("number-changed", "entity-added")
    assert view.progress.total == 0
    told = json.loads(review.export(id, "json"))
    assert told["comparison"]["findings"] == [] and told["comparison"]["verdict"]["outcome"] == "pass"
    assert "20 percent" not in review.export(id, "markdown").partition("## Review")[0]


def test_refresh_goes_by_it_and_by_the_desk(review: Review, database: Database, tmp_path: Path) -> None:
    kept, usual = start(review, fail_on="minor"), start(review)
    assert review.refresh() == 0
    lenient = Review(database, desk(tmp_path, fail_on="none", ignore=("entity-added",)), Clock())
    assert lenient.refresh() == 2
    assert (lenient.row(kept).outcome, lenient.row(usual).outcome) == ("block", "review")
    assert (lenient.row(kept).total, lenient.row(usual).total) == (1, 1)


def test_rule_that_is_gone_stops_no_other(review: Review, database: Database) -> None:
    usual, odd = start(review), start(review, fail_on="minor")
    with database.writing() as db:
        db.execute("DROP TRIGGER policy_stays")
        db.execute("UPDATE comparison SET policy = ? WHERE id = ?", ('{"ignore":["no-such-rule"]}', odd))
    assert review.refresh() == 0 and outcome(review, usual) == "block"
    assert review.search().total == 2
    for act in (lambda: review.view(odd), lambda: review.sign_off(odd, **ANN)):
        with pytest.raises(ConfigError, match=r"request: ignore: 'no-such-rule' is no rule"):
            act()


# --- editing ------------------------------------------------------------------------------------------


def test_edit_is_compared_with_the_callers_names(review: Review) -> None:
    renamed = SOURCE.replace("The Sundal line", "Nordbåt")
    known, unknown = start(review, aliases={"Sundal line": "Nordbåt"}), start(review)
    for id in (known, unknown):
        assert review.edit(id, renamed, **ANN) == 2
    assert rules_of(review, unknown) == {"entity-added"}
    assert rules_of(review, known) == set() and outcome(review, known) == "pass"


def test_edit_asks_for_the_work_of_its_policy(review: Review) -> None:
    id = start(review, min_confidence=0.9, boilerplate={"lines": "Ferry line adds two boats"})
    job = review.edit_job(id, MENDED, 1)
    assert job is not None
    engine = job.desk.policy("derivative.txt").engine
    assert engine["min_confidence"] == 0.9 and engine["boilerplate"].lines == ("Ferry line adds two boats",)
    assert review.edit(id, MENDED, result=work(job), **ANN) == 2
    policy = layer(min_confidence=0.9, boilerplate={"lines": "Ferry line adds two boats"})
    mended = texts(derivative=MENDED)
    assert review.under(policy).find(*mended) == (id, 2), "asked again with the new text it is the same"
    assert review.find(*mended) is None


def test_the_same_text_is_no_edit(review: Review) -> None:
    id = start(review, min_confidence=0.9)
    assert review.edit_job(id, DERIVATIVE, 1) is None


# --- databases from before ------------------------------------------------------------------------------

BEFORE = (
    "id, name, words, author, created, updated, last, last_author, state, revision, outcome, drift, decided,"
    " total, major"
)


def test_database_from_before_is_taken_over(tmp_path: Path) -> None:
    """Made by the first migration alone, with a comparison that was begun and decided on."""
    own = Review(Database(tmp_path / "new.db"), desk(tmp_path), Clock())
    id = own.start("Ferry", *texts(), author="Ann")
    finding = own.view(id).comparison.findings[0].id
    own.decide(id, finding, Act.DISMISSED, "checked", **ANN)
    before = own.row(id)
    own.database.close()

    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL").fetchall()
        migrate(db, old, migrations()[:1])
        db.execute("ATTACH ? AS new", (str(tmp_path / "new.db"),))
        db.execute(f"INSERT INTO comparison SELECT {BEFORE} FROM new.comparison")
        for table in ("revision", "text", "finding", "event"):
            db.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")

    taken = Review(Database(old), desk(tmp_path), Clock())
    with taken.database.reading() as db:
        assert db.execute("SELECT max(number) FROM migration").fetchone() == (len(migrations()),)
        assert tables.row(db, id) == taken.row(id)
    assert taken.row(id) == before and before.policy == asked.NONE
    assert taken.view(id).decisions[finding].reason == "checked"
    assert outcome(taken, id) == before.outcome and taken.refresh() == 0
    assert taken.start("Again", *texts(), author="Bob") == id, "its id is what it was"
    assert taken.edit(id, MENDED, **ANN) == 2
    assert start(taken, fail_on="none") != id
    taken.database.close()

"""The baseline: it lets pass what was there, loses what is fixed, and never grows unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimdiff.errors import ConfigError
from claimdiff.gate import baseline
from claimdiff.gate.baseline import Accepted
from claimdiff.model import Comparison

NAME = "claimdiff-baseline.toml"
ONE, TWO = "rewrites/one.md", "rewrites/two.md"


def only(pair: Comparison, *numbers: int) -> Comparison:
    return replace(pair, findings=tuple(pair.findings[number] for number in numbers))


def made(text: str, *given_: tuple[str, Comparison], accept_new: bool = False) -> baseline.Update:
    return baseline.update(text, given_, accept_new=accept_new, name=NAME)


def findings(text: str) -> list[tuple[str, str]]:
    return [own.key for own in baseline.read(text, NAME)]


def keys(path: str, pair: Comparison, *numbers: int) -> list[tuple[str, str]]:
    return sorted((path, pair.findings[number].id) for number in numbers)


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", " \n\n"])
def test_first_baseline_takes_everything_in(pair: Comparison, text: str) -> None:
    update = made(text, (TWO, pair), (ONE, only(pair, 0, 3)))
    assert (update.kept, update.removed, update.added, update.refused) == (0, 0, 7, ())
    assert findings(update.text) == keys(ONE, pair, 0, 3) + keys(TWO, pair, 0, 1, 2, 3, 4)
    assert "\n# `claimdiff baseline` wrote this list." in update.text
    assert update.text.strip(" \n\ufeff").startswith("# Findings that were there")


def test_first_baseline_of_a_clean_house_still_is_one(pair: Comparison) -> None:
    clean = made("", (ONE, only(pair)))
    assert clean.text == baseline.FORM.header
    assert len(made(clean.text, (ONE, pair)).refused) == 5
    assert made(clean.text, (ONE, pair)).text == clean.text


@pytest.mark.parametrize(
    ("before", "now", "accept_new", "kept", "removed", "added", "refused"),
    [
        ((0, 1, 2), (0, 1, 2), False, 3, 0, 0, ()),
        ((0, 1, 2), (0, 1, 2), True, 3, 0, 0, ()),
        ((0, 1, 2), (0, 2), False, 2, 1, 0, ()),
        ((0, 1, 2), (), False, 0, 3, 0, ()),
        ((0, 1), (0, 1, 4), False, 2, 0, 0, (4,)),
        ((0, 1), (0, 1, 4), True, 2, 0, 1, ()),
        ((0, 1), (1, 3, 4), False, 1, 1, 0, (3, 4)),
        ((0, 1), (1, 3, 4), True, 1, 1, 2, ()),
    ],
)
def test_later_baseline_only_loses(
    pair: Comparison,
    before: Sequence[int],
    now: Sequence[int],
    accept_new: bool,
    kept: int,
    removed: int,
    added: int,
    refused: Sequence[int],
) -> None:
    text = made("", (ONE, only(pair, *before)), (TWO, only(pair, 0))).text
    update = made(text, (ONE, only(pair, *now)), accept_new=accept_new)
    assert (update.kept, update.removed, update.added) == (kept + 1, removed, added)  # and that of TWO
    assert [own.key for own in update.refused] == keys(ONE, pair, *refused)
    stays = set(now) if accept_new else set(now) & set(before)
    assert findings(update.text) == keys(ONE, pair, *stays) + keys(TWO, pair, 0)
    assert "\n\n\n" not in update.text and update.text.endswith('"\n')
    if not removed and not added:
        assert update.text == text


def test_baseline_that_lost_everything_is_no_first_one(pair: Comparison) -> None:
    text = made("", (ONE, pair)).text.removeprefix(baseline.FORM.header).lstrip()
    empty = made(text, (ONE, only(pair)))
    assert (empty.removed, empty.text) == (5, baseline.FORM.header)
    assert len(made(empty.text, (ONE, pair)).refused) == 5


def test_changed_statement_is_a_new_finding(pair: Comparison) -> None:
    text = made("", (ONE, pair)).text.replace("A rival plans to sue.", "A rival plans to wait.")
    update = made(text, (ONE, pair))
    assert (update.kept, update.removed) == (4, 1)
    assert [own.key for own in update.refused] == keys(ONE, pair, 2)
    update = made(text, (ONE, pair), accept_new=True)
    assert (update.kept, update.removed, update.added, update.refused) == (4, 1, 1, ())
    assert update.text == made("", (ONE, pair)).text


def test_derivative_with_two_sources_has_the_findings_of_both(pair: Comparison) -> None:
    update = made("", (ONE, only(pair, 0, 1)), (ONE, only(pair, 1, 2)))
    assert findings(update.text) == keys(ONE, pair, 0, 1, 2)


def test_comments_and_line_ends_stay(pair: Comparison) -> None:
    text = made("", (ONE, pair)).text + "\n# the end\n"
    text = text.replace("[[accepted]]", "# looked at\n[[accepted]]", 1).replace("\n", "\r\n")
    gone = made(text, (ONE, only(pair, 1, 2, 3, 4))).text
    assert gone.count("# looked at") == gone.count("# the end") == 1
    assert gone.count("\n") == gone.count("\r\n")
    whole = made(gone, (ONE, pair), accept_new=True).text
    assert findings(whole) == keys(ONE, pair, 0, 1, 2, 3, 4)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([ONE, TWO]), st.sets(st.integers(0, 4)), st.booleans()), max_size=5
    )
)
def test_updates_hold_what_they_say(pair: Comparison, steps: list[tuple[str, set[int], bool]]) -> None:
    text = ""
    for path, numbers, accept_new in steps:
        before = set(findings(text)) if text else set()
        update = made(text, (path, only(pair, *sorted(numbers))), accept_new=accept_new)
        after = set(findings(update.text))
        now = set(keys(path, pair, *numbers))
        others = {own for own in before if own[0] != path}
        grown = now if accept_new or not text else now & before
        assert after == others | grown
        assert (update.kept, update.removed) == (len(before & after), len(before - after))
        assert update.added == len(after - before)
        assert {own.key for own in update.refused} == now - after
        assert findings(update.text) == sorted(after)
        text = update.text


def test_findings_of_the_baseline_pass(pair: Comparison) -> None:
    accepted = baseline.accept(only(pair, 1, 3), ONE)
    pardons, warnings = baseline.apply(accepted, pair, ONE)
    assert [own.finding for own in pardons] == [pair.findings[1], pair.findings[3]]
    assert {own.by for own in pardons} == {"baseline"}
    assert warnings == ()
    assert baseline.apply(accepted, pair, TWO) == ((), ())


@pytest.mark.parametrize(
    ("change", "held"),
    [
        ({}, True),
        ({"statement": " FARES rose 20%\tlast year."}, True),
        ({"statement": "Fares rose 30% last year."}, False),
        ({"rule": "time-changed"}, False),
        ({"finding": "distortion-s.3"}, False),
    ],
)
def test_entry_holds_for_its_finding_alone(pair: Comparison, change: dict[str, str], held: bool) -> None:
    own = replace(baseline.accept(pair, ONE)[1], **change)
    pardons, warnings = baseline.apply([own], pair, ONE)
    assert len(pardons) == held
    assert len(warnings) == (not held)
    assert all(f"baseline entry {own.finding} for {ONE}: its statement has changed" in it for it in warnings)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[waiver]]\n", "'waiver' has no place in this file"),
        ("[[acepted]]\n", "did you mean [[accepted]]?"),
        ("[[accepted]]\nreason = 'x'\n", "'reason' is no key of an accepted finding"),
        ("[[accepted]]\nfinding = 'x'\n", "an accepted finding needs derivative"),
        ("accepted = []", "begin each with a line [[accepted]]"),
    ],
)
def test_file_that_is_not_in_order_is_refused(pair: Comparison, text: str, told: str) -> None:
    for act in (lambda: baseline.read(text, NAME), lambda: made(text, (ONE, pair), accept_new=True)):
        with pytest.raises(ConfigError) as caught:
            act()
        assert str(caught.value).startswith(f"{NAME}:1: ") and told in str(caught.value)


def test_entries_are_plain_values() -> None:
    own = Accepted("a", "b.md", "c", "d")
    assert own == Accepted("a", "b.md", "c", "d")
    assert own.key == ("b.md", "a")

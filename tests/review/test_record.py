"""What follows from a log of decisions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdiff.model import Comparison, Outcome, Pardon, Severity, Verdict
from claimdiff.review import record
from claimdiff.review.record import Act, Event, Standing, State


def log(*acts: tuple[Act, str] | Act | int, author: str = "Ann") -> list[Event]:
    """Events in order; a number undoes the event with that number."""
    made = []
    for number, own in enumerate(acts, 1):
        if isinstance(own, int):
            made.append(Event(number, "c", 1, Act.UNDONE, author, "t", of=own))
        else:
            act, finding = own if isinstance(own, tuple) else (own, "")
            made.append(Event(number, "c", 1, act, author, f"t{number}", finding, f"why {number}"))
    return made


C, D, A = Act.CREATED, (Act.DISMISSED, "f"), (Act.ACCEPTED, "f")


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ((), State.NEW),
        ((C,), State.NEW),
        ((C, D), State.IN_REVIEW),
        ((C, Act.COMMENTED), State.IN_REVIEW),
        ((C, Act.EDITED), State.IN_REVIEW),
        ((C, D, 2), State.NEW),
        ((C, Act.CHANGES_ASKED), State.CHANGES_ASKED),
        ((C, Act.CHANGES_ASKED, Act.COMMENTED), State.CHANGES_ASKED),
        ((C, Act.CHANGES_ASKED, A), State.CHANGES_ASKED),
        ((C, Act.CHANGES_ASKED, Act.EDITED), State.IN_REVIEW),
        ((C, Act.CHANGES_ASKED, Act.REOPENED), State.IN_REVIEW),
        ((C, Act.SIGNED_OFF), State.SIGNED_OFF),
        ((C, Act.SIGNED_OFF, Act.COMMENTED), State.SIGNED_OFF),
        ((C, Act.SIGNED_OFF, Act.EDITED), State.IN_REVIEW),
        ((C, Act.SIGNED_OFF, Act.REOPENED), State.IN_REVIEW),
        ((C, Act.SIGNED_OFF, Act.REOPENED, 3), State.SIGNED_OFF),
        ((C, D, Act.SIGNED_OFF, 3), State.IN_REVIEW),
    ],
)
def test_state_follows_from_what_was_done(
    acts: tuple[Act | tuple[Act, str] | int, ...], state: State
) -> None:
    assert record.state(log(*acts)) is state


def test_last_decision_counts_and_an_undone_one_gives_way_to_the_one_before() -> None:
    events = log(C, A, D)
    assert record.decisions(events)["f"].act is Act.DISMISSED
    assert record.decisions(events)["f"].reason == "why 3"
    undone = [*events, Event(4, "c", 1, Act.UNDONE, "Ann", "t", of=3)]
    assert record.decisions(undone)["f"].act is Act.ACCEPTED
    assert record.decisions([*undone, Event(5, "c", 1, Act.UNDONE, "Ann", "t", of=2)]) == {}


def test_comments_stand_by_their_finding_in_order() -> None:
    events = log(C, (Act.COMMENTED, "f"), Act.COMMENTED, (Act.COMMENTED, "f"), 3)
    assert {key: [own.number for own in there] for key, there in record.comments(events).items()} == {
        "f": [2, 4]
    }


def test_own_last_act_can_be_undone_but_none_before_an_edit() -> None:
    events = [*log(C, A), Event(3, "c", 1, Act.COMMENTED, "Bob", "t")]
    own, other = record.last_undoable(events, "Ann"), record.last_undoable(events, "Bob")
    assert own and own.number == 2
    assert other and other.number == 3
    assert record.last_undoable(events, "Cat") is None
    assert record.last_undoable([*events, Event(4, "c", 2, Act.EDITED, "Bob", "t")], "Ann") is None


def test_standings_tell_what_is_new_and_what_is_fixed(pair: Comparison) -> None:
    now, before = pair.findings[1:], pair.findings[:2]
    decided = record.decisions(
        log((Act.DISMISSED, now[0].id), (Act.ACCEPTED, now[1].id), (Act.ACCEPTED, before[0].id))
    )
    there = record.standings(now, before, decided)
    assert [there[own.id] for own in now] == [
        Standing.DISMISSED, Standing.ACCEPTED, Standing.NEW, Standing.NEW,
    ]  # fmt: skip
    assert there[before[0].id] is Standing.FIXED
    assert set(record.standings(now, None, {}).values()) == {Standing.OPEN}


def test_progress_counts_what_is_decided_and_what_keeps_a_text(pair: Comparison) -> None:
    first, second, *rest = pair.findings
    pardons = (Pardon(first, "waiver"), Pardon(rest[0], "baseline"))
    left = (second, *rest[1:])
    judged = Comparison(
        pair.sources, pair.derivative, pair.links, left, pair.summary, pair.version,
        verdict=Verdict(Outcome.BLOCK, pardons=pardons),
    )  # fmt: skip
    decided = record.decisions(log((Act.DISMISSED, first.id), (Act.ACCEPTED, second.id)))
    now = record.progress(judged, decided)
    majors = sum(own.severity is Severity.MAJOR for own in rest[1:])
    assert (now.decided, now.total) == (2, 4)  # the one that the baseline pardons is nobody's work
    assert (now.undecided_major, now.unfixed_major) == (majors, 1)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(Act), st.sampled_from("fg"), st.sampled_from(["Ann", "Bob"]), st.integers(1, 9)
    ),
    max_size=9,
)


@given(EVENTS)
def test_undoing_until_nothing_is_left_leaves_nothing(acts: list[tuple[Act, str, str, int]]) -> None:
    events = [
        Event(number, "c", 1, act, author, "t", finding, of=of if act is Act.UNDONE and of < number else 0)
        for number, (act, finding, author, of) in enumerate(acts, 1)
        if act is not Act.EDITED
    ]
    while found := record.last_undoable(events, "Ann"):
        number = max(own.number for own in events) + 1
        before = record.effective(events)
        events.append(Event(number, "c", 1, Act.UNDONE, "Ann", "t", of=found.number))
        assert record.effective(events) == [own for own in before if own is not found]
    assert all(own.author != "Ann" for own in record.effective(events) if own.act in record.UNDOABLE)

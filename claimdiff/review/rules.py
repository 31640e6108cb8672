"""What an act is held to: the revision that it was made on, and the state of the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from claimdiff.model import Finding
from claimdiff.review.record import Act, Event, State
from claimdiff.review.tables import Row
from claimdiff.review.trouble import Refused, Unknown
from claimdiff.review.view import Standpoint


def known(row: Row, revision: int) -> None:
    """Unknown for a revision that never was."""
    if not 0 < revision <= row.revision:
        raise Unknown(f"there is no revision {revision} of this comparison")


def present(row: Row, revision: int) -> None:
    """Refused for a revision that somebody has edited since."""
    known(row, revision)
    if revision != row.revision:
        raise Refused(f"somebody edited the text: revision {row.revision} is there now; look at it first")


def may(act: Act, state: State) -> None:
    """Refused for an act that makes no sense in this state."""
    if act is Act.REOPENED and state not in (State.SIGNED_OFF, State.CHANGES_ASKED):
        raise Refused(f"the text is {state}; there is nothing to reopen")
    if act in (Act.SIGNED_OFF, Act.CHANGES_ASKED) and state is State.SIGNED_OFF:
        raise Refused("the text is signed off already; reopen it first")


def gone(event: Event, earlier: Sequence[tuple[int, Finding]], row: Row) -> NoReturn:
    """Refused for a finding that only an earlier revision has; Unknown for one that none ever had."""
    if event.finding in {own.id for _, own in earlier}:
        raise Refused(f"revision {row.revision} does not have this finding any more; reload")
    raise Unknown("there is no such finding; take its id from the comparison")


def ready(now: Standpoint) -> None:
    """Refused while something major keeps the text from being signed."""
    undecided, unfixed = now.progress.undecided_major, now.progress.unfixed_major
    if undecided:
        told = "1 major finding is" if undecided == 1 else f"{undecided} major findings are"
        raise Refused(f"{told} undecided; accept or dismiss what is major before you sign off")
    if unfixed:
        told = "1 major finding was" if unfixed == 1 else f"{unfixed} major findings were"
        raise Refused(
            f"{told} accepted and still there; ask for changes, fix the text, or dismiss with a reason"
        )

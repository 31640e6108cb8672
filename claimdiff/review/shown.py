"""What the page of a comparison shows: the report, and what people have said of each finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from claimdiff import store
from claimdiff.model import Comparison, Finding, Rule, Span
from claimdiff.read.form import DOCX, PDF, of_bytes, of_name
from claimdiff.render import html, words
from claimdiff.render.html_judged import judged
from claimdiff.render.html_verdict import groups, sentence
from claimdiff.render.html_view import View as Report
from claimdiff.render.html_view import anchor
from claimdiff.review import record, rules, tables
from claimdiff.review.export import SAYS
from claimdiff.review.record import DECIDING, Act, Event, Standing, State
from claimdiff.review.service import Refused, Review
from claimdiff.review.trouble import Unknown
from claimdiff.review.view import Standpoint, View

SIGNS = {
    Standing.OPEN: ("○", "Open"),
    Standing.NEW: ("✦", "New"),
    Standing.ACCEPTED: ("✎", "Accepted, to be fixed"),
    Standing.DISMISSED: ("–", "Dismissed"),
    Standing.FIXED: ("✓", "Fixed"),
}
RULES = "/rules/{rule}"  # where the page of a rule is
KEYS = (
    ("a", "accept: it is real and must be fixed"),
    ("d", "dismiss, with a reason"),
    ("c", "comment"),
    ("u", "undo what you did last"),
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that somebody wrote, line by line."""

    author: str
    at: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What people have said of a finding. `anchor` names its card, `undo` says whether its decision is what
    the reader did last, `words` are where it stands in the field that edits the derivative, or None."""

    finding: str
    anchor: str
    number: int
    standing: str
    sign: str
    label: str
    decision: Note | None
    comments: tuple[Note, ...]
    undo: bool
    what: str = ""
    message: str = ""
    words: Span | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log; `target` is the card of its finding, or ""."""

    note: Note
    said: str
    target: str
    message: str
    revision: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something was not done, at the place where it was tried: a finding's id, "review" or "edit".
    `text` is what was typed there."""

    place: str
    message: str
    text: str = ""
    revision: int = 0


def rule(id: str) -> Rule:
    """What a rule of the engine is about."""
    from claimdiff.detect import RULES as ALL

    found = next((own for own in ALL if own.id == id), None)
    if found is None:
        raise Unknown("there is no such rule")
    return found


def undecided(review: Review, view: View) -> Comparison:
    """The revision judged as if nobody had dismissed anything, so that no decision changes the order or the
    numbers of its findings."""
    with review.database.reading() as db:
        text = tables.result(db, view.row.id, view.revision)
    if text is None:
        raise Unknown(f"there is no revision {view.revision} of this comparison")
    raw = store.from_json(text)
    return view.desk.judge(raw, raw.derivative.name)


def page(review: Review, view: View, author: str, trouble: Trouble | None = None) -> dict[str, Any]:
    """What the template of the page is filled with."""
    asked = undecided(review, view)
    content = html.content(asked, docs=RULES)
    numbers = {card.finding.id: card.number for card in content["cards"]}
    last = record.last_undoable(view.events, author) if author and view.current else None
    findings = {own.id: own for own in asked.findings}
    marks = {id: _mark(view, findings[id], number, last) for id, number in numbers.items()}
    state = record.state(view.events)
    return content | {
        "title": view.row.name,
        "sentence": sentence(view.comparison),
        "tally": words.tally(view.comparison.findings),
        "groups": groups(asked),
        "summary": view.comparison.summary,
        "judged": _verdict(asked, view.comparison),
        "sections": list(_sections(content["sections"], marks)),
        "more_keys": KEYS,
        "view": view,
        "listed": view.row,
        "marks": marks,
        "fixed": [_gone(view, own.id, words.what(own), own.message) for own in view.fixed],
        "state": state,
        "signed": state is State.SIGNED_OFF,
        "can_reopen": state in (State.SIGNED_OFF, State.CHANGES_ASKED),
        "unsigned": not_signed(view),
        "last": view.events[-1].number,
        "undo": _told(view, last, numbers) if last else "",
        "notes": [_note(own) for own in view.comments.get("", ())],
        "log": list(_log(view, numbers)),
        "text": _text(review, view),
        "changed": _changed(view),
        "first_new": next((own.anchor for own in marks.values() if own.standing == Standing.NEW), ""),
        "author": author,
        "trouble": trouble or Trouble("", ""),
    }


def not_signed(view: View) -> str:
    """Why the text cannot be signed off now, or ""."""
    try:
        rules.may(Act.SIGNED_OFF, record.state(view.events))
        rules.ready(Standpoint(view.events, view.comparison))
    except Refused as error:
        text = str(error)
        return text[:1].upper() + text[1:] + "."
    return ""


def _verdict(asked: Comparison, now: Comparison) -> Any:
    """The verdict as it stands, with the cards as they are numbered."""
    report = Report(asked, RULES)
    report.comparison = now
    return judged(report)


def _sections(sections: Sequence[Any], marks: dict[str, Mark]) -> Iterator[tuple[str, str, list[Any]]]:
    """The cards as the report groups them, then those that were dismissed."""
    out = []
    for id, heading, cards in sections:
        kept = [card for card in cards if marks[card.finding.id].standing != Standing.DISMISSED]
        out += [card for card in cards if marks[card.finding.id].standing == Standing.DISMISSED]
        if kept:
            yield id, heading, kept
    if out:
        yield "dismissed", "Dismissed", out


def _mark(view: View, finding: Finding, number: int, last: Event | None) -> Mark:
    id = finding.id
    standing = view.standings.get(id, Standing.OPEN)
    sign, label = SIGNS[standing]
    if standing is Standing.NEW:
        label = f"New in revision {view.revision}"
    own = view.decisions.get(id)
    return Mark(
        finding=id,
        anchor=anchor(id),
        number=number,
        standing=standing.value,
        sign=sign,
        label=label,
        decision=Note(own.author, own.at, tuple(own.reason.splitlines())) if own else None,
        comments=tuple(map(_note, view.comments.get(id, ()))),
        undo=last is not None and last.finding == id and last.act in DECIDING,
        words=_words(view, finding),
    )


def _words(view: View, finding: Finding) -> Span | None:
    """Where its words stand in the derivative when every line ends with LF."""
    if finding.derivative is None:
        return None
    text, span = view.comparison.derivative.text, finding.derivative.span
    start, end = (at - text.count("\r\n", 0, at) for at in (span.start, span.end))
    return Span(start, end)


def _gone(view: View, id: str, what: str, message: str) -> Mark:
    sign, label = SIGNS[Standing.FIXED]
    own = view.decisions.get(id)
    decision = Note(own.author, own.at, tuple(own.reason.splitlines())) if own else None
    told = {Act.ACCEPTED: "was accepted", Act.DISMISSED: "was dismissed"}[own.act] if own else ""
    comments = tuple(map(_note, view.comments.get(id, ())))
    label = f"{label}, {told}" if told else label
    return Mark(id, anchor(id), 0, Standing.FIXED.value, sign, label, decision, comments, False,
                what.capitalize(), message)  # fmt: skip


def _note(event: Event) -> Note:
    return Note(event.author, event.at, tuple(event.text.splitlines()))


def _told(view: View, event: Event, numbers: dict[str, int]) -> str:
    number = numbers.get(event.finding)
    told = SAYS[event.act]
    return told.replace("a finding", f"finding {number}") if number else told


def _log(view: View, numbers: dict[str, int]) -> Iterator[Entry]:
    known = {own.id: own.message for own in (*view.comparison.findings, *view.fixed)}
    known |= {own.finding.id: own.finding.message for own in _pardons(view.comparison)}
    before = {own.number: own for own in view.events}
    for event in reversed(view.events):
        said = _told(view, event, numbers)
        if event.of and event.of in before:
            said = f"took back: {_told(view, before[event.of], numbers)}"
        if event.act is Act.EDITED:
            said = f"{said}, revision {event.revision}"
        target = anchor(event.finding) if event.finding in numbers else ""
        yield Entry(_note(event), said, target, known.get(event.finding, ""), event.revision)


def _pardons(comparison: Comparison) -> Sequence[Any]:
    return comparison.verdict.pardons if comparison.verdict else ()


def _text(review: Review, view: View) -> str | None:
    """The derivative as it can be edited; None for a file that is no text."""
    own = view.derivative
    form = own.form or review.desk.form or of_bytes(own.data) or of_name(own.name)
    return None if form in (DOCX, PDF) else view.comparison.derivative.text


def _changed(view: View) -> str:
    """What the last edit did, in a sentence; "" in the first revision."""
    if view.revision < 2:
        return ""
    there = list(view.standings.values())
    new, fixed = there.count(Standing.NEW), there.count(Standing.FIXED)
    kept = len(there) - new - fixed
    return f"{new} new, {fixed} fixed so far, {kept} as before"

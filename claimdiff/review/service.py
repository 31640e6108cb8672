"""The review: what editors and programs can do with comparisons, whoever asks over whatever line.

Every act names who acts and the revision that was seen. It is one entry of the log, written with all that
follows from it or not at all. Functions here are plain and may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace

from claimdiff import store
from claimdiff.checking import Desk
from claimdiff.errors import ClaimdiffError, InputError
from claimdiff.gate.config import Layer
from claimdiff.gate.entries import is_blank
from claimdiff.review import asked, clean, clock, export, record, rules, tables
from claimdiff.review import job as jobs
from claimdiff.review.database import Connection, Database
from claimdiff.review.job import Job, work
from claimdiff.review.record import DECIDING, Act, Event, State, Text
from claimdiff.review.shelf import Case, Shelf
from claimdiff.review.tables import Found, Page, Revision, Row
from claimdiff.review.trouble import Refused, Unavailable, Unknown
from claimdiff.review.view import View, standpoint, view

__all__ = ["Found", "Job", "Page", "Refused", "Review", "Row", "Unavailable", "Unknown", "View", "work"]


class Review:
    """The review of what is in a database, by a desk's policy under that which each was asked with."""

    def __init__(self, database: Database, desk: Desk, clock: Callable[[], str] = clock.now) -> None:
        """`clock` gives the time in UTC, as in 2026-11-22T10:15:00Z."""
        self.database = database
        self.clock = clock
        self._desk = desk
        self._shelf = Shelf()
        self._policy: Layer = {}  # what is started here is asked with

    @property
    def desk(self) -> Desk:
        """The desk as of today: waivers lapse while the review is running."""
        return replace(self._desk, today=max(self._desk.today, self.clock()[:10]))

    def under(self, policy: Layer) -> Review:
        """The same, where comparisons are started with these settings. ConfigError for what fits no rule."""
        asked.over(self._desk, policy).policy("")
        own = copy(self)
        own._policy = policy
        return own

    def _of(self, row: Row) -> Desk:
        """The desk under the policy that a comparison was asked with."""
        return asked.over(self.desk, asked.read(row.policy))

    # --- texts ----------------------------------------------------------------------------------

    def typed(self, name: str, text: str, form: str = "") -> Text:
        """A text that came as characters: pasted, or in a request."""
        return jobs.typed(self._desk, name, text, form)

    def job(self, sources: Sequence[Text], derivative: Text) -> Job:
        """The work of comparing these texts, to be done by `work` in any process. InputError for texts that
        are refused without being read."""
        desk = asked.over(self._desk, self._policy)
        return jobs.job(desk, *jobs.named(sources, derivative), asked.written(self._policy))

    def find(self, sources: Sequence[Text], derivative: Text) -> Found | None:
        """Where these very texts are, if they were asked for before with the same settings."""
        with self.database.reading() as db:
            return tables.find(db, self.job(sources, derivative).key)

    def start(
        self, name: str, sources: Sequence[Text], derivative: Text, author: str, result: str | None = None
    ) -> str:
        """The id of the comparison of these texts, which is made unless it is there: the same texts with the
        same settings are one comparison, for ever. `result` is what `work` gave for their job, where
        that was done already. Raises InputError and NotComparableError."""
        author = clean.author(author)
        sources, derivative = jobs.named(sources, derivative)
        title = clean.name(name)
        job = self.job(sources, derivative)
        if found := self.find(sources, derivative):
            return found.id
        result = work(job) if result is None else result
        raw = store.from_json(result)
        with self.database.writing() as db:
            if there := tables.find(db, job.key):
                return there.id
            at, policy = self.clock(), asked.written(self._policy)
            event = Event(0, job.key, 1, Act.CREATED, author, at)
            row = standpoint(asked.over(self.desk, self._policy), raw, [event]).row(
                Row(job.key, derivative.name if is_blank(title) else title, author, at, at, 0, author,
                    State.NEW, 1, "", 0.0, 0, 0, 0, policy)
            )  # fmt: skip
            tables.put_comparison(db, row, sources, derivative, result, raw.findings)
            tables.update_row(db, replace(row, last=tables.append(db, event).number))
        return job.key

    def edit_job(self, id: str, text: str | Text, revision: int) -> Job | None:
        """The work that an edit of this revision needs; None when it changes nothing."""
        with self.database.reading() as db:
            case = self._shelf.case(db, id)
            rules.present(case.row, revision)
            job, _ = self._edited(db, case, text)
            return None if case.holds(db, job.key) else job

    def edit(
        self,
        id: str,
        text: str | Text,
        *,
        author: str,
        revision: int,
        note: str = "",
        result: str | None = None,
    ) -> int:
        """A new revision of the derivative, checked again; its number. What was decided holds for every
        finding that is still there. The same text makes no revision, unless another version of the program
        compared it. `result` is what `work` gave for the `edit_job`. Refused when somebody else edited it
        since."""
        author, note = clean.author(author), clean.words(note)
        if result is None:
            job = self.edit_job(id, text, revision)
            if job is None:
                return revision
            result = work(job)
        raw = store.from_json(result)
        with self.database.writing() as db:
            case = self._shelf.case(db, id)
            rules.present(case.row, revision)
            job, derivative = self._edited(db, case, text)
            if case.holds(db, job.key):
                return revision
            at, number = self.clock(), revision + 1
            tables.put_revision(db, id, Revision(number, at, author), job.key, result, raw.findings)
            tables.put_text(db, id, number, "derivative", 0, derivative)
            now = replace(case, raw=raw, row=replace(case.row, revision=number))
            self._write(db, now, now.event(number, Act.EDITED, author, at, text=note))
        return number

    def _edited(self, db: Connection, case: Case, text: str | Text) -> tuple[Job, Text]:
        row = case.row
        sources, old = tables.texts(db, row.id, row.revision)
        new = jobs.edited(self._desk, old, text) if isinstance(text, str) else replace(text, name=old.name)
        return jobs.job(self._of(row), sources, new, row.policy), new

    # --- acts -----------------------------------------------------------------------------------

    def decide(
        self, id: str, finding: str, act: Act, reason: str = "", *, author: str, revision: int
    ) -> Event:
        """Accept a finding, which must then be fixed, or dismiss it with a reason. What this person decided
        of it before, in the same words, is not decided twice. Refused when the revision that is there now
        does not have the finding, and when the text is signed off."""
        if act not in DECIDING:
            raise InputError(f"{act} is no decision; accept the finding or dismiss it")
        author = clean.author(author)
        reason = clean.words(reason, needed="the reason" if act is Act.DISMISSED else "")
        with self.database.writing() as db:
            case = self._shelf.case(db, id)
            rules.known(case.row, revision)
            if record.state(case.events) is State.SIGNED_OFF:
                raise Refused("the text is signed off; reopen it before you decide otherwise")
            last = case.decision(finding)
            if last and (last.act, last.author, last.text) == (act, author, reason):
                return last
            event = case.event(revision, act, author, self.clock(), finding=finding, text=reason)
            return self._write(db, case, event)

    def comment(self, id: str, text: str, *, author: str, revision: int, finding: str = "") -> Event:
        """Say something of a finding, or of the text as a whole."""
        text = clean.words(text, needed="the comment")
        return self._act(id, Act.COMMENTED, author, revision, finding=finding, text=text)

    def ask_changes(self, id: str, text: str = "", *, author: str, revision: int) -> Event:
        """Send the text back to whoever writes it."""
        return self._act(id, Act.CHANGES_ASKED, author, revision, text=clean.words(text))

    def sign_off(self, id: str, text: str = "", *, author: str, revision: int) -> Event:
        """Say that the text may go out. Refused while a major finding is undecided, and while one that was
        accepted is still there."""
        return self._act(id, Act.SIGNED_OFF, author, revision, text=clean.words(text))

    def reopen(self, id: str, text: str = "", *, author: str, revision: int) -> Event:
        """Take a sign-off back, or that changes were asked for."""
        return self._act(id, Act.REOPENED, author, revision, text=clean.words(text))

    def _act(self, id: str, act: Act, author: str, revision: int, *, text: str, finding: str = "") -> Event:
        author = clean.author(author)
        with self.database.writing() as db:
            case = self._shelf.case(db, id)
            rules.known(case.row, revision)
            if act is not Act.COMMENTED:
                rules.present(case.row, revision)
                rules.may(act, record.state(case.events))
            event = case.event(revision, act, author, self.clock(), finding=finding, text=text)
            return self._write(db, case, event)

    def undo(self, id: str, *, author: str, revision: int) -> Event:
        """Undo what this person did last in this revision. Refused when there is nothing, and for a decision
        that a sign-off rests on."""
        author = clean.author(author)
        with self.database.writing() as db:
            case = self._shelf.case(db, id)
            rules.present(case.row, revision)
            last = record.last_undoable(case.events, author)
            if last is None:
                raise Refused(f"there is nothing of {author}'s to undo in this revision")
            if record.state(case.events) is State.SIGNED_OFF and last.act in DECIDING:
                raise Refused("the text is signed off; reopen it before you undo a decision")
            event = case.event(
                revision, Act.UNDONE, author, self.clock(), finding=last.finding, of=last.number
            )
            return self._write(db, case, event)

    def _write(self, db: Connection, case: Case, event: Event) -> Event:
        """Append the event and what follows from it, unless that must not be."""
        now = standpoint(self._of(case.row), case.raw, (*case.events, event))
        about = event.act in DECIDING or (event.act is Act.COMMENTED and event.finding)
        if about and event.finding not in now.findings:
            rules.gone(event, tables.findings(db, case.row.id, before=case.row.revision), case.row)
        if now.state is State.SIGNED_OFF and event.act is not Act.COMMENTED:
            rules.ready(now)
        made = tables.append(db, event)
        tables.update_row(db, replace(now.row(case.row), last=made.number))
        return made

    # --- looking --------------------------------------------------------------------------------

    def view(self, id: str, revision: int | None = None) -> View:
        """All that there is to see of a comparison, in the revision that is there now or in an older one."""
        with self.database.reading() as db:
            row = self._shelf.row(db, id)
            number = row.revision if revision is None else revision
            return view(
                self._of(row),
                row,
                self._shelf.raw(db, id, number),
                tables.events(db, id),
                tables.revisions(db, id),
                tables.texts(db, id, number),
                tables.findings(db, id, before=number),
                number,
            )

    def row(self, id: str) -> Row:
        """Where a comparison stands, as the desk lists it."""
        with self.database.reading() as db:
            return self._shelf.row(db, id)

    def search(
        self,
        words: str = "",
        *,
        state: State | None = None,
        decided_by: str = "",
        since: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """The comparisons whose name, or the name of a text of theirs, holds all of these words; that are in
        this state; on which this person decided; that changed at this time (a day, or UTC as the clock
        gives it) or later. What changed last comes first; a page has `limit` rows, at most clean.ROWS."""
        clean.page(limit, offset)
        given = {"words": clean.name(words), "since": clean.moment(since)}
        by = " ".join(clean.name(decided_by).split())
        with self.database.reading() as db:
            return tables.search(db, state=state, decided_by=by, limit=limit, offset=offset, **given)

    def people(self) -> tuple[str, ...]:
        """All who ever decided something, sorted."""
        with self.database.reading() as db:
            return tables.people(db)

    def export(self, id: str, form: str) -> str:
        """The comparison as it stands, with what was decided, in one of export.FORMS; "waivers" are a file of
        what was dismissed."""
        if form not in export.FORMS:
            raise InputError(f"{form!r}: there is no such export; there are {', '.join(export.FORMS)}")
        return export.FORMS[form](self.view(id))

    def refresh(self) -> int:
        """Judge all comparisons anew, for the list of the desk: the policy may have changed since their last
        event. How many stand otherwise now; what the policy cannot judge stays as it was."""
        changed = 0
        with self.database.reading() as db:
            ids = tables.ids(db)
        for id in ids:
            with suppress(ClaimdiffError), self.database.writing() as db:
                case = self._shelf.case(db, id)
                row = standpoint(self._of(case.row), case.raw, case.events).row(case.row)
                if row != case.row:
                    tables.update_row(db, row)
                    changed += 1
        return changed

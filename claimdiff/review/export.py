"""A review as something to keep: a report with its decisions, everything as JSON, or a file of waivers."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from claimdiff import store
from claimdiff.gate import edits, waiver
from claimdiff.model import Comparison, Finding
from claimdiff.render import markdown
from claimdiff.render.escape import escape
from claimdiff.review.record import Act, Event, Standing
from claimdiff.review.view import View
from claimdiff.store.write import SURROGATE

VERSION = 1  # of the form of the JSON
SAYS = {
    Act.CREATED: "started the review",
    Act.EDITED: "edited the text",
    Act.ACCEPTED: "accepted a finding",
    Act.DISMISSED: "dismissed a finding",
    Act.COMMENTED: "commented",
    Act.UNDONE: "undid",
    Act.CHANGES_ASKED: "asked for changes",
    Act.SIGNED_OFF: "signed off",
    Act.REOPENED: "reopened the review",
}


# --- waivers ------------------------------------------------------------------------------------------


def waivers(view: View) -> str:
    """The text of a waivers file with an entry for each finding that is there and was dismissed. `claimdiff
    check` lets these pass, for a derivative of the same path."""
    comparison = _whole(view.comparison)
    path = plain_path(view.path)
    there = {own.id for own in comparison.findings}
    dismissed = [own for own in view.decisions.values() if own.act is Act.DISMISSED and own.finding in there]
    entries = [
        waiver.waive(comparison, own.finding, path, reason=own.reason, by=own.author) for own in dismissed
    ]
    return edits.edit(waiver.FORM, "", waiver.FILE, [asdict(own) for own in entries])


def plain_path(path: str) -> str:
    """A path as a waivers file can hold it: from its folder, with forward slashes."""
    return posixpath.normpath(path.replace("\\", "/").strip().lstrip("/") or "derivative")


def _whole(comparison: Comparison) -> Comparison:
    """The comparison with what was pardoned among its findings."""
    pardons = comparison.verdict.pardons if comparison.verdict else ()
    return replace(comparison, findings=(*comparison.findings, *(own.finding for own in pardons)))


# --- JSON ---------------------------------------------------------------------------------------------


def as_json(view: View) -> str:
    """Everything: the judged comparison, where its findings stand, what was decided and said, and the log."""
    text = json.dumps(data(view), ensure_ascii=False, indent=2, allow_nan=False)
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def data(view: View) -> dict[str, Any]:
    """The same as plain data, in the order of the JSON."""
    row = view.row
    return {
        "review_version": VERSION,
        "id": row.id,
        "name": row.name,
        "state": row.state.value,
        "revision": view.revision,
        "created": row.created,
        "author": row.author,
        "updated": row.updated,
        "progress": asdict(view.progress),
        "standings": {id: own.value for id, own in view.standings.items()},
        "decisions": [
            {
                "finding": own.finding,
                "decision": own.act.value,
                "reason": own.reason,
                "author": own.author,
                "at": own.at,
            }
            for own in view.decisions.values()
        ],
        "comments": [_event(own) for events in view.comments.values() for own in events],
        "fixed": [_fixed(own) for own in view.fixed],
        "revisions": [asdict(own) for own in view.revisions],
        "events": [_event(own) for own in view.events],
        "comparison": json.loads(store.to_json(view.comparison, indent=None)),
    }


def _event(own: Event) -> dict[str, Any]:
    told: dict[str, Any] = {
        "number": own.number,
        "revision": own.revision,
        "act": own.act.value,
        "author": own.author,
        "at": own.at,
    }
    more = {"finding": own.finding, "text": own.text, "of": own.of}
    return told | {key: value for key, value in more.items() if value}


def _fixed(own: Finding) -> dict[str, Any]:
    return {
        "id": own.id,
        "rule": own.rule,
        "kind": own.kind.value,
        "types": [type.value for type in own.types],
        "severity": own.severity.value,
        "message": own.message,
    }


# --- Markdown -----------------------------------------------------------------------------------------


def as_markdown(view: View) -> str:
    """The report, then what was decided of each finding, and the log."""
    row, now = view.row, view.progress
    which = str(view.revision) if view.current else f"{view.revision} of {row.revision}"
    stands = f"**{row.state}**, revision {which}, {now.decided} of {now.total} decided"
    parts = [
        markdown.render(view.comparison, title=row.name).rstrip("\n"),
        "## Review",
        f"The text is {stands}. Last: {escape(row.last_author)}, {escape(row.updated)}.",
    ]
    known = {own.id: own for own in (*_whole(view.comparison).findings, *view.fixed)}
    decided = [_decided(view, known[id], own) for id, own in view.standings.items()]
    if decided:
        head = ("Finding", "Severity", "Stands", "Reason", "Who", "When")
        parts += ["### Decisions", _table(head, decided)]
    parts += [
        "### Log",
        _table(
            ("When", "Who", "What", "Finding", "Words"), [_logged(view, own, known) for own in view.events]
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _decided(view: View, finding: Finding, standing: Standing) -> tuple[str, ...]:
    decision = view.decisions.get(finding.id)
    told = (decision.reason, decision.author, decision.at) if decision else ("", "", "")
    return (f"{finding.message} ({finding.id})", finding.severity.value, standing.value, *told)


def _logged(view: View, event: Event, known: Mapping[str, Finding]) -> tuple[str, ...]:
    told = SAYS[event.act]
    if event.of:
        undone = next((own for own in view.events if own.number == event.of), None)
        told += f": {SAYS[undone.act]} ({undone.at})" if undone else ""
    finding = known.get(event.finding)
    name = f"{finding.message} ({finding.id})" if finding else event.finding
    return event.at, event.author, told, name, event.text


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head)]
    shown = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join(shown + ["| " + " | ".join(map(escape, row)) + " |" for row in rows])


FORMS: dict[str, Callable[[View], str]] = {"markdown": as_markdown, "json": as_json, "waivers": waivers}

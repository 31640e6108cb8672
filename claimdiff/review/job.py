"""The expensive part of a review: two texts are compared. It needs no database and runs in any process."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimdiff import checking, store
from claimdiff.checking import Desk
from claimdiff.errors import InputError
from claimdiff.gate.entries import is_blank
from claimdiff.read import FORMS
from claimdiff.read.form import DOCX, PDF, TEXT, of_bytes, of_name
from claimdiff.review import asked, clean
from claimdiff.review.record import Text

MOST = 50  # sources of one derivative


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be compared, and how. `key` tells it from every other: a digest of the texts and of the
    settings that the engine gets, and of all that a caller asked for."""

    key: str
    desk: Desk
    sources: tuple[checking.Text, ...]
    derivative: checking.Text


def work(job: Job) -> str:
    """The comparison as JSON, before any policy looks at it. Raises InputError for a text that cannot be
    read, and NotComparableError."""
    own = job.desk.policy(job.derivative.name)
    return store.to_json(job.desk.compare(job.sources, job.derivative, own), indent=None)


def job(desk: Desk, sources: Sequence[Text], derivative: Text, policy: str = asked.NONE) -> Job:
    """The work of comparing these texts, whose names are clean, by a desk that this policy of a caller's is a
    part of. InputError for what is refused without being read."""
    if not 0 < len(sources) <= MOST:
        told = "name at least one" if not sources else f"the limit is {MOST}"
        raise InputError(f"{len(sources)} sources were given; {told}")
    for text in (*sources, derivative):
        _hold(desk, text)
    # What pardons findings decides nothing here, and need not travel.
    own = replace(desk, waivers=(), accepted=())
    given = [_given(text) for text in (*sources, derivative)]
    return Job(_key(desk, sources, derivative, policy), own, tuple(given[:-1]), given[-1])


def typed(desk: Desk, name: str, text: str, form: str = "") -> Text:
    """A text that came as characters, so that it is read as these characters whatever the desk says of
    the encoding of files."""
    data = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode("utf-8")
    return Text(name, (codecs.BOM_UTF8 if desk.encoding else b"") + data, form)


def edited(desk: Desk, old: Text, text: str) -> Text:
    """A text with other words, in its form; what was no text before is plain text from now on."""
    form = old.form or desk.form or of_bytes(old.data) or of_name(old.name)
    return typed(desk, old.name, text, TEXT if form in (DOCX, PDF) else old.form)


def named(sources: Sequence[Text], derivative: Text) -> tuple[tuple[Text, ...], Text]:
    """The texts with names that can be kept; one without a name is called what it is."""
    old = tuple(map(_named, sources))
    new = _named(derivative)
    old = tuple(
        replace(own, name=f"source {number}" if len(old) > 1 else "source") if is_blank(own.name) else own
        for number, own in enumerate(old, 1)
    )
    return old, replace(new, name="derivative") if is_blank(new.name) else new


def _named(text: Text) -> Text:
    return replace(text, name=clean.name(text.name))


def _hold(desk: Desk, text: Text) -> None:
    limit: int = desk.policy(text.name).get("max-bytes")
    told = text.name or "a text"
    if len(text.data) > limit:
        raise InputError(
            f"{told}: has {len(text.data):,} bytes, the limit is {limit:,}; pass one article only"
        )
    if text.form and text.form not in FORMS:
        raise InputError(f"{told}: no such form of text; there are {', '.join(FORMS)}")


def _given(text: Text) -> checking.Text:
    encoding = "utf-8" if text.data.startswith(codecs.BOM_UTF8) else ""
    return checking.Text(text.name, text.data, text.form, encoding)


def _key(desk: Desk, sources: Sequence[Text], derivative: Text, policy: str) -> str:
    """The first 32 characters of a digest; each part stands behind its length, so that no two lists look
    alike. Neither the program's version nor what the desk only judges by is a part of it: decisions outlive
    an update and a new configuration. A caller's policy is, whole: callers never judge for each other. So
    is who gives a second opinion, but for its version."""
    engine = sorted(desk.policy(derivative.name).engine.items())
    wish = () if policy == asked.NONE else (policy,)
    spec = desk.verifier
    asks = (spec.kind, spec.name, desk.policy(derivative.name).thresholds) if spec else ()
    parts = [repr((engine, desk.form, desk.encoding, *wish, *asks)).encode("utf-8", "surrogatepass")]
    for text in (*sources, derivative):
        name, form = text.name.encode("utf-8", "surrogatepass"), text.form.encode()
        parts += [name, form, text.data.removeprefix(codecs.BOM_UTF8)]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()[:32]

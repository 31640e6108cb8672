"""What the pages' forms send, and the texts that a start is given."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

import anyio
from starlette.requests import Request

from claimdiff.review.api import BODY_SECONDS
from claimdiff.review.given import Fields, Typed, fail, parsed
from claimdiff.review.problem import ProblemError
from claimdiff.review.record import Text

MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, by name; a name may stand several times."""

    fields: Mapping[str, list[str]]

    def get(self, name: str) -> str:
        """The first value of this name, with the line ends of texts, or ""."""
        return self.all(name)[0] if name in self.fields else ""

    def all(self, name: str) -> list[str]:
        return [own.replace("\r\n", "\n").replace("\r", "\n") for own in self.fields.get(name, [])]

    def number(self, name: str) -> int:
        """A whole number; 0 for what is none."""
        value = self.get(name)
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else 0


async def body(request: Request) -> bytes:
    try:
        with anyio.fail_after(BODY_SECONDS):
            return await request.body()
    except TimeoutError:
        raise ProblemError(408, f"the form did not come within {BODY_SECONDS:g} seconds") from None


async def form(request: Request) -> Form:
    """The form that was sent, of fields without files."""
    data = (await body(request)).decode("utf-8", "replace")
    try:
        return Form(parse_qs(data, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"))
    except ValueError:
        raise ProblemError(413, f"the form has more than {MOST_FIELDS} fields") from None


@dataclass(frozen=True, slots=True)
class Start:
    """What a comparison is to be started from, as it was typed or dropped."""

    name: str
    author: str
    sources: tuple[Text, ...]
    derivative: Text


def from_form(given: Form, typed: Typed) -> Start:
    """A start without a script: pasted texts alone."""
    sources = [own for own in given.all("source") if own.strip()] or [""]
    several = len(sources) > 1
    made = tuple(typed(f"source {n}" if several else "source", own, "") for n, own in enumerate(sources, 1))
    return Start(
        given.get("name"), given.get("author"), made, typed("derivative", given.get("derivative"), "")
    )


def from_json(data: bytes, typed: Typed, most: int) -> Start:
    """A start with a script: texts, and files as they are, in base64."""
    given = Fields(parsed(data)).only("name", "author", "sources", "derivative")
    rows = given.tables("sources", most - 1)
    several = len(rows) > 1
    made = tuple(_text(own, f"source {n}" if several else "source", typed) for n, own in enumerate(rows, 1))
    derivative = _text(given.table("derivative"), "derivative", typed)
    return Start(given.text("name", "", most=500), given.name("author", ""), made, derivative)


def _text(row: Fields, default: str, typed: Typed) -> Text:
    row.only("name", "text", "data")
    name = row.text("name", "", most=500).strip() or default
    if "data" not in row.value:
        return typed(name, row.whole("text"), "")
    try:
        return Text(name, base64.b64decode(row.whole("data"), validate=True))
    except (binascii.Error, ValueError):
        fail(row.place("data"), "is no base64")

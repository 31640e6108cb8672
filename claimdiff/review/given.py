"""What a caller gave: JSON bodies and queries, held to their form before anything is done with them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from claimdiff.errors import ConfigError
from claimdiff.gate.config import Layer
from claimdiff.gate.nearest import nearest
from claimdiff.gate.setting import shown
from claimdiff.read import FORMS
from claimdiff.review import asked
from claimdiff.review.problem import Mistake, ProblemError
from claimdiff.review.record import Text

TEXT_FORMS = tuple(form for form in FORMS if form not in ("docx", "pdf"))
NAME_LENGTH, NOTE_LENGTH, ID_LENGTH = 200, 2_000, 64
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SIGNED_DIGITS = re.compile(r"-?[0-9]{1,18}")


Typed = Callable[[str, str, str], Text]  # a text of this name, these characters and this form


@dataclass(frozen=True, slots=True)
class Texts:
    """What is to be compared, and by which policy."""

    name: str
    sources: tuple[Text, ...]
    derivative: Text
    policy: Layer
    author: str


def fail(pointer: str, detail: str) -> NoReturn:
    raise ProblemError(422, f"{pointer or 'the body'}: {detail}", errors=[Mistake(pointer, detail)])


def parsed(data: bytes) -> dict[str, Any]:
    """The JSON object in a body."""
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise ProblemError(400, "the body is not UTF-8; send JSON in UTF-8") from None
    except RecursionError:
        raise ProblemError(400, "the body is nested too deeply to be read") from None
    except ValueError as error:
        raise ProblemError(400, f"the body is no JSON ({error})") from None
    if not isinstance(value, dict):
        fail("", "is no JSON object")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of the body, at a place in it."""

    value: Mapping[str, Any]
    at: str = ""

    def place(self, key: str | int) -> str:
        return f"{self.at}/{str(key).replace('~', '~0').replace('/', '~1')}"

    def only(self, *known: str) -> Fields:
        """Nothing but these keys; a key that nobody reads would be a wish that nobody heard."""
        for key in self.value:
            if key not in known:
                close = nearest(key, known)
                hint = f"did you mean {close}?" if close else f"there are {', '.join(known)}"
                fail(self.place(_clean(key)[:NAME_LENGTH]), f"is no field of this; {hint}")
        return self

    def text(self, key: str, default: str | None = None, *, most: int = NAME_LENGTH, least: int = 0) -> str:
        """Characters on one line."""
        value = self.whole(key, default, least=least)
        if len(value) > most:
            fail(self.place(key), f"has {len(value):,} characters; {most:,} is the most")
        if least and not value.strip():
            fail(self.place(key), "is blank")
        return value

    def name(self, key: str, default: str) -> str:
        value = self.text(key, default)
        if _CONTROL.search(value):
            fail(self.place(key), "holds a control character; write it on one line")
        return value or default

    def whole(self, key: str, default: str | None = None, *, least: int = 0) -> str:
        """Characters, however many; lone surrogates become U+FFFD."""
        value = self._get(key, default)
        if not isinstance(value, str):
            fail(self.place(key), f"{shown(value)} is no text in quotes")
        if len(value) < least:
            fail(self.place(key), "is empty")
        return _clean(value)

    def one_of(self, key: str, known: Collection[str], default: str | None = None) -> str:
        value = self._get(key, default)
        if value not in known or not isinstance(value, str):
            fail(self.place(key), f"{shown(value)} is none of {', '.join(own for own in known if own)}")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number from 0 up."""
        value = self._get(key, default)
        if isinstance(value, float) and value.is_integer():  # 1.0 is an integer to JSON Schema
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
            fail(self.place(key), f"{shown(value)} is no whole number from 0 up")
        return value

    def table(self, key: str) -> Fields:
        value = self._get(key, None)
        if not isinstance(value, dict):
            fail(self.place(key), f"{shown(value)} is no object")
        return Fields(value, self.place(key))

    def tables(self, key: str, most: int) -> list[Fields]:
        value = self._get(key, None)
        if not isinstance(value, list) or not value:
            fail(self.place(key), "must be a list with at least one object")
        if len(value) > most:
            fail(self.place(key), f"has {len(value):,} texts; {most} is the most")
        rows = Fields(dict(enumerate(value)), self.place(key))  # type: ignore[arg-type]
        return [rows.table(at) for at in range(len(value))]  # type: ignore[arg-type]

    def _get(self, key: str, default: Any) -> Any:
        if key not in self.value and default is None:
            fail(self.place(key), "is missing")
        return self.value.get(key, default)


def texts(body: Fields, typed: Typed, most_texts: int, most_characters: int) -> Texts:
    """What POST /v1/check and /v1/compare are given."""
    body.only("sources", "derivative", "policy", "name", "author")
    rows = body.tables("sources", most_texts - 1)
    sources = tuple(
        text(row, f"source {n}" if len(rows) > 1 else "source", typed) for n, row in enumerate(rows, 1)
    )
    derivative = text(body.table("derivative"), "derivative", typed)
    hold_length((*sources, derivative), most_characters)
    return Texts(
        name=body.name("name", derivative.name),
        sources=sources,
        derivative=derivative,
        policy=policy(body.table("policy")) if "policy" in body.value else {},
        author=body.name("author", ""),
    )


def text(row: Fields, default: str, typed: Typed) -> Text:
    """A text: its characters with a name and a form, or an item in ninjs."""
    name = row.name("name", default)
    if "ninjs" in row.value:
        return typed(name, json.dumps(row.only("ninjs", "name").table("ninjs").value), "ninjs")
    row.only("text", "name", "format")
    return typed(name, row.whole("text"), row.one_of("format", ("", *TEXT_FORMS), ""))


def hold_length(given: Collection[Text], most: int) -> None:
    total = sum(len(own.data.decode()) for own in given)
    if total > most:
        raise ProblemError(
            413,
            f"the texts have {total:,} characters together; this server takes {most:,}; send shorter ones",
        )


def policy(given: Fields) -> Layer:
    """Settings as in claimdiff.toml; none that names a file."""
    layer: Layer = {}
    for key, value in given.only(*asked.KNOWN).value.items():
        try:
            layer = {**layer, **asked.checked(key, value)}
        except ValueError as error:
            fail(given.place(key), str(error))
    return layer


def misfit(error: ConfigError) -> NoReturn:
    """A policy whose values do not fit the rules that there are."""
    fail("/policy", str(error).removeprefix(f"{asked.ORIGIN}: "))


def query_number(query: Mapping[str, str], key: str, default: int, *, least: int = 0, most: int) -> int:
    value = query.get(key)
    if value is None:
        return default
    number = int(value) if _SIGNED_DIGITS.fullmatch(value) else None
    if number is None or not least <= number <= most:
        raise ProblemError(
            422,
            f"{key}: {shown(value)} is no whole number from {least} to {most}",
            errors=[Mistake(key, f"must be a whole number from {least} to {most}")],
        )
    return number


def _clean(value: str) -> str:
    return _SURROGATE.sub("\ufffd", value)

"""What a policy can set: each setting with its form, its default and a line of help.

The table is the one place that knows them. The reader of the configuration, its JSON schema, `claimdiff
config` and the page of the documentation are made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from claimdiff.gate.nearest import nearest
from claimdiff.model import Kind, Severity, Type

NONE = "none"
ALL = "all"
WARN, FAIL = "warn", "fail"
PROFILES = ("strict", "rewrite", "summary")
LANGUAGES = ("en",)
PLACES = ("lines", "beginnings", "endings")  # where the phrases of boilerplate stand in a line
SELECTORS = (ALL, *(str(kind) for kind in Kind), *(str(type) for type in Type))  # beside the rules' ids
_SEEN = r"\S"  # in a schema: there is something to read

Check = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Form:
    """What a value must be: `check` gives it in its normal form or raises ValueError with what it should
    be; `schema` says the same in JSON Schema."""

    check: Check
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the configuration. A `table` is merged key by key with that of a lower layer, all else is
    replaced. What is `once` holds for a whole run and cannot be set for some paths only."""

    name: str
    form: Form
    default: Any
    help: str
    table: bool = False
    once: bool = False


class EntryError(ValueError):
    """What is wrong in one entry of a table, or of a list by its number."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


# --- forms ----------------------------------------------------------------------------------------


def choice(*of: str) -> Form:
    def check(value: Any) -> str:
        if value not in of:
            close = nearest(str(value), of)
            raise ValueError(
                f"{shown(value)} is none of {', '.join(of)}" + (f"; did you mean {close}?" if close else "")
            )
        return str(value)

    return Form(check, {"enum": list(of)})


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{shown(value)} is not a number from 0 to 1")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{shown(value)} is neither true nor false")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{shown(value)} is not a whole number from 0 up")
    return value


def _size(value: Any) -> int:
    if _count(value) == 0:
        raise ValueError("0 bytes would refuse every text")
    return int(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{shown(value)} is no text in quotes")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    """A text or a list of texts."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list):
        raise ValueError(f"{shown(value)} is neither a text in quotes nor a list of them")
    return tuple(map(_text, given))


def selector(value: Any) -> str:
    """A kind, a type, `all` or a rule. What rules there are is known to the engine, not to the gate: the
    caller holds names that are no kind or type to them."""
    return _text(value)


def _selectors(value: Any) -> tuple[str, ...]:
    return tuple(map(selector, _texts(value)))


def table(of: Form) -> Form:
    def check(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValueError(f"{shown(value)} is no table")
        out = {}
        for key, inner in value.items():
            if not key.strip():
                raise EntryError(key, "an entry has no name")
            try:
                out[key] = of.check(inner)
            except ValueError as error:
                raise EntryError(key, f"{key}: {error}") from None
        return out

    names = {"pattern": _SEEN}
    return Form(check, {"type": "object", "propertyNames": names, "additionalProperties": dict(of.schema)})


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` findings of a sort: a kind, type or rule, of one severity or of any."""

    most: int
    of: str = ALL
    severity: Severity | None = None

    def count(self, number: int) -> str:
        """So many findings of this sort, in words: "4 minor additions", "1 number-changed finding"."""
        noun = self.of if self.of in tuple(Kind) else "finding" if self.of == ALL else f"{self.of} finding"
        return " ".join(filter(None, (str(number), self.severity, noun if number == 1 else f"{noun}s")))


_LIMIT = {"at-most": _count, "of": selector, "severity": choice(*Severity).check}


def _limits(value: Any) -> tuple[Limit, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ValueError(f'{shown(value)} is no list of tables such as {{ at-most = 3, of = "addition" }}')
    return tuple(_limit(entry, str(number)) for number, entry in enumerate(value))


def _limit(entry: Mapping[str, Any], number: str) -> Limit:
    try:
        return _limit_of(entry)
    except ValueError as error:
        raise EntryError(number, str(error)) from None


def _limit_of(entry: Mapping[str, Any]) -> Limit:
    for key in entry:
        if key not in _LIMIT:
            close = nearest(key, _LIMIT)
            known = ", ".join(_LIMIT)
            raise ValueError(f"{key!r} is none of {known}" + (f"; did you mean {close}?" if close else ""))
    if "at-most" not in entry:
        raise ValueError("a limit needs at-most, the number of findings that are let through")
    given = {key: _LIMIT[key](own) for key, own in entry.items()}
    severity = Severity(given["severity"]) if "severity" in given else None
    return Limit(given["at-most"], given.get("of", ALL), severity)


def _phrases(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError(f"{shown(value)} is no table of {', '.join(PLACES)}")
    for key in value:
        if key not in PLACES:
            close = nearest(key, PLACES)
            hint = f"; did you mean {close}?" if close else ""
            raise EntryError(key, f"{key!r} is none of {', '.join(PLACES)}{hint}")
    phrases: dict[str, tuple[str, ...]] = table(TEXTS).check(value)
    return phrases


def shown(value: Any) -> str:
    """A value as a message quotes it."""
    told = repr(value)
    return told if len(told) <= 60 else f"{told[:57]}..."


SHARE = Form(_share, {"type": "number", "minimum": 0, "maximum": 1})
FLAG = Form(_flag, {"type": "boolean"})
SIZE = Form(_size, {"type": "integer", "minimum": 1})
TEXT = Form(_text, {"type": "string", "pattern": _SEEN})
TEXTS = Form(_texts, {"type": ["string", "array"], "pattern": _SEEN, "items": dict(TEXT.schema)})
SORTS = Form(_selectors, TEXTS.schema)
LIMITS = Form(
    _limits,
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["at-most"],
            "additionalProperties": False,
            "properties": {
                "at-most": {"type": "integer", "minimum": 0},
                "of": dict(TEXT.schema),
                "severity": {"enum": [str(own) for own in Severity]},
            },
        },
    },
)
PHRASES = Form(
    _phrases,
    {
        "type": "object",
        "additionalProperties": False,
        "properties": {place: dict(TEXTS.schema) for place in PLACES},
    },
)

SETTINGS: tuple[Setting, ...] = (
    Setting("profile", choice(*PROFILES), "rewrite", "The profile that the other settings start from."),
    Setting(
        "fail-on",
        choice(*Severity, NONE),
        "major",
        "The least severity that stops a text; none reports only.",
    ),
    Setting(
        "fail-confidence",
        SHARE,
        0.5,
        "A finding that is less certain than this never stops a text by its severity.",
    ),
    Setting(
        "min-confidence", SHARE, 0.25, "Findings that are less certain than this are not reported at all."
    ),
    Setting("select", SORTS, (ALL,), "What to look for: rules, types, kinds, or all."),
    Setting("ignore", SORTS, (), "What to leave out of it."),
    Setting(
        "severity", table(choice(*Severity)), {}, "Another severity for a rule, type or kind.", table=True
    ),
    Setting("confidence", table(SHARE), {}, "Another fail-confidence for a rule, type or kind.", table=True),
    Setting("exact-quotations", FLAG, False, "Every quotation must stand in a source, word for word."),
    Setting("sourced-numbers", FLAG, False, "Every figure must stand in a source."),
    Setting(
        "require-verifier",
        FLAG,
        False,
        "Every statement that a verifier is asked about must be judged by one.",
    ),
    Setting("min-coverage", SHARE, 0.0, "The least share of the source's statements that is carried."),
    Setting(
        "min-support", SHARE, 0.0, "The least share of the derivative's statements that the source supports."
    ),
    Setting("max-drift", SHARE, 1.0, "The highest drift that is let through."),
    Setting("limits", LIMITS, (), "At most so many findings of a sort."),
    Setting("expected-sections", TEXTS, (), "Headings under which additions are our own, and expected."),
    Setting("inline-waivers", FLAG, True, "Whether comments in the derivative may waive findings."),
    Setting(
        "aliases", table(TEXTS), {}, "Names that mean the same: a name, and the others for it.", table=True
    ),
    Setting("boilerplate", PHRASES, {}, "Your house's lines that are no part of a story.", table=True),
    Setting("lang", choice(*LANGUAGES), "", "Judge the texts as this language, whatever they look like."),
    Setting("max-bytes", SIZE, 10_000_000, "Refuse a text that is larger than this."),
    Setting(
        "unused-waivers",
        choice(WARN, FAIL),
        WARN,
        "What a waiver does that matches nothing or has lapsed.",
        once=True,
    ),
    Setting(
        "waivers", TEXT, "claimdiff-waivers.toml", "The file of waivers, beside the configuration.", once=True
    ),
    Setting(
        "baseline",
        TEXT,
        "claimdiff-baseline.toml",
        "The file of accepted findings, beside the configuration.",
        once=True,
    ),
)
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}

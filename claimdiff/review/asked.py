"""The policy that a caller asked with: settings over those of the desk, kept with the comparison."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from claimdiff.checking import Desk
from claimdiff.errors import ConfigError
from claimdiff.gate.config import Layer, Value
from claimdiff.gate.setting import BY_NAME, Limit

ORIGIN = "request"  # where such a setting was set
FILES = frozenset({"waivers", "baseline"})  # settings that name a file, which no caller may
KNOWN = tuple(name for name in BY_NAME if name not in FILES)
NONE = "{}"  # what is kept where nothing was asked


def checked(name: str, given: Any) -> dict[str, Value]:
    """One of the KNOWN settings, the entries of a table under `name.key`. ValueError says what is wrong."""
    setting = BY_NAME[name]
    value = setting.form.check(given)
    if not setting.table:
        return {name: Value(value, ORIGIN)}
    return {f"{name}.{key}": Value(own, ORIGIN) for key, own in value.items()}


def over(desk: Desk, policy: Layer) -> Desk:
    """The desk with these settings over its own."""
    return replace(desk, given={**desk.given, **policy}) if policy else desk


def written(policy: Layer) -> str:
    """The settings as JSON, the same for the same settings however they were written."""
    out: dict[str, Any] = {}
    for name, own in policy.items():
        table, dot, key = name.partition(".")
        if dot:
            out.setdefault(table, {})[key] = _plain(own.value)
        else:
            out[name] = _plain(own.value)
    return json.dumps(out, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text: str) -> Layer:
    """The settings that were `written`. ConfigError for what this version of the program does not know."""
    layer: dict[str, Value] = {}
    for name, given in json.loads(text).items():
        try:
            if name not in KNOWN:
                raise ValueError("is no setting of this version")
            layer |= checked(name, given)
        except ValueError as error:
            raise ConfigError(
                f"the policy that this comparison was asked with cannot be used any more: {name}: {error}"
            ) from None
    return layer


def _plain(value: Any) -> Any:
    if isinstance(value, Limit):
        told = {"at-most": value.most, "of": value.of}
        return told | ({"severity": value.severity.value} if value.severity else {})
    if isinstance(value, Mapping):
        return {key: _plain(own) for key, own in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(own) for own in value]
    return value.value if isinstance(value, Enum) else value

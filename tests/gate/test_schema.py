"""The JSON schema of the configuration says what its reader says."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from claimdiff.gate.policy import profiles
from claimdiff.gate.schema import schema
from claimdiff.gate.setting import SETTINGS

TABLE = tomllib.loads(Path(__file__).with_name("settings.toml").read_text(encoding="utf-8"))
SCHEMA = json.loads(schema())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def plain(value: Any) -> Any:
    """A value of TOML as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(own) for key, own in value.items()}
    if isinstance(value, list):
        return [plain(own) for own in value]
    return value.isoformat() if isinstance(value, date) else value


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert schema().endswith("}\n")


def test_every_setting_is_described() -> None:
    for setting in SETTINGS:
        own = SCHEMA["properties"][setting.name]
        assert own["description"] == setting.help
        assert (setting.name in SCHEMA["properties"]["overrides"]["items"]["properties"]) is not setting.once
        if "default" in own:
            VALIDATOR.evolve(schema=own).validate(own["default"])


@pytest.mark.parametrize("case", TABLE["good"], ids=lambda case: case["text"].strip()[:40])
def test_what_the_reader_takes_is_valid(case: dict[str, Any]) -> None:
    VALIDATOR.validate(plain(tomllib.loads(case["text"])))


@pytest.mark.parametrize("case", TABLE["bad"], ids=lambda case: case["text"].strip()[:40])
def test_what_the_reader_refuses_is_not(case: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(plain(tomllib.loads(case["text"]))) is case.get("only_reader", False)


def test_profiles_are_valid() -> None:
    for layer in profiles().values():
        VALIDATOR.validate({n: list(v) if isinstance(v, tuple) else v for n, (v, _) in layer.items()})

"""The JSON schema of `claimdiff.toml`, made from the table of settings, for editors that know such."""

from __future__ import annotations

import json
from typing import Any

from claimdiff.gate.setting import SETTINGS, TEXT, TEXTS, Setting

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> str:
    """The schema as JSON text."""
    everywhere = {own.name: _described(own) for own in SETTINGS}
    per_path = {own.name: _described(own) for own in SETTINGS if not own.once}
    texts = dict(TEXTS.schema)
    some = {**texts, "minItems": 1}
    pair = {
        "type": "object",
        "required": ["derivative"],
        "oneOf": [{"required": ["source"]}, {"required": ["sources"]}],
        "additionalProperties": False,
        "properties": {
            "derivative": {
                **TEXT.schema,
                "description": "A path or a pattern; {slug} catches a part of a name.",
            },
            "source": {**some, "description": "Paths or patterns, which take up what {slug} caught."},
            "sources": some,
        },
    }
    override = {
        "type": "object",
        "required": ["paths"],
        "additionalProperties": False,
        "properties": {"paths": {**texts, "description": "Which derivatives it is for."}, **per_path},
    }
    whole = {
        "$schema": DIALECT,
        "title": "claimdiff.toml",
        "description": "What stops a text. The same may stand under [tool.claimdiff] in pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **everywhere,
            "pairs": {
                "type": "array",
                "items": pair,
                "description": "Which derivatives rest on which sources.",
            },
            "overrides": {
                "type": "array",
                "items": override,
                "description": "Other settings for some paths.",
            },
        },
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _described(setting: Setting) -> dict[str, Any]:
    default = {"default": setting.default} if setting.default != "" and not setting.table else {}
    return {**setting.form.schema, "description": setting.help, **default}

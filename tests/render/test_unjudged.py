"""A report says which texts were not judged, in every format that has a place for it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from odd import NASTY

from claimdiff.model import Comparison
from claimdiff.render import FORMATS
from claimdiff.render.several import join
from claimdiff.render.unjudged import WAYS, render

SCHEMA = json.loads((Path(__file__).parent / "sarif.schema.json").read_text(encoding="utf-8"))
TROUBLES = [("a.md", "a.md: no such file; check the path"), *((text, f"{text}: is odd") for text in NASTY)]


@pytest.mark.parametrize("form", sorted(WAYS))
def test_it_joins_the_others(pair: Comparison, form: str) -> None:
    told = FORMATS[form].render(pair, color=False, width=80)
    made = join(form, [told, render(form, TROUBLES, "1.0")])
    assert "no such file; check the path" in made
    assert "\x1b" not in made
    if form == "sarif":
        jsonschema.validate(json.loads(made), SCHEMA)
    if form == "junit":
        top = ElementTree.fromstring(made.encode())
        assert top.get("errors") == str(len(TROUBLES))
    if form == "github":
        assert made.count("::error title=claimdiff::Not judged") == len(TROUBLES)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_nothing_to_say(form: str) -> None:
    assert render(form, [], "1.0") == ""
    assert bool(render(form, TROUBLES, "1.0")) == (form in WAYS)

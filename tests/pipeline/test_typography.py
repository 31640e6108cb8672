"""How a text is set never makes a finding: invisible characters, spaces, quotation marks, dashes, ligatures,
and letters written as one or as two characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import claimdiff

SOURCE = (
    "The office in Zürich will not close, its director José Peña said on Monday – a first.\n\n"
    "“We can’t afford it,” he said. Fares rose 12 percent to €1,200, the chief financial officer’s aides "
    "say.\n\n"
    "Five officials described the well-known plan — a café in Malmö — as inefficient.\n"
)
CHANGES: dict[str, Callable[[str], str]] = {
    "zero-width spaces": lambda text: text.replace("fi", "f\u200bi").replace(" ", "\u200b "),
    "joiners": lambda text: text.replace("ff", "f\u200df").replace("ed ", "e\u2060d "),
    "soft hyphens": lambda text: text.replace("rect", "rec\u00adt").replace("cent", "cen\u00adt"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "thin spaces": lambda text: text.replace(" percent", "\u2009percent").replace("€", "€\u202f"),
    "straight quotation marks": lambda text: text.translate({0x201C: '"', 0x201D: '"', 0x2019: "'"}),
    "one kind of dash": lambda text: text.replace("—", "–"),
    "the other kind of dash": lambda text: text.replace("–", "—"),
    "a hyphen that does not break": lambda text: text.replace("-", "\u2011"),
    "ligatures": lambda text: text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("ff", "ﬀ"),
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
    "byte order mark inside": lambda text: "\ufeff" + text.replace(". ", ".\ufeff "),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "directional marks": lambda text: text.replace("12", "\u200e12\u200e"),
}


def assert_same(source: str, derivative: str) -> None:
    made = claimdiff.compare(source, derivative)
    assert made.findings == ()
    assert made.summary.drift == 0
    assert made.derivative.text == derivative
    for statement in made.derivative.statements:
        start, end = statement.span
        assert derivative[start:end].strip()


@pytest.mark.parametrize("name", CHANGES)
def test_how_it_is_set_is_no_finding(name: str) -> None:
    changed = CHANGES[name](SOURCE)
    assert changed != SOURCE
    assert_same(SOURCE, changed)
    assert_same(changed, SOURCE)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(sorted(set(CHANGES) - {"one kind of dash", "the other kind of dash"})), max_size=4
    )
)
def test_nor_are_several_changes(names: list[str]) -> None:
    changed = SOURCE
    for name in names:
        changed = CHANGES[name](changed)
    assert_same(SOURCE, changed)

"""Policies: which layer wins, what they say of a finding, and how they are printed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.errors import ConfigError
from claimdiff.gate import config as configuration
from claimdiff.gate.config import Config, Layer, Value
from claimdiff.gate.policy import Policy, in_force, is_of, policy, written
from claimdiff.gate.setting import SETTINGS, Limit
from claimdiff.model import Boilerplate, Finding, Kind, Severity, Type

RULES = ("number-changed", "quote-altered", "addition-fact")
MAJOR, MINOR = Severity.MAJOR, Severity.MINOR


def made(text: str = "", derivative: str = "a.md", given: dict[str, Any] | None = None) -> Policy:
    return policy(parsed(text), derivative, layer(given or {}), rules=lambda: RULES)


def parsed(text: str) -> Config:
    reader = configuration._Reader(Path("claimdiff.toml"), text, ())
    return reader.config(tomllib.loads(text))


def layer(values: dict[str, Any]) -> Layer:
    return {name: Value(value, "command line") for name, value in values.items()}


def finding(**given: Any) -> Finding:
    values: dict[str, Any] = {
        "id": "a",
        "rule": "number-changed",
        "kind": Kind.DISTORTION,
        "types": (Type.NUMBER, Type.TIME),
        "severity": MAJOR,
        "confidence": 0.9,
        "message": "",
        "derivative": None,
        "source": None,
    }
    return Finding(**(values | given))


OMISSION = finding(rule="omission-quote", kind=Kind.OMISSION, types=(), severity=MINOR)

# --- layers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "given", "expected", "origin"),
    [
        ("", {}, "major", "profile rewrite"),
        ("", {"profile": "strict"}, "minor", "profile strict"),
        ('profile = "strict"', {}, "minor", "profile strict"),
        ('profile = "strict"', {"profile": "summary"}, "major", "profile summary"),
        ('fail-on = "none"', {}, "none", "claimdiff.toml:1"),
        ('fail-on = "none"', {"profile": "strict"}, "none", "claimdiff.toml:1"),
        ('fail-on = "none"', {"fail-on": "major"}, "major", "command line"),
        ('[[overrides]]\npaths = "*.md"\nfail-on = "minor"', {}, "minor", "claimdiff.toml:3"),
        ('[[overrides]]\npaths = "*.txt"\nfail-on = "minor"', {}, "major", "profile rewrite"),
        ('[[overrides]]\npaths = "*"\nprofile = "strict"', {}, "minor", "profile strict"),
        (
            'fail-on = "none"\n[[overrides]]\npaths = "*"\nprofile = "strict"',
            {},
            "none",
            "claimdiff.toml:1",
        ),
        (
            '[[overrides]]\npaths = "*"\nfail-on = "none"\n[[overrides]]\npaths = "a*"\nfail-on = "minor"',
            {},
            "minor",
            "claimdiff.toml:6",
        ),
        (
            '[[overrides]]\npaths = "a*"\nfail-on = "minor"\n[[overrides]]\npaths = "*"\nfail-on = "none"',
            {},
            "none",
            "claimdiff.toml:6",
        ),
        (
            '[[overrides]]\npaths = "*"\nfail-on = "minor"',
            {"fail-on": "none"},
            "none",
            "command line",
        ),
    ],
)
def test_the_strongest_layer_wins(text: str, given: dict[str, Any], expected: str, origin: str) -> None:
    own = made(text, given=given)
    assert (own.get("fail-on"), own.origin("fail-on")) == (expected, origin)


@pytest.mark.parametrize(
    ("path", "paths", "applies"),
    [
        ("briefs/a.md", "briefs/*.md", True),
        ("briefs/a.md", "./briefs/*.md", True),
        ("briefs/a.md", "*.md", True),
        ("briefs/a.md", "a.md", True),
        ("briefs/a.md", "briefs", False),
        ("briefs/a.md", "briefs/**", True),
        ("briefs/b/a.md", "briefs/*.md", False),
        ("briefs/b/a.md", "briefs/**/*.md", True),
        ("briefs/a.md", "briefs/**/*.md", True),
        ("x/briefs/a.md", "briefs/*.md", False),
        ("x/briefs/a.md", "**/briefs/*.md", True),
        ("briefs/a.md", "**/briefs/*.md", True),
        ("x/y/briefs/z/a.md", "**/briefs/**/*.md", True),
        ("Briefs/a.md", "briefs/*.md", False),
        ("briefs/a[1].md", "briefs/a[1].md", True),
        ("briefs/a1.md", "briefs/a[1].md", False),
    ],
)
def test_overrides_are_for_paths(path: str, paths: str, applies: bool) -> None:
    own = made(f"[[overrides]]\npaths = '{paths}'\nfail-on = 'none'", path)
    assert (own.get("fail-on") == "none") is applies


def test_an_override_may_have_several_patterns() -> None:
    text = "[[overrides]]\npaths = ['b/*', 'a.md']\nmax-bytes = 7"
    assert [made(text, path).get("max-bytes") for path in ("a.md", "b/c", "c.md")] == [7, 7, 10_000_000]


def test_tables_are_merged_and_lists_replaced() -> None:
    own = made(
        """ignore = ["number"]
severity = { number = "minor", quote = "minor" }
[[overrides]]
paths = "*"
ignore = ["quote"]
severity = { quote = "major", time = "minor" }
"""
    )
    assert own.get("severity") == {"number": "minor", "quote": "major", "time": "minor"}
    assert own.origin("severity.number") == "claimdiff.toml:2"
    assert own.origin("severity.quote") == "claimdiff.toml:6"
    assert own.get("ignore") == ("quote",)
    assert made('profile = "summary"\nignore = []').get("ignore") == ()


def test_a_profile_says_only_what_it_says() -> None:
    assert made().get("ignore") == ()
    assert made(given={"profile": "summary"}).get("ignore") == ("omission",)
    strict = made(given={"profile": "strict"})
    assert strict.get("exact-quotations") and strict.get("sourced-numbers")
    assert strict.get("min-coverage") == 0.8
    assert strict.said("fail-on") == 'fail-on = "minor"'
    assert strict.said("min-coverage") == "min-coverage = 0.8"


# --- what it says of a finding ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "own", "expected"),
    [
        ("", {}, MAJOR),
        ("", {"severity": MINOR}, MINOR),
        ('"number-changed" = "minor"', {}, MINOR),
        ('"number-changed" = "minor"\nnumber = "major"\nall = "major"', {}, MINOR),
        ('number = "minor"\ntime = "minor"', {}, MINOR),
        ('number = "minor"\ntime = "major"', {}, MAJOR),
        ('number = "minor"', {"types": (Type.NUMBER,)}, MINOR),
        ('number = "minor"', {}, MAJOR),  # as a time it is as grave as ever
        ('number = "major"', {"severity": MINOR}, MAJOR),
        ('number = "minor"\ntime = "minor"\ndistortion = "major"', {}, MINOR),
        ('distortion = "minor"\nall = "major"', {}, MINOR),
        ('addition = "minor"\nall = "minor"', {}, MINOR),
        ('addition = "minor"\nquote = "minor"', {}, MAJOR),
        ('all = "minor"', {}, MINOR),
    ],
)
def test_severity(table: str, own: dict[str, Any], expected: Severity) -> None:
    assert made(f"[severity]\n{table}").severity(finding(**own)) is expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("", 0.5),
        ('"number-changed" = 0.9\nnumber = 0.1', 0.9),
        ("number = 0.7\ntime = 0.6", 0.6),
        ("number = 0.7", 0.5),
        ("number = 0.3", 0.3),
        ("distortion = 0.8\nall = 0.1", 0.8),
        ("all = 0.1", 0.1),
        ("quote = 0.1\nomission = 0.1", 0.5),
    ],
)
def test_threshold(table: str, expected: float) -> None:
    assert made(f"[confidence]\n{table}").threshold(finding()) == expected


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("", 0.25),
        ("min-confidence = 0.6", 0.6),
        ("fail-confidence = 0.1", 0.25),
        ("[confidence]\nnumber = 0.1\ntime = 0.2", 0.1),
        ("[confidence]\nquote = 0.1", 0.25),
        ("min-confidence = 0.6\n[confidence]\nquote = 0.1", 0.6),
        ("[confidence]\nnumber = 0.9\ntime = 0.9", 0.25),
    ],
)
def test_what_is_told_at_all(text: str, least: float) -> None:
    own = made(text)
    assert own.reports(finding(confidence=least))
    assert not own.reports(finding(confidence=least - 0.01))
    assert own.engine["min_confidence"] <= least  # the engine must not leave out what counts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", True),
        ("select = []", False),
        ('select = "number-changed"', True),
        ('select = ["time"]', True),
        ('select = ["distortion"]', True),
        ('select = ["addition", "quote"]', False),
        ('ignore = ["all"]', False),
        ('ignore = ["number"]', False),
        ('ignore = ["number-changed"]', False),
        ('ignore = ["distortion"]', False),
        ('ignore = ["quote", "omission"]', True),
        ('select = ["number-changed"]\nignore = ["time"]', False),
    ],
)
def test_select_and_ignore(text: str, wanted: bool) -> None:
    assert made(text).wants(finding()) is wanted


@pytest.mark.parametrize(
    ("limit", "counts"),
    [
        (Limit(0), (True, True)),
        (Limit(0, "all", MINOR), (False, True)),
        (Limit(0, "number"), (True, False)),
        (Limit(0, "number", MINOR), (False, False)),
        (Limit(0, "omission"), (False, True)),
        (Limit(0, "omission-quote", MINOR), (False, True)),
    ],
)
def test_limits_count(limit: Limit, counts: tuple[bool, bool]) -> None:
    assert (is_of(finding(), limit), is_of(OMISSION, limit)) == counts


RULE, LISTS = "is no rule, type or kind; did you mean ", "is no rule, type or kind; `claimdiff rules` lists"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('select = ["number-change"]', f"1: select: 'number-change' {RULE}number-changed?"),
        ('\nignore = ["qoute"]', f"2: ignore: 'qoute' {RULE}quote?"),
        ('[severity]\nomision = "minor"', f"2: severity: 'omision' {RULE}omission?"),
        ("confidence.xyzzy = 1", f"1: confidence: 'xyzzy' {LISTS}"),
        ("limits = [{ at-most = 1, of = 'Addition' }]", f"1: limits: 'Addition' {RULE}addition?"),
        ("[[overrides]]\npaths = '*'\nselect = 'al'", f"3: select: 'al' {RULE}all?"),
    ],
)
def test_an_unknown_name(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        made(text)
    assert str(caught.value).startswith(f"claimdiff.toml:{says}")


def test_an_unknown_name_on_the_command_line() -> None:
    with pytest.raises(ConfigError, match=r"command line: select: 'numbr' is no rule.*did you mean"):
        made(given={"select": ("numbr",)})


def test_known_names_ask_for_no_rules() -> None:
    """The rules are known to the engine, which takes long to load."""

    def rules() -> tuple[str, ...]:
        raise AssertionError

    policy(parsed('select = ["quote", "addition"]'), "a.md", {}, rules=rules)


def test_what_it_says_to_the_engine() -> None:
    own = made(
        """exact-quotations = true
lang = "en"
[aliases]
"Federal Reserve" = ["Fed"]
[boilerplate]
lines = ["Share this"]
"""
    )
    assert own.engine == {
        "min_confidence": 0.25,
        "lang": "en",
        "boilerplate": Boilerplate(lines=("Share this",)),
        "aliases": (("Federal Reserve", "Fed"),),
        "require": ("quotations",),
    }
    assert made().engine["lang"] is None
    assert made("sourced-numbers = true").engine["require"] == ("numbers",)


# --- printed ----------------------------------------------------------------------------------------


def values(own: Policy) -> dict[str, Any]:
    return {setting.name: own.get(setting.name) for setting in SETTINGS}


@pytest.mark.parametrize(
    "text",
    [
        "",
        'profile = "strict"',
        'profile = "summary"\nlang = "en"',
        "min-confidence = 0.123456789\nfail-confidence = 1e-9\nmax-drift = 0.3333333333333333",
        'limits = [{ at-most = 3, of = "addition", severity = "minor" }, { at-most = 10000000000 }]',
        "select = []\nmax-bytes = 12345678901",
        '[severity]\n"number-changed" = "minor"\nall = "major"\n[confidence]\nquote = 0.05',
        "[aliases]\n'Fed \"X\" \\ [y]' = ['a\u2028b', 'tab\\tx', '\U000e0041']\n\"\\u0000\" = []",
        '[boilerplate]\nlines = ["a", "\\u001b[31m"]',
        '[[pairs]]\nderivative = "a/{slug}.md"\nsource = ["b/{slug}.md", "c [x].md"]',
    ],
)
def test_what_is_printed_reads_back(text: str) -> None:
    config = parsed(text)
    own = policy(config, "a.md", {}, rules=lambda: RULES)
    printed = in_force(own, config, title="claimdiff.toml")
    again = parsed(printed)
    assert values(policy(again, "a.md", {}, rules=lambda: RULES)) == values(own)
    assert [(p.derivative, p.source) for p in again.pairs] == [(p.derivative, p.source) for p in config.pairs]


def test_what_is_printed_names_the_places() -> None:
    config = parsed('\n\n[severity]\nquote = "minor"')
    own = policy(config, "a.md", layer({"max-drift": 0.5}), rules=lambda: RULES)
    lines = in_force(own, config, title="claimdiff.toml, for a.md").split("\n")
    assert lines[0] == "# In force: claimdiff.toml, for a.md"
    assert 'profile = "rewrite"  # default' in lines
    assert 'fail-on = "major"  # profile rewrite' in lines
    assert "max-drift = 0.5  # command line" in lines
    assert '"quote" = "minor"  # claimdiff.toml:4' in lines
    assert not [line for line in lines if line.startswith("lang")]


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.booleans() | st.integers() | st.floats(0, 1) | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.text(st.characters(exclude_categories=["Cs"]), min_size=1), inner, max_size=3
            )
        ),
        max_leaves=8,
    )
)
def test_any_value_is_written_as_toml(value: Any) -> None:
    text = f"a = {written(value)}"
    assert "\n" not in text
    assert tomllib.loads(text) == {"a": value}

"""`claimdiff config`: what is in force, and where it was set."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from claimdiff.gate import config as configuration
from claimdiff.gate.setting import SETTINGS

Run = Callable[..., Any]
TEXT = """profile = "strict"
min-confidence = 0.123456789
limits = [{ at-most = 3, of = "addition", severity = "minor" }]

[severity]
quote = "minor"

[aliases]
"Federal Reserve" = ["Fed", "the central bank"]

[[pairs]]
derivative = "desk/{slug}.md"
source = ["wire/{slug}.md", "wire/{slug}-*.md"]

[[overrides]]
paths = ["desk/briefs/*.md"]
profile = "summary"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(out: str) -> dict[str, str]:
    """What stands before and behind the mark of a comment, by line."""
    return dict(line.split("  # ", 1) for line in out.split("\n") if "  # " in line)


def test_without_a_configuration(run: Run, here: Path) -> None:
    code, out, err = run("config")
    assert (code, err) == (0, "")
    assert out.startswith("# In force: no configuration file\n")
    assert lines(out)['profile = "rewrite"'] == "default"
    assert lines(out)['fail-on = "major"'] == "profile rewrite"


def test_each_value_has_its_place(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "claimdiff.toml").write_text(TEXT, encoding="utf-8")
    (here / "desk").mkdir()
    monkeypatch.chdir(here / "desk")
    out = run("config", "--fail-on", "none", "--ignore", "quote", "--ignore", "time").out
    assert out.startswith(f"# In force: {here / 'claimdiff.toml'}\n")
    assert {
        'profile = "strict"': "claimdiff.toml:1",
        "min-confidence = 0.123456789": "claimdiff.toml:2",
        'fail-on = "none"': "command line",
        'ignore = ["quote", "time"]': "command line",
        "min-coverage = 0.8": "profile strict",
        "max-drift = 1": "default",
        '"quote" = "minor"': "claimdiff.toml:6",
        '"Federal Reserve" = ["Fed", "the central bank"]': "claimdiff.toml:9",
        "[[pairs]]": "claimdiff.toml:11",
    }.items() <= lines(out).items()
    out = run("config", "briefs/a.md").out
    assert out.startswith(f"# In force: {here / 'claimdiff.toml'}, for desk/briefs/a.md\n")
    assert lines(out)['profile = "summary"'] == "claimdiff.toml:17"
    assert lines(out)['ignore = ["omission"]'] == "profile summary"
    assert lines(run("config", "a.md").out)['profile = "strict"'] == "claimdiff.toml:1"


def test_what_is_printed_is_a_configuration(run: Run, here: Path) -> None:
    (here / "claimdiff.toml").write_text(TEXT, encoding="utf-8")
    out = run("config").out
    (here / "again.toml").write_text(out, encoding="utf-8")
    again = configuration.read(here / "again.toml")
    assert again.layer.keys() >= {own.name for own in SETTINGS if not own.table and own.name != "lang"}
    values = [line.split("  # ")[0] for line in out.split("\n")[1:]]
    printed = run("config", "--config", "again.toml").out
    assert [line.split("  # ")[0] for line in printed.split("\n")[1:]] == values


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fail_on = 'major'", "claimdiff.toml:1: 'fail_on' is no setting; did you mean fail-on?"),
        ("select = ['numbr']", "claimdiff.toml:1: select: 'numbr' is no rule, type or kind; did you mean"),
        ("[severity]\n'number-chnged' = 'minor'", "claimdiff.toml:2: severity: 'number-chnged' is no rule"),
        ("[[", "cannot be read"),
    ],
)  # fmt: skip
def test_a_broken_configuration(run: Run, here: Path, text: str, says: str) -> None:
    (here / "claimdiff.toml").write_text(text, encoding="utf-8")
    for command in (
        ("config",),
        ("check", "a.md"),
        ("waive", "abcd", "a.md", "--reason", "x"),
        ("baseline", "a.md"),
    ):
        if command[0] == "config" or "no rule" not in says:
            code, out, err = run(*command)
            assert (code, out) == (2, "")
            assert says in err
    assert run("config", "--no-config").code == 0


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--config", "absent.toml"), "absent.toml: cannot be read (No such file or directory)"),
        (("--config", "."), "cannot be read (Is a directory)"),
        (("--config", "x.toml", "--no-config"), "--config and --no-config exclude each other"),
        (("--waivers", "absent.toml"), "absent.toml: no such file; `claimdiff waive` makes it"),
        (("--fail-on", "x"), "'x' is not one of"),
        (
            ("--select", "numbr"),
            "command line: select: 'numbr' is no rule, type or kind; did you mean number?",
        ),
    ],
)
def test_wrong_usage(run: Run, here: Path, args: tuple[str, ...], says: str) -> None:
    code, out, err = run("config", *args)
    assert (code, out) == (2, "")
    assert says in err


def test_nothing_in_a_configuration_acts_in_the_terminal(run: Run, here: Path) -> None:
    (here / "claimdiff.toml").write_text(
        "expected-sections = ['\u202eevil', \"\\u001b[31mred\"]\n[aliases]\n'a\u2028b' = 'c\u0085d'\n",
        encoding="utf-8",
    )
    out = run("config").out
    assert not set("\u202e\x1b\u2028\u0085") & set(out)
    (here / "again.toml").write_text(out, encoding="utf-8")
    assert configuration.read(here / "again.toml").layer["expected-sections"].value == (
        "\u202eevil",
        "\x1b[31mred",
    )


def test_the_schema(run: Run, here: Path) -> None:
    code, out, err = run("config", "--schema")
    assert (code, err) == (0, "")
    jsonschema.Draft202012Validator.check_schema(json.loads(out))
    (here / "claimdiff.toml").write_text("[[")
    assert run("config", "--schema").out == out

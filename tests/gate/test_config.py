"""The configuration: each setting good and bad, where it is found, and the line of what is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.errors import ConfigError
from claimdiff.gate import config
from claimdiff.gate.config import Config, PairPattern
from claimdiff.gate.policy import profiles
from claimdiff.gate.setting import BY_NAME, PROFILES, SETTINGS, Limit
from claimdiff.model import Severity

TABLE = tomllib.loads(Path(__file__).with_name("settings.toml").read_text(encoding="utf-8"))


def read(folder: Path, text: str, name: str = "claimdiff.toml") -> Config:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return config.read(path)


def in_project(text: str) -> tuple[str, int]:
    """The same settings under [tool.claimdiff], and by how many lines they moved."""
    before = '[project]\nname = "paper"\n\n[tool.claimdiff]\n'
    moved = text.replace("\n[[", "\n[[tool.claimdiff.").replace("\n[", "\n[tool.claimdiff.")
    moved = moved.replace("\n[tool.claimdiff.[tool.", "\n[[tool.")
    if moved.startswith("["):
        hooks = "[[" if moved.startswith("[[") else "["
        moved = hooks + "tool.claimdiff." + moved.removeprefix(hooks)
    return before + moved, before.count("\n")


def said(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


# --- settings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", TABLE["good"], ids=lambda case: case["text"].strip()[:40])
def test_good(tmp_path: Path, case: dict[str, Any]) -> None:
    own = read(tmp_path, case["text"])
    for name, value in case.get("sets", {}).items():
        assert said(own.layer[name].value) == value
        assert type(said(own.layer[name].value)) is type(value)
    if "sets" in case:
        assert own.layer.keys() == case["sets"].keys()
    elsewhere = read(tmp_path, in_project(case["text"])[0], "pyproject.toml")
    assert {name: own.value for name, own in elsewhere.layer.items()} == {
        name: own.value for name, own in own.layer.items()
    }


@pytest.mark.parametrize("case", TABLE["bad"], ids=lambda case: case["text"].strip()[:40])
def test_bad(tmp_path: Path, case: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, case["text"])
    assert str(caught.value).startswith(f"{tmp_path / 'claimdiff.toml'}:{case['line']}: ")
    assert case["says"] in str(caught.value)
    text, further = in_project(case["text"])
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text, "pyproject.toml")
    assert str(caught.value).startswith(f"{tmp_path / 'pyproject.toml'}:{case['line'] + further}: ")
    assert case["says"] in str(caught.value)


def test_each_setting_has_a_case() -> None:
    good = {name.split(".")[0] for case in TABLE["good"] for name in tomllib.loads(case["text"])}
    bad = {name.split(".")[0] for case in TABLE["bad"] for name in tomllib.loads(case["text"])}
    assert BY_NAME.keys() <= good
    assert BY_NAME.keys() <= bad


def test_defaults_are_what_a_file_could_say() -> None:
    for setting in SETTINGS:
        if setting.default not in ("", {}):
            default = setting.default
            assert setting.form.check(list(default) if isinstance(default, tuple) else default) == default


def test_profiles_are_those_that_are_documented() -> None:
    assert tuple(profiles()) == PROFILES


def test_limits_are_read(tmp_path: Path) -> None:
    own = read(tmp_path, "limits = [{at-most = 3, of = 'addition', severity = 'minor'}, {at-most = 0}]")
    assert own.layer["limits"].value == (Limit(3, "addition", Severity.MINOR), Limit(0))


def test_a_place_is_kept_with_each_value(tmp_path: Path) -> None:
    own = read(
        tmp_path,
        """profile = "strict"

severity.quote = "minor"
[confidence]
quote = 0.3
[[pairs]]
derivative = "./a/{slug}.md"
source = "./b/{slug}.md"
[[pairs]]
derivative = "c.md"
source = "d.md"
[[overrides]]
paths = "./briefs/*"
fail-on = "none"
[overrides.confidence]
"number-changed" = 0.1
""",
    )
    assert {name: value.origin for name, value in own.layer.items()} == {
        "profile": "claimdiff.toml:1",
        "severity.quote": "claimdiff.toml:3",
        "confidence.quote": "claimdiff.toml:5",
    }
    assert own.pairs == (
        PairPattern("a/{slug}.md", ("b/{slug}.md",), "claimdiff.toml:6"),
        PairPattern("c.md", ("d.md",), "claimdiff.toml:9"),
    )
    (override,) = own.overrides
    assert override.paths == ("briefs/*",)
    assert {name: value.origin for name, value in override.layer.items()} == {
        "fail-on": "claimdiff.toml:14",
        "confidence.number-changed": "claimdiff.toml:16",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[tool.claimdiff]\nfail-on = "x"', 2),
        ('[tool]\nclaimdiff.fail-on = "x"', 2),
        ('[tool]\nclaimdiff = { fail-on = "x" }', 2),
        ('tool.claimdiff.fail-on = "x"', 1),
        ('[tool . "claimdiff"]\n\'fail-on\' = "x"', 2),
        ('[tool.other]\nfail-on = 1\n[tool.claimdiff]\n\n  fail-on = "x"', 5),
        ('[fail-on]\nfail-on = 1\n[tool.claimdiff]\nfail-on = "x"', 4),
    ],
)
def test_the_line_in_a_project_file(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(ConfigError, match=rf"pyproject\.toml:{line}: fail-on: 'x' is none of"):
        read(tmp_path, text, "pyproject.toml")


def test_a_tool_that_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"tool\.claimdiff is no table; write \[tool\.claimdiff\]"):
        read(tmp_path, "tool.claimdiff = 3", "pyproject.toml")


# --- files ------------------------------------------------------------------------------------------


def test_nearest_upward(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (tmp_path / "claimdiff.toml").write_text("")
    assert config.find(deep) == tmp_path / "claimdiff.toml"
    (tmp_path / "a" / "b" / "pyproject.toml").write_text("[project]\nname = 'x'\n[tool.other]\na = 1\n")
    assert config.find(deep) == tmp_path / "claimdiff.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.claimdiff]\n")
    assert config.find(deep) == tmp_path / "a" / "pyproject.toml"
    (tmp_path / "a" / "claimdiff.toml").write_text("")
    assert config.find(deep) == tmp_path / "a" / "claimdiff.toml"
    (deep / "claimdiff.toml").write_text("")
    assert config.find(deep) == deep / "claimdiff.toml"


@pytest.mark.parametrize("text", ["tool = 3", "tool = ['claimdiff']", "tool = 'claimdiff'", ""])
def test_a_project_without_our_table_is_passed_over(tmp_path: Path, text: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text(text)
    (tmp_path / "claimdiff.toml").write_text("")
    assert config.find(inner) == tmp_path / "claimdiff.toml"


def test_what_cannot_be_a_configuration_is_no_gap(tmp_path: Path) -> None:
    """A stricter configuration must not be lost because its file is a folder or a link to nothing."""
    inner = tmp_path / "inner"
    (inner / "claimdiff.toml").mkdir(parents=True)
    found = config.find(inner)
    assert found == inner / "claimdiff.toml"
    with pytest.raises(ConfigError, match=r"claimdiff\.toml: cannot be read \(Is a directory\)"):
        config.read(found)
    link = tmp_path / "claimdiff.toml"
    link.symlink_to(tmp_path / "gone.toml")
    assert config.find(tmp_path) == link
    with pytest.raises(ConfigError, match=r"cannot be read \(No such file or directory\)"):
        config.read(link)


def test_a_broken_project_above_is_said(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool\n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml: cannot be read"):
        config.find(tmp_path)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'profile = "strict', "cannot be read"),
        (b"profile = strict", "at line 1"),
        (b'profile = "strict"\nprofile = "summary"', "Cannot overwrite a value"),
        (b'profile = "\xff"', "can't decode byte 0xff"),
        ('profile = "strict"'.encode("utf-16"), "can't decode"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "cannot be read"),
        (b'profile = "strict"\x00', "cannot be read"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "claimdiff.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        config.read(path)
    assert str(caught.value).startswith(f"{path}: cannot be read (")
    assert says in str(caught.value)


@pytest.mark.parametrize("name", ["claimdiff.toml", "pyproject.toml"])
def test_a_mark_of_byte_order_is_passed_over(tmp_path: Path, name: str) -> None:
    text = "[tool.claimdiff]\r\n" if name == "pyproject.toml" else ""
    (tmp_path / name).write_bytes(f'\ufeff{text}profile = "strict"\r\n'.encode())
    assert config.find(tmp_path) == tmp_path / name
    layer = config.read(tmp_path / name).layer
    assert layer["profile"] == ("strict", f"{name}:{2 if text else 1}")


def test_without_a_file_there_is_nothing(tmp_path: Path) -> None:
    assert Config(tmp_path).layer == {}
    with pytest.raises(ConfigError, match="No such file"):
        config.read(tmp_path / "absent.toml")


# --- any text ---------------------------------------------------------------------------------------

KEYS = st.sampled_from(
    [*BY_NAME, "pairs", "overrides", "paths", "derivative", "source", "tool", "x", "at-most"]
)
SCALARS = (
    st.booleans()
    | st.integers(-2, 3)
    | st.floats()
    | st.sampled_from([*PROFILES, "major", "a/{slug}", "{1}", ""])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {toml(own)}' for key, own in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else repr(value)


LINES = (
    "[severity]", "[[pairs]]", "[[overrides]]", "[overrides.severity]", "[tool.claimdiff]", "[[limits]]",
    "[[", 'all = "minor"', 'paths = "a"', "at-most = 1", "= 3", '"', "'''", "a.b = 1",
    "[[tool.claimdiff.pairs]]",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(max_size=200)
    | st.dictionaries(KEYS, VALUES, max_size=4).map(
        lambda table: "\n".join(f"{key} = {toml(value)}" for key, value in table.items())
    )
    | st.lists(st.sampled_from(LINES), max_size=8).map("\n".join),
    name=st.sampled_from(["claimdiff.toml", "pyproject.toml"]),
)
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str, name: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / name).write_text(text.encode("utf-8", "replace").decode(), encoding="utf-8", newline="")
    try:
        found = config.find(folder)
        own = config.read(found) if found else Config(folder)
    except ConfigError as error:
        assert str(error).startswith(str(folder / name))
    else:
        assert own.folder == folder or name == "pyproject.toml"

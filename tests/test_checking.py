"""The desk: what a run decides with, as commands and services use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from claimdiff import pipeline
from claimdiff.cache import Cache
from claimdiff.checking import Desk, Text, UnpairedError, near, rules
from claimdiff.detect import RULES
from claimdiff.errors import ClaimdiffError, ConfigError, InputError, NotComparableError
from claimdiff.gate import baseline, waiver
from claimdiff.gate import config as configuration
from claimdiff.gate.config import Config, Value
from claimdiff.model import Outcome

SOURCE = """Orchard scheme grows

The council of Elmstead will plant 400 apple trees by 2031, its head gardener Tove Lind said on Monday.

The trees come from a nursery in Vik. The work starts in May. Nobody has been hired so far.
"""
BENT = SOURCE.replace("400 apple", "600 apple")
COMMENT = '<!-- claimdiff: ignore number reason="agreed" by="AE" expires="2026-12-31" -->'
WAIVED = BENT.replace("\nThe council", f"\n{COMMENT}\nThe council")


def made(folder: Path, text: str = "", **given: Any) -> Desk:
    (folder / "claimdiff.toml").write_text(text, encoding="utf-8")
    layer = {name.replace("_", "-"): Value(own, "command line") for name, own in given.items()}
    return Desk(configuration.read(folder / "claimdiff.toml"), layer, "2026-06-01")


def text(name: str, content: str) -> Text:
    return Text(name, content.encode())


PAIR = ((text("wire.md", SOURCE),), text("text.md", BENT))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_rules_are_those_of_the_engine() -> None:
    assert rules() == tuple(rule.id for rule in RULES)


# --- names ------------------------------------------------------------------------------------------


def test_paths_are_seen_from_the_configuration(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "desk").mkdir()
    own = made(here)
    table = {
        "a.md": "a.md",
        "./a.md": "a.md",
        "desk/../a.md": "a.md",
        "desk/a.md": "desk/a.md",
        str(here / "desk" / "a.md"): "desk/a.md",
        "../a.md": "../a.md",
        "/a.md": "/a.md",
        "standard input": "standard input",
    }
    assert {name: own.path(name) for name in table} == table
    monkeypatch.chdir(here / "desk")
    assert own.path("a.md") == "desk/a.md"
    assert own.path("../a.md") == "a.md"
    (here / "desk" / "loop.md").symlink_to("loop.md")
    assert own.path("loop.md").endswith("loop.md")
    linked = here.parent / "linked"
    linked.symlink_to(here)
    assert own.path(str(linked / "desk" / "a.md")) == "desk/a.md"


def test_near(here: Path) -> None:
    assert near(here / "a" / "b.md") == str(Path("a", "b.md"))
    assert near(Path("/b.md")) == "/b.md"


# --- sources ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("t.md", "---\nsource: a.md\n---\n", ["a.md"]),
        ("d/t.md", "---\nsources: [a.md, ../b.md, a.md]\n---\n", ["d/a.md", "d/../b.md"]),
        ("t.md", "---\nsource: a.md\nsources: [b.md]\nisBasedOn: c.md\n---\n", ["a.md", "b.md", "c.md"]),
        ("t.md", "---\nsource: /abs/a.md\n---\n", ["/abs/a.md"]),
        ("t.txt", "---\nsource: a.md\n---\n", ["a.md"]),
        ("t", "---\nsource: a.md\n---\n", ["a.md"]),
        ("t.md", "\ufeff---\r\nsource: a.md\r\n---\r\n", ["a.md"]),
        ("p/t.md", "no front matter", ["w/t.md"]),
        ("p/t.md", "---\nsource: https://example.org/a\n---\n", ["w/t.md"]),
        ("p/t.md", "---\nsource: ' '\n---\n", ["w/t.md"]),
        ("p/t.json", '{"type": "text", "body_text": "No."}', ["w/t.json"]),
    ],
)
def test_sources(here: Path, name: str, content: str, expected: list[str]) -> None:
    own = made(here, "[[pairs]]\nderivative = 'p/{x}'\nsource = 'w/{x}'\n")
    assert list(own.sources(text(name, content))) == expected


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("No front matter", "t.md: no source is known; name one with --source"),
        (
            "---\nisBasedOn: https://example.org/a\n---\n",
            "it names https://example.org/a, and claimdiff opens no",
        ),
        ("---\nsource: ftp://a\nsources: ['https://b']\n---\n", "it names ftp://a, and"),
    ],
)
def test_without_a_source(here: Path, content: str, says: str) -> None:
    with pytest.raises(UnpairedError, match="no source is known") as caught:
        made(here).sources(text("t.md", content))
    assert says in str(caught.value)
    assert isinstance(caught.value, InputError)


# --- verdicts ---------------------------------------------------------------------------------------


def outcome(own: Desk, derivative: Text = PAIR[1]) -> tuple[Outcome, list[str]]:
    verdict = own.check(PAIR[0], derivative).verdict
    assert verdict is not None
    return verdict.outcome, [pardon.by for pardon in verdict.pardons]


def test_what_pardons(here: Path) -> None:
    own = made(here)
    assert outcome(own) == (Outcome.BLOCK, [])
    comparison = own.check(*PAIR)
    (finding,) = comparison.findings
    entry = waiver.waive(comparison, finding.id, "text.md", reason="agreed", expires="2026-06-01")
    accepted = baseline.accept(comparison, "text.md")
    assert outcome(replace(own, waivers=[entry])) == (Outcome.PASS, ["waiver"])
    assert outcome(replace(own, waivers=[entry], today="2026-06-02")) == (Outcome.BLOCK, [])
    assert outcome(replace(own, waivers=[replace(entry, derivative="other.md")])) == (Outcome.BLOCK, [])
    assert outcome(replace(own, accepted=accepted)) == (Outcome.PASS, ["baseline"])
    assert outcome(own, text("text.md", WAIVED)) == (Outcome.PASS, ["comment"])
    assert outcome(replace(own, today="2027-01-01"), text("text.md", WAIVED)) == (Outcome.BLOCK, [])
    everything = replace(own, waivers=[entry], accepted=accepted)
    assert outcome(everything, text("text.md", WAIVED)) == (Outcome.PASS, ["waiver"])
    assert outcome(everything, text("./text.md", WAIVED)) == (Outcome.PASS, ["waiver"])


@pytest.mark.parametrize(("setting", "origin"), [("inline-waivers = false", "claimdiff.toml:1"),
                                                 ('profile = "strict"', "profile strict")])  # fmt: skip
def test_a_comment_where_none_may_be(here: Path, setting: str, origin: str) -> None:
    with pytest.raises(ConfigError, match=f"inline-waivers = false \\({origin}\\) does not allow"):
        made(here, setting).check(PAIR[0], text("text.md", WAIVED))


def test_a_policy_for_each_path(here: Path) -> None:
    own = made(here, "[[overrides]]\npaths = 'briefs/*'\nfail-on = 'none'\nmax-bytes = 10")
    assert own.policy("briefs/a.md").get("fail-on") == "none"
    assert own.policy("a.md").get("fail-on") == "major"
    (here / "briefs").mkdir()
    (here / "briefs" / "a.md").write_text(BENT)
    (here / "a.md").write_text(BENT)
    assert own.load("a.md") == text("a.md", BENT)
    with pytest.raises(InputError, match="the limit is 10"):
        own.load("briefs/a.md")


@pytest.mark.parametrize(
    ("source", "derivative", "error"),
    [
        ("", BENT, NotComparableError),
        (SOURCE, " ", NotComparableError),
        (SOURCE, "<!-- claimdiff: ignore nothing -->\n" + BENT, ConfigError),
    ],
)
def test_what_raises(here: Path, source: str, derivative: str, error: type[ClaimdiffError]) -> None:
    with pytest.raises(error):
        made(here).check((text("wire.md", source),), text("text.md", derivative))


def test_a_configuration_may_be_none(here: Path) -> None:
    assert outcome(Desk(Config(here), {}, "2026-06-01")) == (Outcome.BLOCK, [])


# --- the cache --------------------------------------------------------------------------------------


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An entry for each comparison that was worked out."""
    calls: list[int] = []
    true: Callable[..., Any] = pipeline.compare

    def comparing(*args: Any, **given: Any) -> Any:
        calls.append(1)
        return true(*args, **given)

    monkeypatch.setattr(pipeline, "compare", comparing)
    return calls


def test_what_is_a_part_of_the_key(here: Path, counted: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimdiff.checking.unchanged", lambda: True)  # though somebody edits it just now
    (here / "own").mkdir()
    own = replace(made(here), cache=Cache(here / "own" / "cache"))
    first = own.check(*PAIR)
    same = [
        own,
        replace(own, today="2030-01-01"),
        replace(made(here, fail_on="none"), cache=own.cache),
        replace(made(here, profile="summary"), cache=own.cache),
        replace(made(here, max_bytes=5000), cache=own.cache),
        replace(made(here, "limits = [{ at-most = 0 }]\nseverity.all = 'minor'"), cache=own.cache),
    ]
    for desk in same:
        assert desk.check(*PAIR).links == first.links
    assert len(counted) == 1
    other = [
        replace(made(here, min_confidence=0.1), cache=own.cache),
        replace(made(here, "confidence.quote = 0.05"), cache=own.cache),
        replace(made(here, "exact-quotations = true"), cache=own.cache),
        replace(made(here, "sourced-numbers = true"), cache=own.cache),
        replace(made(here, "aliases.Vik = 'Oslo'"), cache=own.cache),
        replace(made(here, "boilerplate.lines = 'Share'"), cache=own.cache),
        replace(made(here, lang="en"), cache=own.cache),
        replace(own, form="markdown"),
        replace(own, encoding="cp1252"),
    ]
    for desk in other:
        desk.check(*PAIR)
    assert len(counted) == 1 + len(other)
    (source,), derivative = PAIR
    texts = [
        ((source, source), derivative),
        ((source,), replace(derivative, name="b.md")),
        ((replace(source, name="b.md"),), derivative),
        ((source,), replace(derivative, data=derivative.data + b"\n")),
        ((derivative,), replace(source, name="text.md")),
    ]
    for sources, target in texts:
        own.check(sources, target)
    assert len(counted) == 1 + len(other) + len(texts)


def test_what_is_kept_is_the_same(here: Path) -> None:
    (here / "own").mkdir()
    own = replace(made(here, "sourced-numbers = true"), cache=Cache(here / "own" / "cache"))
    for derivative in (PAIR[1], text("text.md", WAIVED), PAIR[0][0]):
        cold, warm = own.check(PAIR[0], derivative), own.check(PAIR[0], derivative)
        assert (
            warm.to_json() == cold.to_json() == replace(own, cache=None).check(PAIR[0], derivative).to_json()
        )


@pytest.mark.parametrize("kept", ["", "{}", "nonsense", '{"schema_version": 99}'])
def test_an_entry_that_is_no_comparison(here: Path, monkeypatch: pytest.MonkeyPatch, kept: str) -> None:
    own = replace(made(here), cache=Cache(here / "cache"))
    monkeypatch.setattr(Cache, "get", lambda *_: kept)
    assert outcome(own) == (Outcome.BLOCK, [])


def test_a_failed_comparison_is_not_kept(here: Path, counted: list[int]) -> None:
    own = replace(made(here), cache=Cache(here / "cache"))
    for _ in range(2):
        with pytest.raises(NotComparableError):
            own.check((text("wire.md", ""),), PAIR[1])
    assert len(counted) == 2
    assert not list((here / "cache").rglob("*"))

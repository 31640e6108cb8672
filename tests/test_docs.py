"""The pages: their links lead somewhere, their commands exist, their examples run, and what the program
writes into them is fresh."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

import claimdiff
from claimdiff.cli.app import app
from claimdiff.model import Kind, Type
from claimdiff.render import FORMATS, criteria
from claimdiff.render.link import page

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
RULE_PAGES = sorted((ROOT / "docs" / "rules").glob("*.md"))
README, CONTRIBUTING, TRICKY = PAGES[0], PAGES[1], ROOT / "docs" / "tricky-cases.md"
FORMATS_PAGE = ROOT / "docs" / "formats.md"
CHECK_PAGE = ROOT / "docs" / "check.md"
REFRESH = "stale: run `make docs` and read what changed"
COMMON = MarkdownIt("commonmark").enable(["table", "strikethrough"])
each_page = pytest.mark.parametrize(
    "path", [*PAGES, *RULE_PAGES], ids=lambda path: str(path.relative_to(ROOT))
)


@cache
def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_pages", ROOT / "tools" / "write_pages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _tokens(path: Path) -> Iterator[Token]:
    for token in COMMON.parse(_text(path)):
        yield token
        yield from token.children or ()


def _blocks(path: Path, language: str) -> list[str]:
    return [token.content for token in _tokens(path) if token.type == "fence" and token.info == language]


def _anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    tokens = COMMON.parse(_text(path))
    heads = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


# --- pages ----------------------------------------------------------------------------------------


@each_page
def test_links_lead_somewhere(path: Path) -> None:
    for token in _tokens(path):
        target = str(token.attrs.get("href", ""))
        if token.type != "link_open" or re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        place = (path.parent / name).resolve() if name else path
        assert place.is_relative_to(ROOT), target
        assert place.exists(), f"{target} leads nowhere"
        assert not (anchor and place.suffix == ".md") or anchor in _anchors(place), f"no heading for {target}"


@each_page
def test_page_is_sound_markdown(path: Path) -> None:
    """One title, no level skipped, every fence closed, every table row as wide as its head, no raw link."""
    text = _text(path)
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert "\t" not in text and not re.search(r"(?m) +$", text)
    levels = [int(token.tag[1]) for token in _tokens(path) if token.type == "heading_open"]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(new <= old + 1 for old, new in pairwise(levels)), levels
    assert len(re.findall(r"(?m)^```", text)) % 2 == 0
    rest = "".join(token.content for token in _tokens(path) if token.type == "text")
    assert "](" not in rest and "**" not in rest, "markup that is shown as it is"
    for table in re.findall(r"(?m)(?:^\|.*\|\n)+", text):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def test_every_page_of_docs_is_in_its_list() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {str(token.attrs.get("href")) for token in _tokens(index) if token.type == "link_open"}
    names = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert names <= linked


# --- what pages say of the program ----------------------------------------------------------------


def _commands() -> Iterator[str]:
    for path in (README, CONTRIBUTING, FORMATS_PAGE, CHECK_PAGE):
        for block in _blocks(path, "sh"):
            for line in block.splitlines():
                if line.strip():
                    yield line.split(" #")[0].strip()


@pytest.mark.parametrize("line", sorted({line for line in _commands() if "claimdiff " in line}))
def test_commands_are_understood(line: str) -> None:
    """Each claimdiff command of the pages parses: the command, its options and their values exist."""
    words = [word.removeprefix(".venv/bin/") for word in shlex.split(re.split(" < | >>? ", line)[0])]
    assert words[0] == "claimdiff", line
    if words[1:] == ["--version"]:
        return
    command = app.commands[words[1]]
    given = [f"{ROOT}/{word}" if word == "seeds" else word for word in words[2:]]
    with click.Context(app, obj=None) as parent:
        assert command.make_context(words[1], given, parent=parent).command is command


def test_make_commands_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", _text(ROOT / "Makefile")))
    said = re.compile(r"(?:`|=write |^)make ([a-z]+)", re.MULTILINE)
    named = {word for path in PAGES for word in said.findall(_text(path))}
    assert {"demo", "test"} <= named <= targets


def test_files_that_pages_name_exist() -> None:
    """Paths in code type, such as `tools/write_pages.py`."""
    for path in PAGES:
        for token in _tokens(path):
            if token.type != "code_inline" or not re.fullmatch(r"[\w.]+(?:/[\w.]+)+/?", token.content):
                continue
            if token.content.split("/")[0] in {own.name for own in ROOT.iterdir()} - {".venv"}:
                assert (ROOT / token.content).exists(), f"{path.name}: {token.content}"


def test_all_commands_are_in_the_readme() -> None:
    assert all(f"claimdiff {name}" in _text(README) for name in app.commands)


def test_the_library_example_runs() -> None:
    (block,) = [block for block in _blocks(README, "python") if ">>>" in block]
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", None, 0)
    said: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert results.attempted > 5
    assert results.failed == 0, "".join(said)


def test_the_case_in_contributing_has_the_form_of_a_case() -> None:
    (block,) = _blocks(CONTRIBUTING, "toml")
    rules: list[dict[str, Any]] = tomllib.loads(block)["case"]
    known = {rule.id for rule in _tool().RULES}
    assert all(set(case) == {"name", "source", "derivative", "expect"} for case in rules)
    assert all(set(case["expect"]) <= known for case in rules)


def test_the_readme_lists_every_type() -> None:
    listed = re.findall(r"(?m)^\| ([a-z]+) \| (?!what it does)", _text(README))
    assert listed == [*Type, Kind.ADDITION, Kind.OMISSION]


def test_the_version_is_in_the_changelog() -> None:
    assert claimdiff.__version__ in _text(ROOT / "CHANGELOG.md")


# --- what the program writes ----------------------------------------------------------------------


def test_rules_pages_are_fresh() -> None:
    tool = _tool()
    stale = [path.name for path, page in tool.rules_pages() if not path.exists() or _text(path) != page]
    assert stale == [], REFRESH
    assert tool.gone() == [], REFRESH


def test_the_tables_of_settings_are_fresh() -> None:
    tool = _tool()
    assert _text(tool.CHECK) == tool.check_page(_text(tool.CHECK)), REFRESH


def test_each_rule_has_a_page_that_shows_it_as_it_is() -> None:
    for rule in _tool().RULES:
        path = ROOT / page(rule.id)  # where reports link to
        shown = [_plain(token.content) for token in _tokens(path) if token.type == "inline"]
        for text in (rule.id, rule.summary, rule.why, *rule.example, *rule.twin):
            assert text in shown, (rule.id, text)


def test_the_formats_page_lists_every_format() -> None:
    listed = re.findall(r"(?m)^\| `([a-z-]+)` \| .* \| `(\.\w+)` \|$", _text(FORMATS_PAGE))
    assert listed == [(own.name, own.suffix) for own in FORMATS.values()]


def test_the_formats_page_tells_the_criteria() -> None:
    for name, meaning in criteria.CRITERIA:
        (row,) = re.findall(rf"(?m)^\| {name} \| {re.escape(meaning)} \| (.*) \|$", _text(FORMATS_PAGE))
        types = [own for own in Type if criteria.criterion(Kind.DISTORTION, (own,)) == name]
        kinds = [f"{own}s" for own in (Kind.ADDITION, Kind.OMISSION) if criteria.criterion(own, ()) == name]
        assert row.split(", ") == [*types, *kinds]


def _plain(markdown: str) -> str:
    """The words of inline Markdown."""
    return "".join(child.content for token in COMMON.parseInline(markdown) for child in token.children or ())


def test_the_excerpt_is_from_the_report() -> None:
    (block,) = _blocks(README, "text")
    tool = _tool()
    lines = set(tool.text_report(tool.EXCERPT_OF).splitlines())
    assert [line for line in block.splitlines() if line != "[...]" and line not in lines] == [], REFRESH
    assert len(block.splitlines()) > 15


def test_the_readme_is_fresh() -> None:
    assert _text(README) == _tool().readme(_text(README)), REFRESH


TRICKY_ROWS = list(_tool().rows(_text(TRICKY)))


@pytest.mark.parametrize("row", TRICKY_ROWS, ids=lambda row: f"{row[0][:40]} / {row[1][:40]}")
def test_tricky_case_says_what_the_program_says(row: tuple[str, str, str, str]) -> None:
    source, derivative, editor, said = row
    assert _tool().today(source, derivative, editor) == said, f"{TRICKY.name} is {REFRESH}"


def test_tricky_cases_are_many_and_honest() -> None:
    assert len(TRICKY_ROWS) >= 50
    assert any(said == "missed" for *_, said in TRICKY_ROWS)
    tables = [line for line in _text(TRICKY).splitlines() if line.startswith("| ") and ":---" not in line]
    heads = sum(line.startswith("| source |") for line in tables)
    assert len(TRICKY_ROWS) == len(tables) - heads, "a row that is not read as one"

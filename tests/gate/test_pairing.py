"""Which sources a derivative rests on, by patterns."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdiff.errors import ConfigError
from claimdiff.gate.config import PairPattern
from claimdiff.gate.pairing import derivatives, is_like, sources


def pattern(derivative: str, *source: str) -> PairPattern:
    return PairPattern(derivative, source, "claimdiff.toml:7")


def fill(folder: Path, names: str) -> None:
    for name in names.split("|") if names else ():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")


# (files that are there, the derivative, its pattern, the sources' patterns, what is named)
@pytest.mark.parametrize(
    ("there", "path", "derivative", "source", "expected"),
    [
        ("wire/a.md", "rewrites/a.md", "rewrites/{slug}.md", "wire/{slug}.md", "wire/a.md"),
        ("", "rewrites/a.md", "rewrites/{slug}.md", "wire/{slug}.md", "wire/a.md"),  # said to be missing
        ("", "rewrites/a.txt", "rewrites/{slug}.md", "wire/{slug}.md", ""),
        ("", "x/rewrites/a.md", "rewrites/{slug}.md", "wire/{slug}.md", ""),
        ("", "rewrites/b/a.md", "rewrites/{slug}.md", "wire/{slug}.md", ""),
        (
            "wire/a.md|wire/a-2.md|wire/a-1.md|wire/ab.md|wire/b-1.md",
            "rewrites/a.md",
            "rewrites/{slug}.md",
            "wire/{slug}.md|wire/{slug}-*.md",
            "wire/a.md|wire/a-1.md|wire/a-2.md",
        ),
        ("wire/a-1.md", "r/a.md", "r/{slug}.md", "wire/{slug}-1.md|wire/{slug}-*.md", "wire/a-1.md"),
        ("w/1/a.md", "r/1/a.md", "r/{day}/{slug}.md", "w/{day}/{slug}.md", "w/1/a.md"),
        ("w/b/a.md", "r/b/c/a.md", "r/**/{slug}.md", "w/**/{slug}.md", "w/b/a.md"),
        ("w/a.md", "r/a.md", "r/**/{slug}.md", "w/**/{slug}.md", "w/a.md"),
        ("w/a.md", "x/y/r/z/a.md", "**/r/**/{slug}.md", "w/{slug}.md", "w/a.md"),
        ("w/a.md", "r/a.md", "**/r/{slug}.md", "w/{slug}.md", "w/a.md"),
        ("", "r/a-a.md", "r/{x}-{x}.md", "w/{x}.md", "w/a.md"),
        ("", "r/a-b.md", "r/{x}-{x}.md", "w/{x}.md", ""),
        ("", "r/a-de.md", "r/{x}-{lang}.md", "w/{lang}/{x}.md", "w/de/a.md"),
        ("w/a [1].md|w/a 1.md", "r/a [1].md", "r/{x}.md", "w/{x}.m?", "w/a [1].md"),
        ("w/[x]/a.md|w/x/a.md", "r/a.md", "r/{x}.md", "w/[x]/{x}.*", "w/[x]/a.md"),
        ("", "r [2]/a.md", "r [2]/{x}.md", "w/{x}.md", "w/a.md"),
        ("", "r 2/a.md", "r [2]/{x}.md", "w/{x}.md", ""),
        ("w/a*b-1.md|w/axb-1.md", "r/a*b.md", "r/{x}.md", "w/{x}-?.md", "w/a*b-1.md"),
        ("w/a{y}.md", "r/a{y}.md", "r/{x}.md", "w/{x}.md", "w/a{y}.md"),
        ("w/Käse und Brot–1.md", "r/Käse und Brot.md", "r/{x}.md", "w/{x}–*.md", "w/Käse und Brot–1.md"),
        ("", "r/a\nb.md", "r/{x}.md", "w/{x}.md", "w/a\nb.md"),
        ("w/a.md", "r/a.md", "r/?.md", "w/*.md", "w/a.md"),
        ("", "r/ab.md", "r/?.md", "w/*.md", ""),
        ("d/a.md|d/a.wire.md", "d/a.md", "d/{x}.md", "d/{x}.md|d/{x}.wire.md", "d/a.wire.md"),
        ("d/a.md|d/b.md", "d/a.md", "d/{x}.md", "d/*.md", "d/b.md"),
        ("w/a.md/b.txt|w/b.md", "r/a.md", "r/*", "w/*.md", "w/b.md"),  # a folder is no source
        ("", "r/.md", "r/{x}.md", "w/{x}.md", ""),
        ("", "a.md", "{x}.md", "../wire/{x}.md", "../wire/a.md"),
    ],
)
def test_sources(tmp_path: Path, there: str, path: str, derivative: str, source: str, expected: str) -> None:
    fill(tmp_path, there)
    found = sources(path, [pattern(derivative, *source.split("|"))], tmp_path)
    assert [own.relative_to(tmp_path).as_posix() for own in found] == (
        expected.split("|") if expected else []
    )


def test_the_first_pattern_counts(tmp_path: Path) -> None:
    patterns = [pattern("r/b-{x}.md", "one"), pattern("r/{x}.md", "two"), pattern("r/a.md", "three")]
    assert sources("r/a.md", patterns, tmp_path) == (tmp_path / "two",)
    assert sources("r/b-a.md", patterns, tmp_path) == (tmp_path / "one",)
    assert sources("s/a.md", patterns, tmp_path) == ()


@pytest.mark.parametrize(
    ("there", "source", "says"),
    [
        (
            "",
            "w/{x}-*.md|w/*/{x}.md",
            "r/a.md: no source is like w/a-*.md, w/*/a.md (claimdiff.toml:7); add it",
        ),
        ("r/a.md", "r/{x}.md", "r/a.md: no source is like r/a.md (claimdiff.toml:7)"),
        ("r/a.md", "r/*.md", "no source is like r/*.md"),
    ],
)
def test_a_pattern_that_finds_nothing_is_an_error(tmp_path: Path, there: str, source: str, says: str) -> None:
    fill(tmp_path, there)
    with pytest.raises(ConfigError) as caught:
        sources("r/a.md", [pattern("r/{x}.md", *source.split("|"))], tmp_path)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("there", "patterns", "expected"),
    [
        ("r/b.md|r/a.md|r/c.txt|r/d/e.md", "r/{x}.md", "r/a.md|r/b.md"),
        ("r/a.md|r/d/e.md|r/d/f/g.md", "r/**/{x}.md", "r/a.md|r/d/e.md|r/d/f/g.md"),
        ("r/a.md|q/a.md", "r/*|q/*|r/a.md", "q/a.md|r/a.md"),
        ("r/a-a.md|r/a-b.md", "r/{x}-{x}.md", "r/a-a.md"),
        ("r [1]/a.md|r 1/a.md", "r [1]/*", "r [1]/a.md"),
        ("r/.hidden.md", "r/*.md", ""),
        ("r/a.md/b.txt", "r/*", ""),
        ("r/ä ö.md", "r/{x}.md", "r/ä ö.md"),
        ("", "r/{x}.md", ""),
        ("r/a.md", "", ""),
    ],
)
def test_all_derivatives(tmp_path: Path, there: str, patterns: str, expected: str) -> None:
    fill(tmp_path, there)
    found = derivatives([pattern(own, "s") for own in patterns.split("|")], tmp_path)
    assert [own.relative_to(tmp_path).as_posix() for own in found] == (
        expected.split("|") if expected else []
    )


NAMES = st.text("ab.[]*?{} é", min_size=1, max_size=5).filter(lambda name: name not in (".", ".."))


@given(st.lists(NAMES, min_size=1, max_size=3), st.text("ab./*?{}[]x", max_size=12))
def test_any_pattern_can_be_asked(parts: list[str], odd: str) -> None:
    path = "/".join(parts)
    is_like(path, odd)
    assert is_like(path, "**")
    assert is_like(path, "**/*")
    assert is_like(path, "*")
    assert is_like(path, "/".join("{x%d}" % n for n in range(len(parts)))) or len(parts) == 0  # noqa: UP031
    assert is_like(path, "**/" + parts[-1].replace("?", "*")) or "{" in path


def test_many_folders_are_quick() -> None:
    """A pattern with several `**` must not try all ways to share out the folders for long."""
    assert not is_like("a/" * 30 + "b", "**/a/**/a/**/c")

"""The hooks of .pre-commit-hooks.yaml, run by pre-commit in a git repository of their own.

They are taken from that file as they are, but for their language: `python` would fetch packages, so they run
with the claimdiff that is here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., "CompletedProcess[str]"]
ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
MADE_HERE = ("language", "additional_dependencies", "minimum_pre_commit_version")
yaml = pytest.importorskip("yaml", reason="needs pyyaml")
pytest.importorskip("pre_commit", reason="needs pre-commit")


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}


@pytest.fixture
def desk(newsroom: Path, run: Run, needs: Callable[[str], str]) -> Callable[..., Run]:
    """A repository in which the named hook is installed and all that is there is committed; gives
    `git` as a function."""
    program = needs("git")

    def git(*args: str) -> CompletedProcess[str]:
        return run(program, *args)

    def setting_up(id: str, **more: Any) -> Run:
        hook = {key: value for key, value in hooks()[id].items() if key not in MADE_HERE}
        own = {**hook, "language": "system", **more}
        config = yaml.safe_dump({"repos": [{"repo": "local", "hooks": [own]}]})
        (newsroom / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
        assert git("init", "--quiet").returncode == 0
        assert git("add", ".").returncode == 0
        assert git("commit", "--quiet", "-m", "start").returncode == 0
        installed = run(sys.executable, "-m", "pre_commit", "install")
        assert installed.returncode == 0, installed.stderr
        return git

    return setting_up


def commit(git: Run, *names: str) -> tuple[bool, str]:
    """Whether a commit of these files was made, and what was said."""
    assert git("add", "--", *names).returncode == 0
    before = git("rev-list", "--count", "HEAD").stdout
    done = git("commit", "-m", "change")
    made = git("rev-list", "--count", "HEAD").stdout != before
    assert made is (done.returncode == 0)
    return made, done.stdout + done.stderr


def test_the_manifest_is_valid(run: Run) -> None:
    done = run(sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST))
    assert done.returncode == 0, done.stdout


def test_a_distorted_rewrite_is_refused_until_it_is_waived(
    newsroom: Path, run: Run, desk: Callable[..., Run], distort: Callable[[], None]
) -> None:
    git = desk("claimdiff", files="^rewrites/")
    distort()
    made, said = commit(git, "rewrites/ferry.md")
    assert not made
    assert "Blocked" in said and "number-changed" in said and "exit code: 1" in said
    (finding,) = re.findall(r"id ([0-9a-f]{12})", said)
    waived = run(
        "claimdiff", "waive", finding, "--reason", "the desk has the new figure", "--by", "A. Editor"
    )
    assert waived.returncode == 0, waived.stderr
    made, said = commit(git, "rewrites/ferry.md", "claimdiff-waivers.toml")
    assert made, said
    assert "claimdiff-waivers.toml" in git("show", "--stat", "HEAD").stdout
    ferry = newsroom / "rewrites" / "ferry.md"
    ferry.write_text(ferry.read_text(encoding="utf-8").replace("20", "30"), encoding="utf-8")
    assert not commit(git, "rewrites/ferry.md")[0], "a waiver ends with its statement"


def test_a_harmless_rewrite_is_accepted_at_once(newsroom: Path, desk: Callable[..., Run]) -> None:
    git = desk("claimdiff", files="^rewrites/")
    ferry = newsroom / "rewrites" / "ferry.md"
    text = ferry.read_text(encoding="utf-8")
    ferry.write_text(text.replace("told reporters on Monday", "said Monday"), encoding="utf-8")
    made, said = commit(git, "rewrites/ferry.md")
    assert made, said
    assert "Passed" in said


def test_one_run_judges_all_texts(
    newsroom: Path, desk: Callable[..., Run], distort: Callable[[], None]
) -> None:
    git = desk("claimdiff", files="^rewrites/")
    text = (newsroom / "rewrites" / "ferry.md").read_text(encoding="utf-8")
    for number in range(3):
        story = newsroom / "rewrites" / f"story {number}.md"
        story.write_text(f"---\nsource: ../wire/ferry.md\n---\n{text}", encoding="utf-8")
    distort()
    made, said = commit(git, "rewrites")
    assert not made
    assert said.count("verdict ") == 1 and "3 of 4 pass" in said


def test_a_text_without_a_source_is_refused_unless_that_is_allowed(
    newsroom: Path, desk: Callable[..., Run]
) -> None:
    (newsroom / "notes.md").write_text("The harbour opens at six.\n", encoding="utf-8")
    git = desk("claimdiff")
    (newsroom / "notes.md").write_text("The harbour opens at seven.\n", encoding="utf-8")
    made, said = commit(git, "notes.md")
    assert not made
    assert "no source is known" in said and "exit code: 2" in said
    git = desk("claimdiff", args=["--allow-unpaired"])
    (newsroom / "notes.md").write_text("The harbour opens at eight.\n", encoding="utf-8")
    made, said = commit(git, "notes.md")
    assert made, said


def test_a_changed_source_is_seen_by_the_hook_for_all_texts(newsroom: Path, desk: Callable[..., Run]) -> None:
    git = desk("claimdiff-all")
    ferry = newsroom / "wire" / "ferry.md"
    ferry.write_text(ferry.read_text(encoding="utf-8").replace("12 percent", "15 percent"), encoding="utf-8")
    made, said = commit(git, "wire/ferry.md")
    assert not made
    assert "number-changed" in said

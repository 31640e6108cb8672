"""docs/integrations.md: its recipes are sound, and those that run anywhere do what the page says."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., "CompletedProcess[str]"]
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
TRIED = dict(re.findall(r"(?ms)^<!-- try: ([\w-]+) -->\n```\w+\n(.*?)^```$", PAGE))
yaml = pytest.importorskip("yaml", reason="needs pyyaml")


def loaded(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_the_pairs_of_the_page_check_the_newsroom(newsroom: Path, run: Run) -> None:
    (block,) = re.findall(r"(?ms)^```toml\n(.*?)^```$", PAGE)
    assert tomllib.loads(block)["pairs"]
    (newsroom / "claimdiff.toml").write_text(block, encoding="utf-8")
    assert run("claimdiff", "check").returncode == 0


# --- what other services run ----------------------------------------------------------------------


def test_the_pre_commit_recipe_names_hooks_that_there_are() -> None:
    known = {hook["id"] for hook in loaded(".pre-commit-hooks.yaml")}
    (repo,) = yaml.safe_load(TRIED["pre-commit"])["repos"]
    named = {hook["id"] for hook in repo["hooks"]}
    assert named <= known and all(f"`{id}`" in PAGE for id in known)
    assert re.search(repo["hooks"][0]["files"], "rewrites/ferry.md")


def test_the_workflow_uses_inputs_and_outputs_that_there_are() -> None:
    own = loaded("action.yml")
    (job,) = yaml.safe_load(TRIED["github"])["jobs"].values()
    (step,) = [step for step in job["steps"] if step.get("id") == "claimdiff"]
    assert set(step["with"]) <= own["inputs"].keys()
    assert set(re.findall(r"steps\.claimdiff\.outputs\.([\w-]+)", TRIED["github"])) <= own["outputs"].keys()


@pytest.mark.parametrize("kind", ["input", "output"])
def test_the_tables_list_all_inputs_and_outputs(kind: str) -> None:
    (table,) = re.findall(rf"(?m)^\| {kind} \|.*\n((?:\|.*\n)+)", PAGE)
    listed = [name for row in table.splitlines() for name in re.findall(r"`([\w-]+)`", row.split("|")[1])]
    assert listed == list(loaded("action.yml")[f"{kind}s"])


@pytest.mark.parametrize(("distorted", "code"), [(False, 0), (True, 1)])
def test_the_gitlab_job_writes_its_reports(
    newsroom: Path,
    run: Run,
    needs: Callable[[str], str],
    distort: Callable[[], None],
    distorted: bool,
    code: int,
) -> None:
    if distorted:
        distort()
    (newsroom / "quality.py").write_text(TRIED["quality"], encoding="utf-8")
    (job,) = yaml.safe_load(TRIED["gitlab"]).values()
    (more,) = yaml.safe_load(TRIED["gitlab-quality"]).values()
    bash = needs("bash")
    assert run(bash, "-eo", "pipefail", "-c", "\n".join(job["script"])).returncode == code
    after = run(bash, "-eo", "pipefail", "-c", "\n".join(more["after_script"]))
    assert after.returncode == 0, after.stderr
    assert job["artifacts"]["when"] == "always", "a job that fails has reports, too"
    junit = (newsroom / job["artifacts"]["reports"]["junit"]).read_text(encoding="utf-8")
    assert ("<failure" in junit) is distorted
    report = json.loads((newsroom / more["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO((newsroom / "claimdiff.csv").read_text(encoding="utf-8"))))
    assert len(report) == len(rows) and bool(rows) is distorted
    for entry in report:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"] == {"path": "rewrites/ferry.md", "lines": {"begin": 5}}


# --- what any machine runs ------------------------------------------------------------------------


def test_gits_own_hook_refuses_a_distorted_rewrite(
    newsroom: Path, run: Run, needs: Callable[[str], str], distort: Callable[[], None]
) -> None:
    git = needs("git")
    assert run(git, "init", "--quiet").returncode == 0
    (newsroom / ".git" / "hooks").mkdir(exist_ok=True)
    assert run(needs("sh"), "-ec", TRIED["git-hook"]).returncode == 0
    assert run(git, "add", ".").returncode == 0
    assert run(git, "commit", "-m", "harmless").returncode == 0
    distort()
    done = run(git, "commit", "-am", "distorted")
    assert done.returncode == 1 and "number-changed" in done.stdout + done.stderr


def test_make_publishes_what_passes(
    newsroom: Path, run: Run, needs: Callable[[str], str], distort: Callable[[], None]
) -> None:
    make = needs("make")
    (newsroom / "Makefile").write_text(TRIED["make"], encoding="utf-8")
    assert run(make, "publish").returncode == 0
    assert (newsroom / "public" / "ferry.md").exists()
    run(needs("rm"), "-r", "public")
    distort()
    done = run(make, "publish")
    assert done.returncode == 2 and "Error 1" in done.stderr
    assert not (newsroom / "public").exists()
    (newsroom / "wire" / "ferry.md").unlink()
    done = run(make, "--keep-going", "publish")
    assert done.returncode == 2 and "Error 2" in done.stderr
    assert not (newsroom / "public").exists()


def test_a_script_publishes_on_0_alone(
    newsroom: Path, run: Run, needs: Callable[[str], str], distort: Callable[[], None]
) -> None:
    shell = needs("sh")
    (newsroom / "public").mkdir()
    (newsroom / "publish.sh").write_text(TRIED["shell"], encoding="utf-8")
    public = newsroom / "public" / "ferry.md"
    assert run(shell, "publish.sh", "rewrites/ferry.md").returncode == 0
    assert public.exists()
    public.unlink()
    distort()
    done = run(shell, "publish.sh", "rewrites/ferry.md")
    assert done.returncode == 1 and "the policy stops it" in done.stderr
    (newsroom / "rewrites" / "ferry.md").write_text("\n", encoding="utf-8")
    assert run(shell, "publish.sh", "rewrites/ferry.md").returncode == 3
    (newsroom / "wire" / "ferry.md").unlink()
    done = run(shell, "publish.sh", "rewrites/ferry.md")
    assert done.returncode == 2 and "it was not judged" in done.stderr
    assert not public.exists()


# --- completion -----------------------------------------------------------------------------------


def test_each_shell_gets_its_script(newsroom: Path, run: Run, needs: Callable[[str], str]) -> None:
    needs("bash")
    done = run(needs("sh"), "-ec", TRIED["completion"])
    assert done.returncode == 0, done.stderr
    marks = {
        "claimdiff.bash": "complete -",
        "_claimdiff": "#compdef claimdiff",
        "claimdiff.fish": "complete -",
    }
    for name, mark in marks.items():
        assert mark in (newsroom / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("claimdiff", "ch"), ["check"]),
        (("claimdiff", "check", "--expl"), ["--explain-verdict"]),
        (("claimdiff", "check", "--profile", "s"), ["strict", "summary"]),
        (("claimdiff", "waive", "--exp"), ["--expires"]),
        (("claimdiff", "x"), []),
    ],
)
def test_bash_completes(
    run: Run, needs: Callable[[str], str], words: tuple[str, ...], expected: list[str]
) -> None:
    """The script asked as bash asks it: with the words of the line, and the number of the last."""
    script = """
set -eo pipefail
source /dev/stdin <<< "$(_CLAIMDIFF_COMPLETE=bash_source claimdiff)"
complete -p claimdiff >&2
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_claimdiff_completion claimdiff
printf '%s\\n' "${COMPREPLY[@]}"
"""
    done = run(needs("bash"), "--noprofile", "--norc", "-c", script, "bash", *words)
    assert done.returncode == 0, done.stderr
    assert "-F _claimdiff_completion" in done.stderr
    assert done.stdout.split() == expected

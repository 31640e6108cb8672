"""action.yml and its script, run as GitHub's runner runs them, with its files and variables made up."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, NamedTuple

import pytest

Run = Callable[..., "CompletedProcess[str]"]
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "integrations" / "action.py"
LIMIT = 1 << 20
yaml = pytest.importorskip("yaml", reason="needs pyyaml")


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return loaded


class Step(NamedTuple):
    """What GitHub sees of a step."""

    code: int
    commands: list[str]
    log: str
    outputs: dict[str, str]
    summary: str


def commands_and_log(out: str) -> tuple[list[str], str]:
    """Lines in which the runner looks for commands, and those in which it was told not to."""
    commands, log, token = [], [], ""
    for line in out.splitlines():
        if token and line == f"::{token}::":
            token = ""
        elif token:
            log.append(line)
        elif found := re.fullmatch(r"::stop-commands::([0-9a-f]{32})", line):
            token = found[1]
        else:
            commands.append(line)
    assert not token, "commands were never taken up again"
    return commands, "\n".join(log)


def read_outputs(text: str) -> dict[str, str]:
    entries = re.findall(r"(?ms)^([\w-]+)<<(\w+)\n(.*?)\n\2\n", text)
    return {key: value for key, _, value in entries}


@pytest.fixture
def step(newsroom: Path, tmp_path: Path, run: Run, needs: Callable[[str], str]) -> Callable[..., Step]:
    """Runs the action's step with these inputs; the others have their defaults."""
    bash = needs("bash")

    def running(inputs: dict[str, str] | None = None, **more: str) -> Step:
        own = action()
        values = {name: entry["default"] for name, entry in own["inputs"].items()}
        values |= {"install": "none", "python": sys.executable} | (inputs or {})
        (body,) = own["runs"]["steps"]
        context = {f"inputs.{name}": value for name, value in values.items()}
        context |= {"github.action_repository": "desk/claimdiff", "github.action_ref": "v1"}
        env = {
            key: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: context[found[1]], value)
            for key, value in body["env"].items()
        }
        for name in ("output", "summary"):
            (tmp_path / name).write_bytes(b"")
        temporary = tmp_path / "runner temp"
        temporary.mkdir(exist_ok=True)
        (tmp_path / "step.sh").write_text(body["run"], encoding="utf-8")
        env |= {
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
            "GITHUB_SERVER_URL": "https://example.org",
            "RUNNER_TEMP": str(temporary),
        }
        done = run(
            bash, "--noprofile", "--norc", "-eo", "pipefail", str(tmp_path / "step.sh"), **(env | more)
        )
        commands, log = commands_and_log(done.stdout)
        assert done.stderr == ""
        for line in commands:
            assert re.match(r"::(error|warning|notice) [^\r\n]*title=[^:]+::.", line), line
        return Step(
            done.returncode,
            commands,
            log,
            read_outputs((tmp_path / "output").read_text(encoding="utf-8")),
            (tmp_path / "summary").read_text(encoding="utf-8"),
        )

    return running


# --- the file -------------------------------------------------------------------------------------


def test_every_input_and_output_is_used_and_described() -> None:
    own = action()
    (body,) = own["runs"]["steps"]
    assert own["runs"]["using"] == "composite" and body["shell"] == "bash" and own["description"]
    used = [
        found
        for value in body["env"].values()
        for found in re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", value)
    ]
    assert sorted(used) == sorted(own["inputs"])
    for name, entry in own["inputs"].items():
        assert entry["description"] and isinstance(entry["default"], str), name
        assert body["env"][f"INPUT_{name.upper().replace('-', '_')}"] == f"${{{{ inputs.{name} }}}}"
    for name, entry in own["outputs"].items():
        assert entry["description"] and entry["value"] == f"${{{{ steps.{body['id']}.outputs.{name} }}}}"


def test_nothing_a_workflow_says_stands_in_a_shell_text() -> None:
    for body in action()["runs"]["steps"]:
        assert "${{" not in body["run"]
        assert all(re.fullmatch(r"\$\{\{ [\w.-]+ \}\}", value) for value in body["env"].values())


def test_the_script_reads_every_variable_it_is_given() -> None:
    (body,) = action()["runs"]["steps"]
    text = SCRIPT.read_text(encoding="utf-8") + body["run"]
    for name in body["env"]:
        short = name.removeprefix("INPUT_")
        assert any(own in text for own in (f'"{short}"', name, f'"{short.lower().replace("_", "-")}"')), name


# --- running it -----------------------------------------------------------------------------------


def test_a_harmless_rewrite_passes(step: Callable[..., Step], newsroom: Path) -> None:
    done = step()
    assert done.code == 0
    assert done.outputs["verdict"] == "pass" and done.outputs["exit-code"] == "0"
    assert done.summary.startswith("# claimdiff: passed\n")
    assert Path(done.outputs["summary"]).read_text(encoding="utf-8") == done.summary
    assert done.outputs["sarif-file"] == "claimdiff.sarif"
    assert json.loads((newsroom / "claimdiff.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert not any(line.startswith("::error") for line in done.commands)


def test_a_distorted_rewrite_is_blocked(
    step: Callable[..., Step], newsroom: Path, distort: Callable[[], None]
) -> None:
    distort()
    done = step()
    assert done.code == 1
    assert done.outputs["verdict"] == "block" and done.outputs["exit-code"] == "1"
    assert done.summary.startswith("# claimdiff: blocked\n")
    assert "(https://example.org/desk/claimdiff/blob/v1/docs/rules/number-changed.md)" in done.summary
    assert any(line.startswith("::error file=rewrites/ferry.md,line=5,") for line in done.commands)
    (run,) = json.loads((newsroom / "claimdiff.sarif").read_text(encoding="utf-8"))["runs"]
    (result,) = run["results"]
    assert result["ruleId"] == "number-changed"


def test_inputs_reach_the_check(
    step: Callable[..., Step], newsroom: Path, distort: Callable[[], None]
) -> None:
    distort()
    (newsroom / "claimdiff.toml").unlink()
    (newsroom / "house.toml").write_text("# nothing\n", encoding="utf-8")
    given = {"derivatives": "rewrites/*.md", "source": "\n  wire/ferry.md\n", "config": "house.toml"}
    assert step(given).code == 1
    assert step({**given, "fail-on": "none"}).code == 0
    assert step({**given, "args": "--ignore number --no-cache"}).code == 0
    assert step({**given, "profile": "stern"}).code == 2
    assert step({**given, "config": "nowhere.toml"}).code == 2
    rows = '{"derivative": "rewrites/ferry.md", "source": "wire/ferry.md"}\n'
    (newsroom / "pairs.jsonl").write_text(rows, encoding="utf-8")
    assert step({"pairs": "pairs.jsonl"}).outputs["verdict"] == "block"
    done = step({**given, "sarif-file": ""})
    assert done.outputs["sarif-file"] == "" and done.code == 1


def test_an_unreadable_source_is_told_and_never_passes(step: Callable[..., Step], newsroom: Path) -> None:
    (newsroom / "wire" / "ferry.md").unlink()
    done = step()
    assert done.code == 2
    assert done.outputs["verdict"] == "error" and done.outputs["exit-code"] == "2"
    assert done.summary.startswith("# claimdiff: not everything was judged\n")
    assert "    wire/ferry.md: no such file" in done.summary
    assert sum("wire/ferry.md: no such file" in line for line in done.commands) == 1
    assert '"executionSuccessful": false' in (newsroom / "claimdiff.sarif").read_text(encoding="utf-8")


def test_what_was_judged_is_told_beside_what_was_not(step: Callable[..., Step]) -> None:
    done = step({"derivatives": "rewrites/ferry.md\nrewrites/none-*.md"})
    assert done.code == 2 and done.outputs["verdict"] == "error"
    assert "rewrites/none-*.md: no such file" in done.summary and "## rewrites/ferry.md" in done.summary
    assert done.outputs["sarif-file"] == "claimdiff.sarif"


def test_nothing_judged_is_not_told_as_passed(step: Callable[..., Step], newsroom: Path) -> None:
    (newsroom / "notes.md").write_text("The harbour opens at six.\n", encoding="utf-8")
    done = step({"derivatives": "notes.md"})
    assert done.code == 2 and "no source is known" in done.summary
    done = step({"derivatives": "notes.md", "args": "--allow-unpaired"})
    assert done.code == 0 and done.summary.startswith("# claimdiff: nothing to judge\n")
    assert done.outputs["sarif-file"] == "" and "notes.md: no source is known; passed over" in done.log


def test_texts_with_nothing_in_common_are_not_comparable(step: Callable[..., Step], newsroom: Path) -> None:
    (newsroom / "rewrites" / "ferry.md").write_text("\n", encoding="utf-8")
    done = step()
    assert (done.code, done.outputs["verdict"]) == (3, "not-comparable")
    assert done.summary.startswith("# claimdiff: not comparable\n")


def test_an_old_sarif_file_is_not_taken_for_a_new_one(step: Callable[..., Step], newsroom: Path) -> None:
    (newsroom / "claimdiff.sarif").write_text("{}", encoding="utf-8")
    assert step({"args": "--no-such-option"}).outputs["sarif-file"] == ""


HOSTILE = (
    "rewrites/two  words.md",
    "rewrites/line\nbreak.md",
    "rewrites/\n::error::hello %0A.md",
    "rewrites/##[add-mask]the.md",
    "rewrites/$(touch hacked)`touch hacked`;touch hacked.md",
    "rewrites/\"'\\ & ${{ secrets.X }}.md",
    "rewrites/[*]?<b>|x|<i>.md",
    "-o claimdiff.toml",
    "--exit-zero",
)


@pytest.mark.skipif(os.name == "nt", reason="POSIX names")
def test_no_file_name_acts(step: Callable[..., Step], newsroom: Path, distort: Callable[[], None]) -> None:
    distort()
    text = (newsroom / "rewrites" / "ferry.md").read_bytes()
    for name in HOSTILE:
        (newsroom / name).write_bytes(text)
    before = {own.name for own in newsroom.iterdir()}
    done = step({"derivatives": json.dumps(HOSTILE), "source": "wire/ferry.md", "sarif-file": "a b\nc.sarif"})
    assert done.code == 1
    assert f"0 of {len(HOSTILE)} pass" in done.log
    assert {own.name for own in newsroom.iterdir()} == before | {"a b\nc.sarif"}
    assert done.outputs["sarif-file"] == "a b\nc.sarif"
    log = json.loads((newsroom / "a b\nc.sarif").read_text(encoding="utf-8"))
    assert len(log["runs"]) == len(HOSTILE)
    assert "<b>" not in re.sub(r"`[^`\n]*`|\\<", "", done.summary)


@pytest.mark.skipif(os.name == "nt", reason="POSIX names")
def test_missing_files_with_hostile_names_are_named(step: Callable[..., Step]) -> None:
    done = step({"derivatives": json.dumps([f"{name}?" for name in HOSTILE[:7]]), "source": "wire/ferry.md"})
    assert done.code == 2
    assert sum("no such file" in line for line in done.commands) == 7
    assert len(re.findall(r"(?m)^    \S.*no such file", done.summary)) == 7


def test_names_with_line_breaks_from_the_configuration_survive(
    step: Callable[..., Step], newsroom: Path, distort: Callable[[], None]
) -> None:
    distort()
    for folder in ("wire", "rewrites"):
        (newsroom / folder / "a\nb c.md").write_bytes((newsroom / folder / "ferry.md").read_bytes())
    done = step()
    assert done.code == 1 and "0 of 2 pass" in done.log


def test_nothing_in_the_checkout_is_imported(step: Callable[..., Step], newsroom: Path) -> None:
    for name in ("json.py", "click.py", "sitecustomize.py", "claimdiff.py", "glob.py", "venv.py", "pip.py"):
        (newsroom / name).write_text("raise SystemExit(0)\n", encoding="utf-8")
    done = step()
    assert done.code == 0 and done.outputs["verdict"] == "pass"


def test_a_summary_is_never_longer_than_github_takes(step: Callable[..., Step], newsroom: Path) -> None:
    script = newsroom.parent / "long.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r})\n"
        "import action\n"
        "text = action.page('block', [f'trouble {n}' for n in range(99)], 'ä line\\n' * 200_000)\n"
        "action.append_summary(text); action.append_summary(text)\n",
        encoding="utf-8",
    )
    summary = newsroom.parent / "long summary"
    from subprocess import run

    run([sys.executable, str(script)], env={**os.environ, "GITHUB_STEP_SUMMARY": str(summary)}, check=True)
    data = summary.read_bytes()
    assert len(data) <= LIMIT
    text = data.decode("utf-8")
    assert "trouble 9\n" in text and "trouble 10\n" not in text and "and 89 more" in text
    assert "GitHub takes no longer summary" in text


@pytest.mark.parametrize("args", ["--help", "-qh", "--exit-zero", "'", "--no-such-option", "-- x"])
def test_no_option_makes_it_pass_unjudged(
    step: Callable[..., Step], distort: Callable[[], None], args: str
) -> None:
    distort()
    done = step({"args": args})
    assert done.code == 2 and done.outputs["verdict"] == "error"
    assert any(line.startswith("::error title=claimdiff::") for line in done.commands)


def test_a_list_of_something_else_is_refused(step: Callable[..., Step]) -> None:
    done = step({"derivatives": '["rewrites/ferry.md", 3]'})
    assert done.code == 2 and "must hold paths" in done.summary


def test_a_failed_installation_is_no_verdict(step: Callable[..., Step]) -> None:
    done = step({"install": "./no-such-folder"})
    assert done.code == 2 and done.outputs["verdict"] == "error"
    assert "could not be installed" in done.summary


def test_a_full_disk_is_no_verdict(run: Run, newsroom: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    done = run(sys.executable, str(SCRIPT), INPUT_INSTALL="none", GITHUB_OUTPUT="/dev/full")
    assert done.returncode == 2 and "No space left" in done.stdout + done.stderr

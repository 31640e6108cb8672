"""What the GitHub action (action.yml) runs: it installs claimdiff into an environment of its own, checks the
texts, and gives GitHub annotations, a summary and outputs. It ends with the code of the check.

All it is told comes in environment variables. Whatever goes wrong here is code 2: no fault of this script
lets a text pass, and none looks like a verdict.
"""

from __future__ import annotations

import glob
import json
import os
import re
import secrets
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TROUBLE = 2
VERDICTS = {0: "pass", 1: "block", 3: "not-comparable"}
HEADS = {
    "pass": "claimdiff: passed",
    "block": "claimdiff: blocked",
    "not-comparable": "claimdiff: not comparable",
    "error": "claimdiff: not everything was judged",
}
KNOWN = (0, 1, 2, 3, 130, 143)  # docs/exit-codes.md
SUMMARY = 1 << 20  # bytes that GitHub takes as the summary of a step; of more it shows nothing
SHOWN = 10  # annotations of a level that GitHub keeps of a step
ERROR = re.compile(r"(?:claimdiff: error|Error): (.*)")
ANNOTATION = re.compile(r"::(?:error|warning|notice) ")
SAFE_PATH = "-P"  # nothing in the checkout is imported in place of a module of Python's


class TroubleError(Exception):
    """Why the check could not be run, in words."""


def given(name: str) -> str:
    return os.environ.get(f"INPUT_{name}", "")


def texts(name: str) -> list[str]:
    """The paths in an input: a JSON list, or one a line, where a pattern stands for the files like it. A
    pattern that nothing is like stays as it is, so that the check fails on it."""
    value = given(name).strip()
    if value.startswith("["):
        try:
            listed = json.loads(value)
        except ValueError:
            listed = None
        if isinstance(listed, list):
            if not all(isinstance(own, str) and own for own in listed):
                raise TroubleError(f"{name.lower()}: the list must hold paths, each a text in quotes")
            return listed
    found: list[str] = []
    for line in filter(None, map(str.strip, value.splitlines())):
        like = [] if Path(line).exists() else glob.glob(line, recursive=True)  # noqa: PTH207
        found += sorted(filter(os.path.isfile, like)) or [line]
    return found


def options() -> list[str]:
    """The options of the check that the inputs stand for."""
    try:
        more = shlex.split(given("ARGS"))
    except ValueError as error:
        raise TroubleError(f"args: cannot be understood ({error})") from None
    if "--exit-zero" in more:
        raise TroubleError("args: --exit-zero would hide the verdict; use continue-on-error in the workflow")
    named = [
        (name, given(name.upper().replace("-", "_"))) for name in ("pairs", "config", "profile", "fail-on")
    ]
    return [*more, *(f"--{name}={value}" for name, value in named if value)]


def rules_url() -> str:
    """Where the pages of the rules are, if the action comes from a repository that can be named."""
    server, repository, ref = (
        os.environ.get(name, "") for name in ("GITHUB_SERVER_URL", "OWN_REPOSITORY", "OWN_REF")
    )
    return f"{server}/{repository}/blob/{ref}/docs/rules" if server and repository and ref else ""


# --- running --------------------------------------------------------------------------------------


def install(folder: Path) -> tuple[str, str]:
    """The Python that has claimdiff, and what pip said."""
    spec = given("INSTALL").strip() or f"{ROOT}[formats]"
    if spec == "none":
        return sys.executable, ""
    place = folder / "environment"
    python = str(place / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    pip = [python, SAFE_PATH, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--", spec]
    said = ""
    for command in ([sys.executable, SAFE_PATH, "-m", "venv", str(place)], pip):
        code, out, err = run(command)
        said += out + err
        if code:
            log(said)
            raise TroubleError(f"claimdiff could not be installed: {' '.join(command[2:])} ended with {code}")
    return python, said


def run(command: list[str]) -> tuple[int, str, str]:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except (OSError, ValueError) as error:
        raise TroubleError(f"{command[0]}: cannot be run ({error})") from None
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def state(path: str) -> tuple[int, int] | None:
    """What changes when a file is written anew."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_mtime_ns


# --- telling --------------------------------------------------------------------------------------


def say(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def log(text: str) -> None:
    """Words for the log, in which GitHub looks for no command."""
    if text.strip():
        token = secrets.token_hex(16)
        say(f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::\n")


def annotate(message: str, said: str) -> None:
    """An error in GitHub's list, unless it was `said` there already."""
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    if escaped not in said:
        say(f"::error title=claimdiff::{escaped}\n")


def page(verdict: str, troubles: list[str], report: str) -> str:
    """The summary: what was not judged stands first, so that it is never cut off."""
    parts = [f"# {HEADS[verdict]}" if report or verdict != "pass" else "# claimdiff: nothing to judge"]
    if troubles:
        lines = [" ".join(own.split())[:1000] for own in troubles[:SHOWN]]
        if len(troubles) > SHOWN:
            lines.append(f"and {len(troubles) - SHOWN} more, which the log names")
        parts.append("\n".join(f"    {line}" for line in lines))  # in code nothing is markup
    if not report:
        parts.append("No text was judged.")
    return "\n\n".join([*parts, report] if report else parts) + "\n"


def append_summary(text: str) -> None:
    """Append to the summary of the step, within the size that GitHub takes."""
    if not (name := os.environ.get("GITHUB_STEP_SUMMARY")):
        return
    path = Path(name)
    room = SUMMARY - (path.stat().st_size if path.exists() else 0)
    data = text.encode("utf-8", "replace")
    if len(data) > room:
        note = b"\n\nThe rest is left out here; GitHub takes no longer summary.\n"
        data = data[: max(room - len(note), 0)]
        data = data[: data.rfind(b"\n") + 1] + note
    with path.open("ab") as file:
        file.write(data[: max(room, 0)])


def put_out(**values: str) -> None:
    """Set outputs of the step; a value may hold line breaks."""
    if name := os.environ.get("GITHUB_OUTPUT"):
        lines = []
        for key, value in values.items():
            token = secrets.token_hex(16)
            lines.append(f"{key.replace('_', '-')}<<{token}\n{value}\n{token}\n")
        with Path(name).open("ab") as file:
            file.write("".join(lines).encode("utf-8", "surrogateescape"))


def tell(
    folder: Path, code: int, troubles: list[str], report: str = "", sarif: str = "", said: str = ""
) -> None:
    verdict = VERDICTS.get(code, "error")
    text = page(verdict, troubles, report)
    place = folder / "summary.md"
    place.write_text(text, encoding="utf-8", errors="replace")
    for own in troubles[:SHOWN]:
        annotate(own, said)
    put_out(verdict=verdict, exit_code=str(code), sarif_file=sarif, summary=str(place))
    append_summary(text)


# --- all of it ------------------------------------------------------------------------------------


def check(folder: Path) -> int:
    """Check as the inputs say, and tell GitHub; the code of the check."""
    brief, sarif = folder / "findings.md", given("SARIF_FILE")
    wanted = [*options(), *(f"--source={own}" for own in texts("SOURCE"))]
    wanted += ["--format=github", f"--output=markdown-summary={brief}", f"--rules-url={rules_url()}"]
    wanted += [f"--output=sarif={sarif}"] if sarif else []
    wanted += ["--", *texts("DERIVATIVES")]
    before = state(sarif)
    python, said = install(folder)
    code, out, err = run([python, SAFE_PATH, "-m", "claimdiff", "check", *wanted])
    lines = out.splitlines(keepends=True)
    annotations = [line for line in lines if ANNOTATION.match(line)]
    others = [line for line in lines if not ANNOTATION.match(line)]
    log(said + err + "".join(others))
    say("".join(annotations))
    troubles = [found[1] for found in map(ERROR.match, err.splitlines()) if found]
    if code not in KNOWN or (code == 0 and (others or troubles)):
        troubles.append(
            f"claimdiff ended with {code} and did not do what a check does; the log has its words"
        )
        code = TROUBLE
    elif code > 1 and not troubles:
        troubles.append(f"claimdiff ended with {code} before it had judged everything")
    report = brief.read_text(encoding="utf-8") if brief.exists() else ""
    made = sarif if state(sarif) not in (None, before) else ""
    tell(folder, code, troubles, report, made, "".join(annotations))
    return code


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="claimdiff-", dir=os.environ.get("RUNNER_TEMP") or None))
    try:
        if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs the action may have an older one
            raise TroubleError(f"claimdiff needs Python 3.11 or newer, and this is {sys.version.split()[0]}")
        return check(folder)
    except Exception as error:
        told = str(error) if isinstance(error, TroubleError) else f"{type(error).__name__}: {error}"
        tell(folder, TROUBLE, [told])
        return TROUBLE


if __name__ == "__main__":
    try:
        code = main()
    except BaseException as error:  # a full disk, say: 1, Python's own code, would look like a verdict
        sys.stderr.write(f"claimdiff: error: {type(error).__name__}: {error}\n")
        code = TROUBLE
    sys.exit(code)

"""A second opinion through the desk, the gate, the store, the formats and the commands."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from claimdiff import checking, compare, store
from claimdiff.cache import Cache
from claimdiff.cli import main
from claimdiff.cli.app import app
from claimdiff.detect import RULES
from claimdiff.errors import FormatError
from claimdiff.gate import config as configuration
from claimdiff.gate.config import Config, Value
from claimdiff.gate.judge import judge
from claimdiff.gate.policy import policy
from claimdiff.model import Comparison, Opinion, Outcome, Severity, Span, Type
from claimdiff.render import FORMATS
from claimdiff.verify import Answer, Judgement, Question, Unjudged, Verifier, VerifierError
from claimdiff.verify import spec as specs
from claimdiff.verify.spec import Spec

SOURCE = """Ferry line adds two boats

The Sundal line will add two boats in May, its director Ola Brekke said on Monday.

The ferries are used by 900 people a day.
"""
DERIVATIVE = """Ferry line adds two boats

Director Ola Brekke said on Monday that the Sundal line will be adding two boats in May.

Each day 900 people use the ferries.
"""
LINE = "verifier: fake/1"


class Fake:
    """A verifier that finds fault with statements that hold a word, and has no time for others."""

    signature = "fake/1"

    def __init__(self, fault: str = "ferries", gap: str = "") -> None:
        self.fault, self.gap, self.asked = fault, gap, 0

    def judge(self, questions: Sequence[Question]) -> Sequence[Answer | Unjudged]:
        self.asked += 1
        return list(map(self._one, questions))

    def _one(self, own: Question) -> Answer | Unjudged:
        if self.gap and self.gap in own.statement:
            return Unjudged(own.id, "no time was left")
        if self.fault not in own.statement:
            return Answer(own.id, Judgement.SUPPORTED, 0.9)
        at = own.statement.index(self.fault)
        span = Span(at, at + len(self.fault))
        return Answer(own.id, Judgement.DISTORTED, 0.9, (Type.ENTITY,), (span,), "boats, <b>not</b> ferries|")


@pytest.fixture
def fake(install_verifier: Callable[[Verifier], None]) -> Fake:
    own = Fake()
    install_verifier(own)
    return own


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "source.txt").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "derivative.txt").write_text(DERIVATIVE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.delenv("CLAIMDIFF_VERIFIER_URL", raising=False)
    return tmp_path


def made(fake: Fake) -> Comparison:
    return compare(SOURCE, DERIVATIVE, verifier=fake)


def judged(comparison: Comparison, **given: Any) -> Comparison:
    layer = {name.replace("_", "-"): Value(own, "test") for name, own in given.items()}
    return judge(comparison, policy(Config(Path.cwd()), "d.txt", layer, rules=lambda: [r.id for r in RULES]))


def rendered(form: str, comparison: Comparison) -> str:
    own = {"color": False, "width": 100} if form == "text" else {}
    return FORMATS[form].render(comparison, **own)


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(args), standalone_mode=False)
    assert result.exception is None, result.exception
    return int(result.return_value or 0), result.stdout, result.stderr


# --- the gate ---------------------------------------------------------------------------------------


def test_the_gate_takes_a_finding_of_a_verifier_as_any_other() -> None:
    got = judged(made(Fake()))
    assert got.verdict and got.verdict.outcome is Outcome.BLOCK  # 0.72, major
    assert judged(made(Fake()), ignore=("verifier-distortion",)).verdict == judged(made(Fake("-"))).verdict
    less = judged(made(Fake()), fail_confidence=0.8)
    assert less.verdict and less.verdict.outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    ("comparison", "told"),
    [
        (compare(SOURCE, DERIVATIVE), "no verifier was asked"),
        (made(Fake("-", gap="900")), "1 statement was not judged by the verifier"),
        (made(Fake("-", gap=" ")), "2 statements were not judged by the verifier"),
    ],
)
def test_a_gate_that_requires_a_verifier_fails_closed(comparison: Comparison, told: str) -> None:
    got = judged(comparison, require_verifier=True)
    assert got.verdict and got.verdict.outcome is Outcome.BLOCK
    (own,) = got.verdict.failures
    assert (own.setting, own.message, own.findings) == ("require-verifier = true", told, ())


def test_a_gate_that_requires_a_verifier_is_content_with_one() -> None:
    got = judged(made(Fake("-")), require_verifier=True)
    assert got.verdict and got.verdict.outcome is Outcome.PASS
    same = judged(compare(SOURCE, SOURCE, verifier=Fake()), require_verifier=True)
    assert same.verdict and same.verdict.outcome is Outcome.PASS  # nothing was to be asked


def test_what_was_not_judged_is_a_warning_elsewhere() -> None:
    got = judged(made(Fake("-", gap="900")), unused_waivers="fail")
    assert got.verdict and got.verdict.outcome is Outcome.PASS  # it is no waiver
    assert got.verdict.warnings == ("The verifier did not judge d.3: no time was left",)


def test_a_configuration_cannot_name_a_verifier(folder: Path) -> None:
    (folder / "claimdiff.toml").write_text('verifier = "llm:x"\n', encoding="utf-8")
    assert main(["check", "derivative.txt", "--source", "source.txt"]) == 2


# --- the store and the formats ----------------------------------------------------------------------


def test_it_is_kept_in_json() -> None:
    got = made(Fake(gap="Director"))
    data = json.loads(store.to_json(got))
    assert data["tool"]["verifier"] == "fake/1"
    assert data["verification"] == {
        "asked": 2, "judged": 1, "unjudged": [{"statement": "d.2", "reason": "no time was left"}]
    }  # fmt: skip
    assert store.from_json(store.to_json(got)) == got


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["tool"].pop("verifier"),
        lambda data: data["verification"].update(asked=3),
        lambda data: data["verification"]["unjudged"][0].update(statement="s.1"),
        lambda data: data["verification"]["unjudged"][0].pop("reason"),
        lambda data: data["verification"].update(judged=-1),
    ],
)
def test_an_account_that_does_not_add_up_is_refused(change: Callable[[Any], Any]) -> None:
    data = json.loads(store.to_json(made(Fake(gap="Director"))))
    change(data)
    with pytest.raises(FormatError, match="verif"):
        store.from_json(json.dumps(data))


def test_a_verifier_without_an_account_is_none() -> None:
    data = json.loads(store.to_json(made(Fake())))
    del data["verification"]
    assert store.from_json(json.dumps(data)).opinion is None


SAYING = tuple(name for name in FORMATS if name not in ("csv", "annotation", "rdjson"))


@pytest.mark.parametrize("gate", [False, True])
@pytest.mark.parametrize("form", SAYING)
def test_every_report_names_the_verifier_and_what_it_did_not_judge(form: str, gate: bool) -> None:
    got = made(Fake(gap="Director"))
    text = " ".join(rendered(form, judged(got) if gate else got).split())
    assert "fake/1" in text
    assert "no time was left" in text
    if form == "html":
        assert "<b>not</b>" not in text
    if form in ("text", "markdown", "markdown-summary", "html", "github", "rdjson"):
        assert "second opinion alone" in text


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("gate", [False, True])
def test_a_finding_of_a_verifier_is_well_formed_everywhere(form: str, gate: bool) -> None:
    got = made(Fake(gap="Director"))
    got = judged(got) if gate else got
    text = rendered(form, got)
    assert text == rendered(form, store.from_json(store.to_json(got)))
    if form in ("json", "sarif", "annotation"):
        json.loads(text)
    elif form == "junit":
        ElementTree.fromstring(text)
    elif form == "csv":
        assert {row["rule"] for row in csv.DictReader(io.StringIO(text))} == {"verifier-distortion"}


def test_agreement_and_doubt_are_shown() -> None:
    derivative = DERIVATIVE.replace("900", "800")
    agreed = rendered("text", compare(SOURCE, derivative, verifier=Fake()))
    assert "second opinion agrees" in agreed
    doubted = compare(SOURCE, derivative, verifier=Fake("-"))
    assert "second opinion disagrees" in rendered("html", doubted)
    assert [own.types for own in doubted.findings] == [(Type.NUMBER,)]


@pytest.mark.parametrize("form", FORMATS)
def test_without_a_verifier_no_report_speaks_of_one(form: str) -> None:
    got = compare(SOURCE, DERIVATIVE.replace("900", "800"))
    for own in (got, judged(got)):
        assert "opinion" not in rendered(form, own).lower().replace("opinion.css", "")


# --- the desk ---------------------------------------------------------------------------------------


def desk(folder: Path, **given: Any) -> checking.Desk:
    return checking.Desk(Config(folder), {}, "2026-01-01", **given)


def texts() -> tuple[checking.Text, checking.Text]:
    return checking.Text("s.txt", SOURCE.encode()), checking.Text("d.txt", DERIVATIVE.encode())


def test_the_desk_asks_once_and_keeps_the_answer(folder: Path, fake: Fake) -> None:
    own = desk(folder, cache=Cache(folder / "kept"), verifier=Spec("llm", "m"))
    source, derivative = texts()
    first = own.check([source], derivative)
    assert own.check([source], derivative) == first
    assert fake.asked == 1
    plain = replace(own, verifier=None).check([source], derivative)
    assert plain.opinion is None and plain.findings == ()
    fake.signature = "fake/2"
    again = own.check([source], derivative)
    assert fake.asked == 2 and again.opinion and again.opinion.verifier == "fake/2"


def test_what_has_gaps_is_not_kept(folder: Path, fake: Fake) -> None:
    own = desk(folder, cache=Cache(folder / "kept"), verifier=Spec("llm", "m"))
    source, derivative = texts()
    fake.gap = "900"
    assert own.check([source], derivative).opinion == Opinion("fake/1", 2, 1, (("d.3", "no time was left"),))
    fake.gap = ""
    assert own.check([source], derivative).opinion == Opinion("fake/1", 2, 2)


def test_the_desk_holds_numbers_at_its_own_gate(folder: Path, fake: Fake) -> None:
    fake.fault = "-"
    source, _ = texts()
    wrong = checking.Text("d.txt", DERIVATIVE.replace("900", "800").encode())
    own = desk(folder, verifier=Spec("llm", "m"))
    (usual,) = own.check([source], wrong).findings
    assert 0.5 <= usual.confidence < 0.6
    own = replace(own, given={"fail-confidence": Value(0.6, "test")})
    (high,) = own.check([source], wrong).findings
    assert high.confidence == 0.6
    assert high.severity is Severity.MAJOR


# --- the commands -----------------------------------------------------------------------------------

ASKING = ("--verifier", "llm:some-model")


def test_compare_with_a_verifier(folder: Path, fake: Fake) -> None:
    code, out, _ = run("compare", "source.txt", "derivative.txt", *ASKING)
    assert code == 0
    assert "Second opinion by fake/1: 2 of 2 statements judged" in out
    assert "verifier-distortion" in out


def test_check_with_a_verifier(folder: Path, fake: Fake) -> None:
    args = ("check", "derivative.txt", "--source", "source.txt")
    assert run(*args)[0] == 0
    code, out, _ = run(*args, *ASKING)
    assert code == 1 and "A second opinion says that the meaning changed" in " ".join(out.split())
    (folder / "claimdiff.toml").write_text("require-verifier = true\n", encoding="utf-8")
    code, out, _ = run(*args, "--explain-verdict")
    assert code == 1 and "no verifier was asked (require-verifier = true, claimdiff.toml:1)" in out
    assert "require-verifier = true (claimdiff.toml:1): stops the text" in out
    fake.fault = "-"
    assert run(*args, *ASKING, "--no-cache")[0] == 0
    fake.gap = "900"
    code, out, _ = run(*args, *ASKING, "--no-cache")
    assert code == 1 and "1 statement was not judged by the verifier" in out


def test_a_finding_of_a_verifier_can_be_waived(folder: Path, fake: Fake) -> None:
    args = ("derivative.txt", "--source", "source.txt", *ASKING)
    _, out, _ = run("check", *args, "--format", "json")
    (own,) = json.loads(out)["findings"]
    assert run("waive", own["id"], *args, "--reason", "they are boats")[0] == 0
    assert run("check", *args)[0] == 0


def test_report_and_baseline_with_a_verifier(folder: Path, fake: Fake) -> None:
    pair = folder / "pairs" / "one"
    pair.mkdir(parents=True)
    for name in ("source.txt", "derivative.txt"):
        (pair / name).write_bytes((folder / name).read_bytes())
    assert run("report", "pairs", "-o", "out", *ASKING)[0] == 0
    assert "second opinion alone" in (folder / "out" / "one.md").read_text(encoding="utf-8")
    args = ("derivative.txt", "--source", "source.txt", *ASKING)
    assert run("baseline", *args)[0] == 0
    assert run("check", *args)[0] == 0


def test_trace_with_a_verifier(folder: Path, fake: Fake) -> None:
    archive = folder / "wire"
    archive.mkdir()
    (archive / "ferry.txt").write_text(SOURCE, encoding="utf-8")
    args = (
        "trace",
        "derivative.txt",
        "--archive",
        "wire",
        "--index",
        "wire.index",
        "--compare",
        "--format",
        "json",
    )
    code, out, _ = run(*args, *ASKING)
    assert code == 0 and '"verifier": "fake/1"' in out
    assert '"verifier"' not in run(*args)[1]


def test_the_options_make_a_spec(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Spec] = []

    def opening(spec: Spec) -> Fake:
        seen.append(spec)
        return Fake()

    specs.opened.cache_clear()
    monkeypatch.setattr(specs, "open_verifier", opening)
    monkeypatch.setenv("CLAIMDIFF_VERIFIER_URL", "http://localhost:1/v1")
    both = ("compare", "source.txt", "derivative.txt")
    run(*both, *ASKING, "--verifier-key-file", "k", "--verifier-seconds", "3", "--verifier-tokens", "50",
        "--verifier-parallel", "2")  # fmt: skip
    run(
        *both,
        "--verifier",
        "hf:org/model",
        "--verifier-device",
        "cuda",
        "--verifier-hub",
        "--verifier-url",
        "u",
    )
    specs.opened.cache_clear()
    kept = str(folder / "caches" / "claimdiff" / "answers.sqlite")
    assert seen == [
        Spec(
            "llm",
            "some-model",
            "http://localhost:1/v1",
            "k",
            seconds=3.0,
            tokens=50,
            parallel=2,
            answers=kept,
        ),
        Spec("hf", "org/model", "u", device="cuda", hub=True),
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--verifier", "gpt"), "write llm:MODEL, hf:PATH_OR_NAME or onnx:FILE"),
        (("--verifier", "llm:"), "write llm:MODEL"),
        (("--verifier-tokens", "7"), "--verifier-tokens goes with --verifier"),
        (("--verifier-key-file", "k"), "--verifier-key-file goes with --verifier"),
        ((*ASKING, "--verifier-seconds", "0"), "--verifier-seconds"),
    ],
)
@pytest.mark.parametrize("command", [("compare", "source.txt"), ("check", "--source", "source.txt")])
def test_wrong_options(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    given: tuple[str, ...],
    told: str,
) -> None:
    assert main([*command, "derivative.txt", *given]) == 2
    assert told in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    "command",
    [
        ("compare", "source.txt", "derivative.txt"),
        ("check", "derivative.txt", "--source", "source.txt"),
        ("report", "pairs", "-o", "out"),
        ("batch", "pairs", "-o", "out"),
    ],
)
def test_a_verifier_that_cannot_be_used_is_said_before_anything_is_judged(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
) -> None:
    def broken(spec: Spec) -> Any:
        raise VerifierError("the model file is no model")

    pair = folder / "pairs" / "one"
    pair.mkdir(parents=True)
    for name in ("source.txt", "derivative.txt"):
        (pair / name).write_bytes((folder / name).read_bytes())
    specs.opened.cache_clear()
    monkeypatch.setattr(specs, "open_verifier", broken)
    assert main([*command, *ASKING]) == 2
    assert capsys.readouterr().err == "claimdiff: error: the model file is no model\n"
    assert not (folder / "out").exists()


def test_the_address_alone_asks_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMDIFF_VERIFIER_URL", "http://localhost:1/v1")
    monkeypatch.setattr(specs, "open_verifier", lambda spec: pytest.fail("was asked"))
    assert run("compare", "source.txt", "derivative.txt")[0] == 0


def test_no_setting_of_the_configuration_is_an_address() -> None:
    assert {own for own in configuration.BY_NAME if "verif" in own} == {"require-verifier"}


def test_the_kinds_of_the_help_are_all() -> None:
    from claimdiff.cli.verifier import KINDS

    assert tuple(own.split(":")[0] for own in KINDS.split(", ")) == specs.KINDS


def test_who_asks_no_verifier_loads_none(folder: Path) -> None:
    code = (
        "import sys; from claimdiff.cli import main; "
        "assert main(['compare', 'source.txt', 'derivative.txt', '-o', 'out.txt']) == 0; "
        "assert main(['check', 'derivative.txt', '--source', 'source.txt', '-o', 'out.md']) == 0; "
        "loaded = [own for own in sys.modules if own.startswith('claimdiff.verify')]; "
        "assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

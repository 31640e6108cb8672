"""`claimdiff verify-bench`: verifiers that know better or worse, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from bakery import NEW, OLD, pair

from claimdiff.bench.run import alone
from claimdiff.cli import main
from claimdiff.model import Status
from claimdiff.pipeline import compare
from claimdiff.verify import Answer, Judgement, Question, Unjudged, Verifier, VerifierError

ASKING = ("--verifier", "llm:some-model")


class Fake:
    signature = "fake/1"

    def __init__(self, says: Callable[[Question], Answer | Unjudged]) -> None:
        self.says, self.batches = says, 0

    def judge(self, questions: Sequence[Question]) -> Sequence[Answer | Unjudged]:
        self.batches += 1
        return list(map(self.says, questions))


def knows(own: Question) -> Answer:
    """What an editor would say of the pair."""
    wrong = "5,000" in own.statement
    added = "rival" in own.statement
    means = Judgement.DISTORTED if wrong else Judgement.UNSUPPORTED if added else Judgement.SUPPORTED
    return Answer(own.id, means, 1.0)


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    install_verifier: Callable[[Verifier], None],
) -> Run:
    monkeypatch.chdir(tmp_path)

    def running(*args: str, says: Callable[[Question], Answer | Unjudged] = knows) -> tuple[int, str, str]:
        install_verifier(Fake(says))
        code = main(["verify-bench", *args])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return running


def write(folder: Path, name: str = "one.json", **changes: Any) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(pair(**changes)), encoding="utf-8")


def figures(out: str, what: str = "articles") -> dict[str, dict[str, float]]:
    own: dict[str, dict[str, float]] = json.loads(out)[what]["figures"]
    return own


def test_rules_alone_need_no_verifier(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "gold")
    code, out, err = run("gold")
    assert (code, err) == (0, "")
    assert "| 1 article pair " in out and "| rules |" in out and "verifier" not in out


def test_three_columns(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "gold")
    code, out, err = run("gold", *ASKING)
    assert (code, err) == (0, "")
    assert out.startswith("Verifier fake/1: 3 of 3 statements judged\n\n")
    (row,) = [line for line in out.splitlines() if line.startswith("| drifting statements, F1")]
    assert row.split("|")[2:5] == [" 1.000 ", "    1.000 ", " 1.000 "]
    tables = [line for line in out.splitlines() if line.startswith("|")]
    assert len({len(line) for line in tables[:15]}) == 1
    assert "| number " in out


def test_a_verifier_that_is_always_wrong_shows(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "gold")

    def wrong(own: Question) -> Answer:
        right = knows(own).judgement
        return Answer(
            own.id, Judgement.SUPPORTED if right is not Judgement.SUPPORTED else Judgement.DISTORTED, 1
        )

    code, out, _ = run("gold", *ASKING, "--format", "json", says=wrong)
    got = figures(out)
    assert code == 0
    assert list(got) == ["rules", "verifier", "both"]
    assert (got["rules"]["flag"], got["rules"]["false"]) == (1.0, 0.0)
    assert got["verifier"]["flag_r"] == 0.0 and got["verifier"]["false"] == 50.0
    assert got["both"]["flag_r"] == 1.0  # the number stands, and the addition is only doubted
    assert got["both"]["false"] == 50.0
    assert got["verifier"]["omit"] == got["rules"]["omit"] == 1.0


def test_claims(tmp_path: Path, run: Run) -> None:
    rows = [
        {"source": OLD[2], "claim": NEW[2], "label": "number"},
        {"source": OLD[1], "claim": NEW[1], "label": "supported"},
        {"source": OLD[1], "supported": [OLD[1]], "added": [["A rival is furious.", "x"]]},
    ]
    (tmp_path / "claims.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    code, out, _ = run("claims.jsonl", *ASKING, "--format", "json")
    data = json.loads(out)
    assert code == 0 and data["claims"]["claims"] == 4
    assert data["verification"]["judged"] == 3  # the source's own words are not asked
    got = figures(out, "claims")
    assert got["rules"] == got["verifier"] == got["both"]
    assert got["rules"]["balanced"] == 1.0
    code, out, _ = run("claims.jsonl", *ASKING)
    assert "| 4 claims " in out and "| recall number " in out


def test_claims_that_cannot_be_compared_are_counted_and_told(tmp_path: Path, run: Run) -> None:
    rows = [{"source": OLD[2], "claim": "Read more", "label": "supported"},
            {"source": OLD[2], "claim": NEW[2], "label": "number"}]  # fmt: skip
    (tmp_path / "claims.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    code, out, _ = run("claims.jsonl")
    assert code == 0 and "not comparable with the passage: 1 claim\n" in out
    assert json.loads(run("claims.jsonl", "--format", "json")[1])["claims"]["not_comparable"] == 1


def test_words_of_a_finding_stand_in_its_sentence(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "gold")
    path = tmp_path / "gold" / "one.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    finding = next(own for own in data["findings"] if own.get("d") is not None)
    later = data["segments"]["derivative"][finding["d"] + 1]
    finding["derivative_span"] = later
    path.write_text(json.dumps(data), encoding="utf-8")
    code, _, err = run("gold")
    assert code == 2 and f"derivative_span does not stand in sentence {finding['d']}" in err


def test_many_claims_are_asked_together(tmp_path: Path, run: Run) -> None:
    rows = [
        {"source": OLD[2], "claim": f"Last month, it sold {n} loaves.", "label": "number"} for n in range(40)
    ]
    (tmp_path / "claims.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    batches = []

    def says(own: Question) -> Answer:
        batches.append(own.id)
        return Answer(own.id, Judgement.DISTORTED, 1.0)

    code, _, _ = run("claims.jsonl", *ASKING, says=says)
    assert code == 0
    assert len(batches) == 40 and len(set(batches[:32])) == 32


def test_what_was_not_judged_is_said(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "gold")
    code, out, _ = run("gold", *ASKING, says=lambda own: Unjudged(own.id, "no time was left"))
    assert code == 2
    assert "0 of 3 statements judged" in out and "Not judged: 3 statements, no time was left" in out


def test_folders_of_both_kinds(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "gold")
    write(tmp_path / "gold" / "deeper", "two.json")
    row = {"source": OLD[2], "claim": NEW[2], "label": "number"}
    (tmp_path / "gold" / "claims.jsonl").write_text(json.dumps(row), encoding="utf-8")
    code, out, _ = run("gold", "-o", "out.md")
    assert (code, out) == (0, "")
    told = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert "| 2 article pairs " in told and "| 1 claim " in told


def test_a_pair_that_cannot_be_compared_is_named(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "gold")
    odd = pair(id="odd", derivative="Read more", links=[], added=[], omitted=[0, 1, 2, 3], findings=[])
    odd["segments"] = {"source": OLD, "derivative": ["Read more"]}
    odd["boilerplate"] = {"source": [], "derivative": [0]}
    (tmp_path / "gold" / "two.json").write_text(json.dumps(odd), encoding="utf-8")
    code, out, err = run("gold")
    assert code == 2 and "odd: " in err and "| 1 article pair " in out


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere", "nowhere: no such file or folder"),
        (
            "empty",
            "empty: holds no .json file with a labelled pair of articles and no .jsonl file with claims",
        ),
        ("empty/bad.json", "empty/bad.json: is no JSON"),
        ("empty/list.json", "empty/list.json: is no labelled pair of articles (no object)"),
        ("empty/none.jsonl", "empty/none.jsonl: holds no claim"),
        ("empty/flag.jsonl", "empty/flag.jsonl:1: supported: must be a list of claims"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, run: Run, name: str, told: str) -> None:
    (tmp_path / "empty").mkdir()
    written = {"empty/bad.json": "{", "empty/list.json": "[1]", "empty/none.jsonl": "\n"}
    written["empty/flag.jsonl"] = json.dumps({"source": OLD[2], "claim": NEW[2], "supported": True})
    if name in written:
        (tmp_path / name).write_text(written[name], encoding="utf-8")
    code, out, err = run(name)
    assert (code, out) == (2, "") and err.startswith(f"claimdiff: error: {told}")


def test_a_verifier_that_cannot_be_used(tmp_path: Path, run: Run) -> None:
    write(tmp_path / "gold")

    def refuses(own: Question) -> Answer:
        raise VerifierError("the endpoint refuses the key")

    assert run("gold", *ASKING, says=refuses) == (2, "", "claimdiff: error: the endpoint refuses the key\n")


def test_the_verifier_alone() -> None:
    made = compare("\n\n".join(OLD), "\n\n".join(NEW))
    said = [knows(own) for own in (Question(s.id, s.text, ()) for s in made.derivative.statements)]
    got = alone(made, said, "v")
    assert [own.status for own in got.derivative.statements] == [
        own.status for own in made.derivative.statements
    ]
    assert {own.rule for own in got.findings if own.derivative} == {
        "verifier-distortion",
        "verifier-addition",
    }
    silent = alone(made, [], "v")
    assert Status.ADDED not in {own.status for own in silent.derivative.statements}
    assert all(own.derivative is None for own in silent.findings)

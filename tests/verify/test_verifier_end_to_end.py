"""Commands with a verifier behind a real address on this computer, in this process and in others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from loopback import Endpoint, Said, changed, failing, honest, serve

from claimdiff.cli import main
from claimdiff.verify.spec import opened

SOURCE = """Ferry line adds two boats

The Sundal line will add two boats in May, its director Ola Brekke said on Monday.

The ferries are used by 900 people a day.
"""
DERIVATIVE = """Ferry line adds two boats

The Sundal line will add two boats in May, said its director, Ola Brekke, on Monday.

Every day the ferries are used by 900 commuters.
"""
KEY = "sk-a-secret-of-the-house"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("httpx")
    opened.cache_clear()
    (tmp_path / "source.txt").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "derivative.txt").write_text(DERIVATIVE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("CLAIMDIFF_VERIFIER_KEY", KEY)
    return tmp_path


def asking(endpoint: Endpoint) -> tuple[str, ...]:
    return ("--verifier", "llm:word-reader", "--verifier-url", endpoint.url)


BOTH = ("source.txt", "derivative.txt")
CHECK = ("check", "derivative.txt", "--source", "source.txt")


def test_compare_asks_once_and_keeps_the_answers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve(honest) as endpoint:
        texts = []
        for _ in range(2):
            assert main(["compare", *BOTH, "--format", "json", *asking(endpoint)]) == 0
            texts.append(capsys.readouterr().out)
        assert texts[0] == texts[1]
        assert len(endpoint.asked) == 1
        assert endpoint.asked[0].headers["Authorization"] == f"Bearer {KEY}"
        assert (
            main(["check", "derivative.txt", "--source", "source.txt", "--no-cache", *asking(endpoint)]) == 0
        )
        assert len(endpoint.asked) == 2
    data: dict[str, Any] = json.loads(texts[0])
    assert data["tool"]["verifier"].startswith("llm:word-reader ")
    assert data["verification"] == {"asked": 2, "judged": 2, "unjudged": []}
    (own,) = [own for own in data["findings"] if own["rule"] == "verifier-distortion"]
    text = data["derivative"]["text"]
    assert text[own["derivative"]["start"] : own["derivative"]["end"]] in ("Every", "commuters")
    assert KEY not in texts[0] and endpoint.url not in texts[0] and "127.0.0.1" not in texts[0]


@pytest.mark.parametrize("command", [("compare", *BOTH), ("verify-bench", "claims.jsonl")])
def test_no_cache_asks_again_and_keeps_nothing(folder: Path, command: tuple[str, ...]) -> None:
    row = {"source": SOURCE, "claim": "Every day the ferries are used by 900 commuters.", "label": "entity"}
    (folder / "claims.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with serve(honest) as endpoint:
        for _ in range(2):
            assert main([*command, "--no-cache", *asking(endpoint)]) == 0
        assert len(endpoint.asked) == 2
    assert not list(folder.rglob("answers.sqlite*"))


def test_only_what_the_page_says_is_sent(folder: Path) -> None:
    (folder / "source.txt").write_text(SOURCE + "\n\nSign up for our newsletter\n", encoding="utf-8")
    with serve(honest) as endpoint:
        assert main(["compare", *BOTH, *asking(endpoint)]) == 0
        sent = b"".join(own.body for own in endpoint.asked).decode()
    assert "ferries are used by 900 people" in sent
    for word in ("newsletter", "derivative.txt", "source.txt", str(folder), KEY):
        assert word not in sent


def test_a_gate_fails_closed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "claimdiff.toml").write_text("require-verifier = true\n", encoding="utf-8")
    broken = changed(lambda answer: {**answer, "probability": 7})
    with serve(broken) as endpoint:
        assert main([*CHECK, *asking(endpoint)]) == 1
        out = " ".join(capsys.readouterr().out.split())
        assert "2 statements were not judged by the verifier (require-verifier = true" in out
        endpoint.model = honest
        assert main([*CHECK, *asking(endpoint)]) == 0  # nothing of before was kept


def test_a_key_that_is_refused_ends_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve(lambda asked: failing(401)) as endpoint:
        assert main([*CHECK, *asking(endpoint)]) == 2
    assert "claimdiff: error: " in capsys.readouterr().err


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_batch_asks_from_its_processes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = [
        {"id": f"p{n}", "source": SOURCE, "derivative": DERIVATIVE.replace("900", f"{900 + n}")}
        for n in range(3)
    ]
    (folder / "pairs.jsonl").write_text("\n".join(map(json.dumps, table)), encoding="utf-8")
    args = ["batch", "pairs.jsonl", "-o", "out", "--processes", "2", "--reports", "0"]
    with serve(honest) as endpoint:
        assert main([*args, *asking(endpoint)]) == 0, capsys.readouterr().err
        asked = len(endpoint.asked)
        assert asked
        assert main([*args, *asking(endpoint)]) == 0  # nothing is left to do
        assert len(endpoint.asked) == asked
        assert main(args) == 2  # that is another run
        assert "holds a run with other verifier" in capsys.readouterr().err
    found = rows(folder / "out" / "findings-00000.jsonl")
    assert "verifier-distortion" in {own["rule"] for own in found}
    (verifier,) = [json.loads((folder / "out" / "manifest.json").read_bytes())["verifier"]]
    assert verifier[0].startswith("llm:word-reader ")
    everything = b"".join(path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file())
    assert KEY.encode() not in everything and b"127.0.0.1" not in everything


def test_batch_ends_where_the_verifier_does(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = [
        {"id": f"p{n}", "source": SOURCE, "derivative": DERIVATIVE.replace("900", f"{900 + n}")}
        for n in range(4)
    ]
    (folder / "pairs.jsonl").write_text("\n".join(map(json.dumps, table)), encoding="utf-8")
    args = [
        "batch",
        "pairs.jsonl",
        "-o",
        "out",
        "--processes",
        "1",
        "--reports",
        "0",
        "--partition-size",
        "1",
    ]

    def refusing(asked: Any) -> Said:
        return honest(asked) if asked.number < 2 else failing(401)

    with serve(refusing) as endpoint:
        assert main([*args, *asking(endpoint)]) == 2
        assert "verifier" in (err := capsys.readouterr().err) and KEY not in err, err
        done = len(list((folder / "out").glob("comparisons-*.jsonl")))
        assert done < 4
        endpoint.model = honest
        assert main([*args, *asking(endpoint)]) == 0
    made = [row for path in sorted((folder / "out").glob("comparisons-*.jsonl")) for row in rows(path)]
    assert [row["outcome"] for row in made] and "error" not in {row["outcome"] for row in made}


def test_batch_blocks_what_was_not_judged_where_that_is_required(folder: Path) -> None:
    (folder / "claimdiff.toml").write_text("require-verifier = true\n", encoding="utf-8")
    row = {"id": "p", "source": SOURCE, "derivative": DERIVATIVE}
    (folder / "pairs.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with serve(changed(lambda answer: {**answer, "probability": -1})) as end:
        main(["batch", "pairs.jsonl", "-o", "other", "--processes", "1", "--reports", "0", *asking(end)])
    (made,) = rows(folder / "other" / "comparisons-00000.jsonl")
    assert made["outcome"] == "block"
    assert made["failures"][0].startswith("2 statements were not judged by the verifier")
    assert made["warnings"]
    told = "Not judged whole by the verifier: 1 pair; their rows say why."
    for name in ("summary.md", "summary.html"):
        assert told in (folder / "other" / name).read_text(encoding="utf-8")
    assert json.loads((folder / "other" / "summary.json").read_bytes())["verifier_gaps"] == 1

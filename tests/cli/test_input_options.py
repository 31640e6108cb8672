"""How the command is told what the texts are, and what it says of the reading."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimdiff import read
from claimdiff.cli import options

Run = Callable[..., Any]
BODY = (
    "<h1>Ferry line adds two boats</h1><p>The Sundal line will add two boats in May, its director "
    "<b>Ola Brekke</b> said on Monday.</p><p>Fares rose 12&nbsp;percent last year.</p>"
)
GERMAN = (
    "Der Stadtrat hat am Montag beschlossen, die alte Brücke über den Fluss für neun Monate zu sperren. Die "
    "Arbeiten werden nach Angaben der Verwaltung rund 14 Millionen Euro kosten und sind nicht einfach.\n"
)


def test_the_options_know_what_the_readers_know() -> None:
    assert options.FORMS == read.FORMS
    assert options.MAX_BYTES == read.MAX_BYTES


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rewrite.html", BODY),
        ("rewrite.json", json.dumps({"headline": "Ferry line adds two boats", "body_html": BODY})),
        ("rewrite.xml", f"<nitf><body.content>{BODY.replace('&nbsp;', ' ')}</body.content></nitf>"),
        (
            "rewrite.rss",
            f"<rss><item><title>Ferry</title><description><![CDATA[{BODY}]]></description></item></rss>",
        ),
    ],
)
def test_a_form_is_told_by_name_and_content(run: Run, files: Path, name: str, text: str) -> None:
    (files / name).write_text(text, encoding="utf-8")
    data = json.loads(run("compare", "source.txt", name, "--format", "json").out)
    assert data["derivative"]["text"] == text
    assert not [own for own in data["findings"] if own["kind"] != "omission"]
    last = data["derivative"]["statements"][-1]
    assert text[last["start"] : last["end"]].startswith("Fares rose 12")


def test_input_format_overrides(run: Run, files: Path) -> None:
    (files / "odd.txt").write_text(BODY, encoding="utf-8")
    shown = json.loads(run("compare", "odd.txt", "odd.txt", "--input-format", "html", "--format", "json").out)
    assert len(shown["derivative"]["statements"]) == 3
    code, _, err = run("compare", "source.txt", "derivative.txt", "--input-format", "nitf")
    assert (code, "is no well-formed XML" in err) == (2, True)


def test_standard_input_is_told_by_its_content(
    run: Run, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Piped:
        buffer = io.BytesIO(json.dumps({"headline": "Ferry", "body_html": BODY}).encode())

    monkeypatch.setattr(sys, "stdin", Piped)
    data = json.loads(run("compare", "source.txt", "-", "--format", "json").out)
    assert ["headline", "Ferry"] in data["derivative"]["metadata"]


def test_max_bytes(run: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = run("compare", "source.txt", "derivative.txt", "--max-bytes", "100")
    assert (code, out) == (2, "")
    assert "bytes, the limit is 100; pass one article only, or set --max-bytes" in err

    class Piped:
        buffer = io.BytesIO(b"word " * 100)

    monkeypatch.setattr(sys, "stdin", Piped)
    (files / "short.txt").write_text("A word.", encoding="utf-8")
    code, _, err = run("compare", "short.txt", "-", "--max-bytes", "100")
    assert (code, "standard input: has more than 100 bytes" in err) == (2, True)


def test_another_language(run: Run, files: Path) -> None:
    (files / "de.txt").write_text(GERMAN, encoding="utf-8")
    code, out, err = run("compare", "de.txt", "de.txt")
    assert (code, out) == (3, "")
    assert err == (
        "claimdiff: error: not comparable: de.txt looks like German; --lang en compares it anyway\n"
    )
    assert run("compare", "de.txt", "de.txt", "--lang", "en").code == 0


@pytest.mark.parametrize(("newline", "line"), [("\n", 5), ("\r\n", 5), ("\r", 5)])
def test_line_numbers(run: Run, files: Path, newline: str, line: int) -> None:
    text = (files / "derivative.txt").read_text(encoding="utf-8")
    (files / "other.txt").write_bytes(text.replace("\n", newline).encode())
    out = run("compare", "source.txt", "other.txt").out
    assert f"derivative:{line} " in out


def test_a_report_takes_every_form(run: Run, files: Path) -> None:
    place = files / "pairs" / "ferry"
    place.mkdir(parents=True)
    (place / "source.html").write_text(BODY, encoding="utf-8")
    (place / "derivative.json").write_text(
        json.dumps({"headline": "Ferry", "body_html": BODY}), encoding="utf-8"
    )
    code, _, err = run("report", "pairs", "-o", "reports")
    assert (code, "wrote 1 of 1 reports" in err) == (0, True)


# --- --boilerplate ----------------------------------------------------------------------------------

STORY = "The port will close in June, officials said.\n\nSome 140 workers will move.\n"


def test_a_house_has_lines_of_its_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "derivative.txt").write_text(
        f"{STORY}\nHarbour Desk, where the tide is read\n", encoding="utf-8"
    )
    (tmp_path / "house.toml").write_text('beginnings = ["harbour desk"]\n', encoding="utf-8")
    texts = [str(tmp_path / "source.txt"), str(tmp_path / "derivative.txt"), "--format", "json"]
    assert len(json.loads(run("compare", *texts).out)["findings"]) == 1
    with_house = run("compare", *texts, "--boilerplate", str(tmp_path / "house.toml"))
    assert json.loads(with_house.out)["findings"] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('begins = ["harbour desk"]', "no such list as begins; there are lines, beginnings, endings"),
        ('lines = "harbour desk"', "lines is no list of phrases"),
        ("lines = [", "cannot be read"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_bad_house_file_is_named(run: Run, tmp_path: Path, content: str | None, says: str) -> None:
    (tmp_path / "source.txt").write_text(STORY, encoding="utf-8")
    house = tmp_path / "house.toml"
    if content is not None:
        house.write_text(content, encoding="utf-8")
    text = str(tmp_path / "source.txt")
    done = run("compare", text, text, "--boilerplate", str(house))
    assert done.code == 2
    assert says in done.err
    assert str(house) in done.err

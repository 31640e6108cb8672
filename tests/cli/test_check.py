"""`claimdiff check`: which sources, which code, and what is said where."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from claimdiff import store
from claimdiff.render import FORMATS
from claimdiff.render.several import JOINABLE

Run = Callable[..., Any]
SOURCE = """Orchard scheme grows

The council of Elmstead will plant 400 apple trees by 2031, its head gardener Tove Lind said on Monday.

Residents were not asked about the plan. The trees come from a nursery in Vik.
"""
BENT = SOURCE.replace("400 apple", "600 apple")
FOREIGN = """Der Rat von Ulmstadt will bis zum Sommer viele Bäume pflanzen, sagte die Gärtnerin am Montag.

Die Bewohner wurden nicht gefragt, und die Bäume kommen aus einer Schule für Gehölze im Süden des Landes.
"""


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One cache for all, so that each pair is worked out once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAIMDIFF_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with wire/story.md, good.md and bad.md, which is the current one."""
    write(tmp_path, "wire/story.md", SOURCE)
    write(tmp_path, "good.md", SOURCE)
    write(tmp_path, "bad.md", BENT)
    write(tmp_path, "foreign.md", FOREIGN)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def matter(lines: str, text: str = BENT) -> str:
    return f"---\n{lines}\n---\n\n{text}"


STORY = ("--source", "wire/story.md")

# --- codes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("good.md", *STORY), 0),
        (("bad.md", *STORY), 1),
        (("foreign.md", *STORY), 3),
        (("absent.md", *STORY), 2),
        (("good.md", "--source", "absent.md"), 2),
        (("good.md",), 2),
        (("good.md", "bad.md", *STORY), 1),
        (("good.md", "foreign.md", "bad.md", *STORY), 3),
        (("good.md", "foreign.md", "bad.md", "absent.md", *STORY), 2),
        (("absent.md", "good.md", *STORY), 2),
        (("bad.md", *STORY, "--exit-zero"), 0),
        (("foreign.md", "bad.md", *STORY, "--exit-zero"), 3),
        (("absent.md", "bad.md", *STORY, "--exit-zero"), 2),
        (("bad.md", *STORY, "--fail-on", "none"), 0),
        (("bad.md", *STORY, "--fail-confidence", "1"), 0),
        (("bad.md", *STORY, "--ignore", "number"), 0),
        (("bad.md", *STORY, "--ignore", "number-changed", "--ignore", "omission"), 0),
        (("bad.md", *STORY, "--select", "quote"), 0),
        (("bad.md", *STORY, "--profile", "strict"), 1),
        (("bad.md", *STORY, "--max-bytes", "20"), 2),
        (("bad.md", *STORY, "--profile", "strickt"), 2),
        (("bad.md", *STORY, "--fail-on", "grave"), 2),
        (("bad.md", *STORY, "--fail-confidence", "1.5"), 2),
        (("bad.md", *STORY, "--fail-confidence", "nan"), 2),
        (("bad.md", *STORY, "--max-bytes", "0"), 2),
        (("bad.md", *STORY, "--select", "nubmer"), 2),
        (("bad.md", *STORY, "--ignore", " "), 2),
        (("bad.md", *STORY, "--today", "yesterday"), 2),
        (("bad.md", *STORY, "--today", "2026-02-30"), 2),
        (("bad.md", *STORY, "--config", "absent.toml"), 2),
        (("bad.md", *STORY, "--config", "wire"), 2),
        (("bad.md", *STORY, "--config", "bad.md", "--no-config"), 2),
        (("bad.md", *STORY, "--waivers", "absent.toml"), 2),
        (("bad.md", *STORY, "--baseline", "absent.toml"), 2),
        (("bad.md", *STORY, "--encoding", "utf-99"), 2),
        (("bad.md", *STORY, "--input-format", "nonsense"), 2),
        (("--source", "wire/story.md"), 2),
        ((), 2),
        (("wire", *STORY), 2),
        (("wire/story.md", *STORY), 2),  # its own source
        (("good.md", *STORY, "--source", "./good.md"), 2),
    ],
)
def test_codes(run: Run, here: Path, args: tuple[str, ...], code: int) -> None:
    done = run("check", *args)
    assert done.code == code
    assert bool(done.err) is (code in (2, 3))
    assert "Traceback" not in done.err and "internal error" not in done.err


def test_all_are_judged_and_a_table_ends_the_run(run: Run, here: Path) -> None:
    names = ("absent.md", "foreign.md", "bad.md", "good.md")
    code, out, err = run("check", *names, *STORY)
    assert code == 2
    table = out[out.index("\nverdict") :].split("\n")
    assert [line.split("  ")[0].strip() for line in table[2:6]] == [
        "not judged",
        "not comparable",
        "blocked",
        "passes",
    ]
    assert [line.split()[-1] for line in table[2:6]] == list(names)
    assert table[4].split()[1:5] == ["1", "0", "0", "0.17"]
    assert table[6:] == ["1 of 4 pass", ""]
    assert err.count("claimdiff: error:") == 2
    assert "absent.md: no such file" in err
    assert "foreign.md" in err


def test_one_text_ends_without_a_table(run: Run, here: Path) -> None:
    assert "verdict  " not in run("check", "good.md", *STORY).out


def test_the_verdict_names_what_failed_and_the_rule_of_the_policy(run: Run, here: Path) -> None:
    write(here, "claimdiff.toml", 'profile = "summary"\n\nmax-drift = 0.1\n')
    out = run("check", "bad.md", *STORY).out
    first = " ".join(out[: out.index("bad.md against")].split())
    assert first.startswith('Blocked: 1 major finding (fail-on = "major", profile summary)')
    assert "max-drift = 0.1, claimdiff.toml:3" in first


# --- which source -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "code", "says"),
    [
        ("source: wire/story.md", 1, ""),
        ("source: ./wire/../wire/story.md", 1, ""),
        ('source: "wire/story.md"  # the wire', 1, ""),
        ("sources:\n  - wire/story.md\n  - good.md", 1, ""),
        ("sources: [wire/story.md, 'good.md']", 1, ""),
        ("isBasedOn: wire/story.md", 1, ""),
        ("title: Orchard\nsource: wire/story.md\nisBasedOn: https://example.org/x", 1, ""),
        ("source: https://example.org/x\nsources: [wire/story.md]", 1, ""),
        ("source: absent.md", 2, "absent.md: no such file"),
        ("source: text.md", 2, "text.md: is named as its own source"),
        ("sources: [wire/story.md, text.md]", 2, "text.md: is named as its own source"),
        ("source: ./wire", 2, "wire: is a folder"),
        ("source: Reuters", 2, "it names Reuters"),
        ("source:", 2, "no source is known"),
        ("source: ''", 2, "no source is known"),
        ("isBasedOn: https://example.org/story", 2, "example.org/story, and claimdiff opens no address"),
        ("Source: wire/story.md", 2, "no source is known"),
        ("title: Orchard", 2, "name one with --source"),
        ("source: -", 2, "it names -"),
    ],
)  # fmt: skip
def test_front_matter(run: Run, here: Path, lines: str, code: int, says: str) -> None:
    write(here, "text.md", matter(lines))
    done = run("check", "text.md")
    assert done.code == code
    assert says in done.err


def test_front_matter_is_toml_too(run: Run, here: Path) -> None:
    write(here, "text.md", '+++\nsource = ["wire/story.md"]\n+++\n\n' + BENT)
    assert run("check", "text.md").code == 1


def test_a_page_names_its_source_too(run: Run, here: Path) -> None:
    write(here, "claimdiff.toml", "[[pairs]]\nderivative = '*.html'\nsource = 'wire/story.md'\n")
    page = "".join(f"<p>{line}</p>" for line in BENT.split("\n") if line)
    write(here, "page.html", f"<html><body><article>{page}</article></body></html>")
    pytest.importorskip("trafilatura")
    assert run("check", "page.html").code == 1


def test_a_path_is_seen_from_the_file(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, "desk/rewrites/text.md", matter("source: ../wire/story.md"))
    assert run("check", "desk/rewrites/text.md").code == 2
    write(here, "desk/wire/story.md", SOURCE)
    assert run("check", "desk/rewrites/text.md").code == 1
    monkeypatch.chdir(here / "wire")
    assert run("check", "../desk/rewrites/text.md").code == 1
    assert run("check", str(here / "desk/rewrites/text.md")).code == 1


CONFIG = """[[pairs]]
derivative = "{slug}.md"
source = "wire/{slug}.md"
"""


def test_the_order_of_sources(run: Run, here: Path) -> None:
    """--source, then front matter, then [[pairs]]; who says 600 trees makes the text pass."""
    write(here, "claimdiff.toml", CONFIG)
    write(here, "other.md", BENT)
    write(here, "text.md", BENT)
    write(here, "wire/text.md", SOURCE)
    assert run("check", "text.md").code == 1
    write(here, "text.md", matter("source: other.md"))
    assert run("check", "text.md").code == 0
    assert run("check", "text.md", *STORY).code == 1
    write(here, "text.md", matter("isBasedOn: https://example.org/x"))
    assert run("check", "text.md").code == 1


def test_without_arguments_all_pairs_are_checked(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run("check")
    assert (code, out) == (2, "")
    assert "name a derivative, or say by [[pairs]] which texts to check; there is no claimdiff.toml" in err
    write(
        here,
        "claimdiff.toml",
        "[[pairs]]\nderivative = './rewrites/**/{slug}.md'\nsource = 'wire/{slug}.md'\n",
    )
    assert "claimdiff.toml" in run("check").err
    write(here, "rewrites/a/story.md", BENT)
    write(here, "rewrites/story.md", SOURCE)
    code, out, err = run("check")
    assert (code, err) == (1, "")
    assert [line.split()[-1] for line in out.split("\n")[-4:-2]] == [
        "rewrites/a/story.md",
        "rewrites/story.md",
    ]
    monkeypatch.chdir(here / "rewrites")  # the configuration is found upward
    assert run("check").code == 1
    write(here, "rewrites/other.md", SOURCE)
    assert run("check").code == 2  # its source is missing


def test_a_pair_whose_sources_are_missing(run: Run, here: Path) -> None:
    write(here, "claimdiff.toml", CONFIG.replace("wire/{slug}", "wire/{slug}-*"))
    code, _, err = run("check", "good.md")
    assert code == 2
    assert "good.md: no source is like wire/good-*.md (claimdiff.toml:1)" in err


def test_unpaired(run: Run, here: Path) -> None:
    write(here, "text.md", matter("source: wire/story.md", SOURCE))
    code, out, err = run("check", "good.md", "text.md")
    assert code == 2
    assert "not judged" in out
    code, out, err = run("check", "good.md", "text.md", "--allow-unpaired")
    assert (code, err) == (0, "good.md: no source is known; passed over\n")
    assert "passed over" in out
    assert "1 of 2 pass" in out
    assert run("check", "good.md", "--allow-unpaired").code == 0
    assert run("check", "absent.md", "--allow-unpaired").code == 2
    write(here, "text.md", matter("source: absent.md"))
    assert run("check", "text.md", "--allow-unpaired").code == 2


# --- --pairs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("p.jsonl", '{"derivative": "bad.md", "source": "wire/story.md"}\n', 1),
        ("p.jsonl", '\ufeff{"derivative": "bad.md", "sources": ["wire/story.md", "good.md"]}\r\n\r\n', 1),
        (
            "p.jsonl",
            '{"derivative": "bad.md", "source": "wire/story.md"}\n\n{"derivative": "x", "source": "y"}',
            2,
        ),
        ("p.jsonl", '{"derivative": "good.md", "source": ["wire/story.md"], "title": "a\u2028b"}', 0),
        ("p.json", '{"derivative": "good.md", "source": "wire/story.md"}', 0),
        ("p.toml", '[[pairs]]\nderivative = "bad.md"\nsource = "wire/story.md"', 1),
        ("p.toml", '\ufeff[[pairs]]\nderivative = "good.md"\nsources = ["wire/story.md"]', 0),
        ("desk/p.jsonl", '{"derivative": "../bad.md", "source": "../wire/story.md"}', 1),
    ],
)
def test_listed_pairs(run: Run, here: Path, name: str, text: str, code: int) -> None:
    write(here, name, text)
    assert run("check", "--pairs", name).code == code


GOOD_ROW = '{"derivative": "good.md", "source": "wire/story.md"}\n'


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("p.jsonl", GOOD_ROW + "{", "p.jsonl:2: is no JSON"),
        ("p.jsonl", "\n\n" + "[" * 100_000, "p.jsonl:3: is no JSON"),
        ("p.jsonl", GOOD_ROW + "[]", "p.jsonl:2: is no pair"),
        ("p.jsonl", GOOD_ROW + '{"derivative": "a"}', "p.jsonl:2: needs derivative"),
        ("p.jsonl", '{"derivative": "a", "source": []}', "p.jsonl:1: needs derivative"),
        ("p.jsonl", '{"derivative": "a", "source": [""]}', "p.jsonl:1: needs derivative"),
        ("p.jsonl", '{"derivative": "a", "source": 3}', "p.jsonl:1: needs derivative"),
        ("p.jsonl", '{"derivative": "", "source": "b"}', "p.jsonl:1: needs derivative"),
        ("p.jsonl", '{"derivative": ["a"], "source": "b"}', "p.jsonl:1: needs derivative"),
        ("p.jsonl", '{"derivative": "a", "source": "b", "sources": "c"}', "p.jsonl:1: needs derivative"),
        ("p.jsonl", "", "p.jsonl: holds no pair"),
        ("p.jsonl", "\n \n", "p.jsonl: holds no pair"),
        ("p.toml", "", "p.toml: must hold [[pairs]] alone"),
        ("p.toml", "pairs = []", "p.toml: holds no pair"),
        ("p.toml", "[[pairs]]\nderivative = 'a'\n\n[[pairs]]\nsource = 'b'", "p.toml:1: needs derivative"),
        ("p.toml", "[[pairs]]\nderivative = 'a'\nsource = 'b'\n\n[[pairs]]\nsource = 'b'", "p.toml:5: needs"),
        ("p.toml", "lang = 'en'\n[[pairs]]\nderivative = 'a'\nsource = 'b'", "must hold [[pairs]] alone"),
        ("p.toml", "[[pairs", "p.toml: is no TOML"),
        ("p.toml", "pairs = 3", "p.toml: must hold [[pairs]] alone"),
    ],
)  # fmt: skip
def test_listed_pairs_that_are_broken(run: Run, here: Path, name: str, text: str, says: str) -> None:
    write(here, name, text)
    code, out, err = run("check", "--pairs", name)
    assert (code, out) == (2, "")
    assert says in err
    assert "internal error" not in err


def test_pairs_stand_alone(run: Run, here: Path) -> None:
    write(here, "p.jsonl", GOOD_ROW)
    for args in (("good.md",), STORY):
        code, _, err = run("check", "--pairs", "p.jsonl", *args)
        assert code == 2
        assert "--pairs names all texts; give it alone." in err
    assert run("check", "--pairs", "absent.jsonl").code == 2
    (here / "bytes.jsonl").write_bytes(b"\xff\xfe")
    assert "bytes.jsonl: cannot be read" in run("check", "--pairs", "bytes.jsonl").err


# --- standard input ---------------------------------------------------------------------------------


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def piping(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", type("Piped", (), {"buffer": io.BytesIO(text.encode())})())

    return piping


def test_standard_input(run: Run, here: Path, piped: Callable[[str], None]) -> None:
    piped(BENT)
    done = run("check", "-", *STORY)
    assert done.code == 1
    assert "standard input against wire/story.md" in " ".join(done.out.split())
    piped(SOURCE)
    assert run("check", "-", *STORY).code == 0
    piped(SOURCE)
    assert run("check", "bad.md", "--source", "-").code == 1
    piped("")
    assert run("check", "-", *STORY).code == 3
    piped(matter("source: wire/story.md"))
    assert run("check", "-").code == 1
    piped(BENT)
    code, _, err = run("check", "-", *STORY, "--max-bytes", "100")
    assert code == 2
    assert "limit" in err


def test_standard_input_is_read_once(run: Run, here: Path, piped: Callable[[str], None]) -> None:
    piped(SOURCE)
    assert run("check", "-", "--source", "-").code == 2
    assert "- as a source can be read once only" in run("check", "good.md", "bad.md", "--source", "-").err


def test_closed_standard_input(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run("check", "-", *STORY).code == 3


def test_standard_input_is_waived_and_explained_by_its_name(
    run: Run, here: Path, piped: Callable[[str], None]
) -> None:
    write(here, "claimdiff.toml", "[[overrides]]\npaths = 'standard input'\nmax-drift = 0.9\n")
    piped(BENT)
    out = run("check", "-", *STORY, "--explain-verdict").out
    assert "max-drift = 0.9 (claimdiff.toml:3): holds" in out
    piped(BENT)
    id = json.loads(run("check", "-", *STORY, "--format", "json").out)["findings"][0]["id"]
    piped(BENT)
    assert run("waive", id, "-", *STORY, "--reason", "agreed").code == 0
    piped(BENT)
    assert run("check", "-", *STORY).code == 0


# --- reports ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written(run: Run, here: Path, form: str) -> None:
    code, out, err = run("check", "bad.md", *STORY, "-o", f"{form}=out/x", "--format", form)
    assert code == 2
    assert "there is no folder out; make it first" in err
    code, out, err = run("check", "bad.md", *STORY, "-o", f"{form}=report", "--format", form)
    assert (code, err) == (1, "wrote report\n")
    assert (here / "report").read_text(encoding="utf-8") == out
    assert (
        run("check", "bad.md", "good.md", *STORY, "-o", f"{form}={{name}}.x", "--format", "github", "-q").code
        == 1
    )
    assert (here / "bad.md.x").read_text(encoding="utf-8").strip()
    assert (here / "good.md.x").exists()
    if form in JOINABLE:
        assert run("check", "bad.md", "good.md", *STORY, "-o", f"{form}=all", "-q").code == 1
        assert (here / "all").read_text(encoding="utf-8").strip()


def test_several_reports_at_once(run: Run, here: Path) -> None:
    code, _, err = run(
        "check", "bad.md", "good.md", *STORY, "-o", "a.json", "-o", "b.xml", "-o", "c.md", "-o", "d.sarif",
        "-o", "markdown-summary=e.txt", "-o", "{name}.html",
    )  # fmt: skip
    assert code == 1
    assert err.splitlines() == [
        *(f"wrote {name}" for name in ("a.json", "b.xml", "c.md", "d.sarif", "e.txt")),
        "wrote 2 reports, {name}.html",
    ]
    outcomes = [row["verdict"]["outcome"] for row in json.loads((here / "a.json").read_text())]
    assert outcomes == ["block", "pass"]
    assert ElementTree.fromstring((here / "b.xml").read_text()).tag == "testsuites"
    assert (here / "bad.md.html").read_text().startswith("<!")
    assert json.loads((here / "d.sarif").read_text())["version"] == "2.1.0"


def test_data_and_talk_are_apart(run: Run, here: Path) -> None:
    code, out, err = run("check", "bad.md", "good.md", *STORY, "--format", "json", "--explain-verdict")
    assert code == 1
    assert len(json.loads(out)) == 2
    assert "\nbad.md: block\n" in err
    assert "1 of 2 pass" in err
    code, out, err = run("check", "bad.md", "good.md", *STORY, "--format", "json", "-q")
    assert (code, err) == (1, "")
    assert len(json.loads(out)) == 2
    code, out, err = run("check", "bad.md", "good.md", *STORY, "-q")
    assert (code, err) == (1, "")
    assert "1 of 2 pass" in out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("good.md", "bad.md", "--format", "html"), "html holds one pair, not 2"),
        (("good.md", "bad.md", "-o", "x.html"), "html holds one pair, not 2"),
        (("good.md", "-o", "good.md"), "good.md is one of the texts"),
        (("good.md", "-o", "text=./wire/story.md"), "wire/story.md is one of the texts"),
        (("good.md", "bad.md", "-o", "markdown={name}"), "is one of the texts"),
        (("good.md", "-o", "a.json", "-o", "a.json"), "two reports would go to a.json"),
        (("good.md", "-o", "a.json", "-o", "text=./wire/../a.json"), "two reports would go to"),
        (("wire/a.md", "wire-a.md", "-o", "{name}.json"), "two reports would go to wire-a.md.json"),
        (("good.md", "-o", "report"), "does not say its format; write FORMAT=FILE"),
        (("good.md", "-o", "report.pdf"), "does not say its format"),
        (("good.md", "-o", "json="), "names no file"),
        (("good.md", "-o", "json=-"), "what goes to standard output is said by --format"),
        (("good.md", "-o", "-"), "what goes to standard output is said by --format"),
    ],
)
def test_what_is_refused_before_anything_is_judged(
    run: Run, here: Path, args: tuple[str, ...], says: str
) -> None:
    write(here, "wire/a.md", BENT)
    write(here, "wire-a.md", BENT)
    before = {path: path.read_bytes() for path in here.rglob("*.*") if path.is_file()}
    code, out, err = run("check", *args, *STORY)
    assert (code, out) == (2, "")
    assert says in err
    assert {path: path.read_bytes() for path in here.rglob("*.*") if path.is_file()} == before


@pytest.mark.parametrize("target", ["text=wire/story.md", "text=wire/../wire/story.md", "text=wire/{name}"])
def test_a_source_that_is_found_later_is_not_written_over(run: Run, here: Path, target: str) -> None:
    write(here, "story.md", BENT)
    write(here, "claimdiff.toml", CONFIG)
    code, out, err = run("check", "story.md", "-o", target)
    assert code == 2
    assert "story.md: is one of the texts; no report is written over it" in err
    assert (here / "wire/story.md").read_text(encoding="utf-8") == SOURCE
    assert "Blocked" in out


@pytest.mark.parametrize(("name", "code"), [("foreign.md", 3), ("absent.md", 2)])
@pytest.mark.parametrize("target", ["a.json", "a.html", "a.csv", "{name}.xml"])
def test_a_report_on_nothing(run: Run, here: Path, name: str, code: int, target: str) -> None:
    done = run("check", name, *STORY, "-o", target, "-o", "b.md")
    assert (done.code, done.out) == (code, "")
    assert (here / "b.md").read_text(encoding="utf-8").startswith("## Not judged\n")
    assert f"{target}: not written, since nothing was judged" in done.err
    assert "internal error" not in done.err
    assert not (here / target).exists()


def test_a_report_that_cannot_be_written_stops_no_other(run: Run, here: Path) -> None:
    code, out, err = run("check", "good.md", *STORY, "-o", "absent/a.json", "-o", "b.json", "-o", "text=wire")
    assert code == 2
    assert "there is no folder absent" in err
    assert "wire: is a folder" in err
    assert (here / "b.json").exists()
    assert out


def test_the_explanation_follows_the_overrides(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, "claimdiff.toml", "[[overrides]]\npaths = 'desk/*.md'\nmax-drift = 0.01\n")
    write(here, "desk/a.md", BENT)
    monkeypatch.chdir(here / "desk")
    code, out, _ = run("check", "a.md", "--source", "../wire/story.md", "--explain-verdict")
    assert code == 1
    assert "\ndesk/a.md: block\n" in out
    assert "max-drift = 0.01 (claimdiff.toml:3): stops the text, the drift is 0.17" in out


# --- the cache --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "html", "text", "sarif"])
@pytest.mark.parametrize("name", ["plain.md", "waived.md", "page.html", "matter.md"])
def test_the_cache_changes_nothing(
    run: Run, here: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch,
    form: str, name: str,
) -> None:  # fmt: skip
    if name == "page.html":
        pytest.importorskip("trafilatura")
    waived = BENT.replace("\nResidents", '\n<!-- claimdiff: ignore quote reason="agreed" -->\nResidents')
    page = "".join(f"<p>{line}</p>\n" for line in waived.split("\n") if line)
    write(here, "plain.md", BENT + "\n```\nnot prose, 3 lines\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    write(here, "waived.md", waived)
    write(here, "page.html", f"<html><body><article>{page}</article></body></html>")
    write(here, "matter.md", matter("title: Orchard\nsource: wire/story.md"))
    folder = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("CLAIMDIFF_CACHE_DIR", str(folder))
    monkeypatch.setattr("claimdiff.checking.unchanged", lambda: True)  # though somebody edits it just now
    args = ("check", name, *STORY, "--format", form, "--profile", "rewrite", "--explain-verdict")
    cold = run(*args)
    assert len([own for own in folder.rglob("*") if own.is_file()]) == 1
    warm = run(*args)
    none = run(*args, "--no-cache")
    assert cold == warm == none
    assert cold.code == 1
    for own in folder.rglob("*"):
        if own.is_file():
            own.write_bytes(b"\0" + own.read_bytes()[:-9])
    assert run(*args) == cold


def test_what_decides_is_not_cached(run: Run, here: Path) -> None:
    """Thresholds, waivers and dates are looked at each time; what the engine is asked is in the key."""
    assert run("check", "bad.md", *STORY).code == 1
    assert run("check", "bad.md", *STORY, "--fail-on", "none").code == 0
    assert run("check", "bad.md", *STORY).code == 1
    write(here, "claimdiff.toml", "[aliases]\n'Elmstead' = ['Ulmstadt']\n")
    write(here, "alias.md", SOURCE.replace("Elmstead", "Ulmstadt"))
    assert run("check", "alias.md", *STORY, "--no-config").out != run("check", "alias.md", *STORY).out


def test_stored_output_reads_back(run: Run, here: Path) -> None:
    out = run("check", "bad.md", *STORY, "--format", "json").out
    assert store.from_json(out).to_json() + "\n" == out

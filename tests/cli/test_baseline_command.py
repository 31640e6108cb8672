"""`claimdiff baseline`: what was there may stay, what is new may not."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
SOURCE = """Orchard scheme grows

The council of Elmstead will plant 400 apple trees by 2031, its head gardener Tove Lind said on Monday.

The trees come from a nursery in Vik. The work starts in May. Nobody has been hired so far.
"""
BENT = SOURCE.replace("400 apple", "600 apple")
WORSE = BENT.replace("in May", "in June")
CONFIG = "[[pairs]]\nderivative = 'desk/{slug}.md'\nsource = 'wire/{slug}.md'\n"
FILE = "claimdiff-baseline.toml"


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAIMDIFF_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder with a configuration and two pairs."""
    write(tmp_path, "claimdiff.toml", CONFIG)
    for name in ("a", "b"):
        write(tmp_path, f"wire/{name}.md", SOURCE)
        write(tmp_path, f"desk/{name}.md", BENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def rules(folder: Path) -> list[tuple[str, str]]:
    data = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    return [(own["derivative"], own["rule"]) for own in data.get("accepted", [])]


BOTH = [("desk/a.md", "number-changed"), ("desk/b.md", "number-changed")]


def test_from_the_first_to_the_last(run: Run, here: Path) -> None:
    assert run("check").code == 1
    code, out, err = run("baseline")
    assert (code, out) == (0, "")
    assert err.endswith(f"{FILE}: 0 kept, 0 taken out, 2 taken in\n")
    assert rules(here) == BOTH
    assert run("check").code == 0
    assert run("check", "desk/a.md").code == 0
    # again, and nothing changes
    before = (here / FILE).stat()
    code, _, err = run("baseline")
    assert code == 0
    assert "2 kept, 0 taken out, 0 taken in" in err
    assert (here / FILE).stat() == before
    # something new fails, and is not taken in
    write(here, "desk/a.md", WORSE)
    code, out, _ = run("check")
    assert code == 1
    assert "1 of 2 pass" in out
    text = (here / FILE).read_text(encoding="utf-8")
    code, _, err = run("baseline")
    assert code == 1
    assert "refused, since it is new: " in err
    assert "--accept-new" in err
    assert (here / FILE).read_text(encoding="utf-8") == text
    assert run("check").code == 1
    # unless it is told to
    code, _, err = run("baseline", "--accept-new")
    assert code == 0
    assert "2 kept, 0 taken out, 1 taken in" in err
    assert len(rules(here)) == 3
    assert run("check").code == 0
    # what is fixed is taken out, and does not come back
    write(here, "desk/a.md", SOURCE)
    code, out, _ = run("check")
    assert code == 0
    assert "run `claimdiff baseline` to take it out" in " ".join(out.split())
    code, _, err = run("baseline")
    assert code == 0
    assert "1 kept, 2 taken out, 0 taken in" in err
    assert rules(here) == BOTH[1:]
    write(here, "desk/a.md", BENT)
    assert run("check", "desk/a.md").code == 1
    assert run("baseline").code == 1


def test_what_is_fixed_goes_even_where_something_new_is_refused(run: Run, here: Path) -> None:
    run("baseline")
    write(here, "desk/a.md", SOURCE.replace("in May", "in June"))
    code, _, err = run("baseline")
    assert code == 1
    assert "1 kept, 1 taken out, 0 taken in" in err
    assert rules(here) == BOTH[1:]


def test_a_baseline_never_grows_by_another_text(run: Run, here: Path) -> None:
    assert run("baseline", "desk/a.md").code == 0
    assert rules(here) == BOTH[:1]
    assert run("check", "desk/b.md").code == 1
    assert run("baseline", "desk/b.md").code == 1
    assert rules(here) == BOTH[:1]
    assert run("baseline", "desk/b.md", "--accept-new").code == 0
    assert rules(here) == BOTH


def test_other_texts_keep_their_entries(run: Run, here: Path) -> None:
    run("baseline")
    write(here, "desk/a.md", SOURCE)
    write(here, "desk/b.md", SOURCE)
    assert run("baseline", "desk/a.md").code == 0
    assert rules(here) == BOTH[1:]


def test_an_empty_baseline_is_one(run: Run, here: Path) -> None:
    """A file that says that nothing is accepted must not become a first one later."""
    for name in ("a", "b"):
        write(here, f"desk/{name}.md", SOURCE)
    assert run("baseline").code == 0
    assert rules(here) == []
    assert (here / FILE).read_text(encoding="utf-8").strip()
    write(here, "desk/a.md", BENT)
    assert run("baseline").code == 1
    assert rules(here) == []


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("desk/a.md", "", 3),
        ("desk/c.md", BENT, 2),  # no source
        ("wire/a.md", "", 3),
        (FILE, "[[", 2),
        (FILE, '[[waiver]]\nfinding = "x"\n', 2),
        ("claimdiff.toml", "baseline = 3", 2),
        ("claimdiff-waivers.toml", "[[", 2),
    ],
)
def test_nothing_is_accepted_when_not_all_was_judged(
    run: Run, here: Path, name: str, text: str, code: int
) -> None:
    write(here, name, text)
    before = (here / FILE).read_text() if (here / FILE).exists() else None
    done = run("baseline")
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("claimdiff: error: ")
    assert ((here / FILE).read_text() if (here / FILE).exists() else None) == before


def test_what_is_waived_is_not_accepted_too(run: Run, here: Path) -> None:
    id = json.loads(run("check", "desk/a.md", "--format", "json").out)["findings"][0]["id"]
    assert run("waive", id, "desk/a.md", "--reason", "agreed").code == 0
    assert run("baseline").code == 0
    assert rules(here) == BOTH[1:]
    (here / "claimdiff-waivers.toml").unlink()
    assert run("check").code == 1


def test_where_the_file_is(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, "claimdiff.toml", "baseline = 'house/b.toml'\n" + CONFIG)
    code, _, err = run("baseline")
    assert code == 2
    assert "house: cannot be locked for writing (No such file or directory)" in err
    (here / "house").mkdir()
    monkeypatch.chdir(here / "desk")
    assert run("baseline").code == 0
    assert (here / "house/b.toml").exists()
    assert run("check").code == 0
    assert run("baseline", "--baseline", "own.toml").code == 0
    assert (here / "desk/own.toml").exists()
    assert run("check", "--baseline", "own.toml").code == 0

"""Which articles are found, in which order, and which are taken for sources."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import FERRY, ORCHARD, PLAIN, REWRITE, SAME_NAMES, STORIES, ask, folder, jsonl, many, names

from claimdiff.errors import NotComparableError
from claimdiff.read import read_text
from claimdiff.trace import Index, Reading, Trace, find, search, update

TWO = (
    REWRITE
    + """
The Elmstead council wants to plant 400 apple trees before 2031, according to Tove Lind, its head gardener.

The trees, from a nursery in Vik, will cost 38,000 crowns. Nobody asked residents about the plan.
"""
)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An archive of the stories among many others, and its index."""
    home = tmp_path_factory.mktemp("large")
    place = jsonl(home / "wire.jsonl", {**many(300), **STORIES})
    own = Index(home / "index", Reading())
    update(own, place, Reading())
    own.close()
    return place, home / "index"


def likely(large: tuple[Path, Path], text: str, **given: object) -> list[str]:
    found = names(ask(*large, text, fixed=True, **given), likely=True)
    return [name.removeprefix("wire.jsonl#") for name in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (REWRITE, ["ferry"]),
        ("The line's 1.2 million passengers paid 12 percent more, the Sundal company said.", ["ferry"]),
        ('"We shall not sell a single berth," the man said.', ["ferry"]),
        ("A nursery in Vik grows the trees for Elmstead's council, at 38,000 crowns.", ["orchard"]),
        ("Ola Brekke opened the lighthouse museum, with knots, that sailors tied.", ["knots"]),
        ("The nurse in Harrowby said her clinic would be shut till the roof is mended.", ["clinic"]),
        ("Brekke, Sundal.", []),
        ("Ola Brekke of Sundal has been elected chess champion of the western islands in Bergen.", []),
        ("Snow fell on the hills. Three hikers turned back, and a dog was rescued by helicopter.", []),
    ],
)
def test_one_source(text: str, wanted: list[str], large: tuple[Path, Path]) -> None:
    assert likely(large, text) == wanted


def test_two_sources_are_found_and_what_each_adds(large: tuple[Path, Path]) -> None:
    assert sorted(likely(large, TWO)) == ["ferry", "orchard"]
    first, second = ask(*large, TWO, fixed=True).sources
    assert first.candidate.gain == first.candidate.score >= second.candidate.score
    assert second.candidate.gain > 0.3
    assert likely(large, TWO, top=1) == [likely(large, TWO)[0]]


def test_a_copy_of_a_source_is_no_second_source(tmp_path: Path) -> None:
    place = folder(tmp_path / "wire", {**STORIES, "later": FERRY.replace("on Monday", "earlier")})
    trace = ask(place, tmp_path / "index")
    assert names(trace)[:2] == ["ferry.txt", "later.txt"]
    assert names(trace, likely=True) == ["ferry.txt"]
    assert trace.traced[1].candidate.gain < 0.05 < trace.traced[1].candidate.score


def test_equal_candidates_come_by_name(tmp_path: Path) -> None:
    place = folder(tmp_path / "wire", dict.fromkeys("gcafbde", FERRY))
    trace = ask(place, tmp_path / "index", top=7)
    assert names(trace) == [f"{name}.txt" for name in "abcdefg"]


def test_more_equal_candidates_than_are_looked_at_come_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "POOL", 5)
    monkeypatch.setattr(search, "MORE", 5)
    stories = [f"s{number:02}" for number in range(30)]
    random.Random(4).shuffle(stories)
    path = tmp_path / "index"
    for name in stories:  # so that the numbers in the index are in no order
        place = folder(tmp_path / "wire", {name: FERRY})
    assert names(ask(place, path)) == [f"s{number:02}.txt" for number in range(5)]


def test_the_text_itself_is_no_source(tmp_path: Path) -> None:
    place = folder(tmp_path / "wire", {**STORIES, "rewrite": REWRITE.upper()})
    trace = ask(place, tmp_path / "index")
    assert [own.name for own in trace.identical] == ["rewrite.txt"]
    assert names(trace, likely=True) == ["ferry.txt"]
    assert names(ask(place, tmp_path / "index", itself=True), likely=True) == ["rewrite.txt"]
    assert names(ask(place, tmp_path / "index", ORCHARD), likely=True) == []


def test_a_new_headline_on_the_same_story_is_a_rewrite(tmp_path: Path) -> None:
    place = jsonl(tmp_path / "wire.jsonl")
    body = FERRY.partition("\n\n")[2]
    assert names(ask(place, tmp_path / "index", "Boats sunk\n\n" + body), likely=True) == ["wire.jsonl#ferry"]
    assert [own.name for own in ask(place, tmp_path / "index", body).identical] == ["wire.jsonl#ferry"]


def test_an_archive_of_one_and_of_none(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", {"ferry": FERRY})
    assert names(ask(one, tmp_path / "1"), likely=True) == ["ferry.txt"]
    assert names(ask(one, tmp_path / "1", ORCHARD), likely=True) == []
    assert names(ask(one, tmp_path / "1", SAME_NAMES), likely=True) == []
    assert ask(folder(tmp_path / "none", {}), tmp_path / "0").traced == ()


@pytest.mark.parametrize("text", ["", " \n", "...", "the of and"])
def test_a_text_without_words(text: str, tmp_path: Path) -> None:
    place = folder(tmp_path / "wire", {"clinic": PLAIN})
    with pytest.raises(NotComparableError, match="no words"):
        ask(place, tmp_path / "index", text)


SIGNS = (
    "AND", "OR", "NOT", "NEAR(", ")", '"', "'", "*", "^", ":", "-", "terms:", "Sundal", "12", "%", "\x00",
    "“", "”", "0q", "--", ";", "{", "ferry", "İ", "ﬁ", "½", "①", "\u202e",
)  # fmt: skip
SYNTAX = st.lists(st.sampled_from(SIGNS)).map(" ".join)


@given(text=st.one_of(st.text(max_size=200), SYNTAX))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_an_error(text: str, large: tuple[Path, Path]) -> None:
    own = Index(large[1], Reading(), fixed=True)
    try:
        trace = find(own, large[0], read_text(text, id="d", name="d"), Reading(), top=2)
    except NotComparableError:
        return
    finally:
        own.close()
    assert isinstance(trace, Trace)
    assert all(0 <= one.candidate.gain <= one.candidate.score <= 1 for one in trace.traced)

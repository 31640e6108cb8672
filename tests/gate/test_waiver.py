"""Waivers: what a file may say, how one is added to it, and which findings they let pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.errors import ConfigError
from claimdiff.gate import entries, waiver
from claimdiff.gate.nearest import nearest
from claimdiff.gate.waiver import Waiver
from claimdiff.model import Comparison

NAME = "claimdiff-waivers.toml"
STORY = "rewrites/story.md"
ENTRY = """[[waiver]]
finding = "ab12cd34ef56"
derivative = "rewrites/story.md"
rule = "number-changed"
statement = "Fares rose 20% last year."
reason = "The desk updated the figure at 14:05."
"""
OWN = Waiver(
    "ab12cd34ef56",
    STORY,
    "number-changed",
    "Fares rose 20% last year.",
    "The desk updated the figure at 14:05.",
)


# --- the file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("# nothing yet\n", ()),
        (ENTRY, (OWN,)),
        ("\ufeff" + ENTRY, (OWN,)),
        (ENTRY.replace("\n", "\r\n"), (OWN,)),
        (ENTRY + 'expires = "2026-12-31"\nby = "AE"\n', (replace(OWN, expires="2026-12-31", by="AE"),)),
        (ENTRY + "expires = 2026-12-31\n", (replace(OWN, expires="2026-12-31"),)),
        (ENTRY.replace("[[waiver]]", '[["waiver"]] # one'), (OWN,)),
        (ENTRY + 'by = """\n[[waiver]]\\\n"""', (replace(OWN, by="[[waiver]]"),)),
        (ENTRY + "by = '''[[waiver]]'''", (replace(OWN, by="[[waiver]]"),)),
    ],
)
def test_file_is_read(text: str, expected: tuple[Waiver, ...]) -> None:
    assert waiver.read(text, NAME) == expected


def without(key: str) -> str:
    return "".join(line for line in ENTRY.splitlines(keepends=True) if not line.startswith(key))


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("[[waiver]", 1, "no TOML"),
        ("\n\nx = \n", 3, "no TOML"),
        ('a = "', 1, "no TOML"),
        ("a = 2026-02-30", 1, "no TOML"),
        ("[[waver]]\n", 1, "did you mean [[waiver]]?"),
        ("\n# x\nversion = 1\n" + ENTRY, 3, "'version' has no place"),
        ("\n[waiver]\nfinding = 'x'\n", 2, "begin each with a line [[waiver]]"),
        ("\nwaiver = []\n", 2, "begin each with a line [[waiver]]"),
        ("waiver = [{finding = 'x'}]\n", 1, "begin each with a line [[waiver]]"),
        ("\n" + ENTRY + "resaon = 'x'\n", 2, "did you mean 'reason'?"),
        ("\n" + ENTRY + "zzz = 'x'\n", 2, "there are finding, derivative"),
        (ENTRY + "[waiver.more]\nx = 1\n", 1, "'more' is no key"),
        (ENTRY + "by = 3\n", 1, "by is no text"),
        (ENTRY + 'by = " "\n', 1, "by is empty; fill it in or leave it out"),
        (ENTRY + 'by = "a\\u001bb"\n', 1, "control character"),
        (ENTRY + 'expires = "2026-02-29"\n', 1, "no day of the calendar"),
        (ENTRY + 'expires = "tomorrow"\n', 1, "no day of the calendar"),
        (ENTRY + "expires = 2026-12-31T10:00:00\n", 1, "expires is no day"),
        (ENTRY + "expires = 10:00:00\n", 1, "expires is no day"),
        (ENTRY + "\n# again\n" + ENTRY, 9, "stands in line 1 already"),
        (ENTRY.replace("rewrites/", "./"), 1, "no plain path"),
        (ENTRY.replace("rewrites/", "/"), 1, "no plain path"),
        (ENTRY.replace("rewrites/", "rewrites\\\\"), 1, "no plain path"),
        *[(without(key), 1, f"needs {key}") for key in waiver.FORM.required],
        (ENTRY.replace("The desk updated the figure at 14:05.", "\\u200b "), 1, "reason is empty"),
        ("x = " + "[" * 100_000, None, "nested too deep"),
        ("x = " + "1" * 10_000, 1, "no TOML"),
    ],
)
def test_file_that_is_not_in_order_is_refused(text: str, line: int | None, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        waiver.read(text, NAME)
    said = str(caught.value)
    assert said.startswith(f"{NAME}:{line}: " if line else f"{NAME}: ")
    assert told in said
    assert "\n" not in said


@given(st.text() | st.text(alphabet="[]waiver\"'#=\\\n\r {}\ufeff"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = waiver.read(text, NAME)
    except ConfigError:
        return
    assert all(own.reason.strip() for own in read)


# --- adding -----------------------------------------------------------------------------------------


def test_first_waiver_begins_the_file() -> None:
    text = waiver.add("", OWN, NAME)
    assert text == waiver.FORM.header + "\n" + ENTRY
    assert text.startswith("# Findings of claimdiff")


def entry(finding: str, derivative: str = STORY, reason: str = "r") -> str:
    return waiver.add("# x", Waiver(finding, derivative, "a", "b", reason), NAME).removeprefix("# x\n\n")


def _waiver(finding: str, derivative: str = STORY, reason: str = "r") -> Waiver:
    return Waiver(finding, derivative, "a", "b", reason)


@pytest.mark.parametrize(
    ("before", "own", "after"),
    [
        (entry("a"), "b", entry("a") + "\n" + entry("b")),
        (entry("b"), "a", entry("a") + "\n" + entry("b")),
        (entry("a") + entry("c"), "b", entry("a") + "\n" + entry("b") + "\n" + entry("c")),
        ("# top\n# more\n" + entry("b"), "a", "# top\n# more\n\n" + entry("a") + "\n" + entry("b")),
        (
            entry("a") + "\n# of c\n# too\n" + entry("c"),
            "b",
            entry("a") + "\n" + entry("b") + "\n# of c\n# too\n" + entry("c"),
        ),
        (entry("a") + "# end\n\n\n", "b", entry("a") + "# end\n\n\n" + entry("b")),
        (entry("a").rstrip("\n"), "b", entry("a") + "\n" + entry("b")),
        (entry("b").replace("\n", "\r\n"), "a", (entry("a") + "\n" + entry("b")).replace("\n", "\r\n")),
        ("\ufeff" + entry("b"), "a", "\ufeff" + entry("a") + "\n" + entry("b")),
        (
            entry("b") + 'by = """\n[[waiver]] # """ # "\n',
            "c",
            entry("b") + 'by = """\n[[waiver]] # """ # "\n\n' + entry("c"),
        ),
        (
            entry("c") + "by = '[[waiver]]' # [[waiver]]\n",
            "b",
            entry("b") + "\n" + entry("c") + "by = '[[waiver]]' # [[waiver]]\n",
        ),
        # what stands in the file for the same finding is replaced, with the comments between its keys
        (
            "# top\n" + entry("a", reason="old") + "\n# of b\n" + entry("b"),
            "a",
            "# top\n" + entry("a") + "\n# of b\n" + entry("b"),
        ),
        ("#1\n[[waiver]] # 2\n# 3\n" + entry("a")[11:] + "# 4\n", "a", "#1\n" + entry("a") + "# 4\n"),
        # an order of one's own stays
        (entry("c") + "\n" + entry("a"), "b", entry("b") + "\n" + entry("c") + "\n" + entry("a")),
        (entry("a", "b.md"), "z", entry("a", "b.md") + "\n" + entry("z")),
        (entry("a", "z.md"), "z", entry("z") + "\n" + entry("a", "z.md")),
    ],
)
def test_waiver_is_put_in_its_place_and_nothing_else_changes(before: str, own: str, after: str) -> None:
    assert waiver.add(before, _waiver(own), NAME) == after


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": " "}, "reason is empty"),
        ({"finding": ""}, "finding is empty"),
        ({"expires": "2026-13-01"}, "no day"),
        ({"by": "\t"}, "by is empty"),
        ({"derivative": "C:\\story.md"}, "no plain path"),
    ],
)
def test_waiver_that_is_not_in_order_is_not_written(change: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        waiver.add("", replace(OWN, **change), NAME)


def test_broken_file_is_not_touched() -> None:
    with pytest.raises(ConfigError, match=f"{NAME}:1: "):
        waiver.add("[[waiver]]\n", OWN, NAME)


ANY = st.text(min_size=1).filter(lambda text: not entries.is_blank(text))
PLAIN = st.text(alphabet="abc12-\"\\'#é\u00a0\u202e😀", min_size=1).filter(lambda t: not entries.is_blank(t))
NAMES = st.sampled_from(["a.md", "b/c.md", "../d.md", "ü n.md"])
WAIVERS = st.builds(
    Waiver,
    PLAIN,
    NAMES,
    PLAIN,
    ANY,
    ANY,
    st.just("") | PLAIN,
    st.sampled_from(["", "2026-12-31", "2028-02-29"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WAIVERS, max_size=6), st.sampled_from(["", "# own\r\n", "\ufeff# a\n\n# b\n"]))
def test_what_was_added_is_read_back_sorted(given_: list[Waiver], text: str) -> None:
    expected = {}
    for own in given_:
        text = waiver.add(text, own, NAME)
        cleaned = {key: entries.clean(getattr(own, key)) for key in ("statement", "reason")}
        expected[own.derivative, own.finding] = replace(own, **cleaned)
    read = waiver.read(text, NAME)
    assert read == tuple(expected[key] for key in sorted(expected))
    assert len(text.split("\n")) >= 6 * len(read)
    assert all(letter.isprintable() or letter in "\r\n\ufeff" for letter in text)


TRICKY = ["a", "[[waiver]]", "#", "\\", "''", "''\"", "\n", "\n[[waiver]]\n", "]", "{", "=", " "]
STYLES = ['"""{}x"""', "'{}x'", '"{}x"', "'''{}x'''", '"""x{}""" # [[waiver]] """', "'x' # {}"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(STYLES), st.lists(st.sampled_from(TRICKY), max_size=4)), max_size=4),
    st.sampled_from("abz"),
)
def test_every_way_to_write_a_string_is_left_alone(values: list[tuple[str, list[str]]], finding: str) -> None:
    head = 'derivative = "rewrites/story.md"\nrule = "a"\nstatement = "b"\n'
    text = "# top\n\n"
    for id, (style, parts) in zip("amxy", values, strict=False):
        text += f"# of {id}\n[[waiver]]\nfinding = '{id}1'\n{head}reason = {style.format(''.join(parts))}\n\n"
    try:
        before = waiver.read(text, NAME)
    except ConfigError:
        return
    after = waiver.add(text, _waiver(finding), NAME)
    own = waiver.read(after, NAME)
    assert tuple(it for it in own if it.finding != finding) == before
    assert list(own) == sorted(own, key=lambda it: it.finding)
    lines = after.split("\n")
    at = lines.index(f'finding = "{finding}"') - 1
    assert "\n".join(lines[:at] + lines[at + 7 :]).rstrip("\n") == text.rstrip("\n")


@settings(max_examples=60, deadline=None)
@given(st.permutations([_waiver(id, path) for id in "abc" for path in ("x.md", "y.md")]))
def test_order_of_adding_does_not_matter(given_: list[Waiver]) -> None:
    text = ""
    for own in given_:
        text = waiver.add(text, own, NAME)
    expected = ""
    for own in sorted(given_, key=lambda own: (own.derivative, own.finding)):
        expected = waiver.add(expected, own, NAME)
    assert text == expected


# --- holding ----------------------------------------------------------------------------------------


def of(pair: Comparison, number: int, **change: str) -> Waiver:
    own = waiver.waive(pair, pair.findings[number].id, STORY, reason="checked", by="AE")
    return replace(own, **change)


def test_waiver_says_what_its_finding_is_about(pair: Comparison) -> None:
    assert of(pair, 1).statement == "Fares rose 20% last year."
    assert of(pair, 3).statement == "No jobs will be lost, Brekke said."
    with pytest.raises(ConfigError, match="no finding is called 'x'"):
        waiver.waive(pair, "x", STORY, reason="checked")


@pytest.mark.parametrize(
    ("change", "held", "told"),
    [
        ({}, True, ""),
        ({"statement": "fares  ROSE\n20% last year. "}, True, ""),
        (
            {"statement": "Fares rose 21% last year."},
            False,
            "its statement has changed or the finding is gone",
        ),
        ({"rule": "number-added"}, False, "its statement has changed or the finding is gone"),
        ({"finding": "0123456789ab"}, False, "for rewrites/story.md: its statement has changed"),
        ({"finding": "distortion-s.3-d"}, False, "; remove it"),
        ({"expires": "2026-10-02"}, True, ""),
        ({"expires": "2026-10-01"}, True, ""),
        ({"expires": "2026-09-30"}, False, "expired on 2026-09-30: the finding counts again"),
        ({"expires": "2026-09-30", "rule": "x"}, False, "expired on 2026-09-30: it matches no finding"),
        ({"derivative": "rewrites/other.md"}, False, ""),
    ],
)
def test_waiver_holds_for_its_finding_alone(
    pair: Comparison, change: dict[str, str], held: bool, told: str
) -> None:
    own = of(pair, 1, **change)
    pardons, warnings = waiver.apply([own], pair, STORY, "2026-10-01")
    assert [own.finding for own in pardons] == [pair.findings[1]] * held
    assert len(warnings) == bool(told)
    assert all(told in line and "\n" not in line for line in warnings)


def test_pardons_say_who_and_why_in_the_order_of_findings(pair: Comparison) -> None:
    pardons, warnings = waiver.apply(
        [of(pair, 3, expires="2026-12-31"), of(pair, 0, by="")], pair, STORY, "2026-10-01"
    )
    assert [own.finding for own in pardons] == [pair.findings[0], pair.findings[3]]
    assert (pardons[1].by, pardons[1].who, pardons[1].until) == ("waiver", "AE", "2026-12-31")
    assert (pardons[0].reason, pardons[0].who, pardons[0].until) == ("checked", "", "")
    assert warnings == ()


@pytest.mark.parametrize("today", ["", "today", "2026-1-1", "20261001", "2026-02-30"])
def test_today_must_be_a_day(pair: Comparison, today: str) -> None:
    with pytest.raises(ConfigError, match="no day"):
        waiver.apply([], pair, STORY, today)


# --- small parts ------------------------------------------------------------------------------------


@given(st.dates() | st.builds("{:04}-{:02}-{:02}".format, *[st.integers(0, top) for top in (9999, 13, 32)]))
def test_days_are_those_of_the_calendar(day: date | str) -> None:
    try:
        date.fromisoformat(str(day))
        real = True
    except ValueError:
        real = False
    assert entries.is_day(str(day)) is real


@pytest.mark.parametrize(
    "text", ["٢٠٢٦-١٢-٣١", "2026-12-31\n", " 2026-12-31", "2026-12-31T00:00", "12026-12-31"]
)
def test_nothing_else_is_a_day(text: str) -> None:
    assert not entries.is_day(text)


@pytest.mark.parametrize(
    ("word", "choice"),
    [
        ("number-chnaged", "number-changed"),
        ("number_changed", "number-changed"),
        ("NUMBER-CHANGED", "number-changed"),
        ("number", "number-added"),
        ("resaon", "reason"),
        ("expire", "expires"),
        ("zebra", None),
        ("", None),
        ("b", None),
    ],
)
def test_nearest_word(word: str, choice: str | None) -> None:
    assert nearest(word, ["number-added", "number-changed", "reason", "expires", "by"]) == choice

"""Waivers in comments of the text: where they hold, and that none in disorder is passed over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdiff.errors import ConfigError
from claimdiff.gate import comment
from claimdiff.model import (
    Comparison,
    Counts,
    Document,
    Finding,
    Kind,
    Place,
    Severity,
    Span,
    Summary,
    Tally,
    Type,
)
from claimdiff.read import read_text
from claimdiff.segment import segment

RULES = ("number-changed", "time-changed", "number-added", "omission-figure", "addition-statement")
TODAY = "2026-10-01"
ID = "0123456789ab"


def page(text: str, form: str = "markdown") -> Document:
    return segment(read_text(text, id="d", name="story.md", form=form), "d")


def note(what: str = "ignore number-changed") -> str:
    return f'<!-- claimdiff: {what} reason="checked" -->'


def finding(id: str, rule: str, at: str | None, *types: Type, after: str | None = None) -> Finding:
    """A finding about the statement `at` of the derivative; an omission without one."""
    kind = Kind.OMISSION if at is None else Kind.DISTORTION if types else Kind.ADDITION
    place = Place("d", at, Span(0, 1)) if at else None
    return Finding(id, rule, kind, types, Severity.MAJOR, 0.9, "m", place, None, after)


def judged(document: Document, *findings: Finding) -> Comparison:
    tally = Tally(1, 1)
    summary = Summary(0.0, 1.0, 1.0, Counts(), tally, tally)
    return Comparison((), document, (), findings, summary, "0")


# --- where a comment holds ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "statement", "after"),
    [
        # after text on its line: the statement before it
        ("The vote was fair. {}\n\nThe mayor spoke at length.", "markdown", "The vote was fair.", 1),
        ("The vote was fair. {} The mayor spoke at length.", "markdown", "The vote was fair.", 1),
        ("# The vote was fair {}\n\nThe mayor spoke at length.", "markdown", "The vote was fair", 1),
        ("- The vote was fair. {}\n- The mayor spoke at length.\n", "markdown", "The vote was fair.", 1),
        ("**The vote was fair.** {}\r\n\r\nThe mayor spoke.", "markdown", "The vote was fair.", 1),
        ("<p>The vote was fair.</p>{}<p>The mayor spoke at length.</p>", "html", "The vote was fair.", 1),
        # at the beginning of its line: the next one
        ("The vote was fair.\n\n{}\nThe mayor spoke at length.", "markdown", "The mayor spoke at length.", 1),
        ("The vote was fair.\n\n{} The mayor spoke at length.", "markdown", "The mayor spoke at length.", 1),
        ("{}\n\n\n\nThe vote was fair.", "markdown", "The vote was fair.", 0),
        ("The vote was fair.\r\r{}\r\rThe mayor spoke.", "markdown", "The mayor spoke.", 1),
        ("- The vote was fair.\n- {} The mayor spoke.\n", "markdown", "The mayor spoke.", 1),
        ("<p>The vote was fair.</p>\n<p>{}The mayor spoke.</p>", "html", "The mayor spoke.", 1),
        ("The vote was fair.\n\n{}\n\nRead more: harbour news\n\nThe mayor spoke at length.", "markdown",
         "The mayor spoke at length.", 1),
        # inside a statement: that one
        ("<p>The vote was\n{}\nfair. The mayor spoke.</p>", "html", "The vote was fair.", None),
        ("The vote {} was fair. The mayor spoke.", "markdown", "The vote  was fair.", None),
        # at the end: none
        ("The vote was fair.\n\n{}\n", "markdown", "", 1),
    ],
)  # fmt: skip
def test_statement_that_a_comment_holds_for(text: str, form: str, statement: str, after: int | None) -> None:
    document = page(text.format(note()), form)
    (own,) = comment.read(document, RULES)
    texts = {it.id: it.text for it in document.statements}
    assert texts.get(own.statement, "") == statement
    assert own.after == (None if after is None else f"d.{after}" if after else "")
    assert own.span.of(document.text) == note()


@pytest.mark.parametrize(
    ("text", "after", "held"),
    [
        ("{}\nThe vote was fair.\n\nThe mayor spoke.", "", True),
        ("{}\nThe vote was fair.\n\nThe mayor spoke.", "d.1", False),
        ("The vote was fair. {}\n\nThe mayor spoke.", "d.1", True),
        ("The vote was fair.\n\n{}\nThe mayor spoke.", "d.1", True),
        ("The vote was fair.\n\n{}\nThe mayor spoke.", "", False),
        ("The vote was fair.\n\nThe mayor spoke.\n\n{}", "d.2", True),
        ("The vote was fair.\n\nThe mayor spoke.\n\n{}", "d.1", False),
        ("The vote {} was fair.\n\nThe mayor spoke.", "d.1", False),
        ("The vote {} was fair.\n\nThe mayor spoke.", "", False),
    ],
)
@pytest.mark.parametrize("what", ["omission", "omission-figure"])
def test_omission_is_covered_where_it_would_have_stood(text: str, after: str, held: bool, what: str) -> None:
    document = page(text.format(note(f"ignore {what}")))
    gone = finding(ID, "omission-figure", None, after=after)
    pardons, warnings = comment.apply(comment.read(document, RULES), judged(document, gone), TODAY)
    assert [own.finding for own in pardons] == [gone] * held
    assert len(warnings) == (not held)


# --- what it lets pass --------------------------------------------------------------------------------

NUMBER = finding(ID, "number-changed", "d.1", Type.NUMBER)
BOTH = finding(ID, "number-changed", "d.1", Type.NUMBER, Type.TIME)
ADDED = finding(ID, "addition-statement", "d.1")
TEXT = "The vote was fair. {}\n\nThe mayor spoke at length."


@pytest.mark.parametrize(
    ("what", "own", "idle"),
    [
        ("number-changed", NUMBER, []),
        ("number", NUMBER, []),
        ("distortion", NUMBER, []),
        (ID, NUMBER, []),
        ("number-changed, time", BOTH, []),
        ("number time", BOTH, []),
        ("number,time", BOTH, []),
        ("number-changed", BOTH, []),
        ("distortion", BOTH, []),
        ("addition", ADDED, []),
        ("addition-statement", ADDED, []),
        ("number quote", NUMBER, ["quote"]),
        (f"number {ID}-2", NUMBER, [f"{ID}-2"]),
        # one of two types is not enough
        ("time", BOTH, None),
        ("number", BOTH, None),
        ("number-added", NUMBER, None),
        ("omission", NUMBER, None),
        ("time", ADDED, None),
        ("distortion", ADDED, None),
        ("number-changed", replace(NUMBER, derivative=Place("d", "d.2", Span(0, 1))), None),
        (ID, replace(NUMBER, derivative=Place("d", "d.2", Span(0, 1))), []),
        (ID, finding(ID, "omission-figure", None, after="d.2"), []),
        (ID[:11] + "c", NUMBER, None),
    ],
)
def test_finding_passes_by_its_name(what: str, own: Finding, idle: list[str] | None) -> None:
    document = page(TEXT.format(note(f"ignore {what}")))
    pardons, warnings = comment.apply(comment.read(document, RULES), judged(document, own), TODAY)
    assert [pardon.finding for pardon in pardons] == ([own] if idle is not None else [])
    if idle is None:
        assert warnings
    else:
        assert [line.split(" ignores ")[1].split(",")[0] for line in warnings] == idle
    assert all(line.startswith("story.md:1: the comment ignores ") for line in warnings)


@pytest.mark.parametrize(
    ("expires", "held", "told"),
    [
        ("2026-10-01", True, None),
        ("2026-09-30", False, "story.md:1: the comment expired on 2026-09-30: what it let pass counts again"),
    ],
)
def test_comment_expires(expires: str, held: bool, told: str | None) -> None:
    document = page(TEXT.format(note(f"ignore number by='AE' expires='{expires}'")))
    pardons, warnings = comment.apply(comment.read(document, RULES), judged(document, NUMBER), TODAY)
    assert [(own.by, own.reason, own.who, own.until) for own in pardons] == [
        ("comment", "checked", "AE", expires)
    ] * held
    assert list(warnings) == [told] * (not held)


def test_expired_comment_that_matches_nothing_says_so() -> None:
    document = page(TEXT.format(note("ignore time expires='2026-01-01'")))
    _, warnings = comment.apply(comment.read(document, RULES), judged(document, NUMBER), TODAY)
    assert warnings == ("story.md:1: the comment expired on 2026-01-01: it matches no finding; remove it",)


def test_today_must_be_a_day() -> None:
    with pytest.raises(ConfigError, match="no day"):
        comment.apply((), judged(page(TEXT)), "soon")


def test_several_comments_each_hold_and_pardons_stand_in_the_order_of_findings() -> None:
    document = page("The vote was fair. {} {}\n\nThe mayor spoke.".format(note("ignore time"), note()))
    first, second = replace(NUMBER, id="a"), finding("b", "time-changed", "d.1", Type.TIME)
    pardons, warnings = comment.apply(comment.read(document, RULES), judged(document, first, second), TODAY)
    assert [own.finding for own in pardons] == [first, second]
    assert warnings == ()


# --- what a comment may say ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<!-- claimdiff: ignore number reason="a" -->', (("number",), "a", "", "")),
        ("<!--claimdiff:ignore number reason='a \"b\"'-->", (("number",), 'a "b"', "", "")),
        ('<!--\n claimdiff:\n ignore number,\n time\n reason = "a\n b"\n-->',
         (("number", "time"), "a b", "", "")),
        ('<!-- CLAIMDIFF: ignore reason="a" by="b c" number, number -->', (("number",), "a", "b c", "")),
        (f'<!-- claimdiff: ignore {ID}-2 reason="a > b" expires="2028-02-29" -->',
         ((f"{ID}-2",), "a > b", "", "2028-02-29")),
    ],
)  # fmt: skip
def test_comment_is_read(text: str, expected: tuple[tuple[str, ...], str, str, str]) -> None:
    (own,) = comment.read(page("The vote was fair.\n\n" + text + "\n\nThe mayor spoke."), RULES)
    assert (own.named, own.reason, own.by, own.expires) == expected
    assert own.where == "story.md:3"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<!-- claimdiff: ignore number -->", 'gives no reason; add reason="..."'),
        ("<!-- claimdiff: ignore number reason= -->", "is not understood at 'reason='"),
        ('<!-- claimdiff: ignore number reason=" " -->', "has an empty reason; fill it in"),
        ('<!-- claimdiff: ignore number reason="a" by="" -->', "has an empty by; fill it in or take it out"),
        ('<!-- claimdiff: ignore number reason="a -->', "is not understood at 'reason=\"a'"),
        ("<!-- claimdiff: ignore number reason=“a” -->", "is not understood at"),
        ('<!-- claimdiff: ignore number reason="a"by="b" -->', "is not understood at"),
        ('<!-- claimdiff: ignore number reason="a" reason="b" -->', "gives reason twice"),
        ('<!-- claimdiff: ignore number resaon="a" -->', "did you mean 'reason'?"),
        ('<!-- claimdiff: ignore number reason="a" zz="1" -->', "there are reason, by, expires"),
        ('<!-- claimdiff: ignore reason="a" -->', "names nothing to ignore"),
        ('<!-- claimdiff: ignore all reason="a" -->', "ignores 'all', which is no rule"),
        ('<!-- claimdiff: ignore number-chnaged reason="a" -->', "did you mean 'number-changed'?"),
        ('<!-- claimdiff: ignore 0123456789a reason="a" -->', "which is no rule, type, kind or whole id"),
        ('<!-- claimdiff: ignore number reason="a" expires="2026-02-30" -->', "no day of the calendar"),
        ('<!-- claimdiff: ingore number reason="a" -->', "says 'ingore' where only 'ignore' is known"),
        ("<!-- claimdiff: -->", "says '' where only 'ignore' is known"),
        ('<!-- claimdiff ignore number reason="a" -->', "lacks its colon"),
        ('<!-- claimdiff: ignore number reason="a"', "has no end; close it with -->"),
        ('<!-- claimdiff: ignore number reason="a" --!>', "has no end"),
        ('`<!-- claimdiff: ignore number reason="a" -->`', "is part of the visible text"),
        ('\\<!-- claimdiff: ignore number reason="a" -->', "is part of the visible text"),
        ('&lt;!-- claimdiff: ignore number reason="a" --&gt;', "is part of the visible text"),
    ],
)
def test_comment_that_is_not_in_order_is_refused(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        comment.read(page("The vote was fair.\n\n" + text + "\n"), RULES)
    said = str(caught.value)
    assert said.startswith("story.md:3: a claimdiff comment ")
    assert told in said
    assert "\n" not in said


def test_comment_in_plain_text_is_visible() -> None:
    with pytest.raises(ConfigError, match=r"story.md:1: .* visible text"):
        comment.read(page("The vote was fair. " + note(), "text"), RULES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The vote was fair.",
        "<!-- claimdiffs: x -->",
        "<!-- see claimdiff: x -->",
        "claimdiff: ignore number",
    ],
)
def test_other_text_holds_no_waiver(text: str) -> None:
    assert comment.read(page(text), RULES) == ()


PARTS = ["<!--", "-->", " claimdiff:", " ignore", " number", ' reason="a"', "'", '"', "=", "\n", " ",
         "The vote was fair.", ",", "`", "<p>", "&lt;", "\\", "\r", "claimdiff", "\x1c"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.text() | st.lists(st.sampled_from(PARTS)).map("".join), st.sampled_from(["text", "markdown", "html"])
)
def test_any_text_is_read_or_refused(text: str, form: str) -> None:
    document = page(text, form)
    try:
        comments = comment.read(document, RULES)
    except ConfigError as error:
        assert str(error).startswith("story.md:")
        return
    assert all(own.span.of(document.text).endswith("-->") for own in comments)
    comment.apply(comments, judged(document, NUMBER), TODAY)


@pytest.mark.parametrize(
    "text",
    [
        note() * 20_000,
        ("The vote was fair. " + note()) * 5_000,
        "<!-- claimdiff: " * 50_000,
        "<!--" + " " * 500_000 + "claimdiff",
        "<!-- claimdiff: ignore" + ' reason="' * 100_000 + "-->",
        "<!-- claimdiff: ignore " + "a" * 500_000 + " -->",
        "<!-- claimdiff: ignore number" + " ," * 200_000 + 'reason="a"-->',
    ],
)
def test_long_texts_take_no_long_time(text: str) -> None:
    document = Document("d", "story.md", text)
    try:
        comments = comment.read(document, RULES)
        comment.apply(comments, judged(document, NUMBER), TODAY)
    except ConfigError:
        return

"""PDF files, made by hand: what is read, what is left out and said, and what is refused."""

from __future__ import annotations

import logging
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import content, paper, set_lines

from claimdiff.errors import InputError
from claimdiff.model import BlockKind, Document, Role, Span, to_raw
from claimdiff.read.pdf import MAX_PAGES, read_pdf
from claimdiff.read.pdf_lines import Line, furniture, paragraphs
from claimdiff.segment import segment

pytest.importorskip("pypdf", reason="pypdf is not installed; pip install 'claimdiff[pdf]'")

STORY = [
    "The council voted late on Monday to close the old bridge, which has carried",
    "lorries over the river since 1931, for nine months of repairs. Ferries will",
    "run instead. The first one leaves at six in the morning, the council's well-",
    "known chief engineer said after the meeting, and carries 40 people and sev-",
    "eral cars.",
    "",
    "The repairs cost £4 million. Nobody voted against them, but two members of",
    "the council left before the vote.",
]
READ = [
    "The council voted late on Monday to close the old bridge, which has carried lorries over the river "
    "since 1931, for nine months of repairs. Ferries will run instead. The first one leaves at six in the "
    "morning, the council's well-known chief engineer said after the meeting, and carries "
    "40 people and several cars.",
    "The repairs cost £4 million. Nobody voted against them, but two members of the council left before the "
    "vote.",
]


def read(data: bytes) -> Document:
    return read_pdf(data, id="s", name="page.pdf")


def shown(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks]


def test_an_article() -> None:
    head = [(72.0, 800.0, 20.0, "Council closes the"), (72.0, 776.0, 20.0, "bridge")]
    info = "<< /Title (Bridge) /Author (O. Brekke) /CreationDate (D:20250304091500Z) >>"
    document = read(paper([[*head, *set_lines(["By Ola Brekke", "", *STORY], top=740)]], info=info))
    assert [block.text for block in document.blocks] == ["Council closes the bridge", "By Ola Brekke", *READ]
    assert document.blocks[0].kind is BlockKind.HEADING
    assert document.text == "\n\n".join(block.text for block in document.blocks)
    assert document.metadata == (
        ("title", "Bridge"),
        ("author", "O. Brekke"),
        ("created", "2025-03-04 09:15"),
    )
    assert document.notes == ("1 page read",)
    roles = [statement.role for statement in segment(document, "s").statements]
    assert roles[:3] == [Role.HEADLINE, Role.BOILERPLATE, Role.BODY]
    for block in document.blocks:
        assert to_raw(block.pieces, Span(0, len(block.text))).of(document.text) == block.text


def test_running_lines_go_and_are_said() -> None:
    pages = []
    for number, lines in enumerate((STORY[:5], STORY[6:], ["It ends here, on the third page of the file."])):
        top = [(72.0, 810.0, 8.0, "THE COURANT"), (500.0, 20.0, 8.0, str(number + 11))]
        pages.append([*top, *set_lines(lines)])
    document = read(paper(pages))
    assert [block.text for block in document.blocks] == [
        *READ,
        "It ends here, on the third page of the file.",
    ]
    assert document.notes == (
        "3 pages read",
        "left out as running lines of the pages: “THE COURANT”, “11”, “12” and 1 more",
    )


def test_a_paragraph_goes_on_over_the_page() -> None:
    assert shown(paper([set_lines(STORY[:2]), set_lines(STORY[2:5])])) == READ[:1]


def test_what_browsers_print_goes() -> None:
    lines = [(30.0, 820.0, 8.0, "3/4/25, 9:15 AM Bridge"), (30.0, 15.0, 8.0, "https://a.example/b 1/1")]
    assert shown(paper([[*lines, *set_lines(STORY)]])) == READ


def test_years_and_counts_stay() -> None:
    assert shown(paper([set_lines(["1931", "", *STORY[:5]]), set_lines(["212", "", *STORY[6:]])])) == [
        "1931", READ[0], "212", READ[1],
    ]  # fmt: skip


def test_lists_and_indents() -> None:
    lines = set_lines(["• One thing that changes", "• Another thing that", "changes"])
    assert shown(paper([lines])) == ["One thing that changes", "Another thing that changes"]
    above, below = (
        "A line that is as long as the others are here in it.",
        "Begins with an indent like in a book, ",
    )
    assert shown(paper([[(72, 700, 10, above), (90, 688, 10, below), (72, 676, 10, "and goes on.")]])) == [
        above, below + "and goes on.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("the exam-", "ple holds", "the example holds"),
        ("a well-", "known case", "a well-known case"),
        ("a 19-year-", "old man", "a 19-year-old man"),
        ("the Anglo-", "Irish treaty", "the Anglo-Irish treaty"),
        ("the co\u00ad", "alition", "the coalition"),
        ("a seaside; the sea-", "side pier", "a seaside; the seaside pier"),
        ("a sea-side; the sea-", "side pier", "a sea-side; the sea-side pier"),
        ("it rose —", "and fell", "it rose —and fell"),
    ],
)
def test_hyphens(above: str, below: str, joined: str) -> None:
    lines = [Line(above, 0, 20, 10), Line(below, 0, 8, 10)]
    assert [own.text for own in paragraphs([lines])] == [joined]


def test_running_lines_need_their_height() -> None:
    """What is said twice is no running line, unless it stands at the same place."""
    body = [Line(f"Line {number} of the page.", 72, 700 - 14 * number, 10) for number in range(9)]
    pages = [[*body, Line("He said no.", 72, 500 - 30 * page, 10)] for page in range(2)]
    assert all(9 not in gone for gone in furniture(pages))
    assert furniture([[], []]) == [set(), set()]


def test_an_owner_password_does_not_bar_reading() -> None:
    import io

    import pypdf

    for user, fine in (("", True), ("secret", False)):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper([set_lines(STORY)])))
        writer.encrypt(user, "owner", algorithm="RC4-128")
        file = io.BytesIO()
        writer.write(file)
        if fine:
            assert shown(file.getvalue()) == READ
        else:
            with pytest.raises(InputError, match="password"):
                read(file.getvalue())


GOOD = paper([set_lines(STORY)])
PICTURE = paper([[]], resources="/XObject << /Im1 5 0 R >>")
MANY = paper([[]] * (MAX_PAGES + 1))
BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a PDF"),
    "text": (b"Just some words.", "not a PDF"),
    "only a head": (b"%PDF-1.7\n", "cannot be read"),
    "pictures": (PICTURE, "OCR"),
    "empty pages": (paper([[], []]), "no text"),
    "too many pages": (MANY, "201 pages"),
    "a bomb": (paper([[]], streams=[b" " * (20 << 20)]), "cannot be read"),
    "a long array": (paper([[]], streams=[b"[" + b"0 " * 900_000 + b"] TJ"]), "cannot be read"),
    "deep arrays": (paper([[]], streams=[b"[" * 50_000]), "cannot be read"),
    "no cross references": (GOOD.replace(b"xref", b"nope").replace(b" obj", b" obx"), "cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused(name: str) -> None:
    data, says = BAD[name]
    with pytest.raises(InputError, match=says) as error:
        read(data)
    assert "page.pdf" in str(error.value) and "\n" not in str(error.value)


def test_drawings_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimdiff.read.pdf._MAX_DRAWN", 500)
    with pytest.raises(InputError, match="drawn"):
        read(paper([], streams=[b"0 0 m 9 9 l S " * 100] * 9))


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder) -> None:
    level = logging.getLogger("pypdf").level
    with caplog.at_level(logging.DEBUG):
        assert shown(GOOD.replace(b"startxref\n", b"startxref\n9")) == READ
    assert not caplog.records and not recwarn.list
    assert logging.getLogger("pypdf").level == level


def test_without_pypdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(InputError, match=r"claimdiff\[pdf\]"):
        read(GOOD)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=40), st.integers(0, 40))
def test_broken_files_give_one_line(at: int, instead: bytes, gone: int) -> None:
    try:
        read(GOOD[:at] + instead + GOOD[at + gone :]).text.encode("utf-8")
    except InputError as error:
        assert "\n" not in str(error)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.builds(Line, st.text(min_size=1).filter(str.strip), *[st.floats(-9e3, 9e3)] * 3),
                         max_size=9), max_size=4))  # fmt: skip
def test_any_lines(pages: list[list[Line]]) -> None:
    """Every word comes out once, in order."""
    pages = [[line._replace(text=line.text.strip(), size=abs(line.size)) for line in page] for page in pages]
    assert len(furniture(pages)) == len(pages)
    said = "".join(own.text for own in paragraphs(pages))
    words = "".join(line.text for page in pages for line in page)
    for mark in (" ", "-", "\u2010", "\u00ad"):
        said, words = said.replace(mark, ""), words.replace(mark, "")
    assert said == words


def test_content_is_what_it_says() -> None:
    assert content([(1, 2, 3, "a(b)")]) == b"BT /F1 3.0 Tf 1.0 2.0 Td (a\\(b\\)) Tj ET"

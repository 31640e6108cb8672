"""Word files, made here by python-docx and by hand: what is read, what is said, and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from claimdiff.errors import InputError
from claimdiff.model import Block, BlockKind, Document, Span, to_raw
from claimdiff.read.word import read_docx
from claimdiff.segment import segment

docx = pytest.importorskip("docx", reason="python-docx is not installed; pip install 'claimdiff[docx]'")

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD, PARA, ITEM, CELL = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.CELL


def made(build: Callable[[Any], None]) -> bytes:
    word = docx.Document()
    build(word)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def body(xml: str) -> bytes:
    """A file whose body is this XML."""
    from docx.oxml import parse_xml

    def build(word: Any) -> None:
        for child in parse_xml(f"<w:body {W}>{xml}</w:body>"):
            word.element.body.insert_element_before(child, "w:sectPr")

    return made(build)


def changed(data: bytes, part: str, change: Callable[[bytes], bytes] | None) -> bytes:
    """The archive with one part changed, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                if change is None:
                    continue
                content = change(content)
            new.writestr(info.filename, content)
    return out.getvalue()


def read(data: bytes) -> Document:
    return read_docx(data, id="s", name="page.docx")


def shown(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks]


def home(document: Document, block: Block) -> str:
    return to_raw(block.pieces, Span(0, len(block.text))).of(document.text)


def p(runs: str, marks: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{marks}</w:pPr>' if marks else ''}{runs}</w:p>"


def t(words: str, marks: str = "") -> str:
    kept = 'xml:space="preserve"'
    return f"<w:r>{f'<w:rPr>{marks}</w:rPr>' if marks else ''}<w:t {kept}>{words}</w:t></w:r>"


def deleted(words: str) -> str:
    return f'<w:del w:id="1" w:author="a"><w:r><w:delText>{words}</w:delText></w:r></w:del>'


def inserted(words: str) -> str:
    return f'<w:ins w:id="2" w:author="a">{t(words)}</w:ins>'


def test_an_article() -> None:
    def build(word: Any) -> None:
        word.add_heading("Pier to close", 0)
        word.add_paragraph("By Ola Brekke")
        word.add_paragraph("The pier will close on Monday. It opened in 1931.")
        word.add_heading("What closes", 2)
        word.add_paragraph("The café", style="List Bullet")
        word.add_paragraph("• The shop")
        word.add_paragraph("")
        rows = word.add_table(2, 2).rows
        for row, words in zip(rows, (("Cost", "£4m"), ("Jobs", "12")), strict=True):
            for cell, text in zip(row.cells, words, strict=True):
                cell.text = text
        word.core_properties.title = "Pier"
        word.core_properties.author = "O. Brekke"

    document = read(made(build))
    assert [(block.kind, block.text) for block in document.blocks] == [
        (HEAD, "Pier to close"),
        (PARA, "By Ola Brekke"),
        (PARA, "The pier will close on Monday. It opened in 1931."),
        (HEAD, "What closes"),
        (ITEM, "The café"),
        (ITEM, "The shop"),
        (CELL, "Cost, £4m"),
        (CELL, "Jobs, 12"),
    ]
    assert document.text.startswith("Pier to close\n\nBy Ola Brekke\n\nThe pier")
    assert document.text.endswith("• The shop\n\nCost\t£4m\n\nJobs\t12")
    assert [home(document, block) for block in document.blocks[4:7]] == ["The café", "The shop", "Cost\t£4m"]
    assert dict(document.metadata)["title"] == "Pier" and dict(document.metadata)["author"] == "O. Brekke"
    assert document.notes == ()
    for statement in segment(document, "s").statements:
        assert statement.span.of(document.text).replace("\t", ", ") == statement.text


def test_changes_are_read_as_accepted_and_said() -> None:
    document = read(
        body(
            p(t("Fares rose ") + deleted("3") + inserted("5") + t("% in May."))
            + p(f'<w:moveFrom w:id="3" w:author="a">{t("Moved.")}</w:moveFrom>')
            + p(f'<w:moveTo w:id="4" w:author="a">{t("Moved.")}</w:moveTo>')
            + p(t("It goes "), '<w:rPr><w:del w:id="5" w:author="a"/></w:rPr>')
            + p(t("on.") + '<w:r><w:commentReference w:id="0"/></w:r>')
        )
    )  # fmt: skip
    assert [block.text for block in document.blocks] == ["Fares rose 5% in May.", "Moved.", "It goes on."]
    assert document.notes == (
        "4 tracked changes: the text is read as if all were accepted",
        "1 comment not read",
    )


def test_a_deleted_row_is_gone() -> None:
    row = "<w:tr>{}<w:tc>" + p(t("a")) + "</w:tc><w:tc>" + p(t("b")) + "</w:tc></w:tr>"
    gone = row.format('<w:trPr><w:del w:id="1" w:author="a"/></w:trPr>')
    heads = row.replace("a<", "Heads<").format("<w:trPr><w:tblHeader/></w:trPr>")
    document = read(body(f"<w:tbl>{heads}{row.format('')}{gone}</w:tbl>"))
    assert [block.text for block in document.blocks] == ["a, b"]
    assert document.text == "Heads\tb\n\na\tb"


def test_what_stands_in_a_paragraph() -> None:
    link = f'<w:hyperlink w:anchor="x">{t("the report")}</w:hyperlink>'
    field = "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    box = "<w:r><w:pict><w:txbxContent>" + p(t("In a box.")) + "</w:txbxContent></w:pict></w:r>"
    once = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert shown(body(
        p(t("See ") + link + t(" of") + "<w:r><w:br/></w:r>" + t("May.") + field)
        + p(t("Shown") + t(" hidden", "<w:vanish/>") + t(" well", '<w:vanish w:val="0"/>') + once)
        + p(t("First.") + "<w:r><w:br/><w:br/></w:r>" + t("Second."))
        + p(t("Well") + "<w:r><w:noBreakHyphen/></w:r>" + t("known") + "<w:r><w:tab/></w:r>" + t("word"))
        + f"<w:sdt><w:sdtContent>{p(t('In a field.'))}</w:sdtContent></w:sdt>"
    )) == ["See the report of May.", "Shown well", "In a box.", "First.", "Second.", "Well\u2011known word",
           "In a field."]  # fmt: skip


def test_long_cells_are_paragraphs() -> None:
    prose = "The council voted late on Monday to close the old bridge over the river, its leader said."
    cells = f"<w:tc>{p(t(prose))}{p(t('It opened in 1931.'))}</w:tc><w:tc>{p(t('Aside'))}</w:tc>"
    assert shown(body(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")) == [prose, "It opened in 1931.", "Aside"]


def test_kinds_come_from_styles_and_settings() -> None:
    def build(word: Any) -> None:
        style = word.styles.add_style("House head", 1)
        style.base_style = word.styles["Heading 1"]
        loop = word.styles.add_style("Loop", 1)
        loop.base_style = loop
        word.add_paragraph("By style", style="House head")
        word.add_paragraph("Loops", style="Loop")

    assert [block.kind for block in read(made(build)).blocks] == [HEAD, PARA]
    marks = ['<w:outlineLvl w:val="1"/>', '<w:numPr><w:numId w:val="2"/></w:numPr>',
             '<w:numPr><w:numId w:val="0"/></w:numPr>', '<w:pStyle w:val="None"/>']  # fmt: skip
    blocks = read(body("".join(p(t("x"), mark) for mark in marks))).blocks
    assert [block.kind for block in blocks] == [HEAD, ITEM, PARA, PARA]


def test_what_is_beside_the_text_is_said() -> None:
    document = read(body(
        p(t("One.") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + t("x", "<w:vanish/>"))
    ))  # fmt: skip
    assert document.notes == ("1 footnote not read", "hidden text is not read")


def test_no_properties_are_made_up() -> None:
    data = changed(body(p(t("One."))), "_rels/.rels", lambda xml: xml.replace(b"core-properties", b"other"))
    assert read(data).metadata == ()


GOOD = body(p(t("One.")))
PART = "word/document.xml"


def doctype(xml: bytes) -> bytes:
    return xml.replace(
        b"<w:document", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document', 1
    )


BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a Word file"),
    "text": (b"Just some words.", "not a Word file"),
    "an old file": (b"\xd0\xcf\x11\xe0" + bytes(600), "old Word file"),
    "a password": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
    "half a file": (GOOD[: len(GOOD) // 2], "damaged"),
    "a broken part": (changed(GOOD, PART, lambda xml: xml[: len(xml) // 2]), "cannot be read"),
    "no document part": (changed(GOOD, PART, None), "cannot be read"),
    "no types": (changed(GOOD, "[Content_Types].xml", None), "without a Word document"),
    "an external entity": (changed(GOOD, PART, doctype), "document type"),
    "one in UTF-16": (
        changed(GOOD, PART, lambda xml: doctype(xml).decode().replace("UTF-8", "UTF-16").encode("utf-16")),
        "document type",
    ),
    "one in the properties": (
        changed(GOOD, "docProps/core.xml", lambda xml: b"<!DOCTYPE x><x/>"), "document type"),
    "an odd encoding": (
        changed(GOOD, PART, lambda xml: b'<?xml version="1.0" encoding="utf-7"?><x/>'), "damaged"),
    "a bomb of XML": (changed(GOOD, PART, lambda xml: xml + b" " * 9_000_000), "unpacks"),
    "a bomb of pictures": (changed(GOOD, "docProps/thumbnail.jpeg", lambda _: bytes(40 << 20)), "unpacks"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused(name: str) -> None:
    data, says = BAD[name]
    with pytest.raises(InputError, match=says) as error:
        read(data)
    assert "page.docx" in str(error.value) and "\n" not in str(error.value)


def test_a_size_that_lies() -> None:
    """A part that declares fewer bytes than it has gives no more than it declares."""
    data = changed(GOOD, PART, lambda xml: xml + b" " * 9_000_000)
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(PART)] != PART.encode():
        at = data.index(b"PK\x01\x02", at + 1)
    lying = data[: at + 24] + (500).to_bytes(4, "little") + data[at + 28 :]
    with pytest.raises(InputError, match="damaged"):
        read(lying)


def test_deep_elements_end() -> None:
    for depth in (50, 5_000):
        xml = "<w:smartTag>" * depth + t("deep") + "</w:smartTag>" * depth
        data = changed(GOOD, PART, lambda part, xml=xml: part.replace(b"<w:r>", xml.encode() + b"<w:r>", 1))
        if depth < 100:
            assert shown(data) == ["deepOne."]
        else:
            with pytest.raises(InputError):
                read(data)


def test_without_python_docx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(InputError, match=r"claimdiff\[docx\]"):
        read(GOOD)

"""Which encoding a text is taken to be in, and when that is said."""

from __future__ import annotations

import pytest

from claimdiff.read import read_bytes

WESTERN = "“We’ll see,” said José – the naïve one.\n" * 3
RUSSIAN = "Городской совет решил закрыть старый мост на девять месяцев. " * 5
HEAD = "<p>Café Malmö opens. The mayor of Malmö came.</p>"


@pytest.mark.parametrize(
    ("data", "form", "text", "noted"),
    [
        (WESTERN.encode(), "text", WESTERN, ""),
        (b"\xef\xbb\xbf" + WESTERN.encode(), "text", WESTERN, ""),
        (WESTERN.encode("utf-16"), "text", WESTERN, ""),
        (WESTERN.encode("cp1252"), "text", WESTERN, "cp1252"),
        ("one café".encode("cp1252"), "text", "one café", "cp1252"),
        (RUSSIAN.encode("cp1251"), "text", RUSSIAN, "cp1251"),
        (f'<meta charset="latin1">{HEAD}’'.encode("cp1252"), "html", f'<meta charset="latin1">{HEAD}’', ""),
        (f"<meta charset=utf-8>{HEAD}".encode("cp1252"), "html", f"<meta charset=utf-8>{HEAD}", "cp1252"),
        (f"<meta charset=klingon>{HEAD}".encode("cp1252"), "html", f"<meta charset=klingon>{HEAD}", "cp1252"),
        (f"<meta charset=cp1251>{HEAD}".encode(), "html", f"<meta charset=cp1251>{HEAD}", ""),
    ],
)  # fmt: skip
def test_encoding(data: bytes, form: str, text: str, noted: str) -> None:
    document = read_bytes(data, id="s", name="n", form=form)
    assert document.text == text
    assert [noted in note and "a guess" in note for note in document.notes] == ([True] if noted else [])


def test_what_xml_declares() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><nitf><body.content><p>Café.</p></body.content></nitf>'
    document = read_bytes(text.encode("latin-1"), id="s", name="n.nitf", form="nitf")
    assert [block.text for block in document.blocks] == ["Café."]
    assert document.notes == ()


def test_the_user_insists() -> None:
    data = "Café €".encode("cp1252")
    assert read_bytes(data, id="s", name="n", encoding="cp1252").notes == ()
    assert read_bytes(data, id="s", name="n", encoding="latin-1").text == "Café \x80"

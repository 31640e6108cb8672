"""Input that is made to hang a reader, to fill its memory, or to make it open files."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from claimdiff.errors import InputError
from claimdiff.read import read_bytes, read_path, read_text

LIMIT = 6.0  # seconds of processor time; each takes a few tenths
SIZE = 200_000

REPEATED = {
    "less-than signs": "<", "open tags": "<a ", "open quotes": '<a b="', "comments": "<!--",
    "declarations": "<!",
    "instructions": "<?", "ends": "</", "attributes": "<p a=1 ", "entities": "&amp;", "ampersands": "&",
    "scripts": "<script>", "half closed scripts": "<script></script", "divs": "<div>", "bold": "<b>",
    "breaks": "<br>",
    "unclosed tables": "<table><tr><td>x", "stray ends": "<p>a</div>", "hidden": "<div hidden>",
    "cells": "<td>",
    "dots": ".", "words": "word and ", "letters": "x", "NULs": "a\x00 ", "accents": "e\u0301",
    "bidi": "\u202ea ",
    "short lines": "A line\n", "returns": "a\r", "spaces": " ", "CDATA": "<![CDATA[", "titles": "<title>",
}  # fmt: skip


@pytest.mark.parametrize("name", REPEATED)
@pytest.mark.parametrize("form", ["text", "html"])
def test_repetition_is_read_in_linear_time(name: str, form: str) -> None:
    text = REPEATED[name] * (SIZE // len(REPEATED[name])) + " The end came."
    began = time.process_time()
    document = read_text(text, id="s", form=form)
    assert time.process_time() - began < LIMIT
    assert document.text == text


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<nitf><body.content>" + "<p>" * 30_000 + "x" + "</p>" * 30_000 + "</body.content></nitf>", "nitf"),
        ('{"body_text": "x", "a": ' + "[" * 100_000 + "]" * 100_000 + "}", "ninjs"),
        ('{"body_text": "' + "\\u00e9" * 30_000 + '"}', "ninjs"),
        ('{"body_text": "' + "\\" * 100_001 + '"}', "ninjs"),
        ("<html><body>" + "<div>" * 40_000 + "x", "html"),
        ('<html><script type="application/ld+json">' + "[" * 90_000 + "</script><p>x", "html"),
        ("<rss>" + "<item><title>x</title></item>" * 5_000 + "</rss>", "rss"),
    ],
    ids=["xml", "json", "escapes", "backslashes", "page", "linked data", "items"],
)
def test_depth_and_number(text: str, form: str) -> None:
    began = time.process_time()
    try:
        read_text(text, id="s", form=form)
    except InputError as error:
        assert "\n" not in str(error)
    assert time.process_time() - began < LIMIT


LAUGHS = "<!DOCTYPE nitf [" + "".join(
    f'<!ENTITY l{number} "{f"&l{number - 1};" * 10 if number else "ha"}">' for number in range(9)
)


@pytest.mark.parametrize("form", ["nitf", "newsml", "rss"])
@pytest.mark.parametrize(
    "head",
    [
        LAUGHS + "]>",
        '<!DOCTYPE nitf [<!ENTITY l8 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE nitf [<!ENTITY % l8 SYSTEM "http://127.0.0.1/x"> %l8;]>',
        '<!DOCTYPE nitf [<!ELEMENT p ANY>]>',
    ],
    ids=["billion laughs", "a file", "an address", "any declaration"],
)  # fmt: skip
def test_xml_that_declares_is_refused(head: str, form: str) -> None:
    with pytest.raises(InputError, match="declares entities or a document type of its own"):
        read_text(f"{head}<nitf><body.content><p>&l8;</p></body.content></nitf>", id="s", form=form)


def test_an_outer_document_type_is_not_fetched() -> None:
    text = (
        '<!DOCTYPE nitf SYSTEM "file:///etc/passwd"><nitf><body.content><p>One &x;.</p></body.content></nitf>'
    )
    assert [block.text for block in read_text(text, id="s", form="nitf").blocks] == ["One &x;."]


def test_the_limit(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"word " * 3)
    with pytest.raises(InputError, match=r"has 15 bytes, the limit is 14; .*--max-bytes"):
        read_path(page, id="s", max_bytes=14)
    with pytest.raises(InputError, match=r"more than 14 bytes, the limit is 14; .*--max-bytes"):
        read_bytes(b"x" * 15, id="s", name="n", max_bytes=14)
    assert read_path(page, id="s", max_bytes=15).text == "word " * 3
    with page.open("ab") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match="50,000,000 bytes, the limit is 10,000,000"):
        read_path(page, id="s")


@pytest.mark.skipif(os.name == "nt", reason="POSIX files")
def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    pipe, place = tmp_path / "pipe.txt", tmp_path / "socket"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as own:
        own.bind(str(place))
        for path, what in ((pipe, "a named pipe"), (place, "a socket"), (Path("/dev/zero"), "a device")):
            with pytest.raises(InputError, match=f"is {what} and no file"):
                read_path(path, id="s")

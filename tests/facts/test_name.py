"""Names: what is one, where it ends, whose key it gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdiff.facts.name import find_names, resolve
from claimdiff.facts.token import tokenize
from claimdiff.lexicon import load
from claimdiff.model import Name, NameKind


def found(text: str, **options: bool) -> list[tuple[str, str]]:
    return [(name.span.of(text), name.key) for name in find_names(text, tokenize(text), **options)]


def document(*sentences: str) -> list[list[tuple[str, Name]]]:
    tokens = tuple(tokenize(sentence) for sentence in sentences)
    names = tuple(find_names(text, line) for text, line in zip(sentences, tokens, strict=True))
    resolved = resolve(names, tokens)
    return [[(n.span.of(text), n) for n in line] for text, line in zip(sentences, resolved, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Officials said the road was closed.", []),
        ("Glaciers shrank again, and nobody measured them.", []),
        ("On Monday the council met in Canal Street.", ["Canal Street"]),
        ("Varrow said the sensor was safe.", ["Varrow"]),
        ("German Chancellor Olaf Berg met Prime Minister Keiko Mori.", ["German", "Olaf Berg", "Keiko Mori"]),
        ("Varrow Instruments Inc. of Dayton, Ohio, left.", ["Varrow Instruments Inc", "Dayton", "Ohio"]),
        ("The Bank of England and the Food and Drug Administration agreed.",
         ["Bank of England", "Food and Drug Administration"]),
        ("Critics of Varrow Chief Executive Tim Marsh cheered.", ["Varrow", "Tim Marsh"]),
        ("A Chicago-based maker sued Al-Noor Shipping.", ["Chicago", "Al-Noor Shipping"]),
        ("The novelist J. K. Orwell lives with Joris van Beek.", ["J. K. Orwell", "Joris van Beek"]),
        ("Kenya’s Labour Party won in St. Petersburg.", ["Kenya", "Labour Party", "St. Petersburg"]),
        ("He flew from São Paulo to La Paz.", ["São Paulo", "La Paz"]),
        ("Let us go, the US envoy said.", ["US"]),
        ("Who said that the WHO was late?", ["WHO"]),
        ("It ended. Turbines turned again.", []),
        ("“Beans are cheap,” she said.", []),
    ],
)  # fmt: skip
def test_found(text: str, expected: list[str]) -> None:
    assert [span for span, _ in found(text)] == expected


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("An American left.", "united states"),
        ("The U.S. left.", "united states"),
        ("Then Brits left.", "united kingdom"),
        ("South Korean ships left.", "south korea"),
        ("The Republic of Korea left.", "south korea"),
        ("Two Poles left.", "poland"),
        ("The Federal Reserve left.", "fed"),
        ("The Justice Department left.", "doj"),
        ("He left the United Nations.", "un"),
        ("He left Dayton, Ohio.", "dayton"),
    ],
)
def test_canonical_key(text: str, key: str) -> None:
    assert found(text)[0][1] == key


def test_capitals_and_seats_may_stand_for_a_country() -> None:
    text = "Tokyo, Downing Street and the Kremlin objected."
    stands = [sorted(name.aliases) for name in find_names(text, tokenize(text))]
    assert stands == [["japan"], ["united kingdom"], ["russia"]]


def test_headline_in_title_case_gives_only_supported_names() -> None:
    headline = "Regulator Fines Varrow After Sensor Recall in Canada"
    lines = document(headline, "The regulator fined Varrow Instruments on Monday.")
    assert [(span, name.key) for span, name in lines[0]] == [
        ("Varrow", "varrow instruments"),
        ("Canada", "canada"),
    ]


def test_short_forms_get_the_key_of_the_full_name() -> None:
    lines = document(
        "Jana Ruzicka joined Belmar Instruments Inc. in May.",
        "Ruzicka praised Belmar.",
        "The Coastal Rescue Training Council (CRTC) closed.",
        "The CRTC had two boats.",
    )
    keys = [[name.key for _, name in line] for line in lines]
    assert keys[0] == keys[1] == ["ruzicka", "belmar instruments"]
    assert keys[2][0] == keys[3][0] == "coastal rescue training council"


def test_pronouns_and_descriptions() -> None:
    lines = document(
        "Finance Minister Maria Costa met Paul Adler of Belmar Instruments Inc. in Lisbon.",
        "She thanked the company, and he smiled.",
        "The talks went on, the minister said.",
    )
    assert [(span, name.key, name.pronoun) for span, name in lines[1]] == [
        ("She", "costa", True), ("the company", "belmar instruments", True), ("he", "adler", True)
    ]  # fmt: skip
    assert [(span, name.key) for span, name in lines[2]] == [("the minister", "costa")]


def test_a_word_that_is_written_small_elsewhere_is_no_name() -> None:
    lines = document("Zugzwang ended the match.", "Players call it zugzwang.")
    assert [name.key for _, name in lines[0]] == []


def test_the_north_where_there_is_one() -> None:
    lines = document("North Korea fired twice.", "Sanctions on the North hold.", "Rain fell in the South.")
    assert [[name.key for _, name in line] for line in lines] == [["north korea"], ["north korea"], []]


def test_title_and_kind() -> None:
    text = "Sen. Ana Cruz told the Harbour Board that Mr. Bell had left."
    names = find_names(text, tokenize(text))
    assert [(n.key, n.kind, n.title) for n in names] == [
        ("cruz", NameKind.PERSON, "sen"),
        ("harbour board", NameKind.ORGANISATION, ""),
        ("bell", NameKind.PERSON, "mr"),
    ]


@given(st.text(alphabet="AaBb .,'’-“”()&\n\u00e91éßİ", max_size=60))
def test_any_text_is_read(text: str) -> None:
    tokens = tokenize(text)
    names = find_names(text, tokens)
    for name in resolve((names,), (tokens,))[0]:
        assert 0 <= name.span.start < name.span.end <= len(text)


def test_long_texts_are_read_in_linear_time() -> None:
    text = "Anna Berg and THE CITY OF Dayton told Paul Adler, " * 4000
    tokens = tokenize(text)
    assert len(find_names(text, tokens)) > 8000


def _lists(node: object, path: str = "") -> list[tuple[str, list[object]]]:
    if isinstance(node, dict):
        return [entry for key, value in node.items() for entry in _lists(value, f"{path}.{key}")]
    return [(path, node)] if isinstance(node, list) else []


@pytest.mark.parametrize("name", ["capital", "country", "organisation", "person", "title", "contrast"])
def test_lists_are_sorted_without_duplicates(name: str) -> None:
    for path, entries in _lists(load(name)):
        if path in (".firm", ".loose", ".equals"):
            entries = [entry for group in entries for entry in [sorted(group)] if group != entry]  # type: ignore[attr-defined]
            assert entries == [], path
        else:
            assert entries == sorted(set(entries)), path  # type: ignore[type-var]


def test_places_point_at_places() -> None:
    data = load("country")
    for key, row in data["part"].items():
        assert row["of"] in data["country"], key
    for key, row in data["region"].items():
        assert all(held in data["country"] or held in data["part"] for held in row.get("holds", ())), key

"""A house's own names for one thing."""

from __future__ import annotations

import pytest

from claimdiff import compare
from claimdiff.facts import read_facts
from claimdiff.model import NameKind
from claimdiff.read import read_text
from claimdiff.segment import segment

FED = ("Federal Reserve", "Fed", "the central bank")
Groups = tuple[tuple[str, ...], ...]


def names(text: str, aliases: Groups) -> list[tuple[str, str]]:
    """The words and the key of each name."""
    document = segment(read_text(text, id="s"), "s")
    return [
        (name.span.of(facts.statement.text), name.key)
        for facts in read_facts(document, aliases=aliases)
        for name in facts.names
        if not name.pronoun
    ]


@pytest.mark.parametrize(
    ("text", "aliases", "expected"),
    [
        ("The Fed met.", (FED,), [("Fed", "federal reserve")]),
        ("The fed met.", (FED,), [("fed", "federal reserve")]),
        ("On Monday the central bank met.", (FED,), [("the central bank", "federal reserve")]),
        ("The Federal Reserve met.", (FED,), [("Federal Reserve", "federal reserve")]),
        ("The Fed’s rate fell.", (FED,), [("Fed", "federal reserve")]),
        ("Federer met nobody.", (FED,), [("Federer", "federer")]),  # a part of a word is no name
        ("Café Löwe closed.", (("Cafe Lowe", "Haus am See"),), [("Café Löwe", "cafe lowe")]),
        ("The Haus am See closed.", (("Cafe Lowe", "Haus am See"),), [("Haus am See", "cafe lowe")]),
        # of two that overlap the longer one counts
        ("The New Fed Review closed.", (FED,), [("New Fed Review", "new fed review")]),
        ("The Bank of Vik closed.", (("BV", "Bank of Vik"), ("the house", "Bank")), [("Bank of Vik", "bv")]),
        ("Nobody met.", (FED,), []),
        ("Nobody met.", ((), ("",), ("—",)), []),
    ],
)
def test_names(text: str, aliases: Groups, expected: list[tuple[str, str]]) -> None:
    assert names(text, aliases) == expected


def test_the_others_of_a_group_are_known() -> None:
    document = segment(read_text("On Monday the central bank met.", id="s"), "s")
    (name,) = read_facts(document, aliases=(FED,))[0].names
    assert name.aliases == {"fed", "the central bank"}
    assert name.kind is NameKind.UNKNOWN


def test_without_aliases_nothing_changes() -> None:
    text = "The Fed met in Oslo. Its chair, Ada Berg, spoke. The central bank is old."
    document = segment(read_text(text, id="s"), "s")
    assert read_facts(document) == read_facts(document, aliases=())
    assert read_facts(document) == read_facts(document, aliases=(("Nobody", "No one at all"),))


SOURCE = "The Federal Reserve raised its rate on Monday. The bank of Vik closed. Trees were planted in May."
NICK = SOURCE.replace("The Federal Reserve", "The Threadneedle")
OTHER = SOURCE.replace("The Federal Reserve", "The Oslo Exchange")


def test_a_nickname_is_no_change() -> None:
    aliases = [("Federal Reserve", "Threadneedle")]
    assert compare(SOURCE, NICK).findings
    assert compare(SOURCE, NICK, aliases=aliases).findings == ()
    assert compare(NICK, SOURCE, aliases=aliases).findings == ()
    assert compare(SOURCE, NICK, aliases=[("Threadneedle", "Federal Reserve")]).findings == ()


def test_another_name_is_still_one() -> None:
    aliases = [("Federal Reserve", "Threadneedle")]
    assert "entity" in {
        type for own in compare(SOURCE, OTHER, aliases=aliases).findings for type in own.types
    }
    assert compare(NICK, OTHER, aliases=aliases).findings


def test_a_group_does_not_hide_other_changes() -> None:
    bent = NICK.replace("raised", "cut")
    assert compare(SOURCE, bent, aliases=[("Federal Reserve", "Threadneedle")]).findings

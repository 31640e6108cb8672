"""What a policy requires of quotations and figures: nothing that is not in a source passes, and nothing
that is there, in whatever form, is stopped."""

from __future__ import annotations

import pytest

from claimdiff import compare
from claimdiff.detect.required import RULES
from claimdiff.model import Comparison, Kind, Severity, Status, Type

CLOSING = " The orchard lies in Vik. It was planted by monks."


def flagged(source: str, derivative: str, *asked: str) -> list[str]:
    """The words of what is required and not there."""
    comparison = compare(source + CLOSING, derivative + CLOSING, require=asked)
    rules = {rule.id for rule in RULES}
    return [
        own.derivative.span.of(comparison.derivative.text)
        for own in comparison.findings
        if own.rule in rules and own.derivative
    ]


@pytest.mark.parametrize(
    ("source", "derivative", "expected"),
    [
        # the same figure, in another form
        ("The fund lost 1,200,000 euros.", "The fund lost 1.2 million euros.", []),
        ("The fund lost twelve members.", "The fund lost 12 members.", []),
        ("It lost 12 percent of its members.", "It lost 12% of its members.", []),
        ("The talks took two weeks.", "The talks took 14 days.", []),
        ("The talks took six hours.", "The talks took 6 hours.", []),
        ("The six-hour talks failed.", "The talks of 6 hours failed.", []),
        ("The talks took 6 hours.", "The 6-hour talks went on.", []),
        ("It closed on May 14, 2031.", "It closed on 14 May 2031.", []),
        ("It closed on 14 May 2031.", "It closed in 2031.", []),
        ("It closed on 14 May 2031.", "It closed on 14 May.", []),
        ("The boat leaves at 2:30 p.m.", "The boat leaves at 14:30.", []),
        ("The team won 3-2.", "The team won 3-2.", []),
        ("It fell from 30 to 20.", "It fell to 20 from 30.", []),
        ("It was 35 years ago.", "It happened 35 years ago.", []),
        ("It opened in the third quarter.", "It opened in Q3.", []),
        ("One of the trees fell.", "One tree fell.", []),
        ("A tree fell.", "One tree fell.", []),  # "one" is as often a pronoun
        ("The first tree fell.", "The second tree fell.", []),  # an order of words, not of figures
        ("Trees fell last week.", "Trees fell yesterday.", []),
        # another figure
        ("The fund lost 893 members.", "The fund lost about 900 members.", ["about 900"]),
        ("The fund lost 893 members.", "The fund lost nearly nine hundred members.", ["nearly nine hundred"]),
        ("It lost 12 percent of its members.", "It lost 21 percent of its members.", ["21 percent"]),
        ("The fund lost members.", "The fund lost 12 members.", ["12"]),
        ("The fund lost 12 members.", "The fund lost 12 of its 40 members.", ["40"]),
        ("The fund lost 12 members.", "The fund lost dozens of members.", ["dozens"]),
        ("It closed on 14 May 2031.", "It closed on 15 May 2032.", ["15 May 2032"]),
        ("The boat leaves at 9:30.", "The boat leaves at 9:45.", ["9:45"]),
        ("The team won 3-2.", "The team won 4-2.", ["4-2"]),
        ("The talks took days.", "The talks took 6 hours.", ["6 hours"]),
        ("The talks took two weeks.", "The talks took 13 days.", ["13 days"]),
        ("It was years ago.", "It was 35 years ago.", ["35 years ago"]),
        ("It opened in the third quarter.", "It opened in Q4.", ["Q4"]),
        ("The mayor resigned.", "The mayor, 57, resigned.", ["57"]),
        ("The mayor resigned.", "The mayor resigned. It took 6 hours.", ["6 hours"]),
        ("The mayor resigned.", "The mayor resigned. Some 7.5% of them fell in 1987.", ["Some 7.5%", "1987"]),
    ],
)
def test_figures(source: str, derivative: str, expected: list[str]) -> None:
    found = flagged(source, derivative, "numbers")
    assert len(found) == len(expected)
    for words, own in zip(expected, found, strict=True):
        assert words in own or own in words


@pytest.mark.parametrize(
    ("source", "derivative", "expected"),
    [
        ("“We are short of hands,” Lind said.", "Lind said: “We are short of hands.”", []),
        ('"We are short of hands," Lind said.', "‘We are short of hands,’ Lind said.", []),
        ("“We are short of hands,” Lind said.", "Lind spoke of being “short of hands”.", []),
        ("“We are short of hands in May,” Lind said.", "“We are short of hands …,” Lind said.", []),
        ("“We are short of hands,” Lind said.", "“We are short of [helping] hands,” Lind said.", []),
        ("“WE are short of hands,” Lind said.", "“We are short of hands,” Lind said.", []),
        ("They are short of hands, Lind said.", "They are “short of hands”, Lind said.", []),
        ("Lind said nothing.", "Lind said nothing.", []),
        ("“We are short of hands,” Lind said.", "“We are short on hands,” Lind said.", ["on"]),
        ("“We are short of hands,” Lind said.", "“We are really short of hands,” Lind said.", ["really"]),
        ("“We are short of hands,” Lind said.", "“We're short of hands,” Lind said.", ["We're"]),
        ("Lind complained.", "Lind complained. “Nobody wants to work,” she said.", ["Nobody wants to work"]),
        ("Lind complained.", "Lind called it a “farce”.", ["farce"]),
        (
            "“We are short of hands,” Lind said. “And time,” Berg said.",
            "“We are short of hands and time,” Lind said.",
            ["We are short of hands and time"],
        ),
    ],
)
def test_quotations(source: str, derivative: str, expected: list[str]) -> None:
    found = flagged(source, derivative, "quotations")
    assert len(found) == len(expected)
    for words, own in zip(expected, found, strict=True):
        assert words in own or own in words


PAIR = ("The fund lost 893 members. “We are short of hands,” Lind said.",
        "The fund lost about 900 members. “We are short on hands,” Lind said.")  # fmt: skip


def both(*asked: str) -> Comparison:
    return compare(PAIR[0] + CLOSING, PAIR[1] + CLOSING, require=asked)


def test_nothing_is_required_unless_asked() -> None:
    assert not {rule.id for rule in RULES} & {own.rule for own in both().findings}
    assert [own.rule for own in both("numbers").findings if own.rule.endswith("unsourced")] == [
        "number-unsourced"
    ]
    assert [own.rule for own in both("quotations").findings if own.rule.endswith("unsourced")] == [
        "quote-unsourced"
    ]


def test_what_is_required_is_sure_and_grave() -> None:
    comparison = both("numbers", "quotations")
    found = [own for own in comparison.findings if own.rule.endswith("unsourced")]
    assert {(own.confidence, own.severity, own.kind) for own in found} == {
        (1.0, Severity.MAJOR, Kind.DISTORTION)
    }
    assert {types for own in found for types in own.types} >= {Type.NUMBER, Type.QUOTE}
    held = {own.id: own.status for own in comparison.derivative.statements}
    assert {held[own.derivative.statement] for own in found if own.derivative} == {Status.DISTORTED}


def test_one_change_is_told_once() -> None:
    """What a detector says of the same words is said under the rule of what is required."""
    source, derivative = "It lost 12 percent of its members.", "It lost 21 percent of its members."
    usual = compare(source + CLOSING, derivative + CLOSING).findings
    asked = compare(source + CLOSING, derivative + CLOSING, require=("numbers",)).findings
    assert [own.rule for own in usual] == ["number-changed"]
    assert [own.rule for own in asked] == ["number-unsourced"]
    assert asked[0].message == usual[0].message
    assert asked[0].source == usual[0].source


def test_any_source_will_do() -> None:
    sources = ["The fund lost 893 members." + CLOSING, "About 900 members have left the fund."]
    found = compare(sources, PAIR[1] + CLOSING, require=("numbers",)).findings
    assert "number-unsourced" not in {own.rule for own in found}


def test_new_statements_are_held_to_it_too() -> None:
    comparison = compare(
        "The orchard lies in Vik.", "The orchard lies in Vik. Boats need 40 crew.", require=("numbers",)
    )
    assert {own.rule for own in comparison.findings} >= {"number-unsourced"}
    assert [own.status for own in comparison.derivative.statements][-1] in (Status.ADDED, Status.DISTORTED)


def test_boilerplate_is_not() -> None:
    text = "The orchard lies in Vik. It was planted by monks.\n\nSign up for our newsletter"
    assert compare(text, text + "\n\nRead more: 40 stories", require=("numbers",)).findings == ()

"""Omissions: which rule tells what a reader loses, and with it how grave it is."""

from __future__ import annotations

import pytest

from claimdiff.detect.omission import RULES, omission
from claimdiff.facts import read_facts
from claimdiff.model import Facts, Severity
from claimdiff.read import read_text
from claimdiff.segment import segment

MAJOR, MINOR = Severity.MAJOR, Severity.MINOR

STATEMENTS = [
    # denials and replies
    ("The treasurer denied the charges.", MAJOR),
    ("“I took no money from anyone,” the treasurer said.", MAJOR),
    ("“We have never dumped waste in the river,” said the plant's director.", MAJOR),
    ("Her lawyer called the claims baseless.", MAJOR),
    ("The club declined to comment.", MAJOR),
    ("He has pleaded not guilty.", MAJOR),
    ("The ministry rejected the allegation.", MAJOR),
    ("“There is no deal with any club,” the agent said.", MAJOR),
    ("No decision has been taken, the spokeswoman said.", MAJOR),
    ("Nothing has been signed.", MAJOR),
    # caveats, caution, conditions
    ("The trial was small, and its authors urged caution.", MAJOR),
    ("The findings have not been peer-reviewed.", MAJOR),
    ("The figures could not be independently verified.", MAJOR),
    ("The estimate is preliminary and may change.", MAJOR),
    ("The sale depends on approval by the regulator in Bern.", MAJOR),
    ("The forecast assumes that copper prices stay near their present level.", MAJOR),
    ("“It is too early to draw conclusions,” said the hydrologist.", MAJOR),
    ("The study does not prove that the dye causes the rash.", MAJOR),
    ("Unless the council finds another tenant by June, the market hall will be closed.", MAJOR),
    # reassurance
    ("There is no danger to the public, the mayor's office said.", MAJOR),
    ("Nobody was hurt.", MAJOR),
    # colour, practical notes, figures in passing
    ("“It was a lovely afternoon,” said the florist.", MINOR),
    ("“We are proud of this choir,” she said.", MINOR),
    ("“If it rains, it rains.”", MINOR),
    ("Tickets are sold at the door.", MINOR),
    ("The gardens open at nine on weekdays.", MINOR),
    ("The plant employs 340 people.", MINOR),
    ("The lamps were made in Portugal.", MINOR),
    ("Readers do not need to take any action.", MINOR),
    ("The chief executive will hold a call with analysts at noon.", MINOR),
    ("The report does not say why.", MINOR),
    ("She grew up in Tolva and studied law in Brill.", MINOR),
    ("The bridge was built in 1911.", MINOR),
    ("The company makes kettles and toasters.", MINOR),
]

RULE_OF = [
    ("The treasurer denied the charges.", "omission-denial"),
    ("The findings are preliminary.", "omission-caveat"),
    ("“It was a lovely afternoon,” said the florist.", "omission-quote"),
    ("The plant employs 340 people.", "omission-figure"),
    ("The company makes kettles and toasters.", "omission-statement"),
]


def _facts(text: str) -> Facts:
    return read_facts(segment(read_text(f"The hearing opened on Monday.\n\n{text}", id="s"), "s"))[1]


@pytest.mark.parametrize(("text", "severity"), STATEMENTS, ids=[text for text, _ in STATEMENTS])
def test_severity(text: str, severity: Severity) -> None:
    signal = omission(_facts(text), first=False)
    assert signal.severity is severity, signal.rule


@pytest.mark.parametrize(("text", "rule"), RULE_OF)
def test_rule(text: str, rule: str) -> None:
    assert omission(_facts(text), first=False).rule == rule


def test_the_lede_is_major() -> None:
    signal = omission(_facts("The company makes kettles and toasters."), first=True)
    assert (signal.rule, signal.severity) == ("omission-lede", MAJOR)


def test_the_message_of_a_major_omission_says_why() -> None:
    for text, severity in STATEMENTS:
        signal = omission(_facts(text), first=False)
        assert (":" in signal.message) or severity is MINOR


def test_rules_are_named_alike() -> None:
    assert all(rule.id.startswith("omission-") for rule in RULES)

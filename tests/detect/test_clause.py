"""Shallow clauses: each verb with the heads of its logical subject and object."""

from __future__ import annotations

import pytest

from claimdiff.detect.argument import events
from claimdiff.detect.clause import clauses
from claimdiff.facts import read_facts
from claimdiff.model import Facts
from claimdiff.read import read_text
from claimdiff.segment import segment

# sentence, then (verb, subject, object) for the clauses that matter; "-" stands for none
SENTENCES = [
    ("The union sued the company.", [("sued", "union", "company")]),
    ("The company was sued by the union.", [("sued", "union", "company")]),
    ("The company has been sued.", [("sued", "-", "company")]),
    ("Workers at the plant in Orle blocked the gate.", [("blocked", "Workers", "gate")]),
    ("The mayor, Ruth Vane, opened the bridge.", [("opened", "mayor", "bridge")]),
    ("The mayor of Sorn never opened the bridge.", [("opened", "mayor", "bridge")]),
    ("The editor, whom the publisher dismissed in June, has hired a lawyer.",
     [("dismissed", "publisher", "editor"), ("hired", "editor", "lawyer")]),
    ("The union, which had threatened a strike, was offered a rise by the operator.",
     [("threatened", "union", "strike"), ("offered", "operator", "union")]),
    ("It was the driver who warned the inspector.", [("warned", "driver", "inspector")]),
    ("The bank agreed to repay the widow.", [("repay", "bank", "widow")]),
    ("The court ordered the bank to repay the widow.",
     [("ordered", "court", "bank"), ("repay", "bank", "widow")]),
    ("The bank was ordered to repay the widow.", [("ordered", "-", "bank"), ("repay", "bank", "widow")]),
    ("The brewer recalled two batches, blaming its supplier.",
     [("recalled", "brewer", "batches"), ("blaming", "brewer", "supplier")]),
    ("Having sued the auditor, the firm hired a lawyer.",
     [("sued", "firm", "auditor"), ("hired", "firm", "lawyer")]),
    ("She accused the clerk of hiding the files.",
     [("accused", "She", "clerk"), ("hiding", "clerk", "files")]),
    ("The club left the ground after losing the match.",
     [("left", "club", "ground"), ("losing", "club", "match")]),
    ("The guard opened the gate and called the police.",
     [("opened", "guard", "gate"), ("called", "guard", "police")]),
    ("The board was asked to resign by shareholders.", [("asked", "shareholders", "board")]),
    ("The flames were put out by firefighters.", [("put", "firefighters", "flames")]),
    ("The trees were cut by contractors.", [("cut", "contractors", "trees")]),
    ("Seoul is to borrow money from the bank.", [("borrow", "Seoul", "money")]),
    ("Officers were called by a janitor who had been mopping.", [("called", "janitor", "Officers")]),
    ("“We had no choice,” said the coach.", [("said", "coach", "-")]),
    ("Peru recalled its envoy after Chile detained a trawler.",
     [("recalled", "Peru", "envoy"), ("detained", "Chile", "trawler")]),
    ("Farmers blame the dam; engineers blame the farmers.",
     [("blame", "Farmers", "dam"), ("blame", "engineers", "farmers")]),
    ("The ship struck a reef, and the crew abandoned it.", [("struck", "ship", "reef")]),
    ("A fisherman found the box.", [("found", "fisherman", "box")]),
    ("The regulator will not fine the insurer.", [("fine", "regulator", "insurer")]),
    ("The insurer could have been fined by the regulator.", [("fined", "regulator", "insurer")]),
    ("The minister's adviser leaked the letter.", [("leaked", "adviser", "letter")]),
    ("The choir sold its old green piano.", [("sold", "choir", "piano")]),
    ("Nobody warned the crew.", [("warned", "Nobody", "crew")]),
    ("The club stopped paying the coach.", [("paying", "club", "coach")]),
    ("A tanker struck by the ferry sank.", [("struck", "ferry", "tanker")]),
]  # fmt: skip

# sentence, governor, then its participants by place
EVENTS = [
    ("The questioning of the surgeon by police angered nurses.", "questioning",
     {"agent": "police", "object": "surgeon"}),
    ("The senator's attack on the governor drew applause.", "attack",
     {"agent": "senator", "object": "governor"}),
    ("The minister's dismissal by the president surprised nobody.", "dismissal",
     {"agent": "president", "object": "minister"}),
    ("The captain sold the boat to a dealer.", "sold",
     {"agent": "captain", "object": "boat", "to": "dealer"}),
    ("The bridge at Sorn is older than the chapel.", "older", {"agent": "bridge", "than": "chapel"}),
    ("The roof of the chapel collapsed.", "roof", {"'s": "chapel"}),
    ("The chapel's roof collapsed.", "roof", {"'s": "chapel"}),
]  # fmt: skip


def _facts(text: str) -> Facts:
    return read_facts(segment(read_text(text, id="s"), "s"))[0]


def _word(facts: Facts, index: int | None) -> str:
    return "-" if index is None else facts.tokens[index].text


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_verbs_with_subject_and_object(text: str, expected: list[tuple[str, str, str]]) -> None:
    facts = _facts(text)
    found = [(_word(facts, c.verb), _word(facts, c.subject), _word(facts, c.object)) for c in clauses(facts)]
    assert [clause for clause in expected if clause not in found] == []


@pytest.mark.parametrize(("text", "governor", "places"), EVENTS, ids=[text for text, _, _ in EVENTS])
def test_participants_of_an_event(text: str, governor: str, places: dict[str, str]) -> None:
    facts = _facts(text)
    found = []
    for event in events(facts):
        if _word(facts, event.governor) == governor:
            held = {place: _word(facts, index) for place, index in event.rest()}
            if event.agent is not None:
                held["agent"] = _word(facts, event.agent)
            found.append(held)
    assert any(places.items() <= held.items() for held in found), found


@pytest.mark.parametrize(
    "text", ["", "No.", "“", "of of of to to by by", "than than", "'s 's", "and, and; and"]
)
def test_odd_texts_have_no_clauses_and_no_crash(text: str) -> None:
    for facts in read_facts(segment(read_text(text, id="s"), "s")):
        clauses(facts)
        events(facts)

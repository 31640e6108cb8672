"""Cues: what is found, what is no cue, how far a cue reaches, and the order of the lexicons."""

from __future__ import annotations

import pytest

from claimdiff.facts.cue import find_cues
from claimdiff.facts.token import tokenize
from claimdiff.lexicon import load
from claimdiff.model import Cue, CueKind

OWN = ("negation", "modality", "certainty", "causality")


def cues(text: str, kind: CueKind) -> list[Cue]:
    return [cue for cue in find_cues(text, tokenize(text)) if cue.kind is kind]


def words(text: str, kind: CueKind) -> list[str]:
    return [cue.span.of(text) for cue in cues(text, kind)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The council did not approve it.", ["not"]),
        ("The council didn't approve it.", ["n't"]),
        ("The council failed to approve it.", ["failed to"]),
        ("Not only the roof but the windows broke.", []),
        ("No fewer than 12 people came.", []),
        ("It must open no later than June.", []),
        ("There is no doubt about it.", []),
        ("He lives at No. 7.", []),
        ("The crew no longer meets.", ["no longer"]),
        ("It is not unlikely.", ["not", "unlikely"]),
        ("She did not deny it.", ["not", "deny"]),
        ("Police failed to stop the leak.", ["failed to", "stop"]),
    ],
)
def test_negation(text: str, found: list[str]) -> None:
    assert words(text, CueKind.NEGATION) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The port may close.", ["may"]),
        ("The port closed in May.", []),
        ("The port closed on May 3.", []),
        ("He left a will.", []),
        ("It is likely to rain.", ["likely to"]),
        ("They did not rule out a sale.", ["did not rule out"]),
    ],
)
def test_modality(text: str, found: list[str]) -> None:
    assert words(text, CueKind.MODALITY) == found


def test_the_longest_phrase_wins() -> None:
    assert words("It fell because of the rain.", CueKind.CAUSALITY) == ["because of"]


def test_due_to_before_a_verb_names_no_cause() -> None:
    assert words("The court is due to rule.", CueKind.CAUSALITY) == []
    assert words("It closed due to rain.", CueKind.CAUSALITY) == ["due to"]


def test_two_negations_nest() -> None:
    outer, inner = cues("She did not deny taking part.", CueKind.NEGATION)
    assert outer.scope.covers(inner.span)
    assert outer.scope.covers(inner.scope)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("It did not close, but the shop did.", "close"),
        ("It did not close although it rained.", "close"),
        ("No trams ran; buses did.", "trams ran"),
        ("He did not see the man who fell.", "see the man"),
        ("It has not paid and has closed.", "paid"),
    ],
)
def test_a_negation_reaches_to_the_end_of_its_clause(text: str, scope: str) -> None:
    assert cues(text, CueKind.NEGATION)[0].scope.of(text) == scope


@pytest.mark.parametrize(
    "text", ["", " ", "not", "no " * 2000, "a lead to " * 500, "\u2014 \u201d", "x" * 5000]
)
def test_any_text_has_cues_within_it(text: str) -> None:
    for cue in find_cues(text, tokenize(text)):
        assert 0 <= cue.span.start < cue.span.end <= len(text)
        assert 0 <= cue.scope.start <= cue.scope.end <= len(text)


@pytest.mark.parametrize("name", OWN)
def test_lists_are_sorted_and_say_nothing_twice(name: str) -> None:
    for kind, scales in load(name).items():
        assert CueKind(kind)
        seen: list[str] = []
        for rungs in scales.values():
            for rung, entries in rungs.items():
                assert 0.0 <= float(rung) <= 1.0
                bare = [entry.removeprefix("=") for entry in entries]
                assert bare == sorted(bare)
                seen += bare
        assert len(seen) == len(set(seen))


def test_opposites_are_sorted_and_listed_once() -> None:
    pairs = [tuple(pair) for pair in load("antonym")["pairs"]]
    assert pairs == sorted(set(pairs))
    assert all(len(pair) == 2 and pair[0] < pair[1] for pair in pairs)

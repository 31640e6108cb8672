"""What the source says and the derivative dropped, ranked by what a reader loses with it."""

from __future__ import annotations

from claimdiff.model import CueKind, Facts, Kind, Role, Rule, Severity, Signal, Span, Stance

_WHY = "Readers of the derivative do not learn it."

RULES = (
    Rule(
        "omission-denial", Kind.OMISSION, None, Severity.MAJOR,
        "A denial, a reply or a statement that something is not so was left out.",
        "Leaving out what the accused side answers, or that something did not happen, turns a story.",
        ("The mayor was accused of fraud. “I took no money from anyone,” she said.",
         "The mayor was accused of fraud."),
        ("The mayor was accused of fraud. “I took no money from anyone,” she said.",
         "The mayor, accused of fraud, said she had taken no money."),
    ),
    Rule(
        "omission-caveat", Kind.OMISSION, None, Severity.MAJOR,
        "A caveat, a condition or a word of caution was left out.",
        "A claim without its caveat is a stronger claim than anyone made.",
        ("The drug cut deaths by a third. The trial was small, and its authors urged caution.",
         "The drug cut deaths by a third."),
        ("The drug cut deaths by a third. The trial was small, and its authors urged caution.",
         "The drug cut deaths by a third in a small trial whose authors urged caution."),
    ),
    Rule(
        "omission-lede", Kind.OMISSION, None, Severity.MAJOR,
        "The source's first statement is not carried.",
        "The first statement is what the source holds to be the news.",
        ("The council voted to close the library. Two members were absent.", "Two members were absent."),
        ("The council voted to close the library. Two members were absent.",
         "The library will be closed, the council decided. Two members were absent."),
    ),
    Rule(
        "omission-quote", Kind.OMISSION, None, Severity.MINOR,
        "A direct quotation was left out.",
        "A voice that the source let speak is silent in the derivative.",
        ("The bridge closed on Monday. “It is a relief,” said Ann Holt.", "The bridge closed on Monday."),
        ("The bridge closed on Monday. “It is a relief,” said Ann Holt.",
         "The bridge closed on Monday, a relief, Ann Holt said."),
    ),
    Rule(
        "omission-figure", Kind.OMISSION, None, Severity.MINOR,
        "A statement with a figure was left out.",
        "Figures are what readers weigh a story by.",
        ("The plant will close. It employs 340 people.", "The plant will close."),
        ("The plant will close. It employs 340 people.", "The plant, which employs 340 people, will close."),
    ),
    Rule(
        "omission-statement", Kind.OMISSION, None, Severity.MINOR,
        "A statement of the source was left out.",
        _WHY,
        ("The plant will close. The mayor visited it.", "The plant will close."),
        ("The plant will close. The mayor visited it.", "The plant that the mayor visited will close."),
    ),
)  # fmt: skip
_BY_ID = {rule.id: rule for rule in RULES}
_REASON = {
    "omission-denial": "it says that something is not so, or answers for one side",
    "omission-caveat": "it limits what is claimed",
    "omission-lede": "it is the source's first statement",
    "omission-quote": "it is a direct quotation",
    "omission-figure": "it carries a figure",
    "omission-statement": "",
}
_REPLY = {Stance.DENY, Stance.DECLINE, Stance.REFUSE}


def omission(facts: Facts, *, first: bool) -> Signal:
    """The omission of a whole source statement; the span is that of the source statement's text."""
    rule = _BY_ID[_weight(facts, first=first)]
    reason = _REASON[rule.id]
    message = "The derivative leaves this out" + (f": {reason}." if reason else ".")
    text = facts.statement.text
    return Signal(
        rule.id, (), rule.severity, CONFIDENCE, message, Span(0, 0), (0, Span(0, len(text))), old=text
    )


CONFIDENCE = 0.8  # of an untaken statement being truly gone; see docs/accuracy.md


def _weight(facts: Facts, *, first: bool) -> str:
    kinds = {cue.kind for cue in facts.cues}
    if first or facts.statement.role is Role.HEADLINE:
        return "omission-lede" if first else "omission-statement"
    speaks = bool(facts.quotations or facts.attributions) or facts.statement.inside
    denies = CueKind.NEGATION in kinds and speaks
    if denies or any(a.stance in _REPLY for a in facts.attributions):
        return "omission-denial"
    if CueKind.CONDITION in kinds or (CueKind.CONCESSION in kinds and CueKind.MODALITY in kinds):
        return "omission-caveat"
    if facts.quotations or facts.statement.inside:
        return "omission-quote"
    if any(quantity.unit != "designator" for quantity in facts.quantities):
        return "omission-figure"
    return "omission-statement"

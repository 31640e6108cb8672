"""What the source says and the derivative dropped, ranked by what a reader loses with it."""

from __future__ import annotations

from claimdiff.lexicon import words
from claimdiff.model import Facts, Kind, Role, Rule, Severity, Signal, Span, Stance, Tag, Token

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
CONFIDENCE = 0.8  # of an untaken statement being truly gone; see docs/accuracy.md
_LONGEST = 5  # lemmas in a listed phrase
_BRIEF = 6  # content words up to which a spoken condition is a turn of phrase: "If it rains, it rains."
_PRACTICAL = {"need", "have", "want", "wish"}  # "do not need to": advice to readers, and no denial
_POINTING = {"it", "this", "that", "they"}
_SAID = 2  # content words from which a spoken denial says what is not so
_FIRST = {"i", "we", "my", "our", "us", "me"}
_NO = {"no", "not", "n't", "never", "nothing", "none", "nobody", "neither", "nor", "without", "cannot"}


def omission(facts: Facts, *, first: bool) -> Signal:
    """The omission of a whole source statement; the span is that of the source statement's text."""
    rule = _BY_ID[_weight(facts, first=first)]
    reason = _REASON[rule.id]
    message = "The derivative leaves this out" + (f": {reason}." if reason else ".")
    text = facts.statement.text
    return Signal(
        rule.id, (), rule.severity, CONFIDENCE, message, Span(0, 0), (0, Span(0, len(text))), old=text
    )


def _weight(facts: Facts, *, first: bool) -> str:
    """The rule that tells best what a reader loses with a statement."""
    if first or facts.statement.role is Role.HEADLINE:
        return "omission-lede" if first else "omission-statement"
    phrases = _phrases(facts)
    if _denies(facts, phrases):
        return "omission-denial"
    if _limits(facts, phrases):
        return "omission-caveat"
    if facts.quotations or facts.statement.inside:
        return "omission-quote"
    if any(quantity.unit != "designator" for quantity in facts.quantities):
        return "omission-figure"
    return "omission-statement"


def _phrases(facts: Facts) -> frozenset[str]:
    """All runs of lemmas of a statement that may be listed; "n't" reads "not"."""
    lemmas = ["not" if token.norm == "n't" else token.lemma for token in facts.tokens]
    return frozenset(
        " ".join(lemmas[at : at + size]) for at in range(len(lemmas)) for size in range(1, _LONGEST + 1)
    )


def _denies(facts: Facts, phrases: frozenset[str]) -> bool:
    """Whether one side answers, or something is said not to be so."""
    if any(attribution.stance in _REPLY for attribution in facts.attributions):
        return True
    if not phrases.isdisjoint(words("omission", "denial") | words("omission", "absence")):
        return True
    return _in_person(facts) and _size(facts) >= _SAID and "if" not in phrases


def _in_person(facts: Facts) -> bool:
    """Whether a speaker says in the first person, or as a flat fact, that something is not so."""
    tokens = facts.tokens
    if not (facts.quotations or facts.statement.inside):
        return False
    for index, token in enumerate(tokens):
        if token.norm not in _NO or not _spoken(facts, token):
            continue
        before = [other.norm for other in tokens[max(0, index - 4) : index]]
        after = next((other.lemma for other in tokens[index + 1 :] if other.tag is not Tag.ADVERB), "")
        if after in _PRACTICAL and "to" in [other.norm for other in tokens[index + 1 : index + 4]]:
            continue
        of_it = len(before) > 1 and before[-2] in _POINTING and tokens[index - 1].tag is Tag.MODAL
        if _FIRST & set(before) or "there" in before or of_it:
            return True
    return False


def _spoken(facts: Facts, token: Token) -> bool:
    return facts.statement.inside or any(q.span.covers(token.span) for q in facts.quotations)


def _limits(facts: Facts, phrases: frozenset[str]) -> bool:
    """Whether a statement limits what is claimed: caution, a condition, a reassurance."""
    if not phrases.isdisjoint(words("omission", "caution") | words("omission", "reassurance")):
        return True
    if not phrases.isdisjoint(words("omission", "condition")):
        return True
    return "if" in phrases and _size(facts) > _BRIEF


def _size(facts: Facts) -> int:
    return sum(1 for token in facts.tokens if token.content)

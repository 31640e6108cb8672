"""The same frame with another word in it: "should be condemning" told as "should be alarmed"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimdiff.model import Kind, Pair, Rule, Severity, Signal, Tag, Token, Type

RULES = (
    Rule(
        "frame-replaced", Kind.DISTORTION, Type.PREDICATE, Severity.MAJOR,
        "Subject and auxiliaries are kept word for word, and what they lead to is another act or state.",
        "A call to condemn is no call to be alarmed, and so near to the source it reads like a quotation.",
        ("Banks should be publishing the fees, the regulator said.",
         "Banks should be afraid of the fees, the regulator said."),
        ("Banks should be publishing the fees, the regulator said.",
         "Banks should be disclosing the fees, the regulator said."),
    ),
)  # fmt: skip

_CHAIN = {Tag.MODAL, Tag.AUXILIARY, Tag.PARTICLE}
_ACTS = {Tag.VERB, Tag.ADJECTIVE}
_TURNED = 0.75  # what the subject does became what is done to it, or how it is
_SAME = 0.3  # in the same form it is as often another word for the same act


def detect(pair: Pair) -> Iterator[Signal]:
    """An unmatched verb or adjective behind a frame that the source fills with another unmatched one."""
    tokens = pair.derivative.tokens
    matched = {m.derivative for m in pair.matches}
    framed = [
        index
        for index, token in enumerate(tokens)
        if token.tag in _ACTS and index and tokens[index - 1].tag in _CHAIN and index not in matched
    ]
    if not framed:
        return
    home = {m.derivative: (m.statement, m.source) for m in pair.matches}
    taken = {(m.statement, m.source) for m in pair.matches}
    for index in framed:
        token = tokens[index]
        if not token.content:
            continue
        chain = _chain(tokens, index)
        if chain[0] == 0 or chain[0] - 1 not in home:
            continue
        statement, subject = home[chain[0] - 1]
        facts = pair.sources[statement]
        behind = subject + 1 + len(chain)
        frame = [t.norm for t in facts.tokens[subject + 1 : behind]]
        if frame != [tokens[i].norm for i in chain] or behind >= len(facts.tokens):
            continue
        other = facts.tokens[behind]
        if (statement, behind) in taken or other.tag not in _ACTS or not other.content:
            continue
        turned = token.norm.endswith("ing") != other.norm.endswith("ing")
        span = tokens[chain[0] - 1].span.join(token.span)
        there = facts.tokens[subject].span.join(other.span)
        old, new = there.of(facts.statement.text), span.of(pair.derivative.statement.text)
        yield Signal(
            "frame-replaced", (Type.PREDICATE,), Severity.MAJOR,
            _TURNED if turned else _SAME, f"“{old}” in the source, “{new}” here.",
            token.span, (statement, other.span), old, new,
        )  # fmt: skip


def _chain(tokens: Sequence[Token], verb: int) -> list[int]:
    """The auxiliaries right before a verb, in order."""
    at = verb
    while at and tokens[at - 1].tag in _CHAIN:
        at -= 1
    return list(range(at, verb))

"""Who is who in a pair: which nouns and names of both sides stand for one person, body or thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimdiff.lexicon import load, words
from claimdiff.model import Facts, NameKind, Pair, Tag, Token

DERIVATIVE = -1  # the side of the derivative; a source statement's side is its index in the pair
Unit = tuple[int, int]  # a token: its side and its index
_NOMINAL = {Tag.NOUN, Tag.NAME}
_INSIDE = {Tag.DETERMINER, Tag.ADJECTIVE, Tag.NUMBER, Tag.NOUN, Tag.NAME}
_SAME = {"exact", "lemma", "stem", "name", "synonym", "same"}


class Cast:
    """The actors of a pair as classes of tokens, by names, appositions and matched words."""

    def __init__(self, pair: Pair) -> None:
        self._parent: dict[Unit, Unit] = {}
        self.weak: set[Unit] = set()
        self._pair = pair
        sides = [(DERIVATIVE, pair.derivative), *enumerate(pair.sources)]
        keys: dict[str, Unit] = {}
        for side, facts in sides:
            self._names(side, facts, keys)
            for first, second in apposed(facts):
                self._join((side, first), (side, second))
        for match in pair.matches:
            here = pair.derivative.tokens[match.derivative]
            there = pair.sources[match.statement]
            named = {key(pair.derivative, match.derivative), key(there, match.source)}
            if match.relation in _SAME and here.tag in _NOMINAL and ("" in named or len(named) == 1):
                self._join((DERIVATIVE, match.derivative), (match.statement, match.source))

    def _names(self, side: int, facts: Facts, keys: dict[str, Unit]) -> None:
        for name in facts.names:
            indices = [i for i, token in enumerate(facts.tokens) if name.span.covers(token.span)]
            if name.pronoun:
                self.weak.update((side, i) for i in indices)
                indices = [
                    i for i in indices if facts.tokens[i].tag is Tag.PRONOUN or name.kind is NameKind.PERSON
                ]
            elif name.title:
                indices = [i for i in indices if facts.tokens[i].tag is Tag.NAME] or indices
            for index in indices:
                self._join((side, index), (side, indices[0]))
                for key in (name.key, *sorted(name.aliases)) if not name.pronoun else (name.key,):
                    self._join((side, index), keys.setdefault(key, (side, index)))

    def _join(self, first: Unit, second: Unit) -> None:
        a, b = self.of(first), self.of(second)
        if a != b:
            self._parent[max(a, b)] = min(a, b)

    def of(self, unit: Unit) -> Unit:
        """The class of a token: one token that stands for all of it."""
        while self._parent.setdefault(unit, unit) != unit:
            self._parent[unit] = self._parent[self._parent[unit]]
            unit = self._parent[unit]
        return unit

    def who(self, side: int, index: int) -> frozenset[Unit]:
        """The classes that a noun may stand for: its own, and the place it acts for ("Iceland's envoy")."""
        facts = self._pair.derivative if side == DERIVATIVE else self._pair.sources[side]
        out = {self.of((side, index))}
        if is_actor_noun(facts.tokens[index]):
            start = index
            while start > 0 and (
                facts.tokens[start - 1].tag in _INSIDE or facts.tokens[start - 1].norm in {"'s", "'", "-"}
            ):
                start -= 1
            for name in facts.names:
                if (
                    name.kind is NameKind.PLACE
                    and not name.pronoun
                    and name.key in load("country")["country"]
                ):
                    out.update(
                        self.of((side, i))
                        for i in range(start, index)
                        if name.span.covers(facts.tokens[i].span)
                    )
        return frozenset(out)


def apposed(facts: Facts) -> Iterator[tuple[int, int]]:
    """Tokens that name one actor twice: "minister Ana Ruiz", "the minister, Ana Ruiz," """
    tokens = facts.tokens
    for index in range(1, len(tokens)):
        left, right = tokens[index - 1], tokens[index]
        if right.tag is Tag.NAME and left.tag is Tag.NOUN and is_actor_noun(left) and _is_who(facts, index):
            yield index - 1, index
        elif left.norm == "," and index > 1 and tokens[index - 2].tag in _NOMINAL:
            head = phrase_end(tokens, index)
            if head is None or head + 1 >= len(tokens) or tokens[head + 1].norm not in {",", ".", ";"}:
                continue
            first, second = tokens[index - 2], tokens[head]
            one_name = (first.tag is Tag.NAME) != (second.tag is Tag.NAME)
            noun = first if second.tag is Tag.NAME else second
            named = head if second.tag is Tag.NAME else index - 2
            if one_name and is_actor_noun(noun) and _is_who(facts, named):
                yield index - 2, head


def phrase_end(tokens: Sequence[Token], at: int) -> int | None:
    """The last noun of the noun phrase that begins at a token, or None."""
    head = None
    while at < len(tokens) and (tokens[at].tag in _INSIDE or tokens[at].norm in {"'s", "'", "-", "&"}):
        if tokens[at].tag in _NOMINAL:
            head = at
        at += 1
    return head


def _is_who(facts: Facts, index: int) -> bool:
    """Whether a token belongs to the name of a person or a body."""
    span = facts.tokens[index].span
    name = next((n for n in facts.names if n.span.covers(span) and not n.pronoun), None)
    return name is not None and name.kind is not NameKind.PLACE


def is_actor_noun(token: Token) -> bool:
    """Whether a noun is one for persons or bodies that act."""
    return token.lemma in words("role", "actors")


def is_actor(facts: Facts, index: int) -> bool:
    """Whether a token names someone or something that can act."""
    token = facts.tokens[index]
    return is_actor_noun(token) or any(name.span.covers(token.span) for name in facts.names)


def key(facts: Facts, index: int) -> str:
    """The key of the name that a token belongs to, or ""; pronouns have none of their own."""
    span = facts.tokens[index].span
    return next((name.key for name in facts.names if name.span.covers(span) and not name.pronoun), "")


def converse(first: str, second: str) -> bool:
    """Whether two verbs tell one event from its two ends, as "buy" and "sell" do."""
    return any(
        (first in left and second in right) or (second in left and first in right)
        for left, right in load("role")["converse"]
    )

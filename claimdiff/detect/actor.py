"""Who is who in a pair: which nouns and names of both sides stand for one person, body or thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from claimdiff.detect.seen import edges, names_at
from claimdiff.lexicon import load, words
from claimdiff.model import Facts, Name, NameKind, Pair, Tag, Token

DERIVATIVE = -1  # the side of the derivative; a source statement's side is its index in the pair
Unit = tuple[int, int]  # a token: its side and its index
_NOMINAL = frozenset({Tag.NOUN, Tag.NAME})
_INSIDE = frozenset({Tag.DETERMINER, Tag.ADJECTIVE, Tag.NUMBER, Tag.NOUN, Tag.NAME})
_SAME = frozenset({"exact", "lemma", "stem", "name", "synonym", "same"})


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
        tokens, names = pair.derivative.tokens, names_at(pair.derivative)
        for match in pair.matches:
            if match.relation not in _SAME or tokens[match.derivative].tag not in _NOMINAL:
                continue
            # A word without a name may stand for any; two names must have one key.
            here = key(pair.derivative, match.derivative) if match.derivative in names else ""
            there = key(pair.sources[match.statement], match.source) if here else ""
            if not there or here == there:
                self._join((DERIVATIVE, match.derivative), (match.statement, match.source))

    def _names(self, side: int, facts: Facts, keys: dict[str, Unit]) -> None:
        for name in facts.names:
            indices: Sequence[int] = edges(facts).inside(name.span)
            if name.pronoun:
                self.weak.update((side, i) for i in indices)
                indices = [
                    i for i in indices if facts.tokens[i].tag is Tag.PRONOUN or name.kind is NameKind.PERSON
                ]
            elif name.title:
                indices = [i for i in indices if facts.tokens[i].tag is Tag.NAME] or indices
            if not indices:
                continue
            first = side, indices[0]
            for index in indices[1:]:
                self._join((side, index), first)
            # The classes are the same ones in whatever order they grow together.
            for key in (name.key, *name.aliases) if not name.pronoun else (name.key,):
                self._join(first, keys.setdefault(key, first))

    def _join(self, first: Unit, second: Unit) -> None:
        a, b = self.of(first), self.of(second)
        if a != b:
            self._parent[max(a, b)] = min(a, b)

    def of(self, unit: Unit) -> Unit:
        """The class of a token: one token that stands for all of it."""
        parent = self._parent
        while (above := parent.get(unit, unit)) != unit:
            parent[unit] = parent.get(above, above)  # the next way up is shorter
            unit = above
        return unit

    def who(self, side: int, index: int) -> frozenset[Unit]:
        """The classes that a noun may stand for: its own, and the place it acts for ("Iceland's envoy")."""
        facts = self._pair.derivative if side == DERIVATIVE else self._pair.sources[side]
        out = {self.of((side, index))}
        names = names_at(facts)
        if names and is_actor_noun(facts.tokens[index]):
            at = index - 1
            while at >= 0 and (facts.tokens[at].tag in _INSIDE or facts.tokens[at].norm in {"'s", "'", "-"}):
                if any(_is_country(name) for name in names.get(at, ())):
                    out.add(self.of((side, at)))
                at -= 1
        return frozenset(out)


def _is_country(name: Name) -> bool:
    return name.kind is NameKind.PLACE and not name.pronoun and name.key in load("country")["country"]


def apposed(facts: Facts) -> Iterator[tuple[int, int]]:
    """Tokens that name one actor twice: "minister Ana Ruiz", "the minister, Ana Ruiz," """
    tokens = facts.tokens
    for at, left in enumerate(tokens[:-1]):
        if left.tag is Tag.NOUN:
            if tokens[at + 1].tag is Tag.NAME and is_actor_noun(left) and _is_who(facts, at + 1):
                yield at, at + 1
        elif left.norm == "," and at and tokens[at - 1].tag in _NOMINAL:
            yield from _enclosed(facts, at + 1)


def _enclosed(facts: Facts, index: int) -> Iterator[tuple[int, int]]:
    """The noun before a comma and the one between it and the next mark, when they name one actor."""
    tokens = facts.tokens
    head = phrase_end(tokens, index)
    if head is None or head + 1 >= len(tokens) or tokens[head + 1].norm not in {",", ".", ";"}:
        return
    first, second = tokens[index - 2], tokens[head]
    noun, named = (first, head) if second.tag is Tag.NAME else (second, index - 2)
    one_name = (first.tag is Tag.NAME) != (second.tag is Tag.NAME)
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
    name = next((n for n in names_at(facts).get(index, ()) if not n.pronoun), None)
    return name is not None and name.kind is not NameKind.PLACE


def is_actor_noun(token: Token) -> bool:
    """Whether a noun is one for persons or bodies that act."""
    return token.lemma in words("role", "actors")


def is_actor(facts: Facts, index: int) -> bool:
    """Whether a token names someone or something that can act."""
    return is_actor_noun(facts.tokens[index]) or index in names_at(facts)


def key(facts: Facts, index: int) -> str:
    """The key of the name that a token belongs to, or ""; pronouns have none of their own."""
    for name in names_at(facts).get(index, ()):
        if not name.pronoun:
            return name.key
    return ""


@cache
def _converses() -> Mapping[str, frozenset[str]]:
    """{verb: the verbs that tell the same event from its other end}."""
    found: dict[str, set[str]] = {}
    for left, right in load("role")["converse"]:
        for here, there in ((left, right), (right, left)):
            for word in here:
                found.setdefault(word, set()).update(there)
    return {word: frozenset(others) for word, others in found.items()}


def converses(verb: str) -> frozenset[str]:
    """The verbs that tell the same event as a verb from its other end."""
    return _converses().get(verb, frozenset())


def converse(first: str, second: str) -> bool:
    """Whether two verbs tell one event from its two ends, as "buy" and "sell" do."""
    return second in _converses().get(first, ())

"""The part of speech of each word in its sentence: the cheapest path through the words' classes.

What a word costs as a class comes from reading.py, what a class costs after another from the table
`after` of lexicon/tags.toml. Adverbs and quotation marks are looked through: in "has also been" the
participle follows "has". The cost of a sentence grows with its length and never with its square.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from claimdiff.facts.reading import Costs, Word, listed, parse, word
from claimdiff.lexicon import load
from claimdiff.model import Tag

DEFAULT = 6.5  # cost of a class after one whose row does not name it

TAGS: Mapping[str, Tag] = {
    "N": Tag.NOUN, "NS": Tag.NOUN, "NM": Tag.NAME, "CD": Tag.NUMBER,
    "V": Tag.VERB, "VS": Tag.VERB, "VD": Tag.VERB, "VN": Tag.VERB, "VG": Tag.VERB,
    "BE": Tag.AUXILIARY, "BB": Tag.AUXILIARY, "BN": Tag.AUXILIARY,
    "BG": Tag.AUXILIARY, "HV": Tag.AUXILIARY, "HB": Tag.AUXILIARY, "DO": Tag.AUXILIARY, "MD": Tag.MODAL,
    "TO": Tag.PARTICLE, "J": Tag.ADJECTIVE, "R": Tag.ADVERB, "X": Tag.ADVERB, "RP": Tag.PARTICLE,
    "D": Tag.DETERMINER, "PO": Tag.DETERMINER, "P": Tag.PRONOUN, "W": Tag.PRONOUN, "PS": Tag.PARTICLE,
    "I": Tag.PREPOSITION, "C": Tag.CONJUNCTION, "S": Tag.CONJUNCTION, "EX": Tag.PRONOUN, ",": Tag.PUNCTUATION,
    ".": Tag.PUNCTUATION, "-": Tag.PUNCTUATION, "Q": Tag.PUNCTUATION,
}  # fmt: skip

_MARKS: Mapping[str, Costs] = {
    **dict.fromkeys((",", ":", ";", "–", "(", "[", "/", "|", "•", "*"), ((",", 0.0),)),
    **dict.fromkeys((".", "!", "?"), ((".", 0.0),)),
    **dict.fromkeys(('"', "'", ")", "]"), (("Q", 0.0),)),
    "-": (("-", 0.0),),
}
_OTHER_MARK: Costs = ((",", 0.0),)
_OPEN = frozenset({"MD", "BE", "BB", "BN", "BG", "HV", "HB", "DO", "TO"})  # an adverb does not end these
_SUBJECTS = frozenset({"P", "EX", "W", "S", "R", "D"})  # after one of these 's is a verb
_PEEK = frozenset({"to", "more", "most", "less", "least"})
_BASE = frozenset({"V", "BB", "HV", "HB", "DO", "R", "X"})
_BEFORE_QUESTION = frozenset({".", ",", "W", "S", "Q"})
_SUBJECT = frozenset({"D", "PO", "PS", "J", "N", "NS", "NM", "CD", "EX"})
_BETWEEN = frozenset({"R", "X", "Q", "P"})
_LINKS = frozenset({"D", "PO", "PS", "J", "CD"})
_CHANGING = frozenset({"HV", "HB", "DO", "VN", "VG"})  # classes whose tag the neighbours decide
_VERBS = frozenset({"V", "VN", "VG", "BB", "BN", "BG", "HB"})


class Form(NamedTuple):
    """What the tagger sees of a token."""

    text: str
    norm: str
    mark: bool
    glued: bool  # no space before it


class Style(NamedTuple):
    """How a text writes its words, since that decides what a capital means."""

    title: bool
    caps: bool


@cache
def _after() -> Mapping[str, Mapping[str, float]]:
    return {name: dict(parse(row)) for name, row in load("tags")["after"].items()}


def style(forms: Sequence[Form]) -> Style:
    """Whether a text is a headline in title case or in capitals."""
    words = [form.text for form in forms if not form.mark and form.text[0].isalpha()]
    long = [text for text in words if len(text) > 3]
    if len(long) < 3:
        return Style(False, len(words) > 2 and all(text.isupper() for text in words))
    # In running text some verb or noun is in lower case, in a headline only small words are.
    title = sum(text[0].isupper() for text in long) >= 3 and all(
        form.text[0].isupper() or word(form.norm).closed or not form.text.islower()
        for form in forms
        if not form.mark
    )
    return Style(title, sum(text.isupper() for text in long) >= 0.7 * len(long))


def classes(forms: Sequence[Form]) -> list[str]:
    """The class of each token, as lexicon/tags.toml names them."""
    shape = style(forms)
    return _path([_emissions(forms, at, form, shape) for at, form in enumerate(forms)])


def tags(forms: Sequence[Form], names: Sequence[str]) -> list[Tag]:
    """The coarse tags of tokens with these classes."""
    found = [TAGS[name] for name in names]
    for at, name in enumerate(names):
        if name not in _CHANGING:
            continue
        if name == "VN" or name == "VG":
            if _attributive(names, at):
                found[at] = Tag.ADJECTIVE
        elif not _helps(forms, names, at):
            found[at] = Tag.VERB
    return found


def _helps(forms: Sequence[Form], names: Sequence[str], at: int) -> bool:
    """Whether a form of have or do stands before its verb: past adverbs, a negation, a subject."""
    if names[at] != "DO" and at + 1 < len(names) and names[at + 1] == "TO":
        return True  # "has to go"
    question = names[at] == "DO" or at == 0 or names[at - 1] in _BEFORE_QUESTION
    for name in names[at + 1 : at + 8]:
        if name in _VERBS:
            return name != "VG" and name != "BG"
        if name == "VD" and question:
            return True  # "Has the minister resigned?" reads like a past tense
        if name not in _BETWEEN and not (question and name in _SUBJECT):
            break
    return at + 1 < len(names) and names[at + 1] == "X"


def _attributive(names: Sequence[str], at: int) -> bool:
    """Whether a participle stands between a determiner or adjective and its noun."""
    if at + 1 == len(names) or names[at + 1] not in ("N", "NS", "J", "NM"):
        return False
    before = names[at - 1] if at else "START"
    if before == "R" and at > 1:
        before = names[at - 2]
    return before in _LINKS


def _emissions(forms: Sequence[Form], at: int, form: Form, shape: Style) -> Costs:
    text, norm, mark, _ = form
    if mark:
        return _mark(forms, at)
    if norm == "'s" or norm == "'d":
        return _clitic(forms, at)
    found = word(norm)
    if norm in _PEEK and at + 1 < len(forms) and not forms[at + 1].mark:
        return _peek(form, forms[at + 1], found)
    first = text[0]
    if not first.isupper() or norm == "i":
        return _named(found, 0.3) if first.islower() and not text.islower() else found.costs
    if shape.caps or (shape.title and not (len(text) > 1 and text.isupper())):
        return _titled(found)
    if len(text) > 1 and not text[1:].islower():
        return _named(found, 0.1, 4.0)  # NATO, U.S., McDonald, G7
    if _starts(forms, at):
        return _initial(forms, at, found)
    return _named(found, 0.1, 1.5 if found.closed else 3.2)


def _peek(form: Form, following: Form, found: Word) -> Costs:
    """Words whose class the next word decides: "to cut", "to them", "more slowly"."""
    costs = word(following.norm).costs
    if form.norm == "to":
        verb = min((cost for name, cost in costs if name in _BASE), default=9.0)
        name = following.text[0].isupper() and form.text[0].islower()
        if name or verb > 8:
            return (("I", 0.0), ("TO", 2.5))
        return (("TO", 0.0), ("I", 1.6 + max(0.0, 2.0 - verb)))
    best = min(costs, key=lambda pair: pair[1])[0]
    return (("R", 0.0), ("D", 2.4)) if best in ("J", "R") else found.costs


def _named(found: Word, cost: float, others: float = 3.0) -> Costs:
    """The readings of a word that its capital makes a name at this cost."""
    rest = tuple((name, other + others) for name, other in found.costs if name != "NM")
    name = 2.5 if found.closed and others < 2 else cost
    return (("NM", name), *(rest if found.listed else ()))


def _titled(found: Word) -> Costs:
    if found.closed:
        return found.costs
    if not found.listed:
        return (("NM", 0.4), *((name, cost + 1.2) for name, cost in found.costs))
    return (*found.costs, ("NM", 2.0 if found.name else 3.2))


def _initial(forms: Sequence[Form], at: int, found: Word) -> Costs:
    """The first word of a sentence: its capital says nothing, the next word's may."""
    if found.closed:
        return found.costs
    following = forms[at + 1] if at + 1 < len(forms) else None
    capital = following is not None and not following.mark and following.text[0].isupper()
    chained = following is not None and capital and not word(following.norm).closed
    if not found.listed:
        return (("NM", 0.1), *((name, cost + (2.2 if chained else 1.0)) for name, cost in found.costs))
    return (*found.costs, ("NM", (0.6 if found.name else 1.4) if chained else (1.2 if found.name else 2.6)))


def _starts(forms: Sequence[Form], at: int) -> bool:
    """Whether a word begins a sentence: the first one, or after a full stop that ends something."""
    while at and forms[at - 1].mark and forms[at - 1].norm in ('"', "'", "(", "[", "–", "•", "*"):
        at -= 1
    return at == 0 or (forms[at - 1].norm in (".", "!", "?", ":") and not _abbreviated(forms, at - 1))


def _abbreviated(forms: Sequence[Form], at: int) -> bool:
    """Whether the full stop here belongs to an abbreviation or an initial."""
    if at == 0 or forms[at].norm != "." or not forms[at].glued or forms[at - 1].mark:
        return False
    before = forms[at - 1]
    if at + 1 == len(forms) or not before.text[0].isupper():
        return False
    return (len(before.text) == 1 and before.norm != "i") or before.norm in listed("abbreviations")


def _mark(forms: Sequence[Form], at: int) -> Costs:
    norm = forms[at].norm
    if norm == "." and _abbreviated(forms, at):
        return (("Q", 0.0),)
    if norm == "'" and at and forms[at].glued and forms[at - 1].norm.endswith("s"):
        following = forms[at + 1] if at + 1 < len(forms) else None
        return (("PS", 0.5), ("Q", 1.0)) if following and not following.mark else (("Q", 0.0),)
    if norm in ("%", "$", "£", "€", "¥", "&"):
        return word(norm).costs
    return _MARKS.get(norm, _OTHER_MARK)


def _clitic(forms: Sequence[Form], at: int) -> Costs:
    """'s is "is" or "has" after a pronoun, and mostly a possessive after a noun; 'd is a verb."""
    if forms[at].norm == "'s" and at and forms[at].glued:
        before = forms[at - 1].norm
        if word(before).costs[0][0] in _SUBJECTS and before not in listed("owners"):
            return (("BE", 0.2), ("HV", 1.7))
    return word(forms[at].norm).costs


def _path(emissions: Sequence[Costs]) -> list[str]:
    """The cheapest classes: one step back for each context that the words so far can leave behind."""
    after = _after()
    # context: (cost, class, context before)
    front: dict[str, float] = {"START": 0.0}
    trail: list[dict[str, tuple[str, str]]] = []
    for costs in emissions:
        step: dict[str, float] = {}
        back: dict[str, tuple[str, str]] = {}
        for name, cost in costs:
            if name == "Q":
                for context, so_far in front.items():
                    total = so_far + cost
                    if context not in step or total < step[context]:
                        step[context] = total
                        back[context] = (name, context)
                continue
            adverb = name == "R" or name == "X"
            for context, so_far in front.items():
                total = so_far + cost + after[context].get(name, DEFAULT)
                left = context if adverb and context in _OPEN else name
                if left not in step or total < step[left]:
                    step[left] = total
                    back[left] = (name, context)
        front = step
        trail.append(back)
    names = []
    context = min(front, key=lambda key: front[key])
    for back in reversed(trail):
        name, context = back[context]
        names.append(name)
    return names[::-1]

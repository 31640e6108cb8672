"""Where the subject of a reporting verb stands, and whether the word reports at all."""

from __future__ import annotations

from claimdiff import lexicon
from claimdiff.facts import reporting
from claimdiff.facts.reporting import Verb
from claimdiff.facts.speech import (
    BE,
    DETERMINERS,
    ENOUGH,
    FINITE,
    HELPERS,
    LEADS,
    MARKS,
    PRONOUNS,
    QUOTES,
    TRAILS,
    Words,
    clause_start,
    comma_before,
    is_role,
    subject_start,
)
from claimdiff.model import Stance, Tag

_ASIDE = frozenset({"who", "which", "whose", "whom", "of", "from", "in", "at", "with", "speaking", "aged"})
_NO_SUBJECTS = frozenset(
    {"a", "an", "the", "this", "that", "these", "those", "his", "her", "its", "their", "our", "my",
     "your", "of", "for", "with", "on", "by", "from", "in", "into", "at", "'s", "no", "any", "each",
     "every", "to", "new"}
)  # fmt: skip
_RELATIVES = frozenset({"who", "which"})
_VERBAL = frozenset({Tag.VERB, Tag.AUXILIARY, Tag.MODAL})
_MODALS = frozenset({"may", "might", "could", "can", "should", "must"})
_UNNAMED = (
    ("not", "to", "be"),
    ("to", "remain"),
    ("to", "stay"),
    ("for", "anonymity"),
    ("that", "they", "not"),
)
_MOVED = frozenset({Stance.URGE, Stance.ASK, Stance.WARN, Stance.ACCUSE, Stance.PRAISE, Stance.PROMISE})


def reports(words: Words, at: int, after: int, verb: Verb) -> bool:
    """Whether the word stands for a report at all, and not for a name given, a wish or a text's history."""
    norms = words.norms
    if verb.group == "call" and _names(words, at, after):
        return False
    if verb.group == "ask" and any(tuple(norms[after : after + len(one)]) == one for one in _UNNAMED):
        return False
    if norms[at] in {"suspected", "convicted"} and norms[after : after + 1] == ["of"]:
        return any(norm in BE for norm in norms[max(0, at - 3) : at])
    if norms[at] == "be" and verb.frame == "phrase":
        return False  # "should be alarmed"
    if norms[after : after + 1] == ["by"] and norms[at] not in {"said", "wrote", "told"}:
        return any(norm in BE for norm in norms[max(0, at - 3) : at])  # "a list seen by the paper"
    if norms[at] == "state" and any(_told(norm) for norm in norms[after : after + 4]):
        return False  # "state television said"
    helpers = []
    while at > 0 and (norms[at - 1] in HELPERS or norms[at - 1].endswith("ly")):
        at -= 1
        helpers.append(norms[at])
    return not _MODALS.intersection(helpers) or verb.frame == "phrase"


def _told(norm: str) -> bool:
    verb = reporting.forms().get(norm)
    return verb is not None and verb.frame == "clause" and norm != verb.lemma


def _names(words: Words, at: int, after: int) -> bool:
    """ "The variety, called Lona-7, gave ...", "a village called Upper Hale": a name, not an opinion."""
    norms, end = words.norms, after
    if norms[at - 1 : at] == [","] and comma_before(words, at - 1) is None:
        return True
    while end < len(norms) and (words.tokens[end].text[:1].isupper() or norms[end] in {"-", "of"}):
        end += 1
    if end == after:
        return False
    follows = words.tokens[end] if end < len(norms) else None
    return follows is None or norms[end] in MARKS - QUOTES or follows.tag in _VERBAL


def inverted(words: Words, at: int, after: int, verb: Verb) -> bool:
    """The speaker stands behind the verb: '"...," said X'; a clause there is what is said."""
    norms = words.norms
    if verb.stance in _MOVED and at > 0 and norms[at - 1] not in QUOTES:
        return False  # "X, the mayor, urged residents"
    if at == 0 or after >= len(norms) or norms[at - 1] not in {",", "-", "–", "?", "!", ".", *QUOTES}:
        return False
    if norms[at] in {"told", "tells", "tell"} or norms[after] == "that" or norms[after] in TRAILS:
        return False
    follows = []
    for norm in norms[after : after + 16]:
        if norm in MARKS or norm in {"who", "which", "whose", "whom", "that", "as", "after"}:
            break
        follows.append(norm)
    if FINITE.intersection(follows):
        return False
    acts = any(words.tokens[after + i].tag is Tag.VERB for i in range(1, len(follows)))
    if acts and not _clause_before(words, at):
        return False  # "X, the mayor, said the roof leaked"
    if norms[after] in DETERMINERS or words.tokens[after].text[:1].isupper():
        return True
    nouns = lexicon.words("speaker", "many", "plural")
    titled = any(words.tokens[after + i].text[:1].isupper() for i in range(1, min(4, len(follows))))
    return titled or any(norm in nouns or is_role(norm) for norm in follows[:4])


def _clause_before(words: Words, at: int) -> bool:
    """A clause or a quotation stands before the verb, and not only a name with what is said of it."""
    aside = False
    for place in range(clause_start(words, at), at):
        norm, token = words.norms[place], words.tokens[place]
        if words.quoted[place] or norm in QUOTES:
            return True
        if norm in MARKS:
            aside = norm == "," and words.norms[place + 1] in _ASIDE
        elif not aside and token.tag in _VERBAL:
            return True
    return False


def subject(words: Words, at: int) -> tuple[int, int]:
    """The tokens of the noun phrase before a verb, appositions included."""
    norms, stop = words.norms, at
    while stop > 0 and (norms[stop - 1] in HELPERS or norms[stop - 1].endswith("ly")):
        stop -= 1
    if stop == 0 or words.quoted[stop - 1] or norms[stop - 1] in BE or norms[stop - 1] in {"to", "not"}:
        return stop, stop
    if norms[stop - 1] in PRONOUNS - {"who"}:
        return _antecedent(words, stop - 1, stop)
    if norms[stop - 1] in _RELATIVES:
        stop -= 2 if norms[stop - 2 : stop - 1] == [","] else 1
        return (subject_start(words, stop), stop) if stop > 0 else (0, 0)
    if norms[stop - 1] != ",":
        return _antecedent(words, subject_start(words, stop), stop)
    return _apposed(words, stop - 1)


def _antecedent(words: Words, start: int, stop: int) -> tuple[int, int]:
    """Of "the dealers who cover it", "the clerk who stole them" the dealers and the clerk speak."""
    norms = words.norms
    if start > 1 and norms[start - 1] == "whose" and norms[start - 2] not in MARKS:
        owned = any(token.tag in _VERBAL for token in words.tokens[start:stop])
        return (subject_start(words, start - 1), start - 1) if owned else (start, stop)
    place = next((i for i in range(start - 1, max(0, start - 5), -1) if norms[i] in _RELATIVES | MARKS), None)
    if place is None or norms[place] not in _RELATIVES or place + 1 >= stop or norms[place - 1] in MARKS:
        return start, stop
    if start - place > 1 and norms[start] not in {"it", "you"}:
        return start, stop
    opener = words.tokens[place + 1]
    if opener.tag not in {Tag.VERB, Tag.AUXILIARY, Tag.MODAL, Tag.ADVERB} and not opener.norm.endswith("ed"):
        return start, stop
    return subject_start(words, place), place


def _apposed(words: Words, stop: int) -> tuple[int, int]:
    """X before a comma before the verb: "X, the head of Y, said", "X, 68, of Z, who leads Y, said"."""
    norms, edge, plain = words.norms, stop, True
    for _ in range(3):
        comma = comma_before(words, edge)
        if comma is None:
            break
        opener = norms[comma + 1]
        aside = opener in _ASIDE or opener[:1].isdigit()
        if not aside and (not plain or _antecedent(words, subject_start(words, edge), edge)[0] > comma + 1):
            break
        outer = subject_start(words, comma)
        if outer >= comma:
            break
        plain = plain and not aside
        deeper = comma_before(words, comma)
        if deeper is None or not (norms[deeper + 1] in _ASIDE or norms[deeper + 1][:1].isdigit()):
            return outer, comma if aside else stop
        edge = comma
    return _antecedent(words, subject_start(words, edge), edge)


def trailing(words: Words, start: int, after: int) -> bool:
    """The subject and its verb follow what is said: "..., X said", '"...," X told reporters'."""
    norms = words.norms
    if start > 1 and norms[start - 1] == "as" and norms[start - 2] == ",":
        return True  # "..., as an earlier team had said"
    if start == 0 or (norms[start - 1] not in {",", "–", "--", "-"} and norms[start - 1] not in QUOTES):
        return False
    if norms[after : after + 1] == ["that"] or norms[after : after + 1] == [":"]:
        return False
    end = after
    while end < min(len(norms), after + 60) and norms[end] not in MARKS:
        end += 1
    left = clause_start(words, start)
    if FINITE.intersection(norms[after:end]) and norms[after] not in TRAILS and norms[left] in LEADS:
        return words.quoted[start - 2] if start > 1 else False
    if norms[left : left + 1] and norms[left] in LEADS and start - left <= 12 and end - after >= ENOUGH:
        return words.quoted[start - 2] if start > 1 else False
    if end < len(norms) and norms[end] in QUOTES and not any(words.quoted[left:start]):
        return False
    short = end - after < ENOUGH or norms[after] in TRAILS
    return short or norms[after - 1] in {"told", "tells"} or words.quoted[start - 2]


def licensed(words: Words, start: int, after: int, forward: bool) -> bool:
    """A verb with other uses reports when "that", a quotation or its place says so."""
    if not forward:
        return True
    follows = words.norms[after : after + 5]
    marked = "that" in follows[:3] or any(norm in QUOTES or norm == ":" for norm in follows)
    return marked or follows[:1] in (["how"], ["why"], ["whether"])


def _told_next(words: Words, at: int) -> bool:
    """ "U.N. figures show", "ministry estimates suggested": the verb follows, so this is its subject."""
    verb = reporting.forms().get(words.norms[at + 1]) if at + 1 < len(words.norms) else None
    return verb is not None and verb.lemma in {"show", "suggest", "indicate", "say", "reveal"}


def is_noun(words: Words, at: int, verb: Verb) -> bool:
    """The word looks like the noun of the same form: "a report", "the state's claims"."""
    norm, before = words.norms[at], words.norms[at - 1] if at else ""
    if before in _NO_SUBJECTS and not (before == "that" and norm == "said"):
        return True
    if norm != verb.lemma and not norm.endswith("s"):
        return False
    if before[:1].isdigit() and norm == verb.lemma:
        return True
    if words.norms[at + 1 : at + 2] in (["of"], ["for"], ["from"]) or words.norms[at + 1 : at + 2] in (
        ["and"],
        ["or"],
    ):
        return True
    if words.tokens[at].text[:1].isupper() and at:
        return True
    if norm.endswith("s") and norm != verb.lemma and _told_next(words, at):
        return True
    named = words.tokens[at - 1].text[:1].isupper() or before in PRONOUNS | HELPERS or is_role(before)
    if norm != verb.lemma:
        return verb.lemma in lexicon.words("reporting", "noun", "verbs") and not named
    many = lexicon.words("speaker", "many", "plural")
    return not (
        before.endswith("s") or before in many or before in PRONOUNS | HELPERS | QUOTES or before == ","
    )

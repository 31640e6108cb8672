"""Names in a statement: people, places and bodies, told by capitals, position and lists.

`find_names` sees one statement, `resolve` (from `referent`) unifies the names of a document. A capital
that opens a sentence or stands in a title-case headline proves nothing: a name needs more support there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache

from claimdiff.facts.gazetteer import Hit, capital, common, gender, lookup, title, title_case
from claimdiff.facts.referent import resolve
from claimdiff.lexicon import words
from claimdiff.lexicon.spelling import plain
from claimdiff.model import Name, NameKind, Span, Tag, Token

__all__ = ["find_names", "resolve"]

_LONGEST = 16  # tokens of a run: a text in capitals is not one name
_OPENERS = frozenset("\"'“‘«:?!(")
_OF = frozenset(("of", "for"))


def find_names(
    text: str,
    tokens: tuple[Token, ...],
    *,
    inside_sentence_start: bool = True,
    known: Collection[str] = (),
) -> tuple[Name, ...]:
    """The names of one statement, in order. `inside_sentence_start` says that the first token begins a
    sentence; `known` are plain words that are names elsewhere in the document."""
    return tuple(_Finder(tokens, inside_sentence_start, frozenset(known)).names())


class _Finder:
    """One walk over a statement's tokens; it exists to share what the walk knows."""

    def __init__(self, tokens: tuple[Token, ...], start: bool, known: frozenset[str]) -> None:
        self.tokens, self.start, self.known = tokens, start, known
        long = [token for token in tokens if len(token.norm) > 2 and token.norm.isalpha()]
        self.flat = bool(tokens) and tokens[-1].text != "." and title_case(long)
        self.upper = sum(token.text.isupper() for token in long) > len(long) / 2

    def names(self) -> Iterator[Name]:
        at = 0
        while at < len(self.tokens):
            end = self._run(at)
            if end == at:
                at += 1
                continue
            yield from self._split(at, end)
            at = end

    def _word(self, at: int) -> bool:
        """May this token be part of a name?"""
        token = self.tokens[at]
        if not capital(token) or not token.text[0].isalpha() or token.tag is Tag.PUNCTUATION:
            return False
        word = plain(token.norm)
        if word in words("capital", "calendar") or token.norm in ("i", "i'm", "mr", "mrs", "ms"):
            return False
        weak = word in words("capital", "function") and (self.flat or self.opens(at))
        if self.flat and not weak:  # in a title-case headline only words that look like names carry on
            firm = gender(word) or word in self.known or word in _heads() or title(self.tokens, at)
            weak = common(word) and not firm
        return not weak or bool(lookup(self.tokens, at, upper=self.upper))

    def opens(self, at: int) -> bool:
        """Does a sentence, or a quotation, begin at this token?"""
        if at == 0:
            return self.start
        before = self.tokens[at - 1]
        if before.text in _OPENERS:
            return True
        if before.text != ".":
            return False
        shorts = at > 1 and (
            len(self.tokens[at - 2].text) == 1 or plain(self.tokens[at - 2].norm) in words("title", "short")
        )
        return not shorts

    def _run(self, at: int) -> int:
        """The end of the run of capitalised words that begins at a token; `at` itself for none."""
        if not self._word(at):
            return at
        hit = lookup(self.tokens, at, upper=self.upper)
        end = at + (hit.length if hit else 1)
        while end < min(len(self.tokens), at + _LONGEST):
            step = self._step(end)
            if not step:
                break
            end += step
        return end

    def _step(self, at: int) -> int:
        """How many tokens continue a run at a token: 1 for a word, more with what joins it, or 0."""
        tokens = self.tokens
        if self._word(at) and not self.opens(at):
            return 1
        if at + 1 >= len(tokens):
            return 0
        here, last = tokens[at], tokens[at - 1]
        word = plain(here.norm)
        if here.text == "." and (len(last.text) == 1 or plain(last.norm) in words("title", "short")):
            return 2 if self._word(at + 1) and here.span.start == last.span.end else 0
        if here.text == "-":
            close = here.span.start == last.span.end and tokens[at + 1].span.start == here.span.end
            return 2 if close and self._word(at + 1) and len(last.text) > 1 else 0
        if here.text == "&" or word in words("person", "particles"):
            for more in range(1, 4):
                if at + more < len(tokens) and self._word(at + more):
                    return more + 1
                if at + more >= len(tokens) or plain(tokens[at + more].norm) not in _JOIN:
                    return 0
            return 0
        if word in ("of", "for", "and"):
            return self._join(at, word)
        return 0

    def _join(self, at: int, word: str) -> int:
        """ "of", "for" and "and" join only what a body's or a place's head word holds together."""
        tokens = self.tokens
        step = 1 + (plain(tokens[at + 1].norm) == "the")
        if at + step >= len(tokens) or not self._word(at + step):
            return 0
        if word == "and":
            ahead = tokens[at + step : at + step + 3]
            tail = [plain(token.norm) for token in ahead if capital(token)]
            return step + 1 if any(part in _heads() for part in tail) and not self._person(at - 1) else 0
        held = plain(tokens[at - 1].norm) in _heads() or any(
            plain(tokens[i].norm) in _heads() for i in range(max(0, at - 4), at) if capital(tokens[i])
        )
        return step + 1 if held else 0

    def _person(self, at: int) -> bool:
        return bool(gender(plain(self.tokens[max(0, at - 1)].norm)) or lookup(self.tokens, at))

    # --- cutting a run into names

    def _split(self, at: int, end: int) -> Iterator[Name]:
        """The names within a run: "German Chancellor Olaf Berg" holds a country and a person."""
        at = self._after_opener(at, end)
        while at < end:
            joins = self.tokens[at].norm in _JOIN and not capital(self.tokens[at])
            if joins or not self.tokens[at].norm[0].isalpha():
                at += 1
                continue
            hit = self._place_ahead(at, end)
            if hit is not None:
                yield self._name(at, at + hit.length, hit.entry.kind, hit.entry.key, hit.entry.aliases)
                at += hit.length
                continue
            length = title(self.tokens, at, end)
            length = 0 if self._bodily(at + length, end) else length
            rank = ""
            if length and at + length < end:
                rank = " ".join(plain(t.norm) for t in self.tokens[at : at + length] if t.content)
                at += length
            elif length and at + length == end and not gender(plain(self.tokens[at].norm)):
                return
            stop = self._stop(at, end)
            name = self._classify(at, stop, rank)
            if name is not None:
                yield name
            at = stop

    def _after_opener(self, at: int, end: int) -> int:
        """Where a run's name begins, when its first word may be capitalised by its position alone."""
        if self.flat:
            return at
        word = plain(self.tokens[at].norm)
        alone = end - at == 1
        listed = word in self.known or lookup(self.tokens, at) or title(self.tokens, at)
        if self.opens(at) and not listed:
            if word in words("capital", "function"):
                return at + 1
            first = bool(gender(word)) and not alone
            if common(word) and not first and (alone or not self._bodily(at, end)):
                return at + 1
        return at

    def _place_ahead(self, at: int, end: int) -> Hit | None:
        """A known place or body that stands by itself at a place in a run, not as part of a name."""
        hit = lookup(self.tokens, at, end, upper=self.upper)
        if hit is None:
            return None
        after = at + hit.length
        if hit.length == 1 and self._doubtful(at, hit):
            return None
        if after >= end or hit.entry.form in ("people", "seat", "body", "code"):
            return hit
        rest = self.tokens[after]
        if title(self.tokens, after, end) and not self._bodily(after, end):
            return hit
        if not rest.content or gender(plain(rest.norm)) or lookup(self.tokens, after, end):
            first = hit.length == 1 and gender(plain(self.tokens[at].norm))
            return hit if not first or not rest.content else None
        return None

    def _doubtful(self, at: int, hit: Hit) -> bool:
        """Is a single known word here more likely something else: a surname, or a word of the language?"""
        word = plain(self.tokens[at].norm)
        if at and gender(plain(self.tokens[at - 1].norm)) and capital(self.tokens[at - 1]):
            return hit.entry.form != "people"
        if self._before(at) and hit.entry.form in ("city", "place"):
            return True
        loose = self.opens(at) or self.flat
        return loose and hit.entry.form in ("city", "body") and common(word) and word not in self.known

    def _stop(self, at: int, end: int) -> int:
        """Where the name that begins at a token ends: before the next title or country in the run."""
        for i in range(at + 1, end):
            hit = lookup(self.tokens, i, end)
            rank = title(self.tokens, i, end)
            firm = (
                rank
                and i + rank < end
                and (rank > 1 or plain(self.tokens[i].norm) in words("title", "offices"))
            )
            if not self._joined(i) and (firm or (self._bodily(at, i) and hit)):
                return i
            if hit and hit.entry.form == "people" and not self._bodily(i, end):
                return i
        return end

    def _joined(self, at: int) -> bool:
        return plain(self.tokens[at - 1].norm) in _JOIN or self.tokens[at - 1].text == "-"

    def _bodily(self, at: int, end: int) -> bool:
        """Does this part of a run hold a head word that makes it a body or a place?"""
        return any(plain(token.norm) in _heads() for token in self.tokens[at:end] if capital(token))

    def _before(self, at: int) -> str:
        """The title or role in lower case right before a token: "finance minister", "Mr"."""
        rank: list[str] = []
        for i in range(at - 1, max(-1, at - 4), -1):
            word = plain(self.tokens[i].norm)
            if word == "." and i and plain(self.tokens[i - 1].norm) in words("title", "before"):
                continue
            alone = word in words("title", "roles") or word in words("title", "before")
            if not alone and not (rank and " ".join([word, *rank]) in words("title", "before")):
                break
            rank.insert(0, word)
        return " ".join(rank)

    def _classify(self, at: int, end: int, rank: str) -> Name | None:
        parts = [plain(t.norm) for t in self.tokens[at:end] if t.norm[0].isalnum()]
        rank = rank or self._before(at)
        single = len(parts) == 1
        doubtful = self.flat or (single and self.opens(at))
        kind = self._kind(at, end, parts, rank)
        supported = any(part in self.known for part in parts) or (not single and gender(parts[0]) != "")
        if doubtful and not supported and not rank and (self.flat or common(parts[0])):
            return None
        if single and (parts[0] in words("capital", "direction") or parts[0] in _heads()):
            return None
        if kind is NameKind.PERSON:
            tail = [part for part in parts if part not in ("jr", "sr", "iii", "ii")] or parts
            return self._name(at, end, kind, tail[-1], frozenset((" ".join(parts),)), rank)
        core = [part for part in parts if part not in words("organisation", "suffixes")] or parts
        return self._name(at, end, kind, " ".join(core), frozenset((" ".join(parts),)))

    def _kind(self, at: int, end: int, parts: Sequence[str], rank: str) -> NameKind:
        if any(part in words("organisation", "heads") for part in parts) or (
            len(parts) > 1 and parts[-1] in words("organisation", "suffixes")
        ):
            return NameKind.ORGANISATION
        if any(part in words("organisation", "places") for part in parts) and len(parts) > 1:
            return NameKind.PLACE
        if rank or (len(parts) > 1 and gender(parts[0])) or self._aged(end):
            return NameKind.PERSON
        text = self.tokens[at].text
        if len(parts) == 1 and text.isupper() and 2 <= len(text) <= 6 and not self.upper:
            return NameKind.ORGANISATION
        if len(parts) == 1 and gender(parts[0]):
            return NameKind.PERSON
        if at and self.tokens[at - 1].norm in ("in", "near") and (end == len(self.tokens) or len(parts) == 1):
            return NameKind.PLACE
        return NameKind.UNKNOWN

    def _aged(self, end: int) -> bool:
        """Is the name followed by an age, as in "Ola Berg, 43,"?"""
        after = self.tokens[end : end + 3]
        return len(after) == 3 and after[0].text == after[2].text == "," and after[1].text.isdigit()

    def _name(
        self, at: int, end: int, kind: NameKind, key: str, aliases: frozenset[str], rank: str = ""
    ) -> Name:
        span = Span(self.tokens[at].span.start, self.tokens[end - 1].span.end)
        return Name(span, key, kind, aliases - {key}, rank)


_JOIN = frozenset(("of", "the", "and", "for", "&", "-", ".", "de", "la", "van", "der", "den"))


@cache
def _heads() -> frozenset[str]:
    more = frozenset(("inc", "corp", "ltd"))
    return words("organisation", "heads") | words("organisation", "places") | more

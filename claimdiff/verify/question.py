"""What a verifier is asked: the statements of a comparison that are not the very words of a source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt

from claimdiff.model import Comparison, Document, Role, Statement, Status
from claimdiff.verify.protocol import Question

MOST_LIKE = 4  # source statements beside a statement that rests on none
_WORD = re.compile(r"[^\W_]++(?:[.,'’][^\W_]++)*+")
_NEVER_ASKED = (Status.VERBATIM, Status.BOILERPLATE)


def questions(comparison: Comparison) -> tuple[Question, ...]:
    """A question for each derivative statement that is neither boilerplate nor verbatim, in order. A linked
    one comes with the source statements that it rests on, any other with the few that are most like it."""
    shelf = Shelf(comparison.sources)
    links = {link.derivative: link.sources for link in comparison.links}
    asked = []
    before = ""
    for statement in comparison.derivative.statements:
        if statement.role is Role.BOILERPLATE:
            continue
        if statement.status not in _NEVER_ASKED:
            linked = statement.id in links
            ids = links[statement.id] if linked else shelf.like(statement.text, MOST_LIKE)
            sources = tuple(shelf.text(id) for id in ids)
            asked.append(Question(statement.id, statement.text, sources, linked, before, shelf.around(ids)))
        before = statement.text
    return tuple(asked)


@dataclass(frozen=True, slots=True)
class _Entry:
    statement: Statement
    words: Counter[str]


class Shelf:
    """The statements of the sources, to be looked up by what they say. A word counts by how few hold it."""

    def __init__(self, sources: Sequence[Document]) -> None:
        self._documents = [
            [own for own in document.statements if own.role is not Role.BOILERPLATE] for document in sources
        ]
        self._texts = {own.id: own.text for document in sources for own in document.statements}
        self._entries = [_Entry(own, Counter(_words(own.text))) for own in self._statements()]
        held = Counter(word for entry in self._entries for word in entry.words)
        self._weight = {word: log(1 + len(self._entries) / number) for word, number in held.items()}
        self._size = {entry.statement.id: self._length(entry.words) for entry in self._entries}

    def _statements(self) -> Iterator[Statement]:
        return (own for document in self._documents for own in document)

    def text(self, id: str) -> str:
        return self._texts[id]

    def like(self, text: str, most: int, among: Sequence[str] = ()) -> tuple[str, ...]:
        """The ids of the statements most like a text, of `among` if that is given, in the order of the
        sources. Where none shares a word with it, the first."""
        words = Counter(_words(text))
        entries = [own for own in self._entries if not among or own.statement.id in among]
        scores = {own.statement.id: self._score(words, own) for own in entries}
        ranked = sorted(scores, key=lambda id: -scores[id])[:most]
        best = {id for id in ranked if scores[id] > 0} or set(ranked[:1])
        return tuple(id for id in scores if id in best)

    def around(self, ids: Sequence[str]) -> tuple[str, ...]:
        """What stands directly before and after these statements, in the order of the sources."""
        found = []
        for document in self._documents:
            own = [statement.id for statement in document]
            near = {at + step for at, id in enumerate(own) if id in ids for step in (-1, 1)}
            found += [self._texts[id] for at, id in enumerate(own) if at in near and id not in ids]
        return tuple(found)

    def _score(self, words: Counter[str], entry: _Entry) -> float:
        shared = sum(self._weight[word] ** 2 for word in sorted(words) if word in entry.words)
        return shared / self._size[entry.statement.id] if shared else 0.0

    def _length(self, words: Counter[str]) -> float:
        return sqrt(sum(self._weight[word] ** 2 for word in sorted(words)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())

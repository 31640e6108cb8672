"""Answers that were given before, in a SQLite file under the digest of the verifier and the question.

The file is never trusted and never in the way: what does not read well is as good as not there, and so
is a file that cannot be used. Any number of processes may use it, and each may end at any moment.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from claimdiff.model import Span, Type
from claimdiff.verify.protocol import Answer, Judgement, Question

MARK = 0x636C6466  # says in the file's head that it is ours
KEPT = 200_000  # answers; the oldest beyond it go
WAITING = 5.0  # seconds for another process that is writing
SLICE = 500  # keys that are asked for at once


@dataclass(frozen=True, slots=True)
class Answers:
    """The store in a file; without a path there is none."""

    path: str = ""

    def get(self, questions: Mapping[str, Question]) -> dict[str, Answer]:
        """The answers that are known, by the questions' keys."""
        found: dict[str, Answer] = {}
        keys = sorted(questions)
        with suppress(sqlite3.Error, OSError, ValueError), self._open() as file:
            for at in range(0, len(keys), SLICE):
                if file is None:
                    break
                some = keys[at : at + SLICE]
                places = ",".join("?" * len(some))
                rows = file.execute(f"select key, value from answers where key in ({places})", some)
                for key, value in rows:
                    if (known := _read(key, value, questions[key])) is not None:
                        found[key] = known
        return found

    def put(self, answers: Mapping[str, Answer]) -> None:
        """Keep these, all of them or none. That it was not possible is no fault."""
        rows = [(key, _write(key, answers[key])) for key in sorted(answers)]
        with suppress(sqlite3.Error, OSError, ValueError), self._open() as file:
            if file and rows:
                with file:
                    file.executemany("insert or replace into answers values (?, ?)", rows)
                    file.execute(
                        "delete from answers where rowid <= (select max(rowid) from answers) - ?", (KEPT,)
                    )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        """The file, made where there is none. One that is damaged is put aside, once; one that is
        another program's is left alone."""
        file = None
        if self.path:
            try:
                file = _connect(self.path)
            except sqlite3.OperationalError:  # locked for long, full, not writable
                raise
            except sqlite3.DatabaseError:
                Path(self.path).replace(f"{self.path}.damaged")
                file = _connect(self.path)
        if file is None:
            yield None
            return
        with closing(file):
            try:
                yield file
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # the head was whole, the rest is not
                Path(self.path).replace(f"{self.path}.damaged")
                raise


def _connect(path: str) -> sqlite3.Connection | None:
    """The file at a path, ready; None where it is not ours."""
    place = Path(path)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # nobody else's to read
    file = sqlite3.connect(path, timeout=WAITING)
    try:
        (mark,) = file.execute("pragma application_id").fetchone()
        if mark == MARK:
            return file
        (tables,) = file.execute("select count(*) from sqlite_master").fetchone()
        if mark == 0 and not tables:
            with file:
                file.execute("begin immediate")
                file.execute("create table if not exists answers (key text primary key, value text not null)")
                file.execute(f"pragma application_id = {MARK}")
            return file
    except BaseException:
        file.close()
        raise
    file.close()
    return None


# --- an entry: a digest, a space, and the answer as JSON ------------------------------------------------


def _seal(key: str, text: str) -> str:
    return hashlib.sha256(f"{key} {text}".encode()).hexdigest()[:16]


def _write(key: str, answer: Answer) -> str:
    content = [answer.judgement, answer.probability, answer.types, answer.spans, answer.reason]
    text = json.dumps(content)
    return f"{_seal(key, text)} {text}"


def _read(key: str, value: object, question: Question) -> Answer | None:
    """The answer in an entry, for this question; None when it cannot be that."""
    if not isinstance(value, str):
        return None
    seal, _, text = value.partition(" ")
    try:
        if seal != _seal(key, text):
            return None
        judgement, probability, types, spans, reason = json.loads(text)
        found = Answer(
            question.id,
            Judgement(judgement),
            float(probability),
            tuple(Type(one) for one in types),
            tuple(Span(start, end) for start, end in spans),
            str(reason),
        )
    except (ValueError, TypeError, UnicodeError, RecursionError):
        return None
    return found if all(0 <= one.start < one.end <= len(question.statement) for one in found.spans) else None

"""A verifier on a model that computes here, whatever framework computes it."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from claimdiff.model import Span
from claimdiff.verify import clock
from claimdiff.verify.labels import Head, Labels
from claimdiff.verify.progress import tell
from claimdiff.verify.protocol import Answer, Question, Unjudged, VerifierError
from claimdiff.verify.scores import Token, pair_verdict, token_verdict
from claimdiff.verify.windows import TooLongError, encode, statement_tokens

READING = 1  # counts up whenever the same scores would give other answers
_MAX_REASON = 160
_MAX_JSON = 32 << 20
_MEMORY = ("out of memory", "can't allocate", "cannot allocate", "failed to allocate", "bad_alloc")


@dataclass(frozen=True, slots=True)
class Local:
    """A model that is loaded. `forward` takes encoded pairs and gives the scores of each: of its labels, or
    of the labels of each of its tokens; it gets at most `batch` pairs, the shortest first. What is not
    scored after `seconds` is not judged."""

    signature: str
    labels: Labels
    tokenizer: Any
    most: int
    batch: int
    forward: Callable[[Sequence[Any]], Sequence[Any]]
    seconds: float | None = None

    def judge(self, questions: Sequence[Question]) -> tuple[Answer | Unjudged, ...]:
        """An answer to each question, in their order."""
        until = math.inf if self.seconds is None else clock.monotonic() + self.seconds
        pairs: list[Any] = []
        own: list[range | str] = []
        for question in questions:
            found = self._encoded(question)
            if isinstance(found, str):
                own.append(found)
            else:
                own.append(range(len(pairs), len(pairs) + len(found)))
                pairs += found
        scores = self._scores(pairs, until)
        return tuple(
            Unjudged(question.id, at) if isinstance(at, str) else self._answer(question, at, pairs, scores)
            for question, at in zip(questions, own, strict=True)
        )

    def _encoded(self, question: Question) -> list[Any] | str:
        """The question's pairs, or why there are none."""
        try:
            return encode(self.tokenizer, question, self.labels.head, self.most)
        except TooLongError as error:
            return str(error)
        except Exception as error:  # of the tokenizer, which is not ours
            return f"it could not be cut into tokens ({_said(error)})"

    def _scores(self, pairs: Sequence[Any], until: float) -> list[Any]:
        """Each pair's scores, or as a string why it has none."""
        late = f"not asked: the {self.seconds or 0:g} seconds that were allowed are over"
        found: list[Any] = [late] * len(pairs)
        order = sorted(range(len(pairs)), key=lambda at: (len(pairs[at].ids), at))
        for start in range(0, len(order), self.batch):
            if clock.monotonic() >= until:
                break
            some = order[start : start + self.batch]
            for at, scores in zip(some, self._forward([pairs[at] for at in some]), strict=True):
                found[at] = scores
            tell(min(len(order), start + self.batch), len(order))
        return found

    def _forward(self, pairs: Sequence[Any]) -> Sequence[Any]:
        """A batch; where it fails, each alone, so that one bad or big pair costs only itself."""
        try:
            return self.forward(pairs)
        except Exception as error:  # of a framework; whatever it is, the others must still be judged
            if len(pairs) > 1:
                return [scores for pair in pairs for scores in self._forward([pair])]
            lack = isinstance(error, MemoryError) or any(own in str(error).lower() for own in _MEMORY)
            return ["out of memory" if lack else f"the model failed on it ({_said(error)})"]

    def _answer(
        self, question: Question, at: range, pairs: Sequence[Any], scores: Sequence[Any]
    ) -> Answer | Unjudged:
        failed = [scores[row] for row in at if isinstance(scores[row], str)]
        if failed:
            return Unjudged(question.id, failed[0])
        try:
            if self.labels.head is Head.PAIR:
                verdict = pair_verdict([scores[row] for row in at], self.labels)
            else:
                windows = [_tokens(pairs[row], scores[row]) for row in at]
                verdict = token_verdict(question.statement, windows, self.labels)
        except ValueError as error:
            return Unjudged(question.id, f"the model failed on it ({_said(error)})")
        return Answer(question.id, verdict.judgement, verdict.probability, spans=verdict.spans)


def _tokens(pair: Any, scores: Sequence[Sequence[float]]) -> list[Token]:
    return [Token(Span(*pair.offsets[at]), scores[at]) for at in statement_tokens(pair)]


def _said(error: Exception) -> str:
    """What an error says, in a few words on one line."""
    said = " ".join(str(error).split())[:_MAX_REASON].rstrip(" .:;,")
    return said or type(error).__name__


def tried(verifier: Local, name: str) -> Local:
    """The verifier, once it has judged something small. Raises VerifierError where it cannot: a model that
    fails on everything should be found out before an article is judged."""
    found = verifier.judge([Question("trial", "It rained in May.", ("It rained.",))])[0]
    if isinstance(found, Unjudged):
        raise VerifierError(f"{name}: does not work here: {found.reason}")
    return verifier


def refusal(name: str, error: Exception) -> VerifierError:
    """The one-line error for a model that a framework did not load."""
    return VerifierError(f"{name}: cannot be loaded as a model ({_said(error)})")


def need(packages: Sequence[str], kind: str, extra: str) -> None:
    """Raises VerifierError when a package is missing or broken, with the command that brings it."""
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise VerifierError(
            f"{kind}: verifiers need {' and '.join(missing)}, not installed here;"
            f" pip install 'claimdiff[{extra}]'"
        )
    for package in packages:
        try:
            import_module(package)
        except Exception as error:  # of libraries that do not fit each other or the machine
            raise VerifierError(
                f"{kind}: {package} is installed and does not start ({_said(error)});"
                f" pip install --upgrade 'claimdiff[{extra}]'"
            ) from None


def place(path: str, name: str) -> Path:
    """The path that a user wrote. Raises VerifierError for what no path can be."""
    try:
        found = Path(path).expanduser()
        found.exists()
    except (OSError, RuntimeError, ValueError):  # too long, no such user, a sign that no path has
        raise VerifierError(f"{name}: not a path") from None
    return found


def read_json(path: Path, name: str) -> dict[str, Any]:
    """The table in a JSON file beside a model. Raises VerifierError."""
    try:
        if path.stat().st_size > _MAX_JSON:
            raise VerifierError(f"{name}: {path.name} is too large for a configuration")
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise VerifierError(f"{name}: no {path.name} beside it; it is part of a model") from None
    except OSError as error:
        raise VerifierError(f"{name}: {path.name} cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise VerifierError(f"{name}: {path.name} is not JSON") from None
    if not isinstance(found, dict):
        raise VerifierError(f"{name}: {path.name} is not a table")
    return found


def digest(files: Iterable[Path], name: str) -> str:
    """What tells this model from another: a digest of its files' names and bytes. Raises VerifierError."""
    every = hashlib.sha256()
    for path in sorted(files, key=lambda own: own.name):
        try:
            with path.open("rb") as file:
                own = hashlib.file_digest(file, "sha256")
        except OSError as error:
            raise VerifierError(f"{name}: {path.name} cannot be read ({error.strerror})") from None
        every.update(os.fsencode(path.name) + b"\0" + own.digest())
    return every.hexdigest()[:12]

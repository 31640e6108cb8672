"""The verifier `llm:MODEL`: a model behind an endpoint that speaks the chat-completions protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from claimdiff.verify.answers import Answers
from claimdiff.verify.asker import Asker, Judged
from claimdiff.verify.budget import Run
from claimdiff.verify.dialect import Dialect
from claimdiff.verify.endpoint import Endpoint, open_endpoint
from claimdiff.verify.key import read_key
from claimdiff.verify.progress import Heard
from claimdiff.verify.protocol import Answer, Question, Unjudged, Verifier, VerifierError
from claimdiff.verify.request import PROTOCOL, SEED, Item, Plan, Tuning, batches, items, key, plan, version
from claimdiff.verify.spec import Spec
from claimdiff.verify.spread import spread

__all__ = ["Bill", "Plan", "Tuning", "open_llm", "plan"]

LONGEST = 150  # characters of a model's name
LATE = 5.0  # seconds after the limit until threads that hang are left behind


@dataclass(slots=True)
class Bill:
    """What was used since the verifier was opened: requests that were sent, again or not, and tokens, as the
    endpoint counts them or by their characters."""

    requests: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class LLM:
    """A model at an endpoint, with what it is allowed in one run and the answers it gave before."""

    signature: str
    asker: Asker
    answers: Answers
    seconds: float | None
    tokens: int | None
    parallel: int
    heard: Heard | None = None
    bill: Bill = field(default_factory=Bill, compare=False)

    def judge(self, questions: Sequence[Question]) -> Sequence[Answer | Unjudged]:
        """An answer to each question, in their order. What is not known yet is asked, within the time and
        the tokens of one run. Raises VerifierError when the endpoint takes no requests of this kind."""
        named = {key(question, self.signature): question for question in questions}
        found: Judged = {**self.answers.get(named)}
        asked = len(named)
        self._tell(len(found), asked)
        todo = [item for item in items(questions, self.signature) if item.key not in found]
        tuning = self.asker.tuning
        run = Run(self.seconds, self.tokens, hopeless=tuning.hopeless, pause=tuning.pause)

        def ask(batch: tuple[Item, ...]) -> Judged:
            return self.asker.judge(batch, run)

        try:
            tasks = list(batches(todo, tuning))
            for judged in spread(ask, tasks, self.parallel, lambda: run.left() + LATE):
                self.answers.put({name: one for name, one in judged.items() if isinstance(one, Answer)})
                found |= judged
                self._tell(len(found), asked)
        finally:
            run.stopped.set()
            self.bill.requests += run.requests
            self.bill.tokens += run.used
        missing = Unjudged("", "no answer within the time that was allowed")
        own = ((one.id, found.get(key(one, self.signature), missing)) for one in questions)
        return tuple(replace(given, id=id) for id, given in own)

    def _tell(self, done: int, asked: int) -> None:
        if self.heard:
            self.heard(done, asked)


def open_llm(spec: Spec, *, heard: Heard | None = None, tuning: Tuning | None = None) -> Verifier:
    """The model that a spec names, ready to be asked; nothing is sent yet. `heard` is told how many of the
    questions are done. Raises VerifierError."""
    name = spec.name.strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise VerifierError("llm: needs the name of a model, as in llm:NAME")
    if spec.parallel < 1 or (spec.seconds or 0) < 0 or (spec.tokens or 0) < 0:
        raise VerifierError("llm: limits are numbers from 0, and at least one request goes at a time")
    endpoint = open_endpoint(spec.url, read_key(spec.key_file))
    used = tuning or Tuning()
    text = _signature(name, endpoint, used)
    asker = Asker(name, text, endpoint, Dialect(), used)
    return LLM(text, asker, Answers(spec.answers), spec.seconds, spec.tokens, min(spec.parallel, 64), heard)


def _signature(model: str, endpoint: Endpoint, tuning: Tuning) -> str:
    """All that an answer follows from, with nothing of the address but a digest: a report that goes out
    tells nobody the names of an internal network."""
    where = hashlib.sha256(endpoint.url.encode()).hexdigest()[:8]
    together = f"{tuning.batch}x{tuning.characters}"
    return (
        f"llm:{model} at={where} protocol={PROTOCOL} prompt={version()} temperature=0 seed={SEED}"
        f" batch={together}"
    )

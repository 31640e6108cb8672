"""Asking for some questions until there is an answer to each, or a reason why there is none."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import NoReturn

from claimdiff.verify import clock, reply
from claimdiff.verify.budget import Run
from claimdiff.verify.dialect import Dialect, Level, fields
from claimdiff.verify.endpoint import Endpoint, LostError, Reply
from claimdiff.verify.key import VARIABLE
from claimdiff.verify.protocol import Answer, Unjudged, VerifierError
from claimdiff.verify.reply import Fault
from claimdiff.verify.request import Item, Request, Tuning, build, tokens, too_long

Judged = dict[str, Answer | Unjudged]
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
LATE = 2  # times that a request may be late
UNKNOWN_MODEL = ("model_not_found", "model not found", "does not exist", "no such model", "unknown model")
TOO_LONG = ("context_length", "context length", "maximum context", "too long", "too large", "too many tokens")
REFUSED = ("content_filter", "content_policy", "content policy", "responsible_ai", "safety")
EMPTY_PURSE = ("insufficient_quota", "billing", "credit")


@dataclass(frozen=True, slots=True)
class _Again:
    """Why a request is worth sending again, and after how many seconds at the least."""

    reason: str
    after: float = 0.0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """One model at one endpoint. `dialect` is what the endpoint was found to take."""

    model: str
    signature: str
    endpoint: Endpoint
    dialect: Dialect
    tuning: Tuning

    def judge(self, batch: Sequence[Item], run: Run) -> Judged:
        """An answer or a reason for each item. A request whose answer cannot be used is halved until the
        one question is left that spoils it, so that the others get theirs."""
        long = [item for item in batch if too_long(item)]
        if long:
            rest = [item for item in batch if not too_long(item)]
            return _unjudged(long, "it is too long to be asked") | (self.judge(rest, run) if rest else {})
        got = self._exchange(batch, run)
        if isinstance(got, Fault):
            if not got.splits or len(batch) == 1:
                return _unjudged(batch, got.reason)
            half = len(batch) // 2
            return self.judge(batch[:half], run) | self.judge(batch[half:], run)
        missing = [item for item in batch if item.key not in got]
        return got | (self.judge(missing, run) if missing else {})

    def _exchange(self, batch: Sequence[Item], run: Run) -> Judged | Fault:
        """Send a request, again where that may help, and read its answer."""
        request = build(batch, self.signature)
        tries = late = 0
        while True:
            if refusal := run.refuses(request.tokens):
                return Fault(refusal, splits=False)
            got = self._attempt(request, batch, run)
            if got is None:
                continue
            if not isinstance(got, _Again):
                run.count(got.reason if isinstance(got, Fault) else "")
                return got
            tries, late = tries + 1, late + got.late
            if got.late or tries == self.tuning.tries or got.after > self.tuning.longest:
                run.count(got.reason)
            if got.after > self.tuning.longest:
                return Fault(f"{got.reason} and wants {got.after:.0f} seconds of waiting", splits=False)
            if late == LATE:  # fewer questions are sooner answered
                return Fault(f"{got.reason}, {tries} times")
            if tries == self.tuning.tries:
                return Fault(f"{got.reason}, {tries} times", splits=False)
            if not run.wait(max(got.after, self._backoff(request, tries))):
                return Fault(f"{got.reason}; asked no more for want of time", splits=False)

    def _attempt(self, request: Request, batch: Sequence[Item], run: Run) -> Judged | Fault | _Again | None:
        """Send a request once; None when it is to be sent at once in another dialect."""
        level = self.dialect.level
        used = request.tokens  # what got no answer may have been worked on, and be on the bill
        try:
            seconds = max(0.1, min(self.tuning.patience, run.left()))
            got = self.endpoint.post(self._body(request, level), seconds)
            used = reply.spent(got.text)
            if 200 <= got.status < 300:
                used = used or tokens(request.characters + len(got.text))
                return self._read(got, request, batch)
            fault = self._failed(got, level)
            if fault is None and got.status in AGAIN:
                return _Again(f"the endpoint answered {got.status}", _seconds(got.after))
            return fault
        except LostError as lost:
            used = used if lost.sent else 0
            return _Again(f"the endpoint gave {lost}", late=lost.late)
        finally:
            run.settle(request.tokens, used)

    def _read(self, got: Reply, request: Request, batch: Sequence[Item]) -> Judged | Fault:
        found = reply.completion(got.text, got.kind)
        answers = found if isinstance(found, Fault) else reply.answers(found, request, batch)
        if isinstance(answers, Fault):
            return answers
        return {key: self._clean(one) for key, one in answers.items()} or Fault("the model left it out")

    def _clean(self, answer: Answer | Unjudged) -> Answer | Unjudged:
        return replace(answer, reason=self.endpoint.key.hide(answer.reason))

    def _body(self, request: Request, level: Level) -> bytes:
        content = {"model": self.model, "messages": request.messages}
        return json.dumps(content | fields(level, len(request.ids) + 1)).encode("ascii")

    def _backoff(self, request: Request, tries: int) -> float:
        """Twice as long each time, and less by a share that differs between requests and processes, so that
        those that failed together do not come back together."""
        mixed = f"{request.ids} {tries} {os.getpid()}"
        share = int(hashlib.sha256(mixed.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
        whole = min(self.tuning.longest, self.tuning.backoff * 2.0 ** (tries - 1))
        return whole * (0.5 + share / 2)

    # --- what an endpoint says when it gives no answer -------------------------------------------------

    def _failed(self, got: Reply, level: Level) -> Fault | None:
        """Why asking again is of no use; None when it is of some. Raises VerifierError for what no request
        will change."""
        text = got.text.lower()
        if got.status == 429 and any(sign in text for sign in EMPTY_PURSE):
            self._stop("has no credit left for this key", got)
        if got.status in AGAIN:
            return None
        if got.status in (400, 422):
            if any(sign in text for sign in TOO_LONG):
                return Fault("it is longer than the model can read")
            if self.dialect.refused(level, _message(got.text)):
                return None
            if any(sign in text for sign in UNKNOWN_MODEL):
                self._stop(f"has no model {self.model!r}", got)
            if any(sign in text for sign in REFUSED):
                return Fault("the endpoint refused to have it judged")
            return Fault(f"the endpoint answered {got.status}")
        if got.status == 413:
            return Fault("it is longer than the endpoint takes")
        if got.status == 401:
            has = "refuses the key" if self.endpoint.key else "wants a key"
            self._stop(f"{has}: set {VARIABLE}, or name a file with --verifier-key-file", got)
        if got.status == 402:
            self._stop("wants to be paid first", got)
        if got.status == 403:
            self._stop(f"does not let this key use the model {self.model!r}", got)
        if got.status in (404, 405):
            self._stop(
                f"has no such address or no model {self.model!r}: the address is the API's base, as in"
                " https://host/v1",
                got,
            )
        if 300 <= got.status < 400:
            self._stop(f"sends elsewhere ({got.place}), which is not followed: name that address itself", got)
        return Fault(f"the endpoint answered {got.status}", splits=False)

    def _stop(self, what: str, got: Reply) -> NoReturn:
        said = reply.line(self.endpoint.key.hide(_message(got.text)))
        tail = f' It says: "{said[:200]}"' if said else ""
        raise VerifierError(f"{self.endpoint.shown} {what} ({got.status}).{tail}") from None


def _unjudged(items: Sequence[Item], reason: str) -> Judged:
    return {item.key: Unjudged(item.question.id, reason) for item in items}


def _message(text: str) -> str:
    """What an error's body says, in the forms that are usual; "" for any other."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, dict):
        parts = [error.get(name) for name in ("message", "param", "code", "detail")]
        error = " ".join(part if isinstance(part, str) else json.dumps(part) for part in parts if part)
    return error if isinstance(error, str) else ""


def _seconds(after: str) -> float:
    """How long a Retry-After asks to wait: seconds, or a date."""
    text = after.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - clock.time()) if text else 0.0
    except (ValueError, TypeError, OverflowError, OSError):
        return 0.0

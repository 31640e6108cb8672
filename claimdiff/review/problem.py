"""What the service says when it does not do what it was asked: problem details (RFC 9457) in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from claimdiff.errors import ClaimdiffError

MEDIA = "application/problem+json"
BUSY_SECONDS = 2  # what a client that came too early should wait


class ProblemError(ClaimdiffError):
    """A request that is answered with a problem. `errors` name the places in its body that are wrong."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mistake] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def response(self) -> Response:
        return problem(self.status, str(self), errors=self.errors, headers=self.headers)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a body, and where, as a JSON pointer or the name of a parameter."""

    pointer: str
    detail: str


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[Mistake] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer with this status: what went wrong, where, and what to do."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = [{"pointer": own.pointer, "detail": own.detail} for own in errors]
    return Response(
        json.dumps(content, ensure_ascii=True, allow_nan=False),
        status,
        dict(headers or {}),
        MEDIA,
    )


def busy(detail: str, status: int = 429, seconds: int = BUSY_SECONDS) -> ProblemError:
    """The service has enough to do; the client may come again."""
    return ProblemError(status, detail, headers={"Retry-After": str(seconds)})

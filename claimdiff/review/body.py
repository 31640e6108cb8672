"""The body of a request, held to a limit while it comes."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Message, Receive

from claimdiff.review.problem import ProblemError


class Body:
    """The body of a request, counted as it comes."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0
        self._kept: list[Message] = []

    def hold(self, headers: Mapping[str, str]) -> None:
        """Refuse a body that says itself that it is too long, before it comes."""
        said = headers.get("content-length", "")
        if said.isdecimal() and int(said) > self._limit:
            raise self._too_large()

    async def receive(self) -> Message:
        if self._kept:
            return self._kept.pop(0)
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > self._limit:
                raise self._too_large()
        return message

    async def read(self, limit: int) -> bytes:
        """All of it, at most this much."""
        self._limit = min(self._limit, limit)
        parts = b""
        more = True
        while more:
            message = await self.receive()
            parts += message.get("body", b"")
            more = message["type"] == "http.request" and message.get("more_body", False)
        return parts

    async def keep(self) -> bytes:
        """All of it; who comes next can receive it again."""
        data = await self.read(self._limit)
        self._kept.append({"type": "http.request", "body": data, "more_body": False})
        return data

    def _too_large(self) -> ProblemError:
        return ProblemError(
            413,
            f"the body has more than {self._limit:,} bytes, which is this server's limit; send shorter texts",
            headers={"Connection": "close"},
        )


def media(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()

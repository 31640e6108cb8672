"""The HTTP API (docs/api.md): JSON in, JSON out, as openapi.json describes it.

What goes wrong is a problem with a status that says whose turn it is. Nothing that a caller names, be it a
path or an address, is ever opened.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from typing import Any, TypeVar

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from claimdiff.errors import NotComparableError
from claimdiff.gate.entries import is_day
from claimdiff.review import answer, export
from claimdiff.review.answer import reply
from claimdiff.review.body import media
from claimdiff.review.compared import Comparer, here
from claimdiff.review.given import (
    NOTE_LENGTH,
    Fields,
    Texts,
    fail,
    hold_length,
    parsed,
    query_number,
    text,
    texts,
)
from claimdiff.review.problem import Mistake, ProblemError, busy
from claimdiff.review.record import Act, State
from claimdiff.review.service import Found
from claimdiff.review.view import View

Result = TypeVar("Result")
AUTHOR = "api"  # who acts, where a call does not say it
PAGE, MOST_ROWS = 50, 200
BODY_SECONDS = 30.0
EXPORTS = {"markdown": "text/markdown", "json": "application/json", "waivers": "application/toml"}
ACTS = {Act.CHANGES_ASKED: "ask_changes", Act.SIGNED_OFF: "sign_off", Act.REOPENED: "reopen"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the service takes and does at once; `seconds` are for one comparison, `grace` for all that
    is at work when it is stopped."""

    body_bytes: int = 4_000_000
    texts: int = 20
    characters: int = 500_000
    seconds: float = 60.0
    workers: int = 2
    queue: int = 16
    grace: int = 30


class Api:
    """The calls. `url` is where browsers reach the service, if that is not what they call it by."""

    def __init__(self, comparer: Comparer, limits: Limits, url: str = "") -> None:
        self.comparer = comparer
        self.review = comparer.review
        self.limits = limits
        self.url = url.rstrip("/")

    def routes(self) -> list[BaseRoute]:
        one = "/v1/comparisons/{id}"
        return [
            Route("/v1/health", self.health),
            Route("/v1/version", self.version),
            Route("/v1/openapi.json", self.openapi),
            Route("/v1/check", self.check, methods=["POST"]),
            Route("/v1/compare", self.compare, methods=["POST"]),
            Route("/v1/comparisons", self.search),
            Route(one, self.view),
            Route(f"{one}/decisions", self.decide, methods=["POST"]),
            Route(f"{one}/undo", self.undo, methods=["POST"]),
            Route(f"{one}/state", self.state, methods=["POST"]),
            Route(f"{one}/derivative", self.edit, methods=["PUT"]),
            Route(f"{one}/export", self.export),
        ]

    # --- of the service itself ----------------------------------------------------------------------

    async def health(self, request: Request) -> Response:
        if self.comparer.workers.draining:
            raise busy("the service is stopping", 503)
        return reply({"status": "ok"})

    async def version(self, request: Request) -> Response:
        return reply({"name": "claimdiff", "version": answer.TOOL["version"], "api": 1})

    async def openapi(self, request: Request) -> Response:
        return Response(openapi(), media_type="application/json")

    # --- texts --------------------------------------------------------------------------------------

    async def check(self, request: Request) -> Response:
        given = await self._texts(request)
        try:
            view = await unless_gone(request, partial(self._started, given))
        except NotComparableError as error:
            return reply(answer.not_comparable(given.name, str(error)))
        return await self._told(view, answer.checked, request)

    async def compare(self, request: Request) -> Response:
        given = await self._texts(request)
        view = await unless_gone(request, partial(self._started, given))
        return await self._told(view, answer.compared, request)

    async def edit(self, request: Request) -> Response:
        body = (await fields(request)).only("derivative", "author", "revision", "note")
        new = text(body.table("derivative"), "", self.review.typed)
        hold_length([new], self.limits.characters)
        id, author, revision = _id(request), body.name("author", AUTHOR), body.number("revision")
        note = body.text("note", "", most=NOTE_LENGTH)
        edit = partial(self.comparer.edit, id, new, author=author, revision=revision, note=note)
        number = await unless_gone(request, edit)
        return await self._told(await here(self.review.view, id, number), answer.checked, request)

    async def _texts(self, request: Request) -> Texts:
        body = await fields(request)
        given = texts(body, self.review.typed, self.limits.texts, self.limits.characters)
        return given if given.author else replace(given, author=AUTHOR)

    async def _started(self, given: Texts) -> View:
        """The comparison of these texts under their caller's policy."""
        found: Found = await self.comparer.start(
            given.name, given.sources, given.derivative, given.author, given.policy
        )
        return await here(self.review.view, found.id, found.revision)

    # --- what there is ------------------------------------------------------------------------------

    async def search(self, request: Request) -> Response:
        query = request.query_params
        limit = query_number(query, "limit", PAGE, least=1, most=MOST_ROWS)
        offset = query_number(query, "offset", 0, most=2**53 - 1)
        find = partial(
            self.review.search,
            _short(query.get("q", ""), "q"),
            state=_state(query.get("state")),
            decided_by=_short(query.get("decided_by", ""), "decided_by"),
            since=_day(query.get("since")),
            limit=limit,
            offset=offset,
        )
        page = await here(find)
        items = [answer.listed(row, self._base(request)) for row in page.rows]
        return reply({"items": items, "total": page.total, "limit": limit, "offset": offset})

    async def view(self, request: Request) -> Response:
        asked = request.query_params.get("revision")
        number = asked and query_number(request.query_params, "revision", 1, least=1, most=2**53 - 1)
        view = await here(self.review.view, _id(request), number or None)
        return await self._told(view, answer.viewed, request)

    async def export(self, request: Request) -> Response:
        form = request.query_params.get("format", "")
        if form not in export.FORMS:
            detail = f"must be one of {', '.join(export.FORMS)}"
            raise ProblemError(422, f"format: {detail}", errors=[Mistake("format", detail)])
        written = await here(self.review.export, _id(request), form)
        return Response(written.encode("utf-8", "replace"), media_type=EXPORTS[form])

    # --- acts ---------------------------------------------------------------------------------------

    async def decide(self, request: Request) -> Response:
        body = (await fields(request)).only("finding", "act", "reason", "author", "revision")
        act = Act(body.one_of("act", (Act.ACCEPTED, Act.DISMISSED, Act.COMMENTED)))
        reason = body.text("reason", "", most=NOTE_LENGTH)
        finding = body.text("finding", "" if act is Act.COMMENTED else None)
        if act is not Act.ACCEPTED and not reason.strip():
            fail("/reason", "is empty; write a few words")
        who: dict[str, Any] = {"author": body.name("author", AUTHOR), "revision": body.number("revision")}
        if act is Act.COMMENTED:
            done = partial(self.review.comment, _id(request), reason, finding=finding, **who)
        else:
            done = partial(self.review.decide, _id(request), finding, act, reason, **who)
        return await self._acted(request, done)

    async def undo(self, request: Request) -> Response:
        body = (await fields(request)).only("author", "revision")
        author, revision = body.name("author", AUTHOR), body.number("revision")
        return await self._acted(
            request, partial(self.review.undo, _id(request), author=author, revision=revision)
        )

    async def state(self, request: Request) -> Response:
        body = (await fields(request)).only("act", "reason", "author", "revision")
        act = Act(body.one_of("act", tuple(ACTS)))
        reason = body.text("reason", "", most=NOTE_LENGTH)
        who: dict[str, Any] = {"author": body.name("author", AUTHOR), "revision": body.number("revision")}
        return await self._acted(
            request, partial(getattr(self.review, ACTS[act]), _id(request), reason, **who)
        )

    async def _acted(self, request: Request, act: Callable[[], object]) -> Response:
        await here(act)
        return await self._told(await here(self.review.view, _id(request)), answer.stands, request)

    # --- small parts --------------------------------------------------------------------------------

    async def _told(
        self, view: View, how: Callable[[View, str], dict[str, object]], request: Request
    ) -> Response:
        base = self._base(request)
        return await here(lambda: reply(how(view, base)))

    def _base(self, request: Request) -> str:
        return self.url or f"{request.url.scheme}://{request.headers['host']}"


async def fields(request: Request) -> Fields:
    """The body's object."""
    kind = media(request.headers)
    if kind != "application/json":
        raise ProblemError(
            415,
            f"the body is {kind or 'of no type'}; send application/json",
            headers={"Accept": "application/json"},
        )
    try:
        with anyio.fail_after(BODY_SECONDS):
            data = await request.body()
    except TimeoutError:
        raise ProblemError(408, f"the body did not come within {BODY_SECONDS:g} seconds") from None
    return Fields(await here(parsed, data))


async def unless_gone(request: Request, make: Callable[[], Awaitable[Result]]) -> Result:
    """What is made; it is cancelled when the client goes, for then nobody reads it."""
    results: list[Result] = []
    errors: list[Exception] = []
    async with anyio.create_task_group() as group:

        async def making() -> None:
            try:
                results.append(await make())
            except Exception as error:
                errors.append(error)
            group.cancel_scope.cancel()

        group.start_soon(making)
        while (await request.receive())["type"] != "http.disconnect":
            continue
        group.cancel_scope.cancel()
    if errors:
        raise errors[0]
    if not results:
        raise ClientDisconnect
    return results[0]


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _short(value: str, name: str) -> str:
    if len(value) > 200:
        raise ProblemError(
            422, f"{name}: is longer than 200 characters", errors=[Mistake(name, "is too long")]
        )
    return value


def _day(value: str | None) -> str:
    if value is not None and not is_day(value):
        detail = "must be a day such as 2026-01-31"
        raise ProblemError(422, f"since: {detail}", errors=[Mistake("since", detail)])
    return value or ""


def _state(value: str | None) -> State | None:
    if value is None:
        return None
    if value not in tuple(State):
        detail = f"must be one of {', '.join(State)}"
        raise ProblemError(422, f"state: {detail}", errors=[Mistake("state", detail)])
    return State(value)


@cache
def openapi() -> bytes:
    """The description of this API."""
    return files("claimdiff.review").joinpath("openapi.json").read_bytes()

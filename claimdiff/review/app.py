"""The app: pages and API behind the guard, with the workers and the database while it runs."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from claimdiff.checking import Desk
from claimdiff.errors import ClaimdiffError, ConfigError, InputError, NotComparableError
from claimdiff.review.api import Api, Limits
from claimdiff.review.compared import Comparer
from claimdiff.review.database import Database
from claimdiff.review.guard import Guard, Rules, host_name, told
from claimdiff.review.keys import Keys
from claimdiff.review.problem import ProblemError, busy
from claimdiff.review.record import Text
from claimdiff.review.service import Refused, Review, Unavailable, Unknown
from claimdiff.review.work import Workers, warm
from claimdiff.verify.protocol import VerifierError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SAID = {404: "there is nothing at this address", 405: "this address does not take {method}; it takes {allow}"}
STATUS = (
    (Unknown, 404), (Refused, 409), (InputError, 422), (NotComparableError, 422), (ConfigError, 422),
    (VerifierError, 503),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Start:
    """Texts that are compared when the app starts."""

    name: str
    sources: Sequence[Text]
    derivative: Text


@dataclass(frozen=True, slots=True)
class Settings:
    """How the app runs. `url` is where browsers reach it, if that is not the host and port; `author` who
    decides on the pages, unless they say otherwise. `trouble` hears what became of `starts` that failed.
    `pages` are the pages' routes; None for those that come with the program."""

    database: Path
    keys: Keys
    desk: Desk
    host: str = "127.0.0.1"
    url: str = ""
    author: str = ""
    origins: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)
    starts: Sequence[Start] = ()
    trouble: Callable[[str], None] = print
    pages: Sequence[BaseRoute] | None = None

    @property
    def hosts(self) -> frozenset[str]:
        """This server's names."""
        own = {self.host.lower(), host_name(self.url.partition("://")[2].partition("/")[0])}
        return (LOOPBACK | own) - {""}


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches this address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def create_app(settings: Settings) -> Starlette:
    """The app. ConfigError for a database that cannot be used."""
    limits = settings.limits
    review = Review(Database(settings.database), settings.desk)
    workers = Workers(limits.workers, limits.queue, limits.seconds, warm)
    comparer = Comparer(review, workers)
    routes = Api(comparer, limits, settings.url).routes()
    routes += _pages(settings, comparer) if settings.pages is None else settings.pages
    rules = Rules(
        keys=settings.keys,
        hosts=settings.hosts,
        origins=settings.origins,
        body_bytes=limits.body_bytes,
        secure=settings.url.startswith("https://"),
    )
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, rules=rules)],
        exception_handlers={
            ProblemError: _problem,
            ClaimdiffError: _claimdiff,
            HTTPException: _http,
            ClientDisconnect: _gone,
        },
        lifespan=partial(_lifespan, settings, comparer),
    )
    app.router.redirect_slashes = False
    app.state.settings, app.state.review = settings, review
    app.state.comparer, app.state.workers = comparer, workers
    return app


def _pages(settings: Settings, comparer: Comparer) -> Sequence[BaseRoute]:
    """The routes of `claimdiff.review.pages`. Its requests have passed the guard; `guard.nonce` and
    `guard.csrf` give a page what it needs, and whatever it raises of ours becomes a page or a problem."""
    if find_spec("claimdiff.review.pages") is None:
        return ()
    made: Sequence[BaseRoute] = import_module("claimdiff.review.pages").routes(settings, comparer)
    return made


@asynccontextmanager
async def _lifespan(settings: Settings, comparer: Comparer, app: Starlette) -> AsyncIterator[None]:
    try:
        async with comparer.workers.running(), anyio.create_task_group() as group:
            group.start_soon(_begin, settings, comparer)
            group.start_soon(_refresh, comparer)
            yield
            comparer.workers.drain()
            with anyio.move_on_after(settings.limits.grace):
                await comparer.workers.idle()
            group.cancel_scope.cancel()
    finally:
        comparer.review.database.close()


async def _refresh(comparer: Comparer) -> None:
    """Bring the desk's list to the policy of today, while the app answers already."""
    with suppress(Unavailable):
        await to_thread.run_sync(comparer.review.refresh, abandon_on_cancel=True)


async def _begin(settings: Settings, comparer: Comparer) -> None:
    """Compare what the command line named, one after the other."""
    for own in settings.starts:
        try:
            await comparer.start(own.name, own.sources, own.derivative, settings.author or "editor")
        except ClaimdiffError as error:
            settings.trouble(f"{own.derivative.name}: {error}")


# --- what goes wrong --------------------------------------------------------------------------------


def _problem(request: Request, error: Any) -> Response:
    return told(request.scope, error)


def _claimdiff(request: Request, error: Any) -> Response:
    if isinstance(error, Unavailable):
        return told(request.scope, busy(str(error), 503))
    for kind, status in STATUS:
        if isinstance(error, kind):
            return told(request.scope, ProblemError(status, str(error)))
    raise error


def _http(request: Request, error: Any) -> Response:
    headers = dict(error.headers or {})
    said = SAID.get(error.status_code, "{detail}")
    detail = said.format(method=request.method, allow=headers.get("Allow", "none"), detail=error.detail)
    return told(request.scope, ProblemError(error.status_code, detail, headers=headers))


def _gone(request: Request, error: Any) -> Response:
    return Response(status_code=499)  # nobody reads it

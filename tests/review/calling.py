"""A client that calls an app in this process, with its lifespan, one call at a time or from many threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from claimdiff.checking import Desk
from claimdiff.gate.config import Config
from claimdiff.review.app import Settings, create_app
from claimdiff.review.keys import Keys

TOKEN = "a-token-of-more-than-twenty-characters"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


def settings(folder: Any, **more: Any) -> Settings:
    """An app of its own in this folder."""
    return Settings(
        database=folder / "review.sqlite3",
        keys=Keys(TOKEN),
        desk=Desk(Config(folder), {}, "2026-01-31"),
        **({"pages": ()} | more),
    )


class Client:
    def __init__(self, app: Any, portal: BlockingPortal, headers: Mapping[str, str]) -> None:
        self.app = app
        self._portal = portal
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._portal.call(lambda: self._client.request(method, path, timeout=60, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def put(self, path: str, **more: Any) -> httpx.Response:
        return self.request("PUT", path, **more)


@contextmanager
def calling(own: Settings, headers: Mapping[str, str] = HEADERS) -> Iterator[Client]:
    """A client of an app that runs while this lasts."""
    app = create_app(own)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(app.router.lifespan_context(app)),
    ):
        yield Client(app, portal, headers)

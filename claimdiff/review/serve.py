"""The server: it listens, says when it is ready, and ends when it is told to."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette

from claimdiff.errors import ConfigError

CONNECTIONS = 128
NO_DELAY = (6, 1, 1)  # IPPROTO_TCP, TCP_NODELAY, on


class Listener:
    """A port of this machine, before anybody is answered on it."""

    def __init__(self, host: str, port: int) -> None:
        """ConfigError when it cannot be had; port 0 is any free one."""
        config = uvicorn.Config(_nothing, host=host, port=port, log_config=None)
        log = logging.getLogger("uvicorn.error")
        quiet, log.disabled = log.disabled, True
        try:
            self.socket = config.bind_socket()
        except (SystemExit, OSError):
            raise ConfigError(
                f"{host}:{port}: cannot be listened on; name another --port, or 0 for any free one"
            ) from None
        finally:
            log.disabled = quiet
        # asyncio sets this only where it made the socket itself; without it an answer waits 40 ms.
        self.socket.setsockopt(*NO_DELAY)
        self.host = host
        self.port: int = self.socket.getsockname()[1]

    @property
    def url(self) -> str:
        """The address for a browser on this machine."""
        name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://[{name}]:{self.port}" if ":" in name else f"http://{name}:{self.port}"

    def close(self) -> None:
        self.socket.close()


def serve(app: Starlette, listener: Listener, ready: Callable[[], None]) -> bool:
    """Serve until a signal asks for the end; what is at work by then is finished within the grace time.
    `ready` is called once the server answers. False when it could not start."""
    limits = app.state.settings.limits
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # it would hold the token of an address
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=limits.grace,
    )
    server = _Server(config, ready, app.state.workers.drain)
    server.run(sockets=[listener.socket])
    return server.started


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], drain: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._drain = drain

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A stop that was asked for is no failure: nothing is raised again at the end."""
        asked = (signal.SIGINT, signal.SIGTERM)
        before = {own: signal.signal(own, self.handle_exit) for own in asked}
        try:
            yield
        finally:
            for own, handler in before.items():
                signal.signal(own, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal begins no more work, the second waits for nothing."""
        self._drain()
        self.force_exit = self.should_exit
        self.should_exit = True


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """An app that is never run."""

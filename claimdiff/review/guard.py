"""What stands before every page and every call: who asks, for which host, from where, and how much.

A request passes when its Host is a name of this server, its body is within the limit, and it brings the
token, or a session of a browser that signed in. What a session changes must come from our own pages.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from claimdiff.review import door
from claimdiff.review.body import Body, media
from claimdiff.review.keys import Keys
from claimdiff.review.problem import ProblemError

LOG = logging.getLogger("claimdiff.review")
FAULT = "an internal error, whose details are in the server's log; please report it"
API = "/v1/"
OPEN = frozenset({"/v1/health"})
SIGN_IN = "/sign-in"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER, CSRF_FIELD = "x-csrf-token", "csrf"
FORM = "application/x-www-form-urlencoded"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer, a form of ours would say `Origin: null`
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the guard goes by: `hosts` are this server's names, `origins` the sites whose scripts may call
    the API with a token, `secure` says that browsers reach us by https."""

    keys: Keys
    hosts: frozenset[str]
    origins: frozenset[str] = frozenset()
    body_bytes: int = 4_000_000
    secure: bool = False


class Guard:
    """The middleware; it comes before everything else."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state["nonce"] = nonce = secrets.token_urlsafe(16)
        body = Body(receive, self.rules.body_bytes)
        dressed = _dressed(send, self._extra(headers, nonce))
        try:
            self._hold_host(headers)
            answer = self._preflight(scope, headers)
            answer = answer or await self._sign_in(scope, headers, body)
            answer = answer or await self._admit(scope, headers, body)
        except ProblemError as error:
            answer = told(scope, error)
        if answer is not None:
            await answer(scope, body.receive, dressed)
        else:
            await self._pass(scope, body.receive, dressed)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """On to the app; a fault of our own is told as one, and its details go to the log alone."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            LOG.exception("%s %s failed", scope["method"], scope["path"])
            if begun:
                raise
            await told(scope, ProblemError(500, FAULT))(scope, receive, send)

    def _extra(self, headers: Headers, nonce: str) -> dict[str, str]:
        origin = headers.get("origin", "")
        extra = {**ALWAYS, "Content-Security-Policy": policy(nonce)}
        if self.rules.origins:
            extra["Vary"] = "Origin"
        if origin in self.rules.origins:
            extra["Access-Control-Allow-Origin"] = origin
            extra["Access-Control-Expose-Headers"] = "Location, Retry-After"
            extra["Cross-Origin-Resource-Policy"] = "cross-origin"
        return extra

    def _hold_host(self, headers: Headers) -> None:
        """Another site's name that leads here must not get anything (DNS rebinding)."""
        given = headers.getlist("host")
        if len(given) != 1:
            raise ProblemError(400, "the request must have one Host header")
        if host_name(given[0]) not in self.rules.hosts:
            raise ProblemError(
                421, "the Host header is no name of this server; use the address that it printed at its start"
            )

    def _preflight(self, scope: Scope, headers: Headers) -> Response | None:
        asked = headers.get("access-control-request-method")
        if scope["method"] != "OPTIONS" or asked is None or headers.get("origin") not in self.rules.origins:
            return None
        allow = {
            "Access-Control-Allow-Methods": "GET, POST, PUT",
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Max-Age": "600",
        }
        return Response(status_code=204, headers=allow)

    # --- who asks -----------------------------------------------------------------------------------

    async def _sign_in(self, scope: Scope, headers: Headers, body: Body) -> Response | None:
        """A session for a browser that brings the token, in the address or by the form."""
        path: str = scope["path"]
        if path.startswith(API):
            return None
        keys = self.rules.keys
        if path == SIGN_IN and scope["method"] == "POST":
            self._hold_origin(headers)
            fields = parse_qs((await body.read(door.MOST_BYTES)).decode("utf-8", "replace"))
            if not keys.is_token(fields.get("token", [""])[0].strip()):
                return door.shut(401, scope["state"]["nonce"], wrong=True)
            return self._opened("/")
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == "token"]
        if scope["method"] not in ("GET", "HEAD") or not given:
            return None
        if not (keys.is_token(given[0]) or keys.is_pass(given[0])):
            return door.shut(401, scope["state"]["nonce"], wrong=True)
        rest = urlencode([own for own in query if own[0] != "token"])
        return self._opened(clean_path(path) + (f"?{rest}" if rest else ""))

    def _opened(self, place: str) -> Response:
        response = RedirectResponse(place, 303)
        response.set_cookie(
            self.rules.keys.cookie,
            self.rules.keys.new_session(),
            httponly=True,
            samesite="strict",
            secure=self.rules.secure,
        )
        return response

    async def _admit(self, scope: Scope, headers: Headers, body: Body) -> Response | None:
        """None for a request that may pass, else what to say."""
        if scope["path"] in OPEN:
            return None
        body.hold(headers)
        if "authorization" in headers:
            if not self._is_bearer(headers):
                raise ProblemError(
                    401,
                    "the token in the Authorization header is not this server's; send `Bearer` and the token",
                    headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
                )
            return None
        session = cookie_parser(headers.get("cookie", "")).get(self.rules.keys.cookie, "")
        if not session or not self.rules.keys.is_session(session):
            if not scope["path"].startswith(API):
                return door.away(headers, scope)
            raise ProblemError(
                401,
                "a token is needed; send the header `Authorization: Bearer` with it",
                headers={"WWW-Authenticate": "Bearer"},
            )
        scope["state"]["csrf"] = self.rules.keys.csrf(session)
        if scope["method"] not in SAFE:
            await self._hold_csrf(headers, session, body)
        return None

    def _is_bearer(self, headers: Headers) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        return (
            len(headers.getlist("authorization")) == 1
            and scheme.lower() == "bearer"
            and self.rules.keys.is_token(given.strip())
        )

    async def _hold_csrf(self, headers: Headers, session: str, body: Body) -> None:
        """What changes something must come from a page of ours, and bring the word that it was given."""
        self._hold_origin(headers)
        given = headers.get(CSRF_HEADER, "")
        if not given and media(headers) == FORM:
            fields = parse_qs((await body.keep()).decode("utf-8", "replace"))
            given = fields.get(CSRF_FIELD, [""])[0]
        if not self.rules.keys.is_csrf(session, given):
            raise ProblemError(
                403,
                "the request does not bring the word of its page (X-CSRF-Token); reload the page",
            )

    def _hold_origin(self, headers: Headers) -> None:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        own = headers.get("host", "").lower()
        fine = urlsplit(origin.lower()).netloc == own if origin is not None else site == "same-origin"
        if not fine or site not in (None, "same-origin"):
            raise ProblemError(403, "the request comes from another site; nothing was done")


# --- small parts --------------------------------------------------------------------------------------


def policy(nonce: str) -> str:
    """What a page may load and run: our own files, and what bears this answer's nonce."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def nonce(request: Request) -> str:
    """What a script or style in the page must bear, for its element's `nonce`."""
    return str(request.state.nonce)


def csrf(request: Request) -> str:
    """What this page must send back with a change: as the header X-CSRF-Token, or a form's field `csrf`."""
    return str(getattr(request.state, "csrf", ""))


def told(scope: Scope, error: ProblemError) -> Response:
    """A refusal in the form that the caller reads."""
    if scope["path"].startswith(API):
        return error.response()
    return door.page(error.status, str(error), scope["state"]["nonce"], headers=error.headers)


def host_name(given: str) -> str:
    """The name in a Host header, without its port; "" for what is none."""
    try:
        parts = urlsplit(f"//{given}")
        fine = parts.netloc == given and "@" not in given and (parts.port or 0) >= 0
    except ValueError:
        return ""
    return (parts.hostname or "").rstrip(".") if fine else ""


def clean_path(path: str) -> str:
    """A path of this server, which no browser reads as another one's address."""
    return quote("/" + path.replace("\\", "/").lstrip("/"), safe="/:@!$&'()*+,;=-._~")


def _dressed(send: Send, extra: Mapping[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in extra.items():
                if name == "Vary":
                    headers.add_vary_header(value)
                else:
                    headers.setdefault(name, value)
        await send(message)

    return sending

"""The page that a browser gets which has not signed in, and how it does so."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

MOST_BYTES = 4_096  # of the form that signs in
_STYLE = (
    ":root{color-scheme:light dark}body{font:1.05rem/1.5 system-ui,sans-serif;max-width:34rem;"
    "margin:15vh auto;padding:0 1.25rem}h1{font-size:1.35rem}input,button{font:inherit;padding:.4rem .6rem}"
    "input{width:100%;box-sizing:border-box;margin:.25rem 0 .75rem}"
)
_FORM = (
    '<form method="post" action="/sign-in"><label for="token">Token</label>'
    '<input id="token" name="token" type="password" autocomplete="off" required>'
    "<button>Sign in</button></form>"
)


def shut(status: int, nonce: str, *, wrong: bool = False) -> Response:
    """The page that asks for the token."""
    said = (
        "That is not this server's token."
        if wrong
        else "Open the address that claimdiff printed when it started, or give the token."
    )
    return page(status, said, nonce, title="Sign in", more=_FORM)


def away(headers: Headers, scope: Scope) -> Response:
    """The answer to a browser without a session. One that follows a link from another site has not sent
    its cookie (SameSite=Strict); it comes again from here, and then it does."""
    again = headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") == "navigate"
    if again and scope["method"] == "GET":
        refresh = '<meta http-equiv="refresh" content="0">'
        return page(401, "One moment.", scope["state"]["nonce"], head=refresh)
    return shut(401, scope["state"]["nonce"])


def page(
    status: int,
    said: str,
    nonce: str,
    *,
    title: str = "",
    head: str = "",
    more: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A small page that says one thing."""
    title = title or {403: "Not allowed", 404: "Not found", 413: "Too large"}.get(status, "claimdiff")
    text = said[:1].upper() + said[1:] + ("" if said.endswith(".") else ".")
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(title)} · claimdiff</title><style nonce="{nonce}">{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p>{more}</main></body></html>",
        status,
        dict(headers or {}),
    )

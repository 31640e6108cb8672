"""Who may come in, from where, under which name, and with how much."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import anyio
import pytest

pytest.importorskip("starlette", reason="needs the extra `review` (starlette)")
httpx = pytest.importorskip("httpx", reason="needs httpx")

from starlette.applications import Starlette  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import JSONResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402

from claimdiff.errors import ConfigError  # noqa: E402
from claimdiff.review.guard import Guard, Rules, clean_path, csrf, host_name, nonce  # noqa: E402
from claimdiff.review.keys import Keys, same  # noqa: E402
from claimdiff.review.problem import ProblemError  # noqa: E402

TOKEN = "a-token-of-more-than-twenty-characters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OWN = "http://127.0.0.1:8000"
PARTNER = "https://cms.example"


async def echo(request: Request) -> JSONResponse:
    body = await request.body()
    return JSONResponse({"bytes": len(body), "nonce": nonce(request), "csrf": csrf(request)})


async def fault(request: Request) -> JSONResponse:
    raise RuntimeError("the password is hunter2")


def told(request: Request, error: Exception) -> object:
    assert isinstance(error, ProblemError)
    return error.response()


def app(
    *, origins: frozenset[str] = frozenset(), keys: Keys | None = None, secure: bool = False
) -> Starlette:
    rules = Rules(
        keys or Keys(TOKEN),
        hosts=frozenset({"127.0.0.1", "localhost", "::1"}),
        origins=origins,
        body_bytes=1_000,
        secure=secure,
    )
    every = ["GET", "POST", "PUT"]
    routes = [
        Route(path, endpoint, methods=every)
        for path, endpoint in (
            ("/", echo), ("/page", echo), ("/v1/thing", echo), ("/v1/health", echo), ("/v1/fault", fault)
        )
    ]  # fmt: skip
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, rules=rules)],
        exception_handlers={ProblemError: told},  # type: ignore[dict-item]
    )


def ask(method: str, path: str, *, to: Starlette | None = None, **more: object) -> httpx.Response:
    base = more.pop("base", OWN)

    async def asking() -> httpx.Response:
        transport = httpx.ASGITransport(app=to or app())
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.request(method, path, **more)

    return anyio.run(asking)


def signed_in(to: Starlette | None = None) -> dict[str, str]:
    """The headers of a browser's page that signed in."""
    response = ask("GET", f"/?token={TOKEN}", to=to)
    cookie = response.headers["set-cookie"].partition(";")[0]
    word = ask("GET", "/page", to=to, headers={"Cookie": cookie}).json()["csrf"]
    return {"Cookie": cookie, "X-CSRF-Token": word, "Origin": OWN, "Sec-Fetch-Site": "same-origin"}


def without(headers: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


# --- the token ------------------------------------------------------------------------------------


def test_health_alone_needs_no_token() -> None:
    assert ask("GET", "/v1/health").status_code == 200
    for path in ("/v1/thing", "/v1/health/", "/v1/none", "/v1/"):
        response = ask("GET", path)
        assert response.status_code == 401, path
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.headers["content-type"] == "application/problem+json"
        assert "token" in response.json()["detail"]


def test_the_token_opens_the_api() -> None:
    assert ask("GET", "/v1/thing", headers=BEARER).status_code == 200
    assert ask("GET", "/v1/thing", headers={"Authorization": f"bearer {TOKEN}"}).status_code == 200
    assert ask("POST", "/v1/thing", headers=BEARER, content=b"x").json()["bytes"] == 1


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer \xff",
    ],
)
def test_another_token_opens_nothing(given: str) -> None:
    response = ask("GET", "/v1/thing", headers={"Authorization": given.encode("latin-1")})
    assert response.status_code == 401
    assert TOKEN not in response.text


def test_two_tokens_are_none() -> None:
    headers = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", "Bearer other")]
    assert ask("GET", "/v1/thing", headers=headers).status_code == 401


def test_the_token_in_an_address_opens_no_call() -> None:
    assert ask("GET", f"/v1/thing?token={TOKEN}").status_code == 401


def test_a_wrong_bearer_is_not_saved_by_a_cookie() -> None:
    headers = signed_in() | {"Authorization": "Bearer wrong"}
    assert ask("GET", "/v1/thing", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "token", ["", "short", "with a space in it 1234567890", "tökens-of-twenty-characters", "x" * 19]
)
def test_a_token_that_is_none_is_refused(token: str) -> None:
    with pytest.raises(ConfigError):
        Keys(token)


def test_words_are_compared_whole() -> None:
    assert same("a", "a") and not same("a", "b") and not same("", "a") and not same("\ud800", "a")


# --- sessions -------------------------------------------------------------------------------------


def test_signing_in_leaves_a_clean_address() -> None:
    response = ask("GET", f"/page?a=1&token={TOKEN}&b=%20")
    assert response.status_code == 303
    assert response.headers["location"] == "/page?a=1&b=+"
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
    assert TOKEN not in cookie
    assert "Secure" not in cookie
    assert "Secure" in ask("GET", f"/?token={TOKEN}", to=app(secure=True)).headers["set-cookie"]


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "///evil.example/x", "/%0d%0aSet-Cookie:x"]
)
def test_signing_in_leads_nowhere_else(path: str) -> None:
    assert re.fullmatch(r"/[\w.%/:=-]*", clean_path(path))
    assert not clean_path(path).startswith("//")


def test_a_session_opens_pages_and_calls() -> None:
    headers = signed_in()
    assert ask("GET", "/page", headers=headers).status_code == 200
    assert ask("GET", "/v1/thing", headers=headers).status_code == 200
    assert ask("POST", "/v1/thing", headers=headers).status_code == 200


@pytest.mark.parametrize("change", ["", "x", "0" * 32 + "." + "0" * 64, "a.b"])
def test_a_made_up_session_opens_nothing(change: str) -> None:
    name = Keys(TOKEN).cookie
    assert ask("GET", "/page", headers={"Cookie": f"{name}={change}"}).status_code == 401
    assert ask("GET", "/v1/thing", headers={"Cookie": f"{name}={change}"}).status_code == 401


def test_a_session_of_another_token_opens_nothing() -> None:
    other = Keys("another-token-of-more-than-twenty")
    assert not Keys(TOKEN).is_session(other.new_session())
    assert other.cookie != Keys(TOKEN).cookie
    assert TOKEN not in Keys(TOKEN).new_session()


def test_who_has_no_session_is_asked_for_the_token() -> None:
    response = ask("GET", "/page")
    assert response.status_code == 401
    assert '<form method="post" action="/sign-in">' in response.text
    wrong = ask("GET", "/?token=wrong")
    assert wrong.status_code == 401 and "set-cookie" not in wrong.headers


def test_the_form_signs_in() -> None:
    fine = ask("POST", "/sign-in", data={"token": TOKEN}, headers={"Origin": OWN})
    assert fine.status_code == 303 and fine.headers["location"] == "/" and "set-cookie" in fine.headers
    for headers, data in (
        ({"Origin": OWN}, {"token": "wrong"}),
        ({"Origin": "http://evil.example"}, {"token": TOKEN}),
        ({"Origin": "null"}, {"token": TOKEN}),
        ({}, {"token": TOKEN}),
    ):
        response = ask("POST", "/sign-in", data=data, headers=headers)
        assert response.status_code in (401, 403) and "set-cookie" not in response.headers


def test_a_link_from_another_site_comes_again_from_here() -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    response = ask("GET", "/page", headers=headers)
    assert response.status_code == 401 and 'http-equiv="refresh"' in response.text
    assert "refresh" not in ask("GET", "/page", headers={"Sec-Fetch-Site": "same-origin"}).text


def test_a_pass_opens_one_session() -> None:
    keys = Keys(TOKEN)
    own = app(keys=keys)
    word = keys.new_pass()
    assert "set-cookie" in ask("GET", f"/?token={word}", to=own).headers
    assert "set-cookie" not in ask("GET", f"/?token={word}", to=own).headers
    assert (
        ask("GET", "/v1/thing", to=own, headers={"Authorization": f"Bearer {keys.new_pass()}"}).status_code
        == 401
    )


# --- what a session changes -----------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["X-CSRF-Token", "Cookie"])
def test_a_change_needs_the_pages_word(lost: str) -> None:
    for path in ("/page", "/v1/thing"):
        response = ask("POST", path, headers=without(signed_in(), lost))
        assert response.status_code == (403 if lost == "X-CSRF-Token" else 401)


def test_a_word_is_of_one_session() -> None:
    own = app()
    mine, other = signed_in(own), signed_in(own)
    assert mine["X-CSRF-Token"] != other["X-CSRF-Token"]
    mixed = mine | {"X-CSRF-Token": other["X-CSRF-Token"]}
    assert ask("POST", "/v1/thing", to=own, headers=mixed).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_change_comes_from_our_own_pages(change: dict[str, str]) -> None:
    assert ask("POST", "/v1/thing", headers=signed_in() | change).status_code == 403
    assert ask("PUT", "/page", headers=signed_in() | change).status_code == 403


def test_a_change_says_where_it_comes_from() -> None:
    headers = without(without(signed_in(), "Origin"), "Sec-Fetch-Site")
    assert ask("POST", "/v1/thing", headers=headers).status_code == 403
    assert ask("POST", "/v1/thing", headers=headers | {"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_a_form_brings_the_word_in_a_field() -> None:
    headers = signed_in()
    word = headers.pop("X-CSRF-Token")
    data = {"csrf": word, "text": "x" * 50}
    response = ask("POST", "/page", headers=headers, data=data)
    assert response.status_code == 200 and response.json()["bytes"] > 100  # and the page still gets it
    assert ask("POST", "/page", headers=headers, data={"csrf": "0" * 64}).status_code == 403
    assert ask("POST", "/page", headers=headers, data={"csrf": word, "text": "x" * 2_000}).status_code == 413


def test_a_token_needs_no_word() -> None:
    assert ask("POST", "/v1/thing", headers=BEARER | {"Origin": "http://evil.example"}).status_code == 200


# --- hosts and origins ----------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "localhost."])
def test_own_names_pass(host: str) -> None:
    assert ask("GET", "/v1/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "evil.example:8000", "",
     "127.0.0.1:x", "localhost/", "[::1", "a b", "localhost:99999", "127.0.0.1, evil.example"],
)  # fmt: skip
def test_another_name_gets_nothing(host: str) -> None:
    for path in ("/v1/health", "/", f"/?token={TOKEN}", "/v1/thing"):
        response = ask("GET", path, headers=BEARER | {"Host": host})
        assert response.status_code == 421, path
        assert "set-cookie" not in response.headers


def test_host_names() -> None:
    assert host_name("[::1]:80") == "::1"
    assert host_name("A.example:80") == "a.example"


def test_no_origin_is_let_in_by_itself() -> None:
    for to in (app(), app(origins=frozenset({PARTNER}))):
        for origin in (
            "https://evil.example",
            "null",
            f"{PARTNER}.evil.example",
            PARTNER.replace("https", "http"),
        ):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            for response in (
                ask("OPTIONS", "/v1/thing", to=to, headers=headers),
                ask("GET", "/v1/thing", to=to, headers=BEARER | {"Origin": origin}),
            ):
                assert not [name for name in response.headers if name.startswith("access-control")]


def test_a_listed_origin_may_call_with_a_token() -> None:
    own = app(origins=frozenset({PARTNER}))
    preflight = ask(
        "OPTIONS", "/v1/thing", to=own, headers={"Origin": PARTNER, "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == PARTNER
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    response = ask("POST", "/v1/thing", to=own, headers=BEARER | {"Origin": PARTNER})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == PARTNER
    assert "access-control-allow-credentials" not in response.headers
    assert "Origin" in response.headers["vary"]
    refused = ask("POST", "/v1/thing", to=own, headers={"Origin": PARTNER})
    assert refused.status_code == 401 and refused.headers["access-control-allow-origin"] == PARTNER


def test_a_listed_origin_cannot_use_a_session() -> None:
    own = app(origins=frozenset({PARTNER}))
    headers = signed_in(own) | {"Origin": PARTNER, "Sec-Fetch-Site": "cross-site"}
    assert ask("POST", "/v1/thing", to=own, headers=headers).status_code == 403


# --- what every answer bears ----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/page", "/v1/thing", "/none", "/v1/fault", "/v1/health"])
@pytest.mark.parametrize("headers", [{}, BEARER, {"Host": "evil.example"}])
def test_every_answer_is_held_tight(path: str, headers: dict[str, str]) -> None:
    response = ask("GET", path, headers=headers)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert response.headers["cache-control"] == "no-store"


def test_a_nonce_is_used_once() -> None:
    responses = [ask("GET", "/v1/thing", headers=BEARER) for _ in range(2)]
    nonces = [response.json()["nonce"] for response in responses]
    assert nonces[0] != nonces[1]
    assert all(
        f"'nonce-{word}'" in own.headers["content-security-policy"]
        for word, own in zip(nonces, responses, strict=True)
    )


def test_a_fault_tells_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    response = ask("GET", "/v1/fault", headers=BEARER)
    assert response.status_code == 500
    assert "hunter2" not in response.text and "log" in response.json()["detail"]
    assert "hunter2" in caplog.text


def test_a_page_that_is_refused_is_a_page() -> None:
    response = ask("POST", "/page", headers=without(signed_in(), "X-CSRF-Token"))
    assert response.status_code == 403 and response.headers["content-type"].startswith("text/html")
    assert "<script" not in response.text


# --- how much -------------------------------------------------------------------------------------


def test_a_long_body_is_refused_before_it_comes() -> None:
    seen: list[int] = []

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(100):
            seen.append(1)
            yield b"x" * 100

    headers = BEARER | {"Content-Length": "10000"}
    response = ask("POST", "/v1/thing", headers=headers, content=parts())
    assert response.status_code == 413 and "1,000" in response.json()["detail"]


def test_a_long_body_is_refused_while_it_comes() -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    response = ask("POST", "/v1/thing", headers=BEARER, content=parts())
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


def test_who_may_not_come_in_is_told_that_first() -> None:
    assert ask("POST", "/v1/thing", content=b"x" * 5_000).status_code in (401, 413)
    assert ask("POST", "/v1/thing", content=b"x" * 1_000, headers=BEARER).json()["bytes"] == 1_000


def test_a_socket_is_closed() -> None:
    sent: list[str] = []

    async def opening() -> None:
        async def send(message: dict[str, object]) -> None:
            sent.append(str(message["type"]))

        await Guard(app(), Rules(Keys(TOKEN), frozenset()))({"type": "websocket"}, None, send)  # type: ignore[arg-type]

    anyio.run(opening)
    assert sent == ["websocket.close"]

"""An endpoint that speaks the chat-completions protocol: which addresses are accepted, and one exchange.

No redirect is followed, so neither a key nor an article goes to an address that the user did not name.
"""

from __future__ import annotations

import ipaddress
import ssl
import zlib
from dataclasses import dataclass, field
from threading import Timer
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from claimdiff.verify import clock
from claimdiff.verify.key import Key, keep_from_logs
from claimdiff.verify.protocol import VerifierError

if TYPE_CHECKING:
    from collections.abc import Generator

    import httpx

INSTALL = "pip install 'claimdiff[llm]'"
PATH = "/chat/completions"
BODY = 4_000_000  # bytes of an answer that are read
CONNECTING = 10.0  # seconds
GRACE = 2.0  # seconds over the limit, after which a connection is cut
NEARBY = (".localhost", ".local", ".lan", ".internal", ".home.arpa", ".svc")  # names of local networks
SECRETS = ("key", "token", "secret", "password", "passwd", "signature", "sig", "auth", "code")


class LostError(Exception):
    """A request that got no answer, and may get one if it is sent again. `late` says that it took too long,
    `sent` that it may have been worked on."""

    def __init__(self, reason: str, *, late: bool = False, sent: bool = True) -> None:
        super().__init__(reason)
        self.late, self.sent = late, sent


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status, the content's type, what it says of waiting, and the text."""

    status: int
    kind: str
    after: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go. `shown` is the address as messages may say it."""

    url: str
    shown: str
    near: bool
    key: Key = field(repr=False)
    trust: Any = field(repr=False, compare=False)

    def post(self, body: bytes, seconds: float) -> Reply:
        """Send a request and read the answer, within about `seconds`. Raises LostError."""
        import httpx

        until = clock.monotonic() + seconds
        limits = httpx.Timeout(seconds, connect=min(seconds, CONNECTING))
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # nothing that grows when it is unpacked
            "User-Agent": "claimdiff",
        }
        client = httpx.Client(
            verify=self.trust, timeout=limits, follow_redirects=False, trust_env=not self.near
        )
        # Time limits of the client are those of a single read: an answer that comes byte by byte meets none.
        watch = Timer(seconds + GRACE, client.close)
        watch.daemon = True
        try:
            watch.start()
            with client.stream(
                "POST", self.url, content=body, headers=headers, auth=_auth(self.key)
            ) as answer:
                return self._read(answer, until)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise VerifierError(
                    f"{self.shown}: its certificate is of no authority that is known here; SSL_CERT_FILE"
                    " names a file with others"
                ) from None
            raise LostError(f"no connection ({type(error).__name__})", sent=False) from None
        except httpx.TimeoutException:
            raise LostError(f"no answer within {seconds:.0f} seconds", late=True) from None
        except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError) as error:
            # An error's own text may hold the address or a header.
            late = clock.monotonic() >= until
            what = "no whole answer in time" if late else f"no answer ({type(error).__name__})"
            raise LostError(what, late=late) from None
        finally:
            watch.cancel()
            client.close()

    def _read(self, answer: httpx.Response, until: float) -> Reply:
        data = bytearray()
        for piece in answer.iter_raw():
            data += piece
            if len(data) > BODY:
                raise LostError(f"an answer of more than {BODY:,} bytes")
            if clock.monotonic() > until:
                raise LostError("no whole answer in time", late=True)
        text = _plain(bytes(data), answer.headers.get("content-encoding", "")).decode("utf-8", "replace")
        head = answer.headers
        kind = self.key.hide(head.get("content-type", "").partition(";")[0].strip())
        place = self.key.hide(shown(head.get("location", ""))) if answer.is_redirect else ""
        return Reply(answer.status_code, kind, head.get("retry-after", ""), place, self.key.hide(text))


def _plain(data: bytes, encoding: str) -> bytes:
    """The bytes unpacked, should somebody have packed them who was asked not to."""
    if encoding.strip().lower() in ("", "identity"):
        return data
    packed = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib, as it says itself
    try:
        plain = packed.decompress(data, BODY + 1)
    except zlib.error:
        raise LostError("an answer in an encoding that was not asked for") from None
    if len(plain) > BODY:
        raise LostError(f"an answer of more than {BODY:,} bytes")
    return plain


def open_endpoint(url: str, key: Key) -> Endpoint:
    """The endpoint at an address: the API's base, as in https://host/v1, or the whole of it. Raises
    VerifierError for an address that is none, and for one over which a key or an article would go openly."""
    parts = _parts(url)
    path = parts.path.rstrip("/")
    whole = parts._replace(path=path if path.endswith(PATH) else path + PATH)
    near = is_near(parts.hostname or "")
    if parts.scheme == "http" and not near:
        raise VerifierError(
            f"{shown(url)}: plain http would send articles and the key readably over the network;"
            " use https (http is for this computer and for private networks)"
        )
    trust = _trust(urlunsplit(whole))
    _check_proxies(trust, near)
    keep_from_logs(key)
    return Endpoint(urlunsplit(whole), shown(urlunsplit(whole)), near, key, trust)


def shown(url: str) -> str:
    """An address without anything that may be secret: no user, no query, no fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that is none"
    host = f"[{host}]" if ":" in host else host
    plain = urlunsplit((parts.scheme, host + port, parts.path, "", ""))
    return "".join(letter for letter in plain if letter.isprintable())[:200]


def is_near(host: str) -> bool:
    """Whether a host is this computer or, by its address or name, one of a private network."""
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        return "." not in host or host.endswith(NEARBY)


def _parts(url: str) -> SplitResult:
    """The address's parts; an error's text never repeats what may be a credential."""
    if not url:
        raise VerifierError("llm: needs the address of an endpoint: --verifier-url or CLAIMDIFF_VERIFIER_URL")
    if not url.isprintable() or " " in url:
        raise VerifierError("the verifier's address holds a space or a character that no address has")
    try:
        parts = urlsplit(url)
        user, host, port = parts.username, parts.hostname, parts.port
    except ValueError:
        raise VerifierError("the verifier's address is none: write https://host/v1") from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise VerifierError("the verifier's address is none: write https://host/v1")
    if user is not None or parts.password is not None:
        raise VerifierError(
            f"{shown(url)}: no name and password in an address; put the key into CLAIMDIFF_VERIFIER_KEY"
        )
    names = [part.partition("=")[0].lower() for part in parts.query.split("&") if part]
    if any(name.replace("-", "_").split("_")[-1].removeprefix("api") in SECRETS for name in names):
        raise VerifierError(f"{shown(url)}: no key in an address; put it into CLAIMDIFF_VERIFIER_KEY")
    return parts._replace(fragment="")


def _trust(url: str) -> Any:
    """What certificates are checked with, made once for all requests."""
    try:
        import httpx
    except ImportError:
        raise VerifierError(f"llm: needs httpx: {INSTALL}") from None
    try:
        httpx.URL(url)
        if url.startswith("http:"):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and reads no file
        return httpx.create_ssl_context()
    except (httpx.InvalidURL, UnicodeError):
        raise VerifierError("the verifier's address is none: write https://host/v1") from None
    except OSError as error:  # SSL_CERT_FILE names what is not there
        raise VerifierError(f"llm: the certificates cannot be read: {error.strerror}") from None


def _check_proxies(trust: Any, near: bool) -> None:
    """Whether a client can be made with what the environment says of proxies; what it says may be secret."""
    import httpx

    try:
        httpx.Client(verify=trust, trust_env=not near).close()
    except (ImportError, ValueError, httpx.InvalidURL):
        raise VerifierError(
            "llm: a proxy that the environment names (HTTPS_PROXY, ALL_PROXY) is of no kind that can be used"
        ) from None


def _auth(key: Key) -> httpx.Auth | None:
    import httpx

    class Bearer(httpx.Auth):
        """Puts the key into the request at the last moment, so that nothing else holds it."""

        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            request.headers["Authorization"] = key.header()
            yield request

    return Bearer() if key else None

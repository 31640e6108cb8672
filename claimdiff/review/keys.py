"""Who may come in: the token, and what is derived from it. Nothing here knows of requests."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from claimdiff.errors import ConfigError

LEAST = 20  # characters of a token that nobody guesses
_WORD = re.compile("[!-~]+")


@dataclass(frozen=True, slots=True)
class Keys:
    """The token, and the passes that open a session once each.

    A browser gets a session's key and never the token; the word that a form must bring back is bound to
    that session. All is derived by HMAC, so that nothing need be kept.
    """

    token: str
    passes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if len(self.token) < LEAST or not _WORD.fullmatch(self.token):
            raise ConfigError(
                f"the token must have at least {LEAST} characters, all of them ASCII and none a space; "
                "`openssl rand -hex 32` makes a good one"
            )

    def is_token(self, given: str) -> bool:
        return same(given, self.token)

    def is_pass(self, given: str) -> bool:
        """Whether this is a pass; it is used up with the question."""
        found = next((own for own in self.passes if same(given, own)), None)
        self.passes.discard(found or "")
        return found is not None

    def new_pass(self) -> str:
        """A word that opens one session, for an address that others on the machine might see."""
        self.passes.add(made := new_token())
        return made

    @property
    def cookie(self) -> str:
        """The cookie's name. Browsers share cookies between a host's ports, so each token has its own."""
        return f"claimdiff-{self._mac('cookie')[:12]}"

    def new_session(self) -> str:
        number = secrets.token_hex(16)
        return f"{number}.{self._mac('session', number)}"

    def is_session(self, given: str) -> bool:
        number, _, mac = given.partition(".")
        return same(mac, self._mac("session", number))

    def csrf(self, session: str) -> str:
        """What a form of this session's pages must bring back."""
        return self._mac("csrf", session)

    def is_csrf(self, session: str, given: str) -> bool:
        return same(given, self.csrf(session))

    def _mac(self, *parts: str) -> str:
        said = "\n".join(parts).encode("utf-8", "replace")
        return hmac.new(self.token.encode(), said, hashlib.sha256).hexdigest()


def same(given: str, own: str) -> bool:
    """Whether two words are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), own.encode("utf-8", "replace"))


def new_token() -> str:
    return secrets.token_urlsafe(32)

"""The key of an endpoint: read late, kept out of every text, and struck out where somebody else wrote it."""

from __future__ import annotations

import logging
import os
import stat
import sys
from multiprocessing import parent_process
from pathlib import Path

from claimdiff.verify.protocol import VerifierError

VARIABLE = "CLAIMDIFF_VERIFIER_KEY"
LONGEST = 16_384  # characters; tokens that identity services sign are long
HIDDEN = "[key]"
LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
SHORTEST = 6  # characters that are worth striking out; shorter ones occur in ordinary words


class Key:
    """A key, or none. It has no text form: only `header` and `hide` know what it is."""

    __slots__ = ("_characters",)

    def __init__(self, characters: str = "") -> None:
        self._characters = characters

    def __bool__(self) -> bool:
        return bool(self._characters)

    def __repr__(self) -> str:
        return "Key(set)" if self else "Key()"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a key is not to be stored or sent")

    def header(self) -> str:
        """The value of the header that carries it."""
        return f"Bearer {self._characters}"

    def hide(self, text: str) -> str:
        """A text from outside without the key."""
        return text.replace(self._characters, HIDDEN) if len(self._characters) >= SHORTEST else text


class _Hider(logging.Filter):
    """Strikes keys out of what the libraries below log: they repeat what an endpoint says, and an endpoint
    may repeat a key."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[Key] = []

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = said
        for key in self.keys:
            hidden = key.hide(hidden)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True


_HIDER = _Hider()


def keep_from_logs(key: Key) -> None:
    """Whatever HTTP's libraries log from now on, it is without this key."""
    if key and not any(key.header() == known.header() for known in _HIDER.keys):
        _HIDER.keys.append(key)
        for name in LOGGERS:
            logging.getLogger(name).addFilter(_HIDER)  # adds it once


def read_key(file: str) -> Key:
    """The key in the file, or else in the environment; an empty one where neither is given."""
    where = f"the key file {file}" if file else VARIABLE
    key = (_content(file) if file else os.environ.get(VARIABLE, "")).strip()
    if file and not key:
        raise VerifierError(f"{where} is empty")
    if len(key) > LONGEST or not all("!" <= letter <= "~" for letter in key):
        raise VerifierError(f"{where} holds more than a key: one line without spaces is wanted")
    return Key(key)


def _content(file: str) -> str:
    path = Path(file)
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise VerifierError(f"the key file {file} is no file")
        if state.st_size > LONGEST:
            raise VerifierError(f"the key file {file} is too large for a key")
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise VerifierError(f"the key file {file} cannot be read: {error.strerror}") from None
    except ValueError:  # its text would show what was read
        raise VerifierError(f"the key file {file} holds more than a key: one line is wanted") from None
    shared = sys.platform != "win32" and state.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    if shared and parent_process() is None:  # the processes of a batch need not all say it
        # Mounted secrets are often readable by all, so it cannot be refused.
        logging.getLogger(__name__).warning("the key file %s can be read by others: chmod 600", file)
    return text

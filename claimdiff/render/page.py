"""What every HTML page of claimdiff is made with: templates in which nothing that comes from outside acts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from claimdiff.render import words

if TYPE_CHECKING:
    from jinja2 import Environment


def environment(part: Callable[[str], str]) -> Environment:
    """An environment for templates that `part` gives by their name. All that a template shows is escaped, but
    for our own markup, and on one line without control characters."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: object) -> object:
        return words.plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return Environment(
        loader=FunctionLoader(part), autoescape=True, finalize=shown, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def hashed(text: str) -> str:
    """The name that a Content-Security-Policy has for an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

"""The templates of the pages and the files that they load: those of the report, and those of the review."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from claimdiff.render import words
from claimdiff.render.page import environment

if TYPE_CHECKING:
    from jinja2 import Environment

PLACES = (
    ("claimdiff.review", "templates"),
    ("claimdiff.review", "static"),
    ("claimdiff.render", "templates"),
)
STATIC = {
    "report.css": "text/css",
    "review.css": "text/css",
    "report.js": "text/javascript",
    "page.js": "text/javascript",
    "review.js": "text/javascript",
    "start.js": "text/javascript",
    "desk.js": "text/javascript",
}


def render(name: str, content: dict[str, Any]) -> str:
    """A page. Whatever comes from people or articles is escaped, and none of it acts on who reads it."""
    return _environment().get_template(name).render(content)


@cache
def static(name: str) -> bytes:
    """A file that the pages load, by one of the names in STATIC."""
    return _part(name).encode("utf-8")


@cache
def address(name: str) -> str:
    """Where a page finds such a file; it changes with the file."""
    return f"/static/{name}?v={hashlib.sha256(static(name)).hexdigest()[:12]}"


@cache
def _environment() -> Environment:
    from markupsafe import Markup, escape

    def whole(value: str) -> Markup:
        """A text for a field: with its lines, the first of which a browser would swallow when it is empty."""
        return Markup("\n") + escape(value)

    made = environment(_part)
    made.globals.update(static=address)
    made.filters.update(whole=whole, day=_day, counted=words.count)
    return made


def _part(name: str) -> str:
    for package, folder in PLACES:
        place = files(package).joinpath(folder, name)
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise LookupError(name)


def _day(at: str) -> str:
    """A time as people read it, wherever they are."""
    return f"{at[:10]} {at[11:16]} UTC"
